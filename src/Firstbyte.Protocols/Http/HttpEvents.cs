using Firstbyte.Tracing;

namespace Firstbyte.Http;

/// <summary>A request went out, its head at least.</summary>
/// <param name="Method">The method token.</param>
/// <param name="Target">The request target as written.</param>
/// <param name="Version">"HTTP/1.1" or "HTTP/1.0".</param>
/// <param name="Fields">The fields in the order and spelling on the wire.</param>
/// <param name="HeadBytes">Bytes of the head.</param>
/// <param name="BodyBytes">Bytes of the content.</param>
public sealed record RequestWritten(string Method, string Target, string Version, HttpField[] Fields, int HeadBytes, long BodyBytes) : TraceEvent;

/// <summary>An interim response came (RFC 9110 15.2).</summary>
public sealed record InformationalReceived(int Status, string Reason, HttpField[] Fields) : TraceEvent;

/// <summary>The first byte of the response came.</summary>
/// <param name="ElapsedNanoseconds">Since the request was handed to the connection.</param>
public sealed record FirstByteReceived(long ElapsedNanoseconds) : TraceEvent;

/// <summary>The head of the final response is complete.</summary>
/// <param name="Version">The version as the server wrote it.</param>
/// <param name="Status">The status code.</param>
/// <param name="Reason">The reason phrase, possibly empty.</param>
/// <param name="Fields">The fields in order, names as they came.</param>
/// <param name="HeadBytes">Bytes of the head on the wire.</param>
/// <param name="Framing">How the body's end is found.</param>
/// <param name="FramingLength">The body's length where it is known in advance.</param>
public sealed record ResponseHeadReceived(
    string Version, int Status, string Reason, HttpField[] Fields, int HeadBytes, BodyFraming Framing, long? FramingLength) : TraceEvent;

/// <summary>The message is not as the specification wants it, and what was done about it.</summary>
/// <param name="Flaw">What is wrong.</param>
/// <param name="Position">Bytes from the message's first byte.</param>
/// <param name="Action">What was done.</param>
public sealed record MessageFlawFound(MessageFlaw Flaw, long Position, FlawAction Action) : TraceEvent;

/// <summary>The response is one that is refused by the specification's rules, and was taken all the same, as another program takes it.</summary>
/// <param name="Fault">What is wrong.</param>
/// <param name="Position">Bytes from the message's first byte.</param>
public sealed record ResponseRepaired(MessageFault Fault, long Position) : TraceEvent;

/// <summary>The last byte of the response came.</summary>
/// <param name="BodyBytes">Bytes of the body without framing.</param>
/// <param name="WireBytes">Bytes of the whole response on the wire, interim responses included.</param>
/// <param name="Framing">How its end was found.</param>
/// <param name="Trailers">The fields after the body.</param>
/// <param name="MayReuse">Whether the connection may carry another exchange.</param>
/// <param name="KeepReason">Why.</param>
/// <param name="ElapsedNanoseconds">Since the request was handed to the connection.</param>
public sealed record ResponseCompleted(
    long BodyBytes, long WireBytes, BodyFraming Framing, HttpField[] Trailers, bool MayReuse, KeepReason KeepReason,
    long ElapsedNanoseconds) : TraceEvent;
