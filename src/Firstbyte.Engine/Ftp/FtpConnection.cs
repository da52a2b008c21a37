using System.Buffers;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Ftp;

/// <summary>Drives an <see cref="FtpConversation"/> over a control connection and the data connections that it asks for.</summary>
/// <remarks>
/// Theory of operation. The conversation says what is next; this class does it, and tells what came of it. Replies are awaited with patience: a server that is
/// silent for <see cref="s_patience"/> is given up, on both connections. Bytes that the server sent before TLS are never read as if TLS had protected them.
/// </remarks>
internal sealed class FtpConnection(IByteStream control, IFtpChannels channels, INetwork network, TraceSpan span) : IDisposable
{
    // curl: server-response-timeout is 120 s; HTTP's connections wait as long for the next byte.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    // How long a server may take to say goodbye.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    private const int PieceLength = 64 * 1024;

    // As secrets are covered everywhere (docs/decisions/0003); this one never leaves its command.
    private const string Cover = "********";

    private readonly FtpConversation _conversation = new();
    private readonly FtpReplyReader _reader = new();
    private readonly ReceiveBuffer _received = new(new ReceiveRoom(1024, 1024, 2 * FtpLimits.ReplyLine));
    private IByteStream _control = control;
    private StallGuard _guard = new(control, network.Time);
    private Errno _sinkError;
    private Errno _sourceError;
    private FtpDataConnection? _data;
    private ISocket? _listener;
    private FtpReply? _reply;
    private string _command = "";
    private long _asked;
    private long _bytes;

    /// <summary>Whether it can take another task.</summary>
    public bool MayReuse { get; private set; }

    /// <summary>Tasks that have been done on it.</summary>
    public int Tasks { get; private set; }

    /// <summary>When the file that came last was changed, as the server says.</summary>
    public DateTime? ModifiedTime => _conversation.ModifiedTime;

    /// <summary>Does a task; content goes to the sink, or comes from the source.</summary>
    public async ValueTask<FtpResult> RunAsync(FtpTask task, IBodySink sink, IBodySource? source, CancellationToken cancellationToken)
    {
        (MayReuse, _bytes, _sinkError, _sourceError, _asked) = (false, 0, Errno.None, Errno.None, network.Time.GetTimestamp());
        Tasks++;
        try
        {
            var step = _conversation.Begin(task);
            while (step is not FtpFinish)
            {
                var (input, failed) = await DoAsync(step, task, sink, source, cancellationToken);
                if (failed is not null) { return failed; }
                step = _conversation.Handle(input!);
            }
            var finish = (FtpFinish)step;
            if (task.Operation == FtpOperation.Look && finish.Fault == FtpFault.None && span.IsListening && !task.Path.IsDirectory)
            {
                Instant? modified = _conversation.ModifiedTime is { } time ? Instant.FromDateTimeOffset(new DateTimeOffset(time, TimeSpan.Zero)) : null;
                span.Tell(new FtpFileFound(_conversation.Size, modified));
            }
            MayReuse = finish.MayReuse;
            return Result(finish.Fault) with { Command = finish.Command, Reply = finish.Reply, SinkError = _sinkError, SourceError = _sourceError };
        }
        catch (NetworkException e) { return Result(error: _guard.HasFired ? Errno.ETIMEDOUT : e.Error); }
        finally { CloseData(); }
    }

