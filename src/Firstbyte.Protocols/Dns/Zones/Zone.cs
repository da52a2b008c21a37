using System.Runtime.CompilerServices;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>One version of the data of a zone, ready to be asked; it never changes, and the next version is made beside it.</summary>
/// <remarks>
/// Theory of operation. Every name of the zone has a block in the store (<see cref="ZoneStore"/>), the empty non-terminals included, with marks of what
/// RFC 1034 section 4.3.2 would find on its way down: a delegation, a DNAME, a wildcard. A query for a name that exists is then one
/// look-up. Only below a delegation or a DNAME, and for a name that does not exist, the walk down is made, to the closest encloser (RFC
/// 4592 section 3.3.1); it ends at the first missing label. The hashes of a name and of all its ancestors come from one pass over its labels.
/// </remarks>
public sealed class Zone
{
    private readonly byte[] _negativeSoa;

    private Zone(DnsName origin, RecordClass recordClass, ZoneStore store)
    {
        (Origin, Class, Store) = (origin, recordClass, store);
        OriginLabels = origin.LabelCount;
        var set = ToRecordSet(Apex, store[Apex].Find(RecordType.SOA));
        (Soa, SoaTtl) = ((SoaData)set.Data[0], set.Ttl);
        NegativeSoa = new RecordSet(set.Owner, set.Type, set.Class, Ttl.Min(set.Ttl, Ttl.FromWire(Soa.Minimum)), Soa);
        var draft = new ZoneDraft(origin);
        draft.Add(origin.Wire, recordClass, NegativeSoa.Ttl, RecordType.SOA, Soa.Wire, default);
        var stored = store.SetAt(Apex, store[Apex].Find(RecordType.SOA));
        if (stored.IsSigned)
        {
            // RFC 4034 section 3: a signature has the TTL of what it covers.
            foreach (var signature in StoredRecords.ToRecordSet(stored.Signatures, origin, recordClass).Data)
            {
                draft.Add(origin.Wire, recordClass, NegativeSoa.Ttl, RecordType.RRSIG, signature.Wire, default);
            }
        }
        _negativeSoa = [];
        var (writer, length) = (new SetWriter(draft), 0);
        for (var index = draft.Nodes[ZoneDraft.Apex].FirstSet; index != ZoneDraft.None; index = draft.Sets[index].Next)
        {
            length = writer.Write(ZoneDraft.Apex, index, origin.Wire, ref _negativeSoa, length);
        }
        Denial = ZoneDenial.Of(store);
    }

    /// <summary>The zone's name.</summary>
    public DnsName Origin { get; }

    /// <summary>The class of all its records.</summary>
    public RecordClass Class { get; }

    /// <summary>The SOA record's data.</summary>
    public SoaData Soa { get; }

    /// <summary>The SOA record.</summary>
    public DnsRecord SoaRecord => new(Origin, Class, SoaTtl, Soa);

    /// <summary>The versions before this one, as far as they are kept.</summary>
    public ZoneHistory History { get; private set; } = ZoneHistory.None;

    /// <summary>
    /// Whether a secondary has lost its primary for longer than the zone allows (RFC 1035 section 3.3.13), or has never had the zone: it is not served then.
    /// </summary>
    public bool IsExpired { get; private set; }

    /// <summary>The SOA set as it stands in a negative answer: with the smaller of its TTL and MINIMUM (RFC 2308 section 3).</summary>
    public RecordSet NegativeSoa { get; }

    /// <summary>The number of names, empty non-terminals included.</summary>
    public int NameCount => Store.Count;

    /// <summary>The bytes that the names and their records take in memory.</summary>
    public long StoredBytes => Store.Size;

    /// <summary>Every set of the zone, glue included, in canonical order of names.</summary>
    public IEnumerable<RecordSet> Sets
    {
        get
        {
            for (var i = 0; i < Store.Count; i++)
            {
                foreach (var set in SetsAt(Store.Order[i])) { yield return set; }
            }
        }
    }

    internal ZoneStore Store { get; }

    internal int OriginLabels { get; }

    /// <summary>How the zone shows what it does not hold; null when it is not signed.</summary>
    internal ZoneDenial? Denial { get; }

