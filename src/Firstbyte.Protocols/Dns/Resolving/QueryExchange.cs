using System.Runtime.CompilerServices;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Resolving;

/// <summary>One question to one server over one transport, and the rules by which a message counts as its answer.</summary>
/// <remarks>
/// An answer comes from the address and port that were asked, to the port it was asked from, with the same id, as a response to the same operation, and
/// repeats exactly the question (RFC 5452 9.1). The upper and lower case of the question is random (draft-vixie-dnsext-dns0x20) and must
/// come back the same over UDP; over TCP the handshake already proves the sender's address, so case is not looked at.
/// </remarks>
internal sealed class QueryExchange
{
    /// <summary>Longer replies are copied on the heap: what a server sends by UDP to who offers 1,232 bytes is shorter.</summary>
    private const int StackRoom = 2048;

    // Whether the message that was read last repeats the name of the question byte for byte.
    private bool _hasSentCase;

    public required int Number { get; init; }
    public required Endpoint Server { get; init; }
    public required DnsName Zone { get; init; }
    public required DnsTransport Transport { get; init; }
    public required ushort Id { get; init; }

    /// <summary>The question as it was sent, in its random case.</summary>
    public required Question Question { get; init; }

    /// <summary>The question before its case was mixed.</summary>
    public required Question Asked { get; init; }

    public required bool Edns { get; init; }
    public required int Attempt { get; init; }
    public required Instant SentAt { get; init; }
    public required byte[] Message { get; init; }
    public int NearMisses { get; set; }

    /// <summary>Why a message is not the answer; null when it is.</summary>
    public RejectionReason? Check(Endpoint from, Reply reply)
    {
        if (from != Server) { return RejectionReason.OtherSender; }
        if (reply.Id != Id) { return RejectionReason.OtherId; }
        if (!reply.IsResponse) { return RejectionReason.NotAResponse; }
        if (reply.OpCode != OpCode.Query) { return RejectionReason.OtherOpcode; }
        if (reply.Question is not { } question)
        {
            // A server that cannot read the query may return its header alone (RFC 1035 4.1.1, RFC 6891 7).
            return reply.QuestionCount == 0 && (reply.Code == ResponseCode.FormatError || reply.Code == ResponseCode.NotImplemented)
                ? null
                : RejectionReason.OtherQuestion;
        }
        if (question != Question) { return RejectionReason.OtherQuestion; }
        if (Transport == DnsTransport.Udp && !_hasSentCase) { return RejectionReason.OtherCase; }
        return null;
    }

    /// <summary>
    /// Reads a message, and before that gives the question its own case: names that are compressed into the question would carry the random case into
    /// records. The question stands right behind the header and is never compressed, so its name has the same length in both.
    /// </summary>
    [SkipLocalsInit]
    public Reply? Read(ReadOnlySpan<byte> message)
    {
        var sent = Question.Name.Wire;
        var own = Asked.Name.Wire;
        var end = MessageHeader.Length + sent.Length;
        var repeated = message.Length < end ? [] : message[MessageHeader.Length..end];
        _hasSentCase = repeated.SequenceEqual(sent);
        if (repeated.SequenceEqual(own) || !WireName.Equals(repeated, sent)) { return Reply.Read(message); }
        var restored = message.Length <= StackRoom ? stackalloc byte[StackRoom] : new byte[message.Length];
        restored = restored[..message.Length];
        message.CopyTo(restored);
        own.CopyTo(restored[MessageHeader.Length..]);
        return Reply.Read(restored);
    }

    /// <summary>The name with each letter's case chosen by a bit; bits are used again after 32 letters.</summary>
    [SkipLocalsInit]
    public static DnsName MixCase(DnsName name, uint bits)
    {
        Span<byte> wire = stackalloc byte[WireName.MaxLength];
        name.Wire.CopyTo(wire);
        wire = wire[..name.Length];
        for (var i = 0; i < wire.Length; i++)
        {
            // Lengths of labels are at most 63 and so never letters.
            var folded = (byte)(wire[i] | 0x20);
            if (wire[i] < 0x41 || folded is < (byte)'a' or > (byte)'z') { continue; }
            wire[i] = (bits & 1) != 0 ? (byte)(folded & ~0x20) : folded;
            bits = uint.RotateRight(bits, 1);
        }
        return DnsName.TryFromWire(wire, out var mixed) ? mixed : name;
    }
}
