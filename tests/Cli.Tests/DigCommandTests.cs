namespace Firstbyte.Tests;

/// <summary><c>firstbyte dig</c>: dig's words and exit codes, in a lab and at its prompt.</summary>
public class DigCommandTests
{
    [Fact]
    public void In_a_lab_it_asks_a_machine_of_the_lab()
    {
        var run = Command.Run("dig", "--lab", "@dns", "www.lab.glasscom.com", "+short");
        Assert.Equal((0, "192.0.2.226\n", ""), (run.ExitCode, run.Output, run.Errors));
        Assert.Equal(run, Command.Run("lab", "dig", "glasscom", "@dns", "www.lab.glasscom.com", "+short"));
    }

    [Fact]
    public void Without_a_server_it_asks_the_one_that_the_host_is_configured_for()
    {
        var run = Command.Run("dig", "--lab", "www.lab.glasscom.com");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.StartsWith("\n; <<>> DiG firstbyte-", run.Output, StringComparison.Ordinal);
        Assert.Contains("www.lab.glasscom.com.\t", run.Output, StringComparison.Ordinal);
        Assert.Contains("\tIN\tA\t192.0.2.226\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void At_the_prompt_a_way_back_shows_it_once()
    {
        var run = Command.RunWith("dig @dns www.lab.glasscom.com +short\ngoto 1\ngoto end\n", null, "lab", "run", "glasscom");
        Assert.Equal(0, run.ExitCode);
        Assert.Single(run.Output.Split('\n'), static line => line == "192.0.2.226");
    }

    /// <summary>dig(1), "FILES": ${HOME}/.digrc before the command line, unless -r says no.</summary>
    [Fact]
    public void A_user_has_his_habits_in_a_file()
    {
        using var home = new TemporaryFolder();
        var environment = new Dictionary<string, string> { ["HOME"] = home.Path };
        string[] line = ["dig", "--lab", "@dns", "www.lab.glasscom.com"];
        var plain = Command.RunWith("", environment, line);
        Assert.Contains(";; ANSWER SECTION:", plain.Output, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(home.Path, ".digrc"), "# what I like\n+short\n\n");
        Assert.Equal("192.0.2.226\n", Command.RunWith("", environment, line).Output);
        Assert.Contains(";; ANSWER SECTION:", Command.RunWith("", environment, [.. line, "-r"]).Output, StringComparison.Ordinal);
        Assert.Contains("\tIN\tA\t192.0.2.226\n", Command.RunWith("", environment, [.. line, "+noshort"]).Output, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(home.Path, ".digrc"), "+shrot\n");
        var wrong = Command.RunWith("", environment, line);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains(".digrc': ", wrong.Errors, StringComparison.Ordinal);
        Assert.Contains("did you mean '+short'", wrong.Errors, StringComparison.Ordinal);
    }

    /// <summary>What is asked and answered beside the records stands in the events, each option with its own members.</summary>
    [Fact]
    public void Options_have_their_types_in_the_events()
    {
        var run = Command.Run("dig", "--lab", "--json", "@dns", "www.lab.glasscom.com", "+subnet=192.0.2.0/24", "+padding=128", "+nsid", "+ednsopt=13:00");
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static one => System.Text.Json.Nodes.JsonNode.Parse(one)!).ToArray();
        var sent = lines.First(static one => one["event"]!.GetValue<string>() == "dns.query-sent")["options"]!.AsArray();
        Assert.Contains("""{"option":"ecs","address":"192.0.2.0","sourceLength":24,"scopeLength":0}""", sent.Select(static one => one!.ToJsonString()));
        Assert.Contains("""{"option":"chain","closestTrustPoint":"."}""", sent.Select(static one => one!.ToJsonString()));
        Assert.Equal(["chain", "cookie", "ecs", "nsid", "padding"], sent.Select(static one => one!["option"]!.GetValue<string>()).Order());
    }

    [Fact]
    public void A_trace_begins_at_the_root_and_ends_with_the_answer()
    {
        var run = Command.Run("dig", "--lab", "+trace", "www.lab.glasscom.com");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var received = run.Output.Split('\n').Where(static line => line.StartsWith(";; Received ", StringComparison.Ordinal)).ToArray();
        Assert.True(received.Length >= 4, run.Output);
        Assert.Contains("www.lab.glasscom.com.\t", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_story_and_the_events_stand_in_place_of_its_output()
    {
        var story = Command.Run("dig", "--lab", "--explain", "@dns", "www.lab.glasscom.com");
        Assert.Equal(0, story.ExitCode);
        Assert.DoesNotContain("<<>>", story.Output, StringComparison.Ordinal);
        Assert.Contains("192.0.2.226", story.Output, StringComparison.Ordinal);
        var events = Command.Run("dig", "--lab", "--json", "@dns", "www.lab.glasscom.com");
        Assert.Equal(0, events.ExitCode);
        Assert.All(events.Output.TrimEnd('\n').Split('\n'), static line => Assert.StartsWith("{", line, StringComparison.Ordinal));
        Assert.Contains("\"dns.question-answered\"", events.Output, StringComparison.Ordinal);
    }

    /// <summary>As dig goes on, and from what is on the line to what is in the file.</summary>
    [Fact]
    public void A_type_that_is_none_is_passed_over_and_a_batch_comes_behind_the_line()
    {
        var run = Command.Run("dig", "--lab", "@dns", "+noall", "+answer", "-t", "FROB", "-c", "XX", "www.lab.glasscom.com");
        Assert.Equal((0, ";; Warning, ignoring invalid type FROB\n;; Warning, ignoring invalid class XX\n"), (run.ExitCode, run.Errors));
        Assert.Contains("\tIN\tA\t", run.Output, StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "batch"), "www.lab.glasscom.com TXT -t FROB\n");
        run = Command.RunIn(folder.Path, ["dig", "--lab", "@dns", "+noall", "+question", "-f", "batch", "-x", "three.little.words"]);
        Assert.Equal(";; Warning, ignoring invalid type FROB\n", run.Errors);
        Assert.Matches(";words\\.little\\.three\\.in-addr\\.arpa\\.\\s+IN\\s+PTR\\n(.|\n)*;www\\.lab\\.glasscom\\.com\\.\\s+IN\\s+TXT", run.Output);
    }

    [Theory]
    [InlineData("dig --lab +shrot x", 1, "firstbyte: there is no option '+shrot'; did you mean '+short'?\n")]
    [InlineData("dig --lab +nocoments x", 1, "firstbyte: there is no option '+nocoments'; did you mean '+nocomments'?\n")]
    [InlineData("dig --lab +yaml x", 1, "firstbyte: dig has '+yaml', and it is not done here\n")]
    [InlineData("dig --lab +subnet x", 1, "firstbyte: +subnet wants ADDR[/N]\n")]
    [InlineData("dig --lab +bufsize=x x", 10, "firstbyte: 'x' is no value of '+bufsize'\n")]
    [InlineData("dig --lab -p x x", 1, "firstbyte: 'x' is no value of '-p'\n")]
    [InlineData("dig --lab -b x x", 1, "firstbyte: 'x' is no value of '-b'\n")]
    [InlineData("dig --lab -y x x", 1, "firstbyte: '***' is no value of '-y'\n")]
    [InlineData("dig --lab +cookie=zz x", 1, "firstbyte: 'zz' is no value of '+cookie'\n")]
    [InlineData("dig --lab -k /nonexistent/key x", 1, "firstbyte: '/nonexistent/key' cannot be read: there is no such file\n")]
    [InlineData("dig --lab a..b", 10, "firstbyte: 'a..b' is not a domain name: labels have 1 to 63 bytes, a whole name at most 255\n")]
    [InlineData("dig --lab -f /nonexistent/batch", 8, "firstbyte: '/nonexistent/batch' cannot be read: there is no such file\n")]
    [InlineData("dig --lab @nosuch x", 1, "firstbyte: there is no server to ask: no address of 'nosuch' is known, or none of the version that was asked for; name a server by its address: @192.0.2.53\n")]
    public void What_is_wrong_is_said_with_digs_exit_code(string line, int exitCode, string errors)
    {
        var run = Command.Run(line.Split(' '));
        Assert.Equal((exitCode, "", errors), (run.ExitCode, run.Output, run.Errors));
    }

    [Fact]
    public void Where_nobody_answers_the_exit_code_is_9()
    {
        var run = Command.Run("dig", "--lab", "@192.0.2.254", "x", "+tries=1", "+time=1");
        Assert.Equal((9, ""), (run.ExitCode, run.Errors));
        Assert.EndsWith(";; no servers could be reached\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_is_a_line_a_question_and_the_secret_of_a_key_is_shown_nowhere()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "batch");
        File.WriteAllText(file, "# names\nwww.lab.glasscom.com +short\n\n-y name:c2VjcmV0c2VjcmV0 www.lab.glasscom.com\n");
        var run = Command.Run("dig", "--lab", "@dns", "-f", file);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("192.0.2.226\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", run.Output, StringComparison.Ordinal);
        Assert.Contains("-y name:***", run.Output, StringComparison.Ordinal);
    }
}
