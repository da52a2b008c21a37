using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Story;

/// <summary>
/// What can be read of TLS without its keys: the records, and the messages that are exchanged before anything is sealed (RFC 8446 4 and 5, RFC 5246 7).
/// </summary>
/// <remarks>A segment may begin in the middle of a record, and end before it does: what cannot be read is said so. The names are the specification's.</remarks>
internal static class TlsRecords
{
    // Own choice: a segment has few.
    private const int MaxRecords = 32;

    private const int HeaderLength = 5;

    private const byte ChangeCipherSpec = 20, Alert = 21, Handshake = 22, ApplicationData = 23;

    private const byte ClientHello = 1, ServerHello = 2;

    private static readonly Dictionary<byte, string> s_messages = new()
    {
        [0] = "HelloRequest",
        [ClientHello] = "ClientHello",
        [ServerHello] = "ServerHello",
        [4] = "NewSessionTicket",
        [8] = "EncryptedExtensions",
        [11] = "Certificate",
        [12] = "ServerKeyExchange",
        [13] = "CertificateRequest",
        [14] = "ServerHelloDone",
        [15] = "CertificateVerify",
        [16] = "ClientKeyExchange",
        [20] = "Finished",
        [22] = "CertificateStatus",
    };

    /// <summary>Whether the first record is a message in clear.</summary>
    public static bool IsClear(ReadOnlySpan<byte> bytes) =>
        IsRecord(bytes) && bytes[0] == Handshake && NameOf(bytes[HeaderLength..], RecordLength(bytes)) is not null;

    /// <summary>A line for each record, and indented below it what a message in clear says.</summary>
    public static IReadOnlyList<string> Lines(ReadOnlySpan<byte> bytes)
    {
        var lines = new List<string>();
        for (var records = 0; bytes.Length > 0 && records < MaxRecords; records++)
        {
            if (!IsRecord(bytes))
            {
                lines.Add($"{Number(bytes.Length)} bytes from the middle of a record");
                break;
            }
            var length = RecordLength(bytes);
            var content = bytes.Slice(HeaderLength, Math.Min(length, bytes.Length - HeaderLength));
            var rest = content.Length < length ? $", {Number(content.Length)} of them here" : "";
            lines.Add($"{NameOf(bytes[0], content, length)}, record of {Number(length)} bytes{rest}");
            if (bytes[0] == Handshake && content.Length > 4 && NameOf(content, length) is not null) { AddHello(lines, content[0], content[4..]); }
            bytes = bytes[(HeaderLength + content.Length)..];
        }
        return lines;
    }

    private static bool IsRecord(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderLength && bytes[0] is >= ChangeCipherSpec and <= ApplicationData && bytes[1] == 3;

    private static int RecordLength(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);

    private static string NameOf(byte type, ReadOnlySpan<byte> content, int length) => type switch
    {
        ChangeCipherSpec => "ChangeCipherSpec",
        // Sealed ones are longer (RFC 8446 6: two bytes).
        Alert when length == 2 && content.Length == 2 => $"Alert {(content[0] == 2 ? "fatal" : "warning")} {Number(content[1])}",
        Alert => "Alert, sealed",
        Handshake => NameOf(content, length) ?? "Handshake, sealed or continued",
        _ => "ApplicationData, sealed",
    };

    // What is sealed looks like no message: its kind or its length does not fit.
    private static string? NameOf(ReadOnlySpan<byte> content, int length) =>
        content.Length >= 4 && content[1] == 0 && s_messages.TryGetValue(content[0], out var name)
            && (Length24(content[1..]) + 4 <= length || content[0] == 11) ? name : null;

    private static int Length24(ReadOnlySpan<byte> bytes) => bytes[0] << 16 | bytes[1] << 8 | bytes[2];

    // RFC 8446 4.1.2 and 4.1.3: version, random, session, then cipher suites or the one that was chosen, compression, extensions.
    private static void AddHello(List<string> lines, byte kind, ReadOnlySpan<byte> body)
    {
        if (kind is not (ClientHello or ServerHello) || body.Length < 35 || body.Length < 35 + body[34]) { return; }
        var version = BinaryPrimitives.ReadUInt16BigEndian(body);
        var rest = body[(35 + body[34])..];
        if (kind == ClientHello)
        {
            if (!TryTake16(ref rest, out var suites) || rest.Length < 1 || rest.Length < 1 + rest[0]) { return; }
            lines.Add($"  cipher suites: {Number(suites.Length / 2)}");
            rest = rest[(1 + rest[0])..];
        }
        else
        {
            if (rest.Length < 3) { return; }
            lines.Add($"  cipher suite 0x{BinaryPrimitives.ReadUInt16BigEndian(rest).ToString("x4", CultureInfo.InvariantCulture)}");
            rest = rest[3..];
        }
        var versions = Version(version);
        if (TryTake16(ref rest, out var extensions))
        {
            while (extensions.Length >= 4)
            {
                var type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
                extensions = extensions[2..];
                if (!TryTake16(ref extensions, out var data)) { break; }
                switch (type)
                {
                    case 0 when data.Length > 5: lines.Add($"  server_name {Text(data[5..])}"); break;
                    case 16 when data.Length > 3: lines.Add($"  application_layer_protocol_negotiation {Protocols(data[2..])}"); break;
                    case 43: versions = kind == ServerHello && data.Length == 2 ? Version(BinaryPrimitives.ReadUInt16BigEndian(data)) : Versions(data); break;
                }
            }
        }
        lines.Add($"  version {versions}");
    }

    private static bool TryTake16(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (bytes.Length < 2) { return false; }
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (bytes.Length < 2 + length) { return false; }
        taken = bytes.Slice(2, length);
        bytes = bytes[(2 + length)..];
        return true;
    }

    private static string Protocols(ReadOnlySpan<byte> list)
    {
        var names = new List<string>();
        while (list.Length > 0 && list.Length > list[0])
        {
            names.Add(Text(list.Slice(1, list[0])));
            list = list[(1 + list[0])..];
        }
        return string.Join(", ", names);
    }

    private static string Versions(ReadOnlySpan<byte> data)
    {
        var names = new List<string>();
        for (var at = 1; at + 1 < data.Length; at += 2) { names.Add(Version(BinaryPrimitives.ReadUInt16BigEndian(data[at..]))); }
        return string.Join(", ", names);
    }

    private static string Version(ushort version) => version switch
    {
        0x0301 => "TLS 1.0",
        0x0302 => "TLS 1.1",
        0x0303 => "TLS 1.2",
        0x0304 => "TLS 1.3",
        _ => $"0x{version.ToString("x4", CultureInfo.InvariantCulture)}",
    };

    private static string Text(ReadOnlySpan<byte> bytes) => Printable.Text(Encoding.ASCII.GetString(bytes));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
