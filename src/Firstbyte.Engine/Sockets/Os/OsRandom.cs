using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Firstbyte.Sockets.Os;

/// <summary>The operating system's entropy.</summary>
/// <remarks>On Linux straight from getrandom(2): .NET's own way loads OpenSSL first, which costs a short program more than everything else together.</remarks>
internal sealed class OsRandom : IRandomSource
{
    public static readonly OsRandom Instance = new();

    /// <summary>What one call brings for many small wishes: a resolver draws some bytes a few hundred thousand times a second.</summary>
    private const int StoreLength = 256;

    private const int SmallWish = 16;

    [ThreadStatic]
    private static byte[]? s_store;

    [ThreadStatic]
    private static int s_left;

    public void Fill(Span<byte> destination)
    {
        if (destination.Length > SmallWish)
        {
            Draw(destination);
            return;
        }
        var store = s_store ??= new byte[StoreLength];
        if (s_left < destination.Length)
        {
            Draw(store);
            s_left = StoreLength;
        }
        // Taken once, and not left behind.
        s_left -= destination.Length;
        var taken = store.AsSpan(s_left, destination.Length);
        taken.CopyTo(destination);
        taken.Clear();
    }

    private static void Draw(Span<byte> destination)
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
