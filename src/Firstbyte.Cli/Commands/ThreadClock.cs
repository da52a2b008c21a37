using System.Runtime.InteropServices;

namespace Firstbyte.Cli.Commands;

/// <summary>The CPU time of the calling thread, in nanoseconds; elapsed time on systems that do not tell it.</summary>
internal static partial class ThreadClock
{
    // clockid_t CLOCK_THREAD_CPUTIME_ID of Linux's and macOS's time.h.
    private static readonly int ThreadCpuTime = OperatingSystem.IsLinux() ? 3 : OperatingSystem.IsMacOS() ? 16 : -1;

    /// <summary>True when the clock counts CPU time, so that other processes do not disturb it.</summary>
    public static bool IsCpuTime => ThreadCpuTime >= 0;

    public static long Now()
    {
        if (ThreadCpuTime < 0 || GetTime(ThreadCpuTime, out var time) != 0)
        {
            return (long)(System.Diagnostics.Stopwatch.GetTimestamp() * (1e9 / System.Diagnostics.Stopwatch.Frequency));
        }
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
