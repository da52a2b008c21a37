using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Sockets;

namespace Firstbyte.Simulation;

/// <summary>A host's protocol stack in the plain model: descriptors, ports, and which socket an arriving packet is for.</summary>
internal sealed class PlainStack
{
    // 0, 1 and 2 are the standard streams of a program.
    private const int FirstDescriptor = 3;

    // Linux' usual RLIMIT_NOFILE.
    private const int MaximumDescriptors = 1024;

    // RFC 6335 section 6: the dynamic ports.
    private const int FirstEphemeralPort = 49152;
    private const int EphemeralPorts = 16384;

    private readonly SimulatedHost _host;
    private readonly RandomStream _portRandom;
    private readonly PriorityQueue<int, int> _freeDescriptors = new();
    private readonly List<PlainSocket?> _sockets = [];
    private readonly PortTable _datagramPorts = new();
    private readonly PortTable _streamPorts = new();
    private readonly Dictionary<(Endpoint Local, Endpoint Remote), StreamConnection> _connections = [];

    public PlainStack(SimulatedHost host)
    {
        _host = host;
        _portRandom = host.Internet.Kernel.Stream($"ports {host.Name}");
    }

    public SimulatedHost Host => _host;

    public Kernel Kernel => _host.Internet.Kernel;

    /// <summary>Connections that exist, with or without a socket.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Sockets that are open.</summary>
    public int SocketCount => _sockets.Count - _freeDescriptors.Count;

    public PlainSocket Create(IpVersion version, SocketKind kind)
    {
        var descriptor = TakeDescriptor();
        PlainSocket socket = kind == SocketKind.Stream ? new StreamSocket(this, version, descriptor) : new DatagramSocket(this, version, descriptor);
        _sockets[descriptor - FirstDescriptor] = socket;
        return socket;
    }

    public StreamSocket Adopt(StreamConnection connection, IpVersion version)
    {
        var descriptor = TakeDescriptor();
        var socket = new StreamSocket(this, version, descriptor, connection);
        _sockets[descriptor - FirstDescriptor] = socket;
        return socket;
    }

    public void Free(PlainSocket socket)
    {
        _sockets[socket.Descriptor - FirstDescriptor] = null;
        _freeDescriptors.Enqueue(socket.Descriptor, socket.Descriptor);
        Ports(socket.Kind).Remove(socket);
    }

    /// <summary>Gives the socket its own address and port; port 0 lets the stack draw one.</summary>
    public Endpoint Bind(PlainSocket socket, Endpoint wanted, string call)
    {
        if (!IsUnspecified(wanted.Address) && !_host.Owns(wanted.Address)) { throw new NetworkException(Errno.EADDRNOTAVAIL, call, wanted); }
        var ports = Ports(socket.Kind);
        if (wanted.Port == 0) { wanted = wanted with { Port = DrawPort(socket.Kind, call, wanted) }; }
        else if (ports.Conflicts(socket, wanted)) { throw new NetworkException(Errno.EADDRINUSE, call, wanted); }
        ports.Add(socket, wanted);
        return wanted;
    }

    /// <summary>The own end for a connection or the first datagram to a target, or the error that there is no way.</summary>
    public IpAddress SourceFor(Endpoint target, string call)
    {
        if (!_host.Internet.HasRoute(_host, target.Address) || _host.SourceFor(target.Address) is not { } source) { throw new NetworkException(Errno.ENETUNREACH, call, target); }
        return source;
    }

    /// <summary>Gives the socket's port back.</summary>
    public void Unbind(PlainSocket socket) => Ports(socket.Kind).Remove(socket);

    public bool HasConnection(Endpoint local, Endpoint remote) => _connections.ContainsKey((local, remote));

    public void Add(StreamConnection connection) => _connections.Add((connection.Local, connection.Remote), connection);

    public void Remove(StreamConnection connection) => _connections.Remove((connection.Local, connection.Remote));

    public Packet NewPacket(PacketKind kind, Endpoint source, Endpoint target) => _host.Internet.NewPacket(kind, source, target);

    public void Send(Packet packet) => _host.Internet.Send(_host, packet);

    public void Release(Packet packet) => _host.Internet.Release(packet);

    public void Drop(Packet packet, PacketDropReason reason) => _host.Internet.Drop(packet, reason, _host.Name);

    /// <summary>A packet has arrived. It belongs to the stack from here on.</summary>
    public void Receive(Packet packet)
    {
        switch (packet.Kind)
        {
            case PacketKind.Datagram: ReceiveDatagram(packet); break;
            case PacketKind.Segment: ReceiveSegment(packet); break;
            default: ReceiveError(packet); break;
        }
    }

    public void ReportWaits(List<WaitingCall> waits)
    {
        foreach (var socket in _sockets) { socket?.ReportWaits(waits); }
    }

    private void ReceiveDatagram(Packet packet)
    {
        if (_datagramPorts.Find(packet.Target, packet.Source) is DatagramSocket socket)
        {
            socket.Deliver(packet);
            return;
        }
        // RFC 1122 section 4.1.3.1: nobody has the port, and the sender is told.
        var error = NewPacket(PacketKind.Unreachable, packet.Target, packet.Source);
        error.Reason = UnreachableReason.Port;
        error.About = PacketKind.Datagram;
        Send(error);
        Release(packet);
    }

