using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Gives the answer that was, when those who know a newer one do not say it in time (RFC 8767 section 5).</summary>
/// <remarks>
/// A newer answer is always asked for first. It goes on being looked for after the client has the old one, within the time that any question has, so that the
/// next client finds it. Nothing waits where nothing old is known.
/// </remarks>
/// <param name="inner">Finds the answers.</param>
/// <param name="cache">Its cache, which keeps what has expired (<see cref="DnsCache.StaleTime"/>).</param>
/// <param name="network">Whose clock the cache goes by.</param>
/// <param name="checks">Whether signatures are checked.</param>
public sealed class StaleAnswerResolver(INameResolver inner, DnsCache cache, INetwork network, bool checks) : INameResolver
{
    private static readonly ResolutionOptions s_default = new();

    private readonly StaleAnswers _stale = new(cache);
    private readonly Lock _gate = new();
    private readonly Dictionary<(Question Question, bool IsUnchecked), Task<ResolutionOutcome>> _asked = [];
    private long _given;

    /// <summary>How many old answers have been given.</summary>
    public long Given => Interlocked.Read(ref _given);

    /// <inheritdoc/>
    public ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
    {
        options ??= s_default;
        var question = new Question(name, type);
        return options.Fresh || options.CacheOnly || Find(question, options) is not { } old
            ? inner.ResolveAsync(name, type, options, span, cancellationToken)
            : RaceAsync(question, old, options, span, cancellationToken);
    }

    private async ValueTask<ResolutionOutcome> RaceAsync(
        Question question, ResolvedAnswer old, ResolutionOptions options, TraceSpan span, CancellationToken cancellationToken)
    {
        TaskCompletionSource<ResolutionOutcome>? own = null;
        Task<ResolutionOutcome>? newer;
        lock (_gate)
        {
            if (!_stale.MayAsk(question, NetworkClock.Monotonic(network))) { return Give(old); }
            if (!_asked.TryGetValue((question, options.Unchecked), out newer))
            {
                if (_asked.Count >= ResolutionLimits.StaleRefreshes) { return Give(old); }
                own = new TaskCompletionSource<ResolutionOutcome>();
                _asked.Add((question, options.Unchecked), newer = own.Task);
            }
        }
        if (own is not null) { _ = AskAsync(own, question, options, span); }
        var late = new TaskCompletionSource<ResolutionOutcome>();
        using var timer = network.Time.CreateTimer(_ => late.TrySetResult(old), null, ResolutionLimits.StaleClientTime, Timeout.InfiniteTimeSpan);
        using var registration = cancellationToken.UnsafeRegister(_ => late.TrySetCanceled(cancellationToken), null);
        var outcome = await await Task.WhenAny(newer, late.Task);
        return ReferenceEquals(outcome, old) || IsReplaced(outcome) ? Give(old) : outcome;
    }

    private static bool IsReplaced(ResolutionOutcome outcome) => outcome is ResolutionFailure failure && StaleAnswers.Replaces(failure.Reason);

    /// <summary>
    /// Asks for a newer answer, once for all who wait and for those who come later: no client's end ends it, its own time does. A fault of this program is
    /// heard by who still waits, as without an old answer, or by whoever listens for faults that nobody waited for.
    /// </summary>
    private async Task AskAsync(TaskCompletionSource<ResolutionOutcome> newer, Question question, ResolutionOptions options, TraceSpan span)
    {
        try
        {
            var outcome = await inner.ResolveAsync(question.Name, question.Type, options, span, CancellationToken.None);
            lock (_gate)
            {
                _asked.Remove((question, options.Unchecked));
                if (outcome is not ResolutionFailure { Reason: var reason } || !StaleAnswers.Replaces(reason)) { _stale.NoteAnswer(question); }
                // That there was no room here says nothing of those who would have been asked.
                else if (reason != ResolutionFailureReason.TooManyWaiters) { _stale.NoteFailure(question, NetworkClock.Monotonic(network)); }
            }
            newer.SetResult(outcome);
        }
        catch (Exception error)
        {
            lock (_gate) { _asked.Remove((question, options.Unchecked)); }
            newer.TrySetException(error);
        }
    }

    private ResolvedAnswer Give(ResolvedAnswer old)
    {
        Interlocked.Increment(ref _given);
        return old;
    }

    private ResolvedAnswer? Find(Question question, ResolutionOptions options)
    {
        lock (_gate)
        {
            return _stale.TryFind(question, checks && !options.Unchecked, NetworkClock.Monotonic(network), out var answer) ? answer : null;
        }
    }
}
