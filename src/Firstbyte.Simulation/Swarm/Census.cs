using Firstbyte.Hosts;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Swarm;

/// <summary>Counts, every other second of a world, what its machines hold: connections, sockets, frames, events to come.</summary>
internal sealed class Census(SwarmWorld world)
{
    /// <summary>More than any of these worlds needs; a queue that grows without bound passes it.</summary>
    private const int MostEventsPending = 20_000;

    private const int MostFrames = 40_000;

    private const int MostConnections = 2_000;

    /// <summary>Where nothing is lost, a close takes some round trips; this is many.</summary>
    private static readonly TimeSpan s_longestClose = TimeSpan.FromSeconds(20);

    private readonly Dictionary<TcpSocket, Instant> _closing = [];

    /// <summary>Takes a census.</summary>
    /// <param name="isHealthy">Whether nothing has gone wrong since the present connections began.</param>
    public void Take(bool isHealthy)
    {
        world.Book.Note(Invariant.Bounds);
        if (world.Kernel.EventsPending > MostEventsPending) { world.Book.Break(Invariant.Bounds, "world", $"{world.Kernel.EventsPending} events are to come"); }
        if (world.Pool.Outstanding > MostFrames) { world.Book.Break(Invariant.Bounds, "world", $"{world.Pool.Outstanding} frames are in use"); }
        foreach (var station in world.Stations)
        {
            if (station.IsUp) { TakeAt(station, isHealthy); }
        }
    }

    /// <summary>Takes the last census of a healed world, in which everything has been given back.</summary>
    public void TakeLast()
    {
        foreach (var station in world.Stations)
        {
            var stack = station.Machine.Stack;
            world.Book.Note(Invariant.ReleasedSockets);
            if (stack.Connections.FirstOrDefault() is { } left)
            {
                world.Book.Break(
                    Invariant.ReleasedSockets, station.Name,
                    $"{stack.Connections.Count()} connection(s) are left, among them {left.Local} to {left.Remote} in {left.Tcb.State}");
            }
            var open = station.Machine.Network.Sockets.Count();
            if (open != station.IdleSockets)
            {
                world.Book.Break(
                    Invariant.ReleasedSockets, station.Name,
                    $"{open} sockets are open, and {station.IdleSockets} were before anybody came");
            }
        }
    }

    private void TakeAt(Station station, bool isHealthy)
    {
        var connections = 0;
        TcpSocket? last = null;
        foreach (var connection in station.Machine.Stack.Connections)
        {
            connections++;
            world.Book.Note(Invariant.FourTuple);
            if (last is not null && last.Local == connection.Local && last.Remote == connection.Remote)
            {
                world.Book.Break(Invariant.FourTuple, station.Name, $"two connections from {connection.Local} to {connection.Remote}");
            }
            last = connection;
            world.Book.Note(Invariant.ReleasedSockets);
            if (connection.Tcb.State == TcpState.Closed)
            {
                world.Book.Break(
                    Invariant.ReleasedSockets, station.Name,
                    $"the connection from {connection.Local} to {connection.Remote} is over and still in the table");
            }
            if (isHealthy) { CheckClosing(station, connection); }
        }
        if (connections > MostConnections) { world.Book.Break(Invariant.Bounds, station.Name, $"{connections} connections"); }
    }

    private void CheckClosing(Station station, TcpSocket connection)
    {
        world.Book.Note(Invariant.OrderlyEnd);
        if (connection.Tcb.State is not (TcpState.FinWait1 or TcpState.Closing or TcpState.LastAck)) { return; }
        var now = world.Kernel.Now;
        if (!_closing.TryGetValue(connection, out var since)) { _closing.Add(connection, now); }
        else if (now - since > s_longestClose)
        {
            world.Book.Break(
                Invariant.OrderlyEnd, station.Name,
                $"the connection from {connection.Local} to {connection.Remote} has been in {connection.Tcb.State} for {(now - since).TotalSeconds:0} s, and nothing goes wrong");
        }
    }
}
