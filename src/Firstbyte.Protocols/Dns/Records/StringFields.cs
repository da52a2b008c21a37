using System.Text;
using System.Text.Json;

namespace Firstbyte.Dns.Records;

/// <summary>A character-string: up to 255 bytes after their number (RFC 1035 section 3.3).</summary>
internal sealed class CharacterStringField : FieldKind
{
    public override ZoneTerm Term => ZoneTerm.String;

    public override int Measure(ReadOnlySpan<byte> rdata, int at) => at < rdata.Length ? Fixed(rdata, at, 1 + rdata[at]) : Malformed;

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        text.Word(CharacterString.Quote(rdata.Slice(at + 1, length - 1)));
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field) => TryTakeString(reader, field);

    public override void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> rdata, int at, int length) =>
        json.WriteStringValue(CharacterString.Escape(rdata.Slice(at + 1, length - 1)));

    /// <summary>Takes a word and puts it with its length.</summary>
    public static bool TryTakeString(RecordTextReader reader, RecordField field)
    {
        if (reader.IsAtEnd) { return reader.Fail(field.Term ?? ZoneTerm.String); }
        var bytes = new List<byte>();
        if (!RecordTextReader.TryUnescape(reader.Word.Text, bytes)) { return reader.Fail(ZoneTerm.Escape); }
        if (bytes.Count > byte.MaxValue) { return reader.Fail(ZoneTerm.StringLength); }
        reader.TryTake(field, out _);
        reader.Put((ulong)bytes.Count, 1);
        reader.Put([.. bytes]);
        return true;
    }
}

/// <summary>Character-strings to the end of the data.</summary>
/// <param name="least">How many there are at least.</param>
/// <param name="most">How many there are at most.</param>
internal sealed class CharacterStringsField(int least, int most) : FieldKind
{
    public override ZoneTerm Term => ZoneTerm.OneString;

    public override int Measure(ReadOnlySpan<byte> rdata, int at)
    {
        var (count, end) = (0, at);
        for (; end < rdata.Length; count++) { end += 1 + rdata[end]; }
        return end == rdata.Length && count >= least && count <= most ? end - at : Malformed;
    }

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        for (; at < rdata.Length; at += 1 + rdata[at]) { text.Word(CharacterString.Quote(rdata.Slice(at + 1, rdata[at]))); }
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        var count = 0;
        for (; !reader.IsAtEnd && count < most; count++)
        {
            if (!CharacterStringField.TryTakeString(reader, field)) { return false; }
        }
        return count >= least || reader.Fail(ZoneTerm.OneString);
    }

    public override void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> rdata, int at, int length)
    {
        json.WriteStartArray();
        for (; at < rdata.Length; at += 1 + rdata[at]) { json.WriteStringValue(CharacterString.Escape(rdata.Slice(at + 1, rdata[at]))); }
        json.WriteEndArray();
    }
}

/// <summary>Text to the end of the data, without a length: URI's target, CAA's value.</summary>
/// <param name="least">How many bytes there are at least.</param>
internal sealed class LongStringField(int least) : FieldKind
{
    public override ZoneTerm Term => ZoneTerm.String;

    public override int Measure(ReadOnlySpan<byte> rdata, int at) => rdata.Length - at >= least ? rdata.Length - at : Malformed;

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        text.Word(CharacterString.Quote(rdata.Slice(at, length)));
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        if (!reader.TryTake(field, out var word)) { return false; }
        var bytes = new List<byte>();
        if (!RecordTextReader.TryUnescape(word, bytes)) { return reader.Refuse(field with { Term = ZoneTerm.Escape }); }
        if (bytes.Count < least) { return reader.Refuse(field); }
        reader.Put([.. bytes]);
        return true;
    }

    public override void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> rdata, int at, int length) =>
        json.WriteStringValue(CharacterString.Escape(rdata.Slice(at, length)));
}

/// <summary>CAA's tag: letters and digits after their number (RFC 8659 section 4.1).</summary>
internal sealed class TagField : FieldKind
{
    public override ZoneTerm Term => ZoneTerm.Tag;

    public override int Measure(ReadOnlySpan<byte> rdata, int at)
    {
        if (at >= rdata.Length || rdata[at] == 0 || rdata.Length - at < 1 + rdata[at]) { return Malformed; }
        foreach (var value in rdata.Slice(at + 1, rdata[at]))
        {
            if (!char.IsAsciiLetterOrDigit((char)value)) { return Malformed; }
        }
        return 1 + rdata[at];
    }

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        text.Word(Encoding.ASCII.GetString(rdata.Slice(at + 1, length - 1)));
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        if (!reader.TryTake(field, out var word)) { return false; }
        if (word.Length is 0 or > byte.MaxValue || !word.All(char.IsAsciiLetterOrDigit)) { return reader.Refuse(field); }
        reader.Put((ulong)word.Length, 1);
        reader.Put(Encoding.ASCII.GetBytes(word));
        return true;
    }
}
