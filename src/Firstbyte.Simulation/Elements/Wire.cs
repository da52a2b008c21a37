using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets.Stack;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Elements;

/// <summary>How one direction of a wire treats frames. The default value is a perfect wire without latency.</summary>
public readonly record struct WireSettings
{
    /// <summary>Ethernet's longest packet (RFC 894).</summary>
    public const int DefaultMtu = 1_500;

    private readonly int _mtu;

    /// <summary>A wire that carries Ethernet's 1,500 bytes.</summary>
    public WireSettings() { }

    /// <summary>A wire with a latency and, where they are given, a jitter and a share of losses.</summary>
    public WireSettings(TimeSpan latency, TimeSpan jitter = default, int lossMillionths = 0)
    {
        Latency = latency;
        Jitter = jitter;
        LossMillionths = lossMillionths;
    }

    /// <summary>Time on the way.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>At most so much more, each amount as likely. Frames keep their order all the same.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>How fast it sends; 0 is infinitely fast.</summary>
    public long BitsPerSecond { get; init; }

    /// <summary>Bytes that may wait while it sends; what comes more is dropped (tail drop). 0 is no limit.</summary>
    public long QueueBytes { get; init; }

    /// <summary>The share of frames that is lost, in millionths.</summary>
    public int LossMillionths { get; init; }

    /// <summary>The share of frames that arrives twice, in millionths.</summary>
    public int DuplicateMillionths { get; init; }

    /// <summary>The share of frames that is held back and overtaken, in millionths.</summary>
    public int ReorderMillionths { get; init; }

    /// <summary>For how long such a frame is held back.</summary>
    public TimeSpan ReorderDelay { get; init; }

    /// <summary>The share of frames in which one bit is turned over, in millionths.</summary>
    public int CorruptMillionths { get; init; }

    /// <summary>The longest IP packet it carries.</summary>
    public int Mtu { get => _mtu == 0 ? DefaultMtu : _mtu; init => _mtu = value == DefaultMtu ? 0 : value; }
}

/// <summary>A cable with two ends. Each direction has its own settings, its own queue and its own stream of chance.</summary>
public sealed class Wire
{
    private readonly ITraceSink? _sink;
    private bool _hadCarrier = true;

    /// <summary>A wire of a world; both directions begin with the same settings.</summary>
    /// <param name="kernel">The world's heart.</param>
    /// <param name="name">Its name in the world.</param>
    /// <param name="settings">How both directions treat frames.</param>
    /// <param name="sink">Who hears of the frames that it loses; null when nobody does.</param>
    public Wire(Kernel kernel, string name, WireSettings settings, ITraceSink? sink = null)
        : this(kernel, name, settings, $"{name}/a", $"{name}/b", sink)
    {
    }

    internal Wire(Kernel kernel, string name, WireSettings settings, string nameOfA, string nameOfB, ITraceSink? sink)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Name = name;
        Kernel = kernel;
        _sink = sink;
        A = new WireEnd(this, nameOfA, settings);
        B = new WireEnd(this, nameOfB, settings);
    }

    /// <summary>Its name in its world.</summary>
    public string Name { get; }

    /// <summary>One end.</summary>
    public WireEnd A { get; }

    /// <summary>The other.</summary>
    public WireEnd B { get; }

    /// <summary>False when the cable is pulled: both directions lose everything, and the cards at its ends have no carrier.</summary>
    public bool IsUp
    {
        get;
        set
        {
            field = value;
            UpdateCarrier();
        }
    } = true;

    /// <summary>Who looks on; null when nobody does.</summary>
    public IFrameTap? Tap { get; set; }

    internal Kernel Kernel { get; }

    /// <summary>
    /// Tells both ends when the cable has come to carry nothing, or carries again. One direction alone may be cut without a card noticing
    /// it.
    /// </summary>
    internal void UpdateCarrier()
    {
        var hasCarrier = !(A.IsCut && B.IsCut);
        if (hasCarrier == _hadCarrier) { return; }
        _hadCarrier = hasCarrier;
        Kernel.Setup(() =>
        {
            A.Port?.OnCarrier(hasCarrier);
            B.Port?.OnCarrier(hasCarrier);
            return hasCarrier;
        });
    }

    /// <summary>Tells of a frame that was sent from an end and is lost.</summary>
    internal void TellLost(WireEnd from, Frame frame, FrameDropReason reason)
    {
        Tap?.OnLost(from, frame, reason);
        if (_sink is not { IsListening: true }) { return; }
        var lost = FrameLost.Of(Name, from.Name, reason, frame.Span);
        lost.At = Kernel.Now;
        _sink.Tell(lost);
    }
}

