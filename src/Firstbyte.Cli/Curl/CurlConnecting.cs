using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Sockets;

namespace Firstbyte.Cli.Curl;

/// <summary>Makes the connections of one transfer, or takes those that wait: by way of proxies, by the path of a socket, with TLS over them.</summary>
internal sealed class CurlConnecting(CurlTransfer transfer)
{
    /// <summary>A proxy that wants to be asked on another connection is asked so often.</summary>
    private const int MaxRetries = 5;

    private readonly CurlNetwork _network = transfer.Network;
    private readonly CurlTask _task = transfer.Task;
    private readonly CurlInfo _info = transfer.Info;

    // By way of whom the proxy is reached; where it is the only one, it is the proxy itself.
    private CurlProxy? Before => transfer.Proxy is { IsHttp: true } ? CurlProxy.Before(_task) : null;

    /// <summary>A connection for this hop.</summary>
    /// <param name="user">Whose connection it has to be; null where that does not matter.</param>
    public async ValueTask<CurlWire> OpenAsync(string? user = null)
    {
        if (_task.Interface is { } own)
        {
            var address = own.StartsWith("host!", StringComparison.Ordinal) ? own[5..] : own;
            if (!IpAddress.TryParse(address.Trim('[', ']'), out var local))
            {
                throw new CurlStop(CurlCode.InterfaceFailed, $"Couldn't bind to '{own}'");
            }
            _network.Own = local;
        }
        var (name, port) = ConnectTo();
        var way = string.Create(CultureInfo.InvariantCulture,
            $"{transfer.Proxy}|{_task.PreProxy}|{transfer.IsTunnel}|{_task.Interface}|{_task.LocalPorts}|{_task.Tls}|{_task.ProxyTls}|")
            + string.Create(CultureInfo.InvariantCulture, $"{_task.IpVersion}|{_task.UnixSocket}|{user}");
        var isPlainProxy = transfer.Proxy is { IsHttp: true } && !transfer.IsTunnel;
        var key = isPlainProxy
            ? new CurlWireKey("proxy", transfer.Proxy!.Host, transfer.Proxy.Port, way)
            : new CurlWireKey(transfer.Url.Scheme, name.ToLowerInvariant(), port, $"{way}|{(name == transfer.Url.Host ? "" : transfer.Url.Host)}");
        if (_network.Take(key) is { } kept)
        {
            var with = transfer.Proxy is null ? "host" : "proxy";
            transfer.Order.Trace?.Info($"Re-using existing {transfer.Url.Scheme}: connection with {with} {transfer.Url.Host}");
            kept.Closes = false;
            Note(kept);
            (_info.NameLookup, _info.Connect, _info.PreTransfer) = (transfer.Elapsed(), transfer.Elapsed(), transfer.Elapsed());
            return kept;
        }
        _info.Connects++;
        if (_task.UnixSocket is { } path) { return await OpenLocalAsync(key, path); }
        var (host, hostPort) = (Before ?? transfer.Proxy) is { } proxy ? (proxy.Host, proxy.Port) : (name, port);
        var addresses = await _network.FindAsync(host, hostPort, _task, transfer.Span, transfer.Proxy is not null, transfer.Stop);
        _info.NameLookup = transfer.Elapsed();
        transfer.Order.Trace?.Info(string.Create(CultureInfo.InvariantCulture, $"  Trying {addresses[0]}:{hostPort}..."));
        for (var tries = 0; tries < MaxRetries; tries++)
        {
            if (await ConnectAsync(key, host, hostPort, name, port, addresses) is { } made) { return made; }
        }
        throw new CurlStop(CurlCode.RecvError, string.Create(CultureInfo.InvariantCulture, $"CONNECT tunnel failed, response {_info.ConnectCode}"));
    }

    /// <summary>A connection to a program of this host, by its socket's path.</summary>
    private async ValueTask<CurlWire> OpenLocalAsync(CurlWireKey key, string path)
    {
        if (_network.Host.Network is not ILocalNetwork files) { throw new CurlStop(CurlCode.NotBuiltIn, "there are no sockets in files here"); }
        IByteStream stream;
        try { stream = files.ConnectLocal(path, _task.AbstractSocket); }
        catch (NetworkException e)
        {
            throw new CurlStop(CurlCode.CouldntConnect, string.Create(CultureInfo.InvariantCulture,
                $"Failed to connect to {transfer.Url.Host} port {transfer.Url.Port} after 0 ms: {CurlTransfer.Words(e.Error)}"));
        }
        _info.Connect = transfer.Elapsed();
        var wire = new CurlWire(stream, default, default) { Key = key, Number = _network.NextNumber() };
        if (transfer.Url.Scheme == "https")
        {
            await SecureAsync(wire);
            _info.AppConnect = transfer.Elapsed();
        }
        _info.ConnectionId = wire.Number;
        _info.PreTransfer = transfer.Elapsed();
        return wire;
    }

