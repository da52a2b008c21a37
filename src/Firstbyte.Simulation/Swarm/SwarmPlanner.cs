using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tcp;

namespace Firstbyte.Simulation.Swarm;

/// <summary>Turns a seed into a plan. Each part draws from a stream of its own.</summary>
internal sealed class SwarmPlanner(ulong seed, FaultRegistry faults)
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1_000 * Millisecond;

    // A delivery is a frame that comes out of a wire. A segment of text crosses two wires in each subnet on its way, and every second one is acknowledged.
    private const int DeliveriesPerSegmentAndSubnet = 3;

    private readonly RandomStream _random = new(seed, "swarm topology");
    private readonly List<(CongestionAlgorithm Algorithm, RandomStream Luck)> _laterCongestion = LaterCongestion(seed);
    private readonly List<SubnetPlan> _subnets = [];
    private readonly List<MachinePlan> _machines = [];
    private readonly List<PagePlan> _pages = [];
    private bool _hasV6;
    private int _outsideHome;
    private ulong _hardware = 0x02_00_00_00_00_00;

    public SwarmPlan Make(IReadOnlySet<string>? kinds)
    {
        _hasV6 = _random.Chance(400_000);
        MakeSubnets();
        MakeRouters();
        var nameServers = MakeMachines("ns", MachineRole.NameServer, 3 + (int)_random.NextBelow(2), secondAddress: true);
        var resolvers = MakeMachines("resolver", MachineRole.Resolver, 1 + (int)_random.NextBelow(2));
        var web = MakeMachines("web", MachineRole.WebServer, 2 + (int)_random.NextBelow(2));
        var maze = _random.Chance(350_000) ? AddMachine("maze", MachineRole.NameServer, ResolutionLimits.ServersPerDelegation, RandomSubnet()) : null;
        var home = _random.Chance(350_000) ? MakeHome() : -1;
        var clients = new MachinePlan[2 + _random.NextBelow(3)];
        for (var i = 0; i < clients.Length; i++)
        {
            clients[i] = AddMachine($"client{i}", MachineRole.Client, 1, home >= 0 && _random.Chance(600_000) ? home : RandomSubnet());
        }

        var zones = new ZoneTreePlanner(new RandomStream(seed, "swarm zones"), nameServers, web, maze, everybodyHasV4: home >= 0);
        var tree = zones.Make();
        MakePages(web);
        // Keys and certificates cost as much as a whole world otherwise.
        var secure = _random.Chance(60_000) ? new HashSet<int> { _machines.IndexOf(web[0]) } : [];
        var heal = (30 + _random.NextBelow(30)) * Second;
        var errands = new ErrandPlanner(new RandomStream(seed, "swarm errands"), zones.WebNames, _pages, tree, _machines, secure, heal);
        var programs = errands.Make(clients, HopsBetween, DeliveriesPerSegmentAndSubnet);
        var plan = new SwarmPlan(seed)
        {
            Subnets = _subnets,
            Machines = _machines,
            Pages = _pages,
            Programs = programs,
            FreshPrograms = errands.MakeFresh(clients),
            Zones = tree,
            SecureMachines = secure,
            HasV6 = _hasV6,
            FaultRegistry = faults,
            HealNanoseconds = heal,
        };
        return plan.WithFaults(new FaultPlanner(plan).Make(kinds));
    }

    private void MakeSubnets()
    {
        var count = 3 + (int)_random.NextBelow(3);
        for (var i = 0; i < count; i++)
        {
            var mtu = _random.Chance(750_000) ? 1_500 : (int)(_hasV6 ? 1_280 + _random.NextBelow(200) : 576 + _random.NextBelow(900));
            _subnets.Add(
                new SubnetPlan(
                    $"net{i}", _random.Chance(300_000), mtu, IpPrefix.Parse($"10.{i}.0.0/16"),
                    _hasV6 ? IpPrefix.Parse($"fd00:{i + 1:x}::/64") : null));
        }
    }

    // A chain joins all subnets; a router more makes a ring.
    private void MakeRouters()
    {
        for (var i = 0; i + 1 < _subnets.Count; i++) { AddRouter(i, i + 1); }
        if (_random.Chance(400_000)) { AddRouter(_subnets.Count - 1, 0); }
    }

    private void AddRouter(params int[] subnets)
    {
        var number = _machines.Count;
        var name = $"router{number}";
        _machines.Add(new MachinePlan(name, MachineRole.Router, [.. subnets.Select(subnet => MakeCard(name, subnet, number + 1, 1))], RandomTcp()));
    }

    private MachinePlan[] MakeMachines(string name, MachineRole role, int count, bool secondAddress = false)
    {
        var made = new MachinePlan[count];
        for (var i = 0; i < count; i++) { made[i] = AddMachine($"{name}{i}", role, secondAddress ? 2 : 1, RandomSubnet()); }
        return made;
    }

    private int RandomSubnet() => (int)_random.NextBelow(_subnets.Count(static subnet => !subnet.IsHome));

    /// <summary>A hub at home, behind a router with one address for all; gives its number.</summary>
    private int MakeHome()
    {
        var home = _subnets.Count;
        _subnets.Add(new SubnetPlan("home", true, WireSettings.DefaultMtu, IpPrefix.Parse("192.168.0.0/16"), null) { IsHome = true });
        _outsideHome = (int)_random.NextBelow(home);
        AddRouter(_outsideHome, home);
        _machines[^1] = _machines[^1] with { Translates = true };
        return home;
    }

    private MachinePlan AddMachine(string name, MachineRole role, int addresses, int subnet)
    {
        var card = MakeCard(name, subnet, _machines.Count + 1, addresses);
        var machine = new MachinePlan(name, role, [card], RandomTcp());
        _machines.Add(machine);
        return machine;
    }

    private CardPlan MakeCard(string machine, int subnet, int number, int addresses)
    {
        var plan = _subnets[subnet];
        var own = new List<InterfaceAddress>();
        for (var i = 0; i < addresses; i++)
        {
            own.Add(new InterfaceAddress(IpAddress.FromV4((uint)plan.V4.Network.Bits + (uint)(256 * i) + (uint)number), plan.V4.Length));
        }
        if (plan.V6 is { } prefix) { own.Add(new InterfaceAddress(IpAddress.FromV6(prefix.Network.Bits + (uint)number), prefix.Length)); }
        return new CardPlan($"{machine}-{plan.Name}", subnet, RandomWire(plan.Mtu), ++_hardware, [.. own]);
    }

    private WireSettings RandomWire(int mtu)
    {
        // From a cable in the room to a few hundred kilometres, each order of magnitude as likely.
        var latency = 20_000L << (int)_random.NextBelow(8);
        var isSlow = _random.Chance(250_000);
        var rate = 4_000_000L << (int)_random.NextBelow(6);
        // Queues that hold more than a few dozen milliseconds would make names time out without any fault.
        var queueMilliseconds = 5 + _random.NextBelow(35);
        return new WireSettings
        {
            Latency = TimeSpan.FromTicks(latency / 100),
            Jitter = _random.Chance(300_000) ? TimeSpan.FromTicks(latency / 400) : TimeSpan.Zero,
            BitsPerSecond = isSlow ? rate : 0,
            QueueBytes = isSlow ? Math.Max(12_000, rate / 8_000 * queueMilliseconds) : 0,
            Mtu = mtu,
        };
    }

    private CongestionAlgorithm RandomCongestion()
    {
        var drawn = _random.Chance(500_000) ? CongestionAlgorithm.Cubic : CongestionAlgorithm.NewReno;
        foreach (var (algorithm, luck) in _laterCongestion) { drawn = luck.Chance(500_000) ? algorithm : drawn; }
        return drawn;
    }

    // Seeds got their meaning with the first two. One that came later draws from a stream of its own, and worlds without it stay as they were.
    private static List<(CongestionAlgorithm Algorithm, RandomStream Luck)> LaterCongestion(ulong seed)
    {
        var later = new List<(CongestionAlgorithm, RandomStream)>();
        foreach (var algorithm in CongestionAlgorithms.All)
        {
            // Without any window a world would only measure how long its queues are.
            if (algorithm is CongestionAlgorithm.NewReno or CongestionAlgorithm.Cubic or CongestionAlgorithm.None) { continue; }
            var luck = new RandomStream(seed, $"swarm congestion {algorithm.Name()}");
            if (luck.Chance(300_000)) { later.Add((algorithm, luck)); }
        }
        return later;
    }

    private TcpSettings RandomTcp() => new()
    {
        SendCapacity = 1 << (int)(14 + _random.NextBelow(4)),
        ReceiveCapacity = 1 << (int)(13 + _random.NextBelow(5)),
        WindowScaling = !_random.Chance(100_000),
        Timestamps = !_random.Chance(150_000),
        SelectiveAcknowledgment = !_random.Chance(100_000),
        Congestion = RandomCongestion(),
        DelayedAcknowledgment = TimeSpan.FromMilliseconds(_random.Chance(200_000) ? 0 : 40),
        MaximumSegmentLifetime = TimeSpan.FromSeconds(1 + _random.NextBelow(15)),
        FinWait2Timeout = TimeSpan.FromSeconds(20 + _random.NextBelow(40)),
        UserTimeout = TimeSpan.FromSeconds(60 + _random.NextBelow(90)),
        ConnectTimeout = TimeSpan.FromSeconds(60 + _random.NextBelow(60)),
    };

    private void MakePages(MachinePlan[] web)
    {
        foreach (var machine in web)
        {
            for (var i = 0; i < 6; i++)
            {
                var length = i switch
                {
                    0 => 0,
                    1 or 2 => (int)_random.NextBelow(4_096),
                    3 or 4 => 8_192 + (int)_random.NextBelow(150_000),
                    _ => 250_000 + (int)_random.NextBelow(500_000),
                };
                _pages.Add(new PagePlan(
                    _pages.Count, _machines.IndexOf(machine), $"/p{_pages.Count}", length,
                    _random.Chance(400_000) ? PageFraming.Chunked : PageFraming.ContentLength));
            }
        }
    }

    // Subnets on the shortest way between two machines, their own included.
    private int HopsBetween(MachinePlan left, MachinePlan right)
    {
        var subnet = left.Cards[0].Subnet;
        return _subnets[subnet].IsHome ? 2 + Math.Abs(_outsideHome - right.Cards[0].Subnet) : 1 + Math.Abs(subnet - right.Cards[0].Subnet);
    }
}
