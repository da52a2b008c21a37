using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>What holds for a name of a zone because of what stands at and above it.</summary>
[Flags]
internal enum NodeMarks : byte
{
    None = 0,

    /// <summary>A delegation stands here.</summary>
    Cut = 1,

    /// <summary>A delegation stands above: what lies here is not the zone's own.</summary>
    BelowCut = 2,

    /// <summary>A DNAME stands above.</summary>
    BelowRedirection = 4,

    /// <summary>A DNAME stands here.</summary>
    Redirection = 8,

    /// <summary>There is a name "*" right below (RFC 4592 section 2.1.1).</summary>
    Wildcard = 16,
}

/// <summary>The names of one version of a zone in canonical order (RFC 4034 section 6.1), each with its record sets as they go into answers.</summary>
/// <remarks>
/// Theory of operation. A name and all its sets are one block of bytes, so that an answer touches two places in memory: a slot of the hash
/// table, and the block it points at. Blocks stand in canonical order, which is also the order of the list beside them: neighbours in the zone
/// are neighbours here. A name is stored without the zone's own labels. A version never changes; who wants another one makes it beside this one,
/// and readers go over when it is whole.
/// <code>
///   slot   | 32 bits of the hash | address of the block |
///   node   | marks 1 | length 1 | sets 2 | name … | set | set | …            each set on a word
///   set    | type 2 | records 2 | length 4 | pointers 2 | companions 2 | records | pointers | companions |
///   record | owner 2 | type 2 | class 2 | TTL 4 | length 2 | data |           as in a message, the owner being a pointer
/// </code>
/// Names in data are compressed as far as that is the same in every message: toward the end of the owner, and toward names before them
/// in the set. A pointer (<see cref="SetView.Pointers"/>) says where such a place is and what it points at; it gets its value when it is copied.
/// </remarks>
internal sealed class ZoneStore(ByteChunks blocks, uint[] order)
{
    /// <summary>In place of an address: the name has gone. Its slot stays taken, so that a search for others goes on behind it.</summary>
    public const uint Nowhere = 0;

    /// <summary>
    /// A slot of a name that has gone: no hash that is looked for finds it, and its block is that of the zone's own name, which no other name is.
    /// </summary>
    private const ulong Left = 0xFFFFFFFF_00000000;

    private readonly ulong[] _slots = new ulong[SlotsFor(order.Length)];
    private int _left;

    /// <summary>How many changes have been made since the zone was made anew: see <see cref="ZonePatch"/>.</summary>
    public int Patches { get; private init; }

    /// <summary>The number of names.</summary>
    public int Count => order.Length;

    /// <summary>Bytes set aside for blocks, order and hash table.</summary>
    public long Size => blocks.Capacity + (long)order.Length * sizeof(uint) + (long)_slots.Length * sizeof(ulong);

    /// <summary>The addresses of the names in canonical order.</summary>
    public ReadOnlySpan<uint> Order => order;

    /// <summary>The name at an address.</summary>
    public NodeView this[uint address] => new(blocks[address]);

    /// <summary>The set that starts so many bytes into the block at an address.</summary>
    public SetView SetAt(uint node, int offset) => new(blocks[node][offset..]);

    /// <summary>Enters a name that is not in yet.</summary>
    public void Enter(ulong hash, uint address)
    {
        var mask = _slots.Length - 1;
        var at = (int)hash & mask;
        while (_slots[at] != 0) { at = at + 1 & mask; }
        _slots[at] = hash & 0xFFFFFFFF_00000000 | address;
    }

    /// <summary>Puts another block in the place of a name's, or nothing.</summary>
    public void Replace(ulong hash, uint address, uint next)
    {
        var mask = _slots.Length - 1;
        var at = (int)hash & mask;
        while ((uint)_slots[at] != address || (_slots[at] ^ hash) >> 32 != 0) { at = at + 1 & mask; }
        if (next != Nowhere) { _slots[at] = hash & 0xFFFFFFFF_00000000 | next; }
        else
        {
            _slots[at] = Left | order[0];
            _left++;
        }
    }

