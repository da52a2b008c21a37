namespace Firstbyte.Telling.Sentences;

/// <summary>What <c>firstbyte-host</c> can be told when it starts.</summary>
public enum HostOption
{
    Listen,
    Root,
    Name,
    PublicOnly,
    AllowTarget,
    Server,
    Iterative,
    MaximumTime,
    MaximumBytes,
    Journeys,
    NoPage,
    Doh,
    Zone,
    Resolver,
    RootHints,
    UpstreamPort,
    TrustAnchor,
    AllowClient,
    SharedCache,
    SharedCacheKey,
    SharedCachePassword,
    TlsCertificate,
    TlsKey,
    Metrics,
    Language,
    Version,
    Help,
}

/// <summary>Why a server of the live page does not do what it was asked.</summary>
public enum HostRefusal
{
    /// <summary>Neither token nor cookie, or another's.</summary>
    NoToken,

    /// <summary>The Host field names neither an address nor a name that the server was told (DNS rebinding).</summary>
    WrongHost,

    /// <summary>Another page than the server's own has asked.</summary>
    WrongOrigin,

    /// <summary>The request is none that can be read.</summary>
    Unreadable,

    /// <summary>Another scheme than http and https.</summary>
    Scheme,

    /// <summary>Another method than GET and HEAD.</summary>
    Method,

    /// <summary>The URL is longer than is taken.</summary>
    TooLong,

    /// <summary>As many journeys are under way as may be.</summary>
    Busy,

    /// <summary>What a journey has left is not kept any more.</summary>
    Forgotten,
}

/// <summary>A part of an exchange in a waterfall, in the order in which they follow each other.</summary>
public enum ExchangePart
{
    Blocked,
    Name,
    Connect,
    Tls,
    Send,
    Wait,
    Receive,
}