    /// <summary>A new connection; null where a proxy wants to be asked on another.</summary>
    private async ValueTask<CurlWire?> ConnectAsync(CurlWireKey key, string host, int hostPort, string name, int port, IpAddress[] addresses,
        bool isData = false)
    {
        var connection = await _network.ConnectAsync(transfer.Url.Scheme, host, hostPort, addresses, _task, transfer.Span, transfer.Elapsed, transfer.Stop);
        if (!isData) { _info.Connect = transfer.Elapsed(); }
        transfer.Order.Trace?.Info(string.Create(CultureInfo.InvariantCulture, $"Connected to {host} ({connection.Remote.Address}) port {hostPort}"));
        var local = connection.Socket.LocalEndpoint ?? default;
        if (Before is { } before)
        {
            await _network.SocksAsync(connection, before, transfer.Url, transfer.Proxy!.Host, transfer.Proxy.Port, _task, transfer.Span, transfer.Stop);
        }
        if (transfer.Proxy is { IsHttp: false } socks)
        {
            await _network.SocksAsync(connection, socks, transfer.Url, name, port, _task, transfer.Span, transfer.Stop);
        }
        if (transfer.Proxy is { Scheme: "https" })
        {
            var session = await _network.SecureAsync(connection, transfer.Proxy.Host, _task, transfer.Order.ProxyTls.Value, isFtp: false, transfer.Stop);
            _info.ProxySslVerify = CurlVerdict.Of(session.Faults);
            connection = connection with { Stream = session.Stream };
        }
        var wire = new CurlWire(connection.Stream, local, connection.Remote) { Key = key, Number = _network.NextNumber() };
        try
        {
            if (transfer.IsTunnel && !await new CurlTunnel(transfer).OpenAsync(wire, name, port))
            {
                wire.Dispose();
                return null;
            }
            if (isData) { return wire; }
            if (transfer.Url.Scheme is "https" or "ftps")
            {
                var bare = connection with { Stream = wire.Stream };
                var session = await _network.SecureAsync(bare, transfer.Url.Host, _task, transfer.Order.Tls.Value, IsFtp, transfer.Stop);
                _info.SslVerify = CurlVerdict.Of(session.Faults);
                wire.Stream = session.Stream;
                _info.AppConnect = transfer.Elapsed();
            }
        }
        catch
        {
            wire.Dispose();
            throw;
        }
        Note(wire);
        _info.PreTransfer = transfer.Elapsed();
        return wire;
    }

    /// <summary>A connection of its own beside a wire, to a port of a host: for the data of FTP.</summary>
    public async ValueTask<CurlWire?> OpenDataAsync(CurlWire control, string host, int port)
    {
        if ((Before ?? transfer.Proxy) is { } proxy)
        {
            var found = await _network.FindAsync(proxy.Host, proxy.Port, _task, transfer.Span, isProxy: true, transfer.Stop);
            return await ConnectAsync(control.Key!, proxy.Host, proxy.Port, host, port, found, isData: true);
        }
        var addresses = await _network.FindAsync(host, port, _task, transfer.Span, isProxy: false, transfer.Stop);
        return await ConnectAsync(control.Key!, host, port, host, port, addresses, isData: true);
    }

    private void Note(CurlWire wire)
    {
        (_info.LocalIp, _info.LocalPort) = (wire.Local.Address.ToString(), wire.Local.Port);
        (_info.RemoteIp, _info.RemotePort) = (wire.Remote.Address.ToString(), wire.Remote.Port);
        _info.ConnectionId = wire.Number;
        wire.Received = 0;
        wire.Pace = transfer.Order.Pace;
        wire.Pace?.Begin();
    }

    /// <summary>TLS over a connection that is open already.</summary>
    public async ValueTask SecureAsync(CurlWire wire)
    {
        var session = await _network.SecureAsync(
            new Connected(((SocketByteStream)wire.Stream).Socket, wire.Stream, wire.Remote, transfer.Span, _network.Host.Network.Time.GetTimestamp()),
            transfer.Url.Host, _task, transfer.Order.Tls.Value, IsFtp, transfer.Stop);
        _info.SslVerify = CurlVerdict.Of(session.Faults);
        wire.Stream = session.Stream;
    }

    private bool IsFtp => transfer.Url.Scheme is "ftp" or "ftps";

    // HOST1:PORT1:HOST2:PORT2, each of which may be empty.
    private (string Host, int Port) ConnectTo()
    {
        foreach (var text in _task.ConnectTo)
        {
            var parts = Parts(text);
            if (parts.Length < 3 && text.Length > 0) { continue; }
            var (host1, port1) = (parts[0], parts.Length > 1 ? parts[1] : "");
            if (host1.Length > 0 && !host1.Trim('[', ']').Equals(transfer.Url.Host, StringComparison.OrdinalIgnoreCase)) { continue; }
            if (port1.Length > 0
                && !(int.TryParse(port1, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) && wanted == transfer.Url.Port))
            {
                continue;
            }
            var host2 = parts.Length > 2 && parts[2].Length > 0 ? parts[2].Trim('[', ']') : transfer.Url.Host;
            var port2 = transfer.Url.Port;
            if (parts.Length > 3 && parts[3].Length > 0
                && (!int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out port2) || port2 > 65535))
            {
                throw new CurlStop(CurlCode.SetoptOptionSyntax, $"No valid port number in connect to host string ({parts[3]})");
            }
            return (host2, port2);
        }
        return (transfer.Url.Host, transfer.Url.Port);
    }

    private static string[] Parts(string text)
    {
        var parts = new List<string>();
        var (start, depth) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ':' && depth == 0 && parts.Count < 3))
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
            else if (text[i] == '[') { depth++; }
            else if (text[i] == ']') { depth--; }
        }
        return [.. parts];
    }
}
