using Firstbyte.Addressing;
using Firstbyte.Sockets;

namespace Firstbyte.Connecting;

/// <summary>Connections that may carry another exchange, kept until somebody takes them.</summary>
/// <remarks>
/// One for each client that keeps connections. An idle connection listens: when its peer ends it, or sends what nobody asked for, it is closed and leaves (RFC
/// 9112 9.3, 9.5). The name is looked up before a connection is taken, from a cache that heeds the TTL, so a server that has moved is noticed when its record
/// says so, and no sooner.
/// </remarks>
internal sealed class IdleConnections<T>(INetwork network) : IDisposable
    where T : class, IIdleConnection
{
    /// <summary>Idle connections kept to one origin: as many as browsers open (Chrome, Firefox: 6).</summary>
    public const int MaximumPerOrigin = 6;

    /// <summary>Idle connections kept in all; curl keeps 5 in a run, a browser 256.</summary>
    public const int Maximum = 64;

    /// <summary>How long an idle connection is trusted; servers commonly close after 60 to 75 s, .NET's client after 60 s.</summary>
    public static readonly TimeSpan MaximumTime = TimeSpan.FromSeconds(60);

    // The newest is last: the one most likely to be alive is handed out first. A list, because its order is the same in every run.
    private readonly List<(Origin Origin, T Connection, long Since)> _idle = [];
    private readonly Lock _lock = new();
    private bool _disposed;

    /// <summary>Kept at the moment.</summary>
    public int Count
    {
        get { lock (_lock) { return _idle.Count; } }
    }

    /// <summary>The youngest idle connection to an origin, for the caller to use and to give back by <see cref="Keep"/>; null when there is none.</summary>
    /// <param name="origin">Who is wanted.</param>
    /// <param name="addresses">The addresses that its name has now: a connection to another one is closed, so that none outlives what DNS
    /// says (null: whatever it says).</param>
    public T? Take(Origin origin, IpAddress[]? addresses = null)
    {
        while (true)
        {
            T connection;
            long since;
            lock (_lock)
            {
                var index = _idle.FindLastIndex(idle => idle.Origin == origin);
                if (index < 0) { return null; }
                (_, connection, since) = _idle[index];
                _idle.RemoveAt(index);
            }
            if (!connection.TryWake()) { continue; }
            var isTrusted = network.Time.GetElapsedTime(since) < MaximumTime;
            if (isTrusted && (addresses is null || connection.RemoteAddress is not { } remote || addresses.Contains(remote))) { return connection; }
            connection.Close();
        }
    }

    /// <summary>Keeps a connection for the next request to its origin; one that is closed already, or one too many, is let go.</summary>
    public void Keep(Origin origin, T connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (!connection.IsOpen) { return; }
        lock (_lock)
        {
            if (!_disposed && _idle.Count < Maximum && _idle.Count(idle => idle.Origin == origin) < MaximumPerOrigin)
            {
                _idle.Add((origin, connection, network.Time.GetTimestamp()));
                connection.BeginIdle(Forget);
                return;
            }
        }
        connection.Close();
    }

    /// <summary>Closes every idle connection.</summary>
    public void Dispose()
    {
        T[] all;
        lock (_lock)
        {
            _disposed = true;
            all = [.. _idle.Select(idle => idle.Connection)];
            _idle.Clear();
        }
        foreach (var connection in all)
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
