using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Sockets.Os;
using SystemInterface = System.Net.NetworkInformation.NetworkInterface;

namespace Firstbyte.Sockets.Tun;

/// <summary>The kernel's end of a TUN or TAP device, as its administrator has set it up.</summary>
/// <param name="Name">The interface's name.</param>
/// <param name="IsUp">Whether it is up.</param>
/// <param name="Mtu">The longest IP packet it carries, in bytes.</param>
/// <param name="Addresses">The kernel's addresses there, link-local ones left out.</param>
[SupportedOSPlatform("linux")]
public sealed partial record TunLink(string Name, bool IsUp, int Mtu, IReadOnlyList<InterfaceAddress> Addresses)
{
    // <linux/sockios.h>, <linux/if.h>
    private const nuint GetFlags = 0x8913;
    private const nuint GetMtu = 0x8921;
    private const int FlagUp = 1;
    private const int RequestLength = 40; // sizeof(struct ifreq)

    /// <summary>What there is by that name; null when there is nothing.</summary>
    public static TunLink? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!TryAsk(name, GetFlags, out var flags) || !TryAsk(name, GetMtu, out var mtu)) { return null; }
        var addresses = new List<InterfaceAddress>();
        foreach (var candidate in SystemInterface.GetAllNetworkInterfaces())
        {
            if (candidate.Name != name) { continue; }
            foreach (var own in candidate.GetIPProperties().UnicastAddresses)
            {
                if (own.Address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: true }) { continue; }
                addresses.Add(new InterfaceAddress(IpAddress.FromIPAddress(own.Address), own.PrefixLength));
            }
        }
        return new TunLink(name, ((short)flags & FlagUp) != 0, mtu, addresses);
    }

    /// <summary>The address next to one of the kernel's in the same subnet: what a host at the other end may take. Null where the subnet has no room.</summary>
    public static InterfaceAddress? Neighbor(InterfaceAddress kernel)
    {
        var (address, prefix) = (kernel.Address, kernel.Prefix);
        if (prefix.HostBits == 0) { return null; }
        var next = address.Bits < prefix.LastHost.Bits ? address.Bits + 1 : address.Bits - 1;
        var neighbor = address.IsV4 ? IpAddress.FromV4((uint)next) : IpAddress.FromV6(next);
        return prefix.Contains(neighbor) && next >= prefix.FirstHost.Bits ? new InterfaceAddress(neighbor, prefix.Length) : null;
    }

    /// <summary>
    /// The kernel's addresses that can be routers of ours: those in a subnet in which we hold an address, so none of a version that we do
    /// not speak.
    /// </summary>
    public IEnumerable<IpAddress> GatewaysFor(IReadOnlyList<InterfaceAddress> ours) =>
        Addresses.Select(static own => own.Address).Where(candidate => ours.Any(address => address.Prefix.Contains(candidate)));

    /// <summary>Whether an address is the kernel's own here: then it answers itself, and nothing would come to us.</summary>
    public bool Holds(IpAddress address) => Addresses.Any(own => own.Address == address);

    private static bool TryAsk(string name, nuint question, out int answer)
    {
        answer = 0;
        Span<byte> request = stackalloc byte[RequestLength];
        request.Clear();
        if (name.Length is 0 or > 15 || !Encoding.ASCII.TryGetBytes(name, request, out _)) { return false; }
        var socket = Libc.Socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
        if (socket < 0) { throw new NetworkException(Libc.ToErrno(Marshal.GetLastPInvokeError()), "socket"); }
        var said = Control(socket, question, ref MemoryMarshal.GetReference(request));
        _ = Libc.Close(socket);
        answer = MemoryMarshal.Read<int>(request[16..]);
        return said >= 0;
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, ref byte argument);
}
