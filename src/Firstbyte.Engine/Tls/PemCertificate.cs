using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Firstbyte.Tls;

/// <summary>What keeps two files from being a server's certificate and its key.</summary>
public enum PemFlaw
{
    None,

    /// <summary>The file of certificates holds none.</summary>
    NoCertificate,

    /// <summary>One of the certificates cannot be read.</summary>
    BadCertificate,

    /// <summary>The file of the key holds none.</summary>
    NoKey,

    /// <summary>The key wants a passphrase, which nobody is there to type.</summary>
    EncryptedKey,

    /// <summary>The key cannot be read, or is neither RSA nor of an elliptic curve.</summary>
    BadKey,

    /// <summary>The key is another certificate's.</summary>
    OtherKey,
}

/// <summary>Certificates and keys as files have them (RFC 7468): what openssl, certbot and others write.</summary>
public static class PemCertificate
{
    /// <summary>Own choice: a chain has three or four, and a bundle of roots is none.</summary>
    public const int MaxCertificates = 20;

    /// <summary>Reads a server's certificate, with those that lead to its root behind it, and its private key; false, and why, when they are none.</summary>
    public static bool TryRead(string certificates, string key, out TlsServerCertificate certificate, out PemFlaw flaw)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        ArgumentNullException.ThrowIfNull(key);
        certificate = null!;
        flaw = ReadChain(certificates, out var chain, out var names);
        if (flaw != PemFlaw.None) { return false; }
        flaw = ReadKey(key, out var pkcs8);
        if (flaw == PemFlaw.None) { flaw = Fit(chain[0], pkcs8); }
        if (flaw != PemFlaw.None) { return false; }
        certificate = new TlsServerCertificate(names, chain, pkcs8);
        return true;
    }

    private static PemFlaw ReadChain(ReadOnlySpan<char> text, out List<byte[]> chain, out IReadOnlyList<string> names)
    {
        (chain, names) = ([], []);
        while (chain.Count < MaxCertificates && PemEncoding.TryFind(text, out var fields))
        {
            if (text[fields.Label] is "CERTIFICATE")
            {
                var der = Convert.FromBase64String(text[fields.Base64Data].ToString());
                if (!CertificateReader.TryRead(der, out var summary)) { return PemFlaw.BadCertificate; }
                if (chain.Count == 0) { names = summary!.Names; }
                chain.Add(der);
            }
            text = text[fields.Location.End..];
        }
        return chain.Count == 0 ? PemFlaw.NoCertificate : PemFlaw.None;
    }

    private static PemFlaw ReadKey(ReadOnlySpan<char> text, out byte[] pkcs8)
    {
        pkcs8 = [];
        while (PemEncoding.TryFind(text, out var fields))
        {
            var label = text[fields.Label];
            if (label is "ENCRYPTED PRIVATE KEY") { return PemFlaw.EncryptedKey; }
            if (label is "PRIVATE KEY" or "EC PRIVATE KEY" or "RSA PRIVATE KEY")
            {
                var der = Convert.FromBase64String(text[fields.Base64Data].ToString());
                try
                {
                    pkcs8 = label is "EC PRIVATE KEY" ? OfCurve(der) : label is "RSA PRIVATE KEY" ? OfRsa(der) : der;
                    return PemFlaw.None;
                }
                catch (CryptographicException) { return PemFlaw.BadKey; }
            }
            text = text[fields.Location.End..];
        }
        return PemFlaw.NoKey;
    }

    private static byte[] OfCurve(byte[] der)
    {
        using var key = ECDsa.Create();
        key.ImportECPrivateKey(der, out _);
        return key.ExportPkcs8PrivateKey();
    }

    private static byte[] OfRsa(byte[] der)
    {
        using var key = RSA.Create();
        key.ImportRSAPrivateKey(der, out _);
        return key.ExportPkcs8PrivateKey();
    }

    private static PemFlaw Fit(byte[] certificate, byte[] pkcs8)
    {
        try
        {
            using var own = X509CertificateLoader.LoadCertificate(certificate);
            using var joined = SystemCertificate.WithKey(own, pkcs8);
            return PemFlaw.None;
        }
        catch (CryptographicException) { return PemFlaw.BadKey; }
        catch (ArgumentException) { return PemFlaw.OtherKey; }
    }
}
