using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Firstbyte.Tests;

/// <summary>file: URLs on this machine's own files.</summary>
public sealed class FileCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FileCommandTests()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "page.txt"), "0123456789");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "sub"));
        File.WriteAllText(Path.Combine(_folder.Path, "sub", "a b.txt"), "x");
    }

    public void Dispose() => _folder.Dispose();

    private string Url(string name) => $"file://{_folder.Path}/{name}";

    private CommandRun Run(params string[] words) => Command.RunIn(_folder.Path, words);

    [Theory]
    [InlineData(null, "0123456789")]
    [InlineData("2-4", "234")]
    [InlineData("7-", "789")]
    [InlineData("-3", "789")]
    [InlineData("8-100", "89")]
    public void A_file_comes_whole_or_in_part(string? range, string content)
    {
        var run = range is null ? Run("-o", "-", Url("page.txt")) : Run("-o", "-", "-r", range, Url("page.txt"));
        Assert.Equal((0, content), (run.ExitCode, run.Output));
    }

    [Fact]
    public void A_transfer_is_gone_on_with()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "part"), "0123");
        Assert.Equal(0, Run("-C", "4", "-o", "-", Url("page.txt")).ExitCode);
        Assert.Equal("456789", Run("-C", "4", "-o", "-", Url("page.txt")).Output);
        Assert.Equal(36, Run("-C", "11", "-o", "-", Url("page.txt")).ExitCode);
    }

    [Theory]
    [InlineData("nothing", 37, "there is no such file or directory")]
    [InlineData("page.txt/", 37, "no directory")]
    [InlineData("sub%2Fa", 3, "%2F")]
    [InlineData("a%00b", 3, "NUL")]
    public void What_is_not_there_or_may_not_be_asked_for_is_told(string name, int exitCode, string words)
    {
        var run = Run(Url(name));
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(words, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_host_is_not_asked()
    {
        var run = Run("file://files.example/etc/hosts");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("another host", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, Run($"file://localhost{_folder.Path}/page.txt").ExitCode);
    }

    [Fact]
    public void A_range_behind_the_end_is_told_as_what_it_is() => Assert.Equal(36, Run("-r", "10-", Url("page.txt")).ExitCode);

    [Fact]
    public void The_head_alone_reads_nothing()
    {
        var run = Run("-I", Url("page.txt"));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("10 bytes, text/plain, last changed ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_is_listed_as_text_and_as_json()
    {
        var text = Run("-o", "-", Url("")).Output.Split('\n');
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d            10 page\.txt$", text[0]);
        Assert.EndsWith(" sub/", text[1], StringComparison.Ordinal);
        var line = Run("--json", Url("sub")).Output.Split('\n').Single(static line => line.Contains("\"file.directory-listed\"", StringComparison.Ordinal));
        using var json = JsonDocument.Parse(line);
        var entry = json.RootElement.GetProperty("entries")[0];
        Assert.Equal(("a b.txt", "Regular", 1), (entry.GetProperty("name").GetString(), entry.GetProperty("kind").GetString(), entry.GetProperty("length").GetInt32()));
        Assert.True(entry.TryGetProperty("modified", out _));
    }

    [Fact]
    public void A_file_is_written_only_where_that_is_allowed()
    {
        var refused = Run("-T", "page.txt", Url("new.txt"));
        Assert.Equal(25, refused.ExitCode);
        Assert.Contains("--allow-file-write", refused.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "new.txt")));
        Assert.Equal(0, Run("--allow-file-write", "-T", "page.txt", Url("new.txt")).ExitCode);
        Assert.Equal("0123456789", File.ReadAllText(Path.Combine(_folder.Path, "new.txt")));
        var replaced = Run("--allow-file-write", "-T", "sub/a b.txt", Url("new.txt"));
        Assert.Contains("in the place of 10 bytes", replaced.Output, StringComparison.Ordinal);
        Assert.Equal("x", File.ReadAllText(Path.Combine(_folder.Path, "new.txt")));
        Assert.Equal(23, Run("--allow-file-write", "-T", "page.txt", Url("nowhere/new.txt")).ExitCode);
        Assert.Equal(23, Run("--allow-file-write", "-T", "page.txt", Url("sub")).ExitCode);
        // As curl has it: a folder gets the name of what is stored.
        Assert.Equal(0, Run("--allow-file-write", "-T", "page.txt", Url("sub/")).ExitCode);
        Assert.Equal("0123456789", File.ReadAllText(Path.Combine(_folder.Path, "sub", "page.txt")));
        Assert.Equal(25, Run("--allow-file-write", "-C", "4", "-T", "page.txt", Url("new.txt")).ExitCode);
        // Nothing is left beside what was not written.
        Assert.Equal(["new.txt", "page.txt", "sub"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Who_may_read_a_file_may_read_it_when_it_was_replaced_and_a_link_stays_a_link()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("modes and links of Unix"); return; }
        var path = Path.Combine(_folder.Path, "page.txt");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "link"), path);
        Assert.Equal(0, Run("--allow-file-write", "-T", "sub/a b.txt", Url("link")).ExitCode);
        Assert.Equal("x", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.NotNull(new FileInfo(Path.Combine(_folder.Path, "link")).LinkTarget);
    }

    [Fact]
    public void Devices_and_pipes_are_neither_opened_nor_written()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("devices and pipes of Linux"); }
        using (var made = Process.Start("mkfifo", [Path.Combine(_folder.Path, "pipe")])) { made.WaitForExit(); }
        foreach (var url in (string[])[Url("pipe"), "file:///dev/zero", "file:///dev/tty"])
        {
            foreach (var words in (string[][])[[url], ["--allow-file-write", "-T", "page.txt", url]])
            {
                var run = Run(words);
                Assert.True(run.ExitCode == 37, $"{string.Join(' ', words)}: {run.ExitCode}\n{run.Output}");
                Assert.Contains("a device, a pipe or a socket", run.Output, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_page_of_a_network_does_not_choose_what_is_read()
    {
        using var server = new RawServer(connection =>
        {
            connection.ReadHead();
            connection.Send($"HTTP/1.1 302 Found\r\nLocation: {Url("page.txt")}\r\nContent-Length: 0\r\n\r\n");
        });
        var run = Run("-L", server.Url);
        Assert.Equal(1, run.ExitCode);
        Assert.DoesNotContain("0123456789", run.Output, StringComparison.Ordinal);
    }

    /// <summary>What Debian's curl makes of the same file.</summary>
    [Theory]
    [InlineData("page.txt")]
    [InlineData("page.txt", "-r", "2-4")]
    [InlineData("page.txt", "-r", "-3")]
    [InlineData("sub/a%20b.txt")]
    [InlineData("nothing")]
    [InlineData("page.txt", "-C", "4")]
    public void Curl_gives_the_same_bytes_and_exit_code(string name, params string[] options)
    {
        if (!File.Exists("/usr/bin/curl")) { Assert.Skip("curl is not installed"); }
        var start = new ProcessStartInfo("/usr/bin/curl", ["-s", .. options, Url(name)]) { UseShellExecute = false, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 };
        using var curl = Process.Start(start)!;
        var output = curl.StandardOutput.ReadToEnd();
        curl.WaitForExit();
        var own = Run(["-o", "-", .. options, Url(name)]);
        Assert.Equal((curl.ExitCode, output), (own.ExitCode, own.Output));
    }
}
