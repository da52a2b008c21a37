using Firstbyte.Errors;

namespace Firstbyte.Cli.Rendering;

/// <summary>The words for what a call on a file or pipe returned.</summary>
internal static class ErrnoWords
{
    public static string OfFile(Errno error) => error switch
    {
        Errno.EACCES or Errno.EPERM => "this user may not write there",
        Errno.ENOENT => "there is no such directory",
        Errno.ENOTDIR => "a part of the path is no directory",
        Errno.EISDIR => "it is a directory",
        Errno.ENAMETOOLONG => "the name is longer than the file system takes",
        Errno.ENOSPC => "no space is left on the device",
        Errno.EDQUOT => "the quota on the file system is used up",
        Errno.EROFS => "the file system is read-only",
        Errno.EFBIG => "it is larger than may be kept",
        Errno.EMFILE => "this process has too many files open already",
        Errno.EPIPE => "the reader of the pipe has gone",
        _ => $"the file or device failed ({error})",
    };
}
