using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Resolving;

namespace Firstbyte.Cli.Rendering;

/// <summary>The words for reasons: the only place where enums of the protocols become sentences.</summary>
internal static class Words
{
    public static string Of(RejectionReason reason) => reason switch
    {
        RejectionReason.TooShort => "too short",
        RejectionReason.OtherSender => "from another sender",
        RejectionReason.OtherId => "another id",
        RejectionReason.NotAResponse => "a query",
        RejectionReason.OtherOpcode => "another operation",
        RejectionReason.OtherQuestion => "another question",
        RejectionReason.OtherCase => "the question in other letters",
        _ => "cannot be read",
    };

    public static string Of(ResolutionFailureReason reason) => reason switch
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
        _ => "no DNS server is configured",
    };

    public static string Of(ServerOutcome outcome) => outcome switch
    {
        ServerOutcome.Silent => "no answer",
        ServerOutcome.Lame => "of no use for the zone",
        ServerOutcome.Unreachable => "unreachable",
        ServerOutcome.NoAddress => "no address known",
        ServerOutcome.Cyclic => "its address can only be found by asking itself",
        ServerOutcome.Denied => "its address is not one to ask",
        _ => "not asked: silent too often a moment ago",
    };

    public static string Of(TrustRank rank) => rank switch
    {
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
        _ => "-",
    };

    public static string Of(AnswerSource source)
    {
        var server = source.ServerName.Length > 0 ? Printable.Text(source.ServerName.TrimEnd('.')) : source.Server?.ToString() ?? "";
        return source.Kind switch
        {
            AnswerSourceKind.ResponsibleServer => $"from the responsible server {server}, valid for {source.TtlSeconds} s",
            AnswerSourceKind.RecursiveServer => $"from the recursive server {server}, valid for {source.TtlSeconds} s",
            AnswerSourceKind.Cache => $"from cache, {source.AgeSeconds} s old, valid for {source.TtlSeconds} s more",
            AnswerSourceKind.HostsFile => "from the hosts file",
            _ => "by a rule for special-use names (RFC 6761)",
        };
    }
}
