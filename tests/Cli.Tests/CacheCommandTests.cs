using System.Text;

namespace Firstbyte.Tests;

/// <summary>--cache: what was fetched is used again while it may be, and asked about when it may not.</summary>
public sealed class CacheCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Queue<string> _answers = [];
    private readonly List<string> _heads = [];
    private readonly RawServer _server;

    public CacheCommandTests() => _server = RawServer.Answering(_answers, _heads);

    private string Folder => Path.Combine(_folder.Path, "cache");

    private string[] Files => Directory.Exists(Folder) ? Directory.GetFiles(Folder) : [];

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private void Answer(string fields, string body, string status = "200 OK") =>
        _answers.Enqueue($"HTTP/1.1 {status}\r\n{fields}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");

    private CommandRun Run(params string[] arguments) => Command.RunIn(_folder.Path, ["--cache", "cache", .. arguments]);

    [Fact]
    public void What_is_fresh_comes_from_the_cache_with_its_age()
    {
        Answer("Cache-Control: max-age=60\r\nAge: 40\r\nContent-Type: text/plain\r\n", "kept here");
        var first = Run(_server.Url);
        Assert.Contains("kept in the cache, fresh for ", first.Output, StringComparison.Ordinal);
        var second = Run(_server.Url);
        Assert.Equal(0, second.ExitCode);
        Assert.Matches("200 OK from cache, 4[0-9] s old, fresh for 1[0-9] s more", second.Output);
        Assert.Matches("Age: 4[0-9]\n", second.Output);
        Assert.Contains("kept here", second.Output, StringComparison.Ordinal);
        Assert.Equal("kept here", Run("--body", _server.Url).Output);
        Assert.Equal("kept here", Run("--body", _server.Url + "#fragment").Output);
        Assert.Single(_heads);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Files)));
        }
    }

    [Fact]
    public void What_is_stale_is_asked_about_and_a_304_is_not_the_users()
    {
        Answer("ETag: \"v1\"\r\nCache-Control: max-age=5\r\nAge: 40\r\n", "version one");
        Run(_server.Url);
        Answer("ETag: \"v1\"\r\nCache-Control: max-age=50\r\n", "", "304 Not Modified");
        var run = Run("-o", "out", _server.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("If-None-Match: \"v1\"\r\n", _heads[1], StringComparison.Ordinal);
        Assert.Matches("what is kept is 4[0-9] s old, stale for 3[0-9] s: the server is asked whether it is still so", run.Output);
        Assert.Contains("validated: 304; 200 OK from cache, fresh for 4", run.Output, StringComparison.Ordinal);
        Assert.Equal("version one", File.ReadAllText(Path.Combine(_folder.Path, "out")));
        Assert.Equal("version one", Run("--body", _server.Url).Output);
        Assert.Equal(2, _heads.Count);
    }

    [Fact]
    public void What_has_changed_takes_the_place_of_what_was_kept()
    {
        Answer("ETag: \"v1\"\r\nCache-Control: no-cache\r\n", "version one");
        Run(_server.Url);
        Answer("ETag: \"v2\"\r\nCache-Control: max-age=60\r\n", "version two");
        Assert.Equal("version two", Run("--body", _server.Url).Output);
        Assert.Equal("version two", Run("--body", _server.Url).Output);
        Assert.Equal(2, _heads.Count);
        Assert.Single(Files);
    }

    /// <summary>RFC 9111 4.3.4: it is about a state that nobody has.</summary>
    [Fact]
    public void A_304_about_another_state_is_asked_again()
    {
        Answer("ETag: \"v1\"\r\nCache-Control: no-cache\r\n", "version one");
        Run(_server.Url);
        Answer("ETag: \"v3\"\r\n", "", "304 Not Modified");
        Answer("ETag: \"v3\"\r\n", "version three");
        Assert.Equal("version three", Run("--body", _server.Url).Output);
        Assert.DoesNotContain("If-None-Match", _heads[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_304_that_the_user_asked_for_is_the_users()
    {
        Answer("ETag: \"v1\"\r\nCache-Control: max-age=60\r\n", "version one");
        Run(_server.Url);
        Answer("ETag: \"v1\"\r\n", "", "304 Not Modified");
        var run = Run("-H", "If-None-Match: \"v1\"", _server.Url);
        Assert.Contains("304 Not Modified", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("from cache", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_is_the_servers_and_is_not_kept()
    {
        Answer("ETag: \"v1\"\r\nCache-Control: max-age=60\r\n", "version one");
        Run(_server.Url);
        Answer("ETag: \"v2\"\r\nCache-Control: max-age=60\r\nContent-Range: bytes 0-3/11\r\n", "VERS", "206 Partial Content");
        Assert.Equal("VERS", Run("--body", "-r", "0-3", _server.Url).Output);
        Assert.Equal("version one", Run("--body", _server.Url).Output);
        Assert.Equal(2, _heads.Count);
    }

    [Fact]
    public void What_is_coded_is_kept_as_it_came_and_for_whom_it_was_chosen()
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write("unpacked"u8);
        }
        using var server = RawServer.Of("Cache-Control: max-age=60\r\nVary: Accept-Encoding\r\nContent-Encoding: gzip\r\nConnection: close\r\n", packed.ToArray());
        Assert.Equal("unpacked", Run("--compressed", "--body", server.Url).Output);
        var run = Run("--compressed", server.Url);
        Assert.Contains("from cache", run.Output, StringComparison.Ordinal);
        Assert.Contains("unpacked", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("from cache", Run(server.Url).Output, StringComparison.Ordinal);
        Assert.Equal(2, Files.Length);
    }

    [Fact]
    public void What_changes_a_resource_ends_what_is_kept_of_it()
    {
        Answer("Cache-Control: max-age=60\r\n", "before");
        Run(_server.Url);
        Answer("", "", "200 OK");
        Assert.Contains("is forgotten, as this has changed it", Run("-d", "x", _server.Url).Output, StringComparison.Ordinal);
        Answer("Cache-Control: max-age=60\r\n", "after");
        Assert.Equal("after", Run("--body", _server.Url).Output);
    }

    [Fact]
    public void Only_what_is_kept_can_be_wished_for()
    {
        var run = Run("-H", "Cache-Control: only-if-cached", _server.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("nothing that is kept answers this", run.Output, StringComparison.Ordinal);
        Assert.Contains("504 Gateway Timeout", run.Output, StringComparison.Ordinal);
        Assert.Empty(_heads);
    }

    [Theory]
    [InlineData("500 Internal Server Error")]
    [InlineData(null)]
    public void What_is_stale_stands_in_where_the_response_allows_it(string? error)
    {
        Answer("Cache-Control: max-age=5, stale-if-error=1000\r\nAge: 40\r\n", "old but good");
        Run(_server.Url);
        _answers.Enqueue(error is null ? "" : $"HTTP/1.1 {error}\r\nContent-Length: 4\r\nConnection: close\r\n\r\nOops");
        var run = Run(_server.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("from cache in the place of the server's answer", run.Output, StringComparison.Ordinal);
        Assert.Contains("old but good", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Oops", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_stale_does_not_stand_in_where_nothing_allows_it()
    {
        Answer("Cache-Control: max-age=5\r\nAge: 40\r\nETag: \"a\"\r\n", "old but good");
        Run(_server.Url);
        Answer("", "Oops", "500 Internal Server Error");
        Assert.Equal("Oops", Run("--body", _server.Url).Output);
        _answers.Enqueue("");
        Assert.Equal(52, Run(_server.Url).ExitCode);
    }

    [Fact]
    public void A_password_reaches_no_file_and_its_answers_neither()
    {
        Answer("Cache-Control: private, max-age=60\r\nSet-Cookie: session=abc\r\n", "mine alone");
        var run = Run("-u", "me:secret", _server.Url);
        Assert.Contains("kept in the cache for this run, fresh for ", run.Output, StringComparison.Ordinal);
        Assert.Empty(Files);
        Answer("Cache-Control: max-age=60\r\n", "mine too");
        Assert.Contains("not kept in the cache: it was given for a password or a token", Run("-u", "me:secret", _server.Url).Output, StringComparison.Ordinal);
        Answer("Cache-Control: public, max-age=60\r\nSet-Cookie: session=abc\r\n", "everybody's");
        Run("-u", "me:secret", _server.Url);
        var file = File.ReadAllText(Assert.Single(Files), Encoding.Latin1);
        Assert.DoesNotContain("session", file, StringComparison.Ordinal);
        Assert.DoesNotContain("uthorization", file, StringComparison.Ordinal);
        Assert.Equal("everybody's", Run("--body", _server.Url).Output);
    }

    [Fact]
    public void In_one_run_the_second_url_is_answered_from_what_the_first_brought()
    {
        Answer("Cache-Control: private, max-age=60\r\n", "once");
        var run = Run("-u", "me:secret", _server.Url, _server.Url);
        Assert.Contains("200 OK from cache", run.Output, StringComparison.Ordinal);
        Assert.Single(_heads);
    }

    [Fact]
    public void What_broke_off_is_not_kept()
    {
        _answers.Enqueue("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 100\r\n\r\nhalf");
        Assert.Equal(18, Run(_server.Url).ExitCode);
        Assert.Empty(Files);
    }

    [Fact]
    public void A_redirect_that_says_so_is_kept_too()
    {
        Answer($"Cache-Control: max-age=60\r\nLocation: {_server.Url}there\r\n", "", "302 Found");
        Answer("Cache-Control: max-age=60\r\n", "there");
        Assert.Equal("there", Run("-L", "--body", _server.Url).Output);
        Assert.Equal("there", Run("-L", "--body", _server.Url).Output);
        Assert.Equal(2, _heads.Count);
    }

    /// <summary>Half of an entry, one that somebody else has written, a link, a folder: each is an entry that is not there.</summary>
    [Theory]
    [InlineData("cut")]
    [InlineData("foreign")]
    [InlineData("empty")]
    [InlineData("link")]
    [InlineData("folder")]
    public void A_broken_file_is_not_there(string how)
    {
        Answer("Cache-Control: max-age=60\r\n", "first");
        Run(_server.Url);
        var file = Assert.Single(Files);
        var bytes = File.ReadAllBytes(file);
        File.Delete(file);
        var other = Path.Combine(_folder.Path, "elsewhere");
        if (how == "cut") { File.WriteAllBytes(file, bytes[..^3]); }
        else if (how == "foreign") { File.WriteAllText(file, "HTTP/1.1 200 OK\r\n\r\nhello"); }
        else if (how == "empty") { File.WriteAllText(file, ""); }
        else if (how == "folder") { Directory.CreateDirectory(file); }
        else
        {
            File.WriteAllBytes(other, bytes);
            File.CreateSymbolicLink(file, other);
        }
        Answer("Cache-Control: max-age=60\r\n", "second");
        var run = Run(_server.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("second", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, _heads.Count);
        // What is in the way is said; what a link leads to stays as it is.
        if (how == "folder") { Assert.Contains("! not kept in the cache: ", run.Output, StringComparison.Ordinal); }
        if (how == "link") { Assert.Equal(bytes, File.ReadAllBytes(other)); }
    }

    [Fact]
    public void An_entry_under_another_name_answers_nobody()
    {
        Answer("Cache-Control: max-age=60\r\n", "first");
        Run(_server.Url);
        var bytes = File.ReadAllBytes(Assert.Single(Files));
        Answer("Cache-Control: max-age=60\r\n", "other");
        Run(_server.Url + "other");
        foreach (var file in Files) { File.WriteAllBytes(file, bytes); }
        Answer("Cache-Control: max-age=60\r\n", "again");
        Assert.Equal("again", Run("--body", _server.Url + "other").Output);
        Assert.Equal("first", Run("--body", _server.Url).Output);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_said_before_anything_is_asked()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "file"), "");
        var run = Command.RunIn(_folder.Path, "--cache", "file/cache", _server.Url);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("file/cache", run.Errors, StringComparison.Ordinal);
        Assert.Empty(_heads);
        Assert.Equal(2, Command.RunIn(_folder.Path, "--cache", "", _server.Url).ExitCode);
    }
}
