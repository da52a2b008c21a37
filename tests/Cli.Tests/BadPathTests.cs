using System.Text.Json;

namespace Firstbyte.Tests;

/// <summary>Paths that lose much or carry little, silently: pages come whole, in segments of a sensible size.</summary>
public sealed class BadPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Loss is no sign of a path that is too narrow, in whichever direction: the segments stay large.</summary>
    [Fact]
    public void Loss_in_both_directions_does_not_wear_the_segments_down()
    {
        Lab("link w-a latency 20ms rate 50Mbit queue 250kB loss 20%");
        var run = Command.RunIn(_folder.Path, "--lab=path.lab", "--seed", "2", "--json=all", "-o", "page", "http://10.1.0.80/page");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(3_000_000, new FileInfo(Path.Combine(_folder.Path, "page")).Length);
        var sent = run.Output.Split('\n').Where(static line => line.Contains("host.frame-sent", StringComparison.Ordinal))
            .Select(static line => JsonDocument.Parse(line).RootElement).Where(static sent => sent.GetProperty("host").GetString() == "w")
            .Select(static sent => sent.GetProperty("length").GetInt32()).Where(static length => length > 100).ToArray();
        Assert.InRange(sent.Count(static length => length > 1_100), sent.Length * 95 / 100, sent.Length);
    }

    /// <summary>The smallest path that IPv4 knows (RFC 791 3.2), where nobody says that it is so small.</summary>
    [Theory]
    [InlineData("w-a", 68)]
    [InlineData("w-a", 80)]
    [InlineData("me-a", 68)]
    [InlineData("me-a", 80)]
    [InlineData("me-a", 296)]
    public void A_narrow_cable_that_says_nothing_carries_a_page(string cable, int mtu)
    {
        Lab($"link {cable} latency 1ms mtu {mtu}");
        Assert.Equal(0, Command.RunIn(_folder.Path, "--lab=path.lab", "-o", "page", "http://10.1.0.80/small").ExitCode);
        Assert.Equal(100_000, new FileInfo(Path.Combine(_folder.Path, "page")).Length);
        // What is a single segment, too large for the path and smaller than any step of the search.
        Assert.Equal(0, Command.RunIn(_folder.Path, "--lab=path.lab", "-o", "page", "http://10.1.0.80/word").ExitCode);
        Assert.Equal("hello\n", File.ReadAllText(Path.Combine(_folder.Path, "page")));
    }

    public void Dispose() => _folder.Dispose();

    private void Lab(string link) => File.WriteAllText(
        Path.Combine(_folder.Path, "path.lab"),
        $$"""
        lab "path" client me
        subnet a 10.1.0.0/24
        host me on a .2
        host w on a .80 serves http { /page size 3MB /small size 100kB /word "hello" }
        {{link}}
        """);
}
