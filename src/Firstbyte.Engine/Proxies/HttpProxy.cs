using System.Globalization;
using System.Text;
using Firstbyte.Connecting;
using Firstbyte.Dns;
using Firstbyte.Errors;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Sockets;
using Firstbyte.Urls;

namespace Firstbyte.Proxies;

/// <summary>An HTTP proxy as what answers the requests of an <see cref="HttpServer"/>: a lab's, and a test's.</summary>
/// <remarks>
/// A request in absolute form is passed on to its server, with the fields that are for this connection taken out and Via put in (RFC 9110 7.6); CONNECT
/// makes a tunnel (RFC 9110 9.3.6). It keeps nothing of what passes. Whoever it lets in may go wherever its host can: it is no proxy for the open Internet.
/// </remarks>
public sealed class HttpProxy : IHttpHandler, IDisposable
{
    // Content of a request is held until it is whole.
    private const int LongestContent = 16 * 1024 * 1024;

    // squid: read_timeout is 15 minutes, nginx: proxy_read_timeout 60 s.
    private static readonly TimeSpan s_stall = TimeSpan.FromSeconds(60);

    // RFC 9110 7.6.1, and what older clients send to proxies.
    private static readonly string[] s_hopByHop =
    [
        "Connection", "Proxy-Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Content-Length", "Proxy-Authorization",
        "Proxy-Authenticate",
    ];

    private readonly Upstream _upstream;
    private readonly PasswordGate? _gate;
    private readonly HttpConnectionPool _pool;

    /// <summary>A proxy on a host.</summary>
    /// <param name="network">The host's network.</param>
    /// <param name="resolver">How it finds the servers.</param>
    /// <param name="account">Who is let in; null for everybody.</param>
    public HttpProxy(INetwork network, INameResolver resolver, Credentials? account = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        _upstream = new Upstream(network, resolver);
        _pool = new HttpConnectionPool(network, _upstream, new HttpConnectionOptions { StallTimeout = s_stall });
        _gate = account is null ? null : new PasswordGate(network, "proxy", account, isProxy: true);
    }

    /// <inheritdoc/>
    public async ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_gate?.Refuse(request.Head) is { } refusal) { return refusal; }
        var target = request.Head.TargetText;
        if (request.Head.MethodText == "CONNECT") { return await TunnelAsync(target, cancellationToken); }
        return Url.TryParse(target, out var url) && url is { Scheme: "http", Hostname.Length: > 0 }
            ? await ForwardAsync(request, url, cancellationToken)
            : HttpResponse.Text(400, "This is a proxy: it wants the whole URL, http://…\n");
    }

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private async ValueTask<ServerResponse> TunnelAsync(string target, CancellationToken cancellationToken)
    {
        var colon = target.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(target.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            return HttpResponse.Text(400, "CONNECT wants host:port.\n");
        }
        var addresses = await _upstream.FindAsync(target[..colon], cancellationToken);
        var (socket, error) = await _upstream.ConnectAsync(addresses, port, cancellationToken);
        if (socket is null) { return Unreached(target, addresses.Length == 0 ? Errno.None : error); }
        return new ServerResponse(new HttpResponse(200) { Reason = "Connection established" })
        {
            Tunnel = (client, token) => StreamRelay.RunAsync(client, new SocketByteStream(socket), token),
        };
    }

    private static HttpResponse Unreached(string target, Errno error) => error switch
    {
        Errno.None => HttpResponse.Text(502, $"The name of {target} leads nowhere.\n"),
        Errno.ETIMEDOUT => HttpResponse.Text(504, $"{target} does not answer.\n"),
        _ => HttpResponse.Text(502, $"No connection to {target}: {error}.\n"),
    };

    private async ValueTask<ServerResponse> ForwardAsync(ServerRequest request, Url url, CancellationToken cancellationToken)
    {
        if (await ReadContentAsync(request, cancellationToken) is not { } content) { return HttpResponse.Text(413, "That is too long for this proxy.\n"); }
        var head = request.Head;
        var onward = new HttpRequest(head.MethodText, url.PathAndQuerySpan is { Length: > 0 } path ? path.ToString() : "/", url.Host)
        {
            Fields = [.. Passed(head.Fields).Where(static field => !field.Name.Equals("Host", StringComparison.OrdinalIgnoreCase)
                && !field.Name.Equals("Expect", StringComparison.OrdinalIgnoreCase)), new HttpField("Via", "1.1 firstbyte")],
            Body = content,
        };
        var (body, result) = (new RelayedBody(), new HttpExchangeResult());
        var sending = SendAsync(new Origin("http", url.Hostname, url.EffectivePort), onward, body, result);
        await body.Begun;
        if (result.Head.Status == 0)
        {
            await sending;
            return Unreached(url.Host, result.Failure is { Reason: ExchangeFailureReason.NotConnected } failure ? failure.Error : Errno.EPROTO);
        }
        body.Length = result.Head.Framing == BodyFraming.None && !head.IsHead ? 0 : result.Head.ContentLength;
        var response = new HttpResponse(result.Head.Status)
        {
            Reason = Encoding.Latin1.GetString(result.Head.Reason),
            Fields = [.. Passed(result.Head.Fields), new HttpField("Via", "1.1 firstbyte")],
        };
        return new ServerResponse(response, body);
    }

    private async Task SendAsync(Origin origin, HttpRequest request, RelayedBody body, HttpExchangeResult result)
    {
        var isWhole = false;
        try
        {
            await _pool.SendAsync(origin, request, body, default, result, CancellationToken.None);
            isWhole = result.Succeeded;
        }
        finally { body.End(isWhole); }
    }

    private static async ValueTask<byte[]?> ReadContentAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        if (request.Head.Framing == BodyFraming.None) { return []; }
        using var content = new MemoryStream();
        var piece = new byte[8192];
        while (await request.ReadBodyAsync(piece, cancellationToken) is > 0 and var count)
        {
            if (content.Length + count > LongestContent) { return null; }
            content.Write(piece, 0, count);
        }
        return content.ToArray();
    }

    // Without what is for this connection alone, which the field Connection names too.
    private static IEnumerable<HttpField> Passed(FieldTable table)
    {
        var fields = table.ToFields();
        var named = fields.Where(static field => field.Name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            .SelectMany(static field => field.Value.Split(',', StringSplitOptions.TrimEntries)).ToArray();
        return fields.Where(field => !s_hopByHop.Concat(named).Contains(field.Name, StringComparer.OrdinalIgnoreCase));
    }
}
