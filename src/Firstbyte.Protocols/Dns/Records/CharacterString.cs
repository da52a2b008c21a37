using System.Text;

namespace Firstbyte.Dns.Records;

/// <summary>The text of a character-string (RFC 1035 sections 3.3 and 5.1).</summary>
internal static class CharacterString
{
    /// <summary>The bytes in quotes, with "\"", "\\" and "\DDD" where they are needed.</summary>
    public static string Quote(ReadOnlySpan<byte> value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        Span<char> escape = stackalloc char[4];
        foreach (var b in value)
        {
            if (b is < (byte)' ' or >= 0x7F) { text.Append(escape[..DnsName.FormatEscape(b, escape)]); continue; }
            if (b is (byte)'"' or (byte)'\\') { text.Append('\\'); }
            text.Append((char)b);
        }
        return text.Append('"').ToString();
    }
}
