using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Routing.Rip;

namespace Firstbyte.Hosts.Rip;

/// <summary>Learns routes from the routers of a host's links and tells them its own: RIPv2 (RFC 2453) for IPv4, RIPng (RFC 2080) for IPv6.</summary>
/// <remarks>
/// The machine that decides is <see cref="DistanceVector"/>; here are its packets, and its routes in the table. Rows that have another
/// origin are told and never replaced.
/// </remarks>
public sealed class RipProgram : HostProgram
{
    private readonly IpVersion _version;
    private readonly NetworkInterface[] _links;
    private readonly RipSettings _settings;
    private readonly List<RipEffect> _effects = [];
    private readonly HashSet<NetworkInterface> _spoken = [];
    private DistanceVector _machine;
    private ProgramTimer? _timer;

    /// <summary>Speaks a version on these links; those that have no address of the version are left out.</summary>
    public RipProgram(IpVersion version, IReadOnlyList<NetworkInterface> links, RipSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(links);
        _version = version;
        _links = [.. links];
        _settings = settings ?? new RipSettings();
        _machine = new DistanceVector(_settings);
    }

    /// <summary>How far it thinks networks are.</summary>
    public IEnumerable<RipRoute> Routes => _machine.Routes;

    private bool IsV6 => _version == IpVersion.V6;

    private ushort SpokenPort => (ushort)(IsV6 ? RipView.PortV6 : RipView.Port);

    /// <inheritdoc/>
    protected override void OnStart()
    {
        if (!Port.Settings.IsRouter) { throw new InvalidOperationException("only a router speaks RIP"); }
        _timer = Port.NewTimer(() => Step(new DeadlineReached()), isHousekeeping: true);
        foreach (var (prefix, route) in Port.Routes.Rows) { Tell(prefix, route, isGone: false); }
        foreach (var link in _links)
        {
            if (link.Kind != LinkKind.Ethernet || HostPort.AddressTowards(link, RipView.Group(IsV6)).Version == IpVersion.None
                || !_spoken.Add(link))
            {
                continue;
            }
            Port.Listen(_version, SpokenPort, link);
            Port.Join(link, RipView.Group(IsV6));
            if (link.IsRunning) { Step(new LinkJoined(link.Index)); }
        }
    }

    /// <inheritdoc/>
    protected override void OnStop(bool isSudden)
    {
        // Whatever was learned is forgotten. Nobody is told: the routes time out at the neighbours.
        _machine = new DistanceVector(_settings);
        _spoken.Clear();
        foreach (var (prefix, route) in Port.Routes.Rows.ToArray())
        {
            if (route.Origin == RouteOrigin.Rip && prefix.Network.IsV6 == IsV6) { Port.RemoveRoute(prefix); }
        }
    }

    /// <inheritdoc/>
    protected internal override void OnRoute(IpPrefix prefix, in Route route, RowChange change) => Tell(prefix, route, change == RowChange.Removed);

    /// <inheritdoc/>
    protected internal override void OnInterface(NetworkInterface networkInterface)
    {
        if (_spoken.Contains(networkInterface))
        {
            Step(networkInterface.IsRunning ? new LinkJoined(networkInterface.Index) : new LinkLeft(networkInterface.Index));
        }
    }

    /// <inheritdoc/>
    protected internal override bool OnDatagram(in ProgramDatagram datagram)
    {
        var (inbound, source) = (datagram.Inbound, datagram.Source);
        if (!RipView.TryParse(datagram.Payload, IsV6, out var message, out var flaw))
        {
            datagram.Drop(FrameDropReason.Malformed, flaw);
            return true;
        }
        // Only the own link's routers are believed and answered: nobody farther away can have sent this (RFC 2453 section 3.9.2, RFC 2080 section 2.4.2).
        var isNeighbor = IsV6 ? AddressRules.IsLinkLocal(source.Address) && datagram.HopLimit == byte.MaxValue : IsOnLink(inbound, source.Address);
        var isResponse = message.Command == RipCommand.Response;
        if (!isNeighbor || (isResponse && source.Port != SpokenPort))
        {
            datagram.Drop(FrameDropReason.MartianAddress, PacketFlaw.ImpossibleAddress);
            return true;
        }
        datagram.Accept();
        if (isResponse)
        {
            Step(new ResponseArrived(inbound.Index, source.Address, ReadRoutes(inbound, message)));
            return true;
        }
        if (message.AsksForAll)
        {
            Step(new RequestArrived(inbound.Index, source, null));
            return true;
        }
        var prefixes = new List<IpPrefix>();
        var rows = message.Rows;
        while (rows.Read()) { prefixes.Add(rows.Route.Prefix); }
        if (prefixes.Count > 0) { Step(new RequestArrived(inbound.Index, source, prefixes)); }
        return true;
    }

