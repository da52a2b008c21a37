using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts;

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
}

/// <summary>What a DHCP server has lent. Times in seconds.</summary>
public sealed record DhcpLease(InterfaceAddress Address, IpAddress Router, IpAddress[] NameServers, string? DomainName, IpAddress Server, uint Seconds);

/// <summary>A host obtained, kept or lost the lease of an address.</summary>
/// <param name="Interface">The interface it is for.</param>
/// <param name="State">The client's state after it.</param>
/// <param name="Address">The address and its subnet; null when it was lost.</param>
/// <param name="Server">Who lent it.</param>
/// <param name="Seconds">For how long.</param>
public sealed record DhcpLeaseChanged(string Interface, DhcpState State, string? Address, IpAddress Server, uint Seconds) : TraceEvent;

/// <summary>The DHCP client of one interface (RFC 2131).</summary>
/// <remarks>It takes the first offer. It does not probe the address by ARP before it uses it, and it keeps no lease over a restart.</remarks>
public sealed class DhcpClient : HostSocket
{
    /// <summary>The first wait for an answer, doubled up to <see cref="LongestWait"/> (RFC 2131 section 4.1: 4 s and 64 s, each ± 1 s).</summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(64);

    /// <summary>While renewing, no two requests come closer than this (RFC 2131 section 4.4.5).</summary>
    private static readonly TimeSpan ShortestRenewal = TimeSpan.FromSeconds(60);

    /// <summary>REQUESTs for one offer before the search begins anew (RFC 2131 section 3.1 item 5 gives about 60 seconds: four).</summary>
    private const int MaxRequests = 4;

    /// <summary>DNS servers that are taken from a lease (resolv.conf: MAXNS is 3).</summary>
    private const int MaxNameServers = 3;

    private uint _transaction;
    private Instant _beganAt;
    private TimeSpan _wait;
    private int _requests;
    private IpAddress _offered;
    private IpAddress _server;
    private Instant _renewAt;
    private Instant _rebindAt;
    private Instant _expiresAt;

    internal DhcpClient(NetworkInterface networkInterface)
        : base(IpVersion.V4) => Interface = networkInterface;

    /// <summary>The interface.</summary>
    public NetworkInterface Interface { get; }

    /// <summary>Where it stands.</summary>
    public DhcpState State { get; private set; }

    /// <summary>What it has; null while it has none.</summary>
    public DhcpLease? Lease { get; private set; }

    /// <summary>The record of what it has now.</summary>
    public DhcpLeaseChanged ToEvent() => new(Interface.Name, State, Lease?.Address.ToString(), _server, Lease?.Seconds ?? 0);

    internal void Begin(HostStack stack)
    {
        State = DhcpState.Selecting;
        _transaction = stack.NextRandom();
        _beganAt = stack.Now;
        _wait = FirstWait;
        _requests = 0;
        SendDiscover(stack);
    }

    /// <summary>The lease is gone with the host's memory, and nobody is told on the link.</summary>
    internal void Forget(HostStack stack)
    {
        stack.SetDeadline(this, Instant.Never);
        Lose(stack);
        State = DhcpState.Selecting;
    }

    internal override void OnDeadline(HostStack stack)
    {
        switch (State)
        {
            case DhcpState.Selecting: SendDiscover(stack); break;
            case DhcpState.Requesting when _requests >= MaxRequests: Begin(stack); break;
            case DhcpState.Requesting: SendRequest(stack); break;
            default: Keep(stack); break;
        }
    }

    /// <summary>Takes a server's message; false when it is not this client's.</summary>
    internal bool TakeMessage(HostStack stack, in DhcpView message)
    {
        if (message.IsRequest || message.TransactionId != _transaction || message.ClientHardware != Interface.Hardware) { return false; }
        if (!message.TryGetAddress(DhcpOption.ServerIdentifier, out var server)) { return true; }
        switch (message.MessageType)
        {
            case DhcpMessageType.Offer when State == DhcpState.Selecting && !AddressRules.IsUnspecified(message.YourAddress):
                State = DhcpState.Requesting;
                (_offered, _server, _requests, _wait) = (message.YourAddress, server, 0, FirstWait);
                SendRequest(stack);
                break;
            case DhcpMessageType.Ack when State is DhcpState.Requesting or DhcpState.Renewing or DhcpState.Rebinding:
                Bind(stack, message, server);
                break;
            case DhcpMessageType.Nak when State is DhcpState.Requesting or DhcpState.Renewing or DhcpState.Rebinding:
                Lose(stack);
                Begin(stack);
                break;
            default: break;
        }
        return true;
    }