    /// <summary>The same as <see cref="NegativeSoa"/>, ready for answers.</summary>
    internal SetView NegativeSoaView => new(_negativeSoa);

    private Ttl SoaTtl { get; }

    private uint Apex => Store.Order[0];

    /// <summary>Reads and checks a zone file. False when it has errors; <paramref name="problems"/> then tells all of them, and warnings in any case.</summary>
    public static bool TryLoad(
        string text, string file, DnsName origin, out Zone zone, out IReadOnlyList<ZoneProblem> problems,
        Func<string, string?>? readFile = null, ZoneInspection? inspection = null)
    {
        var draft = new ZoneDraft(origin);
        return TryBuild(draft, ZoneFileReader.Read(text, file, origin, draft, readFile), out zone, out problems, inspection);
    }

    /// <summary>Makes a zone of records. False when they are no whole zone; <paramref name="problems"/> then tells why.</summary>
    public static bool TryCreate(DnsName origin, IEnumerable<DnsRecord> records, out Zone zone, out IReadOnlyList<ZoneProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(records);
        var place = new ZonePlace(origin.ToString(), 0, 0);
        var draft = new ZoneDraft(origin);
        foreach (var record in records) { draft.Add(record.Owner.Wire, record.Class, record.Ttl, record.Type, record.RawData, place); }
        return TryBuild(draft, [], out zone, out problems);
    }

    /// <summary>A zone that is not there yet: its name, and that it is not served.</summary>
    public static Zone Absent(DnsName origin)
    {
        var soa = new DnsRecord(origin, Ttl.Zero, new SoaData(origin, origin, 0, 0, 0, 0, 0));
        DnsRecord[] records = [soa, new(origin, Ttl.Zero, new NameData(RecordType.NS, DnsName.Root))];
        return TryCreate(origin, records, out var zone, out _) ? zone.WithExpiry(true) : throw new InvalidOperationException("a zone of two records is none");
    }

    /// <summary>The same version with what is known of those before it.</summary>
    public Zone WithHistory(ZoneHistory history)
    {
        var copy = (Zone)MemberwiseClone();
        copy.History = history;
        return copy;
    }

    /// <summary>A number of all records, by which a zone that was changed is told from one that was not.</summary>
    internal ulong ContentHash()
    {
        var sum = 0UL;
        Span<byte> owner = stackalloc byte[WireName.MaxLength];
        foreach (var address in Store.Order)
        {
            var node = Store[address];
            node.Name.CopyTo(owner);
            Origin.Wire.CopyTo(owner[node.Name.Length..]);
            var whole = owner[..(node.Name.Length + Origin.Length)];
            foreach (ref var value in whole) { value = WireName.Fold(value); }
            for (var (i, at) = (0, node.FirstSet); i < node.SetCount; i++)
            {
                var set = node.SetAt(at);
                sum += StoredRecords.HashOf(set, whole);
                at += set.Size;
            }
        }
        return sum;
    }

    /// <summary>The same version, served or not.</summary>
    public Zone WithExpiry(bool isExpired)
    {
        var copy = (Zone)MemberwiseClone();
        copy.IsExpired = isExpired;
        return copy;
    }

