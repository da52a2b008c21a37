using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Resolving;

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

    /// <summary>
    /// The network would not carry the exchange; the error is the errno's name. What was sent before, somebody on the way has reported (ICMP).
    /// </summary>
    public sealed record NetworkFailed(int Exchange, Errno Error, bool WasSent) : ResolutionInput
    {
        /// <summary>Why a secured transport brought no answer, where the error is of that.</summary>
        public UpstreamFault Fault { get; init; }
    }

    /// <summary>A signature was looked at.</summary>
    public sealed record SignatureVerified(int Job, bool IsValid) : ResolutionInput;

    /// <summary>A question that this resolution asked has come to its end.</summary>
    public sealed record SubQuestionAnswered(Question Question, ResolutionOutcome Outcome) : ResolutionInput;
}

/// <summary>What a resolution wants done.</summary>
public abstract record ResolutionEffect
{
    private protected ResolutionEffect() { }

    /// <summary>
    /// Send the message over the transport, in clear from a new socket with a port of its own that is connected to the server, and report what comes back.
    /// </summary>
    public sealed record SendQuery(int Exchange, Endpoint Server, DnsTransport Transport, byte[] Message) : ResolutionEffect
    {
        /// <summary>The server as somebody has named it; null for one that was found.</summary>
        public UpstreamServer? Named { get; init; }
    }

    /// <summary>Close the exchange's socket: nothing more is wanted of it.</summary>
    public sealed record EndExchange(int Exchange) : ResolutionEffect;

    /// <summary>Set the resolution's only timer, in place of what it was set to.</summary>
    public sealed record SetTimer(Instant Due) : ResolutionEffect;

    /// <summary>Find the answer to another question first; nobody checks its signatures but who asks.</summary>
    public sealed record AskSubQuestion(Question Question) : ResolutionEffect
    {
        /// <summary>Whether it is the resolution's own question, so that it counts as no deeper.</summary>
        public bool IsOwn { get; init; }
    }

    /// <summary>Find out whether a key made a signature for a set (RFC 4035 section 5.3.3), and report it.</summary>
    public sealed record VerifySignature(int Job, RecordSet Set, RecordData Signature, ZonePublicKey Key) : ResolutionEffect;

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
