using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Caching;

/// <summary>Answers whose time is over, for when nobody gives newer ones (RFC 8767).</summary>
/// <remarks>
/// Theory of operation. What has expired lies in the cache until its room is needed, and still answers better than a failure does: for so long, with a time to
/// live that makes clients ask again soon, and only where a newer answer was asked for first and did not come in time. Nothing is trusted more for being
/// old: what was bogus, or too low in rank to answer, does not answer now either; where signatures are checked only what was found secure or unsigned does, and
/// no stale answer is called secure, as its signatures may have ended meanwhile. After a failure nobody is asked about the question for a while.
/// One thread at a time.
/// </remarks>
/// <param name="cache">A cache that keeps what has expired (<see cref="DnsCache.StaleTime"/>).</param>
public sealed class StaleAnswers(DnsCache cache)
{
    private readonly SieveTable<Question, Instant> _failed = new(RememberedFailures);

    /// <summary>Questions of which is remembered that they failed: as many as a resolver has waiting, ten times over (own choice).</summary>
    private const int RememberedFailures = 10_000;

    /// <summary>Finds the answer to a question as it was, where a part of it has expired; false where there is none, or nothing has expired.</summary>
    /// <param name="question">The question.</param>
    /// <param name="isChecked">Whether only what validation has found secure or unsigned may answer.</param>
    /// <param name="now">When, by the clock of the cache.</param>
    /// <param name="answer">The answer; what has expired has <see cref="ResolutionLimits.StaleTtl"/> as its time to live.</param>
    public bool TryFind(Question question, bool isChecked, Instant now, out ResolvedAnswer answer)
    {
        answer = null!;
        var (name, isStale) = (question.Name, false);
        var (sets, proof) = (new List<SignedSet>(), new List<SignedSet>());
        for (var aliases = 0; aliases <= ResolutionLimits.AliasRestarts; aliases++)
        {
            if (!cache.TryGetStale(name, question.Type, now, out var entry, out var outcome)) { return false; }
            if (isChecked ? entry.Status is not (SecurityStatus.Secure or SecurityStatus.Insecure) : entry.Status == SecurityStatus.Bogus) { return false; }
            var isOver = entry.ExpiresAt <= now;
            var ttl = isOver ? new Ttl(ResolutionLimits.StaleTtl) : new Ttl((uint)entry.TtlSecondsAt(now));
            isStale |= isOver;
            if (outcome != CacheOutcome.Alias && !isStale) { return false; }
            proof.AddRange(entry.Read(PackedRole.Proof, ttl));
            if (outcome is CacheOutcome.Answer or CacheOutcome.Alias)
            {
                if (entry.HasSubstitution) { sets.AddRange(entry.Read(PackedRole.Substitution, ttl)); }
                sets.AddRange(entry.Read(PackedRole.Records, ttl));
            }
            if (outcome == CacheOutcome.Alias)
            {
                name = ((NameData)sets[^1].Records[0].Data).Target;
                continue;
            }
            var soa = outcome == CacheOutcome.Answer ? null : entry.Read(PackedRole.Records, ttl) is [var set, ..] ? set.Records[0] : null;
            var source = new AnswerSource(
                AnswerSourceKind.Cache, entry.Origin.Server, entry.Origin.ServerName, entry.Origin.Zone, Authoritative: false,
                (now.Nanoseconds - entry.StoredAt.Nanoseconds) / 1_000_000_000, ttl.Seconds);
            answer = new ResolvedAnswer(
                question, outcome == CacheOutcome.NameError ? ResponseCode.NameError : ResponseCode.NoError,
                [.. sets.SelectMany(static one => one.Records)], soa, source)
            {
                Sets = [.. sets],
                Proof = [.. proof],
                Status = isChecked ? SecurityStatus.Indeterminate : SecurityStatus.Unchecked,
                IsStale = true,
            };
            return true;
        }
        return false;
    }

    /// <summary>Whether others may be asked about the question: not for a while after that has failed.</summary>
    public bool MayAsk(Question question, Instant now) => !_failed.TryGet(question, out var until) || now >= until;

    /// <summary>Notes that nobody gave an answer.</summary>
    public void NoteFailure(Question question, Instant now) => _failed.Set(question, now + ResolutionLimits.StaleRecheckTime);

    /// <summary>Notes that there is an answer again.</summary>
    public void NoteAnswer(Question question) => _failed.Remove(question);

    /// <summary>Whether a failure is one of those in whose place an old answer is better: that nobody answers, or nobody usefully.</summary>
    public static bool Replaces(ResolutionFailureReason reason) => reason is ResolutionFailureReason.NoServerAnswers or ResolutionFailureReason.AllServersLame
        or ResolutionFailureReason.NoServerUsable or ResolutionFailureReason.NoServerAddress or ResolutionFailureReason.CyclicDelegation
        or ResolutionFailureReason.TooManyReferrals or ResolutionFailureReason.TooDeep or ResolutionFailureReason.BudgetSpent
        or ResolutionFailureReason.OutOfTime or ResolutionFailureReason.TooManyWaiters or ResolutionFailureReason.NetworkUnreachable;
}
