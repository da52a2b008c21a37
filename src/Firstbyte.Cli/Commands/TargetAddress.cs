using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Journeys;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>Whom a command asks that asks one address: ping, traceroute.</summary>
internal static class TargetAddress
{
    /// <summary>An address, a machine of the place by its name there, or a domain name that the host resolves.</summary>
    public static async Task<IpAddress> FindAsync(IPlaceSentences words, PlaceHost host, string target, IpVersion version, CancellationToken stop)
    {
        if (IpAddress.TryParse(target, out var address))
        {
            return version == IpVersion.None || address.Version == version ? address : throw new UsageException(words.OtherVersion(target, version));
        }
        if (host.FindMachine(target) is { } known)
        {
            foreach (var one in known)
            {
                if (version == IpVersion.None || one.Version == version) { return one; }
            }
            throw new UsageException(words.NoAddressOf(target, version == IpVersion.None ? IpVersion.V4 : version));
        }
        if (host.NoSuchMachine is { } complaint && !target.Contains('.', StringComparison.Ordinal)) { throw new UsageException(complaint(target)); }
        if (!DnsName.TryParse(target, out var name)) { throw new UsageException(host.NoSuchMachine?.Invoke(target) ?? words.NeitherAddressNorName(target)); }
        if (host.Resolver is null) { throw new UsageException(words.RouterResolvesNothing(host.Name)); }
        var options = new ResolutionOptions { IsAbsolute = target.EndsWith('.') };
        RecordType[] types = version switch
        {
            IpVersion.V4 => [RecordType.A],
            IpVersion.V6 => [RecordType.AAAA],
            _ => [RecordType.A, RecordType.AAAA],
        };
        foreach (var type in types)
        {
            var outcome = await host.Resolver.ResolveAsync(name, type, options, host.Root(), stop);
            if (outcome is ResolvedAnswer answer
                && answer.Records.Select(static record => record.Data).OfType<AddressData>().FirstOrDefault() is { } found)
            {
                return found.Address;
            }
        }
        var shown = host.Standpoint.Command("resolve", target);
        throw new UsageException(
            host.Name.Length == 0 ? words.Unresolved(target, shown) : words.UnresolvedAt(target, host.Name, host.Nearest(target), shown),
            ExitCodes.NameNotResolved);
    }
}
