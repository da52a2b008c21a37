using System.Diagnostics;

namespace Firstbyte.Cli.Io;

/// <summary>How long a write may wait for whoever reads: until the limit of the journey under way, or until a signal asks for the end.</summary>
/// <remarks>
/// Standard output is written where everything else is done, so that a reader who stops reading stops the timers too. So a write looks itself whether it
/// is still wanted.
/// </remarks>
internal sealed class Patience(Signals signals)
{
    /// <summary>How often a write that waits looks at the time (own choice: a fifth of the 100 ms within which limits hold).</summary>
    public const int TickMilliseconds = 20;

    // The journey's own timer tells more than a write that gives up: it goes first.
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(50);

    private readonly Stopwatch _watch = new();
    private TimeSpan? _limit;

    /// <summary>Whether nobody waits any more.</summary>
    public bool IsOver => signals.HasStopped || (_limit is { } limit && _watch.Elapsed > limit + s_grace);

    /// <summary>A journey begins; null when it has no limit.</summary>
    public void Begin(TimeSpan? limit)
    {
        _limit = limit;
        _watch.Restart();
    }
}

/// <summary>A write was given up because the reader took nothing until the limit, or until a signal.</summary>
/// <param name="place">Where it was to go.</param>
internal sealed class ReaderStalledException(string place) : IOException(place, ETIMEDOUT)
{
    // <asm-generic/errno.h>: what a write with a limit would say, as every other stream says it.
    private const int ETIMEDOUT = 110;
}
