using Firstbyte.Addressing;

namespace Firstbyte.Dns.Resolving;

/// <summary>Which addresses may be asked as servers when a zone's data names them, and on which port.</summary>
/// <remarks>
/// A zone can name any address as its server. Asking the own host, a group or nobody would let strangers aim a resolver at itself
/// or at services that trust it (CVE-2026-50251). Hints are configured here, not by strangers: they are exempt.
/// </remarks>
public sealed record UpstreamPolicy
{
    /// <summary>The rule for the internet: special addresses are denied, port 53, both versions.</summary>
    public static readonly UpstreamPolicy Internet = new();

    /// <summary>The port that servers are asked on.</summary>
    public ushort Port { get; init; } = 53;

    /// <summary>Whether loopback addresses may be asked: for servers on the own host in a laboratory.</summary>
    public bool AllowLoopback { get; init; }

    /// <summary>Whether servers are asked over IPv4.</summary>
    public bool UseV4 { get; init; } = true;

    /// <summary>Whether servers are asked over IPv6.</summary>
    public bool UseV6 { get; init; } = true;

    /// <summary>The version by which servers are asked first that have both; the other one's turn comes when these did not answer.</summary>
    public IpVersion Preferred { get; init; }

    /// <summary>
    /// Whether of the addresses beside a referral only those of names within the zone referred to are used, without which there is no way in. The others are
    /// the parent's to give as well, and save a question; but they are not what the zone of the name says.
    /// </summary>
    public bool HardensGlue { get; init; }

    /// <summary>Addresses of the resolver itself: asking them would be a loop.</summary>
    public IpAddress[] OwnAddresses { get; init; } = [];

    /// <summary>Whether the address may be asked when a referral or an address record names it.</summary>
    public bool Allows(IpAddress address)
    {
        if (address.IsV4 ? !UseV4 : !UseV6) { return false; }
        foreach (var own in OwnAddresses) { if (own == address) { return false; } }
        return !IsSpecial(address);
    }

    /// <summary>Whether a configured address can be asked: only the versions in use count.</summary>
    public bool AllowsHint(IpAddress address) => address.IsV4 ? UseV4 : UseV6;

    private bool IsSpecial(IpAddress address)
    {
        if (address.IsV4) { return IsSpecialV4((uint)address.Bits); }
        var bits = address.Bits;
        if (bits == 0 || bits >> 120 == 0xFF) { return true; }                    // :: and ff00::/8
        if (bits == 1) { return !AllowLoopback; }                                  // ::1
        return bits >> 32 is var high && (high == 0xFFFF || high == 0) && IsSpecialV4((uint)bits); // ::ffff:0:0/96 (RFC 4291 2.5.5)
    }

    private bool IsSpecialV4(uint bits) => (bits >> 24) switch
    {
        0 => true,                       // 0.0.0.0/8, "this network" (RFC 1122 3.2.1.3)
        127 => !AllowLoopback,           // 127.0.0.0/8, loopback
        >= 224 => true,                  // 224.0.0.0/4 multicast, 240.0.0.0/4 reserved, the broadcast address
        _ => false,
    };
}
