using Firstbyte.Addressing;
using Firstbyte.Sockets;

namespace Firstbyte.Simulation;

/// <summary>One end of a stream in the plain model: opening, sliding window, repetition, half close, reset.</summary>
/// <remarks>
/// Theory of operation. A plain stand-in for TCP with its observable behaviour and none of its art: positions instead of sequence numbers (the
/// opening has 0, the first byte 1, the end one more than the last byte), a window that the receiver opens as its program reads, and one timer
/// that goes back to the first unacknowledged position (no congestion control, no selective acknowledgment, no TIME-WAIT, no simultaneous open).
/// Errors, and which call is told of them, are Linux'.
/// </remarks>
internal sealed class StreamConnection : IKernelEvent
{
    // 1500 bytes of Ethernet less 20 of IPv4 and 20 of TCP header (RFC 9293 3.7.1).
    private const int SegmentSize = 1460;

    // RFC 6298 2.1 and 2.4: one second, doubled each time; Linux stops doubling at 120 s (TCP_RTO_MAX).
    private const long FirstTimeoutNanoseconds = 1_000_000_000;
    private const long LongestTimeoutNanoseconds = 120_000_000_000;

    // Linux: tcp_syn_retries, tcp_synack_retries, tcp_retries2.
    private const int OpenRepeats = 6;
    private const int AnswerRepeats = 5;
    private const int DataRepeats = 15;

    // Linux: tcp_fin_timeout, how long a closed end waits for the other's end.
    private const long OrphanNanoseconds = 60_000_000_000;

    private readonly PlainStack _stack;
    private readonly KernelTimer _timer;
    private readonly ByteRing _received;
    private readonly ByteRing _unacknowledged;
    private readonly BreakFault? _break;
    private Phase _phase;
    private long _firstUnacknowledged;
    private long _next;
    private long _highest;
    private long _written = 1;
    private long _edge = 1;
    private long _expected;
    private long _advertised;
    private int _repeats;
    private bool _sendEnded;
    private bool _endAcknowledged;
    private bool _peerEnded;
    private bool _receiveEnded;
    private bool _isOrphan;
    private Errno _error;

    private enum Phase : byte { Opening, Answering, Open, Closed }

    public StreamConnection(PlainStack stack, Endpoint local, Endpoint remote, int receiveBuffer, int sendBuffer)
    {
        _stack = stack;
        Local = local;
        Remote = remote;
        _received = new ByteRing(receiveBuffer);
        _unacknowledged = new ByteRing(sendBuffer);
        _timer = stack.Kernel.CreateTimer(this);
        var faults = stack.Host.Internet.Faults;
        _break = faults.IsEmpty ? null : faults.FindBreak(stack.Host, local.Port);
        stack.Add(this);
    }

    public Endpoint Local { get; }

    public Endpoint Remote { get; }

    /// <summary>The socket whose connection it is; null before accept and after close.</summary>
    public StreamSocket? Owner { get; set; }

    /// <summary>The listener that has not handed it out yet.</summary>
    public StreamSocket? Listener { get; set; }

    /// <summary>Whether the peer, or the own shutdown, has ended what can be read.</summary>
    public bool IsAtEnd => _received.Count == 0 && (_peerEnded || _receiveEnded);

    public bool IsClosed => _phase == Phase.Closed;

    public bool CanSend => _phase == Phase.Open && !_sendEnded;

    /// <summary>The client's first step.</summary>
    public void Open()
    {
        _phase = Phase.Opening;
        SendFlags(SegmentFlags.Open, 0);
        _next = _highest = 1;
        _timer.SetAfter(FirstTimeoutNanoseconds);
    }

    /// <summary>The server's answer to it.</summary>
    public void AnswerOpening(Packet packet)
    {
        _phase = Phase.Answering;
        _expected = 1;
        _edge = 1 + packet.Window;
        SendFlags(SegmentFlags.Open | SegmentFlags.Acknowledgment, 0);
        _next = _highest = 1;
        _timer.SetAfter(FirstTimeoutNanoseconds);
    }

    /// <summary>The pending error, which is told once.</summary>
    public Errno TakeError()
    {
        var error = _error;
        _error = Errno.None;
        return error;
    }

    public int Write(ReadOnlySpan<byte> data)
    {
        if (!CanSend) { return 0; }
        var taken = _unacknowledged.Write(data);
        _written += taken;
        if (taken > 0) { Transmit(); }
        return taken;
    }

