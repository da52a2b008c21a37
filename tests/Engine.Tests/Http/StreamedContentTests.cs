using System.Text;
using Firstbyte.Errors;
using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Http;

/// <summary>Content that comes from a source while it is sent: as long as it said, or in chunks; and what becomes of it when its source, or its server, thinks otherwise.</summary>
public sealed class StreamedContentTests : IDisposable
{
    private readonly HandClock _clock = new();
    private readonly EventList _told = new();
    private readonly MemoryStreamEnd _client;
    private readonly MemoryStreamEnd _server;
    private readonly HttpConnection _connection;
    private readonly ClockOnlyNetwork _network;

    public StreamedContentTests()
    {
        (_client, _server) = MemoryStreamEnd.Pair();
        _network = new ClockOnlyNetwork(_clock);
        _connection = new HttpConnection(_client, _network, new HttpConnectionOptions { StallTimeout = TimeSpan.FromSeconds(10) });
    }

    public void Dispose() => _connection.Dispose();

    private Task<HttpExchangeResult> SendAsync(ScriptedSource source, HttpField[]? fields = null, CancellationToken token = default) =>
        _connection.SendAsync(
            new PreparedRequest(new HttpRequest("PUT", "/", "a") { IsStreamed = true, ContentLength = source.Length, Fields = fields ?? [] }), source,
            DiscardingSink.Instance, new Tracer(_told).Root(_network), null, token).AsTask();

    private Task AnswerAsync() => _server.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").AsTask();

    [Theory]
    [InlineData(1)]
    [InlineData(16 * 1024)]
    [InlineData((16 * 1024) + 1)]
    [InlineData(ContentSending.Piece)]
    [InlineData((3 * ContentSending.Piece) + 7)]
    public async Task Content_of_known_length_goes_out_as_it_is(int length)
    {
        var content = new byte[length];
        for (var i = 0; i < length; i++) { content[i] = (byte)(i % 251); }
        var sending = SendAsync(new ScriptedSource(length, content));
        await AnswerAsync();
        var result = await sending;
        Assert.True(result.MayReuse);
        Assert.Equal([.. Encoding.Latin1.GetBytes($"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n"), .. content], _client.Sent);
        Assert.Equal((length, (long?)length, ContentEnd.Whole), (_told.One<ContentSent>().Bytes, _told.One<ContentSent>().Promised, _told.One<ContentSent>().How));
    }

    [Fact]
    public async Task Content_of_a_length_that_nobody_knows_goes_out_in_chunks_as_it_comes()
    {
        var source = new ScriptedSource(null);
        var sending = SendAsync(source);
        const string Head = "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        Assert.Equal(Head, _client.SentText);
        source.Give("hello, "u8.ToArray());
        Assert.Equal(Head + "7\r\nhello, \r\n", _client.SentText);
        source.Give("world"u8.ToArray());
        source.End();
        Assert.Equal(Head + "7\r\nhello, \r\n5\r\nworld\r\n0\r\n\r\n", _client.SentText);
        await AnswerAsync();
        Assert.True((await sending).MayReuse);
        Assert.Equal(1, source.Closed);
    }

    /// <summary>Somebody who types slowly is no server that stands still.</summary>
    [Fact]
    public async Task Who_waits_for_the_source_does_not_blame_the_connection()
    {
        var source = new ScriptedSource(null);
        var sending = SendAsync(source);
        _clock.Advance(TimeSpan.FromMinutes(10));
        source.Give("late"u8.ToArray());
        source.End();
        _clock.Advance(TimeSpan.FromSeconds(9));
        await AnswerAsync();
        Assert.True((await sending).Succeeded);
    }

    [Fact]
    public async Task A_promise_of_the_user_is_kept_in_place_of_chunks()
    {
        var sending = SendAsync(new ScriptedSource(null, "hello"u8.ToArray()), [new("Content-Length", "5")]);
        await AnswerAsync();
        Assert.True((await sending).MayReuse);
        Assert.EndsWith("Content-Length: 5\r\n\r\nhello", _client.SentText);
    }

