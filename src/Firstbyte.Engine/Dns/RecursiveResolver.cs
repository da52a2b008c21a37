using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Validating;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>How a recursive resolver works.</summary>
public sealed record RecursiveResolverOptions
{
    /// <summary>Where it starts: the root's servers as built in, or those of a hints file.</summary>
    public Delegation Hints { get; init; } = Delegation.Root;

    /// <summary>The ways in which it can ask: in clear alone where nothing is said.</summary>
    public IUpstreamTransports Transports { get; init; } = ClearTransports.Instance;

    /// <summary>Whom it may ask.</summary>
    public UpstreamPolicy Policy { get; init; } = UpstreamPolicy.Internet;

    /// <summary>
    /// The zones whose keys are believed: with any, answers are checked (RFC 4035), and those that do not hold are failures. Without one nothing is
    /// checked.
    /// </summary>
    public TrustAnchors Anchors { get; init; } = TrustAnchors.None;

    /// <summary>Addresses that names of others are not to lead to.</summary>
    public PrivateAddresses PrivateAddresses { get; init; } = PrivateAddresses.None;

    /// <summary>How much of a name is told to servers that only refer to the next ones (RFC 9156).</summary>
    public MinimisationMode Minimisation { get; init; }

    /// <summary>Seconds for which an answer is kept at least, however short its own time is.</summary>
    public uint MinTtl { get; init; }

    /// <summary>Seconds for which an answer is kept at most.</summary>
    public uint MaxTtl { get; init; } = ResolutionLimits.MaxTtl;

    /// <summary>Bytes that its cache takes at most, as it counts them.</summary>
    public long CacheBytes { get; init; } = DnsCache.DefaultBytes;

    /// <summary>Whether its cache keeps what has expired for a <see cref="StaleAnswerResolver"/> (RFC 8767).</summary>
    public bool KeepsStale { get; init; }

    /// <summary>
    /// Whether the root is asked for its servers, beside the first question and whenever that answer's time is over: for who asks more than once
    /// (RFC 9609).
    /// </summary>
    public bool Primes { get; init; }

    /// <summary>Whether questions go out in random upper and lower case (draft-vixie-dnsext-dns0x20).</summary>
    public bool MixCase { get; init; } = true;

    /// <summary>Where messages to and from servers are written down; null for nowhere.</summary>
    public DnsTap? Tap { get; init; }

    /// <summary>Where it is told that something broke beside the questions: see <see cref="BackgroundWorkFailed"/>.</summary>
    public TraceSpan Troubles { get; init; }

    /// <summary>How long a client's question may take.</summary>
    public TimeSpan Time { get; init; } = ResolutionLimits.ClientQueryTime;
}

/// <summary>Resolves names by following the referrals from the root down, and keeps what it learns (RFC 1034 5.3.3).</summary>
public sealed class RecursiveResolver : INameResolver, IDisposable
{
    private static readonly ResolutionOptions Default = new();

    /// <summary>How long a look at the routes counts: a laptop that has come into another network notices within a minute.</summary>
    private static readonly TimeSpan RouteTime = TimeSpan.FromSeconds(60);

    private readonly INetwork _network;
    private readonly RecursiveResolverOptions _options;
    private readonly ResolverMemory _memory;
    private readonly ResolutionDriver _driver;
    private Instant _routesKnownUntil = new(long.MinValue);

    /// <summary>A resolver with an empty cache.</summary>
    public RecursiveResolver(INetwork network, RecursiveResolverOptions? options = null)
    {
        _network = network ?? throw new ArgumentNullException(nameof(network));
        _options = options ?? new RecursiveResolverOptions();
        _memory = new ResolverMemory(
            _options.Hints, _options.Policy, new DnsCache(maxBytes: _options.CacheBytes)
            {
                MinTtl = _options.MinTtl,
                MaxTtl = _options.MaxTtl,
                StaleTime = _options.KeepsStale ? ResolutionLimits.StaleTime : TimeSpan.Zero,
            })
        {
            Anchors = _options.Anchors,
            Minimisation = _options.Minimisation,
            Primes = _options.Primes,
            PrivateAddresses = _options.PrivateAddresses,
        };
        _driver = new ResolutionDriver(network, Create, _options.Transports, Counters, _options.Tap);
    }

