namespace Firstbyte.Tests.Curl;

/// <summary>What <c>firstbyte curl</c> tells of a transfer: with <c>--explain</c>, with <c>-w</c>, and when it gives up.</summary>
public sealed class CurlStoryTests
{
    private static RawServer Answering(string answer, bool stays = false) => new(connection =>
    {
        connection.ReadHead();
        connection.Send(answer);
        if (stays) { connection.ReadHead(); }
    });

    /// <summary>What is taken as curl takes it is told with its verdict.</summary>
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n", "then the connection is closed")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "taken as curl takes it")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "(byte 15): taken as it was meant")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", "Content-Length")]
    public void A_repair_is_told(string answer, string told)
    {
        using var server = Answering(answer);
        var run = Command.Run("curl", "--explain", "-sS", server.Url);
        Assert.Equal((0, "hello"), (run.ExitCode, run.Output));
        Assert.Contains(run.Errors.Split('\n'), line => line.Contains("! ", StringComparison.Ordinal) && line.Contains(told, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_told_of_what_is_well_formed()
    {
        using var server = Answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        Assert.DoesNotContain("! ", Command.Run("curl", "--explain", "-sS", server.Url).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_gives_up_says_how_much_of_how_much_has_come()
    {
        using var server = Answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", stays: true);
        var run = Command.Run("curl", "-sS", "-m", "0.5", server.Url);
        Assert.Equal(28, run.ExitCode);
        Assert.EndsWith(" with 3 out of 10 bytes received\n", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>As many as came are downloaded, whatever they are decoded to.</summary>
    [Fact]
    public void Sizes_are_those_of_what_came()
    {
        using var coded = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(coded, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true)) { gzip.Write(new byte[10_000]); }
        using var server = RawServer.Of("Content-Encoding: gzip\r\n", coded.ToArray());
        var run = Command.Run("curl", "-s", "--compressed", "-o", "/dev/null", "-w", "%{size_download} %{size_delivered}", server.Url);
        Assert.Equal($"{coded.Length} 10000", run.Output);
    }

    [Theory]
    [InlineData("--tls-max 1.0")]
    [InlineData("--tls-max 1.1")]
    [InlineData("--tlsv1.3 --tls-max 1.2")]
    public void Without_a_version_that_is_spoken_there_is_no_TLS(string options)
    {
        using var server = new RawServer(static connection => connection.ReadHead());
        var run = Command.Run(["curl", "-k", .. options.Split(' '), server.Url.Replace("http:", "https:", StringComparison.Ordinal)]);
        Assert.Equal(35, run.ExitCode);
    }

    /// <summary>curl: MAX_SET_COOKIE_AMOUNT.</summary>
    [Fact]
    public void A_response_sets_fifty_cookies()
    {
        using var server = RawServer.Of(string.Concat(Enumerable.Range(0, 60).Select(static one => $"Set-Cookie: c{one}=1\r\n")), []);
        Assert.Equal(50, Command.Run("curl", "-s", "-b", "", "-c", "-", server.Url).Output.Split('\n').Count(static line => line.StartsWith("127.0.0.1\t", StringComparison.Ordinal)));
    }
}
