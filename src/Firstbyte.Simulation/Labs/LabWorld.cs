using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Journeys;
using Firstbyte.Simulation;
using Firstbyte.Tracing;

namespace Firstbyte.Labs;

/// <summary>A lab that lives: its internet on a kernel, with every server started.</summary>
public sealed class LabWorld
{
    private readonly Dictionary<IpAddress, RecursiveResolver> _resolvers = [];

    /// <summary>A cable of which the lab says nothing: 50 µs, a few kilometres.</summary>
    public static readonly LinkSettings DefaultLink = new(50_000);

    private LabWorld(LabDefinition definition, Kernel kernel, Internet internet, Tracer tracer)
    {
        Definition = definition;
        Kernel = kernel;
        Internet = internet;
        Tracer = tracer;
        Client = internet.FindHost(definition.Client)!;
    }

    /// <summary>What it was built from.</summary>
    public LabDefinition Definition { get; }

    /// <summary>Its heart.</summary>
    public Kernel Kernel { get; }

    /// <summary>Its network.</summary>
    public Internet Internet { get; }

    /// <summary>Numbers the steps of everything that is told in this world: its servers' and its visitors'.</summary>
    public Tracer Tracer { get; }

    /// <summary>The machine at which the user sits.</summary>
    public SimulatedHost Client { get; }

    /// <summary>Builds the world and starts its servers; nothing has happened in it yet but that.</summary>
    /// <param name="definition">The lab.</param>
    /// <param name="seed">Another seed than the lab's own.</param>
    /// <param name="sink">Who is told what happens, on all hosts.</param>
    /// <param name="frames">Whether it is built of frames, hop by hop, instead of the plain model.</param>
    public static LabWorld Build(LabDefinition definition, ulong? seed = null, ITraceSink? sink = null, bool frames = false)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var kernel = new Kernel(seed ?? definition.Seed);
        var listener = sink ?? SilentSink.Instance;
        var internet = new Internet(kernel, listener);
        Connect(definition, internet);
        if (frames) { internet.UseFrames(subnet => definition.Subnets.Any(one => one.Name == subnet.Name && one.Kind == SubnetKind.Hub)); }
        var world = new LabWorld(definition, kernel, internet, new Tracer(listener));
        foreach (var host in definition.Hosts) { WriteFiles(internet.FindHost(host.Name)!, host); }
        LabServices.Start(world);
        HappeningSchedule.Apply(definition, internet);
        return world;
    }

    /// <summary>The recursive resolver that serves at an address, or null: to look into its cache, or to let it resolve without a client's question on the wire.</summary>
    public RecursiveResolver? FindResolver(IpAddress address) => _resolvers.GetValueOrDefault(address);

    /// <summary>Runs a program of the client to its end and returns what it returned.</summary>
    public T Run<T>(string name, Func<Task<T>> program) => Kernel.Run(Client.Name, name, program);

    internal void AddResolver(SimulatedHost host, RecursiveResolver resolver)
    {
        foreach (var address in host.Interfaces[0].Addresses) { _resolvers.Add(address, resolver); }
    }

    private static void Connect(LabDefinition definition, Internet internet)
    {
        var subnets = definition.Subnets.ToDictionary(static subnet => subnet.Name, subnet => internet.AddSubnet(subnet.Name, subnet.Prefixes), StringComparer.Ordinal);
        foreach (var router in definition.Routers)
        {
            var node = internet.AddRouter(router.Name);
            foreach (var plug in router.Interfaces) { Attach(definition, node, plug, subnets[plug.Subnet]); }
        }
        foreach (var host in definition.Hosts)
        {
            var node = internet.AddHost(host.Name);
            Attach(definition, node, host.Interface, subnets[host.Interface.Subnet]);
            foreach (var gateway in host.Gateways) { node.Gateways.Add(gateway); }
        }
    }

    private static void Attach(LabDefinition definition, NetworkNode node, InterfaceDefinition plug, Subnet subnet)
    {
        var attached = node.Attach(subnet, plug.Addresses, DefaultLink);
        foreach (var link in definition.Links)
        {
            if (link.Name != attached.Link.Name) { continue; }
            if ((link.Directions & LinkDirections.Up) == LinkDirections.Up) { attached.Link.Up.Settings = link.Settings; }
            if ((link.Directions & LinkDirections.Down) == LinkDirections.Down) { attached.Link.Down.Settings = link.Settings; }
        }
    }

    private static void WriteFiles(SimulatedHost host, HostDefinition definition)
    {
        var hosts = new StringBuilder("127.0.0.1 localhost\n::1 localhost\n");
        foreach (var address in definition.Interface.Addresses) { hosts.Append(address).Append(' ').Append(host.Name).Append('\n'); }
        host.Disk.Write("/etc/hosts", hosts.ToString());
        if (definition.Nameservers.Count > 0) { host.Disk.Write("/etc/resolv.conf", string.Concat(definition.Nameservers.Select(static address => $"nameserver {address}\n"))); }
        foreach (var file in definition.Files) { host.Disk.Write(file.Path, file.Content); }
    }
}

/// <summary>Turns what a lab's file says will go wrong into faults and switches of its internet.</summary>
internal static class HappeningSchedule
{
    public static void Apply(LabDefinition definition, Internet internet)
    {
        foreach (var happening in definition.Happenings)
        {
            var from = Instant.SimulationEpoch.PlusNanoseconds(happening.AtNanoseconds);
            var until = happening.ForNanoseconds is { } length ? from.PlusNanoseconds(length) : Instant.Never;
            if (happening is Outage outage) { SwitchOff(internet, internet.FindHost(outage.Host)!, from, until); }
            else { internet.Faults.Add(FaultOf(happening, internet) with { From = from, Until = until }); }
        }
    }

    private static NetworkFault FaultOf(Happening happening, Internet internet) => happening switch
    {
        Silence silence => new SilentFault(internet.FindHost(silence.Host)!, silence.Port),
        Refusal refusal => new RefuseFault(internet.FindHost(refusal.Host)!, refusal.Port),
        Breakage breakage => new BreakFault(internet.FindHost(breakage.Host)!, breakage.Port, breakage.AfterBytes, breakage.ByReset),
        PacketLoss loss => new LossFault(loss.Source is null ? null : internet.FindHost(loss.Source), loss.Target is null ? null : internet.FindHost(loss.Target), loss.Millionths),
        Partition partition => new PartitionFault(Hosts(internet, partition.Left), Hosts(internet, partition.Right)),
        _ => throw new ArgumentOutOfRangeException(nameof(happening), happening, "no fault of this kind"),
    };

    private static SimulatedHost[] Hosts(Internet internet, IReadOnlyList<string> names) => [.. names.Select(name => internet.FindHost(name)!)];

    private static void SwitchOff(Internet internet, SimulatedHost host, Instant from, Instant until)
    {
        var kernel = internet.Kernel;
        kernel.Setup(() =>
        {
            if (from <= kernel.Now) { host.IsUp = false; }
            else { kernel.Schedule(from, () => host.IsUp = false); }
            if (until != Instant.Never) { kernel.Schedule(until, () => host.IsUp = true); }
            return host;
        });
    }
}
