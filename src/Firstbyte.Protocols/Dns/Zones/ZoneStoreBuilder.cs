using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>Makes the store of a zone from its draft.</summary>
internal sealed class ZoneStoreBuilder(ZoneDraft draft, int[] order, ByteChunks? blocks = null)
{
    private readonly ByteChunks _blocks = blocks ?? new ByteChunks();
    private readonly SetWriter _sets = new(draft);
    private readonly List<(uint Block, int At, int Node)> _unknown = [];
    private byte[] _block = new byte[512];

    /// <summary>Writes into every node what holds there: parents first, as canonical order has them.</summary>
    public static void Mark(ZoneDraft draft, int[] order)
    {
        foreach (var index in order)
        {
            ref var node = ref draft.Nodes[index];
            var above = node.Parent == ZoneDraft.None ? NodeMarks.None : draft.Nodes[node.Parent].Marks;
            if ((above & (NodeMarks.Cut | NodeMarks.BelowCut)) != NodeMarks.None) { node.Marks |= NodeMarks.BelowCut; }
            else if (index != ZoneDraft.Apex && draft.Has(index, RecordType.NS)) { node.Marks |= NodeMarks.Cut; }
            if ((above & (NodeMarks.Redirection | NodeMarks.BelowRedirection)) != NodeMarks.None) { node.Marks |= NodeMarks.BelowRedirection; }
            if (draft.Has(index, RecordType.DNAME)) { node.Marks |= NodeMarks.Redirection; }
        }
    }

    /// <summary>Writes the blocks of some nodes; the others have their addresses.</summary>
    [SkipLocalsInit]
    public void Write(IReadOnlyList<int> nodes)
    {
        Span<byte> owner = stackalloc byte[WireName.MaxLength];
        foreach (var node in nodes) { draft.Nodes[node].Address = Write(node, owner[..draft.WriteFullName(node, owner)]); }
        foreach (var (block, at, node) in _unknown) { BinaryPrimitives.WriteUInt32LittleEndian(_blocks.Edit(block)[at..], draft.Nodes[node].Address); }
    }

    /// <summary>Makes the store.</summary>
    public ZoneStore Build()
    {
        Write(order);
        var addresses = new uint[order.Length];
        for (var i = 0; i < order.Length; i++) { addresses[i] = draft.Nodes[order[i]].Address; }
        var store = new ZoneStore(_blocks, addresses);
        for (var i = 0; i < order.Length; i++)
        {
            if (!IsOnlyHash(i)) { store.Enter(draft.Nodes[order[i]].Hash, draft.Nodes[order[i]].Address); }
        }
        return store;
    }

    /// <summary>
    /// A name that is there only because a hash has its form does not exist for those who ask (RFC 5155 section 7.2.8): it is in the order, not in the
    /// table.
    /// </summary>
    private bool IsOnlyHash(int place)
    {
        var node = order[place];
        if (!draft.Has(node, RecordType.NSEC3)) { return false; }
        for (var set = draft.Nodes[node].FirstSet; set != ZoneDraft.None; set = draft.Sets[set].Next)
        {
            if (draft.Sets[set].Covered != RecordType.NSEC3.Value) { return false; }
        }
        // A name's children follow it.
        return place + 1 == order.Length || draft.Nodes[order[place + 1]].Parent != node;
    }

    private uint Write(int index, ReadOnlySpan<byte> owner)
    {
        var name = draft.NameOf(index);
        _block.AsSpan(0, 2 * WireName.MaxLength).Clear();
        _block[0] = (byte)draft.Nodes[index].Marks;
        _block[1] = (byte)name.Length;
        name.CopyTo(_block.AsSpan(NodeView.HeadLength));
        var length = NodeView.HeadLength + name.Length + 3 & -4;
        var sets = 0;
        _sets.Unknown.Clear();
        for (var set = draft.Nodes[index].FirstSet; set != ZoneDraft.None; set = draft.Sets[set].Next, sets++)
        {
            length = _sets.Write(index, set, owner, ref _block, length);
        }
        BinaryPrimitives.WriteUInt16LittleEndian(_block.AsSpan(2), (ushort)sets);
        var address = _blocks.Add(_block.AsSpan(0, length));
        foreach (var (at, node) in _sets.Unknown) { _unknown.Add((address, at, node)); }
        return address;
    }
}
