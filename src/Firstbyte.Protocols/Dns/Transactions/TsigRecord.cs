using System.Buffers.Binary;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Dns.Transactions;

/// <summary>Whether a message has a signature.</summary>
internal enum TsigPresence
{
    /// <summary>It has none.</summary>
    Absent,

    /// <summary>It has one, where it belongs.</summary>
    Present,

    /// <summary>It has one that is not the last record, a second one, or one that does not have its shape (RFC 8945 section 5.1): FORMERR.</summary>
    Malformed,
}

/// <summary>The signature of a message where it lies (RFC 8945 section 4.2).</summary>
internal ref struct TsigRecord
{
    /// <summary>TYPE, CLASS, TTL and RDLENGTH.</summary>
    public const int FixedLength = 10;

    /// <summary>What stands in the data beside the algorithm's name, the code and the other data.</summary>
    public const int FieldsLength = 16;

    /// <summary>The time's 48 bits.</summary>
    public const int TimeLength = 6;

    /// <summary>Where the record starts: what stands before is what was signed.</summary>
    public int Offset;

    /// <summary>The key's name and the algorithm's, uncompressed, as they were sent.</summary>
    public ReadOnlySpan<byte> KeyName, AlgorithmName;

    /// <summary>Seconds since 1970.</summary>
    public ulong Time;

    public ushort Fudge;
    public ReadOnlySpan<byte> Mac;
    public ushort OriginalId;
    public ResponseCode Error;
    public ReadOnlySpan<byte> Other;

    /// <summary>Looks for the signature of a message.</summary>
    /// <param name="view">The message.</param>
    /// <param name="name">Room for the key's name.</param>
    /// <param name="record">The signature, where there is one.</param>
    public static TsigPresence Find(scoped in MessageView view, Span<byte> name, out TsigRecord record)
    {
        record = default;
        if (HasSignature(view.Answers) || HasSignature(view.Authorities)) { return TsigPresence.Malformed; }
        var isFound = false;
        RecordView last = default;
        foreach (var additional in view.Additionals)
        {
            // It is the last record of the message, so nothing comes behind it.
            if (isFound) { return TsigPresence.Malformed; }
            isFound = additional.Type == RecordType.TSIG;
            last = additional;
        }
        if (!isFound) { return TsigPresence.Absent; }
        if (view.TrailingLength > 0) { return TsigPresence.Malformed; }
        record.Offset = last.Offset;
        record.KeyName = name[..last.Owner.CopyTo(name)];
        return last.Class == RecordClass.Any && last.TtlBits == 0 && record.TryReadData(last.RawData) ? TsigPresence.Present : TsigPresence.Malformed;
    }

    private static bool HasSignature(RecordEnumerator section)
    {
        foreach (var record in section)
        {
            if (record.Type == RecordType.TSIG) { return true; }
        }
        return false;
    }

    /// <summary>Reads the data; the algorithm's name comes uncompressed (RFC 8945 section 4.2, RFC 3597 section 4).</summary>
    private bool TryReadData(ReadOnlySpan<byte> data)
    {
        var length = RdataLayout.NameLength(data);
        if (length == 0 || data.Length < length + FieldsLength) { return false; }
        AlgorithmName = data[..length];
        var rest = data[length..];
        Time = ReadTime(rest);
        Fudge = BinaryPrimitives.ReadUInt16BigEndian(rest[6..]);
        int macLength = BinaryPrimitives.ReadUInt16BigEndian(rest[8..]);
        if (rest.Length < FieldsLength + macLength) { return false; }
        Mac = rest.Slice(10, macLength);
        rest = rest[(10 + macLength)..];
        OriginalId = BinaryPrimitives.ReadUInt16BigEndian(rest);
        Error = new ResponseCode(BinaryPrimitives.ReadUInt16BigEndian(rest[2..]));
        Other = rest[6..];
        return BinaryPrimitives.ReadUInt16BigEndian(rest[4..]) == Other.Length;
    }

    public static ulong ReadTime(ReadOnlySpan<byte> bytes) =>
        (ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32 | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);

    public static void WriteTime(Span<byte> destination, ulong time)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(time >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], (uint)time);
    }
}
