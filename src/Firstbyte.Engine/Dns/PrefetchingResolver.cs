using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Asks anew for answers that are asked for in the last tenth of their time, so that nobody has to wait when it is over.</summary>
/// <remarks>
/// Who asks has the answer that is there, at once. The new one is looked for beside, checked as any other, and takes the old one's place when it has come; when
/// none comes, or none that holds, everything stays as it was, and the next one who asks after the end waits as without this. Each answer is asked for anew
/// once.
/// </remarks>
/// <param name="inner">Finds the answers.</param>
/// <param name="cache">Its cache.</param>
/// <param name="network">Whose clock the cache goes by.</param>
public sealed class PrefetchingResolver(INameResolver inner, DnsCache cache, INetwork network) : INameResolver
{
    private static readonly ResolutionOptions s_fresh = new() { Fresh = true, IsAbsolute = true };

    private int _underWay;
    private long _begun, _failed;

    /// <summary>Where it is counted that asking broke; null for nowhere.</summary>
    public ResolverCounters? Counters { get; init; }

    /// <summary>Where that is told.</summary>
    public TraceSpan Troubles { get; init; }

    /// <summary>How many answers have been asked for anew.</summary>
    public long Begun => Interlocked.Read(ref _begun);

    /// <summary>How often nothing came of it.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <inheritdoc/>
    public async ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
    {
        var outcome = await inner.ResolveAsync(name, type, options, span, cancellationToken);
        if (outcome is ResolvedAnswer && options is not { Fresh: true } and not { CacheOnly: true }) { Refresh(new Question(name, type)); }
        return outcome;
    }

    /// <summary>Asks for an answer anew that lies in the cache, where its time is nearly over, nobody does so, and there is room.</summary>
    internal void Refresh(Question question)
    {
        if (Interlocked.Increment(ref _underWay) > ResolutionLimits.RefreshesAtOnce || !cache.TryBeginRefresh(question, NetworkClock.Monotonic(network)))
        {
            Interlocked.Decrement(ref _underWay);
            return;
        }
        Interlocked.Increment(ref _begun);
        _ = RefreshAsync(question);
    }

    private async Task RefreshAsync(Question question)
    {
        ResolutionOutcome? outcome = null;
        await new BackgroundWork(Counters, Troubles).RunAsync(
            BackgroundTask.Prefetch, question, async () => outcome = await inner.ResolveAsync(question.Name, question.Type, s_fresh));
        if (outcome is not ResolvedAnswer) { Interlocked.Increment(ref _failed); }
        Interlocked.Decrement(ref _underWay);
    }
}
