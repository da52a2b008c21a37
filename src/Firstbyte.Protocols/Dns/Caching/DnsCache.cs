using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Caching;

/// <summary>What a resolver has learned and may use again: sets of records, denials, and failures of a moment ago.</summary>
/// <remarks>
/// Theory of operation. An entry is one RRset, or "this name has none of this type", or "this name does not exist", under (name, type); the
/// last stands under type 0. Each ends at an absolute instant, worked out once when it is stored, so that a hit compares two numbers.
/// Data of a lower rank never replaces unexpired data of a higher (RFC 2181 5.4.1). Name servers' glue is not here but in the
/// <see cref="DelegationTable"/>: what is not in the cache cannot answer a client. A hit allocates nothing. Entries hold their records in wire form.
/// A gate lets those who answer from the cache on threads of their own look while the resolver stores; entries change only behind it.
/// </remarks>
/// <param name="capacity">Entries at most.</param>
/// <param name="maxBytes">Bytes at most, the one budget of a resolver: a thousand entries of 64 KB take what 300,000 of 200 bytes do.</param>
public sealed class DnsCache(int capacity = int.MaxValue, long maxBytes = DnsCache.DefaultBytes)
{
    /// <summary>64 MB. Knot Resolver's cache: 100 MB; Unbound's two caches: 8 MB.</summary>
    public const long DefaultBytes = 64L << 20;

    internal static readonly RecordType WholeName = new(0);

    private readonly CacheTable _entries = new(capacity, maxBytes);
    private AnswerOrigin? _lastOrigin;

    /// <summary>What has to be held by whoever looks at entries while others may store.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>Entries held, expired ones included.</summary>
    public int Count { get { lock (Gate) { return _entries.Count; } } }

    /// <summary>Bytes that the entries take, as far as they can be counted.</summary>
    public long Bytes { get { lock (Gate) { return _entries.Bytes; } } }

    /// <summary>Bytes that they may take.</summary>
    public long MaxBytes { get; } = maxBytes;

    /// <summary>Seconds for which a set is kept at least, however short its own time is.</summary>
    public uint MinTtl { get; init; }

    /// <summary>Seconds for which a set is kept at most.</summary>
    public uint MaxTtl { get; init; } = ResolutionLimits.MaxTtl;

    /// <summary>How long what has expired may still be found by those who ask for it; zero for not at all (RFC 8767).</summary>
    public TimeSpan StaleTime { get; init; }

    /// <summary>Finds what may answer a question: the records, an alias, a denial, or a failure. Allocates nothing.</summary>
    public bool TryGet(DnsName name, RecordType type, Instant now, out CacheHit hit)
    {
        lock (Gate)
        {
            var isFound = TryFind(name.Wire, type, now, out var entry, out var outcome);
            hit = isFound ? new CacheHit(entry, outcome, now) : default;
            return isFound;
        }
    }

    /// <summary>The same for a name where it lies, and for one who is behind the gate.</summary>
    internal bool TryFind(ReadOnlySpan<byte> name, RecordType type, Instant now, out CacheEntry found, out CacheOutcome outcome)
    {
        var hash = CacheTable.HashOf(name);
        outcome = default;
        if (TryFindLive(name, hash, type, now, out found) && (found.Rank.MayAnswer() || found.Kind == CacheOutcome.Failure)) { outcome = found.Kind; }
        else if (TryFindLive(name, hash, WholeName, now, out found) && found.Rank.MayAnswer()) { outcome = CacheOutcome.NameError; }
        else if (type != RecordType.CNAME && TryFindLive(name, hash, RecordType.CNAME, now, out found) && found.Kind == CacheOutcome.Answer
            && found.Rank.MayAnswer() && !IsOfChild(found, type)) { outcome = CacheOutcome.Alias; }
        return outcome != CacheOutcome.Miss;
    }

    /// <summary>The same with what has expired no longer than <see cref="StaleTime"/> ago; what has not comes first. Failures are no answers.</summary>
    internal bool TryGetStale(DnsName name, RecordType type, Instant now, out CacheEntry found, out CacheOutcome outcome)
    {
        lock (Gate)
        {
            if (TryFind(name.Wire, type, now, out found, out outcome) && outcome != CacheOutcome.Failure) { return true; }
            var hash = CacheTable.HashOf(name.Wire);
            outcome = CacheOutcome.Miss;
            // What was learned last counts: that a name does not exist takes the place of what was there before (RFC 8767 section 4), and an alias too.
            if (TryFindOld(name, hash, type, now, out var records)) { (found, outcome) = (records, records.Kind); }
            if (TryFindOld(name, hash, WholeName, now, out var denial) && (outcome == CacheOutcome.Miss || denial.StoredAt > found.StoredAt))
            {
                (found, outcome) = (denial, CacheOutcome.NameError);
            }
            if (type != RecordType.CNAME && TryFindOld(name, hash, RecordType.CNAME, now, out var alias) && alias.Kind == CacheOutcome.Answer
                && !IsOfChild(alias, type) && (outcome == CacheOutcome.Miss || alias.StoredAt > found.StoredAt))
            {
                (found, outcome) = (alias, CacheOutcome.Alias);
            }
            return outcome != CacheOutcome.Miss;
        }
    }

