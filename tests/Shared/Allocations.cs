using System.Diagnostics;

namespace Firstbyte.Tests;

/// <summary>Counts what code allocates on the heap of the thread that runs it.</summary>
internal static class Allocations
{
    // The base library's own generic code allocates until the just-in-time compiler has optimized it. It does that in the background, and
    // only once no new code has been compiled for a tenth of a second: with many tests at once that may take a while.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Bytes allocated by one call in the steady state: the least of several passes, waiting for the compiler while it is more than promised.</summary>
    public static long Of(Action action, long promised = 0)
    {
        const int Warmup = 50, Calls = 20;
        var least = long.MaxValue;
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            for (var i = 0; i < Warmup; i++) { action(); }
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++) { action(); }
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before + Calls - 1) / Calls);
            if (least <= promised || Stopwatch.GetElapsedTime(started) > s_patience) { return least; }
            Thread.Sleep(50);
        }
    }
}
