using System.Buffers;
using System.Globalization;
using System.Text;
using Firstbyte.Codings;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Curl;

/// <summary>One request and its response, byte for byte as curl sends and takes them (HTTP/1.x).</summary>
/// <remarks>
/// Theory of operation. The request's lines stand in libcurl's own order (http.c: Curl_http), behind them the user's. The response is taken as libcurl takes
/// it:
/// more than RFC 9112 allows, where it does; what was repaired closes the connection. Content goes out beside the reading, so that an early answer is heard.
/// </remarks>
internal sealed class CurlHttp(CurlTransfer transfer)
{
    /// <summary>A line of a head, all of a head, and its lines (curl: DYN_HTTP_HEADER..., MAX_HTTP_RESP_HEADER_SIZE, MAX_HTTP_RESP_HEADER_COUNT).</summary>
    public const int MaxLine = 100 * 1024, MaxHead = 300 * 1024, MaxLines = 5000;

    /// <summary>Content above this length, or of none that is known, waits to be asked for (curl: EXPECT_100_THRESHOLD).</summary>
    private const long ExpectAbove = 1024 * 1024;

    private const int Piece = 64 * 1024;

    private static readonly SearchValues<byte> s_hex = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private readonly CurlTask _task = transfer.Task;
    private readonly CurlInfo _info = transfer.Info;
    private readonly CurlTrace? _trace = transfer.Order.Trace;
    private CurlWire _wire = null!;
    private bool _isChunkedUpload;
    private bool _expects;
    private bool _withholds;
    private long? _contentLength;
    private bool _isSent;
    private bool _isCut;
    private CurlStop? _sourceFault;
    private IOException? _sendError;

    // What the head says.
    private int _status;
    private int _minor;
    private long _length = -1;
    private bool _isChunked;
    private bool _keeps;
    private bool _closes;
    private readonly List<string> _codings = [];
    private string? _location;
    private bool _hasContentRange;
    private long _resume;
    private long? _written;
    private readonly List<string> _transferCodings = [];

    /// <summary>A connection that was used before had died: the request goes out again.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Makes the request and takes the response.</summary>
    /// <returns>What comes next; null for nothing.</returns>
    public async Task<CurlNext?> RunAsync()
    {
        _wire = await transfer.OpenAsync();
        var isKept = false;
        try
        {
            var next = await ExchangeAsync();
            isKept = true;
            return next;
        }
        catch (CurlStop e) when (e.Code is CurlCode.HttpReturnedError or CurlCode.TooManyRedirects)
        {
            isKept = _wire.Closes || _isDone;
            throw;
        }
        catch (NetworkException e) when (_wire is { Uses: > 0, Received: 0 } && !transfer.Stop.IsCancellationRequested)
        {
            _ = e;
            IsDead = true;
            return null;
        }
        finally
        {
            if (isKept && !IsDead) { transfer.Close(_wire); }
            else { _wire.Dispose(); }
        }
    }

    private bool _isDone;

    private async Task<CurlNext?> ExchangeAsync()
    {
        var head = Compose();
        TellRequest(head);
        _trace?.HeaderOut(head);
        _info.RequestBytes += head.Length;
        var hasContent = _contentLength is not 0 && transfer.Content is not null && !_withholds;
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(transfer.Stop);
        Task? body = null;
        try { await _wire.Stream.SendAsync(head, transfer.Stop); }
        catch (NetworkException e) when (_wire.Uses == 0) { throw new CurlStop(CurlCode.SendError, $"Send failure: {e.Error}"); }
        _info.PostTransfer = transfer.Elapsed();
        if (hasContent && !_expects) { body = SendContentAsync(sending.Token); }
        try
        {
            if (hasContent && _expects && !await HasAnswerAsync()) { body = SendContentAsync(sending.Token); }
            while (true)
            {
                if (!await ReadHeadAsync())
                {
                    if (_wire.Uses > 0 && _wire.Received == 0)
                    {
                        IsDead = true;
                        return null;
                    }
                    if (_sourceFault is not null) { throw _sourceFault; }
                    if (_sendError is not null && _wire.Received == 0) { throw new CurlStop(CurlCode.SendError, "Send failure: Broken pipe"); }
                    throw new CurlStop(CurlCode.GotNothing, "Empty reply from server");
                }
                if (_status is >= 100 and < 200 && _status != 101)
                {
                    if (_status == 100 && hasContent && _expects) { body ??= SendContentAsync(sending.Token); }
                    continue;
                }
                break;
            }
            return await TakeAsync(hasContent, body, sending);
        }
        finally
        {
            if (body is { IsCompleted: false })
            {
                sending.Cancel();
                _wire.Closes = true;
            }
        }
    }

