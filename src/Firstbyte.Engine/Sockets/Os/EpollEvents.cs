using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Firstbyte.Sockets.Os;

/// <summary>struct epoll_event { uint32_t events; uint64_t data; } of &lt;sys/epoll.h&gt;, which is packed on x86-64 and nowhere else: no struct of .NET is both.</summary>
[SupportedOSPlatform("linux")]
internal static class EpollEvents
{
    private static readonly int s_dataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    /// <summary>Bytes of one.</summary>
    public static int Length { get; } = s_dataAt + sizeof(ulong);

    /// <summary>Lets an epoll descriptor tell of another one from now on; false, with the error set, when it cannot.</summary>
    public static bool TryAdd(int epoll, int descriptor, uint events, ulong data)
    {
        Span<byte> wanted = stackalloc byte[16];
        MemoryMarshal.Write(wanted, events);
        MemoryMarshal.Write(wanted[s_dataAt..], data);
        return Libc.EpollControl(epoll, Libc.EPOLL_CTL_ADD, descriptor, ref wanted[0]) == 0;
    }

    /// <summary>One of those that epoll_wait() has written.</summary>
    public static (uint Events, ulong Data) Read(ReadOnlySpan<byte> events, int at)
    {
        var one = events.Slice(at * Length, Length);
        return (MemoryMarshal.Read<uint>(one), MemoryMarshal.Read<ulong>(one[s_dataAt..]));
    }
}
