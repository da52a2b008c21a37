using System.Buffers.Binary;
using System.Text;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Zones;
using Firstbyte.Sockets;

namespace Firstbyte.Tests.Conformance.Dns;

/// <summary>A signed zone with many signed zones below it, each broken in a way of its own, all of them served by one server.</summary>
/// <remarks>What is broken is broken on purpose: signatures, keys, DS records, links, or what a server would have to show beside an answer.</remarks>
internal sealed class BrokenZones
{
    public const string Parent = "lab.test.";

    private const uint Day = 86_400;

    private readonly uint _now;
    private readonly ZoneKey _parentKey;
    private readonly List<string> _delegations = [];
    private readonly List<Zone> _zones = [];
    private readonly List<(string Name, string Way)> _variants = [];

    public BrokenZones(uint now)
    {
        _now = now;
        _parentKey = NewKey(DnsName.Parse(Parent), SigningAlgorithm.EcdsaP256Sha256, true);
        foreach (var algorithm in (SigningAlgorithm[])[SigningAlgorithm.EcdsaP256Sha256, SigningAlgorithm.Ed25519, SigningAlgorithm.RsaSha256])
        {
            foreach (var isHashed in (bool[])[false, true])
            {
                var suffix = $"{algorithm.Value}{(isHashed ? "h" : "n")}";
                foreach (var way in algorithm == SigningAlgorithm.EcdsaP256Sha256 ? Ways : ["good", "flip-a", "expired"]) { AddVariant($"{way}-{suffix}", way, algorithm, isHashed); }
            }
        }
        var text = $"""
            $ORIGIN {Parent}
            $TTL 300
            @ SOA ns mail 7 3600 300 3600000 60
            @ NS ns
            ns A 192.0.2.1

            """ + string.Concat(_delegations);
        _zones.Add(Load(Parent, Sign(Load(Parent, text), [_parentKey], now - Day, now + Day, false)));
    }

    public ZoneSet Zones => new(_zones);

    /// <summary>The key that validators begin with, as a line of a file.</summary>
    public string Anchor => $"{Parent} IN DNSKEY {_parentKey.Public.Data}\n";

    /// <summary>The names of the zones, and what is broken in each.</summary>
    public IReadOnlyList<(string Name, string Way)> Variants => _variants;

    private static readonly string[] Ways =
    [
        "good", "no-ds", "ds-other-digest", "ds-other-tag", "ds-unknown-algorithm", "ds-unknown-digest", "ds-sha1-only", "ds-sha1-good-sha256-bad",
        "expired", "not-yet", "reversed", "unsigned-data", "unsigned-keys", "unsigned-soa", "unsigned-links", "unsigned",
        "flip-a", "flip-keys", "flip-soa", "flip-links", "changed-a", "added-a", "foreign-signer", "more-labels", "fewer-labels", "other-tag", "other-algorithm",
        "key-not-zone", "key-protocol", "key-revoked", "key-gone", "keys-replaced", "links-gone", "links-widened", "links-narrowed", "links-types", "wildcard-unproven",
        "original-ttl", "island", "two-signatures-one-bad", "other-zones-key",
    ];

    private void AddVariant(string label, string way, SigningAlgorithm algorithm, bool isHashed)
    {
        var origin = DnsName.Parse($"{label}.{Parent}");
        var key = NewKey(origin, algorithm, true);
        var (from, until) = way switch { "expired" => (_now - 9 * Day, _now - Day), "not-yet" => (_now + Day, _now + 9 * Day), "reversed" => (_now + Day, _now - Day), _ => (_now - Day, _now + Day) };
        var text = $"""
            $ORIGIN {origin}
            $TTL 300
            @ SOA ns mail 7 3600 300 3600000 60
            @ NS ns
            ns A 192.0.2.1
            www A 192.0.2.2
            www TXT "here"
            *.wild A 192.0.2.3
            alias CNAME www
            deep.down A 192.0.2.4
            m A 192.0.2.5

            """;
        var records = Sign(Load($"{origin}", text), [key], from, until, isHashed).ToList();
        Break(way, records, origin, key);
        _zones.Add(Load($"{origin}", records));
        _variants.Add(($"{origin}", way));
        _delegations.Add($"{label} NS ns.{label}\nns.{label} A 192.0.2.1\n");
        foreach (var signer in SignersOf(way, key)) { _delegations.Add($"{label} DS {signer}\n"); }
    }

