using System.Buffers.Binary;
using System.Security.Cryptography;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Signing;

/// <summary>The digest of a whole zone (RFC 8976): who got the zone in any way sees that it is whole.</summary>
public static class ZoneDigest
{
    /// <summary>The one scheme there is (section 2.2.2), and the two ways to hash (section 2.2.3).</summary>
    public const byte SimpleScheme = 1, Sha384 = 1, Sha512 = 2;

    /// <summary>Serial number, scheme and algorithm come before the digest in a ZONEMD record's data.</summary>
    internal const int FixedLength = 6;

    /// <summary>The data of the ZONEMD record of these records, which are a whole zone.</summary>
    /// <param name="origin">The zone's name.</param>
    /// <param name="serial">The zone's serial number.</param>
    /// <param name="records">All records, in any order; a ZONEMD set of the zone and its signature do not count.</param>
    /// <param name="algorithm">How it is hashed: <see cref="Sha384"/> or <see cref="Sha512"/>.</param>
    public static RecordData Of(DnsName origin, uint serial, IEnumerable<DnsRecord> records, byte algorithm = Sha384)
    {
        ArgumentNullException.ThrowIfNull(records);
        using var hash = new ZoneHash(algorithm);
        foreach (var owner in records.GroupBy(static record => record.Owner, DnsNameComparer.Instance).OrderBy(static owner => owner.Key))
        {
            foreach (var record in owner)
            {
                if (owner.Key == origin && IsOfDigest(record.Type, record.RawData)) { continue; }
                hash.Add(record.Type, record.Class, record.Ttl, record.Data.ToCanonical());
            }
            hash.EndOwner(owner.Key.ToLower().Wire);
        }
        return RecordWire.ToData(
            RecordType.ZONEMD,
            [(byte)(serial >> 24), (byte)(serial >> 16), (byte)(serial >> 8), (byte)serial, SimpleScheme, algorithm, .. hash.End()]);
    }

    /// <summary>True for what the digest stands in, and for its signature: neither can be in it (section 3.3.1).</summary>
    internal static bool IsOfDigest(RecordType type, ReadOnlySpan<byte> data) =>
        type == RecordType.ZONEMD || type == RecordType.RRSIG && BinaryPrimitives.ReadUInt16BigEndian(data) == RecordType.ZONEMD.Value;
}

/// <summary>Hashes a zone owner by owner; the owners come in canonical order, the records of one in any.</summary>
internal sealed class ZoneHash(byte algorithm) : IDisposable
{
    private readonly IncrementalHash _hash =
        IncrementalHash.CreateHash(algorithm == ZoneDigest.Sha512 ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA384);
    private readonly List<(ushort Type, ushort Class, uint Ttl, byte[] Data)> _records = [];

    /// <summary>Takes a record's data in canonical form.</summary>
    public void Add(RecordType type, RecordClass recordClass, Ttl ttl, byte[] data) =>
        _records.Add((type.Value, recordClass.Value, ttl.Seconds, data));

    /// <summary>Hashes what was taken, by type and then by data (section 3.3.1).</summary>
    public void EndOwner(ReadOnlySpan<byte> owner)
    {
        _records.Sort(static (left, right) =>
            left.Type != right.Type ? left.Type.CompareTo(right.Type) : left.Data.AsSpan().SequenceCompareTo(right.Data));
        Span<byte> between = stackalloc byte[10];
        foreach (var (type, recordClass, ttl, data) in _records)
        {
            BinaryPrimitives.WriteUInt16BigEndian(between, type);
            BinaryPrimitives.WriteUInt16BigEndian(between[2..], recordClass);
            BinaryPrimitives.WriteUInt32BigEndian(between[4..], ttl);
            BinaryPrimitives.WriteUInt16BigEndian(between[8..], (ushort)data.Length);
            _hash.AppendData(owner);
            _hash.AppendData(between);
            _hash.AppendData(data);
        }
        _records.Clear();
    }

    /// <summary>The digest.</summary>
    public byte[] End() => _hash.GetHashAndReset();

    public void Dispose() => _hash.Dispose();
}
