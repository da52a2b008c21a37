using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>Says what keeps the records of a draft from being a zone, and what is unwise in them (RFC 1035 section 5.2).</summary>
internal sealed class ZoneCheck(ZoneDraft draft, int[] order, List<ZoneProblem> problems)
{
    private readonly DnsName _origin = draft.Origin;

    public void Run()
    {
        CheckApex();
        foreach (var node in order)
        {
            if (draft.Nodes[node].FirstSet != ZoneDraft.None) { CheckNode(node); }
        }
    }

    private void Report(ZonePlace place, ZoneFlaw flaw, ZoneExpectation expected, object found) =>
        problems.Add(new ZoneProblem(place, flaw, expected, found.ToString() ?? ""));

    /// <summary>Tells of the first record of a set.</summary>
    private void Report(int node, int set, ZoneFlaw flaw, ZoneExpectation expected) => Report(node, set, draft.Sets[set].First, flaw, expected);

    private void Report(int node, int set, int record, ZoneFlaw flaw, ZoneExpectation expected) =>
        Report(draft.PlaceOf(draft.Records[record]), flaw, expected, draft.ToRecord(node, new RecordType(draft.Sets[set].Type), draft.Records[record]));

    private void CheckApex()
    {
        var whole = new ZonePlace(draft.FirstFile ?? _origin.ToString(), 0, 0);
        var soa = draft.FindSet(ZoneDraft.Apex, RecordType.SOA);
        if (soa == ZoneDraft.None) { Report(whole, ZoneFlaw.SoaMissing, new ZoneExpectation(ZoneTerm.SoaAtOrigin, $"{_origin}"), ""); }
        else if (draft.Sets[soa].Count > 1)
        {
            Report(ZoneDraft.Apex, soa, draft.Records[draft.Sets[soa].First].Next, ZoneFlaw.SoaMisplaced, new ZoneExpectation(ZoneTerm.OneSoa));
        }
        if (!draft.Has(ZoneDraft.Apex, RecordType.NS)) { Report(whole, ZoneFlaw.NsMissing, new ZoneExpectation(ZoneTerm.NsAtOrigin, $"{_origin}"), ""); }
        for (var node = ZoneDraft.Apex + 1; node < draft.Nodes.Count; node++)
        {
            if (draft.FindSet(node, RecordType.SOA) is not ZoneDraft.None and var stray)
            {
                Report(node, stray, ZoneFlaw.SoaMisplaced, new ZoneExpectation(ZoneTerm.SoaOnlyAtOrigin, $"{_origin}"));
            }
        }
    }

    private void CheckNode(int node)
    {
        var marks = draft.Nodes[node].Marks;
        var isOwn = (marks & (NodeMarks.Cut | NodeMarks.BelowCut)) == NodeMarks.None;
        if (draft.FindSet(node, RecordType.CNAME) is not ZoneDraft.None and var alias && (draft.Sets[alias].Count > 1 || !IsAlone(node)))
        {
            var second = draft.Sets[alias].Count > 1 ? draft.Records[draft.Sets[alias].First].Next : draft.Sets[alias].First;
            Report(node, alias, second, ZoneFlaw.CnameNotAlone, new ZoneExpectation(ZoneTerm.CnameAlone));
        }
        if (draft.FindSet(node, RecordType.DNAME) is not ZoneDraft.None and var redirection && draft.Sets[redirection].Count > 1)
        {
            var second = draft.Records[draft.Sets[redirection].First].Next;
            Report(node, redirection, second, ZoneFlaw.DnameNotAlone, new ZoneExpectation(ZoneTerm.OneDname));
        }
        // A hash of a name has to stand somewhere (RFC 5155 section 3).
        if ((marks & NodeMarks.BelowRedirection) != NodeMarks.None && isOwn && !draft.Has(node, RecordType.NSEC3))
        {
            var above = draft.FullNameOf(Above(node, NodeMarks.Redirection));
            Report(node, draft.Nodes[node].FirstSet, ZoneFlaw.DnameNotAlone, new ZoneExpectation(ZoneTerm.NothingBelowDname, $"{above}"));
        }
        var servers = draft.FindSet(node, RecordType.NS);
        if (draft.NameOf(node) is [1, (byte)'*', ..]
            && (servers == ZoneDraft.None ? draft.FindSet(node, RecordType.DNAME) : servers) is not ZoneDraft.None and var undefined)
        {
            Report(node, undefined, ZoneFlaw.WildcardDelegation, new ZoneExpectation(ZoneTerm.NoWildcardDelegation));
        }
        if (!isOwn) { CheckBelowCut(node); }
        if (servers != ZoneDraft.None && (marks & NodeMarks.BelowCut) == NodeMarks.None) { CheckServers(node, servers); }
        if (isOwn && draft.FindSet(node, RecordType.MX) is not ZoneDraft.None and var exchanges) { CheckMailServers(node, exchanges); }
        CheckStanding(node, isOwn);
    }

    /// <summary>RFC 4035 section 2.5 puts signatures and NSEC beside a CNAME: the rows know.</summary>
    private bool IsAlone(int node)
    {
        for (var set = draft.Nodes[node].FirstSet; set != ZoneDraft.None; set = draft.Sets[set].Next)
        {
            if (RecordTypes.Find(new RecordType(draft.Sets[set].Type)) is not { } row || !row.Standing.HasFlag(Standing.BesideAlias)) { return false; }
        }
        return true;
    }

