using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Firstbyte.Tls;

/// <summary>Certificates in the platform's library.</summary>
internal static class SystemCertificate
{
    private const string EllipticCurveKey = "1.2.840.10045.2.1"; // id-ecPublicKey, RFC 5480 section 2.1.1

    /// <summary>The certificate with the private key that belongs to it; the key's kind is the certificate's.</summary>
    public static X509Certificate2 WithKey(X509Certificate2 certificate, ReadOnlySpan<byte> pkcs8)
    {
        if (certificate.PublicKey.Oid.Value == EllipticCurveKey)
        {
            using var curve = ECDsa.Create();
            curve.ImportPkcs8PrivateKey(pkcs8, out _);
            return certificate.CopyWithPrivateKey(curve);
        }
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(pkcs8, out _);
        return certificate.CopyWithPrivateKey(rsa);
    }
}
