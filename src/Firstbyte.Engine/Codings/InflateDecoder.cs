namespace Firstbyte.Codings;

/// <summary>A decoder over one of the library's streams of deflate's family, which pull where a connection pushes.</summary>
/// <remarks>
/// The stream reads from a source that has exactly the bytes of the current piece and then answers that it has none at the moment. The library takes 0 for
/// "nothing more now": it returns what it has decoded and asks again when it is read again, which the tests show for every split of its input.
/// </remarks>
internal sealed class InflateDecoder : IContentDecoder
{
    private readonly PieceStream _source = new();
    private readonly Stream _inflated;
    private readonly ReadOnlyMemory<byte> _probe;

    /// <param name="open">Opens the library's stream over the source.</param>
    /// <param name="probe">
    /// Nothing for a coding whose stream asks for no more bytes once it has seen the end. gzip's does ask, as another member may follow (RFC 1952 2.2):
    /// there it is a member of our own with <see cref="Marker"/> in it, which comes out unchanged only if it is read where a member may begin.
    /// </param>
    public InflateDecoder(Func<Stream, Stream> open, ReadOnlyMemory<byte> probe = default) => (_inflated, _probe) = (open(_source), probe);

    /// <summary>What the probe's content is.</summary>
    public static ReadOnlySpan<byte> Marker => "firstbyte asks: is this where a member may begin?"u8;

    /// <inheritdoc/>
    public bool TryDecode(ReadOnlyMemory<byte> coded, Span<byte> decoded, out int consumed, out int written)
    {
        _source.Piece = coded;
        try { written = _inflated.Read(decoded); }
        catch (Exception e) when (IsVerdict(e))
        {
            (consumed, written) = (0, 0);
            return false;
        }
        // Nothing taken and nothing given: what is left stands behind the end, and whether it may is known when it has all come.
        consumed = _source.Piece.Length == coded.Length && written == 0 ? coded.Length : coded.Length - _source.Piece.Length;
        return true;
    }

    /// <inheritdoc/>
    public bool IsWhole()
    {
        _source.Piece = _probe;
        _source.WasAskedInVain = false;
        Span<byte> probed = stackalloc byte[128];
        var length = 0;
        try
        {
            while (length < probed.Length && _inflated.Read(probed[length..]) is > 0 and var read) { length += read; }
        }
        catch (Exception e) when (IsVerdict(e)) { return false; }
        return _probe.Length > 0 ? probed[..length].SequenceEqual(Marker) : length == 0 && !_source.WasAskedInVain;
    }

    /// <inheritdoc/>
    public void Dispose() => _inflated.Dispose();

    // The source reads from memory: an error of input and output can only be the library's word for what it cannot decode, such as a preset dictionary
    // (RFC 1950 2.3), which nobody has agreed upon.
    private static bool IsVerdict(Exception error) => error is InvalidDataException or IOException;
}

/// <summary>The bytes of one piece as a stream, which has no more at the moment when they are read.</summary>
internal sealed class PieceStream : Stream
{
    /// <summary>What is left of the piece.</summary>
    public ReadOnlyMemory<byte> Piece { get; set; }

    /// <summary>Somebody wanted more than there was.</summary>
    public bool WasAskedInVain { get; set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var length = Math.Min(buffer.Length, Piece.Length);
        WasAskedInVain |= length == 0;
        Piece.Span[..length].CopyTo(buffer);
        Piece = Piece[length..];
        return length;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
