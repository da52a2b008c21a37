using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Firstbyte.Simulation.Tls;

/// <summary>What is wrong, on purpose, with a certificate that a lab's authority issues.</summary>
public enum CertificateFlaw
{
    None,

    /// <summary>Its time ended a day ago.</summary>
    Expired,

    /// <summary>Its time begins in a day.</summary>
    NotYetValid,

    /// <summary>It is for another name.</summary>
    WrongName,

    /// <summary>An authority that nobody knows issued it.</summary>
    UnknownIssuer,

    /// <summary>It vouches for itself.</summary>
    SelfSigned,

    /// <summary>Its signature is not its issuer's.</summary>
    BadSignature,

    /// <summary>Its signature is over SHA-1.</summary>
    WeakSignature,

    /// <summary>Its key may sign mail, not serve.</summary>
    BadUsage,

    /// <summary>A server that is no authority issued it.</summary>
    NotAnAuthority,
}

/// <summary>The certificate authority of a lab: a root and the certificates of its servers, the same bytes for the same randomness.</summary>
public sealed class LabCertificateAuthority
{
    // Leaf lifetimes as public authorities issue them (CA/Browser Forum Baseline Requirements 6.3.2: at most 398 days until March 2026);
    // the root's is ten years.
    private static readonly TimeSpan LeafLifetime = TimeSpan.FromDays(90);
    private static readonly TimeSpan RootLifetime = TimeSpan.FromDays(3650);
    private const string WrongName = "elsewhere.invalid"; // RFC 2606 section 2: a name that nobody has

    private readonly SecureRandom _random;
    private readonly Instant _now;
    private readonly Issuer _root;

    /// <summary>An authority whose certificates are judged at about <paramref name="now"/>.</summary>
    public LabCertificateAuthority(IRandomSource random, Instant now, string name = "Firstbyte Lab Root")
    {
        _random = SeededTlsCrypto.Seeded(random);
        _now = now;
        _root = MakeRoot(_random, name);
    }

    private sealed record Issuer(X509Name Name, AsymmetricCipherKeyPair Key, byte[] Der, bool IsRoot);

    /// <summary>The root certificate in DER: the anchor that a client trusts.</summary>
    public byte[] RootCertificate => _root.Der;

    /// <summary>The root certificate in PEM (RFC 7468), as a host's file of trusted roots holds it.</summary>
    public byte[] RootCertificateFile => Encoding.ASCII.GetBytes(new string(System.Security.Cryptography.PemEncoding.Write("CERTIFICATE", _root.Der)) + "\n");