    private void ReceiveSegment(Packet packet)
    {
        if (_connections.TryGetValue((packet.Target, packet.Source), out var connection)) { connection.Receive(packet); }
        else if (packet.Flags == SegmentFlags.Open && _streamPorts.Find(packet.Target, packet.Source) is StreamSocket { IsListening: true } listener) { listener.ReceiveOpening(packet); }
        else if ((packet.Flags & SegmentFlags.Reset) == SegmentFlags.None) { AnswerWithReset(packet); }
        Release(packet);
    }

    private void AnswerWithReset(Packet packet)
    {
        var reset = NewPacket(PacketKind.Segment, packet.Target, packet.Source);
        reset.Flags = SegmentFlags.Reset | SegmentFlags.Acknowledgment;
        reset.Sequence = packet.Acknowledgment;
        reset.Acknowledgment = packet.Sequence + packet.Length + 1;
        Send(reset);
    }

    private void ReceiveError(Packet packet)
    {
        var (local, remote) = (packet.Target, packet.Source);
        var error = packet.Reason switch
        {
            UnreachableReason.Port => Errno.ECONNREFUSED,
            UnreachableReason.Host => Errno.EHOSTUNREACH,
            _ => Errno.ENETUNREACH,
        };
        if (packet.About == PacketKind.Datagram) { (_datagramPorts.Find(local, remote) as DatagramSocket)?.DeliverError(error, remote); }
        else if (_connections.TryGetValue((local, remote), out var connection)) { connection.ReceiveUnreachable(error); }
        Release(packet);
    }

    private PortTable Ports(SocketKind kind) => kind == SocketKind.Stream ? _streamPorts : _datagramPorts;

    private int TakeDescriptor()
    {
        if (_freeDescriptors.TryDequeue(out var free, out _)) { return free; }
        if (_sockets.Count + FirstDescriptor == MaximumDescriptors) { throw new NetworkException(Errno.EMFILE, "socket"); }
        _sockets.Add(null);
        return _sockets.Count - 1 + FirstDescriptor;
    }

    /// <summary>RFC 6056 section 3.3.1: a random port, then the next ones until one is free.</summary>
    private ushort DrawPort(SocketKind kind, string call, Endpoint wanted)
    {
        var ports = Ports(kind);
        var first = (int)_portRandom.NextBelow(EphemeralPorts);
        for (var tried = 0; tried < EphemeralPorts; tried++)
        {
            var port = (ushort)(FirstEphemeralPort + (first + tried) % EphemeralPorts);
            if (!ports.IsTaken(port)) { return port; }
        }
        throw new NetworkException(Errno.EADDRINUSE, call, wanted);
    }

    private static bool IsUnspecified(IpAddress address) => address.Bits == 0;
}

/// <summary>Which sockets hold which ports, of one kind.</summary>
internal sealed class PortTable
{
    private readonly Dictionary<ushort, List<(PlainSocket Socket, Endpoint Local)>> _byPort = [];

    public bool IsTaken(ushort port) => _byPort.ContainsKey(port);

    public void Add(PlainSocket socket, Endpoint local)
    {
        if (!_byPort.TryGetValue(local.Port, out var holders)) { _byPort.Add(local.Port, holders = new List<(PlainSocket, Endpoint)>(1)); }
        holders.Add((socket, local));
    }

    public void Remove(PlainSocket socket)
    {
        if (socket.LocalEndpoint is not { } local || !_byPort.TryGetValue(local.Port, out var holders)) { return; }
        holders.RemoveAll(holder => holder.Socket == socket);
        if (holders.Count == 0) { _byPort.Remove(local.Port); }
    }

    /// <summary>Whether somebody holds the port on an address that overlaps, and one of the two does not share.</summary>
    public bool Conflicts(PlainSocket socket, Endpoint wanted)
    {
        if (!_byPort.TryGetValue(wanted.Port, out var holders)) { return false; }
        foreach (var (holder, local) in holders)
        {
            if (local.Address.Version != wanted.Address.Version) { continue; }
            var overlaps = local.Address == wanted.Address || local.Address.Bits == 0 || wanted.Address.Bits == 0;
            if (overlaps && !(socket.Shares && holder.Shares && !holder.IsListening)) { return true; }
        }
        return false;
    }

    /// <summary>The socket for a packet: one connected to the sender before one on the exact address before one on the wildcard.</summary>
    public PlainSocket? Find(Endpoint target, Endpoint source)
    {
        if (!_byPort.TryGetValue(target.Port, out var holders)) { return null; }
        PlainSocket? best = null;
        var bestScore = 0;
        foreach (var (holder, local) in holders)
        {
            if (local.Address.Version != target.Address.Version || (local.Address.Bits != 0 && local.Address != target.Address)) { continue; }
            if (holder.Kind == SocketKind.Datagram && holder.RemoteEndpoint is { } peer && peer != source) { continue; }
            var score = 1 + (local.Address.Bits != 0 ? 1 : 0) + (holder.RemoteEndpoint is not null ? 2 : 0) + (holder.IsListening ? 4 : 0);
            if (score > bestScore) { (best, bestScore) = (holder, score); }
        }
        return best;
    }
}
