using Firstbyte.Sockets;

namespace Firstbyte.Cli.Io;

/// <summary>Files as another program's double uses them: begun at once under their own name, cut off, gone on with, taken away.</summary>
/// <remarks>What fails is null or false: which words that gets is the other program's.</remarks>
/// <param name="io">What the command has around it.</param>
/// <param name="isReadOnly">Nothing is left outside.</param>
internal sealed class PlainFiles(CommandIo io, bool isReadOnly = false)
{
    /// <summary>
    /// A file to be written from its beginning, or from its end on; null where it cannot be. Every write is one of the system: none fails later.
    /// </summary>
    public Stream? Create(string name, bool appends = false, bool mayExist = true)
    {
        if (isReadOnly) { return null; }
        try
        {
            var mode = !mayExist ? FileMode.CreateNew : appends ? FileMode.Append : FileMode.Create;
            return new FileStream(io.PathOf(name), mode, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception e) when (IoErrors.IsOne(e)) { return null; }
    }

    /// <summary>A file to be read; null where it cannot be.</summary>
    public Stream? OpenRead(string name)
    {
        try { return new FileStream(io.PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite); }
        catch (Exception e) when (IoErrors.IsOne(e)) { return null; }
    }

    public bool Exists(string name) => File.Exists(io.PathOf(name));

    public bool IsFolder(string name) => Directory.Exists(io.PathOf(name));

    /// <summary>Bytes of a file; null where there is none.</summary>
    public long? LengthOf(string name)
    {
        var file = new FileInfo(io.PathOf(name));
        return file.Exists ? file.Length : null;
    }

    /// <summary>When a file was written last; null where there is none.</summary>
    public DateTimeOffset? WrittenAt(string name)
    {
        var file = new FileInfo(io.PathOf(name));
        return file.Exists ? new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero) : null;
    }

    /// <summary>The names in a folder, in the order of their bytes.</summary>
    public IReadOnlyList<string> List(string name)
    {
        try { return [.. Directory.EnumerateFileSystemEntries(io.PathOf(name)).Select(static one => Path.GetFileName(one)!).Order(StringComparer.Ordinal)]; }
        catch (Exception e) when (IoErrors.IsOne(e)) { return []; }
    }

    /// <summary>Makes the folders that a file's name leads through; false where one cannot be made.</summary>
    public bool CreateFolders(string name)
    {
        try
        {
            if (isReadOnly) { return false; }
            if (Path.GetDirectoryName(io.PathOf(name)) is { Length: > 0 } folder) { Directory.CreateDirectory(folder); }
            return true;
        }
        catch (Exception e) when (IoErrors.IsOne(e)) { return false; }
    }

    /// <summary>Takes a file away; false where that is not possible.</summary>
    public bool Delete(string name)
    {
        try
        {
            if (isReadOnly) { return false; }
            File.Delete(io.PathOf(name));
            return true;
        }
        catch (Exception e) when (IoErrors.IsOne(e)) { return false; }
    }

    /// <summary>Says when a file was written; false where that cannot be noted.</summary>
    public bool SetWritten(string name, DateTimeOffset time)
    {
        try
        {
            if (isReadOnly) { return false; }
            File.SetLastWriteTimeUtc(io.PathOf(name), time.UtcDateTime);
            return true;
        }
        catch (Exception e) when (IoErrors.IsOne(e)) { return false; }
    }
}
