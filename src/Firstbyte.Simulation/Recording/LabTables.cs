using System.Text.Json.Serialization;
using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Hosts;
using Firstbyte.Hosts.Nat;
using Firstbyte.Packets;
using Firstbyte.Routing.Nat;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Sockets;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Recording;

/// <summary>A row of a machine's routing table.</summary>
/// <param name="Host">The machine.</param>
/// <param name="Prefix">The destinations that it is for.</param>
/// <param name="Gateway">The next router; null when they are on the link.</param>
/// <param name="Interface">The interface by which they are reached.</param>
/// <param name="Origin">Who put the row there.</param>
/// <param name="Metric">Its distance in hops, where the origin counts them.</param>
public sealed record RouteRow(string Host, IpPrefix Prefix, IpAddress? Gateway, string Interface, RouteOrigin Origin, int Metric);

/// <summary>A row of a machine's neighbour cache: ARP's table and NDP's in one.</summary>
/// <param name="Host">The machine.</param>
/// <param name="Address">The neighbour.</param>
/// <param name="Interface">The interface on whose link it is.</param>
/// <param name="Hardware">Its hardware address; null while it is being asked for.</param>
/// <param name="State">How sure that is.</param>
/// <param name="IsRouter">It says that it is a router.</param>
/// <param name="Name">The machine that the neighbour is.</param>
public sealed record NeighborRow(string Host, IpAddress Address, string Interface, MacAddress? Hardware, NeighborState State, bool IsRouter, string? Name);

/// <summary>A socket of a machine.</summary>
/// <param name="Host">The machine.</param>
/// <param name="Protocol">tcp or udp.</param>
/// <param name="State">TCP's state; null for a listener, a bound socket and a mailbox.</param>
/// <param name="IsListening">It waits for connections.</param>
/// <param name="ReceiveQueue">Bytes that the program has not read.</param>
/// <param name="SendQueue">Bytes that the peer has not acknowledged.</param>
/// <param name="Local">The own end.</param>
/// <param name="Remote">The peer; null where there is none.</param>
/// <param name="Descriptor">The number by which the program knows it; null once the program has closed it.</param>
public sealed record SocketRow(
    string Host, string Protocol, TcpState? State, bool IsListening, int ReceiveQueue, int SendQueue, Endpoint Local, Endpoint? Remote,
    int? Descriptor);

/// <summary>A TCP connection of a machine, by its control block (RFC 9293 section 3.3.1).</summary>
/// <param name="Host">The machine.</param>
/// <param name="Local">The own end.</param>
/// <param name="Remote">The peer.</param>
/// <param name="State">Its state.</param>
/// <param name="SendUnacknowledged">SND.UNA, counted from the first sequence number.</param>
/// <param name="SendNext">SND.NXT, counted so too.</param>
/// <param name="SendWindow">SND.WND in bytes.</param>
/// <param name="ReceiveNext">RCV.NXT, counted from the peer's first sequence number.</param>
/// <param name="ReceiveWindow">RCV.WND in bytes.</param>
/// <param name="CongestionWindow">How many bytes may be on their way (RFC 5681).</param>
/// <param name="SlowStartThreshold">Up to which the window doubles each round trip; null while it is as high as it can be.</param>
/// <param name="SegmentSize">The most bytes in a segment.</param>
/// <param name="TimeoutNanoseconds">The retransmission time-out (RFC 6298).</param>
/// <param name="Retransmissions">How often the oldest segment has been sent again.</param>
public sealed record ConnectionRow(
    string Host, Endpoint Local, Endpoint Remote, TcpState State, uint SendUnacknowledged, uint SendNext, uint SendWindow, uint ReceiveNext,
    uint ReceiveWindow, long CongestionWindow, long? SlowStartThreshold, int SegmentSize, long TimeoutNanoseconds, int Retransmissions);

/// <summary>A row of a resolver's cache.</summary>
/// <param name="Host">The machine that resolves.</param>
/// <param name="Name">The name.</param>
/// <param name="Type">The type of record.</param>
/// <param name="Data">The data; for a denial what is denied.</param>
/// <param name="TtlSeconds">For how long it may still be used.</param>
/// <param name="Rank">How far it is to be trusted.</param>
/// <param name="From">Who gave it.</param>
public sealed record CacheRow(string Host, string Name, string Type, string Data, long TtlSeconds, TrustRank Rank, string? From)
{
    /// <summary>The same time to the nanosecond, for whoever lets it run on.</summary>
    [JsonIgnore]
    public long LeftNanoseconds { get; init; }
}

/// <summary>A row of a router's address translation table.</summary>
/// <param name="Host">The router.</param>
/// <param name="Row">Who inside talks with whom, and how it looks from outside.</param>
public sealed record TranslationRow(string Host, NatRow Row);

/// <summary>A cable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Machine">The host or router at one end.</param>
/// <param name="Box">The hub or switch at the other.</param>
/// <param name="IsUp">Whether it carries frames.</param>
/// <param name="LatencyNanoseconds">Time on the way from the machine.</param>
/// <param name="LossMillionths">The share of frames that it loses on the way from the machine.</param>
/// <param name="Delivered">Frames that arrived, in both directions.</param>
/// <param name="Lost">Frames that were lost, in both directions.</param>
public sealed record LinkRow(string Name, string Machine, string Box, bool IsUp, long LatencyNanoseconds, int LossMillionths, long Delivered, long Lost);

