namespace Firstbyte.Ftp;

/// <summary>What an FTP server of ours serves: files in memory, who may see them, and where files may be stored.</summary>
public sealed class FtpSite
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _accounts = new(StringComparer.Ordinal);
    private readonly List<string> _writable = [];

    /// <summary>Bytes that the site holds at most; what is stored beyond is refused (552).</summary>
    public long Room { get; init; } = 64 * 1024 * 1024;

    /// <summary>Adds a file.</summary>
    /// <param name="path">Its path from the root, beginning with '/'.</param>
    /// <param name="content">Its bytes.</param>
    public FtpSite Add(string path, byte[] content)
    {
        _files[path] = content;
        return this;
    }

    /// <summary>Lets a user in; without any account, everybody is let in who calls himself anonymous.</summary>
    public FtpSite Admit(string user, string password)
    {
        _accounts[user] = password;
        return this;
    }

    /// <summary>Lets files be stored below a directory.</summary>
    public FtpSite Open(string directory)
    {
        _writable.Add(directory.TrimEnd('/'));
        return this;
    }

    /// <summary>Whether the user is let in.</summary>
    public bool Admits(string user, string password) =>
        _accounts.Count == 0 ? user is FtpTask.Anonymous or "ftp" : _accounts.TryGetValue(user, out var expected) && expected == password;

    /// <summary>The bytes of a file; null when there is none.</summary>
    public byte[]? Find(string path) => _files.GetValueOrDefault(path);

    /// <summary>Whether a file may be stored there.</summary>
    public bool MayStore(string path) => _writable.Any(directory => path.StartsWith(directory + "/", StringComparison.Ordinal));

    /// <summary>Stores a file; false when there is no room.</summary>
    public bool Store(string path, byte[] content)
    {
        if (_files.Where(one => one.Key != path).Sum(static one => (long)one.Value.Length) + content.Length > Room) { return false; }
        _files[path] = content;
        return true;
    }

    /// <summary>Whether there is such a directory.</summary>
    public bool HasDirectory(string path)
    {
        var prefix = path.TrimEnd('/') + "/";
        return prefix == "/" || _files.Keys.Any(file => file.StartsWith(prefix, StringComparison.Ordinal))
            || _writable.Any(open => (open + "/").StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>The names in a directory, with the bytes of files; -1 for directories.</summary>
    public IEnumerable<(string Name, long Size)> List(string path)
    {
        var prefix = path.TrimEnd('/') + "/";
        return _files.Select(static file => (Path: file.Key, Size: (long)file.Value.Length))
            .Concat(_writable.Select(static open => (Path: open + "/", Size: -1L)))
            .Where(one => one.Path.StartsWith(prefix, StringComparison.Ordinal) && one.Path.Length > prefix.Length)
            .Select(one =>
                one.Path[prefix.Length..] is var rest && rest.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash
                    ? (rest[..slash], -1L)
                    : (one.Path[prefix.Length..], one.Size))
            .Distinct().OrderBy(static one => one.Item1, StringComparer.Ordinal);
    }
}
