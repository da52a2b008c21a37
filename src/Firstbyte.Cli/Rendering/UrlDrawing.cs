using System.Text;
using Firstbyte.Urls;

namespace Firstbyte.Cli.Rendering;

/// <summary>A URL with its parts underlined and named, what was changed, and what is wrong with the input.</summary>
internal static class UrlDrawing
{
    public static void Draw(Page page, UrlExplanation explanation)
    {
        var url = explanation.Url;
        if (url is not null)
        {
            page.Step("URL", url.Href, ink: Ink.Strong);
            DrawParts(page, explanation, url);
            if (url.UnicodeHostname != url.Hostname) { page.Step("Reads", Printable.Text(url.UnicodeHostname)); }
            page.Step("Origin", url.Origin == "null" ? "opaque: like no other" : url.Origin);
            page.Step("Client", UrlWords.Client(url.Scheme) + (url.EffectivePort >= 0 ? $", port {url.EffectivePort}{(url.PortNumber is null ? " (the scheme's own)" : "")}" : ""));
        }
        else
        {
            page.Step("URL", "none", ink: Ink.Bad);
        }
        if (url?.Href != explanation.Input) { page.Step("Input", Printable.Text(explanation.Input)); }
        foreach (var group in explanation.Changes.GroupBy(change => change.Kind))
        {
            page.Step(group.Key == explanation.Changes[0].Kind ? "Changed" : "", Sentence(explanation.Input, group.Key, [.. group]));
        }
        DrawViolations(page, explanation);
    }

    // Every part hangs from its first character, the last one first, so that no line crosses another.
    private static void DrawParts(Page page, UrlExplanation explanation, Url url)
    {
        var parts = explanation.Parts;
        var fits = url.Href.Length <= page.Width - 40;
        if (fits)
        {
            var underline = new StringBuilder(new string(' ', url.Href.Length + 1));
            foreach (var part in parts)
            {
                for (var i = 0; i < part.HrefLength; i++) { underline[part.HrefStart + i] = '─'; }
                underline[part.HrefStart] = '┬';
            }
            page.Detail(underline.ToString().TrimEnd(), ink: Ink.Faint);
        }
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            var text = new StringBuilder();
            if (fits)
            {
                text.Append(' ', parts[i].HrefStart);
                for (var j = 0; j < i; j++) { text[parts[j].HrefStart] = '│'; }
                text.Append("└ ");
            }
            text.Append(PartName(parts[i].Part)).Append("  ").Append(parts[i].Value.Length == 0 ? "(empty)" : parts[i].Value);
            text.Append(SourceWords(parts[i].Source));
            page.Detail(text.ToString());
        }
    }

    private static void DrawViolations(Page page, UrlExplanation explanation)
    {
        var violations = explanation.Violations;
        for (var i = 0; i < violations.Count; i++)
        {
            var (error, position) = (violations[i].Error, violations[i].Position);
            var isFatal = explanation.Error is { } fatal && fatal.Reason == error && fatal.Position == position;
            var where = position < explanation.Input.Length ? $" '{Printable.Text(CharacterAt(explanation.Input, position))}'" : " (the end)";
            page.Step(isFatal ? "Error" : i == 0 ? "Wrong" : "", $"at {position}{where}: {UrlWords.Of(error)} ({error.StandardName()})", ink: isFatal ? Ink.Bad : Ink.Warning);
        }
    }

    private static string CharacterAt(string text, int position) =>
        char.IsHighSurrogate(text[position]) && position + 1 < text.Length && char.IsLowSurrogate(text[position + 1]) ? text.Substring(position, 2) : text[position].ToString();

    private static string Sentence(string input, UrlChangeKind kind, UrlChange[] changes)
    {
        var first = changes[0];
        var shown = first.InputLength > 0 ? Printable.Text(input.Substring(first.InputStart, first.InputLength)) : "";
        return UrlWords.Of(kind) + (shown.Length > 0 ? $": '{shown}' at {first.InputStart}" : "") + (changes.Length > 1 ? $" and {changes.Length - 1} more" : "");
    }

    private static string PartName(UrlPart part) => part switch
    {
        UrlPart.Scheme => "scheme",
        UrlPart.Username => "username",
        UrlPart.Password => "password",
        UrlPart.Host => "host",
        UrlPart.Port => "port",
        UrlPart.Path => "path",
        UrlPart.Query => "query",
        _ => "fragment",
    };

    private static string SourceWords(UrlPartSource source) => source switch
    {
        UrlPartSource.Base => "   (from the base)",
        UrlPartSource.BaseAndInput => "   (the base's path and the input's)",
        UrlPartSource.Standard => "   (the standard's: the input has none)",
        _ => "",
    };
}

/// <summary>Passwords become asterisks, one for each character, so that places stay what they are.</summary>
internal static class UrlSecrets
{
    public static UrlExplanation Mask(UrlExplanation explanation)
    {
        var input = explanation.Input;
        // The last "@" before the path ends the credentials; what stands between the first colon and it is secret, parsed or not.
        var scheme = SchemeLength(input);
        var start = scheme;
        while (start < input.Length && (input[start] is '/' or '\\' or <= ' ')) { start++; }
        // "urn:a:b@c" has no credentials: only special schemes do without slashes.
        if (start == scheme && scheme > 0 && !(explanation.Url?.IsSpecial ?? true)) { return explanation; }
        var end = input.AsSpan(start).IndexOfAny("/\\?#");
        var authority = end < 0 ? input.AsSpan(start) : input.AsSpan(start, end);
        var sign = authority.LastIndexOf('@');
        var colon = sign < 0 ? -1 : authority[..sign].IndexOf(':');
        var masked = colon < 0 ? input : string.Concat(input.AsSpan(0, start + colon + 1), new string('*', sign - colon - 1), input.AsSpan(start + sign));
        var url = explanation.Url;
        if (url is not null && url.Password.Length > 0) { url = url.WithPassword(new string('*', url.Password.Length)); }
        return explanation with
        {
            Input = masked,
            Url = url,
            Error = explanation.Error is { } error ? error with { Input = masked } : null,
            Parts = [.. explanation.Parts.Select(part => part.Part == UrlPart.Password ? part with { Value = new string('*', part.Value.Length) } : part)],
        };
    }

    // With its colon; 0 when the text begins with something else.
    private static int SchemeLength(string input)
    {
        var end = input.AsSpan().IndexOfAny(":/\\?#");
        return end >= 0 && input[end] == ':' ? end + 1 : 0;
    }
}
