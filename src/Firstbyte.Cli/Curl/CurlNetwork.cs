using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Cli.Places;
using Firstbyte.Connecting;
using Firstbyte.Errors;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Proxies;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Curl;

/// <summary>The connections of a whole command line: names, addresses, proxies that carry bytes, TLS; and those that wait for the next transfer.</summary>
internal sealed class CurlNetwork(PlaceHost host, CurlCookies cookies) : IDisposable
{
    /// <summary>Connections that are kept (curl's command: 5, CURLOPT_MAXCONNECTS).</summary>
    private const int MaxIdle = 5;

    private readonly List<CurlWire> _idle = [];
    private readonly GivenAddresses _given = new();
    private long _numbers;

    public PlaceHost Host => host;

    public CurlCookies Cookies => cookies;

    public long Now => host.Network.Time.GetUtcNow().ToUnixTimeSeconds();

    public long NextNumber() => _numbers++;

    private int _journeys;

    /// <summary>The number of the next journey, as the story counts.</summary>
    public int NextJourney() => ++_journeys;

    /// <summary>A connection that waits for such a transfer.</summary>
    public CurlWire? Take(CurlWireKey key)
    {
        for (var i = _idle.Count - 1; i >= 0; i--)
        {
            if (_idle[i].Key != key) { continue; }
            var wire = _idle[i];
            _idle.RemoveAt(i);
            if (wire.IsAlive) { return wire; }
            wire.Dispose();
        }
        return null;
    }

    public void Keep(CurlWire wire)
    {
        wire.Rest();
        _idle.Add(wire);
        if (_idle.Count <= MaxIdle) { return; }
        _idle[0].Dispose();
        _idle.RemoveAt(0);
    }

    /// <summary>All that wait, to be ended in order.</summary>
    public IReadOnlyList<CurlWire> Idle => _idle;

    public void Dispose()
    {
        foreach (var wire in _idle) { wire.Dispose(); }
        _idle.Clear();
    }

    /// <summary>Notes the addresses of <c>--resolve</c>; what takes none away is passed over, as curl does.</summary>
    public void Resolve(string text)
    {
        if (!_given.TryAdd(text) && !text.StartsWith('-'))
        {
            throw new CurlStop(CurlCode.SetoptOptionSyntax, $"Couldn't parse CURLOPT_RESOLVE entry '{text}'");
        }
    }

    /// <summary>The addresses of a host.</summary>
    public async ValueTask<IpAddress[]> FindAsync(string name, int port, CurlTask task, TraceSpan span, bool isProxy, CancellationToken stop)
    {
        IEnumerable<IpAddress>? found = _given.Find(name, port);
        if (found is null && IpAddress.TryParse(name, out var literal))
        {
            if (span.IsListening) { span.Tell(new HostIsAddress(literal)); }
            if (task.IpVersion != 0 && literal.IsV4 != (task.IpVersion == 4)) { throw new CurlStop(CurlCode.CouldntConnect, "Couldn't connect to server"); }
            return [literal];
        }
        var bare = name.TrimEnd('.');
        found ??= bare.Equals("localhost", StringComparison.OrdinalIgnoreCase) || bare.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            ? [Loopback6, Loopback4] : host.FindMachine(name);
        var failure = "";
        if (found is null && host.Resolver is { } resolver)
        {
            var finder = new HostFinder(host.Network, resolver, Options(task));
            found = (await finder.FindAsync(name, span, stop))?.Addresses;
        }
        IpAddress[] addresses = [.. (found ?? []).Where(one => task.IpVersion == 0 || one.IsV4 == (task.IpVersion == 4))];
        if (addresses.Length > 0) { return addresses; }
        throw isProxy ? new CurlStop(CurlCode.CouldntResolveProxy, $"Could not resolve proxy: {name}{failure}")
            : new CurlStop(CurlCode.CouldntResolveHost, $"Could not resolve host: {name}{failure}");
    }

    private static readonly IpAddress Loopback6 = IpAddress.TryParse("::1", out var six) ? six : default;

    private static readonly IpAddress Loopback4 = IpAddress.TryParse("127.0.0.1", out var four) ? four : default;

