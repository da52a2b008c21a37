using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CsCheck;
using Firstbyte.Simulation.Tls;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Tls;

public class CertificateReaderTests
{
    private static readonly Instant Now = Instant.SimulationEpoch;

    [Fact]
    public void A_certificate_of_the_platform_is_read_as_the_platform_reads_it()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=www.example.test, O=\"Glass, Steel + Co\", C=AT", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("www.example.test");
        names.AddIpAddress(System.Net.IPAddress.Parse("2001:db8::1"));
        names.AddEmailAddress("not-a-host@example.test");
        names.AddDnsName("example.test");
        request.CertificateExtensions.Add(names.Build());
        var from = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var to = new DateTimeOffset(2051, 1, 2, 3, 4, 5, TimeSpan.Zero);
        using var certificate = request.CreateSelfSigned(from, to);
        Assert.True(CertificateReader.TryRead(certificate.RawData, out var summary));
        Assert.Equal("CN=www.example.test,O=Glass\\, Steel \\+ Co,C=AT", summary!.Subject);
        Assert.True(summary.IsSelfIssued);
        Assert.Equal((Instant.FromDateTimeOffset(from), Instant.FromDateTimeOffset(to)), (summary.NotBefore, summary.NotAfter));
        Assert.Equal(["www.example.test", "2001:db8::1", "example.test"], summary.Names);
        Assert.Equal(("RSA 2048", "sha256WithRSAEncryption"), (summary.Key, summary.Signature));
        Assert.Equal(certificate.SerialNumber, summary.SerialNumber);
        Assert.Equal(certificate.GetCertHashString(HashAlgorithmName.SHA256), summary.Sha256);
    }

    [Fact]
    public void No_mutation_of_a_certificate_throws_and_none_is_trusted()
    {
        var der = new LabCertificateAuthority(new CountedRandom(1), Now).Issue(["www.example.test"]).Chain[0];
        Gen.Select(Gen.Int[0, der.Length - 1], Gen.Byte, Gen.Int[0, der.Length]).Sample((at, value, length) =>
        {
            var bytes = der[..length];
            if (at < length) { bytes[at] = value; }
            CertificateReader.TryRead(bytes, out _);
            var judgement = new CertificateJudgement("www.example.test", Now);
            new CertificateVerdict(judgement, [der], allowFaults: false).Judge([bytes, bytes]);
            // Only the anchor itself, byte for byte, is without fault.
            return bytes.AsSpan().SequenceEqual(der) == (judgement.Faults.Count == 0);
        }, iter: Depth.Of(3000));
    }

    /// <summary>Seeds that once found an exception of the library under the judgement, or bytes that are read as another certificate's.</summary>
    [Theory]
    [InlineData("5fJs-HiF0pq2")]
    [InlineData("eecrvp76CzS1")]
    public void Mutations_that_once_threw_are_judged(string seed)
    {
        var der = new LabCertificateAuthority(new CountedRandom(1), Now).Issue(["www.example.test"]).Chain[0];
        Gen.Select(Gen.Int[0, der.Length - 1], Gen.Byte, Gen.Int[0, der.Length]).Sample((at, value, length) =>
        {
            var bytes = der[..length];
            if (at < length) { bytes[at] = value; }
            var judgement = new CertificateJudgement("www.example.test", Now);
            new CertificateVerdict(judgement, [der], allowFaults: false).Judge([bytes, bytes]);
            return bytes.AsSpan().SequenceEqual(der) == (judgement.Faults.Count == 0);
        }, seed: seed, iter: 1);
    }

    [Fact]
    public void Control_characters_in_a_name_are_written_in_hexadecimal()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName("a\u001b[31mb");
        using var certificate = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA384).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        Assert.True(CertificateReader.TryRead(certificate.RawData, out var summary));
        Assert.Equal("CN=a\\1B[31mb", summary!.Subject);
        Assert.Equal("EC P-384", summary.Key);
    }

    [Fact]
    public void The_same_randomness_makes_the_same_authority()
    {
        var first = new LabCertificateAuthority(new CountedRandom(7), Now).Issue(["a.test"]);
        var again = new LabCertificateAuthority(new CountedRandom(7), Now).Issue(["a.test"]);
        Assert.Equal(first.Chain[0], again.Chain[0]);
        Assert.Equal(first.PrivateKey, again.PrivateKey);
    }
}
