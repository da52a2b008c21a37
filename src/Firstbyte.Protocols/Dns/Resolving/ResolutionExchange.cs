using Firstbyte.Addressing;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>What a resolution is told.</summary>
public abstract record ResolutionInput
{
    private protected ResolutionInput() { }

    /// <summary>Start.</summary>
    public sealed record Begin : ResolutionInput
    {
        /// <summary>The one instance: it holds nothing.</summary>
        public static readonly Begin Instance = new();
    }

    /// <summary>A message came in on the exchange's socket.</summary>
    public sealed record ResponseArrived(int Exchange, Endpoint From, ReadOnlyMemory<byte> Message) : ResolutionInput;

    /// <summary>The timer that was set for this instant has come.</summary>
    public sealed record TimedOut(Instant Due) : ResolutionInput;

    /// <summary>The network would not carry the exchange; the error is the errno's name.</summary>
    public sealed record NetworkFailed(int Exchange, string Error) : ResolutionInput;

    /// <summary>A question that this resolution asked has come to its end.</summary>
    public sealed record SubQuestionAnswered(Question Question, ResolutionOutcome Outcome) : ResolutionInput;
}

/// <summary>What a resolution wants done.</summary>
public abstract record ResolutionEffect
{
    private protected ResolutionEffect() { }

    /// <summary>Send the message from a new socket with a port of its own, connected to the server, and report what comes back.</summary>
    public sealed record SendQuery(int Exchange, Endpoint Server, DnsTransport Transport, byte[] Message) : ResolutionEffect;

    /// <summary>Close the exchange's socket: nothing more is wanted of it.</summary>
    public sealed record EndExchange(int Exchange) : ResolutionEffect;

    /// <summary>Set the resolution's only timer, in place of what it was set to.</summary>
    public sealed record SetTimer(Instant Due) : ResolutionEffect;

    /// <summary>Find the answer to another question first.</summary>
    public sealed record AskSubQuestion(Question Question) : ResolutionEffect;

    /// <summary>The resolution is over.</summary>
    public sealed record Complete(ResolutionOutcome Outcome) : ResolutionEffect;

    /// <summary>Tell what happened; emitted only when somebody listens.</summary>
    public sealed record Tell(TraceEvent Event) : ResolutionEffect;
}

/// <summary>The effects of one step, in order; reused from step to step.</summary>
public sealed class ResolutionEffects
{
    private readonly List<ResolutionEffect> _items = [];

    /// <summary>Whether somebody listens to events.</summary>
    public bool IsListening { get; set; }

    /// <summary>The effects, in the order they are to be carried out.</summary>
    public IReadOnlyList<ResolutionEffect> Items => _items;

    /// <summary>Makes the list empty for the next step.</summary>
    public void Clear() => _items.Clear();

    internal void Add(ResolutionEffect effect) => _items.Add(effect);
}

/// <summary>One question to one server over one transport, and the rules by which a message counts as its answer.</summary>
/// <remarks>
/// An answer comes from the address and port that were asked, to the port it was asked from, with the same id, as a response to the same operation, and
/// repeats exactly the question (RFC 5452 9.1). The upper and lower case of the question is random (draft-vixie-dnsext-dns0x20) and must
/// come back the same over UDP; over TCP the handshake already proves the sender's address, so case is not looked at.
/// </remarks>
internal sealed class QueryExchange
{
    public required int Number { get; init; }
    public required Endpoint Server { get; init; }
    public required string ServerName { get; init; }
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
            return reply.QuestionCount == 0 && (reply.Code == ResponseCode.FormatError || reply.Code == ResponseCode.NotImplemented) ? null : RejectionReason.OtherQuestion;
        }
        if (question != Question) { return RejectionReason.OtherQuestion; }
        if (Transport == DnsTransport.Udp && !question.Name.EqualsExactly(Question.Name)) { return RejectionReason.OtherCase; }
        return null;
    }

    /// <summary>
    /// The reply with the question's own case: names that are compressed into the question would carry the random case into records.
    /// The question stands right behind the header and is never compressed, so its name has the same length in both.
    /// </summary>
    public Reply RestoreCase(Reply reply, ReadOnlySpan<byte> message)
    {
        if (reply.Question is not { } question || question.Name.EqualsExactly(Asked.Name)) { return reply; }
        var restored = message.ToArray();
        Asked.Name.Wire.CopyTo(restored.AsSpan(MessageHeader.Length));
        return Reply.Read(restored) ?? reply;
    }

    /// <summary>The name with each letter's case chosen by a bit; bits are used again after 32 letters.</summary>
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
