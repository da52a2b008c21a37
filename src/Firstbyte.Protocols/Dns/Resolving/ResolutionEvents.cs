using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Resolving;

/// <summary>How a resolver goes about a question.</summary>
public enum ResolutionMode
{
    /// <summary>It follows the referrals from the root down itself (RFC 1034 5.3.3).</summary>
    Iterative,

    /// <summary>It asks a recursive server to do so (RFC 1034 5.3.1).</summary>
    Stub,
}

/// <summary>Why a message that came in was not taken as the answer to the question.</summary>
public enum RejectionReason
{
    /// <summary>Shorter than a header, or cut within the question.</summary>
    TooShort,

    /// <summary>Not from the address and port that were asked.</summary>
    OtherSender,

    /// <summary>The id is another.</summary>
    OtherId,

    /// <summary>It is a query, not a response.</summary>
    NotAResponse,

    /// <summary>The operation is another.</summary>
    OtherOpcode,

    /// <summary>It does not hold exactly the question that was asked.</summary>
    OtherQuestion,

    /// <summary>It holds the question in other upper and lower case: the sender has not seen it (or its server does not keep case).</summary>
    OtherCase,

    /// <summary>It cannot be read to its end.</summary>
    Malformed,
}

/// <summary>A question was taken up. <paramref name="Server"/> is the recursive server that a stub resolver will ask first.</summary>
public sealed record ResolutionStarted(string Name, string Type, ResolutionMode Mode, Endpoint? Server) : TraceEvent
{
    /// <summary>Whether the server was named for this run (<c>--server</c>), in place of those that the host is configured for.</summary>
    public bool IsNamed { get; init; }
}

/// <summary>The cache was asked. Age, time left (seconds) and rank are those of what was found.</summary>
public sealed record CacheProbed(string Name, string Type, CacheOutcome Outcome, long AgeSeconds, long TtlSeconds, TrustRank Rank) : TraceEvent;

/// <summary>The hosts file names the host.</summary>
public sealed record HostsFileMatched(string Name, string Path, int Line, IpAddress[] Addresses) : TraceEvent;

/// <summary>A question left for a server. <paramref name="Zone"/> is the zone the server was chosen for; attempts count from 1 for each server.</summary>
public sealed record QuerySent(
    Endpoint Server, string ServerName, string Zone, string Name, string Type, int Id, DnsTransport Transport, bool Edns, int Bytes, int Attempt) : TraceEvent
{
    /// <summary>The EDNS options, where whoever asks speaks of them; null for none.</summary>
    public EdnsOptionValue[]? Options { get; init; }
}

/// <summary>
/// A server's reply was accepted. The answers are summaries of the answer section's data; the smallest TTL is that of the answer section,
/// or of the denial.
/// </summary>
public sealed record ResponseReceived(
    Endpoint Server, string ServerName, string Zone, string Code, bool Authoritative, bool Truncated, int AnswerCount, int AuthorityCount, int AdditionalCount,
    int Bytes, long ElapsedNanoseconds, string[] Answers, long? TtlSeconds) : TraceEvent
{
    /// <summary>The EDNS options, where whoever asked speaks of them; null for none.</summary>
    public EdnsOptionValue[]? Options { get; init; }
}

/// <summary>A server of one zone named the servers of a zone below it (RFC 1034 4.3.1).</summary>
public sealed record ReferralFollowed(string FromZone, string ToZone, string[] Servers, int GlueCount) : TraceEvent;

/// <summary>The name is an alias (CNAME, or DNAME when <paramref name="Substituted"/>): the question goes on with the name it stands for.</summary>
public sealed record AliasFollowed(string From, string To, bool Substituted) : TraceEvent;

/// <summary>A server did not answer in time.</summary>
public sealed record QueryTimedOut(Endpoint Server, string ServerName, string Zone, int Attempt, long WaitedNanoseconds) : TraceEvent;

/// <summary>
/// The network would not carry a question; the error is the errno's name. Where it had been sent, somebody on the way has reported that (ICMP).
/// </summary>
public sealed record QueryFailed(Endpoint Server, string ServerName, string Zone, DnsTransport Transport, Errno Error, bool WasSent = false) : TraceEvent
{
    /// <summary>Why a secured transport brought no answer, where the error is of that.</summary>
    public UpstreamFault Fault { get; init; }
}

/// <summary>A message came in that is not the answer to the question.</summary>
public sealed record ResponseRejected(Endpoint Server, RejectionReason Reason) : TraceEvent;

/// <summary>A server that is named for the zone is of no use for it.</summary>
public sealed record ServerLame(Endpoint Server, string ServerName, string Zone, LamenessKind Kind) : TraceEvent
{
    /// <summary>The code of its reply, where it is another error than those that have a kind; empty otherwise.</summary>
    public string Code { get; init; } = "";
}

