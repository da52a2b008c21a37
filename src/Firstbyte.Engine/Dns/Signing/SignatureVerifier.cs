using System.Security.Cryptography;
using Firstbyte.Dns.Records;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Firstbyte.Dns.Signing;

/// <summary>Says whether a signature is that of a set by a key (RFC 4035 section 5.3); what comes from a network never makes it throw.</summary>
public static class SignatureVerifier
{
    /// <summary>Bits of an RSA key that is looked at (RFC 5702 section 2): longer ones cost a validator too much.</summary>
    private const int MaxRsaBits = 4096;

    /// <summary>True when the key made this signature for this set; the times are not looked at.</summary>
    public static bool IsSigned(RecordSet set, RecordData signature, ZonePublicKey key)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(signature);
        ArgumentNullException.ThrowIfNull(key);
        if (signature.Type != RecordType.RRSIG) { return false; }
        var wire = signature.Wire;
        var headerLength = SignedData.HeaderLength(signature);
        var signer = wire[SignedData.FixedLength..headerLength];
        if ((wire[0] << 8 | wire[1]) != set.Type.Value || wire[2] != key.Algorithm.Value || (wire[16] << 8 | wire[17]) != key.KeyTag
            || !WireName.Equals(signer, key.Owner.Wire) || !set.Owner.IsSubdomainOf(key.Owner)) { return false; }
        var data = SignedData.Of(set, wire[..headerLength]);
        return data.Length > 0 && IsSigned(data, wire[headerLength..], key);
    }

    /// <summary>True when the key made this signature of these bytes.</summary>
    public static bool IsSigned(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, ZonePublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        try
        {
            return key.Algorithm.Value switch
            {
#pragma warning disable CA5350 // Algorithms 5 and 7 are still met, and validators must know them (RFC 8624 section 3.1).
                5 or 7 => IsSignedByRsa(data, signature, key.Key, HashAlgorithmName.SHA1),
#pragma warning restore CA5350
                8 => IsSignedByRsa(data, signature, key.Key, HashAlgorithmName.SHA256),
                10 => IsSignedByRsa(data, signature, key.Key, HashAlgorithmName.SHA512),
                13 => IsSignedByEcdsa(data, signature, key.Key, ECCurve.NamedCurves.nistP256, 32, HashAlgorithmName.SHA256),
                14 => IsSignedByEcdsa(data, signature, key.Key, ECCurve.NamedCurves.nistP384, 48, HashAlgorithmName.SHA384),
                15 => IsSignedByEd25519(data, signature, key.Key),
                16 => IsSignedByEd448(data, signature, key.Key),
                _ => false,
            };
        }
        // A key that is none: a point beside the curve, a modulus that the platform refuses.
        catch (CryptographicException) { return false; }
        catch (ArgumentException) { return false; }
    }

    private static bool IsSignedByEcdsa(
        ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> key, ECCurve curve, int length, HashAlgorithmName hash)
    {
        if (key.Length != 2 * length || signature.Length != 2 * length) { return false; }
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = curve,
            Q = new ECPoint { X = key[..length].ToArray(), Y = key[length..].ToArray() },
        });
        return ecdsa.VerifyData(data, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static bool IsSignedByEd25519(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> key)
    {
        if (key.Length != Ed25519PublicKeyParameters.KeySize) { return false; }
        var signer = new Ed25519Signer();
        signer.Init(forSigning: false, new Ed25519PublicKeyParameters(key.ToArray()));
        signer.BlockUpdate(data);
        return signer.VerifySignature(signature.ToArray());
    }

    private static bool IsSignedByEd448(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> key)
    {
        if (key.Length != Ed448PublicKeyParameters.KeySize) { return false; }
        // RFC 8080 section 4: pure Ed448 with an empty context.
        var signer = new Ed448Signer([]);
        signer.Init(forSigning: false, new Ed448PublicKeyParameters(key.ToArray()));
        signer.BlockUpdate(data);
        return signer.VerifySignature(signature.ToArray());
    }

    /// <summary>The key's exponent has one byte of length before it, or a zero and two (RFC 3110 section 2).</summary>
    private static bool IsSignedByRsa(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> key, HashAlgorithmName hash)
    {
        if (key.Length < 3) { return false; }
        var (length, start) = key[0] == 0 ? (key[1] << 8 | key[2], 3) : (key[0], 1);
        if (length == 0 || start + length >= key.Length || key.Length - start - length > MaxRsaBits / 8) { return false; }
        using var rsa = RSA.Create(new RSAParameters { Exponent = key.Slice(start, length).ToArray(), Modulus = key[(start + length)..].ToArray() });
        return rsa.VerifyData(data, signature, hash, RSASignaturePadding.Pkcs1);
    }
}
