using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Hashing;
using Firstbyte.Packets;

namespace Firstbyte.Captures;

/// <summary>What a capture does about secrets.</summary>
public enum CaptureSecrets
{
    /// <summary>Packets are as they were sent, and TLS key logs go along.</summary>
    Keep,

    /// <summary>Every byte of a secret is a star, and TLS stays closed.</summary>
    Mask,
}

/// <summary>
/// Covers secrets in the packets of a capture. Lengths and sequence numbers stay, checksums are made right again; those that were wrong
/// stay wrong.
/// </summary>
/// <remarks>
/// Theory of operation. A secret may begin in one segment and end in the next, and the same segment passes many taps, comes twice, or comes too early. So each
/// direction of each connection is followed as a stream (<see cref="MaskedStream"/>): what a byte of it is covered with is decided once, where it stands in the
/// stream, and looked up by sequence number wherever it turns up: at other links, in retransmissions, in what an ICMP error quotes. What cannot be
/// judged is covered: bytes behind a gap, fragments, quotes of connections that were not seen.
/// </remarks>
public sealed class CaptureMask
{
    /// <summary>Directions that are followed (own choice: a long run of a lab has some hundred); those that come later are covered whole.</summary>
    private const int MaxStreams = 4_096;

    private readonly Dictionary<(Endpoint Source, Endpoint Target), MaskedStream> _streams = [];

    /// <summary>The packet as it may be written; a copy where anything in it is covered.</summary>
    public ReadOnlySpan<byte> Of(CaptureLinkType linkType, ReadOnlySpan<byte> packet)
    {
        var start = 0;
        if (linkType == CaptureLinkType.Ethernet)
        {
            if (!EthernetView.TryParse(packet, out var ethernet, out _)) { return packet; }
            start = packet.Length - ethernet.Payload.Length;
        }
        var copy = packet.ToArray();
        var ip = copy.AsSpan(start);
        if (Ipv4View.TryParse(ip, out var v4, out _))
        {
            var payload = ip.Slice(v4.HeaderLength, v4.TotalLength - v4.HeaderLength);
            Cover(payload, new Header(v4.Source, v4.Destination, v4.Protocol, v4.IsFragment, v4.FragmentOffset, v4.PseudoHeaderSum), isQuote: false);
        }
        else if (Ipv6View.TryParse(ip, out var v6, out _))
        {
            var payload = ip.Slice(v6.PayloadOffset, v6.Payload.Length);
            Cover(payload,
                new Header(v6.Source, v6.Destination, v6.Protocol, v6.IsFragment, v6.FragmentOffset,
                v6.PseudoHeaderSum(v6.Protocol, payload.Length)), isQuote: false);
        }
        return copy;
    }

    private void Cover(Span<byte> payload, in Header header, bool isQuote)
    {
        switch (header.Protocol)
        {
            case IpProtocol.Tcp when header.IsFragment: CoverFragment(payload, header.FragmentOffset); break;
            case IpProtocol.Tcp: CoverSegment(payload, header, isQuote); break;
            case IpProtocol.Icmp when !header.IsFragment && !isQuote: CoverQuote(payload, header.PseudoHeaderSum, isV6: false); break;
            case IpProtocol.Icmpv6 when !header.IsFragment && !isQuote: CoverQuote(payload, header.PseudoHeaderSum, isV6: true); break;
            default: break;
        }
    }

    private void CoverSegment(Span<byte> segment, in Header header, bool isQuote)
    {
        if (segment.Length < TcpView.MinHeaderLength) { return; }
        var headerLength = (segment[12] >> 4) * 4;
        if (headerLength < TcpView.MinHeaderLength || headerLength > segment.Length) { return; }
        var sum = header.PseudoHeaderSum;
        var wasValid = InternetChecksum.IsValid(sum + InternetChecksum.Sum(segment));
        var key = (new Endpoint(header.Source, BinaryPrimitives.ReadUInt16BigEndian(segment)),
            new Endpoint(header.Destination, BinaryPrimitives.ReadUInt16BigEndian(segment[2..])));
        var sequence = BinaryPrimitives.ReadUInt32BigEndian(segment[4..]);
        var data = segment[headerLength..];
        const byte Syn = 2;
        var isSyn = (segment[13] & Syn) != 0;
        if (isSyn) { sequence++; }
        var stream = _streams.GetValueOrDefault(key);
        // A segment that is damaged, or only quoted, teaches nothing about the stream.
        if (wasValid && !isQuote && (stream is null || (isSyn && stream.First != sequence)) && (stream is not null || _streams.Count < MaxStreams))
        {
            _streams[key] = stream = new MaskedStream(sequence);
        }
        if (stream is null) { data.Fill(MaskedStream.Star); }
        else { stream.Cover(data, sequence, learns: wasValid && !isQuote); }
        if (!wasValid) { return; }
        BinaryPrimitives.WriteUInt16BigEndian(segment[16..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(segment[16..], InternetChecksum.Finish(sum + InternetChecksum.Sum(segment)));
    }

    // Where the stream stands in a fragment is not worked out: paths that divide TCP are rare, since it asks for their MTU.
    private static void CoverFragment(Span<byte> payload, int offset)
    {
        var header = offset == 0 && payload.Length >= TcpView.MinHeaderLength ? Math.Min(payload.Length, (payload[12] >> 4) * 4) : 0;
        payload[header..].Fill(MaskedStream.Star);
    }

    // RFC 792, RFC 4443 3: an error quotes the packet that it is about.
    private void CoverQuote(Span<byte> message, ulong pseudoHeaderSum, bool isV6)
    {
        if (!IcmpView.TryParse(message, out _, out _) || !(isV6 ? message[0] < 128 : message[0] is 3 or 4 or 5 or 11 or 12)) { return; }
        var sum = isV6 ? pseudoHeaderSum : 0;
        var wasValid = InternetChecksum.IsValid(sum + InternetChecksum.Sum(message));
        var quote = message[IcmpView.HeaderLength..];
        if (Ipv4View.TryParseQuote(quote, out var v4))
        {
            Cover(quote[v4.HeaderLength..],
                new Header(v4.Source, v4.Destination, v4.Protocol, v4.IsFragment, v4.FragmentOffset, v4.PseudoHeaderSum), isQuote: true);
        }
        else if (Ipv6View.TryParseQuote(quote, out var v6))
        {
            Cover(quote[v6.PayloadOffset..],
                new Header(v6.Source, v6.Destination, v6.Protocol, v6.IsFragment, v6.FragmentOffset,
                v6.PseudoHeaderSum(v6.Protocol, v6.Payload.Length)), isQuote: true);
        }
        if (!wasValid) { return; }
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], InternetChecksum.Finish(sum + InternetChecksum.Sum(message)));
    }

    private readonly record struct Header(
        IpAddress Source, IpAddress Destination, IpProtocol Protocol, bool IsFragment, int FragmentOffset, ulong PseudoHeaderSum);
}