/// <summary>An address that a zone's data names as its server is not one to ask (own host, multicast, unspecified).</summary>
public sealed record ServerAddressDenied(IpAddress Address, string ServerName, string Zone) : TraceEvent;

/// <summary>The address of a name server is needed first.</summary>
public sealed record ServerAddressNeeded(string ServerName, string Type, string Zone) : TraceEvent;

/// <summary>An answer will be checked: what it hangs on is asked next (RFC 4035).</summary>
public sealed record ValidationStarted(string Name, string Type) : TraceEvent;

/// <summary>The signatures of an answer were looked at (RFC 4035): the chain of trust, and what it comes to.</summary>
public sealed record ValidationCompleted(string Name, string Type, SecurityStatus Status, ValidationFlaw Flaw, TrustLink[] Links) : TraceEvent
{
    /// <summary>The zone at which the chain ends.</summary>
    public string Zone { get; init; } = "";
}

/// <summary>The same question is under way already; this one waits for its answer.</summary>
public sealed record ResolutionJoined(string Name, string Type, int Waiters) : TraceEvent;

/// <summary>A question needs its own answer first, by way of others: it cannot be answered.</summary>
public sealed record ResolutionCycleFound(string Name, string Type, string[] Path) : TraceEvent;

/// <summary>A question has its answer, which may be a denial. Age and TTL in seconds.</summary>
public sealed record ResolutionCompleted(
    string Name, string Type, string[] Answers, AnswerSourceKind Source, bool Authoritative, long AgeSeconds, long TtlSeconds, string Code,
        long ElapsedNanoseconds) : TraceEvent;

/// <summary>A question has no answer. <paramref name="AtFaultZone"/> is the zone whose operators would have to mend it, where it is theirs.</summary>
public sealed record ResolutionFailed(
    string Name, string Type, ResolutionFailureReason Reason, FaultParty AtFault, string? AtFaultZone, ServerEvidence[] Evidence,
        long ElapsedNanoseconds) : TraceEvent;

/// <summary>What a question came to that somebody asked for its own sake: all its records, as a zone file has them.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type.</param>
/// <param name="Code">The response code.</param>
/// <param name="IsDenial">Whether there is no such name, or no record of the type.</param>
/// <param name="Records">The records, aliases before what they lead to.</param>
/// <param name="Source">Who said so.</param>
public sealed record QuestionAnswered(string Name, string Type, ResponseCode Code, bool IsDenial, string[] Records, AnswerSource Source) : TraceEvent
{
    /// <summary>What its signatures say.</summary>
    public SecurityStatus Status { get; init; }

    /// <summary>Why it is not secure, where somebody has looked.</summary>
    public ValidationFlaw Flaw { get; init; }

    /// <summary>The chain of trust, where it was asked for.</summary>
    public TrustLink[] Trust { get; init; } = [];

    /// <summary>Whether the chain of trust was asked for.</summary>
    public bool IsExplained { get; init; }

    /// <summary>The event of an answer.</summary>
    public static QuestionAnswered Of(ResolvedAnswer answer, bool isExplained = false)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new QuestionAnswered(
            answer.Question.Name.ToHostString(), answer.Question.Type.ToString(), answer.Code, answer.IsDenial,
            [.. answer.Records.Select(static record => record.ToString())], answer.Source)
        {
            Status = answer.Status,
            Flaw = answer.Flaw,
            Trust = isExplained ? answer.Trust : [],
            IsExplained = isExplained,
        };
    }
}

/// <summary>Such a question came to nothing.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type.</param>
/// <param name="Reason">Why.</param>
/// <param name="AtFault">Who would have to mend it.</param>
/// <param name="Evidence">What each server did that was asked.</param>
public sealed record QuestionFailed(string Name, string Type, ResolutionFailureReason Reason, FaultParty AtFault, ServerEvidence[] Evidence) : TraceEvent
{
    /// <summary>The zone at which the resolution ended; empty in what was recorded before it was told.</summary>
    public string Zone { get; init; } = "";

    /// <summary>The lab in which it was asked, by its name or file; null on this machine's network.</summary>
    public string? Lab { get; init; }

    /// <summary>Why the signatures of the answer do not hold, where that is the reason.</summary>
    public ValidationFlaw Flaw { get; init; }

    /// <summary>The chain of trust up to where it breaks.</summary>
    public TrustLink[] Trust { get; init; } = [];

    /// <summary>The event of a failure.</summary>
    public static QuestionFailed Of(ResolutionFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return new QuestionFailed(failure.Question.Name.ToHostString(), failure.Question.Type.ToString(), failure.Reason, failure.AtFault, failure.Evidence)
        {
            Zone = failure.Zone.ToHostString(),
            Flaw = failure.Flaw,
            Trust = failure.Trust,
        };
    }
}