/// <summary>One end of a wire: frames sent here arrive at the other end.</summary>
/// <remarks>
/// A frame waits until the frames before it have been sent (bandwidth), takes its time (latency, jitter), and is lost, doubled, held back
/// or damaged by chance. Faults may do more to it (<see cref="WireEffect"/>). The draws are made in a fixed order and only for what is
/// switched on, so that turning one knob does not move
/// the others' luck more than it must.
/// </remarks>
public sealed class WireEnd : IFrameDevice, IKernelEvent
{
    /// <summary>Frames that a direction holds for its faults (own choice); what comes more is lost as in a full queue.</summary>
    public const int MaxHeld = 4_096;

    private const long NanosecondsPerSecond = 1_000_000_000;

    private RandomStream? _random;
    private RandomStream? _luck;
    private Slot[] _flying = [];
    private int _free = -1;
    private int _slots;
    private long _sendingUntil;
    private long _lastArrival;
    private WireImpairment _impairment;
    private WireSettings _acting;
    private Queue<Frame>? _held;

    internal WireEnd(Wire wire, string name, WireSettings settings)
    {
        Wire = wire;
        Name = name;
        Settings = settings;
    }

    /// <summary>The wire.</summary>
    public Wire Wire { get; }

    /// <summary>The name of the end: what a capture calls it.</summary>
    public string Name { get; }

    /// <summary>How frames that are sent from here are treated; may be changed while the world runs.</summary>
    public WireSettings Settings
    {
        get;
        set
        {
            field = value;
            _acting = _impairment.Settings ?? value;
        }
    }

    /// <summary>False when this direction alone is cut.</summary>
    public bool IsUp
    {
        get;
        set
        {
            field = value;
            Wire.UpdateCarrier();
        }
    } = true;

    /// <summary>Who takes what arrives here; null while nothing is plugged in.</summary>
    public IFramePort? Port { get; set; }

    /// <summary>The other end.</summary>
    public WireEnd Other => ReferenceEquals(Wire.A, this) ? Wire.B : Wire.A;

    /// <summary>Frames that have arrived from here at the other end.</summary>
    public long Delivered { get; private set; }

    /// <summary>Frames sent from here that were lost.</summary>
    public long Lost { get; private set; }

    /// <summary>Frames sent from here that go on twice.</summary>
    public long Doubled { get; private set; }

    /// <summary>Frames sent from here that were held back, so that others overtake them.</summary>
    public long HeldBack { get; private set; }

    /// <summary>Frames sent from here in which a bit was turned over.</summary>
    public long Damaged { get; private set; }

    /// <summary>Frames sent from here that an effect of a fault has lost, delayed or changed.</summary>
    public long Affected { get; private set; }

    /// <summary>Who decides whether a frame gets in here; null when everything does.</summary>
    internal IFrameGate? Gate { get; set; }

    // Made when it is first needed: most wires of most worlds leave nothing to chance.
    private RandomStream Random => _random ??= Wire.Kernel.Stream($"wire {Name}");

    /// <summary>Whether everything that is sent from here is lost: the cable is pulled, or a fault of the world has cut it.</summary>
    public bool IsCut => !Wire.IsUp || !IsUp || _impairment.IsCut;

    /// <inheritdoc/>
    public void Send(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        Wire.Tap?.OnSent(this, frame);
        ref readonly var settings = ref _acting;
        var reason = IsCut ? FrameDropReason.LinkDown
            : Other.Port is null ? FrameDropReason.Unplugged
            : frame.Length > settings.Mtu + EthernetView.HeaderLength ? FrameDropReason.TooBig
            : HasLuck(settings.LossMillionths) ? FrameDropReason.Chance
            : FrameDropReason.None;
        var now = Wire.Kernel.Now.Nanoseconds;
        var sent = now;
        if (reason == FrameDropReason.None && settings.BitsPerSecond > 0)
        {
            var waits = Math.Max(_sendingUntil - now, 0);
            // Multiplied in 128 bits: a long queue on a slow wire would overflow.
            var queued = (long)((Int128)waits * settings.BitsPerSecond / (8 * NanosecondsPerSecond));
            if (settings.QueueBytes > 0 && queued + frame.Length > settings.QueueBytes) { reason = FrameDropReason.QueueFull; }
            else
            {
                sent = Math.Max(now, _sendingUntil) + (long)((Int128)frame.Length * 8 * NanosecondsPerSecond / settings.BitsPerSecond);
                _sendingUntil = sent;
            }
        }
        if (reason != FrameDropReason.None)
        {
            Lose(frame, reason);
            return;
        }
        if (HasLuck(settings.CorruptMillionths)) { frame = Corrupt(frame); }
        var arrival = sent + settings.Latency.ToNanoseconds();
        if (settings.Jitter > TimeSpan.Zero) { arrival += Random.NextBelow(settings.Jitter.ToNanoseconds() + 1); }
        if (_impairment.Effects is { } effects && !Pass(effects, ref frame, ref arrival)) { return; }
        arrival = Math.Max(arrival, _lastArrival);
        if (HasLuck(settings.ReorderMillionths))
        {
            HeldBack++;
            arrival += settings.ReorderDelay.ToNanoseconds();
        }
        else { _lastArrival = arrival; }
        if (HasLuck(settings.DuplicateMillionths))
        {
            Doubled++;
            Fly(frame.Retain(), arrival);
        }
        Fly(frame, arrival);
    }

