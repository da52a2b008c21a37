namespace Firstbyte.Http.Authentication;

/// <summary>What a client makes of the challenges of a response.</summary>
public enum ChallengeVerdict : byte
{
    /// <summary>One of them is answered.</summary>
    Answered,

    /// <summary>None is: there is neither a password nor a token for this server.</summary>
    NoCredentials,

    /// <summary>None is: those that could be answered are not among the schemes that the user allows.</summary>
    NotAllowed,

    /// <summary>None is: the server offers nothing that is spoken here, or nothing that can be read.</summary>
    NotSpoken,

    /// <summary>None is: the credentials have been sent and were not accepted.</summary>
    Refused,
}

/// <summary>The challenge that hides the password best, of those that a client may answer.</summary>
/// <param name="Scheme">The scheme; none when no challenge is answered.</param>
/// <param name="Digest">The challenge, where the scheme is Digest.</param>
/// <param name="Realm">The realm of the challenge, or of the first where none is answered; empty where there is none.</param>
/// <param name="IsOtherwise">Another scheme than those allowed could be answered.</param>
public readonly record struct ChallengeChoice(AuthenticationSchemes Scheme, DigestChallenge? Digest, string Realm, bool IsOtherwise)
{
    /// <summary>Chooses (RFC 9110 11.6.1: "the strongest it understands"; RFC 7616 3.7: the first Digest that it supports).</summary>
    public static ChallengeChoice Of(IReadOnlyList<Challenge> challenges, AuthenticationSchemes allowed)
    {
        ArgumentNullException.ThrowIfNull(challenges);
        var digest = challenges.Select(DigestChallenge.Of).FirstOrDefault(static one => one is not null);
        var basic = challenges.FirstOrDefault(static one => one.Is("Basic"));
        if (digest is not null && allowed.HasFlag(AuthenticationSchemes.Digest))
        {
            return new(AuthenticationSchemes.Digest, digest, digest.Realm, IsOtherwise: false);
        }
        if (basic is not null && allowed.HasFlag(AuthenticationSchemes.Basic))
        {
            return new(AuthenticationSchemes.Basic, null, basic.Find("realm") ?? "", IsOtherwise: false);
        }
        var first = challenges.Select(static one => one.Find("realm")).FirstOrDefault(static realm => realm is not null) ?? "";
        return new(AuthenticationSchemes.None, null, first, digest is not null || basic is not null);
    }
}