    private IEnumerable<string> SignersOf(string way, ZoneKey key)
    {
        var good = key.Public.ToDelegationSigner();
        string With(int at, byte value) => Changed(good, at, value);
        return way switch
        {
            "no-ds" or "island" => [],
            "ds-other-digest" => [With(good.Wire.Length - 1, (byte)~good.Wire[^1])],
            "ds-other-tag" => [With(1, (byte)~good.Wire[1])],
            "ds-unknown-algorithm" => [With(2, 200)],
            "ds-unknown-digest" => [With(3, 200)],
            "ds-sha1-only" => [Sha1(key)],
            "ds-sha1-good-sha256-bad" => [Sha1(key), With(good.Wire.Length - 1, (byte)~good.Wire[^1])],
            "other-zones-key" => [_parentKey.Public.ToDelegationSigner().ToString()],
            _ => [good.ToString()],
        };
    }

    private static string Sha1(ZoneKey key)
    {
#pragma warning disable CA5350 // A digest that is still met.
        var digest = System.Security.Cryptography.SHA1.HashData([.. key.Public.Owner.ToLower().Wire, .. key.Public.Data.Wire]);
#pragma warning restore CA5350
        return $"{key.Public.KeyTag} {key.Public.Algorithm.Value} 1 {Convert.ToHexString(digest)}";
    }

    private static string Changed(RecordData data, int at, byte value)
    {
        var wire = data.Wire.ToArray();
        wire[at] = value;
        return Read(data.Type, wire).ToString();
    }

    private void Break(string way, List<DnsRecord> records, DnsName origin, ZoneKey key)
    {
        static bool Covers(DnsRecord record, params RecordType[] types) =>
            record.Type == RecordType.RRSIG && types.Contains(new RecordType(BinaryPrimitives.ReadUInt16BigEndian(record.RawData)));
        static void Edit(List<DnsRecord> records, Predicate<DnsRecord> isMeant, Action<byte[]> change)
        {
            for (var i = 0; i < records.Count; i++)
            {
                if (!isMeant(records[i])) { continue; }
                var wire = records[i].RawData.ToArray();
                change(wire);
                records[i] = new DnsRecord(records[i].Owner, records[i].Ttl, Read(records[i].Type, wire));
            }
        }
        static bool IsLink(DnsRecord record) => record.Type == RecordType.NSEC || record.Type == RecordType.NSEC3;
        switch (way)
        {
            case "unsigned-data": records.RemoveAll(static record => Covers(record, RecordType.A, RecordType.CNAME)); break;
            case "unsigned-keys": records.RemoveAll(static record => Covers(record, RecordType.DNSKEY)); break;
            case "unsigned-soa": records.RemoveAll(static record => Covers(record, RecordType.SOA)); break;
            case "unsigned-links": records.RemoveAll(static record => Covers(record, RecordType.NSEC, RecordType.NSEC3)); break;
            case "unsigned": records.RemoveAll(static record => record.Type == RecordType.RRSIG || record.Type == RecordType.DNSKEY || IsLink(record) || record.Type == RecordType.NSEC3PARAM); break;
            case "flip-a": Edit(records, static record => Covers(record, RecordType.A), static wire => wire[^1] ^= 1); break;
            case "flip-keys": Edit(records, static record => Covers(record, RecordType.DNSKEY), static wire => wire[^1] ^= 1); break;
            case "flip-soa": Edit(records, static record => Covers(record, RecordType.SOA), static wire => wire[^1] ^= 1); break;
            case "flip-links": Edit(records, static record => Covers(record, RecordType.NSEC, RecordType.NSEC3), static wire => wire[^1] ^= 1); break;
            case "changed-a": Edit(records, static record => record.Type == RecordType.A, static wire => wire[^1] ^= 0x40); break;
            case "added-a":
                var owners = records.Where(static record => record.Type == RecordType.A).Select(static record => record.Owner).Distinct().ToArray();
                foreach (var owner in owners) { records.Add(new DnsRecord(owner, new Ttl(300), Read(RecordType.A, [192, 0, 2, 66]))); }
                break;
            case "foreign-signer":
                // The signer's name is the parent's: a zone that did not sign it.
                for (var i = 0; i < records.Count; i++)
                {
                    if (!Covers(records[i], RecordType.A)) { continue; }
                    var wire = records[i].RawData.ToArray();
                    byte[] other = [.. wire[..18], .. DnsName.Parse(Parent).Wire, .. wire[(18 + origin.Length)..]];
                    records[i] = new DnsRecord(records[i].Owner, records[i].Ttl, Read(RecordType.RRSIG, other));
                }
                break;
            case "more-labels": Edit(records, static record => Covers(record, RecordType.A), static wire => wire[3] += 3); break;
            case "fewer-labels": Edit(records, static record => Covers(record, RecordType.A), static wire => wire[3]--); break;
            case "other-tag": Edit(records, static record => Covers(record, RecordType.A), static wire => wire[17] ^= 1); break;
            case "other-algorithm": Edit(records, static record => Covers(record, RecordType.A), static wire => wire[2] = 10); break;
            case "original-ttl": Edit(records, static record => Covers(record, RecordType.A), static wire => wire[7] ^= 1); break;
            case "key-not-zone": Edit(records, static record => record.Type == RecordType.DNSKEY, static wire => wire[0] = 0); break;
            case "key-protocol": Edit(records, static record => record.Type == RecordType.DNSKEY, static wire => wire[2] = 4); break;
            case "key-revoked": Edit(records, static record => record.Type == RecordType.DNSKEY, static wire => wire[1] |= 128); break;
            case "key-gone": records.RemoveAll(static record => record.Type == RecordType.DNSKEY || Covers(record, RecordType.DNSKEY)); break;
            case "keys-replaced":
                var stranger = NewKey(origin, key.Public.Algorithm, true);
                var unsigned = string.Join('\n', records.Where(static record => record.Type != RecordType.RRSIG && !IsLink(record) && record.Type != RecordType.DNSKEY
                    && record.Type != RecordType.NSEC3PARAM)) + "\n";
                var isHashed = records.Exists(static record => record.Type == RecordType.NSEC3);
                records.Clear();
                records.AddRange(Sign(Load($"{origin}", $"$TTL 300\n{unsigned}"), [stranger], _now - Day, _now + Day, isHashed));
                break;
            case "links-gone": records.RemoveAll(static record => IsLink(record) || Covers(record, RecordType.NSEC, RecordType.NSEC3) || record.Type == RecordType.NSEC3PARAM); break;
            case "links-widened" or "links-narrowed":
                // The end of each link is moved: a hash's last byte, a name's first letter. Its signature does not know of it.
                Edit(records, static record => record.Type == RecordType.NSEC3, wire => wire[5 + wire[4] + 20] ^= (byte)(way == "links-widened" ? 0x80 : 1));
                Edit(records, static record => record.Type == RecordType.NSEC, wire => wire[1] ^= (byte)(way == "links-widened" ? 8 : 1));
                break;
            case "links-types": Edit(records, static record => IsLink(record), static wire => wire[^1] |= 0x80); break;
            case "wildcard-unproven":
                // What covers the names below the wildcard's parent is gone; the others stay.
                records.RemoveAll(record => record.Type == RecordType.NSEC && record.Owner.ToString().StartsWith("*.wild", StringComparison.Ordinal));
                records.RemoveAll(record => Covers(record, RecordType.NSEC) && record.Owner.ToString().StartsWith("*.wild", StringComparison.Ordinal));
                break;
            case "two-signatures-one-bad":
                foreach (var signature in records.Where(static record => record.Type == RecordType.RRSIG).ToArray())
                {
                    var wire = signature.RawData.ToArray();
                    wire[^1] ^= 1;
                    records.Add(new DnsRecord(signature.Owner, signature.Ttl, Read(RecordType.RRSIG, wire)));
                }
                break;
        }
    }

