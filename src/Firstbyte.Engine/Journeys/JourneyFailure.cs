using System.Text.Json.Serialization;
using Firstbyte.Addressing;
using Firstbyte.Codings;
using Firstbyte.Connecting;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Errors;
using Firstbyte.Files;
using Firstbyte.Ftp;
using Firstbyte.Http;
using Firstbyte.Mail;
using Firstbyte.News;
using Firstbyte.Proxies;
using Firstbyte.Tls;
using Firstbyte.Transfers;
using Firstbyte.Urls;

namespace Firstbyte.Journeys;

/// <summary>Why a journey ended without a complete response: one leaf for each way in which a step can fail, with that step's own reason.</summary>
/// <remarks>
/// Theory of operation. A failure is a value from where it happens to whoever tells it: reasons stay the enums of the step's own vocabulary,
/// places and limits stay numbers, and no producer makes words of them. Which step failed, who can mend it and curl's exit code follow from the
/// leaf by one table (<see cref="FailureTable"/>); sentences in every language follow from the leaf in the telling layer.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(UrlUnreadable), "url-unreadable")]
[JsonDerivedType(typeof(SchemeWithoutClient), "scheme-without-client")]
[JsonDerivedType(typeof(RequestUnwritable), "request-unwritable")]
[JsonDerivedType(typeof(NotADomainName), "not-a-domain-name")]
[JsonDerivedType(typeof(NameUnresolved), "name-unresolved")]
[JsonDerivedType(typeof(NameDoesNotExist), "name-does-not-exist")]
[JsonDerivedType(typeof(NameWithoutAddress), "name-without-address")]
[JsonDerivedType(typeof(VersionUnavailable), "version-unavailable")]
[JsonDerivedType(typeof(NotConnected), "not-connected")]
[JsonDerivedType(typeof(HandshakeFailed), "handshake-failed")]
[JsonDerivedType(typeof(ProxyFailed), "proxy-failed")]
[JsonDerivedType(typeof(TunnelRefused), "tunnel-refused")]
[JsonDerivedType(typeof(SocksRefused), "socks-refused")]
[JsonDerivedType(typeof(RequestUnsent), "request-unsent")]
[JsonDerivedType(typeof(ResponseUnreadable), "response-unreadable")]
[JsonDerivedType(typeof(ResponseUnreceived), "response-unreceived")]
[JsonDerivedType(typeof(ContentUndecodable), "content-undecodable")]
[JsonDerivedType(typeof(FtpPathUnusable), "ftp-path-unusable")]
[JsonDerivedType(typeof(FtpReplyUnreadable), "ftp-reply-unreadable")]
[JsonDerivedType(typeof(FtpRefused), "ftp-refused")]
[JsonDerivedType(typeof(FilePathUnusable), "file-path-unusable")]
[JsonDerivedType(typeof(FileRefused), "file-refused")]
[JsonDerivedType(typeof(MailtoUnusable), "mailto-unusable")]
[JsonDerivedType(typeof(MailNotTaken), "mail-not-taken")]
[JsonDerivedType(typeof(MailReplyUnreadable), "mail-reply-unreadable")]
[JsonDerivedType(typeof(MailRefused), "mail-refused")]
[JsonDerivedType(typeof(NewsUnusable), "news-unusable")]
[JsonDerivedType(typeof(NewsReplyUnreadable), "news-reply-unreadable")]
[JsonDerivedType(typeof(NewsRefused), "news-refused")]
[JsonDerivedType(typeof(ContentTooLarge), "content-too-large")]
[JsonDerivedType(typeof(TransferTooSlow), "transfer-too-slow")]
[JsonDerivedType(typeof(ContinuationRefused), "continuation-refused")]
[JsonDerivedType(typeof(BodyUnsaved), "body-unsaved")]
[JsonDerivedType(typeof(BodyUnreadable), "body-unreadable")]
[JsonDerivedType(typeof(BodyShrunk), "body-shrunk")]
[JsonDerivedType(typeof(BodyNotRepeatable), "body-not-repeatable")]
[JsonDerivedType(typeof(MailUnconfirmed), "mail-unconfirmed")]
[JsonDerivedType(typeof(OutOfTime), "out-of-time")]
[JsonDerivedType(typeof(RedirectRefused), "redirect-refused")]
public abstract record JourneyFailure
{
    private protected JourneyFailure() { }

