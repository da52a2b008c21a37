using System.Text.Json;

namespace Firstbyte.Tests;

/// <summary>The command inside the built-in internet, as a user runs it.</summary>
public class LabStoryTests
{
    private const string File1 = "http://www.lab.glasscom.com/dir1/file1.html";

    [Fact]
    public void The_chapters_journey_shows_every_step_of_the_relay_and_the_page()
    {
        var run = Command.Run("--lab", File1);
        Assert.Equal(0, run.ExitCode);
        var at = 0;
        foreach (var words in (string[])
        [
            "URL       " + File1, "HTTP client", "GET /dir1/file1.html HTTP/1.1", "www.lab.glasscom.com  A?  asked 10.11.12.2 (your DNS server)",
            "referral to com", "gtld-servers.net", "referral to glasscom.com", "192.0.2.10", "referral to lab.glasscom.com", "192.0.2.20", "answer 192.0.2.226", "aa",
            "socket() → 3", "connect(3, 192.0.2.226:80) from 10.11.12.13:", "Write", "200 OK", "<html", "close(3)", "200 OK",
        ])
        {
            var found = run.Output.IndexOf(words, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{words}' is missing, or not in its place, in:\n{run.Output}");
            at = found;
        }
        Assert.All(run.Output.Split('\n'), line => Assert.True(line.Length <= 120, line));
        Assert.DoesNotContain('\x1b', run.Output);
    }

    [Fact]
    public void The_same_url_twice_asks_no_dns_server_again_and_uses_the_connection_again()
    {
        var run = Command.Run("--lab", File1, File1);
        Assert.Equal(0, run.ExitCode);
        var second = run.Output[(run.Output.IndexOf("Close     kept open for reuse", StringComparison.Ordinal) + 1)..];
        Assert.Contains("from cache", second);
        Assert.Contains("reused", second);
        Assert.DoesNotContain("referral", second);
        Assert.DoesNotContain("connect(", second[..second.IndexOf("200 OK", StringComparison.Ordinal)]);
        var events = Events(Command.Run("--lab", "--json", File1, File1).Output);
        var reuse = events.FindIndex(e => e.Event == "http.connection-reused");
        Assert.True(reuse > 0);
        Assert.DoesNotContain(events[events.FindLastIndex(e => e.Event == "journey.started")..], e => e.Event is "dns.query-sent" or "socket.connect-started");
    }

    [Fact]
    public void With_http_1_0_the_server_closes_first_and_read_reports_the_end()
    {
        var run = Command.Run("--lab", "--http1.0", File1);
        Assert.Equal(0, run.ExitCode);
        var end = run.Output.IndexOf("read(3) → 0: the server has closed its side", StringComparison.Ordinal);
        var close = run.Output.IndexOf("close(3)", StringComparison.Ordinal);
        Assert.True(end > 0 && close > end, run.Output);
    }

    [Fact]
    public void A_name_that_does_not_exist_is_denied_by_the_right_server()
    {
        var run = Command.Run("--lab", "http://nowhere.lab.glasscom.com/");
        Assert.Equal(6, run.ExitCode);
        Assert.Contains("192.0.2.20", run.Output);
        Assert.Contains("NXDOMAIN", run.Output);
        Assert.Contains("✗ The name nowhere.lab.glasscom.com does not exist", run.Output);
        Assert.Contains("At fault:", run.Output);
        Assert.Contains("Try:", run.Output);
    }

    [Fact]
    public void The_client_can_walk_down_from_the_root_itself()
    {
        var run = Command.Run("--lab", "--iterative", File1);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("asked from the root down", run.Output);
        Assert.DoesNotContain("10.11.12.2 ", run.Output);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public void Two_processes_with_one_seed_print_the_same_bytes(string scheme)
    {
        string[] arguments = ["--lab", "--json", "-v", "--seed", "7", scheme + "://www.lab.glasscom.com/"];
        var (first, second) = (Command.Run(arguments), Command.Run(arguments));
        Assert.Equal(0, first.ExitCode);
        Assert.Equal(first.Output, second.Output);
        Assert.NotEqual(first.Output, Command.Run(["--lab", "--json", "-v", "--seed", "8", scheme + "://www.lab.glasscom.com/"]).Output);
    }

    [Fact]
    public void A_saved_run_is_told_again_in_the_same_words()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "run.jsonl");
        File.WriteAllText(file, Command.Run("--lab", "--json", File1).Output);
        var again = Command.Run("story", file);
        Assert.Equal(0, again.ExitCode);
        var first = Command.Run("--lab", File1).Output;
        // The run holds no bodies: all else is the same.
        var body = Command.Run("--lab", "--body", File1).Output.TrimEnd('\n');
        Assert.Equal(first.Replace($"\n{body}\n\n", "", StringComparison.Ordinal).Replace("body shown, not saved (-o FILE saves it)\n", "", StringComparison.Ordinal), again.Output);
    }

    [Fact]
    public void Https_shows_the_session_and_the_certificate()
    {
        var run = Command.Run("--lab", "https://www.lab.glasscom.com/");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("TLS       TLS 1.3", run.Output);
        Assert.Contains("certificate ", run.Output);
    }