    /// <summary>The blocks, to be added to for another version; readers of this one do not see it.</summary>
    public ByteChunks ForkBlocks() => blocks.Fork();

    /// <summary>
    /// A store with the same names in its table, for the next version to correct; null where the table would have another size, or is worn out.
    /// </summary>
    public ZoneStore? TryContinue(ByteChunks nextBlocks, uint[] nextOrder)
    {
        if (SlotsFor(nextOrder.Length) != _slots.Length || _left > _slots.Length / 8) { return null; }
        var next = new ZoneStore(nextBlocks, nextOrder) { Patches = Patches + 1, _left = _left };
        _slots.CopyTo(next._slots, 0);
        return next;
    }

    /// <summary>Where a name, given without the zone's own labels, stands in the order, or would have to stand.</summary>
    public int PositionOf(ReadOnlySpan<byte> name, out bool isThere)
    {
        var (low, high) = (0, order.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var compared = WireName.CompareCanonical(this[order[middle]].Name, name);
            if (compared == 0)
            {
                isThere = true;
                return middle;
            }
            if (compared < 0) { low = middle + 1; }
            else { high = middle; }
        }
        isThere = false;
        return low;
    }

    /// <summary>Finds a name, given in wire form without the zone's own labels, by its hash; 0 when it is not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Find(ulong hash, ReadOnlySpan<byte> name)
    {
        var slots = _slots;
        var mask = slots.Length - 1;
        for (var at = (int)hash & mask; ; at = at + 1 & mask)
        {
            var slot = slots[at];
            if ((uint)slot == 0) { return 0; }
            if ((slot ^ hash) >> 32 == 0 && WireName.Equals(this[(uint)slot].Name, name)) { return (uint)slot; }
        }
    }

    /// <summary>Has the slot fetched at which a search for a hash begins.</summary>
    public void ForeseeSlot(ulong hash) => Prefetch(ref _slots[(int)hash & _slots.Length - 1]);

    /// <summary>Has the block fetched at which that slot points, if it is that hash's.</summary>
    public void ForeseeBlock(ulong hash)
    {
        var slot = _slots[(int)hash & _slots.Length - 1];
        if ((uint)slot != 0 && (slot ^ hash) >> 32 == 0) { Prefetch(ref Unsafe.AsRef(in blocks[(uint)slot][0])); }
    }

    /// <summary>A hint and no access: where the processor has none, nothing happens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Prefetch<T>(ref T place)
        where T : unmanaged
    {
        if (Sse.IsSupported) { Sse.Prefetch0(Unsafe.AsPointer(ref place)); }
    }

    /// <summary>Half to a quarter of the slots stay empty, so that a search for what is not there ends soon.</summary>
    private static int SlotsFor(int count) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count + count / 3 + 1, 2));
}

/// <summary>A name of a zone where it is stored.</summary>
internal readonly ref struct NodeView(ReadOnlySpan<byte> block)
{
    /// <summary>Marks, length and number of sets stand in front of the name.</summary>
    public const int HeadLength = 4;

    private readonly ReadOnlySpan<byte> _block = block;

    /// <summary>What holds here.</summary>
    public NodeMarks Marks => (NodeMarks)_block[0];

    /// <summary>The labels of the name that are not the zone's own.</summary>
    public ReadOnlySpan<byte> Name => _block.Slice(HeadLength, _block[1]);

    /// <summary>The number of labels of the name that are not the zone's own.</summary>
    public int LabelCount
    {
        get
        {
            var count = 0;
            for (var at = 0; at < Name.Length; at += 1 + Name[at]) { count++; }
            return count;
        }
    }

    /// <summary>How many sets there are: none at an empty non-terminal (RFC 9499 section 7).</summary>
    public int SetCount => BinaryPrimitives.ReadUInt16LittleEndian(_block[2..]);

    /// <summary>Where the first set starts.</summary>
    public int FirstSet => HeadLength + _block[1] + 3 & -4;

    /// <summary>The set that starts at an offset.</summary>
    public SetView SetAt(int offset) => new(_block[offset..]);

    /// <summary>Where the set of a type starts; 0 when there is none.</summary>
    public int Find(RecordType type)
    {
        var at = FirstSet;
        for (var i = SetCount; i > 0; i--)
        {
            var set = new SetView(_block[at..]);
            if (set.Type == type) { return at; }
            at += set.Size;
        }
        return 0;
    }
}

