using Firstbyte.Addressing;
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
    private readonly HttpServerOptions _options = options ?? HttpServerOptions.Default;

    private readonly StreamListener _listener = new(
        network, (options ?? HttpServerOptions.Default).Backlog, (options ?? HttpServerOptions.Default).MaximumConnections);

    /// <summary>Where it listens, once started.</summary>
    public Endpoint? LocalEndpoint => _listener.LocalEndpoint;

    /// <summary>Connections at the moment.</summary>
    public int ConnectionCount => _listener.Count;

    /// <summary>Binds and listens; port 0 lets the stack choose. Returns the own address.</summary>
    /// <exception cref="NetworkException">EADDRINUSE, EACCES, EADDRNOTAVAIL.</exception>
    public Endpoint Start(Endpoint local) => _listener.Start(local);

    /// <summary>Accepts and serves until the token is cancelled or the server is disposed.</summary>
    public Task RunAsync(CancellationToken cancellationToken = default) => _listener.RunAsync(ServeAsync, cancellationToken);

    /// <summary>Stops listening and closes every connection.</summary>
    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(ISocket socket, CancellationToken cancellationToken)
    {
        var stream = _options.Upgrade is { } upgrade ? await upgrade(socket, cancellationToken) : new SocketByteStream(socket);
        using var connection = new ServerConnection(
            stream, network, handler, _options, socket.RemoteEndpoint, reset => socket.SetOption(SocketOption.LingerSeconds, reset ? 0 : -1));
        await connection.ServeAsync(cancellationToken);
    }
}
