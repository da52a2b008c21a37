using System.Security.Cryptography;

namespace Firstbyte.Tls;

/// <summary>Fingerprints of public keys (RFC 7469 section 2.4), as curl writes them: <c>sha256//BASE64</c>.</summary>
public static class PinnedKey
{
    private const string Prefix = "sha256//";

    /// <summary>The fingerprint of a certificate's key; null where the certificate cannot be read.</summary>
    public static byte[]? Of(ReadOnlyMemory<byte> certificate) =>
        CertificateReader.TryReadKey(certificate, out var key) ? SHA256.HashData(key.Span) : null;

    /// <summary>Whether a certificate has one of the keys.</summary>
    public static bool IsAmong(IReadOnlyList<byte[]> pins, ReadOnlyMemory<byte> certificate)
    {
        ArgumentNullException.ThrowIfNull(pins);
        return Of(certificate) is { } own && pins.Any(pin => pin.AsSpan().SequenceEqual(own));
    }

    /// <summary>As it is typed.</summary>
    public static string Text(ReadOnlySpan<byte> fingerprint) => Prefix + Convert.ToBase64String(fingerprint);

    /// <summary>Reads a list, its members with ';' between them; null where one is none.</summary>
    public static List<byte[]>? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var pins = new List<byte[]>();
        foreach (var one in text.Split(';'))
        {
            if (!one.StartsWith(Prefix, StringComparison.Ordinal)) { return null; }
            var bytes = new byte[SHA256.HashSizeInBytes];
            if (!Convert.TryFromBase64String(one[Prefix.Length..], bytes, out var length) || length != bytes.Length) { return null; }
            pins.Add(bytes);
        }
        return pins;
    }
}
