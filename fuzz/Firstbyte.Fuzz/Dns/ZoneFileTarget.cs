using System.Text;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;
using Firstbyte.Fuzz.Running;

namespace Firstbyte.Fuzz.Dns;

/// <summary>Reads zone files; a zone that loads and is written out again is the same zone.</summary>
internal sealed class ZoneFileTarget : FuzzTarget
{
    private static readonly string[] s_texts =
    [
        "$TTL 60\n@ SOA a. b. 1 2 3 4 5\n@ NS x.\n@ MX 10 m\nm A 192.0.2.1\n*.w TXT \"a b\" c\nsub NS ns.sub\nns.sub AAAA 2001:db8::1\n",
        "@ 1h IN SOA a. b. ( 1 ; serial\n 2 3 4 5 )\n NS x.\n$ORIGIN s\nd DNAME e.\n_a._b SRV 1 2 3 t\nt TYPE65280 \\# 2 0102\n$INCLUDE f\n",
    ];

    public override string Name => "dns-zone";

    public override string Holds => "no exception; a refused file has an error; a zone that is written out loads as the same zone";

    public override IReadOnlyList<byte[]> Tokens =>
    [
        .. new[]
        {
            "@", "*", "$TTL", "$ORIGIN ", "$INCLUDE f", " 1h ", " IN ", " A ", " NS ", " CNAME ", " DNAME ", "(", ")", "\"", ";", "\n", "\n ", "\\", "\\# ", "192.0.2.1", "..", "\u00e9",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public override IEnumerable<byte[]> Seeds() => s_texts.Select(Encoding.Latin1.GetBytes);

    public override void Check(byte[] input) => Check(Encoding.Latin1.GetString(input));

    private static void Check(string text)
    {
        var origin = DnsName.Parse("example.");
        if (!Zone.TryLoad(text, "fuzz", origin, out var zone, out var problems, _ => "i A 192.0.2.9\n"))
        {
            Require(problems.Any(problem => problem.IsError), "refused without an error");
            return;
        }
        var written = string.Join('\n', zone.Sets.SelectMany(set => set.Records));
        Require(Zone.TryLoad(written, "again", origin, out var again, out problems), $"what a zone writes is no zone: {string.Join(' ', problems)}");
        Require(string.Equals(written, string.Join('\n', again.Sets.SelectMany(set => set.Records)), StringComparison.Ordinal), "what a zone writes is another zone");
        foreach (var set in zone.Sets) { zone.Find(set.Owner, set.Type); }
    }
}
