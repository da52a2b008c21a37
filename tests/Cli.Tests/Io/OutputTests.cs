using System.Diagnostics;
using Firstbyte.Cli;
using Firstbyte.Cli.Io;

namespace Firstbyte.Tests.Io;

/// <summary>What becomes of a command whose output cannot be written: never a stack trace, and never an exit code that says all went well.</summary>
public class OutputTests
{
    private const string Page = "http://www.lab.glasscom.com/dir1/file1.html";

    // A command line of every command that prints, by the command's name.
    internal static readonly Dictionary<string, string[][]> Printing = new()
    {
        [""] = [["--lab", Page], ["--lab", "--json", Page], ["--lab", "--body", Page], ["--lab", "-o", "-", Page], ["--lab", "-vv", Page], ["--help"], ["--version"]],
        ["resolve"] = [["resolve", "--lab", "glasscom.com", "MX"], ["resolve", "--lab", "--json", "glasscom.com"]],
        ["curl"] = [["curl", "--lab", "-s", "-i", "http://www.lab.glasscom.com/"], ["curl", "--version"]],
        ["dig"] = [["dig", "--lab", "@dns", "www.lab.glasscom.com"], ["dig", "--lab", "--explain", "@dns", "www.lab.glasscom.com"], ["dig", "--lab", "--json", "@dns", "www.lab.glasscom.com"]],
        ["diff"] = [["diff", "--help"]],
        ["doctor"] = [["doctor", "--lab", "http://www.lab.glasscom.com/"], ["doctor", "--lab", "--json", "http://www.lab.glasscom.com/"]],
        ["ping"] = [["ping", "--lab", "www", "-c", "1"]],
        ["traceroute"] = [["traceroute", "--lab", "www"]],
        ["serve dns"] = [["serve", "dns", "--help"]],
        ["serve resolver"] = [["serve", "resolver", "--help"]],
        ["story"] = [["story", "-"]],
        ["web"] = [["web", "--help"]],
        ["url"] = [["url", Page], ["url", "--json", Page], ["url", "--batch"]],
        ["ip"] = [["ip", "10.0.0.0/8"], ["ip", "--json", "10.0.0.0/8"]],
        ["sim"] = [["sim", "--seed", "1"], ["sim", "--seed", "1", "--json"], ["sim", "--seed", "1", "--hashes"]],
        ["zone key"] = [["zone", "key", "--help"]],
        ["zone sign"] = [["zone", "sign", "--help"]],
        ["zone check"] = [["zone", "check", "--help"]],
        ["zone format"] = [["zone", "format", "--help"]],
        ["completion"] = [["completion", "bash"]],
        ["lab list"] = [["lab", "list"]],
        ["lab show"] = [["lab", "show", "glasscom"], ["lab", "show", "glasscom", "--json"]],
        ["lab run"] = [["lab", "run", "glasscom"], ["lab", "run", "glasscom", "--json"]],
        ["lab fetch"] = [["lab", "fetch", "glasscom", Page], ["lab", "fetch", "glasscom", Page, "--json"]],
        ["lab resolve"] = [["lab", "resolve", "glasscom", "glasscom.com", "MX"]],
        ["lab curl"] = [["lab", "curl", "glasscom", "-s", "http://www.lab.glasscom.com/"]],
        ["lab dig"] = [["lab", "dig", "glasscom", "@dns", "www.lab.glasscom.com", "+short"]],
        ["lab doctor"] = [["lab", "doctor", "glasscom", "http://www.lab.glasscom.com/"]],
        ["lab ping"] = [["lab", "ping", "glasscom", "www"]],
        ["lab traceroute"] = [["lab", "traceroute", "glasscom", "www"]],
        ["lab hosts"] = [["lab", "hosts", "glasscom"], ["lab", "hosts", "glasscom", "--json"]],
        ["lab links"] = [["lab", "links", "glasscom"]],
        ["lab routes"] = [["lab", "routes", "glasscom"]],
        ["lab arp"] = [["lab", "arp", "glasscom"]],
        ["lab sockets"] = [["lab", "sockets", "glasscom"]],
        ["lab cache"] = [["lab", "cache", "glasscom", "dns"]],
        ["lab nat"] = [["lab", "nat", "two-subnets", "--help"]],
        ["lab cut"] = [["lab", "cut", "glasscom", "core-glasscom"]],
        ["lab faults"] = [["lab", "faults", "troubles"]],
    };

    // What is read by the commands that read.
    internal static readonly Dictionary<string, string> Inputs = new()
    {
        ["story -"] = Command.Run("--lab", "--json", Page).Output,
        ["url --batch"] = "{\"input\":\"http://x/\"}\n",
        ["lab run glasscom"] = "hosts\n",
        ["lab run glasscom --json"] = "hosts\n",
    };

    public static TheoryData<string> CommandLines => [.. Printing.Values.SelectMany(static lines => lines).Select(static line => string.Join(' ', line))];

