using System.Buffers.Binary;
using System.Security.Cryptography;
using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Validating;
using Firstbyte.Dns.Wire;
using Firstbyte.Fuzz.Running;
using Firstbyte.Tracing;

namespace Firstbyte.Fuzz.Dns;

/// <summary>What name servers say to a resolver that checks signatures: the input is a row of answers, each after its length, to whatever is asked next.</summary>
/// <remarks>
/// The policy under test: nothing becomes secure but what a key has signed. The verdict on a signature is that of a machine that is easy to see through: a
/// signature is valid when its last eight bytes are the beginning of the SHA-256 of what it signs and of the key. An answer that comes out
/// as secure is gone through once more, slowly: each of its sets must have such a signature by a key of its zone, or be made from one that has.
/// </remarks>
internal sealed class ValidationTarget : FuzzTarget
{
    private static readonly DnsName s_zone = DnsName.Parse("example");
    private static readonly DnsName s_www = DnsName.Parse("www.example");
    private static readonly ZonePublicKey s_key = new(s_zone, 257, SigningAlgorithm.EcdsaP256Sha256, new byte[64]);
    private static readonly DnsRecord s_keyRecord = new(s_zone, new Ttl(300), s_key.Data);
    private static readonly Instant s_start = Instant.SimulationEpoch;

    public override string Name => "dns-validate";

    public override string Holds => "validation ends within its budget; nothing becomes secure that no key of its zone has signed, whatever servers say";

    public override IReadOnlyList<byte[]> Tokens => DnsTokens.All;

