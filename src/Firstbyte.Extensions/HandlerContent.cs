using System.Net;

namespace Firstbyte.Extensions;

/// <summary>The content of a response: whole, or while it comes.</summary>
internal sealed class HandlerContent : HttpContent
{
    // A longer receive gains nothing on loopback, and a farther network brings less at once.
    private const int LongestReceive = 256 * 1024;

    private readonly HandlerBody? _body;
    private readonly ReadOnlyMemory<byte> _whole;
    private readonly long? _length;
    private Stream? _stream;

    /// <summary>Content that is here.</summary>
    public HandlerContent(byte[] held, int count) => (_whole, _length) = (held.AsMemory(0, count), count);

    /// <summary>Content that comes.</summary>
    public HandlerContent(HandlerBody body, long? length) => (_body, _length) = (body, length);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _body is null ? stream.WriteAsync(_whole, cancellationToken).AsTask() : _body.CopyToAsync(stream, ReceiveLength, cancellationToken);

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (_body is null) { stream.Write(_whole.Span); }
        else { _body.CopyTo(stream, ReceiveLength); }
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
        if (disposing) { _body?.Dispose(); }
        base.Dispose(disposing);
    }

    private int ReceiveLength => (int)Math.Clamp(_length ?? LongestReceive, 1, LongestReceive);

    private Stream Open()
    {
        if (_stream is not null) { return _stream; }
        if (_body is not null) { return _stream = _body; }
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(_whole, out var whole);
        return _stream = new MemoryStream(whole.Array ?? [], whole.Offset, whole.Count, writable: false);
    }
}
