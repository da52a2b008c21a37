using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Connecting;

/// <summary>The first links of the chain: the addresses of a host, by the host's resolver, the preferred first.</summary>
internal sealed class HostFinder(INetwork network, INameResolver resolver, ConnectingOptions options)
{
    // A datagram socket is connected to it, and nothing is sent.
    private const ushort AnyPort = 53;

    /// <summary>What the resolver found for a name; null when the text is no domain name.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<AddressLookup?> FindAsync(string host, TraceSpan span, CancellationToken cancellationToken)
    {
        if (!DnsName.TryParse(host, out var name)) { return null; }
        var lookup = options.Calls is { } calls && span.IsListening
            ? await ToldLookups.AddressesAsync(span, calls.Host, host, () => LookUpAsync(name, host, span, cancellationToken))
            : await LookUpAsync(name, host, span, cancellationToken);
        return lookup with { Addresses = await SortAsync(lookup.Addresses) };
    }

    // The second link: RFC 6724. Of IPv4 addresses alone no rule prefers one, short of a host that has no address but a link-local one.
    private async ValueTask<IpAddress[]> SortAsync(IpAddress[] addresses)
    {
        if (addresses.Length < 2 || addresses.All(static address => address.IsV4)) { return addresses; }
        var pairs = new AddressPair[addresses.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = new AddressPair(addresses[i], await HostRoutes.SourceOfAsync(network, new Endpoint(addresses[i], AnyPort)));
        }
        return AddressOrder.Sort(pairs);
    }

    private async ValueTask<AddressLookup> LookUpAsync(DnsName name, string host, TraceSpan span, CancellationToken cancellationToken)
    {
        // Addresses of a version are asked for where there is a way to reach them, both at once. A host that reaches nothing beyond its own
        // networks cannot be told apart by its routes: it asks for both.
        var (reachesV4, reachesV6) = (
            await HostRoutes.ReachesInternetAsync(network, IpVersion.V4), await HostRoutes.ReachesInternetAsync(network, IpVersion.V6));
        var how = new ResolutionOptions { Fresh = options.FreshNames, IsAbsolute = host.EndsWith('.') };
        return await resolver.ResolveAddressesAsync(name, useV4: reachesV4 || !reachesV6, useV6: reachesV6 || !reachesV4, how, span, cancellationToken);
    }
}
