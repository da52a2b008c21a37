using Firstbyte.Dns.Keeping;
using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Cli.Io;

/// <summary>A file to which entries are appended, each on the disk before the call returns. One process has it at a time.</summary>
internal sealed class JournalFile : IJournalFile, IDisposable
{
    private readonly FileStream _file;
    private readonly Lock _lock = new();
    private Errno _broken;

    private JournalFile(string name, FileStream file) => (Name, _file) = (name, file);

    /// <summary>The file as the user named it.</summary>
    public string Name { get; }

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="FileException">It cannot be used, or another process has it.</exception>
    public static JournalFile Open(string name, string path)
    {
        // No buffer: what is written has been taken by the system, and nothing is left to be written by a finalizer.
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            try
            {
                // What is acknowledged must be found again: the file by its name, not only the bytes in it.
                FolderEntry.Keep(path);
                return new JournalFile(name, file);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception e) when (IoErrors.IsOne(e)) { throw new FileException(name, isWriting: true, e); }
    }

    /// <summary>All bytes of a journal that is another's, who may be appending to it: the last change may then be there in part.</summary>
    /// <exception cref="FileException">It cannot be read.</exception>
    public static byte[] Peek(string name, string path)
    {
        try { return UnlockedFile.ReadAll(path); }
        catch (Exception e) when (IoErrors.IsOne(e)) { throw new FileException(name, isWriting: false, e); }
    }

    /// <summary>All its bytes.</summary>
    /// <exception cref="FileException">It cannot be read.</exception>
    public byte[] ReadAll()
    {
        try
        {
            _file.Position = 0;
            var bytes = new byte[_file.Length];
            _file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (IoErrors.IsOne(e)) { throw new FileException(Name, isWriting: false, e); }
    }

    /// <summary>Takes away what stands behind so many bytes.</summary>
    /// <exception cref="FileException">It cannot be written.</exception>
    public void Cut(long length)
    {
        try
        {
            _file.SetLength(length);
            _file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (IoErrors.IsOne(e)) { throw new FileException(Name, isWriting: true, e); }
    }

    /// <inheritdoc/>
    public Errno Append(ReadOnlySpan<byte> entry)
    {
        lock (_lock)
        {
            if (_broken != Errno.None) { return _broken; }
            var before = _file.Length;
            try
            {
                _file.Position = before;
                _file.Write(entry);
                _file.Flush(flushToDisk: true);
                return Errno.None;
            }
            catch (Exception e) when (IoErrors.IsOne(e))
            {
                var error = IoErrors.ToErrno(e);
                // A part that cannot be taken back must stay the last thing in the file.
                try { _file.SetLength(before); }
                catch (Exception again) when (IoErrors.IsOne(again)) { _broken = error; }
                return error;
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
