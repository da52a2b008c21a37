using Firstbyte.Connecting;
using Firstbyte.Sockets;

namespace Firstbyte.Http;

/// <summary>Connections that may carry another exchange, kept until somebody takes them.</summary>
/// <remarks>An idle connection listens: when its peer ends it, or sends what nobody asked for, it is closed and leaves (RFC 9112 9.3, 9.5).</remarks>
internal sealed class IdleConnections(INetwork network) : IDisposable
{
    /// <summary>Idle connections kept to one origin: as many as browsers open (Chrome, Firefox: 6).</summary>
    public const int MaximumPerOrigin = 6;

    /// <summary>Idle connections kept in all; curl keeps 5 in a run, a browser 256.</summary>
    public const int Maximum = 64;

    /// <summary>How long an idle connection is trusted; servers commonly close after 60 to 75 s, .NET's client after 60 s.</summary>
    public static readonly TimeSpan MaximumTime = TimeSpan.FromSeconds(60);

    // The newest is last: the one most likely to be alive is handed out first. A list, because its order is the same in every run.
    private readonly List<(Origin Origin, HttpConnection Connection, long Since)> _idle = [];
    private readonly Lock _lock = new();
    private bool _disposed;

    /// <summary>Kept at the moment.</summary>
    public int Count
    {
        get { lock (_lock) { return _idle.Count; } }
    }

    /// <summary>The youngest idle connection to an origin, for the caller to use and to give back by <see cref="Keep"/>; null when there is none.</summary>
    public HttpConnection? Take(Origin origin)
    {
        while (true)
        {
            HttpConnection connection;
            long since;
            lock (_lock)
            {
                var index = _idle.FindLastIndex(idle => idle.Origin == origin);
                if (index < 0) { return null; }
                (_, connection, since) = _idle[index];
                _idle.RemoveAt(index);
            }
            if (!connection.TryWake()) { continue; }
            if (network.Time.GetElapsedTime(since) < MaximumTime) { return connection; }
            connection.Close();
        }
    }

    /// <summary>Keeps a connection for the next request to its origin; one that is closed already, or one too many, is let go.</summary>
    public void Keep(Origin origin, HttpConnection connection)
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
        HttpConnection[] all;
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

    private void Forget(HttpConnection connection)
    {
        lock (_lock)
        {
            var index = _idle.FindIndex(idle => ReferenceEquals(idle.Connection, connection));
            if (index >= 0) { _idle.RemoveAt(index); }
        }
    }
}
