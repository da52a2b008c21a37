using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Wire;

/// <summary>Writes a message into a buffer, names compressed, without allocating.</summary>
/// <remarks>
/// Theory of operation. Whatever does not fit is not written: every method that could overflow says false and leaves the message as it was, and the
/// caller decides whether that means TC (the answer itself is incomplete) or nothing (additional data was left out; RFC 2181
/// section 9). Sections are written in order; the counts are kept here, and <see cref="Finish"/> puts the header in
/// front. Room for the OPT record is set aside first and used last.
/// </remarks>
public ref struct MessageWriter
{
    /// <summary>An OPT record without options.</summary>
    public const int EdnsLength = 11;

    private readonly Span<byte> _buffer;
    private NameTable _names;
    private int _limit;
    private int _reserved;
    private int _questionCount;
    private Counts _counts;

    /// <summary>Starts a message that may fill the whole buffer, or its first 65,535 bytes.</summary>
    /// <exception cref="ArgumentException">The buffer has no room for a header.</exception>
    public MessageWriter(Span<byte> buffer)
    {
        if (buffer.Length < MessageHeader.Length) { throw new ArgumentException("a message has at least 12 bytes", nameof(buffer)); }
        _buffer = buffer;
        _limit = Math.Min(buffer.Length, MessageView.MaxLength);
        Length = MessageHeader.Length;
    }

    /// <summary>The bytes written so far, header included.</summary>
    public int Length { get; private set; }

    /// <summary>How many bytes may still come before the reserved ones.</summary>
    public readonly int Room => _limit - _reserved - Length;

    /// <summary>
    /// Whether a name points only at what has the same case: a copy of a zone has its names as they are (RFC 5936 section 3.4). Otherwise a name may take the
    /// case of one before it, which is shorter.
    /// </summary>
    public bool KeepsCase { get; init; }

    /// <summary>True when <see cref="MarkTruncated"/> was called.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Lowers the limit, for what a client takes (RFC 6891 section 6.2.5).</summary>
    public void Limit(int length) => _limit = Math.Clamp(length, Length, _limit);

    /// <summary>Sets room aside for an OPT record with options of this length; false when there is none.</summary>
    public bool TryReserveEdns(int optionsLength)
    {
        if (Room < EdnsLength + optionsLength) { return false; }
        _reserved = EdnsLength + optionsLength;
        return true;
    }

    /// <summary>TC: what follows the question is not everything.</summary>
    public void MarkTruncated() => IsTruncated = true;

    /// <summary>Writes a question.</summary>
    public bool TryWriteQuestion(Question question) => TryWriteQuestion(question.Name.Wire, question.Type, question.Class);

    /// <summary>Writes a question; the name goes in wire form, its case kept.</summary>
    public bool TryWriteQuestion(scoped ReadOnlySpan<byte> name, RecordType type, RecordClass recordClass)
    {
        var mark = Mark();
        if (!TryWriteName(name) || Room < 4) { return Undo(mark); }
        Put(type.Value);
        Put(recordClass.Value);
        _questionCount++;
        return true;
    }

    /// <summary>Writes a record.</summary>
    public bool TryWriteRecord(MessageSection section, DnsRecord record) =>
        TryWriteRecord(section, record.Owner.Wire, record.Type, record.Class, record.Ttl, record.RawData);

    /// <summary>Writes all records of a set, or none.</summary>
    public bool TryWriteRecordSet(MessageSection section, RecordSet set) => TryWriteRecordSet(section, set, set.Owner.Wire, set.Ttl);

    /// <summary>Writes all records of a set at another name (a wildcard's) and with another TTL, or none.</summary>
    public bool TryWriteRecordSet(MessageSection section, RecordSet set, scoped ReadOnlySpan<byte> owner, Ttl ttl)
    {
        var mark = Mark();
        foreach (var data in set.DataArray)
        {
            if (!TryWriteRecord(section, owner, set.Type, set.Class, ttl, data.Wire)) { return Undo(mark); }
        }
        return true;
    }

    /// <summary>Writes a record from its parts: the owner in wire form, the RDATA without compression.</summary>
    public bool TryWriteRecord(
        MessageSection section, scoped ReadOnlySpan<byte> owner, RecordType type, RecordClass recordClass, Ttl ttl,
        scoped ReadOnlySpan<byte> data)
    {
        var mark = Mark();
        if (!TryWriteName(owner) || Room < RecordView.FixedLength) { return Undo(mark); }
        Put(type.Value);
        Put(recordClass.Value);
        Put(ttl.Seconds);
        var lengthAt = Length;
        Length += 2;
        if (!TryWriteData(type, data)) { return Undo(mark); }
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[lengthAt..], (ushort)(Length - lengthAt - 2));
        _counts[(int)section]++;
        return true;
    }

    /// <summary>Writes the OPT record (RFC 6891 section 6.1.2) into the room set aside, or into what is left; false when there is not enough.</summary>
    public bool TryWriteEdns(int payloadSize, ResponseCode responseCode, bool dnssecOk, scoped ReadOnlySpan<byte> options, byte version = 0)
    {
        _reserved = 0;
        if (Room < EdnsLength + options.Length) { return false; }
        _buffer[Length++] = 0;
        Put(RecordType.OPT.Value);
        Put((ushort)payloadSize);
        Put((uint)(responseCode.Value >> 4) << 24 | (uint)version << 16 | (dnssecOk ? 0x8000u : 0));
        Put((ushort)options.Length);
        options.CopyTo(_buffer[Length..]);
        Length += options.Length;
        _counts[(int)MessageSection.Additional]++;
        return true;
    }

    /// <summary>Takes back every record, so that only the questions stand; room set aside stays so.</summary>
    public void DropRecords(int questionEnd)
    {
        Length = questionEnd;
        _counts = default;
        while (_names.Count > 0 && _names.Offset(_names.Count - 1) >= questionEnd) { _names.Count--; }
    }

    /// <summary>Writes the header and returns the message's length. <paramref name="flags"/> get TC when <see cref="MarkTruncated"/> was called.</summary>
    public readonly int Finish(ushort id, HeaderFlags flags, OpCode opCode, ResponseCode responseCode)
    {
        if (IsTruncated) { flags |= HeaderFlags.Truncated; }
        new MessageHeader(id, flags, opCode, responseCode, (ushort)_questionCount, _counts[0], _counts[1], _counts[2]).Write(_buffer);
        return Length;
    }

    private bool TryWriteData(RecordType type, scoped ReadOnlySpan<byte> data)
    {
        ref readonly var layout = ref RecordTypes.LayoutOf(type);
        // Data that does not have its type's shape is written as it is: it was read as opaque somewhere.
        if (!layout.IsCompressible || !layout.Fits(data)) { return TryPut(data); }
        layout.TrySkipHead(data, out var at);
        if (!TryPut(data[..at])) { return false; }
        for (var i = 0; i < layout.Names; i++)
        {
            var length = RdataLayout.NameLength(data[at..]);
            if (!TryWriteName(data.Slice(at, length))) { return false; }
            at += length;
        }
        return TryPut(data[at..]);
    }

    [SkipLocalsInit]
    private bool TryWriteName(scoped ReadOnlySpan<byte> name)
    {
        if (name.Length == 1) { return TryPut(name); }
        Span<byte> starts = stackalloc byte[WireName.MaxLabels];
        var unmatched = WireName.FindLabels(name, starts);
        var parent = NameTable.Root;
        while (unmatched > 0)
        {
            int start = starts[unmatched - 1];
            var entry = _names.Find(_buffer[..Length], parent, name.Slice(start, 1 + name[start]), KeepsCase);
            if (entry < 0) { break; }
            parent = entry;
            unmatched--;
        }

        // What stays in front of the first known label is written out, then a pointer or the root.
        var written = parent == NameTable.Root ? name.Length : starts[unmatched];
        if (Room < written + (parent == NameTable.Root ? 0 : 2)) { return false; }
        var at = Length;
        name[..written].CopyTo(_buffer[at..]);
        Length += written;
        if (parent != NameTable.Root) { Put((ushort)(0xC000 | _names.Offset(parent))); }
        for (var i = unmatched - 1; i >= 0 && parent >= 0; i--)
        {
            parent = _names.Add(parent, name.Slice(starts[i], 1 + name[starts[i]]), at + starts[i]);
        }
        return true;
    }

    private bool TryPut(scoped ReadOnlySpan<byte> bytes)
    {
        if (Room < bytes.Length) { return false; }
        bytes.CopyTo(_buffer[Length..]);
        Length += bytes.Length;
        return true;
    }

    private void Put(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[Length..], value);
        Length += 2;
    }

    private void Put(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_buffer[Length..], value);
        Length += 4;
    }

    private readonly WriterMark Mark() => new(Length, _names.Count, _counts);

    private bool Undo(WriterMark mark)
    {
        (Length, _names.Count, _counts) = (mark.Length, mark.NameCount, mark.Counts);
        return false;
    }

    private readonly record struct WriterMark(int Length, int NameCount, Counts Counts);

    /// <summary>The record counts of the three sections.</summary>
    [InlineArray(3)]
    private struct Counts
    {
        private ushort _first;
    }
}