    public int Read(Span<byte> buffer)
    {
        var taken = _received.Read(buffer);
        // The peer learns of new room when it is worth a packet: two segments, or half the buffer (RFC 1122 4.2.3.3).
        if (taken > 0 && _phase == Phase.Open && !_peerEnded && _expected + _received.Free - _advertised >= Math.Min(2 * SegmentSize, _received.Capacity / 2)) { SendAcknowledgment(); }
        return taken;
    }

    public void EndSending()
    {
        if (_sendEnded) { return; }
        _sendEnded = true;
        Transmit();
    }

    public void EndReceiving() => _receiveEnded = true;

    public void Resize(int receiveBuffer, int sendBuffer)
    {
        _received.Capacity = receiveBuffer;
        _unacknowledged.Capacity = sendBuffer;
    }

    /// <summary>The program closes: in order after what was written, or by a reset when bytes lie unread (RFC 2525 2.17) or it asked for one.</summary>
    public void Close(bool byReset)
    {
        Owner = null;
        if (_phase == Phase.Closed) { return; }
        if (_phase == Phase.Opening) { Forget(); return; }
        if (byReset || _received.Count > 0) { Abort(); return; }
        _isOrphan = true;
        EndSending();
        if (_endAcknowledged && !_timer.IsSet) { _timer.SetAfter(OrphanNanoseconds); }
    }

    /// <summary>Ends by a reset.</summary>
    public void Abort()
    {
        if (_phase == Phase.Closed) { return; }
        SendFlags(SegmentFlags.Reset | SegmentFlags.Acknowledgment, _next);
        Forget();
    }

    public void ReceiveUnreachable(Errno error)
    {
        // RFC 1122 4.2.3.9: soft errors end only an opening.
        if (_phase == Phase.Opening) { Fail(error); }
    }

    public void Receive(Packet packet)
    {
        if ((packet.Flags & SegmentFlags.Reset) != SegmentFlags.None) { ReceiveReset(); return; }
        switch (_phase)
        {
            case Phase.Opening when packet.Flags == (SegmentFlags.Open | SegmentFlags.Acknowledgment):
                _phase = Phase.Open;
                _expected = 1;
                _repeats = 0;
                _timer.Cancel();
                ReceiveAcknowledgment(packet);
                SendAcknowledgment();
                Owner?.OnOpened(this);
                return;
            case Phase.Answering when packet.Flags == SegmentFlags.Open:
                SendFlags(SegmentFlags.Open | SegmentFlags.Acknowledgment, 0);
                return;
            case Phase.Answering:
                _phase = Phase.Open;
                _repeats = 0;
                _timer.Cancel();
                Listener?.OnOpened(this);
                break;
            case Phase.Opening:
                return;
        }
        if ((packet.Flags & SegmentFlags.Open) != SegmentFlags.None) { SendAcknowledgment(); return; }
        ReceiveAcknowledgment(packet);
        if (_phase != Phase.Closed && (packet.Length > 0 || (packet.Flags & SegmentFlags.End) != SegmentFlags.None)) { ReceiveData(packet); }
        if (_phase == Phase.Closed || !_endAcknowledged) { return; }
        if (_peerEnded) { Forget(); }
        else if (_isOrphan && !_timer.IsSet) { _timer.SetAfter(OrphanNanoseconds); }
    }

    /// <summary>Time is up: repeat what has not been acknowledged.</summary>
    public void Fire(long argument)
    {
        if (_isOrphan && _endAcknowledged) { Forget(); return; }
        var most = _phase switch { Phase.Opening => OpenRepeats, Phase.Answering => AnswerRepeats, _ => DataRepeats };
        if (++_repeats > most) { Fail(Errno.ETIMEDOUT); return; }
        switch (_phase)
        {
            case Phase.Opening: SendFlags(SegmentFlags.Open, 0); break;
            case Phase.Answering: SendFlags(SegmentFlags.Open | SegmentFlags.Acknowledgment, 0); break;
            default: Repeat(); break;
        }
        if (_phase != Phase.Closed) { _timer.SetAfter(Math.Min(FirstTimeoutNanoseconds << Math.Min(_repeats, 8), LongestTimeoutNanoseconds)); }
    }

    private void Repeat()
    {
        _next = Math.Max(1, _firstUnacknowledged);
        Transmit();
        // A closed window: one byte beyond it asks whether it is still closed (RFC 9293 3.8.6.1).
        if (_next < _written && _next >= _edge)
        {
            SendData(_next, 1);
            _highest = Math.Max(_highest, _next + 1);
        }
    }

