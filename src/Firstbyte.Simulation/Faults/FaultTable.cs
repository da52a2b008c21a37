using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Faults;

/// <summary>The faults of a world.</summary>
/// <remarks>
/// Theory of operation. A fault is a value with a beginning and an end. Faults between hosts and services are asked for every frame at the card
/// where it arrives, free when there are none. Faults of cables, machines and clocks are states: whenever one begins, ends, is added
/// or taken away, what it befalls is worked out anew from all faults that act then, so that two of a kind may overlap.
/// </remarks>
public sealed class FaultTable : IKernelEvent, IFaultGate
{
    private readonly Kernel _kernel;
    private readonly ITraceSink? _sink;
    private readonly List<NetworkFault> _faults = [];
    private readonly List<NetworkFault> _scheduled = [];
    private RandomStream? _random;
    private int _asked;

    internal FaultTable(Kernel kernel, ITraceSink? sink)
    {
        _kernel = kernel;
        _sink = sink;
    }

    /// <summary>The faults, in the order in which they were added, whether they act now or not.</summary>
    public IReadOnlyList<NetworkFault> All => _faults;

    bool IFaultGate.IsEmpty => _asked == 0;

    private RandomStream Random => _random ??= _kernel.Stream("faults");

    /// <summary>Adds a fault; it acts while the world's time is between its two instants.</summary>
    public void Add(NetworkFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (fault is SkewFault skew) { ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(skew.DriftPartsPerMillion), VirtualTime.MaxDrift); }
        _faults.Add(fault);
        if (!IsState(fault)) { _asked++; }
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
        if (!IsState(fault)) { _asked--; }
        if (Acts(fault)) { _kernel.Setup(() => { Change(fault, false); return fault; }); }
        return true;
    }

    /// <summary>Whether a fault acts now.</summary>
    public bool IsActing(NetworkFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault.From <= _kernel.Now && _kernel.Now < fault.Until && _faults.Contains(fault);
    }

    void IKernelEvent.Fire(long argument)
    {
        var fault = _scheduled[(int)argument];
        // One that was taken away has been told and applied already.
        if (_faults.Contains(fault)) { Change(fault, Acts(fault)); }
    }

    private static bool IsState(NetworkFault fault) => fault is WireFault or CrashFault or SkewFault;

    private void Change(NetworkFault fault, bool isActing)
    {
        if (_sink is { IsListening: true })
        {
            var (kind, place) = fault.Describe();
            _sink.Tell(new FaultChanged(kind, place, isActing) { At = _kernel.Now });
        }
        if (IsState(fault)) { Apply(fault); }
    }

    private void Apply(NetworkFault fault)
    {
        switch (fault)
        {
            case WireFault wire:
                ApplyTo(wire.Wire.A);
                ApplyTo(wire.Wire.B);
                wire.Wire.UpdateCarrier();
                break;
            case CrashFault crash: ApplyCrashes(crash.Node); break;
            case SkewFault skew: ApplySkews(skew.Node); break;
            default: throw new ArgumentOutOfRangeException(nameof(fault), fault, "no fault that is a state");
        }
    }

    private void ApplyTo(WireEnd end)
    {
        var impairment = default(WireImpairment);
        foreach (var fault in _faults)
        {
            if (fault is not WireFault wire || wire.Wire != end.Wire || (wire.Sender ?? end) != end || !Acts(wire)) { continue; }
            impairment = wire switch
            {
                LinkDownFault => impairment with { IsCut = true },
                ClogFault => impairment with { IsClogged = true },
                ImpairmentFault other => impairment with { Settings = other.Settings },
                _ => impairment,
            };
        }
        end.Impair(impairment);
    }

    private void ApplyCrashes(NetworkNode node)
    {
        var isDown = _faults.Exists(fault => fault is CrashFault crash && crash.Node == node && Acts(crash));
        if (isDown == !node.IsUp) { return; }
        if (isDown) { node.Crash(); }
        else { node.Restart(); }
    }

    // The newest one counts.
    private void ApplySkews(NetworkNode node)
    {
        var skew = _faults.FindLast(fault => fault is SkewFault skew && skew.Node == node && Acts(skew)) as SkewFault;
        node.Bare.Clock.Skew(skew?.Offset ?? TimeSpan.Zero, skew?.DriftPartsPerMillion ?? 0);
    }

    private bool Acts(NetworkFault fault) => fault.From <= _kernel.Now && _kernel.Now < fault.Until;

    FrameDropReason IFaultGate.Judge(Internet internet, NetworkNode receiver, ReadOnlySpan<byte> frame)
    {
        if (!EthernetView.TryParse(frame, out var ethernet, out _)) { return FrameDropReason.None; }
        var station = internet.FindStation(ethernet.Source);
        var isPacket = FaultedPacket.TryRead(ethernet.Payload, out var packet);
        var sender = isPacket ? internet.FindPlug(packet.Source.Address)?.Node : null;
        foreach (var fault in _faults)
        {
            if (!Acts(fault)) { continue; }
            var reason = fault switch
            {
                SilentFault silent when isPacket && silent.Host == receiver && Matches(silent.Port, packet.Target.Port) && Matches(silent.Kind, packet) => FrameDropReason.Silenced,
                RefuseFault refuse when isPacket && refuse.Host == receiver && refuse.Port == packet.Target.Port && packet.IsOpening => FrameDropReason.Refused,
                LossFault loss when sender is not null && (loss.Source ?? sender) == sender && (loss.Target ?? receiver) == receiver && Matches(loss.Kind, packet) && Random.Chance(loss.Millionths) => FrameDropReason.Swallowed,
                IcmpFilterFault filter when (filter.Node == receiver || filter.Node == station) && isPacket && FaultedPacket.IsIcmp(ethernet.Payload) => FrameDropReason.Filtered,
                PartitionFault partition when Separates(partition, station, receiver) || Separates(partition, sender, receiver) => FrameDropReason.Partitioned,
                _ => FrameDropReason.None,
            };
            if (reason != FrameDropReason.None) { return reason; }
        }
        return FrameDropReason.None;
    }

    ConnectionBreak? IFaultGate.FindBreak(SimulatedHost host, ushort port)
    {
        foreach (var fault in _faults)
        {
            if (fault is BreakFault found && found.Host == host && found.Port == port && Acts(fault)) { return new ConnectionBreak(found.AfterBytes, found.ByReset); }
        }
        return null;
    }

    private static bool Matches(ushort? port, ushort actual) => port is null || port == actual;

    private static bool Matches(SocketKind? kind, in FaultedPacket packet) =>
        kind is null || (!packet.IsError && kind == (packet.IsSegment ? SocketKind.Stream : SocketKind.Datagram));

    private static bool Separates(PartitionFault partition, NetworkNode? sender, NetworkNode receiver) =>
        sender is not null
        && ((partition.Left.Contains(sender) && partition.Right.Contains(receiver))
            || (!partition.OneSided && partition.Right.Contains(sender) && partition.Left.Contains(receiver)));
}
