using Firstbyte.Addressing;
using Firstbyte.Simulation.Elements;
using Firstbyte.Sockets;

namespace Firstbyte.Simulation.Faults;

/// <summary>A frame that has come to a machine's card: does a fault object to it?</summary>
public readonly ref struct FaultQuestion
{
    private readonly FaultTable _table;
    private readonly FaultedPacket _packet;
    private readonly ReadOnlySpan<byte> _payload;

    internal FaultQuestion(
        FaultTable table, IFaultedMachine receiver, IFaultedMachine? station, IFaultedMachine? sender, bool isPacket, in FaultedPacket packet,
        ReadOnlySpan<byte> payload)
    {
        _table = table;
        _packet = packet;
        _payload = payload;
        (Receiver, Station, Sender, IsPacket) = (receiver, station, sender, isPacket);
    }

    /// <summary>The machine whose card it has come to.</summary>
    public IFaultedMachine Receiver { get; }

    /// <summary>The machine whose card has sent the frame; null when it is nobody's.</summary>
    public IFaultedMachine? Station { get; }

    /// <summary>The machine that the packet in it comes from; null when it is nobody's.</summary>
    public IFaultedMachine? Sender { get; }

    /// <summary>Whether it carries an IP packet that is no neighbour discovery.</summary>
    public bool IsPacket { get; }

    /// <summary>Whom the packet is for.</summary>
    public Endpoint Target => _packet.Target;

    /// <summary>Bytes of what the frame carries.</summary>
    public int Length => _payload.Length;

    /// <summary>Whether it opens a connection, or is a datagram.</summary>
    public bool IsOpening => _packet.IsOpening;

    /// <summary>Whether it is an ICMP message.</summary>
    public bool IsIcmp => IsPacket && FaultedPacket.IsIcmp(_payload);

    /// <summary>Whether it belongs to a stream or to datagrams, as a fault wants it; null is either, errors included.</summary>
    public bool IsOf(SocketKind? kind) =>
        kind is null || (!_packet.IsError && kind == (_packet.IsSegment ? SocketKind.Stream : SocketKind.Datagram));

    /// <summary>True in so many of a million cases, by the world's seed.</summary>
    public bool Chance(int millionths) => _table.Random.Chance(millionths);
}