    [Fact]
    public void Only_the_body_is_printed_when_only_the_body_is_wanted()
    {
        var run = Command.Run("--lab", "--body", File1);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("<", run.Output);
        Assert.DoesNotContain("Socket", run.Output);
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "page.html");
        Assert.Contains("body saved to", Command.Run("--lab", "-o", file, File1).Output);
        Assert.Equal(run.Output, File.ReadAllText(file));
    }

    [Fact]
    public void The_value_of_lab_only_follows_an_equals_sign()
    {
        Assert.Equal(Command.Run("--lab", File1).Output, Command.Run("--lab=glasscom", File1).Output);
        var unknown = Command.Run("--lab=nowhere", File1);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("there is no lab and no file 'nowhere'", unknown.Errors);
    }

    [Theory]
    [InlineData("ftp://user:password@ftp.glasscom.com:21/dir/nothing.htm", 78)]
    [InlineData("mailto:tone", 3)]
    [InlineData("news:comp.nothing", 78)]
    [InlineData("data:,hello", 1)]
    [InlineData("file://localhost/c:/path/nothing.zip", 37)]
    [InlineData("http://a b/", 3)]
    [InlineData("http://mail.glasscom.com/", 7)]
    public void Failures_have_curls_exit_codes(string url, int exitCode)
    {
        var run = Command.Run("--lab", url);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains("✗ ", run.Output);
        Assert.Contains("At fault:", run.Output);
        Assert.DoesNotContain("password@", run.Output);
    }

    /// <summary>Each trouble of the lab is told with its step, its party, the evidence and curl's exit code.</summary>
    [Theory]
    [InlineData("http://www.lame.test/", 6, "REFUSED: it does not serve lame.test (lame)", "At fault: the operators of lame.test")]
    [InlineData("http://www.silent.test/", 6, "no answer in 3 tries", "At fault: the operators of silent.test")]
    [InlineData("http://www.circle.test/", 6, "ns.circle.test", "At fault: the operators of circle.test")]
    [InlineData("http://nobody.test/", 6, "NXDOMAIN", "✗ The name nobody.test does not exist")]
    [InlineData("http://refused.test/", 7, "ECONNREFUSED", "At fault: the server at refused.test:80")]
    [InlineData("http://reset.test/", 56, "reset the connection after byte 3000", "At fault: the server at reset.test:80")]
    [InlineData("http://cut.test/", 18, "ended before the body was complete", "At fault: the server at cut.test:80")]
    [InlineData("http://mute.test/", 28, "within 5 s", "At fault:")]
    [InlineData("http://endless.test/", 28, "did not finish its response within 20 ms", "At fault: the server at endless.test:80", "0.02")]
    [InlineData("https://expired.test/", 60, "expired on 2025-12-31", "the server's certificate has expired")]
    [InlineData("https://early.test/", 60, "is valid from", "is not valid yet")]
    [InlineData("https://wrong-name.test/", 60, "is for elsewhere.invalid, not for wrong-name.test", "is for another name")]
    [InlineData("https://unknown-issuer.test/", 60, "nobody here trusts", "At fault: the server at unknown-issuer.test:443")]
    [InlineData("https://self-signed.test/", 60, "self-signed", "nobody else vouches for it")]
    public void Every_trouble_is_explained(string url, int exitCode, string evidence, string fault, string limit = "5")
    {
        var run = Command.Run("--lab=troubles", "--max-time", limit, url);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(evidence, run.Output);
        Assert.Contains(fault, run.Output);
        Assert.Contains("✗ ", run.Output);
    }

    [Fact]
    public void A_faulty_certificate_can_be_accepted_and_is_told_all_the_same()
    {
        var run = Command.Run("--lab=troubles", "-k", "https://expired.test/");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("expired on 2025-12-31 (today is 2026-01-01) (allowed by -k)", run.Output);
    }

    [Fact]
    public void A_proxy_in_the_environment_is_said()
    {
        var run = Command.RunWith(null, new Dictionary<string, string> { ["http_proxy"] = "http://u:hunter2@127.0.0.1:1/" }, "http://127.0.0.1:1/");
        Assert.Equal(7, run.ExitCode);
        Assert.Contains("by way of http://127.0.0.1:1, as http_proxy says", run.Output);
        Assert.Contains("At fault: the proxy at 127.0.0.1:1", run.Output);
        Assert.DoesNotContain("hunter2", run.Output);
    }

    /// <summary>A secret in every place that may hold one shows in no output, and in every output when it is asked for.</summary>
    [Theory]
    [InlineData("-v")]
    [InlineData("--json", "-v")]
    public void No_output_shows_a_secret(params string[] output)
    {
        string[] arguments =
        [
            "--lab", .. output, "http://user:hunter2@www.lab.glasscom.com/?password=hunter2&token=hunter2", "-H", "Authorization: Bearer hunter2", "-H", "Cookie: session=hunter2",
            "-H", "Proxy-Authorization: Basic hunter2", "-d", "name=x&password=hunter2",
        ];
        var masked = Command.Run(arguments);
        Assert.DoesNotContain("hunter2", masked.Output + masked.Errors);
        // Raw bytes stand as hexadecimal in the story and as base64 in JSON.
        Assert.DoesNotContain("68 75 6e 74 65 72 32", masked.Output);
        Assert.All(["aHVudGVyM", "h1bnRlcjI", "odW50ZXIy"], piece => Assert.DoesNotContain(piece, masked.Output));
        Assert.Contains("hunter2", Command.Run([.. arguments, "--show-secrets"]).Output);
    }

    private static List<(string Event, JsonElement Json)> Events(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).Select(json => (json.GetProperty("event").GetString()!, json))];
}