    /// <summary>The uppermost node at or above this one that has a mark; it is there.</summary>
    private int Above(int node, NodeMarks mark)
    {
        var found = node;
        for (; node != ZoneDraft.None; node = draft.Nodes[node].Parent)
        {
            if ((draft.Nodes[node].Marks & mark) != NodeMarks.None) { found = node; }
        }
        return found;
    }

    private void CheckBelowCut(int node)
    {
        var isCut = (draft.Nodes[node].Marks & NodeMarks.Cut) != NodeMarks.None;
        for (var set = draft.Nodes[node].FirstSet; set != ZoneDraft.None; set = draft.Sets[set].Next)
        {
            var type = new RecordType(draft.Sets[set].Type);
            var belongs = type == RecordType.A || type == RecordType.AAAA
                || isCut && (type == RecordType.NS || type == RecordType.DS || type == RecordType.NSEC || type == RecordType.RRSIG);
            if (belongs) { continue; }
            Report(node, set, ZoneFlaw.Hidden, new ZoneExpectation(ZoneTerm.OnlyGlue, $"{draft.FullNameOf(Above(node, NodeMarks.Cut))}"));
        }
    }

    private void CheckMailServers(int node, int set)
    {
        for (var record = draft.Sets[set].First; record != ZoneDraft.None; record = draft.Records[record].Next)
        {
            var target = draft.DataOf(draft.Records[record])[2..];
            if (draft.Find(target) is not ZoneDraft.None and var server && draft.Has(server, RecordType.CNAME))
            {
                Report(node, set, record, ZoneFlaw.MxIsAlias, new ZoneExpectation(ZoneTerm.MailServersOwnName, $"{DnsName.FromValidWire(target)}"));
            }
        }
    }

    /// <summary>What the rows say of where a type stands; SOA elsewhere is an error of its own.</summary>
    private void CheckStanding(int node, bool isOwn)
    {
        for (var set = draft.Nodes[node].FirstSet; set != ZoneDraft.None; set = draft.Sets[set].Next)
        {
            var type = new RecordType(draft.Sets[set].Type);
            if (RecordTypes.Find(type) is not { Standing: not Standing.Zone } row || type == RecordType.SOA) { continue; }
            if (row.Standing.HasFlag(Standing.Apex) && node != ZoneDraft.Apex && isOwn)
            {
                Report(node, set, ZoneFlaw.Misplaced, new ZoneExpectation(ZoneTerm.OnlyAtOrigin, $"{type}"));
            }
            if (row.Standing.HasFlag(Standing.Cut) && isOwn)
            {
                Report(node, set, ZoneFlaw.Misplaced, new ZoneExpectation(ZoneTerm.OnlyAtDelegation, $"{type}"));
            }
        }
    }

    private void CheckServers(int node, int set)
    {
        var isCut = (draft.Nodes[node].Marks & NodeMarks.Cut) != NodeMarks.None;
        for (var record = draft.Sets[set].First; record != ZoneDraft.None; record = draft.Records[record].Next)
        {
            var target = draft.DataOf(draft.Records[record]);
            if (!WireName.IsSubdomainOf(target, _origin.Wire)) { continue; }
            var server = draft.Find(target);
            if (server != ZoneDraft.None && draft.Has(server, RecordType.CNAME))
            {
                Report(node, set, record, ZoneFlaw.NsIsAlias, new ZoneExpectation(ZoneTerm.ServersOwnName, $"{DnsName.FromValidWire(target)}"));
                continue;
            }
            var encloser = server != ZoneDraft.None ? server : Encloser(target);
            // A server below another delegation of this zone has its address there.
            if ((draft.Nodes[encloser].Marks & (NodeMarks.Cut | NodeMarks.BelowCut)) != NodeMarks.None && Above(encloser, NodeMarks.Cut) != node) { continue; }
            if (server != ZoneDraft.None && (draft.Has(server, RecordType.A) || draft.Has(server, RecordType.AAAA))) { continue; }
            if (!(isCut && WireName.IsSubdomainOf(target, draft.FullNameOf(node).Wire)) && HasWildcardAddress(target)) { continue; }
            Report(node, set, record, ZoneFlaw.GlueMissing, new ZoneExpectation(ZoneTerm.AddressOfServer, $"{DnsName.FromValidWire(target)}"));
        }
    }

    /// <summary>The deepest name above one below the origin, which is above all of them.</summary>
    private int Encloser(ReadOnlySpan<byte> name)
    {
        var node = ZoneDraft.None;
        while (node == ZoneDraft.None)
        {
            name = WireName.Parent(name);
            node = draft.Find(name);
        }
        return node;
    }

    private bool HasWildcardAddress(ReadOnlySpan<byte> target)
    {
        // What stands at the origin exists: no wildcard speaks for it.
        if (target.Length == _origin.Length) { return false; }
        var above = Encloser(target);
        if ((draft.Nodes[above].Marks & NodeMarks.Wildcard) == NodeMarks.None || !draft.FullNameOf(above).TryPrepend("*"u8, out var name)) { return false; }
        var wildcard = draft.Find(name.Wire);
        return draft.Has(wildcard, RecordType.A) || draft.Has(wildcard, RecordType.AAAA);
    }
}
