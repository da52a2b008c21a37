using System.Text;
using System.Text.RegularExpressions;

namespace Firstbyte.Tests.Bodies;

/// <summary>What becomes of bodies on a terminal, in a pipe and in a file.</summary>
public sealed partial class BodyCommandTests : IDisposable
{
    private const string Json = """{"name":"Gr\u00fc\u00dfe","list":[1,true,null]}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Content-Type: text/html\r\n", "Gr\u00fc\u00dfe", "Grüße", "the text is not UTF-8 and nothing says what it is: read as windows-1252")]
    [InlineData("Content-Type: text/html\r\n", "<meta charset=windows-1251><p>\u00cf\u00f0\u00e8", "<meta charset=windows-1251><p>При", null)]
    [InlineData("Content-Type: text/html\r\n", "<META http-equiv='Content-Type' content='text/html; charset = koi8-r'>\u00f0\u00d2", "<META http-equiv='Content-Type' content='text/html; charset = koi8-r'>Пр", null)]
    [InlineData("Content-Type: text/html\r\n", "<meta charset=utf-16><meta charset=nonsense>\u00fc", "<meta charset=utf-16><meta charset=nonsense>ü", "the text is not UTF-8 and nothing says what it is: read as windows-1252")]
    [InlineData("Content-Type: text/plain\r\n", "<meta charset=windows-1251>\u00cf", "<meta charset=windows-1251>Ï", "the text is not UTF-8 and nothing says what it is: read as windows-1252")]
    [InlineData("Content-Type: text/html; charset=iso-8859-1\r\n", "Gr\u00fc\u00dfe", "Grüße", null)]
    [InlineData("Content-Type: text/plain; charset=koi8-r\r\n", "\u00f0\u00d2", "Пр", null)]
    [InlineData("Content-Type: text/plain; charset=nonsense\r\n", "Gr\u00c3\u00bc", "Grü", "charset=nonsense is not known here: read as UTF-8")]
    [InlineData("Content-Type: text/plain\r\n", "a\u001b[31mb\tc\r\nd\re", "a\\x1b[31mb      c\nd\\x0de", null)]
    [InlineData("", "a\u001b[31mb", "a\\x1b[31mb", null)]
    [InlineData("", "\u0089PNG\r\n\u001a\n\0", "(9 bytes that are not text)", null)]
    [InlineData("Content-Encoding: gzip\r\n", "plain", "(5 bytes that are not text)", null)]
    public void A_story_shows_text_in_its_encoding_and_escapes_the_rest(string fields, string body, string shown, string? note)
    {
        using var server = RawServer.Of(fields, Encoding.Latin1.GetBytes(body));
        var run = Command.RunIn(_folder.Path, server.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"\n\n{shown}\n", run.Output, StringComparison.Ordinal);
        if (note is not null) { Assert.Contains($"\n{note}\n", run.Output, StringComparison.Ordinal); }
        else { Assert.DoesNotContain("read as", run.Output); }
    }

    /// <summary>What ends in the middle of a character, or in one that is no UTF-8, ends its own line.</summary>
    [Theory]
    [InlineData("abc\u00e9", "abcé")]
    [InlineData("\u00e9", "é")]
    [InlineData("abc\u00c3", "abcÃ")]
    public void The_last_character_stands_in_its_line(string body, string shown)
    {
        using var server = RawServer.Of("Content-Type: text/plain\r\n", System.Text.Encoding.Latin1.GetBytes(body));
        var lines = Command.Run(server.Url).Output.Split('\n');
        var at = Array.FindIndex(lines, line => line.Trim() == shown);
        Assert.True(at >= 0, string.Join('\n', lines));
        Assert.True(at < Array.FindIndex(lines, static line => line.Contains("of content", StringComparison.Ordinal)), string.Join('\n', lines));
    }

    [Fact]
    public void On_a_terminal_json_is_laid_out_and_coloured_and_in_a_pipe_it_is_as_it_came()
    {
        const string Laid = "{\n  \"name\": \"Gr\\u00fc\\u00dfe\",\n  \"list\": [\n    1,\n    true,\n    null\n  ]\n}\n";
        using var server = RawServer.Of("Content-Type: application/problem+json\r\n", Encoding.UTF8.GetBytes(Json));
        foreach (var arguments in (string[][])[["--body", server.Url], [server.Url]])
        {
            var terminal = Command.RunOnTerminal(_folder.Path, arguments).Output;
            Assert.Contains("\e[36m\"name\"\e[0m: \e[32m\"Gr\\u00fc\\u00dfe\"\e[0m", terminal, StringComparison.Ordinal);
            Assert.Contains("\e[33m1\e[0m", terminal, StringComparison.Ordinal);
            Assert.Contains(Laid, Colours().Replace(terminal, ""), StringComparison.Ordinal);
            var plain = Command.RunOnTerminal(_folder.Path, ["--color", "never", .. arguments]).Output;
            Assert.Contains(Laid, plain, StringComparison.Ordinal);
            Assert.DoesNotContain("\e", plain, StringComparison.Ordinal);
            var pipe = Command.RunIn(_folder.Path, ["--color", "always", .. arguments]).Output;
            Assert.Contains(Json, pipe, StringComparison.Ordinal);
        }
        Assert.Equal(Json, Command.RunIn(_folder.Path, "--body", server.Url).Output);
    }

    [Theory]
    [InlineData()]
    [InlineData("--body")]
    [InlineData("-o", "-")]
    [InlineData("-o", "FILE")]
    public void A_body_arrives_while_it_arrives(params string[] options)
    {
        using var seen = new ManualResetEventSlim();
        using var server = new RawServer(connection =>
        {
            connection.ReadHead();
            connection.Send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst\n\r\n");
            Assert.True(seen.Wait(TimeSpan.FromSeconds(20)), "the first line was not seen while the second had not come");
            connection.Send("7\r\nsecond\n\r\n0\r\n\r\n");
        });
        var file = Path.Combine(_folder.Path, "body");
        using var run = RunningCommand.Start([.. options.Select(word => word == "FILE" ? file : word), server.Url]);
        if (options.Contains("FILE"))
        {
            run.WaitForOutput("Transfer-Encoding");
            for (var tries = 0; tries < 1000 && !(File.Exists(file + ".part") && new FileInfo(file + ".part").Length == 6); tries++) { Thread.Sleep(10); }
            Assert.Equal("first\n", File.ReadAllText(file + ".part"));
        }
        else
        {
            run.WaitForOutput("first");
            Assert.DoesNotContain("second", run.Output);
        }
        seen.Set();
        Assert.Equal(0, run.ExitCode);
        if (options.Contains("FILE")) { Assert.Equal("first\nsecond\n", File.ReadAllText(file)); }
        else { run.WaitForOutput("second"); }
    }

    [Theory]
    [InlineData("en", "1,000 of 4,000 bytes · 25 % · ")]
    [InlineData("zh", "1,000 / 4,000 字节 · 25 % · ")]
    public void A_body_that_takes_its_time_has_a_line_of_progress_on_a_terminal(string language, string line)
    {
        using var server = Slow();
        var run = Command.RunWithErrorsOnTerminal(_folder.Path, "--lang", language, "-o", "body", server.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(line, run.Errors, StringComparison.Ordinal);
        // Each is drawn over the one before, and the last one is taken away.
        Assert.EndsWith("\r\e[K", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", run.Errors, StringComparison.Ordinal);
        Assert.Equal(4000, new FileInfo(Path.Combine(_folder.Path, "body")).Length);
    }

    [Fact]
    public void There_is_no_line_of_progress_in_a_pipe_nor_where_it_is_not_wanted_nor_for_what_is_seen_by_itself()
    {
        using var server = Slow();
        Assert.Equal("", Command.RunIn(_folder.Path, "-o", "body", server.Url).Errors);
        Assert.Equal("", Command.RunWithErrorsOnTerminal(_folder.Path, "--no-progress-meter", "-o", "body", server.Url).Errors);
        Assert.Equal("", Command.RunWithErrorsOnTerminal(_folder.Path, server.Url).Errors);
        using var fast = RawServer.Of("", new byte[4000]);
        Assert.Equal("", Command.RunWithErrorsOnTerminal(_folder.Path, "-o", "body", fast.Url).Errors);
    }

    /// <summary>A complaint takes the line's place: nothing of it is left before it.</summary>
    [Fact]
    public void What_is_said_takes_the_place_of_the_line()
    {
        using var server = Slow(cut: true);
        var run = Command.RunWithErrorsOnTerminal(_folder.Path, "--json", "-o", "body", server.Url);
        Assert.Equal(18, run.ExitCode);
        Assert.Matches("\r\e\\[K[^\r]*of 4,000 bytes[^\r]*\r\e\\[Kfirstbyte: ", run.Errors);
    }

    [Fact]
    public void A_file_is_stored_over_http_by_PUT()
    {
        var head = "";
        using var server = new RawServer(connection =>
        {
            head = connection.ReadHead();
            connection.Send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
        });
        File.WriteAllText(Path.Combine(_folder.Path, "page"), "You are here.");
        var run = Command.RunIn(_folder.Path, "-T", "page", server.Url);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.StartsWith("PUT /page HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Length: 13\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Type", head, StringComparison.Ordinal);
    }

    // A quarter at once, the rest a second later or never.
    private static RawServer Slow(bool cut = false) => new(connection =>
    {
        connection.ReadHead();
        connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n");
        connection.Send(new byte[1000]);
        Thread.Sleep(1000);
        if (!cut) { connection.Send(new byte[3000]); }
    });

    [GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial Regex Colours();
}
