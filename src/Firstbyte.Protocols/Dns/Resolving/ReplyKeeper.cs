using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Resolving;

/// <summary>Puts into the cache what a reply may say, at the rank that it has there (RFC 2181 5.4.1).</summary>
internal static class ReplyKeeper
{
    /// <summary>Keeps what a reply says of a name and a type: its chain of aliases with the answer, or the denial.</summary>
    public static void Keep(DnsCache cache, DnsName name, RecordType type, ScrubbedReply read, TrustRank rank, AnswerOrigin origin, Instant now)
    {
        SignedSet? substitution = null;
        var isHead = true;
        foreach (var set in read.Chain)
        {
            if (type == RecordType.Any) { break; }
            // A DNAME speaks for every name below it: more than one unsigned datagram should settle (CVE-2025-40778). Its CNAME speaks for one.
            if (set.Type == RecordType.DNAME && type != RecordType.DNAME)
            {
                substitution = set;
                continue;
            }
            // AA speaks for the first owner name only (RFC 1035 4.1.1): what follows an alias ranks as if AA were clear (RFC 2181 5.4.1).
            if (set.IsContradicted) { break; }
            cache.StoreAnswer(set, IsExpanded(set) ? read.Proof : [], substitution, isHead ? rank : TrustRank.AnswerNonAuthoritative, origin, now);
            (isHead, substitution) = (false, null);
        }
        if (read.Soa is null && (read.Kind != ReplyKind.NoData || read.Proof.Length == 0)) { return; }
        if (read.Kind == ReplyKind.NameError) { cache.StoreDenial(name, new RecordType(0), read.Soa, read.Proof, rank, origin, now); }
        if (read.Kind == ReplyKind.NoData && type.Value != 0) { cache.StoreDenial(name, type, read.Soa, read.Proof, rank, origin, now); }
    }

    /// <summary>A parent speaks for its DS records, and shows them, or that there are none, beside its referral (RFC 4035 section 3.1.4).</summary>
    public static void KeepSigner(DnsCache cache, DnsName zone, ScrubbedReply read, AnswerOrigin origin, Instant now)
    {
        if (read.DelegationSigner is { } signers) { cache.StoreAnswer(signers, [], null, TrustRank.AuthorityNonAuthoritative, origin, now); }
        else if (read.Proof.Length > 0)
        {
            cache.StoreDenial(zone, RecordType.DS, null, read.Proof, TrustRank.AuthorityNonAuthoritative, origin, now);
        }
    }

    /// <summary>A denial that says nothing of its time is kept as long as a failure, so that it is not asked for again and again.</summary>
    public static void KeepEmpty(DnsCache cache, DnsName name, RecordType type, AnswerOrigin origin, Instant now) =>
        cache.StoreDenial(name, type, null, [], TrustRank.AnswerNonAuthoritative, origin, now);

    /// <summary>Whether a set was made of a wildcard, by what its signatures say (RFC 4035 section 5.3.2): its proof belongs to it.</summary>
    public static bool IsExpanded(SignedSet set)
    {
        foreach (var signature in set.Signatures)
        {
            if (new SignatureFields(signature.Data).IsExpansionOf(set.Owner)) { return true; }
        }
        return false;
    }
}
