using System.Buffers.Binary;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>Brings the sets of a draft into the form in which a <see cref="ZoneStore"/> keeps them.</summary>
internal sealed class SetWriter(ZoneDraft draft)
{
    /// <summary>Names of a set that later ones may point at, as many as a message compresses (Unbound's MAX_COMPRESSION_PER_MESSAGE).</summary>
    private const int MaxNames = 120;

    /// <summary>Pointers have 14 bits, and a set with names in its data starts in the first half of what they reach.</summary>
    private const int MaxTarget = 0x1FFF;

    private readonly List<(int At, int Value)> _pointers = [];
    private readonly List<(int At, bool IsRequired, int Node)> _companions = [];
    private readonly List<(byte[] Name, int At, int Written)> _names = [];
    private byte[] _records = new byte[512];
    private int _length;

    /// <summary>What else has to be found when all addresses are known: where it goes, and the node.</summary>
    public List<(int At, int Node)> Unknown { get; } = [];

    /// <summary>Writes a set behind the bytes that are there, growing them where that is needed; returns the new length, which is on a word.</summary>
    public int Write(int node, int index, ReadOnlySpan<byte> owner, ref byte[] block, int length)
    {
        Prepare(node, index, owner);
        var end = length + SetView.SizeOf(_length, _pointers.Count, _companions.Count);
        if (block.Length < end) { Array.Resize(ref block, Math.Max(end, 2 * block.Length)); }
        var set = block.AsSpan(length, end - length);
        set.Clear();
        // A set of more records than this is longer than any message.
        var count = Math.Min(draft.Sets[index].Count, ushort.MaxValue);
        SetView.WriteHead(set, new RecordType(draft.Sets[index].Type), owner.Length == 1, count, _length, _pointers.Count, _companions.Count);
        if (IsSigned(draft.Sets[index])) { SetView.MarkSigned(set); }
        _records.AsSpan(0, _length).CopyTo(set[SetView.HeadLength..]);
        var at = SetView.HeadLength + _length;
        foreach (var (pointerAt, value) in _pointers)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(set[at..], (ushort)pointerAt);
            BinaryPrimitives.WriteUInt16LittleEndian(set[(at + 2)..], (ushort)value);
            at += SetView.PointerLength;
        }
        foreach (var (nameAt, isRequired, target) in _companions)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(set[at..], (ushort)nameAt);
            set[at + 2] = (byte)(isRequired ? 1 : 0);
            Unknown.Add((length + at + 4, target));
            at += SetView.CompanionLength;
        }
        return end;
    }

    private bool IsSigned(in DraftSet set) =>
        set.Type == set.Covered && set.Next != ZoneDraft.None && draft.Sets[set.Next].Rank == (set.Type, true);

    private void Prepare(int node, int index, ReadOnlySpan<byte> owner)
    {
        ref var set = ref draft.Sets[index];
        var type = new RecordType(set.Type);
        var ttl = uint.MaxValue;
        for (var record = set.First; record != ZoneDraft.None; record = draft.Records[record].Next) { ttl = Math.Min(ttl, draft.Records[record].Ttl); }
        _length = 0;
        _pointers.Clear();
        _companions.Clear();
        _names.Clear();
        var isReferral = (draft.Nodes[node].Marks & NodeMarks.Cut) != NodeMarks.None && type == RecordType.NS;
        for (var record = set.First; record != ZoneDraft.None; record = draft.Records[record].Next)
        {
            var data = draft.DataOf(draft.Records[record]);
            Put(owner.Length == 1 ? [0] : [0xC0, 0]);
            var start = _length;
            Reserve(SetView.FixedLength);
            var head = _records.AsSpan(start);
            BinaryPrimitives.WriteUInt16BigEndian(head, type.Value);
            BinaryPrimitives.WriteUInt16BigEndian(head[2..], draft.Class.Value);
            BinaryPrimitives.WriteUInt32BigEndian(head[4..], ttl);
            _length += SetView.FixedLength;
            PutData(type, data, owner);
            BinaryPrimitives.WriteUInt16BigEndian(_records.AsSpan(start + 8), (ushort)(_length - start - SetView.FixedLength));
            if (TargetOf(type) is >= 0 and var offset) { AddCompanion(data[offset..], start + SetView.FixedLength + offset, owner, isReferral); }
        }
        // Glue first: without it a referral is worth nothing (RFC 9471 section 2.1).
        if (isReferral) { _companions.Sort(static (one, other) => (other.IsRequired, one.At).CompareTo((one.IsRequired, other.At))); }
    }

    /// <summary>Where in the data of a type the name stands whose addresses go along (RFC 1034 section 4.3.2 step 6; RFC 2782); -1 for none.</summary>
    private static int TargetOf(RecordType type) => type.Value switch { 2 => 0, 15 => 2, 33 => 6, _ => -1 };

    private void AddCompanion(ReadOnlySpan<byte> target, int at, ReadOnlySpan<byte> owner, bool isReferral)
    {
        // A set so long fits into no message.
        if (target.Length == 1 || at > ushort.MaxValue) { return; }
        var node = draft.Find(target);
        if (node == ZoneDraft.None || !isReferral && (draft.Nodes[node].Marks & (NodeMarks.Cut | NodeMarks.BelowCut)) != NodeMarks.None) { return; }
        if (!draft.Has(node, RecordType.A) && !draft.Has(node, RecordType.AAAA)) { return; }
        foreach (var companion in _companions)
        {
            if (companion.Node == node) { return; }
        }
        _companions.Add((at, isReferral && WireName.IsSubdomainOf(target, owner), node));
    }

    private void PutData(RecordType type, ReadOnlySpan<byte> data, ReadOnlySpan<byte> owner)
    {
        ref readonly var layout = ref RecordTypes.LayoutOf(type);
        var at = 0;
        if (layout.IsCompressible && layout.TrySkipHead(data, out at))
        {
            Put(data[..at]);
            for (var i = 0; i < layout.Names; i++)
            {
                var length = RdataLayout.NameLength(data[at..]);
                PutName(data.Slice(at, length), owner);
                at += length;
            }
        }
        Put(data[at..]);
    }

    /// <summary>
    /// Writes the labels that differ and a pointer to the rest. Only bytes that are the same in every case are pointed at, so that the name
    /// can be read back as it was written.
    /// </summary>
    private void PutName(ReadOnlySpan<byte> name, ReadOnlySpan<byte> owner)
    {
        var start = _length;
        for (var at = 0; name[at] != 0; at += 1 + name[at])
        {
            if (PointerTo(name[at..], owner) is not { } value || _length + at > ushort.MaxValue) { continue; }
            Remember(name, start, at);
            Put(name[..at]);
            _pointers.Add((_length, value));
            Put([0xC0, 0]);
            return;
        }
        Remember(name, start, name.Length - 1);
        Put(name);
    }

    private void Remember(ReadOnlySpan<byte> name, int start, int written)
    {
        if (_names.Count < MaxNames && start <= MaxTarget && written > 0) { _names.Add((name.ToArray(), start, written)); }
    }

    private int? PointerTo(ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> owner)
    {
        // An answer from a wildcard has another name in the place of "*", and the same ones behind it.
        var isShared = owner.Length > suffix.Length || owner.Length == suffix.Length && owner is not [1, (byte)'*', ..];
        if (isShared && owner[^suffix.Length..].SequenceEqual(suffix) && IsAtLabel(owner, owner.Length - suffix.Length)) { return suffix.Length; }
        foreach (var (name, at, written) in _names)
        {
            var into = name.Length - suffix.Length;
            if (into >= 0 && into < written && at + into <= MaxTarget && name.AsSpan(into).SequenceEqual(suffix) && IsAtLabel(name, into))
            {
                return SetView.WithinSet | at + into;
            }
        }
        return null;
    }

    private static bool IsAtLabel(ReadOnlySpan<byte> name, int offset)
    {
        var at = 0;
        while (at < offset) { at += 1 + name[at]; }
        return at == offset;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_records.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Reserve(int length)
    {
        if (_records.Length - _length < length) { Array.Resize(ref _records, Math.Max(_length + length, 2 * _records.Length)); }
    }
}
