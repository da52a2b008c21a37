using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Firstbyte.Addressing;

namespace Firstbyte.Dns.Records;

/// <summary>The parameters of SVCB and HTTPS to the end of the data (RFC 9460 section 2.2): key, length, value, with the keys in ascending order.</summary>
/// <remarks>
/// Each known key has a format of its own (<see cref="ServiceParameterFormat"/>); the others are bytes. In a zone file a value is first a character-string and
/// then, for lists, split at commas, so that a comma inside an item has two escapes before it (RFC 9460 appendix A.1).
/// </remarks>
internal sealed class ServiceParametersField : FieldKind
{
    private const int HeadLength = 4;
    private const ushort Mandatory = 0, Alpn = 1, NoDefaultAlpn = 2;

    public override ZoneTerm Term => ZoneTerm.ServiceParameter;

    public override int Measure(ReadOnlySpan<byte> rdata, int at)
    {
        var last = -1;
        for (var end = at; end < rdata.Length;)
        {
            if (rdata.Length - end < HeadLength) { return Malformed; }
            var (key, length) = Head(rdata[end..]);
            if (key <= last || rdata.Length - end < HeadLength + length) { return Malformed; }
            if (!ServiceParameter.IsValue(key, rdata.Slice(end + HeadLength, length))) { return Malformed; }
            last = key;
            end += HeadLength + length;
        }
        return IsConsistent(rdata[at..]) ? rdata.Length - at : Malformed;
    }

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        for (var rest = rdata[at..]; rest.Length > 0;)
        {
            var (key, size) = Head(rest);
            text.Word(ServiceParameter.Format(key, rest.Slice(HeadLength, size)));
            rest = rest[(HeadLength + size)..];
        }
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        var parameters = new SortedDictionary<ushort, byte[]>();
        while (!reader.IsAtEnd)
        {
            var start = reader.Next;
            var head = reader.Word;
            reader.TryTake(field, out var word);
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var value = equals < 0 ? "" : word[(equals + 1)..];
            // key="value": the quotes begin a word of their own.
            if (equals >= 0 && value.Length == 0 && !reader.IsAtEnd && reader.Word is { IsQuoted: true, IsJoined: true }) { reader.TryTake(field, out value); }
            var bytes = new List<byte>();
            if (head.IsQuoted || ServiceParameter.ParseKey(equals < 0 ? word : word[..equals]) is not { } key || !RecordTextReader.TryUnescape(value, bytes)
                || ServiceParameter.Parse(key.Number, key.IsNumber, [.. bytes]) is not { } parsed)
            {
                reader.Back(start);
                return reader.Fail(field);
            }
            if (!parameters.TryAdd(key.Number, parsed))
            {
                reader.Back(start);
                return reader.Fail(ZoneTerm.ServiceParameterOnce);
            }
        }
        foreach (var (key, value) in parameters)
        {
            reader.Put(key, 2);
            reader.Put((ulong)value.Length, 2);
            reader.Put(value);
        }
        return true;
    }

    public override void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> rdata, int at, int length)
    {
        json.WriteStartObject();
        for (var rest = rdata[at..]; rest.Length > 0;)
        {
            var (key, size) = Head(rest);
            json.WriteString(ServiceParameter.Name(key), ServiceParameter.FormatValue(key, rest.Slice(HeadLength, size)));
            rest = rest[(HeadLength + size)..];
        }
        json.WriteEndObject();
    }

    /// <summary>RFC 9460 sections 8 and 7.1.1: what is mandatory is there, and no-default-alpn has alpn beside it.</summary>
    private static bool IsConsistent(ReadOnlySpan<byte> parameters)
    {
        if (Find(parameters, NoDefaultAlpn, out _) && !Find(parameters, Alpn, out _)) { return false; }
        if (!Find(parameters, Mandatory, out var needed)) { return true; }
        for (; needed.Length > 0; needed = needed[2..])
        {
            if (!Find(parameters, BinaryPrimitives.ReadUInt16BigEndian(needed), out _)) { return false; }
        }
        return true;
    }

    private static bool Find(ReadOnlySpan<byte> parameters, ushort wanted, out ReadOnlySpan<byte> value)
    {
        value = default;
        while (parameters.Length > 0)
        {
            var (key, length) = Head(parameters);
            // Keys ascend: what has been passed does not come.
            if (key > wanted) { return false; }
            value = parameters.Slice(HeadLength, length);
            if (key == wanted) { return true; }
            parameters = parameters[(HeadLength + length)..];
        }
        return false;
    }

    private static (ushort Key, int Length) Head(ReadOnlySpan<byte> parameter) =>
        (BinaryPrimitives.ReadUInt16BigEndian(parameter), BinaryPrimitives.ReadUInt16BigEndian(parameter[2..]));
}