    /// <summary>
    /// Makes the next version. False when the difference does not fit: it begins with another version, takes away what is not there or brings what is, or
    /// what comes out is no whole zone.
    /// </summary>
    public bool TryApply(ZoneDifference difference, out Zone next, out IReadOnlyList<ZoneProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(difference);
        (next, problems) = (null!, []);
        if (!difference.OldSoa.Equals(SoaRecord) || difference.NewSoa is not { Type.Value: 6 } || difference.NewSoa.Owner != Origin) { return false; }
        var touched = new Dictionary<DnsName, HashSet<DnsRecord>>(DnsNameComparer.Instance);
        foreach (var record in difference.Removed.Concat(difference.Added))
        {
            if (!touched.ContainsKey(record.Owner)) { touched[record.Owner] = RecordsAt(record.Owner); }
        }
        foreach (var record in difference.Removed)
        {
            if (!touched[record.Owner].Remove(record)) { return false; }
        }
        foreach (var record in difference.Added)
        {
            if (!touched[record.Owner].Add(record)) { return false; }
        }
        if (ZonePatch.TryMake(this, difference.NewSoa, touched) is { } store)
        {
            next = new Zone(Origin, Class, store) { History = History.With(difference) };
            return true;
        }
        var place = new ZonePlace(Origin.ToString(), 0, 0);
        var draft = new ZoneDraft(Origin);
        Add(difference.NewSoa);
        for (var i = 0; i < Store.Count; i++)
        {
            var address = Store.Order[i];
            if (touched.ContainsKey(OwnerOf(address))) { continue; }
            foreach (var record in SetsAt(address).SelectMany(static set => set.Records)) { Add(record); }
        }
        foreach (var record in touched.Values.SelectMany(static records => records)) { Add(record); }
        if (!TryBuild(draft, [], out next, out problems)) { return false; }
        next.History = History.With(difference);
        return true;

        void Add(DnsRecord record)
        {
            if (record.Type == RecordType.SOA && !ReferenceEquals(record, difference.NewSoa)) { return; }
            draft.Add(record.Owner.Wire, record.Class, record.Ttl, record.Type, record.RawData, place);
        }
    }

    /// <summary>The records of a name, its SOA record left out; none when it is not there.</summary>
    internal HashSet<DnsRecord> RecordsAt(DnsName owner)
    {
        var address = AddressOf(owner);
        return address == 0 ? [] : [.. SetsAt(address).Where(static set => set.Type != RecordType.SOA).SelectMany(static set => set.Records)];
    }

    /// <summary>Where a name of the zone is stored; 0 when it is not.</summary>
    [SkipLocalsInit]
    private uint AddressOf(DnsName owner)
    {
        if (!owner.IsSubdomainOf(Origin)) { return 0; }
        Span<byte> starts = stackalloc byte[WireName.MaxLabels];
        Span<ulong> hashes = stackalloc ulong[WireName.MaxLabels];
        var name = new HashedName(owner.Wire, starts, hashes);
        return Store.Find(name.HashOf(name.LabelCount), name.Wire[..^Origin.Length]);
    }

    /// <summary>What the zone says about a name at or below its origin.</summary>
    public ZoneFinding Find(DnsName name, RecordType type) => Find(name.Wire, type);

    /// <summary>
    /// What the zone says about a name, in wire form, at or below its origin. <see cref="RecordType.Any"/> finds one set of the name (RFC
    /// 8482 section 4.1).
    /// </summary>
    [SkipLocalsInit]
    public ZoneFinding Find(ReadOnlySpan<byte> name, RecordType type)
    {
        Span<byte> starts = stackalloc byte[WireName.MaxLabels];
        Span<ulong> hashes = stackalloc ulong[WireName.MaxLabels];
        return Find(new HashedName(name, starts, hashes), type);
    }

    /// <summary>The same for a name whose labels and hashes are known.</summary>
    internal ZoneFinding Find(in HashedName name, RecordType type)
    {
        var address = Store.Find(name.HashOf(name.LabelCount), name.Wire[..^Origin.Length]);
        if (address != 0)
        {
            var node = Store[address];
            var marks = node.Marks;
            // RFC 4035 section 3.1.4.1: DS belongs to the parent's side of the cut.
            if ((marks & NodeMarks.Cut) != NodeMarks.None && type != RecordType.DS)
            {
                return new ZoneFinding(this, ZoneFindingKind.Referral, address, node.Find(RecordType.NS));
            }
            if ((marks & (NodeMarks.BelowCut | NodeMarks.BelowRedirection)) == NodeMarks.None) { return FindAt(address, node, type, isSynthesized: false); }
        }
        return FindBelow(name, address, type);
    }

    /// <summary>The set that starts at a place, as a value of its own.</summary>
    internal RecordSet ToRecordSet(uint node, int setAt)
    {
        var owner = OwnerOf(node);
        return StoredRecords.ToRecordSet(Store.SetAt(node, setAt), owner, Class);
    }

