using System.Net.Sockets;
using Firstbyte.Addressing;
using Firstbyte.Errors;

namespace Firstbyte.Sockets.Os;

/// <summary>From .NET's socket errors (Winsock's names) to errno.</summary>
internal static class OsErrors
{
    /// <summary>The errno that the system gave, as .NET tells it.</summary>
    public static Errno ToErrno(SocketError error) => error switch
    {
        SocketError.Success => Errno.None,
        SocketError.AccessDenied => Errno.EACCES,
        SocketError.AddressAlreadyInUse => Errno.EADDRINUSE,
        SocketError.AddressNotAvailable => Errno.EADDRNOTAVAIL,
        SocketError.AddressFamilyNotSupported or SocketError.ProtocolFamilyNotSupported => Errno.EAFNOSUPPORT,
        SocketError.ProtocolNotSupported or SocketError.SocketNotSupported or SocketError.ProtocolType => Errno.EAFNOSUPPORT,
        SocketError.AlreadyInProgress or SocketError.InProgress => Errno.EALREADY,
        SocketError.NotSocket => Errno.EBADF,
        SocketError.OperationAborted or SocketError.Interrupted => Errno.ECANCELED,
        SocketError.ConnectionAborted => Errno.ECONNABORTED,
        SocketError.ConnectionRefused => Errno.ECONNREFUSED,
        SocketError.ConnectionReset or SocketError.NetworkReset => Errno.ECONNRESET,
        SocketError.DestinationAddressRequired => Errno.EDESTADDRREQ,
        SocketError.HostDown => Errno.EHOSTDOWN,
        SocketError.HostUnreachable or SocketError.HostNotFound => Errno.EHOSTUNREACH,
        SocketError.InvalidArgument or SocketError.Fault => Errno.EINVAL,
        SocketError.IsConnected => Errno.EISCONN,
        SocketError.TooManyOpenSockets or SocketError.ProcessLimit => Errno.EMFILE,
        SocketError.MessageSize => Errno.EMSGSIZE,
        SocketError.NetworkDown => Errno.ENETDOWN,
        SocketError.NetworkUnreachable => Errno.ENETUNREACH,
        SocketError.NoBufferSpaceAvailable => Errno.ENOBUFS,
        SocketError.NotConnected => Errno.ENOTCONN,
        SocketError.OperationNotSupported or SocketError.ProtocolOption => Errno.EOPNOTSUPP,
        SocketError.Shutdown => Errno.EPIPE,
        SocketError.TimedOut => Errno.ETIMEDOUT,
        _ => Errno.EIO,
    };

    /// <summary>Whether an exception of a socket call is one of those that <see cref="Translate"/> knows.</summary>
    public static bool IsSocketFailure(Exception failure) => failure is SocketException or ObjectDisposedException or InvalidOperationException;

    /// <summary>The failure in our vocabulary: ECANCELED when the socket was closed under the call.</summary>
    public static NetworkException Translate(Exception failure, string call, Endpoint? endpoint, bool closedUnderCall) => failure switch
    {
        _ when closedUnderCall => new NetworkException(Errno.ECANCELED, call, endpoint, failure),
        SocketException socket => new NetworkException(ToErrno(socket.SocketErrorCode), call, endpoint, failure),
        ObjectDisposedException => new NetworkException(Errno.EBADF, call, endpoint, failure),
        // .NET's own state checks (not bound, listening already …), which the system reports as EINVAL.
        _ => new NetworkException(Errno.EINVAL, call, endpoint, failure),
    };
}
