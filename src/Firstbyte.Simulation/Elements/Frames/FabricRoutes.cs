using Firstbyte.Addressing;
using Firstbyte.Hosts;

namespace Firstbyte.Simulation.Elements;

/// <summary>The routes that an administrator would write: routers know every subnet by the fewest routers in between, hosts know their own and their gateways.</summary>
internal static class FabricRoutes
{
    public static void OfHost(FrameFabric fabric, SimulatedHost host)
    {
        var stack = fabric.MachineOf(host).Stack;
        AddOnLink(fabric, host);
        var (hasV4, hasV6) = (false, false);
        foreach (var gateway in host.Gateways)
        {
            // The first gateway of a version counts, as in the plain model.
            ref var has = ref gateway.IsV4 ? ref hasV4 : ref hasV6;
            var plug = Enumerable.Range(0, host.Interfaces.Count).FirstOrDefault(i => host.Interfaces[i].Subnet.Contains(gateway), -1);
            if (has || plug < 0) { continue; }
            has = true;
            stack.AddDefaultRoute(stack.Interfaces[plug + 1], gateway);
        }
    }

    public static void OfRouter(FrameFabric fabric, Router router)
    {
        AddOnLink(fabric, router);
        var stack = fabric.MachineOf(router).Stack;
        // Breadth first over routers and the subnets between them: the first way found crosses the fewest routers.
        var reached = new HashSet<Subnet>(router.Interfaces.Select(static plug => plug.Subnet));
        var seen = new HashSet<Router> { router };
        var next = new Queue<(Router Router, NetworkInterface First)>();
        foreach (var plug in router.Interfaces) { EnqueueNeighbors(plug.Subnet, seen, next, null); }
        while (next.TryDequeue(out var step))
        {
            foreach (var plug in step.Router.Interfaces)
            {
                if (!reached.Add(plug.Subnet)) { continue; }
                foreach (var prefix in Destinations(plug.Subnet)) { AddVia(stack, router, prefix, step.First); }
                EnqueueNeighbors(plug.Subnet, seen, next, step.First);
            }
        }
    }

    private static void EnqueueNeighbors(Subnet subnet, HashSet<Router> seen, Queue<(Router, NetworkInterface)> next, NetworkInterface? first)
    {
        foreach (var plug in subnet.Interfaces)
        {
            if (plug.Node is Router neighbor && seen.Add(neighbor)) { next.Enqueue((neighbor, first ?? plug)); }
        }
    }

    private static void AddVia(HostStack stack, Router router, IpPrefix prefix, NetworkInterface first)
    {
        var own = Enumerable.Range(0, router.Interfaces.Count).First(i => router.Interfaces[i].Subnet == first.Subnet);
        foreach (var gateway in first.Addresses)
        {
            if (gateway.Version != prefix.Network.Version) { continue; }
            stack.Routes.Set(prefix, new Firstbyte.Hosts.Route(stack.Interfaces[own + 1], gateway));
            return;
        }
    }

    // What is on the own links: the subnets' prefixes and the hosts there whose addresses lie outside them.
    private static void AddOnLink(FrameFabric fabric, NetworkNode node)
    {
        var stack = fabric.MachineOf(node).Stack;
        for (var i = 0; i < node.Interfaces.Count; i++)
        {
            // The machine's interface 0 is its loopback.
            var own = stack.Interfaces[i + 1];
            foreach (var prefix in Destinations(node.Interfaces[i].Subnet))
            {
                if (!stack.Owns(prefix.Network) || prefix.HostBits > 0) { stack.Routes.Set(prefix, new Firstbyte.Hosts.Route(own, default)); }
            }
        }
    }

    private static IEnumerable<IpPrefix> Destinations(Subnet subnet)
    {
        foreach (var prefix in subnet.Prefixes) { yield return prefix; }
        foreach (var plug in subnet.Interfaces)
        {
            foreach (var address in plug.Addresses)
            {
                if (!subnet.Contains(address)) { yield return new IpPrefix(address, address.BitLength); }
            }
        }
    }
}