/// <summary>A record set where it is stored.</summary>
internal readonly ref struct SetView(ReadOnlySpan<byte> bytes)
{
    /// <summary>Type, numbers and lengths stand in front of the records.</summary>
    public const int HeadLength = 12;

    /// <summary>What stands in a record between its owner and its data: type, class, TTL and length.</summary>
    public const int FixedLength = 10;

    /// <summary>Where, and what the name is that stands there.</summary>
    public const int PointerLength = 4;

    /// <summary>Where the target's name stands, whether it is needed, and the block of the target.</summary>
    public const int CompanionLength = 8;

    /// <summary>In a pointer: it points into the set, not at the end of the owner.</summary>
    public const int WithinSet = 0x8000;

    /// <summary>In the number of pointers: the owner is the root.</summary>
    private const int RootOwner = 0x8000;

    /// <summary>In the number of companions, of which a set has far fewer: the signatures of this set are the next set.</summary>
    private const int Signed = 0x8000;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>True when the signatures of this set stand behind it.</summary>
    public bool IsSigned => (_bytes[11] & Signed >> 8) != 0;

    /// <summary>The signatures that cover this set (RFC 4034 section 3), where there are any.</summary>
    public SetView Signatures => new(_bytes[Size..]);

    /// <summary>The type.</summary>
    public RecordType Type => new(BinaryPrimitives.ReadUInt16LittleEndian(_bytes));

    /// <summary>The number of records.</summary>
    public int Count => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[2..]);

    /// <summary>The records, ready to be copied: owners and pointers are to be filled in.</summary>
    public ReadOnlySpan<byte> Records => _bytes.Slice(HeadLength, Length);

    /// <summary>The time to live.</summary>
    public Ttl Ttl => Ttl.FromWire(BinaryPrimitives.ReadUInt32BigEndian(_bytes[(HeadLength + OwnerLength + 4)..]));

    /// <summary>The bytes of a record's owner: a pointer; for the root the root itself.</summary>
    public int OwnerLength => (_bytes[9] & RootOwner >> 8) != 0 ? 1 : 2;

    /// <summary>Where names end in a pointer: each 2 bytes offset, 2 bytes what the name is.</summary>
    public ReadOnlySpan<byte> Pointers => _bytes.Slice(HeadLength + Length, PointerCount * PointerLength);

    /// <summary>Names in the data whose addresses go along.</summary>
    public ReadOnlySpan<byte> Companions => _bytes.Slice(HeadLength + Length + PointerCount * PointerLength, CompanionCount * CompanionLength);

    /// <summary>All bytes of the set, up to where the next one starts.</summary>
    public int Size => SizeOf(Length, PointerCount, CompanionCount);

    private int Length => BinaryPrimitives.ReadInt32LittleEndian(_bytes[4..]);

    private int PointerCount => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[8..]) & ~RootOwner;

    private int CompanionCount => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[10..]) & ~Signed;

    /// <summary>The bytes that a set takes.</summary>
    public static int SizeOf(int length, int pointers, int companions) =>
        HeadLength + length + pointers * PointerLength + companions * CompanionLength + 3 & -4;

    /// <summary>Says in the head that the set's signatures follow.</summary>
    public static void MarkSigned(Span<byte> head) => head[11] |= Signed >> 8;

    /// <summary>Writes what stands in front of the records.</summary>
    public static void WriteHead(Span<byte> head, RecordType type, bool isRootOwner, int count, int length, int pointers, int companions)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(head, type.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(head[2..], checked((ushort)count));
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], length);
        BinaryPrimitives.WriteUInt16LittleEndian(head[8..], (ushort)(isRootOwner ? pointers | RootOwner : pointers));
        BinaryPrimitives.WriteUInt16LittleEndian(head[10..], (ushort)companions);
    }
}
