using System.Net.Sockets;
using Firstbyte.Errors;

namespace Firstbyte.Sockets.Os;

/// <summary>A connection to a program of the same host that listens at a socket in its files (unix(7)), as a stream of bytes.</summary>
public static class LocalStream
{
    /// <summary>Connects.</summary>
    /// <param name="path">Where the socket is.</param>
    /// <param name="patience">How long each read and write may take.</param>
    /// <exception cref="NetworkException">Nobody listens there.</exception>
    public static Stream Connect(string path, TimeSpan patience)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            SendTimeout = (int)patience.TotalMilliseconds,
            ReceiveTimeout = (int)patience.TotalMilliseconds,
        };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e) when (e is SocketException or PlatformNotSupportedException or ArgumentException)
        {
            socket.Dispose();
            throw new NetworkException(ErrorOf(e), "connect", null, e);
        }
    }

    private static Errno ErrorOf(Exception e) => e switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => Errno.ECONNREFUSED,
        SocketException { SocketErrorCode: SocketError.AccessDenied } => Errno.EACCES,
        // .NET has no word for ENOENT of a socket.
        SocketException => Errno.ENOENT,
        ArgumentException => Errno.ENAMETOOLONG,
        _ => Errno.EAFNOSUPPORT,
    };
}
