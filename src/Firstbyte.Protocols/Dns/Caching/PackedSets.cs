using System.Buffers.Binary;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Caching;

/// <summary>What a set of an entry is there for.</summary>
internal enum PackedRole : byte
{
    /// <summary>The records themselves; of a denial its SOA record.</summary>
    Records,

    /// <summary>The DNAME set that an alias was made from.</summary>
    Substitution,

    /// <summary>What proves a denial, or that no closer name than a wildcard's exists.</summary>
    Proof,
}

/// <summary>The record sets of one cache entry in one run of bytes: the name they lie under, then set by set, data as they go over the wire.</summary>
/// <remarks>
/// <code>
/// name of the entry
/// set:    role 1 │ owner's length 1 (0: the entry's name) │ type 2 │ class 2 │ records 2 │ signatures 2 │ bytes that follow 4 │ owner │ records, signatures
/// record: TTL 4 │ length 2 │ data
/// </code>
/// A record is two objects and two arrays of some 200 bytes; here it is its data and six bytes. What is written to a client is copied from here.
/// </remarks>
internal static class PackedSets
{
    internal const int SetHead = 14, RecordHead = 6;

    public static byte[] Pack(DnsName name, SignedSet? records, SignedSet? substitution, SignedSet[] proof)
    {
        var length = name.Length + LengthOf(name, records) + LengthOf(name, substitution);
        foreach (var set in proof) { length += LengthOf(name, set); }
        var packed = new byte[length];
        name.Wire.CopyTo(packed);
        var rest = packed.AsSpan(name.Length);
        rest = Write(rest, name, substitution, PackedRole.Substitution);
        rest = Write(rest, name, records, PackedRole.Records);
        foreach (var set in proof) { rest = Write(rest, name, set, PackedRole.Proof); }
        return packed;
    }

    /// <summary>The length of the name at the front, with its closing zero.</summary>
    public static int NameLength(ReadOnlySpan<byte> packed)
    {
        var at = 0;
        while (packed[at] != 0) { at += 1 + packed[at]; }
        return at + 1;
    }

    /// <summary>The sets of one role as objects, with their own times to live or one for all.</summary>
    public static SignedSet[] Read(byte[] packed, PackedRole role, Ttl? ttl = null)
    {
        var found = new List<SignedSet>();
        foreach (var set in new PackedSetReader(packed)) { if (set.Role == role) { found.Add(set.ToSet(ttl)); } }
        return [.. found];
    }

    private static int LengthOf(DnsName name, SignedSet? set)
    {
        if (set is null) { return 0; }
        var length = SetHead + (set.Owner.EqualsExactly(name) ? 0 : set.Owner.Length);
        foreach (var record in set.Records) { length += RecordHead + record.RawData.Length; }
        foreach (var record in set.Signatures) { length += RecordHead + record.RawData.Length; }
        return length;
    }

    private static Span<byte> Write(Span<byte> rest, DnsName name, SignedSet? set, PackedRole role)
    {
        if (set is null) { return rest; }
        var owner = set.Owner.EqualsExactly(name) ? [] : set.Owner.Wire;
        rest[0] = (byte)role;
        rest[1] = (byte)owner.Length;
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], set.Type.Value);
        BinaryPrimitives.WriteUInt16BigEndian(rest[4..], set.Records[0].Class.Value);
        BinaryPrimitives.WriteUInt16BigEndian(rest[6..], (ushort)set.Records.Length);
        BinaryPrimitives.WriteUInt16BigEndian(rest[8..], (ushort)set.Signatures.Length);
        BinaryPrimitives.WriteInt32BigEndian(rest[10..], LengthOf(name, set) - SetHead);
        owner.CopyTo(rest[SetHead..]);
        rest = rest[(SetHead + owner.Length)..];
        foreach (var record in set.Records) { rest = Write(rest, record); }
        foreach (var record in set.Signatures) { rest = Write(rest, record); }
        return rest;
    }

    private static Span<byte> Write(Span<byte> rest, DnsRecord record)
    {
        var data = record.RawData;
        BinaryPrimitives.WriteUInt32BigEndian(rest, record.Ttl.Seconds);
        BinaryPrimitives.WriteUInt16BigEndian(rest[4..], (ushort)data.Length);
        data.CopyTo(rest[RecordHead..]);
        return rest[(RecordHead + data.Length)..];
    }
}

