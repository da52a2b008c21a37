using Firstbyte.Packets;

namespace Firstbyte.Hosts;

// Packets longer than a link's MTU: cut by whoever sends them (and by IPv4 routers), put together by whoever gets them.
public sealed partial class HostStack
{
    private readonly Reassembler _reassembler = new();

    private void SendIpv4Fragments(NetworkInterface outbound, Firstbyte.Addressing.IpAddress nextHop, Frame whole, int mtu = int.MaxValue)
    {
        if (!Ipv4View.TryParse(whole.Span, out var packet, out _)) { whole.Release(); return; }
        var payload = packet.Payload;
        // Options are not repeated: those that a fragment would have to carry on (RFC 791 section 3.1) are source routes, which are refused.
        var most = (Math.Min(mtu, outbound.Mtu) - Ipv4View.MinHeaderLength) & ~7;
        for (var at = 0; at < payload.Length; at += most)
        {
            var length = Math.Min(most, payload.Length - at);
            var frame = _frames.Rent(length);
            payload.Slice(at, length).CopyTo(frame.Span);
            frame.Prepend(Ipv4View.MinHeaderLength);
            Ipv4Writer.Seal(frame.Span, new Ipv4Header(packet.SourceBits, packet.DestinationBits, packet.Protocol)
            {
                TypeOfService = packet.TypeOfService,
                Identification = packet.Identification,
                TimeToLive = packet.TimeToLive,
                FragmentOffset = packet.FragmentOffset + at,
                MoreFragments = packet.MoreFragments || at + length < payload.Length,
            });
            SendOnLink(outbound, nextHop, frame);
        }
        whole.Release();
    }

    private void SendIpv6Fragments(NetworkInterface outbound, Firstbyte.Addressing.IpAddress nextHop, Frame payload, in Ipv6Header header, int mtu)
    {
        var identification = (uint)_random.Next();
        var most = (mtu - Ipv6View.HeaderLength - Ipv6Writer.FragmentHeaderLength) & ~7;
        for (var at = 0; at < payload.Length; at += most)
        {
            var length = Math.Min(most, payload.Length - at);
            var frame = _frames.Rent(length);
            payload.Span.Slice(at, length).CopyTo(frame.Span);
            Ipv6Writer.SealFragmentHeader(frame.Prepend(Ipv6Writer.FragmentHeaderLength), header.NextHeader, at, at + length < payload.Length, identification);
            frame.Prepend(Ipv6View.HeaderLength);
            Ipv6Writer.Seal(frame.Span, header with { NextHeader = IpProtocol.Fragment });
            SendOnLink(outbound, nextHop, frame);
        }
        payload.Release();
    }

    internal void ReceiveFragment(NetworkInterface inbound, in Ipv4View packet)
    {
        var key = new FragmentKey(packet.Source, packet.Destination, packet.Identification, packet.Protocol);
        TakeFragment(
            inbound, key,
            new Fragment(
                packet.Packet, packet.Payload, packet.FragmentOffset, packet.MoreFragments, packet.Protocol, packet.TimeToLive,
                Ipv4View.MinHeaderLength));
    }

    private void ReceiveFragment(NetworkInterface inbound, in Ipv6View packet)
    {
        // The protocol is not part of IPv6's key: the fragments may name different ones, and the first counts (RFC 8200 section 4.5).
        var key = new FragmentKey(packet.Source, packet.Destination, packet.Identification, default);
        TakeFragment(
            inbound, key,
            new Fragment(
                packet.Packet, packet.Payload, packet.FragmentOffset, packet.MoreFragments, packet.Protocol, packet.HopLimit,
                Ipv6View.HeaderLength));
    }

