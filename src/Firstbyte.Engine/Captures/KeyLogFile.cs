using System.Buffers;

namespace Firstbyte.Captures;

/// <summary>A key log file that somebody else writes (RFC 9850): the lines that are added to it while we look.</summary>
internal sealed class KeyLogFile : IDisposable
{
    private readonly string _path;
    private readonly long _start;
    private FileStream? _file;

    public KeyLogFile(string path)
    {
        _path = path;
        // What is there already belongs to other runs.
        _start = File.Exists(path) ? new FileInfo(path).Length : 0;
    }

    /// <summary>Adds what is new.</summary>
    public void ReadNew(ArrayBufferWriter<byte> lines)
    {
        if (_file is null)
        {
            if (!File.Exists(_path)) { return; }
            _file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            _file.Position = _start;
        }
        for (int count; (count = _file.Read(lines.GetSpan(4_096))) > 0;) { lines.Advance(count); }
    }

    public void Dispose() => _file?.Dispose();
}
