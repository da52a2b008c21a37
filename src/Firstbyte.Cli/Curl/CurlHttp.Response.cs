using System.Globalization;
using Firstbyte.Http;

namespace Firstbyte.Cli.Curl;

/// <content>The head of a response, and what it makes of the connection.</content>
internal sealed partial class CurlHttp
{
    private async ValueTask<byte[]?> LineAsync()
    {
        if (_pendingFill is { } pending)
        {
            _pendingFill = null;
            await pending;
        }
        return await _wire.ReadLineAsync(MaxLine, transfer.Stop);
    }

    // The heads of interim responses, which a server could send for ever, count for the limit of the final one.
    private int _before;

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
            LimitHead(_before + total);
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
                _before += total;
                transfer.Order.Sink.Header(line, CurlHeader.End);
                return true;
            }
            if (line.AsSpan().IndexOf((byte)0) >= 0) { throw new CurlStop(CurlCode.WeirdServerReply, "Nul byte in header"); }
            if (line[^1] != '\n') { throw new CurlStop(CurlCode.RecvError, "Connection closed while receiving headers"); }
            if (line[0] is (byte)' ' or (byte)'\t' && last is not null)
            {
                last += " " + OctetText.Of(line).Trim();
                _info.Headers[^1] = (_info.Headers[^1].Name, _info.Headers[^1].Value + " " + OctetText.Of(line).Trim());
                transfer.Order.Sink.Header(line, CurlHeader.Field);
                continue;
            }
            var text = OctetText.Of(line).TrimEnd('\r', '\n');
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
        var text = OctetText.Of(line);
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

    // curl: MAX_SET_COOKIE_AMOUNT.
    private const int MaxCookies = 50;

    private int _cookiesTaken;

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
            case "strict-transport-security" when _task.Hsts is not null && transfer.Url.Scheme == "https":
                transfer.Network.Hsts.Note(transfer.Url.Host, value, transfer.Network.Instant); break;
            case "set-cookie" when UsesCookies && _cookiesTaken < MaxCookies:
                var url = transfer.Url;
                var own = transfer.IsFirstName ? Find(_task.Headers, "Host") : null;
                var host = own is not null && ValueOf(own) is { Length: > 0 } said ? said.Split(':')[0] : url.Host;
                var isSecure = url.Scheme == "https" || host is "localhost" or "127.0.0.1" or "::1";
                if (transfer.Network.Cookies.Set(value, host, url.Path, isSecure, transfer.Network.Now)) { _cookiesTaken++; }
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

    private bool IsHead => transfer.Method == "HEAD" && transfer.OwnMethod is null or "HEAD" || _task.IsHead;

    private bool HasNoBody => IsHead || _status is 204 or 304 or (>= 100 and < 200);

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
            // What a HEAD tells of is what curl's meter has as the whole.
            _info.Expected = IsHead && _length > 0 ? _length : null;
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
        _info.Expected = !_isChunked && _length > 0 && !ignores ? _length : null;
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
}
