using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Firstbyte.Packets;

/// <summary>A 48-bit IEEE 802 address of a network interface. Written 02:00:5e:10:00:01.</summary>
[JsonConverter(typeof(MacAddressJsonConverter))]
public readonly record struct MacAddress : IComparable<MacAddress>
{
    /// <summary>Bytes of an address on the wire.</summary>
    public const int Length = 6;

    private const ulong Mask = 0xFFFF_FFFF_FFFF;

    /// <summary>The address of a 48-bit number; higher bits are ignored.</summary>
    public MacAddress(ulong bits) => Bits = bits & Mask;

    /// <summary>ff:ff:ff:ff:ff:ff, every interface on the link.</summary>
    public static MacAddress Broadcast => new(Mask);

    /// <summary>The address as a 48-bit number.</summary>
    public ulong Bits { get; }

    /// <summary>All bits one.</summary>
    public bool IsBroadcast => Bits == Mask;

    /// <summary>The group bit is set: a multicast address, or broadcast.</summary>
    public bool IsGroup => (Bits & 0x0100_0000_0000) != 0;

    /// <summary>00:00:00:00:00:00, no address.</summary>
    public bool IsZero => Bits == 0;

    /// <summary>Reads the first six bytes.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> source) =>
        new(((ulong)BinaryPrimitives.ReadUInt16BigEndian(source) << 32) | BinaryPrimitives.ReadUInt32BigEndian(source[2..]));

    /// <summary>The group address of an IPv4 multicast address: 01:00:5e and its low 23 bits (RFC 1112 section 6.4).</summary>
    public static MacAddress ForIpv4Multicast(uint address) => new(0x0100_5E00_0000UL | (address & 0x7F_FFFF));

    /// <summary>The group address of an IPv6 multicast address: 33:33 and its low 32 bits (RFC 2464 section 7).</summary>
    public static MacAddress ForIpv6Multicast(UInt128 address) => new(0x3333_0000_0000UL | (uint)address);

    /// <summary>Reads six hexadecimal pairs divided by ':' or '-'.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MacAddress address)
    {
        address = default;
        if (text.Length != 17) { return false; }
        ulong bits = 0;
        for (var i = 0; i < 6; i++)
        {
            if (i > 0 && text[i * 3 - 1] is not (':' or '-')) { return false; }
            if (!byte.TryParse(text.Slice(i * 3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet)) { return false; }
            bits = (bits << 8) | octet;
        }
        address = new MacAddress(bits);
        return true;
    }

    /// <summary>Writes the six bytes.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(Bits >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], (uint)Bits);
    }

    /// <summary>The lower 64 bits of an IPv6 address made from this one (modified EUI-64, RFC 4291 appendix A).</summary>
    public ulong ToInterfaceIdentifier() =>
        (((Bits & 0xFFFF_FF00_0000) << 16) | 0xFF_FE00_0000 | (Bits & 0xFF_FFFF)) ^ 0x0200_0000_0000_0000;

    /// <inheritdoc/>
    public int CompareTo(MacAddress other) => Bits.CompareTo(other.Bits);

    /// <inheritdoc/>
    public override string ToString() => string.Create(17, Bits, static (text, bits) =>
    {
        const string Digits = "0123456789abcdef";
        for (var i = 0; i < 6; i++)
        {
            var octet = (int)(bits >> (40 - 8 * i)) & 0xFF;
            text[i * 3] = Digits[octet >> 4];
            text[i * 3 + 1] = Digits[octet & 15];
            if (i < 5) { text[i * 3 + 2] = ':'; }
        }
    });

    public static bool operator <(MacAddress left, MacAddress right) => left.Bits < right.Bits;
    public static bool operator >(MacAddress left, MacAddress right) => left.Bits > right.Bits;
    public static bool operator <=(MacAddress left, MacAddress right) => left.Bits <= right.Bits;
    public static bool operator >=(MacAddress left, MacAddress right) => left.Bits >= right.Bits;
}

/// <summary>Writes a hardware address as its text.</summary>
public sealed class MacAddressJsonConverter : JsonConverter<MacAddress>
{
    /// <inheritdoc/>
    public override MacAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return MacAddress.TryParse(text, out var address) ? address : throw new JsonException($"'{text}' is not a hardware address");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, MacAddress value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
