using System.Runtime.CompilerServices;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Policies;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Serving;

/// <summary>What a recursive server does to answers, so that one from the cache is the same.</summary>
/// <param name="Checks">Whether signatures are checked: then only what was checked is given without being looked at again.</param>
/// <param name="AnswersSpecialNames">Whether <see cref="SpecialNames"/> are answered elsewhere.</param>
/// <param name="MakesAddresses">Whether AAAA records are made where there are none (RFC 6147).</param>
/// <param name="TellsRootKeys">Whether names with a <see cref="RootKeySentinel"/> are answered elsewhere.</param>
public readonly record struct CachedAnswerRules(bool Checks, bool AnswersSpecialNames, bool MakesAddresses, bool TellsRootKeys = false)
{
    /// <summary>Whether what is in the last tenth of its time is to be asked for anew.</summary>
    public bool Prefetches { get; init; }

    /// <summary>The policy that answers are held to elsewhere; null for none.</summary>
    public PolicyInForce? Policy { get; init; }
}

/// <summary>Answers clients of a recursive server from its cache: bytes in, bytes out, nothing allocated; or says that the answer is not here.</summary>
/// <remarks>
/// Theory of operation. Of a hundred questions to a busy resolver more than ninety are answered by what lies in its cache. For these there is no resolution, no
/// queue and no object: the question is looked up as it stands in the query, aliases are followed from entry to entry, and the answer is put
/// together from the wire form in which entries hold their records. All that is not that plain is not here, and whoever asked goes the long way, which
/// gives the same bytes for what is (a test compares the two): queries that are refused or cannot be read, ANY, failures of a moment ago, what validation has
/// not seen yet or found bogus, chains of aliases that are long or lead back, and what others make up (special names, DNS64, root key sentinels).
/// </remarks>
public sealed class CachedAnswers(DnsCache cache, CachedAnswerRules rules)
{
    /// <summary>The answer has to be found another way.</summary>
    public const int NotHere = -1;

    /// <summary>Entries of one answer: aliases and what they lead to. Longer chains go the long way (own choice; few have more than four).</summary>
    private const int MaxChain = 8;

    /// <summary>Writes the answer to a query and returns its length, or <see cref="NotHere"/>.</summary>
    /// <param name="query">The query's bytes, whatever they are.</param>
    /// <param name="transport">Over UDP the response is cut to what the client takes.</param>
    /// <param name="now">When, by the clock of the cache.</param>
    /// <param name="response">Room for the response: at least 512 bytes.</param>
    public int Answer(ReadOnlySpan<byte> query, DnsTransport transport, Instant now, Span<byte> response) =>
        Answer(query, transport, now, response, out _);

    /// <summary>The same, and whether a part of the answer has begun the last tenth of its time without being asked for anew.</summary>
    [SkipLocalsInit]
    public int Answer(ReadOnlySpan<byte> query, DnsTransport transport, Instant now, Span<byte> response, out bool isDue)
    {
        isDue = false;
        Span<byte> buffer = stackalloc byte[WireName.MaxLength];
        if (ReceivedQuery.Read(query, buffer, out var asked) != QueryReading.Whole || asked.Header.OpCode != OpCode.Query || asked.HasSignature
            || asked.Class != RecordClass.IN || asked.Type.IsMeta || asked.Type.Value == 0 || asked.EdnsVersion != 0) { return NotHere; }
        if (rules.MakesAddresses && asked.Type == RecordType.AAAA) { return NotHere; }
        if (rules.TellsRootKeys && RootKeySentinel.TryRead(asked.Name, out _)) { return NotHere; }
        if (rules.AnswersSpecialNames && SpecialNames.FindZone(asked.Name) is not null) { return NotHere; }
        var checks = rules.Checks && !asked.Header.Flags.HasFlag(HeaderFlags.CheckingDisabled);
        var chain = default(Chain);
        lock (cache.Gate)
        {
            if (!TryFindChain(asked, checks, now, ref chain, out var outcome) || IsOfPolicy(chain, outcome)) { return NotHere; }
            for (var i = 0; rules.Prefetches && i < chain.Count; i++) { isDue |= chain.Entries[i]!.IsDue(now); }
            return Write(asked, transport, now, chain, outcome, checks, response);
        }
    }

