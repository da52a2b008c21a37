using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Packets;
using Firstbyte.Routing.Nat;

namespace Firstbyte.Hosts;

// IPv4 and IPv6: what is for this host, what is sent on, and how packets of its own leave.
public sealed partial class HostStack
{
    private readonly PathMtuCache _pathMtus = new();
    private ushort _identification;

    /// <summary>The own address from which packets to a destination are sent; none when there is no way there.</summary>
    public IpAddress SourceFor(IpAddress destination) =>
        Owns(destination) ? AddressRules.WithoutZone(destination)
        : TryRoute(destination, out var way) ? FindAddress(way.Interface, destination.IsV4 ? way.NextHop : destination) : default;

    private void ReceiveIp(NetworkInterface inbound, Frame frame, int start)
    {
        var bytes = (ReadOnlySpan<byte>)frame.Span[start..];
        if (!bytes.IsEmpty && bytes[0] >> 4 == 6) { ReceiveIpv6(inbound, frame, start, bytes); }
        else { ReceiveIpv4(inbound, frame, start, bytes); }
    }

    private void ReceiveIpv4(NetworkInterface inbound, Frame frame, int start, ReadOnlySpan<byte> bytes)
    {
        if (!Ipv4View.TryParse(bytes, out var packet, out var flaw)) { Drop(FrameDropReason.Malformed, bytes, inbound, flaw); return; }
        if (!packet.IsChecksumValid) { Drop(FrameDropReason.Malformed, bytes, inbound, PacketFlaw.WrongChecksum); return; }
        var (source, destination) = (packet.Source, packet.Destination);
        if (IsMartian(inbound, source, destination)) { Drop(FrameDropReason.MartianAddress, packet.Packet, inbound, PacketFlaw.ImpossibleAddress); return; }
        if (packet.HeaderLength > Ipv4View.MinHeaderLength && !TryCheckOptions(packet, inbound)) { return; }
        var isBroadcast = AddressRules.IsLimitedBroadcast(destination) || inbound.IsSubnetBroadcast((uint)destination.Bits);
        if (isBroadcast || (AddressRules.IsMulticast(destination) ? inbound.Hears(destination, Settings.IsRouter) : Owns(destination)))
        {
            if (_hook is not null && !isBroadcast && _hook.TryTakeArrived(inbound, packet)) { return; }
            if (packet.IsFragment) { ReceiveFragment(inbound, packet); return; }
            Deliver(new IpPacket(
                inbound, frame, start, packet.Packet, packet.HeaderLength, source, destination, packet.Protocol, packet.TimeToLive,
                packet.PseudoHeaderSum)
            { IsToMany = isBroadcast || AddressRules.IsMulticast(destination) });
            return;
        }
        if (!Settings.IsRouter || AddressRules.IsMulticast(destination)) { Drop(FrameDropReason.NotForThisHost, packet.Packet, inbound); return; }
        ForwardIpv4(inbound, packet);
    }

    private void ReceiveIpv6(NetworkInterface inbound, Frame frame, int start, ReadOnlySpan<byte> bytes)
    {
        if (!Ipv6View.TryParse(bytes, out var packet, out var flaw)) { Drop(FrameDropReason.Malformed, bytes, inbound, flaw); return; }
        var (source, destination) = (packet.Source, packet.Destination);
        if (IsMartian(inbound, source, destination)) { Drop(FrameDropReason.MartianAddress, packet.Packet, inbound, PacketFlaw.ImpossibleAddress); return; }
        var isMulticast = AddressRules.IsMulticast(destination);
        if (isMulticast ? !inbound.Hears(destination, Settings.IsRouter) : !Owns(destination))
        {
            if (!Settings.IsRouter || isMulticast) { Drop(FrameDropReason.NotForThisHost, packet.Packet, inbound); return; }
            ForwardIpv6(inbound, packet);
            return;
        }
        if (packet.UnrecognizedOptionOffset != 0)
        {
            Drop(FrameDropReason.UnrecognizedOption, packet.Packet, inbound, PacketFlaw.UnrecognizedOption);
            if (packet.UnrecognizedOptionAction == 2 || (packet.UnrecognizedOptionAction == 3 && !isMulticast))
            {
                SendIcmpv6Error(
                    inbound, packet.Packet, source, destination, Icmpv6Type.ParameterProblem, 2, (uint)packet.UnrecognizedOptionOffset,
                    toMany: true);
            }
            return;
        }
        if (packet.RoutingHeaderOffset != 0)
        {
            // A routing header of an unknown type with segments left (RFC 8200 section 4.4); type 0 is dead (RFC 5095).
            Drop(FrameDropReason.SourceRoute, packet.Packet, inbound);
            SendIcmpv6Error(inbound, packet.Packet, source, destination, Icmpv6Type.ParameterProblem, 0, (uint)packet.RoutingHeaderOffset + 2);
            return;
        }
        if (packet.IsFragment) { ReceiveFragment(inbound, packet); return; }
        Deliver(new IpPacket(inbound, frame, start, packet.Packet, packet.PayloadOffset, source, destination, packet.Protocol, packet.HopLimit,
            packet.PseudoHeaderSum(packet.Protocol, packet.Packet.Length - packet.PayloadOffset))
        { IsToMany = isMulticast, ProtocolPointer = packet.ProtocolPointer });
    }

