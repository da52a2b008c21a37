using Firstbyte.Hosts;

namespace Firstbyte.Simulation.Swarm;

/// <summary>The routes of a random world: routers know every subnet by the fewest routers in between, hosts know a router of their own.</summary>
internal static class SwarmRoutes
{
    public static void Write(SwarmPlan plan, MachinePlan machine, HostStack stack)
    {
        var routers = plan.Machines.Where(static one => one.Role == MachineRole.Router).ToArray();
        if (machine.Role != MachineRole.Router)
        {
            var gateway = routers.SelectMany(static router => router.Cards).First(card => card.Subnet == machine.Cards[0].Subnet);
            foreach (var address in gateway.Addresses) { stack.AddDefaultRoute(stack.Interfaces[1], address.Address); }
            return;
        }
        var reached = machine.Cards.Select(static card => card.Subnet).ToHashSet();
        var seen = new HashSet<MachinePlan> { machine };
        var next = new Queue<(MachinePlan Router, int Card, CardPlan First)>();
        for (var i = 0; i < machine.Cards.Length; i++) { Enqueue(machine.Cards[i].Subnet, i, null); }
        while (next.TryDequeue(out var step))
        {
            foreach (var card in step.Router.Cards)
            {
                if (plan.Subnets[card.Subnet].IsHome || !reached.Add(card.Subnet)) { continue; }
                foreach (var gateway in step.First.Addresses)
                {
                    var prefix = gateway.Address.IsV4 ? plan.Subnets[card.Subnet].V4 : plan.Subnets[card.Subnet].V6!.Value;
                    // A stack's interface 0 is its loopback.
                    stack.Routes.Set(prefix, new Firstbyte.Hosts.Route(stack.Interfaces[step.Card + 1], gateway.Address));
                }
                Enqueue(card.Subnet, step.Card, step.First);
            }
        }

        void Enqueue(int subnet, int own, CardPlan? first)
        {
            foreach (var router in routers)
            {
                var card = router.Cards.FirstOrDefault(card => card.Subnet == subnet);
                if (card is not null && seen.Add(router)) { next.Enqueue((router, own, first ?? card)); }
            }
        }
    }
}
