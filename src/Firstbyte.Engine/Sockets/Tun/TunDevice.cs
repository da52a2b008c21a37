using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Firstbyte.Errors;
using Firstbyte.Hashing;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Sockets.Tun;

/// <summary>What a <see cref="TunDevice"/> carries.</summary>
public enum TunMode
{
    /// <summary>IP packets.</summary>
    Tun,

    /// <summary>Ethernet frames.</summary>
    Tap,
}

/// <summary>A network interface of the Linux kernel whose other end is this program (Documentation/networking/tuntap.rst of the kernel).</summary>
/// <remarks>
/// What the kernel sends into the interface is read here, and what is written here the kernel receives from the interface: one packet
/// (or frame) a call, without a header of the device's own. Making a device needs root (CAP_NET_ADMIN); giving it an address and bringing
/// it up is the administrator's part (<c>ip address add … dev NAME; ip link set NAME up</c>). Calls never block, except <see cref="Wait"/>.
/// A device that takes large packets (<see cref="TakesLargePackets"/>) lets the kernel hand over TCP segments many at a time, as one packet
/// of up to 64 KiB with one header (segmentation offload), and without their checksum, which is put in here: a system call for each 45
/// segments in place of one for each.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed partial class TunDevice : IDisposable
{
    // <linux/if_tun.h>, <linux/if.h>, <asm-generic/fcntl.h>
    private const int ReadWrite = 2;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const short FlagTun = 0x0001;
    private const short FlagTap = 0x0002;
    private const short FlagNoPacketInformation = 0x1000;
    private const short FlagOffloadHeader = 0x4000; // IFF_VNET_HDR
    private const nuint SetInterface = 0x400454CA;
    private const nuint SetOffload = 0x400454D0;
    private const nuint ChecksumAndSegmentation = 0x01 | 0x02 | 0x04; // TUN_F_CSUM, TUN_F_TSO4, TUN_F_TSO6
    private const byte NeedsChecksum = 1; // VIRTIO_NET_HDR_F_NEEDS_CSUM of <linux/virtio_net.h>
    private const int NameLimit = 15; // IFNAMSIZ less the final zero
    private const int RequestLength = 40; // sizeof(struct ifreq)

    private int _descriptor;

    private TunDevice(int descriptor, string name, TunMode mode, bool takesLargePackets)
    {
        _descriptor = descriptor;
        TakesLargePackets = takesLargePackets;
        Name = name;
        Mode = mode;
    }

    /// <summary>The interface's name.</summary>
    public string Name { get; }

    /// <summary>What it carries.</summary>
    public TunMode Mode { get; }

    /// <summary>Whether what is read may be longer than the interface's MTU.</summary>
    public bool TakesLargePackets { get; }

    /// <summary>The file descriptor; -1 when closed.</summary>
    public int Descriptor => _descriptor;

    /// <summary>Makes the device, or attaches to a persistent one of that name; an empty name, or one with %d, lets the kernel number it.</summary>
    /// <exception cref="NetworkException">EPERM or EACCES without the right; EINVAL for a name that does not fit; whatever else the kernel says.</exception>
    public static TunDevice Open(string name, TunMode mode, bool takesLargePackets = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        var text = Encoding.ASCII.GetBytes(name);
        if (text.Length > NameLimit) { throw new NetworkException(Errno.EINVAL, "tun"); }
        var descriptor = Native.Open("/dev/net/tun", ReadWrite | NonBlocking | CloseOnExec);
        if (descriptor < 0) { throw new NetworkException(LastError, "tun"); }

        Span<byte> request = stackalloc byte[RequestLength];
        request.Clear();
        text.CopyTo(request);
        var flags = (short)((mode == TunMode.Tun ? FlagTun : FlagTap) | FlagNoPacketInformation | (takesLargePackets ? FlagOffloadHeader : 0));
        MemoryMarshal.Write(request[16..], flags);
        if (Native.Control(descriptor, SetInterface, ref MemoryMarshal.GetReference(request)) < 0
            // A device that outlives its program keeps what the one before asked for.
            || Native.Control(descriptor, SetOffload, takesLargePackets ? ChecksumAndSegmentation : 0) < 0)
        {
            var error = LastError;
            Libc.Close(descriptor);
            throw new NetworkException(error, "tun");
        }
        var given = request[..(NameLimit + 1)];
        return new TunDevice(descriptor, Encoding.ASCII.GetString(given[..given.IndexOf((byte)0)]), mode, takesLargePackets);
    }

    /// <summary>Attaches to a device that is there, whatever it carries.</summary>
    /// <exception cref="NetworkException">EPERM or EACCES without the right; EIO when another program is attached; whatever else the kernel says.</exception>
    public static TunDevice Attach(string name, bool takesLargePackets = false)
    {
        try { return Open(name, TunMode.Tun, takesLargePackets); }
        // The kernel refuses to open a device as what it is not.
        catch (NetworkException refused) when (refused.Error == Errno.EINVAL) { return Open(name, TunMode.Tap, takesLargePackets); }
    }

    /// <summary>Reads one packet; false when none waits. A packet longer than the buffer is cut off.</summary>
    /// <exception cref="NetworkException">The device is gone.</exception>
    public bool TryRead(Span<byte> buffer, out int length)
    {
        for (; ; )
        {
            var count = TakesLargePackets ? ReadLarge(buffer) : Native.Read(_descriptor, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
            length = (int)count;
            if (count > 0) { return true; }
            if (count == 0) { return false; }
            switch (Marshal.GetLastPInvokeError())
            {
                case Libc.EAGAIN:
                    length = 0;
                    return false;
                case Libc.EINTR:
                    continue;
                default:
                    throw new NetworkException(LastError, "read");
            }
        }
    }

    /// <summary>Writes one packet; false when the kernel has no room for it now.</summary>
    /// <exception cref="NetworkException">EIO when the interface is down, EINVAL for what is no packet.</exception>
    public bool TryWrite(ReadOnlySpan<byte> packet)
    {
        for (; ; )
        {
            var count = TakesLargePackets ? WriteWithHeader(packet) : Native.Write(_descriptor, ref MemoryMarshal.GetReference(packet), (nuint)packet.Length);
            if (count >= 0) { return true; }
            switch (Marshal.GetLastPInvokeError())
            {
                case Libc.EAGAIN: return false;
                case Libc.EINTR: continue;
                default: throw new NetworkException(LastError, "write");
            }
        }
    }

    /// <summary>Blocks the thread until a packet waits or the time is over; true when one waits. A negative time waits for ever.</summary>
    public bool Wait(TimeSpan atMost)
    {
        var wanted = new Libc.PollDescriptor { Descriptor = _descriptor, Wanted = Libc.POLLIN };
        if (atMost < TimeSpan.Zero) { return Libc.Poll(ref wanted, 1, ref System.Runtime.CompilerServices.Unsafe.NullRef<Libc.TimeSpec>(), 0) > 0; }
        var time = new Libc.TimeSpec
        {
            Seconds = (nint)(atMost.Ticks / TimeSpan.TicksPerSecond),
            Nanoseconds = (nint)(atMost.Ticks % TimeSpan.TicksPerSecond * 100)
        };
        return Libc.Poll(ref wanted, 1, ref time, 0) > 0;
    }

    private unsafe nint ReadLarge(Span<byte> buffer)
    {
        OffloadHeader header;
        nint count;
        fixed (byte* start = buffer)
        {
            var parts = stackalloc Part[2] { new() { Start = &header, Length = (nuint)sizeof(OffloadHeader) },
                new() { Start = start, Length = (nuint)buffer.Length } };
            count = Native.ReadParts(_descriptor, parts, 2) - sizeof(OffloadHeader);
        }
        if (count <= 0) { return Math.Max(count, -1); }
        var packet = buffer[..(int)Math.Min(count, buffer.Length)];
        if ((header.Flags & NeedsChecksum) == 0 || header.ChecksumStart + header.ChecksumOffset + 2 > packet.Length) { return count; }
        // The field holds the sum of the pseudo header, so that the checksum is that of everything from there on.
        var covered = packet[header.ChecksumStart..];
        BinaryPrimitives.WriteUInt16BigEndian(covered[header.ChecksumOffset..], InternetChecksum.Compute(covered));
        return count;
    }

    private unsafe nint WriteWithHeader(ReadOnlySpan<byte> packet)
    {
        var header = default(OffloadHeader);
        fixed (byte* start = packet)
        {
            var parts = stackalloc Part[2] { new() { Start = &header, Length = (nuint)sizeof(OffloadHeader) },
                new() { Start = start, Length = (nuint)packet.Length } };
            return Native.WriteParts(_descriptor, parts, 2);
        }
    }

    /// <summary>struct virtio_net_hdr of &lt;linux/virtio_net.h&gt;, in the machine's byte order.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct OffloadHeader
    {
        public byte Flags;
        public byte SegmentationType;
        public ushort HeaderLength;
        public ushort SegmentSize;
        public ushort ChecksumStart;
        public ushort ChecksumOffset;
    }

    /// <summary>struct iovec of &lt;sys/uio.h&gt;.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Part
    {
        public void* Start;
        public nuint Length;
    }

    /// <summary>Closes the device; an interface that is not persistent disappears.</summary>
    public void Dispose()
    {
        if (_descriptor < 0) { return; }
        Libc.Close(_descriptor);
        _descriptor = -1;
    }

    private static Errno LastError => Libc.ToErrno(Marshal.GetLastPInvokeError());

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Open(string path, int flags);

        [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
        public static partial int Control(int descriptor, nuint request, ref byte argument);

        [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
        public static partial int Control(int descriptor, nuint request, nuint argument);

        [LibraryImport("libc", EntryPoint = "readv", SetLastError = true)]
        public static unsafe partial nint ReadParts(int descriptor, Part* parts, int count);

        [LibraryImport("libc", EntryPoint = "writev", SetLastError = true)]
        public static unsafe partial nint WriteParts(int descriptor, Part* parts, int count);

        [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
        public static partial nint Read(int descriptor, ref byte buffer, nuint length);

        [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
        public static partial nint Write(int descriptor, ref byte buffer, nuint length);
    }
}
