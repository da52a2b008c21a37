using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Whether a store is asked: after a failure not for a while, then by one alone until it has answered. On any thread.</summary>
internal sealed class SecondTierCircuit(int capacity)
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);

    /// <summary>A store that is back is used again within half a minute (own choice, as for servers that were named).</summary>
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private int _underWay, _failures;
    private Instant _restsUntil = new(long.MinValue);

    /// <summary>Whether it is left alone at an instant.</summary>
    public bool IsResting(Instant now)
    {
        lock (_gate) { return _failures > 0 && now < _restsUntil; }
    }

    /// <summary>Begins to ask, where that is allowed; each success is ended by <see cref="Leave"/>.</summary>
    public bool TryEnter(Instant now)
    {
        lock (_gate)
        {
            if (_underWay >= capacity || _failures > 0 && (now < _restsUntil || _underWay > 0)) { return false; }
            _underWay++;
            return true;
        }
    }

    /// <summary>Ends it.</summary>
    /// <param name="hasAnswered">Whether the store has answered; null where who asked has gone before.</param>
    /// <param name="now">When.</param>
    public void Leave(bool? hasAnswered, Instant now)
    {
        lock (_gate)
        {
            _underWay--;
            if (hasAnswered == true) { _failures = 0; }
            // Those that were under way together fail together: that is one failure.
            if (hasAnswered != false || _failures > 0 && now < _restsUntil) { return; }
            var rest = s_first * (1 << Math.Min(_failures++, 10));
            _restsUntil = now + (rest < s_most ? rest : s_most);
        }
    }
}
