using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>Makes a zone of records and says what keeps them from being one (RFC 1035 section 5.2).</summary>
internal sealed class ZoneBuilder
{
    private readonly DnsName _origin;
    private readonly string _file;
    private readonly List<ZoneProblem> _problems;
    private readonly Dictionary<DnsName, ZoneNode> _nodes = new(DnsNameComparer.Instance);
    private readonly Dictionary<(DnsName Name, RecordType Type), List<ZoneLine>> _sets = [];
    private RecordClass _class = RecordClass.IN;

    private ZoneBuilder(ZoneFile file)
    {
        _origin = file.Origin;
        _file = file.Lines.Count > 0 ? file.Lines[0].Place.File : file.Origin.ToString();
        _problems = [.. file.Problems];
    }

    public static bool TryBuild(ZoneFile file, out Zone zone, out IReadOnlyList<ZoneProblem> problems)
    {
        var builder = new ZoneBuilder(file);
        builder.Sort(file.Lines);
        builder.MakeNodes();
        builder.CheckApex();
        builder.LinkNodes();
        builder.CheckNodes();
        builder.FindAddresses();
        problems = builder._problems;
        zone = null!;
        if (problems.Any(problem => problem.IsError)) { return false; }
        zone = new Zone(file.Origin, builder._class, builder._nodes);
        return true;
    }

    private void Report(ZonePlace place, ZoneFlaw flaw, ZoneExpectation expected, object found) =>
        _problems.Add(new ZoneProblem(place, flaw, expected, found.ToString() ?? ""));

    private void Report(ZoneLine line, ZoneFlaw flaw, ZoneExpectation expected) => Report(line.Place, flaw, expected, line.Record);

    /// <summary>Puts the records that may be in the zone into sets.</summary>
    private void Sort(IReadOnlyList<ZoneLine> lines)
    {
        if (lines.Count > 0) { _class = lines[0].Record.Class; }
        foreach (var line in lines)
        {
            var record = line.Record;
            if (!record.Owner.IsSubdomainOf(_origin))
            {
                Report(line, ZoneFlaw.OutOfZone, new ZoneExpectation(ZoneTerm.NameBelowOrigin, $"{_origin}"));
                continue;
            }
            if (record.Class != _class) { Report(line, ZoneFlaw.ClassDiffers, new ZoneExpectation(ZoneTerm.SameClass, $"{_class}")); continue; }
            if (record.Type.IsMeta || record.Type.Value == 0) { Report(line, ZoneFlaw.MetaType, new ZoneExpectation(ZoneTerm.HeldType)); continue; }
            var key = (record.Owner, record.Type);
            if (!_sets.TryGetValue(key, out var set)) { _sets[key] = set = []; }
            if (set.Exists(other => other.Record.Data.Equals(record.Data)))
            {
                Report(line, ZoneFlaw.Duplicate, new ZoneExpectation(ZoneTerm.EachOnce));
                continue;
            }
            set.Add(line);
        }
    }

    private void MakeNodes()
    {
        Node(_origin);
        foreach (var group in _sets.GroupBy(pair => pair.Key.Name))
        {
            Node(group.Key).Entries = [.. group.OrderBy(pair => pair.Key.Type).Select(pair => new ZoneSetEntry(ToSet(pair.Value)))];
        }
    }

    /// <summary>The node of a name; made, with all names between it and the origin, when it is not there.</summary>
    private ZoneNode Node(DnsName name)
    {
        if (_nodes.TryGetValue(name, out var node)) { return node; }
        _nodes[name] = node = new ZoneNode(name);
        if (name != _origin)
        {
            var parent = Node(name.Parent);
            if (name.IsWildcard) { parent.Wildcard = node; }
        }
        return node;
    }

    private RecordSet ToSet(List<ZoneLine> lines)
    {
        var first = lines[0].Record;
        var ttl = lines.Min(line => line.Record.Ttl);
        if (lines.Find(line => line.Record.Ttl != first.Ttl) is { } other)
        {
            Report(other, ZoneFlaw.TtlsDiffer, new ZoneExpectation(ZoneTerm.SameTtl, $"{first.Ttl}"));
        }
        return new RecordSet(first.Owner, first.Type, first.Class, ttl, [.. lines.Select(line => line.Record.Data)]);
    }

