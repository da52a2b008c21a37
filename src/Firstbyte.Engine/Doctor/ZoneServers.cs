using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Doctor;

/// <summary>The name servers that a zone names for itself, with their addresses as far as the zone has them.</summary>
internal sealed class ZoneServers
{
    // What falls silent together: what routers pass on as one network is seldom smaller (RFC 7454 section 6.1.3).
    private const int NetworkV4 = 24, NetworkV6 = 48;

    private readonly Zone _zone;

    public ZoneServers(Zone zone)
    {
        _zone = zone;
        Names = [.. (zone.Find(zone.Origin, RecordType.NS).Set?.Data ?? []).OfType<NameData>().Select(static data => data.Target)];
        // What lies below a delegation of this zone is glue, and found by no question.
        Addresses =
        [
            .. zone.Sets.Where(set => (set.Type == RecordType.A || set.Type == RecordType.AAAA) && Names.Contains(set.Owner))
                .SelectMany(static set => set.Data.OfType<AddressData>().Select(data => (set.Owner, data.Address))),
        ];
    }

    /// <summary>Their names.</summary>
    public IReadOnlyList<DnsName> Names { get; }

    /// <summary>The addresses of those that have their names in the zone: the parent gives them along.</summary>
    public IReadOnlyList<(DnsName Server, IpAddress Address)> Addresses { get; }

    /// <summary>Whether all of them have their names in the zone, so that what is not there is nowhere.</summary>
    private bool AreAllInside => Names.All(IsInside);

    public IEnumerable<Finding> Findings()
    {
        if (Names.Count == 1) { yield return new ZoneServersFew(); }
        foreach (var (server, address) in Addresses)
        {
            var kind = SpecialPurpose.KindOf(address);
            if (kind != AddressKind.Global && SpecialPurpose.Find(address) is not { IsGloballyReachable: true })
            {
                yield return new ZoneServerUnreachable($"{server}", address, kind);
            }
        }
        if (AreAllInside && Addresses.Count > 0)
        {
            if (Names.Count > 1 && OneNetwork() is { } network) { yield return new ZoneServersTogether(network, Names.Count); }
            foreach (var version in (IpVersion[])[IpVersion.V4, IpVersion.V6])
            {
                if (!Addresses.Any(one => one.Address.Version == version)) { yield return new ZoneServersWithout(version); }
            }
        }
        if (ReferralLength() is > EdnsView.MinPayloadSize and var length) { yield return new ZoneReferralLong(length); }
    }

    private bool IsInside(DnsName name) => name.IsSubdomainOf(_zone.Origin);

    /// <summary>The one network in which all addresses of each version are; null where one server is elsewhere.</summary>
    private IpPrefix? OneNetwork()
    {
        var networks = Addresses.Select(static one => new IpPrefix(one.Address, one.Address.IsV4 ? NetworkV4 : NetworkV6)).Distinct().ToArray();
        return networks.GroupBy(static network => network.Network.Version).All(static family => family.Count() == 1)
            ? networks.MinBy(static network => network.Network.Version)
            : null;
    }

    /// <summary>
    /// How long the referral of the parent is to a name of the usual length: the question, all servers, and the addresses that have to go along.
    /// </summary>
    private int ReferralLength()
    {
        var message = new MessageWriter(new byte[MessageView.MaxLength]);
        message.TryWriteQuestion(new Question(_zone.Origin, RecordType.A));
        foreach (var server in Names)
        {
            message.TryWriteRecord(MessageSection.Authority, new DnsRecord(_zone.Origin, _zone.Class, Ttl.Zero, new NameData(RecordType.NS, server)));
        }
        foreach (var (server, address) in Addresses)
        {
            message.TryWriteRecord(MessageSection.Additional, new DnsRecord(server, _zone.Class, Ttl.Zero, new AddressData(address)));
        }
        return message.Length;
    }
}
