namespace Firstbyte.Dns.Outcomes;

/// <summary>What a link of a chain of trust is about.</summary>
public enum TrustLinkKind : byte
{
    /// <summary>A trust anchor: believed without a signature.</summary>
    Anchor,

    /// <summary>The keys of a zone, held by the DS records of its parent or by an anchor.</summary>
    Keys,

    /// <summary>The DS records of a zone, or their proven absence, held by the parent's keys.</summary>
    Delegation,

    /// <summary>A set of the answer.</summary>
    Records,

    /// <summary>The proof that there is no such name or no such record.</summary>
    Denial,
}

/// <summary>One link of a chain of trust: what was looked at, whose key holds it, and what came of it.</summary>
/// <remarks>Links stand in the order in which they were closed: the anchor first, then keys, delegation, keys … down to the answer.</remarks>
/// <param name="Kind">What it is about.</param>
/// <param name="Name">The owner of what was looked at.</param>
/// <param name="Type">Its type.</param>
/// <param name="Status">What came of it.</param>
/// <param name="Flaw">Why it does not hold, or why the chain ends here.</param>
public sealed record TrustLink(TrustLinkKind Kind, string Name, string Type, SecurityStatus Status, ValidationFlaw Flaw)
{
    /// <summary>The zone whose key signed it; empty where none did.</summary>
    public string Signer { get; init; } = "";

    /// <summary>The key's number (RFC 4034 appendix B); 0 where there is none.</summary>
    public int KeyTag { get; init; }

    /// <summary>The mnemonic of the key's algorithm; empty where there is none.</summary>
    public string Algorithm { get; init; } = "";
}
