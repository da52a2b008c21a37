using System.Text;

namespace Firstbyte.Exports;

/// <summary>Finds secrets in text and bytes and covers them: passwords in URLs, credential fields of HTTP messages, password-like members of forms and queries.</summary>
/// <remarks>
/// A covered secret is always the same eight stars in text, so that not even its length is told. In bytes on the wire the length
/// stays, because offsets are what one looks at there; each byte becomes a star.
/// </remarks>
public static class SecretText
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Cover = "********";

    private static readonly string[] MemberNames =
        ["password", "passwd", "pwd", "pass", "passphrase", "secret", "client_secret", "token", "access_token", "refresh_token", "id_token", "api_key", "apikey", "auth", "signature"];

    /// <summary>A URL (or what was typed as one) with its password and its password-like query members covered.</summary>
    public static string MaskUrl(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var masked = url;
        var authority = masked.IndexOf("//", StringComparison.Ordinal);
        // Without slashes the input may still be "user:password@host": the part before the first '/', '?' or '#' is what counts.
        var start = authority >= 0 ? authority + 2 : 0;
        var end = masked.AsSpan(start).IndexOfAny('/', '?', '#');
        end = end < 0 ? masked.Length : start + end;
        var at = masked.AsSpan(start, end - start).LastIndexOf('@');
        if (at >= 0)
        {
            var colon = masked.AsSpan(start, at).IndexOf(':');
            if (colon >= 0 && colon + 1 < at) { masked = string.Concat(masked.AsSpan(0, start + colon + 1), Cover, masked.AsSpan(start + at)); }
        }
        var query = masked.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? masked : masked[..(query + 1)] + MaskMembers(masked[(query + 1)..]);
    }

    /// <summary>Form or query text ("a=1&amp;password=x") with password-like members covered.</summary>
    public static string MaskMembers(string members)
    {
        ArgumentNullException.ThrowIfNull(members);
        StringBuilder? masked = null;
        var copied = 0;
        foreach (var (start, length) in MemberValues(Encoding.Latin1.GetBytes(members)))
        {
            masked ??= new StringBuilder(members.Length);
            masked.Append(members, copied, start - copied).Append(Cover);
            copied = start + length;
        }
        return masked is null ? members : masked.Append(members, copied, members.Length - copied).ToString();
    }

    /// <summary>Where the values of password-like members lie in bytes that are wholly or partly a form.</summary>
    internal static List<(int Start, int Length)> MemberValues(ReadOnlySpan<byte> data)
    {
        var found = new List<(int, int)>();
        for (var i = 0; i < data.Length; i++)
        {
            if (data[i] != '=') { continue; }
            var nameStart = i;
            while (nameStart > 0 && IsNameByte(data[nameStart - 1])) { nameStart--; }
            if (nameStart == i || !IsMemberName(data[nameStart..i])) { continue; }
            var valueEnd = i + 1;
            while (valueEnd < data.Length && data[valueEnd] is not ((byte)'&' or (byte)'#' or (byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'"')) { valueEnd++; }
            if (valueEnd > i + 1) { found.Add((i + 1, valueEnd - i - 1)); }
            i = valueEnd - 1;
        }
        return found;
    }

    private static bool IsNameByte(byte b) => b is (byte)'_' or (byte)'-' or (>= (byte)'0' and <= (byte)'9') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z');

    private static bool IsMemberName(ReadOnlySpan<byte> name)
    {
        foreach (var secret in MemberNames)
        {
            if (name.Length == secret.Length && Ascii.EqualsIgnoreCase(name, secret)) { return true; }
        }
        return false;
    }
}
