using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Dns;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Cli.Commands;

/// <summary>Where a DNS server listens: at the addresses that it was given, and with the sockets that whoever started it has opened for it.</summary>
/// <remarks>
/// Sockets that were opened for the server take the place of the address at which it listens as a rule; addresses that are given are taken beside them. One
/// that is called "tls" is for DNS over TLS (FileDescriptorName= of systemd.socket(5)). Datagrams and connections of one address are one server's.
/// </remarks>
internal sealed class ListeningSockets
{
    private const string Tls = "tls";

    private readonly CommandIo _io;
    private readonly OsNetwork _network;
    private readonly IReadOnlyList<InheritedSocket> _inherited;

    /// <exception cref="UsageException">What was opened for the server is nothing that a server can use.</exception>
    public ListeningSockets(CommandIo io, OsNetwork network)
    {
        (_io, _network) = (io, network);
        _inherited = InheritedSockets.Find(io.Variables, Environment.ProcessId, out var fault, out var culprit);
        if (fault is { } refusal) { throw new UsageException(io.Language.Servers.InheritanceRefused(refusal, culprit)); }
    }

    /// <summary>Whether any socket was opened for the server.</summary>
    public bool AreInherited => _inherited.Count > 0;

    /// <summary>Whether one of them is for DNS over TLS.</summary>
    public bool HaveTls => _inherited.Any(static socket => socket.Name == Tls);

    /// <summary>All places, to be opened one after the other.</summary>
    /// <param name="listen">The addresses that were given, and the options of a server there.</param>
    /// <param name="plain">The options of a server over UDP and TCP.</param>
    /// <param name="overTls">The options of a server over TLS; null where there is none.</param>
    public IReadOnlyList<ListeningPlace> Places(IEnumerable<(Said Address, DnsServerOptions Options)> listen, DnsServerOptions plain, DnsServerOptions? overTls)
    {
        var places = new List<ListeningPlace>();
        foreach (var group in _inherited.GroupBy(static socket => (socket.LocalEndpoint, IsTls: socket.Name == Tls)))
        {
            var datagrams = new Queue<InheritedSocket>(group.Where(static socket => socket.Kind == SocketKind.Datagram));
            var connections = new Queue<InheritedSocket>(group.Where(static socket => socket.Kind == SocketKind.Stream));
            while (datagrams.Count + connections.Count > 0)
            {
                datagrams.TryDequeue(out var datagram);
                connections.TryDequeue(out var stream);
                if (!group.Key.IsTls) { places.Add(Inherited(plain, datagram, stream)); }
                else if (datagram is null && overTls is not null) { places.Add(Inherited(overTls, null, stream)); }
                else { throw new UsageException(_io.Language.Usage.Wants($"LISTEN_FDNAMES={Tls}", datagram is null ? "--tls-cert FILE" : "ListenStream=")); }
            }
        }
        places.AddRange(listen.Select(one => new ListeningPlace(
            one.Options, server => one.Address.Read(text => Bind(server, text)),
            bound => one.Options.Tls is null ? _io.Language.Servers.ListeningOn(bound) : _io.Language.Servers.ListeningOnTls(bound))));
        return places;
    }

    private ListeningPlace Inherited(DnsServerOptions options, InheritedSocket? datagrams, InheritedSocket? connections) => new(
        options,
        server => server.Adopt(_network, datagrams, connections),
        bound => options.Tls is null
            ? _io.Language.Servers.ListeningInherited(bound, datagrams is not null, connections is not null)
            : _io.Language.Servers.ListeningOnTls(bound));

    /// <exception cref="UsageException">The address is none, or cannot be had.</exception>
    private Endpoint Bind(DnsServer server, string text)
    {
        if (!Endpoint.TryParse(text, out var endpoint)) { throw new UsageException(_io.Language.Usage.NoListener(text)); }
        try { return server.Bind(endpoint); }
        catch (NetworkException e) { throw new UsageException(_io.Language.Servers.CannotListen(endpoint, e.Error), ServeCommand.CannotListen); }
    }
}

/// <summary>A place where a server is to listen.</summary>
/// <param name="Options">The options of the server there.</param>
/// <param name="Open">Opens it and gives the address.</param>
/// <param name="Told">What is said of it then.</param>
internal sealed record ListeningPlace(DnsServerOptions Options, Func<DnsServer, Endpoint> Open, Func<Endpoint, Phrase> Told);
