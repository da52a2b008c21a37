using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Serving;

/// <summary>The names that the public tree does not have, and that a resolver which starts at its root answers itself.</summary>
public static class SpecialNames
{
    private static readonly DnsName s_localhost = DnsName.Parse("localhost");

    // Below it lie all the zones that are many: a name of another kind is not compared with each of them.
    private static readonly DnsName s_arpa = DnsName.Parse("arpa");

    /// <summary>RFC 6761 sections 6.2 and 6.4, RFC 7686, RFC 9476: these never exist in the DNS.</summary>
    private static readonly DnsName[] s_nowhere = [DnsName.Parse("test"), DnsName.Parse("invalid"), DnsName.Parse("onion"), DnsName.Parse("alt")];

    /// <summary>The reverse zones that RFC 6303 section 4 lists, of RFC 6761 section 6.1 among them; and home.arpa (RFC 8375).</summary>
    private static readonly DnsName[] s_local =
    [
        .. ((string[])
        [
            "10.in-addr.arpa", .. Enumerable.Range(16, 16).Select(static second => $"{second}.172.in-addr.arpa"), "168.192.in-addr.arpa",
            "0.in-addr.arpa", "127.in-addr.arpa", "254.169.in-addr.arpa", "2.0.192.in-addr.arpa", "100.51.198.in-addr.arpa", "113.0.203.in-addr.arpa",
            "255.255.255.255.in-addr.arpa",
            $"{string.Concat(Enumerable.Repeat("0.", 32))}ip6.arpa", $"1.{string.Concat(Enumerable.Repeat("0.", 31))}ip6.arpa",
            "d.f.ip6.arpa", "8.e.f.ip6.arpa", "9.e.f.ip6.arpa", "a.e.f.ip6.arpa", "b.e.f.ip6.arpa", "8.b.d.0.1.0.0.2.ip6.arpa", "home.arpa",
        ]).Select(static name => DnsName.Parse(name)),
    ];

    /// <summary>The special zone that a name in wire form lies in; null for a name of the public tree.</summary>
    public static DnsName? FindZone(ReadOnlySpan<byte> name)
    {
        var top = name;
        while (top.Length > 1 && top.Length > 2 + top[0]) { top = top[(1 + top[0])..]; }
        if (WireName.Equals(top, s_arpa.Wire))
        {
            foreach (var zone in s_local) { if (WireName.IsSubdomainOf(name, zone.Wire)) { return zone; } }
            return null;
        }
        if (WireName.Equals(top, s_localhost.Wire)) { return s_localhost; }
        foreach (var zone in s_nowhere) { if (WireName.Equals(top, zone.Wire)) { return zone; } }
        return null;
    }

    /// <summary>Whether a special zone is that of the host itself, whose names have addresses (RFC 6761 section 6.3).</summary>
    public static bool IsLocalhost(DnsName zone) => zone == s_localhost;
}
