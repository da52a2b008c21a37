using Firstbyte.Tests.Tcp.Scripting;

namespace Firstbyte.Tests.Tcp;

/// <summary>
/// The scripts of our own TCP against the Linux kernel: what it fails is a wrong script, or says why Linux differs. They take real time,
/// so they run only when asked: <c>FIRSTBYTE_KERNEL=1</c>, as root.
/// </summary>
public class KernelScriptTests
{
    /// <summary>A script that takes longer in real time is left to virtual time.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    /// <summary>The kernel's clock is real and the machine may be busy: a script may be late twice.</summary>
    private const int Tries = 3;

    private static readonly Dictionary<string, TcpScript> s_scripts =
        TcpScript.ReadAll(Path.Combine(AppContext.BaseDirectory, "Tcp", "Scripts")).ToDictionary(script => $"{script.File}: {script.Title}", StringComparer.Ordinal);

    private static bool IsAsked => Environment.GetEnvironmentVariable("FIRSTBYTE_KERNEL") is { Length: > 0 };

    /// <summary>All scripts, or one line in their place when nobody asked.</summary>
    public static TheoryData<string> Names => IsAsked ? [.. s_scripts.Keys] : [$"all {s_scripts.Count} scripts"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Script_holds_on_linux(string name)
    {
        if (!IsAsked) { Assert.Skip("set FIRSTBYTE_KERNEL=1 to compare with the Linux kernel in real time"); }
        if (NetworkNamespace.Obstacle() is { } obstacle) { Assert.Skip(obstacle); }
        var script = s_scripts[name];
        if (script.LinuxDiffers is { } reason) { Assert.Skip("Linux " + reason); }
        var length = script.Lines.Aggregate(TimeSpan.Zero, (sum, line) => sum + (line.Delay ?? TimeSpan.Zero));
        if (length > s_longest) { Assert.Skip($"takes {length.TotalSeconds:0} s of real time"); }
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                NetworkNamespace.Run(() => Run(script));
                return;
            }
            catch (ScriptNotRunnable missing)
            {
                Assert.Skip("Linux " + missing.Message);
            }
            catch (ScriptFailure) when (attempt < Tries)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"try {attempt} failed");
            }
        }
    }

    private static void Run(TcpScript script)
    {
        if (!OperatingSystem.IsLinux()) { return; }
        using var driver = new LinuxDriver();
        new ScriptRunner(script, driver).Run();
    }
}
