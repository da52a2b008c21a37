using System.Collections.Frozen;

namespace Firstbyte.Dns.Wire;

/// <summary>More about a response code (RFC 8914; IANA registry "Extended DNS Error Codes").</summary>
public readonly record struct ExtendedErrorCode(ushort Value)
{
    private static readonly FrozenDictionary<int, string> s_purposes = new (int Code, string Purpose)[]
    {
        (0, "Other"), (1, "Unsupported DNSKEY Algorithm"), (2, "Unsupported DS Digest Type"), (3, "Stale Answer"), (4, "Forged Answer"),
        (5, "DNSSEC Indeterminate"), (6, "DNSSEC Bogus"), (7, "Signature Expired"), (8, "Signature Not Yet Valid"), (9, "DNSKEY Missing"),
        (10, "RRSIGs Missing"), (11, "No Zone Key Bit Set"), (12, "NSEC Missing"), (13, "Cached Error"), (14, "Not Ready"), (15, "Blocked"),
        (16, "Censored"), (17, "Filtered"), (18, "Prohibited"), (19, "Stale NXDOMAIN Answer"), (20, "Not Authoritative"), (21, "Not Supported"),
        (22, "No Reachable Authority"), (23, "Network Error"), (24, "Invalid Data"), (25, "Signature Expired before Valid"), (26, "Too Early"),
        (27, "Unsupported NSEC3 Iterations Value"), (28, "Unable to conform to policy"), (29, "Synthesized"), (30, "Invalid Query Type"),
    }.ToFrozenDictionary(static one => one.Code, static one => one.Purpose);

    /// <summary>What the registry says it is for; null where it says nothing.</summary>
    public string? Purpose => s_purposes.GetValueOrDefault(Value);

    /// <summary>"20 (Not Authoritative)", or the number alone.</summary>
    public override string ToString() => Purpose is { } purpose ? $"{Value} ({purpose})" : $"{Value}";
}
