using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Packets;
using Firstbyte.Tcp;

namespace Firstbyte.Hosts;

// ICMP of both versions: echoes, errors sent (RFC 792, RFC 1812 section 4.3, RFC 4443), errors received.
public sealed partial class HostStack
{
    /// <summary>An ICMP error carries as much of the packet as fits 576 bytes (RFC 1812 section 4.3.2.3).</summary>
    private const int MaxErrorLength = 576;

    /// <summary>What a router that names no MTU may have meant: the plateaus of RFC 1191 section 7.1.</summary>
    private static readonly ushort[] Plateaus = [32_000, 17_914, 8_166, 4_352, 2_002, 1_492, 1_006, 508, 296, 68];

    private readonly List<PingSocket> _pings = [];
    private TokenBucket _icmpErrors;

    /// <summary>Opens a socket for echo requests with an identifier of its own.</summary>
    public PingSocket OpenPing(IpVersion version)
    {
        var ping = new PingSocket(version, (ushort)_random.Next());
        while (_pings.Exists(other => other.Identifier == ping.Identifier) || TranslatorUses(IpProtocol.Icmp, ping.Identifier))
        {
            ping = new PingSocket(version, (ushort)_random.Next());
        }
        _pings.Add(ping);
        return ping;
    }

    /// <summary>Sends an echo request; answers and errors about it come to the socket.</summary>
    public Errno SendEcho(PingSocket ping, IpAddress destination, ushort sequence, ReadOnlySpan<byte> data, byte hopLimit, Firstbyte.Tracing.Instant now)
    {
        ArgumentNullException.ThrowIfNull(ping);
        _now = now;
        if (destination.Version != ping.Version) { return Errno.EAFNOSUPPORT; }
        if (data.Length > ushort.MaxValue - Ipv4View.MinHeaderLength - IcmpView.HeaderLength) { return Errno.EMSGSIZE; }
        var source = SourceFor(destination);
        if (source.Version == IpVersion.None) { return Errno.ENETUNREACH; }
        var frame = _frames.Rent(IcmpView.HeaderLength + data.Length);
        data.CopyTo(frame.Span[IcmpView.HeaderLength..]);
        var rest = ((uint)ping.Identifier << 16) | sequence;
        if (destination.IsV4) { IcmpWriter.Seal(frame.Span, IcmpType.Echo, 0, rest); }
        else { IcmpWriter.Seal(frame.Span, Icmpv6Type.EchoRequest, 0, rest, source.Bits, destination.Bits); }
        var fault = SendPacket(
            frame, source, destination, destination.IsV4 ? IpProtocol.Icmp : IpProtocol.Icmpv6, hopLimit == 0 ? ping.HopLimit : hopLimit,
            ping.DontFragment);
        RunLoopback();
        return fault;
    }

    /// <summary>Closes the socket.</summary>
    public void Close(PingSocket ping)
    {
        ArgumentNullException.ThrowIfNull(ping);
        ping.IsClosed = true;
        _pings.Remove(ping);
    }

    private void ReceiveIcmp(in IpPacket packet)
    {
        if (!IcmpView.TryParse(packet.Payload, out var icmp, out var flaw)) { Drop(FrameDropReason.Malformed, packet.Bytes, packet.Inbound, flaw); return; }
        if (!icmp.IsChecksumValid()) { Drop(FrameDropReason.Malformed, packet.Bytes, packet.Inbound, PacketFlaw.WrongChecksum); return; }
        TellDelivered(packet);
        switch (icmp.Type)
        {
            case IcmpType.Echo when Settings.AnswersEcho && !packet.IsToMany: AnswerEcho(packet, icmp); break;
            case IcmpType.EchoReply: OnEchoReply(packet, icmp); break;
            case IcmpType.DestinationUnreachable or IcmpType.TimeExceeded or IcmpType.ParameterProblem:
                if (Ipv4View.TryParseQuote(icmp.Body, out var quote) && Owns(quote.Source) && quote.FragmentOffset == 0)
                {
                    OnError(new QuotedError(
                        packet.Source, packet.Inbound, icmp, quote.Source, quote.Destination, quote.Protocol, quote.Payload,
                        quote.Packet.Length < 4 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(quote.Packet[2..])));
                }
                break;
            default: break;
        }
    }