    /// <summary>Whether no card of the host heard its link when it came to this: then the network cannot be blamed for anything.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsUnplugged { get; init; }
}

/// <summary>The text is not a URL.</summary>
/// <param name="Error">What ended the parsing, by the standard's name for it.</param>
/// <param name="Position">Where, in characters of what was typed, counted from 0.</param>
public sealed record UrlUnreadable(UrlValidationError Error, int Position) : JourneyFailure;

/// <summary>Nobody here speaks the protocol of this scheme.</summary>
public sealed record SchemeWithoutClient(string Scheme) : JourneyFailure;

/// <summary>The request that was asked for would be malformed, or say something else than was meant: nothing was sent.</summary>
/// <param name="Fault">What is wrong with it.</param>
/// <param name="Field">The name of the field concerned; empty when it is the request line.</param>
public sealed record RequestUnwritable(WriteFault Fault, string Field) : JourneyFailure;

/// <summary>This host could not find an address of a name.</summary>
public abstract record NameFailure : JourneyFailure
{
    private protected NameFailure() { }

    /// <summary>A proxy on the way that might, by the scheme that has it look names up itself (socks4a, socks5h); null where there is none.</summary>
    public Origin? LookUpAt { get; init; }
}

/// <summary>The host is no name that DNS can carry (RFC 1035 2.3.4).</summary>
public sealed record NotADomainName(string Name) : JourneyFailure;

/// <summary>The question for the name's addresses has no answer.</summary>
/// <param name="Name">The name.</param>
/// <param name="Reason">Why.</param>
/// <param name="Blamed">Whose fault it is by the resolver's evidence.</param>
/// <param name="Zone">The zone at which the resolution ended.</param>
/// <param name="Server">The last server that was asked; null when none was.</param>
public sealed record NameUnresolved(string Name, ResolutionFailureReason Reason, FaultParty Blamed, string Zone, Endpoint? Server) : NameFailure;

/// <summary>NXDOMAIN: the name does not exist.</summary>
/// <param name="Name">The name.</param>
/// <param name="SaidBy">Who said so.</param>
public sealed record NameDoesNotExist(string Name, AnswerSource SaidBy) : NameFailure;

/// <summary>NODATA: the name exists, and has no address of a version that this host can reach.</summary>
/// <param name="Name">The name.</param>
/// <param name="SaidBy">Who said so.</param>
/// <param name="Only">The one version that was asked for, as this host has no way to addresses of the other; none when both were.</param>
public sealed record NameWithoutAddress(string Name, AnswerSource SaidBy, IpVersion Only = IpVersion.None) : NameFailure;

/// <summary>The host has no address of the one version that was wanted.</summary>
/// <param name="Name">The name, or the address of the other version.</param>
/// <param name="Version">The version that was wanted.</param>
public sealed record VersionUnavailable(string Name, IpVersion Version) : NameFailure;

/// <summary>No address of the host accepted a connection.</summary>
/// <param name="Origin">Who was wanted.</param>
/// <param name="Attempts">Every address that was tried, in order; at least one.</param>
public sealed record NotConnected(Origin Origin, ConnectAttempt[] Attempts) : JourneyFailure;

/// <summary>The TLS handshake ended without a session.</summary>
/// <param name="Origin">With whom.</param>
/// <param name="Reason">What ended it.</param>
/// <param name="Faults">The faults of the server's certificates, when they ended it.</param>
/// <param name="Alert">The alert that was received or sent, where there was one.</param>
/// <param name="Error">The errno of the transport, when it broke.</param>
public sealed record HandshakeFailed(Origin Origin, TlsFailureReason Reason, CertificateFault[] Faults, TlsAlert? Alert, Errno? Error) : JourneyFailure
{
    /// <summary>The fingerprint of the server's key, where it is none of the pinned ones.</summary>
    public string? Pin { get; init; }
}

