using System.Text.Json;

namespace Firstbyte.Tests;

/// <summary>-w of the plain command: curl's variables, of the same journey that the story tells; and -J, the name that the server gives.</summary>
public sealed class WriteOutCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _heads = [];
    private readonly Queue<string> _answers = new();
    private readonly RawServer _server;

    public WriteOutCommandTests() => _server = RawServer.Answering(_answers, _heads);

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private CommandRun Run(params string[] arguments) => Command.RunIn(_folder.Path, arguments);

    private string[] Files => [.. Directory.GetFiles(_folder.Path).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    private string Read(string name) => File.ReadAllText(Path.Combine(_folder.Path, name));

    [Fact]
    public void It_is_what_curl_says_of_the_same_answer()
    {
        const string Answer = "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nX-A: one\r\nContent-Length: 4\r\nConnection: close\r\n\r\ngone";
        const string Format = "%{http_code} %{content_type} %{size_download} %{size_header} %{num_headers} %{num_connects} %{num_redirects} %{remote_ip} "
            + "%{remote_port} %{url_effective} %{url} %{scheme} %{http_version} %{method} %header{x-a} %{exitcode} %{url.path} %%|%{unknown}|\\n";
        _answers.Enqueue(Answer);
        _answers.Enqueue(Answer);
        var ours = Run("-s", "-o", "/dev/null", "-w", Format, _server.Url);
        var curls = Run("curl", "-s", "-o", "/dev/null", "-w", Format, _server.Url);
        Assert.Equal((0, curls.Output), (ours.ExitCode, ours.Output));
        Assert.StartsWith($"404 text/plain 4 {Answer.Length - 4} 4 1 0 127.0.0.1 {_server.Port} {_server.Url} {_server.Url} http 1.1 GET one 0 / %||", ours.Output, StringComparison.Ordinal);
        Assert.Equal("firstbyte: -w: there is no variable %{unknown}\n", ours.Errors);
    }

    [Fact]
    public void It_comes_behind_each_body_and_behind_the_story()
    {
        const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
        for (var i = 0; i < 3; i++) { _answers.Enqueue(Answer); }
        Assert.Equal($"ok[{_server.Url}a 0]ok[{_server.Url}b 1]", Run("-s", "-w", "[%{url} %{urlnum}]", _server.Url + "a", _server.Url + "b").Output);
        Assert.EndsWith("\n200", Run("-w", "%{http_code}", _server.Url).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_follow_one_another_and_hops_are_counted()
    {
        _answers.Enqueue("HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 3\r\nConnection: close\r\n\r\nsee");
        _answers.Enqueue("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        var run = Run("-s", "-L", "-o", "page", "-w", "%{json}", _server.Url);
        using var json = JsonDocument.Parse(run.Output);
        var told = json.RootElement;
        double Of(string name) => told.GetProperty(name).GetDouble();
        Assert.Equal((1, 2, 2, 200), (Of("num_redirects"), Of("num_connects"), Of("size_download"), Of("response_code")));
        Assert.Equal((_server.Url + "next", "page"), (told.GetProperty("url_effective").GetString(), told.GetProperty("filename_effective").GetString()));
        double[] times = [0, Of("time_redirect"), Of("time_namelookup"), Of("time_connect"), Of("time_pretransfer"), Of("time_starttransfer"), Of("time_total")];
        Assert.Equal(times.Order(), times);
        Assert.True(times[1] > 0 && times[^1] < 60, run.Output);
    }

    [Fact]
    public void A_redirect_that_is_not_followed_says_where_it_leads()
    {
        _answers.Enqueue("HTTP/1.1 302 Found\r\nLocation: next?x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        Assert.Equal(_server.Url + "a/next?x", Run("-s", "-w", "%{redirect_url}", _server.Url + "a/b").Output);
    }

    [Fact]
    public void A_place_is_taken_as_the_octets_that_it_is()
    {
        _answers.Enqueue("HTTP/1.1 302 Found\r\nLocation: caf\xc3\xa9?\xff\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        _answers.Enqueue("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        Assert.Equal(_server.Url + "caf%C3%A9?%FF", Run("-s", "-L", "-w", "%{url_effective}", _server.Url).Output);
    }

    [Fact]
    public void A_place_without_a_name_leads_nowhere()
    {
        _answers.Enqueue("HTTP/1.1 302 Found\r\nLocation:\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
        var run = Run("-s", "-L", "-w", "%{http_code} %{num_redirects}", _server.Url);
        Assert.Equal((0, "hi302 0"), (run.ExitCode, run.Output));
    }

    [Fact]
    public void What_a_proxy_answers_is_no_answer_of_the_server()
    {
        _answers.Enqueue("HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        var run = Run("-s", "-x", _server.Url, "-w", "%{http_code} %{http_connect}", "https://www.test/");
        Assert.Equal((56, "000 500"), (run.ExitCode, run.Output));
    }

    [Fact]
    public void A_failure_is_said_with_its_code()
    {
        var port = _server.Port;
        _server.Dispose();
        var run = Run("-s", "-w", "%{exitcode} %{http_code} %{errormsg}%{onerror}!%{stderr}?", $"http://127.0.0.1:{port}/");
        Assert.Equal(7, run.ExitCode);
        Assert.StartsWith("7 000 ", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("!", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("?", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_covered_until_they_are_asked_for()
    {
        const string Answer = "HTTP/1.1 200 OK\r\nSet-Cookie: sid=s3cr3t\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        _answers.Enqueue(Answer);
        _answers.Enqueue(Answer);
        var url = _server.Url.Replace("//", "//me:pa55w0rd@", StringComparison.Ordinal);
        const string Format = "%header{set-cookie} %{url} %{url_effective} %{json} %{header_json}";
        var covered = Run("-s", "-w", Format, url).Output;
        Assert.DoesNotContain("s3cr3t", covered, StringComparison.Ordinal);
        Assert.DoesNotContain("pa55w0rd", covered, StringComparison.Ordinal);
        Assert.Contains("sid=s3cr3t", Run("-s", "--show-secrets", "-w", Format, url).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_format_comes_from_a_file_and_a_part_of_it_goes_into_one()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "format"), "%{http_code}\\n%output{told}%{size_download}%{stdout}.");
        _answers.Enqueue("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        var run = Run("-s", "-o", "page", "-w", "@format", _server.Url);
        Assert.Equal((0, "200\n.", "2"), (run.ExitCode, run.Output, Read("told")));
        Assert.Equal(26, Run("-s", "-w", "@missing", _server.Url).ExitCode);
    }

    [Fact]
    public void Nothing_of_it_acts_on_a_terminal()
    {
        _answers.Enqueue("HTTP/1.1 200 OK\r\nX: \x1b]0;x\x07\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        var run = Command.RunOnTerminal(_folder.Path, "-s", "-w", "%header{x}\\n", _server.Url);
        Assert.DoesNotContain(run.Output, static letter => letter is '\x1b' or '\x07');
    }

    [Theory]
    [InlineData("--json", "-w", "x")]
    [InlineData("-n", "2", "-w", "x")]
    [InlineData("-J")]
    [InlineData("-O", "-J", "-C", "-")]
    public void What_cannot_be_is_said_before_anything_is_asked(params string[] options)
    {
        Assert.Equal(2, Run([.. options, _server.Url + "file"]).ExitCode);
        Assert.Empty(_heads);
    }

    [Fact]
    public void In_a_lab_it_tells_of_the_lab()
    {
        var run = Command.Run("--lab", "-s", "-o", "/dev/null", "-w", "%{http_code} %{remote_ip} %{time_total}", "http://www.lab.glasscom.com/dir1/file1.html");
        Assert.Matches(@"^200 \d+\.\d+\.\d+\.\d+ 0\.\d{6}$", run.Output);
    }

    [Fact]
    public void The_server_names_the_file()
    {
        Enqueue("attachment; filename=\"own name.txt\"");
        var run = Run("-O", "-J", "-w", "%{filename_effective}", _server.Url + "url-name");
        Assert.Equal((0, "ok"), (run.ExitCode, Read("own name.txt")));
        Assert.Equal(["own name.txt"], Files);
        Assert.EndsWith("own name.txt", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("attachment; filename=\"../../x\"", "x")]
    [InlineData("attachment; filename=.profile", "_profile")]
    [InlineData("attachment; filename=\"/\"", "url-name")]
    [InlineData("attachment", "url-name")]
    public void A_hostile_name_leads_nowhere_else(string disposition, string name)
    {
        Enqueue(disposition);
        Assert.Equal(0, Run("-sOJ", _server.Url + "url-name").ExitCode);
        Assert.Equal([name], Files);
    }

    [Fact]
    public void A_file_that_is_here_is_not_the_servers_to_replace()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "mine"), "old");
        Enqueue("attachment; filename=mine");
        var run = Run("-OJ", _server.Url + "url-name");
        Assert.Equal((23, "old"), (run.ExitCode, Read("mine")));
        Assert.Equal(["mine"], Files);
        Assert.Contains("there is one of that name already", run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_names_has_a_name_all_the_same()
    {
        Enqueue("inline");
        Assert.Equal(0, Run("-OJ", _server.Url + "?id=3").ExitCode);
        Assert.Equal(["response"], Files);
    }

    private void Enqueue(string disposition) =>
        _answers.Enqueue($"HTTP/1.1 200 OK\r\nContent-Disposition: {disposition}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
}
