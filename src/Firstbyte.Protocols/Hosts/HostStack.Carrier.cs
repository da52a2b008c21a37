using Firstbyte.Addressing;
using Firstbyte.Tracing;

namespace Firstbyte.Hosts;

// Interfaces that stop running and run again: shut by the administrator, or their cable pulled.
public sealed partial class HostStack
{
    // Rows of a router that lead out by interfaces that do not run, to be put back when they do.
    private readonly List<(IpPrefix Prefix, Route Route)> _withdrawn = [];

    /// <summary>Opens or shuts an interface, as its administrator.</summary>
    public void SetUp(NetworkInterface networkInterface, bool isUp, Instant now)
    {
        ArgumentNullException.ThrowIfNull(networkInterface);
        var wasRunning = networkInterface.IsRunning;
        networkInterface.IsUp = isUp;
        OnRunning(networkInterface, wasRunning, now);
    }

    /// <summary>The card hears its link, or does no longer.</summary>
    /// <remarks>
    /// As Linux has it, the neighbours of the link are forgotten, addresses and connections stay, and whoever calls for somebody there hears after
    /// the neighbour was asked for in vain that the host is unreachable. A router takes the rows that lead out there off its table while it
    /// lasts (Linux: ignore_routes_with_linkdown), so that another way counts and senders are told at once.
    /// </remarks>
    public void SetCarrier(NetworkInterface networkInterface, bool hasCarrier, Instant now)
    {
        ArgumentNullException.ThrowIfNull(networkInterface);
        var wasRunning = networkInterface.IsRunning;
        networkInterface.HasCarrier = hasCarrier;
        OnRunning(networkInterface, wasRunning, now);
    }

    private void OnRunning(NetworkInterface networkInterface, bool wasRunning, Instant now)
    {
        if (networkInterface.IsRunning == wasRunning) { return; }
        _now = now;
        if (wasRunning)
        {
            foreach (var neighbor in Neighbors.ToArray())
            {
                if (neighbor.Interface != networkInterface) { continue; }
                _neighbors.Remove(neighbor);
                Forget(neighbor);
            }
            TellPrograms(networkInterface);
            if (Settings.IsRouter) { Withdraw(networkInterface); }
            return;
        }
        foreach (var (prefix, route) in _withdrawn.FindAll(row => row.Route.Interface == networkInterface)) { AddRoute(prefix, route); }
        _withdrawn.RemoveAll(row => row.Route.Interface == networkInterface);
        TellPrograms(networkInterface);
        if (_advertised.Exists(row => row.Interface == networkInterface)) { SolicitRouters(networkInterface, now); }
    }

    private void Withdraw(NetworkInterface networkInterface)
    {
        foreach (var (prefix, route) in Routes.Rows.ToArray())
        {
            if (route.Interface != networkInterface) { continue; }
            RemoveRoute(prefix);
            _withdrawn.Add((prefix, route));
        }
    }

    /// <summary>Keeps a row that cannot be used now; true when it did.</summary>
    private bool TryWithhold(IpPrefix prefix, in Route route)
    {
        if (!Settings.IsRouter || route.Interface.IsRunning || route.Origin == RouteOrigin.Rip) { return false; }
        _withdrawn.RemoveAll(row => row.Prefix == prefix);
        _withdrawn.Add((prefix, route));
        return true;
    }
}
