using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts.Dhcp;

/// <summary>What has become of an address that a DHCP server lends.</summary>
public enum DhcpBindingState : byte
{
    /// <summary>It was somebody's, and may be lent to anybody; he gets it again if he comes in time.</summary>
    Free,

    /// <summary>It is kept for a client that has been offered it.</summary>
    Offered,

    /// <summary>It is lent.</summary>
    Leased,

    /// <summary>A client has found that somebody else uses it.</summary>
    Declined,
}

/// <summary>An address that a DHCP server lends or has lent.</summary>
/// <param name="Address">The address.</param>
/// <param name="Client">Whose it is or was: see <see cref="DhcpRequest.Client"/>.</param>
/// <param name="Hardware">His hardware address.</param>
/// <param name="State">What has become of it.</param>
/// <param name="Until">When that ends; <see cref="Instant.Never"/> for a lease without an end.</param>
public sealed record DhcpBinding(IpAddress Address, string Client, MacAddress Hardware, DhcpBindingState State, Instant Until);

/// <summary>A DHCP server for the hosts of one link (RFC 2131, RFC 2132): what it answers, and which address is whose.</summary>
/// <remarks>
/// Theory of operation. A control machine: a client's message and the time go in, an answer or silence comes out; <see cref="Bindings"/> is all it knows.
/// <code>
///                DISCOVER                REQUEST (selecting)
///   Free, never lent ──► Offered ─────────────────────► Leased ──► REQUEST (renewing, rebinding, rebooting) keeps it
///        ▲                  │ OfferTime, or another       │ │
///        ├──────────────────┘ server was chosen           │ └─ DECLINE ──► Declined ── DeclineTime ──┐
///        ├─────────────────── RELEASE, lease over ────────┘                                           │
///        └────────────────────────────────────────────────────────────────────────────────────────────┘
/// </code>
/// A client gets the address that it had, else the one it asks for if that is free, else one that nobody has had, else one that has been free for long
/// (RFC 2131 section 4.3.1). Every row stands for an address of the pool, so whoever invents clients can use the pool up for as long as offers are
/// kept, and no more memory. The server does not probe an address before it offers it; the client's DECLINE says that it should have.
/// </remarks>
public sealed class DhcpServer
{
    private readonly Dictionary<IpAddress, DhcpBinding> _byAddress = [];
    private readonly Dictionary<string, IpAddress> _byClient = new(StringComparer.Ordinal);
    private readonly Queue<IpAddress> _freed = new();
    private readonly HashSet<IpAddress> _isFreed = [];

    // An address has one end in the queue that counts, which is not later than its own: however often a client asks, the queue does not grow.
    private readonly PriorityQueue<IpAddress, (long At, UInt128 Address)> _ends = new();
    private readonly Dictionary<IpAddress, long> _endOf = [];
    private UInt128 _fresh;

