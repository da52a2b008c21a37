using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hashing;
using Firstbyte.Packets;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts;

// TCP's ports: who is bound, who listens, who connects from where.
public sealed partial class HostStack
{
    /// <summary>
    /// Half-open connections that make no progress for this long, with the backlog full of them, are taken for a SYN flood (the first
    /// retransmission of a SYN,ACK: RFC 6298).
    /// </summary>
    private static readonly TimeSpan FloodSuspicion = TimeSpan.FromSeconds(1);

    /// <summary>Cookies are honoured for two periods of 64 seconds (<see cref="SynCookie"/>).</summary>
    private static readonly TimeSpan CookieLifetime = TimeSpan.FromSeconds(128);

    /// <summary>The largest backlog (Linux: somaxconn 4096).</summary>
    private const int MaxBacklog = 4_096;

    private readonly Dictionary<ushort, PortUse> _streams = [];
    private uint _nextEphemeral;

    /// <summary>Opens a stream socket.</summary>
    public TcpSocket OpenTcp(IpVersion version) => new(version) { Settings = Settings.Tcp };

    /// <summary>Gives a stream socket its address; port 0 lets the host choose.</summary>
    public Errno Bind(TcpSocket socket, Endpoint local)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.IsBound || socket.HasConnection) { return Errno.EINVAL; }
        var fault = CheckLocal(socket, ref local);
        if (fault != Errno.None) { return fault; }
        if (local.Port == 0)
        {
            if (!TryChooseFreePort(out var port)) { return Errno.EADDRINUSE; }
            local = local with { Port = port };
        }
        else if (Conflicts(socket, local, forListening: false)) { return Errno.EADDRINUSE; }
        socket.Local = local;
        socket.IsBound = socket.IsExplicitlyBound = true;
        TakePort(socket);
        return Errno.None;
    }

    /// <summary>Makes a stream socket wait for connections; an unbound one gets a port.</summary>
    public Errno Listen(TcpSocket socket, int backlog)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.HasConnection) { return Errno.EINVAL; }
        if (!socket.IsBound
            && Bind(socket, new Endpoint(socket.Version == IpVersion.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6, 0)) is var fault
            && fault != Errno.None)
        {
            return fault;
        }
        if (!socket.IsListening && Conflicts(socket, socket.Local, forListening: true)) { return Errno.EADDRINUSE; }
        socket.Backlog = Math.Clamp(backlog, 1, MaxBacklog);
        socket.AcceptQueue ??= new Queue<TcpSocket>();
        socket.IsListening = true;
        return Errno.None;
    }

    /// <summary>Begins a connection: its SYN leaves; the socket is signalled when it is established or has failed.</summary>
    public Errno Connect(TcpSocket socket, Endpoint remote, Instant now)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _now = now;
        if (IsCrashed) { return Errno.ENETDOWN; }
        if (socket.IsListening) { return Errno.EINVAL; }
        if (socket.HasConnection) { return socket.WasEstablished ? Errno.EISCONN : Errno.EALREADY; }
        if (remote.Address.Version != socket.Version) { return Errno.EAFNOSUPPORT; }
        remote = new Endpoint(ReplaceUnspecified(remote.Address), remote.Port);
        var source = socket.IsBound && !AddressRules.IsUnspecified(socket.Local.Address) ? socket.Local.Address : SourceFor(remote.Address);
        if (source.Version == IpVersion.None || !TryRoute(remote.Address, out var way) || IsToMany(remote.Address, way.Interface)) { return Errno.ENETUNREACH; }
        remote = new Endpoint(AddressRules.WithoutZone(remote.Address), remote.Port);
        var local = new Endpoint(source, socket.Local.Port);
        if (!socket.IsBound)
        {
            if (!TryChooseEphemeralPort(source, remote, out var port)) { return Errno.EADDRNOTAVAIL; }
            local = local with { Port = port };
        }
        else if (_connections.ContainsKey(new ConnectionKey(local, remote))) { return Errno.EADDRNOTAVAIL; }
        ReleasePort(socket);
        (socket.Local, socket.Remote) = (local, remote);
        socket.IsBound = true;
        socket.HasConnection = true;
        socket.PendingFault = Errno.None;
        TakePort(socket);
        _connections.Add(new ConnectionKey(local, remote), socket);
        var outputs = NewOutputs();
        socket.Block = Tcb.Open(
            SettingsFor(socket, remote.Address), InitialSequence.Compute(_secret, local, remote, now),
            InitialSequence.TimestampOffset(_secret, local, remote), now, ref outputs);
        Settle(socket, Carry(socket, ref outputs, default), TcpState.Closed);
        RunLoopback();
        return Errno.None;
    }

    /// <summary>A connection has one other end: RFC 9293 section 3.9.2.3 (MUST-46) refuses a call to a group or to everybody on a link.</summary>
    private static bool IsToMany(IpAddress remote, NetworkInterface outbound) =>
        AddressRules.IsMulticast(remote) || AddressRules.IsLimitedBroadcast(remote) || (remote.IsV4 && outbound.IsSubnetBroadcast((uint)remote.Bits));

    private void OnListenerSegment(TcpSocket listener, in TcpSegment segment, ReadOnlySpan<byte> payload, in IpPacket packet, Endpoint local, Endpoint remote)
    {
        switch (Listening.Judge(segment, out var reset, out _))
        {
            case SegmentVerdict.Open: OnSyn(listener, segment, packet, local, remote); break;
            case SegmentVerdict.Reset when TryOpenFromCookie(listener, segment, payload, local, remote): break;
            case SegmentVerdict.Reset:
                Drop(FrameDropReason.NoListener, packet.Bytes, packet.Inbound);
                SendSegment(reset, local, remote, null, 0);
                break;
            default: Drop(FrameDropReason.NoListener, packet.Bytes, packet.Inbound); break;
        }
    }

    private void OnSyn(TcpSocket listener, in TcpSegment syn, in IpPacket packet, Endpoint local, Endpoint remote)
    {
        var settings = SettingsFor(listener, remote.Address);
        if (listener.AcceptQueue!.Count > listener.Backlog) { Drop(FrameDropReason.BacklogFull, packet.Bytes, packet.Inbound); return; }
        if (listener.AcceptQueue.Count + listener.HalfOpen > listener.Backlog)
        {
            if (_now - listener.HalfOpenSince < FloodSuspicion) { Drop(FrameDropReason.BacklogFull, packet.Bytes, packet.Inbound); return; }
            listener.LastCookieAt = _now;
            SendSegment(SynCookie.Answer(syn, settings, _secret, local, remote, _now), local, remote, null, 0);
            return;
        }
        if (listener.HalfOpen++ == 0) { listener.HalfOpenSince = _now; }
        var child = AddChild(listener, local, remote);
        var outputs = NewOutputs();
        child.Block = Tcb.Accept(
            syn, settings, InitialSequence.Compute(_secret, local, remote, _now), InitialSequence.TimestampOffset(_secret, local, remote),
            _now, ref outputs);
        Settle(child, Carry(child, ref outputs, default), TcpState.Closed);
    }

    private bool TryOpenFromCookie(TcpSocket listener, in TcpSegment segment, ReadOnlySpan<byte> payload, Endpoint local, Endpoint remote)
    {
        if (listener.LastCookieAt == default || _now - listener.LastCookieAt > CookieLifetime
            || listener.AcceptQueue!.Count > listener.Backlog)
        {
            return false;
        }
        var outputs = NewOutputs();
        if (!SynCookie.TryOpen(segment, SettingsFor(listener, remote.Address), _secret, local, remote, _now, ref outputs, out var block)) { return false; }
        listener.HalfOpen++;
        var child = AddChild(listener, local, remote);
        child.Block = block;
        Settle(child, Carry(child, ref outputs, payload), TcpState.SynReceived);
        return true;
    }

    private TcpSocket AddChild(TcpSocket listener, Endpoint local, Endpoint remote)
    {
        var child = new TcpSocket(listener.Version)
        {
            Local = local,
            Remote = remote,
            Listener = listener,
            HasConnection = true,
            IsBound = true,
            Settings = listener.Settings,
            HopLimit = listener.HopLimit,
            ReuseAddress = listener.ReuseAddress,
        };
        TakePort(child);
        _connections.Add(new ConnectionKey(local, remote), child);
        return child;
    }

    private void MakeAcceptable(TcpSocket listener, TcpSocket child)
    {
        listener.HalfOpen--;
        listener.HalfOpenSince = _now;
        listener.AcceptQueue!.Enqueue(child);
        Signal(listener);
    }

    private void CloseListener(TcpSocket listener)
    {
        listener.IsListening = false;
        while (listener.AcceptQueue!.TryDequeue(out var child)) { Close(child, byReset: true, _now); }
        if (listener.HalfOpen == 0) { return; }
        // In order of their ends, so that the resets leave in the same order in every run.
        foreach (var child in _connections.Values.Where(child => child.Listener == listener).OrderBy(static child => child.Remote)
            .ToArray())
        {
            Close(child, byReset: true, _now);
        }
    }

    private TcpSocket? FindListener(Endpoint local)
    {
        if (!_streams.TryGetValue(local.Port, out var use)) { return null; }
        TcpSocket? best = null;
        foreach (var socket in use.Bound)
        {
            if (!socket.IsListening || !Overlaps(socket.Local.Address, local.Address)) { continue; }
            if (best is null || !AddressRules.IsUnspecified(socket.Local.Address)) { best = socket; }
        }
        return best;
    }

    // A port may be shared by sockets that all say so, as long as only one of them listens.
    private bool Conflicts(TcpSocket socket, Endpoint local, bool forListening)
    {
        if (local.Address.IsV4 && TranslatorUses(IpProtocol.Tcp, local.Port)) { return true; }
        if (!_streams.TryGetValue(local.Port, out var use)) { return false; }
        foreach (var other in use.Bound)
        {
            if (other == socket || !Overlaps(other.Local.Address, local.Address)) { continue; }
            if (other.IsListening || (!forListening && !(socket.ReuseAddress && other.ReuseAddress))) { return true; }
        }
        return !forListening && !socket.ReuseAddress && use.Connections > 0;
    }

    private void TakePort(TcpSocket socket)
    {
        if (socket.IsRegistered) { return; }
        socket.IsRegistered = true;
        if (!_streams.TryGetValue(socket.Local.Port, out var use)) { _streams.Add(socket.Local.Port, use = new PortUse()); }
        if (socket.HasConnection) { use.Connections++; }
        else { use.Bound.Add(socket); }
        socket.IsCountedAsConnection = socket.HasConnection;
    }

    private void ReleasePort(TcpSocket socket)
    {
        if (!socket.IsRegistered) { return; }
        socket.IsRegistered = false;
        var use = _streams[socket.Local.Port];
        if (socket.IsCountedAsConnection) { use.Connections--; }
        else { use.Bound.Remove(socket); }
        if (use.Connections == 0 && use.Bound.Count == 0) { _streams.Remove(socket.Local.Port); }
    }

    private bool TryChooseFreePort(out ushort port)
    {
        var count = (uint)(Settings.LastEphemeralPort - Settings.FirstEphemeralPort + 1);
        for (uint i = 0; i < count; i++)
        {
            port = (ushort)(Settings.FirstEphemeralPort + _nextEphemeral++ % count);
            if (!_streams.ContainsKey(port) && !TranslatorUses(IpProtocol.Tcp, port)) { return true; }
        }
        port = 0;
        return false;
    }

    // RFC 6056 section 3.3.3: an offset that only this host can know for this peer, and a count that makes consecutive ports differ.
    private bool TryChooseEphemeralPort(IpAddress source, Endpoint remote, out ushort port)
    {
        var count = (uint)(Settings.LastEphemeralPort - Settings.FirstEphemeralPort + 1);
        Span<byte> text = stackalloc byte[34];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(text, source.Bits);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(text[16..], remote.Address.Bits);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(text[32..], remote.Port);
        var offset = (uint)SipHash24.Hash(_secret, text);
        for (uint i = 0; i < count; i++)
        {
            port = (ushort)(Settings.FirstEphemeralPort + unchecked(offset + _nextEphemeral++) % count);
            var isBound = _streams.TryGetValue(port, out var use) && use.Bound.Count > 0;
            if (!isBound && !TranslatorUses(IpProtocol.Tcp, port)
                && !_connections.ContainsKey(new ConnectionKey(new Endpoint(source, port), remote)))
            {
                return true;
            }
        }
        port = 0;
        return false;
    }

    private sealed class PortUse
    {
        public List<TcpSocket> Bound { get; } = [];

        public int Connections { get; set; }
    }
}
