using System.Net.Sockets;
using System.Runtime.InteropServices;
using Firstbyte.Addressing;
using Firstbyte.Errors;

namespace Firstbyte.Sockets.Os;

/// <summary>setsockopt() and getsockopt() with the units of <see cref="SocketOption"/>.</summary>
internal static class OsOptions
{
    // <sys/socket.h>: the numbers differ between the kernels; Linux (asm-generic) and the BSDs with macOS.
    private static readonly bool HasRawReuse = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();
    private static readonly int RawSocketLevel = OperatingSystem.IsLinux() ? 1 : 0xFFFF;
    private static readonly int RawReuseAddress = OperatingSystem.IsLinux() ? 2 : 4;

    public static void Set(Socket socket, IpVersion version, SocketOption option, int value)
    {
        switch (option)
        {
            case SocketOption.ReuseAddress when HasRawReuse:
                socket.SetRawSocketOption(RawSocketLevel, RawReuseAddress, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));
                break;
            case SocketOption.LingerSeconds:
                socket.LingerState = new LingerOption(value >= 0, Math.Max(value, 0));
                break;
            default:
                var (level, name) = NameOf(option, version);
                socket.SetSocketOption(level, name, value);
                break;
        }
    }

    public static int Get(Socket socket, IpVersion version, SocketOption option)
    {
        switch (option)
        {
            case SocketOption.ReuseAddress when HasRawReuse:
                var value = 0;
                socket.GetRawSocketOption(RawSocketLevel, RawReuseAddress, MemoryMarshal.AsBytes(new Span<int>(ref value)));
                return value != 0 ? 1 : 0;
            case SocketOption.LingerSeconds:
                return socket.LingerState is { Enabled: true } linger ? linger.LingerTime : -1;
            default:
                var (level, name) = NameOf(option, version);
                var answer = (int)socket.GetSocketOption(level, name)!;
                return IsSwitch(option) ? (answer != 0 ? 1 : 0) : answer;
        }
    }

    private static bool IsSwitch(SocketOption option) =>
        option is SocketOption.ReuseAddress or SocketOption.NoDelay or SocketOption.KeepAlive or SocketOption.V6Only;

    private static (SocketOptionLevel Level, SocketOptionName Name) NameOf(SocketOption option, IpVersion version) => option switch
    {
        SocketOption.ReuseAddress => (SocketOptionLevel.Socket, SocketOptionName.ReuseAddress),
        SocketOption.NoDelay => (SocketOptionLevel.Tcp, SocketOptionName.NoDelay),
        SocketOption.KeepAlive => (SocketOptionLevel.Socket, SocketOptionName.KeepAlive),
        SocketOption.ReceiveBuffer => (SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer),
        SocketOption.SendBuffer => (SocketOptionLevel.Socket, SocketOptionName.SendBuffer),
        SocketOption.V6Only => (SocketOptionLevel.IPv6, SocketOptionName.IPv6Only),
        SocketOption.TimeToLive when version == IpVersion.V4 => (SocketOptionLevel.IP, SocketOptionName.IpTimeToLive),
        SocketOption.TimeToLive => (SocketOptionLevel.IPv6, SocketOptionName.IpTimeToLive),
        _ => throw new NetworkException(Errno.EOPNOTSUPP, "setsockopt"),
    };
}
