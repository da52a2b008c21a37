using System.Buffers.Binary;
using System.Text.Json;
using Firstbyte.Addressing;

namespace Firstbyte.Dns.Records;

/// <summary>The data of a record: its RDATA without compression, and what the type says it means.</summary>
/// <remarks>
/// The bytes are the truth, and the row of the type (<see cref="RecordTypeRow"/>) is what they mean: text, JSON and canonical form come
/// from it. The few leaves are
/// for the types that resolvers and servers look into. Data of a type without a row goes through unchanged (RFC 3597). Equality and order follow
/// RFC 4034 section 6: names inside the data compare without case where their type's row says so.
/// </remarks>
public class RecordData : IEquatable<RecordData>, IComparable<RecordData>
{
    private readonly byte[] _wire;

    private protected RecordData(RecordType type, byte[] wire)
    {
        Type = type;
        _wire = wire;
    }

    /// <summary>The type whose data this is.</summary>
    public RecordType Type { get; }

    /// <summary>The RDATA, names uncompressed.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    /// <summary>Takes uncompressed RDATA; false when a known type's data does not have that type's shape.</summary>
    public static bool TryRead(RecordType type, ReadOnlySpan<byte> rdata, out RecordData data)
    {
        data = null!;
        if (!IsValid(type, rdata)) { return false; }
        var wire = rdata.ToArray();
        switch (type.Value)
        {
            case 1 or 28:
                IpAddress.TryFromBytes(wire, out var address);
                data = new AddressData(address, wire);
                return true;
            case 2 or 5 or 12 or 39: data = new NameData(type, NameAt(wire, 0, out _), wire); return true;
            case 6: data = SoaData.Read(wire); return true;
            case 15: data = new MxData(BinaryPrimitives.ReadUInt16BigEndian(wire), NameAt(wire, 2, out _), wire); return true;
            case 16: data = TxtData.FromWire(wire); return true;
            case 33: data = SrvData.Read(wire); return true;
            default: data = new RecordData(type, wire); return true;
        }
    }

    /// <summary>True when uncompressed RDATA has the shape of its type; any bytes have that of an unknown one.</summary>
    internal static bool IsValid(RecordType type, ReadOnlySpan<byte> rdata)
    {
        if (rdata.Length > ushort.MaxValue) { return false; }
        ref readonly var layout = ref RecordTypes.LayoutOf(type);
        return layout.IsExact ? layout.Fits(rdata) : RecordTypes.Find(type) is not { } row || row.IsValid(rdata);
    }

    /// <summary>Equality of valid RDATA: names compare without case where their type's row says so.</summary>
    internal static bool AreEqual(RecordType type, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length) { return false; }
        if (left.SequenceEqual(right)) { return true; }
        ref readonly var layout = ref RecordTypes.LayoutOf(type);
        if (layout.IsFlat) { return false; }
        var (one, other) = (left.ToArray(), right.ToArray());
        layout.Canonicalize(one);
        layout.Canonicalize(other);
        return one.AsSpan().SequenceEqual(other);
    }

    /// <summary>The data as bytes in canonical form: names in lower case where RFC 4034 section 6.2 asks for it.</summary>
    public byte[] ToCanonical()
    {
        var copy = (byte[])_wire.Clone();
        RecordTypes.LayoutOf(Type).Canonicalize(copy);
        return copy;
    }

    /// <inheritdoc/>
    public bool Equals(RecordData? other)
    {
        if (other is null || other.Type != Type) { return false; }
        return ReferenceEquals(this, other) || AreEqual(Type, Wire, other.Wire);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RecordData);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // Folding every byte may join what differs, never part what is equal.
        var hash = new HashCode();
        hash.Add(Type);
        foreach (var value in _wire) { hash.Add(WireName.Fold(value)); }
        return hash.ToHashCode();
    }

    /// <summary>Canonical order within a set (RFC 4034 section 6.3): the canonical bytes as they are; by type before that.</summary>
    public int CompareTo(RecordData? other)
    {
        if (other is null) { return 1; }
        return Type != other.Type ? Type.CompareTo(other.Type) : ToCanonical().AsSpan().SequenceCompareTo(other.ToCanonical());
    }

    /// <summary>The presentation text, as it stands in a zone file after the type; "\# length hex" where the type has no row (RFC 3597 section 5).</summary>
    public sealed override string ToString()
    {
        var text = new RecordTextWriter();
        return RecordTypes.Find(Type) is { } row && row.TryPrint(Wire, text) ? text.ToString() : ToGenericString();
    }

    /// <summary>Writes the words of the presentation text; false when there is none but the generic one.</summary>
    internal bool TryPrint(RecordTextWriter text) => RecordTypes.Find(Type) is { } row && row.TryPrint(Wire, text);

    /// <summary>"\# length hex", which every reader of zone files takes for every type (RFC 3597 section 5).</summary>
    public string ToGenericString() => Wire.Length == 0 ? @"\# 0" : $@"\# {Wire.Length} {Convert.ToHexString(Wire)}";

    /// <summary>Writes the fields as a JSON object, each by its name; "data" with hexadecimal digits where the type has no row.</summary>
    public void WriteJson(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        if (RecordTypes.Find(Type) is { } row) { row.WriteJson(json, Wire); }
        else { json.WriteString("data", Convert.ToHexString(Wire)); }
        json.WriteEndObject();
    }

    public static bool operator ==(RecordData? left, RecordData? right) => left is null ? right is null : left.Equals(right);
    public static bool operator !=(RecordData? left, RecordData? right) => !(left == right);
    public static bool operator <(RecordData? left, RecordData? right) => Compare(left, right) < 0;
    public static bool operator >(RecordData? left, RecordData? right) => Compare(left, right) > 0;
    public static bool operator <=(RecordData? left, RecordData? right) => Compare(left, right) <= 0;
    public static bool operator >=(RecordData? left, RecordData? right) => Compare(left, right) >= 0;

    private static int Compare(RecordData? left, RecordData? right) => left is null ? right is null ? 0 : -1 : left.CompareTo(right);

    private protected static DnsName NameAt(byte[] wire, int at, out int end)
    {
        var length = RdataLayout.NameLength(wire.AsSpan(at));
        end = at + length;
        return DnsName.FromValidWire(wire.AsSpan(at, length));
    }
}

