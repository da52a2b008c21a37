using System.Buffers;
using System.Buffers.Binary;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;
using Firstbyte.Hashing;

namespace Firstbyte.Dns.Updating;

/// <summary>What a journal holds.</summary>
public enum JournalFault
{
    None,

    /// <summary>A change is damaged and others stand behind it: that is no broken-off write.</summary>
    Damaged,

    /// <summary>It is the journal of another zone, or no journal.</summary>
    Foreign,

    /// <summary>Its changes do not lead on from the zone: one of the two was changed by hand, or is of another time.</summary>
    DoesNotFollow,
}

/// <summary>A journal that was read.</summary>
/// <param name="Differences">The changes, the oldest first.</param>
/// <param name="Length">The bytes that hold them; what stands behind was being written when the server ended, was acknowledged to nobody, and goes.</param>
/// <param name="Fault">What is wrong.</param>
/// <param name="Files">What the zone's file had under each serial number with which it was taken; a number stands once.</param>
public sealed record JournalContent(IReadOnlyList<ZoneDifference> Differences, long Length, JournalFault Fault, IReadOnlyDictionary<uint, ulong> Files)
{
    /// <summary>What holds nothing.</summary>
    /// <param name="fault">What is wrong.</param>
    public static JournalContent Nothing(JournalFault fault = JournalFault.None) => new([], 0, fault, new Dictionary<uint, ulong>());

    /// <summary>Whether a zone's file is as it was when it was taken; null where it was never taken under this serial number.</summary>
    /// <param name="file">The zone as its file has it.</param>
    public bool? IsAsTaken(Zone file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Files.TryGetValue(file.Soa.Serial, out var hash) ? hash == file.ContentHash() : null;
    }
}

/// <summary>The changes of a zone as they are kept on disk: each is appended whole before it is acknowledged, with a checksum of its own.</summary>
/// <remarks>
/// <code>
///   journal  head | file or change | …
///   entry    "FBJ1" | length 4 | CRC-32C of what follows 4 | …         head: the zone's name in wire form
///   file     FF | serial number 4 | hash of its records 8              what the zone's file has when changes begin, or when it is taken again
///   change   old SOA | new SOA | number 4 | removed … | number 4 | added …
///   record   owner | type 2 | class 2 | TTL 4 | length 2 | data        names uncompressed, numbers in network order
/// </code>
/// Whatever the moment at which a server is killed, the end of the file is at worst a part of one entry. A part has a wrong checksum and nothing that is
/// right behind it; it is told from damage by that.
/// </remarks>
public static class ZoneJournal
{
    private const int HeadLength = 12;

    /// <summary>No name begins with it, as a change does: a label has at most 63 bytes.</summary>
    private const byte FileMark = 0xFF;

    private const int FileLength = 1 + sizeof(uint) + sizeof(ulong);

    private static ReadOnlySpan<byte> Magic => "FBJ1"u8;

    /// <summary>The first entry of a zone's journal.</summary>
    public static byte[] Head(DnsName origin) => Entry(origin.ToLower().Wire);

