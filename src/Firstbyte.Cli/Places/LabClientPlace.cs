using Firstbyte.Addressing;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Dns;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Recording;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Places;

/// <summary>The client of a lab, in virtual time.</summary>
internal sealed class LabClientPlace : Place
{
    private readonly PlaceSettings _settings;
    private readonly CommandIo _io;
    private readonly LabWorld _world;
    private readonly LabElements _elements;
    private readonly CaptureFile? _capture;

    public LabClientPlace(PlaceSettings settings, CommandIo io, ITraceSink sink)
    {
        (_settings, _io) = (settings, io);
        // A world whose wires are watched: for the way of each connection, and at -vv for every frame.
        var watch = new FrameWatch(sink, everyFrame: settings.WatchesFrames);
        var lab = LabFiles.Load(io, settings.Lab!);
        _world = LabWorld.Build(lab, settings.Seed, watch, watchCallsOf: CallsOf(lab));
        _capture = CaptureFile.Open(io, settings, output => _world.Capture(output, settings.PcapSecrets));
        _elements = new LabElements(_world);
        watch.Watch(_elements);
    }

    // The client's programs are those of this command, which tells their calls itself.
    private string? CallsOf(LabDefinition lab)
    {
        if (_settings.Calls is not { Length: > 0 } name || name == lab.Client) { return null; }
        if (lab.Hosts.Any(host => host.Name == name)) { return name; }
        throw new UsageException(lab.Routers.Any(router => router.Name == name)
            ? _io.Language.Places.RouterRunsNothing(name)
            : _io.Language.Places.NoMachine(name, Nearest.To(name, lab.Hosts.Select(static host => host.Name)), $"'firstbyte lab hosts {_settings.Lab}'"));
    }

    public override Func<IpAddress, string?> NameOf => _elements.NameOf;

    /// <inheritdoc/>
    public override Func<string, string, bool> IsAt => _elements.IsAt;

    public override int Run(string name, Func<PlaceHost, CancellationToken, Task<int>> program)
    {
        using var ending = new CancellationTokenSource();
        _world.AwaitAddresses();
        RequirePower(_world.Client, _io.Language, isPrompt: false);
        // A signal comes on another thread, where nothing of the world may be touched: the world's own thread passes it on.
        using var passing = _io.Signals.Stopping.Register(() => _world.Kernel.Post(ending.Cancel));
        // Made inside the world: what it draws at random is the world's.
        PlaceHost Host()
        {
            var host = HostAt(
                _io.Language, _elements, _world.Client, null, $"'firstbyte lab hosts {_settings.Lab}'") with
            {
                Place = _settings.Lab!,
                Standpoint = new Standpoint(_settings.Lab, IsWithoutRoots: !_world.Definition.HasRoots),
                CallsOf = _settings.Calls is { Length: > 0 } named ? named : null,
                Seed = _world.Kernel.Seed
            };
            return WithResolver(_settings.Calls is { } watched && (watched.Length == 0 || watched == host.Name), host,
                bare => Resolver(_settings, bare, host));
        }

        return _world.Run(name, () => program(Host(), ending.Token));
    }

    public override void Dispose()
    {
        _capture?.Dispose();
        base.Dispose();
    }

    /// <summary>Refuses a machine without power at once: nothing runs there, and whatever a program said of the network would be wrong.</summary>
    /// <exception cref="UsageException">It has none.</exception>
    public static void RequirePower(NetworkNode machine, Language language, bool isPrompt)
    {
        if (!machine.IsUp) { throw new UsageException(language.Places.NoPower(machine.Name, isPrompt), ExitCodes.ConnectFailed); }
    }

    /// <summary>What is said of a machine that a lab does not have.</summary>
    public static Phrase NoSuchMachine(Language language, LabElements elements, string name, string hint) =>
        language.Places.NoMachine(name, NearestMachine(elements, name), hint);

    /// <summary>A machine of a lab as programs see it.</summary>
    public static PlaceHost HostAt(Language language, LabElements elements, NetworkNode machine, INameResolver? resolver, string hint) =>
        new(machine as INetwork ?? machine.Machine.Network, machine is SimulatedHost host ? new BouncyCastleTlsProvider(host) : null,
            resolver, elements.World.Tracer)
        {
            Anchors = elements.World.Definition.Anchors,
            Name = machine.Name,
            Probes = machine.Machine.Network,
            Rest = elements.World.Kernel.Rest,
            NameOf = elements.NameOf,
            FindMachine = name =>
                elements.FindMachine(name) is { } found
                    ? [.. LabElements.AddressesOf(found, IpVersion.None).OrderBy(static address => address.Version)]
                    : null,
            NoSuchMachine = name => NoSuchMachine(language, elements, name, hint),
            Nearest = name => NearestMachine(elements, name),
        };

    private static string? NearestMachine(LabElements elements, string name) => Nearest.To(name, elements.Machines.Select(static one => one.Name));
}
