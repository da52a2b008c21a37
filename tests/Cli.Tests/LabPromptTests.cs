using System.Diagnostics;
using Firstbyte.Simulation.Faults;

namespace Firstbyte.Tests;

/// <summary>The prompt of a running lab: driven by a script, and by keys in a real terminal.</summary>
public class LabPromptTests
{
    [Fact]
    public void A_script_runs_its_lines_and_goes_on_where_the_one_before_ended()
    {
        var run = Script("ping www -c 1\n# a comment\n\nping www -c 1\narp\n");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("glasscom 0.000000s> ping www -c 1", run.Output);
        // The second one finds the neighbours known.
        Assert.Contains("icmp_seq=1 ttl=60 time=16.000 ms", run.Output);
        Assert.Contains("glasscom 0.016000s> ping www -c 1", run.Output);
        Assert.Contains("icmp_seq=1 ttl=60 time=8.000 ms", run.Output);
        Assert.Matches(@"10\.11\.12\.1 +eth0 +02:00:00:00:00:01 +REACHABLE +home", run.Output);
    }

    [Fact]
    public void Going_back_shows_the_tables_of_then_and_going_on_differently_forgets_what_was_to_come()
    {
        var run = Script("ping www -c 1\ngoto 3\narp\nstep 6\narp\ngoto end\nback 5\ncut client-office\nrun 1s\nlog 2\ngoto 0\narp\n");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Errors);
        Assert.Contains("#3>", run.Output);
        Assert.Matches(@"10\.11\.12\.1 +eth0 +- +INCOMPLETE +home", run.Output);
        Assert.Matches(@"10\.11\.12\.1 +eth0 +02:00:00:00:00:01 +REACHABLE +home", run.Output);
        Assert.Contains(" of 55 · step: as recorded · ping, cut, run: anew", run.Output);
        Assert.Contains("lost on client-office: the cable is pulled", run.Output);
        Assert.Contains("before the first event", run.Output);
        Assert.EndsWith("client has learned no neighbours yet: it asks when it has something to send\n", run.Output);
    }

    [Fact]
    public void An_earlier_ping_that_still_runs_is_named_and_prints_nothing_between_the_lines_of_the_next()
    {
        var run = Script("ping www -c 3\ngoto 60\ncut client-office\nping dns -c 1\n");
        Assert.Equal("", run.Errors);
        var after = run.Output[run.Output.IndexOf("> ping dns", StringComparison.Ordinal)..];
        Assert.StartsWith("still running from earlier, and not told here: ping ('run' tells)\nPING dns (10.11.12.2)", after[(after.IndexOf('\n') + 1)..], StringComparison.Ordinal);
        Assert.DoesNotContain("icmp_seq=2", after, StringComparison.Ordinal);
        Assert.DoesNotContain("www", after, StringComparison.Ordinal);
        Assert.Contains("--- dns ping statistics ---\n1 packets transmitted, 0 received", after, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_of_lab_files_can_be_given_at_the_prompt_and_is_over_when_it_was_said()
    {
        var run = Script("fault cut client-office for 5s\nping www -c 1\nrun 5s -q\nping www -c 1\nfault loose 3\nback 1\n");
        Assert.Contains("the link client-office is cut, for 5 s", run.Output, StringComparison.Ordinal);
        Assert.Contains("1 packets transmitted, 0 received", run.Output, StringComparison.Ordinal);
        Assert.Contains("1 packets transmitted, 1 received", run.Output, StringComparison.Ordinal);
        string[] words = [.. FaultRegistry.Standard.All.Select(static kind => kind.Word)];
        Assert.Equal($"firstbyte: line 5: fault:1:7: expected {string.Join(", ", words[..^1])} or {words[^1]}, found 'loose'\n", run.Errors);
    }

    /// <summary>A page that is fetched at the prompt reads as the same page does from the shell, line by line; only what saves it is not there.</summary>
    [Fact]
    public void A_page_reads_as_from_the_shell()
    {
        var shell = Command.Run("--lab", "http://www.lab.glasscom.com/dir1/file1.html").Output.Split('\n');
        var prompt = Script("fetch http://www.lab.glasscom.com/dir1/file1.html\n").Output.Split('\n');
        Assert.Equal(shell[..^2], prompt[1..^1]);
        // What is played again on a way back is not told again.
        var again = Script("fetch http://www.lab.glasscom.com/dir1/file1.html\ngoto 3\nping dns -c 1\n").Output;
        Assert.Equal(2, again.Split("<!DOCTYPE html>").Length);
    }

    [Fact]
    public void The_second_client_is_told_that_its_answer_comes_from_the_cache()
    {
        var run = Script("fetch http://www.lab.glasscom.com/\nrun 100s -q\nfetch http://www.lab.glasscom.com/ --from client2\n");
        Assert.Matches(@"Name +www\.lab\.glasscom\.com  A\?  asked 10\.11\.12\.2 \(your DNS server\), from the responsible server +104\.4 ms", run.Output);
        Assert.Matches(@"Name +www\.lab\.glasscom\.com  A\?  asked 10\.11\.12\.2 \(your DNS server\), from cache, 100 s old, 200 s left +0\.6 ms\n +└─ your DNS server  10\.11\.12\.2  answer 192\.0\.2\.226, TTL 200", run.Output);
    }

    [Fact]
    public void A_journey_in_the_prompt_is_told_like_any_other_and_fills_the_cache()
    {
        var run = Script("fetch http://www.lab.glasscom.com/dir1/file1.html\nresolve glasscom.com MX\ncache dns\n");
        Assert.Equal(0, run.ExitCode);
        foreach (var words in (string[])["referral to glasscom.com", "by client → home → edge → city → core → www", "You have arrived", "200 OK · 401 bytes", "glasscom.com. 3600 IN MX"]) { Assert.Contains(words, run.Output); }
        Assert.Matches(@"www\.lab\.glasscom\.com\. +A +192\.0\.2\.226 +299 s +answer, aa", run.Output);
    }

    [Fact]
    public void Mistakes_are_told_with_their_line_and_what_may_be_meant()
    {
        (string Line, string Complaint)[] mistakes =
        [
            ("pnig www", "there is no command 'pnig'; did you mean 'ping'? ('help' lists them)"),
            ("down www", "there is no command 'down'; did you mean 'fault down'? ('help' lists them)"),
            ("ping wwww", "there is no host or router 'wwww' in this lab; did you mean 'www'? ('hosts' lists them)"),
            ("arp rooter", "there is no host or router 'rooter' in this lab"),
            ("cut www-glascom", "there is no link 'www-glascom' in this lab; did you mean 'www-glasscom'? ('links' lists them)"),
            ("goto 9", "there is no event '9': nothing has happened yet, and 0 is the beginning"),
            ("run", "no program is running: say how much time shall pass, e.g. 'run 5s'"),
            ("run soon", "'soon' is not a length of time"),
            ("ping www -c x", "-c 'x': a whole number is wanted"),
            ("ping www -c 0", "-c wants a number from 1 to 10000"),
            ("ping", "ping wants ADDRESS|NAME"),
            ("fetch http://x/ --from core", "core is a router: it forwards packets, and only ping and traceroute can be run from it"),
            ("resolve a..b", "'a..b' is not a domain name"),
            ("resolve a.b QX", "'QX' is not a type of record"),
            ("ping nowhere.lab.glasscom.com -c 1", "client cannot resolve the name, and no host of the lab is called so ('resolve nowhere.lab.glasscom.com' shows why)"),
        ];
        var run = Script(string.Concat(mistakes.Select(static mistake => mistake.Line + "\n")));
        Assert.Equal(6, run.ExitCode);
        Assert.All(mistakes.Index(), mistake => Assert.Contains($"firstbyte: line {mistake.Index + 1}: ", run.Errors));
        Assert.All(mistakes, mistake => Assert.Contains(mistake.Complaint, run.Errors));
    }

    [Theory]
    [InlineData("ping www -c 1\nping 192.0.2.99 -c 1", 1)]
    [InlineData("fetch http://mail.glasscom.com/\nquit\nping www", 7)]
    public void The_exit_code_is_that_of_the_last_command(string script, int exitCode) => Assert.Equal(exitCode, Script(script + "\n").ExitCode);

    [Fact]
    public void The_log_names_commands_and_hides_their_secrets()
    {
        var run = Script("fetch http://user:hunter2@www.lab.glasscom.com/?token=hunter2\nping www -c 1\nlog 1000\n");
        Assert.Contains("fetch http://user:********@www.lab.glasscom.com/", run.Output);
        Assert.Contains("ping www (192.0.2.226) begins", run.Output);
        Assert.Contains("ping www ends: 1 of 1 answered", run.Output);
        // The echo of what was typed is output too.
        Assert.DoesNotContain("hunter2", run.Output);
    }

    /// <summary>What the lab's file had planned is told when it happens, by `run` and by the log, in the reader's language.</summary>
    [Theory]
    [InlineData("en", "zone test. changes: set www.test. 60 IN A 10.1.0.81", "fault begins: cut me-lan", "fault ends: cut me-lan", "fault begins: lose")]
    [InlineData("zh", "域 test. 变更：set www.test. 60 IN A 10.1.0.81", "故障开始：网线被拔掉（me-lan）", "故障结束：网线被拔掉（me-lan）", "故障开始：丢包")]
    public void What_a_lab_has_planned_is_told_when_it_happens(string language, params string[] told)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "plans.lab");
        File.WriteAllText(file, """
            lab "plans" client me
            subnet lan 10.1.0.0/24
            host me on lan .2
            host ns on lan .53
              serves dns zone "test" {
                @    300 IN SOA ns hostmaster 1 7200 900 1209600 60
                @    300 IN NS  ns
                ns   300 IN A   10.1.0.53
                www  60  IN A   10.1.0.80
              }
            at 1s set test www 60 A 10.1.0.81
            at 2s cut me-lan for 1s
            at 4s lose 10% to me
            """);
        var environment = new Dictionary<string, string> { ["LC_ALL"] = language };
        foreach (var run in (CommandRun[])[Command.RunWith("run 6s -q\nlog 9\n", environment, "lab", "run", file), Command.RunWith(null, environment, "lab", "run", file, "--until", "6s")])
        {
            Assert.All(told, words => Assert.Contains(words, run.Output));
            Assert.Contains("#1 ", run.Output);
        }
        // A fault that is given at the prompt is one as well.
        Assert.Contains(told[1], Command.RunWith("fault cut me-lan\nlog 9\n", environment, "lab", "run", file).Output);
    }

    [Fact]
    public void Help_lists_every_command_and_explains_one()
    {
        var run = Script("help\nhelp traceroute\n");
        foreach (var word in (string[])["ping", "traceroute", "hosts", "links", "routes", "arp", "sockets", "cache", "nat", "fetch", "resolve", "cut", "mend", "faults", "heal", "set", "unset", "run", "step", "back", "goto", "log", "seed", "help", "quit", "--queries"]) { Assert.Contains(word, run.Output); }
    }

    [Fact]
    public void Until_runs_to_an_instant_and_the_same_seed_is_the_same_run()
    {
        var (first, second) = (Command.Run("lab", "run", "glasscom", "--until", "5s"), Command.Run("lab", "run", "glasscom", "--until", "5s"));
        Assert.Equal(0, first.ExitCode);
        Assert.Contains("5.000000 s", first.Output);
        Assert.Equal(first.Output, second.Output);
        Assert.NotEqual(first.Output, Command.Run("lab", "run", "glasscom", "--until", "5s", "--seed", "9").Output);
    }

    [Fact]
    public void A_capture_holds_the_run_that_led_to_the_end()
    {
        using var folder = new TemporaryFolder();
        var (once, twice) = (Path.Combine(folder.Path, "once.pcapng"), Path.Combine(folder.Path, "twice.pcapng"));
        Assert.Equal(0, Command.RunWith("ping www -c 1\n", null, "lab", "run", "glasscom", "--pcap", once).ExitCode);
        // Back and forth again is the same run.
        Assert.Equal(0, Command.RunWith("ping www -c 1\nback 7\ngoto end\n", null, "lab", "run", "glasscom", "--pcap", twice).ExitCode);
        Assert.Equal(File.ReadAllBytes(once), File.ReadAllBytes(twice));
        Assert.True(new FileInfo(once).Length > 1_000);
    }

    /// <summary>In a terminal: Tab completes, the arrow keys bring back lines, Ctrl-C stops a ping and not the prompt, Ctrl-D ends.</summary>
    [Fact]
    public async Task In_a_terminal_keys_do_what_a_shell_has_taught()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("pseudo-terminals are opened by Linux's python3"); }
        if (!HasPython()) { Assert.Skip("python3 is not installed, which opens the pseudo-terminal"); }
        SignalSender.Demand("INT");
        using var folder = new TemporaryFolder();
        var start = Command.StartInfo([]);
        var keys = new[]
        {
            // Send, and what has to be seen afterwards.
            ("", "s> "), ("trac\t", "traceroute "), ("ww\t -q 1\r", " 5  www"), ("ping www -c 10000 -i 100ms -t 6\u007f64\r", "icmp_seq=3"), ("\u0003", "stopped at"),
            ("\u001b[A\u001b[A", "traceroute www"), ("\u0003", "s> "), ("hosts\r", "ns1.lab.glasscom"), ("\u0004", "<end>"),
        };
        var script = Path.Combine(folder.Path, "terminal.py");
        await File.WriteAllTextAsync(script, Terminal, TestContext.Current.CancellationToken);
        var python = new ProcessStartInfo("python3") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[script, .. keys.SelectMany(static key => new[] { key.Item1, key.Item2 }), "--", start.FileName, .. start.ArgumentList, "lab", "run", "glasscom"]) { python.ArgumentList.Add(argument); }
        python.Environment["XDG_STATE_HOME"] = folder.Path;
        python.Environment["TERM"] = "xterm";
        using var process = Process.Start(python)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + await errors);
        Assert.Equal(["traceroute www -q 1", "ping www -c 10000 -i 100ms -t 64", "hosts"], await File.ReadAllLinesAsync(Path.Combine(folder.Path, "firstbyte", "lab-history"), TestContext.Current.CancellationToken));
    }

    // Opens a pseudo-terminal, sends keys one group after the other, and waits each time until the words have been printed.
    private const string Terminal = """
        import os, pty, select, sys, time
        at = sys.argv.index("--")
        pairs, command = sys.argv[1:at], sys.argv[at + 1:]
        child, terminal = pty.fork()
        if child == 0:
            os.execvp(command[0], command)
        seen = b""
        def wait(words, limit=40):
            global seen
            end = time.monotonic() + limit
            while words not in seen:
                if time.monotonic() > end:
                    sys.exit("no %r in %r" % (words, seen))
                if select.select([terminal], [], [], 0.1)[0]:
                    try: piece = os.read(terminal, 65536)
                    except OSError: piece = b""
                    if not piece:
                        if words == b"<end>":
                            return
                        sys.exit("ended before %r: %r" % (words, seen))
                    seen += piece
            seen = seen[seen.index(words) + len(words):]
        for keys, words in zip(pairs[::2], pairs[1::2]):
            if keys:
                os.write(terminal, keys.encode())
            wait(words.encode())
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) and 0)
        """;

    private static bool HasPython() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(static folder => File.Exists(Path.Combine(folder, "python3")));

    private static CommandRun Script(string lines) => Command.RunWith(lines, null, "lab", "run", "glasscom");
}
