using Firstbyte.Addressing;
using Firstbyte.Tracing;

namespace Firstbyte.Ftp;

/// <summary>A command went out on the control connection.</summary>
/// <param name="Verb">The command.</param>
/// <param name="Argument">What follows it; covered where it is a secret.</param>
public sealed record FtpCommandSent(string Verb, string Argument) : TraceEvent;

/// <summary>A whole reply came on the control connection.</summary>
/// <param name="Code">The three digits.</param>
/// <param name="Lines">The text of its lines.</param>
/// <param name="ElapsedNanoseconds">Since the command went out.</param>
public sealed record FtpReplyReceived(int Code, string[] Lines, long ElapsedNanoseconds) : TraceEvent;

/// <summary>The reply to PASV names an address that is not the server's: it is not gone to (RFC 2577 3).</summary>
/// <param name="Told">The address in the reply.</param>
/// <param name="Used">The address that is gone to: the control connection's.</param>
public sealed record FtpAddressIgnored(IpAddress Told, IpAddress Used) : TraceEvent;

/// <summary>The data connection stands.</summary>
/// <param name="Descriptor">Its socket.</param>
/// <param name="Local">The own end.</param>
/// <param name="Remote">The server's end.</param>
/// <param name="IsActive">The server has connected.</param>
public sealed record FtpDataConnected(int Descriptor, Endpoint Local, Endpoint Remote, bool IsActive) : TraceEvent;

/// <summary>The first byte of content came, or went.</summary>
/// <param name="IsUpload">It went.</param>
/// <param name="Expected">Bytes that were promised; null where they were not.</param>
/// <param name="Offset">Where in the file it begins.</param>
public sealed record FtpTransferStarted(bool IsUpload, long? Expected, long Offset) : TraceEvent;

/// <summary>The data connection has ended.</summary>
/// <param name="IsUpload">The content went out.</param>
/// <param name="How">How it ended.</param>
/// <param name="Bytes">Bytes of content.</param>
/// <param name="ElapsedNanoseconds">Since its first byte.</param>
public sealed record FtpTransferEnded(bool IsUpload, FtpDataEnd How, long Bytes, long ElapsedNanoseconds) : TraceEvent;

/// <summary>What the server knows of a file of which nothing else was wanted.</summary>
/// <param name="Length">Its bytes; null where the server does not say.</param>
/// <param name="Modified">When it was last changed, UTC; null where the server does not say.</param>
public sealed record FtpFileFound(long? Length, Instant? Modified) : TraceEvent;