/// <summary>Walks the sets of an entry.</summary>
internal ref struct PackedSetReader
{
    private readonly ReadOnlySpan<byte> _name;
    private ReadOnlySpan<byte> _rest;

    public PackedSetReader(ReadOnlySpan<byte> packed)
    {
        var length = PackedSets.NameLength(packed);
        _name = packed[..length];
        _rest = packed[length..];
    }

    public PackedSet Current { get; private set; }

    public readonly PackedSetReader GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.Length == 0) { return false; }
        Current = new PackedSet(_name, _rest);
        _rest = _rest[Current.Length..];
        return true;
    }
}

/// <summary>One set of an entry, where it lies.</summary>
internal readonly ref struct PackedSet
{
    private readonly ReadOnlySpan<byte> _body;

    public PackedSet(ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        Role = (PackedRole)bytes[0];
        int ownerLength = bytes[1];
        Type = new RecordType(BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
        Class = new RecordClass(BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]));
        RecordCount = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        SignatureCount = BinaryPrimitives.ReadUInt16BigEndian(bytes[8..]);
        Length = PackedSets.SetHead + BinaryPrimitives.ReadInt32BigEndian(bytes[10..]);
        Owner = ownerLength == 0 ? name : bytes.Slice(PackedSets.SetHead, ownerLength);
        _body = bytes[(PackedSets.SetHead + ownerLength)..Length];
    }

    public PackedRole Role { get; }
    public ReadOnlySpan<byte> Owner { get; }
    public RecordType Type { get; }
    public RecordClass Class { get; }
    public int RecordCount { get; }
    public int SignatureCount { get; }

    /// <summary>Bytes from its beginning to the next set's.</summary>
    public int Length { get; }

    /// <summary>The records and behind them the signatures.</summary>
    public PackedRecordReader All => new(_body, RecordCount + SignatureCount);

    /// <summary>The records.</summary>
    public PackedRecordReader Records => new(_body, RecordCount);

    public SignedSet ToSet(Ttl? ttl)
    {
        var owner = DnsName.FromValidWire(Owner);
        var (records, signatures) = (new DnsRecord[RecordCount], new DnsRecord[SignatureCount]);
        var at = 0;
        foreach (var record in All)
        {
            var type = at < records.Length ? Type : RecordType.RRSIG;
            // It was such a record when it was packed.
            if (!RecordData.TryRead(type, record.Data, out var data)) { throw new InvalidOperationException($"packed data of {type} that cannot be read"); }
            var made = new DnsRecord(owner, Class, ttl ?? record.Ttl, data);
            if (at < records.Length) { records[at] = made; }
            else { signatures[at - records.Length] = made; }
            at++;
        }
        return new SignedSet(records, signatures);
    }
}

/// <summary>Walks the records of a set.</summary>
internal ref struct PackedRecordReader(ReadOnlySpan<byte> body, int count)
{
    private ReadOnlySpan<byte> _rest = body;
    private int _left = count;

    public PackedRecord Current { get; private set; }

    public readonly PackedRecordReader GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_left-- <= 0) { return false; }
        var length = BinaryPrimitives.ReadUInt16BigEndian(_rest[4..]);
        Current = new PackedRecord(new Ttl(BinaryPrimitives.ReadUInt32BigEndian(_rest)), _rest.Slice(PackedSets.RecordHead, length));
        _rest = _rest[(PackedSets.RecordHead + length)..];
        return true;
    }
}

/// <summary>One record of a set, where it lies.</summary>
internal readonly ref struct PackedRecord(Ttl ttl, ReadOnlySpan<byte> data)
{
    public Ttl Ttl { get; } = ttl;
    public ReadOnlySpan<byte> Data { get; } = data;
}
