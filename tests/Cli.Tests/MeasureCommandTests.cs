using System.Text.Json.Nodes;

namespace Firstbyte.Tests;

/// <summary>-n and diff: journeys that are measured, and two runs side by side.</summary>
public sealed class MeasureCommandTests : IDisposable
{
    private const string Page = "http://www.lab.glasscom.com/dir1/file1.html";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_journey_makes_a_connection_of_its_own_unless_they_share_one()
    {
        var (lines, measured) = Measure("-n", "5", "--lab", Page);
        Assert.Equal(5, Count(lines, "socket.connect-completed"));
        Assert.Equal(5, Count(lines, "journey.completed"));
        // The name is asked for once, as its TTL is longer than the run.
        Assert.Equal((0L, 0L), (Step(measured, "Name", "median"), Step(measured, "Name", "minimum")));
        Assert.True(Step(measured, "Name", "maximum") > 0);
        Assert.True(Step(measured, "Connect", "minimum") > 0);

        (lines, measured) = Measure("-n", "5", "--keep", "--lab", Page);
        Assert.Equal(1, Count(lines, "socket.connect-completed"));
        Assert.Equal((0L, 0L), (Step(measured, "Connect", "median"), Step(measured, "Connect", "minimum")));
    }

    [Fact]
    public void Nothing_is_taken_from_the_cache_where_the_name_is_to_be_asked_for_anew()
    {
        var (_, measured) = Measure("-n", "4", "--no-cache", "--lab", Page);
        Assert.True(Step(measured, "Name", "minimum") > 0);
    }

    /// <summary>The figures are those of the journeys' own ends.</summary>
    [Fact]
    public void What_is_told_is_what_the_journeys_took()
    {
        var (lines, measured) = Measure("-n", "9", "--lab", Page);
        var totals = lines.Where(static line => Event(line) == "journey.completed").Select(static line => line["totalNanoseconds"]!.GetValue<long>()).Order().ToArray();
        Assert.Equal(9, totals.Length);
        Assert.Equal((totals[4], totals[8], totals[0], totals[8]),
            (Step(measured, "Total", "median"), Step(measured, "Total", "p95"), Step(measured, "Total", "minimum"), Step(measured, "Total", "maximum")));
        var repeated = Command.Run("-n", "9", "--lab", Page);
        var again = Command.RunWith(string.Join('\n', lines.Select(static line => line.ToJsonString())) + "\n", null, "story", "-").Output;
        Assert.Equal(repeated.Output, again);
    }

