using Firstbyte.Addressing;
using Firstbyte.Hashing;
using Firstbyte.Packets;
using Firstbyte.Simulation.Scheduling;

namespace Firstbyte.Simulation.Swarm;

/// <summary>Looks at every frame that leaves or reaches a machine: checksums, hops, neighbours; segments go on to the <see cref="SegmentWatch"/>.</summary>
internal sealed class PacketWatch(InvariantBook book, Kernel kernel, TranslationBook translations, bool mayBeDamaged)
{
    private readonly SegmentWatch _segments = new(book, kernel, translations);

    public void OnDeparture(Station station, HashSet<ulong> neighbors, ReadOnlySpan<byte> frame)
    {
        if (!EthernetView.TryParse(frame, out var ethernet, out _)) { return; }
        if (ethernet.Type == EtherType.Arp) { return; }
        if (!PacketFacts.TryRead(ethernet.Payload, out var packet))
        {
            book.Note(Invariant.Checksum);
            book.Break(Invariant.Checksum, station.Name, "a packet leaves that no machine could read");
            return;
        }
        if (!ethernet.Destination.IsGroup) { CheckNeighbor(station, neighbors, ethernet.Destination); }
        var isOwn = station.Owns(packet.Source) || packet.IsLinkLocal;
        book.Note(Invariant.Checksum);
        // What was damaged on the way to a router may leave it damaged: only the header is the router's.
        if (!packet.IsHeaderIntact || (((isOwn && !station.Plan.Translates) || !mayBeDamaged) && !packet.IsPayloadIntact()))
        {
            book.Break(Invariant.Checksum, station.Name,
                $"{packet.Describe()} leaves with a wrong {(packet.IsHeaderIntact ? packet.Protocol.ToString() : "header")} checksum");
        }
        if (!isOwn)
        {
            if (station.IsRouter) { CheckHops(station, packet); }
            return;
        }
        // What a home router sends in its own name is its clients', who have been heard.
        if (!station.IsRouter && packet.Protocol == IpProtocol.Tcp && !packet.IsFragment
            && TcpView.TryParse(packet.Payload, out var segment, out _))
        {
            _segments.OnDeparture(station, packet, segment);
        }
    }

    public void OnArrival(Station station, ulong card, HashSet<ulong> neighbors, ReadOnlySpan<byte> frame)
    {
        if (!EthernetView.TryParse(frame, out var ethernet, out _) || (ethernet.Destination.Bits != card && !ethernet.Destination.IsGroup)) { return; }
        if (ethernet.Type == EtherType.Arp)
        {
            station.LastControlAt = kernel.Now;
            if (ArpView.TryParse(ethernet.Payload, out var arp, out _)) { neighbors.Add(arp.SenderHardware.Bits); }
            return;
        }
        if (!PacketFacts.TryRead(ethernet.Payload, out var packet)) { return; }
        if (packet.Protocol is IpProtocol.Icmp or IpProtocol.Icmpv6)
        {
            station.LastControlAt = kernel.Now;
            if (packet.Protocol == IpProtocol.Icmpv6) { LearnNeighbors(neighbors, packet.Payload, packet.HopsLeft); }
        }
        if (station.Owns(packet.Destination))
        {
            if (station.IsRouter || packet.Protocol != IpProtocol.Tcp || packet.IsFragment
                || (mayBeDamaged && !(packet.IsHeaderIntact && packet.IsPayloadIntact())))
            {
                return;
            }
            if (TcpView.TryParse(packet.Payload, out var segment, out _)) { _segments.OnArrival(packet, segment); }
        }
        else if (station.IsRouter) { station.Hops.Note(packet.Identity, packet.HopsLeft); }
    }

    private void CheckNeighbor(Station station, HashSet<ulong> neighbors, MacAddress destination)
    {
        book.Note(Invariant.NeighborFirst);
        if (!neighbors.Contains(destination.Bits))
        {
            book.Break(Invariant.NeighborFirst, station.Name, $"a packet leaves for {destination}, which nobody has named as a neighbour");
        }
    }

    private void CheckHops(Station station, in PacketFacts packet)
    {
        if (!station.Hops.TryFind(packet.Identity, out var before)) { return; }
        book.Note(Invariant.HopLimit);
        if (packet.HopsLeft >= before)
        {
            book.Break(Invariant.HopLimit, station.Name,
                $"{packet.Describe()} came with {before} hops left and leaves with {packet.HopsLeft}");
        }
    }

