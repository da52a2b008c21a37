using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Firstbyte.Cli.Prompting;

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
        using var run = RunningCommand.Start("sim", "--seeds", "1..100000", "--hashes");
        run.WaitForOutput("1 ");
        run.Signal(signal);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal("", run.Errors);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public void A_body_that_has_not_come_whole_is_told(string signal, int exitCode)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "body");
        using var run = RunningCommand.Start("--lab=troubles", "--json", "-o", file, "http://endless.test/");
        run.WaitForOutput("response-head-received");
        run.Signal(signal);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Matches(@"^firstbyte: interrupted: there is no .*body; [\d,]+ bytes of the body are in \S*body\.part\n$", run.Errors);
        Assert.False(File.Exists(file));
        Assert.True(new FileInfo(file + ".part").Length > 0);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public void Of_a_server_that_says_nothing_that_is_told(string signal, int exitCode)
    {
        using var server = new RawServer(static connection => connection.AwaitEnd());
        using var run = RunningCommand.Start("-v", server.Url);
        run.WaitForOutput("User-Agent:");
        run.Signal(signal);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal("firstbyte: interrupted: nothing of a body had come\n", run.Errors);
    }

    /// <summary>Ctrl-C is how a ping is ended, with its statistics; who terminates it hears so.</summary>
    [Theory]
    [InlineData("INT", 0)]
    [InlineData("TERM", 143)]
    public void A_ping_ends_with_its_statistics(string signal, int exitCode)
    {
        using var run = RunningCommand.Start("ping", "127.0.0.1", "-c", "100");
        run.WaitForOutput("seq");
        run.Signal(signal);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains("received", run.Output, StringComparison.Ordinal);
    }

    /// <summary>No command that runs for a while ends without a word.</summary>
    [Theory]
    [InlineData("lab fetch troubles http://endless.test/", "200 OK", @"^firstbyte: (interrupted: .*\nfirstbyte: )?stopped at [\d.]+ s\n$")]
    [InlineData("lab cut troubles mute-internet --then 'ping client -c 1' --then 'fetch http://endless.test/'", "1 received", @"stopped at [\d.]+ s\n$")]
    public void A_lab_that_is_interrupted_says_so(string line, string when, string told)
    {
        using var run = RunningCommand.Start([.. TypedWords.Split(line, out _)]);
        run.WaitForOutput(when);
        run.Signal("INT");
        Assert.Equal(130, run.ExitCode);
        Assert.Matches(told, run.Errors);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_name_that_is_waited_for_is_given_up_with_a_word(string signal, int exitCode)
    {
        using var mute = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var run = RunningCommand.Start("resolve", "--server", $"{mute.Client.LocalEndPoint}", "www.test.");
        mute.Client.ReceiveTimeout = 30_000;
        IPEndPoint? asking = null;
        mute.Receive(ref asking);
        run.Signal(signal);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal("firstbyte: interrupted\n", run.Errors);
    }

    [Fact]
    public void A_server_that_still_reads_its_zones_says_so_and_goes()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("pipes are made by mkfifo"); }
        using var folder = new TemporaryFolder();
        var zone = NamedPipe.In(folder);
        using var run = RunningCommand.Start("serve", "dns", "--zone", $"test={zone}", "--listen", "127.0.0.1:0");
        // It is open when the other side reads it, which waits for more from then on.
        using var file = NamedPipe.OpenWriting(zone);
        file.Write("@ 300 IN SOA ns hostmaster 1 7200 900 1209600 60\n"u8);
        var watch = Stopwatch.StartNew();
        run.Signal("TERM");
        Assert.Equal(143, run.ExitCode);
        Assert.Equal("firstbyte: ended while the zones were read: nobody was served\n", run.Errors);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed.TotalSeconds:F1} s");
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public void A_prompt_that_waits_for_a_line_keeps_what_was_captured(string signal, int exitCode)
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("pipes are made by mkfifo"); }
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "run.pcapng");
        var pipe = Path.Combine(folder.Path, "lines");
        using (var make = Process.Start(new ProcessStartInfo("mkfifo", [pipe]) { UseShellExecute = false })!) { make.WaitForExit(); }
        // Opened for both, so that nobody waits for the other end.
        using var lines = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        using var run = RunningCommand.StartIn($"exec \"$@\" < '{pipe}'", "lab", "run", "glasscom", "--pcap", file);
        lines.Write("ping www -c 1\n"u8);
        run.WaitForOutput("1 received");
        run.Signal(signal);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.True(new FileInfo(file).Length > 500);
    }

    /// <summary>Who supervises servers ends them with SIGTERM, and takes any code but 0 for a failure.</summary>
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 0)]
    public void A_server_that_is_ended_in_order_has_not_failed(string signal, int exitCode)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "example.zone");
        File.WriteAllText(file, Zone);
        using var run = RunningCommand.Start("serve", "dns", "--zone", "example=" + file, "--listen", "127.0.0.1:0");
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
        using var run = RunningCommand.Start("serve", "dns", "--zone", "example=" + file, "--listen", "127.0.0.1:0");
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
        run.WaitForErrors("zone example. is served as it was");
        Assert.Contains("192.0.2.2", Command.Run("resolve", "--server", server, "www.example").Output);
        run.Signal("TERM");
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void A_hangup_while_zones_are_read_for_the_first_time_is_no_end()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("pipes are made by mkfifo"); }
        using var folder = new TemporaryFolder();
        var pipe = NamedPipe.In(folder);
        using var run = RunningCommand.Start("serve", "dns", "--zone", "example=" + pipe, "--listen", "127.0.0.1:0");
        using (var file = NamedPipe.OpenWriting(pipe))
        {
            run.Signal("HUP");
            file.Write(Encoding.ASCII.GetBytes(Zone));
        }
        // Its request is followed when it can be.
        run.WaitForErrors("serial 1");
        using (var file = NamedPipe.OpenWriting(pipe)) { file.Write(Encoding.ASCII.GetBytes(Zone)); }
        run.WaitForErrors("listening on");
        Assert.Equal(2, run.Errors.Split("serial 1").Length - 1);
        run.Signal("TERM");
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("ended", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_whose_log_has_no_room_lives_and_counts()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("needs Linux's /dev/full"); }
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "example.zone");
        File.WriteAllText(file, Zone);
        using var run = RunningCommand.StartIn("exec \"$@\" > /dev/full", "serve", "dns", "--json", "--zone", "example=" + file, "--listen", "127.0.0.1:0");
        var server = run.WaitForErrors("listening on").Split(' ')[2].TrimEnd(',');
        for (var i = 0; i < 3; i++) { Assert.Contains("192.0.2.1", Command.Run("resolve", "--server", server, "www.example").Output); }
        run.Signal("TERM");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"firstbyte: \d+ lines of the log could not be written\n$", run.Errors);
    }

    /// <summary>A shell's loop ends when its program dies of Ctrl-C, and goes on after one that only exits with 130: the command ends by the signal itself.</summary>
    [Theory]
    [InlineData("", "SIGINT")]
    [InlineData("", "SIGTERM")]
    [InlineData("curl", "SIGINT")]
    public void Whoever_is_stopped_dies_of_the_signal(string face, string signal)
    {
        const string Python = "/usr/bin/python3";
        if (!File.Exists(Python)) { Assert.Skip("only another program can tell an exit from an end by a signal: apt-get install python3"); }
        SignalSender.Demand("INT");
        using var server = new RawServer(static connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
            connection.AwaitEnd();
        });
        const string Script = """
            import signal, subprocess, sys
            own = subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            while b"abc" not in own.stdout.read(1) + own.stdout.read(2): pass
            own.send_signal(getattr(signal, sys.argv[1]))
            print(signal.Signals(-own.wait()).name if own.wait() < 0 else own.wait())
            """;
        var command = Command.StartInfo([.. (face.Length > 0 ? (string[])[face] : []), "-s", "-N", server.Url]);
        if (face.Length == 0) { command.ArgumentList.Remove("-N"); }
        string[] words = ["-c", Script, signal, command.FileName, .. command.ArgumentList];
        command.FileName = Python;
        command.ArgumentList.Clear();
        foreach (var word in words) { command.ArgumentList.Add(word); }
        using var process = System.Diagnostics.Process.Start(command)!;
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(signal, process.StandardOutput.ReadToEnd().Trim());
    }
}
