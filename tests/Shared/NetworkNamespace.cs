using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Firstbyte.Tests.Tcp;

/// <summary>A network namespace of one's own for the length of a call: a thread that leaves the others' network behind, and what is made on it.</summary>
internal static partial class NetworkNamespace
{
    // <sched.h>
    private const int NewNetwork = 0x40000000;

    /// <summary>Why namespaces cannot be made here; null when they can.</summary>
    public static string? Obstacle()
    {
        if (!OperatingSystem.IsLinux()) { return "needs Linux"; }
        if (!Environment.IsPrivilegedProcess) { return "needs root to make a network namespace and a TUN device"; }
        if (!File.Exists("/dev/net/tun")) { return "needs /dev/net/tun"; }
        return new[] { "/sbin/ip", "/usr/sbin/ip", "/bin/ip", "/usr/bin/ip" }.Any(File.Exists) ? null : "needs the ip command (iproute2)";
    }

    /// <summary>Skips, with the reason, a test that talks with the kernel in real time: it runs as root, in continuous integration or when asked for.</summary>
    public static void RequireRealTime()
    {
        var isAsked = Environment.GetEnvironmentVariable("FIRSTBYTE_KERNEL") is { Length: > 0 } || Environment.GetEnvironmentVariable("CI") is { Length: > 0 };
        if (!isAsked) { Assert.Skip("set FIRSTBYTE_KERNEL=1 to talk with the Linux kernel in real time"); }
        if (Obstacle() is { } obstacle) { Assert.Skip(obstacle); }
    }

    /// <summary>Runs on a thread in a new namespace and gives back what it throws.</summary>
    public static void Run(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (Unshare(NewNetwork) < 0) { throw new InvalidOperationException($"unshare: errno {Marshal.GetLastPInvokeError()}"); }
                action();
            }
            catch (Exception caught)
            {
                failure = ExceptionDispatchInfo.Capture(caught);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    /// <summary>Runs the ip command in the thread's namespace.</summary>
    public static void Ip(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) { throw new InvalidOperationException($"ip {arguments}: {said}"); }
    }

    /// <summary>Sets a parameter of the thread's namespace; one that this kernel does not have is left alone.</summary>
    public static void Parameter(string name, string value)
    {
        var path = "/proc/sys/net/" + name;
        if (File.Exists(path)) { File.WriteAllText(path, value); }
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);
}
