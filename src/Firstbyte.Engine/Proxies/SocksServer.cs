using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Errors;
using Firstbyte.Http.Authentication;
using Firstbyte.Sockets;

namespace Firstbyte.Proxies;

/// <summary>A SOCKS proxy over any network: versions 4, 4A and 5, CONNECT alone (RFC 1928, RFC 1929): a lab's, and a test's.</summary>
/// <remarks>Each connection is one asynchronous flow. Whoever it lets in may go wherever its host can: it is no proxy for the open Internet.</remarks>
public sealed class SocksServer(INetwork network, INameResolver resolver, Credentials? account = null) : IDisposable
{
    private const int MaximumConnections = 256, Backlog = 64;

    // How long a client may take to say where it wants to go.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Upstream _upstream = new(network, resolver);
    private readonly StreamListener _listener = new(network, Backlog, MaximumConnections);

    /// <summary>Binds and listens; port 0 lets the stack choose. Returns the own address.</summary>
    /// <exception cref="NetworkException">EADDRINUSE, EACCES, EADDRNOTAVAIL.</exception>
    public Endpoint Start(Endpoint local) => _listener.Start(local);

    /// <summary>Accepts and serves until the server is disposed.</summary>
    public Task RunAsync() => _listener.RunAsync((socket, _) => ServeAsync(new SocketByteStream(socket)));

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(SocketByteStream client)
    {
        var talk = new SocksServerConversation(account);
        using (var patience = new CancellationTokenSource(s_patience, network.Time))
        {
            var piece = new byte[ProxyLimits.SocksText + 3];
            while (!talk.HasTarget && !talk.IsOver)
            {
                var count = await client.ReceiveAsync(piece.AsMemory(0, Math.Min(piece.Length, talk.Missing)), patience.Token);
                if (count == 0) { return; }
                talk.Receive(piece.AsSpan(0, count));
                if (talk.Outgoing.Length == 0) { continue; }
                await client.SendAsync(talk.Outgoing, patience.Token);
                talk.Sent();
            }
        }
        if (!talk.HasTarget)
        {
            client.ShutdownSend();
            return;
        }
        var addresses = talk.Name is { } name ? await _upstream.FindAsync(name, default) : [talk.Address];
        var (server, error) = await _upstream.ConnectAsync(addresses, talk.Port, default);
        await client.SendAsync(talk.Reply(server is null ? FaultOf(error) : SocksFault.None, server?.LocalEndpoint ?? default));
        if (server is null) { client.ShutdownSend(); }
        else { await StreamRelay.RunAsync(client, new SocketByteStream(server), default); }
    }

    private static SocksFault FaultOf(Errno error) => error switch
    {
        Errno.ECONNREFUSED or Errno.ECONNRESET => SocksFault.ConnectionRefused,
        Errno.ENETUNREACH => SocksFault.NetworkUnreachable,
        Errno.EHOSTUNREACH or Errno.EHOSTDOWN or Errno.ETIMEDOUT => SocksFault.HostUnreachable,
        _ => SocksFault.GeneralFailure,
    };
}
