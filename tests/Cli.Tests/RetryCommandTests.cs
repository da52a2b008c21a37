namespace Firstbyte.Tests;

/// <summary>Ranges, and what is tried again: how often, after how long, and from where on.</summary>
public sealed class RetryCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _heads = [];
    private readonly Queue<string> _answers = new();
    private readonly RawServer _server;

    public RetryCommandTests() => _server = RawServer.Answering(_answers, _heads);

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private const string Busy = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbusy";
    private const string Whole = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\n0123456789";
    private const string Broken = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nConnection: close\r\nContent-Length: 10\r\n\r\n0123";
    private const string Rest = "HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes 4-9/10\r\nConnection: close\r\nContent-Length: 6\r\n\r\n456789";

    private CommandRun Get(string[] answers, params string[] arguments)
    {
        foreach (var answer in answers) { _answers.Enqueue(answer); }
        return Command.RunIn(_folder.Path, [.. arguments, _server.Url]);
    }

    /// <summary>A server that fills the screen with its reason is quoted as far as anybody reads.</summary>
    [Fact]
    public void A_reason_phrase_without_end_is_cut_with_a_sign()
    {
        _answers.Enqueue($"HTTP/1.1 200 {new string('x', 60_000)}\r\nContent-Length: 0\r\n\r\n");
        var run = Command.Run(_server.Url);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"200 {new string('x', 80)}… ·", run.Output, StringComparison.Ordinal);
        Assert.True(run.Output.Length < 4_000, run.Output);
    }

    [Fact]
    public void A_range_is_asked_for_as_it_is_given()
    {
        var run = Get([Rest], "-r", "4-9", "--body");
        Assert.Equal((0, "456789"), (run.ExitCode, run.Output));
        Assert.Contains("\r\nRange: bytes=4-9\r\n", _heads[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_passes_is_tried_again_and_its_content_is_nobodys()
    {
        var run = Get([Busy, Busy, Whole], "--retry", "3", "--body");
        Assert.Equal((0, "0123456789", 3), (run.ExitCode, run.Output, _heads.Count));
    }

    /// <summary>A wait that the user's time does not have is not begun: the answer stands, with its content.</summary>
    [Fact]
    public void A_wait_beyond_the_time_is_not_begun()
    {
        const string Later = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3600\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbusy";
        var run = Get([Later], "--retry", "3", "-m", "20", "--body");
        Assert.Equal((0, "busy", 1), (run.ExitCode, run.Output, _heads.Count));
        Assert.Contains("not tried again: the server asks for 1 h, and of -m ", Get([Later], "--retry", "3", "-m", "20").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void No_more_often_than_allowed()
    {
        var run = Get([Busy, Busy], "--retry", "1");
        Assert.Equal((0, 2), (run.ExitCode, _heads.Count));
        Assert.Contains("again after 0 s, as the server asks: 503 may pass (1 of 1)", run.Output, StringComparison.Ordinal);
        Assert.Contains("busy", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_wish_nothing_is_tried_again()
    {
        Assert.Contains("503", Get([Busy]).Output, StringComparison.Ordinal);
        Assert.Single(_heads);
    }

    [Fact]
    public void What_broke_off_goes_on_where_it_broke_if_it_is_still_the_same()
    {
        var run = Get([Broken, Rest], "--retry", "2", "-o", "file");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("0123456789", File.ReadAllText(Path.Combine(_folder.Path, "file")));
        Assert.Contains("\r\nRange: bytes=4-\r\n", _heads[1], StringComparison.Ordinal);
        Assert.Contains("\r\nIf-Range: \"v1\"\r\n", _heads[1], StringComparison.Ordinal);
        Assert.Contains("from byte 4 on", run.Output, StringComparison.Ordinal);
        Assert.Contains("206 Partial Content · 10 bytes", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    // The whole again, which is another by now; and a part from another place.
    [InlineData(Whole)]
    [InlineData("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 3-9/10\r\nContent-Length: 7\r\nConnection: close\r\n\r\n3456789")]
    public void Halves_of_different_things_are_no_whole(string second)
    {
        var run = Get([Broken, second], "--retry", "5", "-o", "file");
        Assert.Equal((18, 2), (run.ExitCode, _heads.Count));
        Assert.False(File.Exists(Path.Combine(_folder.Path, "file")));
        Assert.Contains("is not the rest of what has come", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_name_for_what_has_come_it_cannot_go_on()
    {
        var run = Get([Broken.Replace("ETag: \"v1\"\r\n", "ETag: W/\"v1\"\r\n", StringComparison.Ordinal)], "--retry", "5", "-o", "file");
        Assert.Equal(18, run.ExitCode);
        Assert.Contains("the server gave no strong ETag", run.Output, StringComparison.Ordinal);
        Assert.Single(_heads);
    }

    [Theory]
    // The server has done nothing: 503 says so. Of 500 nobody knows.
    [InlineData("503 Service Unavailable", 2)]
    [InlineData("500 Internal Server Error", 1)]
    public void What_may_harm_twice_goes_again_only_where_it_was_not_done(string status, int requests)
    {
        Get([Busy.Replace("503 Service Unavailable", status, StringComparison.Ordinal), Whole], "--retry", "1", "-d", "a=b");
        Assert.Equal(requests, _heads.Count);
    }
}
