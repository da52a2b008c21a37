using Firstbyte.Addressing;
using Firstbyte.Packets;

namespace Firstbyte.Hosts;

// Ethernet, ARP and neighbour discovery: which frames are for this station, and which station has an IP address.
public sealed partial class HostStack
{
    /// <summary>MAX_MULTICAST_SOLICIT and MAX_UNICAST_SOLICIT (RFC 4861 section 10); ARP asks as often.</summary>
    private const int MaxSolicitations = 3;

    /// <summary>RETRANS_TIMER (RFC 4861 section 10); RFC 1122 section 2.3.2.1 wants at most one ARP request a second.</summary>
    private static readonly TimeSpan SolicitationInterval = TimeSpan.FromSeconds(1);

    /// <summary>REACHABLE_TIME (RFC 4861 section 10).</summary>
    private static readonly TimeSpan ReachableTime = TimeSpan.FromSeconds(30);

    /// <summary>DELAY_FIRST_PROBE_TIME (RFC 4861 section 10).</summary>
    private static readonly TimeSpan DelayFirstProbe = TimeSpan.FromSeconds(5);

    private readonly NeighborCache _neighbors = new();

    /// <summary>Asks the link for the neighbour of an own address: what a station says when it comes up (gratuitous ARP, RFC 5227 section 2.3).</summary>
    public void Announce(NetworkInterface networkInterface, IpAddress address, Firstbyte.Tracing.Instant now)
    {
        ArgumentNullException.ThrowIfNull(networkInterface);
        _now = now;
        if (address.IsV4) { SendArp(networkInterface, ArpOperation.Request, MacAddress.Broadcast, default, address, address); }
        else { SendAdvertisement(networkInterface, address, IpAddress.FromV6(AddressRules.AllNodes), solicited: false); }
    }

    private void ReceiveEthernet(NetworkInterface networkInterface, Frame frame)
    {
        if (!EthernetView.TryParse(frame.Span, out var view, out var flaw))
        {
            Drop(FrameDropReason.Malformed, frame.Span, networkInterface, flaw);
            return;
        }
        var destination = view.Destination;
        if (destination != networkInterface.Hardware && !destination.IsGroup)
        {
            Drop(FrameDropReason.NotForThisStation, frame.Span, networkInterface);
            return;
        }
        if (view.Source.IsGroup)
        {
            Drop(FrameDropReason.Malformed, frame.Span, networkInterface, PacketFlaw.ImpossibleAddress);
            return;
        }
        switch (view.Type)
        {
            case EtherType.Arp: ReceiveArp(networkInterface, view.Payload, frame.Span); break;
            case EtherType.Ipv4 or EtherType.Ipv6: ReceiveIp(networkInterface, frame, EthernetView.HeaderLength); break;
            default: Drop(FrameDropReason.UnknownEtherType, frame.Span, networkInterface); break;
        }
    }

    private void ReceiveArp(NetworkInterface networkInterface, ReadOnlySpan<byte> packet, ReadOnlySpan<byte> frame)
    {
        if (!ArpView.TryParse(packet, out var arp, out var flaw))
        {
            Drop(FrameDropReason.Malformed, frame, networkInterface, flaw);
            return;
        }
        var (sender, hardware) = (arp.Sender, arp.SenderHardware);
        if (hardware.IsGroup || hardware.IsZero || AddressRules.IsMulticast(sender) || AddressRules.IsLoopback(sender) || networkInterface.Has(sender))
        {
            Drop(FrameDropReason.MartianAddress, frame, networkInterface, PacketFlaw.ImpossibleAddress);
            return;
        }
        var isForUs = networkInterface.Has(arp.Target);
        if (!AddressRules.IsUnspecified(sender))
        {
            // RFC 826, "packet reception": a known pair is updated; a new one is kept only when the question was for us.
            if (_neighbors.TryFind(networkInterface, sender, out var known))
            {
                Learn(known, hardware, confirmed: arp.Operation == ArpOperation.Reply && isForUs);
            }
            else if (isForUs) { Learn(AddNeighbor(networkInterface, sender), hardware, confirmed: false); }
        }
        if (isForUs && arp.Operation == ArpOperation.Request)
        {
            SendArp(networkInterface, ArpOperation.Reply, hardware, hardware, arp.Target, sender);
        }
    }

