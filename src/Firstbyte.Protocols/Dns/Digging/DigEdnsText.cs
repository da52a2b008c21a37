using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Dns.Digging;

/// <summary>An OPT record as dig shows it.</summary>
internal static class DigEdnsText
{
    /// <summary>The lines of the section, without its head.</summary>
    /// <param name="edns">The record.</param>
    /// <param name="sent">The cookie that the query had, where this is an answer to it.</param>
    public static IEnumerable<string> Lines(EdnsView edns, byte[]? sent)
    {
        var lines = new List<string>();
        var reserved = edns.ReservedFlags == 0 ? "" : $" MBZ: 0x{edns.ReservedFlags:x4},";
        lines.Add($"; EDNS: version: {edns.Version}, flags:{(edns.DnssecOk ? " do" : "")};{reserved} udp: {edns.StatedPayloadSize}");
        foreach (var option in edns.ToEdns().Options) { lines.Add("; " + Option(option, sent)); }
        return lines;
    }

    private static string Option(EdnsOption option, byte[]? sent)
    {
        var data = option.Data;
        switch (option.Code.Value)
        {
            case 3: return "NSID:" + Bytes(data);
            case 8 when ClientSubnet.TryRead(data, out var subnet): return $"CLIENT-SUBNET: {subnet}";
            case 9 when data.Length == 4:
                var expire = BinaryPrimitives.ReadUInt32BigEndian(data);
                return $"EXPIRE: {expire} ({DigRecordText.Spoken(expire)})";
            case 9 when data.Length == 0: return "EXPIRE:";
            case 10: return $"COOKIE: {Convert.ToHexStringLower(data)}{Verdict(data, sent)}";
            case 11 when data.Length == 2: return $"TCP KEEPALIVE: {Tenths(BinaryPrimitives.ReadUInt16BigEndian(data))} secs";
            case 11 when data.Length == 0: return "TCP KEEPALIVE:";
            case 12: return data.Length == 0 ? "PAD:" : $"PAD: ({data.Length} bytes)";
            case 15 when data.Length >= 2:
                var info = new ExtendedErrorCode(BinaryPrimitives.ReadUInt16BigEndian(data));
                return data.Length > 2 ? $"EDE: {info}: ({Text(data.AsSpan(2))})" : $"EDE: {info}";
            default: return $"OPT={option.Code.Value}:{Bytes(data)}";
        }
    }

    /// <summary>RFC 7873 section 5.3: what a client makes of its own cookie in an answer.</summary>
    private static string Verdict(byte[] cookie, byte[]? sent)
    {
        const int clientLength = 8;
        if (sent is null || sent.Length < clientLength) { return ""; }
        if (cookie.AsSpan().SequenceEqual(sent) && cookie.Length == clientLength) { return " (echoed)"; }
        return cookie.Length >= 2 * clientLength && cookie.AsSpan(0, clientLength).SequenceEqual(sent.AsSpan(0, clientLength)) ? " (good)" : " (bad)";
    }

    /// <summary>RFC 7828 section 3.1 counts in 100 milliseconds.</summary>
    private static string Tenths(int count) => string.Create(CultureInfo.InvariantCulture, $"{count / 10}.{count % 10}");

    private static string Bytes(byte[] data)
    {
        if (data.Length == 0) { return ""; }
        var text = new StringBuilder();
        foreach (var value in data) { text.Append(' ').Append(CultureInfo.InvariantCulture, $"{value:x2}"); }
        return text.Append(" (\"").Append(Text(data)).Append("\")").ToString();
    }

    private static string Text(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder();
        foreach (var value in data) { text.Append(value is >= 0x20 and < 0x7F ? (char)value : '.'); }
        return text.ToString();
    }
}
