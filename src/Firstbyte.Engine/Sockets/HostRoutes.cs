using Firstbyte.Addressing;
using Firstbyte.Errors;

namespace Firstbyte.Sockets;

/// <summary>Whether a host has a route at all, so that nobody asks for addresses, or of servers, that cannot be used.</summary>
public static class HostRoutes
{
    // Root servers' addresses stand for "anywhere".
    private static readonly Endpoint Anywhere6 = new(IpAddress.Parse("2001:503:ba3e::2:30"), 53);
    private static readonly Endpoint Anywhere4 = new(IpAddress.Parse("198.41.0.4"), 53);

    /// <summary>Whether a datagram to some address far away would find a route (RFC 3493 6.1, AI_ADDRCONFIG, asks nearly the same).</summary>
    public static ValueTask<bool> ReachesInternetAsync(INetwork network, IpVersion version) =>
        ReachesAsync(network, version == IpVersion.V6 ? Anywhere6 : Anywhere4);

    /// <summary>Whether a datagram to the target would find a route. False as well when the host has no sockets of that version.</summary>
    public static async ValueTask<bool> ReachesAsync(INetwork network, Endpoint target) => (await FindAsync(network, target)).Error == Errno.None;

    /// <summary>
    /// Why a datagram to the target would not leave: ENETUNREACH without a route, EACCES where the target is a subnet's broadcast address, which only a
    /// program that asks for it may use; none when it would.
    /// </summary>
    public static async ValueTask<Errno> ObstacleAsync(INetwork network, Endpoint target) => (await FindAsync(network, target)).Error;

    /// <summary>
    /// The own address from which a datagram to the target would leave; null without a route. Connecting a datagram socket only looks for
    /// one and sends nothing. Null as well when the host has no sockets of that version.
    /// </summary>
    public static async ValueTask<IpAddress?> SourceOfAsync(INetwork network, Endpoint target) => (await FindAsync(network, target)).Source;

    private static async ValueTask<(Errno Error, IpAddress? Source)> FindAsync(INetwork network, Endpoint target)
    {
        ArgumentNullException.ThrowIfNull(network);
        ISocket socket;
        try { socket = network.CreateSocket(target.Address.Version, SocketKind.Datagram); }
        catch (NetworkException e) { return (e.Error, null); }
        using (socket)
        {
            var connecting = socket.ConnectAsync(target);
            if (!connecting.IsCompletedSuccessfully)
            {
                // No route is an answer here, asked for at every look-up: it is read from the task, where an exception thrown through
                // every caller would cost more than the rest of the question.
                var task = connecting.AsTask();
                await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                if (task.Exception?.InnerException is NetworkException e) { return (e.Error, null); }
                await task;
            }
            return (Errno.None, socket.LocalEndpoint?.Address);
        }
    }
}
