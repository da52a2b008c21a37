using Firstbyte.Tests.Http;

namespace Firstbyte.Tests;

/// <summary>The command on this machine's network, against nginx, with curl as the measure.</summary>
public class NginxCommandTests(NginxFixture nginx) : IClassFixture<NginxFixture>
{
    [Theory]
    [InlineData("/small.txt", "--http1.1")]
    [InlineData("/large.txt", "--http1.1")]
    [InlineData("/ssi/page.html", "--http1.1")]
    [InlineData("/ssi/page.html", "--http1.0")]
    [InlineData("/empty.txt", "--http1.1")]
    public async Task Bodies_are_the_bytes_that_curl_gets(string target, string version)
    {
        nginx.Require();
        var url = $"http://{nginx.Host}{target}";
        var (_, expected) = await Programs.RunAsync(Programs.Require("curl"), "-s", version, url);
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "body");
        string[] ours = version == "--http1.0" ? ["--http1.0"] : [];
        Assert.Equal(0, Command.Run([.. ours, "-o", file, url]).ExitCode);
        Assert.Equal(expected, await File.ReadAllBytesAsync(file));
        var (exitCode, piped) = await Programs.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "firstbyte.dll"), .. ours, "--body", url]);
        Assert.Equal(0, exitCode);
        Assert.Equal(expected, piped);
    }

    /// <summary>What is stored is what was given: a short file, one that asks first, and a pipe in chunks.</summary>
    [Theory]
    [InlineData(5, false)]
    [InlineData(5_000_000, false)]
    [InlineData(5, true)]
    [InlineData(5_000_000, true)]
    public async Task What_is_stored_comes_back_as_it_was(int length, bool isPipe)
    {
        nginx.Require();
        using var folder = new TemporaryFolder();
        var content = new byte[length];
        for (var i = 0; i < length; i++) { content[i] = (byte)(i * 31 + i / 257); }
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "file"), content);
        var url = $"http://{nginx.Host}/put/{length}-{isPipe}.bin";
        var run = Command.RunIn(folder.Path, new MemoryStream(content), "-T", isPipe ? "-" : "file", url);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("201 Created", run.Output);
        Assert.Equal(isPipe || length > 1 << 20, run.Output.Contains("100 Continue (interim)", StringComparison.Ordinal));
        var (_, stored) = await Programs.RunAsync(Programs.Require("curl"), "-s", url);
        Assert.True(content.AsSpan().SequenceEqual(stored));
    }

    /// <summary>The ETag that nginx gave for the part is the one that it has for the whole.</summary>
    [Fact]
    public async Task A_part_becomes_whole()
    {
        nginx.Require();
        var url = $"http://{nginx.Host}/large.txt";
        var (_, expected) = await Programs.RunAsync(Programs.Require("curl"), "-s", url);
        using var folder = new TemporaryFolder();
        var (file, part) = (Path.Combine(folder.Path, "file"), Path.Combine(folder.Path, "file.part"));
        var tag = System.Text.RegularExpressions.Regex.Match(Command.Run("-I", url).Output, "(?<=ETag: )\"[^\"]+\"", default, TimeSpan.FromSeconds(1)).Value;
        foreach (var (note, words) in new[] { (tag, "by its ETag it is still the same"), ("\"old\"", "is of another version"), (null, "nobody can tell") })
        {
            await File.WriteAllBytesAsync(part, expected[..100_000]);
            if (note is not null) { await File.WriteAllTextAsync(part + ".etag", note + "\n"); }
            var run = Command.RunIn(folder.Path, "-C", "-", "-o", "file", url);
            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
            Assert.Contains(words, run.Output);
            var whole = await File.ReadAllBytesAsync(file);
            Assert.True(expected.AsSpan().SequenceEqual(whole));
            Assert.Equal([file], Directory.GetFiles(folder.Path));
        }
    }

    [Fact]
    public void The_story_says_how_the_body_was_framed()
    {
        nginx.Require();
        Assert.Contains("13 bytes (Content-Length)", Command.Run($"http://{nginx.Host}/small.txt").Output);
        Assert.Contains("in chunks", Command.Run($"http://{nginx.Host}/ssi/page.html").Output);
        var closed = Command.Run("--http1.0", $"http://{nginx.Host}/ssi/page.html").Output;
        Assert.Contains("until the server closes", closed);
        Assert.Contains("→ 0: the server has closed its side", closed);
    }

    [Fact]
    public void A_head_request_has_no_body_and_a_missing_page_is_no_failure()
    {
        nginx.Require();
        var head = Command.Run("-I", $"http://{nginx.Host}/large.txt");
        Assert.Equal(0, head.ExitCode);
        Assert.Contains("Content-Length: 1048576", head.Output);
        var missing = Command.Run($"http://{nginx.Host}/nowhere");
        Assert.Equal(0, missing.ExitCode);
        Assert.Contains("404 Not Found", missing.Output);
    }
}