    private static RecordData Read(RecordType type, byte[] wire) =>
        RecordData.TryRead(type, wire, out var data) ? data : throw new InvalidOperationException($"{type}: {Convert.ToHexString(wire)}");

    private static ZoneKey NewKey(DnsName owner, SigningAlgorithm algorithm, bool isEntryPoint) =>
        ZoneKey.Generate(owner, isEntryPoint, algorithm, new OwnerSeed(owner, algorithm));

    private static IReadOnlyList<DnsRecord> Sign(Zone zone, ZoneKey[] keys, uint from, uint until, bool isHashed) =>
        ZoneSigner.Sign(zone, keys, new SigningOptions(from, until, isHashed));

    private static Zone Load(string origin, IEnumerable<DnsRecord> records) => Load(origin, string.Join('\n', records) + "\n");

    private static Zone Load(string origin, string text) =>
        Zone.TryLoad(text, "zone", DnsName.Parse(origin), out var zone, out var problems) ? zone : throw new InvalidOperationException($"{origin}: {string.Join('\n', problems)}\n{text}");

    /// <summary>Keys are the same in every run: bytes out of a hash of the owner, counted on.</summary>
    private sealed class OwnerSeed(DnsName owner, SigningAlgorithm algorithm) : IRandomSource
    {
        private int _count;

        public void Fill(Span<byte> destination)
        {
            for (var i = 0; i < destination.Length; i += 32)
            {
                var block = System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes($"{owner} {algorithm} {_count++}"));
                block.AsSpan(0, Math.Min(32, destination.Length - i)).CopyTo(destination[i..]);
            }
        }
    }
}