    // RFC 1812 section 5.3.7 and RFC 4291 section 2.5: sources that no packet from a wire can have. A packet from the own address to the
    // own address ("land") is among them.
    private bool IsMartian(NetworkInterface inbound, IpAddress source, IpAddress destination)
    {
        if (AddressRules.IsMulticast(source) || AddressRules.IsLimitedBroadcast(source)) { return true; }
        if (inbound.Kind == LinkKind.Loopback) { return false; }
        return AddressRules.IsLoopback(source) || AddressRules.IsLoopback(destination) || Owns(source)
            || (source.IsV4 && inbound.IsSubnetBroadcast((uint)source.Bits))
            || (AddressRules.IsUnspecified(destination));
    }

    private bool TryCheckOptions(in Ipv4View packet, NetworkInterface inbound)
    {
        var options = new OptionReader(packet.Options);
        while (options.Read())
        {
            // Loose and strict source routes (RFC 791 section 3.1).
            if (options.Kind is not (131 or 137)) { continue; }
            Drop(FrameDropReason.SourceRoute, packet.Packet, inbound);
            SendIcmpError(
                inbound, packet.Packet, packet.Source, packet.Destination, IcmpType.DestinationUnreachable,
                (byte)IcmpUnreachableCode.SourceRouteFailed, 0);
            return false;
        }
        if (options.Flaw == PacketFlaw.None) { return true; }
        Drop(FrameDropReason.Malformed, packet.Packet, inbound, options.Flaw);
        return false;
    }

    private void Deliver(in IpPacket packet)
    {
        switch (packet.Protocol)
        {
            case IpProtocol.Tcp: ReceiveTcp(packet); break;
            case IpProtocol.Udp: ReceiveUdp(packet); break;
            case IpProtocol.Icmp when packet.Source.IsV4: ReceiveIcmp(packet); break;
            case IpProtocol.Icmpv6 when packet.Source.IsV6: ReceiveIcmpv6(packet); break;
            case IpProtocol.NoNextHeader when packet.Source.IsV6: break;
            default:
                Drop(FrameDropReason.UnknownProtocol, packet.Bytes, packet.Inbound);
                if (packet.Source.IsV4) { SendIcmpError(packet, IcmpType.DestinationUnreachable, (byte)IcmpUnreachableCode.Protocol, 0); }
                else { SendIcmpv6Error(packet, Icmpv6Type.ParameterProblem, 1, (uint)packet.ProtocolPointer); }
                break;
        }
    }

