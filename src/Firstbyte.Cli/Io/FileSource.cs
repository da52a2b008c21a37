using System.Runtime.InteropServices;
using Firstbyte.Transfers;
using Microsoft.Win32.SafeHandles;

namespace Firstbyte.Cli.Io;

/// <summary>
/// Content of a regular file, which is opened for each reading and as long as it was when it was named; standard input where it is one ("&lt;file").
/// </summary>
internal sealed partial class FileSource : IBodySource
{
    // <stdio.h>
    private const int SEEK_SET = 0, SEEK_CUR = 1;

    private readonly Func<SafeFileHandle> _open;
    private readonly long _start;
    private readonly bool _isInput;

    private FileSource(BodyOrigin origin, Func<SafeFileHandle> open, long start, bool isInput)
    {
        (Origin, _open, _start, _isInput) = (origin, open, start, isInput);
        using var handle = open();
        Length = Math.Max(0, RandomAccess.GetLength(handle) - start);
    }

    /// <inheritdoc/>
    public BodyOrigin Origin { get; }

    /// <inheritdoc/>
    public string? Type => null;

    /// <inheritdoc/>
    public long? Length { get; }

    /// <inheritdoc/>
    public bool CanRewind => true;

    /// <inheritdoc/>
    public bool IsSpent => false;

    /// <summary>A file.</summary>
    /// <param name="name">As the user named it.</param>
    /// <param name="path">Where it is.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static FileSource Open(string name, string path) => new(
        new BodyOrigin(BodyKind.File, name), () => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), 0, isInput: false);

    /// <summary>Standard input from where it stands, where it is a regular file; else null.</summary>
    public static FileSource? OfInput()
    {
        if (!OperatingSystem.IsLinux() || !FileKinds.IsRegular("/proc/self/fd/0") || Seek(0, 0, SEEK_CUR) is not (>= 0 and var start)) { return null; }
        return new FileSource(new BodyOrigin(BodyKind.StandardInput), static () => new SafeFileHandle(0, ownsHandle: false), start, isInput: true);
    }

    /// <inheritdoc/>
    public IBodyReader Open() => OpenReader();

    /// <summary>The same, to be read on the caller's thread: a regular file keeps nobody waiting.</summary>
    public Reader OpenReader() => new(this, _open());

    /// <summary>Reads a file from its beginning.</summary>
    internal sealed class Reader(FileSource source, SafeFileHandle handle) : IBodyReader, IDisposable
    {
        private long _position;

        public bool HasGrown => _position == source.Length && RandomAccess.GetLength(handle) > source._start + _position;

        public int Read(Span<byte> destination)
        {
            var room = (int)Math.Min(destination.Length, source.Length!.Value - _position);
            var count = RandomAccess.Read(handle, destination[..room], source._start + _position);
            _position += count;
            return count;
        }

        public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken) => new(Read(destination.Span));

        public bool TrySkip(long bytes)
        {
            _position = Math.Min(source.Length!.Value, _position + bytes);
            return true;
        }

        public void Close() => Dispose();

        public void Dispose()
        {
            // Whoever reads on after us, a shell's loop, goes on behind what we have read.
            if (source._isInput) { _ = Seek(0, source._start + _position, SEEK_SET); }
            handle.Dispose();
        }
    }

    [LibraryImport("libc", EntryPoint = "lseek")]
    private static partial long Seek(int descriptor, long offset, int from);
}
