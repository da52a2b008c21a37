using System.Security.Cryptography;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;

namespace Firstbyte.Tests.Dns.Resolving;

/// <summary>A key of a zone whose signatures anybody can see through: the hash of what is signed and of the key. Thousands of worlds have to be signed.</summary>
internal sealed class HashKey(DnsName zone) : IZoneKey
{
    // 64 bytes that depend on the zone, as a key of this algorithm has.
    public ZonePublicKey Public { get; } = new(zone, 257, SigningAlgorithm.EcdsaP256Sha256, SHA512.HashData(zone.ToLower().Wire));

    public byte[] Sign(ReadOnlySpan<byte> data) => Sign(Public, data);

    /// <summary>The verdict on a signature.</summary>
    public static bool IsValid(RecordSet set, RecordData signature, ZonePublicKey key)
    {
        var header = SignedData.HeaderLength(signature);
        var data = SignedData.Of(set, signature.Wire[..header]);
        return data.Length > 0 && signature.Wire[header..].SequenceEqual(Sign(key, data));
    }

    private static byte[] Sign(ZonePublicKey key, ReadOnlySpan<byte> data) => SHA512.HashData([.. data, .. key.Data.Wire]);
}
