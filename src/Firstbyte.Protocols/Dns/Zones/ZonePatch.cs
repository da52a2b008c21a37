using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>Makes the store of a zone's next version out of the one before, where a change is small, at the cost of what has changed.</summary>
/// <remarks>
/// Theory of operation. The two versions share the blocks of all names that stay as they are. Blocks are made for the names that change, for the zone's own
/// name, whose SOA record always does, and for names whose servers or mail hosts change, because a block holds where those are. All of them, and all that
/// stands above them, make a small draft, which is marked, checked and written as that of a whole zone is; then the order and the table of the version before
/// are copied, as bytes, and corrected. Left to those who make a zone anew is whatever changes how others are to be read (delegations, DNAMEs, wildcards, a
/// name that goes while there are names below it), every signed zone, and each change after <see cref="MaxPatches"/> others, as what has become unused stays
/// in the blocks until then. Who names a host whose addresses change is found by one pass over the zone.
/// </remarks>
internal sealed class ZonePatch
{
    /// <summary>Names that change at once (own choice): more are no small change.</summary>
    private const int MaxNames = 256;

    /// <summary>Changes after each other, before the zone is made anew (own choice): each leaves a chunk behind, of which there are at most 16,384.</summary>
    private const int MaxPatches = 512;

    /// <summary>A zone of fewer names is made anew faster than it is corrected (own choice).</summary>
    internal const int LeastNames = 256;

    private readonly Zone _zone;
    private readonly ZoneStore _old;
    private readonly ZoneDraft _draft;
    private readonly IReadOnlyDictionary<DnsName, HashSet<DnsRecord>> _touched;
    private readonly HashSet<DnsName> _included = new(DnsNameComparer.Instance);
    private readonly HashSet<DnsName> _rewritten = new(DnsNameComparer.Instance);
    private readonly ZonePlace _place;

    private ZonePatch(Zone zone, IReadOnlyDictionary<DnsName, HashSet<DnsRecord>> touched)
    {
        (_zone, _old, _touched) = (zone, zone.Store, touched);
        _draft = new ZoneDraft(zone.Origin);
        _place = new ZonePlace(zone.Origin.ToString(), 0, 0);
    }

    /// <summary>The store of the next version; null where the zone has to be made anew.</summary>
    /// <param name="zone">The version before.</param>
    /// <param name="soa">The SOA record of the next one.</param>
    /// <param name="touched">The names that change, with all their records as they will be, the SOA record left out.</param>
    public static ZoneStore? TryMake(Zone zone, DnsRecord soa, IReadOnlyDictionary<DnsName, HashSet<DnsRecord>> touched) =>
        zone.Denial is null && zone.Store.Count >= LeastNames && zone.Store.Patches < MaxPatches && touched.Count <= MaxNames
            ? new ZonePatch(zone, touched).Make(soa)
            : null;

    private ZoneStore? Make(DnsRecord soa)
    {
        foreach (var (name, records) in _touched)
        {
            if (IsStructural(name, _zone.RecordsAt(name)) || IsStructural(name, records)) { return null; }
        }
        _draft.Add(soa.Owner.Wire, soa.Class, soa.Ttl, soa.Type, soa.RawData, _place);
        Rewrite(_zone.Origin);
        foreach (var (name, records) in _touched)
        {
            if (records.Count > 0) { Rewrite(name); }
        }
        if (!TryRewriteReferring()) { return null; }
        var order = CanonicalOrder.Of(_draft);
        ZoneStoreBuilder.Mark(_draft, order);
        var problems = new List<ZoneProblem>();
        new ZoneCheck(_draft, order, problems).Run();
        // Why it is no zone is told by those who see all of it.
        return problems.Exists(static problem => problem.IsError) ? null : Assemble(order);
    }

    /// <summary>Whether a record at a name changes how other names are to be read, or whether the name itself does.</summary>
    private bool IsStructural(DnsName name, HashSet<DnsRecord> records)
    {
        for (var rest = name.Wire; rest.Length > _zone.Origin.Length; rest = WireName.Parent(rest))
        {
            if (rest is [1, (byte)'*', ..]) { return true; }
        }
        var isApex = name == _zone.Origin;
        return records.Any(record => record.Type == RecordType.DNAME || record.Type == RecordType.NS && !isApex || IsOfSigning(record.Type));
    }

    private static bool IsOfSigning(RecordType type) =>
        type == RecordType.RRSIG || type == RecordType.NSEC || type == RecordType.NSEC3 || type == RecordType.NSEC3PARAM || type == RecordType.DNSKEY;

    private static bool IsAddress(DnsRecord record) => record.Type == RecordType.A || record.Type == RecordType.AAAA;

    /// <summary>A name whose block is made anew: its records, and the addresses of those that it names.</summary>
    private void Rewrite(DnsName name)
    {
        if (!_rewritten.Add(name)) { return; }
        Include(name);
        foreach (var record in RecordsOf(name))
        {
            if (TargetOf(record) is { } target && target.IsSubdomainOf(_zone.Origin)) { Include(target); }
        }
    }

    /// <summary>Puts a name and all above it into the draft, as they will be.</summary>
    private void Include(DnsName name)
    {
        for (; ; name = DnsName.FromValidWire(WireName.Parent(name.Wire)))
        {
            if (!_included.Add(name)) { return; }
            foreach (var record in RecordsOf(name))
            {
                _draft.Add(record.Owner.Wire, record.Class, record.Ttl, record.Type, record.RawData, _place);
            }
            if (name.Wire.Length == _zone.Origin.Length) { return; }
        }
    }

    private HashSet<DnsRecord> RecordsOf(DnsName name) => _touched.TryGetValue(name, out var records) ? records : _zone.RecordsAt(name);

