using Firstbyte.Addressing;
using Firstbyte.Errors;

namespace Firstbyte.Sockets;

/// <summary>Listens, and serves every connection in a flow of its own, up to a limit: what each server over streams does, whatever it speaks.</summary>
/// <param name="network">Where it listens.</param>
/// <param name="backlog">Connections that wait to be accepted (listen()'s backlog).</param>
/// <param name="maximumConnections">Connections at a time; one more is closed at once.</param>
internal sealed class StreamListener(INetwork network, int backlog, int maximumConnections) : IDisposable
{
    // How long accept() rests when the host is out of descriptors: long enough for a connection to end, short enough not to be noticed.
    private static readonly TimeSpan s_acceptPause = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<ISocket> _connections = [];
    private readonly Lock _lock = new();
    private ISocket? _listener;
    private volatile bool _stopped;

    /// <summary>Where it listens, once started.</summary>
    public Endpoint? LocalEndpoint { get; private set; }

    /// <summary>Connections at the moment.</summary>
    public int Count
    {
        get { lock (_lock) { return _connections.Count; } }
    }

    /// <summary>Binds and listens; port 0 lets the stack choose. Returns the own address.</summary>
    /// <exception cref="NetworkException">EADDRINUSE, EACCES, EADDRNOTAVAIL.</exception>
    public Endpoint Start(Endpoint local)
    {
        if (_listener is not null) { throw new InvalidOperationException("the server has been started"); }
        var listener = network.CreateSocket(local.Address.Version, SocketKind.Stream);
        try
        {
            listener.SetOption(SocketOption.ReuseAddress, 1);
            listener.Bind(local);
            listener.Listen(backlog);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
        _listener = listener;
        LocalEndpoint = listener.LocalEndpoint ?? local;
        return LocalEndpoint.Value;
    }

    /// <summary>Accepts and serves until the token is cancelled or the listener is disposed.</summary>
    /// <param name="serve">Serves one connection to its end. Its socket is closed behind it; that the client left, or time ran out, is no failure.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Func<ISocket, CancellationToken, Task> serve, CancellationToken cancellationToken = default)
    {
        var listener = _listener ?? throw new InvalidOperationException("the server has not been started");
        using var registration = cancellationToken.UnsafeRegister(static state => ((StreamListener)state!).Dispose(), this);
        while (!_stopped)
        {
            ISocket socket;
            try { socket = await listener.AcceptAsync(cancellationToken); }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { return; }
            catch (NetworkException) when (_stopped) { return; }
            catch (NetworkException error) when (error.Error == Errno.ECONNABORTED) { continue; }
            catch (NetworkException error) when (error.Error is Errno.EMFILE or Errno.ENOBUFS)
            {
                await Task.Delay(s_acceptPause, network.Time, CancellationToken.None);
                continue;
            }
            // Serving goes on beside accepting; it ends by itself and tells its failures.
            _ = ServeAsync(socket, serve, cancellationToken);
        }
    }

    /// <summary>Stops listening and closes every connection.</summary>
    public void Dispose()
    {
        ISocket[] all;
        lock (_lock)
        {
            _stopped = true;
            all = [.. _connections];
        }
        _listener?.Dispose();
        foreach (var connection in all) { connection.Dispose(); }
    }

    private async Task ServeAsync(ISocket socket, Func<ISocket, CancellationToken, Task> serve, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_stopped || _connections.Count >= maximumConnections)
            {
                socket.Dispose();
                return;
            }
            _connections.Add(socket);
        }
        try
        {
            // Each answer is one send: nothing is won by waiting for more.
            socket.SetOption(SocketOption.NoDelay, 1);
            await serve(socket, cancellationToken);
        }
        catch (IOException) { /* The client went away: that is its right, and there is nobody left to tell. */ }
        catch (OperationCanceledException) { /* The server is stopping, or the client was silent for too long. */ }
        finally
        {
            socket.Dispose();
            lock (_lock) { _connections.Remove(socket); }
        }
    }
}