/// <summary>The proxy could not be reached, or what it sent cannot be read.</summary>
/// <param name="Proxy">Which.</param>
/// <param name="Cause">What would be the failure if the proxy were the server.</param>
public sealed record ProxyFailed(Origin Proxy, JourneyFailure Cause) : JourneyFailure;

/// <summary>An HTTP proxy answered CONNECT, and made no tunnel (RFC 9110 9.3.6).</summary>
/// <param name="Proxy">Which.</param>
/// <param name="Target">Where the tunnel was to lead.</param>
/// <param name="Status">Its status.</param>
/// <param name="Reason">Its reason phrase.</param>
public sealed record TunnelRefused(Origin Proxy, string Target, int Status, string Reason) : JourneyFailure;

/// <summary>A SOCKS proxy made no tunnel.</summary>
/// <param name="Proxy">Which.</param>
/// <param name="Target">Where the tunnel was to lead.</param>
/// <param name="Fault">Why not.</param>
/// <param name="Code">The method, status or reply that said so; 0 where none did.</param>
public sealed record SocksRefused(Origin Proxy, string Target, SocksFault Fault, int Code) : JourneyFailure;

/// <summary>The connection broke before the request was handed over.</summary>
public sealed record RequestUnsent(Origin Origin, Errno Error) : JourneyFailure;

/// <summary>What came is no response, or not the whole of one.</summary>
/// <param name="Origin">From whom.</param>
/// <param name="Fault">What is wrong with it.</param>
/// <param name="Position">Where, in bytes from the response's first byte.</param>
public sealed record ResponseUnreadable(Origin Origin, MessageFault Fault, long Position) : JourneyFailure
{
    /// <summary>The flaw for which it was refused; null where that is a fault.</summary>
    public MessageFlaw? Flaw { get; init; }
}

/// <summary>The connection broke while the response was awaited or read.</summary>
/// <param name="Origin">To whom.</param>
/// <param name="Error">What read() returned.</param>
/// <param name="Position">Bytes of the response that had been read.</param>
public sealed record ResponseUnreceived(Origin Origin, Errno Error, long Position) : JourneyFailure;

/// <summary>The content has a coding that cannot be taken off.</summary>
/// <param name="Origin">From whom it came.</param>
/// <param name="Coding">The codings that the server names.</param>
/// <param name="Fault">What is wrong with them.</param>
/// <param name="CodedBytes">Bytes of the body that had come.</param>
/// <param name="DecodedBytes">Bytes of content that had come out.</param>
public sealed record ContentUndecodable(Origin Origin, string Coding, CodingFault Fault, long CodedBytes, long DecodedBytes) : JourneyFailure;

/// <summary>The URL names nothing that an FTP server could be asked for: nothing was sent.</summary>
public sealed record FtpPathUnusable(FtpPathFault Fault) : JourneyFailure;

/// <summary>What the FTP server said is no reply.</summary>
public sealed record FtpReplyUnreadable(Origin Origin, FtpReplyFault Fault) : JourneyFailure;

/// <summary>The FTP server did not do what it was asked for.</summary>
/// <param name="Origin">Who.</param>
/// <param name="Fault">What it did not do.</param>
/// <param name="Command">The command that was answered last; empty before the first.</param>
/// <param name="Code">Its reply's code; 0 where no reply decided it.</param>
/// <param name="Said">Its reply's text.</param>
public sealed record FtpRefused(Origin Origin, FtpFault Fault, string Command, int Code, string Said) : JourneyFailure;

/// <summary>The URL names no file of this host.</summary>
public sealed record FilePathUnusable(FilePathFault Fault) : JourneyFailure;

