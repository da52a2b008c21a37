using System.Buffers.Binary;
using System.Globalization;
using Firstbyte.Addressing;

namespace Firstbyte.Ftp;

/// <summary>The places of data connections, as replies and commands write them.</summary>
public static class FtpAddresses
{
    /// <summary>
    /// 227 (RFC 959 4.1.2): six decimal numbers with commas between, somewhere in the text (RFC 1123 4.1.2.6: the parentheses may be
    /// missing).
    /// </summary>
    public static bool TryReadPassive(string text, out Endpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(text);
        endpoint = default;
        Span<byte> numbers = stackalloc byte[6];
        for (var start = 0; start < text.Length; start++)
        {
            if (!char.IsAsciiDigit(text[start]) || (start > 0 && char.IsAsciiDigit(text[start - 1]))) { continue; }
            if (!TryReadSix(text.AsSpan(start), numbers)) { continue; }
            endpoint = new Endpoint(IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(numbers)), (ushort)((numbers[4] << 8) | numbers[5]));
            return endpoint.Port != 0;
        }
        return false;
    }

    /// <summary>229 (RFC 2428 3): <c>(|||port|)</c>, with whatever character stands between.</summary>
    public static bool TryReadExtendedPassive(string text, out ushort port)
    {
        ArgumentNullException.ThrowIfNull(text);
        port = 0;
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || text.Length < open + 7) { return false; }
        var delimiter = text[open + 1];
        // RFC 2428 2: 33 to 126; a digit would not delimit.
        if (delimiter is < '!' or > '~' || char.IsAsciiDigit(delimiter) || text[open + 2] != delimiter || text[open + 3] != delimiter) { return false; }
        var rest = text.AsSpan(open + 4);
        var end = rest.IndexOf(delimiter);
        return end is > 0 and <= 5 && rest.Length > end + 1 && rest[end + 1] == ')'
            && ushort.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port != 0;
    }

    /// <summary>The argument of PORT; only for IPv4.</summary>
    public static string Port(Endpoint local)
    {
        var address = local.Address.ToString().Replace('.', ',');
        return string.Create(CultureInfo.InvariantCulture, $"{address},{local.Port >> 8},{local.Port & 0xff}");
    }

    /// <summary>The argument of EPRT (RFC 2428 2).</summary>
    public static string ExtendedPort(Endpoint local) =>
        string.Create(CultureInfo.InvariantCulture, $"|{(local.Address.IsV4 ? 1 : 2)}|{local.Address}|{local.Port}|");

    private static bool TryReadSix(ReadOnlySpan<char> text, Span<byte> numbers)
    {
        for (var i = 0; i < 6; i++)
        {
            var digits = 0;
            while (digits < text.Length && char.IsAsciiDigit(text[digits])) { digits++; }
            if (digits is 0 or > 3 || !byte.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) { return false; }
            text = text[digits..];
            if (i == 5) { return true; }
            if (text.IsEmpty || text[0] != ',') { return false; }
            text = text[1..];
        }
        return false;
    }
}
