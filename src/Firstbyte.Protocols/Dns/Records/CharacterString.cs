using System.Text;

namespace Firstbyte.Dns.Records;

/// <summary>The text of a character-string (RFC 1035 sections 3.3 and 5.1).</summary>
internal static class CharacterString
{
    /// <summary>The bytes in quotes, with "\"", "\\" and "\DDD" where they are needed.</summary>
    public static string Quote(ReadOnlySpan<byte> value) => Append(new StringBuilder(value.Length + 2).Append('"'), value).Append('"').ToString();

    /// <summary>The same without the quotes around it.</summary>
    public static string Escape(ReadOnlySpan<byte> value) => Append(new StringBuilder(value.Length), value).ToString();

    private static StringBuilder Append(StringBuilder text, ReadOnlySpan<byte> value)
    {
        Span<char> escape = stackalloc char[4];
        foreach (var b in value)
        {
            if (b is < (byte)' ' or >= 0x7F) { text.Append(escape[..DnsName.FormatEscape(b, escape)]); continue; }
            if (b is (byte)'"' or (byte)'\\') { text.Append('\\'); }
            text.Append((char)b);
        }
        return text;
    }
}
