using Firstbyte.Urls.Buffers;

namespace Firstbyte.Urls.Patterns;

/// <summary>Puts pieces of components into the form that the URL parser gives them (URL Pattern section 3.1); null: it refuses them.</summary>
/// <remarks>
/// The standard runs the URL parser with a state override on a dummy URL, which is what the setters of <see cref="Url"/> do. They answer with
/// the same instance when the standard's parser fails.
/// </remarks>
internal static class PatternCanonicalization
{
    private static readonly Url Dummy = Url.Parse("https://dummy.invalid/");

    // A scheme without a default port, so that no port is dropped.
    private static readonly Url PortDummy = Url.Parse("dummy://dummy.invalid/");

    // https://urlpattern.spec.whatwg.org/#canonicalize-a-protocol
    public static string? Protocol(string value)
    {
        if (value.Length == 0) { return value; }
        return Url.TryParse(value + "://dummy.invalid/", out var url) ? url.Scheme : null;
    }

    public static string? Username(string value) => value.Length == 0 ? value : Dummy.WithUsername(value).Username;

    public static string? Password(string value) => value.Length == 0 ? value : Dummy.WithPassword(value).Password;

    // https://urlpattern.spec.whatwg.org/#canonicalize-a-hostname
    public static string? Hostname(string value)
    {
        if (value.Length == 0) { return value; }
        var url = Dummy.WithHostname(value);
        return ReferenceEquals(url, Dummy) ? null : url.Hostname;
    }

    // https://urlpattern.spec.whatwg.org/#canonicalize-an-ipv6-hostname
    public static string? Ipv6Hostname(string value)
    {
        foreach (var c in value)
        {
            if (!char.IsAsciiHexDigit(c) && c is not ('[' or ']' or ':')) { return null; }
        }
        return value.ToLowerInvariant();
    }

    public static string? Port(string value) => Port(value, "");

    // https://urlpattern.spec.whatwg.org/#canonicalize-a-port
    public static string? Port(string value, string protocol)
    {
        if (value.Length == 0) { return value; }
        // A file URL has no default port, and its setter would refuse any.
        var dummy = SpecialSchemes.Of(protocol).DefaultPort() < 0 ? PortDummy : Url.Parse(protocol + "://dummy.invalid/");
        var url = dummy.WithPort(value);
        return ReferenceEquals(url, dummy) ? null : url.Port;
    }

    // https://urlpattern.spec.whatwg.org/#canonicalize-a-pathname. A piece without a leading slash gets one with a character behind it, so
    // that its first dots are no dot segment; both are taken away again. When ".." has eaten them, the piece reaches back over a group.
    public static string? Pathname(string value)
    {
        if (value.Length == 0) { return value; }
        if (value[0] == '/') { return Dummy.WithPathname(value).Pathname; }
        var path = Dummy.WithPathname("/-" + value).Pathname;
        return path.Length < 2 ? null : path[2..];
    }

    // https://urlpattern.spec.whatwg.org/#canonicalize-an-opaque-pathname. The opaque path state goes on to the query at "?", which is left behind.
    public static string? OpaquePathname(string value)
    {
        if (value.Length == 0) { return value; }
        using var cleaned = new CleanedInput(value, trim: false);
        var text = cleaned.Text;
        var end = text.IndexOfAny('?', '#');
        var path = end < 0 ? text : text[..end];
        var endsInSpace = end >= 0 && path.EndsWith(' ');
        var output = new SpanBuilder<char>(stackalloc char[256]);
        PercentEncoding.Append(endsInSpace ? path[..^1] : path, PercentEncoding.C0Control, ref output);
        if (endsInSpace) { output.Append("%20"); }
        var result = output.Written.ToString();
        output.Dispose();
        return result;
    }

    // The setters drop one "?" or "#"; the piece may begin with one of its own.
    public static string? Search(string value)
    {
        if (value.Length == 0) { return value; }
        var search = Dummy.WithSearch("?" + value).Search;
        return search.Length == 0 ? "" : search[1..];
    }

    public static string? Hash(string value)
    {
        if (value.Length == 0) { return value; }
        var hash = Dummy.WithHash("#" + value).Hash;
        return hash.Length == 0 ? "" : hash[1..];
    }
}
