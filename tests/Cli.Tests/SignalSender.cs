using System.Diagnostics;
using System.Globalization;

namespace Firstbyte.Tests;

/// <summary>Signals to commands that run.</summary>
internal static class SignalSender
{
    private const int Hangup = 1, Interrupt = 2;

    /// <summary>
    /// Sends a signal by its name. A shell without job control starts what it puts into the background (<c>&amp;</c>) with SIGINT ignored, programs pass that on to
    /// those that they start, and what is ignored cannot be tried.
    /// </summary>
    public static void Send(Process process, string signal)
    {
        if (IsIgnored(signal)) { process.Kill(entireProcessTree: true); }
        Demand(signal);
        using var kill = Process.Start(new ProcessStartInfo("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false })!;
        kill.WaitForExit();
    }

    /// <summary>Skips a test of a signal, or of the key that sends it, that cannot be tried.</summary>
    public static void Demand(string signal)
    {
        if (IsIgnored(signal)) { Assert.Skip($"this test run was started with SIG{signal} ignored (in a shell's background, under nohup)"); }
    }

    private static bool IsIgnored(string name)
    {
        var signal = name switch { "INT" => Interrupt, "HUP" => Hangup, _ => 0 };
        if (signal == 0 || !OperatingSystem.IsLinux()) { return false; }
        const string Field = "SigIgn:";
        var mask = File.ReadLines("/proc/self/status").First(static line => line.StartsWith(Field, StringComparison.Ordinal))[Field.Length..].Trim();
        return (ulong.Parse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) != 0;
    }
}