/// <summary>A file of this host was not read or stored.</summary>
/// <param name="Path">Which.</param>
/// <param name="Fault">Why not.</param>
/// <param name="Error">What the system said; none where it was not asked.</param>
public sealed record FileRefused(string Path, FileFault Fault, Errno Error) : JourneyFailure;

/// <summary>Of the mailto: URL no message can be made, or none sent: nothing was.</summary>
/// <param name="Fault">Why not.</param>
/// <param name="Part">The part of it that is at fault; empty where none is.</param>
public sealed record MailtoUnusable(MailtoFault Fault, string Part) : JourneyFailure;

/// <summary>The domain says that it takes no mail (RFC 7505).</summary>
public sealed record MailNotTaken(string Domain) : JourneyFailure;

/// <summary>What the mail server said is no reply.</summary>
public sealed record MailReplyUnreadable(Origin Origin, SmtpReplyFault Fault) : JourneyFailure;

/// <summary>The mail server did not take the message, or not for everybody.</summary>
/// <param name="Origin">Who.</param>
/// <param name="Fault">What it did not do.</param>
/// <param name="Command">The command that was answered last.</param>
/// <param name="Code">Its reply's code, of 400 to 499 where it may pass; 0 where no reply decided it.</param>
/// <param name="Said">Its reply's text.</param>
public sealed record MailRefused(Origin Origin, SmtpFault Fault, string Command, int Code, string Said) : JourneyFailure;

/// <summary>The mail server has the whole message, and its answer to that did not come: whether it delivers the message is not known (RFC 1047).</summary>
/// <param name="Origin">Who.</param>
/// <param name="Cause">Why no answer came.</param>
public sealed record MailUnconfirmed(Origin Origin, JourneyFailure Cause) : JourneyFailure;

/// <summary>The URL asks for nothing that a news server could be asked for, or nothing that can be posted: nothing was sent.</summary>
public sealed record NewsUnusable(NewsUrlFault Fault) : JourneyFailure;

/// <summary>What the news server said is no reply.</summary>
public sealed record NewsReplyUnreadable(Origin Origin, NntpReplyFault Fault) : JourneyFailure;

/// <summary>The news server did not do what it was asked for.</summary>
/// <param name="Origin">Who.</param>
/// <param name="Fault">What it did not do.</param>
/// <param name="Command">The command that was answered last.</param>
/// <param name="Code">Its reply's code; 0 where no reply decided it.</param>
/// <param name="Said">Its reply's text.</param>
public sealed record NewsRefused(Origin Origin, NntpFault Fault, string Command, int Code, string Said) : JourneyFailure;

/// <summary>The body could not be handed to the user's file or pipe.</summary>
/// <param name="Error">What write() or open() returned there.</param>
/// <param name="Position">Bytes of the response that had been read.</param>
public sealed record BodyUnsaved(Errno Error, long Position) : JourneyFailure;

/// <summary>The content that was to be sent could not be read.</summary>
/// <param name="From">From where.</param>
/// <param name="Error">What read() or open() returned there.</param>
/// <param name="Position">Bytes of it that had been sent.</param>
public sealed record BodyUnreadable(BodyOrigin From, Errno Error, long Position) : JourneyFailure;

/// <summary>The content that was to be sent ended before what had been promised of it: somebody has cut it meanwhile.</summary>
/// <param name="From">From where.</param>
/// <param name="Promised">How many bytes the request had promised.</param>
/// <param name="Position">Bytes of it that had been sent.</param>
public sealed record BodyShrunk(BodyOrigin From, long Promised, long Position) : JourneyFailure;

/// <summary>The request had to go out again, and its content can be had only once.</summary>
/// <param name="Origin">Who would be sent it.</param>
/// <param name="From">From where it came.</param>
/// <param name="Cause">Why it had to go out again.</param>
/// <param name="Status">The status that asked for it; 0 where none did.</param>
public sealed record BodyNotRepeatable(Origin Origin, BodyOrigin From, RepeatCause Cause, int Status) : JourneyFailure;

