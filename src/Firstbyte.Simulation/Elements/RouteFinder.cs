using Firstbyte.Addressing;

namespace Firstbyte.Simulation;

internal enum RouteKind : byte
{
    Reachable,

    /// <summary>The host has no gateway for what lies outside its own subnets.</summary>
    NoGateway,

    /// <summary>No router knows a subnet with this address.</summary>
    NoNetwork,

    /// <summary>The subnet is known, but nobody has the address.</summary>
    NoHost,
}

internal readonly record struct Hop(Link Link, LinkDirection Direction);

/// <summary>The way of packets from one host to one address.</summary>
internal sealed class Route(RouteKind kind, Hop[] hops, SimulatedHost? destination)
{
    public RouteKind Kind => kind;

    /// <summary>The links on the way; for an unreachable address those to where it turned out to be so.</summary>
    public Hop[] Hops => hops;

    public SimulatedHost? Destination => destination;

    /// <summary>When the last piece of a stream that took this way arrives, in nanoseconds.</summary>
    public long LastSegmentAt { get; set; }
}

/// <summary>Finds ways through the plain model: breadth first over subnets, so the fewest routers win, the first added among equals.</summary>
internal static class RouteFinder
{
    public static Route Find(Internet internet, SimulatedHost host, IpAddress address)
    {
        var destination = internet.FindInterface(address);
        foreach (var own in host.Interfaces)
        {
            if (destination?.Subnet == own.Subnet) { return Deliver([new Hop(own.Link, own.Link.Up)], destination); }
            if (own.Subnet.Contains(address)) { return new Route(RouteKind.NoHost, [], null); }
        }
        if (FirstHop(internet, host, address.Version) is not { } first) { return new Route(RouteKind.NoGateway, [], null); }
        var start = new[] { new Hop(first.From.Link, first.From.Link.Up), new Hop(first.Gateway.Link, first.Gateway.Link.Down) };
        return FromRouter(first.Gateway, start, address, destination);
    }

    private static (NetworkInterface From, NetworkInterface Gateway)? FirstHop(Internet internet, SimulatedHost host, IpVersion version)
    {
        foreach (var address in host.Gateways)
        {
            if (address.Version != version || internet.FindInterface(address) is not { Node: Router } gateway) { continue; }
            foreach (var own in host.Interfaces)
            {
                if (own.Subnet == gateway.Subnet) { return (own, gateway); }
            }
        }
        return null;
    }

    private static Route FromRouter(NetworkInterface gateway, Hop[] start, IpAddress address, NetworkInterface? destination)
    {
        var seen = new List<Subnet> { gateway.Subnet };
        var queue = new Queue<(NetworkNode Router, Hop[] Hops)>();
        queue.Enqueue((gateway.Node, start));
        while (queue.TryDequeue(out var at))
        {
            if (!at.Router.IsUp) { continue; }
            foreach (var exit in at.Router.Interfaces)
            {
                if (destination is not null && destination.Subnet == exit.Subnet) { return Deliver([.. at.Hops, new Hop(exit.Link, exit.Link.Up)], destination); }
                if (destination is null && exit.Subnet.Contains(address)) { return new Route(RouteKind.NoHost, at.Hops, null); }
            }
            foreach (var exit in at.Router.Interfaces)
            {
                if (seen.Contains(exit.Subnet)) { continue; }
                seen.Add(exit.Subnet);
                foreach (var next in exit.Subnet.Interfaces)
                {
                    if (next.Node is Router && next.Node != at.Router) { queue.Enqueue((next.Node, [.. at.Hops, new Hop(exit.Link, exit.Link.Up), new Hop(next.Link, next.Link.Down)])); }
                }
            }
        }
        return new Route(RouteKind.NoNetwork, start, null);
    }

    private static Route Deliver(Hop[] hops, NetworkInterface destination) =>
        destination.Node is SimulatedHost host
            ? new Route(RouteKind.Reachable, [.. hops, new Hop(destination.Link, destination.Link.Down)], host)
            : new Route(RouteKind.NoHost, hops, null);
}
