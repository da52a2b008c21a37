using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Dns;

/// <summary>What a resolver has asked and found out since it started, in plain numbers; counted on any thread.</summary>
/// <remarks>Nothing here is counted for what is answered at once from the cache, but that it was: see <see cref="DnsCounts.CacheHits"/>.</remarks>
public sealed class ResolverCounters
{
    private readonly long[] _sent = new long[Enum.GetValues<DnsTransport>().Length];
    private readonly long[] _received = new long[Enum.GetValues<DnsTransport>().Length];
    private readonly long[] _silent = new long[Enum.GetValues<DnsTransport>().Length];
    private readonly long[] _failed = new long[Enum.GetValues<DnsTransport>().Length];
    private readonly long[] _answers = new long[Enum.GetValues<SecurityStatus>().Length];
    private readonly long[] _failures = new long[Enum.GetValues<ResolutionFailureReason>().Length];
    private readonly long[] _broken = new long[Enum.GetValues<BackgroundTask>().Length];
    private long _cacheHits;

    /// <summary>Messages sent to servers.</summary>
    public long Sent(DnsTransport transport) => Volatile.Read(ref _sent[(int)transport]);

    /// <summary>Messages that came from them, whatever they were worth.</summary>
    public long Received(DnsTransport transport) => Volatile.Read(ref _received[(int)transport]);

    /// <summary>Messages to which nothing came in time.</summary>
    public long TimedOut(DnsTransport transport) => Volatile.Read(ref _silent[(int)transport]);

    /// <summary>Messages that the network did not carry.</summary>
    public long Failed(DnsTransport transport) => Volatile.Read(ref _failed[(int)transport]);

    /// <summary>Answers that were resolved, by what validation said of them; those that did not hold are failures.</summary>
    public long Answers(SecurityStatus status) => Volatile.Read(ref _answers[(int)status]);

    /// <summary>Questions that have no answer.</summary>
    public long Failures(ResolutionFailureReason reason) => Volatile.Read(ref _failures[(int)reason]);

    /// <summary>Answers that were resolved without asking anybody.</summary>
    public long CacheHits => Interlocked.Read(ref _cacheHits);

    /// <summary>How often something broke that is done beside the questions.</summary>
    public long Broken(BackgroundTask task) => Volatile.Read(ref _broken[(int)task]);

    internal void CountSent(DnsTransport transport) => Interlocked.Increment(ref _sent[(int)transport]);

    internal void CountReceived(DnsTransport transport) => Interlocked.Increment(ref _received[(int)transport]);

    internal void CountTimedOut(DnsTransport transport) => Interlocked.Increment(ref _silent[(int)transport]);

    internal void CountFailed(DnsTransport transport) => Interlocked.Increment(ref _failed[(int)transport]);

    internal void CountCacheHit() => Interlocked.Increment(ref _cacheHits);

    internal void Count(BackgroundTask task) => Interlocked.Increment(ref _broken[(int)task]);

    /// <summary>Counts what came of a client's question.</summary>
    internal void Count(ResolutionOutcome outcome)
    {
        if (outcome is ResolvedAnswer answer)
        {
            Interlocked.Increment(ref _answers[(int)answer.Status]);
            if (answer.Source.Kind == AnswerSourceKind.Cache) { CountCacheHit(); }
        }
        else if (outcome is ResolutionFailure failure) { Interlocked.Increment(ref _failures[(int)failure.Reason]); }
    }
}
