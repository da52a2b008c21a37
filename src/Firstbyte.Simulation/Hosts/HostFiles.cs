using System.Text;
using Firstbyte.Sockets;

namespace Firstbyte.Simulation.Hosts;

/// <summary>The files of a simulated host: a handful, held in memory.</summary>
public sealed class HostFiles : IHostFiles
{
    private readonly Dictionary<string, Func<byte[]>> _files = new(StringComparer.Ordinal);

    /// <summary>Writes a file.</summary>
    public void Write(string path, byte[] content) => _files[path] = () => content;

    /// <summary>Writes a file of UTF-8 text.</summary>
    public void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));

    /// <summary>Writes a file whose content is made when it is read.</summary>
    public void Write(string path, Func<byte[]> content) => _files[path] = content;

    /// <inheritdoc/>
    public byte[]? Read(string path) => _files.GetValueOrDefault(path)?.Invoke();
}
