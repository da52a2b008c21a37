using System.Text;
using Firstbyte.Errors;
using Firstbyte.Http;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Http;

public sealed class HttpConnectionTests
{
    private static readonly HttpRequest s_get = new("GET", "/", "a.example");

    private readonly HandClock _clock = new();
    private readonly EventList _told = new();
    private readonly MemoryStreamEnd _client;
    private readonly MemoryStreamEnd _server;
    private readonly ClockOnlyNetwork _network;

    public HttpConnectionTests()
    {
        (_client, _server) = MemoryStreamEnd.Pair();
        _network = new ClockOnlyNetwork(_clock);
    }

    private TraceSpan Span => new Tracer(_told).Root(_network);

    private HttpConnection Connection(HttpConnectionOptions? options = null) => new(_client, _network, options);

    [Fact]
    public async Task An_exchange_delivers_the_body_and_tells_every_step()
    {
        using var connection = Connection();
        var sink = new MemorySink();
        var sending = connection.SendAsync(s_get, sink, Span);
        Assert.Equal("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", await _server.ReadUntilAsync("\r\n\r\n"));
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        await _server.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
        _clock.Advance(TimeSpan.FromMilliseconds(2));
        await _server.SendAsync("llo");
        var result = await sending;
        Assert.True(result.Succeeded);
        Assert.Equal("hello", Encoding.ASCII.GetString(sink.Body.Span));
        Assert.Equal(200, result.Head.Status);
        Assert.Equal(5, result.BodyBytes);
        Assert.True(result.MayReuse);
        Assert.True(connection.IsOpen);
        Assert.Equal(5_000_000, result.FirstByteNanoseconds);
        Assert.Equal(7_000_000, result.TotalNanoseconds);
        Assert.Equal("RequestWritten FirstByteReceived InformationalReceived ResponseHeadReceived ResponseCompleted ConnectionKept", _told.Names);
        Assert.Equal([new HttpField("Host", "a.example")], _told.One<RequestWritten>().Fields);
        Assert.Equal(5, _told.One<ResponseHeadReceived>().FramingLength);
        Assert.Equal(KeepReason.PersistentByDefault, _told.One<ResponseCompleted>().KeepReason);
    }

