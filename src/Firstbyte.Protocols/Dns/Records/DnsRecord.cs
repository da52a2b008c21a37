namespace Firstbyte.Dns.Records;

/// <summary>A resource record (RFC 1035 section 3.2.1): who, what kind, how long, and the data.</summary>
public sealed class DnsRecord(DnsName owner, RecordClass recordClass, Ttl ttl, RecordData data) : IEquatable<DnsRecord>
{
    /// <summary>A record of class IN.</summary>
    public DnsRecord(DnsName owner, Ttl ttl, RecordData data) : this(owner, RecordClass.IN, ttl, data) { }

    /// <summary>The name it belongs to.</summary>
    public DnsName Owner { get; } = owner;

    /// <summary>The type.</summary>
    public RecordType Type => Data.Type;

    /// <summary>The class.</summary>
    public RecordClass Class { get; } = recordClass;

    /// <summary>How long it may be kept.</summary>
    public Ttl Ttl { get; } = ttl;

    /// <summary>The data.</summary>
    public RecordData Data { get; } = data;

    /// <summary>The RDATA, names uncompressed.</summary>
    public ReadOnlySpan<byte> RawData => Data.Wire;

    /// <summary>The same record with another time to live.</summary>
    public DnsRecord WithTtl(Ttl ttl) => new(Owner, Class, ttl, Data);

    /// <summary>The same record at another name.</summary>
    public DnsRecord WithOwner(DnsName owner) => new(owner, Class, Ttl, Data);

    /// <summary>Equal in everything, also in TTL; names without regard to case.</summary>
    public bool Equals(DnsRecord? other) => other is not null && Owner == other.Owner && Class == other.Class && Ttl == other.Ttl && Data.Equals(other.Data);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsRecord);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Owner, Class, Ttl, Data);

    /// <summary>The line of a zone file: "www.example.com. 300 IN A 192.0.2.1".</summary>
    public override string ToString() => $"{Owner} {Ttl} {Class} {Type} {Data}";
}

/// <summary>An RRset: the records of one name, class and type, which live and die together (RFC 2181 section 5).</summary>
public sealed class RecordSet(DnsName owner, RecordType type, RecordClass recordClass, Ttl ttl, params RecordData[] data)
{
    /// <summary>The name.</summary>
    public DnsName Owner { get; } = owner;

    /// <summary>The type.</summary>
    public RecordType Type { get; } = type;

    /// <summary>The class.</summary>
    public RecordClass Class { get; } = recordClass;

    /// <summary>The time to live, one for all (RFC 2181 section 5.2).</summary>
    public Ttl Ttl { get; } = ttl;

    /// <summary>The data of each record; never empty, no two equal.</summary>
    public IReadOnlyList<RecordData> Data => _data;

    /// <summary>The same, without an interface between.</summary>
    internal RecordData[] DataArray => _data;

    private readonly RecordData[] _data = data;

    /// <summary>The set as records.</summary>
    public IEnumerable<DnsRecord> Records => _data.Select(data => new DnsRecord(Owner, Class, Ttl, data));

    /// <summary>One line a record.</summary>
    public override string ToString() => string.Join('\n', Records);
}
