using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Sockets.Tun;

/// <summary>What a bad link does to the packets of a <see cref="TunLoop"/>, in both directions; chances in thousandths, drawn from a seed.</summary>
/// <remarks>The kernel's own impairments (netem) are not always there; these need nothing, and the same seed draws the same fates in the same order.</remarks>
public sealed record TunFaults(int LossPermille = 0, int DuplicatePermille = 0, int ReorderPermille = 0, ulong Seed = 1)
{
    /// <summary>How much later a reordered packet goes.</summary>
    public TimeSpan ReorderDelay { get; init; } = TimeSpan.FromMilliseconds(5);
}

/// <summary>Applies <see cref="TunFaults"/>: each packet goes on at once, later, twice, or not at all.</summary>
internal sealed class TunFaultLine(TunFaults? faults)
{
    private readonly Queue<(Instant Due, Frame Frame, bool Outgoing)> _late = new();
    private ulong _state = faults?.Seed ?? 0;

    /// <summary>When <see cref="TryTakeLate"/> has something next.</summary>
    public Instant NextDue => _late.TryPeek(out var first) ? first.Due : Instant.Never;

    /// <summary>How often a packet goes on now: 0, 1 or 2 times. A packet that goes later is kept here, with the caller's hold on it.</summary>
    public int Judge(Frame frame, bool outgoing, Instant now)
    {
        if (faults is null) { return 1; }
        if (Happens(faults.LossPermille)) { return 0; }
        if (Happens(faults.ReorderPermille))
        {
            _late.Enqueue((now + faults.ReorderDelay, frame.Retain(), outgoing));
            return 0;
        }
        return Happens(faults.DuplicatePermille) ? 2 : 1;
    }

    /// <summary>Takes the next packet whose time has come.</summary>
    public bool TryTakeLate(Instant now, out Frame frame, out bool outgoing)
    {
        (frame, outgoing) = (null!, false);
        if (NextDue > now) { return false; }
        (_, frame, outgoing) = _late.Dequeue();
        return true;
    }

    // SplitMix64 (Steele, Lea and Flood, 2014).
    private bool Happens(int permille)
    {
        if (permille <= 0) { return false; }
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (z ^ (z >> 31)) % 1000 < (ulong)permille;
    }
}
