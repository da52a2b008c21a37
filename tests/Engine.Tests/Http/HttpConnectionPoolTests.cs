using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Errors;
using Firstbyte.Http;
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

    /// <summary>What the origin's name leads to; null where nobody looks.</summary>
    private IpAddress[]? Addresses { get; set; }

    /// <summary>Why no connection is made.</summary>
    private Errno Unreachable { get; set; }

    public ValueTask<IpAddress[]?> FindAsync(Origin origin, TraceSpan span, CancellationToken cancellationToken) => ValueTask.FromResult(Addresses);

    public async ValueTask<HttpConnecting> ConnectAsync(Origin origin, IpAddress[]? addresses, TraceSpan span, CancellationToken cancellationToken)
    {
        if (Unreachable != Errno.None) { return new HttpConnecting(null, Error: Unreachable); }
        var (client, server) = MemoryStreamEnd.Pair();
        _servers.Add(server);
        if (Scripts.TryDequeue(out var said)) { await server.SendAsync(said); }
        return new HttpConnecting(client, addresses?[0]);
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
    public async Task A_tunnel_that_nobody_can_take_is_closed()
    {
        Scripts.Enqueue("HTTP/1.1 200 Connection established\r\n\r\n");
        Assert.Equal(KeepReason.Tunnel, (await SendAsync(new HttpRequest("CONNECT", "b.example:443", "b.example:443"))).KeepReason);
        Assert.Equal(0, _pool.IdleCount);
        Assert.Equal("", await ReadRest(_servers[0]));
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
        Assert.Equal(("POST", ExchangeFailureReason.ConnectionFailed), (_told.One<RequestNotRetried>().Method, _told.One<RequestNotRetried>().Reason));
    }

    /// <summary>A PUT may be repeated; what was read from a pipe cannot.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Content_goes_out_again_only_where_it_is_still_there(bool canRewind)
    {
        Scripts.Enqueue(Empty);
        await SendAsync();
        await _servers[0].ReadUntilAsync("\r\n\r\n");
        IBodySource source = canRewind ? new BytesBody("hello"u8.ToArray()) : new StreamedContentTests.ScriptedSource(5, "hello"u8.ToArray());
        var put = new HttpRequest("PUT", "/", "a.example") { IsStreamed = true, ContentLength = 5 };
        var second = _pool.SendAsync(s_origin, put, source, DiscardingSink.Instance, new Tracer(_told).Root(_network)).AsTask();
        await _servers[0].ReadUntilAsync("hello");
        Scripts.Enqueue(Empty);
        _servers[0].Close();
        var result = await second;
        if (canRewind)
        {
            Assert.True(result.Succeeded);
            Assert.EndsWith("\r\n\r\nhello", await _servers[1].ReadUntilAsync("hello"));
            return;
        }
        Assert.Equal((ExchangeFailureReason.SourceSpent, FaultSide.Own), (result.Failure!.Reason, result.Failure.AtFault));
        Assert.Single(_servers);
        Assert.DoesNotContain(_told.Events, static told => told is RequestRetried);
    }

    /// <summary>Content that was held back is still all there.</summary>
    [Fact]
    public async Task Content_that_still_waited_goes_out_on_the_new_connection()
    {
        Scripts.Enqueue(Empty);
        await SendAsync();
        await _servers[0].ReadUntilAsync("\r\n\r\n");
        var source = new StreamedContentTests.ScriptedSource(null, "hello"u8.ToArray());
        var post = new HttpRequest("POST", "/", "a.example") { IsStreamed = true, ContentLength = null, Fields = [new("Expect", "100-continue")] };
        var second = _pool.SendAsync(s_origin, post, source, DiscardingSink.Instance, new Tracer(_told).Root(_network)).AsTask();
        await _servers[0].ReadUntilAsync("\r\n\r\n");
        Scripts.Enqueue("HTTP/1.1 100 Continue\r\n\r\n");
        _servers[0].Close();
        await _servers[1].ReadUntilAsync("5\r\nhello\r\n0\r\n\r\n");
        await _servers[1].SendAsync(Empty);
        Assert.True((await second).Succeeded);
    }

    [Fact]
    public async Task What_is_sent_again_goes_out_on_a_new_connection_though_others_are_idle()
    {
        var both = new[] { SendAsync().AsTask(), SendAsync().AsTask() };
        foreach (var server in _servers) { await server.SendAsync(Empty); }
        await Task.WhenAll(both);
        Scripts.Enqueue(Empty);
        var third = SendAsync();
        await _servers[1].ReadUntilAsync("\r\n\r\n");
        await _servers[1].ReadUntilAsync("\r\n\r\n");
        _servers[1].Close();
        Assert.True((await third).Succeeded);
        Assert.Equal(3, _servers.Count);
    }

    [Fact]
    public async Task A_request_is_sent_again_once()
    {
        Scripts.Enqueue(Empty);
        await SendAsync();
        await _servers[0].ReadUntilAsync("\r\n\r\n");
        var second = SendAsync();
        await _servers[0].ReadUntilAsync("\r\n\r\n");
        _servers[0].Close();
        await _servers[1].ReadUntilAsync("\r\n\r\n");
        _servers[1].Close();
        Assert.Equal(ExchangeFailureReason.EmptyReply, (await second).Failure!.Reason);
        Assert.Equal(2, _servers.Count);
    }

    [Fact]
    public async Task Where_no_connection_is_made_the_result_says_why()
    {
        Unreachable = Errno.ECONNREFUSED;
        var failure = (await SendAsync()).Failure!;
        Assert.Equal((ExchangeStep.Connect, ExchangeFailureReason.NotConnected, Errno.ECONNREFUSED), (failure.Step, failure.Reason, failure.Error));
    }

    [Fact]
    public async Task A_connection_to_an_address_that_the_name_has_no_more_is_closed_instead_of_used()
    {
        for (var i = 0; i < 2; i++) { Scripts.Enqueue(Empty); }
        Addresses = [IpAddress.Parse("192.0.2.1")];
        await SendAsync();
        Addresses = [IpAddress.Parse("192.0.2.2")];
        Assert.False((await SendAsync()).ReusedConnection);
        Assert.Equal(2, _servers.Count);
        Assert.Equal(1, _pool.IdleCount);
        Addresses = [IpAddress.Parse("192.0.2.3"), IpAddress.Parse("192.0.2.2")];
        var third = SendAsync();
        await _servers[1].SendAsync(Empty);
        Assert.True((await third).ReusedConnection);
    }

    [Fact]
    public async Task A_connection_is_used_no_longer_than_its_lifetime()
    {
        using var pool = new HttpConnectionPool(_network, this, limits: new PoolLimits { MaximumLifetime = TimeSpan.FromMinutes(1), MaximumIdleTime = TimeSpan.FromHours(1) });
        Scripts.Enqueue(Empty);
        await pool.SendAsync(s_origin, s_get, DiscardingSink.Instance, default);
        _clock.Advance(TimeSpan.FromSeconds(59));
        var second = pool.SendAsync(s_origin, s_get, DiscardingSink.Instance, default);
        await _servers[0].SendAsync(Empty);
        Assert.True((await second).ReusedConnection);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Scripts.Enqueue(Empty);
        Assert.False((await pool.SendAsync(s_origin, s_get, DiscardingSink.Instance, default)).ReusedConnection);
        Assert.Equal(1, pool.IdleCount);
    }

    [Fact]
    public async Task What_has_idled_too_long_is_closed_when_another_origin_is_asked()
    {
        Scripts.Enqueue(Empty);
        Scripts.Enqueue(Empty);
        await SendAsync();
        _clock.Advance(PoolLimits.Default.MaximumIdleTime);
        await SendAsync(origin: s_origin with { Port = 81 });
        Assert.Equal(1, _pool.IdleCount);
        Assert.Equal("", await ReadRest(_servers[0]));
    }

    [Fact]
    public async Task A_pool_that_keeps_none_closes_each()
    {
        using var pool = new HttpConnectionPool(_network, this, limits: PoolLimits.KeepsNone);
        Scripts.Enqueue(Empty);
        await pool.SendAsync(s_origin, s_get, DiscardingSink.Instance, default);
        Assert.Equal(0, pool.IdleCount);
        Assert.Equal("", await ReadRest(_servers[0]));
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
        _clock.Advance(PoolLimits.Default.MaximumIdleTime);
        Assert.False((await SendAsync()).ReusedConnection);
        Assert.Equal(2, _servers.Count);
    }

    [Fact]
    public async Task No_more_idle_connections_are_kept_than_the_limit_for_an_origin()
    {
        var requests = new List<Task<HttpExchangeResult>>();
        for (var i = 0; i < PoolLimits.Default.MaximumPerOrigin + 3; i++) { requests.Add(SendAsync().AsTask()); }
        foreach (var server in _servers) { await server.SendAsync(Empty); }
        await Task.WhenAll(requests);
        Assert.Equal(PoolLimits.Default.MaximumPerOrigin + 3, _servers.Count);
        Assert.Equal(PoolLimits.Default.MaximumPerOrigin, _pool.IdleCount);
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
        Assert.Single(_servers);
    }

    private static async Task<string> ReadRest(MemoryStreamEnd server)
    {
        await server.ReadUntilAsync("\r\n\r\n");
        return await server.ReadToEndAsync();
    }
}
