using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Firstbyte.Tests;

/// <summary>firstbyte doctor: what it prints, with which exit code, and where it works.</summary>
public sealed class DoctorCommandTests : IDisposable
{
    private const string Site = "https://www.lab.glasscom.com/";

    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private string _fields = "Strict-Transport-Security: max-age=31536000\r\nCache-Control: no-cache\r\nContent-Type: text/plain; charset=utf-8\r\nETag: \"1\"\r\n";
    private string _status = "200 OK";

    public DoctorCommandTests() => File.WriteAllText(Path.Combine(_folder.Path, "root.pem"), _authority.RootPem);

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_site_of_this_machine_is_examined_and_the_exit_code_says_the_worst()
    {
        using var peer = Serve();
        var run = Examine(peer);
        // An address has neither HSTS nor the other version: what is left is the newer versions of HTTP.
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("\n0 errors, 0 warnings, 2 notes · 4 looks · ", run.Output, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1 · 200 OK · 5 bytes · TLS 1.3", run.Output, StringComparison.Ordinal);

        _fields += "Set-Cookie: id=secret-value\r\n";
        run = Examine(peer);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            "Warning   The cookie id has no Secure: it also goes over connections that everybody reads.\n          Do: set it with Secure.\n          RFC 6265bis 4.1.2.5\n",
            run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-value", run.Output, StringComparison.Ordinal);

        _status = "500 Internal Server Error";
        run = Examine(peer);
        Assert.Equal(2, run.ExitCode);
        var (error, warning, note) = (At("Error     "), At("Warning   "), At("Note      "));
        Assert.True(0 < error && error < warning && warning < note, run.Output);

        int At(string label) => run.Output.IndexOf("\n" + label, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_nobody_vouches_for_is_an_error()
    {
        using var peer = Serve();
        var run = Command.RunIn(_folder.Path, "doctor", peer.Url);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Error     Browsers refuse the site: nobody here trusts CN=Test Root, who issued the certificate of CN=server (at", run.Output, StringComparison.Ordinal);
        Assert.Contains("Do: let the server send the certificates between its own and the root", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_journeys_of_the_looks_are_told_where_somebody_wants_to_read_them()
    {
        Assert.DoesNotContain("\nSocket ", Command.Run("doctor", "--lab", Site).Output, StringComparison.Ordinal);
        var verbose = Command.Run("doctor", "--lab", "-v", Site);
        Assert.Contains("\nSocket ", verbose.Output, StringComparison.Ordinal);
        Assert.EndsWith("looks · 214.2 ms\n", verbose.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_printed_for_programs_is_told_again_in_the_same_words()
    {
        var json = Command.Run("doctor", "--lab", "--json", Site);
        var lines = json.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(1, lines[0]["version"]!.GetValue<int>());
        var validator = new SchemaValidator(EventSchema.Make());
        Assert.All(
            json.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Null(validator.Check(JsonDocument.Parse(line).RootElement)));
        var found = lines.Where(static line => line["event"]!.GetValue<string>() == "doctor.finding-found").ToArray();
        Assert.Contains(found, static line => line["finding"]!["kind"]!.GetValue<string>() == "hsts-missing"
            && line["severity"]!.GetValue<string>() == "Warning" && line["because"]!.GetValue<string>() == "RFC 6797 6.1");
        var completed = lines.Single(static line => line["event"]!.GetValue<string>() == "doctor.examination-completed");
        Assert.Equal((json.ExitCode, found.Length), (completed["exitCode"]!.GetValue<int>(),
            completed["errors"]!.GetValue<int>() + completed["warnings"]!.GetValue<int>() + completed["notes"]!.GetValue<int>()));
        Assert.Equal(Command.Run("doctor", "--lab", Site).Output, Command.RunWith(json.Output, null, "story", "-").Output);
    }

    [Theory]
    [InlineData("https://expired.test/", "expired on 2025-12-31")]
    [InlineData("https://self-signed.test/", "self-signed")]
    [InlineData("http://refused.test/", "")]
    [InlineData("http://reset.test/", "")]
    [InlineData("http://nobody.test/", "")]
    public void The_troubles_of_a_lab_are_errors(string url, string what)
    {
        var run = Command.Run("doctor", "--lab=troubles", "--max-time", "60", url);
        Assert.Equal((2, ""), (run.ExitCode, run.Errors));
        Assert.Contains("\nError     ", run.Output, StringComparison.Ordinal);
        Assert.Contains(what, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Again_and_again_it_says_only_what_has_changed()
    {
        var run = Command.Run("doctor", "--lab", "--count", "3", "--interval", "5s", Site);
        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith("round 2: nothing has changed · 0 errors, 2 warnings, 4 notes\nround 3: nothing has changed · 0 errors, 2 warnings, 4 notes\n", run.Output, StringComparison.Ordinal);

        using var peer = Serve(after: 4, then: () => _status = "503 Service Unavailable");
        run = Examine(peer, "--watch", "--count", "2", "--interval", "10ms");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("\nround 2: 1 error, 0 warnings, 2 notes\n  + now: The page is an error: 503 Service Unavailable.\n  Do: look into the server's log.\n", run.Output, StringComparison.Ordinal);
    }

    /// <summary>It is written once: the shell, a lab from outside and a lab from inside print the same.</summary>
    [Fact]
    public void At_every_place_it_says_the_same()
    {
        var run = Command.Run("doctor", "--lab", Site);
        Assert.Equal(run, Command.Run("lab", "doctor", "glasscom", Site));
        var prompt = Command.RunWith($"doctor {Site}\n", null, "lab", "run", "glasscom");
        Assert.Contains(run.Output[run.Output.IndexOf("\nWarning", StringComparison.Ordinal)..], prompt.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://www.lab.glasscom.com/", "only sites of http: and https: can be examined, not what ftp: names")]
    [InlineData("http://a^b/", "This is not a URL")]
    public void What_is_no_site_is_refused(string url, string complaint)
    {
        var run = Command.Run("doctor", "--lab", url);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(complaint, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interval_is_one_between_examinations()
    {
        var run = Command.Run("doctor", "--lab", "--interval", "5s", Site);
        Assert.Equal((2, "firstbyte: '--interval' says nothing without '--watch'\n"), (run.ExitCode, run.Errors));
    }

    /// <summary>Passwords of the URL, and secrets in what the site sends, are covered like everywhere.</summary>
    [Fact]
    public void Secrets_stay_covered()
    {
        using var peer = Serve();
        _status = "302 Found";
        _fields += "Location: http://user:hidden-one@127.0.0.1:1/?password=hidden-two\r\n";
        var url = peer.Url.Replace("https://", "https://me:hidden-three@", StringComparison.Ordinal);
        foreach (var run in (CommandRun[])[
            Command.RunIn(_folder.Path, "doctor", "--cacert", "root.pem", url), Command.RunIn(_folder.Path, "doctor", "--json", "--cacert", "root.pem", url)])
        {
            Assert.NotEmpty(run.Output);
            Assert.DoesNotContain("hidden", run.Output + run.Errors, StringComparison.Ordinal);
        }
    }

    private TlsPeer Serve(int after = int.MaxValue, Action? then = null)
    {
        var count = 0;
        return new TlsPeer(_authority.Issue("server"), serve: stream =>
        {
            var head = TlsPeer.ReadHead(stream);
            if (Interlocked.Increment(ref count) == after) { then?.Invoke(); }
            var isSame = head.Contains("If-None-Match", StringComparison.Ordinal) && _status == "200 OK";
            stream.Write(Encoding.ASCII.GetBytes(isSame
                ? $"HTTP/1.1 304 Not Modified\r\nDate: {DateTimeOffset.UtcNow:R}\r\n{_fields}\r\n"
                : $"HTTP/1.1 {_status}\r\nDate: {DateTimeOffset.UtcNow:R}\r\n{_fields}Content-Length: 5\r\n\r\nhello"));
            // The client ends the connection.
            while (stream.ReadByte() >= 0) { }
        });
    }

    private const string ZoneText =
        "$ORIGIN example.com.\n$TTL 3600\n@ SOA ns1 host 1 7200 900 1209600 300\n@ NS ns1\nns1 A 198.41.0.4\nns1 AAAA 2001:503:ba3e::2:30\nwww A 192.0.2.1\n";

    /// <summary>A zone file in place of a site: the worst first, what the parent has to be given, an exit code, and the same told again from its events.</summary>
    [Fact]
    public void A_zone_is_judged_before_it_is_delegated()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "zone"), ZoneText);
        var run = Command.RunIn(_folder.Path, "doctor", "--zone", "example.com=zone");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The zone has one name server alone", run.Output, StringComparison.Ordinal);
        Assert.Contains("example.com. IN NS ns1.example.com.", run.Output, StringComparison.Ordinal);
        Assert.True(run.Output.IndexOf("one name server", StringComparison.Ordinal) < run.Output.IndexOf("is not signed", StringComparison.Ordinal), run.Output);
        // The name of the SOA record says which zone it is.
        Assert.Equal(Figures(run.Output), Figures(Command.RunIn(_folder.Path, "doctor", "--zone", "zone").Output));
        var json = Command.RunIn(_folder.Path, "doctor", "--json", "--zone", "zone");
        Assert.Contains("\"kind\":\"zone-servers-few\"", json.Output, StringComparison.Ordinal);
        Assert.Equal(Figures(run.Output), Figures(Command.RunWith(json.Output, null, "story", "-").Output));
        File.AppendAllText(Path.Combine(_folder.Path, "zone"), "@ NS ns2\nns2 A 192.33.4.12\nns2 CNAME www\n");
        var broken = Command.RunIn(_folder.Path, "doctor", "--zone", "zone");
        Assert.Equal(2, broken.ExitCode);
        Assert.Contains("zone:10:", broken.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_names_no_zone_is_no_zone()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "zone"), ZoneText.Replace("$ORIGIN example.com.\n", "", StringComparison.Ordinal));
        Assert.Equal(2, Command.RunIn(_folder.Path, "doctor", "--zone", "zone").ExitCode);
        Assert.Equal(2, Command.RunIn(_folder.Path, "doctor", "--zone", "example.com=zone", "https://www.example.com/").ExitCode);
        Assert.Equal(2, Command.RunIn(_folder.Path, "doctor").ExitCode);
        Assert.Equal(1, Command.RunIn(_folder.Path, "doctor", "--zone", "example.com=zone", "--count", "2", "--interval", "1ms").ExitCode);
    }

    // How long it took is another time each time.
    private static string Figures(string output) => System.Text.RegularExpressions.Regex.Replace(output, @" · [\d.,]+ \S+\n", "\n");

    private CommandRun Examine(TlsPeer peer, params string[] options) => Command.RunIn(_folder.Path, ["doctor", "--cacert", "root.pem", .. options, peer.Url]);
}
