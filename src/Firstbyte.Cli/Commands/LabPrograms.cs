using Firstbyte.Addressing;
using Firstbyte.Cli.Drawing;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Journeys;
using Firstbyte.Probing;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Recording;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets.Stack;
using Firstbyte.Telling.Story;

namespace Firstbyte.Cli.Commands;

/// <summary>The programs that are run on a lab's machines. A program is started again in every replay, so it looks everything up in the world it is given.</summary>
internal static class LabPrograms
{
    /// <summary>ping's own exit codes.</summary>
    public const int NoReply = 1, ProbeError = 2;

    public static int Ping(LabConsole console, string target, string? from, IpVersion version, PingOptions options) =>
        Probe(console, "ping", target, from, version, async (elements, network, address, stop) =>
            (await Probing.Ping.RunAsync(network, options with { Target = address, Name = target }, elements.NameOf, elements.World.Tracer.Root(network), stop)).Received > 0);

    public static int Traceroute(LabConsole console, string target, string? from, IpVersion version, TracerouteOptions options) =>
        Probe(console, "traceroute", target, from, version, (elements, network, address, stop) =>
            Probing.Traceroute.RunAsync(network, options with { Target = address, Name = target }, elements.NameOf, elements.World.Tracer.Root(network), stop));

    private static int Probe(LabConsole console, string name, string target, string? from, IpVersion version, Func<LabElements, StackNetwork, IpAddress, CancellationToken, Task<bool>> run)
    {
        var machine = console.MachineOrClient(from).Name;
        RequireMachineOrName(console, target);
        return console.TellingProgram(LabScene.Probes, () => console.Timeline.Run(machine, name, async (elements, stop) =>
        {
            var node = elements.FindMachine(machine)!;
            var address = await FindAsync(elements, node, target, version, stop);
            return await run(elements, node.Machine.Network, address, stop) ? ExitCodes.Success : NoReply;
        }));
    }

    public static int Fetch(LabConsole console, string url, string? from, JourneyRequest request, bool insecure)
    {
        var machine = console.HostOrClient(from).Name;
        var options = new JourneyOptions
        {
            UserAgent = "firstbyte/" + Application.Version,
            Place = console.LabName,
            Seed = console.Timeline.Seed,
            AllowCertificateFaults = insecure,
            TellBytes = console.Verbosity > 0,
            KeepConnections = false,
        };
        return console.TellingProgram(LabScene.Everything, () => console.Timeline.Run(machine, "fetch " + url, async (elements, stop) =>
        {
            var host = (SimulatedHost)elements.FindMachine(machine)!;
            using var client = new JourneyClient(host, StubResolver.FromSystem(host), new BouncyCastleTlsProvider(host), options);
            using var body = new PreviewBody(request.Method == "HEAD", console.Language);
            console.Story.Body = body;
            var result = await client.RunAsync(request, body, elements.World.Tracer, stop);
            return result.Failure is null ? ExitCodes.Success : result.ExitCode;
        }));
    }

    public static int Resolve(LabConsole console, DnsName name, RecordType type, bool isAbsolute, string? from)
    {
        var machine = console.HostOrClient(from).Name;
        ResolutionOutcome? outcome = null;
        var exitCode = console.TellingProgram(LabScene.Everything, () => console.Timeline.Run(machine, $"resolve {name}", async (elements, stop) =>
        {
            var host = (SimulatedHost)elements.FindMachine(machine)!;
            outcome = await StubResolver.FromSystem(host).ResolveAsync(name, type, new ResolutionOptions { IsAbsolute = isAbsolute }, elements.World.Tracer.Root(host), stop);
            return outcome is ResolvedAnswer { IsDenial: false } ? ExitCodes.Success : ExitCodes.NameNotResolved;
        }));
        if (outcome is not null && console.IsHeard && !console.IsJson) { OutcomeStory.Tell(console.Page, console.Language, outcome); }
        return exitCode;
    }

    /// <summary>Something that is neither an address nor a machine of the lab and cannot be a domain name either is a mistake of the keyboard.</summary>
    private static void RequireMachineOrName(LabConsole console, string target)
    {
        if (IpAddress.TryParse(target, out _) || console.Elements.FindMachine(target) is not null || (target.Contains('.', StringComparison.Ordinal) && DnsName.TryParse(target, out _))) { return; }
        console.Machine(target);
    }

    /// <summary>An address, a machine of the lab by its name there, or a domain name that the machine resolves.</summary>
    private static async Task<IpAddress> FindAsync(LabElements elements, NetworkNode from, string target, IpVersion version, CancellationToken stop)
    {
        if (IpAddress.TryParse(target, out var address))
        {
            return version == IpVersion.None || address.Version == version ? address : throw new UsageException($"{target} is not an {(version == IpVersion.V4 ? "IPv4" : "IPv6")} address");
        }
        if (elements.FindMachine(target) is { } machine)
        {
            var addresses = LabElements.AddressesOf(machine, version).OrderBy(static one => one.Version).ToArray();
            return addresses.Length > 0 ? addresses[0] : throw new UsageException($"{target} has no {(version == IpVersion.V6 ? "IPv6" : "IPv4")} address");
        }
        if (from is not SimulatedHost host) { throw new UsageException($"{from.Name} is a router, which resolves no names: give an address, or the name of a host of the lab"); }
        _ = DnsName.TryParse(target, out var name);
        var resolver = StubResolver.FromSystem(host);
        foreach (var type in version switch { IpVersion.V4 => (RecordType[])[RecordType.A], IpVersion.V6 => [RecordType.AAAA], _ => [RecordType.A, RecordType.AAAA] })
        {
            var outcome = await resolver.ResolveAsync(name!, type, null, elements.World.Tracer.Root(host), stop);
            if (outcome is ResolvedAnswer answer && answer.Records.Select(static record => record.Data).OfType<AddressData>().FirstOrDefault() is { } found) { return found.Address; }
        }
        throw new UsageException(
            $"{target}: {from.Name} cannot resolve the name, and no host of the lab is called so{Nearest.Question(target, elements.Machines.Select(static one => one.Name))} ('resolve {target}' shows why)", ProbeError);
    }
}
