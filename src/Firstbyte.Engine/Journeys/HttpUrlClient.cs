namespace Firstbyte.Journeys;

/// <summary>http and https: the chain of exchanges.</summary>
internal sealed class HttpUrlClient : IUrlClient
{
    private readonly TransportExchange _transport;
    private readonly ContinuationExchange _exchange;

    public HttpUrlClient(ClientContext context)
    {
        _transport = new TransportExchange(context);
        var proxied = new AuthenticationExchange(context, _transport, new ForwardingProxySide(context.ProxyAnswering));
        var retried = new RetryExchange(context, new PiecewiseExchange(context, proxied));
        var decoded = new DecodingExchange(new RecordingExchange(context, new CacheExchange(context, retried)));
        _exchange = new ContinuationExchange(new RedirectExchange(
            context,
            new HstsExchange(context, new AuthenticationExchange(
                context, new CookieExchange(context, decoded), new ServerSide(new ChallengeAnswering(context.Network, ofProxies: false))))));
    }

    /// <inheritdoc/>
    public async ValueTask<JourneyResult> RunAsync(Journey journey, CancellationToken cancellationToken) =>
        (await _exchange.RunAsync(journey, cancellationToken)).End();

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();
}
