using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Firstbyte.Tests.Conformance;

/// <summary>The certificate of <c>dns.test</c>, signed by itself, as a server's files have it.</summary>
internal static class TestPem
{
    /// <summary>A new one; its key as PKCS #8 has it, or as <paramref name="isSec1"/> (SEC 1), which older tools write.</summary>
    public static (string Certificate, string Key) Make(bool isSec1 = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=dns.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("dns.test");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return (certificate.ExportCertificatePem(), isSec1 ? key.ExportECPrivateKeyPem() : key.ExportPkcs8PrivateKeyPem());
    }
}
