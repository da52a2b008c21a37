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
        var run = Command.RunIn(_folder.Path, "--lab=path.lab", "--json", "-o", "page", "http://10.1.0.80/small");
        Assert.Equal(0, run.ExitCode);
        // The waits double: a size that takes one try more takes as long as all before it.
        Assert.InRange(Finished(run).GetProperty("totalNanoseconds").GetInt64(), 0, 30_000_000_000);
        Assert.Equal(100_000, new FileInfo(Path.Combine(_folder.Path, "page")).Length);
        // What is a single segment, too large for the path and smaller than any step of the search.
        Assert.Equal(0, Command.RunIn(_folder.Path, "--lab=path.lab", "-o", "page", "http://10.1.0.80/word").ExitCode);
        Assert.Equal("hello\n", File.ReadAllText(Path.Combine(_folder.Path, "page")));
    }

    /// <summary>No server of a lab gives up a connection that TCP has not given up: neither where a second carries little nor where much is lost.</summary>
    [Theory]
    [InlineData("rate 10kbit", 1)]
    [InlineData("loss 30%", 3)]
    [InlineData("loss 30%", 4)]
    [InlineData("loss 30%", 6)]
    public void A_path_that_is_slow_for_minutes_carries_a_page(string wire, int seed)
    {
        Lab($"link w-a {wire}");
        Assert.Equal(0, Command.RunIn(_folder.Path, "--lab=path.lab", "--seed", $"{seed}", "-o", "page", "http://10.1.0.80/large").ExitCode);
        Assert.Equal(300_000, new FileInfo(Path.Combine(_folder.Path, "page")).Length);
    }

    /// <summary>Who vanishes in the middle of a body says nothing, and no packet is on its way any more: the wait is told, and what ends it.</summary>
    [Fact]
    public void A_peer_that_vanishes_is_told_with_what_to_do()
    {
        Lab("at 2ms cut w-a");
        var run = Command.RunIn(_folder.Path, "--lab=path.lab", "-o", "page", "http://10.1.0.80/page");
        Assert.Equal(28, run.ExitCode);
        Assert.Contains("✗ 10.1.0.80:80 says nothing more, and nothing else will happen in this lab: without a limit the wait would never end.", run.Output, StringComparison.Ordinal);
        Assert.Contains("Try: -vv shows the last packet that came", run.Output, StringComparison.Ordinal);
        // What was advised.
        Assert.Contains("w-a", Command.RunIn(_folder.Path, "--lab=path.lab", "-vv", "-o", "page", "http://10.1.0.80/page").Output, StringComparison.Ordinal);
        var limited = Command.RunIn(_folder.Path, "--lab=path.lab", "-m", "2", "-o", "page", "http://10.1.0.80/page");
        Assert.Equal(28, limited.ExitCode);
        Assert.Contains("within 2 s", limited.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static JsonElement Finished(CommandRun run) => run.Output.Split('\n')
        .Where(static line => line.Contains("\"journey.completed\"", StringComparison.Ordinal)).Select(static line => JsonDocument.Parse(line).RootElement).Single();

    private void Lab(string link) => File.WriteAllText(
        Path.Combine(_folder.Path, "path.lab"),
        $$"""
        lab "path" client me
        subnet a 10.1.0.0/24
        host me on a .2
        host w on a .80 serves http { /page size 3MB /large size 300kB /small size 100kB /word "hello" }
        {{link}}
        """);
}
