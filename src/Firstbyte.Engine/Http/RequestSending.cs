using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Http;

/// <summary>Sends the requests of a connection, one after the other: a short one at once, long content in pieces beside the reading.</summary>
/// <remarks>Content at hand goes out from where it stands; content of a source is the work of <see cref="ContentSending"/>.</remarks>
internal sealed class RequestSending(IByteStream stream, StallGuard guard, TimeSpan stallTimeout, TimeProvider time)
{
    // A request up to this length is one send, content included.
    private const int OneSend = 16 * 1024;

    private static readonly byte[] s_chunkedEnd = "\r\n0\r\n\r\n"u8.ToArray();

    private Task? _content;
    private ContentSending? _source;
    private volatile bool _isStopped;

    /// <summary>The sending of content that comes from a source; null where none does.</summary>
    public ContentSending? Source => _source;

    /// <summary>Whether nothing moves because a source has not brought the next piece yet.</summary>
    public bool AwaitsSource => _source is { AwaitsSource: true };

    /// <summary>When the last of the content went out beside the reading; null where none has.</summary>
    public long? ContentSentAt { get; private set; }

    /// <summary>Sends the head, and the content with it where both are short; what is left to send is for <see cref="BeginContent"/>.</summary>
    /// <returns>Whether the request is all sent.</returns>
    public async ValueTask<bool> SendHeadAsync(
        PreparedRequest prepared, IBodySource? source, bool withContent, TraceSpan span, CancellationToken cancellationToken)
    {
        (_content, _source, _isStopped, ContentSentAt) = (null, null, false, null);
        guard.Arm(stallTimeout);
        var body = prepared.Request.Body;
        if (withContent && source is not null)
        {
            // What is short and will not keep anybody waiting goes with the head.
            var goesAlong = source.Length <= OneSend;
            if (!goesAlong) { await stream.SendAsync(prepared.Head, cancellationToken); }
            BeginSource(prepared, source, goesAlong ? prepared.Head : default, span, cancellationToken);
            return false;
        }
        if (!withContent || (body.Length == 0 && !prepared.IsChunked))
        {
            await stream.SendAsync(prepared.Head, cancellationToken);
            return withContent;
        }
        var isShort = body.Length <= OneSend;
        var send = ArrayPool<byte>.Shared.Rent(prepared.Head.Length + ChunkWriter.MaximumSizeLine + (isShort ? body.Length + s_chunkedEnd.Length : 0));
        try
        {
            prepared.Head.CopyTo(send);
            var length = prepared.Head.Length;
            if (prepared.IsChunked && body.Length > 0) { length += ChunkWriter.WriteSize(body.Length, send.AsSpan(length)); }
            if (isShort)
            {
                body.Span.CopyTo(send.AsSpan(length));
                length += body.Length;
                if (prepared.IsChunked)
                {
                    var end = EndOf(body);
                    end.CopyTo(send.AsMemory(length));
                    length += end.Length;
                }
            }
            await stream.SendAsync(send.AsMemory(0, length), cancellationToken);
        }
        finally { ArrayPool<byte>.Shared.Return(send); }
        if (isShort) { return true; }
        _content = SendContentAsync(body, prepared.IsChunked, cancellationToken);
        return false;
    }

    /// <summary>Begins to send content that was held back; once is enough.</summary>
    public void BeginContent(PreparedRequest prepared, IBodySource? source, TraceSpan span, CancellationToken cancellationToken)
    {
        if (_content is not null) { return; }
        if (source is not null) { BeginSource(prepared, source, default, span, cancellationToken); }
        else { _content = SendHeldBackAsync(prepared.Request.Body, prepared.IsChunked, cancellationToken); }
    }

    /// <summary>What has become of the content that goes out beside the reading; null while it is under way, or where there is none.</summary>
    /// <param name="error">Why it could not be sent.</param>
    public bool? HasSent(out IOException? error)
    {
        error = null;
        if (_content is not { IsCompleted: true } content) { return null; }
        error = content.Exception?.InnerException as IOException;
        return content.IsCompletedSuccessfully && (_source is null ? !_isStopped : _source.How == ContentEnd.Whole);
    }

    /// <summary>Sends no more than the piece that is on its way.</summary>
    public void Stop()
    {
        if (_isStopped) { return; }
        _isStopped = true;
        _source?.Stop();
        if (_content is { IsCompletedSuccessfully: false } content) { _ = ObserveAsync(content); }
    }

    private void BeginSource(
        PreparedRequest prepared, IBodySource source, ReadOnlyMemory<byte> head, TraceSpan span, CancellationToken cancellationToken)
    {
        _source = new ContentSending(stream, guard, stallTimeout, time);
        _content = SendSourceAsync(_source, source, head, prepared.PromisedLength, span, cancellationToken);
    }

    private async Task SendSourceAsync(
        ContentSending sending, IBodySource source, ReadOnlyMemory<byte> head, long? promised, TraceSpan span, CancellationToken cancellationToken)
    {
        await sending.SendAsync(source, head, promised, span, cancellationToken);
        ContentSentAt = time.GetTimestamp();
    }

    private async Task SendHeldBackAsync(ReadOnlyMemory<byte> body, bool isChunked, CancellationToken cancellationToken)
    {
        if (isChunked)
        {
            var size = new byte[ChunkWriter.MaximumSizeLine];
            await stream.SendAsync(size.AsMemory(0, ChunkWriter.WriteSize(body.Length, size)), cancellationToken);
        }
        await SendContentAsync(body, isChunked, cancellationToken);
    }

    private async Task SendContentAsync(ReadOnlyMemory<byte> body, bool isChunked, CancellationToken cancellationToken)
    {
        for (var at = 0; at < body.Length && !_isStopped; at += ContentSending.Piece)
        {
            guard.Arm(stallTimeout);
            await stream.SendAsync(body.Slice(at, Math.Min(ContentSending.Piece, body.Length - at)), cancellationToken);
        }
        if (isChunked && !_isStopped) { await stream.SendAsync(EndOf(body), cancellationToken); }
        ContentSentAt = time.GetTimestamp();
    }

    // Behind the data of the one chunk, and without any: the last chunk alone.
    private static ReadOnlyMemory<byte> EndOf(ReadOnlyMemory<byte> body) => body.Length > 0 ? s_chunkedEnd : s_chunkedEnd.AsMemory(2);

    [SuppressMessage("Usage", "VSTHRD003", Justification = "Only its end is awaited, so that its failure does not go unobserved.")]
    private static async Task ObserveAsync(Task sending)
    {
        try { await sending; }
        catch (IOException) { /* The exchange has its own verdict; the connection is closed. */ }
        catch (OperationCanceledException) { /* Likewise. */ }
    }
}
