using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Firstbyte.Urls.Idna;

namespace Firstbyte.Http.Authentication;

/// <summary>What a digest is about, beside the challenge: who asks, for what, and how often with this nonce.</summary>
/// <param name="Credentials">Who asks.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">The request target as it is written.</param>
/// <param name="Count">How often the server's nonce has been used, this time included.</param>
/// <param name="ClientNonce">The client's nonce.</param>
public sealed record DigestSubject(Credentials Credentials, string Method, string Target, int Count, string ClientNonce)
{
    /// <summary>H(content), where the content is protected (<see cref="DigestContent"/>); null where there is none.</summary>
    public string? ContentHash { get; init; }
}

/// <summary>The answer to a Digest challenge (RFC 7616 3.4).</summary>
/// <remarks>
/// <code>
///   response = H( H(A1) ":" nonce ":" nc ":" cnonce ":" qop ":" H(A2) )      without qop: H( H(A1) ":" nonce ":" H(A2) )
///   A1       = user ":" realm ":" password                                  -sess: H(that) ":" nonce ":" cnonce
///   A2       = method ":" target                                            auth-int: … ":" H(content)
/// </code>
/// Client and server make the same, and compare.
/// </remarks>
public static class DigestAnswer
{
    /// <summary>The value of the Authorization field.</summary>
    public static string Field(DigestChallenge challenge, DigestSubject subject)
    {
        ArgumentNullException.ThrowIfNull(challenge);
        ArgumentNullException.ThrowIfNull(subject);
        var field = new StringBuilder("Digest ");
        var user = Spoken(challenge, subject.Credentials.User);
        if (challenge.HashesUser) { field.Append("username=").Append(Quoted(UserHash(challenge, subject))); }
        else if (user.AsSpan().ContainsAnyExceptInRange(' ', '~')) { field.Append("username*=UTF-8''").Append(Percent(user)); }
        else { field.Append("username=").Append(Quoted(user)); }
        field.Append(", realm=").Append(Quoted(challenge.Realm)).Append(", uri=").Append(Quoted(subject.Target));
        if (challenge.Algorithm is not null) { field.Append(", algorithm=").Append(NameOf(challenge)); }
        field.Append(", nonce=").Append(Quoted(challenge.Nonce));
        if (!challenge.IsLegacy)
        {
            field.Append(", nc=").Append(CountOf(subject)).Append(", cnonce=").Append(Quoted(subject.ClientNonce)).Append(", qop=").Append(Qop(challenge));
        }
        field.Append(", response=").Append(Quoted(Response(challenge, subject)));
        if (challenge.Opaque is { } opaque) { field.Append(", opaque=").Append(Quoted(opaque)); }
        if (challenge.HashesUser) { field.Append(", userhash=true"); }
        return field.ToString();
    }

    /// <summary>What stands for the user's name where the server does not want it to be read on the way (userhash, RFC 7616 3.4.4).</summary>
    public static string UserHash(DigestChallenge challenge, DigestSubject subject)
    {
        ArgumentNullException.ThrowIfNull(challenge);
        ArgumentNullException.ThrowIfNull(subject);
        return Hash(challenge.Hash, $"{Spoken(challenge, subject.Credentials.User)}:{challenge.Realm}");
    }

    /// <summary>The response that shows the password without saying it.</summary>
    public static string Response(DigestChallenge challenge, DigestSubject subject)
    {
        ArgumentNullException.ThrowIfNull(challenge);
        ArgumentNullException.ThrowIfNull(subject);
        return Keyed(challenge, subject, $"{subject.Method}:{subject.Target}");
    }

    /// <summary>By what a server shows that it knows the password too (rspauth, RFC 7616 3.5).</summary>
    public static string Proof(DigestChallenge challenge, DigestSubject subject)
    {
        ArgumentNullException.ThrowIfNull(challenge);
        ArgumentNullException.ThrowIfNull(subject);
        return Keyed(challenge, subject, $":{subject.Target}");
    }

