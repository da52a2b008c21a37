using Firstbyte.Errors;
using Firstbyte.Files;
using Firstbyte.Tracing;

namespace Firstbyte.Sockets;

/// <summary>The files of a host: configuration, read whole, and documents, read and stored piece by piece.</summary>
/// <remarks>A host that has a handful of files need say no more than how one is read: the other members make do with it.</remarks>
public interface IHostFiles
{
    /// <summary>Reads a file, or returns null when there is none.</summary>
    /// <exception cref="NetworkException">EACCES, EISDIR, EIO as the host says.</exception>
    byte[]? Read(string path);

    /// <summary>Looks at what is there without opening it; null when nothing is.</summary>
    /// <exception cref="NetworkException">EACCES, ENOTDIR, ENAMETOOLONG, EIO as the host says.</exception>
    HostFileFacts? Look(string path) => Read(path) is { } content ? new HostFileFacts(FileKind.Regular, content.Length, null) : null;

    /// <summary>Opens a regular file to be read; whatever else it has become meanwhile is refused, and nobody waits for it.</summary>
    /// <exception cref="NetworkException">ENOENT, EACCES, EISDIR, EINVAL (no regular file), EIO as the host says.</exception>
    IHostFileReader OpenRead(string path) => new HeldFile(Read(path) ?? throw new NetworkException(Errno.ENOENT, $"open {path}"));

    /// <summary>The names in a directory, without "." and "..", in no order.</summary>
    /// <exception cref="NetworkException">ENOENT, ENOTDIR, EACCES, EIO as the host says.</exception>
    IEnumerable<FileEntry> List(string path) => throw new NetworkException(Errno.EOPNOTSUPP, $"opendir {path}");

    /// <summary>Begins a file, which has its name, and takes the place of one of that name, when it is complete.</summary>
    /// <exception cref="NetworkException">ENOENT, EACCES, EISDIR, EINVAL (no regular file), EROFS, EIO as the host says.</exception>
    IHostFileWriter Create(string path) => throw new NetworkException(Errno.EROFS, $"open {path}");
}

/// <summary>What is known of a file without opening it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Bytes of a regular file; 0 for anything else.</param>
/// <param name="Modified">When it was last changed; null where nobody knows.</param>
public readonly record struct HostFileFacts(FileKind Kind, long Length, Instant? Modified);

/// <summary>A file that is being read.</summary>
public interface IHostFileReader : IDisposable
{
    /// <summary>Its bytes now.</summary>
    long Length { get; }

    /// <summary>Reads from a place; 0 at the end.</summary>
    /// <exception cref="NetworkException">EIO and the like.</exception>
    int Read(long position, Span<byte> destination);
}

/// <summary>A file that is being written; disposed before it is complete, it never was.</summary>
public interface IHostFileWriter : IDisposable
{
    /// <summary>Adds bytes at the end.</summary>
    /// <exception cref="NetworkException">ENOSPC, EDQUOT, EIO and the like.</exception>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Gives it its name.</summary>
    /// <exception cref="NetworkException">EACCES, EIO and the like.</exception>
    void Complete();
}

/// <summary>A file whose content is at hand.</summary>
/// <param name="content">The content.</param>
internal sealed class HeldFile(byte[] content) : IHostFileReader
{
    public long Length => content.Length;

    public int Read(long position, Span<byte> destination)
    {
        var rest = content.AsSpan((int)Math.Min(position, content.Length));
        var count = Math.Min(rest.Length, destination.Length);
        rest[..count].CopyTo(destination);
        return count;
    }

    public void Dispose() { /* It holds nothing of the system's. */ }
}
