using System.Buffers.Binary;
using System.Text;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Validating;

/// <summary>What the links of a chain say about a name.</summary>
internal enum DenialVerdict : byte
{
    /// <summary>Not what is claimed.</summary>
    Unproven,

    /// <summary>What is claimed is proven.</summary>
    Proven,

    /// <summary>A link that opts out covers the name: an unsigned delegation may lie there (RFC 5155 section 6).</summary>
    OptOut,

    /// <summary>The hashes cost more than is spent on them: the zone counts as unsigned (RFC 9276 section 3.2).</summary>
    TooManyIterations,

    /// <summary>The question may cost no more hashes.</summary>
    BudgetSpent,
}

/// <summary>What was found about a name.</summary>
/// <param name="Verdict">Whether the claim is proven.</param>
/// <param name="IsDelegation">Whether the proof of "no DS" shows that the name is a delegation.</param>
internal readonly record struct DenialFinding(DenialVerdict Verdict, bool IsDelegation = false);

/// <summary>The links of a zone's chain that came with a reply and whose signatures hold: what they prove.</summary>
internal abstract class DenialLinks
{
    /// <summary>The owners of the links that proofs have used.</summary>
    public HashSet<DnsName> Used { get; } = new(DnsNameComparer.Instance);

    /// <summary>The name does not exist, nor a wildcard that would stand for it.</summary>
    public abstract DenialFinding ProveNameError(DnsName name);

    /// <summary>The name exists without the type, or a wildcard that stands for it does.</summary>
    public abstract DenialFinding ProveNoData(DnsName name, RecordType type);

    /// <summary>No name closer to this one exists than the wildcard's parent, which has so many labels.</summary>
    public abstract DenialFinding ProveExpansion(DnsName name, int labels);

    /// <summary>The links of verified sets; null when there are none.</summary>
    public static DenialLinks? Of(IReadOnlyList<SignedSet> sets, DnsName zone, ValidationBudget budget)
    {
        var named = sets.Where(static set => set.Type == RecordType.NSEC).ToArray();
        if (named.Length > 0) { return new NamedLinks([.. named.SelectMany(static set => set.Records)], zone); }
        var hashed = sets.Where(static set => set.Type == RecordType.NSEC3).ToArray();
        return hashed.Length > 0 ? new HashedLinks([.. hashed.SelectMany(static set => set.Records)], zone, budget) : null;
    }

    /// <summary>Whether "no such type" can be read from the types that a link has for a name.</summary>
    private protected static DenialFinding NoDataFrom(ReadOnlySpan<byte> types, DnsName name, RecordType type)
    {
        if (Has(types, type) || Has(types, RecordType.CNAME)) { return default; }
        var isDelegation = Has(types, RecordType.NS) && !Has(types, RecordType.SOA);
        // At a cut each side has a link of its own: the parent's tells of DS alone, the child's of all but DS (RFC 6840 section 4.4).
        var isOtherSide = type == RecordType.DS ? Has(types, RecordType.SOA) && !name.IsRoot : isDelegation;
        return isOtherSide ? default : new DenialFinding(DenialVerdict.Proven, isDelegation);
    }

    /// <summary>Whether what lies below a name is not this zone's to tell of (RFC 6840 section 4.1).</summary>
    private protected static bool EndsZone(ReadOnlySpan<byte> types) =>
        Has(types, RecordType.DNAME) || Has(types, RecordType.NS) && !Has(types, RecordType.SOA);

    /// <summary>Whether valid windows name a type.</summary>
    private protected static bool Has(ReadOnlySpan<byte> windows, RecordType type)
    {
        for (; windows.Length > 0; windows = windows[(2 + windows[1])..])
        {
            if (windows[0] != type.Value >> 8) { continue; }
            var at = (type.Value & 0xFF) >> 3;
            return at < windows[1] && (windows[2 + at] & 0x80 >> (type.Value & 7)) != 0;
        }
        return false;
    }
}

/// <summary>NSEC (RFC 4035 section 5.4): names in canonical order.</summary>
internal sealed class NamedLinks : DenialLinks
{
    private readonly List<(DnsName Owner, DnsName Next, DnsRecord Record, int TypesAt)> _links = [];
    private readonly DnsName _zone;

