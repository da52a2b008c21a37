using System.Diagnostics;
using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Bench.Dns;

/// <summary>The resolver's cache: a hit, a miss, a denial and a store, with the bytes each allocates.</summary>
internal static class ResolverSuite
{
    private const int Names = 10_000;
    private const int Passes = 25;

    /// <summary><c>resolver</c></summary>
    public static int Run(string[] args)
    {
        var now = Instant.SimulationEpoch;
        var origin = new AnswerOrigin(null, "ns.test", "test");
        var names = Enumerable.Range(0, Names).Select(i => DnsName.Parse($"host{i}.zone{i % 97}.test")).ToArray();
        var absent = Enumerable.Range(0, Names).Select(i => DnsName.Parse($"absent{i}.zone{i % 97}.test")).ToArray();
        var sets = names.Select(name => new DnsRecord[] { new(name, new Ttl(3600), new AddressData(IpAddress.FromV4(0xC0000201))) }).ToArray();
        var cache = new DnsCache();
        foreach (var set in sets) { cache.StoreAnswer(set, TrustRank.AnswerAuthoritative, origin, now); }
        var soa = new DnsRecord(DnsName.Parse("test"), new Ttl(3600), new SoaData(names[0], names[1], 1, 1, 1, 1, 3600));
        foreach (var name in names) { cache.StoreNoData(name, RecordType.AAAA, soa, TrustRank.AnswerAuthoritative, origin, now); }
        var later = now + TimeSpan.FromSeconds(10);

        Console.WriteLine($"| cache of {2 * Names} entries | ns | B | hits |");
        Console.WriteLine("|---|---|---|---|");
        Measure("hit", i => cache.TryGet(names[i], RecordType.A, later, out var hit) && hit.TtlSeconds == 3590);
        Measure("hit, a denial", i => cache.TryGet(names[i], RecordType.AAAA, later, out var hit) && hit.Outcome == CacheOutcome.NoData);
        Measure("miss", i => cache.TryGet(absent[i], RecordType.A, later, out _));
        Measure("store", i => { cache.StoreAnswer(sets[i], TrustRank.AnswerAuthoritative, origin, later); return true; });
        return 0;
    }

    private static void Measure(string row, Func<int, bool> operation)
    {
        var times = new double[Passes];
        long bytes = 0;
        var hits = 0;
        // The first passes warm up and do not count.
        for (var pass = -5; pass < Passes; pass++)
        {
            hits = 0;
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Names; i++) { if (operation(i)) { hits++; } }
            var elapsed = Stopwatch.GetElapsedTime(start);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (pass >= 0) { times[pass] = elapsed.TotalNanoseconds / Names; }
        }
        Array.Sort(times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {row} | {times[Passes / 2]:F1} | {(double)bytes / Names:F1} | {hits} |"));
    }
}
