using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Firstbyte.Addressing;

/// <summary>The two versions of the Internet Protocol.</summary>
public enum IpVersion : byte
{
    /// <summary>No address at all: the default value of <see cref="IpAddress"/>.</summary>
    None = 0,

    /// <summary>32-bit addresses (RFC 791).</summary>
    V4 = 4,

    /// <summary>128-bit addresses (RFC 8200).</summary>
    V6 = 6,
}

/// <summary>An IPv4 or IPv6 address, with an IPv6 zone identifier where the address has one (RFC 4007 section 11).</summary>
[JsonConverter(typeof(IpAddressJsonConverter))]
public readonly partial struct IpAddress : IEquatable<IpAddress>, IComparable<IpAddress>
{
    // Two halves and not one number of 128 bits: methods that handle a structure with such a number are not compiled ahead of time as ready-to-run code, and
    // nearly every method of the network handles addresses.
    private readonly ulong _high, _low;
    private readonly string? _zone;

    private IpAddress(ulong high, ulong low, IpVersion version, string? zone = null)
    {
        (_high, _low) = (high, low);
        Version = version;
        _zone = zone;
    }

    /// <summary>0.0.0.0</summary>
    public static IpAddress AnyV4 => new(0, 0, IpVersion.V4);

    /// <summary>::</summary>
    public static IpAddress AnyV6 => new(0, 0, IpVersion.V6);

    /// <summary>127.0.0.1</summary>
    public static IpAddress LoopbackV4 => new(0, 0x7F000001, IpVersion.V4);

    /// <summary>::1</summary>
    public static IpAddress LoopbackV6 => new(0, 1, IpVersion.V6);

    /// <summary>Whether a host means itself by it: 127.0.0.0/8 (RFC 1122 3.2.1.3), ::1 (RFC 4291 2.5.3).</summary>
    public bool IsLoopback => IsV4 ? _low >> 24 == 127 : _high == 0 && _low == 1;

    /// <summary>The version; <see cref="IpVersion.None"/> for the default value.</summary>
    public IpVersion Version { get; }

    /// <summary>True for an IPv4 address.</summary>
    public bool IsV4 => Version == IpVersion.V4;

    /// <summary>True for an IPv6 address.</summary>
    public bool IsV6 => Version == IpVersion.V6;

    /// <summary>32 or 128: the length of the address in bits; 0 for the default value.</summary>
    public int BitLength => Version switch { IpVersion.V4 => 32, IpVersion.V6 => 128, _ => 0 };

    /// <summary>The address as a number: 32 significant bits for IPv4.</summary>
    public UInt128 Bits => new(_high, _low);

    /// <summary>The IPv6 zone identifier without its '%', or null.</summary>
    public string? Zone => _zone;

    /// <summary>The IPv4 address of a 32-bit number.</summary>
    public static IpAddress FromV4(uint bits) => new(0, bits, IpVersion.V4);

    /// <summary>The IPv6 address of a 128-bit number.</summary>
    public static IpAddress FromV6(UInt128 bits, string? zone = null) => new((ulong)(bits >> 64), (ulong)bits, IpVersion.V6, zone);

    /// <summary>Reads 4 or 16 bytes in network order; false for any other length.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out IpAddress address)
    {
        switch (bytes.Length)
        {
            case 4: address = FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes)); return true;
            case 16:
                address = new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), IpVersion.V6);
                return true;
            default: address = default; return false;
        }
    }

    /// <summary>
    /// Writes the 4 or 16 bytes of the address in network order and returns their number; 0 when the destination is too short or there is
    /// no address.
    /// </summary>
    public int WriteBytes(Span<byte> destination)
    {
        switch (Version)
        {
            case IpVersion.V4 when destination.Length >= 4: BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_low); return 4;
            case IpVersion.V6 when destination.Length >= 16:
                BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
                BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
                return 16;
            default: return 0;
        }
    }

    /// <summary>Another address of the same version.</summary>
    internal IpAddress WithBits(UInt128 bits) => new((ulong)(bits >> 64), (ulong)bits, Version);

    /// <inheritdoc/>
    public bool Equals(IpAddress other) => _low == other._low && _high == other._high && Version == other.Version && _zone == other._zone;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IpAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_low, _high, (int)Version);

    /// <summary>Orders IPv4 before IPv6, then by number, then by zone.</summary>
    public int CompareTo(IpAddress other)
    {
        // As numbers: an enumeration's own comparison would box both.
        var order = (int)Version - (int)other.Version;
        if (order != 0) { return order; }
        order = _high.CompareTo(other._high);
        if (order == 0) { order = _low.CompareTo(other._low); }
        return order != 0 ? order : string.CompareOrdinal(_zone, other._zone);
    }

    public static bool operator ==(IpAddress left, IpAddress right) => left.Equals(right);
    public static bool operator !=(IpAddress left, IpAddress right) => !left.Equals(right);
    public static bool operator <(IpAddress left, IpAddress right) => left.CompareTo(right) < 0;
    public static bool operator >(IpAddress left, IpAddress right) => left.CompareTo(right) > 0;
    public static bool operator <=(IpAddress left, IpAddress right) => left.CompareTo(right) <= 0;
    public static bool operator >=(IpAddress left, IpAddress right) => left.CompareTo(right) >= 0;
}

/// <summary>Writes an address as its text.</summary>
public sealed class IpAddressJsonConverter : JsonConverter<IpAddress>
{
    /// <inheritdoc/>
    public override IpAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return text is { Length: 0 }
            ? default
            : IpAddress.TryParse(text, out var address) ? address : throw new JsonException($"'{text}' is not an IP address");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IpAddress value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
