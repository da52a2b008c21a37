using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Signing;

/// <summary>What keeps two files from being a key.</summary>
public enum KeyFileFlaw
{
    None,

    /// <summary>The public file does not hold one DNSKEY record.</summary>
    NoDnskey,

    /// <summary>The flags of the DNSKEY record say that it is no zone's key (RFC 4034 section 2.1.1).</summary>
    NoZoneKey,

    /// <summary>The private file does not begin as format 1.x does.</summary>
    UnknownFormat,

    /// <summary>The key's algorithm is none of those that sign here.</summary>
    UnknownAlgorithm,

    /// <summary>A field of the secret is missing, or it is no base64 of a number of its kind.</summary>
    BadSecret,

    /// <summary>The private file is not the other half of the public one.</summary>
    NotAPair,
}

/// <summary>BIND's two files of a key, K{zone}+{algorithm}+{tag}.key and .private, which Knot, NSD's and ldns' tools read as well.</summary>
public static class KeyFile
{
    /// <summary>The names' common part: "Kexample.+013+12345".</summary>
    public static string NameOf(ZonePublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return $"K{key.Owner.ToLower()}+{key.Algorithm.Value:D3}+{key.KeyTag:D5}";
    }

    /// <summary>The public file.</summary>
    public static string WritePublic(ZonePublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return $"{key.Owner} IN DNSKEY {key.Data}\n";
    }

    /// <summary>The private file.</summary>
    public static string WritePrivate(ZoneKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var text = new StringBuilder("Private-key-format: v1.3\n");
        text.Append(CultureInfo.InvariantCulture, $"Algorithm: {key.Public.Algorithm.Value} ({key.Public.Algorithm})\n");
        foreach (var (name, value) in key.Fields) { text.Append(CultureInfo.InvariantCulture, $"{name}: {Convert.ToBase64String(value)}\n"); }
        return text.ToString();
    }

    /// <summary>Reads a key from the texts of its two files; false, and why, when they hold none.</summary>
    public static bool TryRead(string publicText, string privateText, out ZoneKey key, out KeyFileFlaw flaw)
    {
        ArgumentNullException.ThrowIfNull(publicText);
        ArgumentNullException.ThrowIfNull(privateText);
        key = null!;
        // The files have no TTL; a zone takes that of its SOA record.
        var file = ZoneFileReader.Read("$TTL 0\n" + publicText, "", DnsName.Root);
        var records = file.Records.ToArray();
        if (file.Problems.Any(static problem => problem.IsError) || records is not [var record] || record.Type != RecordType.DNSKEY)
        {
            flaw = KeyFileFlaw.NoDnskey;
            return false;
        }
        var publicKey = new ZonePublicKey(record.Owner, record.Data);
        flaw = TryReadSecret(publicKey, Fields(privateText), out var read);
        if (flaw == KeyFileFlaw.None && !read!.Public.Data.Equals(publicKey.Data)) { flaw = KeyFileFlaw.NotAPair; }
        key = read!;
        return flaw == KeyFileFlaw.None;
    }

    private static KeyFileFlaw TryReadSecret(ZonePublicKey publicKey, Dictionary<string, string> fields, out ZoneKey? key)
    {
        key = null;
        if (!fields.TryGetValue("Private-key-format", out var format) || !format.StartsWith("v1.", StringComparison.Ordinal))
        {
            return KeyFileFlaw.UnknownFormat;
        }
        var algorithm = publicKey.Algorithm;
        if (!algorithm.IsKnown) { return KeyFileFlaw.UnknownAlgorithm; }
        if (!fields.TryGetValue("Algorithm", out var named) || named.Split(' ')[0] != $"{algorithm.Value}") { return KeyFileFlaw.NotAPair; }
        var flags = BinaryPrimitives.ReadUInt16BigEndian(publicKey.Data.Wire);
        if ((flags & ZonePublicKey.ZoneFlag) == 0) { return KeyFileFlaw.NoZoneKey; }
        var secret = Bytes(fields, "PrivateKey");
        // The secret of ECDSA is a number, of which one in 256 is shorter; that of Ed25519 is a string of bytes.
        if (algorithm == SigningAlgorithm.EcdsaP256Sha256 && secret.Length > 0) { secret = Padded(secret, ZoneKey.SecretLength); }
        key = algorithm == SigningAlgorithm.RsaSha256 ? ReadRsa(publicKey.Owner, flags, fields) : ZoneKey.OfSecret(publicKey.Owner, flags, algorithm, secret);
        return key is null ? KeyFileFlaw.BadSecret : KeyFileFlaw.None;
    }

    private static RsaZoneKey? ReadRsa(DnsName owner, ushort flags, Dictionary<string, string> fields)
    {
        var pair = new RSAParameters
        {
            Modulus = Bytes(fields, "Modulus"),
            Exponent = Bytes(fields, "PublicExponent"),
            D = Bytes(fields, "PrivateExponent"),
            P = Bytes(fields, "Prime1"),
            Q = Bytes(fields, "Prime2"),
            DP = Bytes(fields, "Exponent1"),
            DQ = Bytes(fields, "Exponent2"),
            InverseQ = Bytes(fields, "Coefficient"),
        };
        if (pair.Modulus.Length == 0 || pair.Exponent.Length == 0) { return null; }
        // Files leave out zeros in front; the platform wants each number as long as its modulus or half of it.
        pair.D = Padded(pair.D, pair.Modulus.Length);
        (pair.P, pair.Q, pair.DP, pair.DQ, pair.InverseQ) = (Half(pair.P), Half(pair.Q), Half(pair.DP), Half(pair.DQ), Half(pair.InverseQ));
        try { using var rsa = RSA.Create(pair); }
        catch (CryptographicException) { return null; }
        return new RsaZoneKey(owner, flags, pair);

        byte[] Half(byte[] number) => Padded(number, (pair.Modulus.Length + 1) / 2);
    }

    private static byte[] Padded(byte[] number, int length) => number.Length >= length ? number : [.. new byte[length - number.Length], .. number];

    private static Dictionary<string, string> Fields(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) { fields[line[..colon].Trim()] = line[(colon + 1)..].Trim(); }
        }
        return fields;
    }

    /// <summary>The bytes of a field; none when it is missing or is not base64.</summary>
    private static byte[] Bytes(Dictionary<string, string> fields, string name)
    {
        if (!fields.TryGetValue(name, out var text)) { return []; }
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : [];
    }
}
