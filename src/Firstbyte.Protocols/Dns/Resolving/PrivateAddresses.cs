using Firstbyte.Addressing;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Resolving;

/// <summary>Addresses of one's own network, which names of others are not to lead to: a page could so reach what trusts that network (DNS rebinding).</summary>
/// <remarks>
/// What is withheld is withheld before it is kept or checked: a set that was signed with such an address does not hold any more. An IPv4 address within an IPv6
/// one (::ffff:0:0/96, RFC 4291 section 2.5.5.2) counts as the IPv4 address. Addresses in other records than A and AAAA (SVCB's hints, TXT) are left alone.
/// </remarks>
/// <param name="ranges">The addresses.</param>
/// <param name="domains">Names that may have them, with all below.</param>
public sealed class PrivateAddresses(IReadOnlyList<IpPrefix> ranges, IReadOnlyList<DnsName> domains)
{
    /// <summary>Nothing is withheld.</summary>
    public static PrivateAddresses None { get; } = new([], []);

    /// <summary>Whether a record of this owner with this address is withheld.</summary>
    public bool Withholds(DnsName owner, IpAddress address)
    {
        if (ranges.Count == 0 || !IsPrivate(address) && !(FindMapped(address) is { } mapped && IsPrivate(mapped))) { return false; }
        foreach (var domain in domains) { if (owner.IsSubdomainOf(domain)) { return false; } }
        return true;
    }

    /// <summary>Takes such records out of a reply; true when any was in its answer.</summary>
    internal bool Withhold(Reply reply)
    {
        if (ranges.Count == 0) { return false; }
        reply.Additional.RemoveAll(IsWithheld);
        return reply.Answer.RemoveAll(IsWithheld) > 0;
    }

    private bool IsWithheld(DnsRecord record) => record.Data is AddressData { Address: var address } && Withholds(record.Owner, address);

    private bool IsPrivate(IpAddress address)
    {
        foreach (var range in ranges) { if (range.Contains(address)) { return true; } }
        return false;
    }

    private static IpAddress? FindMapped(IpAddress address) =>
        !address.IsV4 && address.Bits >> 32 == 0xFFFF ? IpAddress.FromV4((uint)address.Bits) : null;
}
