using System.Runtime.InteropServices;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Faults;

/// <summary>The faults of a world.</summary>
/// <remarks>
/// Theory of operation. A fault is a value with a beginning and an end. Faults between hosts and services are asked for every frame at the card
/// where it arrives, free when there are none. Faults of cables, machines and clocks are states: whenever one begins, ends, is added
/// or taken away, what it befalls is worked out anew from all faults that act then, so that two of a kind may overlap. What a fault does
/// is in its own file.
/// </remarks>
public sealed class FaultTable : IKernelEvent, IFaultGate
{
    private readonly Kernel _kernel;
    private readonly ITraceSink? _sink;
    private readonly List<NetworkFault> _faults = [];
    private readonly List<NetworkFault> _asked = [];
    private readonly List<NetworkFault> _scheduled = [];
    private readonly Dictionary<NetworkFault, long> _objections = new(ReferenceEqualityComparer.Instance);
    private RandomStream? _random;

    internal FaultTable(Kernel kernel, ITraceSink? sink)
    {
        _kernel = kernel;
        _sink = sink;
    }

    /// <summary>The faults, in the order in which they were added, whether they act now or not.</summary>
    public IReadOnlyList<NetworkFault> All => _faults;

    bool IFaultGate.IsEmpty => _asked.Count == 0;

    internal RandomStream Random => _random ??= _kernel.Stream("faults");

    /// <summary>Adds a fault; it acts while the world's time is between its two instants.</summary>
    public void Add(NetworkFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        _faults.Add(fault);
        if (!fault.IsState) { _asked.Add(fault); }
        _kernel.Setup(() =>
        {
            _scheduled.Add(fault);
            if (fault.From > _kernel.Now) { _kernel.Schedule(fault.From, this, _scheduled.Count - 1); }
            else { Change(fault, Acts(fault)); }
            if (fault.Until != Instant.Never) { _kernel.Schedule(fault.Until, this, _scheduled.Count - 1); }
            return fault;
        });
    }

    /// <summary>Takes a fault away, as if it were over now; false when it is not there.</summary>
    public bool Remove(NetworkFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (!_faults.Remove(fault)) { return false; }
        if (!fault.IsState) { _asked.Remove(fault); }
        if (Acts(fault)) { _kernel.Setup(() => { Change(fault, false); return fault; }); }
        return true;
    }

    /// <summary>Whether a fault acts now.</summary>
    public bool IsActing(NetworkFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return Acts(fault) && _faults.Contains(fault);
    }

    /// <summary>How many frames a fault that is asked has kept from arriving.</summary>
    public long ObjectionsOf(NetworkFault fault) => _objections.GetValueOrDefault(fault);

    void IKernelEvent.Fire(long argument)
    {
        var fault = _scheduled[(int)argument];
        // One that was taken away has been told and applied already.
        if (_faults.Contains(fault)) { Change(fault, Acts(fault)); }
    }

    private void Change(NetworkFault fault, bool isActing)
    {
        if (_sink is { IsListening: true }) { _sink.Tell(new FaultChanged(fault.Word, fault.Place, isActing) { At = _kernel.Now, Said = fault.Said }); }
        if (fault.IsState) { fault.Apply(_faults.FindAll(Acts)); }
    }

    private bool Acts(NetworkFault fault) => fault.From <= _kernel.Now && _kernel.Now < fault.Until;

    FrameDropReason IFaultGate.Judge(IFaultedWorld world, IFaultedMachine receiver, ReadOnlySpan<byte> frame)
    {
        if (!EthernetView.TryParse(frame, out var ethernet, out _)) { return FrameDropReason.None; }
        var isPacket = FaultedPacket.TryRead(ethernet.Payload, out var packet);
        var sender = isPacket ? world.FindOwner(packet.Source.Address) : null;
        var question = new FaultQuestion(this, receiver, world.FindStation(ethernet.Source), sender, isPacket, packet, ethernet.Payload);
        foreach (var fault in _asked)
        {
            if (!Acts(fault)) { continue; }
            var reason = fault.Judge(question);
            if (reason == FrameDropReason.None) { continue; }
            CollectionsMarshal.GetValueRefOrAddDefault(_objections, fault, out _)++;
            return reason;
        }
        return FrameDropReason.None;
    }

    ConnectionBreak? IFaultGate.FindBreak(SimulatedHost host, ushort port)
    {
        foreach (var fault in _asked)
        {
            if (Acts(fault) && fault.FindBreak(host, port) is { } found) { return found; }
        }
        return null;
    }
}
