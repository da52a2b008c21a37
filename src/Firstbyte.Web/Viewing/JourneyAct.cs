namespace Firstbyte.Web.Viewing;

/// <summary>A journey among the things that are done in a run: <c>fetch URL</c>, <c>via PROXY URL</c>, or <c>from HOST [-x PROXY] URL</c>.</summary>
/// <param name="Url">Where to.</param>
/// <param name="Proxy">The proxy by which it goes; empty for none.</param>
/// <param name="Host">The host that makes it; null for the client.</param>
public readonly record struct JourneyAct(string Url, string Proxy = "", string? Host = null)
{
    private const string Fetch = "fetch", Via = "via", From = "from", ProxyOption = "-x";

    /// <summary>Its kind among what can be done.</summary>
    public string Kind => Host is not null ? From : Proxy.Length > 0 ? Via : Fetch;

    /// <summary>Its words.</summary>
    public string Text => Kind switch
    {
        Fetch => Url,
        Via => $"{Proxy} {Url}",
        _ => Proxy.Length > 0 ? $"{Host} {ProxyOption} {Proxy} {Url}" : $"{Host} {Url}",
    };

    /// <summary>Whether such a thing is a journey.</summary>
    public static bool IsKind(string kind) => kind is Fetch or Via or From;

    /// <summary>Reads it; null for what is no journey, or lacks a word.</summary>
    public static JourneyAct? Read(string kind, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return kind switch
        {
            Fetch => new JourneyAct(text),
            Via when text.Split(' ', 2) is [var proxy, var url] => new JourneyAct(url, proxy),
            From when text.Split(' ', 4) is [var host, ProxyOption, var proxy, var url] => new JourneyAct(url, proxy, host),
            From when text.Split(' ', 2) is [var host, var url] => new JourneyAct(url, Host: host),
            _ => null,
        };
    }
}
