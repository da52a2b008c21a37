using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Swarm;

/// <summary>A plan that lives: kernel, cables, boxes, machines, and everybody who watches them.</summary>
internal sealed class SwarmWorld : IFaultedWorld
{
    private readonly Dictionary<string, Station> _stations = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, Station> _byHardware = [];
    private readonly Dictionary<IpAddress, Station> _byAddress = [];

    private SwarmWorld(SwarmPlan plan, ITraceSink sink)
    {
        Plan = plan;
        Kernel = new Kernel(plan.Seed);
        EventSink = sink.IsListening ? sink : null;
        Tracer = new Tracer(sink);
        Book = new InvariantBook(Kernel);
        Streams = new StreamBook(Book, Translations);
        Frames = new PacketWatch(Book, Kernel, Translations, plan.Faults.Any(static fault => fault.Kind.DamagesFrames));
        Answers = new AnswerWatch(Book, Kernel, plan.Zones, plan.Faults.Any(static fault => fault.Kind.SkewsClocks));
        Block = new PageBlock(new RandomStream(plan.Seed, "swarm pages"));
        ResolverOptions = new RecursiveResolverOptions { Hints = plan.Zones.Hints };
        ResolverEndpoints = [.. plan.Machines.Where(static machine => machine.Role == MachineRole.Resolver)
            .Select(static machine => new Endpoint(machine.FirstV4, StubResolver.Port))];
        Authority = new Lazy<LabCertificateAuthority>(
            () => new LabCertificateAuthority(Kernel.Stream("certificate authority"), Instant.SimulationEpoch), LazyThreadSafetyMode.None);
        Certificate = new Lazy<TlsServerOptions>(
            () => new TlsServerOptions([Authority.Value.Issue(SecureNames())]) { Alpn = ["http/1.1"] }, LazyThreadSafetyMode.None);
    }

    public SwarmPlan Plan { get; }

    public Kernel Kernel { get; }

    public FramePool Pool { get; } = new();

    public ITraceSink? EventSink { get; }

    public Tracer Tracer { get; }

    public InvariantBook Book { get; }

    public TranslationBook Translations { get; } = new();

    public StreamBook Streams { get; }

    public PacketWatch Frames { get; }

    public AnswerWatch Answers { get; }

    public PageBlock Block { get; }

    public FaultInjector Faults { get; private set; } = null!;

    public RecursiveResolverOptions ResolverOptions { get; }

    public Endpoint[] ResolverEndpoints { get; }

    public IEnumerable<IpAddress> ResolverAddresses =>
        Plan.Machines.Where(static machine => machine.Role == MachineRole.Resolver).SelectMany(static machine => machine.Addresses);

    public Lazy<LabCertificateAuthority> Authority { get; }

    public Lazy<TlsServerOptions> Certificate { get; }

    public OrderedDictionary<string, Wire> Wires { get; } = [];

    public Dictionary<string, WireCounters> Counters { get; } = new(StringComparer.Ordinal);

    public IEnumerable<Station> Stations => Plan.Machines.Select(machine => _stations[machine.Name]);

    public int Begun { get; set; }

    public int Ended { get; set; }

    public int Succeeded { get; set; }

    public int Failed { get; set; }

    public long Deliveries => Wires.Values.Sum(static wire => wire.A.Delivered + wire.B.Delivered);

    public Station Station(string name) => _stations[name];

    IFaultedMachine? IFaultedWorld.FindStation(MacAddress hardware) => _byHardware.GetValueOrDefault(hardware.Bits);

    IFaultedMachine? IFaultedWorld.FindOwner(IpAddress address) => _byAddress.GetValueOrDefault(address);

    public static SwarmWorld Build(SwarmPlan plan, ITraceSink sink)
    {
        var world = new SwarmWorld(plan, sink);
        world.Kernel.Setup(() =>
        {
            world.Connect();
            foreach (var station in world.Stations) { station.Boot(); }
            world.Faults = new FaultInjector(world);
            return world;
        });
        return world;
    }

    public void Start(IEnumerable<ProgramPlan> programs, bool mustSucceed)
    {
        foreach (var program in programs)
        {
            var station = _stations[Plan.Machines[program.Client].Name];
            var client = new SwarmClient(this, station, program, mustSucceed);
            Kernel.Start(station.Name, "errands", client.RunAsync);
        }
    }

    /// <summary>Every machine sends a datagram to every other, to a port at which nobody listens.</summary>
    public void Greet()
    {
        foreach (var station in Stations) { Kernel.Start(station.Name, "greetings", () => GreetAsync(station)); }
    }

    private async Task GreetAsync(Station station)
    {
        const ushort Discard = 9;
        foreach (var version in (IpVersion[])(Plan.HasV6 ? [IpVersion.V4, IpVersion.V6] : [IpVersion.V4]))
        {
            using var socket = station.Network.CreateSocket(version, SocketKind.Datagram);
            foreach (var other in Plan.Machines)
            {
                var address = other.Addresses.FirstOrDefault(address => address.Version == version);
                if (other == station.Plan || address.Version != version) { continue; }
                try { await socket.SendToAsync(new byte[1], new Endpoint(address, Discard)); }
                // What an earlier greeting came back with.
                catch (NetworkException) { }
            }
        }
    }

    private void Connect()
    {
        var boxes = Plan.Subnets.Select(subnet => subnet.IsHub ? (Action<WireEnd>)new Hub(subnet.Name).Plug : new Switch(Kernel, subnet.Name).Plug).ToArray();
        foreach (var machine in Plan.Machines)
        {
            var ends = new List<WireEnd>();
            foreach (var card in machine.Cards)
            {
                var wire = new Wire(Kernel, card.Wire, card.Settings);
                Wires.Add(card.Wire, wire);
                Counters.Add(card.Wire, default);
                boxes[card.Subnet](wire.B);
                ends.Add(wire.A);
            }
            var station = new Station(this, machine, [.. ends]);
            _stations.Add(machine.Name, station);
            foreach (var card in machine.Cards) { _byHardware.Add(card.Hardware, station); }
            foreach (var address in machine.Addresses) { _byAddress[address] = station; }
        }
    }

    private string[] SecureNames() =>
        [.. Plan.Programs.Concat(Plan.FreshPrograms).SelectMany(static program => program.Errands).OfType<FetchPlan>()
            .Where(static fetch => fetch.Url.StartsWith("https:", StringComparison.Ordinal)).Select(static fetch => fetch.Url.Split('/')[2])
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