    private void Tell(IpPrefix prefix, in Route route, bool isGone)
    {
        if (route.Origin == RouteOrigin.Rip || route.Interface.Kind == LinkKind.Loopback || prefix.Network.IsV6 != IsV6
            || AddressRules.IsLinkLocal(prefix.Network))
        {
            return;
        }
        // What is behind a translator is nobody's business outside.
        if (!IsV6 && Port.IsHidden(route.Interface)) { return; }
        Step(isGone ? new LocalRouteRemoved(prefix) : new LocalRouteAdded(prefix, route.Interface.Index));
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
        foreach (var own in networkInterface.Addresses)
        {
            if (own.Address.IsV4 && own.Prefix.Contains(address)) { return true; }
        }
        return false;
    }

    private void Step(RipInput input)
    {
        _machine.Handle(input, Port.Now, (uint)Port.NextRandom(), _effects);
        // What is done here makes no new effects: routes of this origin are not told back.
        foreach (var effect in _effects)
        {
            switch (effect)
            {
                case RouteLearned learned:
                    if (!Port.Routes.TryGet(learned.Prefix, out var known) || known.Origin == RouteOrigin.Rip)
                    {
                        Port.AddRoute(
                            learned.Prefix, new Route(Port.Interfaces[learned.Link], learned.Gateway, RouteOrigin.Rip, learned.Metric));
                    }
                    break;
                case RouteLost lost:
                    if (Port.Routes.TryGet(lost.Prefix, out known) && known.Origin == RouteOrigin.Rip) { Port.RemoveRoute(lost.Prefix); }
                    break;
                case AskForTables ask: SendRequest(Port.Interfaces[ask.Link]); break;
                case TellRoutes tell: SendRoutes(tell); break;
                default: throw new InvalidOperationException($"no effect of this kind: {effect}");
            }
        }
        _effects.Clear();
        _timer!.Set(_machine.NextDeadline);
    }

    private void SendRequest(NetworkInterface outbound)
    {
        Span<byte> payload = stackalloc byte[RipView.HeaderLength + RipView.RowLength];
        var message = new RipWriter(payload, IsV6, RipCommand.Request);
        message.AddRequestForAll();
        Send(outbound, payload, null);
    }

    private void SendRoutes(TellRoutes tell)
    {
        var most = IsV6 ? RipView.MaxRowsV6 : RipView.MaxRows;
        Span<byte> buffer = stackalloc byte[RipView.HeaderLength + most * RipView.RowLength];
        for (var at = 0; at < tell.Routes.Count; at += most)
        {
            var count = Math.Min(most, tell.Routes.Count - at);
            var payload = buffer[..(RipView.HeaderLength + count * RipView.RowLength)];
            var message = new RipWriter(payload, IsV6, RipCommand.Response);
            for (var i = at; i < at + count; i++) { message.Add(tell.Routes[i]); }
            Send(Port.Interfaces[tell.Link], payload, tell.To);
        }
    }

    private void Send(NetworkInterface outbound, ReadOnlySpan<byte> payload, Endpoint? answerTo)
    {
        var target = answerTo ?? new Endpoint(RipView.Group(IsV6), SpokenPort);
        // RIPng speaks by link-local addresses, with a hop limit that shows that nobody has passed it on (RFC 2080 section 2.5.2).
        var source = IsV6 ? IpAddress.FromV6(AddressRules.LinkLocal(outbound.Hardware)) : HostPort.AddressTowards(outbound, target.Address);
        // A group's packets stay on the link (RFC 1112 section 6.1: a time to live of 1).
        var hopLimit = IsV6 ? byte.MaxValue : answerTo is null ? (byte)1 : (byte)0;
        Port.SendOn(outbound, new Endpoint(source, SpokenPort), target, payload, hopLimit);
    }
}
