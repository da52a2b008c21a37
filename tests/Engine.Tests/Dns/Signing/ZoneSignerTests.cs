using CsCheck;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Tests.Dns.Signing;

/// <summary>What a signed zone promises, asked of zones of every shape (RFC 4035 section 2, RFC 5155 section 7.1).</summary>
public class ZoneSignerTests
{
    private static readonly string[] Labels = ["a", "B", "*", "sub", "www", @"x\.y", @"\000"];
    private static readonly DnsName Origin = DnsName.Parse("Example");

    private static readonly ZoneKey[] Keys =
    [
        ZoneKey.Generate(Origin, isEntryPoint: true, SigningAlgorithm.Ed25519, new CountingRandom()),
        ZoneKey.Generate(Origin, isEntryPoint: false, SigningAlgorithm.Ed25519, new CountingRandom()),
        ZoneKey.Generate(Origin, isEntryPoint: false, SigningAlgorithm.EcdsaP256Sha256, new CountingRandom()),
    ];

    private static readonly Gen<string> Line = Gen.Select(
        Gen.Int[0, Labels.Length - 1].Array[1, 3], Gen.Int[0, 5],
        static (labels, kind) => string.Join('.', labels.Select(static i => Labels[i])) + kind switch
        {
            0 => " A 192.0.2.1",
            1 => " TXT \"a\"",
            2 => " NS ns.elsewhere.",
            3 => " DS 1 13 2 " + new string('A', 64),
            4 => " MX 1 A",
            _ => " AAAA 2001:db8::1",
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_set_with_authority_is_signed_by_each_algorithm_and_the_chain_is_a_ring_of_all_names(bool isHashed)
    {
        var signedZones = 0;
        Line.Array[0, 12].Sample(lines =>
        {
            var text = "$TTL 60\n@ SOA ns m 1 2 3 4 5\n@ NS ns.elsewhere.\n" + string.Concat(lines.Select(static line => line + "\n"));
            if (!Zone.TryLoad(text, "", Origin, out var zone, out _)) { return; }
            signedZones++;
            Check(zone, ZoneSigner.Sign(zone, Keys, new SigningOptions(1, 2, isHashed)), isHashed);
        }, iter: Depth.Of(100), threads: 1);
        Assert.True(signedZones > Depth.Of(15), $"only {signedZones} of the texts were zones");
    }

    /// <summary>A hash takes 33 octets of the 255 of a name.</summary>
    [Theory]
    [InlineData(28, true)]
    [InlineData(29, false)]
    public void A_zone_whose_name_has_no_room_for_a_hash_is_not_signed_with_hashes(int length, bool isSigned)
    {
        var origin = DnsName.Parse(string.Join('.', [new string('a', length), .. Enumerable.Repeat(new string('b', 63), 3)]) + ".");
        var key = ZoneKey.Generate(origin, isEntryPoint: true, SigningAlgorithm.Ed25519, new CountingRandom());
        Assert.True(Zone.TryLoad("$TTL 60\n@ SOA . . 1 2 3 4 5\n@ NS ns.elsewhere.\n", "", origin, out var zone, out var problems), string.Join('\n', problems));
        IReadOnlyList<DnsRecord> Sign() => ZoneSigner.Sign(zone, [key], new SigningOptions(1, 2, IsHashed: true));
        if (isSigned) { Assert.Contains(Sign(), static record => record.Type == RecordType.NSEC3); }
        else { Assert.Throws<ArgumentException>(Sign); }
    }

    [Fact]
    public void A_zone_that_is_signed_again_is_the_same()
    {
        Assert.True(Zone.TryLoad("$TTL 60\n@ SOA ns m 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\na.b TXT x\nsub NS ns.sub\nns.sub A 192.0.2.2\n", "", Origin, out var zone, out _));
        foreach (var isHashed in (bool[])[false, true])
        {
            var options = new SigningOptions(1_700_000_000, 1_702_000_000, isHashed);
            var once = ZoneSigner.Sign(zone, Keys, options);
            Assert.True(Zone.TryCreate(Origin, once, out var signed, out var problems), string.Join('\n', problems));
            Assert.Empty(problems);
            Assert.Equal(once.Select(static r => $"{r}").Order(), ZoneSigner.Sign(signed, Keys, options).Select(static r => $"{r}").Order());
        }
    }

    private static void Check(Zone zone, IReadOnlyList<DnsRecord> records, bool isHashed)
    {
        Assert.Equal(RecordType.SOA, records[0].Type);
        Assert.True(Zone.TryCreate(Origin, records, out _, out var problems), string.Join('\n', problems));
        var sets = records.Where(static r => r.Type != RecordType.RRSIG).GroupBy(static r => (r.Owner, r.Type)).ToArray();
        var signatures = records.Where(static r => r.Type == RecordType.RRSIG)
            .ToLookup(static r => (r.Owner, new RecordType((ushort)(r.Data.Wire[0] << 8 | r.Data.Wire[1]))), static r => r.Data);
        var cuts = zone.Sets.Where(static s => s.Type == RecordType.NS && s.Owner != Origin).Select(static s => s.Owner).ToArray();
        foreach (var set in sets)
        {
            var (owner, type) = set.Key;
            var isOwn = !cuts.Any(cut => owner.IsBelow(cut)) && (!cuts.Contains(owner) || type == RecordType.DS || type == RecordType.NSEC);
            var found = signatures[set.Key].ToArray();
            var whole = new RecordSet(owner, type, RecordClass.IN, set.First().Ttl, [.. set.Select(static r => r.Data)]);
            Assert.All(found, signature => Assert.Contains(Keys, key => SignatureVerifier.IsSigned(whole, signature, key.Public)));
            Assert.Equal(isOwn ? [13, 15] : [], found.Select(static s => (int)s.Wire[2]).Order());
        }
        CheckRing(zone, records, cuts, isHashed);
    }

    private static void CheckRing(Zone zone, IReadOnlyList<DnsRecord> records, DnsName[] cuts, bool isHashed)
    {
        var links = records.Where(r => r.Type == (isHashed ? RecordType.NSEC3 : RecordType.NSEC)).ToArray();
        var names = zone.Sets.Select(static s => s.Owner).Where(name => !cuts.Any(cut => name.IsBelow(cut))).ToHashSet();
        if (isHashed)
        {
            foreach (var name in names.ToArray())
            {
                for (var above = name; above != Origin; above = above.Parent) { names.Add(above); }
            }
        }
        Assert.Equal(names.Count, links.Length);
        for (var i = 0; i < links.Length; i++)
        {
            var next = links[(i + 1) % links.Length].Owner;
            var words = $"{links[i].Data}".Split(' ');
            Assert.Equal(isHashed ? next.ToString().Split('.')[0] : next.ToString(), words[isHashed ? 4 : 0], ignoreCase: true);
            if (i > 0) { Assert.True(links[i - 1].Owner < links[i].Owner); }
        }
    }
}
