using System.Buffers;
using System.Globalization;
using System.Text;
using Firstbyte.Codings;
using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Curl;

/// <content>The head of a request, line by line in libcurl's order.</content>
internal sealed partial class CurlHttp
{
    public static string Agent(CurlTask task) => task.UserAgent ?? "curl/" + CurlEdition.Version;

    /// <summary>Whether a list of the user's own fields says something of a name, if only that it is not wanted.</summary>
    public static bool Has(List<string> fields, string name) => Find(fields, name) is not null;

    private static string? Find(List<string> fields, string name)
    {
        foreach (var one in fields)
        {
            if (one.Length > name.Length && one.StartsWith(name, StringComparison.OrdinalIgnoreCase) && one[name.Length] is ':' or ';') { return one; }
        }
        return null;
    }

    private static string ValueOf(string field) => field[(field.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();

    private static bool Says(string? field, string word) => field is not null && ValueOf(field).StartsWith(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds the user's own fields: "Name: value" as it stands, "Name;" without a value, "Name:" not at all.</summary>
    public static void AddCustom(StringBuilder head, List<string> fields, Func<string, bool> isWanted)
    {
        foreach (var field in fields)
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            if (colon >= 0)
            {
                if (field.AsSpan(colon + 1).Trim(" \t").Length > 0 && isWanted(field[..colon])) { head.Append(field).Append("\r\n"); }
            }
            else if (field.IndexOf(';', StringComparison.Ordinal) is > 0 and var semicolon && field.AsSpan(semicolon + 1).Trim(" \t").Length == 0)
            {
                if (isWanted(field[..semicolon])) { head.Append(field, 0, semicolon).Append(":\r\n"); }
            }
        }
    }

    private byte[] Compose()
    {
        var (order, url, proxy) = (transfer.Order, transfer.Url, transfer.Proxy);
        List<string> fields = [.. _task.Headers, .. order.ExtraHeaders];
        var isPlainProxy = proxy is { IsHttp: true } && !transfer.IsTunnel;
        var method = transfer.OwnMethod ?? transfer.Method;
        _info.Method = method;
        if (transfer.HasAuthProblem) { transfer.HostAuth.Done = transfer.ProxyAuth.Done = true; }
        var target = _task.RequestTarget ?? (isPlainProxy
            ? url.Text(withUser: url.Scheme is "ftp" or "ftps", withFragment: false)
            : url.Target);
        var (authorization, proxyAuthorization) = Authorize(method, _task.RequestTarget ?? url.Target, fields, isPlainProxy);
        var isAuthProbe = transfer.Method is not ("GET" or "HEAD")
            && ((transfer.HostAuth.MultiPass && !transfer.HostAuth.Done) || (transfer.ProxyAuth.MultiPass && !transfer.ProxyAuth.Done));
        IsProbe = isAuthProbe;
        _resume = order.ResumeFrom;
        var length = transfer.Content is { } content ? content.Length : 0;
        if (length is { } known && order.ResumeFrom > 0 && order.IsUpload) { length = Math.Max(0, known - order.ResumeFrom); }
        if (isAuthProbe) { length = 0; }
        _contentLength = length;
        _withholds = isAuthProbe;
        var version = _task.HttpVersion == 10 || transfer.SpeaksOld || _wire.SpeaksOld ? "1.0" : "1.1";
        ChooseFraming(fields, length, version == "1.0");
        var head = new StringBuilder(512);
        head.Append(method).Append(' ').Append(target).Append(" HTTP/").Append(version).Append("\r\n");
        // The user's own Host is for the first host.
        var ownHost = transfer.IsFirstName ? Find(fields, "Host") : null;
        if (ownHost is not null)
        {
            if (ownHost.Contains(':', StringComparison.Ordinal) && ValueOf(ownHost) is { Length: > 0 } value)
            {
                head.Append("Host: ").Append(value).Append("\r\n");
            }
            else if (ownHost.EndsWith(';')) { head.Append("Host:\r\n"); }
        }
        else { head.Append("Host: ").Append(url.HostField).Append("\r\n"); }
        if (proxyAuthorization is not null) { head.Append(proxyAuthorization).Append("\r\n"); }
        if (authorization is not null) { head.Append(authorization).Append("\r\n"); }
        AddRange(head, fields, length);
        if (!Has(fields, "User-Agent") && Agent(_task) is { Length: > 0 } agent) { head.Append("User-Agent: ").Append(agent).Append("\r\n"); }
        if (!Has(fields, "Accept")) { head.Append("Accept: */*\r\n"); }
        var addsTe = _task.TransferEncoding && !Has(fields, "TE");
        if (addsTe)
        {
            var own = Find(fields, "Connection");
            head.Append("Connection: ").Append(own is null ? "" : ValueOf(own) + ", ").Append("TE\r\nTE: gzip\r\n");
        }
        if (_task.Compressed && !Has(fields, "Accept-Encoding")) { head.Append("Accept-Encoding: ").Append(ContentCodings.Accepted).Append("\r\n"); }
        if (transfer.Referer is { } referer && !Has(fields, "Referer")) { head.Append("Referer: ").Append(referer).Append("\r\n"); }
        if (isPlainProxy && !Has(fields, "Proxy-Connection") && !Has(_task.ProxyHeaders, "Proxy-Connection"))
        {
            head.Append("Proxy-Connection: Keep-Alive\r\n");
        }
        if (_isChunkedUpload && !Has(fields, "Transfer-Encoding")) { head.Append("Transfer-Encoding: chunked\r\n"); }
        AddCookies(head, fields, ownHost);
        AddCondition(head, fields);
        bool Wanted(string name) => !(ownHost is not null && Is(name, "Host"))
            && !(!transfer.IsFirstName && Is(name, "Host"))
            && !(order.IsForm && transfer.Content is not null && Is(name, "Content-Type"))
            && !(isAuthProbe && Is(name, "Content-Length"))
            && !(addsTe && Is(name, "Connection"))
            && !((Is(name, "Authorization") || Is(name, "Cookie")) && !transfer.IsOwnHost)
            && !(Is(name, "Transfer-Encoding") && isAuthProbe);
        AddCustom(head, fields, Wanted);
        if (isPlainProxy) { AddCustom(head, _task.ProxyHeaders, Wanted); }
        if (transfer.Content is not null && transfer.Method is "POST" or "PUT")
        {
            if (!_isChunkedUpload && length is { } said && (isAuthProbe || !Has(fields, "Content-Length")))
            {
                head.Append(CultureInfo.InvariantCulture, $"Content-Length: {said}\r\n");
            }
            if (transfer.Method == "POST")
            {
                var type = order.IsForm ? order.Content!.Type : "application/x-www-form-urlencoded";
                if (order.IsForm && Find(fields, "Content-Type") is { } ownType && ownType.Contains(':', StringComparison.Ordinal)
                    && ValueOf(ownType).Length > 0)
                {
                    type = ValueOf(ownType) + type![type!.IndexOf(';', StringComparison.Ordinal)..];
                    head.Append("Content-Type: ").Append(type).Append("\r\n");
                }
                else if (order.IsForm || !Has(fields, "Content-Type")) { head.Append("Content-Type: ").Append(type).Append("\r\n"); }
            }
            AddExpect(head, fields, length, version == "1.0");
        }
        head.Append("\r\n");
        return OctetText.Octets(head.ToString());
    }

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether content is held back until it is known who asks.</summary>
    private bool IsProbe { get; set; }

    private (string? Host, string? Proxy) Authorize(string method, string target, List<string> fields, bool isPlainProxy)
    {
        var (host, proxySide, proxy, random) = (transfer.HostAuth, transfer.ProxyAuth, transfer.Proxy, transfer.Network.Host.Network.Random);
        var bearer = transfer.Task.Bearer;
        if (proxy?.User is null && transfer.User is null && bearer is null)
        {
            (host.Done, proxySide.Done) = (true, true);
            return (null, null);
        }
        if (host.Picked == CurlAuth.None) { host.Picked = host.Want; }
        if (proxySide.Picked == CurlAuth.None) { proxySide.Picked = proxySide.Want; }
        string? line = null, proxyLine = null;
        if (isPlainProxy && proxy!.User is not null)
        {
            var absolute = transfer.Url.Text(withUser: false, withFragment: false);
            proxyLine = CurlAuthentication.Line(
                proxySide, true, proxy.User, proxy.Password, null, method, absolute, Has(_task.ProxyHeaders, "Proxy-Authorization") || Has(fields,
                    "Proxy-Authorization"), random);
        }
        else { (proxySide.Done, proxySide.MultiPass) = (true, false); }
        if (transfer.IsOwnHost || transfer.IsFromNetrc || transfer.Url.User is not null)
        {
            line = CurlAuthentication.Line(
                host, false, transfer.User, transfer.Password, transfer.IsOwnHost ? bearer : null, method, target, Has(fields, "Authorization"), random);
        }
        else { (host.Done, host.MultiPass) = (true, false); }
        return (line, proxyLine);
    }

    private void ChooseFraming(List<string> fields, long? length, bool isHttp10)
    {
        _isChunkedUpload = false;
        if (transfer.Content is null || transfer.Method is not ("POST" or "PUT")) { return; }
        if (Find(fields, "Transfer-Encoding") is { } own) { _isChunkedUpload = Says(own, "chunked") && !_withholds; }
        else if (length is null && Find(fields, "Content-Length") is null or { Length: 0 } || length is null) { _isChunkedUpload = true; }
        if (_isChunkedUpload && isHttp10) { throw new CurlStop(CurlCode.UploadFailed, "Chunky upload is not supported by HTTP 1.0"); }
    }

    private void AddRange(StringBuilder head, List<string> fields, long? length)
    {
        var order = transfer.Order;
        var range = order.ResumeFrom > 0 ? order.ResumeFrom.ToString(CultureInfo.InvariantCulture) + "-" : order.Range;
        if (range is null && !(order.ResumeFrom < 0 && transfer.Method is "POST" or "PUT")) { return; }
        if (transfer.Method is "GET" or "HEAD")
        {
            if (!Has(fields, "Range")) { head.Append("Range: bytes=").Append(range).Append("\r\n"); }
        }
        else if (!Has(fields, "Content-Range"))
        {
            var total = length ?? 0;
            if (order.ResumeFrom < 0) { head.Append(CultureInfo.InvariantCulture, $"Content-Range: bytes 0-{total - 1}/{total}\r\n"); }
            else if (order.ResumeFrom > 0)
            {
                var whole = IsProbe ? 0 : order.ResumeFrom + total;
                head.Append(CultureInfo.InvariantCulture, $"Content-Range: bytes {range}{whole - 1}/{whole}\r\n");
            }
            else { head.Append(CultureInfo.InvariantCulture, $"Content-Range: bytes {range}/{total}\r\n"); }
        }
    }

    private void AddCookies(StringBuilder head, List<string> fields, string? ownHost)
    {
        if (Has(fields, "Cookie")) { return; }
        var url = transfer.Url;
        var host = url.Host;
        if (ownHost is not null && ValueOf(ownHost) is { Length: > 0 } value)
        {
            host = value.StartsWith('[') ? value[1..].Split(']')[0] : value.Split(':')[0];
        }
        var kept = UsesCookies ? transfer.Network.Cookies.Field(host, url.Path, url.Scheme == "https", transfer.Network.Now) : null;
        var said = _task.Cookies.Count > 0 && transfer.IsOwnHost ? string.Join(";", _task.Cookies) : null;
        if (kept is null && said is null) { return; }
        head.Append("Cookie: ").Append(kept).Append(kept is not null && said is not null ? "; " : "").Append(said).Append("\r\n");
    }

    private bool UsesCookies => _task.CookieFiles.Count > 0 || _task.CookieJar is not null;

    private void AddCondition(StringBuilder head, List<string> fields)
    {
        var name = _task.TimeCondition switch
        {
            CurlTimeCondition.IfModifiedSince => "If-Modified-Since",
            CurlTimeCondition.IfUnmodifiedSince => "If-Unmodified-Since",
            CurlTimeCondition.LastModified => "Last-Modified",
            _ => null,
        };
        if (name is not null && !Has(fields, name)) { head.Append(name).Append(": ").Append(CurlDate.Http(_task.ConditionTime)).Append("\r\n"); }
    }

    private void AddExpect(StringBuilder head, List<string> fields, long? length, bool isHttp10)
    {
        _expects = false;
        if (Find(fields, "Expect") is { } own)
        {
            _expects = Says(own, "100-continue") && !isHttp10;
            return;
        }
        if (transfer.DisablesExpect || isHttp10 || IsProbe || length is <= ExpectAbove) { return; }
        head.Append("Expect: 100-continue\r\n");
        _expects = true;
    }

    /// <summary>Sends the content, as far as it is wanted.</summary>
    private async Task SendContentAsync(CancellationToken stop)
    {
        IBodyReader? reader = null;
        var piece = ArrayPool<byte>.Shared.Rent(Piece + 64);
        try
        {
            reader = transfer.Content!.Open();
            var resume = transfer.Order.IsUpload ? Math.Max(0, transfer.Order.ResumeFrom) : 0;
            if (resume > 0 && !reader.TrySkip(resume)) { await PassOverAsync(reader, piece, resume, stop); }
            var left = _isChunkedUpload ? long.MaxValue : _contentLength ?? long.MaxValue;
            while (left > 0 && !_isCut)
            {
                var count = await ReadFullAsync(reader, piece.AsMemory(0, (int)Math.Min(Piece, left)), stop);
                if (count == 0) { break; }
                var data = piece.AsMemory(0, count);
                if (_task.Crlf || _task.UseAscii && transfer.Order.IsUpload) { data = CurlLines.ToCrlf(data.Span); }
                _trace?.DataOut(data.Span);
                if (_isChunkedUpload)
                {
                    using var chunk = new MemoryStream(count + 16);
                    chunk.Write(Encoding.ASCII.GetBytes(data.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
                    chunk.Write(data.Span);
                    chunk.Write("\r\n"u8);
                    await _wire.Stream.SendAsync(chunk.ToArray(), stop);
                }
                else { await _wire.Stream.SendAsync(data, stop); }
                _info.Uploaded += count;
                left -= count;
            }
            if (_isCut) { return; }
            if (!_isChunkedUpload && left > 0 && _contentLength is not null)
            {
                _sourceFault = new CurlStop(CurlCode.PartialFile, "transfer closed with outstanding data to send");
                _wire.Stream.Close();
                return;
            }
            if (_isChunkedUpload) { await _wire.Stream.SendAsync("0\r\n\r\n"u8.ToArray(), stop); }
            _isSent = true;
            _info.PostTransfer = transfer.Elapsed();
        }
        catch (OperationCanceledException) when (!transfer.Stop.IsCancellationRequested) { /* Nobody wants the rest. */ }
        catch (NetworkException e) { _sendError = e; }
        catch (IOException e)
        {
            _ = e;
            _sourceFault = new CurlStop(CurlCode.ReadError, "read function returned funny value");
            _wire.Stream.Close();
        }
        finally
        {
            reader?.Close();
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static async ValueTask PassOverAsync(IBodyReader reader, Memory<byte> piece, long bytes, CancellationToken stop)
    {
        while (bytes > 0 && await reader.ReadAsync(piece[..(int)Math.Min(piece.Length, bytes)], stop) is > 0 and var count) { bytes -= count; }
    }

    private static async ValueTask<int> ReadFullAsync(IBodyReader reader, Memory<byte> piece, CancellationToken stop)
    {
        var filled = 0;
        while (filled < piece.Length && await reader.ReadAsync(piece[filled..], stop) is > 0 and var count) { filled += count; }
        return filled;
    }
}
