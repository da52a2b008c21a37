using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Tls;

/// <summary>RFC 5280 section 5, with lists that the platform's library writes.</summary>
public sealed class RevocationListTests
{
    private static readonly DateTimeOffset s_made = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Instant s_now = Instant.FromDateTimeOffset(s_made.AddDays(1));

    public static TheoryData<string, bool> Means => new()
    {
        { "SHA256", true }, { "SHA384", true }, { "SHA512", true }, { "SHA256", false }, { "SHA384", false }, { "SHA512", false },
    };

    [Theory]
    [MemberData(nameof(Means))]
    public void A_list_names_what_its_issuer_has_taken_back(string hash, bool isRsa)
    {
        using var issuer = Issuer(isRsa, X509KeyUsageFlags.CrlSign);
        var der = List(issuer, hash);
        Assert.True(RevocationList.TryRead(der, out var list));
        Assert.Equal((2, true, true, false), (list!.Count, list.Names("0A"), list.Names("0100"), list.Names("0B")));
        Assert.True(list.Covers(issuer.RawDataMemory, s_now));
    }

    [Fact]
    public void It_covers_nothing_of_another_issuer_of_another_time_or_with_another_signature()
    {
        using var issuer = Issuer(isRsa: false, X509KeyUsageFlags.CrlSign);
        using var namesake = Issuer(isRsa: false, X509KeyUsageFlags.CrlSign);
        using var otherKind = Issuer(isRsa: true, X509KeyUsageFlags.CrlSign);
        using var mayNot = Issuer(isRsa: false, X509KeyUsageFlags.KeyCertSign);
        using var other = Issuer(isRsa: false, X509KeyUsageFlags.CrlSign, "CN=Other");
        Assert.True(RevocationList.TryRead(List(issuer, "SHA256"), out var list));
        foreach (var one in (X509Certificate2[])[namesake, otherKind, mayNot, other]) { Assert.False(list!.Covers(one.RawDataMemory, s_now)); }
        Assert.False(list!.Covers(issuer.RawDataMemory, Instant.FromDateTimeOffset(s_made.AddSeconds(-1))));
        Assert.False(list.Covers(issuer.RawDataMemory, Instant.FromDateTimeOffset(s_made.AddDays(7).AddSeconds(1))));
        Assert.False(list.Covers("nothing"u8.ToArray(), s_now));
    }

    /// <summary>Whatever bit is changed, a list is none, covers nothing, or is signed as it stands.</summary>
    [Fact]
    public void A_changed_list_covers_nothing()
    {
        using var issuer = Issuer(isRsa: false, X509KeyUsageFlags.CrlSign);
        var der = List(issuer, "SHA256");
        for (var at = 0; at < der.Length; at++)
        {
            var changed = der.ToArray();
            changed[at] ^= 0x04;
            if (RevocationList.TryRead(changed, out var list)) { Assert.False(list!.Covers(issuer.RawDataMemory, s_now), $"byte {at}"); }
            RevocationList.TryRead(der.AsMemory(0, at), out _);
        }
    }

    private static byte[] List(X509Certificate2 issuer, string hash)
    {
        var builder = new CertificateRevocationListBuilder();
        builder.AddEntry([0x0A], s_made, X509RevocationReason.KeyCompromise);
        builder.AddEntry([0x01, 0x00], s_made);
        return builder.Build(issuer, 1, s_made.AddDays(7), new HashAlgorithmName(hash), RSASignaturePadding.Pkcs1, s_made);
    }

    private static X509Certificate2 Issuer(bool isRsa, X509KeyUsageFlags usage, string name = "CN=Root")
    {
        using AsymmetricAlgorithm key = isRsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = key is RSA rsa ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(name, (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(s_made.AddDays(-1), s_made.AddDays(300));
    }
}
