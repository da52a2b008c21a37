using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Firstbyte.Addressing;

/// <summary>The text form: dotted decimal for IPv4, RFC 5952 for IPv6 (lower case, longest run of zeros as "::").</summary>
public readonly partial struct IpAddress
{
    /// <summary>Reads an address: four decimal numbers without leading zeros, or RFC 4291 section 2.2 text with an optional "%zone".</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpAddress address) => TryParse(text.AsSpan(), out address);

    /// <inheritdoc cref="TryParse(string?, out IpAddress)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        if (text.IndexOf(':') < 0)
        {
            if (!TryParseV4(text, out var bits)) { return false; }
            address = FromV4(bits);
            return true;
        }
        string? zone = null;
        var percent = text.IndexOf('%');
        if (percent >= 0)
        {
            if (percent == text.Length - 1) { return false; }
            zone = text[(percent + 1)..].ToString();
            text = text[..percent];
        }
        if (!TryParseV6(text, out var wide)) { return false; }
        address = FromV6(wide, zone);
        return true;
    }

    /// <summary>Reads an address or throws.</summary>
    /// <exception cref="FormatException">The text is not an address.</exception>
    public static IpAddress Parse(string text) =>
        TryParse(text, out var address)
            ? address
            : throw new FormatException(
                $"'{text}' is not an IP address: expected four numbers such as 192.0.2.1, or IPv6 text such as 2001:db8::1.");

    /// <summary>The same address as the base library's type.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = WriteBytes(bytes);
        if (length == 0) { return IPAddress.None; }
        var address = new IPAddress(bytes[..length]);
        if (_zone is not null && long.TryParse(_zone, NumberStyles.None, CultureInfo.InvariantCulture, out var scope)) { address.ScopeId = scope; }
        return address;
    }

    /// <summary>The same address from the base library's type.</summary>
    public static IpAddress FromIPAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        TryFromBytes(bytes[..length], out var result);
        return address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0
            ? FromV6(result.Bits, address.ScopeId.ToString(CultureInfo.InvariantCulture))
            : result;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<char> buffer = stackalloc char[64];
        switch (Version)
        {
            case IpVersion.V4: return new string(buffer[..FormatV4((uint)_low, buffer)]);
            case IpVersion.V6:
                var text = new string(buffer[..FormatV6(Bits, buffer)]);
                return _zone is null ? text : text + "%" + _zone;
            default: return "";
        }
    }

    private static int FormatV4(uint bits, Span<char> destination)
    {
        var length = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            if (shift != 24) { destination[length++] = '.'; }
            ((byte)(bits >> shift)).TryFormat(destination[length..], out var written, default, CultureInfo.InvariantCulture);
            length += written;
        }
        return length;
    }

    private static int FormatV6(UInt128 bits, Span<char> destination)
    {
        Span<ushort> groups = stackalloc ushort[8];
        for (var i = 0; i < 8; i++) { groups[i] = (ushort)(bits >> (112 - 16 * i)); }

        // RFC 5952 4.2.3: the longest run of zero groups, the first of equals, never a single group.
        var (bestStart, bestLength) = (-1, 1);
        for (var i = 0; i < 8;)
        {
            var end = i;
            while (end < 8 && groups[end] == 0) { end++; }
            if (end - i > bestLength) { (bestStart, bestLength) = (i, end - i); }
            i = end == i ? i + 1 : end;
        }

        var length = 0;
        for (var i = 0; i < 8; i++)
        {
            if (i == bestStart)
            {
                destination[length++] = ':';
                destination[length++] = ':';
                i += bestLength - 1;
                continue;
            }
            if (i > 0 && destination[length - 1] != ':') { destination[length++] = ':'; }
            // RFC 5952 section 5: IPv4-mapped addresses end in dotted decimal.
            if (i == 6 && bestStart == 0 && bestLength == 5 && groups[5] == 0xFFFF)
            {
                return length + FormatV4((uint)bits, destination[length..]);
            }
            groups[i].TryFormat(destination[length..], out var written, "x", CultureInfo.InvariantCulture);
            length += written;
        }
        return length;
    }

    private static bool TryParseV4(ReadOnlySpan<char> text, out uint bits)
    {
        bits = 0;
        for (var part = 0; part < 4; part++)
        {
            if (part > 0)
            {
                if (text.Length == 0 || text[0] != '.') { return false; }
                text = text[1..];
            }
            var digits = 0;
            uint value = 0;
            while (digits < text.Length && digits < 3 && char.IsAsciiDigit(text[digits])) { value = value * 10 + (uint)(text[digits++] - '0'); }
            if (digits == 0 || value > 255 || (digits > 1 && text[0] == '0')) { return false; }
            bits = bits << 8 | value;
            text = text[digits..];
        }
        return text.Length == 0;
    }

    private static bool TryParseV6(ReadOnlySpan<char> text, out UInt128 bits)
    {
        bits = 0;
        Span<ushort> groups = stackalloc ushort[8];
        var (count, gap) = (0, -1);
        if (text.StartsWith("::"))
        {
            gap = 0;
            text = text[2..];
        }
        while (text.Length > 0)
        {
            if (count == 8) { return false; }
            var digits = 0;
            var value = 0;
            while (digits < text.Length && digits < 4 && char.IsAsciiHexDigit(text[digits]))
            {
                value = value << 4 | (char.IsAsciiDigit(text[digits]) ? text[digits] - '0' : (text[digits] | 0x20) - 'a' + 10);
                digits++;
            }
            if (digits == 0) { return false; }
            if (digits < text.Length && text[digits] == '.')
            {
                if (count > 6 || !TryParseV4(text, out var tail)) { return false; }
                groups[count++] = (ushort)(tail >> 16);
                groups[count++] = (ushort)tail;
                break;
            }
            groups[count++] = (ushort)value;
            text = text[digits..];
            if (text.Length == 0) { break; }
            if (text[0] != ':') { return false; }
            text = text[1..];
            if (text.Length == 0) { return false; }
            if (text[0] == ':')
            {
                if (gap >= 0) { return false; }
                gap = count;
                text = text[1..];
            }
        }
        if (gap < 0 ? count != 8 : count > 7) { return false; }
        for (var i = 0; i < count; i++)
        {
            var place = gap >= 0 && i >= gap ? 8 - count + i : i;
            bits |= (UInt128)groups[i] << (112 - 16 * place);
        }
        return true;
    }
}
