namespace Firstbyte.Dns.Outcomes;

/// <summary>What the cache held.</summary>
public enum CacheOutcome
{
    /// <summary>Nothing, or nothing that may answer.</summary>
    Miss,

    /// <summary>The records.</summary>
    Answer,

    /// <summary>An alias: the name has a CNAME record.</summary>
    Alias,

    /// <summary>The name exists without records of this type (RFC 2308 2.2).</summary>
    NoData,

    /// <summary>The name does not exist (RFC 2308 2.1).</summary>
    NameError,

    /// <summary>The resolution failed a moment ago (RFC 9520).</summary>
    Failure,
}
