using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Dns;
using Firstbyte.Dns.Upstreams;
using Firstbyte.Dns.Validating;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Decorators;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Places;

/// <summary>Where a command works: at this machine, at a machine of a lab, or at a host of our own on a TUN device.</summary>
/// <remarks>
/// Theory of operation. A command is a program: a function of a <see cref="PlaceHost"/>, which gives it network, clock, TLS, resolver and tracer. It is written
/// once, and a place runs it: over the operating system, in virtual time, or on the loop of a device. What only a place knows (the names of a lab's machines,
/// the seed, the capture) comes with the host or stays behind the place.
/// </remarks>
internal abstract class Place : IDisposable
{
    /// <summary>Runs a program to its end and returns its exit code. Called once.</summary>
    /// <param name="name">What it is called where programs have names.</param>
    /// <param name="program">The program; its token is cancelled where it runs, whichever thread a signal came on.</param>
    /// <exception cref="OperationCanceledException">A signal ended it.</exception>
    public abstract int Run(string name, Func<PlaceHost, CancellationToken, Task<int>> program);

    /// <summary>Whose an address is, where the whole world of the place is known; null where it is not.</summary>
    public virtual Func<IpAddress, string?>? NameOf => null;

    /// <summary>Whether a cable, named first, ends at a machine, where the whole world is known; null where it is not.</summary>
    public virtual Func<string, string, bool>? IsAt => null;

    /// <summary>The place that the options name.</summary>
    /// <exception cref="UsageException">There is no such place, or two were named.</exception>
    public static Place Open(PlaceSettings settings, CommandIo io, ITraceSink sink)
    {
        settings.Check(io.Language.Places);
        return settings.Lab is not null
            ? new LabClientPlace(settings, io, sink)
            : settings.Tun is not null ? new TunPlace(settings, io, sink) : new HerePlace(settings, io, sink);
    }

    public virtual void Dispose() { }

    /// <summary>A host with its resolver; where somebody looks at calls, those of its programs are told, and those of the resolver as the resolver's.</summary>
    /// <param name="tellsCalls">Whether somebody does.</param>
    /// <param name="host">The host.</param>
    /// <param name="resolver">Makes the resolver on its network.</param>
    protected static PlaceHost WithResolver(bool tellsCalls, PlaceHost host, Func<INetwork, INameResolver> resolver)
    {
        if (!tellsCalls) { return host with { Resolver = resolver(host.Network) }; }
        var calls = new CallTracer(host.Name, host.Root());
        return host with
        {
            Network = calls.Watch(host.Network, CallSource.Application),
            Resolver = resolver(calls.Watch(host.Network, CallSource.Resolver)),
            Calls = calls
        };
    }

    /// <summary>The resolver that the options ask for; the host's configured one by default.</summary>
    /// <param name="settings">The options.</param>
    /// <param name="network">The host's network, as its resolver sees it.</param>
    /// <param name="host">The host.</param>
    protected static INameResolver Resolver(PlaceSettings settings, INetwork network, PlaceHost host) =>
        settings.Server is { } server ? StubResolver.FromServer(network, server, new UpstreamTransports(host.Tls))
        : settings.Iterative ? new LocalNameResolver(network, new RecursiveResolver(network, new RecursiveResolverOptions { Anchors = host.Anchors }))
        : StubResolver.FromSystem(network);
}

/// <summary>The host at which a program runs, with what it needs there.</summary>
/// <param name="Network">Its sockets, clock, randomness and files.</param>
/// <param name="Tls">How it secures connections.</param>
/// <param name="Resolver">How it finds addresses; null on a router, which finds none.</param>
/// <param name="Tracer">Where it tells what happens.</param>
internal sealed record PlaceHost(INetwork Network, ITlsProvider? Tls, INameResolver? Resolver, Tracer Tracer)
{
    /// <summary>The same network for whoever probes it; null where the host offers no such thing.</summary>
    public IProbeNetwork? Probes { get; init; }

    /// <summary>Who is told the calls of its programs; null when nobody looks at them.</summary>
    public CallTracer? Calls { get; init; }

    /// <summary>The machine whose calls are told, where it is another one.</summary>
    public string? CallsOf { get; init; }

    /// <summary>What the machine is called at its place; empty for this machine.</summary>
    public string Name { get; init; } = "";

    /// <summary>What the place is called in a story; empty for this machine.</summary>
    public string Place { get; init; } = "";

    /// <summary>Where whoever runs it types: advice names commands as they work there.</summary>
    public Standpoint Standpoint { get; init; } = Standpoint.Here;

    /// <summary>What is believed of the root that is asked there.</summary>
    public TrustAnchors Anchors { get; init; } = TrustAnchors.Root;

    /// <summary>Cancelled when nothing is left to happen there; never on this machine's network.</summary>
    public CancellationToken Rest { get; init; }

    /// <summary>The seed of the world, where there is one.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The variables of the environment by which programs there go; none where a place has no environment.</summary>
    public Func<string, string?> Variables { get; init; } = static _ => null;

    /// <summary>The name of whoever has an address, where the place knows it.</summary>
    public Func<IpAddress, string?> NameOf { get; init; } = static _ => null;

    /// <summary>The addresses of a machine that the place knows by a name of its own; null when it knows none.</summary>
    public Func<string, IReadOnlyList<IpAddress>?> FindMachine { get; init; } = static _ => null;

    /// <summary>What is said of a word that can only be a machine's and is no machine's; null where every word may be a name.</summary>
    public Func<string, Phrase>? NoSuchMachine { get; init; }

    /// <summary>The machine that may be meant by a name that cannot be resolved.</summary>
    public Func<string, string?> Nearest { get; init; } = static _ => null;

    /// <summary>A step that no other step started.</summary>
    public TraceSpan Root() => Tracer.Root(Network);
}
