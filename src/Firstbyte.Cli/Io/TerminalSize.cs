using System.Runtime.InteropServices;

namespace Firstbyte.Cli.Io;

/// <summary>How wide the terminal is.</summary>
/// <remarks>
/// The runtime's console puts a terminal that it is asked about into application mode (terminfo's smkx) and leaves it there, which is for programs that read
/// keys. Who only writes asks the system.
/// </remarks>
internal static partial class TerminalSize
{
    // TIOCGWINSZ of <asm-generic/ioctls.h> and of macOS's <sys/ttycom.h>.
    private const nuint Linux = 0x5413, Mac = 0x40087468;

    // The descriptors of which one leads to the terminal: output, errors, input.
    private static readonly int[] s_descriptors = [1, 2, 0];

    /// <summary>Its columns; 0 where there is none, or it does not say.</summary>
    public static int Columns
    {
        get
        {
            if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) { return OfConsole(); }
            foreach (var descriptor in s_descriptors)
            {
                if (Ask(descriptor, OperatingSystem.IsMacOS() ? Mac : Linux, out var size) == 0 && size.Columns > 0) { return size.Columns; }
            }
            return 0;
        }
    }

    private static int OfConsole()
    {
        try { return Console.WindowWidth; }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException) { return 0; }
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ask(int descriptor, nuint request, out WindowSize size);

    // struct winsize of <asm-generic/termios.h>.
    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelWidth;
        public ushort PixelHeight;
    }
}
