using Firstbyte.Dns;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Tls;

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
/// Theory of operation. A request becomes a journey. Journeys of one handler share connections, cookies and cache, and run on one scheduler that lets one of
/// them go on at a time: waiting is done by none, and nothing of theirs needs a lock. Content comes through a pipe, so that a slow reader slows the server
/// and not the memory. Time limits are HttpClient's (its token) and those of the options.
/// </remarks>
public sealed class FirstbyteHandler : HttpMessageHandler
{
    private readonly JourneyClient _client;
    private readonly FirstbyteHandlerOptions _options;
    private readonly TaskScheduler _scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
    private readonly INetwork _network;

    /// <summary>A handler on the operating system's network.</summary>
    public FirstbyteHandler(FirstbyteHandlerOptions? options = null) : this(new OsNetwork(), null, options) { }

    /// <summary>A handler on a network whose calls may end on any thread.</summary>
    /// <param name="network">Sockets, clock, randomness and files.</param>
    /// <param name="tls">How connections are secured; null for the platform's TLS.</param>
    /// <param name="options">How journeys are made.</param>
    public FirstbyteHandler(INetwork network, ITlsProvider? tls = null, FirstbyteHandlerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        (_network, _options) = (network, options ?? new FirstbyteHandlerOptions());
        _client = new JourneyClient(
            network, _options.Resolver?.Invoke(network) ?? StubResolver.FromSystem(network), tls ?? new SslStreamTlsProvider(network), _options.Journeys);
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = new HandlerCall(request, _options, _network, cancellationToken);
        // On the scheduler from the first step on: what the journey awaits comes back to it.
        var journey = Task.Factory.StartNew(
            () => call.RunAsync(_client), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler).Unwrap();
        return await call.AnswerAsync(journey);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) { _client.Dispose(); }
        base.Dispose(disposing);
    }
}