    private void ReceiveIcmpv6(in IpPacket packet)
    {
        if (!IcmpView.TryParse(packet.Payload, out var icmp, out var flaw)) { Drop(FrameDropReason.Malformed, packet.Bytes, packet.Inbound, flaw); return; }
        if (!icmp.IsChecksumValid(packet.PseudoHeaderSum)) { Drop(FrameDropReason.Malformed, packet.Bytes, packet.Inbound, PacketFlaw.WrongChecksum); return; }
        if (icmp.Type6 is < Icmpv6Type.RouterSolicitation or > Icmpv6Type.Redirect) { TellDelivered(packet); }
        switch (icmp.Type6)
        {
            case Icmpv6Type.EchoRequest when Settings.AnswersEcho: AnswerEcho(packet, icmp); break;
            case Icmpv6Type.EchoReply: OnEchoReply(packet, icmp); break;
            case Icmpv6Type.DestinationUnreachable or Icmpv6Type.PacketTooBig or Icmpv6Type.TimeExceeded or Icmpv6Type.ParameterProblem:
                if (Ipv6View.TryParseQuote(icmp.Body, out var quote) && Owns(quote.Source) && quote.FragmentOffset == 0)
                {
                    OnError(new QuotedError(packet.Source, packet.Inbound, icmp, quote.Source, quote.Destination, quote.Protocol, quote.Payload, 0));
                }
                break;
            case >= Icmpv6Type.RouterSolicitation and <= Icmpv6Type.Redirect when packet.Inbound.Kind == LinkKind.Ethernet:
                if (NdpView.TryParse(icmp.Message, packet.HopLimit, out var ndp, out flaw))
                {
                    ReceiveNdp(packet.Inbound, ndp, packet.Source, packet.Destination);
                }
                else { Drop(FrameDropReason.Malformed, packet.Bytes, packet.Inbound, flaw); }
                break;
            default: break;
        }
    }

    private void AnswerEcho(in IpPacket packet, in IcmpView icmp)
    {
        var source = packet.IsToMany ? FindAddress(packet.Inbound, packet.Source) : packet.Destination;
        if (AddressRules.IsUnspecified(packet.Source) || source.Version == IpVersion.None) { return; }
        var frame = _frames.Rent(icmp.Message.Length);
        icmp.Message.CopyTo(frame.Span);
        if (source.IsV4) { IcmpWriter.Seal(frame.Span, IcmpType.EchoReply, 0, icmp.Rest); }
        else { IcmpWriter.Seal(frame.Span, Icmpv6Type.EchoReply, 0, icmp.Rest, source.Bits, packet.Source.Bits); }
        SendPacket(frame, source, packet.Source, source.IsV4 ? IpProtocol.Icmp : IpProtocol.Icmpv6, 0, dontFragment: false);
    }

    private void OnEchoReply(in IpPacket packet, in IcmpView icmp)
    {
        foreach (var ping in _pings)
        {
            if (ping.Identifier != icmp.Identifier || ping.Version != packet.Source.Version) { continue; }
            if (ping.TryQueue(
                new EchoAnswer(
                    packet.Source, icmp.SequenceNumber, IsReply: true, icmp.TypeNumber, icmp.Code, packet.HopLimit, icmp.Message.Length)))
            {
                Signal(ping);
            }
            return;
        }
    }

    private void SendIcmpError(in IpPacket packet, IcmpType type, byte code, uint rest) =>
        SendIcmpError(packet.Inbound, packet.Bytes, packet.Source, packet.Destination, type, code, rest, packet.IsToMany);

    private void SendIcmpv6Error(in IpPacket packet, Icmpv6Type type, byte code, uint rest) =>
        SendIcmpv6Error(packet.Inbound, packet.Bytes, packet.Source, packet.Destination, type, code, rest, toMany: !packet.IsToMany);

