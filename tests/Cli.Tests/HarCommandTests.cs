using System.Text;
using System.Text.Json;

namespace Firstbyte.Tests;

/// <summary>--har: what was asked and answered, as a file that other programs read.</summary>
public sealed class HarCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "run.har");

    public void Dispose() => _folder.Dispose();

    private CommandRun Run(params string[] arguments) => Command.RunIn(_folder.Path, ["--har", "run.har", .. arguments]);

    private JsonElement[] Entries()
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(File));
        var log = document.RootElement.GetProperty("log");
        Assert.Equal("1.2", log.GetProperty("version").GetString());
        Assert.Equal("firstbyte", log.GetProperty("creator").GetProperty("name").GetString());
        return [.. log.GetProperty("entries").EnumerateArray().Select(static entry => entry.Clone())];
    }

    private static byte[] Content(JsonElement entry)
    {
        var content = entry.GetProperty("response").GetProperty("content");
        if (!content.TryGetProperty("text", out var text)) { return []; }
        return content.TryGetProperty("encoding", out var encoding) && encoding.GetString() == "base64" ? text.GetBytesFromBase64() : Encoding.UTF8.GetBytes(text.GetString()!);
    }

    private static string? Field(JsonElement message, string name) =>
        message.GetProperty("headers").EnumerateArray().Where(field => field.GetProperty("name").GetString() == name).Select(static field => field.GetProperty("value").GetString()).FirstOrDefault();

    [Fact]
    public void Redirects_are_entries_and_every_time_has_its_place()
    {
        var answers = new Queue<string>();
        var heads = new List<string>();
        using var server = RawServer.Answering(answers, heads);
        answers.Enqueue($"HTTP/1.1 302 Found\r\nLocation: {server.Url}there?a=b%20c&d\r\nContent-Length: 5\r\nConnection: close\r\n\r\nmoved");
        answers.Enqueue("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 7\r\nConnection: close\r\n\r\nna\u00C3\u00AFve\n");
        Assert.Equal(0, Run("-L", server.Url).ExitCode);
        var entries = Entries();
        Assert.Equal(2, entries.Length);
        Assert.Equal([302, 200], entries.Select(static entry => entry.GetProperty("response").GetProperty("status").GetInt32()));
        Assert.Equal(server.Url + "there?a=b%20c&d", entries[0].GetProperty("response").GetProperty("redirectURL").GetString());
        Assert.Equal("moved", Encoding.UTF8.GetString(Content(entries[0])));
        var second = entries[1];
        Assert.Equal(server.Url + "there?a=b%20c&d", second.GetProperty("request").GetProperty("url").GetString());
        Assert.Equal(["a=b c", "d="], second.GetProperty("request").GetProperty("queryString").EnumerateArray()
            .Select(static pair => $"{pair.GetProperty("name").GetString()}={pair.GetProperty("value").GetString()}"));
        Assert.Equal("na\u00EFve\n", Encoding.UTF8.GetString(Content(second)));
        Assert.Equal(heads[1].Length, second.GetProperty("request").GetProperty("headersSize").GetInt32());
        Assert.Equal("127.0.0.1", second.GetProperty("serverIPAddress").GetString());
        var timings = second.GetProperty("timings");
        Assert.Equal(-1, timings.GetProperty("ssl").GetDouble());
        Assert.True(timings.GetProperty("connect").GetDouble() > 0);
        var sum = timings.EnumerateObject().Where(static one => one.Name is not "ssl").Select(static one => one.Value.GetDouble()).Where(static time => time > 0).Sum();
        Assert.Equal(second.GetProperty("time").GetDouble(), sum, 0.01);
    }

    /// <summary>Whatever bytes come, text or none, coded or not: they are what the file holds.</summary>
    [Theory]
    [InlineData("text/plain", "plain \u0000 text \" \\ </script> \u2028 \U0001F600")]
    [InlineData("application/json", "{\"a\": 1}")]
    [InlineData("image/png", "\u0089PNG")]
    [InlineData("text/html; charset=utf-8", "\uFEFF<p>")]
    [InlineData("text/html; charset=iso-8859-1", "latin")]
    [InlineData("", "no type")]
    [InlineData("text/plain", "")]
    public void The_bytes_are_those_that_were_fetched(string type, string text)
    {
        byte[][] bodies = [Encoding.UTF8.GetBytes(text), Encoding.Latin1.GetBytes(text), [.. Enumerable.Range(0, 256).Select(static one => (byte)one)]];
        foreach (var body in bodies)
        {
            using var server = RawServer.Of((type.Length > 0 ? $"Content-Type: {type}\r\n" : "") + "Connection: close\r\n", body);
            var run = Run("--body", server.Url);
            Assert.True(run.ExitCode == 0, run.Errors);
            var entry = Assert.Single(Entries());
            Assert.Equal(body, Content(entry));
            Assert.Equal(body.Length, entry.GetProperty("response").GetProperty("content").GetProperty("size").GetInt32());
        }
    }

    [Theory]
    [InlineData("--compressed")]
    [InlineData("-0")]
    public void Codings_are_taken_off_whether_the_user_wanted_it_or_not(string option)
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true)) { gzip.Write("the content the content"u8); }
        using var server = RawServer.Of("Content-Type: text/plain\r\nContent-Encoding: gzip\r\nConnection: close\r\n", packed.ToArray());
        Run(option, "-o", "out", server.Url);
        var entry = Assert.Single(Entries());
        Assert.Equal("the content the content", Encoding.UTF8.GetString(Content(entry)));
        Assert.Equal(packed.Length, entry.GetProperty("response").GetProperty("bodySize").GetInt64());
        Assert.Equal(23 - packed.Length, entry.GetProperty("response").GetProperty("content").GetProperty("compression").GetInt64());
    }

    [Fact]
    public void Secrets_are_covered_unless_they_are_to_be_shown()
    {
        using var server = RawServer.Of("Set-Cookie: session=abc123; Path=/; HttpOnly\r\nConnection: close\r\n", "ok"u8.ToArray());
        var url = server.Url + "?access_token=tok456";
        Run("-u", "me:pass789", "-b", "id=def000", "-d", "password=form321&a=b", url);
        var text = System.IO.File.ReadAllText(File);
        Assert.All(["abc123", "tok456", "bWU6cGFzczc4OQ", "pass789", "def000", "form321"], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.Contains("a=b", text, StringComparison.Ordinal);
        Run("--show-secrets", "-u", "me:pass789", "-b", "id=def000", "-d", "password=form321&a=b", url);
        text = System.IO.File.ReadAllText(File);
        Assert.All(["abc123", "tok456", "bWU6cGFzczc4OQ", "def000", "form321"], secret => Assert.Contains(secret, text, StringComparison.Ordinal));
    }

    [Fact]
    public void What_failed_is_an_entry_without_a_status_and_the_file_is_whole()
    {
        using var server = new RawServer(static connection => connection.ReadHead());
        Assert.Equal(52, Run(server.Url).ExitCode);
        var response = Assert.Single(Entries()).GetProperty("response");
        Assert.Equal(0, response.GetProperty("status").GetInt32());
        Assert.Equal("(52) ResponseUnreadable", response.GetProperty("_error").GetString());
    }

    [Fact]
    public void What_comes_from_the_cache_says_so()
    {
        using var server = RawServer.Of("Cache-Control: max-age=60\r\nConnection: close\r\n", "kept"u8.ToArray());
        Run("--cache", "kept", server.Url, server.Url);
        var entries = Entries();
        Assert.False(entries[0].TryGetProperty("_fromCache", out _));
        Assert.Equal("disk", entries[1].GetProperty("_fromCache").GetString());
        Assert.Equal("kept", Encoding.UTF8.GetString(Content(entries[1])));
    }

    [Fact]
    public void A_lab_is_written_down_in_its_own_time()
    {
        Assert.Equal(0, Run("--lab", "https://www.lab.glasscom.com/", "http://www.lab.glasscom.com/dir1/file1.html").ExitCode);
        var entries = Entries();
        Assert.Equal(2, entries.Length);
        Assert.All(entries, static entry => Assert.StartsWith("2026-01-01T", entry.GetProperty("startedDateTime").GetString(), StringComparison.Ordinal));
        Assert.True(entries[0].GetProperty("timings").GetProperty("ssl").GetDouble() > 0);
        Assert.Equal("www.lab.glasscom.com", Field(entries[0].GetProperty("request"), "Host"));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_said_before_anything_is_asked()
    {
        Assert.Equal(23, Command.RunIn(_folder.Path, "--har", "nowhere/run.har", "--lab", "http://www.lab.glasscom.com/").ExitCode);
        Assert.Equal(2, Command.RunIn(_folder.Path, "--har", "-", "--lab", "http://www.lab.glasscom.com/").ExitCode);
        Assert.Equal(2, Command.RunIn(_folder.Path, "--har", "", "--lab", "http://www.lab.glasscom.com/").ExitCode);
    }
}
