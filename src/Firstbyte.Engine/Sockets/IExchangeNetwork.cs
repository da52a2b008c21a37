using Firstbyte.Addressing;
using Firstbyte.Errors;

namespace Firstbyte.Sockets;

/// <summary>A network on which one can ask a server by a datagram, and hear its replies, without a task and a buffer for each question.</summary>
/// <remarks>
/// A resolver asks thousands of servers a second, each from a port of its own that nobody can guess (RFC 5452 section 9.2). By <see cref="ISocket"/> the same is
/// done where there is no such thing; what leaves the host is the same.
/// </remarks>
public interface IExchangeNetwork : INetwork
{
    /// <summary>Opens what waits for replies; null where there is no such thing.</summary>
    IDatagramExchanges? OpenExchanges();
}

/// <summary>Asks servers by datagrams and waits for replies, on a thread of its own.</summary>
public interface IDatagramExchanges : IDisposable
{
    /// <summary>Asks a server from a new port, by a socket that is connected to it; ends by itself when that fails.</summary>
    /// <param name="server">Whom.</param>
    /// <param name="message">The datagram.</param>
    /// <param name="listener">Hears what comes of it, on any thread, until the result is disposed; also within this call.</param>
    IDisposable Ask(Endpoint server, ReadOnlySpan<byte> message, IExchangeListener listener);
}

/// <summary>Hears what comes of asking a server.</summary>
public interface IExchangeListener
{
    /// <summary>A datagram came from the server; its bytes stay as they are for the length of the call.</summary>
    void Received(ReadOnlySpan<byte> datagram);

    /// <summary>It could not be asked, or what stands between says that it is not there. Nothing follows.</summary>
    void Failed(Errno error);
}
