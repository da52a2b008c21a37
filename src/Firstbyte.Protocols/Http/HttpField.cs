namespace Firstbyte.Http;

/// <summary>One field line of a message: a name in the case it was given, and a value without the whitespace around it (RFC 9110 5).</summary>
/// <remarks>Values read from the network are a Latin-1 view of their bytes, so that no byte is lost; values to be written go out as UTF-8.</remarks>
public readonly record struct HttpField(string Name, string Value);

/// <summary>The versions of HTTP that are spoken here.</summary>
public enum HttpVersion : byte
{
    /// <summary>HTTP/1.0 (RFC 1945).</summary>
    Http10,

    /// <summary>HTTP/1.1 (RFC 9112).</summary>
    Http11,
}

/// <summary>The version as it stands in a start line.</summary>
public static class HttpVersionText
{
    /// <summary>"HTTP/1.0" or "HTTP/1.1".</summary>
    public static string Of(HttpVersion version) => version == HttpVersion.Http10 ? "HTTP/1.0" : "HTTP/1.1";
}

/// <summary>Fields whose values let their holder act for the user: every output masks them unless it is told otherwise.</summary>
public static class SecretFields
{
    // What stands last in the names of fields that carry keys: X-Api-Key, X-Auth-Token, X-Amz-Security-Token, PRIVATE-TOKEN,
    // X-Vault-Token, Ocp-Apim-Subscription-Key, X-Session-Id, X-Hub-Signature-256, X-JWT-Assertion, DPoP (RFC 9449), Cookie2 (RFC 2965).
    private static readonly string[] s_lastWords =
        ["api-key", "apikey", "access-key", "subscription-key", "functions-key", "private-key", "secret-key", "auth-key", "master-key",
            "token", "secret", "password", "signature", "signature-256", "session-id", "session",
            "auth", "authentication", "assertion", "dpop", "cookie2"];

    /// <summary>Whether the field's value is a secret (RFC 9110 11.6.2 and 11.7.2, RFC 6265 8, and the habits of those who made their own).</summary>
    public static bool IsSecret(string name)
    {
        if (name is null) { return false; }
        if (name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("Proxy-Authorization", StringComparison.OrdinalIgnoreCase)
            || name.Equals("Cookie", StringComparison.OrdinalIgnoreCase) || name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
        foreach (var word in s_lastWords)
        {
            if (name.EndsWith(word, StringComparison.OrdinalIgnoreCase)
                && (name.Length == word.Length || name[^(word.Length + 1)] is '-' or '_'))
            {
                return true;
            }
        }
        return false;
    }
}
