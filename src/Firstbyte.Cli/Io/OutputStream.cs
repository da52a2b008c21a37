using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Io;

/// <summary>Standard output takes nothing more: whoever wrote has nobody left to work for.</summary>
internal sealed class OutputLostException(IOException reason) : IOException("standard output", reason);

/// <summary>The one owner of standard output: a buffer, and the account of whether what was written has arrived.</summary>
/// <remarks>
/// The first write that fails throws, so that the command stops its work; those after it are swallowed, so that what is flushed while the command unwinds
/// does not fail a second time. How the process ends is decided by <see cref="Loss"/>, whatever the command made of the exception.
/// </remarks>
internal sealed class OutputStream(Stream target, int capacity = OutputStream.Capacity) : WriteOnlyStream
{
    /// <summary>Bytes that wait for the next write: what a pipe takes at once (pipe(7): 65,536) is not worth more.</summary>
    public const int Capacity = 32 * 1024;

    // Not cleared: most of a short run's is never touched.
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(capacity);
    private int _count;

    /// <summary>Where the bytes go, for who keeps an account of their own.</summary>
    public Stream Target => target;

    /// <summary>Why bytes have been lost; EPIPE where the reader went away (head, less, a closed connection).</summary>
    public Errno Loss { get; private set; }

    /// <summary>Whether anything has been lost.</summary>
    public bool IsLost => Loss != Errno.None;

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _count) { Flush(); }
        if (bytes.Length >= _buffer.Length)
        {
            Hand(bytes);
            return;
        }
        bytes.CopyTo(_buffer.AsSpan(_count));
        _count += bytes.Length;
    }

    public override void WriteByte(byte value) => Write([value]);

    public override void Flush()
    {
        var count = _count;
        _count = 0;
        if (count > 0) { Hand(_buffer.AsSpan(0, count)); }
    }

    private void Hand(ReadOnlySpan<byte> bytes)
    {
        if (IsLost) { return; }
        try { target.Write(bytes); }
        catch (IOException e)
        {
            Loss = IoErrors.ToErrno(e);
            throw new OutputLostException(e);
        }
    }
}
