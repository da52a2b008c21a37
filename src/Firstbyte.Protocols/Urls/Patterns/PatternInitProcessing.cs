namespace Firstbyte.Urls.Patterns;

/// <summary>Fills components in from a base URL and puts them into form (URL Pattern section 3.2, "process a URLPatternInit").</summary>
/// <remarks>
/// The base URL supplies a component only when the input gives none that comes before it in one of these orders: protocol, hostname, port,
/// pathname, search, hash; or protocol, hostname, port, username, password. A pattern never takes credentials from its base URL.
/// </remarks>
internal static class PatternInitProcessing
{
    /// <summary>The components of a pattern: what comes from the base URL is escaped, nothing is canonicalized yet.</summary>
    public static ComponentValues? ForPattern(ComponentValues init, out UrlPatternFault fault)
    {
        fault = UrlPatternFault.BaseUrlInvalid;
        var result = new ComponentValues();
        if (!TryInherit(init, result, isPattern: true, out var baseUrl)) { return null; }
        for (var part = UrlPart.Scheme; part <= UrlPart.Fragment; part++)
        {
            if (init[part] is { } value) { result.Set(part, Strip(part, value, out var dropped), init.StartOf(part) + dropped); }
        }
        if (result[UrlPart.Path] is { } pathname && init[UrlPart.Path] is not null && !IsAbsolute(pathname, isPattern: true))
        {
            var folder = FolderOf(baseUrl, isPattern: true);
            result.Set(UrlPart.Path, folder + pathname, result.StartOf(UrlPart.Path) - folder.Length);
        }
        return result;
    }

    /// <summary>The components of a URL to match, each canonical; null where the standard says that it cannot match.</summary>
    public static ComponentValues? ForUrl(ComponentValues init)
    {
        var result = new ComponentValues();
        for (var part = UrlPart.Scheme; part <= UrlPart.Fragment; part++) { result[part] = ""; }
        if (!TryInherit(init, result, isPattern: false, out var baseUrl)) { return null; }
        for (var part = UrlPart.Scheme; part <= UrlPart.Fragment; part++)
        {
            if (init[part] is not { } value) { continue; }
            value = Strip(part, value, out _);
            if (part == UrlPart.Path && !IsAbsolute(value, isPattern: false)) { value = FolderOf(baseUrl, isPattern: false) + value; }
            if (Canonicalize(part, value, result[UrlPart.Scheme]!) is not { } canonical) { return null; }
            result[part] = canonical;
        }
        return result;
    }

    private static bool TryInherit(ComponentValues init, ComponentValues result, bool isPattern, out Url? baseUrl)
    {
        baseUrl = null;
        if (init.BaseUrl is null) { return true; }
        if (!Url.TryParse(init.BaseUrl, out baseUrl)) { return false; }
        if (!init.HasAny(UrlPart.Scheme)) { Inherit(UrlPart.Scheme, baseUrl.Scheme); }
        if (!isPattern)
        {
            if (!init.HasAny(UrlPart.Scheme, UrlPart.Host, UrlPart.Port, UrlPart.Username)) { Inherit(UrlPart.Username, baseUrl.Username); }
            if (!init.HasAny(UrlPart.Scheme, UrlPart.Host, UrlPart.Port, UrlPart.Username, UrlPart.Password)) { Inherit(UrlPart.Password, baseUrl.Password); }
        }
        if (init.HasAny(UrlPart.Scheme, UrlPart.Host)) { return true; }
        Inherit(UrlPart.Host, baseUrl.Hostname);
        if (init.HasAny(UrlPart.Port)) { return true; }
        Inherit(UrlPart.Port, baseUrl.Port);
        if (init.HasAny(UrlPart.Path)) { return true; }
        Inherit(UrlPart.Path, baseUrl.Pathname);
        if (init.HasAny(UrlPart.Query)) { return true; }
        Inherit(UrlPart.Query, WithoutMark(baseUrl.Search));
        if (init.HasAny(UrlPart.Fragment)) { return true; }
        Inherit(UrlPart.Fragment, WithoutMark(baseUrl.Hash));
        return true;

        void Inherit(UrlPart part, string value) => result[part] = isPattern ? PatternText.Escape(value) : value;
    }

    private static string WithoutMark(string text) => text.Length == 0 ? "" : text[1..];

    // One ":" at the end of a protocol, one "?" or "#" at the beginning of search and hash.
    private static string Strip(UrlPart part, string value, out int dropped)
    {
        dropped = 0;
        switch (part)
        {
            case UrlPart.Scheme: return value.EndsWith(':') ? value[..^1] : value;
            case UrlPart.Query when value.StartsWith('?'):
            case UrlPart.Fragment when value.StartsWith('#'):
                dropped = 1;
                return value[1..];
            default: return value;
        }
    }

    // https://urlpattern.spec.whatwg.org/#is-an-absolute-pathname
    private static bool IsAbsolute(string pathname, bool isPattern)
    {
        if (pathname.Length == 0) { return false; }
        return pathname[0] == '/' || (isPattern && pathname.Length > 1 && pathname[0] is '\\' or '{' && pathname[1] == '/');
    }

    // What a relative path is put behind: the base URL's path up to its last slash.
    private static string FolderOf(Url? baseUrl, bool isPattern)
    {
        if (baseUrl is null || baseUrl.HasOpaquePath) { return ""; }
        var path = isPattern ? PatternText.Escape(baseUrl.Pathname) : baseUrl.Pathname;
        return path[..(path.LastIndexOf('/') + 1)];
    }

    private static string? Canonicalize(UrlPart part, string value, string protocol) => part switch
    {
        UrlPart.Scheme => PatternCanonicalization.Protocol(value),
        UrlPart.Username => PatternCanonicalization.Username(value),
        UrlPart.Password => PatternCanonicalization.Password(value),
        UrlPart.Host => PatternCanonicalization.Hostname(value),
        UrlPart.Port => PatternCanonicalization.Port(value, protocol),
        // Without a protocol the commonest kind of path is meant.
        UrlPart.Path =>
            protocol.Length == 0 || SpecialSchemes.Of(protocol) != SpecialScheme.None
                ? PatternCanonicalization.Pathname(value)
                : PatternCanonicalization.OpaquePathname(value),
        UrlPart.Query => PatternCanonicalization.Search(value),
        _ => PatternCanonicalization.Hash(value),
    };
}
