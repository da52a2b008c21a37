using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Routing.Rip;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts;

// RIP: the packets of the distance-vector machine, and its routes in the table. The stack carries it as it carries DHCP: a program over
// sockets would need to know by which interface a datagram came and to send to a group by one, which the Socket library cannot say.
public sealed partial class HostStack
{
    private readonly List<RipSpeaker> _speakers = [];
    private readonly List<RipEffect> _ripEffects = [];

    /// <summary>Routers that speak it, one for each version: how far they think networks are.</summary>
    public IEnumerable<RipRoute> RipRoutes => _speakers.SelectMany(static speaker => speaker.Machine.Routes);

    /// <summary>Begins to learn routes from the routers of these links, and to tell them its own: RIPv2 for IPv4, RIPng for IPv6. Rows that have another origin are told and never replaced.</summary>
    public void StartRip(IpVersion version, IReadOnlyList<NetworkInterface> interfaces, Instant now, RipSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(interfaces);
        if (!Settings.IsRouter) { throw new InvalidOperationException("only a router speaks RIP"); }
        if (_speakers.Exists(other => other.IsV6 == (version == IpVersion.V6))) { throw new InvalidOperationException("the router speaks RIP already"); }
        _now = now;
        var speaker = new RipSpeaker(version == IpVersion.V6, new DistanceVector(settings ?? new RipSettings()));
        _speakers.Add(speaker);
        foreach (var (prefix, route) in Routes.Rows) { TellSpeaker(speaker, prefix, route, isGone: false); }
        foreach (var joined in interfaces)
        {
            if (joined.Kind != LinkKind.Ethernet || FindAddress(joined, RipView.Group(speaker.IsV6)).Version == IpVersion.None) { continue; }
            speaker.Links.Add(new RipLink(joined));
            joined.Join(RipView.Group(speaker.IsV6));
            Step(speaker, new LinkJoined(joined.Index));
        }
    }

    // Whatever was learned is forgotten, and nobody is told.
    private void StopRip()
    {
        foreach (var speaker in _speakers)
        {
            _deadlines.Set(speaker, Instant.Never);
            foreach (var link in speaker.Links) { link.Interface.Leave(RipView.Group(speaker.IsV6)); }
        }
        _speakers.Clear();
        foreach (var (prefix, route) in Routes.Rows.ToArray())
        {
            if (route.Origin == RouteOrigin.Rip) { RemoveRoute(prefix); }
        }
    }

    // A route of another origin has come or gone.
    private void TellSpeakers(IpPrefix prefix, in Route route, bool isGone)
    {
        foreach (var speaker in _speakers) { TellSpeaker(speaker, prefix, route, isGone); }
    }

    private void TellSpeaker(RipSpeaker speaker, IpPrefix prefix, in Route route, bool isGone)
    {
        if (route.Origin == RouteOrigin.Rip || route.Interface.Kind == LinkKind.Loopback || prefix.Network.IsV6 != speaker.IsV6 || AddressRules.IsLinkLocal(prefix.Network)) { return; }
        // What is behind a translator is nobody's business outside.
        if (!speaker.IsV6 && _outside is not null && route.Interface != _outside) { return; }
        Step(speaker, isGone ? new LocalRouteRemoved(prefix) : new LocalRouteAdded(prefix, route.Interface.Index));
    }

    private void OnRipDeadline(RipSpeaker speaker)
    {
        foreach (var link in speaker.Links)
        {
            if (link.WasUp == link.Interface.IsUp) { continue; }
            link.WasUp = link.Interface.IsUp;
            // The networks on it cannot be reached by this router while it is down.
            if (!link.WasUp) { Step(speaker, new LinkLeft(link.Interface.Index)); }
            foreach (var (prefix, route) in Routes.Rows)
            {
                if (route.Interface == link.Interface) { TellSpeaker(speaker, prefix, route, isGone: !link.WasUp); }
            }
            if (link.WasUp) { Step(speaker, new LinkJoined(link.Interface.Index)); }
        }
        Step(speaker, new DeadlineReached());
    }