    /// <summary>
    /// Sends a packet on. Takes over the caller's hold on the translated copy, if there is one; what is told to its sender is about the
    /// packet as it came.
    /// </summary>
    internal void ForwardIpv4(NetworkInterface inbound, in Ipv4View packet, Frame? translated = null, NatRow? translation = null)
    {
        var destination = translated is null ? packet.Destination : IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(translated.Span[16..]));
        if (!TryFindWay(inbound, packet, destination, out var way)
            || (_hook is not null && !_hook.TryForward(inbound, way.Interface, packet, ref translated, ref translation)))
        {
            translated?.Release();
            return;
        }
        var copy = translated ?? _frames.Copy(packet.Packet);
        Ipv4Writer.DecrementTimeToLive(copy.Span);
        if (Listener is not null) { TellSent(FrameVerdict.Forwarded, inbound, way, copy.Span, translation); }
        if (copy.Length > way.Interface.Mtu) { SendIpv4Fragments(way.Interface, way.NextHop, copy); }
        else { SendOnLink(way.Interface, way.NextHop, copy); }
    }

    private bool TryFindWay(NetworkInterface inbound, in Ipv4View packet, IpAddress destination, out Way way)
    {
        way = default;
        if (packet.TimeToLive <= 1)
        {
            Drop(FrameDropReason.HopsExceeded, packet.Packet, inbound);
            SendIcmpError(inbound, packet.Packet, packet.Source, packet.Destination, IcmpType.TimeExceeded, 0, 0);
            return false;
        }
        if (!Routes.TryMatch(destination, out var row, out var route) || route.Interface.Kind == LinkKind.Loopback)
        {
            Drop(FrameDropReason.NoRoute, packet.Packet, inbound);
            SendIcmpError(inbound, packet.Packet, packet.Source, packet.Destination, IcmpType.DestinationUnreachable, (byte)IcmpUnreachableCode.Network, 0);
            return false;
        }
        var outbound = route.Interface;
        if (outbound.IsSubnetBroadcast((uint)destination.Bits))
        {
            // Directed broadcasts are not sent on (RFC 2644).
            Drop(FrameDropReason.NotForThisHost, packet.Packet, inbound, outbound: outbound, row: row);
            return false;
        }
        if (packet.TotalLength > outbound.Mtu && packet.DontFragment)
        {
            Drop(FrameDropReason.TooBig, packet.Packet, inbound, outbound: outbound, row: row);
            SendIcmpError(
                inbound, packet.Packet, packet.Source, packet.Destination, IcmpType.DestinationUnreachable,
                (byte)IcmpUnreachableCode.FragmentationNeeded, (uint)outbound.Mtu);
            return false;
        }
        way = new Way(outbound, route.Gateway.Version == IpVersion.None ? destination : route.Gateway, row, route);
        return true;
    }

    private void ForwardIpv6(NetworkInterface inbound, in Ipv6View packet)
    {
        var (source, destination) = (packet.Source, packet.Destination);
        if (packet.HopLimit <= 1)
        {
            Drop(FrameDropReason.HopsExceeded, packet.Packet, inbound);
            SendIcmpv6Error(inbound, packet.Packet, source, destination, Icmpv6Type.TimeExceeded, 0, 0);
            return;
        }
        if (AddressRules.IsLinkLocal(source) || AddressRules.IsLinkLocal(destination) || AddressRules.IsUnspecified(source))
        {
            Drop(FrameDropReason.MartianAddress, packet.Packet, inbound, PacketFlaw.ImpossibleAddress);
            if (!AddressRules.IsUnspecified(source))
            {
                SendIcmpv6Error(
                    inbound, packet.Packet, source, destination, Icmpv6Type.DestinationUnreachable,
                    (byte)Icmpv6UnreachableCode.BeyondScope, 0);
            }
            return;
        }
        if (!Routes.TryMatch(destination, out var row, out var route) || route.Interface.Kind == LinkKind.Loopback)
        {
            Drop(FrameDropReason.NoRoute, packet.Packet, inbound);
            SendIcmpv6Error(inbound, packet.Packet, source, destination, Icmpv6Type.DestinationUnreachable, (byte)Icmpv6UnreachableCode.NoRoute, 0);
            return;
        }
        var outbound = route.Interface;
        if (packet.Packet.Length > outbound.Mtu)
        {
            Drop(FrameDropReason.TooBig, packet.Packet, inbound, outbound: outbound, row: row);
            SendIcmpv6Error(inbound, packet.Packet, source, destination, Icmpv6Type.PacketTooBig, 0, (uint)outbound.Mtu);
            return;
        }
        var copy = _frames.Copy(packet.Packet);
        Ipv6Writer.DecrementHopLimit(copy.Span);
        var nextHop = route.Gateway.Version == IpVersion.None ? destination : route.Gateway;
        if (Listener is not null) { TellSent(FrameVerdict.Forwarded, inbound, new Way(outbound, nextHop, row, route), copy.Span); }
        SendOnLink(outbound, nextHop, copy);
    }

    /// <summary>Sends a transport packet of this host's own. Takes over the caller's hold on the frame.</summary>
    private Errno SendPacket(Frame frame, IpAddress source, IpAddress destination, IpProtocol protocol, byte hopLimit, bool dontFragment)
    {
        if (!TryRoute(destination, out var way))
        {
            Drop(FrameDropReason.NoRoute, frame.Span, null);
            frame.Release();
            return Errno.ENETUNREACH;
        }
        var headerLength = destination.IsV4 ? Ipv4View.MinHeaderLength : Ipv6View.HeaderLength;
        var longest = destination.IsV4 ? ushort.MaxValue - headerLength : ushort.MaxValue;
        var mtu = _pathMtus.Find(destination, way.Interface.Mtu, _now);
        var isTooLong = frame.Length + headerLength > mtu;
        if (frame.Length > longest || (isTooLong && dontFragment))
        {
            Drop(FrameDropReason.TooBig, frame.Span, null, outbound: way.Interface, row: way.Row);
            frame.Release();
            return Errno.EMSGSIZE;
        }
        hopLimit = hopLimit == 0 ? Settings.HopLimit : hopLimit;
        if (destination.IsV4)
        {
            frame.Prepend(headerLength);
            Ipv4Writer.Seal(
                frame.Span, new Ipv4Header(
                    (uint)source.Bits, (uint)destination.Bits, protocol)
                {
                    Identification = _identification++,
                    TimeToLive = hopLimit,
                    DontFragment = dontFragment
                });
            if (Listener is not null) { TellSent(FrameVerdict.Sent, null, way, frame.Span); }
            if (isTooLong) { SendIpv4Fragments(way.Interface, way.NextHop, frame, mtu); }
            else { SendOnLink(way.Interface, way.NextHop, frame); }
            return Errno.None;
        }
        var header = new Ipv6Header(source.Bits, destination.Bits, protocol) { HopLimit = hopLimit };
        if (isTooLong)
        {
            SendIpv6Fragments(way.Interface, way.NextHop, frame, header, mtu);
            return Errno.None;
        }
        frame.Prepend(headerLength);
        Ipv6Writer.Seal(frame.Span, header);
        if (Listener is not null) { TellSent(FrameVerdict.Sent, null, way, frame.Span); }
        SendOnLink(way.Interface, way.NextHop, frame);
        return Errno.None;
    }

    private bool TryRoute(IpAddress destination, out Way way)
    {
        if (Owns(destination))
        {
            way = new Way(Loopback, AddressRules.WithoutZone(destination), default, default);
            return true;
        }
        if (AddressRules.IsLinkLocal(destination) || AddressRules.IsMulticast(destination) || AddressRules.IsLimitedBroadcast(destination))
        {
            // Such addresses mean nothing without a link: the zone names it, else it is the first that has neighbours.
            foreach (var candidate in _interfaces)
            {
                if (candidate.Kind == LinkKind.Loopback || (destination.Zone is { } zone && zone != candidate.Name)) { continue; }
                way = new Way(candidate, AddressRules.WithoutZone(destination), default, default);
                return true;
            }
            way = default;
            return false;
        }
        if (!Routes.TryMatch(destination, out var row, out var route))
        {
            way = default;
            return false;
        }
        way = new Way(route.Interface, route.Gateway.Version == IpVersion.None ? destination : route.Gateway, row, route);
        return true;
    }

    // The address in the same subnet, else the first of the version, link-local ones last (a small part of RFC 6724).
    internal static IpAddress FindAddress(NetworkInterface networkInterface, IpAddress nextHop)
    {
        var found = default(IpAddress);
        foreach (ref readonly var own in networkInterface.Own)
        {
            if (own.Address.Version != nextHop.Version) { continue; }
            if (own.Prefix.Contains(nextHop)) { return own.Address; }
            if (found.Version == IpVersion.None || AddressRules.IsLinkLocal(found)) { found = own.Address; }
        }
        return found;
    }
}

