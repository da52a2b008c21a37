namespace Firstbyte.Dns.Records;

/// <summary>The records of one owner and type, with the signatures that came with them.</summary>
/// <param name="records">The records; at least one, all of one owner and type.</param>
/// <param name="signatures">The RRSIG records that cover them; none where the set came unsigned.</param>
public sealed class SignedSet(DnsRecord[] records, DnsRecord[] signatures)
{
    /// <summary>The records.</summary>
    public DnsRecord[] Records { get; } = records;

    /// <summary>The RRSIG records that cover them.</summary>
    public DnsRecord[] Signatures { get; } = signatures;

    /// <summary>
    /// Whether the set, an alias that was worked out from a DNAME record, came with another target from the server: one of the two is forged.
    /// </summary>
    public bool IsContradicted { get; init; }

    /// <summary>The name.</summary>
    public DnsName Owner => Records[0].Owner;

    /// <summary>The type.</summary>
    public RecordType Type => Records[0].Type;

    /// <summary>The smallest time to live of the records.</summary>
    public uint TtlSeconds
    {
        get
        {
            var ttl = uint.MaxValue;
            foreach (var record in Records) { ttl = Math.Min(ttl, record.Ttl.Seconds); }
            return ttl;
        }
    }

    /// <summary>The records and behind them their signatures.</summary>
    public IEnumerable<DnsRecord> All => Records.Concat(Signatures);

    /// <summary>The same set with one time to live for all of it.</summary>
    public SignedSet WithTtl(Ttl ttl) =>
        new(Array.ConvertAll(Records, record => record.WithTtl(ttl)), Array.ConvertAll(Signatures, record => record.WithTtl(ttl)))
        {
            IsContradicted = IsContradicted,
        };

    /// <summary>The records without their signatures.</summary>
    public RecordSet ToRecordSet() =>
        new(Owner, Type, Records[0].Class, Records[0].Ttl, Array.ConvertAll(Records, static record => record.Data));

    /// <summary>True when another set holds the same data at the same name, in whatever order.</summary>
    public bool HasSameData(DnsRecord[] other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Length != Records.Length || other.Length == 0 || other[0].Owner != Owner || other[0].Type != Type) { return false; }
        foreach (var record in Records)
        {
            if (!Array.Exists(other, one => one.Data.Equals(record.Data))) { return false; }
        }
        return true;
    }
}
