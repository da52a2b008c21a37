using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Caching;

/// <summary>What a resolver has learned and may use again: sets of records, denials, and failures of a moment ago.</summary>
/// <remarks>
/// Theory of operation. An entry is one RRset, or "this name has none of this type", or "this name does not exist", under (name, type); the
/// last stands under type 0. Each ends at an absolute instant, worked out once when it is stored, so that a hit compares two numbers.
/// Data of a lower rank never replaces unexpired data of a higher (RFC 2181 5.4.1). Name servers' glue is not here but in the
/// <see cref="DelegationTable"/>: what is not in the cache cannot answer a client. A hit allocates nothing. Not safe for concurrent use.
/// </remarks>
/// <param name="capacity">Entries at most.</param>
/// <param name="maxBytes">Bytes at most: a thousand entries of 64 KB take what half a million of 100 bytes do.</param>
public sealed class DnsCache(int capacity = 100_000, long maxBytes = DnsCache.DefaultBytes)
{
    /// <summary>64 MB. Knot Resolver's cache: 100 MB; Unbound's two caches: 8 MB.</summary>
    public const long DefaultBytes = 64L << 20;


    private static readonly RecordType WholeName = new(0);
    private readonly SieveTable<CacheKey, CacheEntry> _entries = new(capacity, null, static entry => entry.Bytes, maxBytes);

    /// <summary>Entries held, expired ones included.</summary>
    public int Count => _entries.Count;

    /// <summary>Bytes that the entries take, as far as they can be counted.</summary>
    public long Bytes => _entries.Weight;

    /// <summary>Seconds for which a set is kept at least, however short its own time is.</summary>
    public uint MinTtl { get; init; }

    /// <summary>Seconds for which a set is kept at most.</summary>
    public uint MaxTtl { get; init; } = ResolutionLimits.MaxTtl;

    /// <summary>Finds what may answer a question: the records, an alias, a denial, or a failure. Allocates nothing.</summary>
    public bool TryGet(DnsName name, RecordType type, Instant now, out CacheHit hit)
    {
        if (TryGetLive(name, type, now, out var entry) && (entry.Rank.MayAnswer() || entry.Kind == CacheOutcome.Failure))
        {
            hit = new CacheHit(entry, entry.Kind, now);
            return true;
        }
        if (TryGetLive(name, WholeName, now, out entry) && entry.Rank.MayAnswer())
        {
            hit = new CacheHit(entry, CacheOutcome.NameError, now);
            return true;
        }
        if (type != RecordType.CNAME && TryGetLive(name, RecordType.CNAME, now, out entry) && entry.Kind == CacheOutcome.Answer && entry.Rank.MayAnswer())
        {
            hit = new CacheHit(entry, CacheOutcome.Alias, now);
            return true;
        }
        hit = default;
        return false;
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
        var records = set.Records;
        if (set.Type.IsMeta) { return; }
        var ttl = Math.Clamp(set.TtlSeconds, MinTtl, MaxTtl);
        var entry = new CacheEntry(CacheOutcome.Answer, records, rank, origin, now, ttl)
        {
            Signatures = set.Signatures,
            Proof = proof,
            Substitution = substitution,
        };
        if (status != SecurityStatus.Unchecked) { entry.Mark(status, ValidationFlaw.None, uint.MaxValue, now); }
        if (Store(set.Owner, set.Type, entry))
        {
            // The name exists after all.
            if (TryGetLive(records[0].Owner, WholeName, now, out var denial) && denial.Rank <= rank)
            {
                _entries.Remove(new CacheKey(records[0].Owner, WholeName));
            }
        }
    }

    /// <summary>Keeps that a name has no records of a type, for the time that the SOA record gives (RFC 2308 5).</summary>
    public void StoreNoData(DnsName name, RecordType type, DnsRecord soa, TrustRank rank, AnswerOrigin origin, Instant now)
    {
        ArgumentNullException.ThrowIfNull(soa);
        StoreDenial(name, type, soa, [], rank, origin, now);
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
        var entry = new CacheEntry(kind, soa is null ? [] : [soa], rank, origin, now, ttl) { Proof = proof };
        if (status != SecurityStatus.Unchecked) { entry.Mark(status, ValidationFlaw.None, uint.MaxValue, now); }
        Store(name, type, entry);
    }

    /// <summary>Keeps that a name does not exist, for the time that the SOA record gives (RFC 2308 5).</summary>
    public void StoreNameError(DnsName name, DnsRecord soa, TrustRank rank, AnswerOrigin origin, Instant now)
    {
        ArgumentNullException.ThrowIfNull(soa);
        StoreDenial(name, WholeName, soa, [], rank, origin, now);
    }

