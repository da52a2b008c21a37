using Firstbyte.Packets;
using Firstbyte.Routing.Nat;

namespace Firstbyte.Hosts;

/// <summary>Stands where a router's IPv4 packets come in and go out, may rewrite them and may refuse them.</summary>
public interface IPacketHook
{
    /// <summary>A packet for an own address of the host, which may be for somebody else. True when the hook has seen to it.</summary>
    bool TryTakeArrived(NetworkInterface inbound, in Ipv4View packet);

    /// <summary>A packet is about to be sent on. False when it has been dropped, or waits.</summary>
    /// <param name="inbound">Where it came in.</param>
    /// <param name="outbound">Where it is to go out.</param>
    /// <param name="packet">The packet as it came.</param>
    /// <param name="rewritten">What goes out instead; null while nothing has rewritten it.</param>
    /// <param name="row">The row by which it was rewritten.</param>
    bool TryForward(NetworkInterface inbound, NetworkInterface outbound, in Ipv4View packet, ref Frame? rewritten, ref NatRow? row);

    /// <summary>An ICMP error of the host itself is about to leave: what it quotes may be nobody's business out there.</summary>
    void OnErrorLeaving(NetworkInterface outbound, Span<byte> message);

    /// <summary>Whether a packet as it looks outside is somebody's behind the hook.</summary>
    bool IsRewritten(ReadOnlySpan<byte> packet);

    /// <summary>Whether the hook uses a port of the host's own addresses.</summary>
    bool UsesPort(IpProtocol protocol, ushort port);

    /// <summary>Whether nobody outside can know of the networks behind an interface.</summary>
    bool Hides(NetworkInterface networkInterface);
}

/// <summary>What a hook may do with packets.</summary>
public sealed class PacketPath
{
    private readonly HostStack _stack;

    internal PacketPath(HostStack stack) => _stack = stack;

    /// <summary>A copy of a packet, to be rewritten.</summary>
    public Frame Copy(ReadOnlySpan<byte> packet) => _stack.CopyPacket(packet);

    /// <summary>Sends a rewritten packet on. Takes over the caller's hold on it.</summary>
    public void Forward(NetworkInterface inbound, in Ipv4View packet, Frame rewritten, NatRow row) => _stack.ForwardIpv4(inbound, packet, rewritten, row);

    /// <summary>Keeps a fragment until the packet is whole, which then comes in as if it had come so.</summary>
    public void Reassemble(NetworkInterface inbound, in Ipv4View fragment) => _stack.ReceiveFragment(inbound, fragment);

    /// <summary>Throws a packet away, and says why.</summary>
    public void Drop(FrameDropReason reason, ReadOnlySpan<byte> packet, NetworkInterface inbound, NetworkInterface? outbound = null) =>
        _stack.Drop(reason, packet, inbound, outbound: outbound);

    /// <summary>Whether a packet for the host has a program or a protocol of the host's own to go to.</summary>
    public bool IsForOwnProgram(in Ipv4View packet) => _stack.IsForOwnProgram(packet);

    /// <summary>Whether a program of the host uses a port.</summary>
    public bool IsPortInUse(IpProtocol protocol, ushort port) => _stack.IsPortInUse(protocol, port);

    /// <summary>Tells of a row that was added or has expired.</summary>
    public void Tell(in NatRow row, RowChange change) => _stack.Listener?.OnTranslation(row, change);
}