    private void SendArp(
        NetworkInterface networkInterface, ArpOperation operation, MacAddress to, MacAddress targetHardware, IpAddress sender,
        IpAddress target)
    {
        var frame = _frames.Rent(ArpView.Length);
        ArpWriter.Seal(frame.Span, operation, networkInterface.Hardware, sender, targetHardware, target);
        SendEthernet(networkInterface, frame, to, EtherType.Arp);
    }

    /// <summary>Hands a packet to a link, for a next hop that is on it. Takes over the caller's hold on the frame.</summary>
    private void SendOnLink(NetworkInterface networkInterface, IpAddress nextHop, Frame packet)
    {
        if (!networkInterface.IsUp)
        {
            Drop(FrameDropReason.InterfaceDown, packet.Span, null, outbound: networkInterface);
            packet.Release();
            return;
        }
        if (networkInterface.Kind == LinkKind.Loopback)
        {
            networkInterface.FramesSent++;
            _looped.Enqueue(packet);
            return;
        }
        if (networkInterface.Kind == LinkKind.RawIp)
        {
            networkInterface.FramesSent++;
            _outgoing.Enqueue((networkInterface, packet));
            return;
        }
        var type = nextHop.IsV4 ? EtherType.Ipv4 : EtherType.Ipv6;
        if (AddressRules.IsMulticast(nextHop))
        {
            SendEthernet(
                networkInterface, packet,
                nextHop.IsV4 ? MacAddress.ForIpv4Multicast((uint)nextHop.Bits) : MacAddress.ForIpv6Multicast(nextHop.Bits), type);
        }
        else if (nextHop.IsV4 && (AddressRules.IsLimitedBroadcast(nextHop) || networkInterface.IsSubnetBroadcast((uint)nextHop.Bits)))
        {
            SendEthernet(networkInterface, packet, MacAddress.Broadcast, type);
        }
        else { SendToNeighbor(networkInterface, nextHop, packet, type); }
    }

    private void SendToNeighbor(NetworkInterface networkInterface, IpAddress nextHop, Frame packet, EtherType type)
    {
        if (!_neighbors.TryFind(networkInterface, nextHop, out var neighbor))
        {
            neighbor = AddNeighbor(networkInterface, nextHop);
            neighbor.TryQueue(packet, out _);
            Solicit(neighbor);
            return;
        }
        _neighbors.Touch(neighbor);
        if (neighbor.State == NeighborState.Incomplete)
        {
            if (!neighbor.TryQueue(packet, out var oldest))
            {
                Drop(FrameDropReason.NeighborQueueFull, oldest!.Span, null, outbound: networkInterface);
                oldest.Release();
            }
            return;
        }
        if (neighbor.State == NeighborState.Reachable && _now > neighbor.ReachableUntil) { neighbor.State = NeighborState.Stale; }
        if (neighbor.State == NeighborState.Stale)
        {
            neighbor.State = NeighborState.Delay;
            _deadlines.Set(neighbor, _now + DelayFirstProbe);
        }
        SendEthernet(networkInterface, packet, neighbor.Hardware, type);
    }

    private void SendEthernet(NetworkInterface networkInterface, Frame packet, MacAddress to, EtherType type)
    {
        // What the host says of itself (ARP, advertisements) comes here without a look at the route.
        if (!networkInterface.IsRunning)
        {
            Drop(FrameDropReason.InterfaceDown, packet.Span, null, outbound: networkInterface);
            packet.Release();
            return;
        }
        EthernetWriter.Seal(packet.Prepend(EthernetView.HeaderLength), to, networkInterface.Hardware, type);
        networkInterface.FramesSent++;
        _outgoing.Enqueue((networkInterface, packet));
    }

