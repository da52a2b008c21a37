using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Io;

/// <summary>
/// A file that is written beside its name and takes the name when it is whole, so that a run that is broken off never leaves a plausible
/// part behind, nor destroys what was there.
/// </summary>
/// <remarks>
/// What is no regular file (a device, a pipe) cannot be replaced and is written as it is; so is a file in a folder that the user may not
/// write to.
/// </remarks>
internal sealed class WholeFile : WriteOnlyStream
{
    // Parts of earlier runs that were broken off keep their names; more than these are a mistake somewhere.
    private const int MaxParts = 100;

    private readonly string _target;
    private readonly string? _beside;
    private readonly Stream _file;
    private readonly UnixFileMode? _mode;
    private bool _isOpen = true;
    private PartialFile? _continued;

    private WholeFile(string name, string target, string? beside, Stream file, UnixFileMode? mode = null) =>
        (Name, _target, _beside, _file, _mode) = (name, target, beside, file, mode);

    /// <summary>The file as the user named it.</summary>
    public string Name { get; }

    /// <summary>Bytes written.</summary>
    public long Count { get; private set; }

    /// <summary>Whether the file has its name and all its bytes.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Whether what was there before is there until the new file is whole; not so for devices and pipes.</summary>
    public bool KeepsOld => _beside is not null;

    /// <summary>Whether there was a file of that name.</summary>
    public bool HasOld { get; private init; }

    /// <summary>Where the part is that a broken run leaves; null when there is none.</summary>
    public string? Part { get; private set; }

    /// <summary>The strong entity tag of what is written, so that a part can be gone on with; null where there is none.</summary>
    public string? Validator { get; set; }

    /// <summary>A part that an earlier run has left and that is worth nothing once this file is whole; null for none.</summary>
    public PartialFile? Superseded { get; init; }

    public override long Length => Count;

    public override long Position { get => Count; set => throw new NotSupportedException(); }

    /// <summary>Begins a file.</summary>
    /// <param name="name">As the user named it.</param>
    /// <param name="path">The same from the root on.</param>
    /// <param name="patience">How long it waits for a reader where it is a pipe.</param>
    /// <param name="mode">
    /// Who may do what with it, from its creation on and whatever was there before; null is what the system gives, or what the old one had.
    /// </param>
    /// <exception cref="FileException">It cannot be written.</exception>
    /// <param name="superseded">A part of an earlier run that is worth nothing once this file is whole.</param>
    public static WholeFile Create(string name, string path, Patience patience, UnixFileMode? mode = null, PartialFile? superseded = null)
    {
        try
        {
            if (FileKinds.DescriptorOf(path) is { } descriptor) { return new WholeFile(name, path, null, new DescriptorStream(descriptor, patience)); }
            var target = TargetOf(name, path);
            if (target.Exists && !FileKinds.IsRegular(target.FullName)) { return Direct(name, target.FullName, patience); }
            for (var number = 1; ; number++)
            {
                var beside = PartOf(target, number);
                try
                {
                    return new WholeFile(name, target.FullName, beside, Open(beside, FileMode.CreateNew, mode), mode)
                    {
                        HasOld = target.Exists,
                        Superseded = superseded,
                    };
                }
                catch (IOException) when (number < MaxParts && File.Exists(beside)) { continue; }
                catch (UnauthorizedAccessException) when (target.Exists) { return Direct(name, target.FullName, patience); }
            }
        }
        catch (Exception e) when (e is not FileException && IoErrors.IsOne(e)) { throw new FileException(name, isWriting: true, e); }
    }

    /// <summary>What an earlier run has left of a file; null when there is nothing.</summary>
    /// <exception cref="FileException">It cannot be looked for.</exception>
    public static PartialFile? FindPart(string name, string path)
    {
        try
        {
            var target = TargetOf(name, path);
            return PartialFile.Find(target.FullName, Enumerable.Range(1, MaxParts).Select(number => PartOf(target, number)));
        }
        catch (Exception e) when (e is not FileException && IoErrors.IsOne(e)) { throw new FileException(name, isWriting: true, e); }
    }

