using System.Buffers.Binary;
using System.Text;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Signing;

/// <summary>
/// Looks at the chain of a draft: whether every name has its link, and every link the right next one and the right types (RFC 4035 section 2.3, RFC
/// 5155 section 7.1).
/// </summary>
/// <remarks>
/// Theory of operation. A zone may have several chains at a time, NSEC's and one for each NSEC3PARAM record; each that can be used is looked at by
/// itself. The names that want a link are put in the order of the chain, by name or by hash; each is compared with the link that stands where its own
/// should be.
/// </remarks>
internal sealed class ChainCheck(ZoneDraft draft, ProblemsByKind problems)
{
    public void Run(int[] order, bool isWhole)
    {
        var hasNames = draft.Has(ZoneDraft.Apex, RecordType.NSEC);
        var parameters = draft.FindSet(ZoneDraft.Apex, RecordType.NSEC3PARAM);
        if (!hasNames && parameters == ZoneDraft.None)
        {
            problems.Report(ZoneFlaw.ChainMissing, new ZoneExpectation(ZoneTerm.ChainAtOrigin, $"{draft.Origin}"));
            return;
        }
        if (hasNames && isWhole) { CheckNames(order); }
        if (parameters == ZoneDraft.None) { return; }
        for (var record = draft.Sets[parameters].First; record != ZoneDraft.None; record = draft.Records[record].Next)
        {
            if (IsUsed(record) && isWhole) { CheckHashes(order, draft.DataOf(draft.Records[record])); }
        }
    }

    /// <summary>True for a chain whose links can be worked out, and are shown to those who ask.</summary>
    private bool IsUsed(int record)
    {
        var data = draft.DataOf(draft.Records[record]);
        // RFC 5155 section 4.1.2: with flags it is not for use yet, or no more. SHA-1 is the only algorithm there is.
        if (data[0] != 1 || data[1] != 0) { return false; }
        int iterations = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        if (iterations <= SignatureInspection.MaxBelievedIterations) { return true; }
        var isServed = iterations <= ZoneDenial.MaxIterations;
        var (term, most) = isServed
            ? (ZoneTerm.BelievedIterations, SignatureInspection.MaxBelievedIterations)
            : (ZoneTerm.ServedIterations, ZoneDenial.MaxIterations);
        problems.Report(draft, record, ZoneFlaw.IterationsTooMany, new ZoneExpectation(term, $"{most}"), $"{iterations}");
        return isServed;
    }

    /// <summary>True for what is the zone's own, and there for more than the chain's sake.</summary>
    private bool HasData(int node)
    {
        if ((draft.Nodes[node].Marks & NodeMarks.BelowCut) != NodeMarks.None) { return false; }
        for (var set = draft.Nodes[node].FirstSet; set != ZoneDraft.None; set = draft.Sets[set].Next)
        {
            var type = draft.Sets[set].Covered;
            if (type != RecordType.NSEC.Value && type != RecordType.NSEC3.Value) { return true; }
        }
        return false;
    }

    private void CheckNames(int[] order)
    {
        var names = Array.FindAll(order, HasData);
        for (var i = 0; i < names.Length; i++)
        {
            var (node, next) = (names[i], draft.FullNameOf(names[(i + 1) % names.Length]));
            var set = draft.FindSet(node, RecordType.NSEC);
            if (set == ZoneDraft.None)
            {
                ReportMissing(node, RecordType.NSEC, "");
                continue;
            }
            var record = draft.Sets[set].First;
            var data = draft.DataOf(draft.Records[record]);
            var length = RdataLayout.NameLength(data);
            if (!WireName.Equals(data[..length], next.Wire))
            {
                problems.Report(
                    draft, record, ZoneFlaw.ChainBroken, new ZoneExpectation(ZoneTerm.NextLink, $"{next}"),
                    $"{DnsName.FromValidWire(data[..length])}");
            }
            CheckTypes(node, record, data[length..]);
        }
        foreach (var node in order)
        {
            if (draft.FindSet(node, RecordType.NSEC) is not ZoneDraft.None and var stray && !HasData(node)) { ReportStray(stray); }
        }
    }

    private void CheckHashes(int[] order, ReadOnlySpan<byte> parameters)
    {
        var (iterations, salt) = (BinaryPrimitives.ReadUInt16BigEndian(parameters[2..]), parameters[5..].ToArray());
        var links = new SortedDictionary<string, HashedLink>(StringComparer.Ordinal);
        for (var node = 0; node < draft.Nodes.Count; node++)
        {
            if (LinkOf(node, parameters) is not ZoneDraft.None and var record)
            {
                var name = Encoding.ASCII.GetString(draft.NameOf(node).Slice(1, ZoneDenial.TextLength));
                links[name.ToLowerInvariant()] = new HashedLink(record);
            }
        }
        var hash = new byte[ZoneDenial.HashLength];
        var text = new byte[ZoneDenial.TextLength];
        var missing = new List<(string Hash, int Node)>();
        foreach (var node in order)
        {
            var isEmpty = draft.Nodes[node].FirstSet == ZoneDraft.None && (draft.Nodes[node].Marks & NodeMarks.BelowCut) == NodeMarks.None;
            if (!isEmpty && !HasData(node)) { continue; }
            ZoneDenial.Hash(draft.FullNameOf(node).Wire, salt, iterations, hash);
            DigitText.WriteBase32Hex(hash, text);
            var name = Encoding.ASCII.GetString(text);
            if (!links.TryGetValue(name, out var link)) { missing.Add((name, node)); }
            else { link.Node = node; }
        }
        Compare(links);
        var hashes = links.Keys.ToArray();
        foreach (var (name, node) in missing)
        {
            if (!MayBeLeftOut(node, name, hashes, links)) { ReportMissing(node, RecordType.NSEC3, name); }
        }
    }

