using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets.Stack;

namespace Firstbyte.Simulation.Elements;

/// <summary>
/// The network card of a node of an internet: between its stack and its wire, where a node that is switched off and the faults of its
/// world act on frames.
/// </summary>
internal sealed class NodeCard : IFramePort, IFrameDevice, IFrameGate
{
    private readonly Internet _internet;
    private readonly NetworkNode _node;
    private readonly WireEnd _end;
    private readonly ulong _fingerprint;
    private BrokenConnections? _broken;
    private Machine? _machine;
    private Firstbyte.Hosts.NetworkInterface? _interface;

    public NodeCard(Internet internet, NetworkNode node, WireEnd end)
    {
        _internet = internet;
        _node = node;
        _end = end;
        _fingerprint = TraceHash.Of(end.Name);
    }

    /// <summary>Puts the card into the node's machine and plugs the wire in.</summary>
    public Firstbyte.Hosts.NetworkInterface PutIn(Machine machine, MacAddress hardware, Plug plug)
    {
        _machine = machine;
        _interface = machine.Plug(_end, hardware);
        machine.Network.Attach(_interface, this);
        _end.Port = this;
        _end.Gate = this;
        foreach (var address in plug.Addresses)
        {
            // An address outside the subnet's prefixes stands for itself alone (the root servers' real addresses).
            var length = address.BitLength;
            foreach (var prefix in plug.Subnet.Prefixes)
            {
                if (prefix.Contains(address)) { length = prefix.Length; }
            }
            machine.Stack.AddAddress(_interface, new InterfaceAddress(address, length));
        }
        return _interface;
    }

    public void Send(Frame frame)
    {
        if (!_node.IsUp)
        {
            _end.Lose(frame, FrameDropReason.HostDown);
            return;
        }
        if (_internet.FaultGate is not { IsEmpty: false } faults || _node is not SimulatedHost host)
        {
            _end.Send(frame);
            return;
        }
        _broken ??= new BrokenConnections(faults, host, _internet.Frames);
        if (!_broken.TryBreak(frame.Span, out var instead, out var after, out var toHost))
        {
            _end.Send(frame);
            return;
        }
        if (instead is null) { _end.Lose(frame, FrameDropReason.Broken); }
        else
        {
            frame.Release();
            _end.Send(instead);
        }
        if (after is not null) { _end.Send(after); }
        // The host hears of it as of any frame: later, not in the middle of its own step.
        if (toHost is not null) { _internet.Kernel.Schedule(_internet.Kernel.Now, new Arrival(this, toHost)); }
    }

    public void Receive(Frame frame)
    {
        _internet.Kernel.Trace.Fold(_fingerprint, (ulong)frame.Length, frame.Span);
        _machine!.Network.Receive(_interface!, frame);
    }

    public void OnCarrier(bool hasCarrier)
    {
        _machine!.Stack.SetCarrier(_interface!, hasCarrier, _machine.Clock.Monotonic);
        _machine.Network.Flush();
    }

    FrameDropReason IFrameGate.Judge(Frame frame)
    {
        if (!_node.IsUp) { return FrameDropReason.HostDown; }
        if (_internet.FaultGate is not { IsEmpty: false } faults) { return FrameDropReason.None; }
        var reason = faults.Judge(_internet, _node, frame.Span);
        if (reason == FrameDropReason.Refused && EthernetView.TryParse(frame.Span, out var ethernet, out _)
            && FaultedPacket.TryRefuse(ethernet, _internet.Frames, out var refusal)) { _end.Send(refusal); }
        return reason;
    }

    private sealed class Arrival(NodeCard card, Frame frame) : IKernelEvent
    {
        public void Fire(long argument) => card._machine!.Network.Receive(card._interface!, frame);
    }
}