    private void TellRequest(byte[] head)
    {
        if (!transfer.Span.IsListening) { return; }
        var lines = CurlText.Of(head).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        HttpField[] fields = [.. lines.Skip(1).Select(static line => line.Split(':', 2)).Where(static pair => pair.Length == 2).Select(static pair =>
            new HttpField(pair[0], pair[1].Trim()))];
        var words = lines[0].Split(' ');
        transfer.Span.Tell(new RequestComposed(words[0], words[1], words[^1], fields, head.Length, _contentLength));
        transfer.Span.Tell(new RequestWritten(words[0], words[1], words[^1], fields, head.Length, _contentLength ?? 0));
        _sentAt = transfer.Network.Host.Network.Time.GetTimestamp();
    }

    private long _sentAt;

    private void TellHead(int bytes)
    {
        if (!transfer.Span.IsListening) { return; }
        var reason = _info.Reason = _statusLine.Length > 13 ? _statusLine[13..] : "";
        HttpField[] fields = [.. _info.Headers.Select(static one => new HttpField(one.Name, one.Value))];
        transfer.Span.Tell(new FirstByteReceived(Tracing.NetworkClock.NanosecondsSince(transfer.Network.Host.Network.Time, _sentAt)));
        if (_status is >= 100 and < 200) { transfer.Span.Tell(new InformationalReceived(_status, reason, fields)); }
        else
        {
            var framing = HasNoBody ? BodyFraming.None : _isChunked ? BodyFraming.Chunked : _length >= 0 ? BodyFraming.ContentLength : BodyFraming.UntilClose;
            transfer.Span.Tell(new ResponseHeadReceived($"HTTP/1.{_minor}", _status, reason, fields, bytes, framing, framing == BodyFraming.ContentLength
                ? _length : null));
        }
    }

    private string _statusLine = "";

    /// <summary>Waits for the first of a response, as long as it is asked for; false where none comes.</summary>
    private async ValueTask<bool> HasAnswerAsync()
    {
        if (_wire.Count > 0) { return true; }
        var receiving = _wire.FillAsync(transfer.Stop).AsTask();
        var patience = new TaskCompletionSource();
        using (transfer.Network.Host.Network.Time.CreateTimer(
            static state => ((TaskCompletionSource)state!).TrySetResult(), patience, TimeSpan.FromSeconds(_task.ExpectTimeout), Timeout.InfiniteTimeSpan))
        {
            await Task.WhenAny(receiving, patience.Task);
        }
        if (receiving.IsCompleted)
        {
            await receiving;
            return true;
        }
        _pendingFill = receiving;
        return false;
    }

    private Task<bool>? _pendingFill;

    // --- The request ------------------------------------------------------------------------------------------------

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
        return CurlText.Bytes(head.ToString());
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
            host = value.StartsWith('[') ? value[1..value.IndexOf(']', StringComparison.Ordinal)] : value.Split(':')[0];
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

    // --- The response -----------------------------------------------------------------------------------------------

    private async ValueTask<byte[]?> LineAsync()
    {
        if (_pendingFill is { } pending)
        {
            _pendingFill = null;
            await pending;
        }
        return await _wire.ReadLineAsync(MaxLine, transfer.Stop);
    }