    /// <summary>Notes what validation says of a set that lies here; bogus data stays no longer than <see cref="ResolutionLimits.BogusTime"/>.</summary>
    internal void Mark(SignedSet set, SecurityStatus status, ValidationFlaw flaw, uint ttl, Instant now)
    {
        if (TryGetLive(set.Owner, set.Type, now, out var entry) && entry.Kind == CacheOutcome.Answer && set.HasSameData(entry.Records))
        {
            entry.Mark(status, flaw, ttl, now);
        }
    }

    /// <summary>The same for a denial, which is known by its proof.</summary>
    internal void MarkDenial(DnsName name, RecordType type, SignedSet[] proof, SecurityStatus status, ValidationFlaw flaw, Instant now)
    {
        if (TryFindDenial(name, type, proof, now, out var entry)) { entry.Mark(status, flaw, uint.MaxValue, now); }
    }

    /// <summary>Finds the denial of a name, or of its records of a type, that has this very proof.</summary>
    internal bool TryFindDenial(DnsName name, RecordType type, SignedSet[] proof, Instant now, out CacheEntry found)
    {
        foreach (var kept in (ReadOnlySpan<RecordType>)[type, WholeName])
        {
            if (!TryGetLive(name, kept, now, out found) || found.Kind is not (CacheOutcome.NoData or CacheOutcome.NameError)
                || found.Proof.Length != proof.Length || proof.Length == 0) { continue; }
            var isSame = true;
            for (var i = 0; i < proof.Length; i++) { isSame &= proof[i].HasSameData(found.Proof[i].Records); }
            if (isSame) { return true; }
        }
        found = null!;
        return false;
    }

    /// <summary>What lies here under a name and type, of whatever rank: for who looks at signatures, and answers nobody with it.</summary>
    internal bool TryPeek(DnsName name, RecordType type, Instant now, out CacheHit hit)
    {
        if (TryGetLive(name, type, now, out var entry) && entry.Kind is CacheOutcome.Answer or CacheOutcome.NoData)
        {
            hit = new CacheHit(entry, entry.Kind, now);
            return true;
        }
        hit = default;
        return false;
    }

    /// <summary>Forgets one thing.</summary>
    internal void Remove(DnsName name, RecordType type)
    {
        _entries.Remove(new CacheKey(name, type));
        _entries.Remove(new CacheKey(name, WholeName));
    }

    /// <summary>Keeps for a few seconds that a question could not be resolved (RFC 9520), unless the cache has better.</summary>
    public void StoreFailure(ResolutionFailure failure, Instant now)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var origin = new AnswerOrigin(null, "", failure.Zone.ToHostString());
        var ttl = (uint)ResolutionLimits.FailureTime.TotalSeconds;
        Store(failure.Question.Name, failure.Question.Type, new CacheEntry(CacheOutcome.Failure, [], TrustRank.None, origin, now, ttl) { Failure = failure });
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
        foreach (var (key, entry) in _entries.Rows)
        {
            if (entry.ExpiresAt > now) { yield return (key.Name, key.Type, entry); }
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _entries.Clear();

    private bool TryGetLive(DnsName name, RecordType type, Instant now, out CacheEntry entry) =>
        _entries.TryGet(new CacheKey(name, type), out entry!) && entry.ExpiresAt > now;

    private bool Store(DnsName name, RecordType type, CacheEntry entry)
    {
        if (TryGetLive(name, type, entry.StoredAt, out var present) && present.Rank > entry.Rank && present.Status != SecurityStatus.Bogus) { return false; }
        _entries.Set(new CacheKey(name, type), entry);
        return true;
    }

    private readonly struct CacheKey(DnsName name, RecordType type) : IEquatable<CacheKey>
    {
        public DnsName Name { get; } = name;

        public RecordType Type { get; } = type;

        public bool Equals(CacheKey other) => Type == other.Type && Name.Equals(other.Name);

        public override bool Equals(object? obj) => obj is CacheKey other && Equals(other);

        public override int GetHashCode() => Name.GetHashCode() ^ Type.Value * 0x5BD1E995;
    }
}

/// <summary>Who gave what a cache holds: the server, its name, and the zone it was asked for.</summary>
public sealed record AnswerOrigin(Endpoint? Server, string ServerName, string Zone);

/// <summary>One thing in the cache.</summary>
public sealed class CacheEntry
{
    internal CacheEntry(CacheOutcome kind, DnsRecord[] records, TrustRank rank, AnswerOrigin origin, Instant storedAt, uint ttl)
    {
        (Kind, Records, Rank, Origin, StoredAt) = (kind, records, rank, origin, storedAt);
        ExpiresAt = storedAt.PlusNanoseconds(ttl * 1_000_000_000L);
    }

    /// <summary>Answer, NoData, NameError or Failure.</summary>
    public CacheOutcome Kind { get; }

