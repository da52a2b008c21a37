namespace Firstbyte.Cli.Io;

/// <summary>Standard input, opened when it is first read: most commands never do.</summary>
internal sealed class LateInput : Stream
{
    private Stream? _input;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    private Stream Opened => _input ??= Console.OpenStandardInput();

    public override int Read(Span<byte> buffer) => Opened.Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => Opened.Read(buffer, offset, count);

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
