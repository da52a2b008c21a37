using System.Text.Json.Serialization;
using Firstbyte.Addressing;
using Firstbyte.Simulation.Elements;

namespace Firstbyte.Labs;

/// <summary>A lab as its file describes it: a value, from which any number of worlds can be built.</summary>
/// <param name="Title">What it shows, in a few words.</param>
/// <param name="Seed">The seed of its worlds unless another is asked for.</param>
/// <param name="Client">The host at which the user sits.</param>
/// <param name="Subnets">Its networks.</param>
/// <param name="Routers">What joins them.</param>
/// <param name="Hosts">What is plugged into them.</param>
/// <param name="Links">Cables that are not the default, each once.</param>
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
/// <param name="Interfaces">Its plugs; the first one's addresses are those of its name.</param>
/// <param name="Gateways">The routers' addresses to which it sends what lies outside its subnets.</param>
/// <param name="Nameservers">The DNS servers of its resolv.conf.</param>
/// <param name="Services">What it serves.</param>
/// <param name="Files">Files of its disk.</param>
public sealed record HostDefinition(
    string Name,
    IReadOnlyList<InterfaceDefinition> Interfaces,
    IReadOnlyList<IpAddress> Gateways,
    IReadOnlyList<IpAddress> Nameservers,
    IReadOnlyList<ServiceDefinition> Services,
    IReadOnlyList<FileDefinition> Files);

/// <summary>A file of a host's disk.</summary>
public sealed record FileDefinition(string Path, [property: JsonConverter(typeof(LabContentJsonConverter))] byte[] Content);

/// <summary>How a cable treats what goes over it, each way; it is the default where the lab says nothing.</summary>
/// <param name="Name">Node and subnet, joined by a hyphen.</param>
/// <param name="Up">From the host or router to the subnet.</param>
/// <param name="Down">From the subnet to the host or router.</param>
public sealed record LinkDefinition(string Name, WireSettings Up, WireSettings Down);
