using System.Globalization;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Tcp.Scripting;

/// <summary>Our TCP in virtual time: one listener or one connection.</summary>
internal sealed class VirtualTimeDriver : ScriptDriver
{
    private readonly Queue<(TcpSegment Segment, byte[] Text, Instant At)> _sent = new();
    private readonly TcpSegment[] _room = new TcpSegment[4];
    private readonly TcpTraceEntry[] _trace = new TcpTraceEntry[64];
    private TcpSettings _settings = new()
    {
        ReceiveCapacity = 1 << 15,
        SendCapacity = 1 << 20,
        Congestion = CongestionAlgorithm.NewReno,
    };

    private SequenceRing? _sendRing;
    private SequenceRing? _receiveRing;
    private SequenceNumber _initial = new(5000);
    private Instant _now = Instant.SimulationEpoch;
    private TcpSignals _signals;
    private bool _listens;
    private bool _open;
    private Tcb _block;

    public HashSet<TcpClause> Exercised { get; } = [];

    /// <summary>The changes of state that were seen, each with its clause.</summary>
    public HashSet<(TcpState Before, TcpState After, TcpClause Clause)> Transitions { get; } = [];

    public ref readonly Tcb Block => ref _block;

    public override TimeSpan Tolerance(TimeSpan delay) => TimeSpan.Zero;

    public override bool Set(string name, string value)
    {
        switch (name)
        {
            case "mss": _settings = _settings with { MaximumSegmentSize = (ushort)Number(value) }; return true;
            case "rcvbuf": _settings = _settings with { ReceiveCapacity = Number(value) }; return true;
            case "sndbuf": _settings = _settings with { SendCapacity = Number(value) }; return true;
            case "nagle": _settings = _settings with { NoDelay = value == "off" }; return true;
            case "sack": _settings = _settings with { SelectiveAcknowledgment = value == "on" }; return true;
            case "timestamps": _settings = _settings with { Timestamps = value == "on" }; return true;
            case "scaling": _settings = _settings with { WindowScaling = value == "on" }; return true;
            case "delack": _settings = _settings with { DelayedAcknowledgment = ScriptLine.Duration(value) }; return true;
            case "minrto": _settings = _settings with { MinimumRetransmissionTimeout = ScriptLine.Duration(value) }; return true;
            case "maxrto": _settings = _settings with { MaximumRetransmissionTimeout = ScriptLine.Duration(value) }; return true;
            case "usertimeout": _settings = _settings with { UserTimeout = ScriptLine.Duration(value) }; return true;
            case "connecttimeout": _settings = _settings with { ConnectTimeout = ScriptLine.Duration(value) }; return true;
            case "keepidle": _settings = _settings with { KeepAliveIdle = ScriptLine.Duration(value) }; return true;
            case "keepintvl": _settings = _settings with { KeepAliveInterval = ScriptLine.Duration(value) }; return true;
            case "keepcnt": _settings = _settings with { KeepAliveProbes = (byte)Number(value) }; return true;
            case "msl": _settings = _settings with { MaximumSegmentLifetime = ScriptLine.Duration(value) }; return true;
            case "finwait2": _settings = _settings with { FinWait2Timeout = ScriptLine.Duration(value) }; return true;
            case "iw": _settings = _settings with { InitialWindowSegments = (byte)Number(value) }; return true;
            case "cc":
                if (!CongestionAlgorithms.TryFind(value, out var algorithm)) { return false; }
                _settings = _settings with { Congestion = algorithm };
                return true;
            case "iss": _initial = new SequenceNumber(uint.Parse(value, CultureInfo.InvariantCulture)); return true;
            default: return false;
        }
    }

    public override void Listen() => _listens = true;

    public override void Connect()
    {
        MakeRings();
        var outputs = new TcpOutputs(_room, _trace);
        _block = Tcb.Open(_settings, _initial, 0, _now, ref outputs);
        _open = true;
        Take(ref outputs, []);
    }

    public override void Accept()
    {
        if (!_open || _block.State < TcpState.Established) { throw new ScriptFailure($"no connection to accept: {State}"); }
    }

    public override void Inject(in TcpSegment segment, byte[] text)
    {
        if (_open && _block.State != TcpState.Closed)
        {
            Step(TcpInput.Arrived(segment), text);
            if (!_signals.HasFlag(TcpSignals.Reopen)) { return; }
            _signals &= ~TcpSignals.Reopen;
        }
        TcpSegment reset;
        TcpClause because;
        var verdict = _listens ? Listening.Judge(segment, out reset, out because) : Listening.JudgeClosed(segment, out reset, out because);
        Exercised.Add(because);
        if (verdict == SegmentVerdict.Reset) { _sent.Enqueue((reset, [], _now)); }
        if (verdict != SegmentVerdict.Open) { return; }
        MakeRings();
        var outputs = new TcpOutputs(_room, _trace);
        _block = Tcb.Accept(segment, _settings, _open ? _initial + 100_000 : _initial, 0, _now, ref outputs);
        _open = true;
        Take(ref outputs, text);
    }

    public override (TcpSegment Segment, byte[] Text, TimeSpan After)? Next(TimeSpan atMost)
    {
        var start = _now;
        var until = _now + atMost;
        while (_sent.Count == 0)
        {
            var deadline = _open ? _block.NextDeadline : Instant.Never;
            if (deadline > until)
            {
                _now = until;
                return null;
            }
            _now = deadline > _now ? deadline : _now;
            Step(TcpInput.Timer, []);
        }
        var (segment, text, at) = _sent.Dequeue();
        return (segment, text, at - start);
    }

