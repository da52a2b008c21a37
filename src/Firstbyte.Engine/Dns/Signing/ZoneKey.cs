using System.Security.Cryptography;
using Firstbyte.Dns.Records;
using Firstbyte.Sockets;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Utilities;

namespace Firstbyte.Dns.Signing;

/// <summary>A key pair that signs a zone, as one of the three algorithms has it.</summary>
/// <remarks>
/// Every signature is reproducible: RSA's padding and Ed25519 have no randomness, and ECDSA takes its nonce from the key and the data (RFC 6979), for
/// which the platform has no way. The same zone, keys and times give the same file.
/// </remarks>
public abstract class ZoneKey : IZoneKey
{
    /// <summary>Bytes of the secret of ECDSA and of Ed25519.</summary>
    internal const int SecretLength = 32;

    private protected ZoneKey(ZonePublicKey publicKey) => Public = publicKey;

    /// <inheritdoc/>
    public ZonePublicKey Public { get; }

    /// <summary>Makes a new key.</summary>
    /// <param name="owner">The zone.</param>
    /// <param name="isEntryPoint">True for the key that the parent's DS will point to.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="random">Where the secret comes from; RSA takes the platform's.</param>
    public static ZoneKey Generate(DnsName owner, bool isEntryPoint, SigningAlgorithm algorithm, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var flags = (ushort)(ZonePublicKey.ZoneFlag | (isEntryPoint ? ZonePublicKey.EntryPointFlag : 0));
        if (algorithm == SigningAlgorithm.RsaSha256)
        {
            using var rsa = RSA.Create(RsaZoneKey.NewKeyBits);
            return new RsaZoneKey(owner, flags, rsa.ExportParameters(includePrivateParameters: true));
        }
        var secret = new byte[SecretLength];
        ZoneKey? key = null;
        while (key is null)
        {
            random.Fill(secret);
            key = OfSecret(owner, flags, algorithm, secret);
        }
        return key;
    }

    /// <inheritdoc/>
    public abstract byte[] Sign(ReadOnlySpan<byte> data);

    /// <summary>The secret's fields in BIND's file of a private key; a number stands there without zeros in front.</summary>
    internal abstract IEnumerable<(string Name, byte[] Value)> Fields { get; }

    /// <summary>The key of a secret of 32 bytes; null when it is none (a number that is not below the curve's order).</summary>
    internal static ZoneKey? OfSecret(DnsName owner, ushort flags, SigningAlgorithm algorithm, byte[] secret)
    {
        if (secret.Length != SecretLength) { return null; }
        if (algorithm == SigningAlgorithm.Ed25519) { return new Ed25519ZoneKey(owner, flags, secret); }
        var number = new BigInteger(1, secret);
        return number.SignValue == 0 || number.CompareTo(EcdsaZoneKey.Curve.N) >= 0 ? null : new EcdsaZoneKey(owner, flags, number);
    }
}

/// <summary>ECDSA on P-256 with SHA-256 (RFC 6605), nonces by RFC 6979.</summary>
internal sealed class EcdsaZoneKey(DnsName owner, ushort flags, BigInteger secret) : ZoneKey(
    new ZonePublicKey(owner, flags, SigningAlgorithm.EcdsaP256Sha256, Curve.G.Multiply(secret).Normalize().GetEncoded(compressed: false).AsSpan(1)))
{
    private const int NumberLength = 32;

    internal static readonly ECDomainParameters Curve = new(SecNamedCurves.GetByName("secp256r1"));

    internal override IEnumerable<(string Name, byte[] Value)> Fields => [("PrivateKey", BigIntegers.AsUnsignedByteArray(secret))];

    public override byte[] Sign(ReadOnlySpan<byte> data)
    {
        var signer = new ECDsaSigner(new HMacDsaKCalculator(new Sha256Digest()));
        signer.Init(forSigning: true, new ECPrivateKeyParameters(secret, Curve));
        var pair = signer.GenerateSignature(SHA256.HashData(data));
        return [.. BigIntegers.AsUnsignedByteArray(NumberLength, pair[0]), .. BigIntegers.AsUnsignedByteArray(NumberLength, pair[1])];
    }
}

/// <summary>Ed25519 (RFC 8080).</summary>
internal sealed class Ed25519ZoneKey(DnsName owner, ushort flags, byte[] secret) : ZoneKey(
    new ZonePublicKey(owner, flags, SigningAlgorithm.Ed25519, new Ed25519PrivateKeyParameters(secret).GeneratePublicKey().GetEncoded()))
{
    internal override IEnumerable<(string Name, byte[] Value)> Fields => [("PrivateKey", secret)];

    public override byte[] Sign(ReadOnlySpan<byte> data)
    {
        var signer = new Ed25519Signer();
        signer.Init(forSigning: true, new Ed25519PrivateKeyParameters(secret));
        signer.BlockUpdate(data);
        return signer.GenerateSignature();
    }
}

/// <summary>RSA with SHA-256 (RFC 5702): PKCS #1 v1.5, the key as RFC 3110 section 2 writes it.</summary>
internal sealed class RsaZoneKey(DnsName owner, ushort flags, RSAParameters pair) : ZoneKey(
    new ZonePublicKey(owner, flags, SigningAlgorithm.RsaSha256, ToWire(pair)))
{
    /// <summary>What RFC 8624 section 3.1 and NIST SP 800-57 hold for enough, and what BIND makes.</summary>
    public const int NewKeyBits = 2048;

    internal override IEnumerable<(string Name, byte[] Value)> Fields =>
    [
        ("Modulus", Number(pair.Modulus)), ("PublicExponent", Number(pair.Exponent)), ("PrivateExponent", Number(pair.D)), ("Prime1", Number(pair.P)),
        ("Prime2", Number(pair.Q)), ("Exponent1", Number(pair.DP)), ("Exponent2", Number(pair.DQ)), ("Coefficient", Number(pair.InverseQ)),
    ];

    public override byte[] Sign(ReadOnlySpan<byte> data)
    {
        using var rsa = RSA.Create(pair);
        return rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static byte[] Number(byte[]? padded) => padded.AsSpan().TrimStart((byte)0).ToArray();

    private static byte[] ToWire(RSAParameters pair)
    {
        var exponent = pair.Exponent!;
        return exponent.Length <= byte.MaxValue
            ? [(byte)exponent.Length, .. exponent, .. pair.Modulus!]
            : [0, (byte)(exponent.Length >> 8), (byte)exponent.Length, .. exponent, .. pair.Modulus!];
    }
}