    private Neighbor AddNeighbor(NetworkInterface networkInterface, IpAddress address)
    {
        var added = _neighbors.Add(networkInterface, address, out var evicted);
        if (evicted is not null) { Forget(evicted); }
        return added;
    }

    private void Forget(Neighbor neighbor)
    {
        _deadlines.Set(neighbor, Firstbyte.Tracing.Instant.Never);
        if (!neighbor.Hardware.IsZero) { Listener?.OnNeighbor(neighbor, RowChange.Removed); }
        while (neighbor.TryTakePending(out var packet))
        {
            Drop(FrameDropReason.NeighborUnreachable, packet.Span, null, outbound: neighbor.Interface);
            packet.Release();
        }
    }

    private void Solicit(Neighbor neighbor)
    {
        neighbor.Solicitations++;
        _deadlines.Set(neighbor, _now + SolicitationInterval);
        var networkInterface = neighbor.Interface;
        var isKnown = !neighbor.Hardware.IsZero;
        if (neighbor.Address.IsV4)
        {
            var source = FindAddress(networkInterface, neighbor.Address);
            SendArp(networkInterface, ArpOperation.Request, isKnown ? neighbor.Hardware : MacAddress.Broadcast, default, source, neighbor.Address);
            return;
        }
        var own = FindAddress(networkInterface, neighbor.Address);
        var to = isKnown ? neighbor.Address : IpAddress.FromV6(AddressRules.SolicitedNode(neighbor.Address.Bits));
        var frame = _frames.Rent(NdpWriter.NeighborLength);
        NdpWriter.SealSolicitation(frame.Span, neighbor.Address.Bits, networkInterface.Hardware, own.Bits, to.Bits);
        SendNdp(networkInterface, frame, own, to, isKnown ? neighbor.Hardware : MacAddress.ForIpv6Multicast(to.Bits));
    }

    private void SendNdp(NetworkInterface networkInterface, Frame message, IpAddress source, IpAddress destination, MacAddress hardware)
    {
        message.Prepend(Ipv6View.HeaderLength);
        Ipv6Writer.Seal(message.Span, new Ipv6Header(source.Bits, destination.Bits, IpProtocol.Icmpv6) { HopLimit = 255 });
        SendEthernet(networkInterface, message, hardware, EtherType.Ipv6);
    }

    private void SendAdvertisement(NetworkInterface networkInterface, IpAddress target, IpAddress to, bool solicited)
    {
        var frame = _frames.Rent(NdpWriter.NeighborLength);
        NdpWriter.SealAdvertisement(frame.Span, target.Bits, networkInterface.Hardware, Settings.IsRouter, solicited, true, target.Bits, to.Bits);
        if (AddressRules.IsMulticast(to)) { SendNdp(networkInterface, frame, target, to, MacAddress.ForIpv6Multicast(to.Bits)); return; }
        frame.Prepend(Ipv6View.HeaderLength);
        Ipv6Writer.Seal(frame.Span, new Ipv6Header(target.Bits, to.Bits, IpProtocol.Icmpv6) { HopLimit = 255 });
        SendOnLink(networkInterface, to, frame);
    }

    private void ReceiveNdp(NetworkInterface networkInterface, in NdpView ndp, IpAddress source, IpAddress destination)
    {
        switch (ndp.Type)
        {
            case Icmpv6Type.NeighborSolicitation: OnSolicitation(networkInterface, ndp, source); break;
            case Icmpv6Type.NeighborAdvertisement: OnAdvertisement(networkInterface, ndp, destination); break;
            case Icmpv6Type.RouterSolicitation: OnRouterSolicitation(networkInterface, ndp, source); break;
            case Icmpv6Type.RouterAdvertisement: OnRouterAdvertisement(networkInterface, ndp, source); break;
            default: break;
        }
    }