    public ConnectingOptions Options(CurlTask task) => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(task.ConnectTimeout > 0 ? task.ConnectTimeout : 300),
        Calls = host.Calls,
        Version = task.IpVersion switch { 4 => IpVersion.V4, 6 => IpVersion.V6, _ => IpVersion.None },
        LocalAddress = task.Interface is null ? null : Own,
        LocalPorts = task.LocalPorts,
    };

    /// <summary>The address from which connections are made.</summary>
    public IpAddress? Own { get; set; }

    /// <summary>Hosts that want to be asked over TLS alone (<c>--hsts</c>).</summary>
    public HstsStore Hsts { get; } = new();

    /// <summary>Now, by the network's clock.</summary>
    public Instant Instant => Instant.FromDateTimeOffset(host.Network.Time.GetUtcNow());

    /// <summary>A connection to one of the addresses.</summary>
    public async ValueTask<Connected> ConnectAsync(
        string scheme, string name, int port, IpAddress[] addresses, CurlTask task, TraceSpan span, Func<long> elapsed, CancellationToken stop)
    {
        var attempts = new List<ConnectAttempt>();
        var connector = new Connector(host.Network, host.Tls!, Options(task));
        var connection = await connector.ConnectAsync(new Origin(scheme, name, (ushort)port), name, addresses, attempts, span, stop);
        if (connection is not null) { return connection; }
        var last = attempts.Count > 0 ? attempts[^1].Error : Errno.ETIMEDOUT;
        var milliseconds = elapsed() / 1000;
        if (last == Errno.EADDRNOTAVAIL && task.Interface is not null)
        {
            throw new CurlStop(CurlCode.InterfaceFailed, "bind failed with errno 99: Cannot assign requested address");
        }
        throw last == Errno.ETIMEDOUT
            ? new CurlStop(CurlCode.OperationTimedout, string.Create(CultureInfo.InvariantCulture,
                $"Failed to connect to {name} port {port} after {milliseconds} ms: Timeout was reached"))
            : new CurlStop(CurlCode.CouldntConnect, string.Create(CultureInfo.InvariantCulture,
                $"Failed to connect to {name} port {port} after {milliseconds} ms: Could not connect to server"));
    }

    /// <summary>TLS over a connection, to a server or to a proxy.</summary>
    public async ValueTask<TlsSession> SecureAsync(Connected connection, string name, CurlTask task, CurlTls tls, bool isFtp, CancellationToken stop)
    {
        if (host.Tls is null) { throw new CurlStop(CurlCode.SslConnectError, "TLS is not spoken here"); }
        // Whose certificate is shown, and whose key is pinned, the settings say already.
        var result = await new Connector(host.Network, host.Tls, tls.In(Options(task))).SecureAsync(
            connection, name, isFtp ? [] : ["http/1.1"], isProxy: false, stop, resumes: isFtp);
        return result switch
        {
            TlsSession session => session,
            TlsFailure { Reason: TlsFailureReason.CertificateRejected } => throw new CurlStop(CurlCode.PeerFailedVerification,
                "SSL certificate problem: the server's certificate was not accepted"),
            TlsFailure { Reason: TlsFailureReason.KeyNotPinned } => throw new CurlStop(CurlCode.SslPinned,
                "SSL: public key does not match pinned public key"),
            TlsFailure => throw new CurlStop(CurlCode.SslConnectError, "TLS connect error"),
            _ => throw new CurlStop(CurlCode.OperationTimedout, "SSL connection timeout"),
        };
    }

    /// <summary>Makes a SOCKS proxy carry a connection's bytes to a host.</summary>
    public async ValueTask SocksAsync(Connected connection, CurlProxy proxy, CurlUrl target, string name, int port, CurlTask task, TraceSpan span,
        CancellationToken stop)
    {
        var version = proxy.Scheme.StartsWith("socks4", StringComparison.Ordinal) ? 4 : 5;
        var credentials = proxy.User is null ? null : new Credentials(proxy.User, proxy.Password ?? "");
        SocksConversation talk;
        if (proxy.Scheme is "socks4a" or "socks5h" && !IpAddress.TryParse(name, out _))
        {
            talk = new SocksConversation(version, name, (ushort)port, credentials);
        }
        else
        {
            var addresses = await FindAsync(name, port, task, span, isProxy: false, stop);
            var address = version == 4 ? addresses.FirstOrDefault(static one => one.IsV4) : addresses[0];
            if (version == 4 && !addresses.Any(static one => one.IsV4))
            {
                throw new CurlStop(CurlCode.CouldntResolveHost, $"Failed to resolve \"{target.Host}\" for SOCKS4 connect.");
            }
            talk = new SocksConversation(version, address, (ushort)port, credentials);
        }
        var piece = new byte[512];
        while (!talk.IsOpen && talk.Fault == SocksFault.None)
        {
            if (talk.Outgoing.Length > 0)
            {
                await connection.Stream.SendAsync(talk.Outgoing, stop);
                talk.Sent();
                continue;
            }
            var count = await connection.Stream.ReceiveAsync(piece.AsMemory(0, talk.Missing), stop);
            if (count == 0) { talk.End(); }
            else { talk.Receive(piece.AsSpan(0, count)); }
        }
        if (!talk.IsOpen)
        {
            connection.Stream.Close();
            throw new CurlStop(CurlCode.Proxy, version == 4
                ? string.Create(CultureInfo.InvariantCulture,
                    $"[SOCKS] cannot complete SOCKS4 connection to {name}:{port}. ({talk.Code}), request rejected or failed.")
                : string.Create(CultureInfo.InvariantCulture, $"cannot complete SOCKS5 connection to {name}. ({talk.Code})"));
        }
    }
}
