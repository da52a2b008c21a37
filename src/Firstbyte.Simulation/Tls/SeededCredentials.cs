using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace Firstbyte.Simulation.Tls;

/// <summary>A certificate and its key as either end of a handshake shows them.</summary>
internal static class SeededCredentials
{
    /// <param name="context">The handshake.</param>
    /// <param name="crypto">By what it is signed.</param>
    /// <param name="chain">The certificate itself, then those that lead to the root, each in DER.</param>
    /// <param name="privateKey">The key in PKCS #8 DER.</param>
    /// <param name="request">The context of the request that is answered (RFC 8446 section 4.4.2).</param>
    public static BcDefaultTlsCredentialedSigner Of(TlsContext context, SeededTlsCrypto crypto, IReadOnlyList<byte[]> chain, byte[] privateKey, byte[]? request)
    {
        var key = PrivateKeyFactory.CreateKey(privateKey);
        return new BcDefaultTlsCredentialedSigner(new TlsCryptoParameters(context), crypto, key, ChainOf(context, crypto, chain, request),
            AlgorithmOf(context, key));
    }

    private static Certificate ChainOf(TlsContext context, SeededTlsCrypto crypto, IReadOnlyList<byte[]> chain, byte[]? request)
    {
        var certificates = chain.Select(der => crypto.CreateCertificate(der)).ToArray();
        // In version 1.3 each certificate is an entry with extensions.
        return TlsUtilities.IsTlsV13(context.ServerVersion)
            ? new Certificate(request ?? [], [.. certificates.Select(static certificate => new CertificateEntry(certificate, null))])
            : new Certificate(certificates);
    }

    private static SignatureAndHashAlgorithm AlgorithmOf(TlsContext context, AsymmetricKeyParameter key)
    {
        var scheme = key is not RsaKeyParameters ? SignatureScheme.ecdsa_secp256r1_sha256
            : TlsUtilities.IsTlsV13(context.ServerVersion) ? SignatureScheme.rsa_pss_rsae_sha256
            : SignatureScheme.rsa_pkcs1_sha256;
        return SignatureScheme.GetSignatureAndHashAlgorithm(scheme);
    }
}
