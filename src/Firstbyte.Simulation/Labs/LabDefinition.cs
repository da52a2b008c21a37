using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Simulation;
using Firstbyte.Tls;

namespace Firstbyte.Labs;

/// <summary>A lab as its file describes it: a value, from which any number of worlds can be built.</summary>
/// <param name="Title">What it shows, in a few words.</param>
/// <param name="Seed">The seed of its worlds unless another is asked for.</param>
/// <param name="Client">The host at which the user sits.</param>
/// <param name="Subnets">Its networks.</param>
/// <param name="Routers">What joins them.</param>
/// <param name="Hosts">What is plugged into them.</param>
/// <param name="Links">Cables that are not the default.</param>
/// <param name="Happenings">What goes wrong, and when.</param>
public sealed record LabDefinition(
    string Title,
    ulong Seed,
    string Client,
    IReadOnlyList<SubnetDefinition> Subnets,
    IReadOnlyList<RouterDefinition> Routers,
    IReadOnlyList<HostDefinition> Hosts,
    IReadOnlyList<LinkDefinition> Links,
    IReadOnlyList<Happening> Happenings);

/// <summary>Where something stands in a lab's file, counted from 1.</summary>
public readonly record struct LabPlace(string File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>A subnet: its network numbers and what joins its cables.</summary>
public sealed record SubnetDefinition(string Name, IReadOnlyList<IpPrefix> Prefixes, SubnetKind Kind);

/// <summary>What joins the cables of a subnet.</summary>
public enum SubnetKind
{
    /// <summary>A repeater: every cable hears everything.</summary>
    Hub,

    /// <summary>Learns who is where.</summary>
    Switch,
}

/// <summary>A plug of a host or router.</summary>
public sealed record InterfaceDefinition(string Subnet, IReadOnlyList<IpAddress> Addresses);

/// <summary>A router.</summary>
public sealed record RouterDefinition(string Name, IReadOnlyList<InterfaceDefinition> Interfaces);

/// <summary>A host.</summary>
/// <param name="Name">Its name in the lab.</param>
/// <param name="Interface">Its plug.</param>
/// <param name="Gateways">The routers' addresses to which it sends what lies outside its subnet.</param>
/// <param name="Nameservers">The DNS servers of its resolv.conf.</param>
/// <param name="Services">What it serves.</param>
/// <param name="Files">Files of its disk.</param>
public sealed record HostDefinition(
    string Name,
    InterfaceDefinition Interface,
    IReadOnlyList<IpAddress> Gateways,
    IReadOnlyList<IpAddress> Nameservers,
    IReadOnlyList<ServiceDefinition> Services,
    IReadOnlyList<FileDefinition> Files);

/// <summary>A file of a host's disk.</summary>
public sealed record FileDefinition(string Path, byte[] Content);

/// <summary>Something that a host serves.</summary>
/// <param name="Place">Where the lab says so.</param>
public abstract record ServiceDefinition(LabPlace Place);

/// <summary>An authoritative DNS server's zone (all zones of a host are served by one server).</summary>
public sealed record ZoneService(LabPlace Place, Zone Zone) : ServiceDefinition(Place);

/// <summary>A recursive resolver for clients.</summary>
public sealed record ResolverService(LabPlace Place) : ServiceDefinition(Place);

/// <summary>A web server, plain or over TLS.</summary>
/// <param name="Place">Where the lab says so.</param>
/// <param name="Secure">https.</param>
/// <param name="Port">The port.</param>
/// <param name="Names">The names of its certificate.</param>
/// <param name="Flaw">What is wrong with its certificate, on purpose.</param>
/// <param name="Pages">What it answers.</param>
public sealed record WebService(LabPlace Place, bool Secure, ushort Port, IReadOnlyList<string> Names, CertificateFlaw Flaw, IReadOnlyList<PageDefinition> Pages) : ServiceDefinition(Place);

/// <summary>What a web server answers for a path.</summary>
public abstract record PageDefinition(string Path);

/// <summary>A page with content.</summary>
public sealed record ContentPage(string Path, byte[] Content) : PageDefinition(Path);

/// <summary>A redirect.</summary>
public sealed record RedirectPage(string Path, string Location, int Status) : PageDefinition(Path);

/// <summary>A response whose body never ends.</summary>
public sealed record EndlessPage(string Path) : PageDefinition(Path);

/// <summary>A cable that is not the default, in one direction or both.</summary>
public sealed record LinkDefinition(string Name, LinkDirections Directions, LinkSettings Settings);

/// <summary>The directions of a cable, seen from its host or router.</summary>
[Flags]
public enum LinkDirections
{
    /// <summary>Toward the subnet.</summary>
    Up = 1,

    /// <summary>From the subnet.</summary>
    Down = 2,

    /// <summary>Both.</summary>
    Both = 3,
}

/// <summary>Something that goes wrong, from an instant on, for a while or for ever. Times are nanoseconds of the world.</summary>
public abstract record Happening(long AtNanoseconds, long? ForNanoseconds);

/// <summary>A host, or one port of it, is sent things and never answers.</summary>
public sealed record Silence(long AtNanoseconds, long? ForNanoseconds, string Host, ushort? Port) : Happening(AtNanoseconds, ForNanoseconds);

/// <summary>A port refuses.</summary>
public sealed record Refusal(long AtNanoseconds, long? ForNanoseconds, string Host, ushort Port) : Happening(AtNanoseconds, ForNanoseconds);

/// <summary>Connections of a port break after so many bytes.</summary>
public sealed record Breakage(long AtNanoseconds, long? ForNanoseconds, string Host, ushort Port, long AfterBytes, bool ByReset) : Happening(AtNanoseconds, ForNanoseconds);

/// <summary>A share of the packets between two hosts is lost, in one direction; null is any host.</summary>
public sealed record PacketLoss(long AtNanoseconds, long? ForNanoseconds, int Millionths, string? Source, string? Target) : Happening(AtNanoseconds, ForNanoseconds);

/// <summary>Two sets of hosts do not hear each other.</summary>
public sealed record Partition(long AtNanoseconds, long? ForNanoseconds, IReadOnlyList<string> Left, IReadOnlyList<string> Right) : Happening(AtNanoseconds, ForNanoseconds);

/// <summary>A host is switched off.</summary>
public sealed record Outage(long AtNanoseconds, long? ForNanoseconds, string Host) : Happening(AtNanoseconds, ForNanoseconds);
