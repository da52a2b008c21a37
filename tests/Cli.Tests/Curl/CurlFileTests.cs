namespace Firstbyte.Tests.Curl;

/// <summary>Where curl's double cannot write, it ends as curl does, and says of what the fault is.</summary>
public sealed class CurlFileTests
{
    [Theory]
    [InlineData("-o", "/dev/full")]
    [InlineData("-D", "/dev/full")]
    [InlineData("--trace", "/dev/full")]
    [InlineData("--trace-ascii", "/dev/full", "-o", "/dev/null")]
    [InlineData("-c", "/dev/full")]
    [InlineData("-w", "%output{/dev/full}x")]
    [InlineData("--stderr", "/dev/full", "-v")]
    public void A_full_disk_is_a_failure_to_write(params string[] options)
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("/dev/full is Linux's"); }
        using var folder = new TemporaryFolder();
        var run = Command.RunIn(folder.Path, ["curl", "-q", "-sS", "--lab", .. options, "http://www.lab.glasscom.com/dir1/file1.html"]);
        Assert.Equal(23, run.ExitCode);
        Assert.Contains("curl: (23) Failure writing output to destination, passed ", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("fault of firstbyte", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>What -v says of a message has the message's own line ends, whatever else is made safe for a terminal.</summary>
    [Fact]
    public void The_heads_of_v_have_their_line_ends()
    {
        var run = Command.Run("curl", "-q", "-sv", "--lab", "http://www.lab.glasscom.com/dir1/file1.html");
        Assert.Contains("> GET /dir1/file1.html HTTP/1.1\r\n> Host: www.lab.glasscom.com\r\n", run.Errors, StringComparison.Ordinal);
        Assert.Contains("< HTTP/1.1 200 OK\r\n", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>Debian's curl has libpsl: a site under a public suffix sets no cookie for its neighbours.</summary>
    [Theory]
    [InlineData("co.uk", "a.co.uk", "b.co.uk", null)]
    [InlineData("CO.UK", "a.co.uk", "b.co.uk", null)]
    [InlineData("github.io", "a.github.io", "b.github.io", null)]
    [InlineData("example.co.uk", "a.example.co.uk", "b.example.co.uk", "k=v")]
    [InlineData("github.io", "github.io", "github.io", "k=v")]
    public void A_cookie_for_a_public_suffix_is_refused(string domain, string from, string to, string? sent)
    {
        var cookies = new Firstbyte.Cli.Curl.CurlCookies();
        cookies.Set($"k=v; Domain={domain}", from, "/", isSecure: false, now: 1_800_000_000);
        Assert.Equal(sent, cookies.Field(to, "/", isSecure: false, now: 1_800_000_000));
    }

    [Fact]
    public void A_full_disk_is_one_for_files_of_this_host_too()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("/dev/full is Linux's"); }
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "page"), "hello");
        var run = Command.RunIn(folder.Path, "curl", "-q", "-sS", "-o", "/dev/full", $"file://{folder.Path}/page");
        Assert.Equal((23, "curl: (23) Failure writing output to destination, passed 5 returned 0\n"), (run.ExitCode, run.Errors));
    }

    /// <summary>As curl: a device is read until its end, a limit or the time ends it.</summary>
    [Theory]
    [InlineData(28, "--max-time", "0.3")]
    [InlineData(63, "--max-filesize", "1000000")]
    public void A_device_without_end_is_read_until_a_limit(int code, params string[] limit)
    {
        if (!File.Exists("/dev/zero")) { Assert.Skip("there is no /dev/zero"); }
        Assert.Equal(code, Command.Run(["curl", "-q", "-s", .. limit, "-o", "/dev/null", "file:///dev/zero"]).ExitCode);
    }

    /// <summary>As curl: bytes that are no text go to a terminal only when it is asked for by name.</summary>
    [Fact]
    public void What_is_no_text_is_not_written_to_a_terminal()
    {
        using var server = RawServer.Of("", [1, 2, 0, 0x1b, (byte)'c']);
        using var folder = new TemporaryFolder();
        var refused = Command.RunOnTerminal(folder.Path, "curl", "-q", server.Url);
        Assert.Equal((23, ""), (refused.ExitCode, refused.Output));
        Assert.StartsWith("Warning: Binary output can mess up your terminal. Use \"--output -\" to tell curl to output it to your terminal anyway", refused.Errors, StringComparison.Ordinal);
        Assert.Equal("\u0001\u0002\0\u001bc", Command.RunOnTerminal(folder.Path, "curl", "-q", "-o", "-", server.Url).Output);
    }
}
