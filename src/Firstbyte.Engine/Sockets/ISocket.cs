using Firstbyte.Addressing;

namespace Firstbyte.Sockets;

/// <summary>One end of a pipe, or a mailbox for datagrams: what socket() returned. Disposing closes it.</summary>
/// <remarks>
/// One receive (or accept) and one send (or connect) may wait at a time. Every waiting call ends with ECANCELED when the socket is closed under it, and with
/// <see cref="OperationCanceledException"/> when its token is cancelled; a cancelled connect leaves the socket unusable.
/// Calls allocate nothing when they can be answered at once.
/// </remarks>
public interface ISocket : IDisposable
{
    /// <summary>
    /// The number by which the stack tells its sockets apart: the real one on the operating system, the lowest free number from 3 on in a
    /// simulated host.
    /// </summary>
    int Descriptor { get; }

    /// <summary>The version given to socket().</summary>
    IpVersion Version { get; }

    /// <summary>The kind given to socket().</summary>
    SocketKind Kind { get; }

    /// <summary>The own address and port, once bound or connected; null before.</summary>
    Endpoint? LocalEndpoint { get; }

    /// <summary>The peer's address and port, once connected; null before.</summary>
    Endpoint? RemoteEndpoint { get; }

    /// <summary>The bind() call; port 0 lets the stack choose.</summary>
    /// <exception cref="NetworkException">EADDRINUSE, EADDRNOTAVAIL, EINVAL when already bound, EACCES.</exception>
    void Bind(Endpoint local);

    /// <summary>The listen() call: makes a stream socket wait for connections.</summary>
    void Listen(int backlog);

    /// <summary>The accept() call: the next connection that a client has made.</summary>
    ValueTask<ISocket> AcceptAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// The connect() call. For a datagram socket it fixes the peer: only its datagrams are received, and ICMP errors come back as
    /// ECONNREFUSED.
    /// </summary>
    /// <exception cref="NetworkException">ECONNREFUSED, ETIMEDOUT, ENETUNREACH, EHOSTUNREACH, EISCONN.</exception>
    ValueTask ConnectAsync(Endpoint remote, CancellationToken cancellationToken = default);

    /// <summary>
    /// The write() call on a connected socket: hands over the bytes and returns how many the stack took (for a stream possibly fewer than
    /// given).
    /// </summary>
    /// <exception cref="NetworkException">EPIPE, ECONNRESET, ENOTCONN, EMSGSIZE.</exception>
    ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);

    /// <summary>The read() call on a connected socket: the bytes that are there, up to the buffer's length; 0 when the peer has ended its direction.</summary>
    /// <exception cref="NetworkException">ECONNRESET, ECONNREFUSED (datagrams), ENOTCONN.</exception>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>The sendto() call of a datagram socket.</summary>
    ValueTask<int> SendToAsync(ReadOnlyMemory<byte> data, Endpoint remote, CancellationToken cancellationToken = default);

    /// <summary>The recvfrom() call of a datagram socket; a datagram longer than the buffer is cut and marked.</summary>
    ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>The shutdown() call: ends one or both directions of a connected stream; the descriptor stays.</summary>
    void Shutdown(SocketDirections directions);

    /// <summary>The setsockopt() call.</summary>
    void SetOption(SocketOption option, int value);

    /// <summary>The getsockopt() call.</summary>
    int GetOption(SocketOption option);

    /// <summary>
    /// The close() call: ends the connection in order (or, with <see cref="SocketOption.LingerSeconds"/> 0, by a reset) and frees the
    /// descriptor. Closing twice is harmless.
    /// </summary>
    void Close();
}

/// <summary>What recvfrom() gave.</summary>
/// <param name="Length">Bytes put into the buffer.</param>
/// <param name="Remote">Who sent it.</param>
/// <param name="Truncated">The datagram was longer than the buffer; the rest is gone.</param>
public readonly record struct ReceivedDatagram(int Length, Endpoint Remote, bool Truncated);

/// <summary>The directions of a stream, as shutdown() names them.</summary>
[Flags]
public enum SocketDirections
{
    /// <summary>SHUT_RD</summary>
    Receive = 1,

    /// <summary>SHUT_WR</summary>
    Send = 2,

    /// <summary>SHUT_RDWR</summary>
    Both = 3,
}

/// <summary>The options that Firstbyte sets. Values are the option's own units; booleans are 0 and 1.</summary>
public enum SocketOption
{
    /// <summary>SO_REUSEADDR</summary>
    ReuseAddress,

    /// <summary>TCP_NODELAY: do not wait for more data before a small segment is sent.</summary>
    NoDelay,

    /// <summary>SO_KEEPALIVE</summary>
    KeepAlive,

    /// <summary>SO_LINGER: -1 off (close returns at once and data is still sent), 0 close by reset, otherwise seconds.</summary>
    LingerSeconds,

    /// <summary>SO_RCVBUF in bytes.</summary>
    ReceiveBuffer,

    /// <summary>SO_SNDBUF in bytes.</summary>
    SendBuffer,

    /// <summary>IPV6_V6ONLY</summary>
    V6Only,

    /// <summary>IP_TTL or IPV6_UNICAST_HOPS.</summary>
    TimeToLive,
}
