using Firstbyte.Journeys;
using Firstbyte.Sockets;

namespace Firstbyte.Dns;

/// <summary>How a recursive resolver works.</summary>
public sealed record RecursiveResolverOptions
{
    /// <summary>Where it starts: the root's servers as built in, or those of a hints file.</summary>
    public Delegation Hints { get; init; } = Delegation.Root;

    /// <summary>Whom it may ask.</summary>
    public UpstreamPolicy Policy { get; init; } = UpstreamPolicy.Internet;

    /// <summary>Entries that its cache holds at most.</summary>
    public int CacheCapacity { get; init; } = 100_000;

    /// <summary>Whether questions go out in random upper and lower case (draft-vixie-dnsext-dns0x20).</summary>
    public bool MixCase { get; init; } = true;

    /// <summary>How long a client's question may take.</summary>
    public TimeSpan Time { get; init; } = ResolutionLimits.ClientQueryTime;
}

/// <summary>Resolves names by following the referrals from the root down, and keeps what it learns (RFC 1034 5.3.3).</summary>
public sealed class RecursiveResolver : INameResolver, IDisposable
{
    private static readonly ResolutionOptions Default = new();
    private readonly INetwork _network;
    private readonly RecursiveResolverOptions _options;
    private readonly ResolverMemory _memory;
    private readonly ResolutionDriver _driver;

    /// <summary>A resolver with an empty cache.</summary>
    public RecursiveResolver(INetwork network, RecursiveResolverOptions? options = null)
    {
        _network = network ?? throw new ArgumentNullException(nameof(network));
        _options = options ?? new RecursiveResolverOptions();
        _memory = new ResolverMemory(_options.Hints, _options.Policy, new DnsCache(_options.CacheCapacity));
        _driver = new ResolutionDriver(network, Create);
    }

    /// <inheritdoc/>
    public ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
    {
        var budget = (options ?? Default).ToBudget(NetworkClock.Now(_network), _options.Time);
        return _driver.AskAsync(new Question(name, type), budget, span, cancellationToken);
    }

    /// <summary>Forgets everything learned.</summary>
    public void Forget() => _driver.Between(_memory.Clear);

    /// <inheritdoc/>
    public void Dispose() => _driver.Dispose();

    private IterativeResolution Create(Question question, ResolutionBudget budget, int depth) =>
        new(question, budget, depth, _memory, useCache: depth > 0 || !budget.WantsFresh, _options.MixCase);
}
