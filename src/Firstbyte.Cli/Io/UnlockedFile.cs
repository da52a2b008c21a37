using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Firstbyte.Cli.Io;

/// <summary>
/// A file that is read while another process keeps all others from writing to it: .NET's own files want a lock also of who only reads (flock(2)).
/// </summary>
internal static class UnlockedFile
{
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
        var descriptor = OpenCall.Invoke(path, OpenCall.ReadOnly);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw new IOException(path, Marshal.GetLastPInvokeError());
    }
}
