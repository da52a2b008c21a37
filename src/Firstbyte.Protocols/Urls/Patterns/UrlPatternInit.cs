namespace Firstbyte.Urls.Patterns;

/// <summary>The components of a pattern, or of a URL to match, one by one (the standard's URLPatternInit); null: not given.</summary>
/// <remarks>
/// A component that is not given comes from <see cref="BaseUrl"/> unless a less specific one is given; else a pattern matches anything
/// there, and a URL has nothing there.
/// </remarks>
/// <param name="Protocol">The scheme, with or without its ":".</param>
/// <param name="Username">The username.</param>
/// <param name="Password">The password.</param>
/// <param name="Hostname">The host without the port.</param>
/// <param name="Port">The port; "" is the scheme's default.</param>
/// <param name="Pathname">The path; one that is relative is resolved against the base URL's.</param>
/// <param name="Search">The query, with or without its "?".</param>
/// <param name="Hash">The fragment, with or without its "#".</param>
/// <param name="BaseUrl">An absolute URL without any pattern syntax.</param>
public sealed record UrlPatternInit(
    string? Protocol = null,
    string? Username = null,
    string? Password = null,
    string? Hostname = null,
    string? Port = null,
    string? Pathname = null,
    string? Search = null,
    string? Hash = null,
    string? BaseUrl = null);

/// <summary>How a pattern matches (the standard's URLPatternOptions).</summary>
[Flags]
public enum UrlPatternOptions : byte
{
    /// <summary>Letters are told apart by case.</summary>
    None = 0,

    /// <summary>Upper and lower case are alike in pathname, search and hash. Protocol and hostname are always lower case.</summary>
    IgnoreCase = 1,
}