    /// <summary>The records as they came; for a denial its SOA record, where it has one.</summary>
    public DnsRecord[] Records { get; }

    /// <summary>The RRSIG records that cover them.</summary>
    public DnsRecord[] Signatures { get; internal init; } = [];

    /// <summary>The sets that prove a denial, its SOA set among them; of an answer made from a wildcard, that there is no closer name.</summary>
    public SignedSet[] Proof { get; internal init; } = [];

    /// <summary>The DNAME set that an alias was made from; null otherwise.</summary>
    public SignedSet? Substitution { get; internal init; }

    /// <summary>What validation said of it.</summary>
    public SecurityStatus Status { get; private set; }

    /// <summary>Why, when it is not secure.</summary>
    public ValidationFlaw Flaw { get; private set; }

    /// <summary>How far they are to be trusted.</summary>
    public TrustRank Rank { get; private set; }

    /// <summary>Who gave them.</summary>
    public AnswerOrigin Origin { get; }

    /// <summary>When they came.</summary>
    public Instant StoredAt { get; }

    /// <summary>When they are no longer to be used.</summary>
    public Instant ExpiresAt { get; private set; }

    /// <summary>What went wrong, when this is a failure.</summary>
    public ResolutionFailure? Failure { get; internal init; }

    /// <summary>The bytes it takes: its records' data, and what objects and tables cost beside them (counted for 64 bits).</summary>
    internal int Bytes
    {
        get
        {
            const int Entry = 280, Record = 160, Set = 64;
            var bytes = Entry;
            foreach (var record in Records) { bytes += Record + record.RawData.Length; }
            foreach (var record in Signatures) { bytes += Record + record.RawData.Length; }
            foreach (var set in Proof) { bytes += Set + set.All.Sum(static record => Record + record.RawData.Length); }
            return Substitution is null ? bytes : bytes + Set + Substitution.All.Sum(static record => Record + record.RawData.Length);
        }
    }

    /// <summary>
    /// Whole seconds for which it may still be used, one that has begun among them: what came a moment ago still shows the time to live with which
    /// it came.
    /// </summary>
    internal long TtlSecondsAt(Instant now) => (ExpiresAt.Nanoseconds - now.Nanoseconds + 999_999_999) / 1_000_000_000;

    /// <summary>Notes what validation said; what is secure is from now on not replaced by what is not.</summary>
    internal void Mark(SecurityStatus status, ValidationFlaw flaw, uint ttl, Instant now)
    {
        (Status, Flaw) = (status, flaw);
        // A referral's DS records are no less than those of an answer once their signature holds.
        // A denial without a SOA record came beside one, and is no answer for a client.
        if (status == SecurityStatus.Secure && Records.Length > 0) { Rank = TrustRank.Validated; }
        var end = status == SecurityStatus.Bogus ? now + ResolutionLimits.BogusTime
            : ttl == uint.MaxValue ? ExpiresAt
            : now.PlusNanoseconds(ttl * 1_000_000_000L);
        if (end < ExpiresAt) { ExpiresAt = end; }
    }
}

/// <summary>What a look into the cache found.</summary>
public readonly struct CacheHit
{
    internal CacheHit(CacheEntry entry, CacheOutcome outcome, Instant now) => (Entry, Outcome, Now) = (entry, outcome, now);

    /// <summary>The entry.</summary>
    public CacheEntry Entry { get; }

    /// <summary>What it means for the question.</summary>
    public CacheOutcome Outcome { get; }

    /// <summary>When the look was taken.</summary>
    public Instant Now { get; }

    /// <summary>Whole seconds since the entry came: with those that are left they make its whole time.</summary>
    public long AgeSeconds => (Entry.ExpiresAt.Nanoseconds - Entry.StoredAt.Nanoseconds) / 1_000_000_000 - TtlSeconds;

    /// <summary>Whole seconds for which it may still be used, one that has begun among them.</summary>
    public long TtlSeconds => Entry.TtlSecondsAt(Now);

    /// <summary>The set with its signatures and the time to live that is left to it; of an answer or alias only.</summary>
    internal SignedSet SetNow() => new SignedSet(Entry.Records, Entry.Signatures).WithTtl(new Ttl((uint)TtlSeconds));

    /// <summary>The sets of the proof with the time to live that is left.</summary>
    internal SignedSet[] ProofNow()
    {
        var left = new Ttl((uint)TtlSeconds);
        return Array.ConvertAll(Entry.Proof, set => set.WithTtl(left));
    }

    /// <summary>The records with the time to live that is left to them.</summary>
    public DnsRecord[] RecordsNow()
    {
        var left = new Ttl((uint)TtlSeconds);
        var records = new DnsRecord[Entry.Records.Length];
        for (var i = 0; i < records.Length; i++) { records[i] = Entry.Records[i].WithTtl(left); }
        return records;
    }
}
