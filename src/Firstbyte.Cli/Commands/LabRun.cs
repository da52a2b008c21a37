using Firstbyte.Cli.Drawing;
using Firstbyte.Dns.Records;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Recording;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Simulation.Tls;
using Firstbyte.Telling.Rows;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>Runs a command at the client of a lab, in virtual time.</summary>
internal static class LabRun
{
    public static int Fetch(FetchSettings settings, JourneyRequest[] requests, CancellationToken cancellation)
    {
        var definition = Load(settings.Place.Lab!);
        using var outlet = new Outlet(settings);
        var world = Build(definition, settings.Place, outlet.Sink, out var watch);
        outlet.Tracer = world.Tracer;
        using var capture = CaptureFile.Open(settings.Place.Pcap, world.Capture);
        watch.Watch(new LabElements(world));
        var options = Commands.Fetch.Options(settings) with { Place = settings.Place.Lab!, Seed = settings.Place.Seed ?? definition.Seed };
        return Guarded(() => Run(world, stop => Commands.Fetch.RunJourneysAsync(
            settings, requests, world.Client, Commands.Fetch.Resolver(settings.Place, world.Client), new BouncyCastleTlsProvider(world.Client), options, outlet, stop), cancellation));
    }

    public static int Resolve(PlaceSettings settings, DnsName name, RecordType type, bool isAbsolute, ResolveOutlet outlet, CancellationToken cancellation)
    {
        var world = Build(Load(settings.Lab!), settings, outlet.Sink, out var watch);
        outlet.Tracer = world.Tracer;
        using var capture = CaptureFile.Open(settings.Pcap, world.Capture);
        watch.Watch(new LabElements(world));
        return Guarded(() => Run(world, stop => ResolveCommand.RunAsync(settings, name, type, isAbsolute, world.Client, outlet, stop), cancellation));
    }

    /// <summary>Runs a program at the client. A signal comes on another thread, where nothing of the world may be touched: the world's own thread passes it on.</summary>
    private static int Run(LabWorld world, Func<CancellationToken, Task<int>> program, CancellationToken cancellation)
    {
        using var ending = new CancellationTokenSource();
        world.AwaitAddresses();
        using var passing = cancellation.UnsafeRegister(_ => world.Kernel.Post(ending.Cancel), null);
        return world.Run("firstbyte", () => program(ending.Token));
    }

    /// <summary>A world whose wires are watched: for the way of each connection, and at -vv for every frame.</summary>
    private static LabWorld Build(LabDefinition definition, PlaceSettings place, ITraceSink sink, out FrameWatch watch)
    {
        watch = new FrameWatch(sink, everyFrame: place.WatchesFrames);
        return LabWorld.Build(definition, place.Seed, watch);
    }

    /// <summary>A lab by its name in the catalogue, or from a file.</summary>
    public static LabDefinition Load(string name)
    {
        if (LabCatalog.Load(name) is { } known) { return known; }
        try
        {
            if (!File.Exists(name)) { throw new UsageException($"there is no lab and no file '{Printable.Text(name)}'{(Nearest.Question(name, LabCatalog.Names) is { Length: > 0 } question ? question : ".")} Labs: {string.Join(", ", LabCatalog.Names)}"); }
            var folder = Path.GetDirectoryName(Path.GetFullPath(name))!;
            return LabFile.Parse(File.ReadAllText(name), name, relative => ReadBeside(folder, relative));
        }
        catch (LabFileException e) { throw new UsageException(e.Message); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new UsageException($"'{name}' cannot be read: {e.Message}", ExitCodes.ReadFailed); }
    }

    private static byte[]? ReadBeside(string folder, string relative)
    {
        var path = Path.Combine(folder, relative);
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    /// <summary>Exit code of a simulation that failed in itself (sysexits: EX_SOFTWARE).</summary>
    public const int SimulationFailed = 70;

    /// <summary>Runs a lab's command; what it fails by is said in one line on standard error, and the exit code says it too.</summary>
    public static int Reported(Func<int> run)
    {
        try { return Guarded(run); }
        catch (UsageException e)
        {
            Console.Out.Flush();
            Console.Error.WriteLine("firstbyte: " + e.Message);
            return e.ExitCode;
        }
    }

    private static int Guarded(Func<int> run)
    {
        try { return run(); }
        catch (SimulationException e) { throw new UsageException("the simulation stopped: " + e.Message, SimulationFailed); }
    }
}