    /// <summary>Takes a datagram for RIP's port. False when nobody speaks RIP on that link.</summary>
    private bool TryTakeRip(in IpPacket packet, in UdpView udp)
    {
        var isV6 = packet.Source.IsV6;
        var port = isV6 ? RipView.PortV6 : RipView.Port;
        if (udp.DestinationPort != port || _speakers.Find(other => other.IsV6 == isV6) is not { } speaker || !speaker.Speaks(packet.Inbound)) { return false; }
        if (!RipView.TryParse(udp.Payload, isV6, out var message, out var flaw)) { Drop(FrameDropReason.Malformed, packet.Bytes, packet.Inbound, flaw); return true; }
        // Only the own link's routers are believed and answered: nobody farther away can have sent this (RFC 2453 section 3.9.2, RFC 2080 section 2.4.2).
        var isNeighbor = isV6 ? AddressRules.IsLinkLocal(packet.Source) && packet.HopLimit == byte.MaxValue : IsOnLink(packet.Inbound, packet.Source);
        var isResponse = message.Command == RipCommand.Response;
        if (!isNeighbor || (isResponse && udp.SourcePort != port)) { Drop(FrameDropReason.MartianAddress, packet.Bytes, packet.Inbound, PacketFlaw.ImpossibleAddress); return true; }
        TellDelivered(packet);
        if (isResponse)
        {
            Step(speaker, new ResponseArrived(packet.Inbound.Index, packet.Source, ReadRoutes(packet.Inbound, message)));
            return true;
        }
        var from = new Endpoint(packet.Source, udp.SourcePort);
        if (message.AsksForAll) { Step(speaker, new RequestArrived(packet.Inbound.Index, from, null)); }
        else
        {
            var prefixes = new List<IpPrefix>();
            var rows = message.Rows;
            while (rows.Read()) { prefixes.Add(rows.Route.Prefix); }
            if (prefixes.Count > 0) { Step(speaker, new RequestArrived(packet.Inbound.Index, from, prefixes)); }
        }
        return true;
    }

    private static List<RipRoute> ReadRoutes(NetworkInterface inbound, in RipView message)
    {
        var routes = new List<RipRoute>();
        var rows = message.Rows;
        while (rows.Read())
        {
            // A next hop that is not on this link, or is this router, means the sender himself (RFC 2453 section 4.4).
            var route = rows.Route;
            var hasNextHop = route.NextHop.Version != IpVersion.None && !inbound.Has(route.NextHop) && (route.NextHop.IsV6 || IsOnLink(inbound, route.NextHop));
            routes.Add(hasNextHop ? route : route with { NextHop = default });
        }
        return routes;
    }

    private static bool IsOnLink(NetworkInterface networkInterface, IpAddress address)
    {
        foreach (ref readonly var own in networkInterface.Own)
        {
            if (own.Address.IsV4 && own.Prefix.Contains(address)) { return true; }
        }
        return false;
    }

    private void Step(RipSpeaker speaker, RipInput input)
    {
        speaker.Machine.Handle(input, _now, (uint)_random.Next(), _ripEffects);
        // What is done here makes no new effects: routes of this origin are not told back.
        foreach (var effect in _ripEffects)
        {
            switch (effect)
            {
                case RouteLearned learned:
                    if (!Routes.TryGet(learned.Prefix, out var known) || known.Origin == RouteOrigin.Rip) { AddRoute(learned.Prefix, new Route(_interfaces[learned.Link], learned.Gateway, RouteOrigin.Rip, learned.Metric)); }
                    break;
                case RouteLost lost:
                    if (Routes.TryGet(lost.Prefix, out known) && known.Origin == RouteOrigin.Rip) { RemoveRoute(lost.Prefix); }
                    break;
                case AskForTables ask: SendRipRequest(speaker, _interfaces[ask.Link]); break;
                case TellRoutes tell: SendRipRoutes(speaker, tell); break;
                default: throw new InvalidOperationException($"no effect of this kind: {effect}");
            }
        }
        _ripEffects.Clear();
        _deadlines.Set(speaker, speaker.Machine.NextDeadline);
    }

