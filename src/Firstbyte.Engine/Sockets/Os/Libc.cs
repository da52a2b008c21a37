using System.Runtime.InteropServices;
using Firstbyte.Errors;

namespace Firstbyte.Sockets.Os;

/// <summary>The system calls of Linux that sockets need, with the numbers of its headers (asm-generic: every processor .NET runs on).</summary>
internal static partial class Libc
{
    private const string Library = "libc";

    // <asm-generic/errno-base.h>, <asm-generic/errno.h>
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int EINPROGRESS = 115;

    // <bits/socket.h>
    public const int AF_UNIX = 1;
    public const int AF_INET = 2;
    public const int AF_INET6 = 10;
    public const int SOCK_STREAM = 1;
    public const int SOCK_DGRAM = 2;
    public const int SOCK_NONBLOCK = 0x800;
    public const int SOCK_CLOEXEC = 0x80000;
    public const int MSG_TRUNC = 0x20;
    public const int MSG_DONTWAIT = 0x40;
    public const int MSG_NOSIGNAL = 0x4000;
    public const int MSG_ERRQUEUE = 0x2000;
    public const int MSG_WAITFORONE = 0x10000;
    public const int SOCK_RAW = 3;

    // <asm-generic/socket.h>, <netinet/in.h>, <netinet/tcp.h>
    public const int SOL_SOCKET = 1;
    public const int SO_REUSEADDR = 2;
    public const int SO_TYPE = 3;
    public const int SO_ERROR = 4;
    public const int SO_SNDBUF = 7;
    public const int SO_RCVBUF = 8;
    public const int SO_KEEPALIVE = 9;
    public const int SO_LINGER = 13;
    public const int SO_REUSEPORT = 15;
    public const int SO_ACCEPTCONN = 30;
    public const int IPPROTO_IP = 0;
    public const int IP_TTL = 2;
    public const int IP_PKTINFO = 8;
    public const int IP_RECVERR = 11;
    public const int IP_RECVTTL = 12;
    public const int IPPROTO_ICMP = 1;
    public const int IPPROTO_ICMPV6 = 58;
    public const int IPPROTO_TCP = 6;
    public const int TCP_NODELAY = 1;
    public const int SOL_UDP = 17;
    public const int UDP_SEGMENT = 103;
    public const int IPPROTO_IPV6 = 41;
    public const int IPV6_UNICAST_HOPS = 16;
    public const int IPV6_RECVERR = 25;
    public const int IPV6_V6ONLY = 26;
    public const int IPV6_RECVPKTINFO = 49;
    public const int IPV6_RECVHOPLIMIT = 51;
    public const int IPV6_HOPLIMIT = 52;

    // <sys/epoll.h>
    public const uint EPOLLIN = 1;
    public const uint EPOLLPRI = 2;
    public const uint EPOLLOUT = 4;
    public const uint EPOLLERR = 8;
    public const uint EPOLLHUP = 0x10;
    public const uint EPOLLRDHUP = 0x2000;
    public const uint EPOLLEXCLUSIVE = 1u << 28;
    public const uint EPOLLET = 1u << 31;
    public const int EPOLL_CTL_ADD = 1;
    public const int EPOLL_CLOEXEC = 0x80000;

    // <poll.h>, <sys/eventfd.h>
    public const short POLLIN = 1;
    public const short POLLOUT = 4;
    public const int EFD_CLOEXEC = 0x80000;
    public const int EFD_NONBLOCK = 0x800;

    // <bits/fcntl-linux.h>
    public const int F_SETFD = 2;
    public const int F_DUPFD_CLOEXEC = 1030;
    public const int FD_CLOEXEC = 1;

    /// <summary>sizeof(struct sockaddr_in6), rounded.</summary>
    public const int AddressRoom = 32;

    /// <summary>struct pollfd</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }

    /// <summary>struct timespec</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    /// <summary>struct iovec</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct Vector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct msghdr</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct MessageHeader
    {
        public byte* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct mmsghdr</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ManyHeader
    {
        public MessageHeader Header;
        public uint Length;
    }

    [LibraryImport(Library, EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMany(int descriptor, ref ManyHeader messages, uint count, int flags, nint timeout);

    [LibraryImport(Library, EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMany(int descriptor, ref ManyHeader messages, uint count, int flags);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int descriptor, ref byte address, uint length);

    [LibraryImport(Library, EntryPoint = "listen", SetLastError = true)]
    public static partial int Listen(int descriptor, int backlog);

    [LibraryImport(Library, EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(int descriptor, ref byte address, ref uint length, int flags);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int descriptor, ref byte address, uint length);

    [LibraryImport(Library, EntryPoint = "sendto", SetLastError = true)]
    public static partial nint SendTo(int descriptor, ref byte data, nuint length, int flags, ref byte address, uint addressLength);

    [LibraryImport(Library, EntryPoint = "recvfrom", SetLastError = true)]
    public static partial nint ReceiveFrom(int descriptor, ref byte buffer, nuint length, int flags, ref byte address, ref uint addressLength);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int descriptor, in byte data, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int descriptor, ref byte buffer, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, ref byte wanted);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, ref byte events, int count, int milliseconds);

    [LibraryImport(Library, EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint ReceiveMessage(int descriptor, ref MessageHeader message, int flags);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int ControlDescriptor(int descriptor, int command, int argument);

    [LibraryImport(Library, EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int descriptor, int how);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetSocketName(int descriptor, ref byte address, ref uint length);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int descriptor, int level, int name, ref int value, uint length);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(int descriptor, int level, int name, ref int value, ref uint length);

    [LibraryImport(Library, EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(ref PollDescriptor descriptors, nuint count, ref TimeSpec timeout, nint signalMask);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, ref ulong data, nuint length);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, ref ulong data, nuint length);

    [LibraryImport(Library, EntryPoint = "getrandom", SetLastError = true)]
    public static partial nint GetRandom(ref byte buffer, nuint length, uint flags);

    /// <summary>The errno in our vocabulary.</summary>
    public static Errno ToErrno(int number) => number switch
    {
        0 => Errno.None,
        1 => Errno.EPERM,
        9 => Errno.EBADF,
        13 => Errno.EACCES,
        22 => Errno.EINVAL,
        23 or 24 => Errno.EMFILE, // ENFILE: the whole system has none left
        32 => Errno.EPIPE,
        89 => Errno.EDESTADDRREQ,
        90 => Errno.EMSGSIZE,
        92 or 95 => Errno.EOPNOTSUPP, // ENOPROTOOPT
        93 or 94 or 97 => Errno.EAFNOSUPPORT, // EPROTONOSUPPORT, ESOCKTNOSUPPORT
        98 => Errno.EADDRINUSE,
        99 => Errno.EADDRNOTAVAIL,
        100 => Errno.ENETDOWN,
        101 => Errno.ENETUNREACH,
        103 => Errno.ECONNABORTED,
        104 => Errno.ECONNRESET,
        105 or 12 => Errno.ENOBUFS, // ENOMEM
        106 => Errno.EISCONN,
        107 => Errno.ENOTCONN,
        110 => Errno.ETIMEDOUT,
        111 => Errno.ECONNREFUSED,
        112 => Errno.EHOSTDOWN,
        113 => Errno.EHOSTUNREACH,
        114 or 115 => Errno.EALREADY,
        _ => Errno.EIO,
    };
}