    private bool TryFindChain(scoped in ReceivedQuery asked, bool checks, Instant now, ref Chain chain, out CacheOutcome outcome)
    {
        var name = asked.Name;
        while (cache.TryFind(name, asked.Type, now, out var entry, out outcome) && outcome != CacheOutcome.Failure && chain.Count < MaxChain)
        {
            if (checks)
            {
                // A made alias is as good as the DNAME set that it was made from, and that is looked up elsewhere.
                if (entry.Status is not (SecurityStatus.Secure or SecurityStatus.Insecure) || entry.HasSubstitution) { return false; }
                chain.IsSecure = entry.Status == SecurityStatus.Secure && (chain.Count == 0 || chain.IsSecure);
            }
            chain.Entries[chain.Count++] = entry;
            if (outcome != CacheOutcome.Alias) { return true; }
            if (!TryFindTarget(entry, out name) || chain.Leads(asked.Name, name)) { return false; }
        }
        return false;
    }

    /// <summary>Whether a rule is about one of the names, or an address at their end.</summary>
    private bool IsOfPolicy(scoped in Chain chain, CacheOutcome outcome)
    {
        if (rules.Policy?.Current is not { IsEmpty: false } policy) { return false; }
        // Who serves the zones on the way does not stand in the answer.
        if (policy.HasServers) { return true; }
        for (var i = 0; i < chain.Count; i++) { if (policy.Concerns(chain.Entries[i]!.NameWire)) { return true; } }
        if (outcome != CacheOutcome.Answer) { return false; }
        foreach (var set in chain.Entries[chain.Count - 1]!.Sets)
        {
            if (set.Role != PackedRole.Records || set.Type != RecordType.A && set.Type != RecordType.AAAA) { continue; }
            foreach (var record in set.Records) { if (policy.ConcernsAddress(record.Data)) { return true; } }
        }
        return false;
    }

    private static bool TryFindTarget(CacheEntry alias, out ReadOnlySpan<byte> target)
    {
        foreach (var set in alias.Sets)
        {
            if (set.Role != PackedRole.Records) { continue; }
            foreach (var record in set.Records)
            {
                target = record.Data;
                return true;
            }
        }
        target = default;
        return false;
    }

    [SkipLocalsInit]
    private static int Write(
        scoped in ReceivedQuery asked, DnsTransport transport, Instant now, scoped in Chain chain, CacheOutcome outcome, bool checks, Span<byte> response)
    {
        var writer = new MessageWriter(response);
        writer.Limit(transport == DnsTransport.Udp ? asked.PayloadSize : MessageView.MaxLength);
        if (asked.HasEdns) { writer.TryReserveEdns(0); }
        writer.TryWriteQuestion(asked.Name, asked.Type, asked.Class);
        var questionEnd = writer.Length;
        if (!TryWriteAnswer(ref writer, asked.DnssecOk, now, chain, outcome)
            || !TryWriteAuthority(ref writer, asked.DnssecOk, now, chain, outcome))
        {
            // RFC 2181 9: a client that sees TC asks again over TCP and uses nothing of this.
            writer.DropRecords(questionEnd);
            writer.MarkTruncated();
        }
        var code = outcome == CacheOutcome.NameError ? ResponseCode.NameError : ResponseCode.NoError;
        if (asked.HasEdns)
        {
            Span<byte> padding = stackalloc byte[ResponsePadding.MaxLength];
            var isPadded = ResponsePadding.IsWanted(transport, asked.Options);
            padding = padding[..(isPadded ? ResponsePadding.Write(padding, writer.Length + MessageWriter.EdnsLength, MessageView.MaxLength) : 0)];
            writer.TryWriteEdns(Edns.DefaultPayloadSize, code, asked.DnssecOk, padding);
        }
        var flags = HeaderFlags.Response | HeaderFlags.RecursionAvailable
            | asked.Header.Flags & (HeaderFlags.RecursionDesired | HeaderFlags.CheckingDisabled);
        // RFC 6840 sections 5.7 and 5.8: for those who understand it.
        if (checks && chain.IsSecure && (asked.DnssecOk || asked.Header.Flags.HasFlag(HeaderFlags.AuthenticData))) { flags |= HeaderFlags.AuthenticData; }
        return writer.Finish(asked.Header.Id, flags, OpCode.Query, code);
    }