    private void SendRipRequest(RipSpeaker speaker, NetworkInterface outbound)
    {
        var frame = _frames.Rent(UdpView.HeaderLength + RipView.HeaderLength + RipView.RowLength);
        var message = new RipWriter(frame.Span[UdpView.HeaderLength..], speaker.IsV6, RipCommand.Request);
        message.AddRequestForAll();
        SendRip(speaker, outbound, frame, null);
    }

    private void SendRipRoutes(RipSpeaker speaker, TellRoutes tell)
    {
        var most = speaker.IsV6 ? RipView.MaxRowsV6 : RipView.MaxRows;
        for (var at = 0; at < tell.Routes.Count; at += most)
        {
            var count = Math.Min(most, tell.Routes.Count - at);
            var frame = _frames.Rent(UdpView.HeaderLength + RipView.HeaderLength + count * RipView.RowLength);
            var message = new RipWriter(frame.Span[UdpView.HeaderLength..], speaker.IsV6, RipCommand.Response);
            for (var i = at; i < at + count; i++) { message.Add(tell.Routes[i]); }
            SendRip(speaker, _interfaces[tell.Link], frame, tell.To);
        }
    }

    private void SendRip(RipSpeaker speaker, NetworkInterface outbound, Frame frame, Endpoint? answerTo)
    {
        var port = (ushort)(speaker.IsV6 ? RipView.PortV6 : RipView.Port);
        var to = answerTo ?? new Endpoint(RipView.Group(speaker.IsV6), port);
        // RIPng speaks by link-local addresses, with a hop limit that shows that nobody has passed it on (RFC 2080 section 2.5.2).
        var source = speaker.IsV6 ? IpAddress.FromV6(AddressRules.LinkLocal(outbound.Hardware)) : FindAddress(outbound, to.Address);
        UdpWriter.Seal(frame.Span, port, to.Port, source.Bits, to.Address.Bits);
        if (speaker.IsV6)
        {
            frame.Prepend(Ipv6View.HeaderLength);
            Ipv6Writer.Seal(frame.Span, new Ipv6Header(source.Bits, to.Address.Bits, IpProtocol.Udp) { HopLimit = byte.MaxValue });
        }
        else
        {
            frame.Prepend(Ipv4View.MinHeaderLength);
            // A group's packets stay on the link (RFC 1112 section 6.1: a time to live of 1).
            Ipv4Writer.Seal(frame.Span, new Ipv4Header((uint)source.Bits, (uint)to.Address.Bits, IpProtocol.Udp) { Identification = _identification++, TimeToLive = answerTo is null ? (byte)1 : Settings.HopLimit });
        }
        var way = new Way(outbound, to.Address, default, default);
        if (Listener is not null) { TellSent(FrameVerdict.Sent, null, way, frame.Span); }
        SendOnLink(outbound, to.Address, frame);
    }

    private sealed class RipLink(NetworkInterface networkInterface)
    {
        public NetworkInterface Interface { get; } = networkInterface;

        /// <summary>As the machine knows it; looked at whenever it is due, at the latest with the next update.</summary>
        public bool WasUp { get; set; } = true;
    }

    private sealed class RipSpeaker(bool isV6, DistanceVector machine) : HostTimer
    {
        public bool IsV6 { get; } = isV6;

        public DistanceVector Machine { get; } = machine;

        public List<RipLink> Links { get; } = [];

        public bool Speaks(NetworkInterface networkInterface) => Links.Exists(link => link.Interface == networkInterface);

        internal override bool IsHousekeeping => true;

        internal override void OnDeadline(HostStack stack) => stack.OnRipDeadline(this);
    }
}