    private void OnSolicitation(NetworkInterface networkInterface, in NdpView ndp, IpAddress source)
    {
        var target = IpAddress.FromV6(ndp.Target);
        if (!networkInterface.Has(target)) { return; }
        if (AddressRules.IsUnspecified(source))
        {
            // Somebody is about to take our address (RFC 4862 section 5.4.3): all nodes are told whose it is.
            SendAdvertisement(networkInterface, target, IpAddress.FromV6(AddressRules.AllNodes), solicited: false);
            return;
        }
        if (TryFindLinkLayer(ndp, NdpOptionType.SourceLinkLayer, out var hardware))
        {
            if (!_neighbors.TryFind(networkInterface, source, out var neighbor)) { neighbor = AddNeighbor(networkInterface, source); }
            Learn(neighbor, hardware, confirmed: false);
        }
        SendAdvertisement(networkInterface, target, source, solicited: true);
    }

    // RFC 4861 section 7.2.5: an advertisement that nobody asked for makes no new row.
    private void OnAdvertisement(NetworkInterface networkInterface, in NdpView ndp, IpAddress destination)
    {
        var target = IpAddress.FromV6(ndp.Target);
        if (networkInterface.Has(target) || !_neighbors.TryFind(networkInterface, target, out var neighbor)) { return; }
        // A solicited advertisement goes to one station; anything else is a lie.
        var solicited = ndp.IsSolicited && !AddressRules.IsMulticast(destination);
        if (!TryFindLinkLayer(ndp, NdpOptionType.TargetLinkLayer, out var hardware))
        {
            if (neighbor.State == NeighborState.Incomplete) { return; }
            hardware = neighbor.Hardware;
        }
        var isNew = neighbor.State == NeighborState.Incomplete;
        if (!isNew && !ndp.IsOverride && hardware != neighbor.Hardware)
        {
            if (neighbor.State == NeighborState.Reachable) { neighbor.State = NeighborState.Stale; }
            return;
        }
        neighbor.IsRouter = ndp.IsRouter;
        Learn(neighbor, hardware, solicited);
    }

    private static bool TryFindLinkLayer(in NdpView ndp, NdpOptionType type, out MacAddress address)
    {
        var options = ndp.Options;
        while (options.Read())
        {
            if (options.Type == type && !options.LinkLayerAddress.IsGroup && !options.LinkLayerAddress.IsZero)
            {
                address = options.LinkLayerAddress;
                return true;
            }
        }
        address = default;
        return false;
    }

    private void Learn(Neighbor neighbor, MacAddress hardware, bool confirmed)
    {
        var isChanged = neighbor.Hardware != hardware;
        var isNew = neighbor.Hardware.IsZero;
        neighbor.Hardware = hardware;
        if (confirmed)
        {
            neighbor.State = NeighborState.Reachable;
            neighbor.ReachableUntil = _now + ReachableTime;
            neighbor.Solicitations = 0;
            _deadlines.Set(neighbor, Firstbyte.Tracing.Instant.Never);
        }
        else if (isChanged || neighbor.State == NeighborState.Incomplete)
        {
            neighbor.State = NeighborState.Stale;
            neighbor.Solicitations = 0;
            _deadlines.Set(neighbor, Firstbyte.Tracing.Instant.Never);
        }
        if (isChanged) { Listener?.OnNeighbor(neighbor, isNew ? RowChange.Added : RowChange.Changed); }
        while (neighbor.TryTakePending(out var packet))
        {
            SendToNeighbor(neighbor.Interface, neighbor.Address, packet, neighbor.Address.IsV4 ? EtherType.Ipv4 : EtherType.Ipv6);
        }
    }

    internal void OnNeighborDeadline(Neighbor neighbor)
    {
        if (neighbor.State == NeighborState.Delay)
        {
            neighbor.State = NeighborState.Probe;
            neighbor.Solicitations = 0;
        }
        if (neighbor.Solicitations < MaxSolicitations)
        {
            Solicit(neighbor);
            return;
        }
        _neighbors.Remove(neighbor);
        if (!neighbor.Hardware.IsZero) { Listener?.OnNeighbor(neighbor, RowChange.Removed); }
        while (neighbor.TryTakePending(out var packet))
        {
            Drop(FrameDropReason.NeighborUnreachable, packet.Span, null, outbound: neighbor.Interface);
            ReportUnreachableHost(neighbor.Interface, packet);
            packet.Release();
        }
    }
}