    [Fact]
    public async Task A_source_that_ends_too_early_breaks_the_message_and_the_connection()
    {
        var sending = SendAsync(new ScriptedSource(20_000, new byte[19_999]));
        var result = await sending;
        Assert.Equal(
            new ExchangeFailure(ExchangeStep.Send, ExchangeFailureReason.SourceShrunk, FaultSide.Own, 19_999), result.Failure);
        Assert.True(_client.IsClosed);
        Assert.Equal(RetryRule.Never, result.Retry);
        Assert.Equal(ContentEnd.Shrunk, _told.One<ContentSent>().How);
    }

    [Fact]
    public async Task A_source_that_has_grown_is_sent_as_far_as_it_said_and_the_connection_carries_nothing_more()
    {
        var sending = SendAsync(new ScriptedSource(5, "hello"u8.ToArray()) { HasGrown = true });
        await AnswerAsync();
        var result = await sending;
        Assert.Equal((200, true, false, KeepReason.RequestUnfinished), (result.Head.Status, result.Succeeded, result.MayReuse, result.KeepReason));
        Assert.EndsWith("\r\n\r\nhello", _client.SentText);
        Assert.Equal(ContentEnd.Grown, _told.One<ContentSent>().How);
        Assert.True(_client.IsClosed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(100_000L)]
    public async Task A_source_that_cannot_be_read_says_why(long? length)
    {
        var source = new ScriptedSource(length);
        var sending = SendAsync(source);
        source.Give(new byte[500]);
        source.Fail(new NetworkException(Errno.EIO, "read"));
        var failure = (await sending).Failure!;
        Assert.Equal((ExchangeFailureReason.SourceFailed, FaultSide.Own, 500, Errno.EIO), (failure.Reason, failure.AtFault, failure.Position, failure.Error));
        // The last chunk would say that this was all.
        Assert.DoesNotContain("0\r\n\r\n", _client.SentText[^5..]);
        Assert.True(_client.IsClosed);
    }

    [Fact]
    public async Task A_refusal_ends_the_reading_of_a_source_that_still_brings_nothing()
    {
        var source = new ScriptedSource(null);
        var sending = SendAsync(source);
        await _server.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
        var result = await sending;
        Assert.Equal((413, true, KeepReason.RequestUnfinished), (result.Head.Status, result.Succeeded, result.KeepReason));
        Assert.Equal(1, source.Closed);
        Assert.Equal(ContentEnd.Stopped, _told.One<ContentSent>().How);
    }

    [Fact]
    public async Task Content_that_waits_for_continue_is_opened_only_then()
    {
        var source = new ScriptedSource(null, "x"u8.ToArray());
        var sending = SendAsync(source, [new("Expect", "100-continue")]);
        Assert.False(source.IsSpent);
        await _server.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
        await _server.ReadUntilAsync("1\r\nx\r\n0\r\n\r\n");
        Assert.True(source.IsSpent);
        await AnswerAsync();
        Assert.True((await sending).MayReuse);
    }

    [Fact]
    public async Task Giving_up_ends_the_reading_of_the_source()
    {
        using var giving = new CancellationTokenSource();
        var source = new ScriptedSource(null);
        var sending = SendAsync(source, token: giving.Token);
        await giving.CancelAsync();
        Assert.Equal(ExchangeFailureReason.Cancelled, (await sending).Failure!.Reason);
        Assert.Equal(1, source.Closed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Http_10_takes_no_content_of_unknown_length(bool isPromised)
    {
        var request = new HttpRequest("PUT", "/", "a") { IsStreamed = true, ContentLength = null, Version = HttpVersion.Http10 };
        if (isPromised) { request = request with { Fields = [new("Content-Length", "5")] }; }
        Assert.Equal(isPromised ? WriteFault.None : WriteFault.LengthUnknownInHttp10, RequestWriter.Check(request).Fault);
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("5x")]
    [InlineData("")]
    public void A_promise_that_is_no_length_is_refused(string promise) => Assert.Equal(
        WriteFault.ContentLengthWrong,
        RequestWriter.Check(new HttpRequest("PUT", "/", "a") { IsStreamed = true, ContentLength = null, Fields = [new("Content-Length", promise)] }).Fault);

    [Fact]
    public async Task Two_hundred_megabytes_pass_through_one_piece_of_memory()
    {
        const long Length = 200L << 20;
        var nothing = new NullStream();
        using var connection = new HttpConnection(nothing, _network);
        var request = new PreparedRequest(new HttpRequest("PUT", "/", "a") { IsStreamed = true, ContentLength = Length });
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var sending = connection.SendAsync(request, new ZeroSource(Length), DiscardingSink.Instance, default, null, default).AsTask();
        await nothing.AnswerAsync();
        Assert.True((await sending).Succeeded);
        // Other tests allocate meanwhile; a copy of the content would be 200 MB.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64L << 20);
        Assert.True(nothing.Sent > Length);
    }

    /// <summary>A source that a test feeds, once.</summary>
    internal sealed class ScriptedSource(long? length, params byte[][] pieces) : IBodySource, IBodyReader
    {
        private readonly Queue<byte[]> _pieces = new(pieces);
        private bool _ended = pieces.Length > 0;
        private Exception? _failure;
        private TaskCompletionSource? _waiting;
        private int _at;

        public BodyOrigin Origin => new(BodyKind.Stream);

        public string? Type => null;

        public long? Length => length;

        public bool CanRewind => false;

        public bool IsSpent { get; private set; }

        public bool HasGrown { get; init; }

        public int Closed { get; private set; }

        public IBodyReader Open()
        {
            IsSpent = true;
            return this;
        }

        public void Close() => Closed++;

        public void Give(byte[] piece)
        {
            _pieces.Enqueue(piece);
            Wake();
        }

        public void End()
        {
            _ended = true;
            Wake();
        }

        public void Fail(Exception failure)
        {
            _failure = failure;
            Wake();
        }

        public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
        {
            while (true)
            {
                if (_pieces.TryPeek(out var piece))
                {
                    var count = Math.Min(destination.Length, piece.Length - _at);
                    piece.AsMemory(_at, count).CopyTo(destination);
                    _at += count;
                    if (_at == piece.Length)
                    {
                        _pieces.Dequeue();
                        _at = 0;
                    }
                    return count;
                }
                if (_failure is not null) { throw _failure; }
                if (_ended) { return 0; }
                var waiting = _waiting = new TaskCompletionSource();
                using var registration = cancellationToken.Register(() => waiting.TrySetCanceled(cancellationToken));
                await waiting.Task;
            }
        }

        private void Wake()
        {
            var waiting = _waiting;
            _waiting = null;
            waiting?.TrySetResult();
        }
    }

    private sealed class ZeroSource(long length) : IBodySource
    {
        public BodyOrigin Origin => new(BodyKind.Stream);

        public string? Type => null;

        public long? Length => length;

        public bool CanRewind => true;

        public bool IsSpent => false;

        public IBodyReader Open() => new Reader(length);

        private sealed class Reader(long left) : IBodyReader
        {
            private long _left = left;

            public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
            {
                var count = (int)Math.Min(destination.Length, _left);
                _left -= count;
                return new ValueTask<int>(count);
            }
        }
    }

    /// <summary>A stream whose other end takes everything and keeps nothing.</summary>
    private sealed class NullStream : IByteStream
    {
        private readonly MemoryStreamEnd _client;
        private readonly MemoryStreamEnd _server;

        public NullStream() => (_client, _server) = MemoryStreamEnd.Pair();

        public long Sent { get; private set; }

        public long Taken => Sent;

        public ValueTask AnswerAsync() => _server.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _client.ReceiveAsync(buffer, cancellationToken);

        public ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
        {
            Sent += data.Length;
            return ValueTask.CompletedTask;
        }

        public void ShutdownSend() { }

        public void Close() => _client.Close();

        public void Dispose() => Close();
    }
}
