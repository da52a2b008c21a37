using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Http;

/// <summary>Our server, asked by curl and by our own client over the operating system's sockets.</summary>
public sealed class OwnServerTests : IAsyncLifetime, IHttpHandler
{
    private readonly OsNetwork _network = new();
    private readonly byte[] _large = new byte[1024 * 1024];
    private readonly StaticSite _site;
    private readonly HttpServer _server;
    private Endpoint _at;
    private Task _running = Task.CompletedTask;

    public OwnServerTests()
    {
        for (var i = 0; i < _large.Length; i++) { _large[i] = (byte)(i * 13 + i / 255); }
        _site = new StaticSite().Add("/index.html", "home").Add("/large.bin", _large).AddRedirect("/old", "/index.html");
        _server = new HttpServer(_network, this);
    }

    public ValueTask InitializeAsync()
    {
        _at = _server.Start(new Endpoint(IpAddress.LoopbackV4, 0));
        _running = _server.RunAsync();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        await _running;
    }

    public async ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        if (request.Head.TargetText != "/echo") { return await _site.HandleAsync(request, cancellationToken); }
        return new ServerResponse(new HttpResponse(200), new Echo(request));
    }

    private Task<(int ExitCode, byte[] Output)> CurlAsync(string target, params string[] options) => Programs.RunAsync(Programs.Require("curl"), ["-s", .. options, $"http://{_at}{target}"]);

    [Fact]
    public async Task Curl_reads_pages_redirects_and_errors()
    {
        Assert.Equal("home", Encoding.ASCII.GetString((await CurlAsync("/")).Output));
        Assert.Equal("home", Encoding.ASCII.GetString((await CurlAsync("/old", "-L")).Output));
        Assert.Equal("home", Encoding.ASCII.GetString((await CurlAsync("/", "-0")).Output));
        Assert.Equal(_large, (await CurlAsync("/large.bin")).Output);
        Assert.Equal(22, (await CurlAsync("/nowhere", "--fail")).ExitCode);
        Assert.StartsWith("HTTP/1.1 405 ", Encoding.ASCII.GetString((await CurlAsync("/", "-i", "-X", "DELETE")).Output));
        Assert.Contains("Content-Length: 1048576\r\n", Encoding.ASCII.GetString((await CurlAsync("/large.bin", "-I")).Output));
    }

    [Fact]
    public async Task Curl_sends_bodies_with_length_in_chunks_and_after_100_continue()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, _large);
            Assert.Equal(_large, (await CurlAsync("/echo", "--data-binary", "@" + file)).Output);
            Assert.Equal(_large, (await CurlAsync("/echo", "-T", file, "-H", "Transfer-Encoding: chunked")).Output);
            var waited = await CurlAsync("/echo", "-i", "-T", file, "-H", "Expect: 100-continue", "--expect100-timeout", "30");
            Assert.StartsWith("HTTP/1.1 100 Continue\r\n", Encoding.Latin1.GetString(waited.Output, 0, 40));
            Assert.True(waited.Output.AsSpan().EndsWith(_large));
        }
        finally { File.Delete(file); }
    }

    [Fact]
    public async Task Our_client_and_our_server_understand_each_other_for_hundreds_of_requests()
    {
        var socket = _network.CreateSocket(IpVersion.V4, SocketKind.Stream);
        await socket.ConnectAsync(_at);
        using var connection = new HttpConnection(new SocketByteStream(socket), _network);
        var result = new HttpExchangeResult();
        for (var i = 0; i < 300; i++)
        {
            var sink = new MemorySink();
            var body = _large.AsMemory(0, i * i);
            await connection.SendAsync(new HttpRequest("POST", "/echo", _at.ToString()) { Body = body }, sink, default, result, CancellationToken.None);
            Assert.True(result.MayReuse, result.Failure?.ToString());
            Assert.True(sink.Body.Span.SequenceEqual(body.Span));
        }
        Assert.Equal(1, _server.ConnectionCount);
    }

    private sealed class Echo(ServerRequest request) : IResponseBody
    {
        public long Length => -1;
        public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken) => request.ReadBodyAsync(destination, cancellationToken);
    }
}
