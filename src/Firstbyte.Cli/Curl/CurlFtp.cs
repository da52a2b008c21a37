using System.Globalization;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Sockets;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Curl;

/// <summary>One transfer over FTP, command for command as curl makes it (RFC 959, 2428, 3659).</summary>
/// <remarks>
/// Theory of operation. libcurl's states in their order (ftp.c): welcome, USER, PASS, PWD; what stands before the transfer (-Q), the folders (CWD, by
/// --ftp-method), MDTM, the data connection (EPSV, PASV; EPRT, PORT), TYPE, SIZE, REST, RETR or LIST or STOR, and the end. What the server says goes, line by
/// line, where heads go.
/// </remarks>
internal sealed class CurlFtp(CurlTransfer transfer) : IDisposable
{
    /// <summary>Lines of a reply, and bytes of one (own choice, as the engine's: FtpLimits).</summary>
    private const int MaxReplyLines = 10_000, MaxReplyLine = 64 * 1024;

    private const int Piece = 64 * 1024;

    private readonly CurlTask _task = transfer.Task;
    private readonly CurlInfo _info = transfer.Info;
    private CurlWire _control = null!;
    private CurlFtpState _state = null!;
    private List<string> _folders = [];
    private string? _file;
    private string _path = "";
    private bool _isAscii;
    private string _reply = "";
    private CurlWire? _data;
    private ISocket? _listener;
    private bool _isBroken;

    // What is wanted: a part, from where and how many bytes.
    private long _from;
    private long _most = -1;

    public async Task RunAsync()
    {
        var (user, password) = transfer.User is { } said ? (said, transfer.Password ?? "") : ("anonymous", "ftp@example.com");
        ReadPath();
        _control = await transfer.OpenAsync($"{user}:{password}");
        try
        {
            if (_control.Ftp is { } state) { _state = state; }
            else
            {
                _state = _control.Ftp = new CurlFtpState();
                await LoginAsync(user, password);
            }
            _info.FtpEntryPath = _state.Entry;
            await TransferAsync();
            foreach (var command in _task.PostQuote) { await QuoteAsync(command); }
        }
        catch (NetworkException)
        {
            _isBroken = true;
            throw new CurlStop(CurlCode.RecvError, "FTP response reading failed");
        }
        catch (CurlStop e)
        {
            // What the server has refused leaves the session as it is, in another folder perhaps.
            _state?.Folder = null;
            // After the others nobody knows where the conversation stands: it ends without a word.
            _isBroken |= e.Code is not (CurlCode.BadDownloadResume or CurlCode.FtpWeirdPasvReply or CurlCode.FtpPortFailed or CurlCode.FtpAcceptFailed
                or CurlCode.FtpAcceptTimeout or CurlCode.FtpCouldntSetType or CurlCode.FtpCouldntRetrFile or CurlCode.PartialFile or CurlCode.UploadFailed
                or CurlCode.RemoteAccessDenied or CurlCode.FilesizeExceeded or CurlCode.RemoteFileNotFound or CurlCode.WriteError);
            throw;
        }
        finally
        {
            Dispose();
            if (_isBroken || _control.HasEnded) { _control.Dispose(); }
            else if (_control.Closes)
            {
                await QuitAsync(_control, transfer.Stop);
                _control.Dispose();
            }
            else if (!_control.IsAlive) { _control.Dispose(); }
            else { transfer.Network.Keep(_control); }
        }
    }

    /// <summary>Ends the data connection, and whatever waits for one.</summary>
    public void Dispose()
    {
        _data?.Dispose();
        _listener?.Close();
    }

    /// <summary>Takes leave of a server, as politely as the connection allows.</summary>
    public static async ValueTask QuitAsync(CurlWire control, CancellationToken stop)
    {
        try
        {
            await control.Stream.SendAsync("QUIT\r\n"u8.ToArray(), stop);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await control.ReadLineAsync(MaxReplyLine, patience.Token);
        }
        // It was to be closed anyway.
        catch (Exception e) when (e is IOException or CurlStop) { return; }
    }

    // --- The conversation -------------------------------------------------------------------------------------------

    private async ValueTask<int> AskAsync(string command)
    {
        await SendAsync(command);
        return await ReplyAsync();
    }

    private async ValueTask SendAsync(string command)
    {
        var bytes = CurlText.Bytes(command + "\r\n");
        transfer.Order.Trace?.HeaderOut(bytes);
        _info.RequestBytes += bytes.Length;
        await _control.Stream.SendAsync(bytes, transfer.Stop);
    }

