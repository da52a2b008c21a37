using System.Runtime.InteropServices;
using Firstbyte.Transfers;
using Microsoft.Win32.SafeHandles;

namespace Firstbyte.Cli.Io;

/// <summary>A descriptor that the process was given, written by write(2).</summary>
/// <remarks>
/// The runtime's console stream takes EPIPE for success, so that a program goes on for a reader who has left; a FileStream writes a redirected file at an
/// offset of its own, over what standard error or the next command of a script puts there.
/// </remarks>
internal sealed partial class DescriptorStream(int descriptor, Patience? patience = null) : WriteOnlyStream
{
    private readonly SafeFileHandle? _owned;

    /// <summary>A descriptor of our own, which is closed with the stream.</summary>
    public DescriptorStream(SafeFileHandle owned, Patience patience)
        : this((int)owned.DangerousGetHandle(), patience) => _owned = owned;

    // <asm-generic/errno-base.h>; macOS has the same numbers but for EAGAIN.
    private const int EINTR = 4, EAGAIN = 11, MacEAGAIN = 35;

    // <poll.h>
    private const short POLLOUT = 4;

    // What a pipe that poll(2) calls writable takes without waiting (<limits.h>, PIPE_BUF of Linux).
    private const int AtOnce = 4096;

    /// <summary>Standard output.</summary>
    /// <param name="patience">How long it waits for a reader.</param>
    public static Stream Output(Patience patience) => OperatingSystem.IsWindows() ? Console.OpenStandardOutput()
        : new DescriptorStream(1, OperatingSystem.IsLinux() && !FileKinds.IsRegular("/proc/self/fd/1") ? patience : null);

    /// <summary>Standard error.</summary>
    public static Stream Errors => OperatingSystem.IsWindows() ? Console.OpenStandardError() : new DescriptorStream(2);

    /// <exception cref="IOException">The system's errno is its <see cref="Exception.HResult"/>, as in the runtime's own.</exception>
    /// <exception cref="ReaderStalledException">The reader took nothing for too long.</exception>
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (patience is not null) { AwaitRoom(patience); }
            var written = Write(descriptor, ref MemoryMarshal.GetReference(bytes), (nuint)(patience is null ? bytes.Length : Math.Min(bytes.Length, AtOnce)));
            if (written >= 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }
            switch (Marshal.GetLastPInvokeError())
            {
                case EINTR: break;
                // Whoever has patience looks again whether there is room.
                case EAGAIN when patience is not null: break;
                // Somebody else who has the same description open made it non-blocking: then waiting is our part.
                case EAGAIN or MacEAGAIN:
                    var wanted = new PollDescriptor { Descriptor = descriptor, Wanted = POLLOUT };
                    _ = Poll(ref wanted, 1, -1);
                    break;
                case var error: throw new IOException($"write({descriptor})", error);
            }
        }
    }

    private void AwaitRoom(Patience patience)
    {
        while (true)
        {
            var wanted = new PollDescriptor { Descriptor = descriptor, Wanted = POLLOUT };
            // A signal interrupts it; any other error is write(2)'s to tell.
            var ready = Poll(ref wanted, 1, Patience.TickMilliseconds);
            if (ready > 0 || (ready < 0 && Marshal.GetLastPInvokeError() != EINTR)) { return; }
            // A descriptor that is open for reading alone never has room, which poll(2) does not tell: write(2) does, even of nothing.
            if (Write(descriptor, ref MemoryMarshal.GetReference("."u8), 0) < 0) { return; }
            if (patience.IsOver) { throw new ReaderStalledException($"write({descriptor})"); }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) { _owned?.Dispose(); }
        base.Dispose(disposing);
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ref byte data, nuint length);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    /// <summary>struct pollfd</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }
}
