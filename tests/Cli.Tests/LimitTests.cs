using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Firstbyte.Tests.Tcp;

namespace Firstbyte.Tests;

/// <summary>A limit holds within 100 ms whatever the server, the reader of standard output or the giver of a body does.</summary>
/// <remarks>Processes start late on a machine that is busy: a way has six tries, and it is enough that one shows that nothing waits.</remarks>
[Collection(nameof(Alone))]
public sealed class LimitTests : IDisposable
{
    private const int TimedOut = 28;
    private const int Tries = 6;

    private const string Limit = "0.15";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(0.15);
    private static readonly TimeSpan s_late = TimeSpan.FromMilliseconds(100);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("-o", "body")]
    [InlineData("-o", "/dev/null")]
    [InlineData()]
    [InlineData("-v")]
    public void Of_a_server_that_sends_without_end(params string[] options)
    {
        using var server = Endless();
        Within(() => Command.RunIn(_folder.Path, ["-m", Limit, .. options, server.Url]).ExitCode);
    }

    [Fact]
    public void Of_a_server_that_sends_a_byte_now_and_then_or_nothing_or_reads_nothing()
    {
        using var drip = new RawServer(static connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            while (true)
            {
                connection.Send("x");
                Thread.Sleep(5);
            }
        });
        Within(() => Command.RunIn(_folder.Path, "-m", Limit, "-o", "body", drip.Url).ExitCode);
        using var mute = new RawServer(static connection => connection.AwaitEnd());
        Within(() => Command.RunIn(_folder.Path, "-m", Limit, mute.Url).ExitCode);
        using var deaf = new RawServer(static _ => Thread.Sleep(10_000));
        File.WriteAllBytes(Path.Combine(_folder.Path, "large"), new byte[50_000_000]);
        Within(() => Command.RunIn(_folder.Path, "-m", Limit, "-d", "@large", deaf.Url).ExitCode);
    }

    /// <summary>Files answer at once, and never let a timer have its turn of themselves.</summary>
    [Theory]
    [InlineData("--body", "-o", "/dev/null", "file://FILE")]
    [InlineData("--body", "--allow-file-write", "-T", "FILE", "file://FOLDER/copy")]
    [InlineData("curl", "-q", "-s", "-o", "/dev/null", "file://FILE")]
    [InlineData("curl", "-q", "-s", "-T", "FILE", "file://FOLDER/copy")]
    public void Of_a_file_that_takes_long(params string[] words)
    {
        var name = Path.Combine(_folder.Path, "large");
        // A hole as far as the disk is concerned; what is written of it, is not.
        using (var large = File.Create(name)) { large.SetLength(words.Contains("-T") ? 3L << 30 : 1L << 43); }
        var given = words.Select(word => word.Replace("FILE", name, StringComparison.Ordinal).Replace("FOLDER", _folder.Path, StringComparison.Ordinal));
        Within(() => Command.RunIn(_folder.Path, [.. given, "-m", Limit]).ExitCode);
    }

    /// <summary>What the journey itself says of its time, where no process has to start.</summary>
    [Fact]
    public void The_time_that_is_told_is_the_limit()
    {
        using var server = Endless();
        var best = long.MaxValue;
        for (var round = 0; round < Tries && best > 250_000_000; round++)
        {
            var run = Command.RunIn(_folder.Path, "-m", Limit, "--json", "-o", "body", server.Url);
            var told = run.Output.Split('\n').First(static line => line.Contains("\"journey.completed\"", StringComparison.Ordinal));
            using var json = JsonDocument.Parse(told);
            best = Math.Min(best, json.RootElement.GetProperty("totalNanoseconds").GetInt64());
        }
        Assert.InRange(best, 150_000_000, 250_000_000);
    }

    [Theory]
    [InlineData("--body")]
    [InlineData("-o", "-")]
    [InlineData("-v")]
    [InlineData("--json=all", "-v")]
    public void Of_a_reader_that_reads_nothing(params string[] options)
    {
        using var server = Endless();
        WithinProcess(TimedOut, static _ => { }, ["-m", Limit, .. options, server.Url]);
    }

    [Fact]
    public void Of_a_transfer_in_curls_words_that_nobody_reads()
    {
        using var server = Endless();
        WithinProcess(TimedOut, static _ => { }, ["curl", "-q", "-s", "-m", Limit, server.Url]);
    }

    [Theory]
    [InlineData("--body")]
    [InlineData("--json=all", "-v")]
    public void Of_a_reader_that_reads_slowly(params string[] options)
    {
        using var server = Endless();
        WithinProcess(TimedOut, static process => Trickle(process, static () => true), ["-m", Limit, .. options, server.Url]);
    }

    [Fact]
    public void Of_a_body_whose_end_does_not_come()
    {
        using var server = RawServer.Of("", [1]);
        // Standard input is a pipe that stays open.
        WithinProcess(TimedOut, static _ => { }, ["-m", Limit, "-d", "@-", server.Url], error: "standard input cannot be read: its end did not come within the time that --max-time allows");
        if (!OperatingSystem.IsLinux()) { return; }
        NamedPipe.In(_folder);
        // What is stored goes out as it comes: the server is there already, and waits as well.
        using var waiting = new RawServer(static connection =>
        {
            connection.ReadHead();
            connection.AwaitEnd();
        });
        foreach (var options in (string[][])[["-d", "@pipe"], ["-T", "pipe"], ["-b", "pipe"]])
        {
            Within(() => Command.RunIn(_folder.Path, ["-m", Limit, .. options, waiting.Url]).ExitCode);
        }
        // In a lab no time passes that the world does not make; that of this machine does.
        Within(() => Command.RunIn(_folder.Path, ["-m", Limit, "-X", "POST", "-T", "pipe", "--lab", "http://www.lab.glasscom.com/guestbook"]).ExitCode);
    }

    /// <summary>The reader of a named pipe may never come: no journey waits for him longer than it may, in a lab neither.</summary>
    [Theory]
    [InlineData("--lab", "http://www.lab.glasscom.com/")]
    [InlineData("URL")]
    public void Of_a_named_pipe_that_nobody_reads(params string[] arguments)
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("pipes are made by mkfifo"); }
        var pipe = NamedPipe.In(_folder);
        using var server = Endless();
        string[] words = ["-o", pipe, .. arguments.Select(one => one == "URL" ? server.Url : one)];
        Within(() => Command.Run(["-m", Limit, .. words]).ExitCode);
        Assert.Contains("nobody took anything within the time that --max-time allows", Command.Run(["-m", Limit, .. words]).Output + Command.Run(["-m", Limit, "--body", .. words]).Errors, StringComparison.Ordinal);
    }

    /// <summary>Nor for the reader of a capture.</summary>
    [Fact]
    public void Of_a_capture_into_a_named_pipe_that_nobody_reads()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("pipes are made by mkfifo"); }
        var pipe = NamedPipe.In(_folder);
        string[] words = ["--lab", "--pcap", pipe, "http://www.lab.glasscom.com/"];
        Within(() => Command.Run(["-m", Limit, .. words]).ExitCode);
        Assert.Contains("nobody took anything within the time that --max-time allows", Command.Run(["-m", Limit, .. words]).Errors, StringComparison.Ordinal);
    }

    /// <summary>Over our own TCP/IP the limits hold as over the kernel's: of who sends without end, who says nothing, and who is not there.</summary>
    [Fact]
    [SupportedOSPlatform("linux")]
    public void Over_a_device_of_our_own()
    {
        if (NetworkNamespace.Obstacle() is { } obstacle) { Assert.Skip(obstacle); }
        NetworkNamespace.Run(() =>
        {
            NetworkNamespace.Ip("tuntap add dev fb4 mode tun");
            NetworkNamespace.Ip("address add 10.9.0.1/24 dev fb4");
            NetworkNamespace.Ip("link set fb4 up");
            using var endless = Endless(IPAddress.Parse("10.9.0.1"));
            Within(() => Command.RunIn(_folder.Path, "-m", Limit, "--tun", "fb4", "-o", "body", endless.Url).ExitCode);
            Within(() => Command.RunIn(_folder.Path, "-m", Limit, "--tun", "fb4", "--pcap", "run.pcapng", endless.Url).ExitCode);
            using var mute = new RawServer(static connection => connection.AwaitEnd(), IPAddress.Parse("10.9.0.1"));
            Within(() => Command.RunIn(_folder.Path, "-m", Limit, "--tun", "fb4", mute.Url).ExitCode);
            Within(() => Command.RunIn(_folder.Path, "-m", Limit, "--tun", "fb4", "http://10.9.0.99/").ExitCode);
            Within(() => Command.RunIn(_folder.Path, "--connect-timeout", Limit, "--tun", "fb4", "http://10.9.0.99/").ExitCode);
        });
    }

    [Fact]
    public void Of_connecting_over_all_addresses_and_tls()
    {
        using var mute = new RawServer(static connection => connection.AwaitEnd());
        Within(() =>
        {
            var run = Command.RunIn(_folder.Path, "--connect-timeout", Limit, mute.Url.Replace("http:", "https:", StringComparison.Ordinal));
            Assert.Contains("150 ms", run.Output, StringComparison.Ordinal);
            return run.ExitCode;
        });
        File.WriteAllText(Path.Combine(_folder.Path, "silent.lab"), """
            lab "two addresses, and nobody answers" seed 1 client client
            subnet lan 10.1.0.0/24
            host client on lan .2 nameserver 10.1.0.3
            host dns on lan .3 serves dns zone "test" { @ 300 IN SOA ns hostmaster 1 7200 900 1209600 60
                @ 300 IN NS ns
                ns 300 IN A 10.1.0.3
                two 300 IN A 10.1.0.4
                two 300 IN A 10.1.0.5 }
            host one on lan .4
            host two on lan .5
            at 0s silence one 80
            at 0s silence two 80
            """);
        var told = Command.RunIn(_folder.Path, "--lab=silent.lab", "--connect-timeout", "3", "http://two.test/");
        Assert.Equal(TimedOut, told.ExitCode);
        Assert.Contains("no answer came within 3 s", told.Output, StringComparison.Ordinal);
    }

    /// <summary>A signal ends a write that waits, in a lab too, whose limits are of virtual time.</summary>
    [Theory]
    [InlineData("--body", "--lab=troubles", "http://endless.test/")]
    [InlineData("--json=all", "--lab=troubles", "-v", "http://endless.test/")]
    [InlineData("--body", "URL")]
    public void A_signal_ends_a_write_that_nobody_reads(params string[] arguments)
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("signals are Unix's"); }
        using var server = Endless();
        // Leaving takes a runtime a moment of its own, and a busy machine lends fewer of them: no more than three starts take at the same time. What is
        // sought is a write that waits, which takes seconds.
        var (best, start) = (TimeSpan.MaxValue, TimeSpan.Zero);
        for (var round = 0; round < Tries && best > s_late + 3 * start; round++)
        {
            start = TimeOf(["--version"]);
            using var process = Process.Start(Command.StartInfo([.. arguments.Select(one => one == "URL" ? server.Url : one)]))!;
            // It has begun to write, and goes on until the pipe is full.
            process.StandardOutput.BaseStream.ReadByte();
            Thread.Sleep(300);
            var watch = Stopwatch.StartNew();
            SignalSender.Send(process, "INT");
            Assert.True(process.WaitForExit(TimeSpan.FromSeconds(20)), "the command did not end on Ctrl-C");
            best = watch.Elapsed < best ? watch.Elapsed : best;
            Assert.Equal(130, process.ExitCode);
        }
        Assert.True(best < s_late + 3 * start, $"{best.TotalMilliseconds:0} ms after the signal, where a process starts and ends in {start.TotalMilliseconds:0} ms");
    }

    private static TimeSpan TimeOf(string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(Command.StartInfo(arguments))!;
        process.StandardInput.Close();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return watch.Elapsed;
    }

    private static void Within(Func<int> run)
    {
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < Tries && best > s_limit + s_late; round++)
        {
            var watch = Stopwatch.StartNew();
            Assert.Equal(TimedOut, run());
            best = watch.Elapsed < best ? watch.Elapsed : best;
        }
        Assert.InRange(best, s_limit - s_late, s_limit + s_late);
    }

    // What a process needs besides its limit is what the same one needs that is answered at once, and a part of that for what it has to say
    // and do at the end for the first time: the runtime compiles it then.
    private static void WithinProcess(int exitCode, Action<Process> read, string[] arguments, string? error = null)
    {
        using var quick = RawServer.Of("Content-Type: text/plain\r\n", [65]);
        var (best, start) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < Tries && (round == 0 || best - start > s_limit + s_late + start / 2); round++)
        {
            var answered = TimeOf([.. arguments[..^1], quick.Url]);
            start = answered < start ? answered : start;
            var watch = Stopwatch.StartNew();
            using var process = Process.Start(Command.StartInfo(arguments))!;
            read(process);
            Assert.True(process.WaitForExit(TimeSpan.FromSeconds(20)), "the command did not end at its limit");
            best = watch.Elapsed < best ? watch.Elapsed : best;
            Assert.Equal(exitCode, process.ExitCode);
            if (error is not null) { Assert.Contains(error, process.StandardError.ReadToEnd(), StringComparison.Ordinal); }
        }
        Assert.True(best - start < s_limit + s_late + start / 2, $"{(best - start).TotalMilliseconds:0} ms beside a start of {start.TotalMilliseconds:0} ms");
    }

    private static void Trickle(Process process, Func<bool> goesOn)
    {
        var thread = new Thread(() =>
        {
            var piece = new byte[1024];
            try
            {
                while (goesOn() && process.StandardOutput.BaseStream.Read(piece) > 0) { Thread.Sleep(50); }
            }
            catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException or IOException) { return; }
        })
        { IsBackground = true };
        thread.Start();
    }

    /// <summary>A server that sends without end.</summary>
    internal static RawServer Endless(IPAddress? address = null) => new(static connection =>
    {
        connection.ReadHead();
        connection.Send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
        var piece = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("this goes on and on\n", 3000)));
        while (true) { connection.Send(piece); }
    }, address);
}

/// <summary>Tests that measure time and run while no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public static class Alone;
