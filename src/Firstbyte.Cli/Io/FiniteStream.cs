using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Cli.Io;

/// <summary>A file that is read whole, and so must have an end: beyond the limit reading fails.</summary>
/// <param name="inner">The file.</param>
/// <param name="name">As the user named it.</param>
/// <param name="most">Bytes that are read.</param>
internal sealed class FiniteStream(Stream inner, string name, int most) : Stream
{
    /// <summary>Bytes of a regular file: as many characters are the longest string of the runtime's, about.</summary>
    public const int MostOfFile = 1 << 30;

    /// <summary>Bytes of a pipe, a device or standard input (own choice): nobody can ask them how many they have.</summary>
    public const int MostOfStream = 1 << 28;

    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="FileException">It is longer than the limit.</exception>
    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        _read += count;
        return _read <= most ? count : throw new FileException(name, isWriting: false, new NetworkException(Errno.EFBIG, "read"));
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) { inner.Dispose(); }
        base.Dispose(disposing);
    }
}
