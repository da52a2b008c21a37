using System.Text;
using Firstbyte.Doctor;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Transfers;
using Firstbyte.Urls;

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
        if (UrlInput.IsHostless(url)) { return Mask(url); }
        var start = StartOfAuthority(url);
        var end = url.AsSpan(start).IndexOfAny('/', '?', '#');
        var at = start + url.AsSpan(start, (end < 0 ? url.Length : start + end) - start).LastIndexOf('@');
        if (at < start) { return Mask(url); }
        var colon = url.IndexOf(':', start, at - start);
        var user = url[start..(colon < 0 ? at : colon)];
        var masked = SecretNames.IsToken(user, colon < 0 ? "" : url.AsSpan(colon + 1, at - colon - 1)) ? Cover : MaskMembers(user);
        var password = colon < 0 ? "" : colon + 1 == at ? ":" : ":" + Cover;
        return url[..start] + masked + password + Mask(url[at..]);
    }

    /// <summary>A field with what is secret in it covered: the whole value, or the credentials of a URL in it.</summary>
    public static HttpField MaskField(HttpField field) =>
        field with { Value = SecretFields.IsSecret(field.Name) ? Cover : Mask(field.Value) };

    // As the URL parser finds it, which takes any number of slashes of either kind, drops tabs and line ends, and keeps what looks like an end
    // (quotes, spaces, angle brackets) in the credentials. Without a scheme the input may still be "user:password@host".
    private static int StartOfAuthority(string url)
    {
        var at = 0;
        while (at < url.Length && url[at] <= ' ') { at++; }
        var start = at;
        while (at < url.Length && (char.IsAsciiLetterOrDigit(url[at]) || url[at] is '+' or '-' or '.' or '\t' or '\r' or '\n')) { at++; }
        var hasScheme = at > start && at < url.Length && url[at] == ':';
        var slashes = hasScheme ? at + 1 : start;
        at = slashes;
        while (at < url.Length && url[at] is '/' or '\\' or '\t' or '\r' or '\n') { at++; }
        var count = url.AsSpan(slashes, at - slashes).Count('/') + url.AsSpan(slashes, at - slashes).Count('\\');
        return count >= (hasScheme ? 1 : 2) ? at : start;
    }

    /// <summary>A failure as it may be told: without the secrets of URLs and names in it, nor what an FTP server repeats of a token.</summary>
    /// <param name="failure">What failed.</param>
    /// <param name="urls">The URLs that it may be about, as they were typed.</param>
    public static JourneyFailure MaskFailure(JourneyFailure failure, IEnumerable<string> urls)
    {
        ArgumentNullException.ThrowIfNull(urls);
        foreach (var text in urls)
        {
            if (!UrlInput.TryRead(text, out var url, out _, out _) || !SecretNames.IsToken(url!.Username)) { continue; }
            failure = MaskFailure(failure, Encoding.UTF8.GetString(PercentDecoding.Decode(url.Username)));
        }
        return MaskFailure(failure, ftpUser: null);
    }

    /// <summary>The same, where a token that was an FTP user's name is known.</summary>
    internal static JourneyFailure MaskFailure(JourneyFailure failure, string? ftpUser) => failure switch
    {
        RedirectRefused refused => refused with { Location = MaskUrl(refused.Location) },
        FtpRefused refused when ftpUser is not null => refused with { Said = refused.Said.Replace(ftpUser, Cover, StringComparison.Ordinal) },
        MailtoUnusable url => url with { Part = Mask(url.Part) },
        FileRefused file => file with { Path = Mask(file.Path) },
        BodyUnreadable body => body with { From = MaskOrigin(body.From) },
        BodyShrunk body => body with { From = MaskOrigin(body.From) },
        BodyNotRepeatable body => body with { From = MaskOrigin(body.From) },
        _ => failure,
    };

    /// <summary>A finding as it may be told.</summary>
    internal static Finding MaskFinding(Finding finding) => finding switch
    {
        JourneyBroken journey => journey with { Failure = MaskFailure(journey.Failure, ftpUser: null) },
        AddressBroken address => address with { Failure = MaskFailure(address.Failure, ftpUser: null) },
        RedirectTemporary redirect => redirect with { Href = MaskUrl(redirect.Href) },
        RedirectToPlain redirect => new RedirectToPlain(MaskUrl(redirect.From), MaskUrl(redirect.To)),
        HstsMalformed hsts => hsts with { Value = Mask(hsts.Value) },
        CacheContradictory cache => cache with { Value = Mask(cache.Value) },
        CookieCached cache => cache with { Value = Mask(cache.Value) },
        AltSvcMalformed service => service with { Value = Mask(service.Value) },
        _ => finding,
    };

    // What a file is called may be a secret that went where a file's name belongs ("-d @password=…").
    private static BodyOrigin MaskOrigin(BodyOrigin origin) => origin with { Name = Mask(origin.Name) };

    /// <summary>Whether a member of this name holds a secret.</summary>
    public static bool IsSecretName(string name) => SecretNames.IsSecret(Encoding.UTF8.GetBytes(name));

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
        return Covered(members, SecretSpans.Credentials(Encoding.Latin1.GetBytes(members), isWhole: true));
    }

    /// <summary>A command line as it was typed, with the secrets of its URLs, members and fields (<c>-H "X-Api-Key: …"</c>) covered.</summary>
    public static string MaskCommand(string line)
    {
        var text = Mask(line);
        for (var colon = text.IndexOf(':', StringComparison.Ordinal); colon >= 0; colon = text.IndexOf(':', colon + 1))
        {
            var name = colon;
            while (name > 0 && (char.IsAsciiLetterOrDigit(text[name - 1]) || text[name - 1] is '-' or '_')) { name--; }
            if (!SecretFields.IsSecret(text[name..colon])) { continue; }
            var start = colon + 1;
            while (start < text.Length && text[start] == ' ') { start++; }
            // A quote that stands before the name ends the value; without one the next blank does.
            var end = text.IndexOf(name > 0 && text[name - 1] is '"' or '\'' ? text[name - 1] : ' ', start);
            if (end < 0) { end = text.Length; }
            if (end > start) { text = string.Concat(text.AsSpan(0, start), Cover, text.AsSpan(end)); }
        }
        return text;
    }

    /// <summary>The same with a star for each character, where places have to stay what they are.</summary>
    public static string MaskInPlace(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = Encoding.Latin1.GetBytes(text);
        var letters = text.ToCharArray();
        foreach (var secret in SecretSpans.In(bytes).Concat(SecretSpans.Credentials(bytes, isWhole: true)))
        {
            letters.AsSpan(secret.Start, secret.Length).Fill('*');
        }
        return new string(letters);
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
