using System.Diagnostics;
using System.Globalization;
using System.Text;
using Firstbyte.Cli.Commands;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Bench.Dns;

/// <summary>
/// Zones from a thousand names to ten million: how long until one is ready, what it takes in memory, what an answer costs, each alone (the memory is waited
/// for twice), and in batches as the server takes them from its socket (<see cref="QueryForesight"/>: the memory works on many at a time).
/// </summary>
internal static class ZoneSuite
{
    private const int Answers = 1_000_000, Batch = 64, QuestionCount = 1 << 18;

    /// <summary><c>zone [NAMES…]</c></summary>
    public static int Run(string[] args)
    {
        int[] sizes = args.Length == 0 ? [1_000, 10_000, 100_000, 1_000_000, 10_000_000] : [.. args.Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        // Once through small ones, so that what is measured is compiled.
        foreach (var _ in Enumerable.Range(0, 20)) { Load(Text(2_000)); }
        Console.WriteLine("| names | ready after | bytes a name | most memory of the process | answer: a name that exists | … that does not | in batches: exists | … does not |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var size in sizes)
        {
            var text = Text(size);
            GC.Collect();
            var watch = Stopwatch.StartNew();
            var zone = Load(text);
            var elapsed = watch.Elapsed;
            var server = new AuthoritativeServer(new ZoneSet(zone));
            var (found, missing) = (new Questions(size, "h"), new Questions(size, "n"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {size:N0} | {elapsed.TotalSeconds:F3} s | {zone.StoredBytes / (double)zone.NameCount:F1} | {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB | {Time(server, found, 1):F0} ns | {Time(server, missing, 1):F0} ns | {Time(server, found, Batch):F0} ns | {Time(server, missing, Batch):F0} ns |"));
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

    private static double Time(AuthoritativeServer server, Questions questions, int batch)
    {
        var response = new byte[1232];
        var foresights = new QueryForesight[batch];
        var best = long.MaxValue;
        for (var pass = 0; pass < 3; pass++)
        {
            var start = ThreadClock.Now();
            for (var first = 0; first < Answers; first += batch)
            {
                if (batch > 1)
                {
                    for (var i = 0; i < batch; i++) { server.Foresee(questions[first + i], ref foresights[i]); }
                    foreach (ref var foresight in foresights.AsSpan()) { foresight.Continue(); }
                }
                for (var i = 0; i < batch; i++)
                {
                    if (server.Answer(questions[first + i], default, response) == 0) { throw new InvalidOperationException("no answer"); }
                }
            }
            best = Math.Min(best, ThreadClock.Now() - start);
        }
        return best / (double)Answers;
    }

    /// <summary>Questions for names of a zone at random, one behind the other in memory, so that reading them is not what is measured.</summary>
    private sealed class Questions
    {
        private readonly List<(int Start, int Length)> _places = [];
        private readonly byte[] _bytes;

        public Questions(int names, string prefix)
        {
            var random = new Random(1);
            var all = new MemoryStream();
            for (var i = 0; i < QuestionCount; i++)
            {
                var name = DnsName.Parse($"{prefix}{random.Next(names)}.example.com.");
                var query = DnsMessage.Query((ushort)i, new Question(name, RecordType.A), edns: Edns.Default).ToArray();
                _places.Add(((int)all.Length, query.Length));
                all.Write(query);
            }
            _bytes = all.ToArray();
        }

        public ReadOnlySpan<byte> this[int index]
        {
            get
            {
                var (start, length) = _places[index & QuestionCount - 1];
                return _bytes.AsSpan(start, length);
            }
        }
    }
}
