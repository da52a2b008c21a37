using Firstbyte.Errors;

namespace Firstbyte.Sockets.Os;

/// <summary>The operating system's files.</summary>
internal sealed class OsFiles : IHostFiles
{
    public static readonly OsFiles Instance = new();

    public byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException refused)
        {
            // .NET reports a directory as refused access too.
            throw new NetworkException(Directory.Exists(path) ? Errno.EISDIR : Errno.EACCES, $"open {path}", inner: refused);
        }
        catch (IOException failed)
        {
            throw new NetworkException(Errno.EIO, $"read {path}", inner: failed);
        }
    }
}
