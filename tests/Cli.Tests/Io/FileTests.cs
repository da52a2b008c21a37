using System.Runtime.Versioning;

namespace Firstbyte.Tests.Io;

/// <summary>-o FILE and the other files: who is blamed, and what lies there afterwards.</summary>
public class FileTests
{
    private const string Page = "http://www.lab.glasscom.com/dir1/file1.html";

    [Fact]
    public void The_file_has_its_name_when_it_is_whole()
    {
        using var folder = new TemporaryFolder();
        var run = Command.RunIn(folder.Path, "--lab", "-o", "page.html", Page);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("body saved to page.html (401 bytes)", run.Output);
        Assert.Equal(["page.html"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
        Assert.Equal(401, new FileInfo(Path.Combine(folder.Path, "page.html")).Length);
    }

    [Theory]
    [InlineData("http://cut.test/")]
    [InlineData("http://reset.test/")]
    public void A_page_that_is_cut_off_leaves_the_old_file_and_a_part_beside_it(string url)
    {
        using var folder = new TemporaryFolder();
        var (file, part) = (Path.Combine(folder.Path, "page.txt"), Path.Combine(folder.Path, "page.txt.part"));
        File.WriteAllText(file, "old");
        var run = Command.RunIn(folder.Path, "--lab=troubles", "-o", "page.txt", url);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Equal("old", File.ReadAllText(file));
        var length = new FileInfo(part).Length;
        Assert.InRange(length, 1, 3000);
        Assert.Contains($"page.txt is as it was; {length:#,0} bytes of the body are in page.txt.part", run.Output);

        // The next one overwrites nothing of it.
        Assert.NotEqual(0, Command.RunIn(folder.Path, "--lab=troubles", "--body", "-o", "page.txt", url).ExitCode);
        Assert.Equal(length, new FileInfo(part).Length);
        Assert.Equal(length, new FileInfo(Path.Combine(folder.Path, "page.txt.part2")).Length);
    }

    [Theory]
    [InlineData("/nodir/x", "there is no such directory")]
    [InlineData(".", "it is a directory")]
    public void A_file_that_cannot_be_made_is_this_host_s_fault_and_named(string name, string reason)
    {
        using var folder = new TemporaryFolder();
        var run = Command.RunIn(folder.Path, "--lab", "-o", name, Page);
        Assert.Equal(23, run.ExitCode);
        Assert.Contains($"The body could not be saved: {reason}.", run.Output);
        Assert.EndsWith($"{name}: nothing was saved\n", run.Output);
        Assert.Contains("At fault: this host", run.Output);
        run = Command.RunIn(folder.Path, "--lab", "--body", "-o", name, Page);
        Assert.Equal((23, $"firstbyte: (23) '{name}' cannot be written: {reason}\n"), (run.ExitCode, run.Errors));
    }

    /// <summary>What is written after the journey is judged before it: nothing is asked of anybody.</summary>
    [Theory]
    [InlineData("--hsts")]
    [InlineData("-c")]
    public void A_folder_where_a_file_is_to_be_written_is_refused_before_the_journey(string option)
    {
        using var folder = new TemporaryFolder();
        var run = Command.RunIn(folder.Path, "--lab", option, ".", Page);
        Assert.Equal((23, "", "firstbyte: '.' cannot be written: it is a directory\n"), (run.ExitCode, run.Output, run.Errors));
    }

    /// <summary>Files that the kernel makes while they are read say that they are empty.</summary>
    [Theory]
    [InlineData("--body")]
    [InlineData("curl", "-q", "-sS")]
    public void A_file_that_says_it_is_empty_is_read_to_its_end(params string[] words)
    {
        if (!File.Exists("/proc/version")) { Assert.Skip("there is no /proc/version"); }
        Assert.Equal((0, File.ReadAllText("/proc/version")), Command.Run([.. words, "file:///proc/version"]) is var run ? (run.ExitCode, run.Output) : default);
    }

    [Fact]
    public void On_a_full_disk_nothing_is_said_to_be_saved()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("needs Linux's /dev/full"); }
        var run = Command.Run("--lab", "-o", "/dev/full", Page);
        Assert.Equal(23, run.ExitCode);
        Assert.DoesNotContain("saved to", run.Output);
        Assert.Contains("The body could not be saved: no space is left on the device", run.Output);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_link_stays_a_link_and_rights_stay_rights()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("needs Unix"); }
        using var folder = new TemporaryFolder();
        var target = Path.Combine(folder.Path, "target.html");
        File.WriteAllText(target, "old");
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "link.html"), "target.html");
        Assert.Equal(0, Command.RunIn(folder.Path, "--lab", "--body", "-o", "link.html", Page).ExitCode);
        Assert.Equal(401, new FileInfo(target).Length);
        Assert.Equal("target.html", new FileInfo(Path.Combine(folder.Path, "link.html")).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(target));
    }

    [Fact]
    public void A_hyphen_is_standard_output_and_standard_input()
    {
        var body = Command.Run("--lab", "--body", Page).Output;
        Assert.Equal(body, Command.Run("--lab", "-o", "-", Page).Output);
        var saved = Command.Run("--lab", "--json", Page).Output;
        Assert.Contains("200 OK", Command.RunWith(saved, null, "story", "-").Output);
        Assert.Contains("POST", Command.RunWith("a=b", null, "--lab", "-d", "@-", Page).Output);
        const string lab = "lab \"two\" seed 1 client a\nsubnet lan 10.1.0.0/24 hub\nhost a on lan .2\nhost b on lan .3\n";
        Assert.Contains("10.1.0.3", Command.RunWith(lab, null, "lab", "hosts", "-").Output);
    }

    /// <summary>A capture on standard output is all that is there: pcapng begins with its section header block.</summary>
    [Fact]
    public void A_capture_may_go_to_standard_output()
    {
        foreach (var arguments in (string[][])[["--lab", "--pcap", "-", Page], ["resolve", "--lab", "--pcap", "-", "glasscom.com"], ["lab", "run", "glasscom", "--until", "1s", "--pcap", "-"]])
        {
            using var output = new MemoryStream();
            var run = Command.RunOnto(output, null, arguments);
            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
            Assert.Equal([0x0A, 0x0D, 0x0D, 0x0A], output.ToArray()[..4]);
            Assert.Equal(0, output.Length % 4);
        }
    }

    [Theory]
    [InlineData("'nonexist' cannot be read: there is no such file", "story", "nonexist")]
    [InlineData("'.' cannot be read: it is a directory", "story", ".")]
    [InlineData("'nonexist' cannot be read: there is no such file", "--lab", "-d", "@nonexist", Page)]
    [InlineData("'nonexist' cannot be read: there is no such file", "url", "--bench", "nonexist")]
    [InlineData("'nonexist' cannot be read: there is no such file", "serve", "dns", "--zone", "a=nonexist")]
    [InlineData("'nonexist' cannot be read: there is no such file", "serve", "resolver", "--root-hints", "nonexist")]
    public void A_file_that_cannot_be_read_is_told_in_our_own_words(string sentence, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var run = Command.RunIn(folder.Path, arguments);
        Assert.Equal((26, $"firstbyte: {sentence}\n"), (run.ExitCode, run.Errors));
    }

    [Fact]
    public void What_is_no_saved_run_is_told_with_its_line()
    {
        var run = Command.RunWith("{\"event\":\"\u001b\"}\n", null, "story", "-");
        Assert.Equal(26, run.ExitCode);
        Assert.StartsWith("firstbyte: -:1: not JSON from byte 11 of the line", run.Errors);
        Assert.DoesNotContain("\u001b", run.Errors);
    }

    /// <summary>The framework's texts are cut out of the command: where one got through, its key would be seen.</summary>
    [Fact]
    public void No_key_of_the_framework_s_texts_is_shown()
    {
        using var folder = new TemporaryFolder();
        foreach (var arguments in (string[][])[["story", "nonexist"], ["story", "."], ["--lab", "-o", "/nodir/x", Page], ["--lab", "--pcap", "/nodir/x", Page], ["serve", "dns", "--zone", "a=."], ["ip", "x"], ["ip", "--split", "x", "10.0.0.0/8"], ["--lab", "-d", "@.", Page]])
        {
            var run = Command.Start(folder.Path, "", null, arguments);
            Assert.NotEqual(0, run.ExitCode);
            Assert.DoesNotMatch("[A-Z][A-Za-z]+_[A-Z]|System\\.|Exception", run.Output + run.Errors);
        }
    }
}
