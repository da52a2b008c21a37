using System.Text;
using Firstbyte.Errors;
using Firstbyte.Files;
using Firstbyte.Sockets;

namespace Firstbyte.Simulation.Hosts;

/// <summary>The files of a simulated host: a handful, held in memory. Directories are what stands before the slashes of their names.</summary>
public sealed class HostFiles : IHostFiles
{
    /// <summary>Bytes that are stored by programs at most: a disk of a lab is small.</summary>
    public const long Room = 64 * 1024 * 1024;

    private readonly Dictionary<string, Func<byte[]>> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _stored = new(StringComparer.Ordinal);

    /// <summary>Writes a file.</summary>
    public void Write(string path, byte[] content) => _files[path] = () => content;

    /// <summary>Writes a file of UTF-8 text.</summary>
    public void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));

    /// <summary>Writes a file whose content is made when it is read.</summary>
    public void Write(string path, Func<byte[]> content) => _files[path] = content;

    /// <inheritdoc/>
    public byte[]? Read(string path) => _files.GetValueOrDefault(path)?.Invoke();

    /// <inheritdoc/>
    public HostFileFacts? Look(string path)
    {
        if (Read(path) is { } content) { return new HostFileFacts(FileKind.Regular, content.Length, null); }
        return HasDirectory(path) ? new HostFileFacts(FileKind.Directory, 0, null) : null;
    }

    /// <inheritdoc/>
    public IEnumerable<FileEntry> List(string path)
    {
        if (_files.ContainsKey(path)) { throw new NetworkException(Errno.ENOTDIR, $"opendir {path}"); }
        if (!HasDirectory(path)) { throw new NetworkException(Errno.ENOENT, $"opendir {path}"); }
        var prefix = path.TrimEnd('/') + "/";
        return _files.Keys.Where(file => file.StartsWith(prefix, StringComparison.Ordinal)).Select(file => file[prefix.Length..])
            .Select(static rest => rest.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? (Name: rest[..slash], IsFile: false)
                : (Name: rest, IsFile: true))
            .Distinct()
            .Select(one => new FileEntry(
                one.Name, one.IsFile ? FileKind.Regular : FileKind.Directory, one.IsFile ? Read(prefix + one.Name)!.Length : null, null));
    }

    /// <inheritdoc/>
    public IHostFileWriter Create(string path)
    {
        if (HasDirectory(path)) { throw new NetworkException(Errno.EISDIR, $"open {path}"); }
        var folder = path[..(path.LastIndexOf('/') + 1)];
        return HasDirectory(folder) ? new Writer(this, path) : throw new NetworkException(Errno.ENOENT, $"open {path}");
    }

    private bool HasDirectory(string path)
    {
        var prefix = path.TrimEnd('/') + "/";
        return prefix == "/" || _files.Keys.Any(file => file.StartsWith(prefix, StringComparison.Ordinal));
    }

    private void Store(string path, byte[] content)
    {
        Write(path, content);
        _stored[path] = content.Length;
    }

    private sealed class Writer(HostFiles disk, string path) : IHostFileWriter
    {
        private readonly MemoryStream _content = new();

        public void Write(ReadOnlySpan<byte> bytes)
        {
            if (_content.Length + bytes.Length + disk._stored.Where(one => one.Key != path).Sum(static one => one.Value) > Room)
            {
                throw new NetworkException(Errno.ENOSPC, $"write {path}");
            }
            _content.Write(bytes);
        }

        public void Complete() => disk.Store(path, _content.ToArray());

        public void Dispose() => _content.Dispose();
    }
}
