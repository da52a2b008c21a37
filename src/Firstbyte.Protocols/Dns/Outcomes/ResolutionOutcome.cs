using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;

namespace Firstbyte.Dns.Outcomes;

/// <summary>What came of a question: an answer, which may be a denial, or a failure.</summary>
public abstract record ResolutionOutcome
{
    private protected ResolutionOutcome(Question question) => Question = question;

    /// <summary>What was asked.</summary>
    public Question Question { get; init; }
}

/// <summary>
/// The question has an answer: records (aliases first, in their order, then those asked for), or the denial that there are any.
/// </summary>
/// <param name="Question">What was asked.</param>
/// <param name="Code">NOERROR, NXDOMAIN, or YXDOMAIN when a DNAME made a name too long.</param>
/// <param name="Records">The alias chain and the records, with the time to live that is left to them.</param>
/// <param name="Soa">The SOA record that proves a denial's time to live, where there is one.</param>
/// <param name="Source">Who gave it, and how old it is.</param>
public sealed record ResolvedAnswer(Question Question, ResponseCode Code, DnsRecord[] Records, DnsRecord? Soa, AnswerSource Source)
    : ResolutionOutcome(Question)
{
    /// <summary>The same records set by set, each with its signatures, where they came with any; empty where nobody asks for signatures.</summary>
    public SignedSet[] Sets { get; init; } = [];

    /// <summary>
    /// What proves a denial, the SOA record's set first; of an answer that was made from a wildcard, that there is no closer name. Empty where
    /// nobody asks for signatures.
    /// </summary>
    public SignedSet[] Proof { get; init; } = [];

    /// <summary>What its signatures say.</summary>
    public SecurityStatus Status { get; init; }

    /// <summary>Why it is not secure, where somebody has looked.</summary>
    public ValidationFlaw Flaw { get; init; }

    /// <summary>The chain of trust, anchor first; empty where nobody has looked.</summary>
    public TrustLink[] Trust { get; init; } = [];

    /// <summary>Whether a part of it has expired, and is given because nothing newer came in time (RFC 8767).</summary>
    public bool IsStale { get; init; }

    /// <summary>True when the name does not exist, or exists without records of the type.</summary>
    public bool IsDenial => Code != ResponseCode.NoError || Records.Length == 0 || Records[^1].Type != Question.Type && Question.Type != RecordType.Any;

    /// <summary>The name at the end of the alias chain: the owner of the records asked for.</summary>
    public DnsName CanonicalName
    {
        get
        {
            var name = Question.Name;
            foreach (var record in Records)
            {
                if (Question.Type != RecordType.CNAME && record.Type == RecordType.CNAME && record.Data is NameData alias
                    && record.Owner == name)
                {
                    name = alias.Target;
                }
            }
            return name;
        }
    }

    /// <summary>The addresses among the records, in their order.</summary>
    public IpAddress[] Addresses
    {
        get
        {
            var addresses = new List<IpAddress>();
            foreach (var record in Records)
            {
                if (record.Type == Question.Type && record.Data is AddressData data) { addresses.Add(data.Address); }
            }
            return [.. addresses];
        }
    }
}

/// <summary>The question has no answer.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Reason">Why not.</param>
/// <param name="AtFault">Whose fault it is, as far as the evidence goes.</param>
/// <param name="Zone">The zone at which the resolution ended.</param>
/// <param name="Evidence">Every server that was tried there, with what came of it, in order.</param>
public sealed record ResolutionFailure(
    Question Question, ResolutionFailureReason Reason, FaultParty AtFault, DnsName Zone, ServerEvidence[] Evidence)
        : ResolutionOutcome(Question)
{
    /// <summary>The aliases that were followed, when they are what failed.</summary>
    public DnsRecord[] Aliases { get; init; } = [];

    /// <summary>Why the signatures do not hold, when <see cref="Reason"/> is <see cref="ResolutionFailureReason.Bogus"/>.</summary>
    public ValidationFlaw Flaw { get; init; }

    /// <summary>The chain of trust up to where it breaks; empty where nobody has looked.</summary>
    public TrustLink[] Trust { get; init; } = [];
}

/// <summary>Why a question has no answer.</summary>
public enum ResolutionFailureReason
{
    /// <summary>No server of the zone answered.</summary>
    NoServerAnswers,

    /// <summary>Servers of the zone answered, none of them usefully.</summary>
    AllServersLame,

    /// <summary>Some servers of the zone did not answer, the others answered uselessly.</summary>
    NoServerUsable,

