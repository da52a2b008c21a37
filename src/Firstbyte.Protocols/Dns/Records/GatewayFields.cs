using System.Buffers.Binary;
using System.Text.Json;
using Firstbyte.Addressing;

namespace Firstbyte.Dns.Records;

/// <summary>
/// A gateway whose kind an earlier byte tells: none, an IPv4 address, an IPv6 address or a name (RFC 4025 section 2.3, RFC 8777 section
/// 4.2).
/// </summary>
/// <param name="typeAt">Where in the RDATA the byte is.</param>
/// <param name="mask">Its bits that tell the kind.</param>
internal sealed class GatewayField(int typeAt, byte mask) : FieldKind
{
    public override ZoneTerm Term => ZoneTerm.Gateway;

    public override int Measure(ReadOnlySpan<byte> rdata, int at) => Kind(rdata) switch
    {
        0 => 0,
        1 => Fixed(rdata, at, 4),
        2 => Fixed(rdata, at, 16),
        3 => RdataLayout.NameLength(rdata[at..]) is > 0 and var length ? length : Malformed,
        // A kind to come: its length is not known, so that the rest is taken as it is.
        _ => rdata.Length - at,
    };

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        var kind = Kind(rdata);
        if (kind > 3) { return false; }
        text.Word(kind switch { 0 => ".", 3 => DnsName.FromValidWire(rdata.Slice(at, length)).ToString(), _ => AddressField.Format(rdata.Slice(at, length)) });
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        switch (Kind(reader.Bytes))
        {
            case 0: return reader.TryTake(field, out var word) && (word is "." || reader.Refuse(field));
            case 1: return reader.TryTakeAddress(field, IpVersion.V4);
            case 2: return reader.TryTakeAddress(field, IpVersion.V6);
            case 3: return reader.TryPutName(field);
            default: return reader.Fail(field);
        }
    }

    private int Kind(ReadOnlySpan<byte> rdata) => rdata[typeAt] & mask;
}

/// <summary>A bit and a number of 7 bits in one byte, written as two words: AMTRELAY's discovery flag and type (RFC 8777 section 4.3).</summary>
internal sealed class FlaggedNumberField : FieldKind, IPlainField
{
    public override int? Size => 1;

    public override ZoneTerm Term => ZoneTerm.Number;

    public override string Detail => "127";

    public override int Measure(ReadOnlySpan<byte> rdata, int at) => Fixed(rdata, at, 1);

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        text.Word((ulong)rdata[at] >> 7);
        text.Word((ulong)rdata[at] & 0x7F);
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        if (!reader.TryTakeNumber(field, 1, out var flag) || !reader.TryTakeNumber(field, 127, out var number)) { return false; }
        reader.Put(flag << 7 | number, 1);
        return true;
    }

    public override void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> rdata, int at, int length) => json.WriteNumberValue(rdata[at]);
}

/// <summary>A host identity (RFC 8005 section 5): the tag's length, the algorithm, the key's length, the tag, the key.</summary>
internal sealed class HostIdentityField : FieldKind
{
    private const int HeadLength = 4;

    public override ZoneTerm Term => ZoneTerm.HostIdentity;

