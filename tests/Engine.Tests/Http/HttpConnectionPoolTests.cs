using Firstbyte.Connecting;
using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Http;

public sealed class HttpConnectionPoolTests : IHttpConnector, IDisposable
{
    private const string Empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private static readonly Origin s_origin = new("http", "a.example", 80);
    private static readonly HttpRequest s_get = new("GET", "/", "a.example");

    private readonly HandClock _clock = new();
    private readonly EventList _told = new();
    private readonly List<MemoryStreamEnd> _servers = [];
    private readonly HttpConnectionPool _pool;
    private readonly ClockOnlyNetwork _network;

    public HttpConnectionPoolTests()
    {
        _network = new ClockOnlyNetwork(_clock);
        _pool = new HttpConnectionPool(_network, this);
    }

    /// <summary>What each new connection's server has already said.</summary>
    private Queue<string> Scripts { get; } = new();

    public async ValueTask<IByteStream> ConnectAsync(Origin origin, TraceSpan span, CancellationToken cancellationToken)
    {
        var (client, server) = MemoryStreamEnd.Pair();
        _servers.Add(server);
        if (Scripts.TryDequeue(out var said)) { await server.SendAsync(said); }
        return client;
    }

    public void Dispose() => _pool.Dispose();

    private ValueTask<HttpExchangeResult> SendAsync(HttpRequest? request = null, Origin? origin = null) =>
        _pool.SendAsync(origin ?? s_origin, request ?? s_get, DiscardingSink.Instance, new Tracer(_told).Root(_network));

    [Fact]
    public async Task The_second_request_to_an_origin_uses_the_first_ones_connection()
    {
        Scripts.Enqueue(Empty);
        Assert.True((await SendAsync()).MayReuse);
        Assert.Equal(1, _pool.IdleCount);
        var second = SendAsync();
        await _servers[0].SendAsync(Empty);
        var result = await second;
        Assert.True(result.Succeeded);
        Assert.True(result.ReusedConnection);
        Assert.Single(_servers);
        Assert.Equal(new ConnectionReused("http", "a.example", 80, 1) { At = _told.One<ConnectionReused>().At, Span = 1 }, _told.One<ConnectionReused>());
    }

    [Fact]
    public async Task Other_origins_get_connections_of_their_own()
    {
        for (var i = 0; i < 3; i++) { Scripts.Enqueue(Empty); }
        await SendAsync();
        await SendAsync(origin: s_origin with { Port = 81 });
        await SendAsync(origin: s_origin with { Scheme = "https" });
        Assert.Equal(3, _servers.Count);
        Assert.Equal(3, _pool.IdleCount);
    }

    [Fact]
    public async Task A_connection_that_ends_while_idle_leaves_the_pool()
    {
        Scripts.Enqueue(Empty);
        Scripts.Enqueue(Empty);
        await SendAsync();
        _servers[0].Close();
        Assert.Equal(0, _pool.IdleCount);
        Assert.True((await SendAsync()).Succeeded);
        Assert.Equal(2, _servers.Count);
    }

    [Fact]
    public async Task Bytes_that_nobody_asked_for_close_an_idle_connection()
    {
        Scripts.Enqueue(Empty);
        Scripts.Enqueue(Empty);
        await SendAsync();
        await _servers[0].SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
        Assert.Equal(0, _pool.IdleCount);
        Assert.Equal("", await ReadRest(_servers[0]));
        var result = await SendAsync();
        Assert.False(result.ReusedConnection);
        Assert.Equal(0, result.BodyBytes);
    }

    [Fact]
    public async Task A_request_that_may_be_repeated_goes_out_again_when_a_reused_connection_dies_before_the_first_byte()
    {
        Scripts.Enqueue(Empty);
        Scripts.Enqueue(Empty);
        await SendAsync();
        await _servers[0].ReadUntilAsync("\r\n\r\n");
        var second = SendAsync();
        await _servers[0].ReadUntilAsync("\r\n\r\n");
        _servers[0].Close();
        Assert.True((await second).Succeeded);
        Assert.Equal(2, _servers.Count);
        Assert.Equal(ExchangeFailureReason.EmptyReply, _told.One<RequestRetried>().Reason);
    }

    [Fact]
    public async Task A_request_that_may_not_be_repeated_fails_when_a_reused_connection_dies()
    {
        Scripts.Enqueue(Empty);
        await SendAsync();
        await _servers[0].ReadUntilAsync("\r\n\r\n");
        var second = SendAsync(new HttpRequest("POST", "/", "a"));
        await _servers[0].ReadUntilAsync("\r\n\r\n");
        _servers[0].Reset();
        var result = await second;
        Assert.Equal(ExchangeFailureReason.ConnectionFailed, result.Failure!.Reason);
        Assert.Single(_servers);
    }

    [Fact]
    public async Task A_new_connection_that_dies_is_not_tried_again()
    {
        var sending = SendAsync();
        _servers[0].Close();
        Assert.Equal(ExchangeFailureReason.EmptyReply, (await sending).Failure!.Reason);
        Assert.Single(_servers);
    }

    [Fact]
    public async Task After_part_of_a_response_nothing_is_repeated()
    {
        Scripts.Enqueue(Empty);
        await SendAsync();
        var second = SendAsync();
        await _servers[0].SendAsync("HTTP/1.1 2");
        _servers[0].Close();
        Assert.Equal(ExchangeFailureReason.CutOff, (await second).Failure!.Reason);
        Assert.Single(_servers);
    }

    [Fact]
    public async Task Connections_that_idled_too_long_are_closed_instead_of_used()
    {
        Scripts.Enqueue(Empty);
        Scripts.Enqueue(Empty);
        await SendAsync();
        _clock.Advance(IdleConnections<HttpConnection>.MaximumTime);
        Assert.False((await SendAsync()).ReusedConnection);
        Assert.Equal(2, _servers.Count);
    }

    [Fact]
    public async Task No_more_idle_connections_are_kept_than_the_limit_for_an_origin()
    {
        var requests = new List<Task<HttpExchangeResult>>();
        for (var i = 0; i < IdleConnections<HttpConnection>.MaximumPerOrigin + 3; i++) { requests.Add(SendAsync().AsTask()); }
        foreach (var server in _servers) { await server.SendAsync(Empty); }
        await Task.WhenAll(requests);
        Assert.Equal(IdleConnections<HttpConnection>.MaximumPerOrigin + 3, _servers.Count);
        Assert.Equal(IdleConnections<HttpConnection>.MaximumPerOrigin, _pool.IdleCount);
    }

    [Fact]
    public async Task A_reused_connection_can_be_given_up()
    {
        Scripts.Enqueue(Empty);
        await SendAsync();
        using var source = new CancellationTokenSource();
        var sending = _pool.SendAsync(s_origin, s_get, DiscardingSink.Instance, default, source.Token);
        await source.CancelAsync();
        Assert.Equal(ExchangeFailureReason.Cancelled, (await sending).Failure!.Reason);
        Assert.Equal(0, _pool.IdleCount);
    }

    private static async Task<string> ReadRest(MemoryStreamEnd server)
    {
        await server.ReadUntilAsync("\r\n\r\n");
        return await server.ReadToEndAsync();
    }
}
