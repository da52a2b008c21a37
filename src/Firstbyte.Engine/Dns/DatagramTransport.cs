using Firstbyte.Sockets;

namespace Firstbyte.Dns;

/// <summary>Datagrams, each from a socket of its own that is connected to the server: the stack chooses the port at random, and drops what others send
/// (RFC 5452 section 9.2).</summary>
internal sealed class DatagramTransport(INetwork network) : IUpstreamTransport
{
    /// <summary>A datagram longer than offered may still come; what exceeds this is cut, and asked for over TCP.</summary>
    private const int ReceiveBuffer = 4096;

    private readonly IDatagramExchanges? _exchanges = (network as IExchangeNetwork)?.OpenExchanges();

    public IDisposable Ask(UpstreamQuery query, IUpstreamListener listener)
    {
        if (_exchanges is not null) { return _exchanges.Ask(query.Server, query.Message, listener); }
        var asking = new SocketAsking(network, query.Server, SocketKind.Datagram, listener);
        asking.Run(socket => ConverseAsync(asking, socket, query.Message));
        return asking;
    }

    public void Dispose() => _exchanges?.Dispose();

    private static async Task ConverseAsync(SocketAsking asking, ISocket socket, byte[] message)
    {
        await socket.SendAsync(message);
        asking.WasSent = true;
        var buffer = new byte[ReceiveBuffer];
        // Ends with the exchange: its timer or its answer closes the socket. Strangers' datagrams end it after a few (near misses).
        while (!asking.IsEnded)
        {
            var length = await socket.ReceiveAsync(buffer);
            asking.Listener.Received(buffer.AsSpan(0, length));
        }
    }
}
