using Firstbyte.Http;
using Firstbyte.Http.Caching;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Http;

/// <summary>Responses in a folder: its budget, and what is not touched in it.</summary>
public sealed class FolderResponseStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("firstbyte-cache-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CachedResponse Of(string uri, int length) => new()
    {
        Uri = uri,
        Status = 200,
        Fields = [new HttpField("ETag", "\"a\"")],
        RequestedAt = Instant.SimulationEpoch,
        ReceivedAt = Instant.SimulationEpoch,
        Content = new byte[length],
    };

    [Fact]
    public void The_oldest_go_when_there_is_no_room_and_nothing_else_does()
    {
        var store = new FolderResponseStore(_folder, budget: 10_000);
        File.WriteAllBytes(Path.Combine(_folder, "notes.txt"), new byte[50_000]);
        File.WriteAllBytes(Path.Combine(_folder, "important.cached"), new byte[50_000]);
        for (var i = 0; i < 5; i++)
        {
            store.Keep(Of($"http://example.com/{i}", 3000));
            var written = Directory.GetFiles(_folder, "*-*.cached").OrderByDescending(File.GetLastWriteTimeUtc).First();
            File.SetLastWriteTimeUtc(written, new DateTime(2020, 1, 1, 0, i, 0, DateTimeKind.Utc));
        }
        Assert.Equal([0, 0, 1, 1, 1], Enumerable.Range(0, 5).Select(i => store.Find($"http://example.com/{i}").Count));
        Assert.True(File.Exists(Path.Combine(_folder, "notes.txt")) && File.Exists(Path.Combine(_folder, "important.cached")));
        store.Keep(Of("http://example.com/4", 20_000));
        Assert.Empty(store.Find("http://example.com/4"));
        Assert.Empty(Directory.GetFiles(_folder, "*.part"));
    }

    [Fact]
    public void Another_store_over_the_folder_sees_what_is_there()
    {
        new FolderResponseStore(_folder).Keep(Of("http://example.com/", 5));
        Assert.Equal(5, Assert.Single(new FolderResponseStore(_folder).Find("http://example.com/")).Content.Length);
    }

    [Fact]
    public void What_is_personal_is_this_stores_alone()
    {
        var store = new FolderResponseStore(_folder);
        store.Keep(Of("http://example.com/", 5) with { OnlyFor = "Basic x" });
        Assert.Single(store.Find("http://example.com/"));
        Assert.Empty(Directory.GetFiles(_folder));
        Assert.Empty(new FolderResponseStore(_folder).Find("http://example.com/"));
    }
}