    /// <summary>The entry of a change.</summary>
    public static byte[] Entry(ZoneDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        var bytes = new ArrayBufferWriter<byte>();
        Write(bytes, difference.OldSoa);
        Write(bytes, difference.NewSoa);
        foreach (var records in (IReadOnlyList<DnsRecord>[])[difference.Removed, difference.Added])
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.GetSpan(4), records.Count);
            bytes.Advance(4);
            foreach (var record in records) { Write(bytes, record); }
        }
        return Entry(bytes.WrittenSpan);
    }

    /// <summary>The entry of what the zone's file has: changes start from there, and a change by hand under the same number is told by it.</summary>
    public static byte[] File(Zone file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var payload = new byte[FileLength];
        payload[0] = FileMark;
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(1), file.Soa.Serial);
        BinaryPrimitives.WriteUInt64BigEndian(payload.AsSpan(1 + sizeof(uint)), file.ContentHash());
        return Entry(payload);
    }

    /// <summary>Reads a journal.</summary>
    public static JournalContent Read(ReadOnlySpan<byte> bytes, DnsName origin)
    {
        var differences = new List<ZoneDifference>();
        var files = new Dictionary<uint, ulong>();
        var at = 0;
        if (!TryReadEntry(bytes, out var head, out var length))
        {
            // A server that was killed while it made the journal; otherwise it is something else's file.
            return Magic.StartsWith(bytes[..Math.Min(bytes.Length, Magic.Length)]) && !HoldsEntry(bytes)
                ? JournalContent.Nothing()
                : JournalContent.Nothing(JournalFault.Foreign);
        }
        if (!head.SequenceEqual(origin.ToLower().Wire)) { return JournalContent.Nothing(JournalFault.Foreign); }
        for (at = length; at < bytes.Length; at += length)
        {
            var isWhole = TryReadEntry(bytes[at..], out var payload, out length);
            if (isWhole && TryReadFile(payload, out var serial, out var hash)) { files[serial] = hash; }
            else if (isWhole && TryReadChange(payload, out var difference)) { differences.Add(difference); }
            else { return new JournalContent(differences, at, HoldsEntry(bytes[(at + 1)..]) ? JournalFault.Damaged : JournalFault.None, files); }
        }
        return new JournalContent(differences, at, JournalFault.None, files);
    }

    /// <summary>
    /// Makes the changes of a journal that a zone does not have yet; one that is newer than the file's beginning, because a journal was merged into it, has
    /// the first ones already.
    /// </summary>
    /// <param name="zone">The zone as its file has it.</param>
    /// <param name="differences">The changes of the journal, the oldest first.</param>
    /// <param name="newest">The zone with them.</param>
    /// <param name="made">How many the zone did not have yet.</param>
    public static JournalFault TryReplay(Zone zone, IReadOnlyList<ZoneDifference> differences, out Zone newest, out int made)
    {
        ArgumentNullException.ThrowIfNull(zone);
        ArgumentNullException.ThrowIfNull(differences);
        (newest, made) = (zone, 0);
        var first = 0;
        while (first < differences.Count && differences[first].OldSerial != zone.Soa.Serial) { first++; }
        if (first == differences.Count) { return first == 0 || differences[^1].NewSerial == zone.Soa.Serial ? JournalFault.None : JournalFault.DoesNotFollow; }
        for (var i = first; i < differences.Count; i++)
        {
            if (!newest.TryApply(differences[i], out var next, out _)) { return JournalFault.DoesNotFollow; }
            newest = next;
            made++;
        }
        return JournalFault.None;
    }

    private static byte[] Entry(ReadOnlySpan<byte> payload)
    {
        var entry = new byte[HeadLength + payload.Length];
        Magic.CopyTo(entry);
        BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(4), payload.Length);
        BinaryPrimitives.WriteUInt32BigEndian(entry.AsSpan(8), Crc32C.Compute(payload));
        payload.CopyTo(entry.AsSpan(HeadLength));
        return entry;
    }

    private static bool TryReadEntry(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> payload, out int length)
    {
        payload = default;
        length = 0;
        if (bytes.Length < HeadLength || !bytes.StartsWith(Magic)) { return false; }
        var payloadLength = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        if (payloadLength > bytes.Length - HeadLength) { return false; }
        payload = bytes.Slice(HeadLength, (int)payloadLength);
        length = HeadLength + payload.Length;
        return BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) == Crc32C.Compute(payload);
    }

    /// <summary>Whether a whole entry stands somewhere in the bytes.</summary>
    private static bool HoldsEntry(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf(Magic) is var at and >= 0)
        {
            if (TryReadEntry(bytes[at..], out var payload, out _) && (TryReadChange(payload, out _) || TryReadFile(payload, out _, out _))) { return true; }
            bytes = bytes[(at + 1)..];
        }
        return false;
    }

    private static void Write(ArrayBufferWriter<byte> bytes, DnsRecord record)
    {
        var data = record.RawData;
        bytes.Write(record.Owner.Wire);
        var span = bytes.GetSpan(10);
        BinaryPrimitives.WriteUInt16BigEndian(span, record.Type.Value);
        BinaryPrimitives.WriteUInt16BigEndian(span[2..], record.Class.Value);
        BinaryPrimitives.WriteUInt32BigEndian(span[4..], record.Ttl.Seconds);
        BinaryPrimitives.WriteUInt16BigEndian(span[8..], (ushort)data.Length);
        bytes.Advance(10);
        bytes.Write(data);
    }

    private static bool TryReadFile(ReadOnlySpan<byte> payload, out uint serial, out ulong hash)
    {
        (serial, hash) = (0, 0);
        if (payload.Length != FileLength || payload[0] != FileMark) { return false; }
        serial = BinaryPrimitives.ReadUInt32BigEndian(payload[1..]);
        hash = BinaryPrimitives.ReadUInt64BigEndian(payload[(1 + sizeof(uint))..]);
        return true;
    }

    private static bool TryReadChange(ReadOnlySpan<byte> payload, out ZoneDifference difference)
    {
        difference = null!;
        if (!TryReadRecord(ref payload, out var oldSoa) || !TryReadRecord(ref payload, out var newSoa)
            || oldSoa.Type != RecordType.SOA || newSoa.Type != RecordType.SOA
            || !TryReadRecords(ref payload, out var removed) || !TryReadRecords(ref payload, out var added) || payload.Length > 0) { return false; }
        difference = new ZoneDifference(oldSoa, newSoa, removed, added);
        return true;
    }

    private static bool TryReadRecords(ref ReadOnlySpan<byte> bytes, out List<DnsRecord> records)
    {
        records = [];
        if (bytes.Length < 4) { return false; }
        var count = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        bytes = bytes[4..];
        // Each has at least 11 bytes: a number that says more ends at the first that is missing.
        for (var i = 0u; i < count; i++)
        {
            if (!TryReadRecord(ref bytes, out var record)) { return false; }
            records.Add(record);
        }
        return true;
    }

    private static bool TryReadRecord(ref ReadOnlySpan<byte> bytes, out DnsRecord record)
    {
        record = null!;
        var nameLength = RdataLayout.NameLength(bytes);
        if (nameLength == 0 || bytes.Length < nameLength + 10 || !DnsName.TryFromWire(bytes[..nameLength], out var owner)) { return false; }
        var head = bytes[nameLength..];
        int dataLength = BinaryPrimitives.ReadUInt16BigEndian(head[8..]);
        if (head.Length < 10 + dataLength
            || !RecordData.TryRead(new RecordType(BinaryPrimitives.ReadUInt16BigEndian(head)), head.Slice(10, dataLength), out var data)) { return false; }
        record = new DnsRecord(
            owner, new RecordClass(BinaryPrimitives.ReadUInt16BigEndian(head[2..])), Ttl.FromWire(BinaryPrimitives.ReadUInt32BigEndian(head[4..])), data);
        bytes = head[(10 + dataLength)..];
        return true;
    }
}
