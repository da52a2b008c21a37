using System.Buffers;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Http;

/// <summary>What has become of content that is sent from a source.</summary>
public enum ContentEnd : byte
{
    /// <summary>It is under way.</summary>
    UnderWay,

    /// <summary>All of it went out.</summary>
    Whole,

    /// <summary>The rest stays here: the server has answered without it.</summary>
    Stopped,

    /// <summary>The connection broke, or whoever asked gave up.</summary>
    Broken,

    /// <summary>Its source could not be read.</summary>
    Unreadable,

    /// <summary>Its source ended before what it had said: somebody has cut it meanwhile.</summary>
    Shrunk,

    /// <summary>What its source had said went out, and there is more by now: somebody writes to it.</summary>
    Grown,
}

/// <summary>Sends the content of one request from its source, a piece at a time: no more of it is held than one piece.</summary>
/// <remarks>
/// Theory of operation. While the source is waited for (somebody types), nobody else is slow: the guard of the connection sleeps, and
/// <see cref="AwaitsSource"/> says so to whoever would wake it. A source that fails, or gives less than the head has promised, leaves a message that nothing
/// can end: the connection is closed, which ends the reading beside this too. One that has more than it said is sent as far as it said; the connection carries nothing after it.
/// </remarks>
internal sealed class ContentSending(IByteStream stream, StallGuard guard, TimeSpan stallTimeout, TimeProvider time)
{
    /// <summary>Between two pieces it can be stopped, and a slow peer is told from one that takes nothing.</summary>
    public const int Piece = 256 * 1024;

    private CancellationTokenSource? _reading;
    private volatile bool _isStopped;

    /// <summary>How far it has come.</summary>
    public ContentEnd How { get; private set; }

    /// <summary>Bytes of content that went out.</summary>
    public long Bytes { get; private set; }

    /// <summary>Why the source could not be read.</summary>
    public Errno SourceError { get; private set; }

    /// <summary>Whether the source has to bring the next piece.</summary>
    public bool AwaitsSource { get; private set; }

    /// <summary>Whether the exchange failed here, and not at the other end.</summary>
    public bool HasSourceFailed => How is ContentEnd.Unreadable or ContentEnd.Shrunk;

    /// <summary>Sends no more than the piece that is on its way.</summary>
    public void Stop()
    {
        _isStopped = true;
        _reading?.Cancel();
    }

    /// <summary>Sends the content, with the request's head before it where that has not gone yet.</summary>
    /// <param name="source">The content.</param>
    /// <param name="head">The head, or nothing.</param>
    /// <param name="promised">How many bytes the head promises; null for the chunked coding.</param>
    /// <param name="span">Where is told what became of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SendAsync(IBodySource source, ReadOnlyMemory<byte> head, long? promised, TraceSpan span, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var piece = (int)Math.Min(promised ?? Piece, Piece);
        var buffer = ArrayPool<byte>.Shared.Rent(head.Length + ChunkWriter.MaximumSizeLine + piece + ChunkWriter.DataEnd.Length + ChunkWriter.LastChunk.Length);
        IBodyReader? reader = null;
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _reading = reading;
        try
        {
            head.CopyTo(buffer);
            reader = Opened(source);
            How = reader is null ? ContentEnd.Unreadable
                : promised is { } length ? await SendPromisedAsync(reader, buffer, head.Length, length, cancellationToken)
                : await SendChunkedAsync(reader, buffer, head.Length, cancellationToken);
        }
        finally
        {
            _reading = null;
            if (How == ContentEnd.UnderWay) { How = ContentEnd.Broken; }
            reader?.Close();
            ArrayPool<byte>.Shared.Return(buffer);
            if (span.IsListening)
            {
                span.Tell(new ContentSent(Bytes, promised, How, SourceError, NetworkClock.NanosecondsSince(time, began)));
            }
        }
        if (HasSourceFailed) { stream.Close(); }
    }

    private IBodyReader? Opened(IBodySource source)
    {
        try { return source.Open(); }
        catch (Exception e) when (IoErrors.IsOne(e))
        {
            SourceError = IoErrors.ToErrno(e);
            return null;
        }
    }

    private async ValueTask<ContentEnd> SendPromisedAsync(IBodyReader reader, byte[] buffer, int filled, long length, CancellationToken cancellationToken)
    {
        while (Bytes < length)
        {
            var room = (int)Math.Min(length - Bytes, Math.Min(Piece, buffer.Length - filled));
            var count = await ReadAsync(reader, buffer.AsMemory(filled, room), cancellationToken);
            if (count <= 0) { return count == 0 ? ContentEnd.Shrunk : Unread; }
            await stream.SendAsync(buffer.AsMemory(0, filled + count), cancellationToken);
            (Bytes, filled) = (Bytes + count, 0);
        }
        if (filled > 0) { await stream.SendAsync(buffer.AsMemory(0, filled), cancellationToken); }
        return reader.HasGrown ? ContentEnd.Grown : ContentEnd.Whole;
    }

    private async ValueTask<ContentEnd> SendChunkedAsync(IBodyReader reader, byte[] buffer, int filled, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The size line's length is known only when the data is there: the data stands behind the longest, and moves up to it.
            var room = filled + ChunkWriter.MaximumSizeLine;
            var most = Math.Min(Piece, buffer.Length - room - ChunkWriter.DataEnd.Length);
            var count = await ReadAsync(reader, buffer.AsMemory(room, most), cancellationToken);
            if (count < 0) { return Unread; }
            if (count == 0) { break; }
            var line = ChunkWriter.WriteSize(count, buffer.AsSpan(filled));
            buffer.AsSpan(room, count).CopyTo(buffer.AsSpan(filled + line));
            var end = filled + line + count;
            ChunkWriter.DataEnd.CopyTo(buffer.AsSpan(end));
            await stream.SendAsync(buffer.AsMemory(0, end + ChunkWriter.DataEnd.Length), cancellationToken);
            (Bytes, filled) = (Bytes + count, 0);
        }
        ChunkWriter.LastChunk.CopyTo(buffer.AsSpan(filled));
        await stream.SendAsync(buffer.AsMemory(0, filled + ChunkWriter.LastChunk.Length), cancellationToken);
        return ContentEnd.Whole;
    }

    // What a read ended in that brought nothing.
    private ContentEnd Unread => SourceError == Errno.None ? ContentEnd.Stopped : ContentEnd.Unreadable;

    /// <summary>Reads the next piece; 0 at the end, -1 where nothing will come.</summary>
    private async ValueTask<int> ReadAsync(IBodyReader reader, Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (_isStopped) { return -1; }
        try
        {
            guard.Disarm();
            AwaitsSource = true;
            return await reader.ReadAsync(destination, _reading!.Token);
        }
        catch (OperationCanceledException) when (_isStopped && !cancellationToken.IsCancellationRequested) { return -1; }
        catch (Exception e) when (IoErrors.IsOne(e))
        {
            SourceError = IoErrors.ToErrno(e);
            return -1;
        }
        finally
        {
            AwaitsSource = false;
            guard.Arm(stallTimeout);
        }
    }
}
