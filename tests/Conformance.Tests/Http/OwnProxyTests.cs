using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Proxies;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Tests.Http;

/// <summary>Our proxies, asked by curl over the operating system's sockets: what it takes for a proxy is one.</summary>
public sealed class OwnProxyTests : IAsyncLifetime
{
    private static readonly Credentials s_account = new("user", "password");

    private readonly OsNetwork _network = new();
    private readonly byte[] _large = new byte[1024 * 1024];
    private readonly HttpServer _server;
    private readonly HttpProxy[] _handlers;
    private readonly HttpServer[] _proxies;
    private readonly SocksServer[] _socks;
    private readonly List<Task> _running = [];
    private readonly List<Endpoint> _at = [];

    public OwnProxyTests()
    {
        for (var i = 0; i < _large.Length; i++) { _large[i] = (byte)(i * 13 + i / 255); }
        _server = new HttpServer(_network, new StaticSite().Add("/index.html", "home").Add("/large.bin", _large));
        var resolver = StubResolver.FromSystem(_network);
        _handlers = [new HttpProxy(_network, resolver), new HttpProxy(_network, resolver, s_account)];
        _proxies = [.. _handlers.Select(handler => new HttpServer(_network, handler))];
        _socks = [new SocksServer(_network, resolver), new SocksServer(_network, resolver, s_account)];
    }

    public ValueTask InitializeAsync()
    {
        var any = new Endpoint(IpAddress.LoopbackV4, 0);
        _at.Add(_server.Start(any));
        _running.Add(_server.RunAsync());
        foreach (var proxy in _proxies)
        {
            _at.Add(proxy.Start(any));
            _running.Add(proxy.RunAsync());
        }
        foreach (var socks in _socks)
        {
            _at.Add(socks.Start(any));
            _running.Add(socks.RunAsync());
        }
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        foreach (var proxy in _proxies) { proxy.Dispose(); }
        foreach (var handler in _handlers) { handler.Dispose(); }
        foreach (var socks in _socks) { socks.Dispose(); }
        await Task.WhenAll(_running);
    }

    private Task<(int ExitCode, byte[] Output)> CurlAsync(string target, params string[] options) =>
        Programs.RunAsync(Programs.Require("curl"), ["-s", .. options, $"http://{_at[0]}{target}"]);

    public static TheoryData<int, string, string[]> Ways => new()
    {
        { 1, "http", [] }, { 1, "http", ["-p"] }, { 2, "http", ["-U", "user:password"] }, { 2, "http", ["-U", "user:password", "--proxy-digest"] },
        { 2, "http", ["-p", "-U", "user:password"] }, { 2, "http", ["-p", "-U", "user:password", "--proxy-anyauth"] }, { 3, "socks4", [] }, { 3, "socks4a", [] },
        { 3, "socks5", [] }, { 3, "socks5h", [] }, { 4, "socks5", ["-U", "user:password"] }, { 4, "socks5h", ["-U", "user:password"] },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Curl_gets_there_by_our_proxies(int which, string scheme, string[] options)
    {
        string[] by = ["-x", $"{scheme}://{_at[which]}", .. options];
        Assert.Equal("home", Encoding.ASCII.GetString((await CurlAsync("/", by)).Output));
        Assert.Equal(_large, (await CurlAsync("/large.bin", by)).Output);
        var (_, head) = await CurlAsync("/large.bin", [.. by, "-I"]);
        Assert.Contains("Content-Length: 1048576\r\n", Encoding.ASCII.GetString(head));
        Assert.Equal(22, (await CurlAsync("/nowhere", [.. by, "--fail"])).ExitCode);
    }

    [Fact]
    public async Task Curl_is_told_why_not()
    {
        Assert.Equal(97, (await CurlAsync("/", "-x", $"socks5://{_at[4]}")).ExitCode);
        Assert.Equal(97, (await CurlAsync("/", "-x", $"socks5://{_at[4]}", "-U", "user:wrong")).ExitCode);
        Assert.Equal(97, (await CurlAsync("/", "-x", $"socks4://{_at[4]}")).ExitCode);
        Assert.Equal(56, (await CurlAsync("/", "-p", "-x", $"http://{_at[2]}")).ExitCode);
        var (_, unknown) = await CurlAsync("/", "-i", "-x", $"http://{_at[2]}");
        Assert.StartsWith("HTTP/1.1 407 Proxy Authentication Required\r\n", Encoding.ASCII.GetString(unknown));
        var (_, gateway) = await Programs.RunAsync(Programs.Require("curl"), "-s", "-i", "-x", $"http://{_at[1]}", "http://127.0.0.1:9/");
        Assert.StartsWith("HTTP/1.1 502 Bad Gateway\r\n", Encoding.ASCII.GetString(gateway));
        var (_, direct) = await Programs.RunAsync(Programs.Require("curl"), "-s", "-i", $"http://{_at[1]}/");
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", Encoding.ASCII.GetString(direct));
    }
}
