using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Packets;
using Firstbyte.Tcp;

namespace Firstbyte.Hosts;

/// <summary>A socket of a host stack. It is told to do things through <see cref="HostStack"/> and asks to be looked at again by a signal.</summary>
public abstract class HostSocket : HostTimer
{
    private protected HostSocket(IpVersion version) => Version = version;

    /// <summary>The version it speaks.</summary>
    public IpVersion Version { get; }

    /// <summary>The own end; port 0 while it is not bound.</summary>
    public Endpoint Local { get; internal set; }

    /// <summary>The peer; port 0 while there is none.</summary>
    public Endpoint Remote { get; internal set; }

    /// <summary>Whatever the driver keeps with it.</summary>
    public object? Owner { get; set; }

    /// <summary>SO_REUSEADDR</summary>
    public bool ReuseAddress { get; set; }

    /// <summary>Hops that its packets may take; 0 leaves it to the host.</summary>
    public byte HopLimit { get; set; }

    /// <summary>Whether the program has closed it.</summary>
    public bool IsClosed { get; internal set; }

    internal bool IsBound { get; set; }

    internal bool IsSignalled { get; set; }

    internal Errno PendingFault { get; set; }

    /// <summary>SO_ERROR: what has gone wrong since it was last asked, once.</summary>
    public Errno TakeFault()
    {
        var fault = PendingFault;
        PendingFault = Errno.None;
        return fault;
    }
}

/// <summary>A mailbox for datagrams.</summary>
public sealed class UdpSocket : HostSocket
{
    /// <summary>Reported errors that wait to be taken (own choice: traceroute has 16 probes under way).</summary>
    public const int MaxErrors = 64;

    private readonly Queue<Datagram> _received = new();
    private readonly Queue<ReportedError> _errors = new();
    private int _bytes;

    internal UdpSocket(IpVersion version, int capacity)
        : base(version) => Capacity = capacity;

    /// <summary>Bytes of datagrams that may wait.</summary>
    public int Capacity { get; set; }

    /// <summary>Whether errors about its datagrams are kept for <see cref="TryTakeError"/>, whomever they were sent to.</summary>
    public bool ReportsErrors { get; set; }

    /// <summary>Whether a datagram waits.</summary>
    public bool IsReadable => _received.Count > 0;

    /// <summary>Whether the peer is fixed.</summary>
    public bool IsConnected => Remote.Address.Version != IpVersion.None;

    /// <summary>Takes the next datagram: <see cref="Errno.EAGAIN"/> when none waits.</summary>
    /// <param name="destination">Where its bytes go; what does not fit is lost.</param>
    /// <param name="length">Its full length.</param>
    /// <param name="remote">Who sent it.</param>
    public Errno Receive(Span<byte> destination, out int length, out Endpoint remote)
    {
        (length, remote) = (0, default);
        if (PendingFault != Errno.None) { return TakeFault(); }
        if (!TryTake(out var datagram)) { return Errno.EAGAIN; }
        var bytes = datagram.Frame.Span.Slice(datagram.Start, datagram.Length);
        bytes[..Math.Min(bytes.Length, destination.Length)].CopyTo(destination);
        (length, remote) = (datagram.Length, datagram.Remote);
        datagram.Frame.Release();
        return Errno.None;
    }

    /// <summary>Takes the next reported error.</summary>
    public bool TryTakeError(out ReportedError error) => _errors.TryDequeue(out error);

    internal void Report(in ReportedError error)
    {
        // The oldest goes: the last routers of a path are the ones still awaited.
        if (_errors.Count == MaxErrors) { _errors.Dequeue(); }
        _errors.Enqueue(error);
    }

    // Every datagram costs more than its bytes, so that empty ones cannot fill memory (Linux counts the buffer's true size).
    internal bool TryQueue(in Datagram datagram)
    {
        if (_bytes > 0 && _bytes + datagram.Cost > Capacity) { return false; }
        _bytes += datagram.Cost;
        _received.Enqueue(datagram);
        return true;
    }

    internal bool TryTake(out Datagram datagram)
    {
        if (!_received.TryDequeue(out datagram)) { return false; }
        _bytes -= datagram.Cost;
        return true;
    }

    internal override void OnDeadline(HostStack stack) { }

    internal readonly record struct Datagram(Frame Frame, int Start, int Length, Endpoint Remote)
    {
        public int Cost => Length + 256;
    }
}

/// <summary>One end of a TCP connection, or a listener.</summary>
public sealed class TcpSocket : HostSocket
{
    private Connection? _connection;

    internal TcpSocket(IpVersion version)
        : base(version) { }

    /// <summary>The connection's block, to be looked at.</summary>
    public ref readonly Tcb Tcb => ref Block;

    /// <summary>The connection's block. It is large, and a listener has none.</summary>
    internal ref Tcb Block => ref (_connection ??= new Connection()).Block;

    /// <summary>Whether it waits for clients.</summary>
    public bool IsListening { get; internal set; }

    /// <summary>Whether connect() has been called or it was accepted.</summary>
    public bool HasConnection { get; internal set; }

    /// <summary>Whether the three-way handshake was completed once.</summary>
    public bool WasEstablished { get; internal set; }

    /// <summary>Settings for its connection; listeners hand them on.</summary>
    public TcpSettings Settings { get; set; }

    /// <summary>Octets that can be read now.</summary>
    public int Readable => HasConnection && !ReceiveEnded ? Block.Readable : 0;

    /// <summary>Octets that can be written now.</summary>
    public int Writable => HasConnection && WasEstablished ? Block.SendSpace : 0;

    /// <summary>Whether a connection waits to be accepted.</summary>
    public bool IsAcceptable => AcceptQueue is { Count: > 0 };

    /// <summary>Of a listener: the next connection that a client has made, or <see cref="Errno.EAGAIN"/>.</summary>
    public Errno Accept(out TcpSocket connection)
    {
        connection = null!;
        if (!IsListening) { return Errno.EINVAL; }
        if (!AcceptQueue!.TryDequeue(out var next)) { return Errno.EAGAIN; }
        connection = next;
        connection.Listener = null;
        return Errno.None;
    }

    /// <summary>The bytes that came before the end of the connection.</summary>
    internal SequenceRing? ReceiveRing { get; set; }

    internal SequenceRing? SendRing { get; set; }

    internal bool ReceiveEnded { get; set; }

    internal bool SendEnded { get; set; }

    internal bool IsDead { get; set; }

    // Of a listener.
    internal Queue<TcpSocket>? AcceptQueue { get; set; }

    internal int Backlog { get; set; }

    internal int HalfOpen { get; set; }

    // Of a connection that a listener has begun and nobody has accepted.
    internal TcpSocket? Listener { get; set; }

    internal Firstbyte.Tracing.Instant HalfOpenSince { get; set; }

    internal Firstbyte.Tracing.Instant LastCookieAt { get; set; }

    // Its place in the table of ports.
    internal bool IsRegistered { get; set; }

    internal bool IsCountedAsConnection { get; set; }

    internal bool IsExplicitlyBound { get; set; }

    internal override void OnDeadline(HostStack stack) => stack.OnConnectionDeadline(this);

    private sealed class Connection
    {
        public Tcb Block;
    }
}
