using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Firstbyte.Dns.Records;

/// <summary>Why a text is not a domain name.</summary>
public enum NameFlaw
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>There is no text.</summary>
    Empty,

    /// <summary>Two dots stand side by side, or one stands first.</summary>
    EmptyLabel,

    /// <summary>A label has more than 63 bytes (RFC 1035 section 2.3.4).</summary>
    LabelTooLong,

    /// <summary>The name has more than 255 bytes (RFC 1035 section 2.3.4).</summary>
    NameTooLong,

    /// <summary>A backslash is followed neither by a character nor by three digits up to 255 (RFC 1035 section 5.1).</summary>
    BadEscape,

    /// <summary>A character outside printable ASCII stands unescaped: an internationalised name goes through IDNA first.</summary>
    BadCharacter,
}

/// <summary>The text form (RFC 1035 section 5.1): labels with dots between, "\." and "\DDD" for what a label may not show plainly.</summary>
public readonly partial struct DnsName
{
    /// <summary>Reads a name; it is absolute with or without its last dot.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DnsName name) => TryParse(text.AsSpan(), Root, out name, out _, out _);

    /// <inheritdoc cref="TryParse(string?, out DnsName)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out DnsName name) => TryParse(text, Root, out name, out _, out _);

    /// <summary>Reads a name; one without its last dot is completed by <paramref name="origin"/>. On failure says why and at which character.</summary>
    [SkipLocalsInit]
    public static bool TryParse(ReadOnlySpan<char> text, DnsName origin, out DnsName name, out NameFlaw flaw, out int position)
    {
        Span<byte> wire = stackalloc byte[WireName.MaxLength];
        name = default;
        if (!TryParse(text, origin.Wire, wire, out var length, out flaw, out position)) { return false; }
        name = FromValidWire(wire[..length]);
        return true;
    }

    /// <summary>The same into a buffer of <see cref="WireName.MaxLength"/> bytes, without making a name.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, ReadOnlySpan<byte> origin, Span<byte> wire, out int length, out NameFlaw flaw, out int position)
    {
        (flaw, position) = (NameFlaw.None, 0);
        wire[0] = 0;
        length = 1;
        if (text.Length == 0) { flaw = NameFlaw.Empty; return false; }
        if (text is ".") { return true; }

        var labelStart = 0;
        var absolute = false;
        for (var i = 0; i < text.Length;)
        {
            position = i;
            var c = text[i];
            if (c == '.')
            {
                if (length == labelStart + 1) { flaw = NameFlaw.EmptyLabel; return false; }
                wire[labelStart] = (byte)(length - labelStart - 1);
                labelStart = length++;
                absolute = ++i == text.Length;
                if (!absolute && length >= WireName.MaxLength) { flaw = NameFlaw.NameTooLong; return false; }
                continue;
            }
            byte value;
            if (c == '\\')
            {
                if (!TryReadEscape(text[i..], out value, out var used)) { flaw = NameFlaw.BadEscape; return false; }
                i += used;
            }
            else if (c is > ' ' and < '\x7F')
            {
                value = (byte)c;
                i++;
            }
            else { flaw = NameFlaw.BadCharacter; return false; }
            if (length - labelStart > WireName.MaxLabelLength) { flaw = NameFlaw.LabelTooLong; return false; }
            // The last byte is kept for the root.
            if (length >= WireName.MaxLength - 1) { flaw = NameFlaw.NameTooLong; return false; }
            wire[length++] = value;
        }
        position = text.Length;
        if (absolute) { wire[labelStart] = 0; }
        else
        {
            wire[labelStart] = (byte)(length - labelStart - 1);
            if (length + origin.Length > WireName.MaxLength) { flaw = NameFlaw.NameTooLong; return false; }
            origin.CopyTo(wire[length..]);
            length += origin.Length;
        }
        return true;
    }

    /// <summary>Reads a name or throws.</summary>
    /// <exception cref="FormatException">The text is not a name.</exception>
    public static DnsName Parse(ReadOnlySpan<char> text)
    {
        if (TryParse(text, Root, out var name, out var flaw, out var position)) { return name; }
        throw new FormatException($"'{text}' is not a domain name: {flaw} at character {position}.");
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{char})"/>
    public static DnsName Parse(string text) => Parse(text.AsSpan());

    static DnsName ISpanParsable<DnsName>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);
    static DnsName IParsable<DnsName>.Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());
    static bool ISpanParsable<DnsName>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out DnsName result) => TryParse(s, out result);
    static bool IParsable<DnsName>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DnsName result) => TryParse(s, out result);

    /// <summary>The absolute text with its last dot: "www.example.com.", "." for the root.</summary>
    [SkipLocalsInit]
    public override string ToString()
    {
        Span<char> buffer = stackalloc char[MaxTextLength];
        return new string(buffer[..Format(buffer)]);
    }

    /// <summary>The text without its last dot, as people write hosts: "www.example.com"; "." for the root.</summary>
    [SkipLocalsInit]
    public string ToHostString()
    {
        Span<char> buffer = stackalloc char[MaxTextLength];
        var length = Format(buffer);
        return new string(buffer[..(length > 1 ? length - 1 : length)]);
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    [SkipLocalsInit]
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<char> buffer = stackalloc char[MaxTextLength];
        charsWritten = Format(buffer);
        if (buffer[..charsWritten].TryCopyTo(destination)) { return true; }
        charsWritten = 0;
        return false;
    }

    /// <summary>Every byte of a name as "\DDD" and the dots.</summary>
    private const int MaxTextLength = WireName.MaxLength * 4;

    /// <summary>Reads "\c" or "\DDD" at the start of the text.</summary>
    internal static bool TryReadEscape(ReadOnlySpan<char> text, out byte value, out int used)
    {
        (value, used) = (0, 0);
        if (text.Length < 2) { return false; }
        if (!char.IsAsciiDigit(text[1]))
        {
            if (text[1] is < ' ' or >= '\x7F') { return false; }
            (value, used) = ((byte)text[1], 2);
            return true;
        }
        if (text.Length < 4 || !char.IsAsciiDigit(text[2]) || !char.IsAsciiDigit(text[3])) { return false; }
        var number = (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
        if (number > 255) { return false; }
        (value, used) = ((byte)number, 4);
        return true;
    }

    /// <summary>Writes "\DDD".</summary>
    internal static int FormatEscape(byte value, Span<char> destination)
    {
        destination[0] = '\\';
        destination[1] = (char)('0' + value / 100);
        destination[2] = (char)('0' + value / 10 % 10);
        destination[3] = (char)('0' + value % 10);
        return 4;
    }

    private int Format(Span<char> destination)
    {
        if (IsRoot)
        {
            destination[0] = '.';
            return 1;
        }
        var length = 0;
        foreach (var label in Labels)
        {
            foreach (var value in label)
            {
                if (value is <= (byte)' ' or >= 0x7F) { length += FormatEscape(value, destination[length..]); continue; }
                // Those that mean something to a zone file are escaped, so that the text can stand in one.
                if ((char)value is '.' or '\\' or '"' or ';' or '(' or ')' or '@' or '$') { destination[length++] = '\\'; }
                destination[length++] = (char)value;
            }
            destination[length++] = '.';
        }
        return length;
    }
}