    private async ValueTask<int> ReplyAsync()
    {
        for (var lines = 0; lines < MaxReplyLines; lines++)
        {
            byte[]? line;
            try { line = await _control.ReadLineAsync(MaxReplyLine, transfer.Stop); }
            catch (CurlStop) { throw new CurlStop(CurlCode.WeirdServerReply, "response reading failed (too long line)"); }
            if (line is null || line[^1] != '\n')
            {
                _isBroken = true;
                throw new CurlStop(CurlCode.RecvError, "response reading failed (errno: 0)");
            }
            transfer.Order.Trace?.HeaderIn(line);
            _info.HeaderBytes += line.Length;
            transfer.Order.Sink.Header(line, CurlHeader.Ftp);
            var text = CurlText.Of(line).TrimEnd('\r', '\n');
            if (text.Length < 3 || text.AsSpan(0, 3).IndexOfAnyExceptInRange('0', '9') >= 0 || (text.Length > 3 && text[3] != ' ')) { continue; }
            _reply = text;
            var code = int.Parse(text.AsSpan(0, 3), CultureInfo.InvariantCulture);
            _info.ResponseCode = code;
            if (code == 421)
            {
                // The server goes.
                _control.Closes = _isBroken = true;
                throw new CurlStop(CurlCode.OperationTimedout, "We got a 421 - timeout");
            }
            return code;
        }
        throw new CurlStop(CurlCode.WeirdServerReply, "response reading failed (too many lines)");
    }

    private async ValueTask LoginAsync(string user, string password)
    {
        var code = await ReplyAsync();
        if (code != 230)
        {
            if (code != 220)
            {
                throw new CurlStop(CurlCode.WeirdServerReply, string.Create(CultureInfo.InvariantCulture,
                    $"Got a {code:000} ftp-server response when 220 was expected"));
            }
            if (transfer.Url.Scheme == "ftp" && (_task.TriesSsl || _task.NeedsSsl)) { await SecureAsync(); }
            code = await AskAsync("USER " + user);
            if (code / 100 == 5 && _task.FtpAlternative is { } other) { code = await AskAsync(other); }
            if (code == 331) { code = await AskAsync("PASS " + password); }
            if (code == 332)
            {
                if (_task.FtpAccount is not { } account) { throw new CurlStop(CurlCode.LoginDenied, "ACCT requested but none available"); }
                code = await AskAsync("ACCT " + account);
                if (code != 230) { throw new CurlStop(11, string.Create(CultureInfo.InvariantCulture, $"ACCT rejected by server: {code:000}")); }
            }
            if (code / 100 != 2) { throw new CurlStop(CurlCode.LoginDenied, string.Create(CultureInfo.InvariantCulture, $"Access denied: {code:000}")); }
        }
        if (_state.IsProtected || transfer.Url.Scheme == "ftps")
        {
            await AskAsync("PBSZ 0");
            _state.IsProtected = await AskAsync("PROT P") / 100 == 2;
        }
        if (await AskAsync("PWD") == 257 && Quoted(_reply) is { } entry)
        {
            _state.Entry = entry;
            if (entry.Length > 0 && entry[0] != '/') { await SystemAsync(); }
        }
    }

    // A folder that begins with no slash may be an OS/400's, which can be asked for its other way of writing names.
    private async ValueTask SystemAsync()
    {
        if (await AskAsync("SYST") != 215) { return; }
        if (_reply[3..].Trim().StartsWith("OS/400", StringComparison.OrdinalIgnoreCase)
            && await AskAsync("SITE NAMEFMT 1") == 250 && await AskAsync("PWD") == 257 && Quoted(_reply) is { } entry)
        {
            _state.Entry = entry;
        }
    }

    private async ValueTask SecureAsync()
    {
        var code = await AskAsync("AUTH SSL");
        if (code is not (234 or 334)) { code = await AskAsync("AUTH TLS"); }
        if (code is not (234 or 334))
        {
            if (_task.NeedsSsl) { throw new CurlStop(CurlCode.UseSslFailed, "Requested SSL level failed"); }
            return;
        }
        await transfer.SecureAsync(_control);
        _state.IsProtected = true;
    }

