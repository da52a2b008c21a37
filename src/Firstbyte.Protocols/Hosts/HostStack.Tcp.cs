using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Packets;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts;

// TCP: which connection a segment belongs to, and the octets beside each connection's block.
public sealed partial class HostStack
{
    /// <summary>Segments of one step before the next (TcpOutputs recommends sixteen).</summary>
    private const int SegmentRoom = 16;

    /// <summary>Repetitions of a SYN after which an unreachable host is believed: R1 (RFC 9293 section 3.8.3, SHLD-9: at least 3).</summary>
    private const int SoftErrorPatience = 3;

    /// <summary>Decisions of one step that are told (own choice: more than any step makes).</summary>
    private const int TraceRoom = 64;

    /// <summary>Octets for which a connection's buffers have memory at first (own choice: most requests fit, and so do many responses).</summary>
    private const int FirstRingRoom = 4_096;

    /// <summary>Rings kept for the next connection (own choice).</summary>
    private const int MaxIdleRings = 64;

    private readonly Dictionary<ConnectionKey, TcpSocket> _connections = [];
    private TcpSegment[]? _segmentRoom;
    private TcpTraceEntry[]? _traceRoom;
    private readonly Stack<SequenceRing> _idleRings = new();
    private bool _segmentWasTooLong;

    /// <summary>Connections that have not ended, those in TIME-WAIT included, in order of their ends.</summary>
    public IEnumerable<TcpSocket> Connections => _connections.Values.OrderBy(static socket => socket.Local).ThenBy(static socket => socket.Remote);