    /// <summary>Says goodbye and closes.</summary>
    public async ValueTask QuitAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_farewell, network.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await SendAsync(new FtpSendCommand("QUIT"), both.Token);
            await ReadAsync(both.Token);
        }
        catch (NetworkException) { /* It is gone already, and nothing was left to say. */ }
        catch (OperationCanceledException) when (patience.IsCancellationRequested) { /* A goodbye is not waited for. */ }
        finally { Dispose(); }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseData();
        _guard.Dispose();
        _control.Close();
        _received.Dispose();
    }

    private async ValueTask<(FtpInput? Input, FtpResult? Failed)> DoAsync(
        FtpStep step, FtpTask task, IBodySink sink, IBodySource? source, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case FtpSendCommand command:
                if (!await SendAsync(command, cancellationToken)) { return (null, Result(FtpFault.ReplyUnknown)); }
                return await AwaitAsync(cancellationToken);
            case FtpAwaitReply: return await AwaitAsync(cancellationToken);
            case FtpSecureControl:
                // What came before the handshake was said by nobody knows whom.
                if (_received.Length > 0) { return (null, Result(replyFault: FtpReplyFault.OutOfPlace)); }
                if (await channels.SecureControlAsync(cancellationToken) is not { } secured) { return (null, Result() with { IsInsecure = true }); }
                _guard.Dispose();
                (_control, _guard) = (secured, new StallGuard(secured, network.Time));
                return (new FtpControlSecured(), null);
            case FtpConnectData connect: return (await ConnectAsync(connect, cancellationToken), null);
            case FtpListenForData:
                _listener = channels.Listen();
                return (_listener is null ? new FtpDataConnectionFailed() : new FtpDataListens(_listener.LocalEndpoint!.Value), null);
            case FtpMoveData move: return await MoveAsync(move, task, sink, source, cancellationToken);
            default: throw new InvalidOperationException($"a step that nobody can do: {step}");
        }
    }

    private async ValueTask<bool> SendAsync(FtpSendCommand command, CancellationToken cancellationToken)
    {
        if (command.ToBytes() is not { } line) { return false; }
        if (span.IsListening) { span.Tell(new FtpCommandSent(command.Verb, command.IsSecret ? Cover : command.Argument)); }
        (_command, _asked) = (command.Verb, network.Time.GetTimestamp());
        await _control.SendAsync(line, cancellationToken);
        return true;
    }

    private async ValueTask<(FtpInput? Input, FtpResult? Failed)> AwaitAsync(CancellationToken cancellationToken)
    {
        _guard.Arm(s_patience);
        FtpReadStatus status;
        try { status = await ReadAsync(cancellationToken); }
        finally { _guard.Disarm(); }
        // Closed from here, the stream may as well just end.
        if (_guard.HasFired) { return (null, Result(error: Errno.ETIMEDOUT)); }
        return status == FtpReadStatus.Reply ? (new FtpReplied(_reply!), null) : (null, Result(replyFault: _reader.Fault));
    }

    private async ValueTask<FtpReadStatus> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var status = _reader.Read(_received.Span, _received.HasEnded, out var consumed);
            _received.Consume(consumed);
            if (status == FtpReadStatus.Reply)
            {
                _reply = _reader.Reply!;
                if (span.IsListening) { span.Tell(new FtpReplyReceived(_reply.Code, _reply.Lines, NetworkClock.NanosecondsSince(network.Time, _asked))); }
                return status;
            }
            if (status == FtpReadStatus.Fault) { return status; }
            await _received.ReceiveAsync(_control, cancellationToken);
        }
    }

    private async ValueTask<FtpInput> ConnectAsync(FtpConnectData connect, CancellationToken cancellationToken)
    {
        _data = await channels.ConnectAsync(connect.Port, cancellationToken);
        if (_data is null) { return new FtpDataConnectionFailed(); }
        if (!span.IsListening) { return new FtpDataConnectionMade(); }
        if (connect.Told is { } told && told != _data.Remote.Address) { span.Tell(new FtpAddressIgnored(told, _data.Remote.Address)); }
        span.Tell(new FtpDataConnected(_data.Descriptor, _data.Local, _data.Remote, IsActive: false));
        return new FtpDataConnectionMade();
    }

    private async ValueTask<(FtpInput? Input, FtpResult? Failed)> MoveAsync(
        FtpMoveData move, FtpTask task, IBodySink sink, IBodySource? source, CancellationToken cancellationToken)
    {
        if (_listener is { } listener)
        {
            _data = await channels.AcceptAsync(listener, cancellationToken);
            if (_data is null) { return (null, Result(FtpFault.DataUnconnected)); }
            if (span.IsListening) { span.Tell(new FtpDataConnected(_data.Descriptor, _data.Local, _data.Remote, IsActive: true)); }
        }
        var stream = _data!.Stream;
        if (task.Security != FtpSecurity.None)
        {
            if (await channels.SecureDataAsync(_data, cancellationToken) is not { } secured) { return (null, Result() with { IsInsecure = true }); }
            stream = secured;
            _data = _data with { Stream = secured };
        }
        var began = network.Time.GetTimestamp();
        if (span.IsListening) { span.Tell(new FtpTransferStarted(!task.IsDownload, move.Expected, move.Offset)); }
        var how = task.IsDownload
            ? await ReceiveAsync(stream, sink, new ContentDescription(move.Expected, null) { From = move.Offset }, move.Most, cancellationToken)
            : await StoreAsync(stream, source!, move.Offset, cancellationToken);
        if (!task.IsDownload && how == FtpDataEnd.Whole && task.Security != FtpSecurity.None)
        {
            await FtpUploadEnd.AwaitAsync(stream, network.Time, cancellationToken);
        }
        CloseData();
        if (span.IsListening) { span.Tell(new FtpTransferEnded(!task.IsDownload, how, _bytes, NetworkClock.NanosecondsSince(network.Time, began))); }
        return (new FtpDataEnded(how, _bytes), null);
    }

    private async ValueTask<FtpDataEnd> ReceiveAsync(
        IByteStream stream, IBodySink sink, ContentDescription content, long? most, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        using var guard = new StallGuard(stream, network.Time);
        try
        {
            sink.Begin(content);
            while (true)
            {
                guard.Arm(s_patience);
                var count = await stream.ReceiveAsync(piece, cancellationToken);
                // Whoever takes a piece may take its time.
                guard.Disarm();
                if (count == 0) { return guard.HasFired ? FtpDataEnd.Broken : FtpDataEnd.Whole; }
                count = (int)Math.Min(count, (most ?? long.MaxValue) - _bytes);
                _bytes += count;
                await sink.WriteAsync(piece.AsMemory(0, count), cancellationToken);
                if (_bytes == most) { return FtpDataEnd.Sufficient; }
            }
        }
        catch (NetworkException) { return FtpDataEnd.Broken; }
        catch (IOException e) { return Abandon(e); }
        finally { ArrayPool<byte>.Shared.Return(piece); }
    }

    private async ValueTask<FtpDataEnd> StoreAsync(IByteStream stream, IBodySource source, long offset, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        using var guard = new StallGuard(stream, network.Time);
        IBodyReader? reader = null;
        try
        {
            reader = await OpenAsync(source, offset, piece, cancellationToken);
            // Who reads slowly is no server that stands still: the guard is armed for sending alone.
            while (reader is not null && await ReadAsync(reader, piece, cancellationToken) is > 0 and var count)
            {
                guard.Arm(s_patience);
                await stream.SendAsync(piece.AsMemory(0, count), cancellationToken);
                guard.Disarm();
                _bytes += count;
            }
            if (_sourceError != Errno.None) { return FtpDataEnd.Abandoned; }
            TellLength(source, offset, reader!);
            return FtpDataEnd.Whole;
        }
        catch (IOException) { return FtpDataEnd.Broken; }
        finally
        {
            reader?.Close();
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    // What is there already is passed over, or read away where it comes from a pipe.
    private async ValueTask<IBodyReader?> OpenAsync(IBodySource source, long offset, byte[] piece, CancellationToken cancellationToken)
    {
        try
        {
            var reader = source.Open();
            if (offset > 0 && !reader.TrySkip(offset))
            {
                while (offset > 0 && await ReadAsync(reader, piece.AsMemory(0, (int)Math.Min(piece.Length, offset)), cancellationToken) is > 0 and var count)
                {
                    offset -= count;
                }
            }
            return reader;
        }
        catch (Exception e) when (IoErrors.IsOne(e))
        {
            _sourceError = IoErrors.ToErrno(e);
            return null;
        }
    }

    private async ValueTask<int> ReadAsync(IBodyReader reader, Memory<byte> piece, CancellationToken cancellationToken)
    {
        try { return await reader.ReadAsync(piece, cancellationToken); }
        catch (Exception e) when (IoErrors.IsOne(e))
        {
            _sourceError = IoErrors.ToErrno(e);
            return -1;
        }
    }

    // FTP promises no length: what was there is stored, and who cut the file or writes to it is told.
    private void TellLength(IBodySource source, long offset, IBodyReader reader)
    {
        if (!span.IsListening || source.Length is not { } length) { return; }
        if (_bytes < length - offset) { span.Tell(new BodyLengthChanged(length, offset + _bytes)); }
        else if (reader.HasGrown) { span.Tell(new BodyLengthChanged(length, null)); }
    }

    private FtpDataEnd Abandon(IOException failure)
    {
        _sinkError = IoErrors.ToErrno(failure);
        return FtpDataEnd.Abandoned;
    }

    private FtpResult Result(FtpFault fault = FtpFault.None, FtpReplyFault replyFault = FtpReplyFault.None, Errno error = Errno.None) =>
        new(fault, replyFault, error, Errno.None, Errno.None, false, _command, _reply, _bytes);

    private void CloseData()
    {
        _data?.Stream.Close();
        _listener?.Close();
        (_data, _listener) = (null, null);
    }
}
