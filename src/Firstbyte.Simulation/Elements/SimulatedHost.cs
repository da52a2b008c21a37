using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Hosts.Dhcp;
using Firstbyte.Simulation.Hosts;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Decorators;

namespace Firstbyte.Simulation.Elements;

/// <summary>A host of a simulated internet: what its programs see of their machine.</summary>
public sealed class SimulatedHost : NetworkNode, INetwork
{
    private readonly List<DhcpClient> _clients = [];

    internal SimulatedHost(Internet internet, string name, HostSettings settings)
        : base(internet, name, settings)
    {
    }

    /// <inheritdoc/>
    public TimeProvider Time => Bare.Network.Time;

    /// <inheritdoc/>
    public IRandomSource Random => Bare.Network.Random;

    /// <inheritdoc/>
    public IHostFiles Files => Bare.Disk;

    /// <summary>The host's files, to be written.</summary>
    public HostFiles Disk => Bare.Disk;

    /// <summary>
    /// The routers to which it sends what lies outside its own subnets: the first of each version counts. Read when the routes are
    /// written, before the first socket.
    /// </summary>
    public IList<IpAddress> Gateways { get; } = [];

    /// <summary>Who is told the calls of the programs that live here; null when nobody looks at them.</summary>
    public CallTracer? Calls { get; set; }

    /// <summary>Whether every plug that asks for an address (<see cref="UseDhcp"/>) has one now.</summary>
    public bool HasAddresses => _clients.TrueForAll(static client => client.Lease is not null);

    /// <summary>
    /// Lets a plug ask for its IPv4 address (DHCP, RFC 2131), as soon as the internet is settled. The router goes into the routing table,
    /// the DNS servers into /etc/resolv.conf.
    /// </summary>
    public void UseDhcp(Plug plug)
    {
        ArgumentNullException.ThrowIfNull(plug);
        if (plug.Node != this) { throw new ArgumentException("the plug is another node's", nameof(plug)); }
        var client = new DhcpClient(plug.Interface);
        DhcpLease? known = null;
        client.LeaseChanged = changed =>
        {
            if (known is not null) { Internet.SetLent(plug, known.Address.Address, isLent: false); }
            known = changed.Lease;
            if (known is null) { return; }
            Internet.SetLent(plug, known.Address.Address, isLent: true);
            if (known.NameServers.Length > 0)
            {
                Disk.Write("/etc/resolv.conf",
                    string.Concat(known.NameServers.Select(static server => $"nameserver {server}\n"))
                    + (known.DomainName is { } domain ? $"search {domain}\n" : ""));
            }
        };
        _clients.Add(client);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IpAddress> GetAddresses() => Machine.Network.GetAddresses();

    /// <inheritdoc/>
    public bool HasCarrier => Machine.Network.HasCarrier;

    /// <inheritdoc/>
    public bool? IsOfWorld(IpAddress address) =>
        Internet.FindPlug(address) is not null || Internet.Subnets.Any(subnet => subnet.Prefixes.Any(prefix => prefix.Contains(address)));

    /// <inheritdoc/>
    public ISocket CreateSocket(IpVersion version, SocketKind kind) =>
        Calls is { } calls ? calls.Watch(Machine.Network, CallSource.Application).CreateSocket(version, kind) : Machine.Network.CreateSocket(version, kind);

    /// <summary>Starts a program that serves for ever.</summary>
    public SimulationRoot StartService(string name, Func<Task> program) => Internet.Kernel.Start(Name, name, program, RootKind.Service);

    /// <summary>Whether the IPv4 address of a plug is one that DHCP lends.</summary>
    internal bool Borrows(Plug plug) => _clients.Exists(client => client.Interface == plug.Interface);

    internal void AskForAddresses()
    {
        foreach (var client in _clients)
        {
            if (!Bare.Stack.Programs.Contains(client)) { Bare.Stack.Start(client, Bare.Clock.Monotonic); }
        }
        if (_clients.Count > 0) { Bare.Network.Flush(); }
    }
}
