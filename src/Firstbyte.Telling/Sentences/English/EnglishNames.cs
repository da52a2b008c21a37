using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishNames : INameSentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase Question(string name, string type) => $"{name:name}  {type}?";

    public Phrase AskedOwnServer(Endpoint server) => server.Port == 53 ? $"asked {server.Address} (your DNS server)" : $"asked {server} (your DNS server)";

    public Phrase AskedNamedServer(Endpoint server) => server.Port == 53 ? $"asked {server.Address} (--server)" : $"asked {server} (--server)";

    public Phrase OwnServer => "your DNS server";

    public Phrase NamedServer => "--server";

    public Phrase AskedFromTheRoot => "asked from the root down";

    public Phrase FromCache(long ageSeconds, long leftSeconds) => $"from cache, {ageSeconds} s old, {leftSeconds} s left";

    public Phrase FromResponsibleServer => "from the responsible server";

    public Phrase AskedAndFrom(Phrase asked, Phrase source) => $"{asked}, {source}";

    public Phrase HostsFileLine(int line, string path) => $"line {line} of {path}";

    public Phrase AskedOverTcp => "asked over TCP";

    public Phrase Answer(IEnumerable<string> answers) => $"answer {string.Join(", ", answers)}";

    public Phrase NoSuchRecords => "no such records";

    public Phrase Ttl(long seconds) => $", TTL {seconds}";

    public Phrase Authoritative => ", aa";

    public Phrase TruncatedAsksAgain => "truncated: asks again over TCP";

    public Phrase Referral(string zone, int servers, bool hasGlue) =>
        $"referral to {zone:name} ({_amounts.Servers(servers)}{(hasGlue ? "" : ", no glue"):words})";

    public Phrase Alias(string target) => $"alias of {target:name}";

    public Phrase Lame(LamenessKind kind, string zone, string code) => kind switch
    {
        LamenessKind.Refused or LamenessKind.RecursionRefused => $"REFUSED: it does not serve {zone:name} (lame)",
        LamenessKind.ServerFailure => "SERVFAIL: it should serve the zone and cannot",
        LamenessKind.UpwardReferral => "refers upward: it does not know the zone (lame)",
        LamenessKind.NotAuthoritative => "answers without authority (lame)",
        LamenessKind.RecursionOnly => "is a resolver, not a server of the zone (lame)",
        LamenessKind.EmptyWithoutSoa => "an empty answer without proof (no SOA)",
        LamenessKind.Malformed => "its replies cannot be read",
        LamenessKind.OtherError => code.Length > 0 ? $"{code}: an error" : "an error",
    };

    public Phrase NotResolved(LamenessKind kind, string code) => kind switch
    {
        LamenessKind.Refused => "REFUSED: it does not answer this host",
        LamenessKind.RecursionRefused => "REFUSED: it serves no zone with this name, and resolves none for this host",
        LamenessKind.ServerFailure => "SERVFAIL: it could not find the answer",
        LamenessKind.UpwardReferral or LamenessKind.NotAuthoritative => "no answer: it serves its own zones and resolves for nobody",
        LamenessKind.RecursionOnly or LamenessKind.EmptyWithoutSoa => "an empty answer",
        LamenessKind.Malformed => "its replies cannot be read",
        LamenessKind.OtherError => code.Length > 0 ? $"{code}: an error" : "an error",
    };

    public Phrase NoAnswer(int tries) => tries == 1 ? "no answer" : $"no answer in {_amounts.Tries(tries)}";

    public Phrase NotSent(Errno error, bool wasSent) => error switch
    {
        Errno.ECONNREFUSED => "refused: nothing listens on that port (ECONNREFUSED)",
        // Which machine it was that did not answer is for whoever has seen it to say.
        Errno.EHOSTUNREACH => $"{(wasSent ? "not delivered" : "not sent"):words}: that host is not reached ({error})",
        Errno.ENETUNREACH when wasSent => $"not delivered: a router on the way knows no way on ({error})",
        _ => $"{(wasSent ? "not delivered" : "not sent"):words}: {EnglishSockets.ReasonOf(error)}",
    };

    public Phrase NotSecured(UpstreamFault fault) => fault switch
    {
        UpstreamFault.None => "unreachable",
        UpstreamFault.CertificateRefused => "not asked: its certificate is not that of who was meant",
        UpstreamFault.KeyNotPinned => "not asked: its key is none of those that were named",
        UpstreamFault.HandshakeFailed => "not asked: no TLS connection came about",
        UpstreamFault.HttpRefused => "its HTTP server refuses to answer",
        UpstreamFault.NoMessage => "its HTTP server answers with something that is no DNS message",
        UpstreamFault.NoTls => "not asked: this host has no TLS",
    };

    public Phrase AskedSecured(DnsTransport transport) => transport == DnsTransport.Https ? "asked over HTTPS" : "asked over TLS";

    public Phrase Rejected(RejectionReason reason) => $"a message that is not the answer ({Reason(reason)}), ignored";

    public Phrase AddressDenied => "not asked: no server lives at such an address";

    public Phrase AddressNeeded(string type) => $"its address is needed first ({type}?)";

    public Phrase Joined => "the same question is under way: waits for its answer";

    public Phrase Circle(IEnumerable<string> path) => $"a circle: {string.Join(" needs ", path)}";

    public Phrase SubQuestionFailed(string name, string type, ResolutionFailureReason reason) => $"{name:name} {type}: {Failure(reason)}";

    public Phrase DoesNotExist(long ttlSeconds) => $"no such name (NXDOMAIN){Lifetime(ttlSeconds)}";

    public Phrase HasNoRecords(string type, long ttlSeconds) => $"no {type} records{Lifetime(ttlSeconds)}";

    public Phrase NotWaitedFor => "not waited for";

    public Phrase ToldNoFurther => "what is told ends before the answer";

    public Phrase Failure(ResolutionFailureReason reason) => reason switch
    {
        ResolutionFailureReason.NoServerAnswers => "none of its servers answers",
        ResolutionFailureReason.AllServersLame => "none of its servers serves it",
        ResolutionFailureReason.NoServerUsable => "none of its servers answers usefully",
        ResolutionFailureReason.NoServerAddress => "no address is known for any of its servers",
        ResolutionFailureReason.CyclicDelegation => "its servers' addresses can only be found by asking these servers",
        ResolutionFailureReason.AliasLoop => "its aliases lead back to themselves",
        ResolutionFailureReason.AliasChainTooLong => "its chain of aliases is longer than a resolver follows",
        ResolutionFailureReason.TooManyReferrals => "more referrals than a resolver follows",
        ResolutionFailureReason.TooDeep => "its servers' names need other servers' names, deeper than a resolver follows",
        ResolutionFailureReason.BudgetSpent => "the question has used up the messages it may cost",
        ResolutionFailureReason.OutOfTime => "the question has used up its time",
        ResolutionFailureReason.TooManyWaiters => "too many wait for this question already",
        ResolutionFailureReason.NetworkUnreachable => "the network carries no message to any server",
        ResolutionFailureReason.TypeNotResolvable => "this type can only be asked of a responsible server itself",
        ResolutionFailureReason.NoServerConfigured => "no DNS server is configured",
        ResolutionFailureReason.Bogus => "its signatures do not hold, so the answer may be forged",
        ResolutionFailureReason.KeySentinel => "it asks by its first label which keys of the root are trusted, and no answer is the reply",
    };

    public Phrase FailureOfResolvers(ResolutionFailureReason reason) => reason switch
    {
        ResolutionFailureReason.NoServerAnswers => "no DNS server that was asked answers",
        ResolutionFailureReason.AllServersLame => "every DNS server that was asked refused or failed",
        ResolutionFailureReason.NoServerUsable => "no DNS server that was asked answers usefully",
        _ => Failure(reason),
    };

    public Phrase Source(AnswerSource source) => source.Kind switch
    {
        AnswerSourceKind.ResponsibleServer => $"from the responsible server {Server(source)}, valid for {source.TtlSeconds} s",
        AnswerSourceKind.RecursiveServer => $"by way of the recursive server {Server(source)}, valid for {source.TtlSeconds} s",
        AnswerSourceKind.Cache => $"from cache, {source.AgeSeconds} s old, valid for {source.TtlSeconds} s more",
        AnswerSourceKind.HostsFile => "from the hosts file",
        AnswerSourceKind.SpecialUseName => "by a rule for special-use names (RFC 6761)",
    };

    public Phrase Security(SecurityStatus status, ValidationFlaw flaw) => status switch
    {
        SecurityStatus.Unchecked => SecurityUnchecked,
        SecurityStatus.Indeterminate => "signatures: not checked, as no trust anchor lies above the name",
        SecurityStatus.Insecure => $"signatures: none to check: {Flaw(flaw)}",
        SecurityStatus.Secure => "signatures: all of them hold, from the trust anchor down",
        SecurityStatus.Bogus => $"signatures: {Flaw(flaw)}",
    };

    public Phrase SecurityUnchecked => "signatures: not checked, as no trust anchor is known for the root that was asked";

    public Phrase Link(TrustLink link) =>
        (link.Kind == TrustLinkKind.Anchor ? $"{What(link)}: known here" : link.KeyTag != 0 ? $"{What(link)}: {SignedBy(link)}" : What(link))
        + (link.Flaw == ValidationFlaw.None ? Phrase.Empty : Say($": {Flaw(link.Flaw)}"));

    private static Phrase SignedBy(TrustLink link) => $"signed by key {link.KeyTag} ({link.Algorithm}) of {link.Signer:name}";

    private static Phrase What(TrustLink link) => link.Kind switch
    {
        TrustLinkKind.Anchor => $"trust anchor {link.Name:name}",
        TrustLinkKind.Keys => $"keys of {link.Name:name}",
        TrustLinkKind.Delegation => $"DS of {link.Name:name}",
        TrustLinkKind.Records => $"{link.Name:name} {link.Type}",
        TrustLinkKind.Denial => $"no {link.Name:name} {link.Type}",
    };

    internal static Phrase Flaw(ValidationFlaw flaw) => flaw switch
    {
        ValidationFlaw.None => "nothing is wrong with it",
        ValidationFlaw.SignatureMissing => "the signature is missing",
        ValidationFlaw.SignatureExpired => "the signature has expired",
        ValidationFlaw.SignatureNotYetValid => "the signature does not hold yet",
        ValidationFlaw.SignatureTimesReversed => "the signature ends before it begins",
        ValidationFlaw.SignatureWrong => "the signature is not that of these records",
        ValidationFlaw.SignerForeign => "the signature is that of another zone, or of another name",
        ValidationFlaw.KeyMissing => "the zone does not have the key that is named",
        ValidationFlaw.KeysUnavailable => "the zone's keys cannot be fetched",
        ValidationFlaw.KeyNotOfZone => "the key that is named is not one for signing zones",
        ValidationFlaw.DigestWrong => "the parent's DS record has the digest of another key",
        ValidationFlaw.AlgorithmUnsupported => "all of its algorithms are unknown here",
        ValidationFlaw.DigestUnsupported => "all of its digests are unknown here",
        ValidationFlaw.DenialUnproven => "that there is none is not proven",
        ValidationFlaw.WildcardUnproven => "that a wildcard stands for the name is not proven",
        ValidationFlaw.IterationsTooMany => "its hashes cost more than a validator spends",
        ValidationFlaw.BudgetSpent => "checking it costs more than one question may",
        ValidationFlaw.DelegationUnsigned => "the parent proves that the zone is not signed",
        ValidationFlaw.OptOut => "the parent leaves open whether it is there, as it need not be signed",
        ValidationFlaw.NegativeAnchor => "it is taken out of checking here",
        ValidationFlaw.NoAnchor => "no trust anchor lies above it",
        ValidationFlaw.AliasContradicted => "the alias is not the one that the DNAME record makes",
    };

    public Phrase OutcomeNameError => "NXDOMAIN: the name does not exist";

    public Phrase OutcomeNoData => "NODATA: the name has no records of this type";

    public Phrase OutcomeFailed(ResolutionFailureReason reason, FaultParty atFault) =>
        $"✗ Not resolved: {(atFault == FaultParty.RecursiveServer ? FailureOfResolvers(reason) : Failure(reason))}.";

    public Phrase Evidence(ServerEvidence evidence) =>
        Server(evidence) + $"{Why(evidence)}{Said(evidence.Said)}{(evidence.Tries > 0 ? Say($", {_amounts.Tries(evidence.Tries)}") : Phrase.Empty)}";

    public Phrase Outcome(ServerOutcome outcome) => outcome switch
    {
        ServerOutcome.Silent => "no answer",
        ServerOutcome.Lame => "of no use for the zone",
        ServerOutcome.Unreachable => "unreachable",
        ServerOutcome.NoAddress => "no address known",
        ServerOutcome.Cyclic => "its address can only be found by asking itself",
        ServerOutcome.Denied => "its address is not one to ask",
        ServerOutcome.Resting => "not asked: silent too often a moment ago",
    };

    public Phrase Rank(TrustRank rank) => rank switch
    {
        TrustRank.None => "-",
        TrustRank.AdditionalNonAuthoritative => "additional",
        TrustRank.AuthorityNonAuthoritative => "referral",
        TrustRank.AdditionalAuthoritative => "additional, aa",
        TrustRank.AnswerBeyondAuthority => "answer beyond authority",
        TrustRank.AnswerNonAuthoritative => "answer",
        TrustRank.Glue => "glue",
        TrustRank.AuthorityAuthoritative => "authority, aa",
        TrustRank.AnswerAuthoritative => "answer, aa",
        TrustRank.SecureNotGlue => "secure",
        TrustRank.Primed => "primed",
        TrustRank.Validated => "validated",
        TrustRank.Ultimate => "configured",
    };

    private static Phrase Server(ServerEvidence evidence) =>
        (evidence.ServerName.Length > 0 ? $"{evidence.ServerName.TrimEnd('.'):name} " : Phrase.Empty)
            + (evidence.Server is { } server ? $"{server}: " : Phrase.Empty);

    private static Phrase Said(ExtendedErrorOption? error) => error switch
    {
        null or { Purpose: null, Text: "" } => Phrase.Empty,
        { Text: "" } => $" (it says: {error.Purpose})",
        { Purpose: null or "Other" } => $" (it says: {error.Text})",
        _ => $" (it says: {error.Purpose}: {error.Text})",
    };

    private Phrase Why(ServerEvidence evidence) => evidence switch
    {
        // A server without a name was asked to resolve for us.
        // What its code means was told where it came; here the code is enough.
        { Lameness: LamenessKind.Refused or LamenessKind.RecursionRefused, ServerName: "" } => "REFUSED",
        { Lameness: LamenessKind.ServerFailure, ServerName: "" } => "SERVFAIL",
        { Lameness: { } lameness, ServerName: "" } => NotResolved(lameness, evidence.Code),
        { Lameness: { } lameness } => Lame(lameness, evidence.Zone is "" or "." ? "." : evidence.Zone.TrimEnd('.'), evidence.Code),
        { Fault: not UpstreamFault.None } => NotSecured(evidence.Fault),
        { Error: { } error } => $"{Outcome(evidence.Outcome)} ({error})",
        { Search: { } reason } => $"{Outcome(evidence.Outcome)}: {Failure(reason)}",
        _ => Outcome(evidence.Outcome),
    };

    private static Phrase Server(AnswerSource source) =>
        source.ServerName.Length > 0 ? Phrase.Of(source.ServerName.TrimEnd('.'), Role.Name) : $"{source.Server}";

    private static Phrase Lifetime(long seconds) => seconds > 0 ? $", valid for {seconds} s" : "";

    private static Phrase Reason(RejectionReason reason) => reason switch
    {
        RejectionReason.TooShort => "too short",
        RejectionReason.OtherSender => "from another sender",
        RejectionReason.OtherId => "another id",
        RejectionReason.NotAResponse => "a query",
        RejectionReason.OtherOpcode => "another operation",
        RejectionReason.OtherQuestion => "another question",
        RejectionReason.OtherCase => "the question in other letters",
        RejectionReason.Malformed => "cannot be read",
    };
}