/// <summary>A packet for this host whose IP header has been read.</summary>
internal readonly ref struct IpPacket
{
    public IpPacket(
        NetworkInterface inbound, Frame frame, int start, ReadOnlySpan<byte> bytes, int payloadOffset, IpAddress source,
        IpAddress destination, IpProtocol protocol, byte hopLimit, ulong pseudoHeaderSum)
    {
        Inbound = inbound;
        Frame = frame;
        PayloadStart = start + payloadOffset;
        Bytes = bytes;
        Payload = bytes[payloadOffset..];
        Source = source;
        Destination = destination;
        Protocol = protocol;
        HopLimit = hopLimit;
        PseudoHeaderSum = pseudoHeaderSum;
    }

    public NetworkInterface Inbound { get; }

    /// <summary>The frame that holds it, to be kept by whoever keeps the payload.</summary>
    public Frame Frame { get; }

    /// <summary>Where the payload stands in the frame.</summary>
    public int PayloadStart { get; }

    /// <summary>From the IP header on.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public IpAddress Source { get; }

    public IpAddress Destination { get; }

    public IpProtocol Protocol { get; }

    public byte HopLimit { get; }

    /// <summary>For a transport packet that fills the payload.</summary>
    public ulong PseudoHeaderSum { get; }

    /// <summary>It went to a broadcast or multicast address.</summary>
    public bool IsToMany { get; init; }

    public int ProtocolPointer { get; init; }
}
