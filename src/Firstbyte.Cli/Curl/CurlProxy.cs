using Firstbyte.Http;
using Firstbyte.Proxies;

namespace Firstbyte.Cli.Curl;

/// <summary>The proxy of a transfer.</summary>
/// <param name="Scheme">http, https, socks4, socks4a, socks5 or socks5h.</param>
/// <param name="Host">Its host.</param>
/// <param name="Port">Its port.</param>
/// <param name="User">Who asks it; null for nobody.</param>
/// <param name="Password">By which password.</param>
internal sealed record CurlProxy(string Scheme, string Host, int Port, string? User, string? Password)
{
    public bool IsHttp => Scheme is "http" or "https";

    public string HostText => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;

    /// <summary>Reads what <c>-x</c> says.</summary>
    /// <exception cref="CurlStop">It is none.</exception>
    public static CurlProxy Read(string text, string assumed)
    {
        var scheme = CurlUrl.SchemeOf(text, guesses: true);
        if (scheme is not (null or "http" or "https" or "socks4" or "socks4a" or "socks5" or "socks5h" or "socks"))
        {
            throw new CurlStop(CurlCode.CouldntConnect, $"Unsupported proxy scheme for '{text}'");
        }
        CurlUrl url;
        try { url = CurlUrl.Read(scheme is null ? $"{assumed}://{text}" : text); }
        catch (CurlStop) { throw new CurlStop(CurlCode.CouldntResolveProxy, $"Unsupported proxy syntax in '{text}'"); }
        var kind = url.Scheme == "socks" ? "socks5" : url.Scheme;
        return new CurlProxy(kind, url.Host, url.WrittenPort ?? (kind == "https" ? 443 : 1080),
            url.User is null ? null : Decoded(url.User), url.Password is null ? url.User is null ? null : "" : Decoded(url.Password));
    }

    private static string Decoded(string text) => OctetText.Of(CurlText.Unescape(text));

    /// <summary>The proxy of a hop, by the command line or by the variables; null for none.</summary>
    public static CurlProxy? Choose(CurlTask task, CurlUrl url, Func<string, string?> variables)
    {
        var (text, assumed) = (task.Proxy, task.ProxyScheme);
        if (text is null && task.UnixSocket is null)
        {
            assumed = "http";
            text = url.Scheme == "http" ? variables("http_proxy")
                : variables(url.Scheme + "_proxy") ?? variables(url.Scheme.ToUpperInvariant() + "_PROXY");
            text ??= variables("all_proxy") ?? variables("ALL_PROXY");
        }
        if (url.Scheme == "file") { return null; }
        var exceptions = task.NoProxy ?? variables("no_proxy") ?? variables("NO_PROXY");
        if (exceptions is not null && (exceptions.Trim() == "*" || new NoProxyList(exceptions).Find(url.Host) is not null)) { return null; }
        if (string.IsNullOrEmpty(text)) { return Before(task); }
        var proxy = Read(text, assumed);
        // What the proxy's own URL says goes before.
        if (task.ProxyUser is not { } said || proxy.User is not null) { return proxy; }
        var colon = said.IndexOf(':', StringComparison.Ordinal);
        return proxy with { User = Decoded(colon < 0 ? said : said[..colon]), Password = Decoded(colon < 0 ? "" : said[(colon + 1)..]) };
    }

    /// <summary>The proxy by way of which another is reached, or the server where there is no other; null for none.</summary>
    /// <exception cref="CurlStop">It carries no bytes of others.</exception>
    public static CurlProxy? Before(CurlTask task)
    {
        if (string.IsNullOrEmpty(task.PreProxy)) { return null; }
        var proxy = Read(task.PreProxy, "socks4");
        return proxy.IsHttp ? throw new CurlStop(CurlCode.CouldntConnect, $"Unsupported proxy scheme for '{task.PreProxy}'") : proxy;
    }
}
