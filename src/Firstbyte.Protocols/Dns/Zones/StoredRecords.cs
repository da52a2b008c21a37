using System.Buffers.Binary;
using Firstbyte.Dns.Records;
using Firstbyte.Hashing;

namespace Firstbyte.Dns.Zones;

/// <summary>Reads stored sets back into values: what tools, labs and transfers see.</summary>
internal static class StoredRecords
{
    /// <summary>The set as a value, its names whole again.</summary>
    public static RecordSet ToRecordSet(SetView set, DnsName owner, RecordClass recordClass)
    {
        var data = new List<RecordData>(set.Count);
        var records = set.Records;
        Span<byte> few = stackalloc byte[1024];
        for (var at = 0; at < records.Length;)
        {
            var start = at + set.OwnerLength + SetView.FixedLength;
            at = start + BinaryPrimitives.ReadUInt16BigEndian(records[(start - 2)..]);
            // The types whose names are compressed have at most two.
            var most = at - start + 2 * WireName.MaxLength;
            var buffer = most <= few.Length ? few : new byte[most];
            var length = Expand(set, start, at, owner.Wire, buffer);
            data.Add(RecordData.TryRead(set.Type, buffer[..length], out var read)
                ? read
                : throw new InvalidOperationException($"a stored record of {owner} does not have the shape of {set.Type}"));
        }
        return new RecordSet(owner, set.Type, recordClass, set.Ttl, [.. data]);
    }

    /// <summary>The hashes of the records of a set, added up: the same in whatever order they stand, and however names are written.</summary>
    /// <param name="set">The set.</param>
    /// <param name="owner">Its owner in small letters.</param>
    public static ulong HashOf(SetView set, ReadOnlySpan<byte> owner)
    {
        var sum = 0UL;
        var records = set.Records;
        var layout = RecordTypes.LayoutOf(set.Type);
        Span<byte> few = stackalloc byte[1024];
        for (var at = 0; at < records.Length;)
        {
            var start = at + set.OwnerLength + SetView.FixedLength;
            var end = start + BinaryPrimitives.ReadUInt16BigEndian(records[(start - 2)..]);
            var most = end - start + 3 * WireName.MaxLength + SetView.FixedLength;
            var buffer = most <= few.Length ? few : new byte[most];
            var head = Copy(owner, buffer);
            // Type, class and time; the length is that of the data as they lie here.
            head += Copy(records.Slice(at + set.OwnerLength, SetView.FixedLength - sizeof(ushort)), buffer[head..]);
            var length = Expand(set, start, end, owner, buffer[head..]);
            layout.Canonicalize(buffer.Slice(head, length));
            // Nobody is to be kept from finding another zone of the same hash: it is against mistakes.
            sum += SipHash24.Hash(default, buffer[..(head + length)]);
            at = end;
        }
        return sum;
    }

    /// <summary>Copies the data between two places, with each pointer's name in its place.</summary>
    private static int Expand(SetView set, int start, int end, ReadOnlySpan<byte> owner, Span<byte> destination)
    {
        var length = 0;
        for (var pointers = set.Pointers; pointers.Length > 0; pointers = pointers[SetView.PointerLength..])
        {
            int at = BinaryPrimitives.ReadUInt16LittleEndian(pointers);
            if (at < start || at >= end) { continue; }
            length += Copy(set.Records[start..at], destination[length..]);
            length += CopyName(set, BinaryPrimitives.ReadUInt16LittleEndian(pointers[2..]), owner, destination[length..]);
            start = at + 2;
        }
        return length + Copy(set.Records[start..end], destination[length..]);
    }

    /// <summary>Writes the name that a pointer means. Each pointer within the set points before itself, so this ends.</summary>
    private static int CopyName(SetView set, int value, ReadOnlySpan<byte> owner, Span<byte> destination)
    {
        var length = 0;
        while ((value & SetView.WithinSet) != 0)
        {
            var at = value & ~SetView.WithinSet;
            var records = set.Records;
            while (records[at] is > 0 and <= WireName.MaxLabelLength)
            {
                length += Copy(records.Slice(at, 1 + records[at]), destination[length..]);
                at += 1 + records[at];
            }
            if (records[at] == 0)
            {
                destination[length] = 0;
                return length + 1;
            }
            value = PointerAt(set, at);
        }
        return length + Copy(owner[^value..], destination[length..]);
    }

    private static int PointerAt(SetView set, int at)
    {
        for (var pointers = set.Pointers; ; pointers = pointers[SetView.PointerLength..])
        {
            if (BinaryPrimitives.ReadUInt16LittleEndian(pointers) == at) { return BinaryPrimitives.ReadUInt16LittleEndian(pointers[2..]); }
        }
    }

    private static int Copy(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        bytes.CopyTo(destination);
        return bytes.Length;
    }
}
