using Firstbyte.Errors;
using Firstbyte.Http;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Journeys;

/// <summary>A journey begins: one URL as it was typed.</summary>
/// <param name="Number">The journey's number in its run, from 1 on.</param>
/// <param name="Input">The text as given.</param>
/// <param name="Place">Where it runs: "os", or the lab's name.</param>
/// <param name="Seed">The world's seed; null outside a simulation.</param>
public sealed record JourneyStarted(int Number, string Input, string Place, ulong? Seed) : TraceEvent
{
    /// <summary>The machine that makes it, by its name in its place; null in older files, empty for this machine.</summary>
    public string? Host { get; init; }

    /// <summary>The machine whose calls are told; null when none is looked into.</summary>
    public string? CallsOf { get; init; }

    /// <summary>Whether the lab has no root name servers, so that nobody can ask from them down; null where there are, or may be.</summary>
    public bool? IsWithoutRoots { get; init; }
}

/// <summary>The input had no scheme: <paramref name="Scheme"/>:// was put before it, as curl does.</summary>
public sealed record SchemeAssumed(string Input, string Scheme) : TraceEvent;

/// <summary>The request message as it will be sent, before anything was sent.</summary>
/// <param name="Method">The method token.</param>
/// <param name="Target">The request target.</param>
/// <param name="Version">"HTTP/1.1" or "HTTP/1.0".</param>
/// <param name="Fields">The fields in the order and spelling on the wire.</param>
/// <param name="HeadBytes">Bytes of the head.</param>
/// <param name="BodyBytes">Bytes of the content; null where only its end will show it.</param>
public sealed record RequestComposed(string Method, string Target, string Version, HttpField[] Fields, int HeadBytes, long? BodyBytes) : TraceEvent;

/// <summary>The content of a request comes from somewhere else while it is sent.</summary>
/// <param name="From">What it comes from.</param>
/// <param name="Name">The name that the user gave it; empty for what has none.</param>
/// <param name="Length">How many bytes it will be; null where only its end will show it.</param>
/// <param name="CanRewind">It can be read again, should the request have to go out again.</param>
/// <param name="Parts">The parts of a form; empty where it is none.</param>
public sealed record BodyChosen(BodyKind From, string Name, long? Length, bool CanRewind, FormPartChosen[] Parts) : TraceEvent;

/// <summary>A request that failed would be tried again, but its content can be had only once.</summary>
/// <param name="From">What it came from.</param>
/// <param name="Name">The name that the user gave it; empty for what has none.</param>
public sealed record RetryImpossible(BodyKind From, string Name) : TraceEvent;

/// <summary>A request would be tried again, but the time that the user gives is over before: what was answered, or failed, stands.</summary>
/// <param name="Nanoseconds">How long the next try has to wait.</param>
/// <param name="IsAskedFor">The server asks for that wait (Retry-After).</param>
/// <param name="LeftNanoseconds">How much of the time is left.</param>
public sealed record RetryTooLate(long Nanoseconds, bool IsAskedFor, long LeftNanoseconds) : TraceEvent;

/// <summary>A transfer that broke off would be gone on with, but by nothing that the server said could it be known that the rest is of the same.</summary>
/// <param name="Position">How many bytes had come.</param>
public sealed record ResumeImpossible(long Position) : TraceEvent;

/// <summary>A proxy is named in the environment by a variable that is not read (<c>HTTP_PROXY</c>).</summary>
/// <param name="Variable">The variable, in the spelling found.</param>
/// <param name="Value">Its value.</param>
public sealed record ProxyNamed(string Variable, string Value) : TraceEvent;

/// <summary>The response is a redirect, and nobody asked to follow it.</summary>
/// <param name="Status">The status that says so.</param>
/// <param name="Location">Where it leads, as the server says it.</param>
public sealed record RedirectNotFollowed(int Status, string Location) : TraceEvent;

/// <summary>The response is a redirect, and another journey goes on where it leads.</summary>
/// <param name="Status">The status that says so.</param>
/// <param name="Href">Where it leads.</param>
/// <param name="Method">The next request's method.</param>
/// <param name="LeftOut">Fields that the next request has no more, because they were for another origin or for content that is not sent again.</param>
public sealed record RedirectFollowed(int Status, string Href, string Method, string[] LeftOut) : TraceEvent;

/// <summary>What failed may pass: it is tried again.</summary>
/// <param name="Number">Which retry it is, from 1 on.</param>
/// <param name="Most">How many there may be.</param>
/// <param name="Status">The status that may pass; 0 where it was no response.</param>
/// <param name="Failure">What failed; null where it was a response.</param>
/// <param name="WaitNanoseconds">How long it is waited before.</param>
/// <param name="IsAsked">The server has asked for the wait.</param>
/// <param name="ResumeAt">From which byte on the content is asked for; null for all of it.</param>
public sealed record RetryPlanned(
    int Number, int Most, int Status, JourneyFailure? Failure, long WaitNanoseconds, bool IsAsked, long? ResumeAt) : TraceEvent;

