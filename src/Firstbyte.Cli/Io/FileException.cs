using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Cli.Io;

/// <summary>A file that a command needs cannot be used.</summary>
/// <param name="path">The file as the user named it.</param>
/// <param name="isWriting">Whether it was to be written.</param>
/// <param name="reason">What the framework threw: its text is not for users (and is cut out of the published command), its errno is.</param>
internal sealed class FileException(string path, bool isWriting, Exception reason) : IOException(path, reason)
{
    /// <summary>The file as the user named it.</summary>
    public string Path { get; } = path;

    /// <summary>Why.</summary>
    public Errno Error { get; } = IoErrors.ToErrno(reason);

    /// <summary>Whether it was to be written.</summary>
    public bool IsWriting { get; } = isWriting;

    /// <summary>A folder stands where a file is wanted.</summary>
    public static FileException Folder(string path, bool isWriting) => new(path, isWriting, new NetworkException(Errno.EISDIR, "open"));
}
