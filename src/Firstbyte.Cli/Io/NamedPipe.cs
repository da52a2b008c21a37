using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Firstbyte.Cli.Io;

/// <summary>A pipe with a name, opened to be written.</summary>
/// <remarks>
/// open(2) waits for a reader, for ever if none comes, on the thread that does everything else: so it is asked again and again whether
/// there is one.
/// </remarks>
internal static class NamedPipe
{
    // <asm-generic/errno-base.h>
    private const int EINTR = 4, ENXIO = 6;

    /// <summary>The pipe, once somebody reads it.</summary>
    /// <exception cref="IOException">The system's errno is its <see cref="Exception.HResult"/>.</exception>
    /// <exception cref="ReaderStalledException">Nobody came for too long.</exception>
    public static DescriptorStream OpenWriting(string path, Patience patience)
    {
        while (true)
        {
            var descriptor = OpenCall.Invoke(path, OpenCall.WriteOnly | OpenCall.NonBlocking);
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
}
