using Firstbyte.Tracing;

namespace Firstbyte.Http.Authentication;

/// <summary>A response wants to know who asks (RFC 9110 11.6.1).</summary>
/// <param name="Offered">The schemes that its server takes, Digest with its algorithm, in its order.</param>
/// <param name="Realm">What it wants the password for, as it says.</param>
/// <param name="Verdict">What becomes of it.</param>
/// <param name="Answered">The scheme that is answered; none where none is.</param>
/// <param name="IsStale">The answer before was right and too old.</param>
public sealed record ChallengeReceived(string[] Offered, string Realm, ChallengeVerdict Verdict, AuthenticationSchemes Answered, bool IsStale) : TraceEvent
{
    /// <summary>Whether a proxy wants to know it, and not the server (RFC 9110 11.7.1).</summary>
    public bool IsOfProxy { get; init; }
}

/// <summary>A request says who asks.</summary>
/// <param name="Scheme">How.</param>
/// <param name="Source">From where the credentials are.</param>
/// <param name="IsReadable">Whoever sees the bytes on their way has them: they are not hashed, and there is no TLS.</param>
public sealed record CredentialsSent(AuthenticationSchemes Scheme, CredentialsSource Source, bool IsReadable) : TraceEvent
{
    /// <summary>Whether it is said to a proxy, and not to the server (RFC 9110 11.7.2).</summary>
    public bool IsForProxy { get; init; }
}

/// <summary>A server has shown that it knows the password too, or has failed to (RFC 7616 3.5).</summary>
public sealed record ServerProven(bool IsRight) : TraceEvent;

/// <summary>From where credentials are.</summary>
public enum CredentialsSource : byte
{
    /// <summary>From the URL.</summary>
    Url,

    /// <summary>Given by the user beside the URL.</summary>
    User,

    /// <summary>From a netrc file.</summary>
    Netrc,
}