    private void ReceiveReset()
    {
        switch (_phase)
        {
            case Phase.Opening: Fail(Errno.ECONNREFUSED); break;
            case Phase.Answering: Forget(); Listener?.OnOpeningFailed(this); break;
            default: Fail(_peerEnded ? Errno.EPIPE : Errno.ECONNRESET); break;
        }
    }

    private void ReceiveAcknowledgment(Packet packet)
    {
        var acknowledged = packet.Acknowledgment;
        _edge = Math.Max(_edge, acknowledged + packet.Window);
        if (acknowledged > _firstUnacknowledged && acknowledged <= _highest)
        {
            var bytes = (int)(Math.Min(acknowledged, _written) - Math.Max(1, _firstUnacknowledged));
            if (bytes > 0) { _unacknowledged.Discard(bytes); }
            _firstUnacknowledged = acknowledged;
            _next = Math.Max(_next, acknowledged);
            _endAcknowledged = _sendEnded && acknowledged == _written + 1;
            _repeats = 0;
            _timer.Cancel();
            if (bytes > 0) { Owner?.OnWritable(); }
        }
        if (_phase == Phase.Open) { Transmit(); }
    }

    private void ReceiveData(Packet packet)
    {
        var position = packet.Sequence;
        var payload = packet.Payload;
        if (position < _expected)
        {
            payload = payload[(int)Math.Min(payload.Length, _expected - position)..];
            position = _expected;
        }
        if (payload.Length > 0 && _isOrphan) { Abort(); return; }
        var readable = false;
        if (packet.Sequence <= _expected && payload.Length > 0)
        {
            var taken = _received.Write(payload);
            _expected += taken;
            readable = taken > 0;
            if (taken < payload.Length) { SendAcknowledgment(); Owner?.OnReadable(); return; }
        }
        if ((packet.Flags & SegmentFlags.End) != SegmentFlags.None && packet.Sequence + packet.Length == _expected && !_peerEnded)
        {
            _peerEnded = true;
            _expected++;
            readable = true;
        }
        SendAcknowledgment();
        if (readable) { Owner?.OnReadable(); }
    }

    /// <summary>Sends what the peer has room for, then the end.</summary>
    private void Transmit()
    {
        if (_phase != Phase.Open) { return; }
        while (_next < _written && _next < _edge)
        {
            var length = (int)Math.Min(Math.Min(_written - _next, _edge - _next), SegmentSize);
            if (_break is not null && _next - 1 + length >= _break.AfterBytes) { BreakOff((int)(_break.AfterBytes - (_next - 1))); return; }
            SendData(_next, length);
            _next += length;
        }
        if (_sendEnded && _next == _written)
        {
            SendFlags(SegmentFlags.End | SegmentFlags.Acknowledgment, _next);
            _next++;
        }
        _highest = Math.Max(_highest, _next);
        if (!_timer.IsSet && (_next > _firstUnacknowledged || _next < _written)) { _timer.SetAfter(FirstTimeoutNanoseconds); }
    }

    /// <summary>The lab's fault: what was sent so far is all that the peer gets.</summary>
    private void BreakOff(int last)
    {
        if (last > 0) { SendData(_next, last); }
        SendFlags(_break!.ByReset ? SegmentFlags.Reset | SegmentFlags.Acknowledgment : SegmentFlags.End | SegmentFlags.Acknowledgment, _next + Math.Max(0, last));
        Fail(Errno.ECONNRESET);
    }

    private void SendData(long position, int length)
    {
        var packet = NewSegment(SegmentFlags.Acknowledgment, position);
        _unacknowledged.Peek((int)(position - Math.Max(1, _firstUnacknowledged)), packet.Allocate(length));
        _stack.Send(packet);
    }

    private void SendAcknowledgment() => SendFlags(SegmentFlags.Acknowledgment, _next);

    private void SendFlags(SegmentFlags flags, long position) => _stack.Send(NewSegment(flags, position));

    private Packet NewSegment(SegmentFlags flags, long position)
    {
        var packet = _stack.NewPacket(PacketKind.Segment, Local, Remote);
        packet.Flags = flags;
        packet.Sequence = position;
        packet.Acknowledgment = _expected;
        packet.Window = _received.Free;
        _advertised = Math.Max(_advertised, _expected + packet.Window);
        return packet;
    }

    private void Fail(Errno error)
    {
        _error = error;
        Forget();
        var owner = Owner;
        if (owner is not null) { owner.OnFailed(error); }
        else { Listener?.OnOpeningFailed(this); }
    }

    private void Forget()
    {
        _phase = Phase.Closed;
        _timer.Cancel();
        _stack.Remove(this);
    }
}
