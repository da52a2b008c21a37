using Firstbyte.Http;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Http;

/// <summary>Content that waits for 100 Continue, and content that goes out while its answer comes (RFC 9110 10.1.1, RFC 9112 9.5).</summary>
public sealed class ExpectContinueTests : IDisposable
{
    private const string Head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
    private static readonly HttpRequest s_asking =
        new("POST", "/", "a") { Fields = [new("Expect", "100-continue")], Body = "hello"u8.ToArray() };

    private readonly HandClock _clock = new();
    private readonly EventList _told = new();
    private readonly MemoryStreamEnd _client;
    private readonly MemoryStreamEnd _server;
    private readonly HttpConnection _connection;
    private readonly ClockOnlyNetwork _network;

    public ExpectContinueTests()
    {
        (_client, _server) = MemoryStreamEnd.Pair();
        _network = new ClockOnlyNetwork(_clock);
        _connection = new HttpConnection(_client, _network);
    }

    public void Dispose() => _connection.Dispose();

    private Task<HttpExchangeResult> SendAsync(HttpRequest request, IBodySink? sink = null) =>
        _connection.SendAsync(request, sink ?? DiscardingSink.Instance, new Tracer(_told).Root(_network)).AsTask();

    [Fact]
    public async Task The_content_follows_when_the_server_asks_for_it()
    {
        var sending = SendAsync(s_asking);
        Assert.Equal(Head, _client.SentText);
        await _server.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
        Assert.Equal(Head + "hello", await _server.ReadUntilAsync("hello"));
        await _server.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.True((await sending).MayReuse);
        Assert.Equal(100, _told.One<InformationalReceived>().Status);
    }

    [Fact]
    public async Task The_content_follows_after_a_second_of_silence()
    {
        var sending = SendAsync(s_asking);
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(Head, _client.SentText);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Head + "hello", await _server.ReadUntilAsync("hello"));
        await _server.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.True((await sending).MayReuse);
    }

    [Fact]
    public async Task Chunked_content_waits_too()
    {
        var sending = SendAsync(s_asking with { Fields = [new("Expect", "100-continue"), new("Transfer-Encoding", "chunked")] });
        Assert.EndsWith("chunked\r\n\r\n", _client.SentText);
        await _server.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
        Assert.EndsWith("chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", await _server.ReadUntilAsync("0\r\n\r\n"));
        await _server.SendAsync("HTTP/1.1 204 No Content\r\n\r\n");
        Assert.True((await sending).MayReuse);
    }

    [Fact]
    public async Task A_refusal_instead_of_continue_saves_the_content()
    {
        var sending = SendAsync(s_asking);
        await _server.SendAsync("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
        var result = await sending;
        Assert.Equal((401, false, KeepReason.RequestUnfinished), (result.Head.Status, result.MayReuse, result.KeepReason));
        Assert.Equal(Head, _client.SentText);
        Assert.True(_client.IsClosed);
    }

    [Fact]
    public async Task A_server_that_cannot_be_asked_is_told_as_such_and_its_page_is_not_delivered()
    {
        var sink = new MemorySink();
        var sending = SendAsync(s_asking, sink);
        await _server.SendAsync("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
        var result = await sending;
        Assert.Equal((417, RetryRule.WithoutExpectation), (result.Head.Status, result.Retry));
        Assert.Equal(0, sink.Body.Length);
    }

    [Fact]
    public async Task Giving_up_while_the_content_waits_sends_nothing_more()
    {
        using var source = new CancellationTokenSource();
        var sending = _connection.SendAsync(s_asking, DiscardingSink.Instance, default, source.Token).AsTask();
        await source.CancelAsync();
        Assert.Equal(ExchangeFailureReason.Cancelled, (await sending).Failure!.Reason);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(Head, _client.SentText);
    }

    [Fact]
    public async Task A_connection_that_dies_before_the_content_was_sent_may_be_tried_again_whatever_the_method()
    {
        var sending = SendAsync(s_asking);
        _server.Close();
        Assert.Equal(RetryRule.Always, (await sending).Retry);
    }

    [Fact]
    public async Task An_early_refusal_stops_long_content_and_an_early_answer_does_not()
    {
        foreach (var (status, stops) in ((int, bool)[])[(413, true), (200, false)])
        {
            var slow = new SlowStream();
            using var connection = new HttpConnection(slow, _network);
            var sending = connection.SendAsync(new HttpRequest("PUT", "/", "a") { Body = new byte[10 << 20] }, DiscardingSink.Instance, default).AsTask();
            await slow.Server.SendAsync($"HTTP/1.1 {status} x\r\nContent-Length: 2\r\n\r\n");
            slow.Release();
            await slow.Server.SendAsync("ok");
            var result = await sending;
            Assert.Equal((status, !stops), (result.Head.Status, result.MayReuse));
            Assert.Equal(!stops, slow.Sent == result.RequestHeadBytes + (10 << 20));
        }
    }

    /// <summary>A stream that holds the second of its sends back until it is released.</summary>
    private sealed class SlowStream : Firstbyte.Sockets.IByteStream
    {
        private readonly MemoryStreamEnd _client;
        private readonly TaskCompletionSource _released = new();
        private int _sends;

        public SlowStream() => (_client, Server) = MemoryStreamEnd.Pair();

        public MemoryStreamEnd Server { get; }

        public int Sent => _client.Sent.Count;

        public long Taken => Sent;

        public void Release() => _released.SetResult();

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _client.ReceiveAsync(buffer, cancellationToken);

        public async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
        {
            if (++_sends == 2) { await _released.Task; }
            await _client.SendAsync(data, cancellationToken);
        }

        public void ShutdownSend() => _client.ShutdownSend();

        public void Close() => _client.Close();

        public void Dispose() => _client.Dispose();
    }
}
