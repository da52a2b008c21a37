using System.Security.Cryptography;

namespace Firstbyte.Fuzz.Running;

/// <summary>A folder of inputs, each named by the hash of its bytes.</summary>
internal sealed class CorpusFolder(string path)
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = path;

    /// <summary>The inputs, short ones first; none when the folder is not there.</summary>
    public IReadOnlyList<byte[]> Read() => !Directory.Exists(Path) ? [] :
    [
        .. Directory.EnumerateFiles(Path).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).OrderBy(static input => input.Length),
    ];

    /// <summary>Adds an input; the file that holds it.</summary>
    public string Add(byte[] input)
    {
        Directory.CreateDirectory(Path);
        var file = System.IO.Path.Combine(Path, NameOf(input));
        File.WriteAllBytes(file, input);
        return file;
    }

    /// <summary>Holds these inputs from now on, and no others.</summary>
    public void Replace(IReadOnlyList<byte[]> inputs)
    {
        var names = inputs.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        if (Directory.Exists(Path))
        {
            foreach (var file in Directory.EnumerateFiles(Path))
            {
                if (!names.Contains(System.IO.Path.GetFileName(file))) { File.Delete(file); }
            }
        }
        foreach (var input in inputs) { Add(input); }
    }

    private static string NameOf(byte[] input) => Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 8));
}
