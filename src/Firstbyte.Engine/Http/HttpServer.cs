using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Http;

/// <summary>How patient a server is, and how many it serves.</summary>
public sealed record HttpServerOptions
{
    /// <summary>The defaults.</summary>
    public static readonly HttpServerOptions Default = new();

    /// <summary>How long a kept connection may be without a request (nginx: keepalive_timeout 75 s).</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>How long a request's head may take from its first byte (nginx: client_header_timeout 60 s).</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long nothing may move inside a body, in either direction (nginx: client_body_timeout and send_timeout, 60 s).</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a closing server reads on, so that its last bytes are not lost to a reset (nginx: lingering_timeout 5 s; RFC 9112 9.6).</summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of a body that a handler left unread and that are read over to keep the connection; a longer one closes it.</summary>
    public int DrainLimit { get; init; } = 64 * 1024;

    /// <summary>Connections at a time; one more is closed at once (nginx: worker_connections 512).</summary>
    public int MaximumConnections { get; init; } = 1024;

    /// <summary>Connections that wait to be accepted (listen()'s backlog; nginx: 511).</summary>
    public int Backlog { get; init; } = 511;

    /// <summary>Puts another layer over an accepted socket, such as TLS; the plain socket without it.</summary>
    public Func<ISocket, CancellationToken, ValueTask<IByteStream>>? Upgrade { get; init; }

    /// <summary>Told of an exception that a handler threw; the client gets 500.</summary>
    public Action<Exception>? HandlerFailed { get; init; }
}

/// <summary>A small HTTP/1.1 server over any network: accepts connections, reads requests, asks the handler, sends its answers.</summary>
/// <remarks>Each connection is one asynchronous flow; none of them needs a thread. In a simulation they all run in the kernel's own.</remarks>
public sealed class HttpServer(INetwork network, IHttpHandler handler, HttpServerOptions? options = null) : IDisposable
{
    // How long accept() rests when the host is out of descriptors: long enough for a connection to end, short enough not to be noticed.
    private static readonly TimeSpan s_acceptPause = TimeSpan.FromMilliseconds(100);

    private readonly HttpServerOptions _options = options ?? HttpServerOptions.Default;
    private readonly List<ServerConnection> _connections = [];
    private readonly Lock _lock = new();
    private ISocket? _listener;
    private bool _stopped;

    /// <summary>Where it listens, once started.</summary>
    public Endpoint? LocalEndpoint { get; private set; }

    /// <summary>Connections at the moment.</summary>
    public int ConnectionCount
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
            listener.Listen(_options.Backlog);
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

    /// <summary>Accepts and serves until the token is cancelled or the server is disposed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        var listener = _listener ?? throw new InvalidOperationException("the server has not been started");
        using var registration = cancellationToken.UnsafeRegister(static state => ((HttpServer)state!).Dispose(), this);
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
            _ = ServeAsync(socket, cancellationToken);
        }
    }

    /// <summary>Stops listening and closes every connection.</summary>
    public void Dispose()
    {
        ServerConnection[] all;
        lock (_lock)
        {
            _stopped = true;
            all = [.. _connections];
            _connections.Clear();
        }
        _listener?.Dispose();
        foreach (var connection in all) { connection.Dispose(); }
    }

    private async Task ServeAsync(ISocket socket, CancellationToken cancellationToken)
    {
        ServerConnection? connection = null;
        try
        {
            lock (_lock)
            {
                if (_stopped || _connections.Count >= _options.MaximumConnections)
                {
                    socket.Dispose();
                    return;
                }
            }
            // Each answer is one send: nothing is won by waiting for more.
            socket.SetOption(SocketOption.NoDelay, 1);
            var stream = _options.Upgrade is { } upgrade ? await upgrade(socket, cancellationToken) : new SocketByteStream(socket);
            connection = new ServerConnection(
                stream, network, handler, _options, socket.RemoteEndpoint, reset =>
                    socket.SetOption(SocketOption.LingerSeconds, reset ? 0 : -1));
            lock (_lock)
            {
                if (!_stopped) { _connections.Add(connection); }
            }
            if (_stopped) { return; }
            await connection.ServeAsync(cancellationToken);
        }
        catch (IOException) { /* The client went away: that is its right, and there is nobody left to tell. */ }
        catch (OperationCanceledException) { /* The server is stopping. */ }
        finally
        {
            connection?.Dispose();
            socket.Dispose();
            lock (_lock)
            {
                if (connection is not null) { _connections.Remove(connection); }
            }
        }
    }
}
