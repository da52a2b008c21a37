namespace Firstbyte.Tests;

/// <summary>A folder of a test's own, gone when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("firstbyte-").FullName;

    public void Dispose()
    {
        try { Directory.Delete(Path, recursive: true); }
        // A server that is just ending takes its own files away, and what is gone needs no deleting.
        catch (DirectoryNotFoundException) { }
    }
}
