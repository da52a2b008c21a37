using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Http;

public sealed class NginxTests(NginxFixture nginx) : IClassFixture<NginxFixture>, IHttpConnector
{
    private readonly OsNetwork _network = new();
    private int _connections;

    public async ValueTask<HttpConnecting> ConnectAsync(Origin origin, IpAddress[]? addresses, TraceSpan span, CancellationToken cancellationToken)
    {
        _connections++;
        var socket = _network.CreateSocket(IpVersion.V4, SocketKind.Stream);
        await socket.ConnectAsync(new Endpoint(IpAddress.LoopbackV4, (ushort)origin.Port), cancellationToken);
        return new HttpConnecting(new SocketByteStream(socket), IpAddress.LoopbackV4);
    }

    private async Task<(HttpExchangeResult Result, byte[] Body)> GetAsync(HttpConnectionPool pool, string target, string method = "GET", HttpVersion version = HttpVersion.Http11)
    {
        var sink = new MemorySink();
        var request = new HttpRequest(method, target, nginx.Host) { Version = version, Fields = [new("User-Agent", "firstbyte"), new("Accept", "*/*")] };
        var result = await pool.SendAsync(new Origin("http", "127.0.0.1", nginx.Port), request, sink, default);
        Assert.True(result.Succeeded, result.Failure?.ToString());
        return (result, sink.Body.ToArray());
    }

    private async Task<byte[]> CurlAsync(string target, params string[] options)
    {
        var (exitCode, output) = await Programs.RunAsync(Programs.Require("curl"), ["-s", .. options, $"http://{nginx.Host}{target}"]);
        Assert.Equal(0, exitCode);
        return output;
    }

    [Theory]
    [InlineData("/small.txt", HttpVersion.Http11, BodyFraming.ContentLength, KeepReason.PersistentByDefault)]
    [InlineData("/empty.txt", HttpVersion.Http11, BodyFraming.ContentLength, KeepReason.PersistentByDefault)]
    [InlineData("/large.txt", HttpVersion.Http11, BodyFraming.ContentLength, KeepReason.PersistentByDefault)]
    [InlineData("/ssi/page.html", HttpVersion.Http11, BodyFraming.Chunked, KeepReason.PersistentByDefault)]
    [InlineData("/ssi/page.html", HttpVersion.Http10, BodyFraming.UntilClose, KeepReason.DelimitedByClose)]
    [InlineData("/small.txt", HttpVersion.Http10, BodyFraming.ContentLength, KeepReason.PeerCloses)]
    [InlineData("/not-there", HttpVersion.Http11, BodyFraming.ContentLength, KeepReason.PersistentByDefault)]
    public async Task Bodies_are_the_bytes_that_curl_gets(string target, HttpVersion version, BodyFraming framing, KeepReason reason)
    {
        nginx.Require();
        using var pool = new HttpConnectionPool(_network, this);
        var (result, body) = await GetAsync(pool, target, version: version);
        Assert.Equal(framing, result.Head.Framing);
        Assert.Equal(reason, result.KeepReason);
        Assert.Equal(await CurlAsync(target, version == HttpVersion.Http10 ? "-0" : "--http1.1"), body);
    }

    [Fact]
    public async Task Head_gets_the_head_of_get_without_its_body()
    {
        nginx.Require();
        using var pool = new HttpConnectionPool(_network, this);
        var (result, body) = await GetAsync(pool, "/large.txt", "HEAD");
        Assert.Empty(body);
        Assert.Equal(1024 * 1024, result.Head.ContentLength);
        Assert.True(result.MayReuse);
        // The Date may differ by the second between both.
        var curl = Encoding.Latin1.GetString(await CurlAsync("/large.txt", "-I")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..].Where(IsNotDate);
        Assert.Equal(curl, result.Head.Fields.ToFields().Select(field => $"{field.Name}: {field.Value}").Where(IsNotDate));
        static bool IsNotDate(string line) => !line.StartsWith("Date:", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_requests_of_every_framing_share_one_connection()
    {
        nginx.Require();
        using var pool = new HttpConnectionPool(_network, this);
        var large = await CurlAsync("/large.txt");
        var chunked = await CurlAsync("/ssi/page.html");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("a small page\n", Encoding.ASCII.GetString((await GetAsync(pool, "/small.txt")).Body));
            Assert.Equal(large, (await GetAsync(pool, "/large.txt")).Body);
            Assert.Equal(chunked, (await GetAsync(pool, "/ssi/page.html")).Body);
            Assert.Empty((await GetAsync(pool, "/large.txt", "HEAD")).Body);
            Assert.Equal(302, (await GetAsync(pool, "/moved")).Result.Head.Status);
            Assert.Equal(404, (await GetAsync(pool, "/not-there")).Result.Head.Status);
        }
        Assert.Equal(1, _connections);
    }

    [Fact]
    public async Task What_nginx_refuses_is_a_response_and_not_an_error()
    {
        nginx.Require();
        using var pool = new HttpConnectionPool(_network, this);
        var (result, _) = await GetAsync(pool, "/" + new string('a', 40_000));
        Assert.Equal(414, result.Head.Status);
        Assert.Equal(KeepReason.PeerCloses, result.KeepReason);
    }
}
