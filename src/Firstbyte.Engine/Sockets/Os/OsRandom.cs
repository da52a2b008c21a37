using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Firstbyte.Sockets.Os;

/// <summary>The operating system's entropy.</summary>
/// <remarks>On Linux straight from getrandom(2): .NET's own way loads OpenSSL first, which costs a short program more than everything else together.</remarks>
internal sealed class OsRandom : IRandomSource
{
    public static readonly OsRandom Instance = new();

    public void Fill(Span<byte> destination)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomNumberGenerator.Fill(destination);
            return;
        }
        while (!destination.IsEmpty)
        {
            var count = Libc.GetRandom(ref MemoryMarshal.GetReference(destination), (nuint)destination.Length, 0);
            if (count < 0)
            {
                var error = Marshal.GetLastPInvokeError();
                if (error == Libc.EINTR) { continue; }
                // Kernels before 3.17 and strict sandboxes have no such call; the long way is right everywhere.
                RandomNumberGenerator.Fill(destination);
                return;
            }
            destination = destination[(int)count..];
        }
    }
}