    private static bool TryWriteAnswer(ref MessageWriter writer, bool withSignatures, Instant now, scoped in Chain chain, CacheOutcome outcome)
    {
        var sets = outcome == CacheOutcome.Answer ? chain.Count : chain.Count - 1;
        for (var i = 0; i < sets; i++)
        {
            var entry = chain.Entries[i]!;
            var ttl = new Ttl((uint)entry.TtlSecondsAt(now));
            foreach (var set in entry.Sets)
            {
                if (set.Role != PackedRole.Proof && !TryWrite(ref writer, MessageSection.Answer, set, ttl, withSignatures)) { return false; }
            }
        }
        return true;
    }

    /// <summary>Of a denial the SOA record; for who wants signatures also everything that proves something, each set once.</summary>
    private static bool TryWriteAuthority(ref MessageWriter writer, bool withProof, Instant now, scoped in Chain chain, CacheOutcome outcome)
    {
        var isDenial = outcome != CacheOutcome.Answer;
        if (isDenial && !(withProof && HasSoaProof(chain)))
        {
            var entry = chain.Entries[chain.Count - 1]!;
            foreach (var set in entry.Sets)
            {
                if (set.Role == PackedRole.Records && !TryWrite(ref writer, MessageSection.Authority, set, Bounded(entry, now), false)) { return false; }
            }
        }
        for (var i = 0; withProof && i < chain.Count; i++)
        {
            var (entry, at) = (chain.Entries[i]!, 0);
            if (entry.ProofCount == 0) { continue; }
            foreach (var set in entry.Sets)
            {
                if (set.Role != PackedRole.Proof) { continue; }
                at++;
                if (set.Type == RecordType.SOA && !isDenial || IsTold(chain, i, at, set)) { continue; }
                if (!TryWrite(ref writer, MessageSection.Authority, set, Bounded(entry, now), true)) { return false; }
            }
        }
        return true;
    }

    private static Ttl Bounded(CacheEntry entry, Instant now) => new((uint)Math.Min(entry.TtlSecondsAt(now), ResolutionLimits.MaxNegativeTtl));

    private static bool HasSoaProof(scoped in Chain chain)
    {
        for (var i = 0; i < chain.Count; i++)
        {
            foreach (var set in chain.Entries[i]!.Sets) { if (set.Role == PackedRole.Proof && set.Type == RecordType.SOA) { return true; } }
        }
        return false;
    }

    /// <summary>Whether the proof had this name's set of this type before: in an earlier entry, or earlier in this one.</summary>
    private static bool IsTold(scoped in Chain chain, int entry, int place, scoped in PackedSet wanted)
    {
        for (var i = 0; i <= entry; i++)
        {
            var at = 0;
            foreach (var set in chain.Entries[i]!.Sets)
            {
                if (set.Role != PackedRole.Proof) { continue; }
                if (++at == place && i == entry) { break; }
                if (set.Type == wanted.Type && WireName.Equals(set.Owner, wanted.Owner)) { return true; }
            }
        }
        return false;
    }

    private static bool TryWrite(ref MessageWriter writer, MessageSection section, scoped in PackedSet set, Ttl ttl, bool withSignatures)
    {
        var (type, left) = (set.Type, set.RecordCount);
        foreach (var record in withSignatures ? set.All : set.Records)
        {
            if (left-- == 0) { type = RecordType.RRSIG; }
            if (!writer.TryWriteRecord(section, set.Owner, type, set.Class, ttl, record.Data)) { return false; }
        }
        return true;
    }

    /// <summary>The entries of an answer: aliases, and what the last of them leads to.</summary>
    private struct Chain
    {
        public EntryList Entries;
        public int Count;
        public bool IsSecure;

        /// <summary>Whether an alias leads back to where the chain has been.</summary>
        public readonly bool Leads(ReadOnlySpan<byte> start, ReadOnlySpan<byte> target)
        {
            if (WireName.Equals(start, target)) { return true; }
            for (var i = 0; i < Count; i++) { if (WireName.Equals(Entries[i]!.NameWire, target)) { return true; } }
            return false;
        }
    }

    [InlineArray(MaxChain)]
    private struct EntryList
    {
        private CacheEntry? _first;
    }
}