    [Fact]
    public void Failures_are_counted_and_their_times_are_not_among_the_others()
    {
        var heads = new List<string>();
        using var server = RawServer.Answering(new Queue<string>(
            [Ok, "HTTP/1.1 200", Ok, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", Ok, "nonsense\r\n\r\n"]), heads);
        var run = Command.Run("-n", "6", "--json", server.Url);
        Assert.Equal(1, run.ExitCode);
        var measured = Measured(run);
        Assert.Equal((6, 2), (measured["count"]!.GetValue<int>(), measured["failed"]!.GetValue<int>()));
        Assert.Equal("""[{"status":200,"count":3},{"status":503,"count":1}]""", measured["statuses"]!.ToJsonString());
        Assert.Equal(6, heads.Count);
    }

    [Fact]
    public void Content_goes_out_each_time()
    {
        var (_, measured) = Measure("-n", "3", "-d", "a=b", "--lab", "http://www.lab.glasscom.com/guestbook");
        Assert.Equal("""[{"status":200,"count":3}]""", measured["statuses"]!.ToJsonString());
    }

    [Fact]
    public void Each_journey_is_told_where_somebody_wants_to_read_them()
    {
        Assert.DoesNotContain("\nSocket", Command.Run("-n", "2", "--lab", Page).Output, StringComparison.Ordinal);
        Assert.Equal(2, Command.Run("-v", "-n", "2", "--lab", Page).Output.Split("\nSocket    socket() → ").Length - 1);
    }

    [Fact]
    public void At_the_prompt_of_a_lab_it_says_the_same()
    {
        var run = Command.Run("lab", "fetch", "glasscom", "-n", "3", Page);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Command.Run("-n", "3", "--lab", Page).Output, run.Output);
    }

    [Fact]
    public void Two_runs_stand_side_by_side()
    {
        Save("a", "--lab", "http://www.lab.glasscom.com/");
        Save("b", "--lab", "-L", "https://www.lab.glasscom.com/old.html");
        var run = Command.RunIn(_folder.Path, "diff", "a", "b");
        Assert.Equal((1, ""), (run.ExitCode, run.Errors));
        Assert.Contains("A         a · http://www.lab.glasscom.com/\nB         b · https://www.lab.glasscom.com/dir1/file1.html\n", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"\nTLS +0\.000 +8\.000 +\+8\.000\n", run.Output);
        Assert.Contains("\nredirects: nothing → https://www.lab.glasscom.com/dir1/file1.html\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\nversion of TLS: nothing → TLS 1.3\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\nContent-Length: 343 → 401\n", run.Output, StringComparison.Ordinal);
        // The name leads to the same address both times.
        Assert.DoesNotContain("192.0.2.226", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_alone_make_no_difference()
    {
        Save("a", "--lab", Page);
        Save("b", "--lab=glasscom", "-n", "5", Page);
        var run = Command.RunIn(_folder.Path, "diff", "a", "b");
        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith("\nnothing differs but the times\n", run.Output, StringComparison.Ordinal);
        // Of the five the medians.
        Assert.Matches(@"\nname +104\.4\d\d +0\.000 +-104\.4\d\d\n", run.Output);
    }

    [Fact]
    public void What_changes_on_a_server_is_seen()
    {
        var heads = new List<string>();
        using var server = RawServer.Answering(new Queue<string>(
        [
            "HTTP/1.1 200 OK\r\nServer: one\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nX-Old: yes\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 404 Not Found\r\nserver: two\r\nDate: Fri, 02 Jan 2026 00:00:00 GMT\r\nContent-Length: 2\r\n\r\nno",
            "HTTP/1.1 200 OK\r\nServer: one\r\nDate: Sat, 03 Jan 2026 00:00:00 GMT\r\nX-Old: yes\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Len",
        ]), heads);
        foreach (var name in (string[])["a", "b", "c", "d"]) { Save(name, server.Url); }
        var run = Command.RunIn(_folder.Path, "diff", "a", "b");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("status: 200 OK → 404 Not Found\nServer: one → two\nDate: Thu, 01 Jan 2026 00:00:00 GMT → Fri, 02 Jan 2026 00:00:00 GMT\nX-Old: yes → nothing\n", run.Output, StringComparison.Ordinal);
        run = Command.RunIn(_folder.Path, "diff", "a", "c");
        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith("Date: Thu, 01 Jan 2026 00:00:00 GMT → Sat, 03 Jan 2026 00:00:00 GMT\nnothing differs but the times\n", run.Output, StringComparison.Ordinal);
        run = Command.RunIn(_folder.Path, "diff", "a", "d");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("\nexit code of the failure: nothing → ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Journeys_that_have_none_beside_them_are_counted()
    {
        Save("a", "--lab", Page);
        Save("b", "--lab", Page, Page, Page);
        var run = Command.RunIn(_folder.Path, "diff", "a", "b");
        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith("\nb has 2 journeys more, with none beside them\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_run_that_was_cut_there_is_what_there_is()
    {
        Save("a", "--lab", Page);
        var lines = File.ReadAllLines(Path.Combine(_folder.Path, "a"));
        File.WriteAllLines(Path.Combine(_folder.Path, "b"), lines[..^3]);
        var run = Command.RunIn(_folder.Path, "diff", "a", "b");
        Assert.StartsWith("firstbyte: b: the file is cut: the run went on", run.Errors, StringComparison.Ordinal);
        Assert.Contains("B         b · ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("notes\n", "b:1: ")]
    [InlineData("{\"event\":\"trace.opened\",\"version\":1,\"level\":\"journey\"}\n{\"event\":\"trace.closed\",\"events\":0}\n", "'b' tells of no journey")]
    [InlineData("", "b")]
    public void What_is_no_run_is_told(string text, string complaint)
    {
        Save("a", "--lab", Page);
        File.WriteAllText(Path.Combine(_folder.Path, "b"), text);
        var run = Command.RunIn(_folder.Path, "diff", "a", "b");
        Assert.Equal((26, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("firstbyte: " + complaint, run.Errors, StringComparison.Ordinal);
        Assert.Equal(26, Command.RunIn(_folder.Path, "diff", "a", "nowhere").ExitCode);
    }

    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private void Save(string name, params string[] arguments) =>
        File.WriteAllText(Path.Combine(_folder.Path, name), Command.RunIn(_folder.Path, ["--json", .. arguments]).Output);

    private static (JsonNode[] Lines, JsonNode Measured) Measure(params string[] arguments)
    {
        var run = Command.Run(["--json", .. arguments]);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return ([.. Lines(run)], Measured(run));
    }

    private static IEnumerable<JsonNode> Lines(CommandRun run) =>
        run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!);

    private static JsonNode Measured(CommandRun run) => Lines(run).Single(static line => Event(line) == "journey.measured");

    private static string Event(JsonNode line) => line["event"]!.GetValue<string>();

    private static int Count(JsonNode[] lines, string name) => lines.Count(line => Event(line) == name);

    private static long Step(JsonNode measured, string step, string figure) =>
        measured["steps"]!.AsArray().Single(one => one!["step"]!.GetValue<string>() == step)![figure]!.GetValue<long>();
}
