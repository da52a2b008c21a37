using System.Text.Json;

namespace Firstbyte.Dns.Records;

/// <summary>
/// A set of types to the end of the data (RFC 4034 section 4.1.2): windows of 256 types, each a bitmap of 1 to 32 bytes without zeros at
/// its end.
/// </summary>
internal sealed class TypeBitmapField : FieldKind
{
    /// <summary>256 types have 32 bytes.</summary>
    private const int MaxWindowLength = 32;

    public override ZoneTerm Term => ZoneTerm.RecordType;

    public override int Measure(ReadOnlySpan<byte> rdata, int at)
    {
        var last = -1;
        for (var end = at; end < rdata.Length;)
        {
            if (rdata.Length - end < 2) { return Malformed; }
            int length = rdata[end + 1];
            if (rdata[end] <= last || length is 0 or > MaxWindowLength || rdata.Length - end < 2 + length || rdata[end + 1 + length] == 0) { return Malformed; }
            last = rdata[end];
            end += 2 + length;
        }
        return rdata.Length - at;
    }

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        foreach (var type in Types(rdata[at..])) { text.Word(type.ToString()); }
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        var types = new SortedSet<RecordType>();
        while (!reader.IsAtEnd)
        {
            reader.TryTake(field, out var word);
            if (!RecordType.TryParse(word, out var type)) { return reader.Refuse(field); }
            types.Add(type);
        }
        reader.Put(ToWire(types));
        return true;
    }

    /// <summary>The windows of these types.</summary>
    public static byte[] ToWire(IEnumerable<RecordType> types)
    {
        var wire = new List<byte>();
        var bits = new byte[MaxWindowLength];
        foreach (var window in types.Order().GroupBy(static type => type.Value >> 8))
        {
            bits.AsSpan().Clear();
            foreach (var type in window) { bits[(type.Value & 0xFF) >> 3] |= (byte)(0x80 >> (type.Value & 7)); }
            var length = bits.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
            wire.AddRange([(byte)window.Key, (byte)length]);
            wire.AddRange(bits.AsSpan(0, length));
        }
        return [.. wire];
    }

    public override void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> rdata, int at, int length)
    {
        json.WriteStartArray();
        foreach (var type in Types(rdata[at..])) { json.WriteStringValue(type.ToString()); }
        json.WriteEndArray();
    }

    /// <summary>The types of valid windows.</summary>
    public static List<RecordType> Types(ReadOnlySpan<byte> windows)
    {
        var types = new List<RecordType>();
        for (; windows.Length > 0; windows = windows[(2 + windows[1])..])
        {
            for (var bit = 0; bit < windows[1] * 8; bit++)
            {
                if ((windows[2 + (bit >> 3)] & 0x80 >> (bit & 7)) != 0) { types.Add(new RecordType((ushort)(windows[0] << 8 | bit))); }
            }
        }
        return types;
    }
}
