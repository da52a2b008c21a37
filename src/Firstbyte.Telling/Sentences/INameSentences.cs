using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>How a name is resolved, and who said what.</summary>
public interface INameSentences
{
    Phrase Question(string name, string type);

    Phrase AskedOwnServer(Endpoint server);

    /// <summary>The server that the command line names.</summary>
    Phrase AskedNamedServer(Endpoint server);

    /// <summary>The own server in a row, where those of zones have their zone.</summary>
    Phrase OwnServer { get; }

    /// <summary>The server that the command line names, in a row.</summary>
    Phrase NamedServer { get; }

    Phrase AskedFromTheRoot { get; }

    Phrase FromCache(long ageSeconds, long leftSeconds);

    Phrase FromResponsibleServer { get; }

    /// <summary>Who was asked, and where the answer comes from.</summary>
    Phrase AskedAndFrom(Phrase asked, Phrase source);

    Phrase HostsFileLine(int line, string path);

    Phrase AskedOverTcp { get; }

    Phrase Answer(IEnumerable<string> answers);

    Phrase NoSuchRecords { get; }

    Phrase Ttl(long seconds);

    Phrase Authoritative { get; }

    Phrase TruncatedAsksAgain { get; }

    Phrase Referral(string zone, int servers, bool hasGlue);

    Phrase Alias(string target);

    Phrase Lame(LamenessKind kind, string zone, string code);

    /// <summary>What a server did that was asked to resolve for us, and did not.</summary>
    Phrase NotResolved(LamenessKind kind, string code);

    Phrase NoAnswer(int tries);

    /// <param name="error">Why.</param>
    /// <param name="wasSent">It had left, and somebody on the way has reported the error.</param>
    Phrase NotSent(Errno error, bool wasSent);

    /// <summary>Why a secured transport brought no answer.</summary>
    Phrase NotSecured(UpstreamFault fault);

    /// <summary>Why a question brought no answer.</summary>
    sealed Phrase WhyNot(QueryFailed failed)
    {
        ArgumentNullException.ThrowIfNull(failed);
        return failed.Fault == UpstreamFault.None ? NotSent(failed.Error, failed.WasSent) : NotSecured(failed.Fault);
    }

    /// <summary>A question was sent over TLS or HTTPS.</summary>
    Phrase AskedSecured(DnsTransport transport);

    Phrase Rejected(RejectionReason reason);

    Phrase AddressDenied { get; }

    Phrase AddressNeeded(string type);

    Phrase Joined { get; }

    Phrase Circle(IEnumerable<string> path);

    Phrase SubQuestionFailed(string name, string type, ResolutionFailureReason reason);

    Phrase DoesNotExist(long ttlSeconds);

    Phrase HasNoRecords(string type, long ttlSeconds);

    Phrase NotWaitedFor { get; }

    /// <summary>The events that are told end before the answer.</summary>
    Phrase ToldNoFurther { get; }

    Phrase Failure(ResolutionFailureReason reason);

    /// <summary>The same where those who were asked are DNS servers that resolve for us, not servers of the zone.</summary>
    Phrase FailureOfResolvers(ResolutionFailureReason reason);

    /// <summary>What a resolution came to, below its records.</summary>
    Phrase Source(AnswerSource source);

    /// <summary>What the signatures of an answer say, and why they do not say more.</summary>
    Phrase Security(SecurityStatus status, ValidationFlaw flaw);

    /// <summary>Nobody has looked at signatures.</summary>
    Phrase SecurityUnchecked { get; }

    /// <summary>One link of a chain of trust.</summary>
    Phrase Link(TrustLink link);

    Phrase OutcomeNameError { get; }

    Phrase OutcomeNoData { get; }

    Phrase OutcomeFailed(ResolutionFailureReason reason, FaultParty atFault);

    Phrase Evidence(ServerEvidence evidence);

    Phrase Outcome(ServerOutcome outcome);

    Phrase Rank(TrustRank rank);
}
