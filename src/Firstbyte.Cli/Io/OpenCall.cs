using System.Runtime.InteropServices;
using System.Text;

namespace Firstbyte.Cli.Io;

/// <summary>open(2), for what .NET's own files do not do: folders, no lock, no wait.</summary>
internal static partial class OpenCall
{
    // <asm-generic/fcntl.h>
    public const int ReadOnly = 0, WriteOnly = 1, NonBlocking = 0x800;

    private const int O_CLOEXEC = 0x80000;

    /// <summary>A descriptor; negative with the error in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
    public static int Invoke(string path, int flags)
    {
        var name = Encoding.UTF8.GetBytes(path + "\0");
        return Open(ref name[0], flags | (OperatingSystem.IsLinux() ? O_CLOEXEC : 0), 0);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(ref byte path, int flags, int mode);
}
