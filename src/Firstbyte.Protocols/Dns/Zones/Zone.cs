using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>The data of a zone, ready to be asked; it never changes.</summary>
/// <remarks>
/// Theory of operation. Every name of the zone is a node, the empty non-terminals included. What RFC 1034 section 4.3.2 finds on its way down
/// (a delegation, a DNAME, a wildcard) is written into the nodes when the zone is built. A query for a name that exists is then one look-up by the bytes of the
/// name. Only for one that does not exist the walk down is made, to the closest encloser (RFC 4592 section 3.3.1), which ends at the first
/// missing label.
/// </remarks>
public sealed class Zone
{
    private readonly FrozenDictionary<DnsName, ZoneNode> _nodes;
    private readonly FrozenDictionary<DnsName, ZoneNode>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private readonly ZoneNode _apex;

    internal Zone(DnsName origin, RecordClass recordClass, Dictionary<DnsName, ZoneNode> nodes)
    {
        Origin = origin;
        Class = recordClass;
        _nodes = nodes.ToFrozenDictionary(DnsNameComparer.Instance);
        _byBytes = _nodes.GetAlternateLookup<ReadOnlySpan<byte>>();
        _apex = nodes[origin];
        var set = _apex.Find(RecordType.SOA)!.Set;
        Soa = (SoaData)set.Data[0];
        NegativeSoa = new RecordSet(set.Owner, set.Type, set.Class, Ttl.Min(set.Ttl, Ttl.FromWire(Soa.Minimum)), Soa);
    }

    /// <summary>The zone's name.</summary>
    public DnsName Origin { get; }

    /// <summary>The class of all its records.</summary>
    public RecordClass Class { get; }

    /// <summary>The SOA record's data.</summary>
    public SoaData Soa { get; }

    /// <summary>The SOA set as it stands in a negative answer: with the smaller of its TTL and MINIMUM (RFC 2308 section 3).</summary>
    public RecordSet NegativeSoa { get; }

    /// <summary>The number of names, empty non-terminals included.</summary>
    public int NameCount => _nodes.Count;

    /// <summary>Every set of the zone, glue included, in canonical order of names.</summary>
    public IEnumerable<RecordSet> Sets =>
        _nodes.Values.OrderBy(node => node.Name).SelectMany(node => node.Entries).Select(entry => entry.Set);

    /// <summary>Reads and checks a zone file. False when it has errors; <paramref name="problems"/> then tells all of them, and warnings in any case.</summary>
    public static bool TryLoad(
        string text, string file, DnsName origin, out Zone zone, out IReadOnlyList<ZoneProblem> problems,
        Func<string, string?>? readFile = null) =>
        ZoneBuilder.TryBuild(ZoneFileReader.Read(text, file, origin, readFile), out zone, out problems);

    /// <summary>Makes a zone of records. False when they are no whole zone; <paramref name="problems"/> then tells why.</summary>
    public static bool TryCreate(DnsName origin, IEnumerable<DnsRecord> records, out Zone zone, out IReadOnlyList<ZoneProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(records);
        var place = new ZonePlace(origin.ToString(), 0, 0);
        return ZoneBuilder.TryBuild(new ZoneFile(origin, [.. records.Select(record => new ZoneLine(record, place))], []), out zone, out problems);
    }

    /// <summary>What the zone says about a name at or below its origin.</summary>
    public ZoneFinding Find(DnsName name, RecordType type) => Find(name.Wire, type);

    /// <summary>
    /// What the zone says about a name, in wire form, at or below its origin. <see cref="RecordType.Any"/> finds one set of the name (RFC
    /// 8482 section 4.1).
    /// </summary>
    public ZoneFinding Find(ReadOnlySpan<byte> name, RecordType type)
    {
        if (_byBytes.TryGetValue(name, out var node))
        {
            // RFC 4035 section 3.1.4.1: DS belongs to the parent's side of the cut.
            if (node.Cut is { } cut && !(node.IsCut && type == RecordType.DS)) { return new ZoneFinding(ZoneFindingKind.Referral, cut.Find(RecordType.NS)); }
            return node.Redirection is { } above
                ? new ZoneFinding(ZoneFindingKind.Redirection, above.Find(RecordType.DNAME))
                : FindAt(node, type, isSynthesized: false);
        }
        var encloser = FindClosestEncloser(name);
        if (encloser.Cut is { } delegation) { return new ZoneFinding(ZoneFindingKind.Referral, delegation.Find(RecordType.NS)); }
        if ((encloser.Find(RecordType.DNAME) ?? encloser.Redirection?.Find(RecordType.DNAME)) is { } redirection)
        {
            return new ZoneFinding(ZoneFindingKind.Redirection, redirection);
        }
        return encloser.Wildcard is { } wildcard ? FindAt(wildcard, type, isSynthesized: true) : new ZoneFinding(ZoneFindingKind.NameError);
    }

    private static ZoneFinding FindAt(ZoneNode node, RecordType type, bool isSynthesized)
    {
        if (type == RecordType.Any)
        {
            return node.Entries.Length == 0 ? new ZoneFinding(ZoneFindingKind.NoData) : new ZoneFinding(ZoneFindingKind.Answer, node.Entries[0], isSynthesized);
        }
        if (node.Find(type) is { } entry) { return new ZoneFinding(ZoneFindingKind.Answer, entry, isSynthesized); }
        return node.Find(RecordType.CNAME) is { } alias
            ? new ZoneFinding(ZoneFindingKind.Alias, alias, isSynthesized)
            : new ZoneFinding(ZoneFindingKind.NoData, null, isSynthesized);
    }

    /// <summary>The deepest existing name above one that does not exist (RFC 4592 section 3.3.1).</summary>
    [SkipLocalsInit]
    private ZoneNode FindClosestEncloser(ReadOnlySpan<byte> name)
    {
        Span<byte> starts = stackalloc byte[WireName.MaxLabels];
        var below = WireName.FindLabels(name, starts) - Origin.LabelCount;
        var encloser = _apex;
        // The name itself, at 0, is known not to exist.
        for (var i = below - 1; i > 0 && _byBytes.TryGetValue(name[starts[i]..], out var next); i--) { encloser = next; }
        return encloser;
    }
}