    /// <inheritdoc/>
    public async ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
    {
        if (NetworkClock.Monotonic(_network) >= _routesKnownUntil) { await FindRoutesAsync(); }
        options ??= Default;
        var now = NetworkClock.Monotonic(_network);
        _memory.CalendarOffset = TimeSpan.FromTicks((NetworkClock.Now(_network).Nanoseconds - now.Nanoseconds) / 100);
        if (!options.CacheOnly && _memory.TryBeginPriming(now)) { _ = PrimeAsync(now); }
        var isChecked = _memory.Checks && !options.Unchecked;
        return await _driver.AskAsync(new Question(name, type), options.ToBudget(now, _options.Time), span, cancellationToken, isChecked);
    }

    /// <summary>What it has learned, to be looked at.</summary>
    public ResolverMemory Memory => _memory;

    /// <summary>What it has asked and found out.</summary>
    public ResolverCounters Counters { get; } = new();

    /// <summary>The servers that parents name for the zones above a name, as far as they are known.</summary>
    internal Task<NameServer[]> ServersAboveAsync(DnsName name)
    {
        var found = new TaskCompletionSource<NameServer[]>();
        _driver.Between(() => found.SetResult([.. _memory.ServersAbove(name, NetworkClock.Monotonic(_network))]));
        return found.Task;
    }

    /// <summary>Forgets everything learned.</summary>
    public void Forget() => _driver.Between(_memory.Clear);

    /// <summary>Believes other keys from now on.</summary>
    /// <param name="anchors">The zones whose keys are believed.</param>
    /// <param name="forgets">Whether everything learned is forgotten: what a key has signed that is not to be believed any more.</param>
    public void Believe(TrustAnchors anchors, bool forgets = false) => _driver.Between(() =>
    {
        _memory.Believe(anchors);
        if (forgets) { _memory.Clear(); }
    });

    /// <inheritdoc/>
    public void Dispose() => _driver.Dispose();

    /// <summary>Asks for the root's servers, for nobody's sake: what comes of it is the memory's, and a failure is tried again later.</summary>
    private async Task PrimeAsync(Instant now)
    {
        var question = new Question(DnsName.Root, RecordType.NS);
        await new BackgroundWork(Counters, _options.Troubles).RunAsync(
            BackgroundTask.Priming, question,
            async () => await _driver.AskAsync(question, new ResolutionOptions { Fresh = true }.ToBudget(now, _options.Time), default, CancellationToken.None));
    }

    /// <summary>
    /// Finds out which versions of the Internet Protocol lead anywhere: connecting a datagram socket looks up the route and sends nothing. A
    /// host without IPv6 would otherwise choose servers by addresses that it cannot reach. When neither version leads anywhere, both
    /// stay in use, and the failures tell.
    /// </summary>
    private async ValueTask FindRoutesAsync()
    {
        _routesKnownUntil = NetworkClock.Monotonic(_network) + RouteTime;
        var v4 = _options.Policy.UseV4 && await HasRouteAsync(IpVersion.V4);
        var v6 = _options.Policy.UseV6 && await HasRouteAsync(IpVersion.V6);
        _memory.Policy = v4 || v6 ? _options.Policy with { UseV4 = v4, UseV6 = v6 } : _options.Policy;
    }

    private async ValueTask<bool> HasRouteAsync(IpVersion version)
    {
        var known = _options.Hints.Servers.SelectMany(server => server.Addresses).Where(address => address.Version == version).Take(1).ToArray();
        if (_options.Hints.Servers.SelectMany(static server => server.Named).FirstOrDefault(server => server.Endpoint.Address.Version == version) is { } named)
        {
            return await HostRoutes.ReachesAsync(_network, named.Endpoint);
        }
        return known.Length == 0 || await HostRoutes.ReachesAsync(_network, new Endpoint(known[0], _options.Policy.Port));
    }

    private Resolution Create(MeshQuestion asked, ResolutionBudget budget, int depth) => asked.IsChecked
        ? new ValidatedResolution(asked.Question, budget, depth, _memory)
        : new IterativeResolution(asked.Question, budget, depth, _memory, useCache: depth > 0 || !budget.WantsFresh, _options.MixCase);
}
