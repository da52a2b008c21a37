using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Firstbyte.Fuzz.Running;
using Firstbyte.Tls;

namespace Firstbyte.Fuzz.Tls;

/// <summary>Certificates as a server may send them.</summary>
internal sealed class CertificateTarget : FuzzTarget
{
    // Ed25519, with names and addresses.
    private const string Certificate =
        "MIIBzDCCAX6gAwIBAgIUcFqb31ei0LI0eYYlkG2Xyw53yeYwBQYDK2VwMDkxCzAJBgNVBAYTAk5PMRAwDgYDVQQKDAdFeGFtcGxlMRgwFgYDVQQDDA93d3cu"
        + "ZXhhbXBsZS5jb20wHhcNMjYxMTI4MDU1NTQ4WhcNMzYxMTI1MDU1NTQ4WjA5MQswCQYDVQQGEwJOTzEQMA4GA1UECgwHRXhhbXBsZTEYMBYGA1UEAwwPd3d3"
        + "LmV4YW1wbGUuY29tMCowBQYDK2VwAyEAG2lBsDN/oRxM3r4I6qSHrMZG8kpdsNI6pC1AEqi0dLOjgZcwgZQwHQYDVR0OBBYEFNXrr21uiuO1bTjVH5NJj6ck"
        + "DWLLMB8GA1UdIwQYMBaAFNXrr21uiuO1bTjVH5NJj6ckDWLLMA8GA1UdEwEB/wQFMAMBAf8wQQYDVR0RBDowOIIPd3d3LmV4YW1wbGUuY29tgg0qLmV4YW1w"
        + "bGUubmV0hwTAAAIBhxAgAQ24AAAAAAAAAAAAAAABMAUGAytlcANBABlkOj6MtjowGenK9ABKFSt887+puKsEDCx8KEt2fsB4JqLJuXDXbaAu5gHJWVBgDlhC"
        + "Eb81m4zy5Ur5zcgFmgc=";

    public override string Name => "certificate";

    public override string Holds => "no exception; what the platform also reads has the same serial number; a name is covered or not without an exception";

    public override IReadOnlyList<byte[]> Tokens => [[0x30, 0x80], [0x30, 0x82], [0x02, 0x01], [0x17, 0x0D], [0x18, 0x0F], [0x06, 0x03, 0x55, 0x1D, 0x11], [0x82, 0x00], [0x87, 0x04], [0xFF], [0x01, 0x01, 0xFF]];

    public override IEnumerable<byte[]> Seeds() => [Convert.FromBase64String(Certificate)];

    public override void Check(byte[] input)
    {
        if (!CertificateReader.TryRead(input, out var certificate)) { return; }
        ServerNameMatch.Covers(certificate!.Names, "www.example.com");
        ServerNameMatch.Covers(certificate.Names, "192.0.2.1");
        var judgement = new CertificateJudgement("www.example.com", Tracing.Instant.SimulationEpoch);
        judgement.Examine(input);
        Require(certificate.Sha256 == Convert.ToHexString(SHA256.HashData(input)), "the fingerprint is of something else");
        try
        {
            using var platform = X509CertificateLoader.LoadCertificate(input);
            Require(platform.SerialNumber.TrimStart('0').Equals(certificate.SerialNumber.TrimStart('0'), StringComparison.OrdinalIgnoreCase), $"{platform.SerialNumber} here, {certificate.SerialNumber} there");
        }
        catch (CryptographicException)
        {
            // The platform reads less, or more strictly.
        }
    }
}
