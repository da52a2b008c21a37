using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

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
    private readonly Zone? _zone;

    internal ZoneFinding(Zone zone, ZoneFindingKind kind, uint node = 0, int setAt = 0, bool isSynthesized = false)
    {
        _zone = zone;
        Kind = kind;
        Node = node;
        SetAt = setAt;
        IsSynthesized = isSynthesized;
    }

    /// <summary>What was found.</summary>
    public ZoneFindingKind Kind { get; }

    /// <summary>The set that was found: the answer, the CNAME, the DNAME or the NS set of the referral. Made anew with every call.</summary>
    public RecordSet? Set => SetAt == 0 ? null : _zone!.ToRecordSet(Node, SetAt);

    /// <summary>True when a wildcard stood in for the name (RFC 4592 section 3.3.1): the set's owner is to be replaced by the name asked for.</summary>
    public bool IsSynthesized { get; }

    /// <summary>The block of the name that has the set.</summary>
    internal uint Node { get; }

    /// <summary>Where in the block the set starts; 0 for none.</summary>
    internal int SetAt { get; }
}