    private void TakeFragment(NetworkInterface inbound, in FragmentKey key, in Fragment fragment)
    {
        var isV6 = key.Source.IsV6;
        var end = fragment.Offset + fragment.Payload.Length;
        // Both pointers are where RFC 8200 section 4.5 puts them: the payload length, and the fragment offset.
        if (fragment.Payload.IsEmpty || (fragment.MoreFollow && (fragment.Payload.Length & 7) != 0))
        {
            Drop(FrameDropReason.Malformed, fragment.Packet, inbound, PacketFlaw.FragmentLengthUnaligned);
            if (isV6) { SendIcmpv6Error(inbound, fragment.Packet, key.Source, key.Destination, Icmpv6Type.ParameterProblem, 0, 4); }
            return;
        }
        if (end > ushort.MaxValue - (isV6 ? 0 : Ipv4View.MinHeaderLength))
        {
            Drop(FrameDropReason.Malformed, fragment.Packet, inbound, PacketFlaw.FragmentPastEnd);
            if (isV6) { SendIcmpv6Error(inbound, fragment.Packet, key.Source, key.Destination, Icmpv6Type.ParameterProblem, 0, Ipv6View.HeaderLength + 2); }
            return;
        }
        if (!_reassembler.TryFind(key, out var unfinished))
        {
            if (_reassembler.IsFull) { Drop(FrameDropReason.ReassemblyLimit, fragment.Packet, inbound); return; }
            unfinished = new UnfinishedPacket(key, _frames.Rent(FramePool.LargeCapacity), inbound);
            _reassembler.Add(unfinished);
            _deadlines.Set(unfinished, _now + Reassembler.Timeout);
        }
        switch (unfinished.Note(fragment.Offset, end, !fragment.MoreFollow))
        {
            case FragmentVerdict.Repeated: return;
            case FragmentVerdict.Overlap: GiveUp(unfinished, FrameDropReason.FragmentsOverlap, fragment.Packet); return;
            case FragmentVerdict.TooMany: GiveUp(unfinished, FrameDropReason.ReassemblyLimit, fragment.Packet); return;
            default: break;
        }
        fragment.Payload.CopyTo(unfinished.Frame.Span[(fragment.HeaderLength + fragment.Offset)..]);
        if (fragment.Offset == 0)
        {
            unfinished.FirstProtocol = fragment.Protocol;
            unfinished.HopLimit = fragment.HopLimit;
        }
        if (!unfinished.IsComplete) { return; }
        _reassembler.Remove(unfinished);
        _deadlines.Set(unfinished, Firstbyte.Tracing.Instant.Never);
        SealWhole(unfinished, unfinished.TotalLength, moreFragments: false);
        ReceiveIp(inbound, unfinished.Frame, 0);
        unfinished.Frame.Release();
    }

    private static void SealWhole(UnfinishedPacket packet, int length, bool moreFragments)
    {
        var key = packet.Key;
        if (key.Source.IsV4)
        {
            packet.Frame.SetLength(Ipv4View.MinHeaderLength + length);
            Ipv4Writer.Seal(packet.Frame.Span, new Ipv4Header((uint)key.Source.Bits, (uint)key.Destination.Bits, packet.FirstProtocol)
            {
                Identification = (ushort)key.Identification,
                TimeToLive = packet.HopLimit,
                MoreFragments = moreFragments,
            });
            return;
        }
        packet.Frame.SetLength(Ipv6View.HeaderLength + length);
        Ipv6Writer.Seal(packet.Frame.Span, new Ipv6Header(key.Source.Bits, key.Destination.Bits, packet.FirstProtocol) { HopLimit = packet.HopLimit });
    }

    private void GiveUp(UnfinishedPacket unfinished, FrameDropReason reason, ReadOnlySpan<byte> fragment)
    {
        Drop(reason, fragment, unfinished.Inbound);
        _reassembler.Remove(unfinished);
        _deadlines.Set(unfinished, Firstbyte.Tracing.Instant.Never);
        unfinished.Frame.Release();
    }

    internal void OnReassemblyDeadline(UnfinishedPacket unfinished)
    {
        // Only whoever has the first fragment can name the packet to its sender (RFC 792, RFC 8200 section 4.5).
        var leading = unfinished.LeadingLength;
        var (source, destination) = (unfinished.Key.Source, unfinished.Key.Destination);
        if (leading > 0)
        {
            SealWhole(unfinished, leading, moreFragments: true);
            if (source.IsV4)
            {
                SendIcmpError(
                    unfinished.Inbound, unfinished.Frame.Span, source, destination, IcmpType.TimeExceeded, 1, 0, isFirstFragment: true);
            }
            else { SendIcmpv6Error(unfinished.Inbound, unfinished.Frame.Span, source, destination, Icmpv6Type.TimeExceeded, 1, 0); }
        }
        GiveUp(unfinished, FrameDropReason.ReassemblyTimedOut, leading > 0 ? unfinished.Frame.Span : default);
    }

    private readonly ref struct Fragment(
        ReadOnlySpan<byte> packet, ReadOnlySpan<byte> payload, int offset, bool moreFollow, IpProtocol protocol, byte hopLimit,
        int headerLength)
    {
        public ReadOnlySpan<byte> Packet { get; } = packet;

        public ReadOnlySpan<byte> Payload { get; } = payload;

        public int Offset { get; } = offset;

        public bool MoreFollow { get; } = moreFollow;

        public IpProtocol Protocol { get; } = protocol;

        public byte HopLimit { get; } = hopLimit;

        public int HeaderLength { get; } = headerLength;
    }
}
