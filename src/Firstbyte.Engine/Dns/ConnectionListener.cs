using Firstbyte.Dns.Wire;
using Firstbyte.Sockets;

namespace Firstbyte.Dns;

/// <summary>Accepts the TCP connections of a server and keeps their number within its limit.</summary>
internal sealed class ConnectionListener(DnsServer server, ISocket socket)
{
    /// <summary>Out of descriptors, accept() fails at once and again: so long it is left alone.</summary>
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// And so long where a connection was given up for the next: its descriptor is on its way back. Behind many that idle somebody may wait who asks.
    /// </summary>
    private static readonly TimeSpan EvictionPause = TimeSpan.FromMilliseconds(1);

    private readonly ServedQueryPool _unused = new(
        server.Options.Tls is null ? DnsTransport.Tcp : DnsTransport.Tls, DnsConnection.FirstBufferLength, MessageView.MaxLength);
    private readonly Lock _lock = new();
    private readonly List<DnsConnection> _open = [];
    private readonly InFlight _running = new(int.MaxValue);

    public async Task RunAsync()
    {
        try
        {
            while (!server.Stopping.IsCancellationRequested)
            {
                if (await AcceptAsync() is not { } accepted) { continue; }
                server.TellAccepted();
                server.Options.Counters?.Accepted();
                if (MakeRoom()) { _ = ServeAsync(new DnsConnection(server, accepted, _unused)); }
                else
                {
                    server.Options.Counters?.Refused();
                    server.TellClosed(accepted.RemoteEndpoint, DnsConnectionEnd.Refused, 0);
                    accepted.Close();
                }
            }
        }
        finally
        {
            CloseAll();
            await _running.EmptyAsync();
        }
    }

    /// <summary>The next connection; null when there is none this time.</summary>
    private async Task<ISocket?> AcceptAsync()
    {
        TimeSpan pause;
        try { return await socket.AcceptAsync(); }
        catch (NetworkException) when (server.Stopping.IsCancellationRequested) { return null; }
        catch (NetworkException failure)
        {
            server.TellAcceptFailed(failure.Error);
            pause = Evict() ? EvictionPause : AcceptPause;
        }
        try { await Task.Delay(pause, server.Network.Time, server.Stopping); }
        catch (OperationCanceledException) when (server.Stopping.IsCancellationRequested) { return null; }
        return null;
    }

    private async Task ServeAsync(DnsConnection connection)
    {
        _running.Enter();
        lock (_lock) { _open.Add(connection); }
        try { await connection.RunAsync(); }
        finally
        {
            lock (_lock) { _open.Remove(connection); }
            server.Options.Counters?.Closed();
            _running.Leave();
        }
    }

    /// <summary>RFC 7766 section 6.2.3: under pressure the connection that has been idle longest goes first.</summary>
    private bool MakeRoom()
    {
        lock (_lock)
        {
            if (_open.Count < server.Options.MaxConnections) { return true; }
        }
        return Evict();
    }

    private bool Evict()
    {
        DnsConnection? oldest = null;
        lock (_lock)
        {
            foreach (var connection in _open)
            {
                if (connection.IsIdle && (oldest is null || connection.LastActivity < oldest.LastActivity)) { oldest = connection; }
            }
            if (oldest is null) { return false; }
            _open.Remove(oldest);
        }
        oldest.Close(DnsConnectionEnd.Evicted);
        return true;
    }

    private void CloseAll()
    {
        List<DnsConnection> open;
        lock (_lock) { open = [.. _open]; }
        foreach (var connection in open) { connection.Close(DnsConnectionEnd.ServerStopped); }
    }
}
