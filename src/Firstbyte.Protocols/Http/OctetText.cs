using System.Buffers;
using System.Text;

namespace Firstbyte.Http;

/// <summary>Text that holds octets which are no UTF-8, and gives them back as they were.</summary>
/// <remarks>
/// What a user types, what a server says in a field, and what a file of cookies holds is text as a rule and octets by its nature (RFC 9110 5.5). Octets that are
/// no part of UTF-8 stand in the text as lone surrogates, U+DC80 to U+DCFF, which nothing else is written as; for people they are U+FFFD.
/// </remarks>
public static class OctetText
{
    private const int Escaped = 0xDC00;

    private static readonly SearchValues<char> s_escaped = SearchValues.Create([.. Enumerable.Range(Escaped + 0x80, 0x80).Select(static one => (char)one)]);

    /// <summary>Whether the text has octets that are no UTF-8.</summary>
    public static bool HasOctets(ReadOnlySpan<char> text) => NextOctet(text) >= 0;

    // The second half of a character beyond U+FFFF may look like one.
    private static int NextOctet(ReadOnlySpan<char> text)
    {
        var from = 0;
        while (text[from..].IndexOfAny(s_escaped) is >= 0 and var next)
        {
            if (from + next == 0 || !char.IsHighSurrogate(text[from + next - 1])) { return from + next; }
            from += next + 1;
        }
        return -1;
    }

    /// <summary>The text of octets.</summary>
    public static string Of(ReadOnlySpan<byte> octets)
    {
        if (System.Text.Unicode.Utf8.IsValid(octets)) { return Encoding.UTF8.GetString(octets); }
        var text = new StringBuilder(octets.Length);
        Span<char> pair = stackalloc char[2];
        while (octets.Length > 0)
        {
            if (Rune.DecodeFromUtf8(octets, out var rune, out var count) == OperationStatus.Done) { text.Append(pair[..rune.EncodeToUtf16(pair)]); }
            else
            {
                count = 1;
                text.Append((char)(Escaped + octets[0]));
            }
            octets = octets[count..];
        }
        return text.ToString();
    }

    /// <summary>The octets of a text.</summary>
    public static byte[] Octets(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!HasOctets(text)) { return Encoding.UTF8.GetBytes(text); }
        var octets = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        TryWrite(text, octets, out var written);
        return octets[..written];
    }

    /// <summary>Writes the octets of a text; false where they have no room.</summary>
    public static bool TryWrite(ReadOnlySpan<char> text, Span<byte> destination, out int written)
    {
        written = 0;
        while (true)
        {
            var at = NextOctet(text);
            var plain = at < 0 ? text : text[..at];
            if (!Encoding.UTF8.TryGetBytes(plain, destination[written..], out var count)) { return false; }
            written += count;
            if (at < 0) { return true; }
            if (written == destination.Length) { return false; }
            destination[written++] = (byte)(text[at] - Escaped);
            text = text[(at + 1)..];
        }
    }

    /// <summary>The text as it is shown and written down: octets that are no UTF-8 as U+FFFD.</summary>
    public static string Shown(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return HasOctets(text) ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
    }
}
