using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>Takes records as they are read.</summary>
internal interface IRecordSink
{
    /// <summary>Takes one: the owner in wire form, the data valid and uncompressed.</summary>
    void Add(ReadOnlySpan<byte> owner, RecordClass recordClass, Ttl ttl, RecordType type, ReadOnlySpan<byte> data, ZonePlace place);
}

/// <summary>The records of a zone that is being made: each once, by name and type, with the place it came from.</summary>
/// <remarks>
/// Theory of operation. Everything is numbers and bytes in a few growing lists, so that a million records are a million times a hundred bytes and no
/// object. Names are nodes of a tree, kept without the zone's own labels; the names between a record and the origin exist as well (RFC
/// 4592 section 2.2.2), and a parent always comes before its children. Whatever is wrong with a record by itself is told here; what is
/// wrong with the whole, by <see cref="ZoneCheck"/>.
/// </remarks>
internal sealed class ZoneDraft : IRecordSink
{
    /// <summary>The node of the zone's own name.</summary>
    public const int Apex = 0;

    /// <summary>Instead of an index: none.</summary>
    public const int None = -1;

    /// <summary>A set of more records remembers them in a hash set, so that a search for doubles stays short.</summary>
    private const int Many = 32;

    private readonly ByteChunks _bytes = new();
    private readonly Dictionary<int, HashSet<RecordBytes>> _large = [];
    private readonly List<string> _files = [];
    private readonly ulong _originHash;
    private int[] _index = new int[16];
    private int _lastOwner;

    public ZoneDraft(DnsName origin)
    {
        Origin = origin;
        _originHash = NameHash.Of(origin.Wire);
        AddNode([], _originHash, None);
    }

    /// <summary>The zone's name.</summary>
    public DnsName Origin { get; }

    /// <summary>The class of the first record is that of the zone.</summary>
    public RecordClass Class { get; private set; } = RecordClass.IN;

    /// <summary>The file of the first record.</summary>
    public string? FirstFile => _files.Count == 0 ? null : _files[0];

    public PagedList<DraftNode> Nodes { get; } = new();

    public PagedList<DraftSet> Sets { get; } = new();

    public PagedList<DraftRecord> Records { get; } = new();