    /// <summary>Keeps a set of records, all of one owner and type. TTL: the smallest of the set, at most a day.</summary>
    public void StoreAnswer(DnsRecord[] records, TrustRank rank, AnswerOrigin origin, Instant now)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (records.Length > 0) { StoreAnswer(new SignedSet(records, []), [], null, rank, origin, now); }
    }

    /// <summary>Keeps a set with its signatures.</summary>
    /// <param name="set">The set.</param>
    /// <param name="proof">What shows that there is no closer name, where the set was made from a wildcard.</param>
    /// <param name="substitution">The DNAME set that the set, an alias, was made from; null otherwise.</param>
    /// <param name="rank">How far it is to be trusted.</param>
    /// <param name="origin">Who gave it.</param>
    /// <param name="now">When.</param>
    /// <param name="status">What validation has said of it already.</param>
    internal void StoreAnswer(
        SignedSet set, SignedSet[] proof, SignedSet? substitution, TrustRank rank, AnswerOrigin origin, Instant now,
        SecurityStatus status = SecurityStatus.Unchecked)
    {
        // Type 0 is nobody's (RFC 6895 section 3.1), and here stands for the name as a whole.
        if (set.Type.IsMeta || set.Type == WholeName) { return; }
        var ttl = Math.Clamp(set.TtlSeconds, MinTtl, MaxTtl);
        lock (Gate)
        {
            var entry = new CacheEntry(CacheOutcome.Answer, set.Owner, set.Type, set, substitution, proof, rank, Shared(origin), now, ttl);
            if (status != SecurityStatus.Unchecked) { entry.Mark(status, ValidationFlaw.None, uint.MaxValue, now); }
            // The name exists after all.
            if (Store(entry) && _entries.Find(entry.NameWire, CacheTable.HashOf(entry.NameWire), WholeName) is { } denial
                && (denial.Rank <= rank || denial.ExpiresAt <= now)) { _entries.Remove(denial); }
        }
    }

    /// <summary>Keeps that a name has no records of a type, for the time that the SOA record gives (RFC 2308 5).</summary>
    public void StoreNoData(DnsName name, RecordType type, DnsRecord soa, TrustRank rank, AnswerOrigin origin, Instant now)
    {
        ArgumentNullException.ThrowIfNull(soa);
        if (type != WholeName) { StoreDenial(name, type, soa, [], rank, origin, now); }
    }

    /// <summary>
    /// Keeps a denial with its proof: that of a type, or with type 0 that of the name. Without a SOA record it ends with its shortest record.
    /// </summary>
    internal void StoreDenial(
        DnsName name, RecordType type, DnsRecord? soa, SignedSet[] proof, TrustRank rank, AnswerOrigin origin, Instant now,
        SecurityStatus status = SecurityStatus.Unchecked)
    {
        if (type.IsMeta && type != WholeName) { return; }
        var ttl = soa is not null ? NegativeTtl(soa)
            : proof.Length > 0 ? ResolutionLimits.MaxNegativeTtl
            : Math.Max(MinTtl, (uint)ResolutionLimits.FailureTime.TotalSeconds);
        foreach (var set in proof) { ttl = Math.Min(ttl, set.TtlSeconds); }
        var kind = type == WholeName ? CacheOutcome.NameError : CacheOutcome.NoData;
        lock (Gate)
        {
            var entry = new CacheEntry(kind, name, type, soa is null ? null : new SignedSet([soa], []), null, proof, rank, Shared(origin), now, ttl);
            if (status != SecurityStatus.Unchecked) { entry.Mark(status, ValidationFlaw.None, uint.MaxValue, now); }
            if (Store(entry) && kind == CacheOutcome.NoData && _entries.Find(entry.NameWire, CacheTable.HashOf(entry.NameWire), WholeName) is { } denial
                && denial.ExpiresAt <= now)
            {
                // The name exists after all: that it did not is not even an old answer now.
                _entries.Remove(denial);
            }
        }
    }

    /// <summary>Keeps that a name does not exist, for the time that the SOA record gives (RFC 2308 5).</summary>
    public void StoreNameError(DnsName name, DnsRecord soa, TrustRank rank, AnswerOrigin origin, Instant now)
    {
        ArgumentNullException.ThrowIfNull(soa);
        StoreDenial(name, WholeName, soa, [], rank, origin, now);
    }

    /// <summary>
    /// Notes what validation says of a set that lies here; bogus data stays no longer than <see cref="ResolutionLimits.BogusTime"/>.
    /// <paramref name="keepsSecure"/> where it is of a copy that came later: what has proved sound stays so.
    /// </summary>
    internal void Mark(SignedSet set, SecurityStatus status, ValidationFlaw flaw, uint ttl, Instant now, bool keepsSecure = false)
    {
        lock (Gate)
        {
            if (TryGetLive(set.Owner, set.Type, now, out var entry) && entry.Kind == CacheOutcome.Answer && set.HasSameData(entry.Records)
                && !(keepsSecure && entry.Status == SecurityStatus.Secure))
            {
                entry.Mark(status, flaw, ttl, now);
            }
        }
    }

    /// <summary>The same for a denial, which is known by its proof.</summary>
    internal void MarkDenial(
        DnsName name, RecordType type, SignedSet[] proof, SecurityStatus status, ValidationFlaw flaw, Instant now, bool keepsSecure = false)
    {
        lock (Gate)
        {
            if (FindDenial(name, type, proof, now) is not { } entry || keepsSecure && entry.Status == SecurityStatus.Secure) { return; }
            entry.Mark(status, flaw, uint.MaxValue, now);
        }
    }

    /// <summary>Finds the denial of a name, or of its records of a type, that has this very proof.</summary>
    internal bool TryFindDenial(DnsName name, RecordType type, SignedSet[] proof, Instant now, out CacheEntry found)
    {
        lock (Gate) { found = FindDenial(name, type, proof, now)!; }
        return found is not null;
    }

    /// <summary>What lies here under a name and type, of whatever rank: for who looks at signatures, and answers nobody with it.</summary>
    internal bool TryPeek(DnsName name, RecordType type, Instant now, out CacheHit hit)
    {
        lock (Gate)
        {
            var isFound = TryGetLive(name, type, now, out var entry) && entry.Kind is CacheOutcome.Answer or CacheOutcome.NoData;
            hit = isFound ? new CacheHit(entry, entry.Kind, now) : default;
            return isFound;
        }
    }

    /// <summary>
    /// Whether the answer to a question, or an alias on the way to it, has begun the last tenth of its time: then it is to be asked for anew, by the one who
    /// is told so and by nobody else.
    /// </summary>
    public bool TryBeginRefresh(Question question, Instant now)
    {
        lock (Gate)
        {
            var (name, isDue) = (question.Name, false);
            for (var aliases = 0; aliases <= ResolutionLimits.AliasRestarts; aliases++)
            {
                if (!TryFind(name.Wire, question.Type, now, out var entry, out var outcome) || outcome == CacheOutcome.Failure) { break; }
                if (entry.IsDue(now)) { isDue = entry.IsRefreshed = true; }
                if (outcome != CacheOutcome.Alias || entry.Records is not [{ Data: NameData alias }, ..]) { break; }
                name = alias.Target;
            }
            return isDue;
        }
    }

    /// <summary>Forgets one thing; <paramref name="keepsSecure"/> where it has proved sound before.</summary>
    internal void Remove(DnsName name, RecordType type, bool keepsSecure = false)
    {
        lock (Gate)
        {
            var hash = CacheTable.HashOf(name.Wire);
            foreach (var key in (ReadOnlySpan<RecordType>)[type, WholeName])
            {
                if (_entries.Find(name.Wire, hash, key) is { } entry && !(keepsSecure && entry.Status == SecurityStatus.Secure)) { _entries.Remove(entry); }
            }
        }
    }

    /// <summary>Keeps for a few seconds that a question could not be resolved (RFC 9520), unless the cache has better.</summary>
    public void StoreFailure(ResolutionFailure failure, Instant now)
    {
        ArgumentNullException.ThrowIfNull(failure);
        if (failure.Question.Type == WholeName) { return; }
        var origin = new AnswerOrigin(null, "", failure.Zone.ToHostString());
        var ttl = (uint)ResolutionLimits.FailureTime.TotalSeconds;
        lock (Gate)
        {
            var name = failure.Question.Name;
            var entry = new CacheEntry(CacheOutcome.Failure, name, failure.Question.Type, null, null, [], TrustRank.None, origin, now, ttl)
            {
                Failure = failure,
                Old = TryFindOld(name, CacheTable.HashOf(name.Wire), failure.Question.Type, now, out var old) ? old : null,
            };
            Store(entry);
        }
    }

    /// <summary>The time to live in seconds of a denial: the smaller of the SOA record's TTL and its MINIMUM field, at most an hour.</summary>
    public static uint NegativeTtl(DnsRecord soa)
    {
        ArgumentNullException.ThrowIfNull(soa);
        var ttl = soa.Data is SoaData data ? Math.Min(soa.Ttl.Seconds, data.Minimum) : 0;
        return Math.Min(ttl, ResolutionLimits.MaxNegativeTtl);
    }

    /// <summary>
    /// What it holds and may still use at an instant, from old to new; type 0 stands for a whole name that does not exist. Looking changes
    /// nothing.
    /// </summary>
    public IEnumerable<(DnsName Name, RecordType Type, CacheEntry Entry)> RowsAt(Instant now)
    {
        var rows = new List<(DnsName, RecordType, CacheEntry)>();
        lock (Gate)
        {
            foreach (var entry in _entries.Rows)
            {
                if (entry.ExpiresAt > now) { rows.Add((DnsName.FromValidWire(entry.NameWire), entry.KeyType, entry)); }
            }
        }
        return rows;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (Gate) { _entries.Clear(); }
    }

    /// <summary>
    /// Whether an alias is what a zone says of its own name, where the question is one for its parent: DS records lie there, whatever the child says (RFC 4035
    /// section 3.1.4.1).
    /// </summary>
    private static bool IsOfChild(CacheEntry alias, RecordType type) =>
        type == RecordType.DS && DnsName.FromValidWire(alias.NameWire).ToHostString().Equals(alias.Origin.Zone, StringComparison.OrdinalIgnoreCase);

    private CacheEntry? FindDenial(DnsName name, RecordType type, SignedSet[] proof, Instant now)
    {
        foreach (var kept in (ReadOnlySpan<RecordType>)[type, WholeName])
        {
            if (!TryGetLive(name, kept, now, out var found) || found.Kind is not (CacheOutcome.NoData or CacheOutcome.NameError)
                || found.ProofCount != proof.Length || proof.Length == 0) { continue; }
            var (own, isSame) = (found.Proof, true);
            for (var i = 0; i < proof.Length; i++) { isSame &= proof[i].HasSameData(own[i].Records); }
            if (isSame) { return found; }
        }
        return null;
    }

    private bool TryGetLive(DnsName name, RecordType type, Instant now, out CacheEntry entry) =>
        TryFindLive(name.Wire, CacheTable.HashOf(name.Wire), type, now, out entry);

    private bool TryFindLive(ReadOnlySpan<byte> name, int hash, RecordType type, Instant now, out CacheEntry entry)
    {
        entry = _entries.Find(name, hash, type)!;
        return entry is not null && entry.ExpiresAt > now;
    }

    /// <summary>What lies under a name and type, or in the shadow of a failure there, live or expired not too long ago, and may answer.</summary>
    private bool TryFindOld(DnsName name, int hash, RecordType type, Instant now, out CacheEntry entry)
    {
        entry = _entries.Find(name.Wire, hash, type)!;
        if (entry is { Kind: CacheOutcome.Failure }) { entry = entry.Old!; }
        return entry is not null && StaleTime > TimeSpan.Zero && entry.ExpiresAt + StaleTime > now && entry.Rank.MayAnswer();
    }

    private bool Store(CacheEntry entry)
    {
        var (key, hash) = (entry.KeyType, CacheTable.HashOf(entry.NameWire));
        if (IsOutranked(entry, hash, key) || key != WholeName && IsOutranked(entry, hash, WholeName)
            || key != RecordType.CNAME && key != WholeName && !LiesBesideAlias(key) && IsOutranked(entry, hash, RecordType.CNAME)) { return false; }
        _entries.Set(entry);
        return true;
    }

    /// <summary>
    /// Whether something better lies under a type of the same name. That there is no such name, or that it is an alias, speaks of all types: an answer
    /// about one of them that nobody would believe otherwise must not be found before it.
    /// </summary>
    private bool IsOutranked(CacheEntry entry, int hash, RecordType type) => TryFindLive(entry.NameWire, hash, type, entry.StoredAt, out var present)
        && present.Rank > entry.Rank && present.Status != SecurityStatus.Bogus
        && (type == entry.KeyType || type != RecordType.CNAME || present.Kind == CacheOutcome.Answer && present.Rank.MayAnswer());

    /// <summary>RFC 2181 section 10.1 and RFC 4035 section 2.5: what a name may have beside a CNAME record; DS records are its parent's.</summary>
    private static bool LiesBesideAlias(RecordType type) => type == RecordType.DS || type == RecordType.NSEC || type == RecordType.RRSIG;

    /// <summary>One object for what comes from the same server in a row: a name's sets, and most names of a busy zone.</summary>
    private AnswerOrigin Shared(AnswerOrigin origin) => _lastOrigin is { } last && last == origin ? last : _lastOrigin = origin;
}
