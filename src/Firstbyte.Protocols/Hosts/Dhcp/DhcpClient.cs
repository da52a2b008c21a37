using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts.Dhcp;

/// <summary>The states of a DHCP client (RFC 2131 section 4.4, figure 5).</summary>
public enum DhcpState : byte
{
    /// <summary>A DISCOVER is out.</summary>
    Selecting,

    /// <summary>A server has offered; its offer is asked for.</summary>
    Requesting,

    /// <summary>An address is lent to us.</summary>
    Bound,

    /// <summary>T1 has passed: the server is asked to let us keep it.</summary>
    Renewing,

    /// <summary>T2 has passed: any server is asked.</summary>
    Rebinding,

    /// <summary>The link is back: any server is asked whether the address that we had is still good here.</summary>
    Rebooting,
}

/// <summary>What a DHCP server has lent. Times in seconds.</summary>
public sealed record DhcpLease(InterfaceAddress Address, IpAddress Router, IpAddress[] NameServers, string? DomainName, IpAddress Server, uint Seconds);

/// <summary>A host obtained, kept or lost the lease of an address.</summary>
/// <param name="Interface">The interface it is for.</param>
/// <param name="State">The client's state after it.</param>
/// <param name="Address">The address and its subnet; null when it was lost.</param>
/// <param name="Server">Who lent it.</param>
/// <param name="Seconds">For how long.</param>
public sealed record DhcpLeaseChanged(string Interface, DhcpState State, string? Address, IpAddress Server, uint Seconds) : HostProgramEvent;

/// <summary>The DHCP client of one interface (RFC 2131).</summary>
/// <remarks>
/// It takes the first offer. It does not probe the address by ARP before it uses it, and it keeps no lease over a crash. When the carrier goes, the lease
/// is put away with its address and its router; when it comes back, the client asks for the same address again (section 3.2).
/// </remarks>
public sealed class DhcpClient : HostProgram
{
    /// <summary>The first wait for an answer, doubled up to <see cref="LongestWait"/> (RFC 2131 section 4.1: 4 s and 64 s, each ± 1 s).</summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(64);

    /// <summary>While renewing, no two requests come closer than this (RFC 2131 section 4.4.5).</summary>
    private static readonly TimeSpan ShortestRenewal = TimeSpan.FromSeconds(60);

    /// <summary>REQUESTs for one offer before the search begins anew (RFC 2131 section 3.1 item 5 gives about 60 seconds: four).</summary>
    private const int MaxRequests = 4;

    /// <summary>REQUESTs for the address that it had, before the search begins anew (own choice: a moved notebook waits for 12 seconds).</summary>
    private const int MaxReboots = 2;

    /// <summary>DNS servers that are taken from a lease (resolv.conf: MAXNS is 3).</summary>
    private const int MaxNameServers = 3;

    private static readonly IpPrefix Everything = new(IpAddress.AnyV4, 0);

    // Somebody waits for an address; nobody waits for its renewal.
    private ProgramTimer? _search;
    private ProgramTimer? _renewal;
    private uint _transaction;
    private Instant _beganAt;
    private TimeSpan _wait;
    private int _requests;
    private IpAddress _offered;
    private IpAddress _server;
    private Instant _renewAt;
    private Instant _rebindAt;
    private Instant _expiresAt;

    /// <summary>Asks for an address of an interface as soon as it is started.</summary>
    public DhcpClient(NetworkInterface networkInterface)
    {
        ArgumentNullException.ThrowIfNull(networkInterface);
        Interface = networkInterface;
    }

    /// <summary>The interface.</summary>
    public NetworkInterface Interface { get; }

    /// <summary>Where it stands.</summary>
    public DhcpState State { get; private set; }

    /// <summary>What it has; null while it has none.</summary>
    public DhcpLease? Lease { get; private set; }

    /// <summary>Hears when it has got, kept or lost a lease: whoever writes resolv.conf. Null when nobody does.</summary>
    public Action<DhcpClient>? LeaseChanged { get; set; }

    /// <inheritdoc/>
    protected override void OnStart()
    {
        _search = Port.NewTimer(OnDeadline, isHousekeeping: false);
        _renewal = Port.NewTimer(OnDeadline, isHousekeeping: true);
        Port.Listen(IpVersion.V4, DhcpView.ClientPort, Interface);
        Search();
    }

    /// <inheritdoc/>
    protected override void OnStop(bool isSudden)
    {
        if (!isSudden && Lease is { } lease) { Release(lease); }
        Lose();
        State = DhcpState.Selecting;
    }

    /// <inheritdoc/>
    protected internal override void OnInterface(NetworkInterface networkInterface)
    {
        if (networkInterface != Interface) { return; }
        if (networkInterface.IsRunning)
        {
            if (State == DhcpState.Rebooting) { Reboot(); }
            else { Search(); }
            return;
        }
        Rest();
        if (Lease is not { } lease) { return; }
        _offered = lease.Address.Address;
        State = DhcpState.Rebooting;
        Lose();
    }