/// <summary>A host or router.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsRouter">Whether it is a router.</param>
/// <param name="Addresses">Its addresses with their interfaces.</param>
/// <param name="IsUp">Whether it is switched on.</param>
public sealed record MachineRow(string Name, bool IsRouter, string[] Addresses, bool IsUp);

/// <summary>Something that goes wrong in a lab on purpose.</summary>
/// <param name="Number">By which it is called, in the order in which faults came; one that is taken away leaves its number to the next.</param>
/// <param name="Fault">The word of its kind.</param>
/// <param name="Place">What it befalls.</param>
/// <param name="From">When it begins.</param>
/// <param name="Until">When it is over; null for never.</param>
/// <param name="IsActing">Whether it acts now.</param>
/// <param name="IsOver">Whether it was and is not any more.</param>
public sealed record FaultRow(int Number, string Fault, string Place, Instant From, Instant? Until, bool IsActing, bool IsOver);

/// <summary>The tables of a living lab as they are at this moment. Looking changes nothing.</summary>
public static class LabTables
{
    /// <summary>The routing table of a machine, IPv4 first, the longest prefixes last, as `ip route` has it.</summary>
    public static IReadOnlyList<RouteRow> Routes(NetworkNode machine) =>
        [.. machine.Machine.Stack.Routes.Rows
            .Where(static row => row.Value.Interface.Kind != LinkKind.Loopback)
            .OrderBy(static row => row.Key.Network.Version).ThenBy(static row => row.Key.Length > 0).ThenBy(static row => row.Key.Network)
                .ThenBy(static row => row.Key.Length)
            .Select(row =>
                new RouteRow(
                    machine.Name, row.Key, row.Value.Gateway.Version == IpVersion.None ? null : row.Value.Gateway, row.Value.Interface.Name,
                    row.Value.Origin, row.Value.Metric))];

    /// <summary>The neighbour cache of a machine.</summary>
    public static IReadOnlyList<NeighborRow> Neighbors(LabElements elements, NetworkNode machine) =>
        [.. machine.Machine.Stack.Neighbors.Select(row => new NeighborRow(
            machine.Name, row.Address, row.Interface.Name, row.Hardware.IsZero ? null : row.Hardware, row.State, row.IsRouter,
                row.Hardware.IsZero ? elements.NameOf(row.Address) : elements.NameOf(row.Hardware)))];

    /// <summary>The sockets of a machine: mailboxes, listeners, connections.</summary>
    public static IReadOnlyList<SocketRow> Sockets(NetworkNode machine) =>
        [.. machine.Machine.Stack.Sockets.Select(socket => RowOf(machine.Name, socket))];

    // What a connection begins with: as high as can be (RFC 5681 section 3.1).
    private const int HighestThreshold = 1 << 30;

    /// <summary>The TCP connections of a machine with what TCP counts for each.</summary>
    public static IReadOnlyList<ConnectionRow> Connections(NetworkNode machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var rows = new List<ConnectionRow>();
        foreach (var socket in machine.Machine.Stack.Sockets.OfType<TcpSocket>().Where(static socket => socket.HasConnection))
        {
            var tcb = socket.Tcb;
            var threshold = tcb.Congestion.SlowStartThreshold;
            rows.Add(new ConnectionRow(
                machine.Name, socket.Local, socket.Remote, tcb.State, (uint)(tcb.SendUnacknowledged - tcb.InitialSend),
                (uint)(tcb.SendNext - tcb.InitialSend), tcb.SendWindow, (uint)(tcb.ReceiveNext - tcb.InitialReceive), tcb.ReceiveWindow,
                tcb.Congestion.Window, threshold >= HighestThreshold ? null : threshold, tcb.SegmentSize,
                tcb.RetransmissionTimeout.Current.ToNanoseconds(), tcb.Retransmissions));
        }
        return rows;
    }

    /// <summary>The address translation table of a router; null when it translates nothing.</summary>
    public static IReadOnlyList<TranslationRow>? Translations(NetworkNode machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return machine.Machine.Stack.Programs.OfType<AddressTranslation>().FirstOrDefault() is { } translator
            ? [.. translator.Rows.Select(row => new TranslationRow(machine.Name, row))]
            : null;
    }

