using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Firstbyte.Cli.Io;

/// <summary>A pipe with a name, opened to be written.</summary>
/// <remarks>
/// open(2) waits for a reader, for ever if none comes, on the thread that does everything else: so it is asked again and again whether
/// there is one.
/// </remarks>
internal static partial class NamedPipe
{
    // <asm-generic/fcntl.h>, <asm-generic/errno-base.h>
    private const int O_WRONLY = 1, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000, EINTR = 4, ENXIO = 6;

    /// <summary>The pipe, once somebody reads it.</summary>
    /// <exception cref="IOException">The system's errno is its <see cref="Exception.HResult"/>.</exception>
    /// <exception cref="ReaderStalledException">Nobody came for too long.</exception>
    public static DescriptorStream OpenWriting(string path, Patience patience)
    {
        var name = Encoding.UTF8.GetBytes(path + "\0");
        while (true)
        {
            var descriptor = Open(ref name[0], O_WRONLY | O_NONBLOCK | O_CLOEXEC, 0);
            if (descriptor >= 0) { return new DescriptorStream(new SafeFileHandle(descriptor, ownsHandle: true), patience); }
            switch (Marshal.GetLastPInvokeError())
            {
                case EINTR: break;
                case ENXIO when patience.IsOver: throw new ReaderStalledException(path);
                case ENXIO: Thread.Sleep(Patience.TickMilliseconds); break;
                case var error: throw new IOException(path, error);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(ref byte path, int flags, int mode);
}
