namespace Firstbyte.Tests;

/// <summary>Counts what code allocates on the heap of the thread that runs it.</summary>
internal static class Allocations
{
    /// <summary>Bytes allocated by one call, after calls that warmed it up; fractions of a byte are impossible, so the least of several passes is exact.</summary>
    public static long Of(Action action)
    {
        const int Warmup = 5, Passes = 5, Calls = 20;
        for (var i = 0; i < Warmup; i++) { action(); }
        var least = long.MaxValue;
        for (var pass = 0; pass < Passes; pass++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++) { action(); }
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before + Calls - 1) / Calls);
        }
        return least;
    }
}
