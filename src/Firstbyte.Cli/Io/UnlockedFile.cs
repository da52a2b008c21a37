using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Firstbyte.Cli.Io;

/// <summary>A file that is read while another process keeps all others from writing to it: .NET's own files want a lock also of who only reads (flock(2)).</summary>
internal static partial class UnlockedFile
{
    // <asm-generic/fcntl.h>
    private const int O_RDONLY = 0, O_CLOEXEC = 0x80000;

    /// <summary>All its bytes at this moment.</summary>
    /// <exception cref="IOException">It cannot be read; on Unix the system's errno is its <see cref="Exception.HResult"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not.</exception>
    public static byte[] ReadAll(string path)
    {
        using var handle = OperatingSystem.IsWindows() ? File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete) : Open(path);
        var bytes = new byte[RandomAccess.GetLength(handle)];
        var read = 0;
        for (var piece = -1; piece != 0 && read < bytes.Length; read += piece) { piece = RandomAccess.Read(handle, bytes.AsSpan(read), read); }
        return bytes[..read];
    }

    private static SafeFileHandle Open(string path)
    {
        var name = Encoding.UTF8.GetBytes(path + "\0");
        var descriptor = Open(ref name[0], O_RDONLY | (OperatingSystem.IsLinux() ? O_CLOEXEC : 0), 0);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw new IOException(path, Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(ref byte path, int flags, int mode);
}
