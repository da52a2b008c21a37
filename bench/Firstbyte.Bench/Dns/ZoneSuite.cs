using System.Diagnostics;
using System.Globalization;
using System.Text;
using Firstbyte.Cli.Commands;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Bench.Dns;

/// <summary>Zones from a thousand names to ten million: how long until one is ready, what it takes in memory, what an answer costs.</summary>
internal static class ZoneSuite
{
    private const int Answers = 1_000_000;

    /// <summary><c>zone [NAMES…]</c></summary>
    public static int Run(string[] args)
    {
        int[] sizes = args.Length == 0 ? [1_000, 10_000, 100_000, 1_000_000] : [.. args.Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        // Once through small ones, so that what is measured is compiled.
        foreach (var _ in Enumerable.Range(0, 20)) { Load(Text(2_000)); }
        Console.WriteLine("| names | ready after | bytes a name | most memory of the process | answer: a name that exists | … that does not |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var size in sizes)
        {
            var text = Text(size);
            GC.Collect();
            var watch = Stopwatch.StartNew();
            var zone = Load(text);
            var elapsed = watch.Elapsed;
            var server = new AuthoritativeServer(new ZoneSet(zone));
            var (found, missing) = (Time(server, size, "h"), Time(server, size, "n"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {size:N0} | {elapsed.TotalSeconds:F3} s | {zone.StoredBytes / (double)zone.NameCount:F1} | {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB | {found:F0} ns | {missing:F0} ns |"));
        }
        return 0;
    }

    private static Zone Load(string text) =>
        Zone.TryLoad(text, "bench", DnsName.Parse("example.com."), out var zone, out var problems) ? zone : throw new InvalidOperationException(problems[0].ToString());

    private static string Text(int names)
    {
        var text = new StringBuilder("$TTL 3600\n@ SOA ns1 h 1 2 3 4 60\n@ NS ns1\nns1 A 192.0.2.53\n", names * 24);
        for (var i = 0; i < names; i++) { text.Append(CultureInfo.InvariantCulture, $"h{i} IN A 10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}\n"); }
        return text.ToString();
    }

    private static double Time(AuthoritativeServer server, int names, string prefix)
    {
        var queries = new byte[Math.Min(names, 1 << 18)][];
        var random = new Random(1);
        for (var i = 0; i < queries.Length; i++)
        {
            var name = DnsName.Parse($"{prefix}{random.Next(names)}.example.com.");
            queries[i] = DnsMessage.Query((ushort)i, new Question(name, RecordType.A), edns: Edns.Default).ToArray();
        }
        var response = new byte[1232];
        var best = long.MaxValue;
        for (var pass = 0; pass < 3; pass++)
        {
            var start = ThreadClock.Now();
            for (var i = 0; i < Answers; i++)
            {
                if (server.Answer(queries[i % queries.Length], default, response) == 0) { throw new InvalidOperationException("no answer"); }
            }
            best = Math.Min(best, ThreadClock.Now() - start);
        }
        return best / (double)Answers;
    }
}
