using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Firstbyte.Tests;

public class UrlCommandTests
{
    [Fact]
    public void A_url_is_drawn_with_its_parts_underlined()
    {
        var run = Command.Run("url", "http://www.lab.glasscom.com:8080/dir1/file1.html?a=b#top");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            URL       http://www.lab.glasscom.com:8080/dir1/file1.html?a=b#top
                      ┬───   ┬─────────────────── ┬───┬─────────────── ┬── ┬──
                      │      │                    │   │                │   └ fragment  top
                      │      │                    │   │                └ query  a=b
                      │      │                    │   └ path  /dir1/file1.html
                      │      │                    └ port  8080
                      │      └ host  www.lab.glasscom.com
                      └ scheme  http
            Origin    http://www.lab.glasscom.com:8080
            Client    HTTP client, port 8080

            """.ReplaceLineEndings("\n"), run.Output);
    }

    [Fact]
    public void Every_violation_is_named_with_its_place()
    {
        var run = Command.Run("url", "https://user@example.com\\a b");
        Assert.Contains("character 25 '\\'", run.Output);
        Assert.Contains("(invalid-reverse-solidus)", run.Output);
        Assert.Contains("character 13 '@': the URL carries credentials", run.Output);
        Assert.Contains("character 27 ' '", run.Output);
        Assert.Contains("characters were percent-encoded: ' ' at character 27", run.Output);
    }

    [Fact]
    public void What_is_no_url_is_said_with_curls_exit_code()
    {
        var run = Command.Run("url", "https://example.com:99999/");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("(port-out-of-range)", run.Output);
    }

    [Theory]
    [InlineData("localhost:8080", "a fetch takes this for a host without a scheme: http://localhost:8080/")]
    [InlineData("localhost", "a fetch takes this for a host without a scheme: http://localhost/")]
    [InlineData("1.2.3.4:80/x", "a fetch takes this for a host without a scheme: http://1.2.3.4/x")]
    [InlineData("[::1]:80", "a fetch takes this for a host without a scheme: http://[::1]/")]
    [InlineData("x:99999", "a fetch takes this for a host without a scheme and stops at character 3: the port is larger than 65535")]
    public void What_a_fetch_assumes_is_said(string text, string words) => Assert.Contains(words, Command.Run("url", text).Output);

    /// <summary>JSON lets characters stand that reverse the reading order of a terminal: they are written as escapes, which mean the same.</summary>
    [Theory]
    [InlineData("url", "--json")]
    [InlineData("--lab=two-subnets", "--json")]
    public void No_format_character_of_the_input_reaches_a_terminal_in_json(params string[] words)
    {
        var run = Command.Run([.. words, "http://www.test/\u202eabc\u2066\U000e0041"]);
        Assert.DoesNotContain(run.Output.EnumerateRunes(), static rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format);
        using var json = JsonDocument.Parse(run.Output.Split('\n').First(static line => line.Contains("202e", StringComparison.Ordinal)));
        Assert.Contains("\u202eabc\u2066\U000e0041", json.RootElement.EnumerateObject().Where(static one => one.Value.ValueKind == JsonValueKind.String).Select(static one => one.Value.GetString()!).Aggregate(string.Concat));
    }

    [Fact]
    public void A_token_in_the_user_s_place_is_masked_however_short_it_is()
    {
        Assert.DoesNotContain("ghp_tok", Command.Run("url", "http://ghp_tok@x/").Output);
        Assert.Contains("ghp_tok", Command.Run("url", "--show-secrets", "http://ghp_tok@x/").Output);
        Assert.Contains("http://ghpeter@x/", Command.Run("url", "http://ghpeter@x/").Output);
    }

    [Fact]
    public void A_relative_url_is_resolved_against_the_base() => Assert.Contains("http://a.example/b/x", Command.Run("url", "../x", "--base", "http://a.example/b/c/d").Output);

    [Theory]
    [InlineData("https://user:hunter2@example.com/")]
    [InlineData("https:\\\\user:hunter2@example.com:x/")]
    [InlineData("//user:hunter2@example.com/")]
    public void A_password_is_masked_unless_it_is_asked_for(string url)
    {
        Assert.DoesNotContain("hunter2", Command.Run("url", url).Output);
        Assert.DoesNotContain("hunter2", Command.Run("url", "--json", url).Output);
        Assert.Contains("hunter2", Command.Run("url", "--show-secrets", url).Output);
    }

    [Fact]
    public void Json_says_the_same()
    {
        using var json = JsonDocument.Parse(Command.Run("url", "--json", "HTTPS://EXAMPLE.com").Output);
        Assert.Equal("https://example.com/", json.RootElement.GetProperty("href").GetString());
        Assert.Equal(["Lowercased", "Lowercased", "RootPathAdded"], json.RootElement.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("kind").GetString()));
    }

    /// <summary>Two states of the standard's machine see the same missing slashes: a reader is told once.</summary>
    [Theory]
    [InlineData("http:/a", "special-scheme-missing-following-solidus")]
    [InlineData("http://[g::1]/", "IPv6-invalid-code-point")]
    public void What_is_not_as_the_standard_wants_is_told_once(string url, string error)
    {
        var run = Command.Run("url", url);
        Assert.Single((run.Output + run.Errors).Split(error)[1..]);
    }

    [Fact]
    public void A_batch_answers_each_line_with_one()
    {
        var run = Command.RunWith(
            """
            {"input":"https://User:pw@EXAMPLE.com:8080/a?b#c","base":null}
            {"input":"../x","base":"http://a.example/b/c"}
            {"input":"x\ud800y","base":"http://a.example/"}
            {"input":"https://exa mple/"}
            {"input":"x","base":"nonsense"}
            not json

            """, null, "url", "--batch");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            {"href":"https://User:pw@example.com:8080/a?b#c","origin":"https://example.com:8080","protocol":"https:","username":"User","password":"pw","host":"example.com:8080","hostname":"example.com","port":"8080","pathname":"/a","search":"?b","hash":"#c"}
            {"href":"http://a.example/x","origin":"http://a.example","protocol":"http:","username":"","password":"","host":"a.example","hostname":"a.example","port":"","pathname":"/x","search":"","hash":""}
            {"href":"http://a.example/x%EF%BF%BDy","origin":"http://a.example","protocol":"http:","username":"","password":"","host":"a.example","hostname":"a.example","port":"","pathname":"/x%EF%BF%BDy","search":"","hash":""}
            {"failure":true,"reason":"domain-invalid-code-point","position":11}
            {"base":true,"failure":true,"reason":"missing-scheme-non-relative-URL","position":0}
            {"failure":true,"reason":"invalid-JSON","position":1}

            """.ReplaceLineEndings("\n"), run.Output);
    }

    [Fact]
    public void A_batch_of_a_hundred_thousand_lines_is_answered_in_one_process()
    {
        var lines = new StringBuilder();
        for (var i = 0; i < 100_000; i++) { lines.Append(CultureInfo.InvariantCulture, $"{{\"input\":\"https://www.example.com/path/{i}?q={i}\",\"base\":null}}\n"); }
        var watch = Stopwatch.StartNew();
        var run = Command.RunWith(lines.ToString(), null, "url", "--batch");
        Assert.Equal(100_000, run.Output.AsSpan().Count('\n'));
        Assert.EndsWith("\"search\":\"?q=99999\",\"hash\":\"\"}\n", run.Output);
        // Two seconds on a quiet machine; a shared one with unoptimized code is given more.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed.TotalSeconds:F1} s");
    }

    [Fact]
    public void The_bench_prints_the_three_contestants()
    {
        var run = Command.RunWith(string.Concat(Enumerable.Range(0, 200).Select(static i => $"https://www.example.com/path/{i}\n")), null, "url", "--bench", "-");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("System.Uri", run.Output);
        Assert.Contains("Url.CanParse", run.Output);
    }
}
