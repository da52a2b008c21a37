namespace Firstbyte.Dns.Caching;

/// <summary>How far a set of records is to be trusted, by the part of the message it came in and by who sent it (RFC 2181 5.4.1).</summary>
/// <remarks>
/// The order is the replacement rule of the cache: unexpired data is never replaced by data of a lower rank. The three highest ranks
/// but one are given by DNSSEC validation; they stand here so that the order is whole.
/// </remarks>
public enum TrustRank : byte
{
    /// <summary>Not known.</summary>
    None,

    /// <summary>The additional section of a reply without AA.</summary>
    AdditionalNonAuthoritative,

    /// <summary>The authority section of a reply without AA.</summary>
    AuthorityNonAuthoritative,

    /// <summary>The additional section of a reply with AA.</summary>
    AdditionalAuthoritative,

    /// <summary>The answer section of a reply with AA, for a name that its sender does not answer for.</summary>
    AnswerBeyondAuthority,

    /// <summary>
    /// The answer section of a reply without AA, or the tail of an alias chain within the sender's zone: the lowest rank that may answer a
    /// client.
    /// </summary>
    AnswerNonAuthoritative,

    /// <summary>Addresses of name servers that came with a referral. Never answers a client.</summary>
    Glue,

    /// <summary>The authority section of a reply with AA.</summary>
    AuthorityAuthoritative,

    /// <summary>The answer section of a reply with AA.</summary>
    AnswerAuthoritative,

    /// <summary>Secure by validation, apart from addresses of name servers.</summary>
    SecureNotGlue,

    /// <summary>The answer to a priming query (RFC 9609).</summary>
    Primed,

    /// <summary>Validated by DNSSEC (RFC 4035).</summary>
    Validated,

    /// <summary>Configured here: root hints, trust anchors, local zones.</summary>
    Ultimate,
}

/// <summary>What a rank permits.</summary>
public static class TrustRankRules
{
    /// <summary>Whether records of this rank may be given to a client: answers may, glue and additional data may not (RFC 2181 5.4.1).</summary>
    public static bool MayAnswer(this TrustRank rank) => rank >= TrustRank.AnswerNonAuthoritative && rank != TrustRank.Glue;

    /// <summary>Whether records of this rank came from a server that answers for their owner.</summary>
    public static bool IsAuthoritative(this TrustRank rank) => rank is TrustRank.AnswerAuthoritative or >= TrustRank.SecureNotGlue;
}