/// <summary>What a server has sent is not the rest of what had come: two halves of different things make no whole (RFC 9110 13.1.5).</summary>
/// <param name="Status">The response's status.</param>
/// <param name="Position">How many bytes had come.</param>
public sealed record ResumeRefused(int Status, long Position) : TraceEvent;

/// <summary>http: becomes https:, as a host has asked for it before (RFC 6797 8.3).</summary>
/// <param name="By">The host: the URL's own, or one above it that speaks for those below.</param>
/// <param name="Href">The URL that is asked for instead.</param>
public sealed record HstsHeeded(string By, string Href) : TraceEvent;

/// <summary>A host wants to be asked over TLS alone from now on.</summary>
/// <param name="Host">Which.</param>
/// <param name="Seconds">For how long; 0 takes the wish back.</param>
/// <param name="CoversSubdomains">Whether those below its name are meant too.</param>
public sealed record HstsNoted(string Host, long Seconds, bool CoversSubdomains) : TraceEvent;

/// <summary>The server has said what becomes of content of which a part is here already.</summary>
/// <param name="Position">How many bytes are here.</param>
/// <param name="Outcome">What it has said.</param>
public sealed record ContinuationAnswered(long Position, ContinuationOutcome Outcome) : TraceEvent;

/// <summary>The content was to be fetched over several connections, and the first answer has shown whether it can be.</summary>
/// <param name="Outcome">Whether, or why not.</param>
/// <param name="Connections">How many connections there are at most.</param>
/// <param name="PieceBytes">How long a piece is.</param>
/// <param name="Complete">How long the whole is; null where nobody says it.</param>
public sealed record PiecesJudged(PiecesOutcome Outcome, int Connections, long PieceBytes, long? Complete) : TraceEvent;

/// <summary>Whether content comes in pieces.</summary>
public enum PiecesOutcome : byte
{
    /// <summary>It does.</summary>
    Pieces,

    /// <summary>It is no longer than one piece.</summary>
    One,

    /// <summary>There is none, or none behind what is here.</summary>
    Empty,

    /// <summary>The server knows no ranges, and sends the whole.</summary>
    NoRanges,

    /// <summary>Nothing would show that two pieces are of the same content: the whole is asked for.</summary>
    NoValidator,

    /// <summary>The server does not say how long the whole is, which is asked for.</summary>
    NoLength,

    /// <summary>The server sends less than it was asked for, as it would each time: the whole is asked for.</summary>
    Less,
}

/// <summary>What a server says to the wish for the rest.</summary>
public enum ContinuationOutcome : byte
{
    /// <summary>The rest comes, and by its entity tag it is of the same.</summary>
    Verified,

    /// <summary>The rest comes; of what the part is, nobody knows.</summary>
    Unverified,

    /// <summary>There is another by now, and all of it comes.</summary>
    Anew,

    /// <summary>Nothing is missing.</summary>
    Complete,
}

/// <summary>The last byte of the response is here (or the journey ended without one).</summary>
/// <param name="Href">The URL.</param>
/// <param name="Succeeded">A complete response was read.</param>
/// <param name="Status">Its status code; 0 without a response.</param>
/// <param name="Reason">Its reason phrase.</param>
/// <param name="BodyBytes">Bytes of content delivered.</param>
/// <param name="NameNanoseconds">Time for the name.</param>
/// <param name="ConnectNanoseconds">Time for connect().</param>
/// <param name="TlsNanoseconds">Time for the TLS handshake; 0 without one.</param>
/// <param name="WaitNanoseconds">From the request's last byte to the response's first byte.</param>
/// <param name="ReadNanoseconds">From the response's first byte to its last.</param>
/// <param name="TotalNanoseconds">From the URL to the last byte.</param>
public sealed record JourneyCompleted(
    string Href, bool Succeeded, int Status, string Reason, long BodyBytes, long NameNanoseconds, long ConnectNanoseconds, long TlsNanoseconds,
    long WaitNanoseconds, long ReadNanoseconds, long TotalNanoseconds) : TraceEvent;

/// <summary>The journey ended in an error.</summary>
/// <param name="Failure">What failed, with the reason of the step that failed.</param>
public sealed record JourneyFailed(JourneyFailure Failure) : TraceEvent
{
    /// <summary>The step that failed.</summary>
    public JourneyStep Step => FailureTable.Of(Failure).Step;

    /// <summary>Who can mend it.</summary>
    public FaultParty AtFault => FailureTable.Of(Failure).AtFault;

    /// <summary>curl's exit code for this failure.</summary>
    public int ExitCode => FailureTable.Of(Failure).ExitCode;
}

/// <summary>The steps of a journey, in their order.</summary>
public enum JourneyStep
{
    /// <summary>The URL's text.</summary>
    Url,

    /// <summary>Choosing the client for the scheme.</summary>
    Client,

    /// <summary>Writing the request message.</summary>
    Request,

    /// <summary>Resolving the name.</summary>
    Name,

    /// <summary>socket() and connect().</summary>
    Connect,

    /// <summary>The TLS handshake.</summary>
    Tls,

    /// <summary>Sending the request.</summary>
    Write,

    /// <summary>Receiving the response.</summary>
    Read,

    /// <summary>Handing the body to the user's file or pipe.</summary>
    Save,
}
