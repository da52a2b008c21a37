using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Firstbyte.Mail;

/// <summary>The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding: neither side shows the password to the other.</summary>
/// <remarks>
/// Names and passwords beyond ASCII are prepared as <see cref="OpaqueString"/> has it (RFC 8265, in the place of RFC 5802's SASLprep).
/// <code>
/// client ─ n,,n=USER,r=NONCE ─►   ◄─ r=NONCE…,s=SALT,i=ROUNDS ─ server
/// client ─ c=biws,r=NONCE…,p=PROOF ─►   ◄─ v=SIGNATURE ─ server
/// </code>
/// </remarks>
public sealed class ScramClient(string user, string password, string nonce)
{
    private const string NoBinding = "n,,";

    // RFC 7677 4
    private const int LeastIterations = 4096;

    private readonly string _bare = $"n={Escaped(OpaqueString.Prepare(user))},r={nonce}";
    private byte[]? _signature;

    /// <summary>What the client says first.</summary>
    public string First => NoBinding + _bare;

    /// <summary>Whether the server has shown that it knows the password too.</summary>
    public bool IsProven { get; private set; }

    /// <summary>The answer to what the server says first; null where that is no challenge, or one that may not be answered.</summary>
    public string? Answer(string challenge)
    {
        ArgumentNullException.ThrowIfNull(challenge);
        var parts = challenge.Split(',');
        if (parts.Length < 3 || !parts[0].StartsWith($"r={nonce}", StringComparison.Ordinal) || parts[0].Length == nonce.Length + 2) { return null; }
        if (!parts[1].StartsWith("s=", StringComparison.Ordinal) || !parts[2].StartsWith("i=", StringComparison.Ordinal)) { return null; }
        var salt = new byte[parts[1].Length];
        if (!Convert.TryFromBase64String(parts[1][2..], salt, out var length) || length == 0) { return null; }
        if (!int.TryParse(parts[2].AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds)
            || rounds is < LeastIterations or > MailLimits.ScramIterations)
        {
            return null;
        }
        var prepared = Encoding.UTF8.GetBytes(OpaqueString.Prepare(password));
        var salted = Rfc2898DeriveBytes.Pbkdf2(prepared, salt.AsSpan(0, length), rounds, HashAlgorithmName.SHA256, 32);
        var withoutProof = $"c={Convert.ToBase64String(Encoding.ASCII.GetBytes(NoBinding))},{parts[0]}";
        var message = Encoding.UTF8.GetBytes($"{_bare},{challenge},{withoutProof}");
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var proof = HMACSHA256.HashData(SHA256.HashData(clientKey), message);
        for (var i = 0; i < proof.Length; i++) { proof[i] ^= clientKey[i]; }
        _signature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), message);
        return $"{withoutProof},p={Convert.ToBase64String(proof)}";
    }

    /// <summary>Takes what the server says last; false where it does not know the password.</summary>
    public bool Prove(string last)
    {
        ArgumentNullException.ThrowIfNull(last);
        IsProven = _signature is { } expected && last == $"v={Convert.ToBase64String(expected)}";
        return IsProven;
    }

    // RFC 5802 5.1
    private static string Escaped(string name) => name.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);
}
