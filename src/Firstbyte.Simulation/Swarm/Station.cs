using Firstbyte.Hosts;
using Firstbyte.Hosts.Nat;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Stack;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Swarm;

/// <summary>A machine of a random world in its present life: its stack, what it serves, and the doors through which its frames go.</summary>
/// <remarks>
/// A machine that crashes is not told. Its doors close, so that nothing that it still says is heard, and when it comes back it is a new
/// one on the old cables.
/// </remarks>
internal sealed class Station(SwarmWorld world, MachinePlan plan, WireEnd[] ends) : IFaultedMachine
{
    private readonly List<Action> _stops = [];
    private readonly UInt128[] _own = [.. plan.Addresses.Select(static address => address.Bits)];
    private Door[] _doors = [];
    private bool _isRunning;

    public MachinePlan Plan { get; } = plan;

    public string Name => Plan.Name;

    public bool IsRouter => Plan.Role == MachineRole.Router;

    public Machine Machine { get; private set; } = null!;

    /// <summary>What programs on it use: its stack, watched.</summary>
    public INetwork Network { get; private set; } = null!;

    /// <summary>Whether it is to be up: a fault says so while the world's pump is inside a task, and it is done at the same instant outside of any.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>When something last came that may make it send at once: an answer of a neighbour, an error.</summary>
    public Instant LastControlAt { get; set; }

    public QuestionLedger Questions { get; } = new(world.Book, plan.Name);

    public HopTable Hops { get; } = new();

    /// <summary>Sockets that are open while it serves nobody.</summary>
    public int IdleSockets { get; private set; }

    public bool Owns(UInt128 address) => Array.IndexOf(_own, address) >= 0;

    public void Boot()
    {
        _isRunning = true;
        Machine = new Machine(world.Kernel, Name, world.Pool, new HostSettings { IsRouter = IsRouter, Tcp = Plan.Tcp }, world.EventSink);
        Machine.Stack.Listener = new StackWatch(world.Book, world.Translations, Name, Machine.Stack.Listener);
        _doors = new Door[ends.Length];
        for (var i = 0; i < ends.Length; i++)
        {
            var card = Machine.Plug(ends[i], new MacAddress(Plan.Cards[i].Hardware), Plan.Cards[i].Addresses);
            _doors[i] = new Door(world, this, ends[i], Plan.Cards[i].Hardware, ends[i].Port!);
            Machine.Network.Attach(card, _doors[i]);
            ends[i].Port = _doors[i];
        }
        if (world.Plan.SecureMachines.Count > 0)
        {
            Machine.Disk.Write(Tls.BouncyCastleTlsProvider.TrustedRoots, () => world.Authority.Value.RootCertificateFile);
        }
        if (Plan.Translates) { Machine.Stack.Start(new AddressTranslation(Machine.Stack.Interfaces[1]), Machine.Clock.Monotonic); }
        SwarmRoutes.Write(world.Plan, Plan, Machine.Stack);
        Network = new WatchedNetwork(Machine.Network, world.Streams, Plan.Role == MachineRole.Resolver ? Questions : null);
        SwarmServices.Start(world, this);
        IdleSockets = Machine.Network.Sockets.Count();
    }

    /// <summary>Adds what ends one of its programs.</summary>
    public void AddStop(Action stop) => _stops.Add(stop);

    public void Skew(TimeSpan offset, int driftPartsPerMillion) => Machine.Clock.Skew(offset, driftPartsPerMillion);

    void IFaultedMachine.Crash()
    {
        IsUp = false;
        world.Kernel.Schedule(world.Kernel.Now, Follow);
    }

    void IFaultedMachine.Restart()
    {
        IsUp = true;
        world.Kernel.Schedule(world.Kernel.Now, Follow);
    }

    private void Follow()
    {
        if (IsUp == _isRunning) { return; }
        if (IsUp) { Boot(); }
        else { Crash(); }
    }

    // Everything that it holds is gone, and nobody hears of it.
    private void Crash()
    {
        _isRunning = false;
        foreach (var door in _doors) { door.IsClosed = true; }
        foreach (var stop in _stops) { stop(); }
        _stops.Clear();
        Questions.Forget();
    }
}

/// <summary>Where the frames of one card go in and out: what is checked there, and what is no longer heard.</summary>
internal sealed class Door(SwarmWorld world, Station station, WireEnd end, ulong card, IFramePort inside) : IFramePort, IFrameDevice
{
    // The headers, with the checksums over what follows them.
    private const int HashedBytes = 80;

    private readonly ulong _fingerprint = TraceHash.Of(end.Wire.Name);
    private readonly HashSet<ulong> _neighbors = [];

    public bool IsClosed { get; set; }

    public void Receive(Frame frame)
    {
        var bytes = (ReadOnlySpan<byte>)frame.Span;
        world.Kernel.Trace.Fold(_fingerprint, (ulong)bytes.Length, bytes[..Math.Min(bytes.Length, HashedBytes)]);
        IFaultGate faults = world.Faults.Table;
        if (IsClosed || (!faults.IsEmpty && faults.Judge(world, station, bytes) != FrameDropReason.None))
        {
            frame.Release();
            return;
        }
        world.Frames.OnArrival(station, card, _neighbors, bytes);
        inside.Receive(frame);
    }

    public void OnCarrier(bool hasCarrier) => inside.OnCarrier(hasCarrier);

    public void Send(Frame frame)
    {
        if (IsClosed)
        {
            frame.Release();
            return;
        }
        world.Frames.OnDeparture(station, _neighbors, frame.Span);
        end.Send(frame);
    }
}

/// <summary>The hops that were left to the latest packets when they came to a router.</summary>
internal sealed class HopTable
{
    // Packets that wait for a neighbour's answer at a router are few; one that was overwritten is not checked.
    private const int Size = 512;

    private readonly (ulong Packet, byte Hops)[] _rows = new (ulong, byte)[Size];

    public void Note(ulong packet, byte hops) => _rows[packet % Size] = (packet, hops);

    public bool TryFind(ulong packet, out byte hops)
    {
        var row = _rows[packet % Size];
        hops = row.Hops;
        return row.Packet == packet && row.Packet != 0;
    }
}
