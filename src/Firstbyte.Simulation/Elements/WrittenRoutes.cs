using Firstbyte.Addressing;
using Firstbyte.Hosts;

namespace Firstbyte.Simulation.Elements;

/// <summary>
/// The routes that an administrator would write: routers know every subnet by the fewest routers in between, hosts know their own and
/// their gateways.
/// </summary>
/// <remarks>
/// What was written by hand (<see cref="NetworkNode.Routes"/>) stands before that. A router that speaks RIP is given its own links only,
/// and nobody outside an address translator is given a way to its inside.
/// </remarks>
internal static class WrittenRoutes
{
    public static void OfHost(SimulatedHost host, List<IpPrefix> destinations)
    {
        var stack = host.Bare.Stack;
        AddOnLink(host, destinations);
        var (hasV4, hasV6) = (false, false);
        foreach (var gateway in host.Gateways)
        {
            // The first gateway of a version counts.
            ref var has = ref gateway.IsV4 ? ref hasV4 : ref hasV6;
            if (has || PlugTowards(host, gateway) is not { } plug) { continue; }
            has = true;
            stack.AddDefaultRoute(plug.Interface, gateway);
        }
        AddByHand(stack, host);
    }

    public static void OfRouter(Router router, List<IpPrefix> destinations)
    {
        AddOnLink(router, destinations);
        var stack = router.Bare.Stack;
        if (!router.Settings.Rip)
        {
            // Breadth first over routers and the subnets between them: the first way found crosses the fewest routers.
            var reached = new HashSet<Subnet>(router.Plugs.Select(static plug => plug.Subnet));
            var seen = new HashSet<Router> { router };
            var next = new Queue<Step>();
            foreach (var plug in router.Plugs) { EnqueueNeighbors(plug.Subnet, seen, next, null); }
            while (next.TryDequeue(out var step))
            {
                foreach (var plug in step.Router.Plugs)
                {
                    if (!reached.Add(plug.Subnet)) { continue; }
                    plug.Subnet.ListDestinations(destinations);
                    foreach (var prefix in destinations)
                    {
                        if (prefix.Network.IsV6 || !step.IsTranslated) { AddVia(stack, router, prefix, step.First); }
                    }
                    EnqueueNeighbors(plug.Subnet, seen, next, step);
                }
            }
        }
        AddByHand(stack, router);
    }

    /// <summary>The node's plug in the subnet that an address belongs to, or null.</summary>
    public static Plug? PlugTowards(NetworkNode node, IpAddress address)
    {
        foreach (var plug in node.Plugs)
        {
            if (plug.Subnet.Contains(address)) { return plug; }
        }
        return null;
    }

    private static Plug PlugIn(Router router, Subnet subnet)
    {
        for (var i = 0; ; i++)
        {
            if (router.Plugs[i].Subnet == subnet) { return router.Plugs[i]; }
        }
    }

    private static void AddByHand(HostStack stack, NetworkNode node)
    {
        foreach (var route in node.Routes)
        {
            if (PlugTowards(node, route.Via) is not { } plug)
            {
                throw new ArgumentException(
                    $"{node.Name} has no plug in the subnet of {route.Via}, by which it should reach {route.Prefix}", nameof(node));
            }
            stack.AddRoute(route.Prefix, new Route(plug.Interface, route.Via));
        }
    }

    private static void EnqueueNeighbors(Subnet subnet, HashSet<Router> seen, Queue<Step> next, Step? before)
    {
        foreach (var plug in subnet.Plugs)
        {
            if (plug.Node is not Router neighbor || !seen.Add(neighbor)) { continue; }
            next.Enqueue(new Step(neighbor, before?.First ?? plug, before is { IsTranslated: true } || neighbor.Settings.NatOutside == subnet.Name));
        }
    }

    // A router on the way, the neighbour by which it is reached, and whether an address translator has been crossed from its outside: behind
    // it nobody has an IPv4 address that could be routed to. IPv6 is not translated.
    private sealed record Step(Router Router, Plug First, bool IsTranslated);

    private static void AddVia(HostStack stack, Router router, IpPrefix prefix, Plug first)
    {
        var own = PlugIn(router, first.Subnet);
        foreach (var gateway in first.Addresses)
        {
            if (gateway.Version != prefix.Network.Version) { continue; }
            stack.AddRoute(prefix, new Route(own.Interface, gateway));
            return;
        }
    }

    // What is on the own links: the subnets' prefixes and the hosts there whose addresses lie outside them.
    private static void AddOnLink(NetworkNode node, List<IpPrefix> destinations)
    {
        var stack = node.Bare.Stack;
        foreach (var plug in node.Plugs)
        {
            plug.Subnet.ListDestinations(destinations);
            // Without an address there nothing of the version is on the link; what is lent brings its row along.
            var isBorrowed = node is SimulatedHost host && host.Borrows(plug) && !plug.Addresses.Any(static address => address.IsV4);
            foreach (var prefix in destinations)
            {
                if (isBorrowed && prefix.Network.IsV4) { continue; }
                if (!stack.Owns(prefix.Network) || prefix.HostBits > 0) { stack.AddRoute(prefix, new Route(plug.Interface, default, RouteOrigin.Connected)); }
            }
        }
    }
}
