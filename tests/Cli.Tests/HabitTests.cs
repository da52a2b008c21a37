namespace Firstbyte.Tests;

/// <summary>What hands type that know curl, where the plain command takes it too.</summary>
public sealed class HabitTests : IDisposable
{
    private const string Page = "http://www.lab.glasscom.com/dir1/file1.html";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _heads = [];
    private readonly Queue<string> _answers = new();
    private readonly RawServer _server;

    public HabitTests() => _server = RawServer.Answering(_answers, _heads);

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private CommandRun Run(params string[] arguments) => Command.RunIn(_folder.Path, arguments);

    [Theory]
    [InlineData("-s")]
    [InlineData("--silent")]
    [InlineData("-sS")]
    [InlineData("-sSLg")]
    public void Silent_is_the_body_alone(string option)
    {
        var run = Run("--lab", option, Page);
        Assert.Equal((0, Run("--lab", "--body", Page).Output, ""), (run.ExitCode, run.Output, run.Errors));
        Assert.StartsWith("<!DOCTYPE html>", run.Output, StringComparison.Ordinal);
    }

    /// <summary>Byte for byte what came, interim responses and redirects that were followed too.</summary>
    [Fact]
    public void Heads_are_printed_before_their_bodies()
    {
        const string First = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", Second = "HTTP/1.1 302 Found\r\nlocation: /next\r\nContent-Length: 0\r\n\r\n";
        const string Third = "HTTP/1.1 200 OK\r\nX-a: 1\r\nx-A: 2\r\nContent-Length: 2\r\nConnection: close\r\n\r\n";
        _answers.Enqueue(First + Second);
        _answers.Enqueue(Third + "ok");
        var run = Run("-i", "-L", _server.Url);
        Assert.Equal((0, First + Second + Third + "ok", ""), (run.ExitCode, run.Output, run.Errors));
    }

    [Fact]
    public void Of_a_head_alone_the_head_is_printed()
    {
        _answers.Enqueue("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
        var run = Run("-sI", _server.Url);
        Assert.Equal((0, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", ""), (run.ExitCode, run.Output, run.Errors));
        Assert.StartsWith("HEAD / ", _heads[0], StringComparison.Ordinal);
    }

    /// <summary>A cookie is a secret on the screen too; who wants to see it says so.</summary>
    [Fact]
    public void Secrets_of_a_head_are_covered_until_they_are_asked_for()
    {
        const string Head = "HTTP/1.1 200 OK\r\nSet-Cookie: sid=s3cr3t; Path=/\r\nContent-Length: 0\r\n\r\n";
        _answers.Enqueue(Head);
        _answers.Enqueue(Head);
        Assert.DoesNotContain("s3cr3t", Run("-i", _server.Url).Output, StringComparison.Ordinal);
        Assert.Equal(Head, Run("-i", "--show-secrets", _server.Url).Output);
    }

    [Fact]
    public void Nothing_of_a_head_acts_on_a_terminal()
    {
        _answers.Enqueue("HTTP/1.1 200 \x1b]0;x\x07\r\nX: \x9b31m\r\nContent-Length: 0\r\n\r\n");
        var run = Command.RunOnTerminal(_folder.Path, "-i", _server.Url);
        Assert.DoesNotContain(run.Output, static letter => letter is '\x1b' or '\x9b' or '\x07');
    }

    /// <summary>An error is no page: nothing of it is printed or kept, and the exit code says it.</summary>
    [Theory]
    [InlineData("-sf")]
    [InlineData("--fail", "-o", "page")]
    [InlineData("-f", "--compressed", "-s")]
    public void An_error_that_is_answered_is_a_failure(params string[] options)
    {
        _answers.Enqueue("HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\n\r\nsorry\n");
        _answers.Enqueue("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n");
        var run = Run([.. options, _server.Url]);
        Assert.Equal((22, "firstbyte: the server answered 404, and with -f what comes with an error is left out\n"), (run.ExitCode, run.Errors));
        Assert.DoesNotContain("sorry", run.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
        Assert.Equal((0, ""), (Run([.. options, _server.Url]) is var second ? second.ExitCode : -1, second.Errors));
    }

    [Theory]
    [InlineData("", "-A", "")]
    [InlineData("User-Agent: me/1.0\r\n", "-A", "me/1.0")]
    [InlineData("Referer: http://a.test/\r\n", "-e", "http://a.test/")]
    public void Who_asks_and_from_where_are_fields(string expected, params string[] options)
    {
        _answers.Enqueue("HTTP/1.1 204 No Content\r\n\r\n");
        Assert.Equal(0, Run([.. options, "-s", _server.Url]).ExitCode);
        if (expected.Length > 0) { Assert.Contains(expected, _heads[0], StringComparison.Ordinal); }
        else { Assert.DoesNotContain("User-Agent", _heads[0], StringComparison.OrdinalIgnoreCase); }
    }

    [Fact]
    public void Each_url_has_a_file_of_its_own_in_their_order()
    {
        foreach (var name in (string[])["one", "two", "three"]) { _answers.Enqueue($"HTTP/1.1 200 OK\r\nContent-Length: {name.Length}\r\n\r\n{name}"); }
        var run = Run("-o", "a", "-O", "-o", "c", _server.Url + "x", _server.Url + "dir/b%2Fb.html?q=/z", _server.Url + "y");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(["a=one", "b%2Fb.html=two", "c=three"], Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal).Select(static file => $"{Path.GetFileName(file)}={File.ReadAllText(file)}"));
    }

    [Theory]
    [InlineData("-o names.out URL URL", "-o and -O name 1 file, and there are 2 URLs: each URL wants a file of its own")]
    [InlineData("-o a -o b URL", "-o and -O name 2 files, and there is 1 URL: each URL wants a file of its own")]
    [InlineData("-O URL", "-O takes the name at the end of the URL's path, and there is none: -o FILE gives one")]
    [InlineData("-O 127.0.0.1:1", "-O takes the name at the end of the URL's path, and there is none: -o FILE gives one")]
    [InlineData("-i -o a URL", "-i prints head and body, and the body goes to 'a'")]
    [InlineData("-i --json URL", "-i and --json")]
    public void What_does_not_fit_is_refused_before_anything_is_sent(string line, string complaint)
    {
        var run = Run([.. line.Replace("URL", _server.Url, StringComparison.Ordinal).Split(' ')]);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(complaint, run.Errors, StringComparison.Ordinal);
        Assert.Empty(_heads);
    }
}
