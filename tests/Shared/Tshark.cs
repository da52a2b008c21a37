using System.ComponentModel;
using System.Diagnostics;

namespace Firstbyte.Tests.Captures;

/// <summary>Wireshark's dissectors as an independent reader of captures.</summary>
internal static class Tshark
{
    /// <summary>A packet that the dissectors cannot read, or whose checksum is wrong: "0" is the status "bad", severity "Error" what they call an error.</summary>
    private const string Faulty = "_ws.malformed || _ws.short || _ws.expert.severity == \"Error\" || ip.checksum.status == 0 || tcp.checksum.status == 0"
        + " || udp.checksum.status == 0 || icmp.checksum.status == 0 || icmpv6.checksum.status == 0";

    private static readonly bool s_isThere = IsInstalled();

    /// <summary>Everything tshark says about a capture with every checksum verified; a visible skip where it is not installed.</summary>
    public static string Dissect(ReadOnlySpan<byte> capture, params string[] arguments)
    {
        if (!s_isThere) { Assert.Skip("tshark is not installed"); }
        var path = Path.Combine(Path.GetTempPath(), $"firstbyte-{Environment.ProcessId}-{Guid.NewGuid():N}.pcapng");
        File.WriteAllBytes(path, capture);
        try { return DissectFile(path, arguments); }
        finally { File.Delete(path); }
    }

    /// <summary>What <see cref="Dissect"/> says, of a capture in a file.</summary>
    public static string DissectFile(string path, params string[] arguments)
    {
        if (!s_isThere) { Assert.Skip("tshark is not installed"); }
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

    /// <summary>The packets of one interface of a capture, as a capture of their own: readers that follow streams take what passes two interfaces for sent twice.</summary>
    public static byte[] OneInterface(ReadOnlySpan<byte> capture, string name)
    {
        var path = Path.Combine(Path.GetTempPath(), $"firstbyte-{Environment.ProcessId}-{Guid.NewGuid():N}-one.pcapng");
        try
        {
            Dissect(capture, "-Y", $"frame.interface_name == \"{name}\"", "-w", path);
            return File.ReadAllBytes(path);
        }
        finally { File.Delete(path); }
    }

    /// <summary>Fails when tshark finds a malformed packet or a checksum that does not match: every capture that a test makes goes through this, where tshark is.</summary>
    public static void AssertClean(ReadOnlySpan<byte> capture)
    {
        if (!s_isThere) { return; }
        // The same segment is captured on every link of a world: streams are not put together here.
        Assert.Equal("", Dissect(capture, "-Y", Faulty, "-o", "tcp.desegment_tcp_streams:FALSE").Trim());
    }

    private static bool IsInstalled()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("tshark", "--version") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
            _ = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception) { return false; }
    }
}
