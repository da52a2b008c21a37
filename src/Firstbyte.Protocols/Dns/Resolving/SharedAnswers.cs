using System.Buffers.Binary;
using System.Security.Cryptography;
using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Resolving;

/// <summary>Answers in the form in which several resolvers share them by way of a store that none of them trusts.</summary>
/// <remarks>
/// <para>Theory of operation. An answer is put there once, by the resolver that has asked for it, as a DNS message with the instant by the calendar at which
/// that was so. Who takes it out counts its age from that instant, so that no way through the store makes it younger, and never puts back what it has
/// taken. All its records have the smallest time to live of the whole: it ends in one piece.</para>
/// <para>What can be written by whoever reaches the store is not believed for lying there. Each entry is sealed with a secret of the resolvers that
/// share (HMAC, RFC 2104, with SHA-256), together with its question, so that no entry can be made, changed, or laid under another name without it. What is
/// taken ranks no higher than what a recursive server says, is read as such a server's reply is (only the chain from the name that was asked for), gives way to
/// what the zone's own servers say, and is validated where signatures are checked. The names that are asked for do not show in the keys.</para>
/// <code>
/// +---------+----------------------+-----------------+------------------+
/// | version | seconds since 1970   | DNS message     | seal             |
/// | 1 byte  | 8 bytes, big-endian  |                 | 32 bytes         |
/// +---------+----------------------+-----------------+------------------+
/// </code>
/// </remarks>
/// <param name="secret">What the resolvers share, <see cref="LeastSecret"/> bytes at least.</param>
public sealed class SharedAnswers(ReadOnlyMemory<byte> secret)
{
    /// <summary>RFC 2104 section 3: a key shorter than the hash's output weakens the seal.</summary>
    public const int LeastSecret = 32;

    /// <summary>Bytes of an entry at most (own choice): answers that are longer are rare, and each resolver asks for them itself.</summary>
    public const int MaxEntry = 16 * 1024;

    /// <summary>How far the clocks of two resolvers may lie apart before what comes from the future is refused (own choice).</summary>
    private const long MaxSkew = 5;

    private const byte Version = 1, OfKey = 1, OfSeal = 2;
    private const int Head = 9, Seal = HMACSHA256.HashSizeInBytes;

    /// <summary>
    /// Whether answers of a type are shared. Not those that chains of trust and delegations are made of (DS, DNSKEY, NS): who goes down the tree asks the
    /// servers on the way himself.
    /// </summary>
    public static bool MayShare(RecordType type) =>
        !type.IsMeta && type.Value != 0 && type != RecordType.DS && type != RecordType.DNSKEY && type != RecordType.NS && type != RecordType.RRSIG;

    /// <summary>The name of a question's answer in the store; <paramref name="isChecked"/> for resolvers that ask for signatures.</summary>
    public string KeyOf(Question question, bool isChecked)
    {
        Span<byte> hash = stackalloc byte[Seal];
        using var hmac = Begin(OfKey, question, isChecked);
        hmac.GetHashAndReset(hash);
        return $"firstbyte:1:{Convert.ToHexStringLower(hash)}";
    }

    /// <summary>An answer as it is put into the store; null where it is none to share: too long, without a time, or not asked for just now.</summary>
    /// <param name="answer">The answer, as it came from servers.</param>
    /// <param name="isChecked">Whether it was asked for with its signatures.</param>
    /// <param name="seconds">When, since 1970.</param>
    /// <param name="ttl">For how many seconds it holds.</param>
    public byte[]? Write(ResolvedAnswer answer, bool isChecked, long seconds, out uint ttl)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ttl = 0;
        if (answer.Source.Kind is not (AnswerSourceKind.ResponsibleServer or AnswerSourceKind.RecursiveServer) || answer.IsStale
            || answer.Status == SecurityStatus.Bogus || answer.IsDenial && answer.Soa is null) { return null; }
        ttl = LifeOf(answer);
        if (ttl == 0) { return null; }
        var entry = new byte[MaxEntry];
        var writer = new MessageWriter(entry.AsSpan(Head, MaxEntry - Head - Seal));
        if (!writer.TryWriteQuestion(answer.Question)) { return null; }
        var cut = new Ttl(ttl);
        foreach (var record in answer.Sets.Length > 0 ? answer.Sets.SelectMany(static set => set.All) : answer.Records)
        {
            if (!writer.TryWriteRecord(MessageSection.Answer, record.WithTtl(cut))) { return null; }
        }
        foreach (var record in AuthorityOf(answer))
        {
            if (!writer.TryWriteRecord(MessageSection.Authority, record.WithTtl(cut))) { return null; }
        }
        var length = Head + writer.Finish(0, HeaderFlags.Response | HeaderFlags.RecursionAvailable, OpCode.Query, answer.Code);
        entry[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(entry.AsSpan(1), seconds);
        SealOf(answer.Question, isChecked, entry.AsSpan(0, length), entry.AsSpan(length, Seal));
        return entry[..(length + Seal)];
    }

