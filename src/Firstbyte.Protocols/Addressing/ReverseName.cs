using System.Globalization;
using System.Text;

namespace Firstbyte.Addressing;

/// <summary>The domain name under which an address is looked up backwards (RFC 1035 3.5, RFC 3596 2.5).</summary>
public static class ReverseName
{
    /// <summary>"13.12.11.10.in-addr.arpa." or 32 nibbles under "ip6.arpa.", with the root's dot.</summary>
    public static string Of(IpAddress address)
    {
        var name = new StringBuilder(address.IsV6 ? 74 : 30);
        if (address.IsV6)
        {
            for (var nibble = 0; nibble < 32; nibble++) { name.Append("0123456789abcdef"[(int)((address.Bits >> (4 * nibble)) & 0xF)]).Append('.'); }
            return name.Append("ip6.arpa.").ToString();
        }
        for (var shift = 0; shift < 32; shift += 8) { name.Append(CultureInfo.InvariantCulture, $"{(uint)(address.Bits >> shift) & 0xFF}."); }
        return name.Append("in-addr.arpa.").ToString();
    }

    /// <summary>
    /// The reverse zone of a prefix on a label border (/8, /16, /24; every fourth bit for IPv6); null elsewhere, where RFC 2317 would be
    /// needed.
    /// </summary>
    public static string? OfZone(IpPrefix prefix)
    {
        var bitsPerLabel = prefix.Network.IsV6 ? 4 : 8;
        if (prefix.Length % bitsPerLabel != 0) { return null; }
        var name = Of(prefix.Network).AsSpan();
        for (var skip = prefix.HostBits / bitsPerLabel; skip > 0; skip--) { name = name[(name.IndexOf('.') + 1)..]; }
        return name.ToString();
    }
}