    /// <inheritdoc/>
    protected internal override bool OnDatagram(in ProgramDatagram datagram)
    {
        if (!DhcpView.TryParse(datagram.Payload, out var message, out _)) { return false; }
        if (message.IsRequest || message.TransactionId != _transaction || message.ClientHardware != Interface.Hardware) { return false; }
        datagram.Accept();
        if (!message.TryGetAddress(DhcpOption.ServerIdentifier, out var server)) { return true; }
        var isAsking = State is DhcpState.Requesting or DhcpState.Renewing or DhcpState.Rebinding or DhcpState.Rebooting;
        switch (message.MessageType)
        {
            case DhcpMessageType.Offer when State == DhcpState.Selecting && !AddressRules.IsUnspecified(message.YourAddress):
                State = DhcpState.Requesting;
                (_offered, _server, _requests, _wait) = (message.YourAddress, server, 0, FirstWait);
                SendRequest();
                break;
            case DhcpMessageType.Ack when isAsking: Bind(message, server); break;
            case DhcpMessageType.Nak when isAsking:
                State = DhcpState.Selecting;
                Lose();
                Search();
                break;
            default: break;
        }
        return true;
    }

    private void OnDeadline()
    {
        switch (State)
        {
            case DhcpState.Selecting: SendDiscover(); break;
            case DhcpState.Requesting when _requests >= MaxRequests: Search(); break;
            case DhcpState.Rebooting when _requests >= MaxReboots: Search(); break;
            case DhcpState.Requesting or DhcpState.Rebooting: SendRequest(); break;
            default: Keep(); break;
        }
    }

    private void Search()
    {
        State = DhcpState.Selecting;
        Begin();
        SendDiscover();
    }

    private void Reboot()
    {
        Begin();
        SendRequest();
    }

    private void Begin()
    {
        Rest();
        _transaction = (uint)Port.NextRandom();
        _beganAt = Port.Now;
        (_wait, _requests) = (FirstWait, 0);
    }

    private void Bind(in DhcpView message, IpAddress server)
    {
        if (!message.TryGetSeconds(DhcpOption.LeaseTime, out var seconds) || seconds == 0 || !IsUsable(message.YourAddress)) { return; }
        // Without a mask the class of the address would decide; classes are gone, so only the address itself is on the link.
        var length = message.TryGetAddress(DhcpOption.SubnetMask, out var mask) ? System.Numerics.BitOperations.LeadingZeroCount(~(uint)mask.Bits) : 32;
        message.TryGetAddress(DhcpOption.Router, out var router);
        var lease = new DhcpLease(new InterfaceAddress(message.YourAddress, length), router, ReadNameServers(message), ReadDomain(message), server, seconds);
        if (Lease is null || Lease.Address != lease.Address)
        {
            Lose();
            Port.AddAddress(Interface, lease.Address);
        }
        if (router.Version != IpVersion.None) { Port.AddRoute(Everything, new Route(Interface, router, RouteOrigin.Dhcp)); }
        Lease = lease;
        _server = server;
        State = DhcpState.Bound;
        // Infinity is all ones (RFC 2131 section 3.3).
        if (seconds == uint.MaxValue) { (_renewAt, _rebindAt, _expiresAt) = (Instant.Never, Instant.Never, Instant.Never); }
        else
        {
            _expiresAt = Port.Now + TimeSpan.FromSeconds(seconds);
            _renewAt = Port.Now + TimeSpan.FromSeconds(message.TryGetSeconds(DhcpOption.RenewalTime, out var t1) && t1 < seconds ? t1 : seconds / 2.0);
            _rebindAt = Port.Now + TimeSpan.FromSeconds(message.TryGetSeconds(DhcpOption.RebindingTime, out var t2) && t2 < seconds ? t2 : seconds * 0.875);
        }
        Rest();
        _renewal!.Set(_renewAt);
        Tell();
    }

    // What no host can have for its own is not taken, whoever offers it.
    private static bool IsUsable(IpAddress address) =>
        !AddressRules.IsUnspecified(address) && !AddressRules.IsMulticast(address) && !AddressRules.IsLimitedBroadcast(address)
            && !AddressRules.IsLoopback(address);

    // RFC 2131 section 4.4.5: half of the time that is left until T2, then until the end.
    private void Keep()
    {
        if (Port.Now >= _expiresAt)
        {
            Lose();
            Search();
            return;
        }
        State = Port.Now < _rebindAt ? DhcpState.Renewing : DhcpState.Rebinding;
        var until = State == DhcpState.Renewing ? _rebindAt : _expiresAt;
        _transaction = (uint)Port.NextRandom();
        _beganAt = Port.Now;
        Span<byte> buffer = stackalloc byte[DhcpWriter.MinLength];
        var own = Lease!.Address.Address;
        var message = new DhcpWriter(buffer, true, DhcpMessageType.Request, _transaction, Interface.Hardware) { ClientAddress = own };
        AddParameters(ref message);
        var payload = buffer[..message.Seal()];
        var source = new Endpoint(own, DhcpView.ClientPort);
        if (State == DhcpState.Renewing) { Port.Send(source, new Endpoint(_server, DhcpView.ServerPort), payload); }
        else { Port.SendOn(Interface, source, Everybody, payload); }
        var next = Port.Now + (until - Port.Now) / 2;
        if (next < Port.Now + ShortestRenewal) { next = until < Port.Now + ShortestRenewal ? until : Port.Now + ShortestRenewal; }
        _renewal!.Set(next);
    }

