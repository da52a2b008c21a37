using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Firstbyte.Cli.Io;

/// <summary>Another program of the machine, in whose hands this process puts itself.</summary>
internal static partial class OtherProgram
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The file of a program: beside this one, or in a folder of the PATH; null where there is none.</summary>
    /// <param name="io">Whose variables are asked.</param>
    /// <param name="name">Its name, without the ending that a system wants.</param>
    public static string? Find(CommandIo io, string name)
    {
        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        // An empty member of the PATH is the working directory (POSIX XBD 8.3): nothing is started from there that nobody named.
        var folders = (io.Variables("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Prepend(AppContext.BaseDirectory).Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, file)).FirstOrDefault(IsProgram);
    }

    /// <summary>
    /// Goes on as that program, and returns its exit code. Where the system can, it takes this process's place, with its streams, its number and its
    /// signals; elsewhere it is waited for.
    /// </summary>
    /// <exception cref="FileException">It cannot be started.</exception>
    public static int Become(CommandIo io, string file, IReadOnlyList<string> arguments)
    {
        io.Flush();
        if (OperatingSystem.IsWindows())
        {
            return FileFailures(file, () =>
            {
                using var process = Process.Start(new ProcessStartInfo(file, arguments) { UseShellExecute = false })!;
                process.WaitForExit();
                return process.ExitCode;
            });
        }
        Execute(file, arguments);
        // Only who was not replaced comes here.
        return FileFailures<int>(file, () => throw new IOException(file, Marshal.GetLastPInvokeError()));
    }

    private static T FileFailures<T>(string file, Func<T> run) => CommandIo.Reading(file, run);

    private static bool IsProgram(string file) =>
        File.Exists(file) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & Executable) != UnixFileMode.None);

    private static unsafe void Execute(string file, IReadOnlyList<string> arguments)
    {
        var texts = arguments.Prepend(file).Select(static text => Marshal.StringToCoTaskMemUTF8(text)).ToArray();
        var vector = stackalloc nint[texts.Length + 1];
        for (var i = 0; i < texts.Length; i++) { vector[i] = texts[i]; }
        vector[texts.Length] = 0;
        var name = Encoding.UTF8.GetBytes(file + "\0");
        ExecuteVector(ref name[0], vector);
        var error = Marshal.GetLastPInvokeError();
        Array.ForEach(texts, Marshal.FreeCoTaskMem);
        Marshal.SetLastPInvokeError(error);
    }

    // With the environment as it is.
    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true)]
    private static unsafe partial int ExecuteVector(ref byte file, nint* arguments);
}
