using System.Globalization;
using System.Text;
using Firstbyte.Http;

namespace Firstbyte.Cli.Curl;

/// <content>From the greeting to being let in.</content>
internal sealed partial class CurlFtp
{
    private async ValueTask<int> AskAsync(string command)
    {
        await SendAsync(command);
        return await ReplyAsync();
    }

    private async ValueTask SendAsync(string command)
    {
        var bytes = OctetText.Octets(command + "\r\n");
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
            var text = OctetText.Of(line).TrimEnd('\r', '\n');
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
        await transfer.Connecting.SecureAsync(_control);
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
}
