using System.Buffers.Binary;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Signing;

/// <summary>How a zone is signed.</summary>
/// <param name="Inception">From when on the signatures hold, in seconds since 1970; as serial number (RFC 4034 section 3.1.5).</param>
/// <param name="Expiration">Until when they hold.</param>
/// <param name="IsHashed">True for NSEC3, as RFC 9276 section 3.1 wants it: no further iterations, no salt, no opt-out.</param>
public readonly record struct SigningOptions(uint Inception, uint Expiration, bool IsHashed)
{
    /// <summary>Whether the zone gets a digest (ZONEMD, RFC 8976); one that it has is made anew in any case.</summary>
    public bool HasDigest { get; init; }

    /// <summary>Whether the zone asks its parent to point to the keys that are entry points (CDS and CDNSKEY, RFC 7344 section 3).</summary>
    public bool AsksParent { get; init; }
}

/// <summary>Signs a zone: keys, signatures, and the chain that shows what is not there (RFC 4035 section 2).</summary>
/// <remarks>
/// Theory of operation. The sets come in canonical order, so that what lies below a delegation follows it and is passed over. What the zone had of
/// signatures and of a chain is dropped and made anew; other keys of its DNSKEY set stay, for a change of keys needs both. A key that is the entry
/// point signs the keys, another one everything else; where only one kind is given for an algorithm, it signs all (RFC 6781 section 3.1).
/// </remarks>
public sealed class ZoneSigner
{
    /// <summary>The longest name of a zone, in octets, that can be signed with NSEC3.</summary>
    public const int MaxHashedOrigin = DenialChain.MaxHashedOrigin;

    private readonly Zone _zone;
    private readonly IReadOnlyList<IZoneKey> _keys;
    private readonly SigningOptions _options;
    private readonly List<DnsRecord> _records = [];
    private readonly DenialChain _chain;

    /// <summary>Where the digest goes when all else is there.</summary>
    private int _digestAt = -1;

    private ZoneSigner(Zone zone, IReadOnlyList<IZoneKey> keys, SigningOptions options)
    {
        (_zone, _keys, _options) = (zone, keys, options);
        _chain = new DenialChain(zone.Origin, options.IsHashed);
    }

