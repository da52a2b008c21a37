using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Looks for answers in a store that it shares with other resolvers before servers are asked, and puts there what servers have said.</summary>
/// <remarks>
/// The store is never needed: who asks waits for it no longer than <see cref="Patience"/>, and after a failure it is not asked for a while. What is found goes
/// into the resolver's own cache, as <see cref="SharedAnswers"/> says, and the question then goes its usual way: where signatures are checked that includes
/// their check, and what does not hold is asked of servers. Several who ask for one name look once. Nobody waits for what is put there. A store that throws has
/// failed like one that is silent, and that is told: see <see cref="BackgroundWorkFailed"/>.
/// </remarks>
/// <param name="inner">The resolver.</param>
/// <param name="memory">Its memory.</param>
/// <param name="tier">The store.</param>
/// <param name="answers">The form of what lies there.</param>
/// <param name="network">Whose clock counts.</param>
public sealed class SharedCacheResolver(INameResolver inner, ResolverMemory memory, ISecondCacheTier tier, SharedAnswers answers, INetwork network)
    : INameResolver, IDisposable
{
    /// <summary>Own choice: a store in the same house answers within a millisecond, and servers of the world in some tens of them.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks, and values on their way to the store, at once (own choice): with <see cref="SharedAnswers.MaxEntry"/> a megabyte each way.</summary>
    private const int MaxUnderWay = 64;

    private static readonly ResolutionOptions s_default = new();

    private readonly SecondTierCircuit _circuit = new(2 * MaxUnderWay);
    private readonly Lock _gate = new();
    private readonly Dictionary<Question, Task> _looking = [];
    private int _keeping;

    /// <summary>Where it is counted that a look or a store broke; null for nowhere.</summary>
    public ResolverCounters? Broken { get; init; }

    /// <summary>Where that is told.</summary>
    public TraceSpan Troubles { get; init; }

    /// <summary>What came of it.</summary>
    public SecondTierCounters Counters { get; } = new();

    /// <summary>Whether the store is left alone at the moment.</summary>
    public bool IsResting => _circuit.IsResting(NetworkClock.Monotonic(network));

    /// <inheritdoc/>
    public async ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
    {
        options ??= s_default;
        // With CD an answer comes as it is, whatever it is worth: that is nothing for others.
        if (options.Unchecked || options.CacheOnly || !SharedAnswers.MayShare(type))
        {
            return await inner.ResolveAsync(name, type, options, span, cancellationToken);
        }
        var question = new Question(name, type);
        if (!options.Fresh && !memory.Cache.TryGet(name, type, NetworkClock.Monotonic(network), out _))
        {
            await LookOnceAsync(question).WaitAsync(cancellationToken);
        }
        var outcome = await inner.ResolveAsync(name, type, options, span, cancellationToken);
        if (outcome is ResolvedAnswer answer && answers.Write(answer, memory.Checks, CalendarSeconds, out var ttl) is { } entry) { Keep(question, entry, ttl); }
        return outcome;
    }

    /// <summary>Closes the store.</summary>
    public void Dispose() => tier.Dispose();

    private long CalendarSeconds => NetworkClock.Now(network).Nanoseconds / 1_000_000_000;

    private Task LookOnceAsync(Question question)
    {
        TaskCompletionSource own;
        lock (_gate)
        {
            if (_looking.TryGetValue(question, out var others)) { return others; }
            if (_looking.Count >= MaxUnderWay || !_circuit.TryEnter(NetworkClock.Monotonic(network)))
            {
                Counters.Count(SecondTierLook.Skipped);
                return Task.CompletedTask;
            }
            own = new TaskCompletionSource();
            _looking.Add(question, own.Task);
        }
        _ = LookAsync(question, own);
        return own.Task;
    }

    private async Task LookAsync(Question question, TaskCompletionSource looked)
    {
        var hasAnswered = false;
        var isWhole = await new BackgroundWork(Broken, Troubles).RunAsync(BackgroundTask.SharedLook, question, async () =>
        {
            var reply = await AskAsync(ending => tier.FindAsync(answers.KeyOf(question, memory.Checks), SharedAnswers.MaxEntry, ending).AsTask());
            hasAnswered = reply.HasAnswered;
            if (!hasAnswered) { Counters.Count(SecondTierLook.Failed); }
            else if (reply.Value is not { } value) { Counters.Count(SecondTierLook.Missing); }
            else { Counters.Count(answers.Take(value.Span, question, memory, tier.Server, NetworkClock.Monotonic(network), CalendarSeconds)); }
        });
        if (!isWhole) { Counters.Count(SecondTierLook.Failed); }
        _circuit.Leave(hasAnswered, NetworkClock.Monotonic(network));
        lock (_gate) { _looking.Remove(question); }
        // The store is never needed: whatever came of it, servers are asked next.
        looked.SetResult();
    }

    private void Keep(Question question, byte[] entry, uint ttl)
    {
        if (Interlocked.Increment(ref _keeping) > MaxUnderWay || !_circuit.TryEnter(NetworkClock.Monotonic(network)))
        {
            Interlocked.Decrement(ref _keeping);
            Counters.CountKeptSkipped();
            return;
        }
        _ = KeepAsync(question, entry, TimeSpan.FromSeconds(ttl));
    }

    private async Task KeepAsync(Question question, byte[] entry, TimeSpan time)
    {
        var isKept = false;
        await new BackgroundWork(Broken, Troubles).RunAsync(
            BackgroundTask.SharedStore, question,
            async () => isKept = await AskAsync(ending => tier.KeepAsync(answers.KeyOf(question, memory.Checks), entry, time, ending).AsTask()));
        Counters.CountKept(isKept);
        _circuit.Leave(isKept, NetworkClock.Monotonic(network));
        Interlocked.Decrement(ref _keeping);
    }

    /// <summary>What the store says, or the default when its time is over; it may go on by itself then.</summary>
    private async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T>> ask)
    {
        using var ending = new CancellationTokenSource();
        try { return await ask(ending.Token).WaitAsync(Patience, network.Time); }
        catch (TimeoutException)
        {
            // Here and now: not on a thread of the pool's.
            ending.Cancel();
            return default;
        }
    }
}
