namespace Firstbyte.Dns.Outcomes;

/// <summary>What signatures say of a set of records or of an answer (RFC 4035 section 4.3).</summary>
public enum SecurityStatus : byte
{
    /// <summary>Nobody has looked.</summary>
    Unchecked,

    /// <summary>No trust anchor covers the name, so that nothing can be said.</summary>
    Indeterminate,

    /// <summary>A chain of trust leads to a signed proof that the zone is not signed.</summary>
    Insecure,

    /// <summary>A chain of trust leads from an anchor to its signature.</summary>
    Secure,

    /// <summary>It should have a signature that holds, and has none: it may be forged.</summary>
    Bogus,
}