    /// <summary>
    /// The cache of the resolver on a machine, by name in the canonical order of DNS (RFC 4034 section 6.1), then by type; null when none runs there.
    /// </summary>
    public static IReadOnlyList<CacheRow>? Cache(LabElements elements, NetworkNode machine)
    {
        ArgumentNullException.ThrowIfNull(elements);
        ArgumentNullException.ThrowIfNull(machine);
        if (LabElements.AddressesOf(machine, IpVersion.None).Select(elements.World.FindResolver)
            .FirstOrDefault(static one => one is not null) is not { } resolver)
        {
            return null;
        }
        // What expires is counted on the host's own clock, whatever its calendar shows.
        var now = NetworkClock.Monotonic(machine.Machine.Network);
        var rows = new List<(DnsName Name, CacheRow Row)>();
        foreach (var (name, type, entry) in resolver.Memory.Cache.RowsAt(now))
        {
            rows.AddRange(RowsOf(machine.Name, name, type, entry, now).Select(row => (name, row)));
        }
        foreach (var cut in resolver.Memory.Delegations.RowsAt(now)) { rows.AddRange(RowsOf(machine.Name, cut, now)); }
        return [.. rows.OrderBy(static one => one.Name).ThenBy(static one => one.Row.Type, StringComparer.Ordinal)
            .ThenBy(static one => one.Row.Data, StringComparer.Ordinal).Select(static one => one.Row)];
    }

    /// <summary>The cables of a lab, in order.</summary>
    public static IReadOnlyList<LinkRow> Links(LabElements elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        return [.. elements.Wires.Select(wire => new LinkRow(
            wire.Name, elements.PortAt(wire.A).Element, elements.PortAt(wire.B).Element, !wire.A.IsCut && !wire.B.IsCut,
            wire.A.Settings.Latency.ToNanoseconds(), wire.A.Settings.LossMillionths, wire.A.Delivered + wire.B.Delivered, wire.A.Lost + wire.B.Lost))];
    }

    /// <summary>What goes wrong in a lab on purpose: now, before and later.</summary>
    public static IReadOnlyList<FaultRow> Faults(LabElements elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        var (table, now) = (elements.World.Internet.Faults, elements.World.Kernel.Now);
        return [.. table.All.Select((fault, i) => new FaultRow(
            i + 1, fault.Word, fault.Place, fault.From, fault.Until == Instant.Never ? null : fault.Until, table.IsActing(fault), fault.Until <= now))];
    }

    /// <summary>The routers and hosts of a lab, in order.</summary>
    public static IReadOnlyList<MachineRow> Machines(LabElements elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        return [.. elements.Machines.Select(machine => new MachineRow(
            machine.Name, machine is Router,
            [.. machine.Machine.Stack.Interfaces.Where(static one => one.Kind != LinkKind.Loopback)
                .SelectMany(static one => one.Addresses.Select(address => $"{one.Name} {address}"))], machine.IsUp))];
    }

    private static SocketRow RowOf(string host, HostSocket socket)
    {
        var descriptor = socket is { IsClosed: false, Owner: ISocket owner } ? owner.Descriptor : (int?)null;
        var remote = socket.Remote.Address.Version == IpVersion.None ? (Endpoint?)null : socket.Remote;
        return socket is TcpSocket tcp
            ? new SocketRow(
                host, "tcp", tcp.HasConnection ? tcp.Tcb.State : null, tcp.IsListening, tcp.Readable,
                tcp.HasConnection ? tcp.Tcb.TextInFlight : 0, socket.Local, remote, descriptor)
            : new SocketRow(host, "udp", null, false, 0, 0, socket.Local, remote, descriptor);
    }

    private static IEnumerable<CacheRow> RowsOf(string host, DnsName name, RecordType type, CacheEntry entry, Firstbyte.Tracing.Instant now)
    {
        var nanoseconds = entry.ExpiresAt.Nanoseconds - now.Nanoseconds;
        var left = nanoseconds / 1_000_000_000;
        var from = entry.Origin.ServerName.Length > 0 ? entry.Origin.ServerName : entry.Origin.Server?.ToString();
        return entry.Kind switch
        {
            CacheOutcome.Answer =>
                entry.Records.Select(
                    record => Row(type.ToString(), record.Data.ToString()!)),
            CacheOutcome.NoData => [Row(type.ToString(), "NODATA")],
            CacheOutcome.NameError => [Row("any", "NXDOMAIN")],
            _ => [Row(type.ToString(), "FAILED")],
        };

        CacheRow Row(string kind, string data) => new(host, name.ToString(), kind, data, left, entry.Rank, from) { LeftNanoseconds = nanoseconds };
    }

    // What a referral gave: it leads the resolver on and never answers a client.
    private static IEnumerable<(DnsName Name, CacheRow Row)> RowsOf(string host, Delegation cut, Firstbyte.Tracing.Instant now)
    {
        if (cut.IsHint) { yield break; }
        var nanoseconds = cut.ExpiresAt.Nanoseconds - now.Nanoseconds;
        var left = nanoseconds / 1_000_000_000;
        foreach (var server in cut.Servers)
        {
            yield return (cut.Zone, new CacheRow(
                host, cut.Zone.ToString(), "NS", server.Name.ToString(), left, TrustRank.AuthorityNonAuthoritative, null)
            { LeftNanoseconds = nanoseconds });
            foreach (var address in server.Addresses)
            {
                yield return (server.Name, new CacheRow(
                    host, server.Name.ToString(), address.IsV4 ? "A" : "AAAA", address.ToString(), left, TrustRank.Glue, null)
                { LeftNanoseconds = nanoseconds });
            }
        }
    }
}
