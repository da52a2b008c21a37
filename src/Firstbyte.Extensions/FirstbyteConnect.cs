using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Dns;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Tls;

namespace Firstbyte.Extensions;

/// <summary>Makes the connections of a <see cref="SocketsHttpHandler"/> by Happy Eyeballs over our resolver; all else stays the handler's.</summary>
/// <example><code>
/// var handler = new SocketsHttpHandler { ConnectCallback = new FirstbyteConnect().ConnectAsync };
/// </code></example>
public sealed class FirstbyteConnect
{
    private readonly HostFinder _finder;
    private readonly Connector _connector;

    /// <summary>On the operating system's network.</summary>
    /// <param name="resolver">Makes the resolver; null for the system's configuration.</param>
    /// <param name="connectTimeout">How long connecting may take, over all addresses; null for 300 s.</param>
    public FirstbyteConnect(Func<INetwork, INameResolver>? resolver = null, TimeSpan? connectTimeout = null)
        : this(new OsNetwork(), resolver, connectTimeout) { }

    /// <summary>On a network whose calls may end on any thread.</summary>
    public FirstbyteConnect(INetwork network, Func<INetwork, INameResolver>? resolver = null, TimeSpan? connectTimeout = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        var options = new ConnectingOptions { ConnectTimeout = connectTimeout ?? new Journeys.JourneyOptions().ConnectTimeout };
        _finder = new HostFinder(network, resolver?.Invoke(network) ?? StubResolver.FromSystem(network), options);
        _connector = new Connector(network, new SslStreamTlsProvider(network), options);
    }

    /// <summary>The callback.</summary>
    /// <exception cref="HttpRequestException">The name has no address, or none of its addresses answers.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (host, port) = (context.DnsEndPoint.Host.Trim('[', ']'), context.DnsEndPoint.Port);
        IpAddress[] addresses;
        if (IpAddress.TryParse(host, out var address)) { addresses = [address]; }
        else
        {
            addresses = (await _finder.FindAsync(host, default, cancellationToken))?.Addresses ?? [];
            if (addresses.Length == 0) { throw new HttpRequestException(HttpRequestError.NameResolutionError, $"{host} has no address"); }
        }
        var attempts = new List<ConnectAttempt>();
        var origin = new Origin(context.InitialRequestMessage.RequestUri?.Scheme ?? "http", host, port);
        var connection = await _connector.ConnectAsync(origin, host, addresses, attempts, default, cancellationToken);
        return connection is not null ? new TransportStream(connection.Stream)
            : throw new HttpRequestException(
                HttpRequestError.ConnectionError,
                $"none of {addresses.Length} addresses of {host} answers at port {port}: "
                + string.Join(", ", attempts.Select(static attempt => $"{attempt.Address} {attempt.Error}")));
    }
}
