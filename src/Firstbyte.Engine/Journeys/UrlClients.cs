namespace Firstbyte.Journeys;

/// <summary>Which client speaks which scheme. A scheme is added by a row here and a client in a file of its own.</summary>
internal sealed class UrlClients(ClientContext context) : IDisposable
{
    private static readonly Row[] s_rows =
    [
        new(["http", "https"], static context => new HttpUrlClient(context)),
        new(["ftp", "ftps"], static context => new FtpUrlClient(context)),
        new(["file"], static context => new FileUrlClient(context)),
        new(["mailto"], static context => new MailUrlClient(context)),
        new(["news", "nntp", "nntps"], static context => new NewsUrlClient(context)),
    ];

    private readonly IUrlClient?[] _open = new IUrlClient?[s_rows.Length];

    /// <summary>Every scheme that has a client.</summary>
    public static IEnumerable<string> Schemes => s_rows.SelectMany(static row => row.Schemes);

    /// <summary>The client for a scheme, made when it is first needed; null when nobody here speaks it.</summary>
    public IUrlClient? For(string scheme)
    {
        for (var i = 0; i < s_rows.Length; i++)
        {
            if (Array.IndexOf(s_rows[i].Schemes, scheme) >= 0) { return _open[i] ??= s_rows[i].Open(context); }
        }
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _open) { client?.Dispose(); }
    }

    private sealed record Row(string[] Schemes, Func<ClientContext, IUrlClient> Open);
}
