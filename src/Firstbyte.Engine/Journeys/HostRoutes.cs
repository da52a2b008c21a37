using Firstbyte.Addressing;
using Firstbyte.Sockets;

namespace Firstbyte.Journeys;

/// <summary>Whether a host can reach the Internet of a version at all, so that nobody asks for addresses that cannot be used.</summary>
public static class HostRoutes
{
    // Root servers' addresses stand for "anywhere": connecting a datagram socket only looks for a route and sends nothing.
    private static readonly Endpoint Anywhere6 = new(IpAddress.Parse("2001:503:ba3e::2:30"), 53);
    private static readonly Endpoint Anywhere4 = new(IpAddress.Parse("198.41.0.4"), 53);

    /// <summary>True when a datagram to some address far away would find a route (RFC 3493 6.1, AI_ADDRCONFIG, asks nearly the same).</summary>
    public static async ValueTask<bool> ReachesAsync(INetwork network, IpVersion version)
    {
        ArgumentNullException.ThrowIfNull(network);
        try
        {
            using var socket = network.CreateSocket(version, SocketKind.Datagram);
            await socket.ConnectAsync(version == IpVersion.V6 ? Anywhere6 : Anywhere4);
            return true;
        }
        catch (NetworkException) { return false; }
    }
}