    private void CheckApex()
    {
        var whole = new ZonePlace(_file, 0, 0);
        if (!_sets.TryGetValue((_origin, RecordType.SOA), out var soa))
        {
            Report(whole, ZoneFlaw.SoaMissing, new ZoneExpectation(ZoneTerm.SoaAtOrigin, $"{_origin}"), "");
        }
        else if (soa.Count > 1) { Report(soa[1], ZoneFlaw.SoaMisplaced, new ZoneExpectation(ZoneTerm.OneSoa)); }
        if (!_sets.ContainsKey((_origin, RecordType.NS))) { Report(whole, ZoneFlaw.NsMissing, new ZoneExpectation(ZoneTerm.NsAtOrigin, $"{_origin}"), ""); }
        foreach (var (key, lines) in _sets)
        {
            if (key.Type == RecordType.SOA && key.Name != _origin)
            {
                Report(lines[0], ZoneFlaw.SoaMisplaced, new ZoneExpectation(ZoneTerm.SoaOnlyAtOrigin, $"{_origin}"));
            }
        }
    }

    /// <summary>Writes into every node the delegation and the DNAME that hold for it: parents first, as canonical order has them.</summary>
    private void LinkNodes()
    {
        foreach (var node in _nodes.Values.OrderBy(node => node.Name))
        {
            if (node.Name == _origin) { continue; }
            var parent = _nodes[node.Name.Parent];
            node.Cut = parent.Cut ?? (node.Find(RecordType.NS) is null ? null : node);
            node.Redirection = parent.Redirection ?? (parent.Find(RecordType.DNAME) is null ? null : parent);
        }
    }

    private void CheckNodes()
    {
        foreach (var node in _nodes.Values.OrderBy(node => node.Name))
        {
            if (node.Entries.Length == 0) { continue; }
            var first = Line(node, node.Entries[0].Set.Type);
            if (node.Find(RecordType.CNAME) is { } alias
                && (alias.Set.Data.Count > 1 || Array.Exists(node.Entries, entry => !MayStandBesideCname(entry.Set.Type))))
            {
                Report(Line(node, RecordType.CNAME), ZoneFlaw.CnameNotAlone, new ZoneExpectation(ZoneTerm.CnameAlone));
            }
            if (node.Find(RecordType.DNAME) is { Set.Data.Count: > 1 })
            {
                Report(Line(node, RecordType.DNAME), ZoneFlaw.DnameNotAlone, new ZoneExpectation(ZoneTerm.OneDname));
            }
            if (node.Redirection is { } above && node.Cut is null)
            {
                Report(first, ZoneFlaw.DnameNotAlone, new ZoneExpectation(ZoneTerm.NothingBelowDname, $"{above.Name}"));
            }
            if (node.Name.IsWildcard && (node.Find(RecordType.NS) ?? node.Find(RecordType.DNAME)) is { } undefined)
            {
                Report(Line(node, undefined.Set.Type), ZoneFlaw.WildcardDelegation, new ZoneExpectation(ZoneTerm.NoWildcardDelegation));
            }
            if (node.Cut is not null) { CheckBelowCut(node); }
            if (node.Find(RecordType.NS) is not null && (node.Cut is null || node.IsCut)) { CheckServers(node); }
            if (node.Find(RecordType.MX) is not null && node.Cut is null) { CheckMailServers(node); }
            CheckStanding(node);
        }
    }

    /// <summary>RFC 4035 section 2.5 puts signatures and NSEC beside a CNAME: the rows know.</summary>
    private static bool MayStandBesideCname(RecordType type) => RecordTypes.Find(type) is { } row && row.Standing.HasFlag(Standing.BesideAlias);

    private void CheckBelowCut(ZoneNode node)
    {
        foreach (var entry in node.Entries)
        {
            var type = entry.Set.Type;
            var belongs = type == RecordType.A || type == RecordType.AAAA
                || node.IsCut && (type == RecordType.NS || type == RecordType.DS || type == RecordType.NSEC || type == RecordType.RRSIG);
            if (!belongs) { Report(Line(node, type), ZoneFlaw.Hidden, new ZoneExpectation(ZoneTerm.OnlyGlue, $"{node.Cut!.Name}")); }
        }
    }

    private void CheckMailServers(ZoneNode node)
    {
        foreach (var line in _sets[(node.Name, RecordType.MX)])
        {
            var target = ((MxData)line.Record.Data).Exchange;
            if (_nodes.TryGetValue(target, out var server) && server.Find(RecordType.CNAME) is not null)
            {
                Report(line, ZoneFlaw.MxIsAlias, new ZoneExpectation(ZoneTerm.MailServersOwnName, $"{target}"));
            }
        }
    }