    private void Bind(HostStack stack, in DhcpView message, IpAddress server)
    {
        if (!message.TryGetSeconds(DhcpOption.LeaseTime, out var seconds) || seconds == 0 || AddressRules.IsUnspecified(message.YourAddress)) { return; }
        // Without a mask the class of the address would decide; classes are gone, so only the address itself is on the link.
        var length = message.TryGetAddress(DhcpOption.SubnetMask, out var mask) ? System.Numerics.BitOperations.LeadingZeroCount(~(uint)mask.Bits) : 32;
        message.TryGetAddress(DhcpOption.Router, out var router);
        var lease = new DhcpLease(new InterfaceAddress(message.YourAddress, length), router, ReadNameServers(message), ReadDomain(message), server, seconds);
        if (Lease is null || Lease.Address != lease.Address)
        {
            Lose(stack);
            stack.AddAddress(Interface, lease.Address);
        }
        if (router.Version != IpVersion.None) { stack.AddDefaultRoute(Interface, router, RouteOrigin.Dhcp); }
        Lease = lease;
        _server = server;
        State = DhcpState.Bound;
        // Infinity is all ones (RFC 2131 section 3.3).
        if (seconds == uint.MaxValue) { (_renewAt, _rebindAt, _expiresAt) = (Instant.Never, Instant.Never, Instant.Never); }
        else
        {
            _expiresAt = stack.Now + TimeSpan.FromSeconds(seconds);
            _renewAt = stack.Now + TimeSpan.FromSeconds(message.TryGetSeconds(DhcpOption.RenewalTime, out var t1) && t1 < seconds ? t1 : seconds / 2.0);
            _rebindAt = stack.Now + TimeSpan.FromSeconds(message.TryGetSeconds(DhcpOption.RebindingTime, out var t2) && t2 < seconds ? t2 : seconds * 0.875);
        }
        stack.SetDeadline(this, _renewAt);
        stack.OnLease(this);
    }

    // RFC 2131 section 4.4.5: half of the time that is left until T2, then until the end.
    private void Keep(HostStack stack)
    {
        if (stack.Now >= _expiresAt)
        {
            Lose(stack);
            Begin(stack);
            return;
        }
        State = stack.Now < _rebindAt ? DhcpState.Renewing : DhcpState.Rebinding;
        var until = State == DhcpState.Renewing ? _rebindAt : _expiresAt;
        _transaction = stack.NextRandom();
        _beganAt = stack.Now;
        Span<byte> buffer = stackalloc byte[DhcpWriter.MinLength];
        var message = new DhcpWriter(buffer, true, DhcpMessageType.Request, _transaction, Interface.Hardware) { ClientAddress = Lease!.Address.Address };
        AddParameters(ref message);
        var length = message.Seal();
        stack.SendDhcp(this, buffer[..length], Lease.Address.Address, State == DhcpState.Renewing ? _server : IpAddress.FromV4(uint.MaxValue));
        var next = stack.Now + (until - stack.Now) / 2;
        if (next < stack.Now + ShortestRenewal) { next = until < stack.Now + ShortestRenewal ? until : stack.Now + ShortestRenewal; }
        stack.SetDeadline(this, next);
    }

    private void Lose(HostStack stack)
    {
        if (Lease is null) { return; }
        stack.RemoveAddress(Interface, Lease.Address);
        if (Lease.Router.Version != IpVersion.None) { stack.Routes.Remove(new IpPrefix(IpAddress.AnyV4, 0)); }
        Lease = null;
        stack.OnLease(this);
    }

    private void SendDiscover(HostStack stack)
    {
        Span<byte> buffer = stackalloc byte[DhcpWriter.MinLength];
        var message = new DhcpWriter(buffer, true, DhcpMessageType.Discover, _transaction, Interface.Hardware) { IsBroadcast = true, Seconds = SecondsSince(stack) };
        AddParameters(ref message);
        Broadcast(stack, buffer[..message.Seal()]);
    }

    private void SendRequest(HostStack stack)
    {
        _requests++;
        Span<byte> buffer = stackalloc byte[DhcpWriter.MinLength];
        var message = new DhcpWriter(buffer, true, DhcpMessageType.Request, _transaction, Interface.Hardware) { IsBroadcast = true, Seconds = SecondsSince(stack) };
        message.Add(DhcpOption.RequestedAddress, _offered);
        message.Add(DhcpOption.ServerIdentifier, _server);
        AddParameters(ref message);
        Broadcast(stack, buffer[..message.Seal()]);
    }

    private void Broadcast(HostStack stack, ReadOnlySpan<byte> message)
    {
        stack.SendDhcp(this, message, IpAddress.AnyV4, IpAddress.FromV4(uint.MaxValue));
        var jitter = TimeSpan.FromMilliseconds(stack.NextRandom() % 2_001 - 1_000.0);
        stack.SetDeadline(this, stack.Now + _wait + jitter);
        _wait = _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
    }

    private static void AddParameters(ref DhcpWriter message) =>
        message.Add(DhcpOption.ParameterRequestList, [(byte)DhcpOption.SubnetMask, (byte)DhcpOption.Router, (byte)DhcpOption.DomainNameServer, (byte)DhcpOption.DomainName, (byte)DhcpOption.RenewalTime, (byte)DhcpOption.RebindingTime]);

    private ushort SecondsSince(HostStack stack) => (ushort)Math.Min((stack.Now - _beganAt).TotalSeconds, ushort.MaxValue);

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
