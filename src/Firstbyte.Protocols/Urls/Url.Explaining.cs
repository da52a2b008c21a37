namespace Firstbyte.Urls;

/// <summary>What was read, what was changed, and what the input breaks of the rules for writing URLs.</summary>
public sealed partial class Url
{
    /// <summary>Parses and tells everything on the way: parts with their places, changes, violations (WHATWG URL section 1.1).</summary>
    public static UrlExplanation Explain(string input, Url? baseUrl = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var cleaned = new CleanedInput(input);
        var log = new UrlParseLog();
        var parser = new UrlParser(cleaned.Text, baseUrl, stackalloc char[StackCharacters], log: log);
        var url = parser.Parse() ? parser.ToUrl(input) : null;
        var error = url is null ? new UrlError(input, parser.Error, cleaned.PlaceOf(parser.ErrorPosition)) : null;
        parser.Dispose();
        log.Map(cleaned);
        TellCleaning(input, log);
        return new UrlExplanation(
            input,
            url,
            error,
            url is null ? [] : PartsOf(url, log),
            [.. log.Changes.OrderBy(change => change.InputStart)],
            [.. log.Violations.Distinct().OrderBy(violation => violation.Position)]);
    }

    // The basic URL parser, steps 1.2 and 2: both are invalid-URL-unit.
    private static void TellCleaning(string input, UrlParseLog log)
    {
        var (start, end) = (0, input.Length);
        while (start < end && input[start] <= ' ') { start++; }
        while (end > start && input[end - 1] <= ' ') { end--; }
        if (start > 0)
        {
            log.Violate(UrlValidationError.InvalidUrlUnit, 0);
            log.Change(null, UrlChangeKind.EndsTrimmed, 0, start);
        }
        if (end < input.Length)
        {
            log.Violate(UrlValidationError.InvalidUrlUnit, end);
            log.Change(null, UrlChangeKind.EndsTrimmed, end, input.Length);
        }
        for (var i = start; i < end; i++)
        {
            if (input[i] is not ('\t' or '\n' or '\r')) { continue; }
            log.Violate(UrlValidationError.InvalidUrlUnit, i);
            log.Change(null, UrlChangeKind.TabOrNewlineRemoved, i, i + 1);
        }
    }

    private static List<UrlPartOrigin> PartsOf(Url url, UrlParseLog log)
    {
        var (offsets, parts) = (url.Offsets, new List<UrlPartOrigin>());
        Add(UrlPart.Scheme, 0, offsets.SchemeEnd - 1);
        if (offsets.UsernameEnd > offsets.SchemeEnd + 2) { Add(UrlPart.Username, offsets.SchemeEnd + 2, offsets.UsernameEnd); }
        if (offsets.HostStart - offsets.UsernameEnd > 1) { Add(UrlPart.Password, offsets.UsernameEnd + 1, offsets.HostStart - 1); }
        if (offsets.HasHost) { Add(UrlPart.Host, offsets.HostStart, offsets.HostEnd); }
        if (offsets.Port >= 0) { Add(UrlPart.Port, offsets.HostEnd + 1, offsets.PathStart); }
        Add(UrlPart.Path, offsets.PathStart, offsets.SearchStart);
        if (url.HasQuery) { Add(UrlPart.Query, offsets.SearchStart + 1, offsets.HashStart); }
        if (url.HasFragment) { Add(UrlPart.Fragment, offsets.HashStart + 1, url.Href.Length); }
        return parts;

        void Add(UrlPart part, int start, int end)
        {
            var (inputStart, inputEnd, source) = log.Parts[(int)part];
            parts.Add(new UrlPartOrigin(part, url.Href[start..end], source, inputStart, inputEnd - inputStart, start, end - start));
        }
    }
}