    /// <summary>What is wrong with single records.</summary>
    public List<ZoneProblem> Problems { get; } = [];

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<byte> owner, RecordClass recordClass, Ttl ttl, RecordType type, ReadOnlySpan<byte> data, ZonePlace place)
    {
        if (_files.Count == 0) { Class = recordClass; }
        var file = FileNumber(place.File);
        if (!WireName.IsSubdomainOf(owner, Origin.Wire))
        {
            Report(ZoneFlaw.OutOfZone, new ZoneExpectation(ZoneTerm.NameBelowOrigin, $"{Origin}"), owner, recordClass, ttl, type, data, place);
            return;
        }
        if (recordClass != Class)
        {
            Report(ZoneFlaw.ClassDiffers, new ZoneExpectation(ZoneTerm.SameClass, $"{Class}"), owner, recordClass, ttl, type, data, place);
            return;
        }
        if (type.IsMeta || type.Value == 0)
        {
            Report(ZoneFlaw.MetaType, new ZoneExpectation(ZoneTerm.HeldType), owner, recordClass, ttl, type, data, place);
            return;
        }
        var index = SetOf(NodeOf(owner[..^Origin.Length]), type, type == RecordType.RRSIG ? BinaryPrimitives.ReadUInt16BigEndian(data) : type.Value);
        if (Holds(index, type, data))
        {
            Report(ZoneFlaw.Duplicate, new ZoneExpectation(ZoneTerm.EachOnce), owner, recordClass, ttl, type, data, place);
            return;
        }
        ref var set = ref Sets[index];
        if (set.Count > 0 && Records[set.First].Ttl != ttl.Seconds && !set.HasTtlTold)
        {
            set.HasTtlTold = true;
            Report(ZoneFlaw.TtlsDiffer, new ZoneExpectation(ZoneTerm.SameTtl, $"{new Ttl(Records[set.First].Ttl)}"), owner, recordClass,
                ttl, type, data, place);
        }
        var record = Records.Add(new DraftRecord
        {
            Next = None,
            Data = _bytes.Add(data),
            Length = (ushort)data.Length,
            File = file,
            Line = place.Line,
            Column = place.Column,
            Ttl = ttl.Seconds,
        });
        if (set.Count++ == 0) { set.First = record; }
        else { Records[set.Last].Next = record; }
        set.Last = record;
    }

    /// <summary>The labels of a node that are not the zone's own.</summary>
    public ReadOnlySpan<byte> NameOf(int node) => Nodes[node].NameLength == 0 ? [] : _bytes[Nodes[node].Name][..Nodes[node].NameLength];

    /// <summary>The whole name of a node.</summary>
    [SkipLocalsInit]
    public DnsName FullNameOf(int node)
    {
        Span<byte> name = stackalloc byte[WireName.MaxLength];
        return DnsName.FromValidWire(name[..WriteFullName(node, name)]);
    }

    /// <summary>Writes the whole name of a node.</summary>
    public int WriteFullName(int node, Span<byte> destination)
    {
        var name = NameOf(node);
        name.CopyTo(destination);
        Origin.Wire.CopyTo(destination[name.Length..]);
        return name.Length + Origin.Length;
    }

    /// <summary>The data of a record.</summary>
    public ReadOnlySpan<byte> DataOf(in DraftRecord record) => _bytes[record.Data][..record.Length];

    /// <summary>The node of a whole name, or <see cref="None"/>.</summary>
    public int Find(ReadOnlySpan<byte> name) => WireName.IsSubdomainOf(name, Origin.Wire) ? FindNode(name[..^Origin.Length], NameHash.Of(name)) : None;

    /// <summary>The set of a type at a node, or <see cref="None"/>.</summary>
    public int FindSet(int node, RecordType type)
    {
        for (var set = Nodes[node].FirstSet; set != None; set = Sets[set].Next)
        {
            if (Sets[set].Type == type.Value) { return set; }
        }
        return None;
    }

    /// <summary>True when a node has a set of the type.</summary>
    public bool Has(int node, RecordType type) => FindSet(node, type) != None;

    /// <summary>The place of a record.</summary>
    public ZonePlace PlaceOf(in DraftRecord record) => new(_files[record.File], record.Line, record.Column);

    /// <summary>The record as one of its own, for telling.</summary>
    public DnsRecord ToRecord(int node, RecordType type, in DraftRecord record) =>
        ToRecord(FullNameOf(node), Class, new Ttl(record.Ttl), type, DataOf(record));

    private static DnsRecord ToRecord(DnsName owner, RecordClass recordClass, Ttl ttl, RecordType type, ReadOnlySpan<byte> data) =>
        RecordData.TryRead(type, data, out var read)
            ? new DnsRecord(owner, recordClass, ttl, read)
            : throw new ArgumentException($"the data does not have the shape of {type}", nameof(data));

    private void Report(
        ZoneFlaw flaw, ZoneExpectation expected, ReadOnlySpan<byte> owner, RecordClass recordClass, Ttl ttl, RecordType type, ReadOnlySpan<byte> data,
        ZonePlace place) =>
        Problems.Add(new ZoneProblem(place, flaw, expected, ToRecord(DnsName.FromValidWire(owner), recordClass, ttl, type, data).ToString()));

    private ushort FileNumber(string file)
    {
        // Lines come file by file: the last one is nearly always the right one.
        for (var i = _files.Count - 1; i >= 0; i--)
        {
            if (ReferenceEquals(_files[i], file) || _files[i] == file) { return (ushort)i; }
        }
        _files.Add(file);
        return (ushort)(_files.Count - 1);
    }

    private bool Holds(int index, RecordType type, ReadOnlySpan<byte> data)
    {
        ref var set = ref Sets[index];
        if (set.Count < Many)
        {
            var record = set.Count == 0 ? None : set.First;
            for (; record != None; record = Records[record].Next)
            {
                if (RecordData.AreEqual(type, DataOf(Records[record]), data)) { return true; }
            }
            return false;
        }
        if (!_large.TryGetValue(index, out var held))
        {
            _large[index] = held = [];
            for (var record = set.First; record != None; record = Records[record].Next) { held.Add(new RecordBytes(type, DataOf(Records[record]))); }
        }
        return !held.Add(new RecordBytes(type, data));
    }

    /// <summary>
    /// The set of a type; signatures are as many sets as there are types that they cover, each with that one's TTL (RFC 4034 section 3), and stand behind
    /// the set that they cover.
    /// </summary>
    private int SetOf(int node, RecordType type, ushort covered)
    {
        var (before, next) = (None, Nodes[node].FirstSet);
        var wanted = (covered, type == RecordType.RRSIG);
        for (; next != None && Sets[next].Rank.CompareTo(wanted) <= 0; (before, next) = (next, Sets[next].Next))
        {
            if (Sets[next].Rank == wanted) { return next; }
        }
        var set = Sets.Add(new DraftSet { Next = next, First = None, Last = None, Type = type.Value, Covered = covered });
        if (before == None) { Nodes[node].FirstSet = set; }
        else { Sets[before].Next = set; }
        return set;
    }

    /// <summary>The node of a name; made, with all names between it and the origin, when it is not there.</summary>
    [SkipLocalsInit]
    private int NodeOf(ReadOnlySpan<byte> name)
    {
        // Many lines repeat the owner of the one before.
        if (name.SequenceEqual(NameOf(_lastOwner))) { return _lastOwner; }
        Span<byte> starts = stackalloc byte[WireName.MaxLabels];
        Span<ulong> hashes = stackalloc ulong[WireName.MaxLabels + 1];
        var labels = 0;
        for (var at = 0; at < name.Length; at += 1 + name[at]) { starts[labels++] = (byte)at; }
        hashes[labels] = _originHash;
        for (var i = labels - 1; i >= 0; i--) { hashes[i] = NameHash.Extend(hashes[i + 1], name.Slice(starts[i] + 1, name[starts[i]])); }
        var missing = 0;
        var node = Apex;
        for (; missing < labels; missing++)
        {
            node = FindNode(name[starts[missing]..], hashes[missing]);
            if (node != None) { break; }
        }
        if (missing == labels) { node = Apex; }
        while (missing > 0)
        {
            missing--;
            node = AddNode(name[starts[missing]..], hashes[missing], node);
        }
        return _lastOwner = node;
    }

    private int AddNode(ReadOnlySpan<byte> name, ulong hash, int parent)
    {
        var node = Nodes.Add(new DraftNode
        {
            Hash = hash,
            Parent = parent,
            FirstSet = None,
            NameLength = (byte)name.Length,
            Name = name.Length == 0 ? 0 : _bytes.Add(name),
        });
        if (name is [1, (byte)'*', ..]) { Nodes[parent].Marks |= NodeMarks.Wildcard; }
        if (Nodes.Count > _index.Length / 2) { Grow(); }
        else { Enter(node); }
        return node;
    }

    private int FindNode(ReadOnlySpan<byte> name, ulong hash)
    {
        for (var at = (int)hash & _index.Length - 1; _index[at] != 0; at = at + 1 & _index.Length - 1)
        {
            var node = _index[at] - 1;
            if (Nodes[node].Hash == hash && WireName.Equals(NameOf(node), name)) { return node; }
        }
        return None;
    }

    private void Enter(int node)
    {
        var at = (int)Nodes[node].Hash & _index.Length - 1;
        while (_index[at] != 0) { at = at + 1 & _index.Length - 1; }
        _index[at] = node + 1;
    }

    private void Grow()
    {
        _index = new int[_index.Length * 2];
        for (var node = 0; node < Nodes.Count; node++) { Enter(node); }
    }

    /// <summary>Record data as a key: equal as <see cref="RecordData.Equals(RecordData)"/> has it.</summary>
    private readonly struct RecordBytes : IEquatable<RecordBytes>
    {
        private readonly byte[] _canonical;

        public RecordBytes(RecordType type, ReadOnlySpan<byte> data)
        {
            _canonical = data.ToArray();
            RecordTypes.LayoutOf(type).Canonicalize(_canonical);
        }

        public bool Equals(RecordBytes other) => _canonical.AsSpan().SequenceEqual(other._canonical);

        public override bool Equals(object? obj) => obj is RecordBytes other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.AddBytes(_canonical);
            return hash.ToHashCode();
        }
    }
}

/// <summary>A name of a draft.</summary>
internal struct DraftNode
{
    public ulong Hash;
    public uint Name;
    public int Parent;
    public int FirstSet;
    public uint Address;
    public byte NameLength;
    public NodeMarks Marks;
}

/// <summary>A set of a draft; the sets of a node follow each other by type.</summary>
internal struct DraftSet
{
    public int Next;
    public int First;
    public int Last;
    public int Count;
    public ushort Type;

    /// <summary>The type that signatures cover; of every other set its own.</summary>
    public ushort Covered;
    public bool HasTtlTold;

    /// <summary>Where the set stands among those of its name.</summary>
    public readonly (ushort Covered, bool IsSignature) Rank => (Covered, Type == RecordType.RRSIG.Value);
}

/// <summary>A record of a draft.</summary>
internal struct DraftRecord
{
    public int Next;
    public uint Data;
    public int Line;
    public int Column;
    public uint Ttl;
    public ushort Length;
    public ushort File;
}