    public override int Measure(ReadOnlySpan<byte> rdata, int at)
    {
        if (rdata.Length - at < HeadLength) { return Malformed; }
        var (tag, key) = Lengths(rdata[at..]);
        return tag > 0 && key > 0 ? Fixed(rdata, at, HeadLength + tag + key) : Malformed;
    }

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        var identity = rdata.Slice(at, length);
        var (tag, _) = Lengths(identity);
        text.Word((ulong)identity[1]);
        text.Word(Convert.ToHexString(identity.Slice(HeadLength, tag)));
        text.Word(Convert.ToBase64String(identity[(HeadLength + tag)..]));
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        if (!reader.TryTakeNumber(field, byte.MaxValue, out var algorithm) || !reader.TryTake(field, out var hex)) { return false; }
        if (DigitText.Parse(Digits.Hexadecimal, hex) is not { Length: > 0 and <= byte.MaxValue } tag) { return reader.Refuse(field); }
        if (!reader.TryTake(field, out var base64)) { return false; }
        if (DigitText.Parse(Digits.Base64, base64) is not { Length: > 0 and <= ushort.MaxValue } key) { return reader.Refuse(field); }
        reader.Put([(byte)tag.Length, (byte)algorithm]);
        reader.Put((ulong)key.Length, 2);
        reader.Put(tag);
        reader.Put(key);
        return true;
    }

    public override void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> rdata, int at, int length)
    {
        var identity = rdata.Slice(at, length);
        var (tag, _) = Lengths(identity);
        json.WriteStartObject();
        json.WriteNumber("algorithm", identity[1]);
        json.WriteString("tag", Convert.ToHexString(identity.Slice(HeadLength, tag)));
        json.WriteBase64String("key", identity[(HeadLength + tag)..]);
        json.WriteEndObject();
    }

    private static (int Tag, int Key) Lengths(ReadOnlySpan<byte> identity) => (identity[0], BinaryPrimitives.ReadUInt16BigEndian(identity[2..]));
}

/// <summary>The ports of WKS to the end of the data: a bit for each (RFC 1035 section 3.4.2).</summary>
internal sealed class PortBitmapField : FieldKind
{
    /// <summary>65,536 ports have 8,192 bytes.</summary>
    private const int MaxLength = 8192;

    /// <summary>The services that zone files of the time name (IANA's registry, as RFC 1060 has it).</summary>
    private static readonly Dictionary<string, int> s_services = new(StringComparer.OrdinalIgnoreCase)
    {
        ["echo"] = 7,
        ["discard"] = 9,
        ["daytime"] = 13,
        ["ftp-data"] = 20,
        ["ftp"] = 21,
        ["ssh"] = 22,
        ["telnet"] = 23,
        ["smtp"] = 25,
        ["time"] = 37,
        ["domain"] = 53,
        ["tftp"] = 69,
        ["finger"] = 79,
        ["http"] = 80,
        ["hostnames"] = 101,
        ["pop2"] = 109,
        ["pop3"] = 110,
        ["sunrpc"] = 111,
        ["nntp"] = 119,
        ["ntp"] = 123,
        ["imap"] = 143,
        ["snmp"] = 161,
    };

    public override ZoneTerm Term => ZoneTerm.PortOrService;

    public override int Measure(ReadOnlySpan<byte> rdata, int at) => rdata.Length - at <= MaxLength ? rdata.Length - at : Malformed;

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        // Zeros at the end would be lost.
        if (length > 0 && rdata[^1] == 0) { return false; }
        foreach (var port in Ports(rdata[at..])) { text.Word((ulong)port); }
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        var bits = new byte[MaxLength];
        while (!reader.IsAtEnd)
        {
            reader.TryTake(field, out var word);
            if (!s_services.TryGetValue(word, out var port))
            {
                if (!ushort.TryParse(
                    word, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number))
                {
                    return reader.Refuse(field);
                }
                port = number;
            }
            bits[port >> 3] |= (byte)(0x80 >> (port & 7));
        }
        reader.Put(bits.AsSpan(0, bits.AsSpan().LastIndexOfAnyExcept((byte)0) + 1));
        return true;
    }

    public override void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> rdata, int at, int length)
    {
        json.WriteStartArray();
        foreach (var port in Ports(rdata[at..])) { json.WriteNumberValue(port); }
        json.WriteEndArray();
    }

    private static List<int> Ports(ReadOnlySpan<byte> bits)
    {
        var ports = new List<int>();
        for (var port = 0; port < bits.Length * 8; port++)
        {
            if ((bits[port >> 3] & 0x80 >> (port & 7)) != 0) { ports.Add(port); }
        }
        return ports;
    }
}