    public override void Pass(TimeSpan time) => _now += time;

    public override void Write(byte[] octets, bool urgent)
    {
        if (octets.Length > _block.SendSpace) { throw new ScriptFailure($"room for {_block.SendSpace} octets only"); }
        _sendRing!.Write(_block.SendEnd, octets);
        Step(urgent ? TcpInput.SendUrgent(octets.Length) : TcpInput.Send(octets.Length), []);
    }

    public override byte[] Read(int? octets)
    {
        var taken = new byte[Math.Min(octets ?? int.MaxValue, _block.Readable)];
        _receiveRing!.Read(_block.ReadAt, taken);
        Step(TcpInput.Read(taken.Length), []);
        return taken;
    }

    public override bool IsAtEnd => _block.PeerHasClosed && _block.Readable == 0;

    public override void ShutdownSend() => Step(TcpInput.ShutdownSend, []);

    public override void Close()
    {
        if (_open) { Step(TcpInput.Close, []); }
    }

    public override void Abort() => Step(TcpInput.Abort, []);

    public override string State => !_open
        ? _listens ? "LISTEN" : "CLOSED"
        : _block.State switch
        {
            TcpState.Closed => _listens && _block.IsPassive && _signals.HasFlag(TcpSignals.ReturnedToListen) ? "LISTEN" : "CLOSED",
            TcpState.SynSent => "SYN-SENT",
            TcpState.SynReceived => "SYN-RECEIVED",
            TcpState.Established => "ESTABLISHED",
            TcpState.FinWait1 => "FIN-WAIT-1",
            TcpState.FinWait2 => "FIN-WAIT-2",
            TcpState.CloseWait => "CLOSE-WAIT",
            TcpState.Closing => "CLOSING",
            TcpState.LastAck => "LAST-ACK",
            TcpState.TimeWait => "TIME-WAIT",
            _ => "?",
        };

    public override string? Error =>
        _signals.HasFlag(TcpSignals.Refused) ? "refused"
        : _signals.HasFlag(TcpSignals.Reset) ? "reset"
        : _signals.HasFlag(TcpSignals.TimedOut) ? "timeout"
        : "";

    public override bool Icmp(string kind, int segmentSize, SequenceNumber quoted)
    {
        Step(kind == "mtu" ? TcpInput.PathMtu(segmentSize, quoted)
            : TcpInput.IcmpError(kind == "hard" ? IcmpSeverity.Hard : IcmpSeverity.Soft, quoted), []);
        return true;
    }

    public override long? Look(string name) => name switch
    {
        "cwnd" => _block.Congestion.Window,
        "ssthresh" => _block.Congestion.SlowStartThreshold,
        "rto" => (long)_block.RetransmissionTimeout.Current.TotalMilliseconds,
        "mss" => _block.SegmentSize,
        "readable" => _block.Readable,
        "window" => _block.SendWindow,
        "space" => _block.SendSpace,
        _ => null,
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private void MakeRings()
    {
        _sendRing = new SequenceRing(_settings.SendCapacity);
        _receiveRing = new SequenceRing(_settings.ReceiveCapacity);
    }

    private void Step(in TcpInput input, byte[] text)
    {
        // Every step of every script is taken twice, by the block and by a copy: they must stay the same, bit for bit.
        var copy = _block;
        var copyOutputs = new TcpOutputs(new TcpSegment[_room.Length]);
        Tcb.Step(ref copy, input, _now, ref copyOutputs);

        var outputs = new TcpOutputs(_room, _trace);
        Tcb.Step(ref _block, input, _now, ref outputs);
        if (!TcbBytes.Same(_block, copy) || !outputs.Segments.SequenceEqual(copyOutputs.Segments) || outputs.Signals != copyOutputs.Signals)
        {
            throw new ScriptFailure("a copy of the block took another step");
        }
        Take(ref outputs, text);
    }

    private void Take(ref TcpOutputs outputs, byte[] text)
    {
        for (; ; )
        {
            _signals |= outputs.Signals;
            foreach (ref readonly var entry in outputs.Trace)
            {
                Exercised.Add(entry.Clause);
                if (entry.Quantity == TcpQuantity.State) { Transitions.Add(((TcpState)entry.Before, (TcpState)entry.After, entry.Clause)); }
            }
            var accepted = outputs.Accepted;
            if (accepted.Length > 0) { _receiveRing!.Write(accepted.At, text.AsSpan(accepted.Skip, accepted.Length)); }
            foreach (ref readonly var segment in outputs.Segments)
            {
                var octets = new byte[segment.PayloadLength];
                _sendRing!.Read(segment.Sequence, octets);
                _sent.Enqueue((segment, octets, _now));
            }
            if (!outputs.MoreToSend) { return; }
            outputs.Reset();
            Tcb.Step(ref _block, TcpInput.Timer, _now, ref outputs);
        }
    }
}

/// <summary>Compares blocks as the bytes they are.</summary>
internal static class TcbBytes
{
    public static bool Same(in Tcb left, in Tcb right) =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<Tcb>(in left))
            .SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<Tcb>(in right)));
}
