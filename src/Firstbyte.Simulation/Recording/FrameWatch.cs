using Firstbyte.Addressing;
using Firstbyte.Frames;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Sockets;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Recording;

/// <summary>
/// Watches the wires of a lab: tells which way each connection's first segment took and, when asked to, every frame at every port with
/// what it carries.
/// </summary>
/// <remarks>
/// It stands between a world and its listener: the world tells it everything, it passes everything on, and puts in what only the wires know.
/// Nothing of the world changes by being watched: a tap draws no random numbers and schedules nothing.
/// </remarks>
public sealed class FrameWatch(ITraceSink listener, bool everyFrame, FrameArchive? archive = null) : ITraceSink, IFrameTap
{
    /// <summary>Connections whose way is remembered until somebody says that they are made; the oldest goes first (own choice).</summary>
    private const int MaxPaths = 1_024;

    private readonly OrderedDictionary<(Endpoint Target, uint Sequence), List<string>> _paths = [];
    private LabElements? _elements;

    /// <inheritdoc/>
    public bool IsListening => listener.IsListening;

    /// <summary>Puts itself on all wires of a world, beside whoever looks on there already.</summary>
    public void Watch(LabElements elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        if (!IsListening) { return; }
        _elements = elements;
        foreach (var wire in elements.Wires) { wire.Tap = wire.Tap is { } present ? new TwoTaps(present, this) : this; }
    }

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent)
    {
        listener.Tell(traceEvent);
        if (traceEvent is ConnectCompleted connected && TakePath(connected.Remote) is { } path)
        {
            listener.Tell(new PathTaken(connected.Remote, [.. path]) { At = traceEvent.At, Span = traceEvent.Span, Parent = traceEvent.Parent });
        }
    }

    void IFrameTap.OnSent(WireEnd from, Frame frame) => See(from, frame, FrameDirection.Out);

    void IFrameTap.OnReceived(WireEnd at, Frame frame) => See(at, frame, FrameDirection.In);

    void IFrameTap.OnLost(WireEnd from, Frame frame, FrameDropReason reason) { }

    private void See(WireEnd end, Frame frame, FrameDirection direction)
    {
        var port = _elements!.PortAt(end);
        if (port.IsMachine && TryReadOpening(frame.Span, out var target, out var sequence, out var station))
        {
            Follow(port, direction, target, sequence, station);
        }
        if (!everyFrame) { return; }
        var summary = FrameReader.Read(frame.Span);
        var seen = new FrameSeen(
            port.Element, port.Kind, port.Port, direction, direction == FrameDirection.Out && IsOwn(port, summary), summary)
        { At = end.Wire.Kernel.Now };
        archive?.Keep(seen, frame.Span);
        listener.Tell(seen);
    }

    private bool IsOwn(ElementPort port, FrameSummary summary) =>
        port.IsMachine
            && ((summary.Source ?? summary.Neighbor?.Sender) is not { } source || _elements!.NameOf(source) is not { } owner
            || owner == port.Element);

    // The way of a SYN, by its target and its sequence number: address translation changes neither.
    private void Follow(ElementPort port, FrameDirection direction, Endpoint target, uint sequence, MacAddress station)
    {
        if (direction == FrameDirection.Out)
        {
            if (_paths.ContainsKey((target, sequence))) { return; }
            if (_paths.Count == MaxPaths) { _paths.RemoveAt(0); }
            _paths.Add((target, sequence), [port.Element]);
        }
        else if (_elements!.NameOf(station) == port.Element && _paths.TryGetValue((target, sequence), out var path)
            && !path.Contains(port.Element))
        {
            path.Add(port.Element);
        }
    }

    private List<string>? TakePath(Endpoint target)
    {
        for (var i = _paths.Count - 1; i >= 0; i--)
        {
            var (key, path) = _paths.GetAt(i);
            if (key.Target != target || path.Count < 2) { continue; }
            _paths.RemoveAt(i);
            return path;
        }
        return null;
    }

    private static bool TryReadOpening(ReadOnlySpan<byte> frame, out Endpoint target, out uint sequence, out MacAddress station)
    {
        (target, sequence, station) = (default, 0, default);
        if (!EthernetView.TryParse(frame, out var ethernet, out _)) { return false; }
        IpAddress destination;
        ReadOnlySpan<byte> payload;
        if (ethernet.Type == EtherType.Ipv4 && Ipv4View.TryParse(ethernet.Payload, out var v4, out _) && v4.Protocol == IpProtocol.Tcp
            && v4.FragmentOffset == 0)
        {
            destination = v4.Destination;
            payload = v4.Payload;
        }
        else if (ethernet.Type == EtherType.Ipv6 && Ipv6View.TryParse(ethernet.Payload, out var v6, out _) && v6.Protocol == IpProtocol.Tcp
            && v6.FragmentOffset == 0)
        {
            destination = v6.Destination;
            payload = v6.Payload;
        }
        else { return false; }
        if (!TcpView.TryParse(payload, out var tcp, out _) || ((TcpFlags)tcp.Flags & (TcpFlags.Syn | TcpFlags.Ack)) != TcpFlags.Syn) { return false; }
        (target, sequence, station) = (new Endpoint(destination, tcp.DestinationPort), tcp.Sequence, ethernet.Destination);
        return true;
    }

    /// <summary>A wire has room for one tap: two that look on together.</summary>
    private sealed class TwoTaps(IFrameTap first, IFrameTap second) : IFrameTap
    {
        public void OnSent(WireEnd from, Frame frame)
        {
            first.OnSent(from, frame);
            second.OnSent(from, frame);
        }

        public void OnReceived(WireEnd at, Frame frame)
        {
            first.OnReceived(at, frame);
            second.OnReceived(at, frame);
        }

        public void OnLost(WireEnd from, Frame frame, FrameDropReason reason)
        {
            first.OnLost(from, frame, reason);
            second.OnLost(from, frame, reason);
        }
    }
}
