using System.Text;
using System.Text.Unicode;
using Firstbyte.Urls;

namespace Firstbyte.Files;

/// <summary>Why a file: URL names no file of this host.</summary>
public enum FilePathFault : byte
{
    /// <summary>It names one.</summary>
    None,

    /// <summary>It names another host (RFC 8089 2: a file is asked for where it is, and nobody says how).</summary>
    OtherHost,

    /// <summary>A part of it holds NUL, at which a name ends (percent-encoded).</summary>
    Nul,

    /// <summary>A part of it holds a slash (%2F): what is one name in the URL would be two in the file system.</summary>
    Slash,

    /// <summary>A part of it is no UTF-8: there is no telling which name is meant (RFC 8089 4).</summary>
    NotUtf8,

    /// <summary>It is longer than <see cref="FileLimits.Path"/>.</summary>
    TooLong,

    /// <summary>Something is to be stored, and it names a directory.</summary>
    NoFile,
}

/// <summary>Where a file: URL leads on its host (RFC 8089 2, and the URL standard's file state, which has taken localhost and dots out already).</summary>
/// <param name="Path">From the root on, percent-decoded.</param>
/// <param name="IsDirectory">It ends in '/': a directory is meant.</param>
public sealed record FilePath(string Path, bool IsDirectory)
{
    /// <summary>Reads the host and the path of a URL, the path still percent-encoded.</summary>
    /// <remarks>
    /// A drive letter stays what the URL standard makes of it, a first directory "c:": <c>file://localhost/c:/path/file1.zip</c> is
    /// <c>/c:/path/file1.zip</c> wherever there are no drives.
    /// </remarks>
    public static FilePathFault TryRead(string host, string path, out FilePath? result)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(path);
        result = null;
        if (host.Length > 0) { return FilePathFault.OtherHost; }
        var parts = path.Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            var bytes = PercentDecoding.Decode(parts[i]);
            if (bytes.AsSpan().Contains((byte)0)) { return FilePathFault.Nul; }
            if (bytes.AsSpan().Contains((byte)'/')) { return FilePathFault.Slash; }
            if (!Utf8.IsValid(bytes)) { return FilePathFault.NotUtf8; }
            parts[i] = Encoding.UTF8.GetString(bytes);
        }
        var decoded = string.Join('/', parts);
        if (Encoding.UTF8.GetByteCount(decoded) > FileLimits.Path) { return FilePathFault.TooLong; }
        if (decoded.Length == 0 || decoded[0] != '/') { decoded = "/" + decoded; }
        result = new FilePath(decoded, decoded[^1] == '/');
        return FilePathFault.None;
    }
}

/// <summary>How much of a file system is gone through.</summary>
public static class FileLimits
{
    /// <summary>Bytes of a path (Linux: PATH_MAX, 4096 with its NUL).</summary>
    public const int Path = 4095;

    /// <summary>Names of one directory that are listed.</summary>
    public const int ListedNames = 100_000;

    /// <summary>Names of one directory that its event carries.</summary>
    public const int ToldNames = 1_000;
}

/// <summary>Why a file of this host was not read or stored.</summary>
public enum FileFault : byte
{
    /// <summary>It cannot be read; the errno says why.</summary>
    Unreadable,

    /// <summary>It is a device, a pipe or a socket: reading it may do anything, or wait for ever.</summary>
    NotRegular,

    /// <summary>The bytes that were asked for begin behind its end.</summary>
    BeyondEnd,

    /// <summary>Something is to be stored, and nobody has allowed that a URL writes to this host.</summary>
    WritingNotAllowed,

    /// <summary>It cannot be written; the errno says why.</summary>
    Unwritable,

    /// <summary>Something stored is to be gone on with: a file is stored whole.</summary>
    NotContinued,
}
