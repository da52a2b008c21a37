using Firstbyte.Packets;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Elements;

/// <summary>How one direction of a wire treats frames. The default value is a perfect wire without latency.</summary>
public readonly record struct WireSettings
{
    /// <summary>Makes a wire that carries Ethernet's 1,500 bytes.</summary>
    public WireSettings() { }

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
    public int Mtu { get; init; } = 1_500;
}

/// <summary>A cable with two ends. Each direction has its own settings, its own queue and its own stream of chance.</summary>
public sealed class Wire
{
    /// <summary>A wire of a world; both directions begin with the same settings.</summary>
    public Wire(Kernel kernel, string name, WireSettings settings)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Name = name;
        Kernel = kernel;
        A = new WireEnd(this, $"{name}/a", settings);
        B = new WireEnd(this, $"{name}/b", settings);
    }

    /// <summary>Its name in its world.</summary>
    public string Name { get; }

    /// <summary>One end.</summary>
    public WireEnd A { get; }

    /// <summary>The other.</summary>
    public WireEnd B { get; }

    /// <summary>False when the cable is pulled: both directions lose everything.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>Who looks on; null when nobody does.</summary>
    public IFrameTap? Tap { get; set; }

    internal Kernel Kernel { get; }
}

/// <summary>One end of a wire: frames sent here arrive at the other end.</summary>
/// <remarks>
/// A frame waits until the frames before it have been sent (bandwidth), takes its time (latency, jitter), and is lost, doubled, held back
/// or damaged by chance. The draws are made in a fixed order and only for what is switched on, so that turning one knob does not move
/// the others' luck more than it must.
/// </remarks>
public sealed class WireEnd : IFrameDevice, IKernelEvent
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly RandomStream _random;
    private Frame?[] _flying = new Frame?[16];
    private readonly Stack<int> _free = new();
    private int _slots;
    private LinkSettings _followed;
    private long _sendingUntil;
    private long _lastArrival;

    internal WireEnd(Wire wire, string name, WireSettings settings)
    {
        Wire = wire;
        Name = name;
        Settings = settings;
        _random = wire.Kernel.Setup(() => wire.Kernel.Stream($"wire {name}"));
    }

    /// <summary>The wire.</summary>
    public Wire Wire { get; }

    /// <summary>The name of the end: what a capture calls it.</summary>
    public string Name { get; set; }

    /// <summary>How frames that are sent from here are treated.</summary>
    public WireSettings Settings { get; set; }

    /// <summary>The cable of an internet whose settings it takes over, whenever they change; null for a wire of its own.</summary>
    internal LinkDirection? Follows { get; set; }

    /// <summary>False when this direction alone is cut.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>Who takes what arrives here; null while nothing is plugged in.</summary>
    public IFramePort? Port { get; set; }

    /// <summary>The other end.</summary>
    public WireEnd Other => ReferenceEquals(Wire.A, this) ? Wire.B : Wire.A;

    /// <summary>Frames that have arrived from here at the other end.</summary>
    public long Delivered { get; private set; }

    /// <summary>Frames sent from here that were lost.</summary>
    public long Lost { get; private set; }

    /// <inheritdoc/>
    public void Send(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        Wire.Tap?.OnSent(this, frame);
        if (Follows is { } cable) { Follow(cable); }
        var settings = Settings;
        var reason = !Wire.IsUp || !IsUp ? WireLoss.Down
            : Other.Port is null ? WireLoss.Unplugged
            : frame.Length > settings.Mtu + EthernetView.HeaderLength ? WireLoss.TooLong
            : _random.Chance(settings.LossMillionths) ? WireLoss.Chance
            : WireLoss.None;
        var now = Wire.Kernel.Now.Nanoseconds;
        var sent = now;
        if (reason == WireLoss.None && settings.BitsPerSecond > 0)
        {
            var waits = Math.Max(_sendingUntil - now, 0);
            // Multiplied in 128 bits: a long queue on a slow wire would overflow.
            var queued = (long)((Int128)waits * settings.BitsPerSecond / (8 * NanosecondsPerSecond));
            if (settings.QueueBytes > 0 && queued + frame.Length > settings.QueueBytes) { reason = WireLoss.QueueFull; }
            else
            {
                sent = Math.Max(now, _sendingUntil) + (long)((Int128)frame.Length * 8 * NanosecondsPerSecond / settings.BitsPerSecond);
                _sendingUntil = sent;
            }
        }
        if (reason != WireLoss.None)
        {
            Lost++;
            Wire.Tap?.OnLost(this, frame, reason);
            frame.Release();
            return;
        }
        if (_random.Chance(settings.CorruptMillionths)) { frame = Corrupt(frame); }
        var arrival = sent + settings.Latency.Ticks * 100;
        if (settings.Jitter > TimeSpan.Zero) { arrival += _random.NextBelow(settings.Jitter.Ticks * 100 + 1); }
        arrival = Math.Max(arrival, _lastArrival);
        if (_random.Chance(settings.ReorderMillionths)) { arrival += settings.ReorderDelay.Ticks * 100; }
        else { _lastArrival = arrival; }
        if (_random.Chance(settings.DuplicateMillionths)) { Fly(frame.Retain(), arrival); }
        Fly(frame, arrival);
    }

    void IKernelEvent.Fire(long argument)
    {
        var frame = _flying[argument]!;
        _flying[argument] = null;
        _free.Push((int)argument);
        // A wire that was pulled while the frame was on it has lost it.
        if (!Wire.IsUp || !IsUp)
        {
            Lost++;
            Wire.Tap?.OnLost(this, frame, WireLoss.Down);
            frame.Release();
            return;
        }
        Delivered++;
        var other = Other;
        Wire.Tap?.OnReceived(other, frame);
        if (other.Port is { } port) { port.Receive(frame); }
        else { frame.Release(); }
    }

    private void Follow(LinkDirection cable)
    {
        IsUp = cable.IsUp;
        if (cable.Settings == _followed) { return; }
        _followed = cable.Settings;
        Settings = Settings with
        {
            Latency = TimeSpan.FromTicks(_followed.LatencyNanoseconds / 100),
            Jitter = TimeSpan.FromTicks(_followed.JitterNanoseconds / 100),
            LossMillionths = _followed.LossMillionths,
        };
    }

    private void Fly(Frame frame, long arrival)
    {
        if (!_free.TryPop(out var slot))
        {
            slot = _slots++;
            if (slot == _flying.Length) { Array.Resize(ref _flying, slot * 2); }
        }
        _flying[slot] = frame;
        Wire.Kernel.Schedule(new Instant(arrival), this, slot);
    }

    // Others may hold the frame: the damage is done to a copy.
    private Frame Corrupt(Frame frame)
    {
        var copy = frame.Copy();
        frame.Release();
        if (copy.Length > 0)
        {
            var bit = _random.NextBelow(copy.Length * 8L);
            copy.Span[(int)(bit >> 3)] ^= (byte)(1 << (int)(bit & 7));
        }
        return copy;
    }
}
