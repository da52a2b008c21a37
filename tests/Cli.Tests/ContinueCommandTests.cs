namespace Firstbyte.Tests;

/// <summary>-C: a transfer goes on where an earlier run has left it, if it is still the same, and nothing else is mixed with what is here.</summary>
public sealed class ContinueCommandTests : IDisposable
{
    private const string Broken = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nConnection: close\r\nContent-Length: 10\r\n\r\n0123";
    private const string Rest = "HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes 4-9/10\r\nConnection: close\r\nContent-Length: 6\r\n\r\n456789";
    private const string Other = "HTTP/1.1 200 OK\r\nETag: \"v2\"\r\nConnection: close\r\nContent-Length: 5\r\n\r\nother";
    private const string Nothing = "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 7\r\n\r\nnothing";
    private const string Behind = "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */4\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbad";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _heads = [];
    private readonly Queue<string> _answers = new();
    private readonly RawServer _server;

    public ContinueCommandTests() => _server = RawServer.Answering(_answers, _heads);

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_part_becomes_whole_and_nothing_is_left_beside_it()
    {
        Assert.Equal(18, Get(Broken, "-o", "file").ExitCode);
        Assert.Equal(["file.part", "file.part.etag"], Files);
        var run = Get(Rest, "-C", "-", "-o", "file");
        Assert.Equal((0, "0123456789"), (run.ExitCode, Read("file")));
        Assert.Equal(["file"], Files);
        Assert.Contains("\r\nRange: bytes=4-\r\nIf-Range: \"v1\"\r\n", _heads[1], StringComparison.Ordinal);
        Assert.Contains("goes on from byte 4: by its ETag it is still the same", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void It_breaks_off_again_and_goes_on_again()
    {
        Get(Broken, "-o", "file");
        Get("HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes 4-9/10\r\nConnection: close\r\nContent-Length: 6\r\n\r\n45", "-C", "-", "-o", "file");
        Assert.Equal("012345", Read("file.part"));
        var run = Get("HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes 6-9/10\r\nConnection: close\r\nContent-Length: 4\r\n\r\n6789", "-C", "-", "-o", "file");
        Assert.Equal((0, "0123456789"), (run.ExitCode, Read("file")));
        Assert.Equal(["file"], Files);
    }

    [Fact]
    public void A_retry_goes_on_from_where_the_continued_transfer_broke()
    {
        Get(Broken, "-o", "file");
        _answers.Enqueue("HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes 4-9/10\r\nConnection: close\r\nContent-Length: 6\r\n\r\n45");
        var run = Get("HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes 6-9/10\r\nConnection: close\r\nContent-Length: 4\r\n\r\n6789", "-C", "-", "--retry", "1", "-o", "file");
        Assert.Equal((0, "0123456789"), (run.ExitCode, Read("file")));
        Assert.Contains("\r\nRange: bytes=6-\r\nIf-Range: \"v1\"\r\n", _heads[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Another_version_comes_anew_and_replaces_the_part()
    {
        Get(Broken, "-o", "file");
        var run = Get(Other, "-C", "-", "-o", "file");
        Assert.Equal((0, "other"), (run.ExitCode, Read("file")));
        Assert.Equal(["file"], Files);
        Assert.Contains("is of another version: all of it comes anew", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_program_goes_on_without_proof_and_says_so()
    {
        File.WriteAllText(PathOf("file"), "0123");
        var run = Get(Rest, "-C", "-", "-o", "file");
        Assert.Equal((0, "0123456789"), (run.ExitCode, Read("file")));
        Assert.DoesNotContain("If-Range", _heads[0], StringComparison.Ordinal);
        Assert.Contains("whether it is still the same nobody can tell", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Other, 33, "all of it comes, and no ETag was kept")]
    [InlineData(Nothing, 33, "it answers with 404")]
    [InlineData("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 3-9/10\r\nContent-Length: 7\r\nConnection: close\r\n\r\n3456789", 33, "it begins at another place")]
    [InlineData("HTTP/1.1 206 Partial Content\r\nContent-Length: 7\r\nConnection: close\r\n\r\n3456789", 33, "it begins at another place")]
    [InlineData("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */3\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 36, "so many the server does not have")]
    public void What_is_not_the_rest_touches_nothing(string answer, int exitCode, string words)
    {
        File.WriteAllText(PathOf("file"), "0123");
        var run = Get(answer, "-C", "-", "-o", "file");
        Assert.Equal((exitCode, "0123"), (run.ExitCode, Read("file")));
        Assert.Contains(words, run.Output, StringComparison.Ordinal);
        Assert.Equal(["file"], Files);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_nothing_is_missing_nothing_comes(bool isBeside)
    {
        File.WriteAllText(PathOf(isBeside ? "file.part" : "file"), "0123");
        var run = Get(Behind, "-C", "-", "-o", "file");
        Assert.Equal((0, "0123"), (run.ExitCode, Read("file")));
        Assert.Equal(["file"], Files);
        Assert.Contains("nothing is missing", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_is_here_all_of_it_is_asked_for()
    {
        Assert.Equal((0, "other"), (Get(Other, "-C", "-", "-o", "file").ExitCode, Read("file")));
        Assert.DoesNotContain("Range", _heads[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_says_from_where()
    {
        Assert.Equal((0, "456789"), Get(Rest, "-C", "4", "--body") is var run ? (run.ExitCode, run.Output) : default);
        File.WriteAllText(PathOf("file"), "0123");
        Assert.Equal((0, "0123456789"), (Get(Rest, "-C", "4", "-o", "file").ExitCode, Read("file")));
    }

    [Fact]
    public void A_redirect_is_followed_to_the_rest()
    {
        File.WriteAllText(PathOf("file"), "0123");
        _answers.Enqueue("HTTP/1.1 302 Found\r\nLocation: /there\r\nConnection: close\r\nContent-Length: 5\r\n\r\nthere");
        var run = Get(Rest, "-L", "-C", "-", "-o", "file");
        Assert.Equal((0, "0123456789"), (run.ExitCode, Read("file")));
        Assert.Contains("Range: bytes=4-", _heads[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-C x -o file", "-C 'x': a number of bytes is wanted")]
    [InlineData("-C -", "-C - goes on where a file ends, and no file is named: add -o FILE")]
    [InlineData("-C 5 -o file", "-C 5: what is here of the file has 4 bytes")]
    [InlineData("-C - -o file -o other http://127.0.0.1:1/", "-C goes on with the transfer of one URL")]
    [InlineData("-C - -o file --compressed", "-C is for content as it is")]
    [InlineData("-C - -o file -d a=b", "-C is for content as it is")]
    [InlineData("-C - -o file -I", "-C is for content as it is")]
    public void What_cannot_be_gone_on_with_is_refused(string line, string words)
    {
        File.WriteAllText(PathOf("file"), "0123");
        var run = Command.RunIn(_folder.Path, [.. line.Split(' '), _server.Url]);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("firstbyte: " + words, run.Errors);
        Assert.Empty(_heads);
    }

    [Fact]
    public void An_upload_over_http_is_whole_or_nothing()
    {
        File.WriteAllText(PathOf("content"), "0123");
        var run = Command.RunIn(_folder.Path, "-C", "2", "-T", "content", _server.Url);
        Assert.Equal(33, run.ExitCode);
        Assert.Contains("An upload over HTTP cannot be gone on with", run.Output, StringComparison.Ordinal);
        Assert.Empty(_heads);
    }

    [Theory]
    [InlineData("http://www.lab.glasscom.com/dir1/picture.svg")]
    [InlineData("ftp://user:password@ftp.glasscom.com/dir/file1.htm")]
    public void In_a_lab_a_part_becomes_whole(string url)
    {
        Assert.Equal(0, Command.RunIn(_folder.Path, "--lab", "-o", "whole", url).ExitCode);
        var whole = Read("whole");
        File.WriteAllText(PathOf("file.part"), whole[..20]);
        var run = Command.RunIn(_folder.Path, "--lab", "-C", "-", "-o", "file", url);
        Assert.Equal((0, whole), (run.ExitCode, Read("file")));
        // Once more: nothing is missing.
        Assert.Equal((0, whole), (Command.RunIn(_folder.Path, "--lab", "-C", "-", "-o", "file", url).ExitCode, Read("file")));
        Assert.Equal(["file", "whole"], Files);
    }

    private string[] Files => [.. Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private string Read(string name) => File.ReadAllText(PathOf(name));

    private CommandRun Get(string answer, params string[] arguments)
    {
        _answers.Enqueue(answer);
        return Command.RunIn(_folder.Path, [.. arguments, _server.Url]);
    }
}