    /// <summary>A server that has lent nothing yet, or what it had lent before.</summary>
    /// <param name="settings">What its administrator has decided.</param>
    /// <param name="identifier">Its own address on the link, by which clients know it.</param>
    /// <param name="bindings">What it knew when it was last switched off; offers are forgotten.</param>
    /// <exception cref="ArgumentException">The settings contradict themselves.</exception>
    public DhcpServer(DhcpServerSettings settings, IpAddress identifier, IEnumerable<DhcpBinding>? bindings = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Flaw is not DhcpServerFlaw.None and var flaw) { throw new ArgumentException($"{flaw}", nameof(settings)); }
        Settings = settings;
        Identifier = identifier;
        _fresh = settings.First.Bits;
        foreach (var binding in bindings ?? [])
        {
            if (IsLent(binding.Address) && !_byAddress.ContainsKey(binding.Address))
            {
                Set(binding.State == DhcpBindingState.Offered
                    ? binding with { State = DhcpBindingState.Free, Until = Instant.Never }
                    : binding);
            }
        }
    }

    /// <summary>What its administrator has decided.</summary>
    public DhcpServerSettings Settings { get; }

    /// <summary>Its own address.</summary>
    public IpAddress Identifier { get; }

    /// <summary>What it knows of addresses, in their order.</summary>
    public IEnumerable<DhcpBinding> Bindings => _byAddress.Values.OrderBy(static binding => binding.Address);

    /// <summary>When something ends next: an offer, a lease.</summary>
    public Instant NextDeadline => _ends.TryPeek(out _, out var first) ? new Instant(first.At) : Instant.Never;

    /// <summary>Hears of every row that changes; null when nobody does.</summary>
    public Action<DhcpBinding>? Changed { get; set; }

    /// <summary>Answers a client's message; null is silence.</summary>
    public DhcpReply? Handle(DhcpRequest request, Instant now)
    {
        ArgumentNullException.ThrowIfNull(request);
        Expire(now);
        // An address of another network is nobody's here, and nothing is sent to it.
        if (!AddressRules.IsUnspecified(request.ClientAddress) && !Settings.Subnet.Contains(request.ClientAddress))
        {
            return request.Type == DhcpMessageType.Request ? Refuse() : null;
        }
        return request.Type switch
        {
            DhcpMessageType.Discover => Offer(request, now),
            DhcpMessageType.Request => Lend(request, now),
            DhcpMessageType.Decline => Decline(request, now),
            DhcpMessageType.Release => Release(request),
            DhcpMessageType.Inform => Inform(request),
            _ => null,
        };
    }

    /// <summary>Takes back what has ended by now.</summary>
    public void Expire(Instant now)
    {
        while (_ends.TryPeek(out var address, out var first) && first.At <= now.Nanoseconds)
        {
            _ends.Dequeue();
            if (_endOf.GetValueOrDefault(address) == first.At) { _endOf.Remove(address); }
            var binding = _byAddress[address];
            if (binding.Until <= now) { Free(binding); }
            else { Watch(binding); }
        }
    }

    /// <summary>The power fails: what was offered is forgotten, what is lent stands on the disk.</summary>
    public void Crash()
    {
        foreach (var binding in _byAddress.Values.Where(static binding => binding.State == DhcpBindingState.Offered)
            .OrderBy(static binding => binding.Address).ToArray())
        {
            Free(binding);
        }
    }

    private DhcpReply? Offer(DhcpRequest request, Instant now)
    {
        if (!TryChoose(request, out var address)) { return null; }
        // Somebody who has a lease and asks again keeps it: his REQUEST may never come.
        if (Find(address) is not { State: DhcpBindingState.Leased })
        {
            Set(new DhcpBinding(address, request.Client, request.Hardware, DhcpBindingState.Offered, now + Settings.OfferTime));
        }
        return new DhcpReply(DhcpMessageType.Offer, address, SecondsFor(request), RouteTo(request));
    }

    private DhcpReply? Lend(DhcpRequest request, Instant now)
    {
        if (request.Server.Version != IpVersion.None) { return request.Server == Identifier ? Select(request, now) : LetGo(request); }
        // INIT-REBOOT names the address that it had, RENEWING and REBINDING have it (RFC 2131 section 4.3.2).
        var isRebooting = AddressRules.IsUnspecified(request.ClientAddress);
        var address = isRebooting ? request.Requested : request.ClientAddress;
        if (address.Version == IpVersion.None) { return null; }
        if (!Settings.Subnet.Contains(address)) { return Refuse(); }
        var known = FindOf(request.Client);
        // Another server may have lent it; only who knows better says no.
        if (known is null) { return Find(address) is { State: not DhcpBindingState.Free } ? Refuse() : null; }
        if (known.Address != address || known.State == DhcpBindingState.Declined) { return Refuse(); }
        return Grant(request, address, now);
    }

    // The client has chosen this server's offer.
    private DhcpReply? Select(DhcpRequest request, Instant now)
    {
        if (request.Requested.Version == IpVersion.None || !AddressRules.IsUnspecified(request.ClientAddress)) { return null; }
        var known = FindOf(request.Client);
        var isHis = known is { State: DhcpBindingState.Offered or DhcpBindingState.Leased } && known.Address == request.Requested;
        return isHis ? Grant(request, request.Requested, now) : Refuse();
    }

    // Another server's: what was kept for him is free again.
    private DhcpReply? LetGo(DhcpRequest request)
    {
        if (FindOf(request.Client) is { State: DhcpBindingState.Offered } offered) { Free(offered); }
        return null;
    }

    private DhcpReply Grant(DhcpRequest request, IpAddress address, Instant now)
    {
        var seconds = SecondsFor(request);
        Set(new DhcpBinding(
            address, request.Client, request.Hardware, DhcpBindingState.Leased,
            seconds == uint.MaxValue ? Instant.Never : now + TimeSpan.FromSeconds(seconds)));
        return new DhcpReply(DhcpMessageType.Ack, address, seconds, RouteTo(request));
    }

    // Everybody hears a refusal: the client may be wrong about the network it is on (RFC 2131 section 4.1).
    private static DhcpReply Refuse() => new(DhcpMessageType.Nak, IpAddress.AnyV4, 0, DhcpReplyRoute.Broadcast);

    private DhcpReply? Decline(DhcpRequest request, Instant now)
    {
        // Only who was given an address can say that it is somebody else's: nobody declines the whole pool.
        if (request.Server == Identifier && FindOf(request.Client) is { State: DhcpBindingState.Offered or DhcpBindingState.Leased } known
            && known.Address == request.Requested)
        {
            _byClient.Remove(request.Client);
            Set(known with { State = DhcpBindingState.Declined, Until = now + Settings.DeclineTime });
        }
        return null;
    }

    private DhcpReply? Release(DhcpRequest request)
    {
        if (request.Server == Identifier && FindOf(request.Client) is { State: DhcpBindingState.Leased } known
            && known.Address == request.ClientAddress)
        {
            Free(known);
        }
        return null;
    }

    // Nothing is lent, only told (RFC 2131 section 4.3.5).
    private static DhcpReply? Inform(DhcpRequest request) =>
        AddressRules.IsUnspecified(request.ClientAddress) ? null : new DhcpReply(DhcpMessageType.Ack, IpAddress.AnyV4, 0, DhcpReplyRoute.Address);

    private bool TryChoose(DhcpRequest request, out IpAddress address)
    {
        if (FindOf(request.Client) is { } known)
        {
            address = known.Address;
            return true;
        }
        if (IsLent(request.Requested) && request.Requested != Identifier && Find(request.Requested) is null or { State: DhcpBindingState.Free })
        {
            address = request.Requested;
            return true;
        }
        for (; _fresh <= Settings.Last.Bits; _fresh++)
        {
            address = IpAddress.FromV4((uint)_fresh);
            if (address != Identifier && Find(address) is null) { return true; }
        }
        // One that was freed may have been lent again by name, and then be free once more farther behind.
        while (_freed.TryDequeue(out address))
        {
            _isFreed.Remove(address);
            if (Find(address) is { State: DhcpBindingState.Free }) { return true; }
        }
        return false;
    }

    private bool IsLent(IpAddress address) => address.IsV4 && address.Bits >= Settings.First.Bits && address.Bits <= Settings.Last.Bits;

    private DhcpBinding? Find(IpAddress address) => _byAddress.GetValueOrDefault(address);

    private DhcpBinding? FindOf(string client) => _byClient.TryGetValue(client, out var address) ? _byAddress[address] : null;

    private void Free(DhcpBinding binding)
    {
        if (_isFreed.Add(binding.Address)) { _freed.Enqueue(binding.Address); }
        Set(binding with { State = DhcpBindingState.Free, Until = Instant.Never });
    }

    private void Set(DhcpBinding binding)
    {
        // Who had it before has lost it for good.
        if (Find(binding.Address) is { } before && before.Client != binding.Client
            && _byClient.GetValueOrDefault(before.Client) == binding.Address)
        {
            _byClient.Remove(before.Client);
        }
        _byAddress[binding.Address] = binding;
        if (binding.State is DhcpBindingState.Offered or DhcpBindingState.Leased) { _byClient[binding.Client] = binding.Address; }
        else if (binding.State == DhcpBindingState.Free) { _byClient.TryAdd(binding.Client, binding.Address); }
        Watch(binding);
        Changed?.Invoke(binding);
    }

    private void Watch(DhcpBinding binding)
    {
        if (binding.Until == Instant.Never || (_endOf.TryGetValue(binding.Address, out var end) && end <= binding.Until.Nanoseconds)) { return; }
        _endOf[binding.Address] = binding.Until.Nanoseconds;
        _ends.Enqueue(binding.Address, (binding.Until.Nanoseconds, binding.Address.Bits));
    }

    private uint SecondsFor(DhcpRequest request)
    {
        var most = Settings.LeaseTime.TotalSeconds >= uint.MaxValue ? uint.MaxValue : (uint)Settings.LeaseTime.TotalSeconds;
        return request.Seconds == 0 ? most : Math.Clamp(request.Seconds, Math.Min((uint)DhcpServerSettings.MinLease.TotalSeconds, most), most);
    }

    private static DhcpReplyRoute RouteTo(DhcpRequest request) =>
        !AddressRules.IsUnspecified(request.ClientAddress) ? DhcpReplyRoute.Address : request.IsBroadcast ? DhcpReplyRoute.Broadcast : DhcpReplyRoute.Hardware;
}
