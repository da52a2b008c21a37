using System.IO.Pipelines;
using System.Net;

namespace Firstbyte.Extensions;

/// <summary>The content of a response: whole, or while it comes.</summary>
internal sealed class HandlerContent : HttpContent
{
    private readonly PipeReader? _reader;
    private readonly HandlerCall? _call;
    private readonly ReadOnlyMemory<byte> _whole;
    private readonly long? _length;
    private Stream? _stream;

    /// <summary>Content that is here.</summary>
    public HandlerContent(byte[] held, int count) => (_whole, _length) = (held.AsMemory(0, count), count);

    /// <summary>Content that comes by a pipe.</summary>
    public HandlerContent(PipeReader reader, long? length, HandlerCall call) => (_reader, _length, _call) = (reader, length, call);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _reader is null ? stream.WriteAsync(_whole, cancellationToken).AsTask() : Open().CopyToAsync(stream, cancellationToken);

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (_reader is null) { stream.Write(_whole.Span); }
        else { Open().CopyTo(stream); }
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(Open());

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => Open();

    protected override bool TryComputeLength(out long computed)
    {
        computed = _length ?? 0;
        return _length is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _reader is not null)
        {
            // Whoever wants no more of it ends the journey.
            _call!.Leave();
            _reader.Complete();
        }
        base.Dispose(disposing);
    }

    private Stream Open()
    {
        if (_stream is not null) { return _stream; }
        if (_reader is not null) { return _stream = _reader.AsStream(); }
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(_whole, out var whole);
        return _stream = new MemoryStream(whole.Array ?? [], whole.Offset, whole.Count, writable: false);
    }
}
