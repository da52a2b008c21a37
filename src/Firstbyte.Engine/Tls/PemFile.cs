using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Firstbyte.Tls;

/// <summary>What is wrong with files of certificates and keys.</summary>
public enum PemFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>There is no certificate in it.</summary>
    NoCertificate,

    /// <summary>A certificate in it cannot be read.</summary>
    CertificateMalformed,

    /// <summary>There is no private key in it.</summary>
    NoKey,

    /// <summary>The private key has a password, and none was given.</summary>
    KeyEncrypted,

    /// <summary>The password does not open the private key.</summary>
    PasswordWrong,

    /// <summary>The private key has a password in the old form of RFC 1421 (Proc-Type), whose key is made by MD5.</summary>
    KeyEncryptedOldForm,

    /// <summary>The private key cannot be read, or is of a kind that is not spoken here.</summary>
    KeyMalformed,

    /// <summary>The private key is not that of the certificate.</summary>
    KeyOfAnother,
}

/// <summary>Files of certificates and keys (RFC 7468).</summary>
public static class PemFile
{
    // As many roots as a file of a system's has, some times over.
    private const int MaximumBlocks = 10_000;

    /// <summary>The certificates of a file, each in DER, in their order.</summary>
    public static PemFault ReadCertificates(string text, out List<byte[]> certificates)
    {
        certificates = [];
        foreach (var (label, bytes) in Blocks(text))
        {
            if (label is not ("CERTIFICATE" or "X509 CERTIFICATE" or "TRUSTED CERTIFICATE")) { continue; }
            if (!CertificateReader.TryRead(bytes, out _)) { return PemFault.CertificateMalformed; }
            certificates.Add(bytes);
        }
        return certificates.Count == 0 ? PemFault.NoCertificate : PemFault.None;
    }

    /// <summary>The lists of revoked certificates of a file; null where there is none, or one cannot be read.</summary>
    public static IReadOnlyList<RevocationList>? ReadRevocationLists(string text)
    {
        var lists = new List<RevocationList>();
        foreach (var (label, bytes) in Blocks(text))
        {
            if (label != "X509 CRL") { continue; }
            if (!RevocationList.TryRead(bytes, out var list)) { return null; }
            lists.Add(list!);
        }
        return lists.Count > 0 ? lists : null;
    }

    /// <summary>A client's certificate, those that lead to its root, and its key, from two files or from one.</summary>
    /// <param name="certificates">The file with the certificates.</param>
    /// <param name="key">The file with the key.</param>
    /// <param name="password">What opens the key (PKCS #8, RFC 5958 3); null where it stands open.</param>
    /// <param name="client">What was read.</param>
    public static PemFault ReadClient(string certificates, string key, string? password, out TlsClientCertificate? client)
    {
        client = null;
        var fault = ReadCertificates(certificates, out var chain);
        if (fault != PemFault.None) { return fault; }
        fault = ReadKey(key, password, out var pkcs8);
        if (fault != PemFault.None) { return fault; }
        try
        {
            using var own = X509CertificateLoader.LoadCertificate(chain[0]);
            using var both = SystemCertificate.WithKey(own, pkcs8);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException) { return PemFault.KeyOfAnother; }
        client = new TlsClientCertificate(chain, pkcs8);
        return PemFault.None;
    }

    /// <summary>The fingerprint of the one public key of a file, in PEM or DER; null where there is none.</summary>
    public static byte[]? ReadPublicKey(ReadOnlyMemory<byte> file)
    {
        var text = System.Text.Encoding.Latin1.GetString(file.Span);
        foreach (var (label, bytes) in Blocks(text))
        {
            if (label == "PUBLIC KEY") { return SHA256.HashData(bytes); }
            if (label == "CERTIFICATE") { return PinnedKey.Of(bytes); }
        }
        try
        {
            PublicKey.CreateFromSubjectPublicKeyInfo(file.Span, out var read);
            return read == file.Length ? SHA256.HashData(file.Span) : null;
        }
        // What is no key says so by this.
        catch (CryptographicException) { return null; }
    }

    private static PemFault ReadKey(string text, string? password, out byte[] pkcs8)
    {
        pkcs8 = [];
        foreach (var (label, bytes) in Blocks(text))
        {
            switch (label)
            {
                case "ENCRYPTED PRIVATE KEY":
                    if (password is null) { return PemFault.KeyEncrypted; }
                    if (TryOpen(bytes, password) is not { } open) { return PemFault.PasswordWrong; }
                    pkcs8 = open;
                    return PemFault.None;
                // RFC 1421's header says it of the older forms.
                case "RSA PRIVATE KEY" or "EC PRIVATE KEY" when text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal): return PemFault.KeyEncryptedOldForm;
                case "PRIVATE KEY":
                    pkcs8 = bytes;
                    return PemFault.None;
                case "RSA PRIVATE KEY" or "EC PRIVATE KEY":
                    try
                    {
                        using AsymmetricAlgorithm key = label[0] == 'R' ? RSA.Create() : ECDsa.Create();
                        if (key is RSA rsa) { rsa.ImportRSAPrivateKey(bytes, out _); }
                        else { ((ECDsa)key).ImportECPrivateKey(bytes, out _); }
                        pkcs8 = key.ExportPkcs8PrivateKey();
                        return PemFault.None;
                    }
                    catch (CryptographicException) { return PemFault.KeyMalformed; }
                default: break;
            }
        }
        return text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal) ? PemFault.KeyEncryptedOldForm : PemFault.NoKey;
    }

    // What kind of key it is shows only once it is open.
    private static byte[]? TryOpen(byte[] encrypted, string password)
    {
        foreach (var make in (Func<AsymmetricAlgorithm>[])[RSA.Create, ECDsa.Create])
        {
            using var key = make();
            try
            {
                key.ImportEncryptedPkcs8PrivateKey(password, encrypted, out _);
                return key.ExportPkcs8PrivateKey();
            }
            catch (CryptographicException) { /* A key of another kind, or another password. */ }
        }
        return null;
    }

    private static List<(string Label, byte[] Bytes)> Blocks(string text)
    {
        var blocks = new List<(string, byte[])>();
        var rest = text.AsSpan();
        while (blocks.Count < MaximumBlocks && PemEncoding.TryFind(rest, out var found))
        {
            blocks.Add((rest[found.Label].ToString(), Convert.FromBase64String(rest[found.Base64Data].ToString())));
            rest = rest[found.Location.End..];
        }
        return blocks;
    }
}
