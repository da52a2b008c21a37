using System.Buffers.Binary;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Signing;

/// <summary>Compares the ZONEMD records of a draft with the zone (RFC 8976 section 4); one of a kind that is not known here says nothing.</summary>
internal sealed class DigestCheck(ZoneDraft draft, ProblemsByKind problems)
{
    /// <summary>Hexadecimal digits that tell one digest from another one (own choice): whole ones fill a line.</summary>
    private const int ShownDigits = 16;

    /// <summary>The zone is hashed once a way, however many records speak of it.</summary>
    private readonly Dictionary<byte, byte[]> _digests = [];

    public void Run(int[] order)
    {
        var (set, soa) = (draft.FindSet(ZoneDraft.Apex, RecordType.ZONEMD), draft.FindSet(ZoneDraft.Apex, RecordType.SOA));
        if (set == ZoneDraft.None) { return; }
        var serial = BinaryPrimitives.ReadUInt32BigEndian(draft.DataOf(draft.Records[draft.Sets[soa].First])[^20..]);
        for (var record = draft.Sets[set].First; record != ZoneDraft.None; record = draft.Records[record].Next)
        {
            var data = draft.DataOf(draft.Records[record]);
            if (data[4] != ZoneDigest.SimpleScheme || data[5] is not (ZoneDigest.Sha384 or ZoneDigest.Sha512)) { continue; }
            var told = BinaryPrimitives.ReadUInt32BigEndian(data);
            if (told != serial)
            {
                problems.Report(draft, record, ZoneFlaw.DigestWrong, new ZoneExpectation(ZoneTerm.DigestSerial, $"{serial}"), $"{told}");
                continue;
            }
            if (!_digests.TryGetValue(data[5], out var digest)) { _digests[data[5]] = digest = Digest(order, data[5]); }
            if (!data[ZoneDigest.FixedLength..].SequenceEqual(digest))
            {
                problems.Report(
                    draft, record, ZoneFlaw.DigestWrong, new ZoneExpectation(ZoneTerm.DigestOfZone, Begin(digest)),
                    Begin(data[ZoneDigest.FixedLength..]));
            }
        }
    }

    private byte[] Digest(int[] order, byte algorithm)
    {
        using var hash = new ZoneHash(algorithm);
        foreach (var node in order)
        {
            for (var set = draft.Nodes[node].FirstSet; set != ZoneDraft.None; set = draft.Sets[set].Next)
            {
                var type = new RecordType(draft.Sets[set].Type);
                for (var record = draft.Sets[set].First; record != ZoneDraft.None; record = draft.Records[record].Next)
                {
                    var data = draft.DataOf(draft.Records[record]).ToArray();
                    if (node == ZoneDraft.Apex && ZoneDigest.IsOfDigest(type, data)) { continue; }
                    RecordTypes.LayoutOf(type).Canonicalize(data);
                    hash.Add(type, draft.Class, new Ttl(draft.Records[record].Ttl), data);
                }
            }
            hash.EndOwner(draft.FullNameOf(node).ToLower().Wire);
        }
        return hash.End();
    }

    private static string Begin(ReadOnlySpan<byte> digest) => Convert.ToHexString(digest[..Math.Min(digest.Length, ShownDigits / 2)]) + "…";
}
