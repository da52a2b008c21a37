using System.Net.Sockets;

namespace Firstbyte.Sockets.Os;

/// <summary>A datagram to a program of the same host that has a socket in its files (unix(7)).</summary>
internal static class LocalDatagram
{
    /// <summary>Sends it; false where nobody is there to take it.</summary>
    /// <param name="address">The path of the socket; one that begins with '@' is a name in the abstract name space.</param>
    /// <param name="message">What is sent.</param>
    public static bool TrySend(string address, ReadOnlySpan<byte> message)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // An abstract name begins with a zero byte.
            socket.SendTo(message, new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
            return true;
        }
        catch (Exception e) when (e is SocketException or PlatformNotSupportedException or ArgumentOutOfRangeException) { return false; }
    }
}