    /// <summary>No address is known for any server of the zone.</summary>
    NoServerAddress,

    /// <summary>The servers' addresses can only be found by asking these servers: zones that name each other's servers, without glue.</summary>
    CyclicDelegation,

    /// <summary>An alias stands for itself, by way of others.</summary>
    AliasLoop,

    /// <summary>More aliases than a resolver follows.</summary>
    AliasChainTooLong,

    /// <summary>More referrals than a resolver follows.</summary>
    TooManyReferrals,

    /// <summary>Name servers' names that need name servers' names, deeper than a resolver follows.</summary>
    TooDeep,

    /// <summary>The question has used up the messages it may cost.</summary>
    BudgetSpent,

    /// <summary>The question has used up its time.</summary>
    OutOfTime,

    /// <summary>Too many wait for this question already.</summary>
    TooManyWaiters,

    /// <summary>The network would not carry a message to any server.</summary>
    NetworkUnreachable,

    /// <summary>The type can only be asked of a responsible server itself (AXFR and its kin).</summary>
    TypeNotResolvable,

    /// <summary>No server is configured to be asked.</summary>
    NoServerConfigured,

    /// <summary>There is an answer, but its signatures do not hold (RFC 4035 section 5.5): it may be forged.</summary>
    Bogus,

    /// <summary>There is an answer, and that it is withheld says which keys of the root are trusted (RFC 8509 section 3.2).</summary>
    KeySentinel,
}

/// <summary>One server that was tried.</summary>
/// <param name="ServerName">Its name, where one is known.</param>
/// <param name="Server">Its address and port; null when no address was found.</param>
/// <param name="Zone">The zone it was tried for.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Tries">How often it was asked.</param>
public sealed record ServerEvidence(string ServerName, Endpoint? Server, string Zone, ServerOutcome Outcome, int Tries)
{
    /// <summary>In which way it was of no use, where it answered.</summary>
    public LamenessKind? Lameness { get; init; }

    /// <summary>The code of its reply, where that is another error than those that have a kind; empty otherwise.</summary>
    public string Code { get; init; } = "";

    /// <summary>What it said of its error (RFC 8914); null where it said nothing.</summary>
    public ExtendedErrorOption? Said { get; init; }

    /// <summary>What the call returned that should have reached it.</summary>
    public Errno? Error { get; init; }

    /// <summary>Why no secured connection brought the answer, where the error is of that.</summary>
    public UpstreamFault Fault { get; init; }

    /// <summary>Why its address was not found, where the search failed; null too where the answer was that there is none.</summary>
    public ResolutionFailureReason? Search { get; init; }
}

/// <summary>What came of trying one server.</summary>
public enum ServerOutcome
{
    /// <summary>It did not answer.</summary>
    Silent,

    /// <summary>It answered uselessly.</summary>
    Lame,

    /// <summary>The network would not carry the message, or the server's host refused it.</summary>
    Unreachable,

    /// <summary>No address was found for its name.</summary>
    NoAddress,

    /// <summary>Its address can only be found by asking itself.</summary>
    Cyclic,

    /// <summary>Its address is not one to ask.</summary>
    Denied,

    /// <summary>Not asked: it has been silent too often a short time ago.</summary>
    Resting,
}

/// <summary>Where an answer comes from.</summary>
/// <param name="Kind">The kind of place.</param>
/// <param name="Server">The server that gave it, now or when it was put into the cache.</param>
/// <param name="ServerName">The server's name, where one is known.</param>
/// <param name="Zone">The zone the server was asked for.</param>
/// <param name="Authoritative">Whether the one who gave it answers for the data (AA); for the cache, always false.</param>
/// <param name="AgeSeconds">How long it has lain in the cache; 0 when it is fresh.</param>
/// <param name="TtlSeconds">How long it may still be kept.</param>
public sealed record AnswerSource(
    AnswerSourceKind Kind, Endpoint? Server, string ServerName, string Zone, bool Authoritative, long AgeSeconds, long TtlSeconds);

/// <summary>Where an answer comes from.</summary>
public enum AnswerSourceKind
{
    /// <summary>A server that is responsible for the zone.</summary>
    ResponsibleServer,

    /// <summary>A recursive server that was asked for it.</summary>
    RecursiveServer,

    /// <summary>The own cache.</summary>
    Cache,

    /// <summary>The host's hosts file.</summary>
    HostsFile,

    /// <summary>A rule for a special-use name (RFC 6761): nobody was asked.</summary>
    SpecialUseName,
}
