using Firstbyte.Errors;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts;

// A host that loses its power and gets it back: what is in its memory is gone, what is on its disk is not.
public sealed partial class HostStack
{
    /// <summary>Whether it has crashed and was not started again.</summary>
    public bool IsCrashed { get; private set; }

    /// <summary>
    /// The power fails: connections end without a word on any link (their programs' calls fail with <see cref="Errno.ENETDOWN"/>), and neighbours, fragments,
    /// path MTUs, waiting datagrams, leases, translations, learned routes and what routers have advertised are forgotten. Routes and
    /// addresses that an administrator has
    /// given stay, and so do bound and listening sockets: they stand for services that are started again.
    /// </summary>
    public void Crash(Instant now)
    {
        if (IsCrashed) { return; }
        _now = now;
        IsCrashed = true;
        foreach (var connection in Connections.ToArray()) { Forget(connection); }
        foreach (var use in _streams.Values)
        {
            foreach (var listener in use.Bound)
            {
                listener.AcceptQueue?.Clear();
                listener.HalfOpen = 0;
            }
        }
        foreach (var sharers in _mailboxes.Values)
        {
            foreach (var mailbox in sharers)
            {
                while (mailbox.TryTake(out var datagram)) { datagram.Frame.Release(); }
            }
        }
        foreach (var neighbor in Neighbors.ToArray())
        {
            _neighbors.Remove(neighbor);
            Forget(neighbor);
        }
        foreach (var unfinished in _reassembler.Packets.ToArray())
        {
            _reassembler.Remove(unfinished);
            _deadlines.Set(unfinished, Instant.Never);
            unfinished.Frame.Release();
        }
        // The last that was started goes first: it may stand on the others.
        for (var i = _programs.Count - 1; i >= 0; i--) { _programs[i].End(isSudden: true); }
        foreach (var advertised in _advertised.ToArray()) { OnAdvertisementExpired(advertised); }
        _pathMtus.Clear();
        while (_outgoing.TryDequeue(out var sent)) { sent.Frame.Release(); }
        while (_looped.TryDequeue(out var frame)) { frame.Release(); }
    }

    /// <summary>The power is back: its programs are started again, in the order in which they were.</summary>
    public void Restart(Instant now)
    {
        if (!IsCrashed) { return; }
        _now = now;
        IsCrashed = false;
        foreach (var program in _programs) { program.Begin(new HostPort(this, program)); }
    }

    private void Forget(TcpSocket connection)
    {
        // The reset that an abort sends is thrown away with everything else that was to leave.
        StepConnection(connection, TcpInput.Abort, default);
        ReturnRings(connection);
        connection.PendingFault = Errno.ENETDOWN;
        Signal(connection);
    }
}
