using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Serving;

/// <summary>Writes a response from sets as zones keep them: each is copied whole, and its pointers are filled in.</summary>
/// <remarks>
/// Theory of operation. The question stands at offset 12, and every owner in an answer is the name in it, an ancestor of that, or a name in the data of a
/// record that went before. So an owner is always a pointer, and what a name in data shares with its owner is found by walking from
/// there: nothing is searched. What does not fit is not written, and the message stays as it was. Sections are written in order.
/// </remarks>
internal ref struct AnswerWriter
{
    private const int PointerBits = 0xC000;

    /// <summary>What a pointer reaches (RFC 1035 section 4.1.4).</summary>
    private const int MaxPointer = 0x3FFF;

    private readonly Span<byte> _buffer;
    private readonly int _limit;
    private Counts _counts;

    /// <summary>Starts a response of at most so many bytes.</summary>
    public AnswerWriter(Span<byte> buffer, int limit)
    {
        _buffer = buffer;
        _limit = Math.Min(limit, buffer.Length);
        Length = MessageHeader.Length;
    }

    /// <summary>The bytes so far, header included.</summary>
    public int Length { get; private set; }

    /// <summary>TC: the answer is not whole.</summary>
    public bool IsTruncated { get; set; }

    /// <summary>Where the target of the CNAME stands that was made last.</summary>
    public int SynthesizedTargetAt { get; private set; }

    /// <summary>Where the question's name stands.</summary>
    public static int QuestionAt => MessageHeader.Length;

    private readonly int Room => _limit - Length;

    /// <summary>Writes the question; there is always room for one.</summary>
    public void WriteQuestion(scoped ReadOnlySpan<byte> name, RecordType type, RecordClass recordClass)
    {
        var question = _buffer[Length..];
        name.CopyTo(question);
        BinaryPrimitives.WriteUInt16BigEndian(question[name.Length..], type.Value);
        BinaryPrimitives.WriteUInt16BigEndian(question[(name.Length + 2)..], recordClass.Value);
        Length += name.Length + 4;
    }

    /// <summary>Writes a set whose owner stands in the message; false when there is no room for all of it.</summary>
    public bool TryWrite(MessageSection section, SetView set, int ownerAt, int ownerLength)
    {
        var records = set.Records;
        if (records.Length > Room) { return false; }
        if (ownerAt > MaxPointer) { return TryWriteFar(section, set, ownerAt); }
        var start = Length;
        var written = _buffer.Slice(start, records.Length);
        records.CopyTo(written);
        if (set.OwnerLength == 2)
        {
            var owner = (ushort)(PointerBits | ownerAt);
            for (var at = 0; at < written.Length; at += 12 + BinaryPrimitives.ReadUInt16BigEndian(written[(at + 10)..]))
            {
                BinaryPrimitives.WriteUInt16BigEndian(written[at..], owner);
            }
        }
        for (var pointers = set.Pointers; pointers.Length > 0; pointers = pointers[SetView.PointerLength..])
        {
            int at = BinaryPrimitives.ReadUInt16LittleEndian(pointers), value = BinaryPrimitives.ReadUInt16LittleEndian(pointers[2..]);
            var target = (value & SetView.WithinSet) != 0 ? start + (value & ~SetView.WithinSet) : PositionOf(ownerAt, ownerLength - value);
            BinaryPrimitives.WriteUInt16BigEndian(written[at..], (ushort)(PointerBits | target));
        }
        Length += records.Length;
        _counts[(int)section] += (ushort)set.Count;
        return true;
    }

    /// <summary>Writes a set without names to fill in, at a name that does not stand in the message: labels in front of one that does.</summary>
    public bool TryWriteBelow(MessageSection section, SetView set, scoped ReadOnlySpan<byte> labels, int parentAt, out int ownerAt)
    {
        ownerAt = labels.Length == 0 ? parentAt : Length;
        if (labels.Length == 0) { return TryWrite(section, set, parentAt, 0); }
        var records = set.Records;
        if (records.Length + labels.Length > Room || parentAt > MaxPointer || ownerAt > MaxPointer || set.Pointers.Length > 0) { return false; }
        for (var pointsAt = parentAt; records.Length > 0; pointsAt = ownerAt)
        {
            var length = 12 + BinaryPrimitives.ReadUInt16BigEndian(records[10..]);
            // The first record has the whole name, the others point at it.
            if (pointsAt == parentAt) { labels.CopyTo(_buffer[Length..]); }
            var at = Length + (pointsAt == parentAt ? labels.Length : 0);
            BinaryPrimitives.WriteUInt16BigEndian(_buffer[at..], (ushort)(PointerBits | pointsAt));
            records[2..length].CopyTo(_buffer[(at + 2)..]);
            Length = at + length;
            records = records[length..];
        }
        _counts[(int)section] += (ushort)set.Count;
        return true;
    }

    /// <summary>The place in the message so many bytes into the name that stands at another place, its pointers followed.</summary>
    public readonly int PositionOf(int nameAt, int skip)
    {
        for (; ; )
        {
            int head = _buffer[nameAt];
            if (head > WireName.MaxLabelLength) { nameAt = BinaryPrimitives.ReadUInt16BigEndian(_buffer[nameAt..]) & MaxPointer; }
            else if (skip == 0) { return nameAt; }
            else
            {
                nameAt += 1 + head;
                skip -= 1 + head;
            }
        }
    }

    /// <summary>Copies the name at a place of the message, whole.</summary>
    public readonly int CopyName(int nameAt, Span<byte> destination)
    {
        CompressedName.Expand(_buffer[..Length], nameAt, destination, out _, out var length);
        return length;
    }

    /// <summary>Writes the CNAME that a DNAME makes (RFC 6672 section 3.1): the labels in front of it, and its target, both standing in the message.</summary>
    public bool TryWriteSynthesized(RecordClass recordClass, Ttl ttl, int ownerAt, scoped ReadOnlySpan<byte> prefix, int targetAt)
    {
        var isRoot = _buffer[targetAt] == 0;
        var length = prefix.Length + (isRoot ? 1 : 2);
        if (12 + length > Room) { return false; }
        var record = _buffer[Length..];
        BinaryPrimitives.WriteUInt16BigEndian(record, (ushort)(PointerBits | ownerAt));
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], RecordType.CNAME.Value);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], recordClass.Value);
        BinaryPrimitives.WriteUInt32BigEndian(record[6..], ttl.Seconds);
        BinaryPrimitives.WriteUInt16BigEndian(record[10..], (ushort)length);
        prefix.CopyTo(record[12..]);
        if (isRoot) { record[12 + prefix.Length] = 0; }
        else { BinaryPrimitives.WriteUInt16BigEndian(record[(12 + prefix.Length)..], (ushort)(PointerBits | targetAt)); }
        SynthesizedTargetAt = Length + 12;
        Length += 12 + length;
        _counts[(int)MessageSection.Answer]++;
        return true;
    }

    /// <summary>Writes a record whose owner is the question's name, from its data as it is.</summary>
    public bool TryWriteData(MessageSection section, RecordType type, RecordClass recordClass, Ttl ttl, scoped ReadOnlySpan<byte> data)
    {
        if (12 + data.Length > Room) { return false; }
        var record = _buffer[Length..];
        BinaryPrimitives.WriteUInt16BigEndian(record, (ushort)(PointerBits | QuestionAt));
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], type.Value);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], recordClass.Value);
        BinaryPrimitives.WriteUInt32BigEndian(record[6..], ttl.Seconds);
        BinaryPrimitives.WriteUInt16BigEndian(record[10..], (ushort)data.Length);
        data.CopyTo(record[12..]);
        Length += 12 + data.Length;
        _counts[(int)section]++;
        return true;
    }

    /// <summary>Starts the OPT record (RFC 6891 section 6.1.2) in the room that was kept for it by the limit, and gives the rest for its options.</summary>
    public Span<byte> BeginEdns(ResponseCode code, bool dnssecOk)
    {
        var record = _buffer[Length..];
        record[0] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(record[1..], RecordType.OPT.Value);
        BinaryPrimitives.WriteUInt16BigEndian(record[3..], Edns.DefaultPayloadSize);
        BinaryPrimitives.WriteUInt32BigEndian(record[5..], (uint)(code.Value >> 4) << 24 | (dnssecOk ? 0x8000u : 0));
        return record[EdnsLength..];
    }

    /// <summary>Ends the OPT record.</summary>
    public void EndEdns(int optionsLength)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(Length + 9)..], (ushort)optionsLength);
        Length += EdnsLength + optionsLength;
        _counts[(int)MessageSection.Additional]++;
    }

    /// <summary>An OPT record without options.</summary>
    public const int EdnsLength = 11;

    /// <summary>Writes the header and returns the length of the message.</summary>
    public readonly int Finish(ushort id, HeaderFlags flags, OpCode opCode, ResponseCode code, bool hasQuestion)
    {
        if (IsTruncated) { flags |= HeaderFlags.Truncated; }
        new MessageHeader(id, flags, opCode, code, (ushort)(hasQuestion ? 1 : 0), _counts[0], _counts[1], _counts[2]).Write(_buffer);
        return Length;
    }

    /// <summary>Writes a set of addresses whose owner stands farther behind than a pointer reaches: its name is written out.</summary>
    [SkipLocalsInit]
    private bool TryWriteFar(MessageSection section, SetView set, int ownerAt)
    {
        Span<byte> owner = stackalloc byte[WireName.MaxLength];
        owner = owner[..CopyName(ownerAt, owner)];
        var records = set.Records;
        if (records.Length + set.Count * (owner.Length - 2) > Room || set.Pointers.Length > 0) { return false; }
        while (records.Length > 0)
        {
            var length = 12 + BinaryPrimitives.ReadUInt16BigEndian(records[10..]);
            owner.CopyTo(_buffer[Length..]);
            records[2..length].CopyTo(_buffer[(Length + owner.Length)..]);
            Length += owner.Length + length - 2;
            records = records[length..];
        }
        _counts[(int)section] += (ushort)set.Count;
        return true;
    }

    /// <summary>The record counts of the three sections.</summary>
    [InlineArray(3)]
    private struct Counts
    {
        private ushort _first;
    }
}
