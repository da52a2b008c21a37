using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Signing;

/// <summary>Makes the chain of a zone's names: NSEC (RFC 4034 section 4) or NSEC3 (RFC 5155 section 7.1).</summary>
internal sealed class DenialChain(DnsName origin, bool isHashed)
{
    private readonly List<(DnsName Name, List<RecordType> Types)> _names = [];
    private readonly HashSet<DnsName> _known = new(DnsNameComparer.Instance);

    /// <summary>SHA-1 (the only algorithm), no flags, no further iterations, no salt: RFC 9276 section 3.1.</summary>
    public static RecordData Parameters { get; } = RecordWire.ToData(RecordType.NSEC3PARAM, [1, 0, 0, 0, 0]);

    /// <summary>The longest name of a zone below which a hash has room as a label of its own.</summary>
    public const int MaxHashedOrigin = WireName.MaxLength - 1 - ZoneDenial.TextLength;

    /// <summary>Adds a name with what the zone has of it; names come in canonical order.</summary>
    public void Add(DnsName name, IEnumerable<RecordType> types, bool isCut)
    {
        var all = types.ToList();
        if (!isHashed) { all.AddRange([RecordType.RRSIG, RecordType.NSEC]); }
        // Of a delegation without DS nothing is signed.
        else if (!isCut || all.Contains(RecordType.DS)) { all.Add(RecordType.RRSIG); }
        _known.Add(name);
        _names.Add((name, all));
        if (!isHashed) { return; }
        // Names that only lead to others have a hash as well (RFC 5155 section 7.1), and no types.
        for (var above = name.Parent; above.IsBelow(origin) && _known.Add(above); above = above.Parent) { _names.Add((above, [])); }
    }

    /// <summary>The links, each pointing to the next and the last to the first.</summary>
    public IEnumerable<RecordSet> Links(Ttl ttl, RecordClass recordClass) => isHashed ? HashedLinks(ttl, recordClass) : NamedLinks(ttl, recordClass);

    private IEnumerable<RecordSet> NamedLinks(Ttl ttl, RecordClass recordClass)
    {
        for (var i = 0; i < _names.Count; i++)
        {
            var next = _names[(i + 1) % _names.Count].Name;
            var data = RecordWire.ToData(RecordType.NSEC, [.. next.Wire, .. TypeBitmapField.ToWire(_names[i].Types)]);
            yield return new RecordSet(_names[i].Name, RecordType.NSEC, recordClass, ttl, data);
        }
    }

    private IEnumerable<RecordSet> HashedLinks(Ttl ttl, RecordClass recordClass)
    {
        var links = _names.ConvertAll(static entry => (Hash: HashOf(entry.Name), entry.Types));
        links.Sort(static (left, right) => left.Hash.AsSpan().SequenceCompareTo(right.Hash));
        var text = new byte[ZoneDenial.TextLength];
        for (var i = 0; i < links.Count; i++)
        {
            DigitText.WriteBase32Hex(links[i].Hash, text);
            if (!origin.TryPrepend(text, out var owner))
            {
                throw new InvalidOperationException("a zone whose name has no room for a hash is not signed with hashes");
            }
            var next = links[(i + 1) % links.Count].Hash;
            var data = RecordWire.ToData(
                RecordType.NSEC3, [1, 0, 0, 0, 0, (byte)next.Length, .. next, .. TypeBitmapField.ToWire(links[i].Types)]);
            yield return new RecordSet(owner, RecordType.NSEC3, recordClass, ttl, data);
        }
    }

    private static byte[] HashOf(DnsName name)
    {
        var hash = new byte[ZoneDenial.HashLength];
        ZoneDenial.Hash(name.Wire, [], 0, hash);
        return hash;
    }
}
