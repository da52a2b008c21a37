using Firstbyte.Addressing;

namespace Firstbyte.Hosts;

// The routing table as the host's other parts write it: every change is told.
public sealed partial class HostStack
{
    /// <summary>Adds a row to the routing table, or replaces the one of the same prefix.</summary>
    public void AddRoute(IpPrefix prefix, Route route)
    {
        ArgumentNullException.ThrowIfNull(route.Interface);
        if (TryWithhold(prefix, route)) { return; }
        var change = RowChange.Added;
        if (Routes.TryGet(prefix, out var before))
        {
            if (before == route) { return; }
            change = RowChange.Changed;
        }
        Routes.Set(prefix, route);
        Listener?.OnRoute(prefix, route, change);
        TellPrograms(prefix, route, change);
    }

    /// <summary>Takes a row out of the routing table; false when there is none of this prefix.</summary>
    public bool RemoveRoute(IpPrefix prefix)
    {
        var wasWithdrawn = _withdrawn.RemoveAll(row => row.Prefix == prefix) > 0;
        if (!Routes.TryGet(prefix, out var route)) { return wasWithdrawn; }
        Routes.Remove(prefix);
        Listener?.OnRoute(prefix, route, RowChange.Removed);
        TellPrograms(prefix, route, RowChange.Removed);
        return true;
    }

    /// <summary>Adds the row that matches everything: the default router of a version.</summary>
    public void AddDefaultRoute(NetworkInterface networkInterface, IpAddress gateway, RouteOrigin origin = RouteOrigin.Static) =>
        AddRoute(new IpPrefix(gateway.IsV4 ? IpAddress.AnyV4 : IpAddress.AnyV6, 0), new Route(networkInterface, gateway, origin));
}