    private static DnsName? TargetOf(DnsRecord record) => record.Data switch
    {
        NameData data when data.Type == RecordType.NS => data.Target,
        MxData data => data.Exchange,
        SrvData data => data.Target,
        _ => null,
    };

    /// <summary>
    /// Whoever names a host whose block is made anew, or who has addresses no more or for the first time, has its own block made anew too, and so on; false
    /// when it becomes too many.
    /// </summary>
    private bool TryRewriteReferring()
    {
        var known = new HashSet<DnsName>(DnsNameComparer.Instance);
        while (_rewritten.Count <= MaxNames)
        {
            var hosts = _rewritten.Concat(_touched.Keys)
                .Where(name => !known.Contains(name) && (_zone.RecordsAt(name).Any(IsAddress) || RecordsOf(name).Any(IsAddress)))
                .ToHashSet(DnsNameComparer.Instance);
            if (hosts.Count == 0) { return true; }
            known.UnionWith(hosts);
            FindReferring(hosts);
        }
        return false;
    }

    /// <summary>The names whose sets name one of these hosts: their blocks hold where the host's is, if it has addresses.</summary>
    private void FindReferring(HashSet<DnsName> hosts)
    {
        foreach (var address in _old.Order)
        {
            var node = _old[address];
            for (var (i, at) = (0, node.FirstSet); i < node.SetCount; i++)
            {
                var set = node.SetAt(at);
                if (set.Type.Value is 2 or 15 or 33)
                {
                    var owner = _zone.OwnerOf(address);
                    if (StoredRecords.ToRecordSet(set, owner, _zone.Class).Records.Any(record => TargetOf(record) is { } target && hosts.Contains(target)))
                    {
                        // A name that goes has nothing to be written.
                        if (RecordsOf(owner).Count > 0) { Rewrite(owner); }
                        break;
                    }
                }
                at += set.Size;
            }
        }
    }

    /// <summary>Writes the blocks, and the order and the table with them in their places.</summary>
    private ZoneStore? Assemble(int[] order)
    {
        var (written, places) = (new List<int>(), new List<(int Position, uint Before, int Node)>());
        foreach (var node in order)
        {
            var name = _draft.NameOf(node);
            var position = _old.PositionOf(name, out var isThere);
            var before = isThere ? _old.Order[position] : 0;
            if (isThere && !_rewritten.Contains(_draft.FullNameOf(node)))
            {
                // What stands between is a name without records where it was one before, or it goes as all who had to be told know.
                _draft.Nodes[node].Address = before;
                continue;
            }
            if (isThere) { _draft.Nodes[node].Marks |= _old[before].Marks & NodeMarks.Wildcard; }
            written.Add(node);
            places.Add((position, before, node));
        }
        var gone = new SortedDictionary<int, DnsName>();
        foreach (var (name, records) in _touched)
        {
            if (records.Count > 0) { continue; }
            var relative = name.Wire[..^_zone.Origin.Length];
            var position = _old.PositionOf(relative, out var isThere);
            if (!isThere || relative.Length == 0 || IsNeeded(name, position)) { return null; }
            gone.Add(position, name);
        }
        var blocks = _old.ForkBlocks();
        new ZoneStoreBuilder(_draft, order, blocks).Write(written);
        var newOrder = Merge(places, gone);
        if (_old.TryContinue(blocks, newOrder) is not { } store) { return null; }
        foreach (var (_, before, node) in places)
        {
            ref var one = ref _draft.Nodes[node];
            if (before == 0) { store.Enter(one.Hash, one.Address); }
            else { store.Replace(one.Hash, before, one.Address); }
        }
        foreach (var (position, name) in gone) { store.Replace(NameHash.Of(name.Wire), _old.Order[position], ZoneStore.Nowhere); }
        return store;
    }

    /// <summary>Whether a name that has lost its records is, or would leave, a name between others: those who make the zone anew see to it.</summary>
    private bool IsNeeded(DnsName name, int position)
    {
        if (_draft.Find(name.Wire) != ZoneDraft.None) { return true; }
        var relative = name.Wire[..^_zone.Origin.Length];
        if (position + 1 < _old.Count && IsBelow(_old[_old.Order[position + 1]].Name, relative)) { return true; }
        var parent = relative[(1 + relative[0])..];
        var above = _old[_old.Order[_old.PositionOf(parent, out _)]];
        return parent.Length > 0
            && (above.SetCount == 0 || _touched.TryGetValue(DnsName.FromValidWire(WireName.Parent(name.Wire)), out var left) && left.Count == 0);
    }

    private static bool IsBelow(ReadOnlySpan<byte> name, ReadOnlySpan<byte> ancestor)
    {
        while (name.Length > ancestor.Length) { name = name[(1 + name[0])..]; }
        return WireName.Equals(name, ancestor);
    }

    private uint[] Merge(List<(int Position, uint Before, int Node)> places, SortedDictionary<int, DnsName> gone)
    {
        var old = _old.Order;
        var merged = new List<uint>(old.Length + places.Count);
        // Places ascend, as they were found in canonical order.
        var (at, leaving, left) = (0, gone.Keys.ToArray(), 0);
        foreach (var (position, before, node) in places)
        {
            Copy(old, ref at, position);
            merged.Add(_draft.Nodes[node].Address);
            if (before != 0) { at++; }
        }
        Copy(old, ref at, old.Length);
        return [.. merged];

        void Copy(ReadOnlySpan<uint> source, ref int from, int to)
        {
            for (; left < leaving.Length && leaving[left] < to; left++)
            {
                merged.AddRange(source[from..leaving[left]]);
                from = leaving[left] + 1;
            }
            merged.AddRange(source[from..to]);
            from = to;
        }
    }
}
