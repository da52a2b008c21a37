using System.Text.Json.Serialization;
using Firstbyte.Addressing;
using Firstbyte.Dns.Validating;
using Firstbyte.Simulation.Elements;

namespace Firstbyte.Labs;

/// <summary>A lab as its file describes it: a value, from which any number of worlds can be built.</summary>
/// <param name="Title">What it shows, in a few words, in the language of its file.</param>
/// <param name="Seed">The seed of its worlds unless another is asked for.</param>
/// <param name="Client">The host at which the user sits.</param>
/// <param name="Subnets">Its networks.</param>
/// <param name="Routers">What joins them.</param>
/// <param name="Hosts">What is plugged into them.</param>
/// <param name="Links">Cables that are not the default, each once.</param>
/// <param name="Happenings">What goes wrong, and when.</param>
/// <param name="NameChanges">What changes in its zones, and when.</param>
/// <param name="Titles">What it shows, in other languages, each once.</param>
public sealed record LabDefinition(
    string Title,
    ulong Seed,
    string Client,
    IReadOnlyList<SubnetDefinition> Subnets,
    IReadOnlyList<RouterDefinition> Routers,
    IReadOnlyList<HostDefinition> Hosts,
    IReadOnlyList<LinkDefinition> Links,
    IReadOnlyList<Happening> Happenings,
    IReadOnlyList<NameChange> NameChanges,
    IReadOnlyList<LabTitle> Titles)
{
    /// <summary>What it shows, in a language if the file says it in that one, otherwise as the file has it.</summary>
    /// <param name="language">The language's tag, such as "zh".</param>
    public string TitleIn(string language) => Titles.FirstOrDefault(title => title.IsIn(language))?.Text ?? Title;

    /// <summary>What its resolvers believe of keys, taken together: what whoever resolves there himself believes too.</summary>
    [JsonIgnore]
    public TrustAnchors Anchors =>
        TrustAnchors.From(Hosts.SelectMany(static host => host.Services).OfType<ResolverService>().SelectMany(static resolver => resolver.Trusted));

    /// <summary>Whether somebody serves the root zone, so that a resolver can ask from there down.</summary>
    public bool HasRoots => Hosts.Any(static host => host.Services.Any(static service => service is ZoneService { Zone.Origin.IsRoot: true }));
}

/// <summary>What a lab shows, in one language.</summary>
/// <param name="Language">The language's tag (RFC 5646), such as "zh" or "zh-Hans".</param>
/// <param name="Text">What it shows.</param>
public sealed record LabTitle(string Language, string Text)
{
    /// <summary>Whether this is the language or a variety of it: "zh-Hans" is "zh" (RFC 4647 section 3.3.1).</summary>
    public bool IsIn(string language) =>
        Language.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (Language.Length == language.Length || Language[language.Length] == '-');

    /// <summary>Whether a text has the form of a language's tag: letters and digits in parts of at most eight, the first one of letters alone.</summary>
    public static bool IsTag(string text)
    {
        var parts = text.Split('-');
        return parts[0].All(char.IsAsciiLetter) && parts.All(static part => part.Length is > 0 and <= 8 && part.All(char.IsAsciiLetterOrDigit));
    }
}

/// <summary>Where something stands in a lab's file, counted from 1.</summary>
public readonly record struct LabPlace(string File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>A subnet: its network numbers and what joins its cables.</summary>
/// <param name="Name">Its name, which is that of its first hub or switch too.</param>
/// <param name="Prefixes">Its network numbers.</param>
/// <param name="Kind">What joins its cables.</param>
/// <param name="Boxes">Further hubs and switches, each joined to one above it.</param>
public sealed record SubnetDefinition(string Name, IReadOnlyList<IpPrefix> Prefixes, SubnetKind Kind, IReadOnlyList<BoxDefinition> Boxes);

/// <summary>A further hub or switch of a subnet.</summary>
/// <param name="Name">Its name, which no subnet and no other box has.</param>
/// <param name="Kind">Hub or switch.</param>
/// <param name="Uplink">The box, or the subnet, that it is joined to by a cable called by both names.</param>
public sealed record BoxDefinition(string Name, SubnetKind Kind, string Uplink);

/// <summary>What joins the cables of a subnet.</summary>
public enum SubnetKind
{
    /// <summary>A repeater: every cable hears everything.</summary>
    Hub,

    /// <summary>Learns who is where.</summary>
    Switch,
}

/// <summary>A plug of a host or router.</summary>
/// <param name="Subnet">Where.</param>
/// <param name="Addresses">Its addresses there.</param>
/// <param name="Box">Which of the subnet's further hubs or switches; null is the first.</param>
/// <param name="UsesDhcp">Whether it asks for its IPv4 address (RFC 2131).</param>
public sealed record InterfaceDefinition(
    string Subnet,
    IReadOnlyList<IpAddress> Addresses,
    string? Box = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool UsesDhcp = false);

/// <summary>A router.</summary>
/// <param name="Name">Its name in the lab.</param>
/// <param name="Interfaces">Its plugs.</param>
/// <param name="Settings">What its administrator has decided.</param>
/// <param name="Routes">What its administrator has written into its table by hand.</param>
public sealed record RouterDefinition(string Name, IReadOnlyList<InterfaceDefinition> Interfaces, RouterSettings Settings, IReadOnlyList<StaticRoute> Routes);

/// <summary>A host.</summary>
/// <param name="Name">Its name in the lab.</param>
/// <param name="Interfaces">Its plugs; the first one's addresses are those of its name.</param>
/// <param name="Gateways">The routers' addresses to which it sends what lies outside its subnets.</param>
/// <param name="Routes">What its administrator has written into its table by hand.</param>
/// <param name="Nameservers">The DNS servers of its resolv.conf.</param>
/// <param name="Services">What it serves.</param>
/// <param name="Files">Files of its disk.</param>
/// <param name="Ports">The ports from which its programs speak when they do not choose; null for the usual ones (RFC 6335 section 6).</param>
public sealed record HostDefinition(
    string Name,
    IReadOnlyList<InterfaceDefinition> Interfaces,
    IReadOnlyList<IpAddress> Gateways,
    IReadOnlyList<StaticRoute> Routes,
    IReadOnlyList<IpAddress> Nameservers,
    IReadOnlyList<ServiceDefinition> Services,
    IReadOnlyList<FileDefinition> Files,
    PortRange? Ports = null);

/// <summary>Ports from the first to the last.</summary>
public sealed record PortRange(ushort First, ushort Last);

/// <summary>A file of a host's disk.</summary>
public sealed record FileDefinition(string Path, [property: JsonConverter(typeof(LabContentJsonConverter))] byte[] Content);

/// <summary>How a cable treats what goes over it, each way; it is the default where the lab says nothing.</summary>
/// <param name="Name">What it joins, a node and a subnet or hub, or a hub and the one above it, joined by a hyphen.</param>
/// <param name="Up">From the first to the second.</param>
/// <param name="Down">From the second to the first.</param>
public sealed record LinkDefinition(string Name, WireSettings Up, WireSettings Down);
