using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Dns;
using Firstbyte.Errors;
using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Proxies;

/// <summary>The far side of a proxy: finds the servers that its clients name, and connects to them.</summary>
internal sealed class Upstream(INetwork network, INameResolver resolver) : IHttpConnector
{
    // A client waits for its own limit meanwhile; squid: connect_timeout 60 s.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly HostFinder _finder = new(network, resolver, new ConnectingOptions { ConnectTimeout = s_patience });

    /// <summary>The addresses of a host; empty where it has none.</summary>
    public async ValueTask<IpAddress[]> FindAsync(string host, CancellationToken cancellationToken)
    {
        if (IpAddress.TryParse(host is ['[', .., ']'] ? host[1..^1] : host, out var address)) { return [address]; }
        return await _finder.FindAsync(host, default, cancellationToken) is { } lookup ? lookup.Addresses : [];
    }

    /// <summary>A socket that is connected to one of the addresses, or why there is none.</summary>
    public async ValueTask<(ISocket? Socket, Errno Error)> ConnectAsync(IpAddress[] addresses, ushort port, CancellationToken cancellationToken)
    {
        if (addresses.Length == 0) { return (null, Errno.EHOSTUNREACH); }
        var attempts = new List<ConnectAttempt>();
        using var patience = new CancellationTokenSource(s_patience, network.Time);
        var race = new RaceDriver(network, new ConnectionRace(addresses), (step, over) => ConnectAsync(new Endpoint(step.Address, port), over));
        var socket = await race.RunAsync(attempts, patience.Token, cancellationToken);
        return (socket, socket is null && attempts is [.., var last] ? last.Error : Errno.None);
    }

    async ValueTask<IpAddress[]?> IHttpConnector.FindAsync(Origin origin, TraceSpan span, CancellationToken cancellationToken) =>
        await FindAsync(origin.Host, cancellationToken);

    async ValueTask<HttpConnecting> IHttpConnector.ConnectAsync(Origin origin, IpAddress[]? addresses, TraceSpan span, CancellationToken cancellationToken)
    {
        var (socket, error) = await ConnectAsync(addresses ?? [], (ushort)origin.Port, cancellationToken);
        return socket is null ? new HttpConnecting(null, Error: error) : new HttpConnecting(new SocketByteStream(socket), socket.RemoteEndpoint?.Address);
    }

    private async ValueTask<ISocket> ConnectAsync(Endpoint remote, CancellationToken cancellationToken)
    {
        var socket = network.CreateSocket(remote.Address.Version, SocketKind.Stream);
        try
        {
            socket.SetOption(SocketOption.NoDelay, 1);
            await socket.ConnectAsync(remote, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Close();
            throw;
        }
    }
}
