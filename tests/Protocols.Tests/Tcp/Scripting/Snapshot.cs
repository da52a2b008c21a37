using System.Runtime.CompilerServices;

namespace Firstbyte.Tests.Tcp.Scripting;

/// <summary>Compares text with a checked-in file; with FIRSTBYTE_UPDATE_SNAPSHOTS set it writes the file instead, to be read before it is committed.</summary>
internal static class Snapshot
{
    public static void Matches(string name, string text, [CallerFilePath] string source = "")
    {
        text = text.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("FIRSTBYTE_UPDATE_SNAPSHOTS") is { Length: > 0 })
        {
            var folder = Path.Combine(Path.GetDirectoryName(source)!, "Golden");
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, name), text);
            return;
        }
        var path = Path.Combine(AppContext.BaseDirectory, "Tcp", "Golden", name);
        Assert.True(File.Exists(path), $"{name} is not checked in");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), text);
    }
}
