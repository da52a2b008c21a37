using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Firstbyte.Errors;
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
    private const nuint SetInterface = 0x400454CA;
    private const int NameLimit = 15; // IFNAMSIZ less the final zero
    private const int RequestLength = 40; // sizeof(struct ifreq)

    private int _descriptor;

    private TunDevice(int descriptor, string name, TunMode mode)
    {
        _descriptor = descriptor;
        Name = name;
        Mode = mode;
    }

    /// <summary>The interface's name.</summary>
    public string Name { get; }

    /// <summary>What it carries.</summary>
    public TunMode Mode { get; }

    /// <summary>The file descriptor; -1 when closed.</summary>
    public int Descriptor => _descriptor;

    /// <summary>Makes the device, or attaches to a persistent one of that name; an empty name, or one with %d, lets the kernel number it.</summary>
    /// <exception cref="NetworkException">EPERM or EACCES without the right; EINVAL for a name that does not fit; whatever else the kernel says.</exception>
    public static TunDevice Open(string name, TunMode mode)
    {
        ArgumentNullException.ThrowIfNull(name);
        var text = Encoding.ASCII.GetBytes(name);
        if (text.Length > NameLimit) { throw new NetworkException(Errno.EINVAL, "tun"); }
        var descriptor = Native.Open("/dev/net/tun", ReadWrite | NonBlocking | CloseOnExec);
        if (descriptor < 0) { throw new NetworkException(LastError, "tun"); }

        Span<byte> request = stackalloc byte[RequestLength];
        request.Clear();
        text.CopyTo(request);
        var flags = (short)((mode == TunMode.Tun ? FlagTun : FlagTap) | FlagNoPacketInformation);
        MemoryMarshal.Write(request[16..], flags);
        if (Native.Control(descriptor, SetInterface, ref MemoryMarshal.GetReference(request)) < 0)
        {
            var error = LastError;
            Libc.Close(descriptor);
            throw new NetworkException(error, "tun");
        }
        var given = request[..(NameLimit + 1)];
        return new TunDevice(descriptor, Encoding.ASCII.GetString(given[..given.IndexOf((byte)0)]), mode);
    }

    /// <summary>Attaches to a device that is there, whatever it carries.</summary>
    /// <exception cref="NetworkException">EPERM or EACCES without the right; EIO when another program is attached; whatever else the kernel says.</exception>
    public static TunDevice Attach(string name)
    {
        try { return Open(name, TunMode.Tun); }
        // The kernel refuses to open a device as what it is not.
        catch (NetworkException refused) when (refused.Error == Errno.EINVAL) { return Open(name, TunMode.Tap); }
    }

    /// <summary>Reads one packet; false when none waits. A packet longer than the buffer is cut off.</summary>
    /// <exception cref="NetworkException">The device is gone.</exception>
    public bool TryRead(Span<byte> buffer, out int length)
    {
        for (; ; )
        {
            var count = Native.Read(_descriptor, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
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
            if (Native.Write(_descriptor, ref MemoryMarshal.GetReference(packet), (nuint)packet.Length) >= 0) { return true; }
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
        var time = new Libc.TimeSpec { Seconds = (nint)(atMost.Ticks / TimeSpan.TicksPerSecond), Nanoseconds = (nint)(atMost.Ticks % TimeSpan.TicksPerSecond * 100) };
        return Libc.Poll(ref wanted, 1, ref time, 0) > 0;
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

        [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
        public static partial nint Read(int descriptor, ref byte buffer, nuint length);

        [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
        public static partial nint Write(int descriptor, ref byte buffer, nuint length);
    }
}