    public NamedLinks(DnsRecord[] records, DnsName zone)
    {
        _zone = zone;
        foreach (var record in records)
        {
            var length = RdataLayout.NameLength(record.RawData);
            var next = DnsName.FromValidWire(record.RawData[..length]);
            // A link that leads out of its zone would deny the names of others.
            if (record.Owner.IsSubdomainOf(zone) && next.IsSubdomainOf(zone)) { _links.Add((record.Owner, next, record, length)); }
        }
    }

    public override DenialFinding ProveNameError(DnsName name)
    {
        var at = FindCover(name);
        if (at < 0 || _links[at].Next.IsBelow(name)) { return default; }
        return Wildcard(name, at) is { } wildcard && FindCover(wildcard) is >= 0 and var cover && !_links[cover].Next.IsBelow(wildcard)
            ? new DenialFinding(DenialVerdict.Proven)
            : default;
    }

    public override DenialFinding ProveNoData(DnsName name, RecordType type)
    {
        var match = FindMatch(name);
        if (match >= 0) { return NoDataFrom(TypesOf(match), name, type); }
        var cover = FindCover(name);
        if (cover < 0) { return default; }
        // It only leads to other names.
        if (_links[cover].Next.IsBelow(name)) { return new DenialFinding(DenialVerdict.Proven); }
        if (Wildcard(name, cover) is not { } wildcard) { return default; }
        match = FindMatch(wildcard);
        return match >= 0 ? NoDataFrom(TypesOf(match), wildcard, type) with { IsDelegation = false } : default;
    }

    public override DenialFinding ProveExpansion(DnsName name, int labels)
    {
        var cover = FindCover(name);
        return cover >= 0 && EncloserLabels(name, cover) <= labels ? new DenialFinding(DenialVerdict.Proven) : default;
    }

    /// <summary>The labels of the closest name above that exists: each end of the link exists, with all names above it.</summary>
    private int EncloserLabels(DnsName name, int link) => Math.Max(name.CountCommonLabels(_links[link].Owner), name.CountCommonLabels(_links[link].Next));

    private DnsName? Wildcard(DnsName name, int link) =>
        name.Suffix(EncloserLabels(name, link)).TryPrepend("*"u8, out var wildcard) ? wildcard : null;

    private int FindMatch(DnsName name) => Use(_links.FindIndex(link => link.Owner == name));

    private int Use(int link)
    {
        if (link >= 0) { Used.Add(_links[link].Owner); }
        return link;
    }

    private int FindCover(DnsName name)
    {
        for (var i = 0; i < _links.Count; i++)
        {
            var (owner, next, _, _) = _links[i];
            // The last link leads back to the zone's own name.
            var isBefore = name < next || next == _zone;
            if (owner < name && isBefore && !(name.IsBelow(owner) && EndsZone(TypesOf(i)))) { return Use(i); }
        }
        return -1;
    }

    private ReadOnlySpan<byte> TypesOf(int link) => _links[link].Record.RawData[_links[link].TypesAt..];
}

/// <summary>NSEC3 (RFC 5155 section 8): hashes of names in order.</summary>
internal sealed class HashedLinks : DenialLinks
{
    private readonly List<Link> _links = [];
    private readonly Dictionary<DnsName, byte[]> _hashes = new(DnsNameComparer.Instance);
    private readonly DnsName _zone;
    private readonly ValidationBudget _budget;
    private readonly byte[] _salt = [];
    private readonly int _iterations;
    private bool _isSpent;

    public HashedLinks(DnsRecord[] records, DnsName zone, ValidationBudget budget)
    {
        (_zone, _budget) = (zone, budget);
        foreach (var record in records)
        {
            var data = record.RawData;
            var saltEnd = 5 + data[4];
            var nextEnd = saltEnd + 1 + data[saltEnd];
            // RFC 5155 sections 8.1 and 8.2: other algorithms and flags are ignored; so is a hash beside the zone.
            if (data[0] != 1 || data[1] > 1 || data[saltEnd] != ZoneDenial.HashLength || record.Owner.Parent != zone
                || record.Owner.Wire[0] != ZoneDenial.TextLength) { continue; }
            var text = Encoding.Latin1.GetString(record.Owner.Wire.Slice(1, ZoneDenial.TextLength));
            if (DigitText.Parse(Digits.Base32Hex, text) is not { } hash) { continue; }
            int iterations = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
            var salt = data[5..saltEnd];
            if (_links.Count == 0) { (_iterations, _salt) = (iterations, salt.ToArray()); }
            // One chain at a time (section 8.2).
            else if (iterations != _iterations || !salt.SequenceEqual(_salt)) { continue; }
            _links.Add(new Link(hash, data[(saltEnd + 1)..nextEnd].ToArray(), (data[1] & 1) != 0, data[nextEnd..].ToArray(), record.Owner));
        }
    }

