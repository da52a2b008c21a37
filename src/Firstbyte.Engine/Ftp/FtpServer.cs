using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Ftp;

/// <summary>
/// A small FTP server over any network (RFC 959 5.1's minimum, and EPSV, SIZE, MDTM, MLSD, REST, APPE): a lab's, and a test's. Passive
/// data connections only.
/// </summary>
/// <remarks>
/// Each control connection is one asynchronous flow, as with the other servers; a client that says nothing for <see cref="s_patience"/> is
/// sent away.
/// </remarks>
public sealed class FtpServer(INetwork network, FtpSite site, Func<ValueTask>? think = null) : IDisposable
{
    // vsftpd: idle_session_timeout 300 s; max_clients.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(300);
    private const int MaximumConnections = 256;

    private readonly HashSet<ISocket> _connections = [];
    private readonly Lock _lock = new();
    private ISocket? _listener;
    private bool _stopped;

    /// <summary>Binds and listens; port 0 lets the stack choose. Returns the own address.</summary>
    /// <exception cref="NetworkException">EADDRINUSE, EACCES, EADDRNOTAVAIL.</exception>
    public Endpoint Start(Endpoint local)
    {
        var listener = network.CreateSocket(local.Address.Version, SocketKind.Stream);
        try
        {
            listener.SetOption(SocketOption.ReuseAddress, 1);
            listener.Bind(local);
            listener.Listen(64);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
        _listener = listener;
        return listener.LocalEndpoint ?? local;
    }

    /// <summary>Accepts and serves until the server is disposed.</summary>
    public async Task RunAsync()
    {
        var listener = _listener ?? throw new InvalidOperationException("the server has not been started");
        while (!_stopped)
        {
            ISocket socket;
            try { socket = await listener.AcceptAsync(); }
            catch (NetworkException) when (_stopped) { return; }
            catch (NetworkException e) when (e.Error == Errno.ECONNABORTED) { continue; }
            _ = ServeAsync(socket);
        }
    }

    /// <inheritdoc/>
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

    private async Task ServeAsync(ISocket socket)
    {
        lock (_lock)
        {
            if (_stopped || _connections.Count >= MaximumConnections)
            {
                socket.Dispose();
                return;
            }
            _connections.Add(socket);
        }
        try
        {
            socket.SetOption(SocketOption.NoDelay, 1);
            using var session = new FtpServerSession(network, socket, site, think, s_patience);
            await session.RunAsync();
        }
        catch (NetworkException) { /* The client went away: that is its right, and there is nobody left to tell. */ }
        catch (OperationCanceledException) { /* It was silent for too long. */ }
        finally
        {
            socket.Dispose();
            lock (_lock) { _connections.Remove(socket); }
        }
    }
}
