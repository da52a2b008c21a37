using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Http;

/// <summary>An exchange failed.</summary>
/// <param name="Step">Where.</param>
/// <param name="Reason">Why.</param>
/// <param name="AtFault">Who made it so.</param>
/// <param name="Position">Bytes from the response's first byte; for a refused request the place of the field, or -1.</param>
/// <param name="BytesReceived">Bytes of the response that came.</param>
/// <param name="MessageFault">The fault of a malformed response.</param>
/// <param name="WriteFault">The fault of a request that was not sent.</param>
/// <param name="Error">The errno of the call that failed: a socket's, or the sink's.</param>
public sealed record ExchangeFailed(
    ExchangeStep Step, ExchangeFailureReason Reason, FaultSide AtFault, long Position, long BytesReceived, MessageFault MessageFault, WriteFault WriteFault,
    Errno Error) : TraceEvent;

/// <summary>An open connection carries one more exchange.</summary>
/// <param name="Scheme">http or https.</param>
/// <param name="Host">The host it leads to.</param>
/// <param name="Port">The port it leads to.</param>
/// <param name="Exchanges">Exchanges it carried before.</param>
public sealed record ConnectionReused(string Scheme, string Host, int Port, int Exchanges) : TraceEvent;

/// <summary>The connection stays open for another exchange.</summary>
public sealed record ConnectionKept(KeepReason Reason) : TraceEvent;

/// <summary>The connection is closed after the exchange.</summary>
public sealed record ConnectionClosing(KeepReason Reason) : TraceEvent;

/// <summary>The server refuses to be asked for 100 Continue; the request goes out again without asking (RFC 9110 10.1.1).</summary>
public sealed record ExpectationRefused(int Status) : TraceEvent;

/// <summary>
/// A reused connection died before the first byte; the request, which may be sent twice or was not sent whole, goes out again on a new one
/// (RFC 9110 9.2.2).
/// </summary>
public sealed record RequestRetried(string Method, ExchangeFailureReason Reason) : TraceEvent;

/// <summary>
/// A reused connection died before the first byte, and the request does not go out again: nobody knows whether the server has done it, and
/// twice is not the same as once (RFC 9110 9.2.2).
/// </summary>
public sealed record RequestNotRetried(string Method, ExchangeFailureReason Reason) : TraceEvent;

/// <summary>Content that comes from a source has gone out, as far as it has.</summary>
/// <param name="Bytes">Bytes of it that went out, without framing.</param>
/// <param name="Promised">How many the head has promised; null where it goes out in chunks.</param>
/// <param name="How">What has become of it.</param>
/// <param name="Error">Why its source could not be read.</param>
/// <param name="ElapsedNanoseconds">Since its first byte was due.</param>
public sealed record ContentSent(long Bytes, long? Promised, ContentEnd How, Errno Error, long ElapsedNanoseconds) : TraceEvent;
