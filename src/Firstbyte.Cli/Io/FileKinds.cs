using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Firstbyte.Cli.Io;

/// <summary>What stands behind a path: the framework does not tell a device or a pipe from a file.</summary>
internal static partial class FileKinds
{
    // <fcntl.h>, <linux/stat.h>: the one stat whose layout is the same on every processor.
    private const int AT_FDCWD = -100;
    private const uint STATX_TYPE = 1;
    private const int SizeOfStatx = 256, ModeOffset = 28;
    private const ushort S_IFMT = 0xF000, S_IFREG = 0x8000, S_IFIFO = 0x1000;

    /// <summary>Whether the path leads to a regular file, which can be replaced by another.</summary>
    public static bool IsRegular(string path) =>
        OperatingSystem.IsLinux() ? (TypeOf(path) ?? S_IFREG) == S_IFREG : !path.StartsWith("/dev/", StringComparison.Ordinal);

    /// <summary>Whether the path leads to a pipe with a name; unknown where the system is not Linux.</summary>
    public static bool IsPipe(string path) => OperatingSystem.IsLinux() && TypeOf(path) == S_IFIFO;

    /// <summary>The number of the descriptor that a path stands for (/dev/stdout, /dev/fd/3); null for any other path.</summary>
    /// <remarks>
    /// Such a file is not one to be replaced, nor to be opened anew: whoever gave the descriptor has it at a place of its own, and others write to it too.
    /// </remarks>
    public static int? DescriptorOf(string path)
    {
        if (OperatingSystem.IsWindows()) { return null; }
        foreach (var folder in (string[])["/dev/fd/", "/proc/self/fd/"])
        {
            if (path.StartsWith(folder, StringComparison.Ordinal)
                && int.TryParse(path.AsSpan(folder.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }
        }
        return path switch { "/dev/stdout" => 1, "/dev/stderr" => 2, _ => null };
    }

    // Null where there is nothing.
    private static int? TypeOf(string path)
    {
        Span<byte> result = stackalloc byte[SizeOfStatx];
        var name = Encoding.UTF8.GetBytes(path + "\0");
        return Stat(AT_FDCWD, ref name[0], 0, STATX_TYPE, ref result[0]) == 0 ? BitConverter.ToUInt16(result[ModeOffset..]) & S_IFMT : null;
    }

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int Stat(int folder, ref byte path, int flags, uint mask, ref byte result);
}