    private void Rest()
    {
        _search!.Set(Instant.Never);
        _renewal!.Set(Instant.Never);
    }

    private void Lose()
    {
        if (Lease is not { } lease) { return; }
        Port.RemoveAddress(Interface, lease.Address);
        if (lease.Router.Version != IpVersion.None && Port.Routes.TryGet(Everything, out var row)
            && row == new Route(Interface, lease.Router, RouteOrigin.Dhcp))
        {
            Port.RemoveRoute(Everything);
        }
        Lease = null;
        Tell();
    }

    private void Tell()
    {
        Port.Tell(new DhcpLeaseChanged(Interface.Name, State, Lease?.Address.ToString(), _server, Lease?.Seconds ?? 0));
        LeaseChanged?.Invoke(this);
    }

    private static Endpoint Everybody => new(IpAddress.FromV4(uint.MaxValue), DhcpView.ServerPort);

    private void SendDiscover()
    {
        Span<byte> buffer = stackalloc byte[DhcpWriter.MinLength];
        var message = new DhcpWriter(buffer, true, DhcpMessageType.Discover, _transaction, Interface.Hardware) { IsBroadcast = true, Seconds = SecondsSince() };
        AddParameters(ref message);
        Broadcast(buffer[..message.Seal()]);
    }

    // Of an offer the server is named; of an address from before, none is (RFC 2131 section 4.3.2).
    private void SendRequest()
    {
        _requests++;
        Span<byte> buffer = stackalloc byte[DhcpWriter.MinLength];
        var message = new DhcpWriter(buffer, true, DhcpMessageType.Request, _transaction, Interface.Hardware) { IsBroadcast = true, Seconds = SecondsSince() };
        message.Add(DhcpOption.RequestedAddress, _offered);
        if (State == DhcpState.Requesting) { message.Add(DhcpOption.ServerIdentifier, _server); }
        AddParameters(ref message);
        Broadcast(buffer[..message.Seal()]);
    }

    private void Release(DhcpLease lease)
    {
        Span<byte> buffer = stackalloc byte[DhcpWriter.MinLength];
        var message = new DhcpWriter(
            buffer, true, DhcpMessageType.Release, (uint)Port.NextRandom(), Interface.Hardware)
        { ClientAddress = lease.Address.Address };
        message.Add(DhcpOption.ServerIdentifier, lease.Server);
        Port.Send(new Endpoint(lease.Address.Address, DhcpView.ClientPort), new Endpoint(lease.Server, DhcpView.ServerPort), buffer[..message.Seal()]);
    }

    private void Broadcast(ReadOnlySpan<byte> message)
    {
        Port.SendOn(Interface, new Endpoint(IpAddress.AnyV4, DhcpView.ClientPort), Everybody, message);
        var jitter = TimeSpan.FromMilliseconds((uint)Port.NextRandom() % 2_001 - 1_000.0);
        _search!.Set(Port.Now + _wait + jitter);
        _wait = _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
    }

    private static void AddParameters(ref DhcpWriter message) =>
        message.Add(DhcpOption.ParameterRequestList,
            [(byte)DhcpOption.SubnetMask, (byte)DhcpOption.Router, (byte)DhcpOption.DomainNameServer, (byte)DhcpOption.DomainName,
            (byte)DhcpOption.RenewalTime, (byte)DhcpOption.RebindingTime]);

    private ushort SecondsSince() => (ushort)Math.Min((Port.Now - _beganAt).TotalSeconds, ushort.MaxValue);

    private static IpAddress[] ReadNameServers(in DhcpView message)
    {
        if (!message.TryGetOption(DhcpOption.DomainNameServer, out var data)) { return []; }
        var servers = new IpAddress[Math.Min(data.Length / 4, MaxNameServers)];
        for (var i = 0; i < servers.Length; i++) { IpAddress.TryFromBytes(data.Slice(i * 4, 4), out servers[i]); }
        return servers;
    }

    // A name of other characters than host names have could end up in a terminal or a file: it is not taken.
    private static string? ReadDomain(in DhcpView message)
    {
        if (!message.TryGetOption(DhcpOption.DomainName, out var data) || data.IsEmpty) { return null; }
        foreach (var octet in data)
        {
            if (!char.IsAsciiLetterOrDigit((char)octet) && octet is not ((byte)'.' or (byte)'-')) { return null; }
        }
        return System.Text.Encoding.ASCII.GetString(data);
    }
}
