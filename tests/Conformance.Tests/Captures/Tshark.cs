using System.ComponentModel;
using System.Diagnostics;

namespace Firstbyte.Tests.Captures;

/// <summary>Wireshark's dissectors as an independent reader of captures.</summary>
internal static class Tshark
{
    /// <summary>Everything tshark says about a capture with every checksum verified; a visible skip where it is not installed.</summary>
    public static string Dissect(ReadOnlySpan<byte> capture, params string[] arguments)
    {
        var path = Path.Combine(Path.GetTempPath(), $"firstbyte-{Environment.ProcessId}-{Guid.NewGuid():N}.pcapng");
        File.WriteAllBytes(path, capture);
        try
        {
            var start = new ProcessStartInfo("tshark") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            foreach (var argument in (string[])["-r", path, "-n", .. arguments]) { start.ArgumentList.Add(argument); }
            foreach (var preference in (string[])["ip.check_checksum", "tcp.check_checksum", "udp.check_checksum"])
            {
                start.ArgumentList.Add("-o");
                start.ArgumentList.Add(preference + ":TRUE");
            }
            using var process = Process.Start(start)!;
            // Its complaint about running as root goes to the second pipe, which must be emptied as well.
            var complaints = process.StandardError.ReadToEndAsync();
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, complaints.GetAwaiter().GetResult());
            return said;
        }
        catch (Win32Exception)
        {
            Assert.Skip("tshark is not installed");
            throw;
        }
        finally { File.Delete(path); }
    }

    /// <summary>Fails when tshark found a malformed packet or a checksum that does not match.</summary>
    public static void AssertClean(string dissection)
    {
        foreach (var line in dissection.Split('\n'))
        {
            Assert.DoesNotContain("Malformed", line, StringComparison.Ordinal);
            Assert.DoesNotContain("[incorrect", line, StringComparison.Ordinal);
            Assert.DoesNotContain("Bad checksum", line, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Checksum Status: Bad", line, StringComparison.Ordinal);
        }
    }
}