    /// <summary>The records of the zone, signed; the SOA record comes first.</summary>
    /// <exception cref="ArgumentException">
    /// There is no key, or one of another zone, or NSEC3 is wanted where the zone's name leaves no room for a hash.
    /// </exception>
    public static IReadOnlyList<DnsRecord> Sign(Zone zone, IReadOnlyList<IZoneKey> keys, SigningOptions options)
    {
        ArgumentNullException.ThrowIfNull(zone);
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0 || keys.Any(key => key.Public.Owner != zone.Origin))
        {
            throw new ArgumentException("a zone is signed with its own keys", nameof(keys));
        }
        if (options.IsHashed && zone.Origin.Wire.Length > DenialChain.MaxHashedOrigin)
        {
            throw new ArgumentException($"NSEC3 needs a zone's name of at most {DenialChain.MaxHashedOrigin} octets", nameof(options));
        }
        var signer = new ZoneSigner(zone, keys, options);
        signer.Run();
        return signer._records;
    }

    private void Run()
    {
        DnsName? cut = null;
        foreach (var sets in Names())
        {
            var owner = sets[0].Owner;
            if (cut is { } above && owner.IsBelow(above))
            {
                foreach (var set in sets) { _records.AddRange(set.Records); }
                continue;
            }
            var isCut = owner != _zone.Origin && sets.Exists(static set => set.Type == RecordType.NS);
            if (isCut) { cut = owner; }
            foreach (var set in sets)
            {
                // Its digest is that of all the others; its place in the chain it has already (RFC 8976 section 3.1).
                if (set.Type == RecordType.ZONEMD && owner == _zone.Origin) { _digestAt = _records.Count; }
                else if (isCut && set.Type != RecordType.DS) { _records.AddRange(set.Records); }
                else { AddSigned(set); }
            }
            _chain.Add(owner, sets.Select(static set => set.Type).Where(type => !isCut || type == RecordType.NS || type == RecordType.DS), isCut);
        }
        foreach (var link in _chain.Links(_zone.NegativeSoa.Ttl, _zone.Class)) { AddSigned(link); }
        if (_digestAt >= 0) { AddDigest(); }
    }

    private void AddDigest()
    {
        var digest = new RecordSet(
            _zone.Origin, RecordType.ZONEMD, _zone.Class, _records[0].Ttl, ZoneDigest.Of(_zone.Origin, _zone.Soa.Serial, _records));
        var signatures = _keys.Where(key => Signs(key.Public, digest.Type))
            .Select(key => new DnsRecord(digest.Owner, digest.Class, digest.Ttl, Sign(digest, key)));
        _records.InsertRange(_digestAt, [.. digest.Records, .. signatures]);
    }

    /// <summary>The sets of each name, without those that signing makes.</summary>
    private IEnumerable<List<RecordSet>> Names()
    {
        var sets = new List<RecordSet>();
        foreach (var set in _zone.Sets)
        {
            if (set.Type == RecordType.RRSIG || set.Type == RecordType.NSEC || set.Type == RecordType.NSEC3 || set.Type == RecordType.NSEC3PARAM) { continue; }
            if (sets.Count > 0 && sets[0].Owner != set.Owner)
            {
                yield return Complete(sets);
                sets = [];
            }
            sets.Add(set);
        }
        if (sets.Count > 0) { yield return Complete(sets); }
    }

    /// <summary>At the apex, the keys and what says how names are hashed; the SOA record moves to the front.</summary>
    private List<RecordSet> Complete(List<RecordSet> sets)
    {
        if (sets[0].Owner != _zone.Origin) { return sets; }
        var soa = sets.Find(static set => set.Type == RecordType.SOA)!;
        var old = sets.Find(static set => set.Type == RecordType.DNSKEY);
        var keys = _keys.Select(static key => key.Public.Data).Concat(old?.Data ?? []).Distinct().ToArray();
        var whole = new List<RecordSet> { soa };
        whole.AddRange(sets.Where(set => set != soa && set != old && !IsMadeAnew(set.Type)));
        if (IsAsking)
        {
            var points = _keys.Select(static key => key.Public).Where(static key => key.IsEntryPoint).ToArray();
            whole.Add(Made(soa, RecordType.CDS, Array.ConvertAll(points, static key => RecordWire.ToData(RecordType.CDS, key.ToDelegationSigner().Wire))));
            whole.Add(Made(soa, RecordType.CDNSKEY, Array.ConvertAll(points, static key => RecordWire.ToData(RecordType.CDNSKEY, key.Data.Wire))));
        }
        if (_options.HasDigest) { whole.Add(Made(soa, RecordType.ZONEMD, [ZoneDigest.Of(_zone.Origin, _zone.Soa.Serial, [])])); }
        whole.Add(new RecordSet(soa.Owner, RecordType.DNSKEY, soa.Class, old?.Ttl ?? soa.Ttl, keys));
        // Nobody but servers of the zone asks for it (RFC 5155 section 4); 0 is what BIND and Knot take.
        if (_options.IsHashed) { whole.Add(new RecordSet(soa.Owner, RecordType.NSEC3PARAM, soa.Class, Ttl.Zero, DenialChain.Parameters)); }
        return whole;
    }

    private bool IsAsking => _options.AsksParent && _keys.Any(static key => key.Public.IsEntryPoint);

    private bool IsMadeAnew(RecordType type) =>
        _options.HasDigest && type == RecordType.ZONEMD || IsAsking && (type == RecordType.CDS || type == RecordType.CDNSKEY);

    /// <summary>A set of the apex that signing makes, with the SOA record's TTL.</summary>
    private static RecordSet Made(RecordSet soa, RecordType type, RecordData[] data) => new(soa.Owner, type, soa.Class, soa.Ttl, data);

    private void AddSigned(RecordSet set)
    {
        _records.AddRange(set.Records);
        foreach (var key in _keys)
        {
            if (Signs(key.Public, set.Type)) { _records.Add(new DnsRecord(set.Owner, set.Class, set.Ttl, Sign(set, key))); }
        }
    }

    /// <summary>RFC 4035 section 2.2: each algorithm of the keys signs every set.</summary>
    private bool Signs(ZonePublicKey key, RecordType type)
    {
        var isOfKeys = type == RecordType.DNSKEY || type == RecordType.CDS || type == RecordType.CDNSKEY;
        return key.IsEntryPoint == isOfKeys
            || !_keys.Any(other => other.Public.Algorithm == key.Algorithm && other.Public.IsEntryPoint != key.IsEntryPoint);
    }

    private RecordData Sign(RecordSet set, IZoneKey key)
    {
        var signer = _zone.Origin.ToLower().Wire;
        var header = new byte[SignedData.FixedLength + signer.Length];
        BinaryPrimitives.WriteUInt16BigEndian(header, set.Type.Value);
        header[2] = key.Public.Algorithm.Value;
        header[3] = (byte)(set.Owner.LabelCount - (set.Owner.IsWildcard ? 1 : 0));
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), set.Ttl.Seconds);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), _options.Expiration);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(12), _options.Inception);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(16), key.Public.KeyTag);
        signer.CopyTo(header.AsSpan(SignedData.FixedLength));
        return RecordWire.ToData(RecordType.RRSIG, [.. header, .. key.Sign(SignedData.Of(set, header))]);
    }
}
