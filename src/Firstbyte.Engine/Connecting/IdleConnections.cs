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
internal sealed class IdleConnections<T> : IDisposable
    where T : class, IIdleConnection
{
    // Routes to which nothing is kept any more that are remembered all the same, so that one connection in use makes no garbage (own choice).
    private const int MostEmptyRoutes = 16;

    // The newest is last: the one most likely to be alive is handed out first. Numbered, so that what is closed together is closed in the same order in every
    // run.
    private readonly Dictionary<Route, List<Idle>> _idle = [];
    private readonly Lock _lock = new();
    private readonly Action<IIdleConnection> _forget;
    private int _count;
    private long _kept;
    private long _nothingExpiresBefore = long.MaxValue;
    private readonly INetwork _network;
    private readonly PoolLimits _limits;
    private readonly long _lifetime;
    private readonly long _idleTime;
    private bool _disposed;

    /// <param name="network">The clock, for limits of time.</param>
    /// <param name="limits">What is kept, and for how long.</param>
    public IdleConnections(INetwork network, PoolLimits limits)
    {
        (_network, _limits, _forget) = (network, limits, Forget);
        (_lifetime, _idleTime) = (TicksOf(limits.MaximumLifetime, network.Time), TicksOf(limits.MaximumIdleTime, network.Time));
    }

    /// <summary>Kept at the moment.</summary>
    public int Count
    {
        get { lock (_lock) { return _count; } }
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
                if (!_idle.TryGetValue(route, out var list) || list is not [.., var last]) { return null; }
                connection = last.Connection;
                list.RemoveAt(list.Count - 1);
                _count--;
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
        var now = _network.Time.GetTimestamp();
        if (now < EndOf(connection.OpenedAt, _lifetime))
        {
            lock (_lock)
            {
                if (!_disposed && _count < _limits.Maximum && ListOf(route) is var list && list.Count < _limits.MaximumPerOrigin)
                {
                    var idle = new Idle(connection, _kept++, Math.Min(EndOf(now, _idleTime), EndOf(connection.OpenedAt, _lifetime)));
                    list.Add(idle);
                    _count++;
                    _nothingExpiresBefore = Math.Min(_nothingExpiresBefore, idle.Expires);
                    connection.BeginIdle(_forget);
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
        CloseUpTo(long.MaxValue);
    }

    private List<Idle> ListOf(Route route)
    {
        if (_idle.TryGetValue(route, out var list)) { return list; }
        if (_idle.Count - _count >= MostEmptyRoutes)
        {
            foreach (var (empty, _) in _idle.Where(static one => one.Value.Count == 0).ToArray()) { _idle.Remove(empty); }
        }
        return _idle[route] = [];
    }

    private void CloseExpired()
    {
        // Asked at every turn: as a rule it is known that nothing can be over yet.
        var now = _network.Time.GetTimestamp();
        if (now >= Volatile.Read(ref _nothingExpiresBefore)) { CloseUpTo(now); }
    }

    private void CloseUpTo(long until)
    {
        List<Idle> over = [];
        lock (_lock)
        {
            var next = long.MaxValue;
            foreach (var list in _idle.Values)
            {
                over.AddRange(list.Where(idle => idle.Expires <= until));
                list.RemoveAll(idle => idle.Expires <= until);
                foreach (var idle in list) { next = Math.Min(next, idle.Expires); }
            }
            _count -= over.Count;
            _nothingExpiresBefore = next;
        }
        foreach (var idle in over.OrderBy(static idle => idle.Number))
        {
            if (idle.Connection.TryWake()) { idle.Connection.Close(); }
        }
    }

    private void Forget(IIdleConnection connection)
    {
        lock (_lock)
        {
            foreach (var list in _idle.Values)
            {
                var index = list.FindIndex(idle => ReferenceEquals(idle.Connection, connection));
                if (index < 0) { continue; }
                list.RemoveAt(index);
                _count--;
                return;
            }
        }
    }

    // On the clock of timestamps, whose ticks are the network's own; without end where there is no limit, or none that a clock comes to.
    private static long EndOf(long since, long ticks) => ticks == long.MaxValue ? long.MaxValue : since + ticks;

    private static long TicksOf(TimeSpan limit, TimeProvider time) =>
        limit == Timeout.InfiniteTimeSpan ? long.MaxValue : (long)Math.Min(limit.TotalSeconds * time.TimestampFrequency, long.MaxValue / 4);

    private readonly record struct Idle(T Connection, long Number, long Expires);
}
