using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>The chain by which a signed zone shows what it does not hold: NSEC (RFC 4034 section 4) or NSEC3 (RFC 5155).</summary>
/// <remarks>
/// The names that have a link of the chain stand in canonical order, which for hashes is the order of their values: the link that covers a
/// name is found by halving. A zone whose hashes cost more than <see cref="MaxIterations"/> shows nothing: validators take such a zone as unsigned.
/// </remarks>
internal sealed class ZoneDenial
{
    /// <summary>
    /// RFC 9276 section 3.1 asks for 0, RFC 5155 section 10.3 allows 500 for keys of 2048 bits. Validators take a zone of more than 150 for unsigned
    /// where they are shown the proofs, and for forged where they are not: so they are.
    /// </summary>
    public const int MaxIterations = 500;

    /// <summary>A SHA-1 value in base32hex (RFC 4648 section 7).</summary>
    public const int HashLength = 20, TextLength = 32;

    private readonly ZoneStore _store;
    private readonly uint[] _links;
    private readonly byte[] _salt;
    private readonly int _iterations;

    private ZoneDenial(ZoneStore store, uint[] links, bool isHashed, byte[] salt, int iterations)
    {
        (_store, _links, _salt, _iterations) = (store, links, salt, iterations);
        IsHashed = isHashed;
    }

    /// <summary>True for NSEC3.</summary>
    public bool IsHashed { get; }

    /// <summary>The type of the links.</summary>
    public RecordType Type => IsHashed ? RecordType.NSEC3 : RecordType.NSEC;

    /// <summary>The chain of a zone, which begins at its apex; null when there is none.</summary>
    public static ZoneDenial? Of(ZoneStore store)
    {
        var apex = store[store.Order[0]];
        if (apex.Find(RecordType.NSEC) != 0) { return new ZoneDenial(store, LinksOf(store, RecordType.NSEC, []), isHashed: false, [], 0); }
        var at = apex.Find(RecordType.NSEC3PARAM);
        if (at == 0) { return null; }
        var records = apex.SetAt(at).Records;
        for (var ownerLength = apex.SetAt(at).OwnerLength; records.Length > 0;)
        {
            var start = ownerLength + SetView.FixedLength;
            var end = start + BinaryPrimitives.ReadUInt16BigEndian(records[(start - 2)..]);
            var data = records[start..end];
            records = records[end..];
            int iterations = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
            // RFC 5155 section 4.1.2: with other flags the chain is not for use. SHA-1 is the only algorithm there is.
            if (data[0] != 1 || data[1] != 0 || iterations > MaxIterations) { continue; }
            var links = LinksOf(store, RecordType.NSEC3, data);
            if (links.Length > 0) { return new ZoneDenial(store, links, isHashed: true, data[5..].ToArray(), iterations); }
        }
        return null;
    }

    /// <summary>The link at or before a name of the zone, given without the zone's own labels.</summary>
    public uint Find(ReadOnlySpan<byte> name)
    {
        var (low, high) = (0, _links.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (WireName.CompareCanonical(_store[_links[middle]].Name, name) <= 0) { low = middle; }
            else { high = middle - 1; }
        }
        return _links[low];
    }

    /// <summary>The link whose hash is that of a whole name, or which covers it.</summary>
    [SkipLocalsInit]
    public uint FindHash(ReadOnlySpan<byte> name, out bool isMatch)
    {
        Span<byte> text = stackalloc byte[TextLength];
        Hash(name, text);
        var (low, high) = (0, _links.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (WireName.CompareLabels(_store[_links[middle]].Name.Slice(1, TextLength), text) <= 0) { low = middle + 1; }
            else { high = middle; }
        }
        // The last link covers what comes before the first one as well.
        var link = _links[low == 0 ? _links.Length - 1 : low - 1];
        isMatch = WireName.Equals(_store[link].Name.Slice(1, TextLength), text);
        return link;
    }

    /// <summary>The hash of a name as it stands in front of the zone's own name.</summary>
    [SkipLocalsInit]
    public void Hash(ReadOnlySpan<byte> name, Span<byte> text)
    {
        Span<byte> hash = stackalloc byte[HashLength];
        Hash(name, _salt, _iterations, hash);
        DigitText.WriteBase32Hex(hash, text);
    }

    /// <summary>RFC 5155 section 5: IH(salt, x, 0) = H(x || salt), IH(salt, x, k) = H(IH(salt, x, k-1) || salt).</summary>
    [SkipLocalsInit]
    public static void Hash(ReadOnlySpan<byte> name, ReadOnlySpan<byte> salt, int iterations, Span<byte> hash)
    {
        Span<byte> input = stackalloc byte[WireName.MaxLength + byte.MaxValue];
        for (var i = 0; i < name.Length; i++) { input[i] = WireName.Fold(name[i]); }
        var length = name.Length;
        for (var round = 0; round <= iterations; round++)
        {
            salt.CopyTo(input[length..]);
#pragma warning disable CA5350 // The only algorithm that NSEC3 has (RFC 5155 section 11): it keeps names from being read off, and signs nothing.
            SHA1.HashData(input[..(length + salt.Length)], hash);
#pragma warning restore CA5350
            hash.CopyTo(input);
            length = HashLength;
        }
    }

    /// <summary>The names that have a link; of hashed ones, with the algorithm, iterations and salt of the NSEC3PARAM record's data.</summary>
    private static uint[] LinksOf(ZoneStore store, RecordType type, ReadOnlySpan<byte> parameters)
    {
        var links = new List<uint>();
        foreach (var address in store.Order)
        {
            var node = store[address];
            var at = node.Find(type);
            if (at != 0 && (parameters.Length == 0 || HasParameters(node, node.SetAt(at), parameters))) { links.Add(address); }
        }
        return [.. links];
    }

    private static bool HasParameters(NodeView node, SetView set, ReadOnlySpan<byte> parameters)
    {
        if (node.LabelCount != 1 || node.Name[0] != TextLength) { return false; }
        var data = set.Records[(set.OwnerLength + SetView.FixedLength)..];
        // The flags in the second byte are those of each link.
        return data[0] == parameters[0] && data[2..].StartsWith(parameters[2..]);
    }
}