/// <summary>A and AAAA: an address (RFC 1035 section 3.4.1, RFC 3596).</summary>
public sealed class AddressData : RecordData
{
    internal AddressData(IpAddress address, byte[] wire) : base(address.IsV4 ? RecordType.A : RecordType.AAAA, wire) => Address = address;

    /// <summary>An A record's data for an IPv4 address, an AAAA record's for an IPv6 address.</summary>
    /// <exception cref="ArgumentException">There is no address.</exception>
    public AddressData(IpAddress address) : this(address, ToWire(address)) { }

    /// <summary>The address.</summary>
    public IpAddress Address { get; }

    private static byte[] ToWire(IpAddress address)
    {
        if (address.Version == IpVersion.None) { throw new ArgumentException("an address record needs an address", nameof(address)); }
        var wire = new byte[address.BitLength / 8];
        address.WriteBytes(wire);
        return wire;
    }
}

/// <summary>NS, CNAME, PTR and DNAME: one name (RFC 1035 section 3.3, RFC 6672).</summary>
public sealed class NameData : RecordData
{
    internal NameData(RecordType type, DnsName target, byte[] wire) : base(type, wire) => Target = target;

    /// <summary>The data of an NS, CNAME, PTR or DNAME record.</summary>
    /// <exception cref="ArgumentException">The type's data is not one name.</exception>
    public NameData(RecordType type, DnsName target) : this(type, target, target.Wire.ToArray())
    {
        if (type.Value is not (2 or 5 or 12 or 39)) { throw new ArgumentException($"the data of {type} is not one name", nameof(type)); }
    }

    /// <summary>The name pointed to.</summary>
    public DnsName Target { get; }
}

/// <summary>SOA: who keeps a zone, and its times (RFC 1035 section 3.3.13).</summary>
public sealed class SoaData : RecordData
{
    private SoaData(DnsName primary, DnsName mailbox, uint serial, uint refresh, uint retry, uint expire, uint minimum, byte[] wire)
        : base(RecordType.SOA, wire) =>
        (Primary, Mailbox, Serial, Refresh, Retry, Expire, Minimum) = (primary, mailbox, serial, refresh, retry, expire, minimum);

    /// <summary>An SOA record's data.</summary>
    public SoaData(DnsName primary, DnsName mailbox, uint serial, uint refresh, uint retry, uint expire, uint minimum)
        : this(primary, mailbox, serial, refresh, retry, expire, minimum, ToWire(primary, mailbox, serial, refresh, retry, expire, minimum)) { }

    /// <summary>MNAME: the primary server.</summary>
    public DnsName Primary { get; }

    /// <summary>RNAME: the mailbox of the keeper, its first label being the local part.</summary>
    public DnsName Mailbox { get; }

    /// <summary>The version of the zone, compared by RFC 1982.</summary>
    public uint Serial { get; }

    /// <summary>Seconds after which a secondary asks for a newer version.</summary>
    public uint Refresh { get; }

    /// <summary>Seconds after which it asks again when that failed.</summary>
    public uint Retry { get; }

    /// <summary>Seconds after which it gives the zone up.</summary>
    public uint Expire { get; }

