using System.Runtime.InteropServices;
using System.Text;
using Firstbyte.Errors;
using Firstbyte.Files;
using Firstbyte.Tracing;
using Microsoft.Win32.SafeHandles;

namespace Firstbyte.Sockets.Os;

/// <summary>The operating system's files.</summary>
internal sealed partial class OsFiles : IHostFiles
{
    public static readonly OsFiles Instance = new();

    public byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException refused)
        {
            // .NET reports a directory as refused access too.
            throw new NetworkException(Directory.Exists(path) ? Errno.EISDIR : Errno.EACCES, $"open {path}", inner: refused);
        }
        catch (IOException failed)
        {
            throw new NetworkException(Errno.EIO, $"read {path}", inner: failed);
        }
    }

    public HostFileFacts? Look(string path) => Doing($"stat {path}", () => FactsOf(Native(path)));

    public IHostFileReader OpenRead(string path) => Doing($"open {path}", () =>
    {
        path = Native(path);
        Require(FactsOf(path) ?? throw new FileNotFoundException(), path);
        var handle = OpenUnwaiting(path);
        // What was a file a moment ago may be a pipe by now: nothing is read of it.
        if (OperatingSystem.IsLinux() && (KindAt((int)handle.DangerousGetHandle(), "", AT_EMPTY_PATH) ?? FileKind.Other) != FileKind.Regular)
        {
            handle.Dispose();
            throw new NetworkException(Errno.EINVAL, $"open {path}");
        }
        return new Reader(path, handle);
    });

    public IEnumerable<FileEntry> List(string path) => Doing($"opendir {path}", () =>
    {
        path = Native(path);
        if (FactsOf(path) is { Kind: not FileKind.Directory }) { throw new NetworkException(Errno.ENOTDIR, $"opendir {path}"); }
        var entries = new List<FileEntry>();
        foreach (var found in new DirectoryInfo(path).EnumerateFileSystemInfos())
        {
            if (entries.Count == FileLimits.ListedNames) { break; }
            // What is gone by now is not there; what a link leads to is looked at, as opening it would.
            var facts = FactsOf(found.FullName) ?? new HostFileFacts(FileKind.Other, 0, null);
            entries.Add(new FileEntry(found.Name, facts.Kind, facts.Kind == FileKind.Regular ? facts.Length : null, facts.Modified));
        }
        return (IEnumerable<FileEntry>)entries;
    });

    public IHostFileWriter Create(string path) => Doing($"open {path}", () =>
    {
        path = Native(path);
        var named = new FileInfo(path);
        if (named.LinkTarget is not null) { path = named.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path; }
        if (FactsOf(path) is { } there) { Require(there, path); }
        return new Writer(path);
    });

    // A drive of Windows stands behind the slash with which every path of a URL begins.
    private static string Native(string path) =>
        OperatingSystem.IsWindows() && path.Length > 2 && path[0] == '/' && char.IsAsciiLetter(path[1]) && path[2] == ':' ? path[1..] : path;

    private static void Require(HostFileFacts facts, string path)
    {
        if (facts.Kind == FileKind.Directory) { throw new NetworkException(Errno.EISDIR, $"open {path}"); }
        if (facts.Kind != FileKind.Regular) { throw new NetworkException(Errno.EINVAL, $"open {path}"); }
    }

    private static HostFileFacts? FactsOf(string path)
    {
        // Throws where a directory on the way may not be looked into, which Exists would call "not there".
        FileAttributes attributes;
        try { attributes = File.GetAttributes(path); }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException) { return null; }
        FileSystemInfo info = attributes.HasFlag(FileAttributes.Directory) ? new DirectoryInfo(path) : new FileInfo(path);
        var target = info.LinkTarget is null ? info : info.ResolveLinkTarget(returnFinalTarget: true) ?? info;
        if (!target.Exists) { return null; }
        var kind = OperatingSystem.IsLinux() ? KindAt(AT_FDCWD, path, 0) ?? FileKind.Other
            : target is DirectoryInfo ? FileKind.Directory
            : attributes.HasFlag(FileAttributes.Device) ? FileKind.Device : FileKind.Regular;
        var modified = Instant.FromDateTimeOffset(new DateTimeOffset(target.LastWriteTimeUtc, TimeSpan.Zero));
        return new HostFileFacts(kind, kind == FileKind.Regular && target is FileInfo file ? file.Length : 0, modified);
    }

    private static T Doing<T>(string call, Func<T> action)
    {
        try { return action(); }
        catch (Exception failed) when (failed is not NetworkException && IoErrors.IsOne(failed))
        {
            throw new NetworkException(IoErrors.ToErrno(failed), call, inner: failed);
        }
    }

    // <fcntl.h>, <linux/stat.h>: the one stat whose layout is the same on every processor.
    private const int AT_FDCWD = -100, AT_EMPTY_PATH = 0x1000, O_NONBLOCK = 0x800, O_NOCTTY = 0x100, O_CLOEXEC = 0x80000;
    private const uint STATX_TYPE = 1;
    private const int SizeOfStatx = 256, ModeOffset = 28;
    private const int S_IFMT = 0xF000, S_IFREG = 0x8000, S_IFDIR = 0x4000, S_IFIFO = 0x1000, S_IFCHR = 0x2000, S_IFBLK = 0x6000, S_IFSOCK = 0xC000;

    private static FileKind? KindAt(int folder, string path, int flags)
    {
        Span<byte> result = stackalloc byte[SizeOfStatx];
        var name = Encoding.UTF8.GetBytes(path + "\0");
        if (Stat(folder, ref name[0], flags, STATX_TYPE, ref result[0]) != 0) { return null; }
        return (BitConverter.ToUInt16(result[ModeOffset..]) & S_IFMT) switch
        {
            S_IFREG => FileKind.Regular,
            S_IFDIR => FileKind.Directory,
            S_IFIFO => FileKind.Pipe,
            S_IFCHR or S_IFBLK => FileKind.Device,
            S_IFSOCK => FileKind.Socket,
            _ => FileKind.Other,
        };
    }

    // .NET's own open() of a pipe waits for somebody at its other end, and a terminal would become the process's own.
    private static SafeFileHandle OpenUnwaiting(string path)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        var name = Encoding.UTF8.GetBytes(path + "\0");
        var descriptor = Open(ref name[0], O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw new IOException("open()", Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int Stat(int folder, ref byte path, int flags, uint mask, ref byte result);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(ref byte path, int flags);

    private sealed class Reader(string path, SafeFileHandle handle) : IHostFileReader
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(long position, Span<byte> destination)
        {
            try { return RandomAccess.Read(handle, destination, position); }
            catch (Exception failed) when (IoErrors.IsOne(failed)) { throw new NetworkException(IoErrors.ToErrno(failed), $"read {path}", inner: failed); }
        }

        public void Dispose() => handle.Dispose();
    }

    /// <summary>Writes beside the file and takes its place at the end: a transfer that breaks leaves what was there.</summary>
    private sealed class Writer : IHostFileWriter
    {
        private readonly string _path;
        private readonly string _part;
        private readonly SafeFileHandle _handle;
        private long _position;
        private bool _isComplete;

        public Writer(string path)
        {
            _path = path;
            _part = Path.Combine(Path.GetDirectoryName(path) ?? "/", $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
            _handle = File.OpenHandle(_part, FileMode.CreateNew, FileAccess.Write);
        }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            try { RandomAccess.Write(_handle, bytes, _position); }
            catch (Exception failed) when (IoErrors.IsOne(failed)) { throw new NetworkException(IoErrors.ToErrno(failed), $"write {_path}", inner: failed); }
            _position += bytes.Length;
        }

        public void Complete() => Doing($"rename {_path}", () =>
        {
            // Whoever may read the file may read it still.
            if (!OperatingSystem.IsWindows() && File.Exists(_path)) { File.SetUnixFileMode(_handle, File.GetUnixFileMode(_path)); }
            _handle.Dispose();
            File.Move(_part, _path, overwrite: true);
            return _isComplete = true;
        });

        public void Dispose()
        {
            _handle.Dispose();
            if (_isComplete) { return; }
            try { File.Delete(_part); }
            // What cannot be removed lies there under a name that nobody asks for, and why the file is not written is told already.
            catch (Exception left) when (IoErrors.IsOne(left)) { return; }
        }
    }
}