    /// <summary>Whether an Authorization field answers a challenge with the right password, for the request that it came with.</summary>
    /// <param name="challenge">What the server asked.</param>
    /// <param name="answer">The field, as <see cref="ChallengeReader"/> reads it.</param>
    /// <param name="credentials">Who may come in.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="target">The request's target.</param>
    public static bool IsRight(DigestChallenge challenge, Challenge answer, Credentials credentials, string method, string target)
    {
        ArgumentNullException.ThrowIfNull(challenge);
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(credentials);
        var name = Spoken(challenge, credentials.User);
        var user = challenge.HashesUser ? Hash(challenge.Hash, $"{name}:{challenge.Realm}") : name;
        if (answer.Find("username") != user || answer.Find("realm") != challenge.Realm || answer.Find("nonce") != challenge.Nonce
            || answer.Find("uri") != target || answer.Find("response") is not { } response)
        {
            return false;
        }
        if (!int.TryParse(answer.Find("nc"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var count) || count <= 0) { return false; }
        var expected = Response(challenge, new DigestSubject(credentials, method, target, count, answer.Find("cnonce") ?? ""));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(response));
    }

    private static string Keyed(DigestChallenge challenge, DigestSubject subject, string a2)
    {
        var hash = challenge.Hash;
        var secret = Hash(hash, $"{Spoken(challenge, subject.Credentials.User)}:{challenge.Realm}:{Spoken(challenge, subject.Credentials.Password)}");
        if (challenge.IsSession) { secret = Hash(hash, $"{secret}:{challenge.Nonce}:{subject.ClientNonce}"); }
        if (challenge.Protection == DigestProtection.Integrity) { a2 += ":" + (subject.ContentHash ?? Hash(hash, "")); }
        var about = Hash(hash, a2);
        return Hash(hash, challenge.IsLegacy
            ? $"{secret}:{challenge.Nonce}:{about}"
            : $"{secret}:{challenge.Nonce}:{CountOf(subject)}:{subject.ClientNonce}:{Qop(challenge)}:{about}");
    }

    private static string Spoken(DigestChallenge challenge, string text) => challenge.IsUtf8 ? Nfc.Of(text) : text;

    private static string CountOf(DigestSubject subject) => subject.Count.ToString("x8", CultureInfo.InvariantCulture);

    private static string Qop(DigestChallenge challenge) => challenge.Protection == DigestProtection.Integrity ? "auth-int" : "auth";

    // The name in the registry's own case, and not whatever the server wrote: it stands there without quotes.
    private static string NameOf(DigestChallenge challenge) =>
        (challenge.Hash == DigestHash.Md5 ? "MD5" : "SHA-256") + (challenge.IsSession ? "-sess" : "");

    private static string Hash(DigestHash hash, string text) => Hash(hash, Encoding.UTF8.GetBytes(text));

    [SuppressMessage(
        "Security", "CA5351",
        Justification = "RFC 7616 has MD5 for servers that know nothing else; a better hash is chosen where one is offered.")]
    private static string Hash(DigestHash hash, ReadOnlySpan<byte> bytes) =>
        Convert.ToHexStringLower(hash == DigestHash.Md5 ? MD5.HashData(bytes) : SHA256.HashData(bytes));

    /// <summary>A quoted-string (RFC 9110 5.6.4).</summary>
    public static string Quoted(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var quoted = new StringBuilder(value.Length + 2).Append('"');
        foreach (var character in value)
        {
            if (character is '"' or '\\') { quoted.Append('\\'); }
            quoted.Append(character);
        }
        return quoted.Append('"').ToString();
    }

    // ext-value (RFC 8187 3.2.1): attr-char as it is, everything else percent-encoded.
    private static string Percent(string text)
    {
        var encoded = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || "!#$&+-.^_`|~".Contains((char)octet)) { encoded.Append((char)octet); }
            else { encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}"); }
        }
        return encoded.ToString();
    }
}