/// <summary>What the value of a service parameter is.</summary>
internal enum ServiceParameterFormat
{
    /// <summary>Bytes nobody here knows: a character-string without a limit.</summary>
    Bytes,

    /// <summary>Keys in ascending order, without "mandatory" (RFC 9460 section 8).</summary>
    Keys,

    /// <summary>Protocols, each after its length (section 7.1).</summary>
    Protocols,

    /// <summary>Nothing: the key says it all.</summary>
    Empty,

    /// <summary>A port (section 7.2).</summary>
    Port,

    /// <summary>IPv4 addresses (section 7.3).</summary>
    IPv4Addresses,

    /// <summary>IPv6 addresses (section 7.3).</summary>
    IPv6Addresses,

    /// <summary>Bytes in base64 (RFC 9848 section 3).</summary>
    Base64,

    /// <summary>Text that is not empty (RFC 9461 section 5).</summary>
    Text,
}

/// <summary>One service parameter: its key's name and its value's format (IANA registry "Service Parameter Keys (SvcParamKeys)").</summary>
internal static class ServiceParameter
{
    private static readonly (string Name, ServiceParameterFormat Format)[] s_known =
    [
        ("mandatory", ServiceParameterFormat.Keys), ("alpn", ServiceParameterFormat.Protocols), ("no-default-alpn", ServiceParameterFormat.Empty),
        ("port", ServiceParameterFormat.Port), ("ipv4hint", ServiceParameterFormat.IPv4Addresses), ("ech", ServiceParameterFormat.Base64),
        ("ipv6hint", ServiceParameterFormat.IPv6Addresses), ("dohpath", ServiceParameterFormat.Text), ("ohttp", ServiceParameterFormat.Empty),
    ];

    /// <summary>The name, or "key123".</summary>
    public static string Name(ushort key) => key < s_known.Length ? s_known[key].Name : $"key{key}";

