using Firstbyte.Addressing;
using Firstbyte.Simulation.Recording;
using Firstbyte.Tcp;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Web.Viewing;

/// <summary>A machine's connections in the diagram of TCP's states: where they are, and by which way the newest one came.</summary>
/// <remarks>
/// A connection that a listening socket takes begins in LISTEN, which is a state of the socket and of no control block here: its first step is told as CLOSED
/// to SYN-RECEIVED, and drawn as the figure of RFC 9293 3.3.2 has it.
/// </remarks>
/// <param name="Lit">The states that something is in.</param>
/// <param name="Steps">The steps of the newest connection, in their order.</param>
/// <param name="IsNow">Whether the last of them was made in the event that is looked at.</param>
public sealed record TcpPath(IReadOnlySet<string> Lit, IReadOnlyList<(string From, string To)> Steps, bool IsNow)
{
    /// <summary>The state of a socket that listens.</summary>
    public const string Listen = "LISTEN";

    /// <summary>Where a connection begins and ends.</summary>
    public static string Closed { get; } = FieldWords.Of(TcpState.Closed);

    /// <summary>The states in their order, as one line.</summary>
    public string Line => Steps.Count == 0 ? "" : Steps[0].From + string.Concat(Steps.Select(static step => " → " + step.To));

    /// <summary>Reads it of what was recorded.</summary>
    /// <param name="tables">The machine's tables at the event.</param>
    /// <param name="states">What was told of all machines.</param>
    /// <param name="position">The event.</param>
    /// <param name="isOwn">Whether an address is the machine's.</param>
    public static TcpPath Of(MachineTables tables, IReadOnlyList<(int Number, TcpStateChanged Change)> states, int position, Func<IpAddress, bool> isOwn)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(isOwn);
        var lit = tables.Connections.Select(static row => FieldWords.Of(row.State)).ToHashSet(StringComparer.Ordinal);
        if (tables.Sockets.Any(static socket => socket is { IsListening: true, Protocol: "tcp" })) { lit.Add(Listen); }
        var own = states.TakeWhile(one => one.Number <= position).Where(one => isOwn(one.Change.Local.Address)).ToList();
        if (own.Count == 0) { return new TcpPath(lit, [], false); }
        // The newest is the one that was begun last; its ends may have been another's before.
        var begun = own.FindLastIndex(static one => one.Change.Before == TcpState.Closed);
        var newest = own[Math.Max(0, begun)].Change;
        var steps = new List<(string, string)>();
        var last = 0;
        foreach (var (number, change) in own.Skip(Math.Max(0, begun)).Where(one => one.Change.Local == newest.Local && one.Change.Remote == newest.Remote))
        {
            if (change is { Before: TcpState.Closed, After: TcpState.SynReceived }) { steps.Add((Closed, Listen)); }
            var isTaken = change is { Before: TcpState.Closed, After: TcpState.SynReceived };
            steps.Add((isTaken ? Listen : FieldWords.Of(change.Before), FieldWords.Of(change.After)));
            last = number;
        }
        return new TcpPath(lit, steps, last == position);
    }
}
