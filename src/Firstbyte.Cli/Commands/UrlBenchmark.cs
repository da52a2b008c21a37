using Firstbyte.Urls;

namespace Firstbyte.Cli.Commands;

/// <summary>One contestant's figures: the median pass, and what it allocated.</summary>
internal sealed record UrlBenchmarkRow(string Name, double NanosecondsPerUrl, double BytesPerUrl, int Accepted);

/// <summary>Times URL parsing over a list of URLs, beside System.Uri in the same run: CPU time of this thread, passes interleaved, medians.</summary>
/// <remarks>Every contestant is warmed up until the just-in-time compiler has had its say; ahead-of-time code needs no more than its caches.</remarks>
internal static partial class UrlBenchmark
{
    private const int Passes = 15;

    // Tiered compilation acts 100 ms after the last new method, then compiles in the background: what has not become faster for several times as long has
    // settled.
    private const long SettledNanoseconds = 400_000_000;
    private const long MaxWarmUpNanoseconds = 1_500_000_000;

    public const string SystemUri = "System.Uri (TryCreate, AbsoluteUri)";
    public const string Parse = "Url (TryParse, Href)";
    public const string CanParse = "Url.CanParse";

    private delegate int Pass(string[] urls, out long sink);

    /// <summary>Runs the contestants over the list, which must not be empty.</summary>
    public static IReadOnlyList<UrlBenchmarkRow> Run(string[] urls, int passes = Passes)
    {
        (string Name, Pass Pass)[] contestants = [(SystemUri, PassSystemUri), (Parse, PassParse), (CanParse, PassCanParse)];
        var times = new long[contestants.Length][];
        var bytes = new long[contestants.Length];
        var accepted = new int[contestants.Length];
        for (var i = 0; i < contestants.Length; i++)
        {
            times[i] = new long[passes];
            WarmUp(contestants[i].Pass, urls);
        }
        for (var pass = 0; pass < passes; pass++)
        {
            for (var i = 0; i < contestants.Length; i++)
            {
                var (allocated, start) = (GC.GetAllocatedBytesForCurrentThread(), ThreadClock.Now());
                accepted[i] = contestants[i].Pass(urls, out _);
                times[i][pass] = ThreadClock.Now() - start;
                bytes[i] = GC.GetAllocatedBytesForCurrentThread() - allocated;
            }
        }
        var rows = new UrlBenchmarkRow[contestants.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            Array.Sort(times[i]);
            rows[i] = new UrlBenchmarkRow(contestants[i].Name, times[i][passes / 2] / (double)urls.Length, bytes[i] / (double)urls.Length, accepted[i]);
        }
        return rows;
    }

    private static void WarmUp(Pass pass, string[] urls)
    {
        var (begin, best, bestAt) = (ThreadClock.Now(), long.MaxValue, 0L);
        for (var now = begin; bestAt == 0 || (now - bestAt < SettledNanoseconds && now - begin < MaxWarmUpNanoseconds);)
        {
            var start = now;
            pass(urls, out _);
            now = ThreadClock.Now();
            // A hundredth is noise.
            if (now - start >= best - best / 100) { continue; }
            (best, bestAt) = (now - start, now);
        }
    }

    private static int PassSystemUri(string[] urls, out long sink)
    {
        var accepted = 0;
        sink = 0;
        foreach (var text in urls)
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var uri)) { accepted++; sink += uri.AbsoluteUri.Length; }
        }
        return accepted;
    }

    private static int PassParse(string[] urls, out long sink)
    {
        var accepted = 0;
        sink = 0;
        foreach (var text in urls)
        {
            if (Url.TryParse(text, out var url)) { accepted++; sink += url.Href.Length; }
        }
        return accepted;
    }

    private static int PassCanParse(string[] urls, out long sink)
    {
        var accepted = 0;
        foreach (var text in urls)
        {
            if (Url.CanParse(text)) { accepted++; }
        }
        sink = accepted;
        return accepted;
    }
}
