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
public sealed class DnsCache(int capacity = 100_000)
{
    private static readonly RecordType WholeName = new(0);
    private readonly SieveTable<CacheKey, CacheEntry> _entries = new(capacity);

    /// <summary>Entries held, expired ones included.</summary>
    public int Count => _entries.Count;

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
        if (records.Length == 0 || records[0].Type.IsMeta) { return; }
        var ttl = ResolutionLimits.MaxTtl;
        foreach (var record in records) { ttl = Math.Min(ttl, record.Ttl.Seconds); }
        if (Store(records[0].Owner, records[0].Type, new CacheEntry(CacheOutcome.Answer, records, rank, origin, now, ttl)))
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
        if (!type.IsMeta) { Store(name, type, new CacheEntry(CacheOutcome.NoData, [soa], rank, origin, now, NegativeTtl(soa))); }
    }

    /// <summary>Keeps that a name does not exist, for the time that the SOA record gives (RFC 2308 5).</summary>
    public void StoreNameError(DnsName name, DnsRecord soa, TrustRank rank, AnswerOrigin origin, Instant now)
    {
        ArgumentNullException.ThrowIfNull(soa);
        Store(name, WholeName, new CacheEntry(CacheOutcome.NameError, [soa], rank, origin, now, NegativeTtl(soa)));
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
        if (TryGetLive(name, type, entry.StoredAt, out var present) && present.Rank > entry.Rank) { return false; }
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

    /// <summary>The records as they came; for a denial its SOA record.</summary>
    public DnsRecord[] Records { get; }

    /// <summary>How far they are to be trusted.</summary>
    public TrustRank Rank { get; }

    /// <summary>Who gave them.</summary>
    public AnswerOrigin Origin { get; }

    /// <summary>When they came.</summary>
    public Instant StoredAt { get; }

    /// <summary>When they are no longer to be used.</summary>
    public Instant ExpiresAt { get; }

    /// <summary>What went wrong, when this is a failure.</summary>
    public ResolutionFailure? Failure { get; internal init; }
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

    /// <summary>Whole seconds since the entry came, one that has begun among them: with those that are left they make its whole time.</summary>
    public long AgeSeconds => (Entry.ExpiresAt.Nanoseconds - Entry.StoredAt.Nanoseconds) / 1_000_000_000 - TtlSeconds;

    /// <summary>Whole seconds for which it may still be used.</summary>
    public long TtlSeconds => (Entry.ExpiresAt.Nanoseconds - Now.Nanoseconds) / 1_000_000_000;

    /// <summary>The records with the time to live that is left to them.</summary>
    public DnsRecord[] RecordsNow()
    {
        var left = new Ttl((uint)TtlSeconds);
        var records = new DnsRecord[Entry.Records.Length];
        for (var i = 0; i < records.Length; i++) { records[i] = Entry.Records[i].WithTtl(left); }
        return records;
    }
}
