namespace Firstbyte.Hosts;

// What a look at the host's sockets shows.
public sealed partial class HostStack
{
    /// <summary>
    /// Every socket that has a place in the tables of ports: mailboxes, then listeners, then connections, those in TIME-WAIT included. In
    /// order of their ends.
    /// </summary>
    public IEnumerable<HostSocket> Sockets =>
        _mailboxes.Values.SelectMany(static sharers => sharers)
            .Concat<HostSocket>(_streams.Values.SelectMany(static use => use.Bound))
            .OrderBy(static socket => socket is TcpSocket).ThenBy(static socket => socket.Local).ThenBy(static socket => socket.Remote)
            .Concat(Connections);
}
