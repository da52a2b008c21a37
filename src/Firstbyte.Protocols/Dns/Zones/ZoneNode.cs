using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>A name of a zone with its sets; one without sets is an empty non-terminal (RFC 9499 section 7).</summary>
internal sealed class ZoneNode(DnsName name)
{
    /// <summary>The name.</summary>
    public DnsName Name { get; } = name;

    /// <summary>The sets, in order of type; few, so that a walk is the fastest search.</summary>
    public ZoneSetEntry[] Entries { get; set; } = [];

    /// <summary>The delegation at or above this name, inside the zone: what lies here is not the zone's own.</summary>
    public ZoneNode? Cut { get; set; }

    /// <summary>The name above this one that carries a DNAME.</summary>
    public ZoneNode? Redirection { get; set; }

    /// <summary>The child "*" (RFC 4592 section 2.1.1).</summary>
    public ZoneNode? Wildcard { get; set; }

    /// <summary>True when names below this one belong to another zone.</summary>
    public bool IsCut => ReferenceEquals(Cut, this);

    /// <summary>The set of a type, or null.</summary>
    public ZoneSetEntry? Find(RecordType type)
    {
        foreach (var entry in Entries)
        {
            if (entry.Set.Type == type) { return entry; }
        }
        return null;
    }
}

/// <summary>A set of a zone with what goes along in the additional section, found once when the zone is built.</summary>
internal sealed class ZoneSetEntry(RecordSet set)
{
    /// <summary>The set.</summary>
    public RecordSet Set { get; } = set;

    /// <summary>Addresses of name servers below the delegated name itself: without them nobody gets there (RFC 9471 section 2.1).</summary>
    public RecordSet[] RequiredGlue { get; set; } = [];

    /// <summary>Other addresses that the zone knows for the names in the set (RFC 1034 section 4.3.2 step 6).</summary>
    public RecordSet[] Addresses { get; set; } = [];
}

/// <summary>What a zone says about a name and a type (RFC 1034 section 4.3.2 step 3).</summary>
public enum ZoneFindingKind
{
    /// <summary>The set asked for.</summary>
    Answer,

    /// <summary>A CNAME set: go on with its target.</summary>
    Alias,

    /// <summary>A DNAME above the name: go on with the name it makes (RFC 6672).</summary>
    Redirection,

    /// <summary>The name exists, the type does not.</summary>
    NoData,

    /// <summary>The name does not exist.</summary>
    NameError,

    /// <summary>The name belongs to a zone further down: its NS set.</summary>
    Referral,
}

/// <summary>A zone's finding.</summary>
public readonly struct ZoneFinding
{
    internal ZoneFinding(ZoneFindingKind kind, ZoneSetEntry? entry = null, bool isSynthesized = false)
    {
        Kind = kind;
        Entry = entry;
        IsSynthesized = isSynthesized;
    }

    /// <summary>What was found.</summary>
    public ZoneFindingKind Kind { get; }

    /// <summary>The set that was found: the answer, the CNAME, the DNAME or the NS set of the referral.</summary>
    public RecordSet? Set => Entry?.Set;

    /// <summary>True when a wildcard stood in for the name (RFC 4592 section 3.3.1): the set's owner is to be replaced by the name asked for.</summary>
    public bool IsSynthesized { get; }

    internal ZoneSetEntry? Entry { get; }
}
