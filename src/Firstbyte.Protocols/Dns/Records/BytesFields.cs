using System.Buffers.Binary;
using System.Text;

namespace Firstbyte.Dns.Records;

/// <summary>How bytes are written as digits.</summary>
internal enum Digits
{
    /// <summary>Two digits a byte (RFC 4648 section 8).</summary>
    Hexadecimal,

    /// <summary>RFC 4648 section 4</summary>
    Base64,

    /// <summary>RFC 4648 section 7 in lower case and without padding, as RFC 5155 section 3.3 has it.</summary>
    Base32Hex,
}

/// <summary>The three alphabets.</summary>
internal static class DigitText
{
    private static ReadOnlySpan<byte> Base32HexDigits => "0123456789abcdefghijklmnopqrstuv"u8;

    /// <summary>The bytes as digits.</summary>
    public static string Format(Digits digits, ReadOnlySpan<byte> bytes) => digits switch
    {
        Digits.Hexadecimal => Convert.ToHexString(bytes),
        Digits.Base64 => Convert.ToBase64String(bytes),
        _ => FormatBase32Hex(bytes),
    };

    /// <summary>The digits as bytes; null when they are none.</summary>
    public static byte[]? Parse(Digits digits, string text) => digits switch
    {
        Digits.Hexadecimal => text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null,
        Digits.Base64 => ParseBase64(text),
        _ => ParseBase32Hex(text),
    };

    private static byte[]? ParseBase64(string text)
    {
        var bytes = new byte[text.Length / 4 * 3 + 3];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }

    /// <summary>Writes bytes as base32hex digits in ASCII, <c>(8 × bytes + 4) / 5</c> of them.</summary>
    public static void WriteBase32Hex(ReadOnlySpan<byte> bytes, Span<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var (at, shift) = (i * 5 / 8, 11 - i * 5 % 8);
            var pair = bytes[at] << 8 | (at + 1 < bytes.Length ? bytes[at + 1] : 0);
            text[i] = Base32HexDigits[pair >> shift & 31];
        }
    }

    private static string FormatBase32Hex(ReadOnlySpan<byte> bytes)
    {
        var text = new byte[(bytes.Length * 8 + 4) / 5];
        WriteBase32Hex(bytes, text);
        return Encoding.ASCII.GetString(text);
    }

    private static byte[]? ParseBase32Hex(string text)
    {
        // So many digits are no whole number of bytes, or one digit more than they need.
        if (text.Length % 8 is 1 or 3 or 6) { return null; }
        var bytes = new byte[text.Length * 5 / 8];
        var (pending, bits, at) = (0, 0, 0);
        foreach (var c in text)
        {
            var digit = char.IsAscii(c) ? Base32HexDigits.IndexOf((byte)char.ToLowerInvariant(c)) : -1;
            if (digit < 0) { return null; }
            pending = (pending << 5 | digit) & 0xFFF;
            bits += 5;
            if (bits < 8) { continue; }
            bits -= 8;
            bytes[at++] = (byte)(pending >> bits);
        }
        return (pending & (1 << bits) - 1) == 0 ? bytes : null;
    }
}

/// <summary>Bytes to the end of the data, written as digits in any number of words.</summary>
/// <param name="digits">The alphabet.</param>
/// <param name="least">How many bytes there are at least.</param>
internal sealed class BytesField(Digits digits, int least) : FieldKind
{
    public override ZoneTerm Term => digits == Digits.Base64 ? ZoneTerm.Base64 : ZoneTerm.HexadecimalPairs;

    public override bool TellsField => true;

    public override int Measure(ReadOnlySpan<byte> rdata, int at) => rdata.Length - at >= least ? rdata.Length - at : Malformed;

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        if (length > 0) { text.Digits(DigitText.Format(digits, rdata.Slice(at, length))); }
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        if (reader.IsAtEnd) { return least == 0 || reader.Fail(field); }
        var first = reader.Next;
        if (DigitText.Parse(digits, reader.TakeRest()) is not { } bytes || bytes.Length < least)
        {
            reader.Back(first);
            return reader.Fail(field);
        }
        reader.Put(bytes);
        return true;
    }
}

/// <summary>Bytes after their number, in one word: NSEC3's salt ("-" when empty) and next hash (RFC 5155 section 3.3).</summary>
/// <param name="digits">The alphabet.</param>
/// <param name="least">How many bytes there are at least: with 0, "-" stands for none.</param>
internal sealed class CountedBytesField(Digits digits, int least) : FieldKind
{
    public override ZoneTerm Term => digits == Digits.Base32Hex ? ZoneTerm.Base32Hex : ZoneTerm.HexadecimalOrNone;

    public override int Measure(ReadOnlySpan<byte> rdata, int at) =>
        at < rdata.Length && rdata[at] >= least ? Fixed(rdata, at, 1 + rdata[at]) : Malformed;

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        text.Word(length == 1 ? "-" : DigitText.Format(digits, rdata.Slice(at + 1, length - 1)));
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        if (!reader.TryTake(field, out var word)) { return false; }
        var bytes = word is "-" ? [] : word.Length == 0 ? null : DigitText.Parse(digits, word);
        if (bytes is null || bytes.Length < least || bytes.Length > byte.MaxValue) { return reader.Refuse(field); }
        reader.Put((ulong)bytes.Length, 1);
        reader.Put(bytes);
        return true;
    }
}

/// <summary>Bytes after their number in 16 bits, written as the number and base64: TSIG and TKEY (RFC 8945 section 4.2, RFC 2930 section 2).</summary>
internal sealed class SizedBytesField : FieldKind
{
    public override ZoneTerm Term => ZoneTerm.SizedBase64;

    public override int Measure(ReadOnlySpan<byte> rdata, int at) =>
        rdata.Length - at >= 2 ? Fixed(rdata, at, 2 + BinaryPrimitives.ReadUInt16BigEndian(rdata[at..])) : Malformed;

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text)
    {
        text.Word((ulong)length - 2);
        if (length > 2) { text.Word(Convert.ToBase64String(rdata.Slice(at + 2, length - 2))); }
        return true;
    }

    public override bool TryParse(RecordTextReader reader, RecordField field)
    {
        if (!reader.TryTakeNumber(field, ushort.MaxValue, out var length)) { return false; }
        var bytes = Array.Empty<byte>();
        if (length > 0)
        {
            if (!reader.TryTake(field, out var word)) { return false; }
            if (DigitText.Parse(Digits.Base64, word) is not { } parsed || (ulong)parsed.Length != length) { return reader.Refuse(field); }
            bytes = parsed;
        }
        reader.Put(length, 2);
        reader.Put(bytes);
        return true;
    }
}

/// <summary>Bytes to the end that nobody writes as anything but bytes: the whole record is written "\# length hex".</summary>
internal sealed class OpaqueField : FieldKind
{
    public override ZoneTerm Term => ZoneTerm.GenericData;

    public override int Measure(ReadOnlySpan<byte> rdata, int at) => rdata.Length - at;

    public override bool TryPrint(ReadOnlySpan<byte> rdata, int at, int length, RecordTextWriter text) => false;

    public override bool TryParse(RecordTextReader reader, RecordField field) => reader.Fail(field);
}
