using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts;

// A router tells the hosts of its links about itself (RFC 4861 section 6.2).
public sealed partial class HostStack
{
    /// <summary>AdvDefaultLifetime (RFC 4861 section 6.2.1: 3 * MaxRtrAdvInterval), in seconds.</summary>
    private const ushort AdvertisedRouterLifetime = 1_800;

    /// <summary>AdvValidLifetime and AdvPreferredLifetime (RFC 4861 section 6.2.1: 30 and 7 days), in seconds.</summary>
    private const uint AdvertisedValidLifetime = 2_592_000;

    private const uint AdvertisedPreferredLifetime = 604_800;

    /// <summary>Advertises a link: tells hosts about the router and the prefixes of its addresses there, three times soon and then every 200 to 600 seconds, and when somebody asks.</summary>
    public void StartAdvertising(NetworkInterface networkInterface, Instant now)
    {
        ArgumentNullException.ThrowIfNull(networkInterface);
        if (networkInterface.Advertiser is not null) { return; }
        _now = now;
        networkInterface.Advertiser = new RouterAdvertiser(networkInterface);
        Advertise(networkInterface.Advertiser);
    }

    /// <summary>Stops advertising a link: a last advertisement takes the router back (RFC 4861 section 6.2.5).</summary>
    public void StopAdvertising(NetworkInterface networkInterface, Instant now)
    {
        ArgumentNullException.ThrowIfNull(networkInterface);
        _now = now;
        if (Silence(networkInterface)) { SendRouterAdvertisements(networkInterface, 0); }
    }

    private bool Silence(NetworkInterface networkInterface)
    {
        if (networkInterface.Advertiser is not { } advertiser) { return false; }
        networkInterface.Advertiser = null;
        _deadlines.Set(advertiser, Instant.Never);
        _deadlines.Set(advertiser.Answer, Instant.Never);
        return true;
    }

    private void OnRouterSolicitation(NetworkInterface networkInterface, in NdpView ndp, IpAddress source)
    {
        if (!Settings.IsRouter || networkInterface.Advertiser is not { } advertiser) { return; }
        if (!AddressRules.IsUnspecified(source) && TryFindLinkLayer(ndp, NdpOptionType.SourceLinkLayer, out var hardware))
        {
            if (!_neighbors.TryFind(networkInterface, source, out var neighbor)) { neighbor = AddNeighbor(networkInterface, source); }
            Learn(neighbor, hardware, confirmed: false);
        }
        // Everybody is answered at once, after a moment of chance, and not more often than every three seconds (RFC 4861 section 6.2.6).
        var at = _now + RandomBelow(RouterAdvertiser.MaxDelay);
        if (at < advertiser.LastSentAt + RouterAdvertiser.MinDelayBetween) { at = advertiser.LastSentAt + RouterAdvertiser.MinDelayBetween; }
        if (advertiser.Deadline < at) { at = advertiser.Deadline; }
        if (at < advertiser.Answer.Deadline) { _deadlines.Set(advertiser.Answer, at); }
    }

    internal void Advertise(RouterAdvertiser advertiser)
    {
        advertiser.LastSentAt = _now;
        SendRouterAdvertisements(advertiser.Interface, AdvertisedRouterLifetime);
        var wait = RouterAdvertiser.MinInterval + RandomBelow(RouterAdvertiser.MaxInterval - RouterAdvertiser.MinInterval);
        if (advertiser.InitialLeft > 0 && --advertiser.InitialLeft > 0 && wait > RouterAdvertiser.MaxInitialInterval) { wait = RouterAdvertiser.MaxInitialInterval; }
        _deadlines.Set(advertiser, _now + wait);
        _deadlines.Set(advertiser.Answer, Instant.Never);
    }

    private TimeSpan RandomBelow(TimeSpan limit) => TimeSpan.FromTicks((long)(((Int128)(_random.Next() >> 1) * limit.Ticks) >> 63));

    private void SendRouterAdvertisements(NetworkInterface networkInterface, ushort lifetime)
    {
        var source = IpAddress.FromV6(AddressRules.LinkLocal(networkInterface.Hardware));
        var to = AddressRules.AllNodes;
        foreach (var own in networkInterface.Addresses)
        {
            if (!own.Address.IsV6 || AddressRules.IsLinkLocal(own.Address)) { continue; }
            var frame = _frames.Rent(NdpWriter.RouterAdvertisementLength);
            var prefix = new NdpPrefix(own.Prefix.Network.Bits, (byte)own.Prefix.Length, true, own.Prefix.Length == 64, AdvertisedValidLifetime, AdvertisedPreferredLifetime);
            NdpWriter.SealRouterAdvertisement(frame.Span, networkInterface.Hardware, Settings.HopLimit, lifetime, (uint)networkInterface.Mtu, prefix, source.Bits, to);
            SendNdp(networkInterface, frame, source, IpAddress.FromV6(to), MacAddress.ForIpv6Multicast(to));
        }
    }
}

/// <summary>When a router advertises itself on a link (RFC 4861 sections 6.2.4 and 10).</summary>
internal sealed class RouterAdvertiser : HostTimer
{
    /// <summary>MaxRtrAdvInterval and MinRtrAdvInterval (RFC 4861 section 6.2.1: 600 s, and a third of it).</summary>
    public static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(600);

    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(200);

    /// <summary>MAX_INITIAL_RTR_ADVERT_INTERVAL</summary>
    public static readonly TimeSpan MaxInitialInterval = TimeSpan.FromSeconds(16);

    /// <summary>MIN_DELAY_BETWEEN_RAS</summary>
    public static readonly TimeSpan MinDelayBetween = TimeSpan.FromSeconds(3);

    /// <summary>MAX_RA_DELAY_TIME</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>MAX_INITIAL_RTR_ADVERTISEMENTS</summary>
    private const int InitialAdvertisements = 3;

    public RouterAdvertiser(NetworkInterface networkInterface)
    {
        Interface = networkInterface;
        Answer = new AnswerTimer(this);
    }

    public NetworkInterface Interface { get; }

    /// <summary>Of the answer to a solicitation: somebody waits for that one.</summary>
    public HostTimer Answer { get; }

    public int InitialLeft { get; set; } = InitialAdvertisements;

    public Instant LastSentAt { get; set; }

    internal override bool IsHousekeeping => true;

    internal override void OnDeadline(HostStack stack) => stack.Advertise(this);

    private sealed class AnswerTimer(RouterAdvertiser advertiser) : HostTimer
    {
        internal override void OnDeadline(HostStack stack) => stack.Advertise(advertiser);
    }
}
