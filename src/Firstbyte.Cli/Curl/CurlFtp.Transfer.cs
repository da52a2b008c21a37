using System.Globalization;
using Firstbyte.Ftp;
using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Curl;

/// <content>The transfer itself.</content>
internal sealed partial class CurlFtp
{
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
        var bytes = OctetText.Octets(line);
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
        // Text comes with CRLF (RFC 959 3.1.1.1), a listing whatever the type of its files, and is given as this system has it.
        var isText = _state.Type == 'A';
        _info.Expected = wanted < long.MaxValue ? wanted : null;
        var received = 0L;
        var wasReturn = false;
        while (received < wanted && (data.Count > 0 || await data.FillAsync(transfer.Stop)))
        {
            var count = (int)Math.Min(data.Count, wanted - received);
            var piece = data.Pending[..count];
            transfer.Order.Trace?.DataIn(piece.Span);
            _info.Downloaded += count;
            _info.Delivered += count;
            transfer.Order.Sink.Body(isText ? WithoutReturns(piece.Span, ref wasReturn) : piece);
            received += count;
            data.Consume(count);
            if (_task.MaxFileSize is { } most && received > most) { throw new CurlStop(CurlCode.FilesizeExceeded, "Exceeded the maximum allowed file size"); }
        }
        if (isText && wasReturn) { transfer.Order.Sink.Body("\n"u8.ToArray()); }
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
                throw NotWell(code);
            }
        }
        if (size >= 0 && received != size && received != _most && !_isAscii)
        {
            throw received == 0 ? new CurlStop(CurlCode.PartialFile, "Received only partial file: 0 bytes")
                : new CurlStop(CurlCode.PartialFile, string.Create(CultureInfo.InvariantCulture, $"Received only partial file: {received} bytes"));
        }
    }

    // 522: the data connection is to go on with the TLS session of the other one, and the platform keeps none of a server that is asked by its address.
    private static CurlStop NotWell(int code) => new(CurlCode.PartialFile, string.Create(CultureInfo.InvariantCulture, $"server did not report OK, got {code}")
        + (code != 522 ? ""
            : ": it wants the data connection to go on with the TLS session, which is kept by name alone here (--resolve gives an address a name)"));

    // CRLF is a line end of the network's, LF of this host.
    private static byte[] WithoutReturns(ReadOnlySpan<byte> text, ref bool wasReturn)
    {
        using var lines = new MemoryStream(text.Length + 1);
        foreach (var one in text)
        {
            // libcurl: a CR alone is a line's end too.
            if (wasReturn && one != '\n') { lines.WriteByte((byte)'\n'); }
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
        // curl takes what is there when it closes, which the end of a server that is late escapes.
        if (_state.IsProtected) { await FtpUploadEnd.AwaitAsync(data.Stream, transfer.Network.Host.Network.Time, transfer.Stop); }
        CloseData();
        code = await ReplyAsync();
        if (code == 552) { throw new CurlStop(CurlCode.RemoteDiskFull, "Uploaded data was too big for the server"); }
        if (code is not (226 or 250))
        {
            throw NotWell(code);
        }
        if (content.Length is { } whole && sent != whole - offset && !_task.Crlf)
        {
            throw new CurlStop(CurlCode.PartialFile, string.Create(CultureInfo.InvariantCulture,
                $"Uploaded unaligned file size ({sent} out of {whole} bytes)"));
        }
    }
}