    // RFC 1122 section 3.2.2: no error about an error, a later fragment, a broadcast, or to nobody in particular.
    private void SendIcmpError(
        NetworkInterface? inbound, ReadOnlySpan<byte> about, IpAddress to, IpAddress wanted, IcmpType type, byte code, uint rest,
        bool isToMany = false, bool isFirstFragment = false)
    {
        if (isToMany || AddressRules.IsMulticast(wanted) || AddressRules.IsMulticast(to) || AddressRules.IsUnspecified(to)
            || AddressRules.IsLimitedBroadcast(to)
            || !Ipv4View.TryParseQuote(about, out var packet) || (packet.FragmentOffset != 0 && !isFirstFragment)
                || IsIcmpError(packet.Protocol, packet.Payload)) { return; }
        if (!_icmpErrors.TryTake(_now) || !TryRoute(to, out var way)) { return; }
        // Routers answer with the address of the interface where the packet came in: what traceroute shows (RFC 1812 section 4.3.2.4).
        var source = FindAddress(inbound is null || inbound.Kind == LinkKind.Loopback ? way.Interface : inbound, to);
        if (source.Version == IpVersion.None) { return; }
        var quoted = Math.Min(about.Length, MaxErrorLength - Ipv4View.MinHeaderLength - IcmpView.HeaderLength);
        var frame = _frames.Rent(IcmpView.HeaderLength + quoted);
        about[..quoted].CopyTo(frame.Span[IcmpView.HeaderLength..]);
        IcmpWriter.Seal(frame.Span, type, code, rest);
        _hook?.OnErrorLeaving(way.Interface, frame.Span);
        SendPacket(frame, source, to, IpProtocol.Icmp, 0, dontFragment: false);
    }

    // RFC 4443 section 2.4 (e). Packet too big and parameter problem 2 may answer a multicast (toMany).
    private void SendIcmpv6Error(
        NetworkInterface? inbound, ReadOnlySpan<byte> about, IpAddress to, IpAddress wanted, Icmpv6Type type, byte code, uint rest,
        bool toMany = false)
    {
        if ((!toMany && AddressRules.IsMulticast(wanted)) || AddressRules.IsMulticast(to) || AddressRules.IsUnspecified(to)
            || !Ipv6View.TryParseQuote(about, out var packet) || packet.FragmentOffset != 0 || IsIcmpError(packet.Protocol, packet.Payload)) { return; }
        if (!_icmpErrors.TryTake(_now) || !TryRoute(to, out var way)) { return; }
        var source = FindAddress(inbound is null || inbound.Kind == LinkKind.Loopback ? way.Interface : inbound, to);
        if (source.Version == IpVersion.None) { return; }
        var quoted = Math.Min(about.Length, NetworkInterface.Ipv6MinMtu - Ipv6View.HeaderLength - IcmpView.HeaderLength);
        var frame = _frames.Rent(IcmpView.HeaderLength + quoted);
        about[..quoted].CopyTo(frame.Span[IcmpView.HeaderLength..]);
        IcmpWriter.Seal(frame.Span, type, code, rest, source.Bits, to.Bits);
        SendPacket(frame, source, to, IpProtocol.Icmpv6, 0, dontFragment: false);
    }

    private static bool IsIcmpError(IpProtocol protocol, ReadOnlySpan<byte> payload) => protocol switch
    {
        IpProtocol.Icmp => payload.IsEmpty || (IcmpType)payload[0] is not (IcmpType.Echo or IcmpType.EchoReply),
        IpProtocol.Icmpv6 => payload.IsEmpty || payload[0] < 128 || (Icmpv6Type)payload[0] == Icmpv6Type.Redirect,
        _ => false,
    };

    /// <summary>Nobody on the last link answers for a packet's next hop: its sender is told, be it a stranger or an own socket.</summary>
    private void ReportUnreachableHost(NetworkInterface outbound, Frame frame)
    {
        if (Ipv4View.TryParse(frame.Span, out var v4, out _))
        {
            // Sent under the outside address for somebody inside: the error comes back through the translator.
            if (_hook is { } hook && hook.IsRewritten(v4.Packet))
            {
                SendIcmpError(
                    outbound, v4.Packet, v4.Source, v4.Destination, IcmpType.DestinationUnreachable, (byte)IcmpUnreachableCode.Host, 0);
            }
            else if (!Owns(v4.Source))
            {
                SendIcmpError(
                    null, v4.Packet, v4.Source, v4.Destination, IcmpType.DestinationUnreachable, (byte)IcmpUnreachableCode.Host, 0);
            }
            else if (v4.FragmentOffset == 0)
            {
                OnTransportError(
                    new TransportError(
                        v4.Source, v4.Destination, v4.Protocol, v4.Payload, IcmpSeverity.Soft, Errno.EHOSTUNREACH)
                    {
                        From = v4.Source,
                        Type = (byte)IcmpType.DestinationUnreachable,
                        Code = (byte)IcmpUnreachableCode.Host
                    });
            }
        }
        else if (Ipv6View.TryParse(frame.Span, out var v6, out _))
        {
            if (!Owns(v6.Source))
            {
                SendIcmpv6Error(
                    null, v6.Packet, v6.Source, v6.Destination, Icmpv6Type.DestinationUnreachable, (byte)Icmpv6UnreachableCode.Address, 0);
            }
            else if (v6.FragmentOffset == 0)
            {
                OnTransportError(
                    new TransportError(
                        v6.Source, v6.Destination, v6.Protocol, v6.Payload, IcmpSeverity.Soft, Errno.EHOSTUNREACH)
                    {
                        From = v6.Source,
                        Type = (byte)Icmpv6Type.DestinationUnreachable,
                        Code = (byte)Icmpv6UnreachableCode.Address
                    });
            }
        }
    }

