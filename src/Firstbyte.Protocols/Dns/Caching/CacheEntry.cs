using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Caching;

/// <summary>Who gave what a cache holds: the server, its name, and the zone it was asked for.</summary>
public sealed record AnswerOrigin(Endpoint? Server, string ServerName, string Zone);

/// <summary>One thing in the cache. Its records lie in wire form: what is read of them is made anew each time.</summary>
public sealed class CacheEntry
{
    private readonly byte[] _packed;

    internal CacheEntry(
        CacheOutcome kind, DnsName name, RecordType type, SignedSet? records, SignedSet? substitution, SignedSet[] proof, TrustRank rank,
        AnswerOrigin origin, Instant storedAt, uint ttl)
    {
        (Kind, KeyType, Rank, Origin, StoredAt) = (kind, type, rank, origin, storedAt);
        _packed = PackedSets.Pack(name, records, substitution, proof);
        NameLength = (byte)name.Length;
        (HasSubstitution, ProofCount) = (substitution is not null, (ushort)proof.Length);
        ExpiresAt = storedAt.PlusNanoseconds(ttl * 1_000_000_000L);
    }

    /// <summary>Answer, NoData, NameError or Failure.</summary>
    public CacheOutcome Kind { get; }

    /// <summary>The records as they came; for a denial its SOA record, where it has one.</summary>
    public DnsRecord[] Records => PackedSets.Read(_packed, PackedRole.Records) is [var set] ? set.Records : [];

    /// <summary>The RRSIG records that cover them.</summary>
    public DnsRecord[] Signatures => PackedSets.Read(_packed, PackedRole.Records) is [var set] ? set.Signatures : [];

    /// <summary>The sets that prove a denial, its SOA set among them; of an answer made from a wildcard, that there is no closer name.</summary>
    public SignedSet[] Proof => ProofCount == 0 ? [] : PackedSets.Read(_packed, PackedRole.Proof);

    /// <summary>The DNAME set that an alias was made from; null otherwise.</summary>
    public SignedSet? Substitution => PackedSets.Read(_packed, PackedRole.Substitution) is [var set] ? set : null;

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

    /// <summary>Beside a failure what lay in its place, where that may still stand in for an answer (RFC 8767).</summary>
    internal CacheEntry? Old { get; init; }

    /// <summary>The bytes it takes: those of its records, and what objects and tables cost beside them (counted for 64 bits).</summary>
    internal int Bytes
    {
        get
        {
            const int entry = 160, array = 24, failure = 1024;
            return entry + array + _packed.Length + (Failure is null ? 0 : failure) + (Old?.Bytes ?? 0);
        }
    }

    /// <summary>The name under which it lies.</summary>
    internal ReadOnlySpan<byte> NameWire => _packed.AsSpan(0, NameLength);

    /// <summary>The type under which it lies; 0 for a name that does not exist.</summary>
    internal RecordType KeyType { get; }

    /// <summary>Its sets.</summary>
    internal PackedSetReader Sets => new(_packed);

    internal bool HasSubstitution { get; }

    internal ushort ProofCount { get; }

    /// <summary>Its place in the table, and in the order of age.</summary>
    internal CacheEntry? Next, Older, Newer;

    internal int Hash;

    internal bool IsVisited;

    /// <summary>Whether it is being asked for anew, or has been in vain.</summary>
    internal bool IsRefreshed;

    private byte NameLength { get; }

    /// <summary>
    /// Whole seconds for which it may still be used, one that has begun among them: what came a moment ago still shows the time to live with which
    /// it came.
    /// </summary>
    internal long TtlSecondsAt(Instant now) => (ExpiresAt.Nanoseconds - now.Nanoseconds + 999_999_999) / 1_000_000_000;

    /// <summary>
    /// Whether the last tenth of its time has begun, and nobody has asked for it anew. What was to live only for seconds is not worth it: its last tenth is
    /// shorter than an answer's way.
    /// </summary>
    internal bool IsDue(Instant now)
    {
        const long shortest = 10_000_000_000;
        var (whole, left) = (ExpiresAt.Nanoseconds - StoredAt.Nanoseconds, ExpiresAt.Nanoseconds - now.Nanoseconds);
        return left <= whole / 10 && whole >= shortest && !IsRefreshed;
    }

    /// <summary>The sets of a role with the time to live that is left to them.</summary>
    internal SignedSet[] Read(PackedRole role, Instant now) => Read(role, new Ttl((uint)TtlSecondsAt(now)));

    /// <summary>The sets of a role with a time to live.</summary>
    internal SignedSet[] Read(PackedRole role, Ttl ttl) => PackedSets.Read(_packed, role, ttl);

    /// <summary>Notes what validation said; what is secure is from now on not replaced by what is not.</summary>
    internal void Mark(SecurityStatus status, ValidationFlaw flaw, uint ttl, Instant now)
    {
        (Status, Flaw) = (status, flaw);
        // A referral's DS records are no less than those of an answer once their signature holds.
        // A denial without a SOA record came beside one, and is no answer for a client.
        if (status == SecurityStatus.Secure && HasRecords) { Rank = TrustRank.Validated; }
        var end = status == SecurityStatus.Bogus ? now + ResolutionLimits.BogusTime
            : ttl == uint.MaxValue ? ExpiresAt
            : now.PlusNanoseconds(ttl * 1_000_000_000L);
        if (end < ExpiresAt) { ExpiresAt = end; }
    }

    private bool HasRecords
    {
        get
        {
            foreach (var set in Sets) { if (set.Role == PackedRole.Records) { return true; } }
            return false;
        }
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
    internal SignedSet SetNow() => Entry.Read(PackedRole.Records, Now)[0];

    /// <summary>The DNAME set that an alias was made from, with the time that is left; null where there is none.</summary>
    internal SignedSet? SubstitutionNow() => Entry.HasSubstitution ? Entry.Read(PackedRole.Substitution, Now)[0] : null;

    /// <summary>The sets of the proof with the time to live that is left.</summary>
    internal SignedSet[] ProofNow() => Entry.ProofCount == 0 ? [] : Entry.Read(PackedRole.Proof, Now);

    /// <summary>The records with the time to live that is left to them.</summary>
    public DnsRecord[] RecordsNow() => Entry.Read(PackedRole.Records, Now) is [var set] ? set.Records : [];
}