    /// <summary>What the rows say of where a type stands; SOA elsewhere is an error of its own.</summary>
    private void CheckStanding(ZoneNode node)
    {
        foreach (var type in node.Entries.Select(static entry => entry.Set.Type))
        {
            if (RecordTypes.Find(type) is not { } row || type == RecordType.SOA) { continue; }
            if (row.Standing.HasFlag(Standing.Apex) && node.Name != _origin && node.Cut is null)
            {
                Report(Line(node, type), ZoneFlaw.Misplaced, new ZoneExpectation(ZoneTerm.OnlyAtOrigin, $"{type}"));
            }
            if (row.Standing.HasFlag(Standing.Cut) && node.Cut is null)
            {
                Report(Line(node, type), ZoneFlaw.Misplaced, new ZoneExpectation(ZoneTerm.OnlyAtDelegation, $"{type}"));
            }
        }
    }

    private void CheckServers(ZoneNode node)
    {
        foreach (var line in _sets[(node.Name, RecordType.NS)])
        {
            var target = ((NameData)line.Record.Data).Target;
            if (!target.IsSubdomainOf(_origin)) { continue; }
            var exists = _nodes.TryGetValue(target, out var server);
            if (exists && server!.Find(RecordType.CNAME) is not null)
            {
                Report(line, ZoneFlaw.NsIsAlias, new ZoneExpectation(ZoneTerm.ServersOwnName, $"{target}"));
                continue;
            }
            // A server below another delegation of this zone has its address there.
            if (exists ? server!.Cut is not null && server.Cut != node : IsBelowOtherCut(target, node)) { continue; }
            if (!exists || server!.Find(RecordType.A) is null && server.Find(RecordType.AAAA) is null)
            {
                if (!(node.IsCut && target.IsSubdomainOf(node.Name)) && HasWildcardAddress(target)) { continue; }
                Report(line, ZoneFlaw.GlueMissing, new ZoneExpectation(ZoneTerm.AddressOfServer, $"{target}"));
            }
        }
    }

    private bool IsBelowOtherCut(DnsName target, ZoneNode node)
    {
        for (var name = target.Parent; name.IsSubdomainOf(_origin); name = name.Parent)
        {
            if (_nodes.TryGetValue(name, out var above)) { return above.Cut is not null && above.Cut != node; }
        }
        return false;
    }

    private bool HasWildcardAddress(DnsName target)
    {
        for (var name = target.Parent; name.IsSubdomainOf(_origin); name = name.Parent)
        {
            if (_nodes.TryGetValue(name, out var above))
            {
                return above.Wildcard is { } wildcard && (wildcard.Find(RecordType.A) ?? wildcard.Find(RecordType.AAAA)) is not null;
            }
        }
        return false;
    }

    private void FindAddresses()
    {
        foreach (var node in _nodes.Values)
        {
            foreach (var entry in node.Entries)
            {
                if (Targets(entry.Set) is not { Count: > 0 } targets) { continue; }
                var isReferral = node.IsCut && entry.Set.Type == RecordType.NS;
                var addresses = targets.SelectMany(target => Addresses(target, mayBeGlue: isReferral)).ToList();
                entry.RequiredGlue = isReferral ? [.. addresses.Where(set => set.Owner.IsSubdomainOf(node.Name))] : [];
                entry.Addresses = [.. addresses.Where(set => !entry.RequiredGlue.Contains(set))];
            }
        }
    }

    private static List<DnsName> Targets(RecordSet set) =>
        [.. set.Data.Select(data => data switch
        {
            NameData name when set.Type == RecordType.NS => name.Target,
            MxData mx => mx.Exchange,
            SrvData srv => srv.Target,
            _ => DnsName.Root,
        }).Where(name => !name.IsRoot).Distinct()];

    private IEnumerable<RecordSet> Addresses(DnsName name, bool mayBeGlue)
    {
        if (!_nodes.TryGetValue(name, out var node) || node.Cut is not null && !mayBeGlue) { return []; }
        return node.Entries.Select(entry => entry.Set).Where(set => set.Type == RecordType.A || set.Type == RecordType.AAAA);
    }

    private ZoneLine Line(ZoneNode node, RecordType type) => _sets[(node.Name, type)][0];
}