    private void OnError(in QuotedError error)
    {
        var isV6 = error.Source.IsV6;
        var icmp = error.Icmp;
        if (error.Protocol == (isV6 ? IpProtocol.Icmpv6 : IpProtocol.Icmp)) { OnPingError(error); return; }
        if (IsTooBig(error)) { OnPacketTooBig(error); return; }
        var (severity, fault) = isV6 ? JudgeIcmpv6(icmp) : JudgeIcmp(icmp);
        OnTransportError(
            new TransportError(
                error.Source, error.Destination, error.Protocol, error.Payload, severity, fault)
            {
                From = error.From,
                Type = icmp.TypeNumber,
                Code = icmp.Code
            });
    }

    private static bool IsTooBig(in QuotedError error) => error.Source.IsV6
        ? error.Icmp.Type6 == Icmpv6Type.PacketTooBig
        : error.Icmp.Type == IcmpType.DestinationUnreachable && error.Icmp.Code == (byte)IcmpUnreachableCode.FragmentationNeeded;

    private static (IcmpSeverity Severity, Errno Fault) JudgeIcmp(in IcmpView icmp) => icmp.Type switch
    {
        IcmpType.DestinationUnreachable when (IcmpUnreachableCode)icmp.Code is IcmpUnreachableCode.Port or IcmpUnreachableCode.Protocol =>
            (IcmpSeverity.Hard, Errno.ECONNREFUSED),
        IcmpType.DestinationUnreachable when (IcmpUnreachableCode)icmp.Code is IcmpUnreachableCode.Network => (IcmpSeverity.Soft, Errno.ENETUNREACH),
        _ => (IcmpSeverity.Soft, Errno.EHOSTUNREACH),
    };

    private static (IcmpSeverity Severity, Errno Fault) JudgeIcmpv6(in IcmpView icmp) => icmp.Type6 switch
    {
        Icmpv6Type.DestinationUnreachable when (Icmpv6UnreachableCode)icmp.Code is Icmpv6UnreachableCode.Port => (IcmpSeverity.Hard, Errno.ECONNREFUSED),
        Icmpv6Type.DestinationUnreachable when (Icmpv6UnreachableCode)icmp.Code is Icmpv6UnreachableCode.NoRoute => (IcmpSeverity.Soft, Errno.ENETUNREACH),
        Icmpv6Type.ParameterProblem when icmp.Code == 1 => (IcmpSeverity.Hard, Errno.ECONNREFUSED),
        _ => (IcmpSeverity.Soft, Errno.EHOSTUNREACH),
    };

