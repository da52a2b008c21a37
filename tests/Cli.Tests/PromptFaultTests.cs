using System.Text.Json;

namespace Firstbyte.Tests;

/// <summary>What goes wrong on purpose at the prompt of a lab: one state, whatever word has changed it, and everybody tells the same of it.</summary>
public class PromptFaultTests
{
    [Fact]
    public void A_resolver_that_loses_its_power_has_learned_nothing()
    {
        var run = Script("resolve www.lab.glasscom.com\nfault down dns for 5s\nrun 1s -q\ncache dns\nrun 10s -q\nresolve www.lab.glasscom.com\n");
        Assert.Contains("dns has learned nothing yet", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("from cache", run.Output, StringComparison.Ordinal);
        Assert.Equal(3, run.Output.Split("answer 192.0.2.226, TTL 300, aa").Length);
        // Whoever goes back finds what was known then.
        run = Script("resolve www.lab.glasscom.com\nfault down dns for 5s\nback 1\ncache dns\n");
        Assert.Contains("www.lab.glasscom.com.", run.Output[run.Output.IndexOf("> cache dns", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "client has no power (fault down), and nothing runs on it. At fault: this host, client. Try: 'heal down'")]
    [InlineData("zh", "client 断电（故障 down），上面什么程序也不能运行。责任方：本机 client。可以试试：用 'heal' 消除故障 down")]
    public void On_a_machine_without_power_no_program_runs(string language, string told)
    {
        string[] programs = ["fetch http://192.0.2.226/", "resolve www.lab.glasscom.com", "ping www -c 1", "traceroute www", "dig www.lab.glasscom.com"];
        var run = Script($"fault down client for 5s\n{string.Concat(programs.Select(static program => program + "\n"))}", language);
        Assert.Equal(programs.Length, run.Errors.Split(told).Length - 1);
        Assert.Equal(7, run.ExitCode);
        // At once: no time has passed.
        Assert.DoesNotMatch(@"glasscom (?!0\.000000s)", run.Output);
        Assert.Equal(0, Script("fault down client for 5s\nheal down\nping www -c 1\n").ExitCode);
        Assert.Equal(0, Script("fault down client for 5s\nrun 6s -q\nping www -c 1\n").ExitCode);
        Assert.Contains("edge has no power", Script("fault down edge\nping www --from edge\n").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lab_whose_client_has_no_power_says_so_from_the_shell()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "off.lab");
        File.WriteAllText(file, "lab \"off\" client me\nsubnet lan 10.1.0.0/24\nhost me on lan .2\nhost www on lan .80 serves http \"hello\"\nat 0s down me\n");
        var run = Command.Run($"--lab={file}", "http://10.1.0.80/");
        Assert.Equal(7, run.ExitCode);
        Assert.Contains("me has no power (fault down)", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_mend_fault_cut_and_heal_are_about_one_state()
    {
        var run = Script("fault cut closet-office for 1s\nmend closet-office\nfaults\nlinks\n");
        Assert.Contains("closet-office is plugged in again\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("nothing goes wrong on purpose", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("CUT", run.Output, StringComparison.Ordinal);
        run = Script("cut client-office\nfaults\nlinks\nheal cut\nping www -c 1\n");
        Assert.Matches(@"(?m)^1 +cut +client-office +acts", run.Output);
        Assert.Matches(@"(?m)^client-office .* CUT", run.Output);
        Assert.Contains("fault ends: cut client-office", run.Output, StringComparison.Ordinal);
        Assert.Contains(" 1 received", run.Output, StringComparison.Ordinal);
        // Several that cut one cable, and one direction of it.
        run = Script("fault cut client-office up\nfault cut client-office for 9s\nmend client-office\nfaults\nping www -c 1\n");
        Assert.Contains("nothing goes wrong on purpose", run.Output, StringComparison.Ordinal);
        Assert.Contains(" 1 received", run.Output, StringComparison.Ordinal);
        // A way back is the same run.
        Assert.Equal(0, Script("cut client-office\nmend client-office\nping www -c 1\ngoto 0\ngoto end\nlinks\n").ExitCode);
    }

    [Theory]
    [InlineData("mend client-office", "the link client-office is not out ('links' shows which are)")]
    [InlineData("cut client-office\ncut client-office", "the link client-office is out already ('mend client-office' plugs it in)")]
    [InlineData("fault cut client-office for 1s\nrun 2s -q\nheal all", "there is nothing to heal by 'all': what there was is over ('faults' lists it)")]
    [InlineData("fault cut client-office for 1s\nrun 2s -q\nheal 1", "there is nothing to heal by '1': what there was is over ('faults' lists it)")]
    [InlineData("heal all", "there is no fault 'all': nothing goes wrong on purpose")]
    public void What_cannot_be_done_is_refused(string lines, string complaint)
    {
        var run = Script(lines + "\n");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(complaint, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Heal_names_what_it_ends_and_what_has_not_begun_but_not_what_is_over()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "times.lab");
        File.WriteAllText(file, "lab \"times\" client me\nsubnet lan 10.1.0.0/24\nhost me on lan .2\nhost www on lan .80\nat 0s down www for 1s\nat 1min down me\n");
        var run = Command.RunWith("run 2s -q\nfault lose 1%\nheal all\nfaults\n", null, "lab", "run", file);
        Assert.Contains("fault ends: lose", run.Output, StringComparison.Ordinal);
        Assert.Contains("fault will not begin: down me", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("down www\n", run.Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^1 +down +www +over", run.Output);
    }

    [Fact]
    public void Programs_are_told_of_every_change_when_it_is_made_and_once_in_a_trace()
    {
        var run = Command.RunWith(
            "fault cut www-glasscom for 1s\nrun 3s\nset glasscom.com www 60 A 1.2.3.4\nlog\nfault down www\nheal all\n", null,
            "lab", "run", "glasscom", "--json=all");
        var traces = run.Output.Split("{\"event\":\"trace.opened\"")[1..];
        Assert.Equal(3, traces.Length);
        Assert.Equal(traces[0].Split('\n')[1..], traces[1].Split('\n')[1..]);
        Assert.Equal(2, traces[0].Split("\"world.fault-changed\"").Length - 1);
        Assert.Single(traces[0].Split('\n'), static line => line.Contains("\"dns-server.zone-changed\"", StringComparison.Ordinal));
        Assert.Equal(["true", "false"], traces[2].Split("\"isActing\":")[1..].Select(static rest => rest.Split(',', '}')[0]));
        foreach (var trace in traces)
        {
            var times = ("{\"event\":\"trace.opened\"" + trace).Trim().Split('\n').Select(static line =>
            {
                using var json = JsonDocument.Parse(line);
                return json.RootElement.GetProperty("at").GetString();
            }).ToArray();
            Assert.Equal(times.Order(StringComparer.Ordinal), times);
            Assert.Contains("\"trace.closed\"", trace, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("fault cut client-office for 2m", "the link client-office is cut, for 2 min")]
    [InlineData("fault cut client-office for 2min", "the link client-office is cut, for 2 min")]
    [InlineData("fault cut client-office for 1h", "the link client-office is cut, for 1 h")]
    [InlineData("fault impair www-glasscom loss 5%", "the link www-glasscom is impaired (latency 50 µs, 5 % lost)")]
    [InlineData("fault impair www-glasscom down latency 1ms jitter 2ms rate 1Mbit queue 9kB duplicate 1% reorder 2% by 3ms corrupt 4% mtu 900",
        "is impaired, down only (latency 1 ms, jitter 2 ms, 1 Mbit/s, a queue of 9,000 bytes, 1 % doubled, 2 % held back by 3 ms, 4 % damaged, MTU 900)")]
    [InlineData("fault skew www by -5min drift 200ppm", "the clock of www is 5 min slow and runs 200 ppm too fast")]
    [InlineData("fault skew www by 0s drift -7ppm", "the clock of www runs 7 ppm too slow")]
    [InlineData("fault skew www by 1s", "the clock of www is 1 s fast\n")]
    public void A_confirmation_says_all_that_was_asked_for(string line, string told) =>
        // Long lines are wrapped.
        Assert.Contains(told, Script(line + "\n").Output.Replace(",\n", ", ", StringComparison.Ordinal), StringComparison.Ordinal);

    [Theory]
    [InlineData("en", "set glasscom.com www 60 A 1.2.3", "set:1:27: expected an IPv4 address")]
    [InlineData("en", "set nozone.com www 60 A 1.2.3.4", "set:1:5: expected a zone that a host of this lab serves, found 'nozone.com.'")]
    [InlineData("en", "unset nozone.com www A", "unset:1:7: expected a zone that a host of this lab serves")]
    [InlineData("en", "fault loose", "fault:1:7: expected impair, ")]
    [InlineData("en", "fault lose", "fault:1:11: expected a share from 0% to 100%, such as 0.1%, found the end of the line")]
    [InlineData("en", "fault refuse www", "fault:1:17: expected a port, found the end of the line")]
    [InlineData("zh", "fault lose", "实际是：行的结尾")]
    [InlineData("zh", "fault refuse www", "实际是：行的结尾")]
    public void A_place_is_counted_in_the_line_as_it_was_typed(string language, string line, string complaint) =>
        Assert.Contains(complaint, Script(line + "\n", language).Errors, StringComparison.Ordinal);

    private static CommandRun Script(string lines, string language = "en") =>
        Command.RunWith(lines, new Dictionary<string, string> { ["LC_ALL"] = language }, "lab", "run", "glasscom");
}
