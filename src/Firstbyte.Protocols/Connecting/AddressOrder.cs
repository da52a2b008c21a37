using Firstbyte.Addressing;

namespace Firstbyte.Connecting;

/// <summary>A destination and the own address that the host would send from.</summary>
/// <param name="Destination">Where to.</param>
/// <param name="Source">From where; null when there is no way to it.</param>
/// <param name="IsDeprecated">The source's preferred lifetime has ended (RFC 4862 5.5.4).</param>
public readonly record struct AddressPair(IpAddress Destination, IpAddress? Source, bool IsDeprecated = false);

/// <summary>The order in which the addresses of a name are tried: destination address selection (RFC 6724 6).</summary>
/// <remarks>
/// The sort is stable, so addresses that no rule tells apart keep the resolver's order (rule 10). Rules 4 and 7, of mobile hosts and of
/// tunnels, ask what no host
/// here knows. Rule 9 is kept to IPv6, where a longer common prefix says that the path is shorter; with IPv4 it would undo the rotation by which
/// servers spread their load (RFC 6724 10.1 leaves it to the host; musl and Go do the same).
/// </remarks>
public static class AddressOrder
{
    // RFC 6724 2.1, the default policy table: prefix, precedence, label; longest prefixes first.
    private static readonly (IpPrefix Prefix, int Precedence, int Label)[] s_policies =
    [
        (IpPrefix.Parse("::1/128"), 50, 0),
        (IpPrefix.Parse("::ffff:0:0/96"), 35, 4),
        (IpPrefix.Parse("::/96"), 1, 3),
        (IpPrefix.Parse("2001::/32"), 5, 5),
        (IpPrefix.Parse("2002::/16"), 30, 2),
        (IpPrefix.Parse("3ffe::/16"), 1, 12),
        (IpPrefix.Parse("fec0::/10"), 1, 11),
        (IpPrefix.Parse("fc00::/7"), 3, 13),
        (IpPrefix.Parse("::/0"), 40, 1),
    ];

    private const int LinkLocal = 0x2, SiteLocal = 0x5, Global = 0xe;

    /// <summary>Sorts destinations, the preferred first.</summary>
    public static IpAddress[] Sort(ReadOnlySpan<AddressPair> pairs)
    {
        var sorted = new List<AddressPair>(pairs.Length);
        foreach (var pair in pairs)
        {
            var at = sorted.Count;
            while (at > 0 && Compare(pair, sorted[at - 1]) < 0) { at--; }
            sorted.Insert(at, pair);
        }
        return [.. sorted.Select(static pair => pair.Destination)];
    }

    /// <summary>Below zero when <paramref name="a"/> is preferred, above when <paramref name="b"/> is, zero when no rule tells them apart.</summary>
    public static int Compare(AddressPair a, AddressPair b)
    {
        // Rule 1: avoid unusable destinations.
        if (a.Source is not { } sourceA || b.Source is not { } sourceB) { return (a.Source is null).CompareTo(b.Source is null); }
        var (scopeA, scopeB) = (ScopeOf(a.Destination), ScopeOf(b.Destination));
        var (policyA, policyB) = (PolicyOf(a.Destination), PolicyOf(b.Destination));
        return Prefer(scopeA == ScopeOf(sourceA), scopeB == ScopeOf(sourceB)) is not 0 and var two ? two
            : Prefer(!a.IsDeprecated, !b.IsDeprecated) is not 0 and var three ? three
            : Prefer(policyA.Label == PolicyOf(sourceA).Label, policyB.Label == PolicyOf(sourceB).Label) is not 0 and var five ? five
            : policyB.Precedence.CompareTo(policyA.Precedence) is not 0 and var six ? six
            : scopeA.CompareTo(scopeB) is not 0 and var eight ? eight
            : a.Destination.IsV6 && b.Destination.IsV6 ? CommonPrefix(b.Destination, sourceB).CompareTo(CommonPrefix(a.Destination, sourceA)) : 0;
    }

    private static int Prefer(bool a, bool b) => b.CompareTo(a);

    // RFC 6724 3.1 and 3.2: an IPv4 address has the scope of what IPv6 would call it.
    private static int ScopeOf(IpAddress address)
    {
        var bits = address.Bits;
        if (address.IsV4) { return (uint)bits >> 24 == 127 || (uint)bits >> 16 == 0xA9FE ? LinkLocal : Global; }
        if (bits >> 120 == 0xFF) { return (int)(bits >> 112) & 0xF; }
        if (bits == UInt128.One || bits >> 118 == 0x3FA) { return LinkLocal; }
        return bits >> 118 == 0x3FB ? SiteLocal : Global;
    }

    private static (int Precedence, int Label) PolicyOf(IpAddress address)
    {
        // The table holds IPv4 addresses as mapped ones.
        var six = address.IsV4 ? IpAddress.FromV6(((UInt128)0xFFFF << 32) | address.Bits) : IpAddress.FromV6(address.Bits);
        foreach (var (prefix, precedence, label) in s_policies)
        {
            if (prefix.Contains(six)) { return (precedence, label); }
        }
        throw new InvalidOperationException("::/0 holds every address");
    }

    // RFC 6724 2.2: not longer than the source's prefix, which is 64 bits on every link that makes its own addresses (RFC 4291 2.5.1).
    private static int CommonPrefix(IpAddress a, IpAddress b) => Math.Min(64, (int)UInt128.LeadingZeroCount(a.Bits ^ b.Bits));
}
