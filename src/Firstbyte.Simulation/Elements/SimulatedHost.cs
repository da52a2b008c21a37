using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Simulation.Hosts;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;

namespace Firstbyte.Simulation.Elements;

/// <summary>A host of a simulated internet: what its programs see of their machine.</summary>
public sealed class SimulatedHost : NetworkNode, INetwork
{
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

    /// <summary>The routers to which it sends what lies outside its own subnets: the first of each version counts. Read when the routes are written, before the first socket.</summary>
    public IList<IpAddress> Gateways { get; } = [];

    /// <inheritdoc/>
    public ISocket CreateSocket(IpVersion version, SocketKind kind) => Machine.Network.CreateSocket(version, kind);

    /// <summary>Starts a program that serves for ever.</summary>
    public SimulationRoot StartService(string name, Func<Task> program) => Internet.Kernel.Start(Name, name, program, RootKind.Service);
}
