using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts;

// How a host makes itself IPv6 addresses of what routers advertise (RFC 4861 section 6.3, RFC 4862), and how routers are asked.
public sealed partial class HostStack
{
    /// <summary>Advertised prefixes and routers that are kept (own choice; an attacker on the link can make no more addresses than that).</summary>
    private const int MaxAdvertised = 16;

    /// <summary>A lifetime that does not end (RFC 4861 section 4.6.2).</summary>
    private const uint Infinity = uint.MaxValue;

    /// <summary>
    /// An address does not lose more of its life than down to two hours by what somebody on the link says (RFC 4862 section 5.5.3 (e)), in
    /// seconds.
    /// </summary>
    private const uint LeastLifetime = 7_200;

    private readonly List<Advertised> _advertised = [];

    /// <summary>Asks the routers of a link to tell about themselves (RFC 4861 section 6.3.7).</summary>
    public void SolicitRouters(NetworkInterface networkInterface, Instant now)
    {
        ArgumentNullException.ThrowIfNull(networkInterface);
        _now = now;
        var to = IpAddress.FromV6(AddressRules.AllRouters);
        var source = FindAddress(networkInterface, to);
        var frame = _frames.Rent(NdpWriter.RouterSolicitationLength);
        NdpWriter.SealRouterSolicitation(frame.Span, networkInterface.Hardware, source.Bits, to.Bits);
        SendNdp(networkInterface, frame, source, to, MacAddress.ForIpv6Multicast(to.Bits));
    }

    private void OnRouterSolicitation(NetworkInterface networkInterface, in NdpView ndp, IpAddress source)
    {
        if (!Settings.IsRouter) { return; }
        if (!AddressRules.IsUnspecified(source) && TryFindLinkLayer(ndp, NdpOptionType.SourceLinkLayer, out var hardware))
        {
            if (!_neighbors.TryFind(networkInterface, source, out var neighbor)) { neighbor = AddNeighbor(networkInterface, source); }
            Learn(neighbor, hardware, confirmed: false);
        }
        foreach (var program in _programs)
        {
            if (program.IsRunning) { program.OnRouterSolicitation(networkInterface); }
        }
    }

    private void OnRouterAdvertisement(NetworkInterface networkInterface, in NdpView ndp, IpAddress source)
    {
        if (Settings.IsRouter || !Settings.AcceptsRouterAdvertisements || !AddressRules.IsLinkLocal(source)) { return; }
        if (TryFindLinkLayer(ndp, NdpOptionType.SourceLinkLayer, out var hardware))
        {
            if (!_neighbors.TryFind(networkInterface, source, out var neighbor)) { neighbor = AddNeighbor(networkInterface, source); }
            neighbor.IsRouter = true;
            Learn(neighbor, hardware, confirmed: false);
        }
        Keep(networkInterface, new IpPrefix(IpAddress.AnyV6, 0), source, ndp.RouterLifetime, autonomous: false);
        var options = ndp.Options;
        while (options.Read())
        {
            if (options.Type != NdpOptionType.PrefixInformation) { continue; }
            var prefix = options.Prefix;
            var network = IpAddress.FromV6(prefix.Prefix);
            if (prefix.Length is 0 or > 128 || AddressRules.IsLinkLocal(network) || AddressRules.IsMulticast(network)
                || prefix.PreferredLifetime > prefix.ValidLifetime)
            {
                continue;
            }
            if (prefix.OnLink)
            {
                Keep(networkInterface, new IpPrefix(network, prefix.Length), default, prefix.ValidLifetime,
                    prefix.Autonomous && prefix.Length == 64);
            }
        }
    }

    // Lifetime 0 takes back what was advertised before. Several routers may offer the same: the first one's row counts until it expires.
    private void Keep(NetworkInterface networkInterface, IpPrefix prefix, IpAddress router, uint lifetime, bool autonomous)
    {
        var known = _advertised.Find(row => row.Interface == networkInterface && row.Prefix == prefix && row.Router == router);
        if (known is null)
        {
            if (lifetime == 0 || _advertised.Count == MaxAdvertised) { return; }
            // What the administrator has set is not overruled by the link; an address may be made of its prefix all the same.
            var isTaken = Routes.TryGet(prefix, out var row);
            if (isTaken && row.Origin != RouteOrigin.RouterAdvertisement && !autonomous) { return; }
            known = new Advertised(networkInterface, prefix, router);
            _advertised.Add(known);
            if (!isTaken) { AddRoute(prefix, RouteOf(known)); }
            if (autonomous)
            {
                known.Address = new InterfaceAddress(IpAddress.FromV6(prefix.Network.Bits | networkInterface.Hardware.ToInterfaceIdentifier()), 64);
                if (!networkInterface.Has(known.Address.Address)) { networkInterface.Add(known.Address); }
            }
        }
        else if (autonomous && lifetime < LeastLifetime) { lifetime = Math.Min(LeastLifetime, SecondsLeft(known)); }
        if (lifetime == 0) { OnAdvertisementExpired(known); }
        else { _deadlines.Set(known, lifetime == Infinity ? Instant.Never : _now + TimeSpan.FromSeconds(lifetime)); }
    }

    private uint SecondsLeft(Advertised advertised) =>
        advertised.Deadline == Instant.Never ? Infinity : (uint)Math.Max(0, (advertised.Deadline - _now).TotalSeconds);

    internal void OnAdvertisementExpired(Advertised advertised)
    {
        _deadlines.Set(advertised, Instant.Never);
        _advertised.Remove(advertised);
        if (advertised.Address.Address.Version != IpVersion.None) { advertised.Interface.Remove(advertised.Address); }
        if (!Routes.TryGet(advertised.Prefix, out var row) || row != RouteOf(advertised)) { return; }
        // Another router may be there for it (RFC 4861 section 6.3.6).
        if (_advertised.Find(other => other.Prefix == advertised.Prefix) is { } next) { AddRoute(next.Prefix, RouteOf(next)); }
        else { RemoveRoute(advertised.Prefix); }
    }

    private static Route RouteOf(Advertised advertised) => new(advertised.Interface, advertised.Router, RouteOrigin.RouterAdvertisement);
}

/// <summary>What a router has told about a link: itself as the way out, or a prefix.</summary>
internal sealed class Advertised(NetworkInterface networkInterface, IpPrefix prefix, IpAddress router) : HostTimer
{
    public NetworkInterface Interface { get; } = networkInterface;

    public IpPrefix Prefix { get; } = prefix;

    public IpAddress Router { get; } = router;

    public InterfaceAddress Address { get; set; }

    internal override bool IsHousekeeping => true;

    internal override void OnDeadline(HostStack stack) => stack.OnAdvertisementExpired(this);
}
