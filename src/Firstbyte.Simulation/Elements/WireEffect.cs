using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Elements;

/// <summary>
/// What a fault does to the frames of one direction of a wire, beyond what <see cref="WireSettings"/> can say. The wire knows no fault: each
/// brings its own effect along.
/// </summary>
public abstract class WireEffect
{
    /// <summary>Whether what has come to the other end is held there, in its order, until the faults of the wire are others.</summary>
    public virtual bool Holds => false;

    /// <summary>A frame passes: it may be lost, delayed or changed.</summary>
    public virtual void Act(ref WirePassage passage) { }
}

/// <summary>A frame on its way through one direction of a wire, as the effects of faults find it, one after the other.</summary>
public ref struct WirePassage
{
    private readonly Frame _sent;

    internal WirePassage(Frame frame, Instant arrival, RandomStream random)
    {
        _sent = frame;
        Frame = frame;
        Arrival = arrival;
        Random = random;
    }

    /// <summary>Its bytes.</summary>
    public readonly ReadOnlySpan<byte> Bytes => Frame.Span;

    /// <summary>When it arrives.</summary>
    public Instant Arrival { get; private set; }

    /// <summary>Why it does not arrive; <see cref="FrameDropReason.None"/> when it does.</summary>
    public FrameDropReason Loss { get; private set; }

    /// <summary>Luck that only effects have: what they draw leaves the wire's own draws alone.</summary>
    public RandomStream Random { get; }

    internal Frame Frame { get; private set; }

    /// <summary>It arrives at an instant at the earliest.</summary>
    public void Delay(Instant until)
    {
        if (until > Arrival) { Arrival = until; }
    }

    /// <summary>It does not arrive.</summary>
    public void Lose(FrameDropReason reason) => Loss = reason;

    /// <summary>Its bytes, to be changed: others may hold the frame, and so it is a copy from now on.</summary>
    public Span<byte> Change()
    {
        if (ReferenceEquals(Frame, _sent))
        {
            Frame = _sent.Copy();
            _sent.Release();
        }
        return Frame.Span;
    }
}

/// <summary>What the faults of a world do to one direction of a wire.</summary>
public readonly record struct WireImpairment
{
    /// <summary>Everything is lost, and where both directions are cut, the cards at the ends have no carrier.</summary>
    public bool IsCut { get; init; }

    /// <summary>What takes the place of the direction's own settings; null leaves them.</summary>
    public WireSettings? Settings { get; init; }

    /// <summary>The effects, in the order in which a frame meets them; null when there are none.</summary>
    internal WireEffect[]? Effects { get; init; }

    internal bool Holds => Effects is not null && Array.Exists(Effects, static effect => effect.Holds);

    /// <summary>The same with one effect more.</summary>
    public WireImpairment With(WireEffect effect) => this with { Effects = [.. Effects ?? [], effect] };
}
