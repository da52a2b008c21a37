using System.Text;

namespace Firstbyte.Exports;

/// <summary>Finds secrets in text and covers them: passwords and tokens in URLs, password-like members of forms, queries and JSON.</summary>
/// <remarks>
/// A covered secret is always the same eight stars in text, so that not even its length is told. In bytes on the wire the length
/// stays, because offsets are what one looks at there; each byte becomes a star.
/// </remarks>
public static class SecretText
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Cover = "********";

    /// <summary>A URL (or what was typed as one) with its password, a token in the user's place, and its password-like members covered.</summary>
    public static string MaskUrl(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.Contains("://", StringComparison.Ordinal)) { return Mask(url); }
        // Without a scheme the input may still be "user:password@host": the part before the first '/', '?' or '#' is what counts.
        var start = url.StartsWith("//", StringComparison.Ordinal) ? 2 : 0;
        var end = url.AsSpan(start).IndexOfAny('/', '?', '#');
        var at = url.AsSpan(start, (end < 0 ? url.Length : start + end) - start).LastIndexOf('@');
        if (at < 0) { return MaskMembers(url); }
        const string scheme = "x://";
        return Mask(scheme + url[start..]).Replace(scheme, url[..start], StringComparison.Ordinal);
    }

    /// <summary>Form, query or JSON text ("a=1&amp;password=x") with password-like members covered.</summary>
    public static string MaskMembers(string members)
    {
        ArgumentNullException.ThrowIfNull(members);
        return Covered(members, SecretSpans.In(Encoding.Latin1.GetBytes(members)));
    }

    /// <summary>Text in which URLs and members may stand, as the value of a field, with their secrets covered.</summary>
    public static string Mask(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // A character beyond Latin-1 becomes one byte all the same: the places are those of the text.
        var members = MaskMembers(text);
        return Covered(members, SecretSpans.Credentials(Encoding.Latin1.GetBytes(members)));
    }

    private static string Covered(string text, List<SecretSpan> secrets)
    {
        if (secrets.Count == 0) { return text; }
        var masked = new StringBuilder(text.Length);
        var copied = 0;
        foreach (var secret in secrets)
        {
            if (secret.Length == 0) { continue; }
            masked.Append(text, copied, secret.Start - copied).Append(Cover);
            copied = secret.Start + secret.Length;
        }
        return masked.Append(text, copied, text.Length - copied).ToString();
    }
}
