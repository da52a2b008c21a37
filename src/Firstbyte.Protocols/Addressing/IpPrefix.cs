using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Firstbyte.Addressing;

/// <summary>A block of addresses that share their first bits: a network number and a mask (RFC 4632 3.1, RFC 4291 2.3). Its host bits are zero.</summary>
[JsonConverter(typeof(IpPrefixJsonConverter))]
public readonly struct IpPrefix : IEquatable<IpPrefix>, IComparable<IpPrefix>
{
    /// <summary>The prefix of the given length in bits that contains the address.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is not within the address.</exception>
    public IpPrefix(IpAddress address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, address.BitLength);
        Length = length;
        Network = address.WithBits(address.Bits & MaskBits(address.BitLength, length));
    }

    /// <summary>The subnet itself: the address whose host number is all zeros.</summary>
    public IpAddress Network { get; }

    /// <summary>Bits of the network number.</summary>
    public int Length { get; }

    /// <summary>Bits of the host number.</summary>
    public int HostBits => Network.BitLength - Length;

    /// <summary>The mask as an address: ones over the network number (255.255.255.0).</summary>
    public IpAddress Mask => Network.WithBits(MaskBits(Network.BitLength, Length));

    /// <summary>The last address: all ones in the host number.</summary>
    public IpAddress Last => Network.WithBits(Network.Bits | HostMask);

    /// <summary>The broadcast address; null for IPv6, which has none, and for /31 and /32, where there is no room for one (RFC 3021).</summary>
    public IpAddress? Broadcast => Network.IsV4 && HostBits >= 2 ? Last : null;

    /// <summary>The first address that a host may have.</summary>
    public IpAddress FirstHost => Network.IsV4 && HostBits >= 2 ? Network.WithBits(Network.Bits + 1) : Network;

    /// <summary>The last address that a host may have.</summary>
    public IpAddress LastHost => Network.IsV4 && HostBits >= 2 ? Network.WithBits(Last.Bits - 1) : Last;

    /// <summary>How many addresses the block holds: 2 to the number of host bits.</summary>
    public BigInteger Size => BigInteger.One << HostBits;

    /// <summary>How many hosts it can number: without network and broadcast address where those exist.</summary>
    public BigInteger HostCount => Network.IsV4 && HostBits >= 2 ? Size - 2 : Size;

    private UInt128 HostMask => ~MaskBits(Network.BitLength, Length) & AllOnes(Network.BitLength);

    /// <summary>Whether the address lies in the block (its zone does not count).</summary>
    public bool Contains(IpAddress address) =>
        address.Version == Network.Version && (address.Bits & MaskBits(Network.BitLength, Length)) == Network.Bits;

    /// <summary>Whether the whole other block lies in this one.</summary>
    public bool Contains(IpPrefix other) => other.Length >= Length && Contains(other.Network);

    /// <summary>
    /// Reads "10.11.12.0/24", "10.11.12.0/255.255.255.0" or "2001:db8::/32"; host bits may be set and are cleared. Without a length it is
    /// the whole address.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpPrefix prefix)
    {
        var read = InterfaceAddress.TryParse(text, out var address, out _);
        prefix = read ? address.Prefix : default;
        return read;
    }

    /// <summary>Reads a prefix or throws.</summary>
    /// <exception cref="FormatException">The text is no prefix; the message says what was expected.</exception>
    public static IpPrefix Parse(string text) => InterfaceAddress.Parse(text).Prefix;

    /// <summary>The same prefix as the base library's type.</summary>
    public System.Net.IPNetwork ToIPNetwork() => new(Network.ToIPAddress(), Length);

    /// <summary>The same prefix from the base library's type.</summary>
    public static IpPrefix FromIPNetwork(System.Net.IPNetwork network) => new(IpAddress.FromIPAddress(network.BaseAddress), network.PrefixLength);

    /// <summary>A prefix whose mask this is; false when ones follow zeros.</summary>
    public static bool TryLengthOfMask(IpAddress mask, out int length)
    {
        var bits = mask.Bits << (128 - Math.Max(mask.BitLength, 1));
        length = (int)UInt128.LeadingZeroCount(~bits);
        return mask.Version != IpVersion.None && mask.Bits == MaskBits(mask.BitLength, Math.Min(length, mask.BitLength));
    }

    internal static UInt128 MaskBits(int bitLength, int length) =>
        length == 0 ? 0 : (UInt128.MaxValue << (128 - length)) >> (128 - bitLength);

    private static UInt128 AllOnes(int bitLength) => MaskBits(bitLength, bitLength);

    /// <inheritdoc/>
    public bool Equals(IpPrefix other) => Length == other.Length && Network == other.Network;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IpPrefix other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Network, Length);

    /// <summary>Orders by network, the larger block before the smaller.</summary>
    public int CompareTo(IpPrefix other)
    {
        var order = Network.CompareTo(other.Network);
        return order != 0 ? order : Length.CompareTo(other.Length);
    }

    /// <inheritdoc/>
    public override string ToString() => Network.Version == IpVersion.None ? "" : $"{Network}/{Length.ToString(CultureInfo.InvariantCulture)}";

    public static bool operator ==(IpPrefix left, IpPrefix right) => left.Equals(right);
    public static bool operator !=(IpPrefix left, IpPrefix right) => !left.Equals(right);
    public static bool operator <(IpPrefix left, IpPrefix right) => left.CompareTo(right) < 0;
    public static bool operator >(IpPrefix left, IpPrefix right) => left.CompareTo(right) > 0;
    public static bool operator <=(IpPrefix left, IpPrefix right) => left.CompareTo(right) <= 0;
    public static bool operator >=(IpPrefix left, IpPrefix right) => left.CompareTo(right) >= 0;
}

/// <summary>Writes a prefix as its text.</summary>
public sealed class IpPrefixJsonConverter : JsonConverter<IpPrefix>
{
    /// <inheritdoc/>
    public override IpPrefix Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return text is { Length: 0 } ? default : IpPrefix.TryParse(text, out var prefix) ? prefix : throw new JsonException($"'{text}' is not a prefix");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IpPrefix value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