    public override DenialFinding ProveNameError(DnsName name)
    {
        if (_iterations > ResolutionLimits.HashIterations) { return new DenialFinding(DenialVerdict.TooManyIterations); }
        if (FindEncloser(name) is not { } found || !found.Encloser.TryPrepend("*"u8, out var wildcard) || FindCover(wildcard) is null) { return Unproven; }
        return new DenialFinding(found.Cover.IsOptOut ? DenialVerdict.OptOut : DenialVerdict.Proven);
    }

    public override DenialFinding ProveNoData(DnsName name, RecordType type)
    {
        if (_iterations > ResolutionLimits.HashIterations) { return new DenialFinding(DenialVerdict.TooManyIterations); }
        if (FindMatch(name) is { } match) { return NoDataFrom(match.Types, name, type); }
        if (FindEncloser(name) is not { } found) { return Unproven; }
        if (found.Encloser.TryPrepend("*"u8, out var wildcard) && FindMatch(wildcard) is { } source)
        {
            var finding = NoDataFrom(source.Types, wildcard, type) with { IsDelegation = false };
            return finding.Verdict == DenialVerdict.Proven && found.Cover.IsOptOut ? new DenialFinding(DenialVerdict.OptOut) : finding;
        }
        // Section 8.6, and 8.5 with its erratum 3441: what is opted out may be there unsigned, or only lead to what is.
        return found.Cover.IsOptOut ? new DenialFinding(DenialVerdict.OptOut) : Unproven;
    }

    public override DenialFinding ProveExpansion(DnsName name, int labels)
    {
        if (_iterations > ResolutionLimits.HashIterations) { return new DenialFinding(DenialVerdict.TooManyIterations); }
        return FindCover(name.Suffix(labels + 1)) is { } cover
            ? new DenialFinding(cover.IsOptOut ? DenialVerdict.OptOut : DenialVerdict.Proven)
            : Unproven;
    }

    private DenialFinding Unproven => new(_isSpent ? DenialVerdict.BudgetSpent : DenialVerdict.Unproven);

    /// <summary>
    /// The closest name above that exists, and the link that covers the next closer one (section 8.3); null when they are not shown, or when the name
    /// itself is there.
    /// </summary>
    private (DnsName Encloser, Link Cover)? FindEncloser(DnsName name)
    {
        for (var labels = name.LabelCount - 1; labels >= _zone.LabelCount; labels--)
        {
            var encloser = name.Suffix(labels);
            if (FindMatch(encloser) is not { } match) { continue; }
            return !EndsZone(match.Types) && FindCover(name.Suffix(labels + 1)) is { } cover ? (encloser, cover) : null;
        }
        return null;
    }

    private Link? FindMatch(DnsName name) => HashOf(name) is { } hash ? Use(_links.Find(link => link.Hash.AsSpan().SequenceEqual(hash))) : null;

    private Link? Use(Link? link)
    {
        if (link is not null) { Used.Add(link.Owner); }
        return link;
    }

    private Link? FindCover(DnsName name)
    {
        if (HashOf(name) is not { } hash) { return null; }
        return Use(_links.Find(link =>
        {
            var (after, before) = (link.Hash.AsSpan().SequenceCompareTo(hash) < 0, hash.AsSpan().SequenceCompareTo(link.Next) < 0);
            // The last link covers what comes behind it and what comes before the first.
            return link.Hash.AsSpan().SequenceCompareTo(link.Next) < 0 ? after && before : after || before;
        }));
    }

    private byte[]? HashOf(DnsName name)
    {
        if (_hashes.TryGetValue(name, out var hash)) { return hash; }
        if (_links.Count == 0) { return null; }
        if (!_budget.TryChargeHash())
        {
            _isSpent = true;
            return null;
        }
        hash = new byte[ZoneDenial.HashLength];
        ZoneDenial.Hash(name.Wire, _salt, _iterations, hash);
        _hashes.Add(name, hash);
        return hash;
    }

    private sealed record Link(byte[] Hash, byte[] Next, bool IsOptOut, byte[] Types, DnsName Owner);
}
