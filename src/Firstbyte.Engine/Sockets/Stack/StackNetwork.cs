using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Packets;

namespace Firstbyte.Sockets.Stack;

/// <summary>Our own host stack as a network: the awaitable face of a <see cref="HostStack"/> over frame devices and a driver's clock.</summary>
/// <remarks>
/// Theory of operation. Everything happens on the driver's one thread. A socket call steps the stack; if the stack says "not yet" the call
/// waits in its socket. After every step (a call, a frame, a deadline) the stack's outbox is emptied: frames go to their devices, and each
/// socket that the stack names tries its waiting calls again. A call that ends lets its program go on from the driver's loop, so that no
/// program ever runs on the stack of a step.
/// </remarks>
public sealed class StackNetwork : IProbeNetwork
{
    /// <summary>Open descriptors of one host (Linux: the soft limit of RLIMIT_NOFILE is 1024).</summary>
    private const int MaxDescriptors = 1_024;

    private readonly List<IFrameDevice?> _devices = [];
    private readonly List<StackSocket?> _descriptors = [null, null, null];

    /// <summary>The face of a stack.</summary>
    public StackNetwork(HostStack stack, IStackDriver driver, IRandomSource random, IHostFiles files)
    {
        ArgumentNullException.ThrowIfNull(stack);
        ArgumentNullException.ThrowIfNull(driver);
        Stack = stack;
        Driver = driver;
        Random = random;
        Files = files;
    }

    /// <inheritdoc/>
    public TimeProvider Time => Driver.Time;

    /// <inheritdoc/>
    public IRandomSource Random { get; }

    /// <inheritdoc/>
    public IHostFiles Files { get; }

    /// <summary>The stack, to be configured and looked at. Whoever makes it send something calls <see cref="Flush"/>.</summary>
    public HostStack Stack { get; }

    internal IStackDriver Driver { get; }

    /// <summary>The open sockets in order of their descriptors.</summary>
    public IEnumerable<ISocket> Sockets => _descriptors.OfType<ISocket>();

    /// <summary>The calls that wait for the network: what a stalled world names.</summary>
    public IEnumerable<(ISocket Socket, string Call)> WaitingCalls
    {
        get
        {
            foreach (var socket in _descriptors)
            {
                if (socket is null) { continue; }
                foreach (var call in socket.WaitingCalls()) { yield return (socket, call); }
            }
        }
    }

    /// <summary>Gives an interface the device that sends its frames.</summary>
    public void Attach(NetworkInterface networkInterface, IFrameDevice device)
    {
        ArgumentNullException.ThrowIfNull(networkInterface);
        while (_devices.Count <= networkInterface.Index) { _devices.Add(null); }
        _devices[networkInterface.Index] = device;
    }

    /// <summary>A device has taken in a frame; the stack takes over the caller's hold on it.</summary>
    public void Receive(NetworkInterface networkInterface, Frame frame)
    {
        Stack.Receive(networkInterface, frame, Driver.Now);
        Flush();
    }

    /// <summary>The time has come that <see cref="IStackDriver.WakeAt"/> was asked for.</summary>
    public void OnDeadline()
    {
        Stack.OnDeadline(Driver.Now);
        Flush();
    }

    /// <inheritdoc/>
    public IReadOnlyList<IpAddress> GetAddresses() =>
    [
        .. Stack.Interfaces.Where(static one => one.Kind != LinkKind.Loopback).SelectMany(static one => one.Addresses).Select(static one => one.Address),
    ];

    /// <inheritdoc/>
    public bool HasCarrier => Stack.Interfaces.Any(static one => one.Kind != LinkKind.Loopback && one.HasCarrier);

    /// <inheritdoc/>
    public ISocket CreateSocket(IpVersion version, SocketKind kind)
    {
        Driver.RequireInside("socket");
        if (version is not (IpVersion.V4 or IpVersion.V6)) { throw new NetworkException(Errno.EAFNOSUPPORT, "socket"); }
        return kind == SocketKind.Stream ? new StackStream(this, Stack.OpenTcp(version)) : new StackMailbox(this, Stack.OpenUdp(version));
    }

    /// <summary>A socket for echo requests.</summary>
    public StackPing CreatePing(IpVersion version)
    {
        Driver.RequireInside("socket");
        return new StackPing(this, version);
    }

    IEchoSocket IProbeNetwork.CreateEchoSocket(IpVersion version) => CreatePing(version);

    /// <inheritdoc/>
    public IpAddress? SourceFor(IpAddress target) => Stack.SourceFor(target) is { Version: not IpVersion.None } source ? source : null;

    /// <summary>Carries out what the stack has answered: frames, signals, the next deadline.</summary>
    public void Flush()
    {
        bool again;
        do
        {
            again = false;
            while (Stack.TryTakeFrame(out var networkInterface, out var frame))
            {
                if (networkInterface.Index < _devices.Count && _devices[networkInterface.Index] is { } device) { device.Send(frame); }
                else { frame.Release(); }
            }
            // A socket that tries its calls again makes the stack send: both boxes are emptied until nothing is left.
            while (Stack.TryTakeSignal(out var socket))
            {
                again = true;
                if (socket.Owner is StackSocket waiting) { waiting.OnSignal(); }
                else { (socket.Owner as StackPing)?.OnSignal(); }
            }
        }
        while (again);
        Driver.WakeAt(Stack.NextDeadline);
    }

    internal int Add(StackSocket socket)
    {
        var free = _descriptors.IndexOf(null, 3);
        if (free < 0)
        {
            if (_descriptors.Count >= MaxDescriptors) { throw new NetworkException(Errno.EMFILE, "socket"); }
            free = _descriptors.Count;
            _descriptors.Add(null);
        }
        _descriptors[free] = socket;
        return free;
    }

    internal void Remove(StackSocket socket) => _descriptors[socket.Descriptor] = null;
}
