using Firstbyte.Addressing;
using Firstbyte.Errors;

namespace Firstbyte.Http;

/// <summary>Where in an exchange it failed.</summary>
public enum ExchangeStep : byte
{
    /// <summary>Writing the message down: nothing was sent.</summary>
    Prepare,

    /// <summary>Making the connection: nothing was sent.</summary>
    Connect,

    /// <summary>Sending the request.</summary>
    Send,

    /// <summary>Waiting for the response's first byte.</summary>
    Wait,

    /// <summary>Reading the response's head.</summary>
    Head,

    /// <summary>Reading the body.</summary>
    Body,

    /// <summary>Handing the body on.</summary>
    Deliver,
}

/// <summary>Why an exchange failed.</summary>
public enum ExchangeFailureReason : byte
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>The request would be malformed: <see cref="ExchangeFailure.WriteFault"/>.</summary>
    RequestRefused,

    /// <summary>No connection could be made: <see cref="ExchangeFailure.Error"/>, and what the connector has told.</summary>
    NotConnected,

    /// <summary>The connection was not usable any more when the exchange began.</summary>
    ConnectionClosed,

    /// <summary>The response is malformed: <see cref="ExchangeFailure.MessageFault"/>.</summary>
    ResponseMalformed,

    /// <summary>The peer ended the connection without a byte of response.</summary>
    EmptyReply,

    /// <summary>The peer ended the connection inside the response.</summary>
    CutOff,

    /// <summary>A socket call failed: <see cref="ExchangeFailure.Error"/>.</summary>
    ConnectionFailed,

    /// <summary>Nothing moved for the connection's stall timeout.</summary>
    Stalled,

    /// <summary>The caller gave up.</summary>
    Cancelled,

    /// <summary>The body is longer than the caller's limit.</summary>
    BodyTooLong,

    /// <summary>The sink could not keep the body.</summary>
    SinkFailed,

    /// <summary>
    /// The source of the request's content could not be read: <see cref="ExchangeFailure.Error"/>; <see cref="ExchangeFailure.Position"/> bytes went out.
    /// </summary>
    SourceFailed,

    /// <summary>The source of the request's content ended before what it had said: <see cref="ExchangeFailure.Position"/> bytes went out.</summary>
    SourceShrunk,

    /// <summary>The request would go out again, and its content can be had only once.</summary>
    SourceSpent,
}

/// <summary>A failed exchange: the step, the reason in its own vocabulary, whose fault, and how far it came.</summary>
/// <param name="Step">Where.</param>
/// <param name="Reason">Why.</param>
/// <param name="AtFault">Who made it so.</param>
/// <param name="Position">Bytes from the response's first byte; for a refused request the place of the field, or -1.</param>
/// <param name="MessageFault">The fault of a malformed response.</param>
/// <param name="WriteFault">The fault of a request that was not sent.</param>
/// <param name="Error">The errno of the call that failed: a socket's, or the sink's.</param>
public sealed record ExchangeFailure(
    ExchangeStep Step, ExchangeFailureReason Reason, FaultSide AtFault, long Position, MessageFault MessageFault = MessageFault.None,
    WriteFault WriteFault = WriteFault.None, Errno Error = Errno.None)
{
    /// <summary>The flaw for which the response was refused; null where it was refused for a fault.</summary>
    public MessageFlaw? Flaw { get; init; }
}

/// <summary>What came of one request: the head, the counts, the times, whether the connection lives on, or why it failed.</summary>
/// <remarks>It may be handed to the next exchange to be filled again: then nothing is allocated for heads after the first few.</remarks>
public sealed class HttpExchangeResult
{
    /// <summary>The final response's head and trailers; a status of 0 when none came.</summary>
    public ResponseHead Head { get; } = new();

    /// <summary>Why the exchange failed; null when the response is complete.</summary>
    public ExchangeFailure? Failure { get; internal set; }

    /// <summary>Whether a complete response was read and delivered.</summary>
    public bool Succeeded => Failure is null;

    /// <summary>Bytes of the body delivered, without framing.</summary>
    public long BodyBytes { get; internal set; }

    /// <summary>Bytes received, framing and interim responses included.</summary>
    public long WireBytes { get; internal set; }

    /// <summary>Bytes of the request's head.</summary>
    public int RequestHeadBytes { get; internal set; }

    /// <summary>Whether the connection may carry another exchange, and why.</summary>
    public KeepReason KeepReason { get; internal set; }

    /// <summary>Whether the request may be sent again by itself, once the exchange is over.</summary>
    public RetryRule Retry { get; internal set; }

    /// <summary>Whether the connection is open for another exchange.</summary>
    public bool MayReuse { get; internal set; }

    /// <summary>Whether the connection had carried an exchange before.</summary>
    public bool ReusedConnection { get; internal set; }

    /// <summary>Who is at the other end of the connection; null where nobody is, or nobody knows.</summary>
    public IpAddress? RemoteAddress { get; internal set; }

    /// <summary>From the start until the request was handed to the stack, nanoseconds on the network's clock; -1 when it was not.</summary>
    public long SentNanoseconds { get; internal set; }

    /// <summary>From the start until the first byte of the response, nanoseconds; -1 when none came.</summary>
    public long FirstByteNanoseconds { get; internal set; }

    /// <summary>From the start until the end, nanoseconds.</summary>
    public long TotalNanoseconds { get; internal set; }

    internal void Clear()
    {
        (Failure, BodyBytes, WireBytes, RequestHeadBytes) = (null, 0, 0, 0);
        (KeepReason, Retry, MayReuse, ReusedConnection) = (KeepReason.NotYetKnown, RetryRule.Never, false, false);
        RemoteAddress = null;
        (SentNanoseconds, FirstByteNanoseconds, TotalNanoseconds) = (-1, -1, 0);
    }
}
