using System.Diagnostics;
using System.Text;

namespace Firstbyte.Tests;

/// <summary>What signals do to the process itself.</summary>
public class SignalTests
{
    private const string Zone = "$TTL 300\n@ SOA ns1 host 1 7200 3600 1209600 60\n@ NS ns1\nns1 A 127.0.0.1\nwww A 192.0.2.1\n";

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_random_world_ends_in_order(string signal, int exitCode)
    {
        using var run = Running.Start("sim", "--seeds", "1..100000", "--hashes");
        run.WaitForOutput("1 ");
        run.Signal(signal);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal("", run.Errors);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_body_that_has_not_come_whole_is_told(string signal, int exitCode)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "body");
        using var run = Running.Start("--lab=troubles", "--json", "-o", file, "http://endless.test/");
        run.WaitForOutput("response-head-received");
        run.Signal(signal);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Matches(@"^firstbyte: interrupted: .*body is as it was; [\d,]+ bytes of the body are in body\.part\n$", run.Errors);
        Assert.False(File.Exists(file));
        Assert.True(new FileInfo(file + ".part").Length > 0);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_server_ends_with_the_signal_s_code(string signal, int exitCode)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "example.zone");
        File.WriteAllText(file, Zone);
        using var run = Running.Start("serve", "dns", "--zone", "example=" + file, "--listen", "127.0.0.1:0");
        run.WaitForErrors("listening on");
        run.Signal(signal);
        Assert.Equal(exitCode, run.ExitCode);
    }

    [Fact]
    public void A_hangup_reads_the_zones_again_and_keeps_them_when_one_is_faulty()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("needs Unix"); }
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "example.zone");
        File.WriteAllText(file, Zone);
        using var run = Running.Start("serve", "dns", "--zone", "example=" + file, "--listen", "127.0.0.1:0");
        var server = run.WaitForErrors("listening on").Split(' ')[2].TrimEnd(',');
        Assert.Contains("192.0.2.1", Command.Run("resolve", "--server", server, "www.example").Output);
        File.WriteAllText(file, Zone.Replace("host 1 ", "host 2 ", StringComparison.Ordinal).Replace("192.0.2.1", "192.0.2.2", StringComparison.Ordinal));
        run.Signal("HUP");
        run.WaitForErrors("serial 2");
        // What is said is said before the new zones are served, by some instructions.
        for (var tries = 0; tries < 100 && !Command.Run("resolve", "--server", server, "www.example").Output.Contains("192.0.2.2", StringComparison.Ordinal); tries++) { Thread.Sleep(20); }
        Assert.Contains("192.0.2.2", Command.Run("resolve", "--server", server, "www.example").Output);
        File.WriteAllText(file, "nonsense");
        run.Signal("HUP");
        run.WaitForErrors("the zones are served as they were");
        Assert.Contains("192.0.2.2", Command.Run("resolve", "--server", server, "www.example").Output);
        run.Signal("TERM");
        Assert.Equal(143, run.ExitCode);
    }

    [Fact]
    public void A_zone_that_takes_long_to_read_is_left_at_the_first_signal()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("needs Unix"); }
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "long.zone");
        var text = new StringBuilder(Zone);
        for (var i = 0; i < 500_000; i++) { text.Append('h').Append(i).Append(" A 192.0.2.9\n"); }
        File.WriteAllText(file, text.ToString());
        using var run = Running.Start("serve", "dns", "--zone", "example=" + file, "--listen", "127.0.0.1:0");
        // The runtime has to be up, so that it is the command that the signal meets.
        Thread.Sleep(400);
        var watch = Stopwatch.StartNew();
        run.Signal("TERM");
        Assert.Equal(143, run.ExitCode);
        Assert.DoesNotContain("listening", run.Errors);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed.TotalSeconds:F1} s");
    }

    [Fact]
    public void A_server_whose_log_has_no_room_lives_and_counts()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("needs Linux's /dev/full"); }
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "example.zone");
        File.WriteAllText(file, Zone);
        using var run = Running.StartIn("exec \"$@\" > /dev/full", "serve", "dns", "--json", "--zone", "example=" + file, "--listen", "127.0.0.1:0");
        var server = run.WaitForErrors("listening on").Split(' ')[2].TrimEnd(',');
        for (var i = 0; i < 3; i++) { Assert.Contains("192.0.2.1", Command.Run("resolve", "--server", server, "www.example").Output); }
        run.Signal("TERM");
        Assert.Equal(143, run.ExitCode);
        Assert.Matches(@"firstbyte: \d+ lines of the log could not be written\n$", run.Errors);
    }

    /// <summary>A command that runs.</summary>
    private sealed class Running : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        private readonly Process _process;
        private readonly StringBuilder _output = new();
        private readonly StringBuilder _errors = new();

        private Running(ProcessStartInfo start)
        {
            if (OperatingSystem.IsWindows()) { Assert.Skip("signals are Unix's"); }
            _process = Process.Start(start)!;
            _process.StandardInput.Close();
            Collect(_process.StandardOutput, _output);
            Collect(_process.StandardError, _errors);
        }

        public int ExitCode
        {
            get
            {
                Assert.True(_process.WaitForExit(Patience), "the command did not end on the signal");
                _process.WaitForExit();
                return _process.ExitCode;
            }
        }

        public string Errors
        {
            get
            {
                if (_process.HasExited) { Thread.Sleep(50); }
                lock (_errors) { return _errors.ToString(); }
            }
        }

        public static Running Start(params string[] arguments) => new(Command.StartInfo(arguments));

        public static Running StartIn(string script, params string[] arguments)
        {
            var command = Command.StartInfo(arguments);
            var start = new ProcessStartInfo("sh", ["-c", script, "sh", command.FileName, .. command.ArgumentList]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            return new Running(start);
        }

        public string WaitForOutput(string words) => Wait(_output, words);

        public string WaitForErrors(string words) => Wait(_errors, words);

        public void Signal(string signal)
        {
            using var kill = Process.Start(new ProcessStartInfo("kill", ["-" + signal, _process.Id.ToString()]) { UseShellExecute = false })!;
            kill.WaitForExit();
        }

        public void Dispose()
        {
            if (!_process.HasExited) { _process.Kill(); }
            _process.Dispose();
        }

        private static void Collect(StreamReader reader, StringBuilder into)
        {
            var thread = new Thread(() =>
            {
                while (reader.ReadLine() is { } line)
                {
                    lock (into) { into.Append(line).Append('\n'); }
                }
            })
            { IsBackground = true };
            thread.Start();
        }

        // The line that has the words.
        private string Wait(StringBuilder heard, string words)
        {
            var watch = Stopwatch.StartNew();
            while (watch.Elapsed < Patience)
            {
                lock (heard)
                {
                    var text = heard.ToString();
                    if (text.Split('\n').FirstOrDefault(line => line.Contains(words, StringComparison.Ordinal)) is { } line) { return line; }
                }
                Thread.Sleep(10);
            }
            Assert.Fail($"no '{words}' in: {heard} {_errors}");
            return "";
        }
    }
}
