using System.Globalization;
using System.Text;
using Firstbyte.Http;

namespace Firstbyte.Cli.Curl;

/// <summary>Asks a proxy for a tunnel (CONNECT, RFC 9110 9.3.6), as curl does.</summary>
internal sealed class CurlTunnel(CurlTransfer transfer)
{
    private const int MaxTries = 6;

    /// <summary>Makes the tunnel; false where the proxy has to be asked again on another connection.</summary>
    public async ValueTask<bool> OpenAsync(CurlWire wire, string host, int port)
    {
        var (task, proxy, trace) = (transfer.Task, transfer.Proxy!, transfer.Order.Trace);
        var target = string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");
        var state = transfer.ProxyAuth;
        var version = task.ProxyHttp10 ? "1.0" : "1.1";
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (state.Picked == CurlAuth.None && proxy.User is not null) { state.Picked = state.Want; }
            var head = new StringBuilder();
            head.Append(CultureInfo.InvariantCulture, $"CONNECT {target} HTTP/{version}\r\n");
            if (!CurlHttp.Has(task.ProxyHeaders, "Host")) { head.Append(CultureInfo.InvariantCulture, $"Host: {target}\r\n"); }
            var own = CurlHttp.Has(task.ProxyHeaders, "Proxy-Authorization");
            if (CurlAuthentication.Line(state, true, proxy.User, proxy.Password, null, "CONNECT", target, own,
                transfer.Network.Host.Network.Random) is { } line)
            {
                head.Append(line).Append("\r\n");
            }
            if (!CurlHttp.Has(task.ProxyHeaders, "User-Agent") && CurlHttp.Agent(task) is { Length: > 0 } agent)
            {
                head.Append("User-Agent: ").Append(agent).Append("\r\n");
            }
            if (!CurlHttp.Has(task.ProxyHeaders, "Proxy-Connection")) { head.Append("Proxy-Connection: Keep-Alive\r\n"); }
            CurlHttp.AddCustom(head, task.ProxyHeaders, static _ => true);
            var bytes = OctetText.Octets(head.Append("\r\n").ToString());
            trace?.Info($"Establish HTTP proxy tunnel to {target}");
            trace?.HeaderOut(bytes);
            transfer.Info.RequestBytes += bytes.Length;
            await wire.Stream.SendAsync(bytes, transfer.Stop);
            if (await AnswerAsync(wire)) { return true; }
            if (wire.Closes || wire.HasEnded) { return false; }
        }
        throw new CurlStop(CurlCode.RecvError, string.Create(CultureInfo.InvariantCulture, $"CONNECT tunnel failed, response {transfer.Info.ConnectCode}"));
    }

    /// <summary>Reads the answer; true where the tunnel stands, false where it is asked again.</summary>
    private async ValueTask<bool> AnswerAsync(CurlWire wire)
    {
        var (task, sink, info, state) = (transfer.Task, transfer.Order.Sink, transfer.Info, transfer.ProxyAuth);
        var (length, isChunked, status, isFirst, isProblem, total) = (-1L, false, 0, true, false, 0L);
        while (await wire.ReadLineAsync(CurlHttp.MaxLine, transfer.Stop) is { } line)
        {
            transfer.Order.Trace?.HeaderIn(line);
            info.HeaderBytes += line.Length;
            total += line.Length;
            CurlHttp.LimitHead(total);
            if (!task.SuppressesConnectHeaders) { sink.Header(line, CurlHeader.Connect); }
            var text = OctetText.Of(line).TrimEnd('\r', '\n');
            if (isFirst)
            {
                isFirst = false;
                status = text.StartsWith("HTTP/1.", StringComparison.Ordinal) && text.Length >= 12
                    && int.TryParse(text.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0;
                info.ConnectCode = status;
                if (text.StartsWith("HTTP/1.0", StringComparison.Ordinal)) { wire.Closes = status / 100 != 2; }
                continue;
            }
            if (text.Length == 0)
            {
                if (status / 100 == 1)
                {
                    isFirst = true;
                    continue;
                }
                if (status / 100 == 2)
                {
                    wire.Closes = false;
                    state.Done = true;
                    state.MultiPass = false;
                    return true;
                }
                if (length > 0 || isChunked) { await CurlHttp.SkipAsync(wire, isChunked ? null : length, transfer.Stop); }
                if (status == 407 && transfer.Proxy!.User is not null && !isProblem && state.Pick()) { return false; }
                throw new CurlStop(CurlCode.RecvError, string.Create(CultureInfo.InvariantCulture, $"CONNECT tunnel failed, response {status}"));
            }
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) { continue; }
            var value = text[(colon + 1)..].Trim();
            switch (text[..colon].ToLowerInvariant())
            {
                case "proxy-authenticate" when status == 407: isProblem |= CurlAuthentication.Take(state, value); break;
                case "content-length" when status / 100 != 2: _ = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out length); break;
                case "transfer-encoding" when status / 100 != 2: isChunked = value.Contains("chunked", StringComparison.OrdinalIgnoreCase); break;
                case "connection" or "proxy-connection": wire.Closes |= value.Contains("close", StringComparison.OrdinalIgnoreCase); break;
                default: break;
            }
        }
        throw new CurlStop(CurlCode.RecvError, "Proxy CONNECT aborted");
    }
}
