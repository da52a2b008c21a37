using System.Buffers.Binary;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Signing;

/// <summary>What a signature signs: its own beginning and the whole set in canonical form (RFC 4034 section 3.1.8.1).</summary>
public static class SignedData
{
    /// <summary>Of an RRSIG record's data: type covered, algorithm, labels, TTL, expiration, inception, key tag come before the signer.</summary>
    public const int FixedLength = 18;

    /// <summary>The length of an RRSIG record's data before the signature itself.</summary>
    /// <exception cref="ArgumentException">The data is not that of an RRSIG record.</exception>
    public static int HeaderLength(RecordData signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        if (signature.Type != RecordType.RRSIG) { throw new ArgumentException("a signature is the data of an RRSIG record", nameof(signature)); }
        return FixedLength + RdataLayout.NameLength(signature.Wire[FixedLength..]);
    }

    /// <summary>The bytes that are signed; empty when a signature of so many labels cannot be of this set (RFC 4035 section 5.3.1).</summary>
    /// <param name="set">The set.</param>
    /// <param name="header">The beginning of the RRSIG record's data, up to the signer's name and with it.</param>
    public static byte[] Of(RecordSet set, ReadOnlySpan<byte> header)
    {
        ArgumentNullException.ThrowIfNull(set);
        int labels = header[3];
        var count = set.Owner.LabelCount;
        var owner = set.Owner;
        if (labels > count) { return []; }
        // Made from a wildcard, or itself one: signed is the wildcard.
        if (labels < count && !set.Owner.Suffix(labels).TryPrepend("*"u8, out owner)) { return []; }
        var rest = new List<byte>(512);
        foreach (var value in header[..FixedLength]) { rest.Add(value); }
        foreach (var value in header[FixedLength..]) { rest.Add(WireName.Fold(value)); }
        var name = owner.ToLower().Wire.ToArray();
        Span<byte> between = stackalloc byte[10];
        BinaryPrimitives.WriteUInt16BigEndian(between, set.Type.Value);
        BinaryPrimitives.WriteUInt16BigEndian(between[2..], set.Class.Value);
        header.Slice(4, sizeof(uint)).CopyTo(between[4..]);
        foreach (var data in set.Data.Select(static data => data.ToCanonical()).Order(ByteOrder.Instance))
        {
            BinaryPrimitives.WriteUInt16BigEndian(between[8..], (ushort)data.Length);
            rest.AddRange(name);
            rest.AddRange(between);
            rest.AddRange(data);
        }
        return [.. rest];
    }

    /// <summary>Canonical order (RFC 4034 section 6.3): bytes from the left, what ends first comes first.</summary>
    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static readonly ByteOrder Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
