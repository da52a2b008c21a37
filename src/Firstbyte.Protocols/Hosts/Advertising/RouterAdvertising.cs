using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts.Advertising;

/// <summary>
/// Tells the hosts of a link about their router and the prefixes of its addresses there: three times soon, then every 200 to 600 seconds,
/// and when somebody asks (RFC 4861 section 6.2).
/// </summary>
public sealed class RouterAdvertising : HostProgram
{
    /// <summary>AdvDefaultLifetime (RFC 4861 section 6.2.1: 3 * MaxRtrAdvInterval), in seconds.</summary>
    private const ushort RouterLifetime = 1_800;

    /// <summary>AdvValidLifetime and AdvPreferredLifetime (RFC 4861 section 6.2.1: 30 and 7 days), in seconds.</summary>
    private const uint ValidLifetime = 2_592_000;

    private const uint PreferredLifetime = 604_800;

    /// <summary>MAX_INITIAL_RTR_ADVERTISEMENTS (RFC 4861 section 10).</summary>
    private const int InitialAdvertisements = 3;

    /// <summary>MaxRtrAdvInterval and MinRtrAdvInterval (RFC 4861 section 6.2.1: 600 s, and a third of it).</summary>
    private static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(600);

    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(200);

    /// <summary>MAX_INITIAL_RTR_ADVERT_INTERVAL</summary>
    private static readonly TimeSpan MaxInitialInterval = TimeSpan.FromSeconds(16);

    /// <summary>MIN_DELAY_BETWEEN_RAS</summary>
    private static readonly TimeSpan MinDelayBetween = TimeSpan.FromSeconds(3);

    /// <summary>MAX_RA_DELAY_TIME</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(500);

    private readonly NetworkInterface _link;
    private ProgramTimer? _regular;
    private ProgramTimer? _answer;
    private int _initialLeft;
    private Instant _lastSentAt;

    /// <summary>Advertises a link.</summary>
    public RouterAdvertising(NetworkInterface link)
    {
        ArgumentNullException.ThrowIfNull(link);
        _link = link;
    }

    /// <inheritdoc/>
    protected override void OnStart()
    {
        _regular = Port.NewTimer(Advertise, isHousekeeping: true);
        // Somebody waits for this one.
        _answer = Port.NewTimer(Advertise, isHousekeeping: false);
        _initialLeft = InitialAdvertisements;
        Advertise();
    }

    /// <inheritdoc/>
    protected override void OnStop(bool isSudden)
    {
        // A last advertisement takes the router back (RFC 4861 section 6.2.5).
        if (!isSudden) { Send(0); }
    }

    /// <inheritdoc/>
    protected internal override void OnInterface(NetworkInterface networkInterface)
    {
        // As if advertising began (RFC 4861 section 6.2.4 counts an interface that is enabled again).
        if (networkInterface != _link || !networkInterface.IsRunning) { return; }
        _initialLeft = InitialAdvertisements;
        Advertise();
    }

    /// <inheritdoc/>
    protected internal override void OnRouterSolicitation(NetworkInterface inbound)
    {
        if (inbound != _link || !Port.Settings.IsRouter) { return; }
        // Everybody is answered at once, after a moment of chance, and not more often than every three seconds (RFC 4861 section 6.2.6).
        var at = Port.Now + Port.NextRandomBelow(MaxDelay);
        if (at < _lastSentAt + MinDelayBetween) { at = _lastSentAt + MinDelayBetween; }
        if (_regular!.Deadline < at) { at = _regular.Deadline; }
        if (at < _answer!.Deadline) { _answer.Set(at); }
    }

    private void Advertise()
    {
        _lastSentAt = Port.Now;
        Send(RouterLifetime);
        var wait = MinInterval + Port.NextRandomBelow(MaxInterval - MinInterval);
        if (_initialLeft > 0 && --_initialLeft > 0 && wait > MaxInitialInterval) { wait = MaxInitialInterval; }
        _regular!.Set(Port.Now + wait);
        _answer!.Set(Instant.Never);
    }

    private void Send(ushort lifetime)
    {
        var source = IpAddress.FromV6(AddressRules.LinkLocal(_link.Hardware));
        var to = AddressRules.AllNodes;
        Span<byte> message = stackalloc byte[NdpWriter.RouterAdvertisementLength];
        foreach (var own in _link.Addresses)
        {
            if (!own.Address.IsV6 || AddressRules.IsLinkLocal(own.Address)) { continue; }
            var prefix = new NdpPrefix(own.Prefix.Network.Bits, (byte)own.Prefix.Length, true, own.Prefix.Length == 64, ValidLifetime, PreferredLifetime);
            NdpWriter.SealRouterAdvertisement(message, _link.Hardware, Port.Settings.HopLimit, lifetime, (uint)_link.Mtu, prefix, source.Bits, to);
            Port.SendNdp(_link, message, source, IpAddress.FromV6(to));
        }
    }
}
