using Firstbyte.Sockets;

namespace Firstbyte.Cli.Curl;

/// <summary>One transfer over FTP, command for command as curl makes it (RFC 959, 2428, 3659).</summary>
/// <remarks>
/// Theory of operation. libcurl's states in their order (ftp.c): welcome, USER, PASS, PWD; what stands before the transfer (-Q), the folders (CWD, by
/// --ftp-method), MDTM, the data connection (EPSV, PASV; EPRT, PORT), TYPE, SIZE, REST, RETR or LIST or STOR, and the end. What the server says goes, line by
/// line, where heads go.
/// </remarks>
internal sealed partial class CurlFtp(CurlTransfer transfer) : IDisposable
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
        _control = await transfer.Connecting.OpenAsync($"{user}:{password}");
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
}
