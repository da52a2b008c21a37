using Firstbyte.Addressing;

namespace Firstbyte.Simulation;

/// <summary>A network whose hosts reach each other without a router: a hub or a switch with its cables.</summary>
public sealed class Subnet
{
    private readonly List<NetworkInterface> _interfaces = [];

    internal Subnet(string name, IReadOnlyList<IpPrefix> prefixes)
    {
        Name = name;
        Prefixes = prefixes;
    }

    /// <summary>The subnet's name.</summary>
    public string Name { get; }

    /// <summary>Its network numbers.</summary>
    public IReadOnlyList<IpPrefix> Prefixes { get; }

    /// <summary>What is plugged in, in the order in which it was.</summary>
    public IReadOnlyList<NetworkInterface> Interfaces => _interfaces;

    /// <summary>Whether an address belongs to the subnet.</summary>
    public bool Contains(IpAddress address)
    {
        foreach (var prefix in Prefixes)
        {
            if (prefix.Contains(address)) { return true; }
        }
        return false;
    }

    internal void Add(NetworkInterface attached) => _interfaces.Add(attached);
}

/// <summary>A node's plug in a subnet.</summary>
public sealed class NetworkInterface
{
    private readonly IpAddress[] _addresses;

    internal NetworkInterface(NetworkNode node, Subnet subnet, IReadOnlyList<IpAddress> addresses, Link link)
    {
        Node = node;
        Subnet = subnet;
        _addresses = [.. addresses];
        Link = link;
    }

    /// <summary>Whose plug it is.</summary>
    public NetworkNode Node { get; }

    /// <summary>Where it is plugged in.</summary>
    public Subnet Subnet { get; }

    /// <summary>The node's addresses there. One outside the subnet's prefixes is announced by the routers as a route to this host alone (as the root servers' are).</summary>
    public IReadOnlyList<IpAddress> Addresses => _addresses;

    /// <summary>The same, to be walked for every packet.</summary>
    internal ReadOnlySpan<IpAddress> AddressSpan => _addresses;

    /// <summary>The cable.</summary>
    public Link Link { get; }
}

/// <summary>A host or a router.</summary>
public abstract class NetworkNode
{
    private readonly List<NetworkInterface> _interfaces = [];

    private protected NetworkNode(Internet internet, string name)
    {
        Internet = internet;
        Name = name;
    }

    /// <summary>The node's name.</summary>
    public string Name { get; }

    /// <summary>Its plugs, in the order in which they were made.</summary>
    public IReadOnlyList<NetworkInterface> Interfaces => _interfaces;

    /// <summary>Rows written into its routing table by hand; they stand before what is worked out for it. To be filled before the world is built of frames.</summary>
    public IList<StaticRoute> Routes { get; } = [];

    /// <summary>False when it is switched off: what arrives is lost.</summary>
    public bool IsUp { get; set; } = true;

    internal Internet Internet { get; }

    /// <summary>The plugs, to be walked for every packet.</summary>
    internal ReadOnlySpan<NetworkInterface> InterfaceSpan => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_interfaces);

    /// <summary>Plugs the node into a subnet.</summary>
    /// <exception cref="ArgumentException">An address is taken.</exception>
    public NetworkInterface Attach(Subnet subnet, IReadOnlyList<IpAddress> addresses, LinkSettings link, string? linkName = null)
    {
        ArgumentNullException.ThrowIfNull(subnet);
        ArgumentNullException.ThrowIfNull(addresses);
        return Internet.Kernel.Setup(() =>
        {
            var attached = new NetworkInterface(this, subnet, addresses, new Link(Internet.Kernel, linkName ?? $"{Name}-{subnet.Name}", link));
            Internet.Register(attached);
            _interfaces.Add(attached);
            subnet.Add(attached);
            return attached;
        });
    }
}

/// <summary>A node that passes packets on between subnets. In the plain model every router knows every subnet.</summary>
public sealed class Router : NetworkNode
{
    internal Router(Internet internet, string name, RouterSettings settings)
        : base(internet, name) => Settings = settings;

    /// <summary>What its administrator has decided.</summary>
    public RouterSettings Settings { get; }
}
