using System.Net.NetworkInformation;
using Firstbyte.Addressing;
using SystemInterface = System.Net.NetworkInformation.NetworkInterface;

namespace Firstbyte.Sockets.Os;

/// <summary>The addresses of the machine's cards, by getifaddrs() or what the system has instead.</summary>
internal static class OsCards
{
    /// <summary>All of them, without those by which the machine reaches itself alone.</summary>
    public static IReadOnlyList<IpAddress> GetAddresses() =>
    [
        .. SystemInterface.GetAllNetworkInterfaces().Where(static one => one.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(static one => one.GetIPProperties().UnicastAddresses).Select(static one => IpAddress.Parse(WithoutZone(one.Address.ToString()))),
    ];

    /// <summary>The networks that the cards are on, without those by which the machine reaches itself alone.</summary>
    public static IReadOnlyList<IpPrefix> GetNetworks() =>
    [
        .. SystemInterface.GetAllNetworkInterfaces().Where(static one => one.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(static one => one.GetIPProperties().UnicastAddresses)
            .Select(static one => new IpPrefix(IpAddress.Parse(WithoutZone(one.Address.ToString())), one.PrefixLength)),
    ];

    /// <summary>Whether one of them hears its link; a device that does not say, as a tunnel's, is believed to.</summary>
    public static bool HasCarrier =>
        SystemInterface.GetAllNetworkInterfaces().Any(static one => one.NetworkInterfaceType != NetworkInterfaceType.Loopback
            && one.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown);

    // "fe80::1%2": of which card it is counts for nobody here.
    private static string WithoutZone(string address) => address.Split('%')[0];
}
