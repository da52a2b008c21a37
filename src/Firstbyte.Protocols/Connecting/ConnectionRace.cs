using Firstbyte.Addressing;
using Firstbyte.Tracing;

namespace Firstbyte.Connecting;

/// <summary>What a race wants next.</summary>
public enum RaceStepKind : byte
{
    /// <summary>An attempt is to begin, to <see cref="RaceStep.Address"/>.</summary>
    Start,

    /// <summary>Nothing, until an attempt ends or <see cref="RaceStep.Until"/> has come (<see cref="Instant.Never"/>: no attempt is left to begin).</summary>
    Wait,

    /// <summary>An attempt has succeeded: those still running are given up.</summary>
    Won,

    /// <summary>Every address has failed.</summary>
    Lost,
}

/// <summary>What a race wants next.</summary>
/// <param name="Kind">What.</param>
/// <param name="Attempt">The attempt's number, from 0 on, in the order of starting.</param>
/// <param name="Address">Where to.</param>
/// <param name="Until">Until when to wait.</param>
public readonly record struct RaceStep(RaceStepKind Kind, int Attempt = -1, IpAddress Address = default, Instant Until = default);

/// <summary>
/// Happy Eyeballs version 2 (RFC 8305 4 and 5): which address is connected to next, and when, so that a path that carries nothing costs a
/// moment and not a time-out.
/// </summary>
/// <remarks>
/// Theory of operation. The addresses come sorted (RFC 6724) and are taken by families in turn, the first one's first. An attempt begins when the one
/// before it has failed, or has had <see cref="AttemptDelay"/> to succeed; earlier ones go on. The first to succeed wins. The machine holds no clock and no
/// socket: whoever drives it says what time it is and how attempts ended.
/// <code>
///   Next(now) ─┬─► Start ─► Failed(now) ─► next address at once
///              ├─► Wait until the delay is over
///              ├─► Won        after Succeeded
///              └─► Lost       when all have failed
/// </code>
/// </remarks>
public sealed class ConnectionRace
{
    /// <summary>Connection Attempt Delay: recommended is 250 ms (RFC 8305 8).</summary>
    public static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Addresses that are tried; a name with more of them is served by these as well (glibc's resolver hands out no more than 48 of one
    /// family).
    /// </summary>
    public const int MaximumAddresses = 64;

    private readonly IpAddress[] _order;
    private int _started;
    private int _failed;
    private Instant _next;
    private bool _won;

    /// <summary>A race to the addresses, which are sorted.</summary>
    public ConnectionRace(ReadOnlySpan<IpAddress> sorted) => _order = Interleave(sorted);

    /// <summary>The addresses in the order in which they are tried.</summary>
    public IReadOnlyList<IpAddress> Order => _order;

    /// <summary>Whether an attempt has succeeded.</summary>
    public bool IsWon => _won;

    /// <summary>What to do now.</summary>
    public RaceStep Next(Instant now)
    {
        if (_won) { return new RaceStep(RaceStepKind.Won); }
        if (_started == _order.Length) { return _failed == _started ? new RaceStep(RaceStepKind.Lost) : new RaceStep(RaceStepKind.Wait, Until: Instant.Never); }
        if (_started > _failed && now < _next) { return new RaceStep(RaceStepKind.Wait, Until: _next); }
        _next = now + AttemptDelay;
        return new RaceStep(RaceStepKind.Start, _started, _order[_started++]);
    }

    /// <summary>An attempt has failed: the next need not wait for it.</summary>
    public void Failed(Instant now)
    {
        _failed++;
        if (now < _next) { _next = now; }
    }

    /// <summary>An attempt has succeeded.</summary>
    public void Succeeded() => _won = true;

    /// <summary>The addresses by families in turn, each family in its own order (RFC 8305 4, with a First Address Family Count of 1).</summary>
    public static IpAddress[] Interleave(ReadOnlySpan<IpAddress> sorted)
    {
        var order = new IpAddress[Math.Min(sorted.Length, MaximumAddresses)];
        if (sorted.Length == 0) { return order; }
        var first = sorted[0].Version;
        var (same, other) = (0, 0);
        for (var i = 0; i < order.Length; i++)
        {
            var wantsFirst = i % 2 == 0;
            var one = Find(sorted, ref wantsFirst ? ref same : ref other, first, wantsFirst);
            // A family that has run out leaves its turns to the other.
            order[i] = sorted[one >= 0 ? one : Find(sorted, ref wantsFirst ? ref other : ref same, first, !wantsFirst)];
        }
        return order;
    }

    private static int Find(ReadOnlySpan<IpAddress> sorted, ref int from, IpVersion first, bool wantsFirst)
    {
        while (from < sorted.Length)
        {
            var index = from++;
            if (sorted[index].Version == first == wantsFirst) { return index; }
        }
        return -1;
    }
}