    /// <summary>Reads a head; false where nothing came at all.</summary>
    private async ValueTask<bool> ReadHeadAsync()
    {
        (_length, _isChunked, _keeps, _closes, _location, _hasContentRange, _written) = (-1, false, false, false, null, false, null);
        _codings.Clear();
        _transferCodings.Clear();
        var (total, lines) = (0, 0);
        string? last = null;
        while (true)
        {
            var line = await LineAsync();
            if (line is null)
            {
                if (lines == 0) { return false; }
                throw new CurlStop(CurlCode.RecvError, "Connection closed while receiving headers");
            }
            if (lines == 0)
            {
                _info.StartTransfer = transfer.Elapsed();
                if (!ReadStatus(line)) { return true; }
                _info.Headers.Clear();
                _info.HeaderLines = 0;
            }
            total += line.Length;
            if (total > MaxHead) { throw new CurlStop(CurlCode.RecvError, $"Too large response headers: {total} > {MaxHead}"); }
            if (++lines > MaxLines) { throw new CurlStop(CurlCode.TooLarge, "Too many response headers, 5000 is max"); }
            _trace?.HeaderIn(line);
            _info.HeaderBytes += line.Length;
            if (lines == 1)
            {
                transfer.Order.Sink.Header(line, CurlHeader.Status);
                continue;
            }
            var isEnd = line is [(byte)'\n'] or [(byte)'\r', (byte)'\n'];
            if (isEnd)
            {
                Weigh();
                TellHead(total);
                transfer.Order.Sink.Header(line, CurlHeader.End);
                return true;
            }
            if (line.AsSpan().IndexOf((byte)0) >= 0) { throw new CurlStop(CurlCode.WeirdServerReply, "Nul byte in header"); }
            if (line[^1] != '\n') { throw new CurlStop(CurlCode.RecvError, "Connection closed while receiving headers"); }
            if (line[0] is (byte)' ' or (byte)'\t' && last is not null)
            {
                last += " " + CurlText.Of(line).Trim();
                _info.Headers[^1] = (_info.Headers[^1].Name, _info.Headers[^1].Value + " " + CurlText.Of(line).Trim());
                transfer.Order.Sink.Header(line, CurlHeader.Field);
                continue;
            }
            var text = CurlText.Of(line).TrimEnd('\r', '\n');
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) { throw new CurlStop(CurlCode.WeirdServerReply, "Header without colon"); }
            last = text[(colon + 1)..].Trim(' ', '\t');
            _info.HeaderLines++;
            _info.Headers.Add((text[..colon], last));
            Take(text[..colon], last);
            transfer.Order.Sink.Header(line, CurlHeader.Field);
        }
    }

    private bool ReadStatus(byte[] line)
    {
        var text = CurlText.Of(line);
        _statusLine = text.TrimEnd('\r', '\n');
        if (text.StartsWith("HTTP/", StringComparison.OrdinalIgnoreCase) && text.Length > 8)
        {
            var isOld = text.StartsWith("HTTP/1.", StringComparison.OrdinalIgnoreCase);
            if (isOld && text[7] is '0' or '1' && text.Length > 11 && text[8] is ' ' or '\t'
                && int.TryParse(text.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out _status)
                && (text.Length == 12 || text[12] is ' ' or '\r' or '\n' or '\t'))
            {
                _minor = text[7] - '0';
                _info.ResponseCode = _status;
                _info.HttpVersion = _minor == 0 ? "1" : "1.1";
                // Who has answered in HTTP/1.0 is asked in HTTP/1.0 from now on.
                if (_minor == 0) { transfer.SpeaksOld = _wire.SpeaksOld = true; }
                return true;
            }
            if (isOld && text[7] is not ('0' or '1')) { throw new CurlStop(CurlCode.UnsupportedProtocol, $"Unsupported HTTP/1 subversion in response"); }
            throw new CurlStop(CurlCode.UnsupportedProtocol, "Unsupported HTTP version in response");
        }
        if (!_task.AllowsHttp09) { throw new CurlStop(CurlCode.UnsupportedProtocol, "Received HTTP/0.9 when not allowed"); }
        // HTTP/0.9: everything is content, until the end.
        (_status, _closes, IsOld) = (0, true, true);
        _info.HttpVersion = "0.9";
        _firstBytes = line;
        return false;
    }

    private bool IsOld { get; set; }

    private byte[] _firstBytes = [];

    private void Take(string name, string value)
    {
        switch (name.ToLowerInvariant())
        {
            case "content-length" when !_task.IgnoresContentLength: TakeLength(value); break;
            case "transfer-encoding":
                _transferCodings.AddRange(value.Split(',',
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)); break;
            case "content-encoding": _codings.AddRange(value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)); break;
            case "content-type": _info.ContentType = value; break;
            case "connection": TakeConnection(value); break;
            case "proxy-connection" when transfer.Proxy is { IsHttp: true } && !transfer.IsTunnel: TakeConnection(value); break;
            case "content-range":
                var digits = value.AsSpan().IndexOfAnyInRange('0', '9');
                if (value.Contains('*', StringComparison.Ordinal) && (digits < 0 || value.IndexOf('*', StringComparison.Ordinal) < digits)) { break; }
                if (digits >= 0)
                {
                    var end = digits;
                    while (end < value.Length && char.IsAsciiDigit(value[end])) { end++; }
                    if (long.TryParse(value.AsSpan(digits, end - digits), NumberStyles.None, CultureInfo.InvariantCulture, out var from) && from == _resume)
                    {
                        _hasContentRange = true;
                    }
                }
                else if (_status < 300) { _resume = 0; }
                break;
            case "last-modified" when CurlDate.Read(value) is { } written: (_written, _info.FileTime) = (written, written); break;
            case "set-cookie" when UsesCookies:
                var url = transfer.Url;
                var own = transfer.IsFirstName ? Find(_task.Headers, "Host") : null;
                var host = own is not null && ValueOf(own) is { Length: > 0 } said ? said.Split(':')[0] : url.Host;
                transfer.Network.Cookies.Set(value, host, url.Path, url.Scheme == "https" || host is "localhost" or "127.0.0.1" or "::1", transfer.Network.Now);
                break;
            case "www-authenticate" when _status == 401: transfer.HasAuthProblem |= CurlAuthentication.Take(transfer.HostAuth, value); break;
            case "proxy-authenticate" when _status == 407: transfer.HasAuthProblem |= CurlAuthentication.Take(transfer.ProxyAuth, value); break;
            case "location" when _status is >= 300 and < 400 && value.Length > 0:
                if (_location is not null && _location != value) { throw new CurlStop(CurlCode.WeirdServerReply, "Multiple Location headers"); }
                _location = value;
                break;
            default: break;
        }
    }

    // A list, or several, of the same number is that number.
    private void TakeLength(string value)
    {
        foreach (var one in value.Split(','))
        {
            var number = one.Trim();
            if (number.Length == 0 || number.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0)
            {
                throw new CurlStop(CurlCode.WeirdServerReply, $"Invalid Content-Length: value");
            }
            if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            {
                if (_task.MaxFileSize is not null) { throw new CurlStop(CurlCode.FilesizeExceeded, "Maximum file size exceeded"); }
                _closes = true;
                continue;
            }
            if (_length >= 0 && _length != length) { throw new CurlStop(CurlCode.WeirdServerReply, "Invalid Content-Length: value"); }
            _length = length;
        }
    }

    private void TakeConnection(string value)
    {
        foreach (var one in value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (Is(one, "close")) { _closes = true; }
            else if (Is(one, "keep-alive")) { _keeps = true; }
        }
    }

    /// <summary>What the whole head means for what comes behind it.</summary>
    private void Weigh()
    {
        if (_transferCodings.Count > 0)
        {
            foreach (var coding in _transferCodings)
            {
                if (Is(coding, "identity")) { continue; }
                if (Is(coding, "chunked"))
                {
                    // Said twice it is taken off once, and nothing else is believed of the connection.
                    if (_isChunked) { _closes = true; }
                    _isChunked = true;
                }
                else if (_isChunked) { throw new CurlStop(CurlCode.BadContentEncoding, "A Transfer-Encoding was not listed first"); }
                else if (!_task.TransferEncoding) { throw new CurlStop(CurlCode.BadContentEncoding, $"Unsolicited Transfer-Encoding ({coding}) found"); }
            }
            if (_isChunked)
            {
                if (_length >= 0) { _closes = true; }
                _length = -1;
            }
            else { _closes = true; }
        }
        if (_minor == 0 && !_keeps) { _closes = true; }
        if (_closes) { _keeps = false; }
    }

    private bool HasNoBody => transfer.Method == "HEAD" && transfer.OwnMethod is null or "HEAD" || _task.IsHead || _status is 204 or 304 or (>= 100 and < 200);

    private async ValueTask<CurlNext?> TakeAsync(bool hasContent, Task? body, CancellationTokenSource sending)
    {
        if (IsOld)
        {
            _wire.Closes = true;
            if (_task.IsHead) { throw new CurlStop(CurlCode.WeirdServerReply, "Received HTTP/0.9 to HEAD"); }
            Deliver(_firstBytes);
            await UntilCloseAsync();
            await FinishAsync(body);
            return null;
        }
        _wire.Closes = _closes || _minor == 0 && !_keeps;
        var next = Act();
        ShouldFail(out var isFailure);
        if (isFailure && !_task.FailsWithBody)
        {
            _wire.Closes = true;
            throw new CurlStop(CurlCode.HttpReturnedError, string.Create(CultureInfo.InvariantCulture, $"The requested URL returned error: {_status}"));
        }
        if (_status >= 300 && hasContent && !_isSent && body is not { IsCompletedSuccessfully: true })
        {
            if (_status == 417 && _expects)
            {
                // Asked in vain for the permission: without asking.
                transfer.DisablesExpect = true;
                next = new CurlNext(null, _status);
            }
            _isCut = true;
            _wire.Closes = true;
            if (body is not null) { sending.Cancel(); }
        }
        else if (hasContent && body is null)
        {
            // An answer before the content was asked for: the content is not wanted.
            if (_status < 300) { body = SendContentAsync(sending.Token); }
            else { _wire.Closes = true; }
        }
        var ignores = next is not null;
        if (next is not null && _wire.Closes && !HasNoBody)
        {
            _isDone = true;
            return next;
        }
        if (!ignores && transfer.Order.ResumeFrom > 0 && transfer.Method == "GET" && !_hasContentRange)
        {
            if (_status == 416) { ignores = true; }
            else if (_length == transfer.Order.ResumeFrom)
            {
                _wire.Closes = true;
                return null;
            }
            else if (_resume > 0)
            {
                _wire.Closes = true;
                throw new CurlStop(CurlCode.RangeError, "HTTP server doesn't seem to support byte ranges. Cannot resume.");
            }
        }
        if (!ignores && _task.TimeCondition != CurlTimeCondition.None && transfer.Order.Range is null && _status == 200 && !MeetsCondition())
        {
            _info.ResponseCode = 304;
            _wire.Closes = true;
            return null;
        }
        if (HasNoBody)
        {
            if (_wire.Count > 0) { _wire.Closes = true; }
            await FinishAsync(body);
            return next;
        }
        if (_task.MaxFileSize is { } most && _length > most && !ignores)
        {
            _wire.Closes = true;
            throw new CurlStop(CurlCode.FilesizeExceeded, "Maximum file size exceeded");
        }
        _ignores = ignores;
        OpenDecoders();
        if (_isChunked) { await ChunksAsync(); }
        else if (_length >= 0) { await LengthAsync(_length); }
        else
        {
            _wire.Closes = true;
            await UntilCloseAsync();
        }
        CloseDecoders();
        _isDone = true;
        await FinishAsync(body);
        if (isFailure)
        {
            throw new CurlStop(CurlCode.HttpReturnedError, string.Create(CultureInfo.InvariantCulture, $"The requested URL returned error: {_status}"));
        }
        return next;
    }

    private bool MeetsCondition() => _written is not { } time || time == 0 || (_task.TimeCondition == CurlTimeCondition.IfUnmodifiedSince
        ? time < _task.ConditionTime : time > _task.ConditionTime);

    // The response is here; what is left of the request still goes.
    private async ValueTask FinishAsync(Task? body)
    {
        if (body is null) { return; }
        if (!body.IsCompleted && !_isCut) { await body; }
        if (_sourceFault is not null) { throw _sourceFault; }
    }

    /// <summary>What comes next by the head: another try with a password, or a redirect (libcurl: Curl_http_auth_act).</summary>
    private CurlNext? Act()
    {
        var (host, proxy) = (transfer.HostAuth, transfer.ProxyAuth);
        CurlNext? next = null;
        if (_status is >= 100 and < 200) { return null; }
        if (!transfer.HasAuthProblem)
        {
            var (picksHost, picksProxy) = (false, false);
            if ((transfer.User is not null || _task.Bearer is not null) && (_status == 401 || (IsProbe && _status < 300)))
            {
                picksHost = host.Pick();
                if (!picksHost) { transfer.HasAuthProblem = true; }
            }
            if (transfer.Proxy?.User is not null && (_status == 407 || (IsProbe && _status < 300)))
            {
                picksProxy = proxy.Pick();
                if (!picksProxy) { transfer.HasAuthProblem = true; }
            }
            if (picksHost || picksProxy)
            {
                if (transfer.Content is { IsSpent: true }) { throw new CurlStop(CurlCode.SendFailRewind, "necessary data rewind was not possible"); }
                next = new CurlNext(null, _status);
            }
            else if (_status < 300 && !host.Done && IsProbe)
            {
                next = new CurlNext(null, _status);
                host.Done = true;
                (host.Want, host.Picked) = (CurlAuth.None, CurlAuth.None);
            }
        }
        if (_location is not null)
        {
            if (_task.Follows)
            {
                if (transfer.Content is { IsSpent: true } && !TurnsToGet(_status))
                {
                    throw new CurlStop(CurlCode.SendFailRewind, "necessary data rewind was not possible");
                }
                return new CurlNext(_location, _status);
            }
            try { _info.RedirectUrl = transfer.Url.Follow(_location, _task.PathAsIs).ToString(); }
            // Where it does not lead anywhere nothing is told.
            catch (CurlStop) { _info.RedirectUrl = _location; }
        }
        return next;
    }

    private bool TurnsToGet(int status) => status switch
    {
        301 => transfer.Method == "POST" && !_task.Post301,
        302 => transfer.Method == "POST" && !_task.Post302,
        303 => !(transfer.Method == "POST" && _task.Post303),
        _ => false,
    };

    private void ShouldFail(out bool fails)
    {
        fails = false;
        if (!(_task.Fails || _task.FailsWithBody) || _status < 400) { return; }
        if (transfer.Order.ResumeFrom > 0 && transfer.Method == "GET" && _status == 416) { return; }
        fails = _status is not (401 or 407)
            || (_status == 401 && transfer.User is null) || (_status == 407 && transfer.Proxy?.User is null) || transfer.HasAuthProblem;
    }

    // --- Content ----------------------------------------------------------------------------------------------------

    private bool _ignores;
    private readonly List<(IContentDecoder Decoder, byte[] Room)> _decoders = [];
    private bool _hasDecoded;

    private void OpenDecoders()
    {
        List<string> codings = [];
        if (_task.Compressed && !_task.Raw) { codings.AddRange(_codings); }
        if (_task.TransferEncoding && !_task.Raw) { codings.AddRange(_transferCodings.Where(static one => !Is(one, "chunked"))); }
        codings.RemoveAll(static one => Is(one, "identity") || Is(one, "none"));
        if (_ignores || codings.Count == 0) { return; }
        if (codings.Count > CodingLimits.Layers) { throw new CurlStop(CurlCode.BadContentEncoding, "Reject response due to more than 5 content encodings"); }
        for (var i = codings.Count - 1; i >= 0; i--)
        {
            if (ContentCodings.Find(codings[i]) is not { } coding)
            {
                _wire.Closes = true;
                throw new CurlStop(CurlCode.BadContentEncoding,
                    $"Unrecognized content encoding type. libcurl understands {ContentCodings.Accepted} content encodings.");
            }
            _decoders.Add((coding.Decode(), new byte[Piece]));
        }
    }

    private void CloseDecoders()
    {
        foreach (var (decoder, _) in _decoders)
        {
            var isWhole = !_hasDecoded || decoder.IsWhole();
            decoder.Dispose();
            if (!isWhole) { throw new CurlStop(CurlCode.BadContentEncoding, "Error while processing content unencoding: incomplete data"); }
        }
        _decoders.Clear();
    }

    private void Deliver(ReadOnlyMemory<byte> piece)
    {
        _trace?.DataIn(piece.Span);
        if (_ignores) { return; }
        if (_decoders.Count == 0)
        {
            Hand(piece);
            return;
        }
        _hasDecoded |= piece.Length > 0;
        Decode(0, piece);
    }

    private void Decode(int at, ReadOnlyMemory<byte> piece)
    {
        if (at == _decoders.Count)
        {
            Hand(piece);
            return;
        }
        var (decoder, room) = _decoders[at];
        int written;
        do
        {
            if (!decoder.TryDecode(piece, room, out var consumed, out written))
            {
                throw new CurlStop(CurlCode.BadContentEncoding, "Error while processing content unencoding: invalid data");
            }
            piece = piece[consumed..];
            if (written > 0) { Decode(at + 1, room.AsMemory(0, written)); }
        }
        while (piece.Length > 0 || written == room.Length);
    }

    private void Hand(ReadOnlyMemory<byte> piece)
    {
        if (piece.Length == 0) { return; }
        _info.Downloaded += piece.Length;
        transfer.Order.Sink.Body(piece);
        if (_task.MaxFileSize is { } most && _info.Downloaded > most)
        {
            throw new CurlStop(CurlCode.FilesizeExceeded, "Exceeded the maximum allowed file size");
        }
    }

    private async ValueTask LengthAsync(long left)
    {
        while (left > 0)
        {
            if (_wire.Count == 0 && !await FillAsync())
            {
                throw _sourceFault ?? new CurlStop(CurlCode.PartialFile,
                    string.Create(CultureInfo.InvariantCulture, $"end of response with {left} bytes missing"));
            }
            var count = (int)Math.Min(left, _wire.Count);
            Deliver(_wire.Pending[..count]);
            _wire.Consume(count);
            left -= count;
        }
        if (_wire.Count > 0) { _wire.Closes = true; }
    }

    private async ValueTask<bool> FillAsync()
    {
        if (_pendingFill is { } pending)
        {
            _pendingFill = null;
            return await pending;
        }
        return await _wire.FillAsync(transfer.Stop);
    }

    private async ValueTask UntilCloseAsync()
    {
        while (_wire.Count > 0 || await FillAsync())
        {
            Deliver(_wire.Pending);
            _wire.Consume(_wire.Count);
        }
    }

    private async ValueTask ChunksAsync()
    {
        var raw = _task.Raw;
        while (true)
        {
            var line = await ChunkLineAsync(raw);
            var digits = 0;
            while (digits < line.Length && char.IsAsciiHexDigit((char)line[digits])) { digits++; }
            if (digits == 0) { throw Broken("invalid chunk size: a hexadecimal digit is missing"); }
            if (digits > 16 || !long.TryParse(Encoding.ASCII.GetString(line, 0, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var size) || size < 0)
            {
                throw Broken("chunk hex-length longer than 16");
            }
            if (size == 0) { break; }
            while (size > 0)
            {
                if (_wire.Count == 0 && !await FillAsync()) { throw Cut(); }
                var count = (int)Math.Min(size, _wire.Count);
                Deliver(_wire.Pending[..count]);
                _wire.Consume(count);
                size -= count;
            }
            var end = await ChunkLineAsync(raw);
            if (end is not ([(byte)'\n'] or [(byte)'\r', (byte)'\n'])) { throw Broken("trailing CRLF missing"); }
        }
        await TrailersAsync(raw);
        if (_wire.Count > 0) { _wire.Closes = true; }
    }

    private async ValueTask<byte[]> ChunkLineAsync(bool raw)
    {
        var line = await LineAsync() ?? throw Cut();
        if (line[^1] != '\n') { throw Cut(); }
        // A line end without its CR is repaired, and nothing else is believed of the connection.
        if (line.Length < 2 || line[^2] != '\r') { _wire.Closes = true; }
        if (raw) { Deliver(line); }
        return line;
    }

    private async ValueTask TrailersAsync(bool raw)
    {
        for (var lines = 0; ; lines++)
        {
            if (lines > MaxLines) { throw new CurlStop(CurlCode.TooLarge, "Too many response headers, 5000 is max"); }
            var line = await LineAsync() ?? throw Cut();
            if (line[^1] != '\n') { throw Cut(); }
            if (raw) { Deliver(line); }
            if (line is [(byte)'\n'] or [(byte)'\r', (byte)'\n']) { return; }
            if (line.Length < 2 || line[^2] != '\r') { _wire.Closes = true; }
            // Written as lines of the head are, with both characters of their end.
            byte[] whole = line.Length < 2 || line[^2] != '\r' ? [.. line[..^1], (byte)'\r', (byte)'\n'] : line;
            _trace?.HeaderIn(whole);
            _info.HeaderBytes += whole.Length;
            var text = CurlText.Of(whole).TrimEnd('\r', '\n');
            if (text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon) { _info.Headers.Add((text[..colon], text[(colon + 1)..].Trim(' ', '\t'))); }
            if (!raw) { transfer.Order.Sink.Header(whole, CurlHeader.Trailer); }
        }
    }

    private CurlStop Cut() => _sourceFault ?? new CurlStop(CurlCode.PartialFile, "transfer closed with outstanding read data remaining");

    private static CurlStop Broken(string why) => new(CurlCode.RecvError, $"chunked encoding: {why}");

    /// <summary>Reads content away that nobody wants.</summary>
    public static async ValueTask SkipAsync(CurlWire wire, long? length, CancellationToken stop)
    {
        if (length is { } left)
        {
            while (left > 0 && (wire.Count > 0 || await wire.FillAsync(stop)))
            {
                var count = (int)Math.Min(left, wire.Count);
                wire.Consume(count);
                left -= count;
            }
            return;
        }
        while (await wire.ReadLineAsync(MaxLine, stop) is { } line)
        {
            var digits = line.AsSpan().IndexOfAnyExcept(s_hex);
            if (!long.TryParse(Encoding.ASCII.GetString(line, 0, Math.Max(0, digits)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var size) || size < 0)
            {
                return;
            }
            if (size > 0) { await SkipAsync(wire, size, stop); }
            await wire.ReadLineAsync(MaxLine, stop);
            if (size == 0) { return; }
        }
    }
}

/// <summary>Line ends.</summary>
internal static class CurlLines
{
    /// <summary>A CR before every LF that has none.</summary>
    public static byte[] ToCrlf(ReadOnlySpan<byte> text)
    {
        using var lines = new MemoryStream(text.Length + 64);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) { lines.WriteByte((byte)'\r'); }
            lines.WriteByte(text[i]);
        }
        return lines.ToArray();
    }
}

/// <summary>What this double says that it is.</summary>
internal static class CurlEdition
{
    /// <summary>The curl whose command line, bytes and exit codes are spoken here.</summary>
    public const string Version = "8.17.0";
}