    private void Compare(SortedDictionary<string, HashedLink> links)
    {
        string? first = null;
        HashedLink? before = null;
        foreach (var (name, link) in links)
        {
            first ??= name;
            if (before is not null) { CheckNext(before, name); }
            before = link;
            if (link.Node == ZoneDraft.None)
            {
                problems.Report(draft, link.Record, ZoneFlaw.ChainBroken, new ZoneExpectation(ZoneTerm.LinkedName), "");
                continue;
            }
            var data = draft.DataOf(draft.Records[link.Record]);
            CheckTypes(link.Node, link.Record, data[NextEnd(data)..]);
        }
        if (before is not null) { CheckNext(before, first!); }
    }

    private void CheckNext(HashedLink link, string next)
    {
        var data = draft.DataOf(draft.Records[link.Record]);
        var hash = data[NextStart(data)..NextEnd(data)];
        var text = new byte[ZoneDenial.TextLength];
        if (hash.Length == ZoneDenial.HashLength) { DigitText.WriteBase32Hex(hash, text); }
        var found = hash.Length == ZoneDenial.HashLength ? Encoding.ASCII.GetString(text) : Convert.ToHexString(hash);
        if (found == next) { return; }
        problems.Report(draft, link.Record, ZoneFlaw.ChainBroken, new ZoneExpectation(ZoneTerm.NextLink, next), found);
    }

    private static int NextStart(ReadOnlySpan<byte> link) => 5 + link[4] + 1;

    private static int NextEnd(ReadOnlySpan<byte> link) => NextStart(link) + link[5 + link[4]];

    /// <summary>RFC 5155 section 6: below a link that opts out unsigned delegations may have none, nor the names that only lead to them.</summary>
    private bool MayBeLeftOut(int node, string name, string[] hashes, SortedDictionary<string, HashedLink> links)
    {
        if (hashes.Length == 0 || draft.Nodes[node].FirstSet != ZoneDraft.None
            && ((draft.Nodes[node].Marks & NodeMarks.Cut) == NodeMarks.None || draft.Has(node, RecordType.DS))) { return false; }
        var at = ~Array.BinarySearch(hashes, name, StringComparer.Ordinal);
        var covering = links[hashes[at == 0 ? ^1 : at - 1]];
        return (draft.DataOf(draft.Records[covering.Record])[1] & 1) != 0;
    }

    /// <summary>The record of a node that is a link of the chain with these parameters.</summary>
    private int LinkOf(int node, ReadOnlySpan<byte> parameters)
    {
        var set = draft.FindSet(node, RecordType.NSEC3);
        if (set == ZoneDraft.None || draft.NameOf(node) is not [ZoneDenial.TextLength, ..]) { return ZoneDraft.None; }
        var record = draft.Sets[set].First;
        for (; record != ZoneDraft.None; record = draft.Records[record].Next)
        {
            var data = draft.DataOf(draft.Records[record]);
            // The flags in the second byte are those of each link.
            if (data[0] == parameters[0] && data[2..].StartsWith(parameters[2..])) { break; }
        }
        return record;
    }

    /// <summary>At a delegation only what is the zone's own counts (RFC 4035 section 2.3).</summary>
    private void CheckTypes(int node, int record, ReadOnlySpan<byte> bitmap)
    {
        var isCut = (draft.Nodes[node].Marks & NodeMarks.Cut) != NodeMarks.None;
        var types = new SortedSet<RecordType>();
        for (var set = draft.Nodes[node].FirstSet; set != ZoneDraft.None; set = draft.Sets[set].Next)
        {
            var type = new RecordType(draft.Sets[set].Type);
            var isOwn = !isCut || type == RecordType.NS || type == RecordType.DS || type == RecordType.RRSIG || type == RecordType.NSEC;
            if (isOwn) { types.Add(type); }
        }
        if (!bitmap.SequenceEqual(TypeBitmapField.ToWire(types)))
        {
            problems.Report(
                draft, record, ZoneFlaw.ChainBroken, new ZoneExpectation(ZoneTerm.LinkTypes, string.Join(' ', types)),
                string.Join(' ', TypeBitmapField.Types(bitmap)));
        }
    }

    private void ReportMissing(int node, RecordType type, string hash)
    {
        var expected = new ZoneExpectation(ZoneTerm.ChainLink, $"{type} {draft.FullNameOf(node)}", Field: hash);
        if (draft.Nodes[node].FirstSet == ZoneDraft.None) { problems.Report(ZoneFlaw.ChainBroken, expected); }
        else { problems.Report(draft, draft.Sets[draft.Nodes[node].FirstSet].First, ZoneFlaw.ChainBroken, expected, ""); }
    }

    private void ReportStray(int set) =>
        problems.Report(draft, draft.Sets[set].First, ZoneFlaw.ChainBroken, new ZoneExpectation(ZoneTerm.LinkedName), "");

    /// <summary>A link by the hash it stands at, and the name that has this hash.</summary>
    private sealed class HashedLink(int record)
    {
        public int Record { get; } = record;

        public int Node { get; set; } = ZoneDraft.None;
    }
}