    void IKernelEvent.Fire(long argument)
    {
        var frame = Land((int)argument);
        if (!_impairment.Holds) { Deliver(frame); }
        else if ((_held ??= new Queue<Frame>()).Count < MaxHeld) { _held.Enqueue(frame); }
        else { Lose(frame, FrameDropReason.QueueFull); }
    }

    /// <summary>What the faults of the world do to this direction from now on.</summary>
    internal void Impair(in WireImpairment impairment)
    {
        _impairment = impairment;
        _acting = impairment.Settings ?? Settings;
        // In their order, and before anything that arrives at this instant.
        while (!_impairment.Holds && _held is not null && _held.TryDequeue(out var frame)) { Deliver(frame); }
    }

    private void Deliver(Frame frame)
    {
        var other = Other;
        // A wire that was pulled while the frame was on it has lost it.
        var reason = IsCut ? FrameDropReason.LinkDown : other.Gate?.Judge(frame) ?? FrameDropReason.None;
        if (reason != FrameDropReason.None)
        {
            Lose(frame, reason);
            return;
        }
        Delivered++;
        Wire.Tap?.OnReceived(other, frame);
        if (other.Port is { } port) { port.Receive(frame); }
        else { frame.Release(); }
    }

    /// <summary>A frame that was to be sent from here, or was on its way, does not arrive.</summary>
    internal void Lose(Frame frame, FrameDropReason reason)
    {
        Lost++;
        Wire.TellLost(this, frame, reason);
        frame.Release();
    }

    // False when a fault has lost it.
    private bool Pass(WireEffect[] effects, ref Frame frame, ref long arrival)
    {
        _luck ??= Wire.Kernel.Stream($"wire {Name} effects");
        var passage = new WirePassage(frame, new Instant(arrival), _luck);
        foreach (var effect in effects)
        {
            effect.Act(ref passage);
            if (passage.Loss != FrameDropReason.None) { break; }
        }
        if (passage.Frame != frame || passage.Loss != FrameDropReason.None || passage.Arrival.Nanoseconds != arrival) { Affected++; }
        (frame, arrival) = (passage.Frame, passage.Arrival.Nanoseconds);
        if (passage.Loss == FrameDropReason.None) { return true; }
        Lose(frame, passage.Loss);
        return false;
    }

    private bool HasLuck(int millionths) => millionths > 0 && Random.Chance(millionths);

    private void Fly(Frame frame, long arrival)
    {
        var slot = _free;
        if (slot >= 0) { _free = _flying[slot].NextFree; }
        else
        {
            slot = _slots++;
            if (slot >= _flying.Length) { Array.Resize(ref _flying, Math.Max(slot * 2, 4)); }
        }
        _flying[slot].Frame = frame;
        Wire.Kernel.Schedule(new Instant(arrival), this, slot);
    }

    private Frame Land(int slot)
    {
        var frame = _flying[slot].Frame!;
        _flying[slot] = new Slot { NextFree = _free };
        _free = slot;
        return frame;
    }

    // Others may hold the frame: the damage is done to a copy.
    private Frame Corrupt(Frame frame)
    {
        Damaged++;
        var copy = frame.Copy();
        frame.Release();
        if (copy.Length > 0)
        {
            var bit = Random.NextBelow(copy.Length * 8L);
            copy.Span[(int)(bit >> 3)] ^= (byte)(1 << (int)(bit & 7));
        }
        return copy;
    }

    private struct Slot
    {
        public Frame? Frame;
        public int NextFree;
    }
}

/// <summary>Stands before a port: what it does not let in is lost on the wire.</summary>
internal interface IFrameGate
{
    /// <summary>Why a frame is not let in; <see cref="FrameDropReason.None"/> when it is.</summary>
    FrameDropReason Judge(Frame frame);
}