    /// <summary>Takes what has come for the connection, up to the destination's length: 0 octets without a fault is the end of the stream.</summary>
    public Errno Receive(TcpSocket socket, Span<byte> destination, out int count, Instant now)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _now = now;
        count = 0;
        if (!socket.HasConnection) { return socket.PendingFault != Errno.None ? socket.TakeFault() : Errno.ENOTCONN; }
        if (socket.ReceiveEnded) { return Errno.None; }
        if (socket.Block.Readable > 0)
        {
            count = Math.Min(socket.Block.Readable, destination.Length);
            socket.ReceiveRing!.Read(socket.Block.ReadAt, destination[..count]);
            StepConnection(socket, TcpInput.Read(count), default);
            if (socket.IsDead && socket.Block.Readable == 0) { ReturnRings(socket); }
            RunLoopback();
            return Errno.None;
        }
        // After the peer's own end there is nothing that a reset could take away.
        if (socket.Block.PeerHasClosed) { return Errno.None; }
        if (socket.PendingFault != Errno.None) { return socket.TakeFault(); }
        return socket.IsDead || destination.IsEmpty ? Errno.None : Errno.EAGAIN;
    }

    /// <summary>Hands over octets to be sent; as many are taken as there is room for.</summary>
    public Errno Send(TcpSocket socket, ReadOnlySpan<byte> data, out int count, Instant now)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _now = now;
        count = 0;
        if (socket.PendingFault != Errno.None) { return socket.TakeFault(); }
        if (!socket.HasConnection) { return Errno.ENOTCONN; }
        if (socket.SendEnded || socket.IsDead) { return Errno.EPIPE; }
        if (!socket.WasEstablished) { return Errno.EAGAIN; }
        if (data.IsEmpty) { return Errno.None; }
        count = Math.Min(socket.Block.SendSpace, data.Length);
        if (count <= 0)
        {
            count = 0;
            return Errno.EAGAIN;
        }
        socket.SendRing ??= RentRing(socket.Block.Settings.SendCapacity);
        socket.SendRing.EnsureRoom(socket.Block.SendUnacknowledged, socket.Block.SendEnd + count);
        socket.SendRing.Write(socket.Block.SendEnd, data[..count]);
        StepConnection(socket, TcpInput.Send(count), default);
        RunLoopback();
        return Errno.None;
    }

    /// <summary>Ends one or both directions: sending by a FIN; receiving only for the program.</summary>
    public Errno Shutdown(TcpSocket socket, bool receive, bool send, Instant now)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _now = now;
        if (!socket.HasConnection || !socket.WasEstablished) { return Errno.ENOTCONN; }
        if (receive) { socket.ReceiveEnded = true; }
        if (send && !socket.SendEnded)
        {
            socket.SendEnded = true;
            if (!socket.IsDead) { StepConnection(socket, TcpInput.ShutdownSend, default); }
        }
        Signal(socket);
        RunLoopback();
        return Errno.None;
    }

    /// <summary>Lets go of a socket: a connection ends in order, or at once by a reset; a listener resets whom nobody accepted.</summary>
    public void Close(TcpSocket socket, bool byReset, Instant now)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.IsClosed) { return; }
        _now = now;
        socket.IsClosed = true;
        if (socket.IsListening) { CloseListener(socket); }
        if (socket.HasConnection && !socket.IsDead)
        {
            StepConnection(socket, byReset ? TcpInput.Abort : TcpInput.Close, default);
        }
        if (!socket.HasConnection) { ReleasePort(socket); }
        if (socket.IsDead) { ReturnRings(socket); }
        Signal(socket);
        RunLoopback();
    }

    private void ReceiveTcp(in IpPacket packet)
    {
        if (packet.IsToMany) { Drop(FrameDropReason.MartianAddress, packet.Bytes, packet.Inbound, PacketFlaw.ImpossibleAddress); return; }
        if (!TcpView.TryParse(packet.Payload, out var view, out var flaw)) { Drop(FrameDropReason.Malformed, packet.Bytes, packet.Inbound, flaw); return; }
        if (!view.IsChecksumValid(packet.PseudoHeaderSum)) { Drop(FrameDropReason.Malformed, packet.Bytes, packet.Inbound, PacketFlaw.WrongChecksum); return; }
        var local = new Endpoint(packet.Destination, view.DestinationPort);
        var remote = new Endpoint(packet.Source, view.SourcePort);
        var segment = TcpSegmentCodec.Read(view);
        if (_connections.TryGetValue(new ConnectionKey(local, remote), out var connection))
        {
            TellDelivered(packet);
            var mayReopen = connection.Block.State != TcpState.TimeWait || FindListener(local) is not null;
            if (!StepConnection(connection, TcpInput.Arrived(segment, mayReopen), view.Payload)) { return; }
            // TIME-WAIT has ended for a new SYN: the listener gets it.
        }
        if (FindListener(local) is { } listener)
        {
            if (connection is null) { TellDelivered(packet); }
            OnListenerSegment(listener, segment, view.Payload, packet, local, remote);
        }
        else
        {
            Drop(FrameDropReason.NoListener, packet.Bytes, packet.Inbound);
            if (Listening.JudgeClosed(segment, out var reset, out _) == SegmentVerdict.Reset) { SendSegment(reset, local, remote, null, 0); }
        }
    }

    internal void OnConnectionDeadline(TcpSocket socket) => StepConnection(socket, TcpInput.Timer, default);

    /// <summary>Steps a connection and does what it answers. True when it has made room for the SYN that was given.</summary>
    private bool StepConnection(TcpSocket socket, in TcpInput input, ReadOnlySpan<byte> payload)
    {
        var before = socket.Block.State;
        var outputs = NewOutputs();
        Tcb.Step(ref socket.Block, input, _now, ref outputs);
        var signals = Carry(socket, ref outputs, payload);
        while (outputs.MoreToSend)
        {
            outputs.Reset();
            Tcb.Step(ref socket.Block, TcpInput.Timer, _now, ref outputs);
            signals |= Carry(socket, ref outputs, default);
        }
        if (_segmentWasTooLong) { signals |= LearnPathMtu(socket); }
        Settle(socket, signals, before);
        return (signals & TcpSignals.Reopen) != TcpSignals.None;
    }

    // Made when TCP is first spoken: many a host never does.
    private TcpOutputs NewOutputs() =>
        new(_segmentRoom ??= new TcpSegment[SegmentRoom], Listener is null ? default : _traceRoom ??= new TcpTraceEntry[TraceRoom]);

    /// <summary>
    /// Another connection has learned that the path carries less (RFC 1191 section 6.3, RFC 8201 section 5.2: all of them are to be told). No router
    /// would tell this one, whose packets do not get that far: it hears of it when it sends one.
    /// </summary>
    private TcpSignals LearnPathMtu(TcpSocket socket)
    {
        _segmentWasTooLong = false;
        var outputs = new TcpOutputs(_segmentRoom, Listener is null ? default : _traceRoom);
        Tcb.Step(ref socket.Block, TcpInput.PathMtu(PathSegmentSize(socket.Remote.Address), socket.Block.SendUnacknowledged), _now, ref outputs);
        var signals = Carry(socket, ref outputs, default);
        while (outputs.MoreToSend)
        {
            outputs.Reset();
            Tcb.Step(ref socket.Block, TcpInput.Timer, _now, ref outputs);
            signals |= Carry(socket, ref outputs, default);
        }
        _segmentWasTooLong = false;
        return signals;
    }

    private TcpSignals Carry(TcpSocket socket, ref TcpOutputs outputs, ReadOnlySpan<byte> payload)
    {
        if (outputs.Accepted.Length > 0)
        {
            socket.ReceiveRing ??= RentRing(socket.Block.Settings.ReceiveCapacity);
            socket.ReceiveRing.EnsureRoom(socket.Block.ReadAt, outputs.Accepted.At + outputs.Accepted.Length);
            socket.ReceiveRing.Write(outputs.Accepted.At, payload.Slice(outputs.Accepted.Skip, outputs.Accepted.Length));
        }
        foreach (ref readonly var segment in outputs.Segments)
        {
            _segmentWasTooLong |= SendSegment(segment, socket.Local, socket.Remote, socket.SendRing, socket.HopLimit) == Errno.EMSGSIZE;
        }
        if (outputs.Trace.Length > 0) { Listener?.OnSegment(socket, outputs.Trace); }
        return outputs.Signals;
    }

    private void Settle(TcpSocket socket, TcpSignals signals, TcpState before)
    {
        if (socket.Block.State == TcpState.Closed) { EndConnection(socket, signals, before); }
        else
        {
            _deadlines.Set(socket, socket.Block.NextDeadline);
            if (socket.Block.State == TcpState.TimeWait && socket.IsClosed) { ReturnRings(socket); }
        }
        if ((signals & TcpSignals.PathMtuFound) != TcpSignals.None)
        {
            var headers = (socket.Remote.Address.IsV4 ? Ipv4View.MinHeaderLength : Ipv6View.HeaderLength) + TcpView.MinHeaderLength;
            if (socket.Block.PathSegmentSize < socket.Block.Settings.MaximumSegmentSize)
            {
                _pathMtus.Set(socket.Remote.Address, socket.Block.PathSegmentSize + headers, _now);
            }
        }
        if ((signals & TcpSignals.Established) != TcpSignals.None)
        {
            socket.WasEstablished = true;
            if (socket.Listener is { } listener) { MakeAcceptable(listener, socket); }
        }
        const TcpSignals Interesting = TcpSignals.Established | TcpSignals.Readable | TcpSignals.Writable | TcpSignals.PeerClosed | TcpSignals.Urgent
            | TcpSignals.Reset | TcpSignals.Refused | TcpSignals.TimedOut | TcpSignals.Closed;
        if ((signals & Interesting) != TcpSignals.None && socket.Listener is null) { Signal(socket); }
    }

    private void EndConnection(TcpSocket socket, TcpSignals signals, TcpState before)
    {
        if (socket.IsDead) { return; }
        socket.IsDead = true;
        _deadlines.Set(socket, Instant.Never);
        _connections.Remove(new ConnectionKey(socket.Local, socket.Remote));
        ReleasePort(socket);
        if ((signals & TcpSignals.Refused) != TcpSignals.None) { socket.PendingFault = Errno.ECONNREFUSED; }
        // A reset after the peer's own end finds nobody who waits for bytes: what fails is the next write (POSIX: EPIPE).
        else if ((signals & TcpSignals.Reset) != TcpSignals.None) { socket.PendingFault = before == TcpState.CloseWait ? Errno.EPIPE : Errno.ECONNRESET; }
        else if ((signals & TcpSignals.TimedOut) != TcpSignals.None) { socket.PendingFault = socket.Block.SoftError ? Errno.EHOSTUNREACH : Errno.ETIMEDOUT; }
        if (socket.Listener is { } listener && !socket.WasEstablished)
        {
            listener.HalfOpen--;
            socket.Listener = null;
        }
        // What came before the end can still be read.
        if (socket.IsClosed || socket.Block.Readable == 0) { ReturnRings(socket); }
        // A connect that failed leaves a socket that may try again.
        if (!socket.WasEstablished && !socket.IsClosed)
        {
            socket.HasConnection = false;
            socket.IsDead = false;
            socket.IsBound = socket.IsExplicitlyBound;
            if (socket.IsBound) { TakePort(socket); }
            else { socket.Local = default; }
            socket.Remote = default;
        }
    }

    private void OnConnectionError(TcpSocket connection, IcmpSeverity severity, Errno fault, SequenceNumber quoted)
    {
        // A soft error must not end a connection (RFC 9293 section 3.9.2.2, MUST-56), but nothing is lost by giving up one that never was,
        // so that a program with another address can go on to it (RFC 5461 section 4.1). That no router knows the network will be true in a
        // second as well; that a neighbour did not answer may be three lost questions: it is believed when the SYN has been repeated R1
        // times, or when the card has no carrier.
        var isBelieved = fault != Errno.EHOSTUNREACH ||
            (TryRoute(connection.Remote.Address, out var way) && !way.Interface.IsRunning)
                || (connection.Block.SoftError && connection.Block.Retransmissions >= SoftErrorPatience);
        if (connection.Block.State == TcpState.SynSent && severity == IcmpSeverity.Soft && isBelieved)
        {
            StepConnection(connection, TcpInput.Abort, default);
            connection.PendingFault = fault;
            Signal(connection);
            return;
        }
        StepConnection(connection, TcpInput.IcmpError(severity, quoted), default);
    }

    private Errno SendSegment(in TcpSegment segment, Endpoint local, Endpoint remote, SequenceRing? ring, byte hopLimit)
    {
        var headerLength = TcpView.MinHeaderLength + segment.Options.WireLength;
        var frame = _frames.Rent(headerLength + segment.PayloadLength);
        if (segment.PayloadLength > 0) { ring!.Read(segment.Has(TcpFlags.Syn) ? segment.Sequence + 1 : segment.Sequence, frame.Span[headerLength..]); }
        TcpSegmentCodec.Seal(frame.Span, segment, local.Port, remote.Port, local.Address.Bits, remote.Address.Bits);
        return SendPacket(frame, local.Address, remote.Address, IpProtocol.Tcp, hopLimit, dontFragment: true);
    }

    private bool TryFindConnection(IpAddress local, IpAddress remote, ReadOnlySpan<byte> header, out TcpSocket connection) =>
        _connections.TryGetValue(new ConnectionKey(new Endpoint(local, ReadPort(header, 0)), new Endpoint(remote, ReadPort(header, 2))), out connection!);

    private int PathSegmentSize(IpAddress remote)
    {
        var mtu = TryRoute(remote, out var way) ? _pathMtus.Find(remote, way.Interface.Mtu, _now) : NetworkInterface.Ipv6MinMtu;
        return mtu - (remote.IsV4 ? Ipv4View.MinHeaderLength : Ipv6View.HeaderLength) - TcpView.MinHeaderLength;
    }

    private TcpSettings SettingsFor(TcpSocket socket, IpAddress remote)
    {
        // Segments larger than a quarter of the window would be sent one at a time.
        var largest = Math.Min(PathSegmentSize(remote), Math.Max(socket.Settings.ReceiveCapacity / 4, 1_460));
        return socket.Settings with
        {
            MaximumSegmentSize = (ushort)Math.Clamp(largest, 1, ushort.MaxValue),
            AssumedPeerSegmentSize = remote.IsV4 ? (ushort)536 : (ushort)1_220
        };
    }

    private SequenceRing RentRing(int capacity) =>
        _idleRings.TryPeek(out var idle) && idle.Capacity == capacity ? _idleRings.Pop() : new SequenceRing(capacity, FirstRingRoom);

    private void ReturnRings(TcpSocket socket)
    {
        if (socket.ReceiveRing is { } receive) { ReturnRing(receive); }
        if (socket.SendRing is { } send) { ReturnRing(send); }
        (socket.ReceiveRing, socket.SendRing) = (null, null);
    }

    private void ReturnRing(SequenceRing ring)
    {
        if (_idleRings.Count < MaxIdleRings && ring.Capacity == Settings.Tcp.ReceiveCapacity) { _idleRings.Push(ring); }
    }

    private readonly record struct ConnectionKey(Endpoint Local, Endpoint Remote);
}
