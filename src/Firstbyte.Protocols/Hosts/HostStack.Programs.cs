using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts;

// The programs of the host's own equipment: what they are given, and what their port does for them.
public sealed partial class HostStack
{
    private readonly List<HostProgram> _programs = [];
    private readonly List<ProgramListener> _programListeners = [];
    private HostProgram? _hookOwner;
    private IPacketHook? _hook;

    /// <summary>Its programs, in the order in which they were started; after a crash they are started again in it.</summary>
    public IReadOnlyList<HostProgram> Programs => _programs;

    internal IPacketHook? Hook => _hook;

    internal Instant Now => _now;

    internal DeadlineQueue Deadlines => _deadlines;

    /// <summary>Starts a program. On a host that has crashed it begins when the power is back.</summary>
    /// <exception cref="InvalidOperationException">It runs already, or what it needs is taken.</exception>
    public void Start(HostProgram program, Instant now)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (program.IsRunning || _programs.Contains(program)) { throw new InvalidOperationException("the program runs already"); }
        _now = now;
        _programs.Add(program);
        if (!IsCrashed) { program.Begin(new HostPort(this, program)); }
    }

    /// <summary>Ends a program in good order; false when it does not run here.</summary>
    public bool Stop(HostProgram program, Instant now)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (!_programs.Remove(program)) { return false; }
        _now = now;
        if (program.IsRunning) { program.End(isSudden: false); }
        return true;
    }

    internal ulong NextRandom() => _random.Next();

    internal void Listen(in ProgramListener listener)
    {
        foreach (var other in _programListeners)
        {
            if (other.Overlaps(listener)) { throw new InvalidOperationException($"another program listens at port {listener.Port}"); }
        }
        _programListeners.Add(listener);
    }

    internal PacketPath Install(HostProgram program, IPacketHook hook)
    {
        if (!Settings.IsRouter) { throw new InvalidOperationException("packets pass only through routers"); }
        if (_hook is not null) { throw new InvalidOperationException("another program stands where packets pass"); }
        (_hookOwner, _hook) = (program, hook);
        return new PacketPath(this);
    }

    internal void Unlisten(HostProgram program)
    {
        _programListeners.RemoveAll(listener => listener.Program == program);
        if (_hookOwner == program) { (_hookOwner, _hook) = (null, null); }
    }

    internal Errno SendProgramDatagram(Endpoint source, Endpoint target, ReadOnlySpan<byte> payload) =>
        SendPacket(SealDatagram(source, target, payload), source.Address, target.Address, IpProtocol.Udp, 0, dontFragment: false);

    internal void SendProgramDatagram(
        NetworkInterface outbound, Endpoint source, Endpoint target, ReadOnlySpan<byte> payload, byte hopLimit, MacAddress? hardware)
    {
        var frame = SealDatagram(source, target, payload);
        if (hopLimit == 0) { hopLimit = Settings.HopLimit; }
        var (from, to) = (source.Address, target.Address);
        if (to.IsV6)
        {
            frame.Prepend(Ipv6View.HeaderLength);
            Ipv6Writer.Seal(frame.Span, new Ipv6Header(from.Bits, to.Bits, IpProtocol.Udp) { HopLimit = hopLimit });
        }
        else
        {
            frame.Prepend(Ipv4View.MinHeaderLength);
            Ipv4Writer.Seal(
                frame.Span, new Ipv4Header(
                    (uint)from.Bits, (uint)to.Bits, IpProtocol.Udp)
                { Identification = _identification++, TimeToLive = hopLimit });
        }
        if (Listener is not null) { TellSent(FrameVerdict.Sent, null, new Way(outbound, to, default, default), frame.Span); }
        if (hardware is { } address) { SendEthernet(outbound, frame, address, to.IsV4 ? EtherType.Ipv4 : EtherType.Ipv6); }
        else { SendOnLink(outbound, to, frame); }
    }

    internal void SendProgramNdp(NetworkInterface outbound, ReadOnlySpan<byte> message, IpAddress source, IpAddress group) =>
        SendNdp(outbound, _frames.Copy(message), source, group, MacAddress.ForIpv6Multicast(group.Bits));

    internal Frame CopyPacket(ReadOnlySpan<byte> packet) => _frames.Copy(packet);

    internal bool IsForOwnProgram(in Ipv4View packet)
    {
        var payload = packet.Payload;
        if (payload.Length < 4) { return true; }
        var local = new Endpoint(packet.Destination, BinaryPrimitives.ReadUInt16BigEndian(payload[2..]));
        var remote = new Endpoint(packet.Source, BinaryPrimitives.ReadUInt16BigEndian(payload));
        return packet.Protocol switch
        {
            IpProtocol.Tcp => _connections.ContainsKey(new ConnectionKey(local, remote)) || FindListener(local) is not null,
            IpProtocol.Udp =>
                FindMailbox(local, remote) is not null
                || _programListeners.Exists(listener => listener.Version == IpVersion.V4 && listener.Port == local.Port),
            _ => true,
        };
    }

    internal bool IsPortInUse(IpProtocol protocol, ushort port) => protocol switch
    {
        IpProtocol.Tcp => _streams.ContainsKey(port),
        IpProtocol.Udp => _mailboxes.ContainsKey(port),
        _ => _pings.Exists(ping => ping.Version == IpVersion.V4 && ping.Identifier == port),
    };

    private bool TranslatorUses(IpProtocol protocol, ushort port) => _hook is { } hook && hook.UsesPort(protocol, port);

    private Frame SealDatagram(Endpoint source, Endpoint target, ReadOnlySpan<byte> payload)
    {
        var frame = _frames.Rent(UdpView.HeaderLength + payload.Length);
        payload.CopyTo(frame.Span[UdpView.HeaderLength..]);
        UdpWriter.Seal(frame.Span, source.Port, target.Port, source.Address.Bits, target.Address.Bits);
        return frame;
    }

    /// <summary>Shows a datagram to the program that listens where it came in. False when there is none, or it does not want it.</summary>
    private bool TryGiveToProgram(in IpPacket packet, in UdpView udp)
    {
        var version = packet.Source.Version;
        foreach (var listener in _programListeners)
        {
            if (listener.Port != udp.DestinationPort || listener.Version != version || !listener.Hears(packet.Inbound)) { continue; }
            return listener.Program.OnDatagram(new ProgramDatagram(this, packet, udp));
        }
        return false;
    }

    // Indexed: what a program does about one change may start or end others.
    private void TellPrograms(IpPrefix prefix, in Route route, RowChange change)
    {
        for (var i = 0; i < _programs.Count; i++)
        {
            if (_programs[i].IsRunning) { _programs[i].OnRoute(prefix, route, change); }
        }
    }

    private void TellPrograms(NetworkInterface networkInterface)
    {
        for (var i = 0; i < _programs.Count; i++)
        {
            if (_programs[i].IsRunning) { _programs[i].OnInterface(networkInterface); }
        }
    }
}
