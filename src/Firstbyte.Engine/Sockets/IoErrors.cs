using Firstbyte.Errors;

namespace Firstbyte.Sockets;

/// <summary>The errno behind an exception of a socket, a file or a pipe: .NET tells it by the exception's type, or by the number that the system gave.</summary>
public static class IoErrors
{
    /// <summary>The errno; EIO where nothing is known of it.</summary>
    public static Errno ToErrno(Exception failure) => failure switch
    {
        NetworkException network => network.Error,
        FileNotFoundException or DirectoryNotFoundException => Errno.ENOENT,
        PathTooLongException => Errno.ENAMETOOLONG,
        UnauthorizedAccessException { InnerException: IOException { HResult: > 0 } inner } => OfNumber(inner.HResult),
        UnauthorizedAccessException => Errno.EACCES,
        IOException file => OfNumber(file.HResult),
        _ => Errno.EIO,
    };

    // On Unix an IOException's HResult is the errno itself (Linux's numbers, <asm-generic/errno.h>); on Windows it is 0x8007 and the system's code.
    private static Errno OfNumber(int number) => number switch
    {
        1 => Errno.EPERM,
        13 => Errno.EACCES,
        20 => Errno.ENOTDIR,
        21 => Errno.EISDIR,
        24 => Errno.EMFILE,
        27 => Errno.EFBIG,
        28 or unchecked((int)0x80070070) => Errno.ENOSPC, // ERROR_DISK_FULL
        30 or unchecked((int)0x80070013) => Errno.EROFS, // ERROR_WRITE_PROTECT
        32 or unchecked((int)0x8007006D) => Errno.EPIPE, // ERROR_BROKEN_PIPE
        36 => Errno.ENAMETOOLONG,
        122 => Errno.EDQUOT,
        _ => Errno.EIO,
    };
}