    /// <summary>Goes on with what an earlier run has left.</summary>
    /// <exception cref="FileException">It cannot be written, or is not what it was.</exception>
    public static WholeFile Continue(string name, PartialFile part)
    {
        try
        {
            var file = Open(part.Path, FileMode.Append);
            if (file.Position != part.Length)
            {
                file.Dispose();
                throw new FileException(name, isWriting: true, new NetworkException(Errno.EBUSY, "write"));
            }
            return new WholeFile(name, part.Target, part.IsBeside ? part.Path : null, file)
            {
                Count = part.Length,
                HasOld = part.IsBeside && File.Exists(part.Target),
                _continued = part,
            };
        }
        catch (Exception e) when (e is not FileException && IoErrors.IsOne(e)) { throw new FileException(name, isWriting: true, e); }
    }

    /// <exception cref="FileException">It could not be written; what was written is gone.</exception>
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        try { _file.Write(bytes); }
        catch (Exception e) when (IoErrors.IsOne(e))
        {
            Remove();
            throw new FileException(Name, isWriting: true, e);
        }
        Count += bytes.Length;
    }

    /// <summary>All is written: the file takes its name.</summary>
    /// <param name="isDurable">Whether it is on the disk before it does, and its name afterwards.</param>
    /// <exception cref="FileException">It could not; what was written is gone.</exception>
    public void Complete(bool isDurable = false)
    {
        if (!_isOpen) { return; }
        try
        {
            if (isDurable && _beside is not null) { ((FileStream)_file).Flush(flushToDisk: true); }
            Close(_file);
            if (_beside is not null)
            {
                if (!OperatingSystem.IsWindows() && _mode is null && File.Exists(_target)) { File.SetUnixFileMode(_beside, File.GetUnixFileMode(_target)); }
                File.Move(_beside, _target, overwrite: true);
                if (isDurable) { FolderEntry.Keep(_target); }
            }
            if (_continued is { } part) { PartialFile.Forget(part.Path, withContent: false); }
            if (Superseded is { IsBeside: true } old) { PartialFile.Forget(old.Path, withContent: true); }
            IsWhole = true;
        }
        catch (Exception e) when (IoErrors.IsOne(e))
        {
            Remove();
            throw new FileException(Name, isWriting: true, e);
        }
    }

    /// <summary>Without <see cref="Complete"/> the part stays beside the name, if there is anything in it.</summary>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing || !_isOpen) { return; }
        if (Count == 0 || (_beside is null && _continued is null))
        {
            Remove();
            return;
        }
        Close(_file);
        Part = _beside ?? _target;
        if (Validator is { } validator && _beside is not null) { PartialFile.Note(_beside, validator); }
    }

    private static FileInfo TargetOf(string name, string path)
    {
        var target = new FileInfo(path);
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path)) { throw FileException.Folder(name, isWriting: true); }
        return target.LinkTarget is null ? target : target.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? target;
    }

    private static string PartOf(FileInfo target, int number) => $"{target.FullName}.part{(number == 1 ? "" : number.ToString())}";

    // No buffer: what is counted as written has been taken by the system.
    private static FileStream Open(string path, FileMode mode, UnixFileMode? permissions = null)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (permissions is { } given && !OperatingSystem.IsWindows()) { options.UnixCreateMode = given; }
        return new FileStream(path, options);
    }

    private static WholeFile Direct(string name, string path, Patience patience) =>
        new(name, path, null, FileKinds.IsPipe(path) ? NamedPipe.OpenWriting(path, patience) : Open(path, FileMode.Create));

    private void Close(Stream file)
    {
        _isOpen = false;
        file.Dispose();
    }

    private void Remove()
    {
        Close(_file);
        // What was here before is not taken away because no more could be written.
        if (_continued is not null) { Part = _beside ?? _target; }
        if (_beside is null || _continued is not null) { return; }
        try { File.Delete(_beside); }
        // It stays then, and is told as what it is.
        catch (Exception e) when (IoErrors.IsOne(e)) { Part = _beside; }
    }
}
