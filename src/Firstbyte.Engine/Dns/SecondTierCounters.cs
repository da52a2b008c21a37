using Firstbyte.Dns.Resolving;

namespace Firstbyte.Dns;

/// <summary>What came of looks into the second tier of a cache.</summary>
public enum SecondTierLook
{
    /// <summary>An answer lay there and was taken.</summary>
    Found,

    /// <summary>None lay there.</summary>
    Missing,

    /// <summary>One lay there that is not to be believed.</summary>
    Refused,

    /// <summary>It did not answer in time, or not as it should.</summary>
    Failed,

    /// <summary>It was not asked: it has failed a moment ago, or is being asked for too much already.</summary>
    Skipped,
}

/// <summary>What a resolver has had of the second tier of its cache since it started; counted on any thread.</summary>
public sealed class SecondTierCounters
{
    private readonly long[] _looks = new long[Enum.GetValues<SecondTierLook>().Length];
    private readonly long[] _refused = new long[Enum.GetValues<SharedAnswerFlaw>().Length];
    private long _kept, _keptFailed, _keptSkipped;

    /// <summary>Looks, by what came of them.</summary>
    public long Looks(SecondTierLook look) => Volatile.Read(ref _looks[(int)look]);

    /// <summary>Answers that lay there and were not believed, by the reason.</summary>
    public long Refused(SharedAnswerFlaw flaw) => Volatile.Read(ref _refused[(int)flaw]);

    /// <summary>Answers that were put there.</summary>
    public long Kept => Interlocked.Read(ref _kept);

    /// <summary>Those that could not be put there.</summary>
    public long KeptFailed => Interlocked.Read(ref _keptFailed);

    /// <summary>Those with which it was not bothered.</summary>
    public long KeptSkipped => Interlocked.Read(ref _keptSkipped);

    internal void Count(SecondTierLook look) => Interlocked.Increment(ref _looks[(int)look]);

    internal void Count(SharedAnswerFlaw flaw)
    {
        Count(flaw == SharedAnswerFlaw.None ? SecondTierLook.Found : SecondTierLook.Refused);
        if (flaw != SharedAnswerFlaw.None) { Interlocked.Increment(ref _refused[(int)flaw]); }
    }

    internal void CountKept(bool isKept) => Interlocked.Increment(ref isKept ? ref _kept : ref _keptFailed);

    internal void CountKeptSkipped() => Interlocked.Increment(ref _keptSkipped);
}