    private static bool TryBuild(
        ZoneDraft draft, IReadOnlyList<ZoneProblem> read, out Zone zone, out IReadOnlyList<ZoneProblem> problems, ZoneInspection? inspection = null)
    {
        zone = null!;
        var found = new List<ZoneProblem>([.. read, .. draft.Problems]);
        var order = CanonicalOrder.Of(draft);
        ZoneStoreBuilder.Mark(draft, order);
        // Where reading ended early, whatever is missing may stand in the rest.
        if (!read.Any(static problem => problem.EndsReading)) { new ZoneCheck(draft, order, found).Run(); }
        problems = found;
        if (found.Exists(static problem => problem.IsError)) { return false; }
        inspection?.Run(draft, order, found);
        zone = new Zone(draft.Origin, draft.Class, new ZoneStoreBuilder(draft, order).Build());
        return true;
    }

    private ZoneFinding FindAt(uint address, NodeView node, RecordType type, bool isSynthesized)
    {
        if (type == RecordType.Any && node.SetCount > 0) { return new ZoneFinding(this, ZoneFindingKind.Answer, address, node.FirstSet, isSynthesized); }
        var set = node.Find(type);
        if (set != 0) { return new ZoneFinding(this, ZoneFindingKind.Answer, address, set, isSynthesized); }
        set = node.Find(RecordType.CNAME);
        return new ZoneFinding(this, set == 0 ? ZoneFindingKind.NoData : ZoneFindingKind.Alias, address, set, isSynthesized);
    }

    /// <summary>
    /// The walk down from the origin (RFC 1034 section 4.3.2 step 3), for a name that does not exist or has a delegation or a DNAME above
    /// itself. The first of these ends it, and so does the first missing name: what stands before that is the closest encloser.
    /// </summary>
    private ZoneFinding FindBelow(in HashedName name, uint address, RecordType type)
    {
        var (encloser, labels) = (Apex, OriginLabels);
        for (var next = encloser; next != 0; labels++)
        {
            encloser = next;
            var node = Store[encloser];
            if ((node.Marks & NodeMarks.Cut) != NodeMarks.None) { return new ZoneFinding(this, ZoneFindingKind.Referral, encloser, node.Find(RecordType.NS)); }
            if ((node.Marks & NodeMarks.Redirection) != NodeMarks.None)
            {
                return new ZoneFinding(this, ZoneFindingKind.Redirection, encloser, node.Find(RecordType.DNAME));
            }
            var below = labels + 1;
            next = below == name.LabelCount ? address : Store.Find(name.HashOf(below), name.Wire[name.StartOf(below)..^Origin.Length]);
        }
        if ((Store[encloser].Marks & NodeMarks.Wildcard) == NodeMarks.None) { return new ZoneFinding(this, ZoneFindingKind.NameError, encloser); }
        var wildcard = FindWildcard(Store[encloser].Name, name.HashOf(labels - 1));
        return FindAt(wildcard, Store[wildcard], type, isSynthesized: true);
    }

    [SkipLocalsInit]
    private uint FindWildcard(ReadOnlySpan<byte> encloser, ulong hash)
    {
        Span<byte> name = stackalloc byte[2 + WireName.MaxLength];
        name[0] = 1;
        name[1] = (byte)'*';
        encloser.CopyTo(name[2..]);
        return Store.Find(NameHash.Extend(hash, "*"u8), name[..(2 + encloser.Length)]);
    }

    internal DnsName OwnerOf(uint node)
    {
        Span<byte> name = stackalloc byte[WireName.MaxLength];
        var own = Store[node].Name;
        own.CopyTo(name);
        Origin.Wire.CopyTo(name[own.Length..]);
        return DnsName.FromValidWire(name[..(own.Length + Origin.Length)]);
    }

    private List<RecordSet> SetsAt(uint address)
    {
        var sets = new List<RecordSet>();
        var owner = OwnerOf(address);
        var node = Store[address];
        for (var (i, at) = (0, node.FirstSet); i < node.SetCount; i++)
        {
            var set = node.SetAt(at);
            sets.Add(StoredRecords.ToRecordSet(set, owner, Class));
            at += set.Size;
        }
        return sets;
    }
}
