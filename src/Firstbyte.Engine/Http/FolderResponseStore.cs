using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Firstbyte.Http.Caching;
using Firstbyte.Sockets;

namespace Firstbyte.Http;

/// <summary>Keeps responses in a folder of this machine: one file an entry, written beside its name and renamed, within a budget.</summary>
/// <remarks>
/// A name is made of the URI and of what chose the response, so that several processes may use one folder: each reads whole files or none. What is no
/// entry (half of one, somebody else's file, a link, a folder) is not there, whatever its name, and files with other names are nobody's business here.
/// What was written or freshened the longest ago goes first. Responses that belong to whoever asked (<see cref="CachedResponse.IsPersonal"/>) never reach the
/// disk: they are kept in memory, for the run.
/// </remarks>
public sealed class FolderResponseStore : IResponseStore
{
    /// <summary>The budget where nobody names another: 256 MB.</summary>
    public const long DefaultBudget = 256L * 1024 * 1024;

    /// <summary>Files in the folder that are looked at; more than these are none of ours.</summary>
    public const int MaximumFiles = 20_000;

    private const string Ending = ".cached";
    private const int UriDigits = 32;

    // 128 bits of a hash, and 64 of another: a file whose URI is not the one that is asked for is not there.
    private const int VariantDigits = 16;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    private readonly string _folder;
    private readonly long _budget;
    private readonly MemoryResponseStore _personal = new();
    private int _written;

    /// <param name="folder">Where; it is made where it is missing.</param>
    /// <param name="budget">How many bytes the files may have together.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be made.</exception>
    public FolderResponseStore(string folder, long budget = DefaultBudget)
    {
        (_folder, _budget) = (folder, budget);
        if (Directory.Exists(folder)) { return; }
        if (OperatingSystem.IsWindows()) { Directory.CreateDirectory(folder); }
        else { Directory.CreateDirectory(folder, Owner | UnixFileMode.UserExecute); }
    }

    /// <inheritdoc/>
    public IReadOnlyList<CachedResponse> Find(string uri)
    {
        var found = new List<CachedResponse>(_personal.Find(uri));
        foreach (var file in Files($"{NameOf(uri)}-*{Ending}").Take(MemoryResponseStore.MaximumVariants))
        {
            if (Read(file) is { } one && one.Uri == uri) { found.Add(one); }
        }
        return found;
    }

    /// <inheritdoc/>
    public void Keep(CachedResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (response.IsPersonal)
        {
            // What was kept for everybody is no answer any more where one is kept for somebody.
            Forget(response);
            _personal.Keep(response);
            return;
        }
        _personal.Forget(response);
        var name = Path.Combine(_folder, FileNameOf(response));
        if (CachedResponseFile.Write(response) is not { } bytes || bytes.Length > _budget)
        {
            Remove(name);
            return;
        }
        Evict(bytes.Length, name);
        var beside = string.Create(CultureInfo.InvariantCulture, $"{name}.{Environment.ProcessId}.{_written++}.part");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
            if (!OperatingSystem.IsWindows()) { options.UnixCreateMode = Owner; }
            using (var file = new FileStream(beside, options)) { file.Write(bytes); }
            File.Move(beside, name, overwrite: true);
        }
        catch (Exception e) when (IoErrors.IsOne(e))
        {
            // What was kept before is older than what came.
            Remove(beside);
            Remove(name);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Forget(CachedResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        _personal.Forget(response);
        Remove(Path.Combine(_folder, FileNameOf(response)));
    }

    private static string FileNameOf(CachedResponse response)
    {
        var variant = new StringBuilder();
        foreach (var name in response.VariesBy.Order(StringComparer.Ordinal))
        {
            var value = response.Selected.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
            variant.Append(name).Append(value is null ? '\n' : ':').Append(value).Append('\n');
        }
        return $"{NameOf(response.Uri)}-{HashOf(variant.ToString())[..VariantDigits]}{Ending}";
    }

    private static string NameOf(string uri) => HashOf(uri)[..UriDigits];

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private List<FileInfo> Files(string pattern)
    {
        var files = new List<FileInfo>();
        try
        {
            foreach (var file in new DirectoryInfo(_folder).EnumerateFiles(pattern).Take(MaximumFiles))
            {
                // Neither a link to somewhere else nor a pipe that nobody writes to.
                if (IsOurs(file)) { files.Add(file); }
            }
        }
        // A folder that cannot be read has no entries; whether it can be written is told when somebody wants to.
        catch (Exception e) when (IoErrors.IsOne(e)) { return files; }
        return files;
    }

    private static bool IsOurs(FileInfo file) =>
        file.LinkTarget is null && (file.Attributes & (FileAttributes.Device | FileAttributes.Directory | FileAttributes.ReparsePoint)) == FileAttributes.None
        && file.Name.Length == UriDigits + 1 + VariantDigits + Ending.Length && file.Name[UriDigits] == '-'
        && file.Name.AsSpan(0, UriDigits).IndexOfAnyExcept(s_digits) < 0;

    private static CachedResponse? Read(FileInfo file)
    {
        try
        {
            if (file.Length is 0 or > CachedResponseFile.MaximumLength) { return null; }
            using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var bytes = new byte[file.Length];
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length ? CachedResponseFile.TryRead(bytes) : null;
        }
        // Another process may have taken it away meanwhile; what cannot be read is not there.
        catch (Exception e) when (IoErrors.IsOne(e)) { return null; }
    }

    private void Evict(long room, string name)
    {
        var files = Files("*" + Ending);
        var size = files.Where(file => file.FullName != name).Sum(static file => file.Length);
        foreach (var file in files.OrderBy(static file => file.LastWriteTimeUtc).ThenBy(static file => file.Name, StringComparer.Ordinal))
        {
            if (size + room <= _budget) { return; }
            if (file.FullName == name) { continue; }
            size -= file.Length;
            Remove(file.FullName);
        }
    }

    private static void Remove(string path)
    {
        try { File.Delete(path); }
        // Somebody else was faster, or it is no file: then it is no entry either.
        catch (Exception e) when (IoErrors.IsOne(e)) { return; }
    }
}
