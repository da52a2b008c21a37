namespace Firstbyte.Journeys;

/// <summary>http and https: the chain of exchanges.</summary>
internal sealed class HttpUrlClient : IUrlClient
{
    private readonly ClientContext _context;
    private readonly TransportExchange _transport;
    private readonly RedirectExchange _exchange;

    public HttpUrlClient(ClientContext context)
    {
        _context = context;
        _transport = new TransportExchange(context);
        _exchange = new RedirectExchange(
            context, new AuthenticationExchange(context, new CookieExchange(context, new DecodingExchange(new RetryExchange(context, _transport)))));
    }

    /// <inheritdoc/>
    public async ValueTask<JourneyResult> RunAsync(Journey journey, CancellationToken cancellationToken)
    {
        if (journey.Span.IsListening && _context.Options.NamedProxy is { } proxy) { journey.Span.Tell(new ProxyNamed(proxy.Variable, proxy.Value)); }
        return (await _exchange.RunAsync(journey, cancellationToken)).End();
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();
}
