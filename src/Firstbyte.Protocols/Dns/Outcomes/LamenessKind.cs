namespace Firstbyte.Dns.Outcomes;

/// <summary>Why a server is of no use for a zone that it was named for.</summary>
public enum LamenessKind
{
    /// <summary>It answered REFUSED: it does not serve the zone.</summary>
    Refused,

    /// <summary>A server that offers no recursion answered REFUSED to who asked for it: the name is in no zone that it serves.</summary>
    RecursionRefused,

    /// <summary>It answered SERVFAIL: it should serve the zone and cannot.</summary>
    ServerFailure,

    /// <summary>It referred to a zone that is not below the one it was asked about.</summary>
    UpwardReferral,

    /// <summary>It answered without AA and without a referral.</summary>
    NotAuthoritative,

    /// <summary>It answered without AA and offers recursion: a resolver, not a server of the zone.</summary>
    RecursionOnly,

    /// <summary>It answered with neither records nor the zone's SOA record.</summary>
    EmptyWithoutSoa,

    /// <summary>It answered with another error code.</summary>
    OtherError,

    /// <summary>It cannot read a plain question, or its replies cannot be read.</summary>
    Malformed,
}
