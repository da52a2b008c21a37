using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Packets;

namespace Firstbyte.Hosts;

// UDP: mailboxes, their ports, and the ports of everybody.
public sealed partial class HostStack
{
    private readonly Dictionary<ushort, List<UdpSocket>> _mailboxes = [];

    /// <summary>Opens a mailbox.</summary>
    public UdpSocket OpenUdp(IpVersion version) => new(version, Settings.DatagramBuffer);

    /// <summary>
    /// Gives a mailbox its address; port 0 lets the host choose one at random (RFC 6056 section 3.3.1; the secret of a DNS question, RFC
    /// 5452).
    /// </summary>
    public Errno Bind(UdpSocket socket, Endpoint local)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.IsBound) { return Errno.EINVAL; }
        var fault = CheckLocal(socket, ref local);
        if (fault != Errno.None) { return fault; }
        if (local.Port == 0)
        {
            if (!TryChooseRandomPort(local, out var port)) { return Errno.EADDRINUSE; }
            local = local with { Port = port };
        }
        else if (IsTaken(local, socket.ReuseAddress)) { return Errno.EADDRINUSE; }
        socket.Local = local;
        socket.IsBound = true;
        if (!_mailboxes.TryGetValue(local.Port, out var sharers)) { _mailboxes.Add(local.Port, sharers = []); }
        sharers.Add(socket);
        return Errno.None;
    }

    /// <summary>Fixes the peer of a mailbox: only its datagrams are received, and errors about it are told.</summary>
    public Errno Connect(UdpSocket socket, Endpoint remote)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (remote.Address.Version != socket.Version) { return Errno.EAFNOSUPPORT; }
        remote = new Endpoint(ReplaceUnspecified(remote.Address), remote.Port);
        var source = SourceFor(remote.Address);
        if (source.Version == IpVersion.None) { return Errno.ENETUNREACH; }
        // As Linux has it where SO_BROADCAST was not asked for, which no program here can.
        if (!AddressRules.IsMulticast(remote.Address) && TryRoute(remote.Address, out var way) && IsToMany(remote.Address, way.Interface))
        {
            return Errno.EACCES;
        }
        var wildcard = !socket.IsBound || AddressRules.IsUnspecified(socket.Local.Address);
        if (!socket.IsBound && Bind(socket, new Endpoint(source, 0)) is var fault && fault != Errno.None) { return fault; }
        if (wildcard || !socket.IsConnected) { socket.Local = socket.Local with { Address = wildcard ? source : socket.Local.Address }; }
        socket.Remote = remote;
        return Errno.None;
    }

    /// <summary>Sends a datagram, to the fixed peer when none is named.</summary>
    public Errno Send(UdpSocket socket, ReadOnlySpan<byte> data, Endpoint? to, Firstbyte.Tracing.Instant now)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _now = now;
        if (socket.PendingFault != Errno.None) { return socket.TakeFault(); }
        if (to is null && !socket.IsConnected) { return Errno.EDESTADDRREQ; }
        var remote = to ?? socket.Remote;
        if (remote.Address.Version != socket.Version) { return Errno.EAFNOSUPPORT; }
        if (data.Length > ushort.MaxValue - UdpView.HeaderLength - (remote.Address.IsV4 ? Ipv4View.MinHeaderLength : 0)) { return Errno.EMSGSIZE; }
        remote = new Endpoint(ReplaceUnspecified(remote.Address), remote.Port);
        if (!socket.IsBound
            && Bind(socket, new Endpoint(socket.Version == IpVersion.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6, 0)) is var fault
            && fault != Errno.None)
        {
            return fault;
        }
        var source = AddressRules.IsUnspecified(socket.Local.Address) ? SourceFor(remote.Address) : socket.Local.Address;
        if (source.Version == IpVersion.None) { return Errno.ENETUNREACH; }
        var frame = _frames.Rent(UdpView.HeaderLength + data.Length);
        data.CopyTo(frame.Span[UdpView.HeaderLength..]);
        UdpWriter.Seal(frame.Span, socket.Local.Port, remote.Port, source.Bits, remote.Address.Bits);
        fault = SendPacket(frame, source, remote.Address, IpProtocol.Udp, socket.HopLimit, dontFragment: false);
        RunLoopback();
        return fault;
    }

    /// <summary>Closes a mailbox; what waits in it is lost.</summary>
    public void Close(UdpSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.IsClosed) { return; }
        socket.IsClosed = true;
        if (socket.IsBound && _mailboxes.TryGetValue(socket.Local.Port, out var sharers))
        {
            sharers.Remove(socket);
            if (sharers.Count == 0) { _mailboxes.Remove(socket.Local.Port); }
        }
        while (socket.TryTake(out var datagram)) { datagram.Frame.Release(); }
        Signal(socket);
    }

    private void ReceiveUdp(in IpPacket packet)
    {
        if (!UdpView.TryParse(packet.Payload, out var udp, out var flaw)) { Drop(FrameDropReason.Malformed, packet.Bytes, packet.Inbound, flaw); return; }
        // The pseudo-header's length is UDP's own, which may be shorter than the packet.
        var sum = packet.PseudoHeaderSum - (ulong)(packet.Payload.Length - udp.Length);
        if (udp.Checksum == 0 ? packet.Source.IsV6 : !udp.IsChecksumValid(sum))
        {
            Drop(FrameDropReason.Malformed, packet.Bytes, packet.Inbound, PacketFlaw.WrongChecksum);
            return;
        }
        var remote = new Endpoint(packet.Source, udp.SourcePort);
        var local = new Endpoint(packet.Destination, udp.DestinationPort);
        if (_programListeners.Count > 0 && TryGiveToProgram(packet, udp)) { return; }
        if (packet.IsToMany)
        {
            DeliverToAll(packet, udp, remote);
            return;
        }
        if (FindMailbox(local, remote) is not { } mailbox)
        {
            Drop(FrameDropReason.NoListener, packet.Bytes, packet.Inbound);
            if (packet.Source.IsV4) { SendIcmpError(packet, IcmpType.DestinationUnreachable, (byte)IcmpUnreachableCode.Port, 0); }
            else
            {
                SendIcmpv6Error(
                    packet.Inbound, packet.Bytes, packet.Source, packet.Destination, Icmpv6Type.DestinationUnreachable,
                    (byte)Icmpv6UnreachableCode.Port, 0);
            }
            return;
        }
        Queue(mailbox, packet, udp, remote);
    }

    private void DeliverToAll(in IpPacket packet, in UdpView udp, Endpoint remote)
    {
        if (!_mailboxes.TryGetValue(udp.DestinationPort, out var sharers)) { Drop(FrameDropReason.NoListener, packet.Bytes, packet.Inbound); return; }
        foreach (var mailbox in sharers)
        {
            var hears = mailbox.Version == remote.Address.Version && (!mailbox.IsConnected || mailbox.Remote == remote)
                && (AddressRules.IsUnspecified(mailbox.Local.Address) || mailbox.Local.Address == packet.Destination);
            if (hears) { Queue(mailbox, packet, udp, remote); }
        }
    }

    private void Queue(UdpSocket mailbox, in IpPacket packet, in UdpView udp, Endpoint remote)
    {
        if (!mailbox.TryQueue(new UdpSocket.Datagram(packet.Frame, packet.PayloadStart + UdpView.HeaderLength, udp.Payload.Length, remote)))
        {
            Drop(FrameDropReason.BufferFull, packet.Bytes, packet.Inbound);
            return;
        }
        packet.Frame.Retain();
        TellDelivered(packet);
        Signal(mailbox);
    }

    // The most exact match: a fixed peer before an address of its own before the wildcard.
    private UdpSocket? FindMailbox(Endpoint local, Endpoint remote)
    {
        if (!_mailboxes.TryGetValue(local.Port, out var sharers)) { return null; }
        UdpSocket? best = null;
        var bestScore = -1;
        foreach (var mailbox in sharers)
        {
            if (mailbox.Version != local.Address.Version) { continue; }
            var score = 0;
            if (mailbox.IsConnected)
            {
                if (mailbox.Remote != remote) { continue; }
                score += 2;
            }
            if (!AddressRules.IsUnspecified(mailbox.Local.Address))
            {
                if (mailbox.Local.Address != local.Address) { continue; }
                score++;
            }
            if (score > bestScore) { (best, bestScore) = (mailbox, score); }
        }
        return best;
    }

    private Errno CheckLocal(HostSocket socket, ref Endpoint local)
    {
        if (local.Address.Version != socket.Version) { return Errno.EAFNOSUPPORT; }
        local = new Endpoint(AddressRules.WithoutZone(local.Address), local.Port);
        return AddressRules.IsUnspecified(local.Address) || Owns(local.Address) ? Errno.None : Errno.EADDRNOTAVAIL;
    }

    private bool IsTaken(Endpoint local, bool reuse)
    {
        if (local.Address.IsV4 && TranslatorUses(IpProtocol.Udp, local.Port)) { return true; }
        if (!_mailboxes.TryGetValue(local.Port, out var sharers)) { return false; }
        foreach (var other in sharers)
        {
            if (Overlaps(other.Local.Address, local.Address) && !(reuse && other.ReuseAddress)) { return true; }
        }
        return false;
    }

    private bool TryChooseRandomPort(Endpoint local, out ushort port)
    {
        var count = (uint)(Settings.LastEphemeralPort - Settings.FirstEphemeralPort + 1);
        var start = _random.Below(count);
        for (uint i = 0; i < count; i++)
        {
            port = (ushort)(Settings.FirstEphemeralPort + (start + i) % count);
            if (!IsTaken(local with { Port = port }, reuse: false)) { return true; }
        }
        port = 0;
        return false;
    }

    private static bool Overlaps(IpAddress left, IpAddress right) =>
        left.Version == right.Version && (left == right || AddressRules.IsUnspecified(left) || AddressRules.IsUnspecified(right));

    // Connecting to 0.0.0.0 or :: means this host, as every Socket library has it.
    private static IpAddress ReplaceUnspecified(IpAddress address) =>
        !AddressRules.IsUnspecified(address) ? address : address.IsV4 ? IpAddress.LoopbackV4 : IpAddress.LoopbackV6;
}
