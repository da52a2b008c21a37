namespace Firstbyte.Http.Authentication;

/// <summary>The limits of what is read of authentication.</summary>
public static class AuthenticationLimits
{
    /// <summary>Challenges of one response: a server that offers every scheme in IANA's registry with two algorithms offers fewer.</summary>
    public const int Challenges = 32;

    /// <summary>Parameters of one challenge; Digest, the richest, has nine (RFC 7616 3.3).</summary>
    public const int Parameters = 32;
}