    private static void LearnNeighbors(HashSet<ulong> neighbors, ReadOnlySpan<byte> message, byte hopsLeft)
    {
        if (!NdpView.TryParse(message, hopsLeft, out var ndp, out _)) { return; }
        var options = ndp.Options;
        while (options.Read())
        {
            if (options.Type is NdpOptionType.SourceLinkLayer or NdpOptionType.TargetLinkLayer) { neighbors.Add(options.LinkLayerAddress.Bits); }
        }
    }
}

/// <summary>What the checks need to know of an IP packet, of either version.</summary>
internal readonly ref struct PacketFacts
{
    private readonly ulong _pseudoHeader;

    private PacketFacts(Ipv4View view)
    {
        (Source, Destination, Protocol, HopsLeft) = (view.SourceBits, view.DestinationBits, view.Protocol, view.TimeToLive);
        (IsFragment, IsHeaderIntact) = (view.IsFragment, view.IsChecksumValid);
        Payload = view.Payload;
        _pseudoHeader = view.PseudoHeaderSum;
        Identity = Mix(
            Mix(view.SourceBits | ((ulong)view.DestinationBits << 32),
            view.Identification | ((ulong)view.FragmentOffset << 16) | ((ulong)view.Protocol << 32)), Payload);
    }

    private PacketFacts(Ipv6View view)
    {
        (Source, Destination, Protocol, HopsLeft) = (view.SourceBits, view.DestinationBits, view.Protocol, view.HopLimit);
        (IsFragment, IsHeaderIntact) = (view.IsFragment, true);
        Payload = view.Payload;
        _pseudoHeader = view.PseudoHeaderSum(view.Protocol, view.Payload.Length);
        IsLinkLocal = (ulong)(view.SourceBits >> 118) == 0x3FA || view.SourceBits == 0;
        Identity = Mix(
            Mix(Mix((ulong)view.SourceBits, (ulong)(view.SourceBits >> 64)),
            (ulong)view.DestinationBits ^ ((ulong)(view.DestinationBits >> 64) << 16)), Payload);
    }

    public UInt128 Source { get; }

    public UInt128 Destination { get; }

    public IpProtocol Protocol { get; }

    public byte HopsLeft { get; }

    public bool IsFragment { get; }

    public bool IsHeaderIntact { get; }

    public bool IsLinkLocal { get; }

    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The same before and behind a router; of two packets that are in a router at the same time hardly ever.</summary>
    public ulong Identity { get; }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out PacketFacts facts)
    {
        if (Ipv4View.TryParse(bytes, out var v4, out _))
        {
            facts = new PacketFacts(v4);
            return true;
        }
        if (Ipv6View.TryParse(bytes, out var v6, out _))
        {
            facts = new PacketFacts(v6);
            return true;
        }
        facts = default;
        return false;
    }

    /// <summary>Whether the transport's checksum is right; fragments and unknown protocols have none that could be told.</summary>
    public bool IsPayloadIntact()
    {
        if (IsFragment) { return true; }
        return Protocol switch
        {
            IpProtocol.Tcp => TcpView.TryParse(Payload, out var tcp, out _) && tcp.IsChecksumValid(_pseudoHeader),
            IpProtocol.Udp => UdpView.TryParse(Payload, out var udp, out _) && (udp.Checksum == 0 || udp.IsChecksumValid(_pseudoHeader)),
            IpProtocol.Icmp => InternetChecksum.IsValid(Payload),
            IpProtocol.Icmpv6 => InternetChecksum.IsValid(_pseudoHeader + InternetChecksum.Sum(Payload)),
            _ => true,
        };
    }

    public string Describe() => $"a packet of {Protocol} from {Address(Source)} to {Address(Destination)}";

    private static IpAddress Address(UInt128 bits) => bits >> 32 == 0 ? IpAddress.FromV4((uint)bits) : IpAddress.FromV6(bits);

    private static ulong Mix(ulong left, ulong right) => ulong.RotateLeft((left ^ right) * 0x9E3779B97F4A7C15, 29) | 1;

    // Ports, sequence number and acknowledgment tell segments apart.
    private static ulong Mix(ulong identity, ReadOnlySpan<byte> payload)
    {
        for (var at = 0; at + 8 <= payload.Length && at < 24; at += 8)
        {
            identity = Mix(identity, System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(payload[at..]));
        }
        return identity;
    }
}