    // A lie about the path's MTU is believed only from somebody who has seen a packet of a socket that exists (RFC 5927 section 7.2).
    private void OnPacketTooBig(in QuotedError error)
    {
        var isV6 = error.Source.IsV6;
        var mtu = (int)Math.Min(error.Icmp.NextHopMtu(isV6), int.MaxValue);
        if (!isV6 && mtu == 0) { mtu = PlateauBelow(error.TotalLength); }
        if (mtu < (isV6 ? NetworkInterface.Ipv6MinMtu : NetworkInterface.Ipv4MinMtu) || error.Payload.Length < 8) { return; }
        var headers = (isV6 ? Ipv6View.HeaderLength : Ipv4View.MinHeaderLength) + TcpView.MinHeaderLength;
        if (error.Protocol == IpProtocol.Tcp && TryFindConnection(error.Source, error.Destination, error.Payload, out var connection))
        {
            var quoted = new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(error.Payload[4..]));
            // An acknowledgment without text stands at the end of what is under way, and its SACK blocks can be too much for a path as well.
            if (!quoted.IsIn(connection.Block.SendUnacknowledged, (uint)connection.Block.Flight + 1)) { return; }
            _pathMtus.Set(error.Destination, mtu, _now);
            StepConnection(connection, TcpInput.PathMtu(mtu - headers, quoted), default);
        }
        else if (error.Protocol == IpProtocol.Udp)
        {
            var about = new Endpoint(error.Destination, ReadPort(error.Payload, 2));
            if (FindMailbox(new Endpoint(error.Source, ReadPort(error.Payload, 0)), about) is not { } mailbox) { return; }
            _pathMtus.Set(error.Destination, mtu, _now);
            if (!mailbox.ReportsErrors) { return; }
            mailbox.Report(new ReportedError(error.From, about, error.Icmp.TypeNumber, error.Icmp.Code, mtu, Errno.EMSGSIZE));
            Signal(mailbox);
        }
    }

    private static int PlateauBelow(int length) => Array.Find(Plateaus, plateau => plateau < length);

    private void OnTransportError(in TransportError error)
    {
        if (error.Payload.Length < 8) { return; }
        if (error.Protocol == IpProtocol.Udp)
        {
            // Only a mailbox with a fixed peer is told (RFC 1122 section 4.1.3.3 as the Socket library has it).
            var peer = new Endpoint(error.Destination, ReadPort(error.Payload, 2));
            if (FindMailbox(new Endpoint(error.Source, ReadPort(error.Payload, 0)), peer) is not { } mailbox) { return; }
            if (mailbox.ReportsErrors)
            {
                mailbox.Report(new ReportedError(error.From, peer, error.Type, error.Code, 0, error.Fault));
                Signal(mailbox);
            }
            else if (mailbox.Remote == peer)
            {
                mailbox.PendingFault = error.Fault;
                Signal(mailbox);
            }
        }
        else if (error.Protocol == IpProtocol.Tcp && TryFindConnection(error.Source, error.Destination, error.Payload, out var connection))
        {
            var quoted = new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(error.Payload[4..]));
            if (!quoted.IsIn(connection.Block.SendUnacknowledged, (uint)connection.Block.Flight)) { return; }
            OnConnectionError(connection, error.Severity, error.Fault, quoted);
        }
        else if (error.Protocol is IpProtocol.Icmp or IpProtocol.Icmpv6)
        {
            AnswerPing(error.Payload, error.From, error.Type, error.Code, 0);
        }
    }

    private void OnPingError(in QuotedError error) =>
        AnswerPing(error.Payload, error.From, error.Icmp.TypeNumber, error.Icmp.Code,
            IsTooBig(error) ? (int)Math.Min(error.Icmp.NextHopMtu(error.Source.IsV6), int.MaxValue) : 0);

    private void AnswerPing(ReadOnlySpan<byte> echo, IpAddress from, byte type, byte code, int mtu)
    {
        if (!IcmpView.TryParse(echo, out var request, out _)) { return; }
        foreach (var ping in _pings)
        {
            if (ping.Identifier != request.Identifier || ping.Version != from.Version) { continue; }
            if (ping.TryQueue(new EchoAnswer(from, request.SequenceNumber, IsReply: false, type, code, 0, echo.Length, mtu))) { Signal(ping); }
            return;
        }
    }

    private static ushort ReadPort(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadUInt16BigEndian(header[at..]);

    private readonly ref struct QuotedError(
        IpAddress from, NetworkInterface inbound, IcmpView icmp, IpAddress source, IpAddress destination, IpProtocol protocol,
        ReadOnlySpan<byte> payload, int totalLength)
    {
        public IpAddress From { get; } = from;

        public NetworkInterface Inbound { get; } = inbound;

        public IcmpView Icmp { get; } = icmp;

        public IpAddress Source { get; } = source;

        public IpAddress Destination { get; } = destination;

        public IpProtocol Protocol { get; } = protocol;

        public ReadOnlySpan<byte> Payload { get; } = payload;

        public int TotalLength { get; } = totalLength;
    }

    private readonly ref struct TransportError(
        IpAddress source, IpAddress destination, IpProtocol protocol, ReadOnlySpan<byte> payload, IcmpSeverity severity, Errno fault)
    {
        public IpAddress Source { get; } = source;

        public IpAddress Destination { get; } = destination;

        public IpProtocol Protocol { get; } = protocol;

        public ReadOnlySpan<byte> Payload { get; } = payload;

        public IpAddress From { get; init; }

        public byte Type { get; init; }

        public byte Code { get; init; }

        public IcmpSeverity Severity { get; } = severity;

        public Errno Fault { get; } = fault;
    }
}
