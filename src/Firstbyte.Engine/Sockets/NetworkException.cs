using Firstbyte.Addressing;

namespace Firstbyte.Sockets;

/// <summary>The one vocabulary of network errors: the errno names of POSIX.</summary>
public enum Errno
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

    /// <summary>A connect is under way already.</summary>
    EALREADY,

    /// <summary>Bad descriptor: the socket is closed.</summary>
    EBADF,

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

    /// <summary>The network is down.</summary>
    ENETDOWN,

    /// <summary>No route to the network.</summary>
    ENETUNREACH,

    /// <summary>No buffer space.</summary>
    ENOBUFS,

    /// <summary>Not connected.</summary>
    ENOTCONN,

    /// <summary>Not supported on this kind of socket.</summary>
    EOPNOTSUPP,

    /// <summary>Operation not permitted.</summary>
    EPERM,

    /// <summary>The own sending direction is closed, or the peer is gone.</summary>
    EPIPE,

    /// <summary>No answer within the stack's time.</summary>
    ETIMEDOUT,
}

/// <summary>A socket call failed: which call, with which errno, toward whom.</summary>
public sealed class NetworkException : IOException
{
    /// <summary>A failure of <paramref name="call"/> ("connect", "bind" …), with the peer or own address it was about.</summary>
    public NetworkException(Errno error, string call, Endpoint? endpoint = null, Exception? inner = null)
        : base(endpoint is { } at ? $"{call} {at}: {error}" : $"{call}: {error}", inner)
    {
        Error = error;
        Call = call;
        Endpoint = endpoint;
    }

    /// <summary>What the call returned.</summary>
    public Errno Error { get; }

    /// <summary>The call, in the Socket library's own word: socket, bind, listen, accept, connect, send, receive, shutdown.</summary>
    public string Call { get; }

    /// <summary>The address that the call was about, where there was one.</summary>
    public Endpoint? Endpoint { get; }
}
