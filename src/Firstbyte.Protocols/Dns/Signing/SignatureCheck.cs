using System.Buffers.Binary;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Signing;

/// <summary>Looks at the signatures of a draft: their times, their keys, what they cover (RFC 4035 sections 2.2 and 5.3.1).</summary>
internal sealed class SignatureCheck(
    ZoneDraft draft, uint now, Func<RecordSet, RecordData, ZonePublicKey, bool>? verify, ProblemsByKind problems)
{
    private readonly List<ZonePublicKey> _keys = [];
    private readonly HashSet<byte> _algorithms = [];

    public void Run(int[] order)
    {
        FindKeys();
        foreach (var node in order)
        {
            var marks = draft.Nodes[node].Marks;
            // What lies below a delegation is not the zone's own, and nobody looks at its signatures.
            if ((marks & NodeMarks.BelowCut) != NodeMarks.None) { continue; }
            var isCut = (marks & NodeMarks.Cut) != NodeMarks.None;
            for (var set = draft.Nodes[node].FirstSet; set != ZoneDraft.None; set = draft.Sets[set].Next)
            {
                var type = new RecordType(draft.Sets[set].Type);
                if (type == RecordType.RRSIG) { CheckSignatures(node, set); }
                else if (verify is not null && (!isCut || type == RecordType.DS || type == RecordType.NSEC)) { CheckSigned(node, set, type); }
            }
        }
    }

    private void FindKeys()
    {
        // RFC 5011 section 2.1: a key with this bit is revoked.
        const ushort Revoked = 128;
        var set = draft.FindSet(ZoneDraft.Apex, RecordType.DNSKEY);
        if (set == ZoneDraft.None) { return; }
        for (var record = draft.Sets[set].First; record != ZoneDraft.None; record = draft.Records[record].Next)
        {
            var data = draft.DataOf(draft.Records[record]);
            var flags = BinaryPrimitives.ReadUInt16BigEndian(data);
            if ((flags & ZonePublicKey.ZoneFlag) == 0) { continue; }
            _keys.Add(new ZonePublicKey(draft.Origin, RecordWire.ToData(RecordType.DNSKEY, data)));
            if ((flags & Revoked) == 0) { _algorithms.Add(data[3]); }
        }
    }

    private void CheckSignatures(int node, int set)
    {
        var covered = new RecordType(draft.Sets[set].Covered);
        var subject = draft.FindSet(node, covered);
        RecordSet? value = null;
        for (var record = draft.Sets[set].First; record != ZoneDraft.None; record = draft.Records[record].Next)
        {
            var data = draft.DataOf(draft.Records[record]);
            var (expiration, inception) = (BinaryPrimitives.ReadUInt32BigEndian(data[8..]), BinaryPrimitives.ReadUInt32BigEndian(data[12..]));
            if (SignatureMoment.IsBefore(expiration, now))
            {
                problems.Report(
                    draft, record, ZoneFlaw.SignatureExpired, new ZoneExpectation(ZoneTerm.SignatureHolding, $"{covered}"),
                    TimeText.FormatSignatureTime(expiration));
            }
            else if (SignatureMoment.IsBefore(now, inception))
            {
                problems.Report(
                    draft, record, ZoneFlaw.SignatureEarly, new ZoneExpectation(ZoneTerm.SignatureBegun, $"{covered}"),
                    TimeText.FormatSignatureTime(inception));
            }
            if (subject == ZoneDraft.None)
            {
                problems.Report(draft, record, ZoneFlaw.SignatureStray, new ZoneExpectation(ZoneTerm.CoveredSet, $"{covered}"), "");
                continue;
            }
            if (KeysOf(data) is not { Count: > 0 } keys)
            {
                problems.Report(
                    draft, record, ZoneFlaw.SignatureForeign, new ZoneExpectation(ZoneTerm.SignatureOfZoneKey, $"{covered}"), SignerOf(data));
            }
            else if (verify is not null && keys[0].Algorithm.IsKnown)
            {
                value ??= ToRecordSet(node, subject, covered);
                var signature = RecordWire.ToData(RecordType.RRSIG, data);
                if (!keys.Exists(key => verify(value, signature, key)))
                {
                    problems.Report(
                        draft, record, ZoneFlaw.SignatureWrong, new ZoneExpectation(ZoneTerm.SignatureOfSet, $"{covered}"), SignerOf(data));
                }
            }
        }
    }

    /// <summary>The keys that may have made a signature: nearly always one (RFC 4034 appendix B).</summary>
    private List<ZonePublicKey> KeysOf(ReadOnlySpan<byte> signature)
    {
        var (algorithm, tag) = (signature[2], BinaryPrimitives.ReadUInt16BigEndian(signature[16..]));
        return WireName.Equals(SignerNameOf(signature), draft.Origin.Wire)
            ? _keys.FindAll(key => key.KeyTag == tag && key.Algorithm.Value == algorithm)
            : [];
    }

    /// <summary>"ECDSAP256SHA256 12345 example."</summary>
    private static string SignerOf(ReadOnlySpan<byte> signature)
    {
        var tag = BinaryPrimitives.ReadUInt16BigEndian(signature[16..]);
        return $"{new SigningAlgorithm(signature[2])} {tag} {DnsName.FromValidWire(SignerNameOf(signature))}";
    }

    private static ReadOnlySpan<byte> SignerNameOf(ReadOnlySpan<byte> signature) =>
        signature.Slice(SignedData.FixedLength, RdataLayout.NameLength(signature[SignedData.FixedLength..]));

    private void CheckSigned(int node, int set, RecordType type)
    {
        foreach (var algorithm in _algorithms)
        {
            if (!HasSignature(node, type, algorithm))
            {
                problems.Report(
                    draft, draft.Sets[set].First, ZoneFlaw.SignatureMissing,
                    new ZoneExpectation(ZoneTerm.SignedSet, $"{type}", Field: $"{new SigningAlgorithm(algorithm)}"), "");
            }
        }
    }

    private bool HasSignature(int node, RecordType type, byte algorithm)
    {
        for (var set = draft.Nodes[node].FirstSet; set != ZoneDraft.None; set = draft.Sets[set].Next)
        {
            if (draft.Sets[set].Type != RecordType.RRSIG.Value || draft.Sets[set].Covered != type.Value) { continue; }
            for (var record = draft.Sets[set].First; record != ZoneDraft.None; record = draft.Records[record].Next)
            {
                if (draft.DataOf(draft.Records[record])[2] == algorithm) { return true; }
            }
        }
        return false;
    }

    private RecordSet ToRecordSet(int node, int set, RecordType type)
    {
        var data = new List<RecordData>(draft.Sets[set].Count);
        for (var record = draft.Sets[set].First; record != ZoneDraft.None; record = draft.Records[record].Next)
        {
            data.Add(RecordWire.ToData(type, draft.DataOf(draft.Records[record])));
        }
        return new RecordSet(draft.FullNameOf(node), type, draft.Class, new Ttl(draft.Records[draft.Sets[set].First].Ttl), [.. data]);
    }
}
