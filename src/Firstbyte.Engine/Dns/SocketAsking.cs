using Firstbyte.Addressing;
using Firstbyte.Sockets;

namespace Firstbyte.Dns;

/// <summary>One message to a server over a socket of its own, and the wait for its reply; disposed when nobody waits any more.</summary>
internal sealed class SocketAsking(INetwork network, Endpoint server, SocketKind kind, IUpstreamListener listener) : IDisposable
{
    private ISocket? _socket;

    public IUpstreamListener Listener { get; } = listener;

    public bool IsEnded { get; private set; }

    /// <summary>The question has left: what fails after that, somebody on the way has reported.</summary>
    public bool WasSent { get; set; }

    /// <summary>Connects, and converses as it is told.</summary>
    public void Run(Func<ISocket, Task> converse) => _ = RunAsync(converse);

    public void Dispose()
    {
        IsEnded = true;
        _socket?.Close();
    }

    private async Task RunAsync(Func<ISocket, Task> converse)
    {
        try
        {
            using var socket = network.CreateSocket(server.Address.Version, kind);
            _socket = socket;
            await socket.ConnectAsync(server);
            await converse(socket);
        }
        catch (NetworkException error)
        {
            // The end of an exchange closes its socket under the waiting call: that is no failure.
            if (!IsEnded) { Listener.Failed(new UpstreamFailure(error.Error, WasSent)); }
        }
        catch (Exception error)
        {
            Listener.Broke(error);
        }
    }
}
