using System.Runtime.InteropServices;

namespace Firstbyte.Cli.Io;

/// <summary>That a folder has a file: it is on the disk only when the folder is, whatever was done with the file itself (fsync(2)).</summary>
internal static partial class FolderEntry
{
    // <asm-generic/errno-base.h>
    private const int EACCES = 13, EINVAL = 22;

    /// <summary>Brings the folder of a file to the disk. On Windows there is no such call.</summary>
    /// <remarks>
    /// A folder that may be written to and not read cannot be opened, and file systems without folders of their own say EINVAL: they are left as they are.
    /// </remarks>
    /// <exception cref="IOException">The system's errno is its <see cref="Exception.HResult"/>.</exception>
    public static void Keep(string file)
    {
        if (OperatingSystem.IsWindows()) { return; }
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var descriptor = OpenCall.Invoke(folder, OpenCall.ReadOnly);
        if (descriptor < 0)
        {
            if (Marshal.GetLastPInvokeError() == EACCES) { return; }
            throw new IOException(folder, Marshal.GetLastPInvokeError());
        }
        try
        {
            if (Synchronize(descriptor) < 0 && Marshal.GetLastPInvokeError() != EINVAL) { throw new IOException(folder, Marshal.GetLastPInvokeError()); }
        }
        finally { _ = Close(descriptor); }
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
