using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Policies;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Validating;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>How a resolver works for others: what is left out is what a public service needs.</summary>
public sealed record RecursiveServiceOptions
{
    /// <summary>The root's servers of a hints file; null for those built in.</summary>
    public Delegation? Hints { get; init; }

    /// <summary>Recursive servers to which questions are handed on; none to go from the root down.</summary>
    public IReadOnlyList<UpstreamServer> Forwarders { get; init; } = [];

    /// <summary>The ways in which others can be asked: in clear alone where nothing is said.</summary>
    public IUpstreamTransports Transports { get; init; } = ClearTransports.Instance;

    /// <summary>The port at which others are asked.</summary>
    public ushort UpstreamPort { get; init; } = UpstreamPolicy.Internet.Port;

    /// <summary>Whose keys are believed; null for the public root's, where that is what is asked, and nobody's elsewhere.</summary>
    public TrustAnchors? Anchors { get; init; }

    /// <summary>The zone whose keys are followed, in place of <see cref="Anchors"/>, and the file in which that is written down; null for none.</summary>
    public (ManagedAnchor Anchor, string File)? Followed { get; init; }

    /// <summary>Where changes of these keys are told, and what broke beside the questions (<see cref="BackgroundWorkFailed"/>).</summary>
    public TraceSpan Changes { get; init; }

    /// <summary>How much of a name is told to servers that only refer to the next ones (RFC 9156).</summary>
    public MinimisationMode Minimisation { get; init; }

    /// <summary>Seconds for which an answer is kept at least; no more than <see cref="MaxTtl"/>.</summary>
    public uint MinTtl { get; init; }

    /// <summary>Seconds for which an answer is kept at most.</summary>
    public uint MaxTtl { get; init; } = ResolutionLimits.MaxTtl;

    /// <summary>Bytes that the cache takes at most, as it counts them.</summary>
    public long CacheBytes { get; init; } = DnsCache.DefaultBytes;

    /// <summary>The translator's prefix in which IPv6 addresses are made of IPv4 ones (RFC 6147); null for none.</summary>
    public IpPrefix? Dns64 { get; init; }

    /// <summary>Whether names that the public tree does not have are answered here; null for where the public root is what is asked.</summary>
    public bool? AnswersSpecialNames { get; init; }

    /// <summary>The version of the Internet Protocol by which servers are asked first; none for whichever is faster.</summary>
    public IpVersion Preferred { get; init; }

    /// <summary>Whether addresses beside a referral count only within the zone that it leads to.</summary>
    public bool HardensGlue { get; init; }

    /// <summary>Addresses that names of others are not to lead to.</summary>
    public PrivateAddresses PrivateAddresses { get; init; } = PrivateAddresses.None;

    /// <summary>Whether the root is asked for its servers (RFC 9609); null for where the public root is what is asked.</summary>
    public bool? Primes { get; init; }

    /// <summary>Whether names with a root key sentinel are answered by which keys of the root are trusted (RFC 8509), where signatures are checked.</summary>
    public bool TellsRootKeys { get; init; } = true;

    /// <summary>Whether answers whose time is over are given where nobody gives newer ones in time (RFC 8767).</summary>
    public bool ServesStale { get; init; }

    /// <summary>Whether answers are asked for anew when they are asked for in the last tenth of their time.</summary>
    public bool Prefetches { get; init; }

    /// <summary>
    /// A store that is shared with other resolvers, which is asked before servers are, and the secret of those who share it; null for none. The service
    /// closes it in the end.
    /// </summary>
    public (ISecondCacheTier Tier, ReadOnlyMemory<byte> Secret)? SecondTier { get; init; }

    /// <summary>The policy that answers are held to; null for none.</summary>
    public PolicyInForce? Policy { get; init; }

    /// <summary>Where messages to and from servers are written down; null for nowhere.</summary>
    public DnsTap? Tap { get; init; }

    /// <summary>The networks whose hosts may ask; none for this host and the networks on its cards.</summary>
    public IReadOnlyList<IpPrefix> Clients { get; init; } = [];

    /// <summary>Another port or other roots mean a laboratory: its servers may well live on this host, and it has anchors and names of its own.</summary>
    internal bool IsLab => UpstreamPort != UpstreamPolicy.Internet.Port || Hints is not null;
}

/// <summary>A resolver as it is run for others, over whatever transport: with what it owes them and the rest of the Internet around it.</summary>
public sealed class RecursiveService : IDisposable
{
    private readonly RecursiveResolver _resolver;

    private RecursiveService(
        RecursiveResolver resolver, INameResolver names, IDnsResponder responder, StaleAnswerResolver? stale, PrefetchingResolver? prefetching) =>
        (_resolver, Names, Responder, Stale, Prefetching) = (resolver, names, responder, stale, prefetching);

    /// <summary>Finds answers as clients get them, but for what is about clients: who may ask, and the policy.</summary>
    public INameResolver Names { get; }

    /// <summary>Answers clients.</summary>
    public IDnsResponder Responder { get; }

    /// <summary>What it has asked and found out.</summary>
    public ResolverCounters Counters => _resolver.Counters;

