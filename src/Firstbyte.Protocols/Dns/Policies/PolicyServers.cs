using Firstbyte.Addressing;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Policies;

/// <summary>The servers of the zones on the way to a name, from the root's to those of the zone that it is in.</summary>
/// <param name="Names">Their names, by their parents' word and by their own.</param>
/// <param name="Addresses">Their addresses.</param>
public sealed record PolicyServers(IReadOnlyList<DnsName> Names, IReadOnlyList<IpAddress> Addresses)
{
    /// <summary>Nobody.</summary>
    public static PolicyServers None { get; } = new([], []);
}
