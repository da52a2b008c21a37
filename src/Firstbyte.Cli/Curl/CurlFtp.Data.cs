using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Sockets;

namespace Firstbyte.Cli.Curl;

/// <content>The data connection.</content>
internal sealed partial class CurlFtp
{
    private async ValueTask PassiveAsync()
    {
        var isV6 = _control.Remote.Address.IsV6;
        if ((!_task.NoEpsv && !_state.NoEpsv) || isV6)
        {
            var code = await AskAsync("EPSV");
            if (code == 229)
            {
                if (ExtendedPort(_reply) is not { } port) { throw new CurlStop(CurlCode.FtpWeirdPasvReply, "Weirdly formatted EPSV reply"); }
                try
                {
                    _data = await transfer.Connecting.OpenDataAsync(_control, HostOfControl, port);
                    return;
                }
                // A server that is not there by EPSV may be by PASV.
                catch (CurlStop) when (!isV6) { _state.NoEpsv = true; }
            }
            else if (isV6) { throw new CurlStop(CurlCode.WeirdServerReply, "Failed EPSV attempt, exiting"); }
            _state.NoEpsv = true;
        }
        var passive = await AskAsync("PASV");
        if (passive != 227)
        {
            throw new CurlStop(CurlCode.FtpWeirdPasvReply, string.Create(CultureInfo.InvariantCulture, $"Bad PASV/EPSV response: {passive:000}"));
        }
        if (SixNumbers(_reply) is not { } numbers) { throw new CurlStop(CurlCode.FtpWeird227Format, "Couldn't interpret the 227-reply"); }
        // What the server says of its address is not believed, unless somebody asks for it: it would send us to others.
        var host = _task.TrustsPasvAddress
            ? string.Create(CultureInfo.InvariantCulture, $"{numbers[0]}.{numbers[1]}.{numbers[2]}.{numbers[3]}") : HostOfControl;
        _data = await transfer.Connecting.OpenDataAsync(_control, host, (numbers[4] << 8) + numbers[5]);
    }

    // A proxy leads there by the name; the own connection by the address.
    private string HostOfControl => transfer.Proxy is null ? _control.Remote.Address.ToString() : transfer.Url.Host;

    private static int? ExtendedPort(string reply)
    {
        var open = reply.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || open + 5 >= reply.Length) { return null; }
        var separator = reply[open + 1];
        if (reply[open + 2] != separator || reply[open + 3] != separator) { return null; }
        var end = reply.IndexOf(separator, open + 4);
        return end > 0 && ushort.TryParse(reply.AsSpan(open + 4, end - open - 4), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
    }

    private static int[]? SixNumbers(string reply)
    {
        for (var i = 4; i < reply.Length; i++)
        {
            if (!char.IsAsciiDigit(reply[i])) { continue; }
            var parts = reply[i..].Split(',');
            if (parts.Length < 6) { return null; }
            var numbers = new int[6];
            for (var n = 0; n < 6; n++)
            {
                var digits = parts[n].AsSpan();
                var end = digits.IndexOfAnyExceptInRange('0', '9');
                if (n == 5 && end > 0) { digits = digits[..end]; }
                if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out numbers[n]) || numbers[n] > 255)
                {
                    numbers = null!;
                    break;
                }
            }
            if (numbers is not null) { return numbers; }
            while (i < reply.Length && char.IsAsciiDigit(reply[i])) { i++; }
        }
        return null;
    }

    private async ValueTask ListenAsync()
    {
        var text = _task.FtpPort!;
        var address = _control.Local.Address;
        var (first, last) = (0, 0);
        var host = text;
        if (text.LastIndexOf(':') is >= 0 and var colon && !text.EndsWith(']') && (text.Count(static one => one == ':') == 1 || text.StartsWith('[')))
        {
            host = text[..colon];
            var ports = text[(colon + 1)..].Split('-');
            _ = int.TryParse(ports[0], NumberStyles.None, CultureInfo.InvariantCulture, out first);
            last = ports.Length > 1 && int.TryParse(ports[1], NumberStyles.None, CultureInfo.InvariantCulture, out var end) ? end : first;
        }
        if (host is not ("" or "-") && IpAddress.TryParse(host.Trim('[', ']'), out var named)) { address = named; }
        else if (host is not ("" or "-"))
        {
            throw new CurlStop(CurlCode.FtpPortFailed, $"failed to resolve the address provided to PORT: {host}");
        }
        var socket = transfer.Network.Host.Network.CreateSocket(address.Version, SocketKind.Stream);
        _listener = socket;
        for (var port = first; ; port++)
        {
            try
            {
                socket.Bind(new Endpoint(address, (ushort)port));
                break;
            }
            catch (NetworkException e)
            {
                if (port >= last) { throw new CurlStop(CurlCode.FtpPortFailed, $"bind() failed, we ran out of ports: {e.Error}"); }
            }
        }
        socket.Listen(1);
        var local = socket.LocalEndpoint!.Value;
        var code = 500;
        if (!_task.NoEprt && !_state.NoEprt || address.IsV6)
        {
            code = await AskAsync(string.Create(CultureInfo.InvariantCulture, $"EPRT |{(address.IsV6 ? 2 : 1)}|{address}|{local.Port}|"));
            if (code / 100 != 2)
            {
                if (address.IsV6) { throw new CurlStop(CurlCode.FtpPortFailed, "Failed to do EPRT"); }
                _state.NoEprt = true;
            }
        }
        if (code / 100 != 2)
        {
            code = await AskAsync(string.Create(CultureInfo.InvariantCulture,
                $"PORT {address.ToString().Replace('.', ',')},{local.Port >> 8},{local.Port & 255}"));
            if (code / 100 != 2) { throw new CurlStop(CurlCode.FtpPortFailed, "Failed to do PORT"); }
        }
    }

    private async ValueTask<CurlWire> DataAsync()
    {
        if (_listener is { } listener)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), transfer.Network.Host.Network.Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, transfer.Stop);
            try
            {
                var socket = await listener.AcceptAsync(both.Token);
                _data = new CurlWire(new SocketByteStream(socket), socket.LocalEndpoint ?? default, socket.RemoteEndpoint ?? default);
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested && !transfer.Stop.IsCancellationRequested)
            {
                throw new CurlStop(CurlCode.FtpAcceptTimeout, "Accept timeout occurred while waiting server connect");
            }
        }
        if (_state.IsProtected) { await transfer.Connecting.SecureAsync(_data!); }
        return _data!;
    }

    private void CloseData()
    {
        if (_data is { } data)
        {
            try { data.Stream.ShutdownSend(); }
            // It is closed next.
            catch (IOException) { /* Nothing is left to be said on it. */ }
            data.Dispose();
        }
        _listener?.Close();
        (_data, _listener) = (null, null);
    }
}