    /// <summary>The upper limit in seconds for keeping "there is none" (RFC 2308 section 4).</summary>
    public uint Minimum { get; }

    internal static SoaData Read(byte[] wire)
    {
        var primary = NameAt(wire, 0, out var at);
        var mailbox = NameAt(wire, at, out at);
        uint Number(int index) => BinaryPrimitives.ReadUInt32BigEndian(wire.AsSpan(at + 4 * index));
        return new SoaData(primary, mailbox, Number(0), Number(1), Number(2), Number(3), Number(4), wire);
    }

    private static byte[] ToWire(DnsName primary, DnsName mailbox, params ReadOnlySpan<uint> numbers)
    {
        var wire = new byte[primary.Length + mailbox.Length + 20];
        primary.Wire.CopyTo(wire);
        mailbox.Wire.CopyTo(wire.AsSpan(primary.Length));
        for (var i = 0; i < 5; i++) { BinaryPrimitives.WriteUInt32BigEndian(wire.AsSpan(wire.Length - 20 + 4 * i), numbers[i]); }
        return wire;
    }
}

/// <summary>MX: a host that takes mail (RFC 1035 section 3.3.9).</summary>
public sealed class MxData : RecordData
{
    internal MxData(ushort preference, DnsName exchange, byte[] wire) : base(RecordType.MX, wire) => (Preference, Exchange) = (preference, exchange);

    /// <summary>An MX record's data.</summary>
    public MxData(ushort preference, DnsName exchange)
        : this(preference, exchange, [(byte)(preference >> 8), (byte)preference, .. exchange.Wire]) { }

    /// <summary>Lower is tried first.</summary>
    public ushort Preference { get; }

    /// <summary>The host; the root means that the domain takes no mail (RFC 7505).</summary>
    public DnsName Exchange { get; }
}

/// <summary>TXT: character-strings of up to 255 bytes (RFC 1035 section 3.3.14).</summary>
public sealed class TxtData : RecordData
{
    /// <summary>The RDATA in a type of its own: an array of bytes alone would be taken for one string.</summary>
    private TxtData(RawData data) : base(RecordType.TXT, data.Wire) { }

    /// <summary>A TXT record's data from its strings.</summary>
    /// <exception cref="ArgumentException">There is no string, or one is longer than 255 bytes.</exception>
    public TxtData(params IReadOnlyList<byte[]> strings) : this(ToWire(strings)) { }

    /// <summary>The strings.</summary>
    public IReadOnlyList<byte[]> Strings
    {
        get
        {
            var strings = new List<byte[]>();
            for (var rest = Wire; rest.Length > 0; rest = rest[(1 + rest[0])..]) { strings.Add(rest.Slice(1, rest[0]).ToArray()); }
            return strings;
        }
    }

    internal static TxtData FromWire(byte[] wire) => new(new RawData(wire));

    private readonly record struct RawData(byte[] Wire);

    private static RawData ToWire(IReadOnlyList<byte[]> strings)
    {
        if (strings.Count == 0) { throw new ArgumentException("a TXT record has at least one string", nameof(strings)); }
        var wire = new List<byte>();
        foreach (var value in strings)
        {
            if (value.Length > byte.MaxValue) { throw new ArgumentException("a string of a TXT record has at most 255 bytes", nameof(strings)); }
            wire.Add((byte)value.Length);
            wire.AddRange(value);
        }
        return new RawData([.. wire]);
    }
}

/// <summary>SRV: where a service runs (RFC 2782).</summary>
public sealed class SrvData : RecordData
{
    private SrvData(ushort priority, ushort weight, ushort port, DnsName target, byte[] wire) : base(RecordType.SRV, wire) =>
        (Priority, Weight, Port, Target) = (priority, weight, port, target);

    /// <summary>An SRV record's data.</summary>
    public SrvData(ushort priority, ushort weight, ushort port, DnsName target)
        : this(priority, weight, port, target,
            [(byte)(priority >> 8), (byte)priority, (byte)(weight >> 8), (byte)weight, (byte)(port >> 8), (byte)port, .. target.Wire])
    { }

    /// <summary>Lower is tried first.</summary>
    public ushort Priority { get; }

    /// <summary>The share of those with the same priority.</summary>
    public ushort Weight { get; }

    /// <summary>The port of the service.</summary>
    public ushort Port { get; }

    /// <summary>The host; the root means that the service is not offered.</summary>
    public DnsName Target { get; }

    internal static SrvData Read(byte[] wire) => new(
        BinaryPrimitives.ReadUInt16BigEndian(wire), BinaryPrimitives.ReadUInt16BigEndian(wire.AsSpan(2)), BinaryPrimitives.ReadUInt16BigEndian(wire.AsSpan(4)),
        NameAt(wire, 6, out _), wire);
}
