using Firstbyte.Http.Authentication;

namespace Firstbyte.Proxies;

/// <summary>Which proxy is for which URL.</summary>
/// <remarks>
/// What the user names is for every URL. Else the environment names one by the URL's scheme, and one for all: <c>http_proxy</c>, <c>HTTPS_PROXY</c>,
/// <c>all_proxy</c> … An upper-case <c>HTTP_PROXY</c> is not read, as a CGI's client sets it by sending the field "Proxy" (RFC 3875 4.1.18).
/// </remarks>
public sealed record ProxySettings
{
    /// <summary>No proxy for anybody.</summary>
    public static readonly ProxySettings None = new();

    /// <summary>The proxy that the user names; null where none is named.</summary>
    public ProxyAddress? Given { get; init; }

    /// <summary>The proxies of the environment.</summary>
    public IReadOnlyList<NamedProxy> Named { get; init; } = [];

    /// <summary>The variable <c>HTTP_PROXY</c>, which is not read; null where it is not set.</summary>
    public string? Unread { get; init; }

    /// <summary>The hosts that are gone to directly; null for none.</summary>
    public NoProxyList? Exceptions { get; init; }

    /// <summary>From where they are; empty for the command line.</summary>
    public string ExceptionsFrom { get; init; } = "";

    /// <summary>Everything goes through a tunnel, http URLs too.</summary>
    public bool TunnelsAll { get; init; }

    /// <summary>How credentials may be shown to an HTTP proxy.</summary>
    public AuthenticationSchemes Authentication { get; init; } = AuthenticationSchemes.Basic;

    /// <summary>Who asks a proxy, whoever named it; null leaves it to what names the proxy.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>From where it is known who asks.</summary>
    public CredentialsSource CredentialsSource => Credentials is null ? CredentialsSource.Url : CredentialsSource.User;

    /// <summary>The proxy for a URL, whether or not the host is an exception; null where none is named.</summary>
    public NamedProxy? Find(string scheme)
    {
        if (Given is null && Named.Count == 0) { return null; }
        var named = Given is { } given
            ? new NamedProxy("", "", given)
            : Named.FirstOrDefault(one => one.Scheme.Equals(scheme, StringComparison.Ordinal)) ?? Named.FirstOrDefault(static one => one.Scheme.Length == 0);
        return named is null || Credentials is null ? named : named with { Proxy = named.Proxy with { Credentials = Credentials } };
    }
}

/// <summary>A proxy and who named it.</summary>
/// <param name="Scheme">The scheme of the URLs that it is for; empty for all.</param>
/// <param name="Variable">The variable; empty for the command line.</param>
/// <param name="Proxy">The proxy.</param>
public sealed record NamedProxy(string Scheme, string Variable, ProxyAddress Proxy);