    [Fact]
    public void Every_command_is_among_those_that_are_tried()
    {
        using var io = new CommandIo(Stream.Null, Stream.Null, Stream.Null, new ProcessSignals());
        Assert.Equal(Leaves(Application.Grammar(io), "").Order(), Printing.Keys.Where(static name => name.Length > 0).Order());

        static IEnumerable<string> Leaves(System.CommandLine.Command command, string path) =>
            command.Subcommands.SelectMany(child => child.Subcommands.Count > 0 ? Leaves(child, $"{path}{child.Name} ") : [path + child.Name]);
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public void On_a_full_disk_one_sentence_is_said_and_the_exit_code_is_curls_23(string line)
    {
        var run = Command.RunOnto(new BrokenStream(errno: 28), Inputs.GetValueOrDefault(line), line.Split(' '));
        Assert.Equal((23, "firstbyte: standard output could not be written: no space is left on the device. What was printed is incomplete\n"), (run.ExitCode, run.Errors));
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public void When_the_reader_has_left_nothing_is_said(string line)
    {
        var run = Command.RunOnto(new BrokenStream(errno: 32), Inputs.GetValueOrDefault(line), line.Split(' '));
        Assert.Equal((141, ""), (run.ExitCode, run.Errors));
    }

    [Fact]
    public void The_process_itself_ends_so_on_dev_full_and_on_a_closed_pipe()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("needs Linux's /dev/full"); }
        foreach (var (redirection, expected) in ((string, (int, string))[])
        [
            ("exec \"$@\" > /dev/full", (23, "firstbyte: standard output could not be written: no space is left on the device. What was printed is incomplete\n")),
            ("exec \"$@\" >&-", (23, "firstbyte: standard output could not be written: it is not open. What was printed is incomplete\n")),
            ("set -o pipefail; \"$@\" | true", (141, "")),
        ])
        {
            var start = Command.StartInfo(["--lab", "--json", Page]);
            using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", redirection, "bash", start.FileName, .. start.ArgumentList]) { RedirectStandardError = true, UseShellExecute = false })!;
            var errors = shell.StandardError.ReadToEnd();
            shell.WaitForExit();
            Assert.Equal(expected, (shell.ExitCode, errors));
        }
    }

    /// <summary>A descriptor by its name is written as it is: a pipe, and a file behind what others wrote into it.</summary>
    [Theory]
    [InlineData("\"$@\" --body -o /dev/stdout | cat > out", "<", "")]
    [InlineData("(echo before; \"$@\" -o /dev/fd/1; echo after) > out", "before\n<", "\nafter\n")]
    [InlineData("\"$@\" -o /dev/fd/7 7>out >/dev/null", "<", "")]
    [InlineData("\"$@\" -o >(cat > out) > /dev/null; wait; sleep 0.2", "<", "")]
    // A section header block begins a capture, whatever stood in the file before.
    [InlineData("(echo before >&7; \"$@\" --pcap /dev/fd/7) 7>out >/dev/null", "before\n\n\r\r\n", "")]
    public void A_descriptor_by_its_name_is_written_where_it_stands(string redirection, string begins, string ends)
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("needs Linux's /dev/fd"); }
        using var folder = new TemporaryFolder();
        var start = Command.StartInfo(["--lab", Page]);
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", redirection, "bash", start.FileName, .. start.ArgumentList])
        { WorkingDirectory = folder.Path, RedirectStandardError = true, UseShellExecute = false })!;
        var errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.Equal("", errors);
        var text = File.ReadAllText(Path.Combine(folder.Path, "out"));
        Assert.StartsWith(begins, text, StringComparison.Ordinal);
        Assert.EndsWith(ends, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_capture_into_a_folder_says_so()
    {
        using var folder = new TemporaryFolder();
        var run = Command.Run("--lab", "--pcap", folder.Path, Page);
        Assert.Equal((23, $"firstbyte: '{folder.Path}' cannot be written: it is a directory\n"), (run.ExitCode, run.Errors));
    }

    [Fact]
    public void A_capture_on_a_full_disk_ends_with_23_and_the_story_is_told()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("needs Linux's /dev/full"); }
        var run = Command.Run("--lab", "--pcap", "/dev/full", Page);
        Assert.Contains("200 OK", run.Output);
        Assert.Equal((23, "firstbyte: '/dev/full' cannot be written: no space is left on the device\n"), (run.ExitCode, run.Errors));
    }

    /// <summary>Wherever in a journey the reader leaves, also while attempts to connect are under way, which nobody waits for then.</summary>
    [Theory]
    [InlineData("http://127.0.0.1:1/", "en")]
    [InlineData("http://127.0.0.1:1/", "zh")]
    [InlineData("--lab http://www.lab.glasscom.com/", "en")]
    [InlineData("--lab=troubles http://refused.test/", "en")]
    public async Task When_the_reader_leaves_in_the_middle_the_command_ends(string line, string language)
    {
        var wasLost = true;
        for (var writes = 0; writes < 60 && wasLost; writes++)
        {
            using var stream = new BrokenStream(errno: 32, after: writes);
            var run = await Task.Run(() => Command.RunOnto(stream, null, ["--lang", language, .. line.Split(' ')])).WaitAsync(TimeSpan.FromSeconds(60));
            wasLost = stream.IsBroken;
            if (wasLost) { Assert.Equal((141, ""), (run.ExitCode, run.Errors)); }
        }
        Assert.False(wasLost, "the command never came to its end");
    }

    /// <summary>Takes nothing, with an errno.</summary>
    private sealed class BrokenStream(int errno, int after = 0) : MemoryStream
    {
        private int _left = after;

        public bool IsBroken { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            IsBroken |= --_left < 0;
            if (IsBroken) { throw new IOException("write", errno); }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }
}