    [Fact]
    public async Task Several_exchanges_share_the_connection_and_a_result()
    {
        using var connection = Connection();
        var result = new HttpExchangeResult();
        for (var i = 1; i <= 5; i++)
        {
            var sink = new MemorySink();
            var sending = connection.SendAsync(s_get with { Target = $"/{i}" }, sink, default, result, CancellationToken.None);
            Assert.StartsWith($"GET /{i} ", await _server.ReadUntilAsync("\r\n\r\n"));
            await _server.SendAsync($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{i}\r\n0\r\n\r\n");
            Assert.Same(result, await sending);
            Assert.Equal($"{i}", Encoding.ASCII.GetString(sink.Body.Span));
            Assert.Equal(i > 1, result.ReusedConnection);
            Assert.Equal(i, connection.Exchanges);
        }
    }

    [Fact]
    public async Task A_response_in_single_bytes_is_the_same_response()
    {
        using var connection = Connection();
        _client.MaximumReceive = 1;
        var sink = new MemorySink();
        var sending = connection.SendAsync(s_get, sink, default);
        await _server.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nA: b\r\n\r\n");
        var result = await sending;
        Assert.True(result.Succeeded);
        Assert.Equal("hello world", Encoding.ASCII.GetString(sink.Body.Span));
        Assert.Equal("b", result.Head.Trailers.Find("a"u8));
    }

    [Fact]
    public async Task A_body_of_megabytes_passes_in_pieces()
    {
        using var connection = Connection();
        var body = new byte[3_000_000];
        for (var i = 0; i < body.Length; i++) { body[i] = (byte)(i * 7 + i / 251); }
        var sink = new MemorySink();
        var sending = connection.SendAsync(s_get, sink, default);
        await _server.SendAsync($"HTTP/1.0 200 OK\r\nServer: {new string('x', 40_000)}\r\n\r\n");
        await _server.SendAsync(body);
        _server.Close();
        var result = await sending;
        Assert.True(result.Succeeded);
        Assert.True(sink.Body.Span.SequenceEqual(body));
        Assert.Equal(KeepReason.DelimitedByClose, result.KeepReason);
        Assert.False(connection.IsOpen);
        Assert.True(_client.IsClosed);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public async Task Content_is_sent_with_its_length(int length)
    {
        using var connection = Connection();
        var sending = connection.SendAsync(new HttpRequest("POST", "/form", "a") { Body = new byte[length] }, DiscardingSink.Instance, default);
        Assert.Equal($"POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n", await _server.ReadUntilAsync("\r\n\r\n"));
        await _server.SendAsync("HTTP/1.1 204 No Content\r\n\r\n");
        var result = await sending;
        Assert.True(result.MayReuse);
        Assert.Equal(result.RequestHeadBytes + length, _client.Sent.Count);
    }

    [Fact]
    public async Task Content_is_sent_in_chunks_when_the_fields_ask_for_it()
    {
        using var connection = Connection();
        var sending = connection.SendAsync(new HttpRequest("PUT", "/", "a") { Fields = [new("Transfer-Encoding", "chunked")], Body = "hello"u8.ToArray() }, DiscardingSink.Instance, default);
        Assert.EndsWith("\r\n\r\n5\r\nhello\r\n0\r\n\r\n", await _server.ReadUntilAsync("0\r\n\r\n"));
        await _server.SendAsync("HTTP/1.1 204 No Content\r\n\r\n");
        Assert.True((await sending).MayReuse);
    }

    [Fact]
    public async Task A_refused_request_is_not_sent_and_leaves_the_connection_open()
    {
        using var connection = Connection();
        var result = await connection.SendAsync(s_get with { Fields = [new("X", "a\r\nEvil: b")] }, DiscardingSink.Instance, Span);
        Assert.Equal(new ExchangeFailure(ExchangeStep.Prepare, ExchangeFailureReason.RequestRefused, FaultSide.Own, 0, WriteFault: WriteFault.FieldValueHasLineBreakOrNul), result.Failure);
        Assert.Empty(_client.Sent);
        Assert.True(connection.IsOpen);
        Assert.Equal(WriteFault.FieldValueHasLineBreakOrNul, _told.One<ExchangeFailed>().WriteFault);
    }

    [Theory]
    [InlineData("", ExchangeStep.Wait, ExchangeFailureReason.EmptyReply, MessageFault.EndedBeforeFirstByte)]
    [InlineData("HTTP/1.1 200 OK\r\nSer", ExchangeStep.Head, ExchangeFailureReason.CutOff, MessageFault.EndedInHead)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", ExchangeStep.Body, ExchangeFailureReason.CutOff, MessageFault.EndedInBody)]
    [InlineData("220 ftp.example\r\n", ExchangeStep.Head, ExchangeFailureReason.ResponseMalformed, MessageFault.NotHttp)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", ExchangeStep.Head, ExchangeFailureReason.ResponseMalformed, MessageFault.ContentLengthInvalid)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", ExchangeStep.Body, ExchangeFailureReason.ResponseMalformed, MessageFault.ChunkSizeInvalid)]
    public async Task A_response_that_breaks_says_where_and_how_and_closes(string wire, ExchangeStep step, ExchangeFailureReason reason, MessageFault fault)
    {
        using var connection = Connection();
        var sending = connection.SendAsync(s_get, DiscardingSink.Instance, Span);
        await _server.SendAsync(wire);
        _server.Close();
        var result = await sending;
        Assert.Equal((step, reason, fault), (result.Failure!.Step, result.Failure.Reason, result.Failure.MessageFault));
        Assert.Equal(wire.Length, result.WireBytes);
        Assert.False(connection.IsOpen);
        Assert.Equal(fault, _told.One<ExchangeFailed>().MessageFault);
    }

    [Fact]
    public async Task A_reset_is_told_with_its_errno_and_what_came_before_is_delivered()
    {
        using var connection = Connection();
        var sink = new MemorySink();
        var sending = connection.SendAsync(s_get, sink, Span);
        await _server.SendAsync("HTTP/1.1 200 OK\r\n\r\nhalf");
        _server.Reset();
        var result = await sending;
        Assert.Equal((ExchangeStep.Body, ExchangeFailureReason.ConnectionFailed, Errno.ECONNRESET), (result.Failure!.Step, result.Failure.Reason, result.Failure.Error));
        Assert.Equal("half", Encoding.ASCII.GetString(sink.Body.Span));
        Assert.Equal(Errno.ECONNRESET, _told.One<ExchangeFailed>().Error);
    }

    [Fact]
    public async Task An_answer_to_a_request_that_could_not_be_sent_whole_still_counts()
    {
        using var connection = Connection();
        await _server.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
        _client.SendError = Errno.EPIPE;
        var result = await connection.SendAsync(s_get, DiscardingSink.Instance, default);
        Assert.True(result.Succeeded);
        Assert.Equal(413, result.Head.Status);
        Assert.False(result.MayReuse);
        var (client, server) = MemoryStreamEnd.Pair();
        client.SendError = Errno.EPIPE;
        server.Close();
        var failed = await new HttpConnection(client, _network).SendAsync(s_get, DiscardingSink.Instance, default);
        Assert.Equal((ExchangeStep.Send, ExchangeFailureReason.ConnectionFailed, Errno.EPIPE), (failed.Failure!.Step, failed.Failure.Reason, failed.Failure.Error));
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up_after_the_stall_timeout()
    {
        using var connection = Connection(new HttpConnectionOptions { StallTimeout = TimeSpan.FromSeconds(30) });
        var sending = connection.SendAsync(s_get, DiscardingSink.Instance, Span).AsTask();
        await _server.SendAsync("HTTP/1.1 200 OK\r\n");
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(sending.IsCompleted);
        await _server.SendAsync("X: y\r\n");
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(sending.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var result = await sending;
        Assert.Equal((ExchangeStep.Head, ExchangeFailureReason.Stalled), (result.Failure!.Step, result.Failure.Reason));
    }

    [Fact]
    public async Task Giving_up_ends_the_exchange_and_closes_the_connection()
    {
        using var connection = Connection();
        using var source = new CancellationTokenSource();
        var sending = connection.SendAsync(s_get, DiscardingSink.Instance, Span, source.Token);
        await _server.SendAsync("HTTP/1.1 200 OK\r\n\r\nabc");
        await source.CancelAsync();
        var result = await sending;
        Assert.Equal((ExchangeStep.Body, ExchangeFailureReason.Cancelled, FaultSide.Own), (result.Failure!.Step, result.Failure.Reason, result.Failure.AtFault));
        Assert.False(connection.IsOpen);
    }

    [Fact]
    public async Task A_body_without_end_is_cut_at_the_callers_limit()
    {
        using var connection = Connection(new HttpConnectionOptions { MaximumBodyBytes = 10_000 });
        var sink = new MemorySink();
        var sending = connection.SendAsync(s_get, sink, default).AsTask();
        await _server.SendAsync("HTTP/1.1 200 OK\r\n\r\n");
        for (var i = 0; i < 100 && !sending.IsCompleted; i++) { await _server.SendAsync(new string('x', 1000)); }
        var result = await sending;
        Assert.Equal(ExchangeFailureReason.BodyTooLong, result.Failure!.Reason);
        Assert.InRange(sink.Body.Length, 0, 10_000);
        Assert.False(connection.IsOpen);
    }

    [Fact]
    public async Task A_head_without_end_is_refused()
    {
        using var connection = Connection();
        var sending = connection.SendAsync(s_get, DiscardingSink.Instance, default).AsTask();
        await _server.SendAsync("HTTP/1.1 200 OK\r\n");
        for (var i = 0; i < 1000 && !sending.IsCompleted; i++) { await _server.SendAsync($"X-{i}: {new string('x', 1000)}\r\n"); }
        Assert.Equal(MessageFault.HeadTooLong, (await sending).Failure!.MessageFault);
    }

    [Fact]
    public async Task A_sink_that_cannot_keep_the_body_ends_the_exchange_with_its_errno()
    {
        using var connection = Connection();
        await _server.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
        var result = await connection.SendAsync(s_get, new FullSink(), default);
        Assert.Equal(new ExchangeFailure(ExchangeStep.Deliver, ExchangeFailureReason.SinkFailed, FaultSide.Own, 38, Error: Errno.ENOSPC), result.Failure! with { Position = 38 });
    }

    [Fact]
    public async Task Bytes_beyond_the_response_close_the_connection_and_are_flagged()
    {
        using var connection = Connection();
        await _server.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n\r\nfor somebody else");
        var result = await connection.SendAsync(s_get, DiscardingSink.Instance, Span);
        Assert.True(result.Succeeded);
        Assert.Equal(KeepReason.BytesAfterMessage, result.KeepReason);
        Assert.False(connection.IsOpen);
        Assert.Equal(MessageFlaw.BytesAfterMessage, _told.One<MessageFlawFound>().Flaw);
        Assert.Equal(KeepReason.BytesAfterMessage, _told.One<ConnectionClosing>().Reason);
        Assert.Equal(ExchangeFailureReason.ConnectionClosed, (await connection.SendAsync(s_get, DiscardingSink.Instance, default)).Failure!.Reason);
    }

    [Fact]
    public async Task A_tunnel_keeps_its_stream_and_its_first_bytes()
    {
        using var connection = Connection();
        await _server.SendAsync("HTTP/1.1 200 Established\r\n\r\n\x16\x03\x01");
        var result = await connection.SendAsync(new HttpRequest("CONNECT", "a:443", "a:443"), DiscardingSink.Instance, default);
        Assert.Equal(KeepReason.Tunnel, result.KeepReason);
        Assert.False(result.MayReuse);
        Assert.False(_client.IsClosed);
        Assert.Equal([0x16, 0x03, 0x01], connection.BytesBeyond.ToArray());
    }

    /// <summary>Ten thousand chunks of a byte that came together are not handed on one by one, nor kept back for what is to come.</summary>
    [Fact]
    public async Task Small_chunks_that_came_together_are_handed_on_together()
    {
        using var connection = Connection();
        var sink = new CountingSink();
        var sending = connection.SendAsync(s_get, sink, default);
        await _server.ReadUntilAsync("\r\n\r\n");
        await _server.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
        Assert.Equal(1, sink.Bytes);
        for (var i = 0; i < 10; i++) { await _server.SendAsync(string.Concat(Enumerable.Repeat("1\r\nb\r\n", 1000))); }
        Assert.Equal(10_001, sink.Bytes);
        // A run that is long goes on as it is, behind the short ones before it.
        await _server.SendAsync("1\r\nc\r\n7d0\r\n" + new string('d', 2000) + "\r\n1\r\ne\r\n0\r\n\r\n");
        Assert.True((await sending).Succeeded);
        Assert.Equal((12_003, "c" + new string('d', 2000) + "e"), (sink.Bytes, sink.Text[10_001..]));
        Assert.InRange(sink.Writes, 10, 30);
    }

    private sealed class CountingSink : IBodySink
    {
        private readonly StringBuilder _text = new();

        public int Bytes => _text.Length;

        public int Writes { get; private set; }

        public string Text => _text.ToString();

        public void Begin(ContentDescription content) { }

        public void End(bool isWhole) { }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
        {
            Writes++;
            _text.Append(Encoding.ASCII.GetString(piece.Span));
            return ValueTask.CompletedTask;
        }
    }

    private sealed class FullSink : IBodySink
    {
        public void Begin(ContentDescription content) { }
        public void End(bool isWhole) { }
        public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) => throw new IOException("no space left", 28);
    }
}