    /// <summary>Reads a name or "key123" without zeros in front; says whether it was the number.</summary>
    public static (ushort Number, bool IsNumber)? ParseKey(string word)
    {
        var known = Array.FindIndex(s_known, entry => entry.Name.Equals(word, StringComparison.Ordinal));
        if (known >= 0) { return ((ushort)known, false); }
        return word.StartsWith("key", StringComparison.Ordinal) && word.Length > 3 && (word[3] != '0' || word.Length == 4)
            && ushort.TryParse(word.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (number, true) : null;
    }

    /// <summary>True when the bytes have the key's format.</summary>
    public static bool IsValue(ushort key, ReadOnlySpan<byte> value) => Format(key) switch
    {
        ServiceParameterFormat.Keys => AreKeys(value),
        ServiceParameterFormat.Protocols => AreProtocols(value),
        ServiceParameterFormat.Empty => value.Length == 0,
        ServiceParameterFormat.Port => value.Length == 2,
        ServiceParameterFormat.IPv4Addresses => value.Length > 0 && value.Length % 4 == 0,
        ServiceParameterFormat.IPv6Addresses => value.Length > 0 && value.Length % 16 == 0,
        ServiceParameterFormat.Base64 or ServiceParameterFormat.Text => value.Length > 0,
        _ => true,
    };

    /// <summary>"alpn="h2,h3"", or only the key where there is no value.</summary>
    public static string Format(ushort key, ReadOnlySpan<byte> value)
    {
        if (value.Length == 0) { return Name(key); }
        var isPlain = Format(key) is not (ServiceParameterFormat.Protocols or ServiceParameterFormat.Text or ServiceParameterFormat.Bytes);
        return isPlain ? $"{Name(key)}={FormatValue(key, value)}" : $"{Name(key)}=\"{FormatValue(key, value)}\"";
    }

    /// <summary>The value as it stands in a zone file between the quotes.</summary>
    public static string FormatValue(ushort key, ReadOnlySpan<byte> value)
    {
        switch (Format(key))
        {
            case ServiceParameterFormat.Port: return $"{BinaryPrimitives.ReadUInt16BigEndian(value)}";
            case ServiceParameterFormat.Base64: return Convert.ToBase64String(value);
            case ServiceParameterFormat.Keys: return Join(value, 2, static item => Name(BinaryPrimitives.ReadUInt16BigEndian(item)));
            case ServiceParameterFormat.IPv4Addresses: return Join(value, 4, static item => AddressField.Format(item));
            case ServiceParameterFormat.IPv6Addresses: return Join(value, 16, static item => AddressField.Format(item));
            case ServiceParameterFormat.Protocols:
                var list = new List<byte>();
                for (; value.Length > 0; value = value[(1 + value[0])..])
                {
                    if (list.Count > 0) { list.Add((byte)','); }
                    foreach (var b in value.Slice(1, value[0]))
                    {
                        if (b is (byte)',' or (byte)'\\') { list.Add((byte)'\\'); }
                        list.Add(b);
                    }
                }
                return CharacterString.Escape([.. list]);
            default: return CharacterString.Escape(value);
        }
    }

    /// <summary>The bytes of a value without its escapes; null when it does not have the key's format. A key given by number has its bytes.</summary>
    public static byte[]? Parse(ushort key, bool isNumber, byte[] value)
    {
        if (isNumber) { return value; }
        var text = Encoding.Latin1.GetString(value);
        return Format(key) switch
        {
            ServiceParameterFormat.Keys => ParseKeys(text),
            ServiceParameterFormat.Protocols => ParseProtocols(value),
            ServiceParameterFormat.Port =>
                ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                    ? [(byte)(port >> 8), (byte)port]
                    : null,
            ServiceParameterFormat.IPv4Addresses => ParseAddresses(text, IpVersion.V4),
            ServiceParameterFormat.IPv6Addresses => ParseAddresses(text, IpVersion.V6),
            ServiceParameterFormat.Base64 => DigitText.Parse(Digits.Base64, text) is { Length: > 0 } bytes ? bytes : null,
            _ => IsValue(key, value) ? value : null,
        };
    }

    private static ServiceParameterFormat Format(ushort key) => key < s_known.Length ? s_known[key].Format : ServiceParameterFormat.Bytes;

    private static bool AreKeys(ReadOnlySpan<byte> value)
    {
        // "mandatory" itself, 0, may not be among them.
        var last = 0;
        if (value.Length == 0 || value.Length % 2 != 0) { return false; }
        for (; value.Length > 0; value = value[2..])
        {
            int key = BinaryPrimitives.ReadUInt16BigEndian(value);
            if (key <= last) { return false; }
            last = key;
        }
        return true;
    }

    private static bool AreProtocols(ReadOnlySpan<byte> value)
    {
        if (value.Length == 0) { return false; }
        for (; value.Length > 0; value = value[(1 + value[0])..])
        {
            if (value[0] == 0 || value.Length < 1 + value[0]) { return false; }
        }
        return true;
    }

    private static string Join(ReadOnlySpan<byte> value, int size, Func<byte[], string> format) => string.Join(',', value.ToArray().Chunk(size).Select(format));

    private static byte[]? ParseKeys(string text)
    {
        var keys = new SortedSet<ushort>();
        foreach (var word in text.Split(','))
        {
            if (ParseKey(word) is not { } key || key.Number == 0 || !keys.Add(key.Number)) { return null; }
        }
        return [.. keys.SelectMany(static key => new[] { (byte)(key >> 8), (byte)key })];
    }

    private static byte[]? ParseAddresses(string text, IpVersion version)
    {
        var bytes = new List<byte>();
        var one = new byte[16];
        foreach (var word in text.Split(','))
        {
            if (!IpAddress.TryParse(word, out var address) || address.Version != version || address.Zone is not null) { return null; }
            bytes.AddRange(one.AsSpan(0, address.WriteBytes(one)));
        }
        return [.. bytes];
    }

    /// <summary>Items between commas, where "\," and "\\" stand for a comma and a backslash.</summary>
    private static byte[]? ParseProtocols(ReadOnlySpan<byte> list)
    {
        var bytes = new List<byte>();
        var item = new List<byte>();
        for (var i = 0; i <= list.Length; i++)
        {
            if (i == list.Length || list[i] == ',')
            {
                if (item.Count is 0 or > byte.MaxValue) { return null; }
                bytes.Add((byte)item.Count);
                bytes.AddRange(item);
                item.Clear();
                continue;
            }
            if (list[i] == '\\' && (++i == list.Length || list[i] is not ((byte)',' or (byte)'\\'))) { return null; }
            item.Add(list[i]);
        }
        return [.. bytes];
    }
}
