using System.Buffers;
using System.Globalization;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Sockets;

namespace Firstbyte.Cli.Curl;

/// <summary>One request and its response, byte for byte as curl sends and takes them (HTTP/1.x).</summary>
/// <remarks>
/// Theory of operation. The request's lines stand in libcurl's own order (http.c: Curl_http), behind them the user's. The response is taken as libcurl takes
/// it:
/// more than RFC 9112 allows, where it does; what was repaired closes the connection. Content goes out beside the reading, so that an early answer is heard.
/// </remarks>
internal sealed partial class CurlHttp(CurlTransfer transfer)
{
    /// <summary>A line of a head, all of a head, and its lines (curl: DYN_HTTP_HEADER..., MAX_HTTP_RESP_HEADER_SIZE, MAX_HTTP_RESP_HEADER_COUNT).</summary>
    public const int MaxLine = 100 * 1024, MaxHead = 300 * 1024, MaxLines = 5000;

    /// <summary>Ends the transfer where a head has come to be larger than any may be.</summary>
    public static void LimitHead(long length)
    {
        if (length <= MaxHead) { return; }
        throw new CurlStop(CurlCode.RecvError, string.Create(CultureInfo.InvariantCulture, $"Too large response headers: {length} > {MaxHead}"));
    }

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
        _wire = await transfer.Connecting.OpenAsync();
        var judge = _wire.Judge = new CurlJudge(IsHead);
        var isKept = false;
        try
        {
            var next = await ExchangeAsync();
            isKept = true;
            if (transfer.Span.IsListening && !IsDead && judge.IsJudged) { judge.Tell(transfer.Span); }
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
            _wire.Judge = null;
            // On what had to be repaired nothing is asked again.
            if (isKept && !IsDead && !_wire.Closes) { _wire.Closes = !judge.IsSound; }
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
        var lines = OctetText.Of(head).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
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
}
