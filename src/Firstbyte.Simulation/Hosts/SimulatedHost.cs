using Firstbyte.Addressing;
using Firstbyte.Sockets;

namespace Firstbyte.Simulation;

/// <summary>A machine of the simulated internet: addresses, files, a clock, randomness, and the sockets that its programs make.</summary>
public sealed class SimulatedHost : NetworkNode, INetwork
{
    private readonly HostFiles _files = new();
    private readonly RandomStream _random;

    internal SimulatedHost(Internet internet, string name)
        : base(internet, name)
    {
        _random = internet.Kernel.Stream($"host {name}");
        Fingerprint = TraceHash.Of(name);
        Stack = new PlainStack(this);
    }

    /// <inheritdoc/>
    public TimeProvider Time => Internet.Kernel.Time;

    /// <inheritdoc/>
    public IRandomSource Random => _random;

    /// <inheritdoc/>
    public IHostFiles Files => _files;

    /// <summary>The host's files, to be written.</summary>
    public HostFiles Disk => _files;

    /// <summary>The routers to which it sends what lies outside its own subnets: the first of each version.</summary>
    public IList<IpAddress> Gateways { get; } = [];

    internal PlainStack Stack { get; }

    internal ulong Fingerprint { get; }

    /// <inheritdoc/>
    public ISocket CreateSocket(IpVersion version, SocketKind kind)
    {
        Internet.Kernel.RequireInside("socket");
        if (version is not (IpVersion.V4 or IpVersion.V6)) { throw new NetworkException(Errno.EAFNOSUPPORT, "socket"); }
        return Internet.Fabric is { } fabric ? fabric.MachineOf(this).Network.CreateSocket(version, kind) : Stack.Create(version, kind);
    }

    /// <summary>Starts a program that serves for ever.</summary>
    public SimulationRoot StartService(string name, Func<Task> program) => Internet.Kernel.Start(Name, name, program, RootKind.Service);

    /// <summary>Whether packets to the address stay in this host: its own addresses and the loopback.</summary>
    internal bool Owns(IpAddress address)
    {
        if (IsLoopback(address)) { return true; }
        foreach (var attached in InterfaceSpan)
        {
            foreach (var own in attached.AddressSpan)
            {
                if (own == address) { return true; }
            }
        }
        return false;
    }

    /// <summary>The own address from which packets to a target are sent.</summary>
    internal IpAddress? SourceFor(IpAddress target)
    {
        if (Owns(target)) { return target; }
        foreach (var attached in InterfaceSpan)
        {
            foreach (var own in attached.AddressSpan)
            {
                if (own.Version == target.Version) { return own; }
            }
        }
        return null;
    }

    // 127.0.0.0/8 (RFC 1122 3.2.1.3) and ::1 (RFC 4291 2.5.3).
    private static bool IsLoopback(IpAddress address) => address.IsV4 ? address.Bits >> 24 == 127 : address == IpAddress.LoopbackV6;
}
