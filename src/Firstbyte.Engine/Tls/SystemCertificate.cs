using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Firstbyte.Tracing;

namespace Firstbyte.Tls;

/// <summary>Reads certificates by the platform's library.</summary>
internal static class SystemCertificate
{
    private const string EllipticCurveKey = "1.2.840.10045.2.1"; // id-ecPublicKey, RFC 5480 section 2.1.1
    private const string RsaKey = "1.2.840.113549.1.1.1"; // rsaEncryption, RFC 8017 appendix A.1

    public static CertificateSummary Summarize(X509Certificate2 certificate) => new(
        certificate.Subject,
        certificate.Issuer,
        Instant.FromDateTimeOffset(new DateTimeOffset(certificate.NotBefore)),
        Instant.FromDateTimeOffset(new DateTimeOffset(certificate.NotAfter)),
        NamesOf(certificate),
        KeyOf(certificate),
        certificate.SerialNumber,
        certificate.GetCertHashString(HashAlgorithmName.SHA256));

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

    private static string[] NamesOf(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            names.AddRange(extension.EnumerateDnsNames());
            names.AddRange(extension.EnumerateIPAddresses().Select(address => address.ToString()));
        }
        return [.. names];
    }

    private static string KeyOf(X509Certificate2 certificate)
    {
        switch (certificate.PublicKey.Oid.Value)
        {
            case EllipticCurveKey:
                using (var curve = certificate.GetECDsaPublicKey()) { return $"EC P-{curve?.KeySize}"; }
            case RsaKey:
                using (var rsa = certificate.GetRSAPublicKey()) { return $"RSA {rsa?.KeySize}"; }
            default:
                return certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value ?? "";
        }
    }
}