    public override IEnumerable<byte[]> Seeds()
    {
        DnsRecord A(string owner) => new(DnsName.Parse(owner), new Ttl(300), new AddressData(IpAddress.Parse("192.0.2.80")));
        var soa = new DnsRecord(s_zone, new Ttl(60), new SoaData(s_zone, s_zone, 1, 2, 3, 4, 5));
        DnsRecord Link(string owner, string next, params RecordType[] types) =>
            new(DnsName.Parse(owner), new Ttl(60), Read(RecordType.NSEC, [.. DnsName.Parse(next).Wire, .. Windows(types)]));
        var keys = Message(RecordType.DNSKEY, s_zone, ResponseCode.NoError, Signed([s_keyRecord]), []);
        DnsMessage[] answers =
        [
            Message(RecordType.A, s_www, ResponseCode.NoError, Signed([A("www.example")]), []),
            Message(RecordType.A, s_www, ResponseCode.NoError, [A("www.example")], []),
            Message(RecordType.A, s_www, ResponseCode.NoError, Signed([A("*.example")], s_www), Signed([Link("example", "zzz.example", RecordType.SOA)])),
            Message(RecordType.A, s_www, ResponseCode.NameError, [], [.. Signed([soa]), .. Signed([Link("example", "zzz.example", RecordType.SOA, RecordType.NS)])]),
            Message(RecordType.A, s_www, ResponseCode.NoError, [], [.. Signed([soa]), .. Signed([Link("www.example", "zzz.example", RecordType.TXT)])]),
            Message(RecordType.A, s_www, ResponseCode.NoError, [new(s_www, new Ttl(60), new NameData(RecordType.CNAME, DnsName.Parse("x.example"))), A("x.example")], []),
        ];
        foreach (var answer in answers)
        {
            yield return FuzzChoices.Before(Row(answer, keys));
            yield return FuzzChoices.Before(Row(answer, keys, Message(RecordType.DS, s_www, ResponseCode.NoError, [], Signed([Link("www.example", "zzz.example", RecordType.A)]))));
        }
    }

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var rest);
        var memory = new ResolverMemory(new Firstbyte.Dns.Caching.Delegation(s_zone, [], Instant.Never), UpstreamPolicy.Internet)
        {
            Anchors = TrustAnchors.From([s_keyRecord]),
        };
        var question = new Question(s_www, choices.Below(4) == 0 ? RecordType.MX : RecordType.A);
        var budget = new ResolutionBudget(s_start + TimeSpan.FromSeconds(10));
        var resolution = new ValidatedResolution(question, budget, 0, memory);
        var effects = new ResolutionEffects { IsListening = choices.Below(2) == 0 };
        ResolutionInput? next = ResolutionInput.Begin.Instance;
        ResolutionOutcome? outcome = null;
        for (var steps = 0; next is not null; steps++)
        {
            Require(steps < 1_000, "a validation that does not end");
            effects.Clear();
            resolution.Handle(next, s_start, (ulong)steps, effects);
            next = null;
            foreach (var effect in effects.Items)
            {
                switch (effect)
                {
                    case ResolutionEffect.Complete complete: outcome = complete.Outcome; break;
                    case ResolutionEffect.AskSubQuestion ask: next = new ResolutionInput.SubQuestionAnswered(ask.Question, Answer(ask.Question, ref rest)); break;
                    case ResolutionEffect.VerifySignature job: next = new ResolutionInput.SignatureVerified(job.Job, IsValid(job.Set, job.Signature, job.Key)); break;
                }
            }
        }
        Require(outcome is not null, "a validation that waits for nothing");
        Require(budget.Validation.VerificationsLeft >= 0 && budget.Validation.HashesLeft >= 0, "more verifications than a question may cost");
        if (outcome is ResolvedAnswer { Status: SecurityStatus.Secure } secure) { CheckAgain(secure); }
    }

    // What the resolver calls secure: every set is signed by the one key that there is, and a denial has a link that is.
    private static void CheckAgain(ResolvedAnswer answer)
    {
        for (var i = 0; i < answer.Sets.Length; i++)
        {
            var set = answer.Sets[i];
            var isMade = i > 0 && answer.Sets[i - 1].Type == RecordType.DNAME && set.Type == RecordType.CNAME && IsSigned(answer.Sets[i - 1]);
            Require(isMade || IsSigned(set), $"{set.Owner} {set.Type} is secure, and nobody has signed it");
            Require(set.Owner.IsSubdomainOf(s_zone), $"{set.Owner} is secure by a key of {s_zone}");
        }
        if (!answer.IsDenial) { return; }
        if (answer.Code == ResponseCode.NameExists)
        {
            Require(answer.Sets is [.., { Type: var last } made] && last == RecordType.DNAME && IsSigned(made), "a name is too long by a DNAME record that nobody has signed");
            return;
        }
        var links = answer.Proof.Where(static set => set.Type == RecordType.NSEC || set.Type == RecordType.NSEC3).ToArray();
        Require(Array.Exists(links, IsSigned), "a denial is secure without a link that is signed");
        // A link that has the very type for the name does not deny it.
        Require(
            !Array.Exists(links, set => set.Type == RecordType.NSEC && set.Owner == answer.CanonicalName && IsSigned(set)
                && set.Records.Any(record => Types(record).Contains(answer.Question.Type))),
            "a denial is secure by a link that names the type");
    }

    private static IEnumerable<RecordType> Types(DnsRecord link)
    {
        var text = link.Data.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1);
        foreach (var word in text) { if (RecordType.TryParse(word, out var type)) { yield return type; } }
    }

    private static bool IsSigned(SignedSet set) => Array.Exists(set.Signatures, signature => IsValid(set.ToRecordSet(), signature.Data, s_key));

    private static bool IsValid(RecordSet set, RecordData signature, ZonePublicKey key)
    {
        if (key != s_key && !key.Data.Equals(s_key.Data)) { return false; }
        var header = SignedData.HeaderLength(signature);
        var data = SignedData.Of(set, signature.Wire[..header]);
        return data.Length > 0 && signature.Wire[header..].SequenceEqual(Sign(data));
    }

    private static ReadOnlySpan<byte> Sign(ReadOnlySpan<byte> data) => SHA256.HashData([.. data, .. s_key.Data.Wire]).AsSpan(0, 8);

    private static ResolutionOutcome Answer(Question question, ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 2) { return new ResolutionFailure(question, ResolutionFailureReason.NoServerAnswers, Firstbyte.Errors.FaultParty.ZoneOperator, s_zone, []); }
        var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(rest), rest.Length - 2);
        var bytes = rest.Slice(2, length);
        rest = rest[(2 + length)..];
        if (!DnsMessage.TryParse(bytes, out var message, out _))
        {
            return new ResolutionFailure(question, ResolutionFailureReason.AllServersLame, Firstbyte.Errors.FaultParty.ZoneOperator, s_zone, []);
        }
        var soa = message.Authorities.FirstOrDefault(static record => record.Type == RecordType.SOA);
        SignedSet[] sets = [.. Sets(message.Answers)];
        return new ResolvedAnswer(
            question, message.ResponseCode, [.. sets.SelectMany(static set => set.Records)], soa,
            new AnswerSource(AnswerSourceKind.ResponsibleServer, new Endpoint(IpAddress.Parse("192.0.2.53"), 53), "", "example", true, 0, 60))
        {
            Sets = sets,
            Proof = [.. Sets(message.Authorities)],
        };
    }

    private static IEnumerable<SignedSet> Sets(IReadOnlyList<DnsRecord> records)
    {
        foreach (var group in records.Where(static record => record.Type != RecordType.RRSIG).GroupBy(static record => (record.Owner, record.Type)).Take(20))
        {
            var signatures = records.Where(record => record.Type == RecordType.RRSIG && record.Owner == group.Key.Owner
                && BinaryPrimitives.ReadUInt16BigEndian(record.RawData) == group.Key.Type.Value).Take(ResolutionLimits.SignaturesPerSet);
            yield return new SignedSet([.. group], [.. signatures]);
        }
    }

    private static DnsRecord[] Signed(DnsRecord[] records, DnsName? owner = null)
    {
        var now = (uint)(s_start.Nanoseconds / 1_000_000_000);
        var header = new byte[18];
        BinaryPrimitives.WriteUInt16BigEndian(header, records[0].Type.Value);
        (header[2], header[3]) = (s_key.Algorithm.Value, (byte)(records[0].Owner.LabelCount - (records[0].Owner.IsWildcard ? 1 : 0)));
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), records[0].Ttl.Seconds);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), now + 86_400);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(12), now - 86_400);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(16), s_key.KeyTag);
        byte[] whole = [.. header, .. s_zone.Wire];
        DnsRecord[] named = owner is { } name ? Array.ConvertAll(records, record => record.WithOwner(name)) : records;
        var set = new SignedSet(named, []).ToRecordSet();
        return [.. named, new DnsRecord(named[0].Owner, named[0].Ttl, Read(RecordType.RRSIG, [.. whole, .. Sign(SignedData.Of(set, whole))]))];
    }

    private static RecordData Read(RecordType type, byte[] wire) =>
        RecordData.TryRead(type, wire, out var data) ? data : throw new InvalidOperationException($"{type} of the seeds is none");

    private static byte[] Windows(RecordType[] types)
    {
        var bits = new byte[8];
        foreach (var type in types) { bits[type.Value >> 3] |= (byte)(0x80 >> (type.Value & 7)); }
        var length = bits.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        return [0, (byte)length, .. bits.AsSpan(0, length)];
    }

    private static DnsMessage Message(RecordType type, DnsName name, ResponseCode code, DnsRecord[] answers, DnsRecord[] authorities) => new()
    {
        Flags = HeaderFlags.Response | HeaderFlags.AuthoritativeAnswer,
        ResponseCode = code,
        Questions = [new Question(name, type)],
        Answers = answers,
        Authorities = authorities,
    };

    private static byte[] Row(params DnsMessage[] replies) =>
    [
        .. replies.Select(static reply => reply.ToArray()).SelectMany(static wire => new byte[] { (byte)(wire.Length >> 8), (byte)wire.Length }.Concat(wire)),
    ];
}