    private static string? Quoted(string reply)
    {
        var open = reply.IndexOf('"', StringComparison.Ordinal);
        if (open < 0) { return null; }
        var text = new StringBuilder();
        for (var i = open + 1; i < reply.Length; i++)
        {
            if (reply[i] != '"') { text.Append(reply[i]); }
            else if (i + 1 < reply.Length && reply[i + 1] == '"') { text.Append(reply[i++]); }
            else { return text.ToString(); }
        }
        return null;
    }

    private async ValueTask QuoteAsync(string command)
    {
        var mayFail = command.StartsWith('*');
        var code = await AskAsync(mayFail ? command[1..] : command);
        if (code >= 400 && !mayFail)
        {
            throw new CurlStop(CurlCode.QuoteError, string.Create(CultureInfo.InvariantCulture, $"QUOT command failed with {code:000}"));
        }
    }

    // --- Where the file is ------------------------------------------------------------------------------------------

    private void ReadPath()
    {
        var path = transfer.Url.Path;
        _isAscii = _task.UseAscii;
        if (path.LastIndexOf(";type=", StringComparison.OrdinalIgnoreCase) is >= 0 and var type && type + 7 == path.Length)
        {
            var letter = char.ToUpperInvariant(path[^1]);
            (_isAscii, _listsNames) = (letter == 'A', letter == 'D');
            path = path[..type];
        }
        _listsNames |= _task.ListOnly;
        var raw = CurlText.Of(CurlText.Unescape(path[1..]));
        if (raw.AsSpan().IndexOfAnyInRange('\0', '\x1F') >= 0) { throw new CurlStop(CurlCode.UrlMalformat, "path contains control characters"); }
        foreach (var text in (string?[])[transfer.User, transfer.Password])
        {
            if (text is not null && text.AsSpan().IndexOfAnyInRange('\0', '\x1F') >= 0)
            {
                throw new CurlStop(CurlCode.UrlMalformat, "control characters in credentials");
            }
        }
        _path = raw;
        var slash = raw.LastIndexOf('/');
        string name;
        switch (_task.FtpMethod)
        {
            case CurlFtpMethod.NoCwd:
                name = raw.EndsWith('/') ? "" : raw;
                break;
            case CurlFtpMethod.SingleCwd:
                name = raw[(slash + 1)..];
                if (slash >= 0) { _folders = [slash == 0 ? "/" : raw[..slash]]; }
                break;
            default:
                var at = 0;
                for (var i = 0; i < raw.Length; i++)
                {
                    if (raw[i] != '/') { continue; }
                    if (i > at) { _folders.Add(raw[at..i]); }
                    else if (_folders.Count == 0) { _folders.Add("/"); }
                    at = i + 1;
                }
                name = raw[at..];
                break;
        }
        _file = name.Length > 0 ? name : null;
        if (transfer.Order.IsUpload && _file is null) { throw new CurlStop(CurlCode.UrlMalformat, "Uploading to a URL without a file name"); }
    }

    private bool _listsNames;

    private async ValueTask GoToFolderAsync()
    {
        var folder = _path[..(_path.Length - (_file?.Length ?? 0))];
        if (_task.FtpMethod == CurlFtpMethod.NoCwd)
        {
            if (_path.StartsWith('/')) { return; }
            folder = "";
        }
        if (_control.Uses > 0 ? _state.Folder == folder : folder.Length == 0)
        {
            _state.Folder = folder;
            return;
        }
        if (_control.Uses > 0 && _state.Entry is { } entry && !(_folders.Count > 0 && _folders[0].StartsWith('/')))
        {
            if (await AskAsync("CWD " + entry) / 100 != 2) { throw Denied(); }
        }
        foreach (var one in _folders)
        {
            if (await AskAsync("CWD " + one) / 100 == 2) { continue; }
            if (!_task.CreatesFtpDirs) { throw Denied(); }
            await AskAsync("MKD " + one);
            // Another may have made it meanwhile.
            if (await AskAsync("CWD " + one) / 100 != 2) { throw Denied(); }
        }
        _state.Folder = folder;
    }

    private static CurlStop Denied() => new(CurlCode.RemoteAccessDenied, "Server denied you to change to the given directory");

    // --- The transfer -----------------------------------------------------------------------------------------------

