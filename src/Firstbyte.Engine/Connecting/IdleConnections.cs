using Firstbyte.Addressing;
using Firstbyte.Sockets;

namespace Firstbyte.Connecting;

/// <summary>Connections that may carry another exchange, kept until somebody takes them.</summary>
/// <remarks>
/// One for each client that keeps connections. An idle connection listens: when its peer ends it, or sends what nobody asked for, it is closed and leaves (RFC
/// 9112 9.3, 9.5). The name is looked up before a connection is taken, from a cache that heeds the TTL, so a server that has moved is noticed when its record
/// says so, and no sooner. Connections that are past a limit of time are closed whenever one is taken or kept, whosever they are: there is no timer, which
/// would keep a world of virtual time awake.
/// </remarks>
internal sealed class IdleConnections<T>(INetwork network, PoolLimits limits) : IDisposable
    where T : class, IIdleConnection
{
    // The newest is last: the one most likely to be alive is handed out first. A list, because its order is the same in every run.
    private readonly List<(Route Route, T Connection, long Since)> _idle = [];
    private readonly Lock _lock = new();
    private bool _disposed;

    /// <summary>Kept at the moment.</summary>
    public int Count
    {
        get { lock (_lock) { return _idle.Count; } }
    }

    /// <summary>The youngest idle connection on a route, for the caller to use and to give back by <see cref="Keep"/>; null when there is none.</summary>
    /// <param name="route">Who is wanted, and by which way.</param>
    /// <param name="addresses">The addresses that the name has now, a proxy's where there is one: a connection to another one is closed, so that none outlives
    /// what DNS
    /// says (null: whatever it says).</param>
    public T? Take(Route route, IpAddress[]? addresses = null)
    {
        CloseExpired();
        while (true)
        {
            T connection;
            lock (_lock)
            {
                var index = _idle.FindLastIndex(idle => idle.Route == route);
                if (index < 0) { return null; }
                connection = _idle[index].Connection;
                _idle.RemoveAt(index);
            }
            if (!connection.TryWake()) { continue; }
            if (addresses is null || connection.RemoteAddress is not { } remote || addresses.Contains(remote)) { return connection; }
            connection.Close();
        }
    }

    /// <summary>Keeps a connection for the next request on its route; one that is closed already, too old, or one too many, is let go.</summary>
    public void Keep(Route route, T connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        CloseExpired();
        if (!connection.IsOpen) { return; }
        if (!HasPassed(connection.OpenedAt, limits.MaximumLifetime))
        {
            lock (_lock)
            {
                if (!_disposed && _idle.Count < limits.Maximum && _idle.Count(idle => idle.Route == route) < limits.MaximumPerOrigin)
                {
                    _idle.Add((route, connection, network.Time.GetTimestamp()));
                    connection.BeginIdle(Forget);
                    return;
                }
            }
        }
        connection.Close();
    }

    /// <summary>Closes every idle connection.</summary>
    public void Dispose()
    {
        lock (_lock) { _disposed = true; }
        CloseWhere(static _ => true);
    }

    private void CloseExpired()
    {
        // Most pools are empty, or hold one connection that is young.
        lock (_lock)
        {
            if (!_idle.Exists(HasExpired)) { return; }
        }
        CloseWhere(HasExpired);
    }

    private bool HasExpired((Route Route, T Connection, long Since) idle) =>
        HasPassed(idle.Since, limits.MaximumIdleTime) || HasPassed(idle.Connection.OpenedAt, limits.MaximumLifetime);

    private bool HasPassed(long since, TimeSpan limit) => limit != Timeout.InfiniteTimeSpan && network.Time.GetElapsedTime(since) >= limit;

    private void CloseWhere(Predicate<(Route Route, T Connection, long Since)> isOver)
    {
        T[] over;
        lock (_lock)
        {
            over = [.. _idle.Where(idle => isOver(idle)).Select(static idle => idle.Connection)];
            _idle.RemoveAll(isOver);
        }
        foreach (var connection in over)
        {
            if (connection.TryWake()) { connection.Close(); }
        }
    }

    private void Forget(IIdleConnection connection)
    {
        lock (_lock)
        {
            var index = _idle.FindIndex(idle => ReferenceEquals(idle.Connection, connection));
            if (index >= 0) { _idle.RemoveAt(index); }
        }
    }
}
