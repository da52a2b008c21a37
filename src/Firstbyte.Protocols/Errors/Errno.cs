namespace Firstbyte.Errors;

/// <summary>
/// Why a call of the Socket library, or of a file, could not be done: the errno names of POSIX, for our own host stack and the operating
/// system alike.
/// </summary>
public enum Errno : byte
{
    /// <summary>No error.</summary>
    None,

    /// <summary>Permission denied.</summary>
    EACCES,

    /// <summary>Address already in use.</summary>
    EADDRINUSE,

    /// <summary>The host does not have this address.</summary>
    EADDRNOTAVAIL,

    /// <summary>Address family not supported.</summary>
    EAFNOSUPPORT,

    /// <summary>Nothing is there, or no room: ask again after the next signal.</summary>
    EAGAIN,

    /// <summary>A connect is under way already.</summary>
    EALREADY,

    /// <summary>Bad descriptor: the socket is closed.</summary>
    EBADF,

    /// <summary>Another program holds the file or device.</summary>
    EBUSY,

    /// <summary>The call was ended because its socket was closed.</summary>
    ECANCELED,

    /// <summary>The connection was given up before it was accepted.</summary>
    ECONNABORTED,

    /// <summary>Nobody listens there.</summary>
    ECONNREFUSED,

    /// <summary>The peer reset the connection.</summary>
    ECONNRESET,

    /// <summary>A destination address is needed.</summary>
    EDESTADDRREQ,

    /// <summary>The quota on the file system is used up.</summary>
    EDQUOT,

    /// <summary>Larger than may be kept.</summary>
    EFBIG,

    /// <summary>There is a file of that name.</summary>
    EEXIST,

    /// <summary>The host is down.</summary>
    EHOSTDOWN,

    /// <summary>No route to the host.</summary>
    EHOSTUNREACH,

    /// <summary>Invalid argument or state.</summary>
    EINVAL,

    /// <summary>Input or output error.</summary>
    EIO,

    /// <summary>Already connected.</summary>
    EISCONN,

    /// <summary>Is a directory.</summary>
    EISDIR,

    /// <summary>Too many open descriptors.</summary>
    EMFILE,

    /// <summary>Message too long.</summary>
    EMSGSIZE,

    /// <summary>The name is longer than the file system takes.</summary>
    ENAMETOOLONG,

    /// <summary>The network is down.</summary>
    ENETDOWN,

    /// <summary>No route to the network.</summary>
    ENETUNREACH,

    /// <summary>No buffer space.</summary>
    ENOBUFS,

    /// <summary>No such file or directory.</summary>
    ENOENT,

    /// <summary>No space left on the device.</summary>
    ENOSPC,

    /// <summary>Not connected.</summary>
    ENOTCONN,

    /// <summary>A part of the path is no directory.</summary>
    ENOTDIR,

    /// <summary>Not supported on this kind of socket.</summary>
    EOPNOTSUPP,

    /// <summary>Operation not permitted.</summary>
    EPERM,

    /// <summary>The own sending direction is closed, or the peer is gone.</summary>
    EPIPE,

    /// <summary>The peer broke the rules of its protocol.</summary>
    EPROTO,

    /// <summary>The file system is read-only.</summary>
    EROFS,

    /// <summary>No answer within the stack's time.</summary>
    ETIMEDOUT,

    /// <summary>The file is a program that runs.</summary>
    ETXTBSY,
}
