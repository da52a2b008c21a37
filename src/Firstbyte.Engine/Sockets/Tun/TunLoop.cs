using System.Collections.Concurrent;
using System.Runtime.Versioning;
using Firstbyte.Captures;
using Firstbyte.Hashing;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Sockets.Os;
using Firstbyte.Sockets.Stack;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Sockets.Tun;

/// <summary>Our own host stack in real time on a <see cref="TunDevice"/>, on one thread: the caller's.</summary>
/// <remarks>
/// Theory of operation. <see cref="Run"/> starts a program and then does in turn what a simulation's kernel does: programs whose calls have
/// ended go on, timers that are due fire, the stack's deadline is served, waiting packets are read and handed to the stack; then it waits
/// in poll() for a packet or the next of those times. Programs, timers and the stack all run on this thread, so none of them knows a lock;
/// another thread reaches them only by <see cref="Post"/>. Addresses and routes are given to <see cref="Network"/>'s stack, as to any host.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class TunLoop : IStackDriver, IFrameDevice, IDisposable
{
    /// <summary>Packets read before programs and timers have their turn again (own choice, as a NIC's budget: Linux netdev_budget 300).</summary>
    private const int ReadBudget = 300;

    /// <summary>How often <see cref="DrainAsync"/> looks (own choice: a hundredth of what a user notices).</summary>
    private static readonly TimeSpan s_drainInterval = TimeSpan.FromMilliseconds(1);

    private readonly TunDevice _device;
    private readonly LoopThread _thread = new();
    private readonly FramePool _frames = new();
    private readonly TunFaultLine _faults;
    private readonly Queue<(Action<object?> Continuation, object? State, ExecutionContext? Context)> _ready = new();
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly long _epoch;
    private readonly long _started;
    private Instant _deadline = Instant.Never;
    private TunCapture? _capture;

    /// <summary>A host with one interface, the device, and no address yet.</summary>
    /// <param name="device">The device; still the caller's to dispose.</param>
    /// <param name="settings">What the host's administrator decided.</param>
    /// <param name="mtu">The longest IP packet it sends: that of the kernel's end of the device.</param>
    /// <param name="faults">What the link does to packets; nothing when null.</param>
    /// <exception cref="NetworkException">EMFILE when the process has no descriptor left.</exception>
    public TunLoop(TunDevice device, HostSettings? settings = null, int mtu = 1_500, TunFaults? faults = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        _device = device;
        _faults = new TunFaultLine(faults);
        _epoch = Instant.FromDateTimeOffset(_thread.Time.GetUtcNow()).Nanoseconds;
        _started = _thread.Time.GetTimestamp();

        Span<byte> drawn = stackalloc byte[16 + 6];
        OsRandom.Instance.Fill(drawn);
        var stack = new HostStack(settings ?? new HostSettings(), SipKey.FromBytes(drawn), _frames);
        // A locally administered unicast address (IEEE 802, the two lowest bits of the first octet).
        drawn[16] = (byte)((drawn[16] & 0xFC) | 2);
        Interface = device.Mode == TunMode.Tun
            ? stack.AddInterface(device.Name, LinkKind.RawIp, default, mtu)
            : stack.AddInterface(device.Name, LinkKind.Ethernet, MacAddress.Read(drawn[16..]), mtu);
        Network = new StackNetwork(stack, this, OsRandom.Instance, OsFiles.Instance);
        Network.Attach(Interface, this);
    }

    /// <summary>The network whose calls complete inside <see cref="Run"/>.</summary>
    public StackNetwork Network { get; }

    /// <summary>The host's interface on the device.</summary>
    public NetworkInterface Interface { get; }

    /// <summary>Packets read from the device.</summary>
    public long PacketsReceived { get; private set; }

    /// <summary>Packets written to the device.</summary>
    public long PacketsSent { get; private set; }

    /// <summary>Packets lost on the way: by the faults that were asked for, or because the kernel had no room.</summary>
    public long PacketsDropped { get; private set; }

    /// <inheritdoc/>
    public TimeProvider Time => _thread.Time;

    /// <inheritdoc/>
    public Instant Now => new(_epoch + NetworkClock.NanosecondsSince(_thread.Time, _started));

    /// <summary>Runs a program to its end on this thread and passes on how it ended.</summary>
    public void Run(Func<Task> program) => _thread.Run(program, TakeTurn);

    /// <summary>Captures every packet at our end of the device from now on, with the stack's reasons; what the faults take is told as dropped.</summary>
    /// <param name="output">Where the pcapng bytes go, a whole block in each write.</param>
    /// <param name="comment">What is captured.</param>
    /// <param name="secrets">What is done about secrets in the packets.</param>
    /// <returns>The capture; disposing it ends it.</returns>
    public PacketCapture Capture(Stream output, string comment, CaptureSecrets secrets = CaptureSecrets.Keep)
    {
        _capture = new TunCapture(output, comment, this, secrets);
        return _capture.Packets;
    }

    /// <summary>Waits until every connection is closed at both ends, or in TIME-WAIT; at most as long as given.</summary>
    public async Task DrainAsync(TimeSpan atMost)
    {
        var until = Now + atMost;
        while (Now < until && Network.Stack.Connections.Any(static connection => connection.Tcb.State != TcpState.TimeWait))
        {
            await Task.Delay(s_drainInterval, Time);
        }
    }

    /// <summary>Runs an action on the loop's thread, from any thread: how a signal cancels a program's token.</summary>
    public void Post(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        _posted.Enqueue(action);
        _thread.Wake();
    }

    /// <inheritdoc/>
    public void RequireInside(string call)
    {
        if (!_thread.IsOwn) { throw new InvalidOperationException($"{call} from outside the loop's thread: use Post"); }
    }

    /// <inheritdoc/>
    public void WakeAt(Instant deadline) => _deadline = deadline;

    /// <inheritdoc/>
    public void Continue(Action<object?> continuation, object? state, ExecutionContext? context, bool outside) =>
        _ready.Enqueue((continuation, state, context));

    /// <inheritdoc/>
    public void Send(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        _capture?.OnSent(frame);
        Carry(frame, outgoing: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _thread.Dispose();

    private void TakeTurn(Task running)
    {
        while (_posted.TryDequeue(out var action)) { action(); }
        GoOn();
        var untilTimer = _thread.Time.FireDue();
        if (_deadline <= Now) { Network.OnDeadline(); }
        CarryLate();
        var more = ReadPackets();
        if (more || _ready.Count > 0 || running.IsCompleted) { return; }
        _capture?.Packets.Release();
        Wait(untilTimer);
    }

    private void GoOn()
    {
        // Only those that were ready when their turn came: a program that always goes on must not keep packets out.
        for (var count = _ready.Count; count > 0; count--)
        {
            var (continuation, state, context) = _ready.Dequeue();
            if (context is null) { continuation(state); }
            else { ExecutionContext.Run(context, new ContextCallback(continuation), state); }
        }
    }

    /// <summary>Hands waiting packets to the stack; true when the budget ended before the packets did.</summary>
    private bool ReadPackets()
    {
        for (var count = 0; count < ReadBudget; count++)
        {
            var longest = _device.TakesLargePackets ? FramePool.LargeCapacity : Interface.Mtu + EthernetView.HeaderLength;
            var frame = _frames.Rent(Math.Min(longest, FramePool.LargeCapacity));
            if (!_device.TryRead(frame.Span, out var length))
            {
                frame.Release();
                return false;
            }
            frame.SetLength(length);
            PacketsReceived++;
            Carry(frame, outgoing: false);
        }
        return true;
    }

    /// <summary>Takes a packet over the line in either direction, and the caller's hold on it.</summary>
    private void Carry(Frame frame, bool outgoing)
    {
        var times = _faults.Judge(frame, outgoing, Now);
        // One hold came with the frame; a frame that goes later has another of its own.
        for (var i = 1; i < times; i++) { frame.Retain(); }
        if (times == 0)
        {
            if (frame.References == 1)
            {
                PacketsDropped++;
                _capture?.OnLost(frame, outgoing, "the link lost it by chance, as it was asked to");
            }
            frame.Release();
        }
        for (var i = 0; i < times; i++) { Deliver(frame, outgoing); }
    }

    private void Deliver(Frame frame, bool outgoing)
    {
        if (!outgoing)
        {
            _capture?.OnReceived(frame);
            Network.Receive(Interface, frame);
            return;
        }
        if (_device.TryWrite(frame.Span)) { PacketsSent++; }
        else
        {
            PacketsDropped++;
            _capture?.OnLost(frame, outgoing, "the kernel had no room for it");
        }
        frame.Release();
    }

    private void CarryLate()
    {
        while (_faults.TryTakeLate(Now, out var frame, out var outgoing)) { Deliver(frame, outgoing); }
    }

    /// <summary>Waits for a packet, for <see cref="Post"/>, or for the next time at which something is due.</summary>
    private void Wait(long untilTimer)
    {
        var due = _deadline < _faults.NextDue ? _deadline : _faults.NextDue;
        var nanoseconds = due == Instant.Never ? -1 : Math.Max(due.Nanoseconds - Now.Nanoseconds, 0);
        if (untilTimer >= 0 && (nanoseconds < 0 || untilTimer < nanoseconds)) { nanoseconds = untilTimer; }

        Span<Libc.PollDescriptor> descriptors = [default, new() { Descriptor = _device.Descriptor, Wanted = Libc.POLLIN }];
        _thread.Wait(descriptors, nanoseconds);
    }
}

/// <summary>What passes our end of a TUN device, into a capture.</summary>
[SupportedOSPlatform("linux")]
internal sealed class TunCapture
{
    private readonly TunLoop _loop;
    private readonly CapturedHost _host;
    private readonly int _number;

    public TunCapture(Stream output, string comment, TunLoop loop, CaptureSecrets secrets)
    {
        _loop = loop;
        Packets = new PacketCapture(output, comment, () => loop.Now, secrets);
        var at = loop.Interface;
        var linkType = at.Kind == LinkKind.Ethernet ? CaptureLinkType.Ethernet : CaptureLinkType.RawIp;
        _host = Packets.Listen("firstbyte", loop.Network.Stack, linkType);
        _number = Packets.AddInterface(at.Name, linkType, $"our end of {at.Name}: {string.Join(' ', at.Addresses)}");
        _host.Add(at, _number);
    }

    public PacketCapture Packets { get; }

    public void OnSent(Frame frame) => Packets.Write(_number, _host, _loop.Now, frame.Span, CaptureDirection.Outbound);

    public void OnReceived(Frame frame) => Packets.Write(_number, _host, _loop.Now, frame.Span, CaptureDirection.Inbound);

    public void OnLost(Frame frame, bool outgoing, string reason) =>
        Packets.WriteDropped(_number, _loop.Now, frame.Span, reason, outgoing ? CaptureDirection.Outbound : CaptureDirection.Inbound);
}
