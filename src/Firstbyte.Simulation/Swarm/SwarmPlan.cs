using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Tcp;

namespace Firstbyte.Simulation.Swarm;

/// <summary>What a machine of a random world is for.</summary>
internal enum MachineRole : byte
{
    Router,
    Client,
    Resolver,
    NameServer,
    WebServer,
}

/// <summary>A network whose machines reach each other without a router.</summary>
internal sealed record SubnetPlan(string Name, bool IsHub, int Mtu, IpPrefix V4, IpPrefix? V6)
{
    /// <summary>Behind a home router: nobody outside knows a way there.</summary>
    public bool IsHome { get; init; }
}

/// <summary>A network card with its cable to a subnet's box.</summary>
internal sealed record CardPlan(string Wire, int Subnet, WireSettings Settings, ulong Hardware, InterfaceAddress[] Addresses);

/// <summary>A machine with its cards.</summary>
internal sealed record MachinePlan(string Name, MachineRole Role, CardPlan[] Cards, TcpSettings Tcp)
{
    /// <summary>A home router: everybody behind its other cards shares the IPv4 address of its first.</summary>
    public bool Translates { get; init; }

    public IEnumerable<IpAddress> Addresses => Cards.SelectMany(static card => card.Addresses).Select(static address => address.Address);

    public IpAddress FirstV4 => Addresses.First(static address => address.IsV4);
}

/// <summary>How a web server tells the length of a page.</summary>
internal enum PageFraming : byte
{
    ContentLength,
    Chunked,
}

/// <summary>A page: its bytes are a stretch of the world's block of random bytes, from a place that its number gives.</summary>
internal sealed record PagePlan(int Number, int Machine, string Path, int Length, PageFraming Framing);

/// <summary>One thing that a client does.</summary>
internal abstract record ErrandPlan;

/// <summary>A page is fetched.</summary>
/// <param name="Url">Where it is.</param>
/// <param name="Page">What it must be.</param>
/// <param name="OldVersion">By HTTP/1.0, whose responses end with the connection.</param>
/// <param name="PauseNanoseconds">How long the reader rests after each piece.</param>
/// <param name="GiveUpNanoseconds">When the reader walks away in the middle; 0 when it does not.</param>
internal sealed record FetchPlan(string Url, PagePlan Page, bool OldVersion, long PauseNanoseconds, long GiveUpNanoseconds) : ErrandPlan;

/// <summary>A name is looked up.</summary>
internal sealed record LookupPlan(Question Question) : ErrandPlan;

/// <summary>A client's program: some errands, one after the other, with one set of connections.</summary>
/// <param name="Client">The number of the machine.</param>
/// <param name="StartNanoseconds">When it begins.</param>
/// <param name="KeepsConnections">Whether a connection is used for the next page.</param>
/// <param name="ResolvesItself">Whether it goes down from the root itself instead of asking a resolver.</param>
/// <param name="PatienceNanoseconds">How long one errand may take.</param>
/// <param name="Errands">What it does.</param>
internal sealed record ProgramPlan(
    int Client, long StartNanoseconds, bool KeepsConnections, bool ResolvesItself, long PatienceNanoseconds, ErrandPlan[] Errands);

/// <summary>Everything that a seed decides before the world begins: topology, zones, pages, what clients do and what goes wrong.</summary>
/// <remarks>
/// Theory of operation. A seed becomes a plan, a plan becomes a world. The plan is a value: what goes wrong is a list beside the rest, drawn
/// from a stream of its own, so that a failing seed can be run again with fewer faults and all else as it was. Knobs are turned at random
/// for each seed, and most are left alone in most seeds (swarm testing: what is rare in an average world is common in some worlds).
/// </remarks>
public sealed class SwarmPlan
{
    internal SwarmPlan(ulong seed) => Seed = seed;

    /// <summary>The seed it was made from.</summary>
    public ulong Seed { get; }

    /// <summary>What goes wrong.</summary>
    public IReadOnlyList<PlannedFault> Faults { get; internal init; } = [];

    /// <summary>Networks.</summary>
    public int SubnetCount => Subnets.Count;

    /// <summary>Machines that pass packets on.</summary>
    public int RouterCount => Machines.Count(static machine => machine.Role == MachineRole.Router);

    /// <summary>Machines that run programs.</summary>
    public int HostCount => Machines.Count - RouterCount;

    /// <summary>Pages fetched and names looked up while things go wrong.</summary>
    public int JourneyCount => Programs.Sum(static program => program.Errands.Length);

    /// <summary>The kinds of fault that there are.</summary>
    internal FaultRegistry FaultRegistry { get; init; } = FaultRegistry.Standard;

    internal List<SubnetPlan> Subnets { get; init; } = [];

    internal List<MachinePlan> Machines { get; init; } = [];

    internal List<PagePlan> Pages { get; init; } = [];

    internal List<ProgramPlan> Programs { get; init; } = [];

    /// <summary>What is done after everything is healed.</summary>
    internal List<ProgramPlan> FreshPrograms { get; init; } = [];

    internal ZoneTree Zones { get; init; } = null!;

    internal HashSet<int> SecureMachines { get; init; } = [];

    internal bool HasV6 { get; init; }

    /// <summary>When everything that goes wrong is over.</summary>
    internal long HealNanoseconds { get; init; }

    /// <summary>The plan that a seed becomes.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="kinds">The kinds of fault that may be among them, by their names; null for all.</param>
    /// <param name="faults">The kinds that there are; null for those that come with the program.</param>
    public static SwarmPlan Make(ulong seed, IReadOnlySet<string>? kinds = null, FaultRegistry? faults = null) =>
        new SwarmPlanner(seed, faults ?? FaultRegistry.Standard).Make(kinds);

    /// <summary>The same plan with other faults.</summary>
    public SwarmPlan WithFaults(IReadOnlyList<PlannedFault> faults) => new(Seed)
    {
        Faults = faults,
        FaultRegistry = FaultRegistry,
        Subnets = Subnets,
        Machines = Machines,
        Pages = Pages,
        Programs = Programs,
        FreshPrograms = FreshPrograms,
        Zones = Zones,
        SecureMachines = SecureMachines,
        HasV6 = HasV6,
        HealNanoseconds = HealNanoseconds,
    };
}
