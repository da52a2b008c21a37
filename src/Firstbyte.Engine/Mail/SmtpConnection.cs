using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Mail;

/// <summary>What came of handing a message over.</summary>
/// <param name="Fault">Why it was not.</param>
/// <param name="ReplyFault">Why what the server said is no reply.</param>
/// <param name="Error">What broke the connection.</param>
/// <param name="IsInsecure">TLS was wanted and does not stand.</param>
/// <param name="IsSent">The server has taken the message, for those whom it accepts.</param>
/// <param name="Command">The command that was answered last.</param>
/// <param name="Reply">The last reply.</param>
/// <param name="Recipients">What was said of each recipient.</param>
internal sealed record SmtpResult(
    SmtpFault Fault, SmtpReplyFault ReplyFault, Errno Error, bool IsInsecure, bool IsSent, string Command, SmtpReply? Reply,
    IReadOnlyList<SmtpRecipientResult> Recipients);

/// <summary>Drives an <see cref="SmtpConversation"/> over a connection.</summary>
/// <remarks>Bytes that the server sent before TLS are never read as if TLS had protected them (RFC 3207 6).</remarks>
internal sealed class SmtpConnection(
    IByteStream stream, INetwork network, TraceSpan span, Func<CancellationToken, ValueTask<IByteStream?>> secure) : IDisposable
{
    // RFC 5321 4.5.3.2: five minutes for a greeting, MAIL and RCPT, ten for the reply to the content.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_contentPatience = TimeSpan.FromMinutes(10);

    // How long a server may take to say goodbye.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    // As secrets are covered everywhere (docs/decisions/0003); this one never leaves its command.
    private const string Cover = "********";

    private const int PieceLength = 64 * 1024;

    private readonly SmtpConversation _conversation = new();
    private readonly SmtpReplyReader _reader = new();
    private readonly ReceiveBuffer _received = new(new ReceiveRoom(1024, 1024, 2 * MailLimits.ReplyLine));
    private IByteStream _stream = stream;
    private StallGuard _guard = new(stream, network.Time);
    private SmtpReply? _reply;
    private string _command = "";
    private long _asked;

    /// <summary>Whether the server has the whole message and has not answered (RFC 5321 4.5.3.2.6).</summary>
    public bool AwaitsVerdict { get; private set; }

    /// <summary>Hands a message over.</summary>
    public async ValueTask<SmtpResult> RunAsync(SmtpTask task, MailComposer message, CancellationToken cancellationToken)
    {
        _asked = network.Time.GetTimestamp();
        try
        {
            var step = _conversation.Begin(task);
            while (step is not SmtpFinish)
            {
                var (input, failed) = await DoAsync(step, message, cancellationToken);
                if (failed is not null) { return failed; }
                step = _conversation.Handle(input!);
            }
            var finish = (SmtpFinish)step;
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
            await SendAsync([new SmtpCommand("QUIT")], both.Token);
            await ReadAsync(both.Token);
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
    }

    private async ValueTask<(SmtpInput? Input, SmtpResult? Failed)> DoAsync(SmtpStep step, MailComposer message, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case SmtpSend send:
                if (!await SendAsync(send.Commands, cancellationToken)) { return (null, Result(SmtpFault.CommandUnwritable)); }
                return await AwaitAsync(s_patience, cancellationToken);
            case SmtpAwait: return await AwaitAsync(s_patience, cancellationToken);
            case SmtpSecure:
                if (_received.Length > 0) { return (null, Result(replyFault: SmtpReplyFault.OutOfPlace)); }
                if (await secure(cancellationToken) is not { } secured) { return (null, Result() with { IsInsecure = true }); }
                _guard.Dispose();
                (_stream, _guard) = (secured, new StallGuard(secured, network.Time));
                return (new SmtpSecured(), null);
            case SmtpSendContent content:
                await SendContentAsync(content, message, cancellationToken);
                AwaitsVerdict = !content.IsEmpty;
                var (verdict, failed) = await AwaitAsync(s_contentPatience, cancellationToken);
                AwaitsVerdict &= failed is not null;
                return (verdict, failed);
            default: throw new InvalidOperationException($"a step that nobody can do: {step}");
        }
    }

    private async ValueTask<bool> SendAsync(SmtpCommand[] commands, CancellationToken cancellationToken)
    {
        var lines = new List<byte>();
        foreach (var command in commands)
        {
            if (command.ToBytes() is not { } line) { return false; }
            lines.AddRange(line);
        }
        foreach (var command in commands)
        {
            if (span.IsListening) { span.Tell(new SmtpCommandSent(command.Verb, Shown(command))); }
            if (command.Verb.Length > 0) { _command = command.Verb; }
        }
        _asked = network.Time.GetTimestamp();
        await _stream.SendAsync(lines.ToArray(), cancellationToken);
        return true;
    }

    // How it is said is nobody's secret, what is said is.
    private static string Shown(SmtpCommand command) =>
        !command.IsSecret ? command.Argument
            : command.Argument.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space ? $"{command.Argument[..space]} {Cover}" : Cover;

    private async ValueTask SendContentAsync(SmtpSendContent content, MailComposer message, CancellationToken cancellationToken)
    {
        var bytes = content.IsEmpty ? ".\r\n"u8.ToArray() : MailContent.Stuffed(content.IsEightBit ? message.EightBit : message.SevenBit);
        _asked = network.Time.GetTimestamp();
        for (var at = 0; at < bytes.Length; at += PieceLength)
        {
            _guard.Arm(s_patience);
            await _stream.SendAsync(bytes.AsMemory(at, Math.Min(PieceLength, bytes.Length - at)), cancellationToken);
        }
        _guard.Disarm();
        if (span.IsListening) { span.Tell(new MailContentSent(bytes.Length, content.IsEightBit)); }
    }

    private async ValueTask<(SmtpInput? Input, SmtpResult? Failed)> AwaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        _guard.Arm(patience);
        SmtpReadStatus status;
        try { status = await ReadAsync(cancellationToken); }
        finally { _guard.Disarm(); }
        // Closed from here, the stream may as well just end.
        if (_guard.HasFired) { return (null, Result(error: Errno.ETIMEDOUT)); }
        return status == SmtpReadStatus.Reply ? (new SmtpReplied(_reply!), null) : (null, Result(replyFault: _reader.Fault));
    }

    private async ValueTask<SmtpReadStatus> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var status = _reader.Read(_received.Span, _received.HasEnded, out var consumed);
            _received.Consume(consumed);
            if (status == SmtpReadStatus.Reply)
            {
                _reply = _reader.Reply!;
                if (span.IsListening) { span.Tell(new SmtpReplyReceived(_reply.Code, _reply.Lines, NetworkClock.NanosecondsSince(network.Time, _asked))); }
                return status;
            }
            if (status == SmtpReadStatus.Fault) { return status; }
            await _received.ReceiveAsync(_stream, cancellationToken);
        }
    }

    private SmtpResult Result(SmtpFault fault = SmtpFault.None, SmtpReplyFault replyFault = SmtpReplyFault.None, Errno error = Errno.None) =>
        new(fault, replyFault, error, false, _conversation.IsSent, _command, _reply, _conversation.Results);
}
