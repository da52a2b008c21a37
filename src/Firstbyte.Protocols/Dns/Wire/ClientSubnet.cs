using System.Buffers.Binary;
using System.Globalization;
using Firstbyte.Addressing;

namespace Firstbyte.Dns.Wire;

/// <summary>For whom a resolver asks: the option of RFC 7871 section 6.</summary>
/// <param name="Family">The address family (IANA "Address Family Numbers"): 1 for IPv4, 2 for IPv6; 0 for nobody.</param>
/// <param name="SourceLength">So many leading bits of the address are told.</param>
/// <param name="ScopeLength">In an answer: for addresses with so many of the same leading bits it holds.</param>
/// <param name="Address">The address, its other bits zero; none for family 0.</param>
public readonly record struct ClientSubnet(ushort Family, byte SourceLength, byte ScopeLength, IpAddress Address)
{
    private const int FixedLength = 4;

    /// <summary>Reads the option's data; false when it does not have its shape.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out ClientSubnet subnet)
    {
        subnet = default;
        if (data.Length < FixedLength) { return false; }
        var family = BinaryPrimitives.ReadUInt16BigEndian(data);
        var (source, scope) = (data[2], data[3]);
        var told = data[FixedLength..];
        if (family == 0)
        {
            subnet = new ClientSubnet(0, source, scope, default);
            return source == 0 && scope == 0 && told.Length == 0;
        }
        var length = family switch { 1 => 4, 2 => 16, _ => 0 };
        // As many bytes as the bits need, and no bit beyond them (RFC 7871 section 6).
        if (length == 0 || source > length * 8 || scope > length * 8 || told.Length != (source + 7) / 8) { return false; }
        Span<byte> whole = stackalloc byte[length];
        told.CopyTo(whole);
        if (source % 8 != 0 && (byte)(told[^1] << source % 8) != 0) { return false; }
        return IpAddress.TryFromBytes(whole, out var address) && (subnet = new ClientSubnet(family, source, scope, address)) is { Family: > 0 };
    }

    /// <summary>Reads "192.0.2.0/24", "2001:db8::/56", an address alone, or "0" for nobody; false when it is none of these.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ClientSubnet subnet)
    {
        subnet = default;
        var slash = text.IndexOf('/');
        byte length = 0;
        if (slash >= 0 && !byte.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out length)) { return false; }
        var host = slash < 0 ? text : text[..slash];
        if (host is "0" && length == 0) { return true; }
        if (!IpAddress.TryParse(host, out var address)) { return false; }
        if (slash < 0) { length = (byte)address.BitLength; }
        if (length > address.BitLength) { return false; }
        Span<byte> bytes = stackalloc byte[16];
        bytes = bytes[..(address.BitLength / 8)];
        address.WriteBytes(bytes);
        Clear(bytes, length);
        IpAddress.TryFromBytes(bytes, out address);
        subnet = new ClientSubnet((ushort)(address.IsV4 ? 1 : 2), length, 0, address);
        return true;
    }

    /// <summary>The option's data.</summary>
    public byte[] ToArray()
    {
        var data = new byte[FixedLength + (SourceLength + 7) / 8];
        BinaryPrimitives.WriteUInt16BigEndian(data, Family);
        (data[2], data[3]) = (SourceLength, ScopeLength);
        if (Family == 0) { return data; }
        Span<byte> whole = stackalloc byte[16];
        Address.WriteBytes(whole);
        whole[..(data.Length - FixedLength)].CopyTo(data.AsSpan(FixedLength));
        return data;
    }

    /// <summary>"192.0.2.0/24/0"; "0/0/0" for nobody.</summary>
    public override string ToString() => $"{(Family == 0 ? "0" : Address.ToString())}/{SourceLength}/{ScopeLength}";

    private static void Clear(Span<byte> bytes, int bits)
    {
        for (var i = 0; i < bytes.Length; i++) { bytes[i] &= (byte)(0xFF00 >> Math.Clamp(bits - i * 8, 0, 8)); }
    }
}
