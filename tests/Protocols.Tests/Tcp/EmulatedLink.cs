namespace Firstbyte.Tests.Tcp;

/// <summary>One direction of a link that is the same in virtual time, where our stack is measured, and in real time, where Linux is (<c>bench tcp-linux</c>).</summary>
/// <remarks>
/// A packet passes the policer, then chance, then a queue in front of a line of one rate, then the line's length. All is drawn from one
/// seed, one number a packet and kind of fate, so that a packet's fate depends only on how many came before it.
/// </remarks>
internal sealed class EmulatedLink(LinkShape shape, ulong seed)
{
    private ulong _random = seed * 0x9E3779B97F4A7C15 + 1;
    private long _free;
    private long _tokens = shape.PolicerOctets * Scale;
    private long _filledAt;

    private const long Scale = 8_000_000_000;

    /// <summary>When a packet that is sent now arrives, in nanoseconds; -1 when it never does.</summary>
    public long Arrival(long now, int octets)
    {
        var isLost = Happens(shape.LossPermille);
        var isLate = Happens(shape.ReorderPermille);
        var late = (long)(Next() % (ulong)LinkShape.ReorderNanoseconds);
        if (shape.PolicerBitsPerSecond > 0 && !PassesPolicer(now, octets)) { return -1; }
        if (isLost) { return -1; }
        var start = Math.Max(_free, now);
        if ((start - now) * LinkShape.BitsPerSecond / Scale + octets > LinkShape.QueueOctets) { return -1; }
        _free = start + octets * Scale / LinkShape.BitsPerSecond;
        return _free + LinkShape.LatencyNanoseconds + (isLate ? late : 0);
    }

    private bool PassesPolicer(long now, int octets)
    {
        if (_filledAt > 0) { _tokens = Math.Min(_tokens + (now - _filledAt) * shape.PolicerBitsPerSecond, shape.PolicerOctets * Scale); }
        _filledAt = now;
        if (_tokens < octets * Scale) { return false; }
        _tokens -= octets * Scale;
        return true;
    }

    private bool Happens(int permille) => Next() % 1000 < (ulong)permille;

    // SplitMix64 (Steele, Lea and Flood, 2014).
    private ulong Next()
    {
        _random += 0x9E3779B97F4A7C15;
        var z = _random;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>What is wrong with a link; the rest is the same for all: 50 Mbit/s, a round trip of 40 ms, a queue of one round trip.</summary>
internal sealed record LinkShape(string Name, int LossPermille = 0, int ReorderPermille = 0, long PolicerBitsPerSecond = 0, long PolicerOctets = 0)
{
    public const long BitsPerSecond = 50_000_000;
    public const long LatencyNanoseconds = 20_000_000;
    public const long QueueOctets = 250_000;
    public const long ReorderNanoseconds = 20_000_000;

    /// <summary>Seeds a cell is the median of.</summary>
    public const int Seeds = 20;

    /// <summary>A transfer that has not ended by then counts as one of this length.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Octets that are carried.</summary>
    public static readonly int[] Sizes = [100_000, 3_000_000];

    /// <summary>The rows of the table.</summary>
    public static readonly LinkShape[] All =
    [
        new("nothing is lost"),
        new("1 % is lost", LossPermille: 10),
        new("5 % are lost", LossPermille: 50),
        new("20 % are lost", LossPermille: 200),
        new("5 % come late", ReorderPermille: 50),
        new("a policer", PolicerBitsPerSecond: 20_000_000, PolicerOctets: 64_000),
    ];

    /// <summary>The two directions of a link for a seed; a policer stands only in the direction of the data.</summary>
    public (EmulatedLink Data, EmulatedLink Answers) Make(int seed) =>
        (new EmulatedLink(this, (ulong)seed), new EmulatedLink(this with { PolicerBitsPerSecond = 0 }, (ulong)seed + 1_000));

    /// <summary>The middle of an even number of times: the mean of the two in the middle.</summary>
    public static long Median(IReadOnlyCollection<long> times)
    {
        var sorted = times.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