    /// <summary>What it has learned.</summary>
    public DnsCache Cache => _resolver.Memory.Cache;

    /// <summary>Gives old answers in place of none; null where it does not.</summary>
    public StaleAnswerResolver? Stale { get; }

    /// <summary>Asks for answers anew before their time is over; null where it does not.</summary>
    public PrefetchingResolver? Prefetching { get; }

    /// <summary>Asks the store that is shared with others; null where there is none.</summary>
    public SharedCacheResolver? SharedCache { get; private init; }

    /// <summary>The policy that answers are held to; null for none.</summary>
    public PolicyInForce? Policy { get; private init; }

    /// <summary>Follows the keys that are believed, once it is run; null where nobody does.</summary>
    public TrustAnchorKeeper? Keeper { get; private init; }

    /// <summary>Begins with an empty cache.</summary>
    /// <param name="network">By which others are asked.</param>
    /// <param name="options">How it works.</param>
    /// <param name="cards">The networks on the host's cards.</param>
    public static async ValueTask<RecursiveService> OpenAsync(INetwork network, RecursiveServiceOptions options, IEnumerable<IpPrefix> cards) =>
        Open(network, options, cards, await HostRoutes.ReachesInternetAsync(network, IpVersion.V6));

    /// <summary>The same at once: whether IPv6 leads anywhere is found out with the first question, and again every minute.</summary>
    /// <param name="network">By which others are asked.</param>
    /// <param name="options">How it works.</param>
    /// <param name="cards">The networks on the host's cards.</param>
    public static RecursiveService Open(INetwork network, RecursiveServiceOptions options, IEnumerable<IpPrefix> cards) =>
        Open(network, options, cards, useV6: true);

    private static RecursiveService Open(INetwork network, RecursiveServiceOptions options, IEnumerable<IpPrefix> cards, bool useV6)
    {
        ArgumentNullException.ThrowIfNull(options);
        var resolver = new RecursiveResolver(network, new RecursiveResolverOptions
        {
            Hints = options.Forwarders.Count > 0
                ? Delegation.To(options.Forwarders)
                : options.Hints ?? Delegation.Root,
            Transports = options.Transports,
            Tap = options.Tap,
            Troubles = options.Changes,
            Anchors = options.Followed is var (followed, _) ? TrustAnchors.From(followed.Believed)
                : options.Anchors ?? (options.IsLab ? TrustAnchors.None : TrustAnchors.Root),
            Minimisation = options.Minimisation,
            Primes = options.Primes ?? !options.IsLab,
            PrivateAddresses = options.PrivateAddresses,
            MinTtl = Math.Min(options.MinTtl, options.MaxTtl),
            MaxTtl = options.MaxTtl,
            CacheBytes = options.CacheBytes,
            KeepsStale = options.ServesStale,
            Policy = new UpstreamPolicy
            {
                Port = options.UpstreamPort,
                AllowLoopback = options.IsLab,
                Preferred = options.Preferred,
                HardensGlue = options.HardensGlue,
                UseV6 = useV6,
            },
        });
        INameResolver names = resolver;
        var keeper = options.Followed is var (anchor, file) ? new TrustAnchorKeeper(resolver, network, anchor, file, options.Changes) : null;
        var shared = options.SecondTier is var (tier, secret)
            ? new SharedCacheResolver(names, resolver.Memory, tier, new SharedAnswers(secret), network)
            {
                Broken = resolver.Counters,
                Troubles = options.Changes,
            }
            : null;
        names = shared ?? names;
        var prefetching = !options.Prefetches ? null
            : new PrefetchingResolver(names, resolver.Memory.Cache, network) { Counters = resolver.Counters, Troubles = options.Changes };
        names = prefetching ?? names;
        var stale = options.ServesStale ? new StaleAnswerResolver(names, resolver.Memory.Cache, network, resolver.Memory.Checks) : null;
        names = stale ?? names;
        // Below what makes up addresses: the sentinel is about signed data.
        if (options.TellsRootKeys && resolver.Memory.Checks) { names = new RootKeySentinelResolver(names, resolver.Memory); }
        if (options.Dns64 is { } prefix) { names = new Dns64Resolver(names, prefix); }
        if (options.AnswersSpecialNames ?? !options.IsLab) { names = new SpecialNameResolver(names); }
        var access = options.Clients.Count > 0 ? new ClientAccess(options.Clients) : ClientAccess.OwnNetworks(cards);
        var cached = new CachedAnswers(resolver.Memory.Cache, new CachedAnswerRules(
            resolver.Memory.Checks, AnswersSpecialNames: names is SpecialNameResolver, MakesAddresses: options.Dns64 is not null,
            TellsRootKeys: options.TellsRootKeys && resolver.Memory.Checks)
        { Prefetches = options.Prefetches, Policy = options.Policy });
        var responder = new RecursiveResponder(names, access, cached, network, prefetching)
        {
            Counters = resolver.Counters,
            Policy = options.Policy,
            Parents = resolver,
        };
        return new RecursiveService(resolver, names, responder, stale, prefetching)
        {
            Keeper = keeper,
            SharedCache = shared,
            Policy = options.Policy,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _resolver.Dispose();
        SharedCache?.Dispose();
    }
}