    /// <summary>Issues a certificate for DNS names and IP addresses, sound or with one flaw.</summary>
    public TlsServerCertificate Issue(IReadOnlyList<string> names, CertificateFlaw flaw = CertificateFlaw.None)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] covered = flaw == CertificateFlaw.WrongName ? [WrongName] : [.. names];
        var (chain, key) = Issue(
            _random, new X509Name($"CN={names[0]}"), [.. covered.Select(NameOf)], flaw,
            flaw == CertificateFlaw.BadUsage ? KeyPurposeID.id_kp_emailProtection : KeyPurposeID.id_kp_serverAuth);
        return new TlsServerCertificate([.. names], chain, key);
    }

    /// <summary>Issues a certificate to a client, sound or with one flaw (which is none of its name's). That of a bad usage is a server's.</summary>
    /// <param name="name">Whose it is, as its subject's common name has it.</param>
    /// <param name="random">Where its key and signature come from: what else the authority issues is the same with it and without.</param>
    /// <param name="flaw">What is wrong with it.</param>
    public TlsClientCertificate IssueIdentity(string name, IRandomSource random, CertificateFlaw flaw = CertificateFlaw.None)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(random);
        var (chain, key) = Issue(
            SeededTlsCrypto.Seeded(random), new X509Name([X509Name.CN], [name]), [], flaw,
            flaw == CertificateFlaw.BadUsage ? KeyPurposeID.id_kp_serverAuth : KeyPurposeID.id_kp_clientAuth);
        return new TlsClientCertificate(chain, key);
    }

    private (List<byte[]> Chain, byte[] PrivateKey) Issue(
        SecureRandom random, X509Name subject, GeneralName[] names, CertificateFlaw flaw, KeyPurposeID purpose)
    {
        var key = NewKey(random);
        var chain = new List<byte[]>();
        var issuer = flaw switch
        {
            CertificateFlaw.SelfSigned => new Issuer(subject, key, [], IsRoot: true),
            CertificateFlaw.UnknownIssuer => MakeRoot(random, "Nobody's Root"),
            CertificateFlaw.NotAnAuthority => MakeFalseAuthority(random),
            _ => _root,
        };
        // A signature by another key under the issuer's name: what a forger without the key can make.
        var signer = flaw == CertificateFlaw.BadSignature ? NewKey(random).Private : issuer.Key.Private;
        var certificate = Begin(random, issuer.Name, subject, key.Public, Validity(flaw));
        certificate.AddExtension(X509Extensions.BasicConstraints, critical: true, new BasicConstraints(cA: false));
        certificate.AddExtension(X509Extensions.KeyUsage, critical: true, new KeyUsage(KeyUsage.DigitalSignature));
        certificate.AddExtension(X509Extensions.ExtendedKeyUsage, critical: false, new ExtendedKeyUsage(purpose));
        if (names.Length > 0) { certificate.AddExtension(X509Extensions.SubjectAlternativeName, critical: false, new GeneralNames(names)); }
        chain.Add(Sign(random, certificate, signer, flaw == CertificateFlaw.WeakSignature ? "SHA1WITHECDSA" : "SHA256WITHECDSA"));
        if (!issuer.IsRoot) { chain.Add(issuer.Der); }
        return (chain, PrivateKeyInfoFactory.CreatePrivateKeyInfo(key.Private).GetDerEncoded());
    }

    private (Instant From, Instant To) Validity(CertificateFlaw flaw)
    {
        var day = TimeSpan.FromDays(1);
        return flaw switch
        {
            CertificateFlaw.Expired => (_now - LeafLifetime, _now - day),
            CertificateFlaw.NotYetValid => (_now + day, _now + LeafLifetime),
            _ => (_now - day, _now + LeafLifetime),
        };
    }

    private Issuer MakeRoot(SecureRandom random, string commonName)
    {
        var key = NewKey(random);
        var name = new X509Name($"O=Firstbyte,CN={commonName}");
        var root = Begin(random, name, name, key.Public, (_now - TimeSpan.FromDays(365), _now + RootLifetime));
        root.AddExtension(X509Extensions.BasicConstraints, critical: true, new BasicConstraints(cA: true));
        root.AddExtension(X509Extensions.KeyUsage, critical: true, new KeyUsage(KeyUsage.KeyCertSign | KeyUsage.CrlSign));
        return new Issuer(name, key, Sign(random, root, key.Private, "SHA256WITHECDSA"), IsRoot: true);
    }

    private Issuer MakeFalseAuthority(SecureRandom random)
    {
        var key = NewKey(random);
        var name = new X509Name("CN=server.invalid");
        var certificate = Begin(random, _root.Name, name, key.Public, Validity(CertificateFlaw.None));
        certificate.AddExtension(X509Extensions.BasicConstraints, critical: true, new BasicConstraints(cA: false));
        return new Issuer(name, key, Sign(random, certificate, _root.Key.Private, "SHA256WITHECDSA"), IsRoot: false);
    }

    private static X509V3CertificateGenerator Begin(
        SecureRandom random, X509Name issuer, X509Name subject, AsymmetricKeyParameter key, (Instant From, Instant To) validity)
    {
        var certificate = new X509V3CertificateGenerator();
        var serial = new byte[16]; // RFC 5280 section 4.1.2.2: positive, at most 20 octets
        random.NextBytes(serial);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        certificate.SetSerialNumber(new BigInteger(1, serial));
        certificate.SetIssuerDN(issuer);
        certificate.SetSubjectDN(subject);
        certificate.SetPublicKey(key);
        certificate.SetNotBefore(validity.From.ToDateTimeOffset().UtcDateTime);
        certificate.SetNotAfter(validity.To.ToDateTimeOffset().UtcDateTime);
        return certificate;
    }

    private static byte[] Sign(SecureRandom random, X509V3CertificateGenerator certificate, AsymmetricKeyParameter key, string algorithm) =>
        certificate.Generate(new Asn1SignatureFactory(algorithm, key, random)).GetEncoded();

    private static AsymmetricCipherKeyPair NewKey(SecureRandom random)
    {
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(SecObjectIdentifiers.SecP256r1, random));
        return generator.GenerateKeyPair();
    }

    private static GeneralName NameOf(string name) => IpAddress.TryParse(name, out _)
        ? new GeneralName(GeneralName.IPAddress, name)
        : new GeneralName(GeneralName.DnsName, name);
}
