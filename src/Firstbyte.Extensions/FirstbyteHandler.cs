using Firstbyte.Connecting;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Extensions;

/// <summary>How a <see cref="FirstbyteHandler"/> makes its journeys.</summary>
public sealed record FirstbyteHandlerOptions
{
    /// <summary>
    /// What all requests have in common: redirects are followed, as HttpClient's own handler does; cookies, a cache, proxies, retries and limits are there
    /// for who asks for them.
    /// </summary>
    public JourneyOptions Journeys { get; init; } = new() { FollowRedirects = true };

    /// <summary>
    /// Makes the resolver on the handler's network; null for the system's configuration (/etc/hosts, resolv.conf), read when the handler is made.
    /// </summary>
    public Func<INetwork, INameResolver>? Resolver { get; init; }

    /// <summary>Take content codings off (gzip, deflate, br, zstd), and ask for them.</summary>
    public bool AcceptsCodings { get; init; }
}

/// <summary>HttpClient over Firstbyte: Happy Eyeballs, a pool that heeds the TTLs of names, its own resolver, and every stage told.</summary>
/// <remarks>
/// Theory of operation. A request becomes a journey. Journeys of one handler share connections, cookies and cache, and go on one at a time, in turns: nothing
/// of theirs needs a lock. On Linux the turns are those of a loop with a thread of its own, where all that can be read is read before anybody waits; elsewhere,
/// and over a network that is given, those of a scheduler. Longer content is received as it is read, so that a slow reader slows the server and not the memory.
/// Time limits are HttpClient's (its token) and those of the options. A handler that is disposed of ends its requests first that are under way.
/// </remarks>
public sealed class FirstbyteHandler : HttpMessageHandler
{
    // A program may ask one server as often at once as it likes, and does so again: each connection that it needed is kept (own choice of how many at most).
    private static readonly PoolLimits s_pool = new() { MaximumPerOrigin = 1024, Maximum = 4096 };

    private readonly HandlerClient _client;
    private int _running;
    private int _disposed;

    /// <summary>A handler on the operating system's network.</summary>
    public FirstbyteHandler(FirstbyteHandlerOptions? options = null) : this(HandlerTurns.OfSystem(), null, options) { }

    /// <summary>A handler on a network whose calls may end on any thread.</summary>
    /// <param name="network">Sockets, clock, randomness and files.</param>
    /// <param name="tls">How connections are secured; null for the platform's TLS.</param>
    /// <param name="options">How journeys are made.</param>
    public FirstbyteHandler(INetwork network, ITlsProvider? tls = null, FirstbyteHandlerOptions? options = null)
        : this(new TaskTurns(network ?? throw new ArgumentNullException(nameof(network))), tls, options) { }

    private FirstbyteHandler(HandlerTurns turns, ITlsProvider? tls, FirstbyteHandlerOptions? options)
    {
        options ??= new FirstbyteHandlerOptions();
        var network = turns.Network;
        var journeys = new JourneyClient(
            network,
            options.Resolver?.Invoke(network) is { } own ? new ReturningResolver(own, turns) : StubResolver.FromSystem(network),
            tls ?? new SslStreamTlsProvider(network), options.Journeys with { Pool = options.Journeys.Pool ?? s_pool });
        _client = new HandlerClient(journeys, options, turns, Leave);
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Interlocked.Increment(ref _running);
        if (Volatile.Read(ref _disposed) != 0)
        {
            Leave();
            throw new ObjectDisposedException(nameof(FirstbyteHandler));
        }
        HandlerCall call;
        try { call = new HandlerCall(_client, request, cancellationToken); }
        catch
        {
            Leave();
            throw;
        }
        _client.Turns.Begin(static call => _ = ((HandlerCall)call!).RunAsync(), call);
        return call.Answer;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Interlocked.Increment(ref _running);
            _client.Turns.Post(
                static handler =>
                {
                    ((FirstbyteHandler)handler!)._client.Journeys.Dispose();
                    ((FirstbyteHandler)handler).Leave();
                }, this);
        }
        base.Dispose(disposing);
    }

    // Whoever is last turns off the light.
    private void Leave()
    {
        if (Interlocked.Decrement(ref _running) == 0 && Volatile.Read(ref _disposed) != 0) { _client.Turns.Dispose(); }
    }
}

/// <summary>A program's own resolver: whatever it waits for, what asks it goes on in a turn.</summary>
internal sealed class ReturningResolver(INameResolver own, HandlerTurns turns) : INameResolver
{
    /// <inheritdoc/>
    public async ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
    {
        try { return await own.ResolveAsync(name, type, options, span, cancellationToken); }
        finally { await turns.ReturnAsync(); }
    }
}
