using Firstbyte.Errors;

namespace Firstbyte.Sockets;

/// <summary>
/// The errno behind an exception of a socket, a file or a pipe: .NET tells it by the exception's type, or by the number that the system
/// gave.
/// </summary>
public static class IoErrors
{
    /// <summary>Whether an exception is one of those that reading and writing files, pipes and sockets throw.</summary>
    public static bool IsOne(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or System.Security.SecurityException or NetworkException
        || IsTooLarge(failure);

    /// <summary>The errno; EIO where nothing is known of it.</summary>
    public static Errno ToErrno(Exception failure) => failure switch
    {
        NetworkException network => network.Error,
        FileNotFoundException or DirectoryNotFoundException => Errno.ENOENT,
        PathTooLongException => Errno.ENAMETOOLONG,
        UnauthorizedAccessException { InnerException: IOException { HResult: > 0 } inner } => OfNumber(inner.HResult),
        UnauthorizedAccessException or System.Security.SecurityException => Errno.EACCES,
        _ when IsTooLarge(failure) => Errno.EFBIG,
        // What wraps the system's own exception has no number of its own.
        IOException { InnerException: { } inner } when IsOne(inner) => ToErrno(inner),
        IOException file => OfNumber(file.HResult),
        _ => Errno.EIO,
    };

    // .NET's word for EFBIG where a file grows, and for a file that is longer than what it is read into.
    private static bool IsTooLarge(Exception failure) => failure is ArgumentOutOfRangeException { ParamName: "value" };

    // On Unix an IOException's HResult is the errno itself (Linux's numbers, <asm-generic/errno.h>); on Windows it is 0x8007 and the system's code.
    private static Errno OfNumber(int number) => number switch
    {
        1 => Errno.EPERM,
        2 => Errno.ENOENT,
        9 => Errno.EBADF,
        11 => Errno.EAGAIN, // of a file: a lock that another holds
        13 => Errno.EACCES,
        16 or unchecked((int)0x80070020) => Errno.EBUSY, // ERROR_SHARING_VIOLATION
        17 or unchecked((int)0x80070050) => Errno.EEXIST, // ERROR_FILE_EXISTS
        20 => Errno.ENOTDIR,
        21 => Errno.EISDIR,
        24 => Errno.EMFILE,
        26 => Errno.ETXTBSY,
        27 => Errno.EFBIG,
        28 or unchecked((int)0x80070070) => Errno.ENOSPC, // ERROR_DISK_FULL
        30 or unchecked((int)0x80070013) => Errno.EROFS, // ERROR_WRITE_PROTECT
        32 or unchecked((int)0x8007006D) or unchecked((int)0x800700E8) => Errno.EPIPE, // ERROR_BROKEN_PIPE, ERROR_NO_DATA
        36 => Errno.ENAMETOOLONG,
        110 => Errno.ETIMEDOUT,
        122 => Errno.EDQUOT,
        _ => Errno.EIO,
    };
}
