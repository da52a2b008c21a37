using Firstbyte.Tracing;

namespace Firstbyte.Urls;

/// <summary>An input was read as a URL: its parts, with the port to connect to (-1: the scheme has none).</summary>
public sealed record UrlParsed(
    string Input, string Href, string Scheme, string Username, string Password, string Host, UrlHostKind HostKind, int Port,
    bool IsDefaultPort, string Path, string Query, string Fragment) : TraceEvent
{
    /// <summary>The event of a URL that came from <paramref name="input"/>.</summary>
    public static UrlParsed Of(string input, Url url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return new UrlParsed(
            input, url.Href, url.Scheme, url.Username, url.Password, url.Hostname, url.HostKind, url.EffectivePort, url.PortNumber is null,
            url.Pathname, url.Search, url.Hash);
    }
}

/// <summary>A place where the input is not a valid URL string, though it could be read.</summary>
public sealed record UrlViolationFound(string Input, UrlValidationError Error, int Position) : TraceEvent;

/// <summary>An input is no URL.</summary>
public sealed record UrlRefused(string Input, UrlValidationError Reason, int Position) : TraceEvent;