/// <summary>Why content has to be sent again.</summary>
public enum RepeatCause : byte
{
    /// <summary>A redirect that keeps method and content.</summary>
    Redirect,

    /// <summary>The server wants to know first who asks.</summary>
    Challenge,

    /// <summary>The server wants to be shown a hash of the content before the content itself (Digest, auth-int).</summary>
    Hash,

    /// <summary>The connection had been used before, and died.</summary>
    Connection,

    /// <summary>Another URL before it has taken the content.</summary>
    NextUrl,
}

/// <summary>More content comes than may.</summary>
/// <param name="Origin">From whom.</param>
/// <param name="Limit">How many bytes may come.</param>
/// <param name="Said">How many there are, where it was said in advance; null where it shows only as they come.</param>
public sealed record ContentTooLarge(Origin Origin, long Limit, long? Said) : JourneyFailure;

/// <summary>Content has moved more slowly than it may, for longer than it may.</summary>
/// <param name="Origin">To or from whom.</param>
/// <param name="BytesPerSecond">How many bytes a second there have to be.</param>
/// <param name="LimitNanoseconds">For how long there may be fewer.</param>
public sealed record TransferTooSlow(Origin Origin, long BytesPerSecond, long LimitNanoseconds) : JourneyFailure;

/// <summary>Content of which a part is here was to be gone on with, and what the server answers is not its rest.</summary>
/// <param name="Origin">Who.</param>
/// <param name="Position">How many bytes are here.</param>
/// <param name="Status">The status of the answer; 0 where nobody was asked.</param>
/// <param name="Fault">What the answer is.</param>
public sealed record ContinuationRefused(Origin Origin, long Position, int Status, ContinuationFault Fault) : JourneyFailure;

/// <summary>Why content is not gone on with.</summary>
public enum ContinuationFault : byte
{
    /// <summary>The whole comes, though nobody knows whether it is the same: the server knows no parts.</summary>
    NoParts,

    /// <summary>A part comes that begins elsewhere.</summary>
    OtherPart,

    /// <summary>More bytes are here than the server has.</summary>
    BeyondEnd,

    /// <summary>The answer is another one, such as an error.</summary>
    OtherStatus,

    /// <summary>Content was to be sent, which HTTP stores as a whole or not at all.</summary>
    Upload,
}

/// <summary>A redirect that was to be followed is not.</summary>
/// <param name="Origin">Who redirects.</param>
/// <param name="Location">Where to, as it says.</param>
/// <param name="Fault">Why it is not followed.</param>
/// <param name="Limit">How many redirects may be followed.</param>
public sealed record RedirectRefused(Origin Origin, string Location, RedirectFault Fault, int Limit) : JourneyFailure;

/// <summary>Why a redirect is not followed.</summary>
public enum RedirectFault : byte
{
    /// <summary>As many as are allowed have been followed.</summary>
    Limit,

    /// <summary>The same request has been made before: it would go round in circles.</summary>
    Loop,

    /// <summary>The target is not a URL.</summary>
    NotAUrl,

    /// <summary>The target is neither http: nor https:; a page of the network is not to choose what is read from a disk.</summary>
    OtherScheme,
}

/// <summary>A limit of time ended the journey.</summary>
/// <param name="Step">The step that was under way.</param>
/// <param name="Party">The name or the server that was waited for.</param>
/// <param name="LimitNanoseconds">The limit.</param>
/// <param name="Limit">Which limit it was; null where it is not told, as in older files.</param>
public sealed record OutOfTime(JourneyStep Step, string Party, long LimitNanoseconds, TimeLimit? Limit) : JourneyFailure;

/// <summary>Which limit was reached.</summary>
public enum TimeLimit : byte
{
    /// <summary>That of the whole journey.</summary>
    WholeJourney,

    /// <summary>That of connecting, TLS included.</summary>
    Connecting,

    /// <summary>
    /// None was set, and in a simulated world nothing is left to happen: the wait would never end. The time is that of the journey until then.
    /// </summary>
    Rest,
}
