namespace Firstbyte.Http.Authentication;

/// <summary>The hashes of Digest authentication that are spoken here (RFC 7616 6.1).</summary>
public enum DigestHash : byte
{
    /// <summary>MD5, which every server knows and nobody should trust.</summary>
    Md5,

    /// <summary>SHA-256.</summary>
    Sha256,
}

/// <summary>What a digest protects (RFC 7616 3.3, qop).</summary>
public enum DigestProtection : byte
{
    /// <summary>Method and target, without count and client nonce: what RFC 2069 had.</summary>
    Legacy,

    /// <summary>Method and target.</summary>
    Authentication,

    /// <summary>Method, target and content.</summary>
    Integrity,
}

/// <summary>A Digest challenge that can be answered (RFC 7616 3.3).</summary>
public sealed record DigestChallenge
{
    /// <summary>What the password is for.</summary>
    public required string Realm { get; init; }

    /// <summary>The server's nonce.</summary>
    public required string Nonce { get; init; }

    /// <summary>What the server wants back unchanged; null for nothing.</summary>
    public string? Opaque { get; init; }

    /// <summary>The hash.</summary>
    public DigestHash Hash { get; init; }

    /// <summary>The algorithm as the server wrote it; null where it said none, which is MD5.</summary>
    public string? Algorithm { get; init; }

    /// <summary>"-sess": the password is hashed once, with the nonces of the session.</summary>
    public bool IsSession { get; init; }

    /// <summary>Method and target may be protected.</summary>
    public bool OffersAuthentication { get; init; }

    /// <summary>The content may be protected too.</summary>
    public bool OffersIntegrity { get; init; }

    /// <summary>The nonce before was too old; the password was right.</summary>
    public bool IsStale { get; init; }

    /// <summary>The user's name goes hashed.</summary>
    public bool HashesUser { get; init; }

    /// <summary>The server reads names and passwords as UTF-8 (charset, RFC 7616 section 4): they go in Normalization Form C.</summary>
    public bool IsUtf8 { get; init; }

    /// <summary>Whether the server follows RFC 2069 alone.</summary>
    public bool IsLegacy { get; init; }

    /// <summary>What is protected: the content only where nothing else is offered, as hashing it takes it twice.</summary>
    public DigestProtection Protection => IsLegacy ? DigestProtection.Legacy
        : OffersAuthentication ? DigestProtection.Authentication : DigestProtection.Integrity;

    /// <summary>What a challenge asks for; null when it is no Digest, lacks what it must have, or asks for what is not spoken here.</summary>
    public static DigestChallenge? Of(Challenge challenge)
    {
        ArgumentNullException.ThrowIfNull(challenge);
        if (!challenge.Is("Digest") || challenge.Find("realm") is not { } realm || challenge.Find("nonce") is not { } nonce) { return null; }
        var algorithm = challenge.Find("algorithm");
        var isSession = algorithm?.EndsWith("-sess", StringComparison.OrdinalIgnoreCase) == true;
        DigestHash? hash = (isSession ? algorithm![..^5] : algorithm)?.ToUpperInvariant() switch
        {
            null or "MD5" => DigestHash.Md5,
            "SHA-256" => DigestHash.Sha256,
            _ => null,
        };
        if (hash is not { } known) { return null; }
        var protection = challenge.Find("qop");
        var result = new DigestChallenge
        {
            Realm = realm,
            Nonce = nonce,
            Opaque = challenge.Find("opaque"),
            Hash = known,
            Algorithm = algorithm,
            IsSession = isSession,
            IsLegacy = protection is null,
            OffersAuthentication = Has(protection, "auth"),
            OffersIntegrity = Has(protection, "auth-int"),
            IsStale = Is(challenge.Find("stale")),
            HashesUser = Is(challenge.Find("userhash")),
            IsUtf8 = challenge.IsUtf8,
        };
        return result.IsLegacy || result.OffersAuthentication || result.OffersIntegrity ? result : null;
    }

    private static bool Is(string? value) => "true".Equals(value, StringComparison.OrdinalIgnoreCase);

    private static bool Has(string? list, string wanted)
    {
        if (list is null) { return false; }
        foreach (var range in list.AsSpan().Split(','))
        {
            if (list.AsSpan(range).Trim(" \t").Equals(wanted, StringComparison.OrdinalIgnoreCase)) { return true; }
        }
        return false;
    }
}
