using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Captures;
using Firstbyte.Dns;
using Firstbyte.Dns.Zones;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets.Decorators;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Labs;

/// <summary>A lab that lives: its internet on a kernel, with every server started.</summary>
public sealed class LabWorld
{
    private readonly Dictionary<IpAddress, RecursiveResolver> _resolvers = [];
    private readonly List<BouncyCastleTlsProvider> _tls = [];
    private readonly List<AuthoritativeResponder> _responsible = [];

    /// <summary>A cable of which the lab says nothing: 50 µs, a few kilometres.</summary>
    public static readonly WireSettings DefaultLink = new() { Latency = TimeSpan.FromMicroseconds(50) };

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

    /// <summary>Lets something go wrong from now on, for as long as it was said to.</summary>
    public void Begin(Happening happening)
    {
        ArgumentNullException.ThrowIfNull(happening);
        var from = Kernel.Now;
        var until = happening.ForNanoseconds is { } length ? from.PlusNanoseconds(length) : Instant.Never;
        Internet.Faults.Add(happening.Fault.Bind(Internet) with { From = from, Until = until, Said = FaultText.Of(happening.Fault, Internet) });
    }

    /// <summary>Builds the world and starts its servers; nothing has happened in it yet but that.</summary>
    /// <param name="definition">The lab.</param>
    /// <param name="seed">Another seed than the lab's own.</param>
    /// <param name="sink">Who is told what happens, on all hosts.</param>
    /// <param name="watchCallsOf">The host whose servers' calls of the Socket library are told, from the first on; null for none.</param>
    public static LabWorld Build(LabDefinition definition, ulong? seed = null, ITraceSink? sink = null, string? watchCallsOf = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var kernel = new Kernel(seed ?? definition.Seed);
        var listener = sink ?? SilentSink.Instance;
        var internet = new Internet(kernel, listener);
        LabTopology.Connect(definition, internet);
        internet.Settle();
        var world = new LabWorld(definition, kernel, internet, new Tracer(listener));
        foreach (var host in definition.Hosts) { WriteFiles(internet.FindHost(host.Name)!, host); }
        if (watchCallsOf is not null && internet.FindHost(watchCallsOf) is { } watched)
        {
            watched.Calls = new CallTracer(watched.Name, world.Tracer.Root(watched));
        }
        LabServices.Start(world);
        HappeningSchedule.Apply(definition, internet);
        NameSchedule.Apply(world);
        return world;
    }

    /// <summary>
    /// The recursive resolver that serves at an address, or null: to look into its cache, or to let it resolve without a client's question
    /// on the wire.
    /// </summary>
    public RecursiveResolver? FindResolver(IpAddress address) => _resolvers.GetValueOrDefault(address);

    /// <summary>
    /// How long a visitor waits for the addresses that hosts ask for (own choice: four REQUESTs of RFC 2131 section 4.1 and the time
    /// before the first).
    /// </summary>
    public static readonly TimeSpan LongestWaitForAddresses = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Lets time pass until every host that asks for an address (DHCP) has one, as somebody does who has just switched everything on; no
    /// time when none asks. False when one got none.
    /// </summary>
    public bool AwaitAddresses() => Internet.AwaitAddresses(LongestWaitForAddresses);

    /// <summary>Runs a program of the client to its end and returns what it returned.</summary>
    public T Run<T>(string name, Func<Task<T>> program) => Kernel.Run(Client.Name, name, program);

    /// <summary>Captures every frame of every machine from now on, with names, reasons and the TLS secrets of its servers.</summary>
    /// <param name="output">Where the pcapng bytes go, a whole block in each write: a run that is broken off leaves a good capture.</param>
    /// <param name="secrets">What is done about secrets in the frames.</param>
    /// <returns>The tap; disposing it ends the capture with its statistics. The same seed gives the same bytes.</returns>
    public CaptureTap Capture(Stream output, CaptureSecrets secrets = CaptureSecrets.Keep)
    {
        var tap = Internet.Capture(output, $"{Definition.Title}, seed {Kernel.Seed}", secrets);
        var log = new TlsKeyLog(line => tap.AddTlsSecrets(Encoding.ASCII.GetBytes(line)));
        foreach (var provider in _tls) { provider.KeyLog = log; }
        return tap;
    }

    /// <summary>The zones of the lab as its servers have them now.</summary>
    public IEnumerable<Zone> Zones => _responsible.SelectMany(static responder => responder.Zones.Zones);

    /// <summary>Changes the world of names now, on every server that has the zone.</summary>
    /// <exception cref="ZoneLostException">The rest would be no zone.</exception>
    public void Change(NameChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        NameSchedule.Apply(this, change);
    }

    /// <summary>The servers that hold zones.</summary>
    internal IReadOnlyList<AuthoritativeResponder> ResponsibleServers => _responsible;

    internal void AddResponsible(AuthoritativeResponder responder) => _responsible.Add(responder);

    internal void AddTls(BouncyCastleTlsProvider provider) => _tls.Add(provider);

    internal void AddResolver(SimulatedHost host, RecursiveResolver resolver)
    {
        foreach (var address in host.Plugs.SelectMany(static plug => plug.Addresses)) { _resolvers.Add(address, resolver); }
    }

    private static void WriteFiles(SimulatedHost host, HostDefinition definition)
    {
        var hosts = new StringBuilder("127.0.0.1 localhost\n::1 localhost\n");
        foreach (var address in definition.Interfaces.SelectMany(static plug => plug.Addresses))
        {
            hosts.Append(address).Append(' ').Append(host.Name).Append('\n');
        }
        host.Disk.Write("/etc/hosts", hosts.ToString());
        if (definition.Nameservers.Count > 0)
        {
            host.Disk.Write("/etc/resolv.conf", string.Concat(definition.Nameservers.Select(static address => $"nameserver {address}\n")));
        }
        foreach (var file in definition.Files) { host.Disk.Write(file.Path, file.Content); }
    }
}
