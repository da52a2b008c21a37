using System.Globalization;
using Firstbyte.Urls.Buffers;

namespace Firstbyte.Urls;

/// <summary>IPv4 and IPv6 addresses as hosts.</summary>
internal ref partial struct HostParser
{
    // No place of an address holds more than this, however many digits it is written with.
    private const long TooLarge = 1L << 40;

    // https://url.spec.whatwg.org/#ends-in-a-number-checker
    internal static bool EndsInNumber(ReadOnlySpan<char> domain)
    {
        if (domain.EndsWith('.')) { domain = domain[..^1]; }
        var last = domain[(domain.LastIndexOf('.') + 1)..];
        if (last.IsEmpty || !char.IsAsciiDigit(last[0])) { return false; }
        return !last.ContainsAnyExceptInRange('0', '9') || ParseIpv4Number(last, out _) >= 0;
    }

    // https://url.spec.whatwg.org/#concept-ipv4-parser. The parts are those of the ASCII domain that was appended at `at`.
    private bool ParseIpv4(scoped ReadOnlySpan<char> host, int at, ref SpanBuilder<char> output)
    {
        var text = output.Written[at..];
        if (text.EndsWith('.'))
        {
            Violate(UrlValidationError.Ipv4EmptyPart, host.Length - 1);
            text = text[..^1];
        }
        Span<long> numbers = stackalloc long[4];
        var (count, place) = (0, 0);
        foreach (var range in text.Split('.'))
        {
            place = range.Start.Value;
            if (count == 4) { return Fail(UrlValidationError.Ipv4TooManyParts, PlaceIn(host, place)); }
            var number = ParseIpv4Number(text[range], out var isDecimal);
            if (number < 0) { return Fail(UrlValidationError.Ipv4NonNumericPart, PlaceIn(host, place)); }
            if (!isDecimal) { Violate(UrlValidationError.Ipv4NonDecimalPart, PlaceIn(host, place)); }
            if (count > 0 && numbers[count - 1] > 255) { return Fail(UrlValidationError.Ipv4OutOfRangePart, PlaceIn(host, place)); }
            numbers[count++] = number;
        }
        var last = numbers[count - 1];
        if (last >= 1L << 8 * (5 - count)) { return Fail(UrlValidationError.Ipv4OutOfRangePart, PlaceIn(host, place)); }
        if (last > 255) { Violate(UrlValidationError.Ipv4OutOfRangePart, PlaceIn(host, place)); }
        var address = (uint)last;
        for (var i = 0; i < count - 1; i++) { address += (uint)numbers[i] << 8 * (3 - i); }
        output.Truncate(at);
        AppendIpv4(address, ref output);
        if (log is not null && !host.SequenceEqual(output.Written[at..])) { Change(UrlChangeKind.Ipv4Normalized, host.Length); }
        return true;
    }

    // A place in the ASCII domain is a place in the input as long as nothing was decoded or mapped.
    private static int PlaceIn(ReadOnlySpan<char> host, int place) => System.Text.Ascii.IsValid(host) && !host.Contains('%') ? place : 0;

    // https://url.spec.whatwg.org/#ipv4-number-parser: -1 is failure.
    private static long ParseIpv4Number(ReadOnlySpan<char> text, out bool isDecimal)
    {
        isDecimal = true;
        if (text.IsEmpty) { return -1; }
        var radix = 10;
        if (text.Length >= 2 && text[0] == '0')
        {
            isDecimal = false;
            radix = (text[1] | 0x20) == 'x' ? 16 : 8;
            text = text[(radix == 16 ? 2 : 1)..];
        }
        long value = 0;
        foreach (var c in text)
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiHexDigit(c) ? (c | 0x20) - 'a' + 10 : radix;
            if (digit >= radix) { return -1; }
            value = Math.Min(value * radix + digit, TooLarge);
        }
        return value;
    }

    private static void AppendIpv4(uint address, ref SpanBuilder<char> output)
    {
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            AppendNumber((int)(address >> shift & 255), "", ref output);
            if (shift > 0) { output.Append('.'); }
        }
    }

    private static void AppendNumber(int number, scoped ReadOnlySpan<char> format, ref SpanBuilder<char> output)
    {
        Span<char> digits = stackalloc char[8];
        number.TryFormat(digits, out var written, format, CultureInfo.InvariantCulture);
        output.Append(digits[..written]);
    }

    // https://url.spec.whatwg.org/#concept-ipv6-parser; the text is what stands between the brackets.
    private bool ParseIpv6(scoped ReadOnlySpan<char> text, ref SpanBuilder<char> output)
    {
        var at = output.Length;
        Span<ushort> pieces = stackalloc ushort[8];
        pieces.Clear();
        var (piece, compress, pointer) = (0, -1, 0);
        if (text.Length > 0 && text[0] == ':')
        {
            if (text.Length < 2 || text[1] != ':') { return Fail(UrlValidationError.Ipv6InvalidCompression, 1); }
            pointer = 2;
            compress = ++piece;
        }
        while (pointer < text.Length)
        {
            if (piece == 8) { return Fail(UrlValidationError.Ipv6TooManyPieces, 1 + pointer); }
            if (text[pointer] == ':')
            {
                if (compress >= 0) { return Fail(UrlValidationError.Ipv6MultipleCompression, 1 + pointer); }
                pointer++;
                compress = ++piece;
                continue;
            }
            var (value, length) = (0, 0);
            while (length < 4 && pointer < text.Length && char.IsAsciiHexDigit(text[pointer]))
            {
                value = value << 4 | (char.IsAsciiDigit(text[pointer]) ? text[pointer] - '0' : (text[pointer] | 0x20) - 'a' + 10);
                pointer++;
                length++;
            }
            if (pointer < text.Length && text[pointer] == '.')
            {
                if (length == 0) { return Fail(UrlValidationError.Ipv4InIpv6InvalidCodePoint, 1 + pointer); }
                if (piece > 6) { return Fail(UrlValidationError.Ipv4InIpv6TooManyPieces, 1 + pointer); }
                if (!ParseIpv4Tail(text, pointer - length, pieces[piece..])) { return false; }
                piece += 2;
                break;
            }
            if (pointer < text.Length && text[pointer] == ':')
            {
                pointer++;
                if (pointer == text.Length) { return Fail(UrlValidationError.Ipv6InvalidCodePoint, 1 + pointer); }
            }
            else if (pointer < text.Length) { return Fail(UrlValidationError.Ipv6InvalidCodePoint, 1 + pointer); }
            pieces[piece++] = (ushort)value;
        }
        if (compress < 0 && piece != 8) { return Fail(UrlValidationError.Ipv6TooFewPieces, 1 + text.Length); }
        if (compress >= 0)
        {
            // What was read behind the compression moves to the end; zeros take its place.
            var tail = piece - compress;
            pieces.Slice(compress, tail).CopyTo(pieces[(8 - tail)..]);
            pieces[compress..(8 - tail)].Clear();
        }
        AppendIpv6(pieces, ref output);
        if (log is not null && !output.Written[(at + 1)..^1].SequenceEqual(text)) { Change(UrlChangeKind.Ipv6Normalized, text.Length + 2); }
        return true;
    }

    private bool ParseIpv4Tail(scoped ReadOnlySpan<char> text, int pointer, scoped Span<ushort> pieces)
    {
        for (var seen = 0; seen < 4; seen++)
        {
            if (seen > 0)
            {
                if (pointer == text.Length) { return Fail(UrlValidationError.Ipv4InIpv6TooFewParts, 1 + pointer); }
                if (text[pointer] != '.') { return Fail(UrlValidationError.Ipv4InIpv6InvalidCodePoint, 1 + pointer); }
                pointer++;
            }
            if (pointer == text.Length || !char.IsAsciiDigit(text[pointer])) { return Fail(UrlValidationError.Ipv4InIpv6InvalidCodePoint, 1 + pointer); }
            var (value, first) = (0, pointer);
            while (pointer < text.Length && char.IsAsciiDigit(text[pointer]))
            {
                // Leading zeros are not allowed: they could be read as octal.
                if (value == 0 && pointer > first) { return Fail(UrlValidationError.Ipv4InIpv6InvalidCodePoint, 1 + pointer); }
                value = value * 10 + (text[pointer] - '0');
                if (value > 255) { return Fail(UrlValidationError.Ipv4InIpv6OutOfRangePart, 1 + pointer); }
                pointer++;
            }
            pieces[seen / 2] = (ushort)(pieces[seen / 2] << 8 | value);
        }
        return pointer == text.Length || Fail(UrlValidationError.Ipv4InIpv6InvalidCodePoint, 1 + pointer);
    }

    // https://url.spec.whatwg.org/#concept-ipv6-serializer: unlike RFC 5952 it never writes a dotted tail.
    private static void AppendIpv6(scoped ReadOnlySpan<ushort> pieces, ref SpanBuilder<char> output)
    {
        var (compress, longest) = (-1, 1);
        for (var i = 0; i < 8; i++)
        {
            var end = i;
            while (end < 8 && pieces[end] == 0) { end++; }
            if (end - i > longest) { (compress, longest) = (i, end - i); }
            i = Math.Max(i, end);
        }
        output.Append('[');
        for (var i = 0; i < 8; i++)
        {
            if (i == compress)
            {
                output.Append(i == 0 ? "::" : ":");
                i += longest - 1;
                continue;
            }
            AppendNumber(pieces[i], "x", ref output);
            if (i < 7) { output.Append(':'); }
        }
        output.Append(']');
    }
}