    /// <summary>Puts what came from the store into a resolver's cache, as far as it may be believed.</summary>
    /// <param name="entry">What came.</param>
    /// <param name="question">What it was looked up for.</param>
    /// <param name="memory">Where it is kept.</param>
    /// <param name="store">Where it came from.</param>
    /// <param name="now">When, by the clock of the cache.</param>
    /// <param name="seconds">The same, since 1970.</param>
    public SharedAnswerFlaw Take(ReadOnlySpan<byte> entry, Question question, ResolverMemory memory, Endpoint store, Instant now, long seconds)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (entry.Length > MaxEntry) { return SharedAnswerFlaw.TooLong; }
        if (entry.Length < Head + MessageHeader.Length + Seal || entry[0] != Version) { return SharedAnswerFlaw.OtherForm; }
        Span<byte> seal = stackalloc byte[Seal];
        SealOf(question, memory.Checks, entry[..^Seal], seal);
        if (!CryptographicOperations.FixedTimeEquals(seal, entry[^Seal..])) { return SharedAnswerFlaw.WrongSeal; }
        var age = seconds - BinaryPrimitives.ReadInt64BigEndian(entry[1..]);
        if (age < -MaxSkew) { return SharedAnswerFlaw.FromTheFuture; }
        if (Reply.Read(entry[Head..^Seal]) is not { IsResponse: true, IsTruncated: false, HasUnreadable: false } reply
            || reply.Question is not { } asked || asked != question) { return SharedAnswerFlaw.NoAnswer; }
        age = Math.Max(0, age);
        foreach (var section in (ReadOnlySpan<List<DnsRecord>>)[reply.Answer, reply.Authority])
        {
            for (var i = 0; i < section.Count; i++)
            {
                if (section[i].Ttl.Seconds <= age) { return SharedAnswerFlaw.Expired; }
                section[i] = section[i].WithTtl(new Ttl((uint)(section[i].Ttl.Seconds - age)));
            }
        }
        if (memory.PrivateAddresses.Withhold(reply)) { return SharedAnswerFlaw.Withheld; }
        // As from a recursive server: nothing is outside the root, and only the chain from the question's name counts.
        var read = ScrubbedReply.Read(reply, memory.Hints with { Zone = DnsName.Root }, question.Name, question.Type, now);
        if (read.Kind is not (ReplyKind.Answer or ReplyKind.Alias or ReplyKind.NameError or ReplyKind.NoData) || read.IsCircle)
        {
            return SharedAnswerFlaw.NoAnswer;
        }
        var origin = new AnswerOrigin(store, "", ".");
        ReplyKeeper.Keep(memory.Cache, question.Name, question.Type, read, TrustRank.AnswerNonAuthoritative, origin, now);
        return SharedAnswerFlaw.None;
    }

    private static uint LifeOf(ResolvedAnswer answer)
    {
        var ttl = answer.IsDenial ? DnsCache.NegativeTtl(answer.Soa!) : uint.MaxValue;
        foreach (var record in answer.Records) { ttl = Math.Min(ttl, record.Ttl.Seconds); }
        foreach (var set in answer.Proof) { ttl = Math.Min(ttl, set.TtlSeconds); }
        return ttl == uint.MaxValue ? 0 : ttl;
    }

    private static IEnumerable<DnsRecord> AuthorityOf(ResolvedAnswer answer)
    {
        if (answer is { IsDenial: true, Soa: { } soa } && !Array.Exists(answer.Proof, static set => set.Type == RecordType.SOA)) { yield return soa; }
        foreach (var set in answer.Proof)
        {
            if (set.Type == RecordType.SOA && !answer.IsDenial) { continue; }
            foreach (var record in set.All) { yield return record; }
        }
    }

    private void SealOf(Question question, bool isChecked, ReadOnlySpan<byte> bytes, Span<byte> seal)
    {
        using var hmac = Begin(OfSeal, question, isChecked);
        hmac.AppendData(bytes);
        hmac.GetHashAndReset(seal);
    }

    /// <summary>What a key and a seal begin with: a name in its canonical form, which ends itself, its type and class.</summary>
    private IncrementalHash Begin(byte purpose, Question question, bool isChecked)
    {
        var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Span);
        Span<byte> fields = [purpose, isChecked ? (byte)1 : (byte)0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(fields[2..], question.Type.Value);
        BinaryPrimitives.WriteUInt16BigEndian(fields[4..], question.Class.Value);
        hmac.AppendData(fields);
        Span<byte> name = stackalloc byte[WireName.MaxLength];
        var length = question.Name.Wire.Length;
        for (var i = 0; i < length; i++)
        {
            var octet = question.Name.Wire[i];
            name[i] = octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
        }
        hmac.AppendData(name[..length]);
        return hmac;
    }
}