    private async ValueTask TransferAsync()
    {
        var order = transfer.Order;
        foreach (var command in _task.Quote) { await QuoteAsync(command); }
        await GoToFolderAsync();
        if (_file is not null && (_task.TimeCondition != CurlTimeCondition.None || _task.KeepsRemoteTime || _task.IsHead)
            && !await IsWantedByTimeAsync()) { return; }
        if (_task.IsHead)
        {
            await HeadAsync();
            return;
        }
        if (_task.FtpPort is not null) { await ListenAsync(); }
        else
        {
            if (_task.FtpPret)
            {
                var verb = _file is null ? _listsNames ? "PRET NLST" : "PRET LIST" : order.IsUpload ? $"PRET STOR {_file}" : $"PRET RETR {_file}";
                if (await AskAsync(verb) != 200) { throw new CurlStop(84, "PRET command not accepted"); }
            }
            await PassiveAsync();
        }
        if (!order.IsUpload && !ReadRange()) { return; }
        if (order.IsUpload) { await StoreAsync(); }
        else if (_file is null || _listsNames) { await ListAsync(); }
        else { await RetrieveAsync(); }
    }

    private async ValueTask<bool> IsWantedByTimeAsync()
    {
        var code = await AskAsync("MDTM " + _file);
        if (code == 213 && DateTimeOffset.TryParseExact(
            _reply.Length >= 18 ? _reply[4..18] : "", "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            _info.FileTime = time.ToUnixTimeSeconds();
            if (_task.IsHead) { WriteHead($"Last-Modified: {CurlDate.Http(_info.FileTime.Value)}\r\n"); }
        }
        if (_task.TimeCondition == CurlTimeCondition.None || _info.FileTime is not > 0 || _task.ConditionTime <= 0) { return true; }
        return _task.TimeCondition == CurlTimeCondition.IfUnmodifiedSince ? _info.FileTime <= _task.ConditionTime : _info.FileTime > _task.ConditionTime;
    }

    private void WriteHead(string line)
    {
        var bytes = CurlText.Bytes(line);
        transfer.Order.Sink.Header(bytes, CurlHeader.Ftp);
        transfer.Order.Sink.Body(bytes);
    }

    private async ValueTask HeadAsync()
    {
        if (_file is null) { return; }
        await TypeAsync(_isAscii);
        if (await AskAsync("SIZE " + _file) == 213 && SizeOf(_reply) is { } size)
        {
            WriteHead(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {size}\r\n"));
        }
        if (await AskAsync("REST 0") == 350) { WriteHead("Accept-ranges: bytes\r\n"); }
        foreach (var command in _task.PreQuote) { await QuoteAsync(command); }
    }

    // Servers put other words there too: the number is the last.
    private static long? SizeOf(string reply)
    {
        var end = reply.Length;
        while (end > 4 && !char.IsAsciiDigit(reply[end - 1])) { end--; }
        var start = end;
        while (start > 4 && char.IsAsciiDigit(reply[start - 1])) { start--; }
        return long.TryParse(reply.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;
    }

    /// <summary>Reads the range; false where its numbers are beyond all measure, and nothing is transferred.</summary>
    private bool ReadRange()
    {
        _from = transfer.Order.ResumeFrom;
        if (transfer.Order.Range is not { } range) { return true; }
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0) { return true; }
        var comma = range.IndexOf(',', StringComparison.Ordinal);
        if (comma >= 0) { range = range[..comma]; }
        var (first, last) = (range[..dash].Trim(), range[(dash + 1)..].Trim());
        long from = 0, to = 0;
        if (first.Length > 18 && first.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 && !long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture,
            out _))
        {
            return false;
        }
        if (first.Length > 0 && !long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out from))
        {
            throw new CurlStop(CurlCode.RangeError, "Requested range was not delivered by the server");
        }
        if (last.Length > 0 && !long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out to))
        {
            throw new CurlStop(CurlCode.RangeError, "Requested range was not delivered by the server");
        }
        if (first.Length == 0)
        {
            if (to == 0) { throw new CurlStop(CurlCode.RangeError, "Requested range was not delivered by the server"); }
            (_most, _from) = (to, -to);
        }
        else if (last.Length == 0) { _from = from; }
        else
        {
            if (from > to) { throw new CurlStop(CurlCode.RangeError, "Requested range was not delivered by the server"); }
            (_from, _most) = (from, to - from + 1);
        }
        return true;
    }

    private async ValueTask TypeAsync(bool isAscii)
    {
        var type = isAscii ? 'A' : 'I';
        if (_state.Type == type) { return; }
        if (await AskAsync("TYPE " + type) / 100 != 2) { throw new CurlStop(CurlCode.FtpCouldntSetType, "Couldn't set desired mode"); }
        _state.Type = type;
    }

    private async ValueTask ListAsync()
    {
        await TypeAsync(true);
        foreach (var command in _task.PreQuote) { await QuoteAsync(command); }
        var folder = "";
        if (_task.FtpMethod == CurlFtpMethod.NoCwd && _path.LastIndexOf('/') is >= 0 and var slash) { folder = " " + (slash == 0 ? "/" : _path[..slash]); }
        var code = await AskAsync((_task.Method ?? (_listsNames ? "NLST" : "LIST")) + folder);
        if (code == 450)
        {
            CloseData();
            return;
        }
        if (code is not (125 or 150 or 126))
        {
            throw new CurlStop(CurlCode.FtpCouldntRetrFile, string.Create(CultureInfo.InvariantCulture, $"RETR response: {code:000}"));
        }
        await ReceiveAsync(-1);
    }

    private async ValueTask RetrieveAsync()
    {
        await TypeAsync(_isAscii);
        foreach (var command in _task.PreQuote) { await QuoteAsync(command); }
        long size = -1;
        if (!_task.IgnoresContentLength && !_isAscii)
        {
            size = await AskAsync("SIZE " + _file) == 213 ? SizeOf(_reply) ?? -1 : -1;
        }
        if (_task.MaxFileSize is { } max && size > max) { throw new CurlStop(CurlCode.FilesizeExceeded, "Maximum file size exceeded"); }
        if (_from != 0)
        {
            if (size >= 0)
            {
                if (_from < 0)
                {
                    if (size < -_from) { throw Beyond(size); }
                    (_from, size) = (size + _from, -_from);
                }
                else
                {
                    if (size < _from) { throw Beyond(size); }
                    size -= _from;
                }
            }
            if (size == 0)
            {
                CloseData();
                return;
            }
            if (await AskAsync(string.Create(CultureInfo.InvariantCulture, $"REST {_from}")) != 350)
            {
                throw new CurlStop(CurlCode.FtpCouldntUseRest, "Couldn't use REST");
            }
        }
        var code = await AskAsync("RETR " + _file);
        if (code is not (125 or 150 or 126))
        {
            throw new CurlStop(code == 550 ? CurlCode.RemoteFileNotFound : CurlCode.FtpCouldntRetrFile, string.Create(CultureInfo.InvariantCulture,
                $"RETR response: {code:000}"));
        }
        // "150 Opening … (1234 bytes)"
        if (size < 1 && !_isAscii && !_task.IgnoresContentLength && _reply.IndexOf(" bytes", StringComparison.Ordinal) is > 0 and var bytes)
        {
            var start = bytes;
            while (start > 0 && char.IsAsciiDigit(_reply[start - 1])) { start--; }
            if (start > 0 && _reply[start - 1] == '(' && long.TryParse(_reply.AsSpan(start, bytes - start), NumberStyles.None, CultureInfo.InvariantCulture,
                out var said))
            {
                size = said;
            }
        }
        if (_task.MaxFileSize is { } most && size > most) { throw new CurlStop(CurlCode.FilesizeExceeded, "Maximum file size exceeded"); }
        await ReceiveAsync(size);
    }

    private CurlStop Beyond(long size) =>
        new(CurlCode.BadDownloadResume, string.Create(CultureInfo.InvariantCulture, $"Offset ({_from}) was beyond file size ({size})"));

    private async ValueTask ReceiveAsync(long size)
    {
        var data = await DataAsync();
        if (_most > 0 && size > _most) { size = _most; }
        // No more than was announced: a server that does not heed REST sends the whole.
        var wanted = _most > 0 ? _most : size > 0 && !_isAscii ? size : long.MaxValue;
        var received = 0L;
        var wasReturn = false;
        while (received < wanted && (data.Count > 0 || await data.FillAsync(transfer.Stop)))
        {
            var count = (int)Math.Min(data.Count, wanted - received);
            var piece = data.Pending[..count];
            transfer.Order.Trace?.DataIn(piece.Span);
            _info.Downloaded += count;
            transfer.Order.Sink.Body(_isAscii ? WithoutReturns(piece.Span, ref wasReturn) : piece);
            received += count;
            data.Consume(count);
            if (_task.MaxFileSize is { } most && received > most) { throw new CurlStop(CurlCode.FilesizeExceeded, "Exceeded the maximum allowed file size"); }
        }
        if (_isAscii && wasReturn) { transfer.Order.Sink.Body("\r"u8.ToArray()); }
        CloseData();
        if (_most > 0)
        {
            // Cut off here, nobody knows what the server makes of it.
            if (received >= _most) { await SendAsync("ABOR"); }
            _control.Closes = true;
        }
        else
        {
            var code = await ReplyAsync();
            if (code is not (226 or 250))
            {
                throw new CurlStop(CurlCode.PartialFile, string.Create(CultureInfo.InvariantCulture, $"server did not report OK, got {code}"));
            }
        }
        if (size >= 0 && received != size && received != _most && !_isAscii)
        {
            throw received == 0 ? new CurlStop(CurlCode.PartialFile, "Received only partial file: 0 bytes")
                : new CurlStop(CurlCode.PartialFile, string.Create(CultureInfo.InvariantCulture, $"Received only partial file: {received} bytes"));
        }
    }

    // CRLF is a line end of the network's, LF of this host.
    private static byte[] WithoutReturns(ReadOnlySpan<byte> text, ref bool wasReturn)
    {
        using var lines = new MemoryStream(text.Length + 1);
        foreach (var one in text)
        {
            if (wasReturn && one != '\n') { lines.WriteByte((byte)'\r'); }
            wasReturn = one == '\r';
            if (!wasReturn) { lines.WriteByte(one); }
        }
        return lines.ToArray();
    }

    private async ValueTask StoreAsync()
    {
        var order = transfer.Order;
        var content = transfer.Content!;
        await TypeAsync(_isAscii);
        foreach (var command in _task.PreQuote) { await QuoteAsync(command); }
        var offset = order.ResumeFrom;
        if (offset < 0) { offset = await AskAsync("SIZE " + _file) == 213 ? SizeOf(_reply) ?? 0 : 0; }
        if (offset > 0 && content.Length is { } length && length - offset <= 0 && length > 0)
        {
            CloseData();
            return;
        }
        var code = await AskAsync((offset > 0 || _task.Append ? "APPE " : "STOR ") + _file);
        if (code >= 400) { throw new CurlStop(CurlCode.UploadFailed, string.Create(CultureInfo.InvariantCulture, $"Failed FTP upload: {code:000}")); }
        var data = await DataAsync();
        var sent = 0L;
        IBodyReader? reader = null;
        try
        {
            reader = content.Open();
            var piece = new byte[Piece];
            if (offset > 0 && !reader.TrySkip(offset))
            {
                for (var left = offset; left > 0 && await reader.ReadAsync(piece.AsMemory(0, (int)Math.Min(Piece, left)), transfer.Stop) is > 0 and var count;)
                {
                    left -= count;
                }
            }
            while (await reader.ReadAsync(piece, transfer.Stop) is > 0 and var count)
            {
                ReadOnlyMemory<byte> bytes = _task.Crlf || _isAscii ? CurlLines.ToCrlf(piece.AsSpan(0, count)) : piece.AsMemory(0, count);
                transfer.Order.Trace?.DataOut(bytes.Span);
                await data.Stream.SendAsync(bytes, transfer.Stop);
                sent += count;
                _info.Uploaded += bytes.Length;
            }
        }
        catch (NetworkException) { /* The server says why. */ }
        catch (IOException) { throw new CurlStop(CurlCode.ReadError, "read function returned funny value"); }
        finally { reader?.Close(); }
        CloseData();
        code = await ReplyAsync();
        if (code == 552) { throw new CurlStop(CurlCode.RemoteDiskFull, "Uploaded data was too big for the server"); }
        if (code is not (226 or 250))
        {
            throw new CurlStop(CurlCode.PartialFile, string.Create(CultureInfo.InvariantCulture, $"server did not report OK, got {code}"));
        }
        if (content.Length is { } whole && sent != whole - offset && !_task.Crlf)
        {
            throw new CurlStop(CurlCode.PartialFile, string.Create(CultureInfo.InvariantCulture,
                $"Uploaded unaligned file size ({sent} out of {whole} bytes)"));
        }
    }

    // --- The data connection ----------------------------------------------------------------------------------------

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
                    _data = await transfer.OpenDataAsync(_control, HostOfControl, port);
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
        _data = await transfer.OpenDataAsync(_control, host, (numbers[4] << 8) + numbers[5]);
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
        if (_state.IsProtected) { await transfer.SecureAsync(_data!); }
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
