using System.Text;
using Firstbyte.Errors;
using Firstbyte.Mail;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.News;

/// <summary>What came of asking a news server.</summary>
/// <param name="Fault">Why it did not do it.</param>
/// <param name="ReplyFault">Why what the server said is no reply.</param>
/// <param name="Error">What broke the connection.</param>
/// <param name="SinkError">Why the content could not be kept.</param>
/// <param name="IsInsecure">TLS was begun and does not stand.</param>
/// <param name="Command">The command that was answered last.</param>
/// <param name="Reply">The last status line.</param>
/// <param name="Bytes">Bytes of content that were handed on.</param>
internal sealed record NewsResult(
    NntpFault Fault, NntpReplyFault ReplyFault, Errno Error, Errno SinkError, bool IsInsecure, string Command, NntpReply? Reply, long Bytes);

/// <summary>Drives an <see cref="NntpConversation"/> over a connection; what a user wants to see goes to the sink line by line.</summary>
/// <remarks>Bytes that the server sent before TLS are never read as if TLS had protected them (RFC 4642 5).</remarks>
internal sealed class NewsConnection(
    IByteStream stream, INetwork network, TraceSpan span, Func<CancellationToken, ValueTask<IByteStream?>> secure) : IDisposable
{
    // INN: clienttimeout is 600 s; HTTP's and FTP's connections wait 120 s for the next byte.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    // How long a server may take to say goodbye.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    // As secrets are covered everywhere (docs/decisions/0003); this one never leaves its command.
    private const string Cover = "********";

    private const int PieceLength = 64 * 1024;

    private readonly NntpConversation _conversation = new();
    private readonly NntpReader _reader = new();
    private readonly ReceiveBuffer _received = new(new ReceiveRoom(1024, 16 * 1024, 2 * NewsLimits.BlockLine));
    private readonly MemoryStream _piece = new();
    private IByteStream _stream = stream;
    private StallGuard _guard = new(stream, network.Time);
    private NntpReply? _reply;
    private string _command = "";
    private long _asked;
    private long _bytes;

    /// <summary>How many articles the group has, and their numbers.</summary>
    public (long Count, long First, long Last)? Group => _conversation.Group;

    /// <summary>Asks for one thing.</summary>
    public async ValueTask<NewsResult> RunAsync(NntpTask task, IBodySink sink, byte[]? article, CancellationToken cancellationToken)
    {
        _asked = network.Time.GetTimestamp();
        try
        {
            var step = _conversation.Begin(task);
            while (step is not NntpFinish)
            {
                var (input, failed) = await DoAsync(step, sink, article, cancellationToken);
                if (failed is not null) { return failed; }
                step = _conversation.Handle(input!);
            }
            var finish = (NntpFinish)step;
            return Result(finish.Fault) with { Command = finish.Command, Reply = finish.Reply };
        }
        catch (NetworkException e) { return Result(error: _guard.HasFired ? Errno.ETIMEDOUT : e.Error); }
    }

    /// <summary>Says goodbye and closes.</summary>
    public async ValueTask QuitAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_farewell, network.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await SendAsync(new NntpSend("QUIT"), both.Token);
            await NextAsync(both.Token);
        }
        catch (NetworkException) { /* It is gone already, and nothing was left to say. */ }
        catch (OperationCanceledException) when (patience.IsCancellationRequested) { /* A goodbye is not waited for. */ }
        finally { Dispose(); }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _guard.Dispose();
        _stream.Close();
        _received.Dispose();
        _piece.Dispose();
    }

    private async ValueTask<(NntpInput? Input, NewsResult? Failed)> DoAsync(NntpStep step, IBodySink sink, byte[]? article, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case NntpSend send:
                if (!await SendAsync(send, cancellationToken)) { return (null, Result(NntpFault.CommandUnwritable)); }
                return await AwaitAsync(cancellationToken);
            case NntpAwait: return await AwaitAsync(cancellationToken);
            case NntpSecure:
                if (_received.Length > 0) { return (null, Result(replyFault: NntpReplyFault.OutOfPlace)); }
                if (await secure(cancellationToken) is not { } secured) { return (null, Result() with { IsInsecure = true }); }
                _guard.Dispose();
                (_stream, _guard) = (secured, new StallGuard(secured, network.Time));
                return (new NntpSecured(), null);
            case NntpReadBlock block: return await ReadBlockAsync(block.Content, sink, cancellationToken);
            case NntpSendArticle:
                var bytes = MailContent.Stuffed(article);
                _asked = network.Time.GetTimestamp();
                await _stream.SendAsync(bytes, cancellationToken);
                if (span.IsListening) { span.Tell(new NewsArticleSent(bytes.Length)); }
                return await AwaitAsync(cancellationToken);
            default: throw new InvalidOperationException($"a step that nobody can do: {step}");
        }
    }

    private async ValueTask<bool> SendAsync(NntpSend command, CancellationToken cancellationToken)
    {
        if (command.ToBytes() is not { } line) { return false; }
        if (span.IsListening) { span.Tell(new NntpCommandSent(command.Verb, Shown(command))); }
        (_command, _asked) = (command.Verb, network.Time.GetTimestamp());
        await _stream.SendAsync(line, cancellationToken);
        return true;
    }

    // "PASS" is no secret, what follows is.
    private static string Shown(NntpSend command) =>
        command.IsSecret ? $"{command.Argument[..(command.Argument.IndexOf(' ', StringComparison.Ordinal) + 1)]}{Cover}" : command.Argument;

    private async ValueTask<(NntpInput? Input, NewsResult? Failed)> AwaitAsync(CancellationToken cancellationToken)
    {
        var (status, _) = await GuardedAsync(cancellationToken);
        if (_guard.HasFired) { return (null, Result(error: Errno.ETIMEDOUT)); }
        return status == NntpReadStatus.Reply ? (new NntpReplied(_reply!), null) : (null, Result(replyFault: _reader.Fault));
    }

    private async ValueTask<(NntpReadStatus Status, byte[] Line)> GuardedAsync(CancellationToken cancellationToken)
    {
        _guard.Arm(s_patience);
        try { return await NextAsync(cancellationToken); }
        finally { _guard.Disarm(); }
    }

    private async ValueTask<(NntpReadStatus Status, byte[] Line)> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var status = _reader.Read(_received.Span, _received.HasEnded, out var consumed, out var line);
            var bytes = status == NntpReadStatus.Line ? _received.Span[line].ToArray() : [];
            _received.Consume(consumed);
            if (status == NntpReadStatus.Reply)
            {
                _reply = _reader.Reply!;
                if (span.IsListening) { span.Tell(new NntpReplyReceived(_reply.Code, _reply.Text, NetworkClock.NanosecondsSince(network.Time, _asked))); }
            }
            if (status != NntpReadStatus.NeedMore) { return (status, bytes); }
            await _received.ReceiveAsync(_stream, cancellationToken);
        }
    }

    private async ValueTask<(NntpInput? Input, NewsResult? Failed)> ReadBlockAsync(NntpBlock content, IBodySink sink, CancellationToken cancellationToken)
    {
        _reader.BeginBlock(content == NntpBlock.Capabilities ? NewsLimits.Capabilities : NewsLimits.ListLines);
        var (lines, received, known) = (0, 0L, new List<string>());
        try
        {
            if (content != NntpBlock.Capabilities)
            {
                sink.Begin(new ContentDescription(null, content == NntpBlock.Article ? "message/rfc822" : NewsListing.Type));
            }
            while (true)
            {
                var (status, line) = await GuardedAsync(cancellationToken);
                if (_guard.HasFired) { return (null, Result(error: Errno.ETIMEDOUT)); }
                if (status == NntpReadStatus.BlockEnd) { break; }
                if (status != NntpReadStatus.Line) { return (null, Result(replyFault: _reader.Fault)); }
                lines++;
                received += line.Length + 2;
                if (content == NntpBlock.Capabilities) { known.Add(NntpReader.Decode(line)); }
                else { await HandOnAsync(content, line, sink, cancellationToken); }
            }
            await FlushAsync(sink, cancellationToken);
        }
        catch (IOException e) when (e is not NetworkException) { return (null, Result() with { SinkError = IoErrors.ToErrno(e) }); }
        if (span.IsListening) { span.Tell(new NntpBlockReceived(content, lines, received)); }
        return (new NntpBlockRead([.. known]), null);
    }

    private static string Words(string text) => MimeKit.Utils.Rfc2047.DecodeText(Encoding.UTF8.GetBytes(text));

    private async ValueTask HandOnAsync(NntpBlock content, byte[] line, IBodySink sink, CancellationToken cancellationToken)
    {
        if (content == NntpBlock.Article)
        {
            _piece.Write(line);
            _piece.Write("\r\n"u8);
        }
        else
        {
            var text = NntpReader.Decode(line);
            _piece.Write(Encoding.UTF8.GetBytes((content == NntpBlock.Groups ? NewsListing.Group(text) : NewsListing.Article(text, Words)) ?? ""));
        }
        if (_piece.Length >= PieceLength) { await FlushAsync(sink, cancellationToken); }
    }

    private async ValueTask FlushAsync(IBodySink sink, CancellationToken cancellationToken)
    {
        if (_piece.Length == 0) { return; }
        _bytes += _piece.Length;
        await sink.WriteAsync(_piece.GetBuffer().AsMemory(0, (int)_piece.Length), cancellationToken);
        _piece.SetLength(0);
    }

    private NewsResult Result(NntpFault fault = NntpFault.None, NntpReplyFault replyFault = NntpReplyFault.None, Errno error = Errno.None) =>
        new(fault, replyFault, error, Errno.None, false, _command, _reply, _bytes);
}
