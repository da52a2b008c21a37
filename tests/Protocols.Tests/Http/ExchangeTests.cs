using System.Text;
using CsCheck;
using Firstbyte.Http;

namespace Firstbyte.Tests.Http;

public class ExchangeTests
{
    private const string Empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private readonly HttpExchange _exchange = new();
    private readonly ResponseHead _head = new();

    [Fact]
    public void One_exchange_follows_the_other()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.True(_exchange.TryBegin(_head));
            Assert.False(_exchange.TryBegin(_head));
            Assert.Equal(ExchangeDuty.Send, _exchange.Due);
            _exchange.RequestSent();
            Assert.Equal(ExchangeDuty.Read, _exchange.Due);
            Read(Empty);
            Assert.Equal((ExchangeDuty.Keep, KeepReason.PersistentByDefault), (_exchange.Due, _exchange.KeepReason));
        }
    }

    [Fact]
    public void Content_waits_until_the_server_asks_for_it()
    {
        Assert.True(_exchange.TryBegin(_head, withholds: true));
        Assert.Equal(ExchangeDuty.ReadWithPatience, _exchange.Due);
        Read("HTTP/1.1 103 Early Hints\r\n\r\n");
        Assert.Equal(ExchangeDuty.ReadWithPatience, _exchange.Due);
        Read("HTTP/1.1 100 Continue\r\n\r\n");
        Assert.Equal((ExchangeDuty.Send, ExchangeRule.ContinueReceived), (_exchange.Due, _exchange.Rule));
        _exchange.RequestSent();
        Read("HTTP/1.1 100 Continue\r\n\r\n" + Empty);
        Assert.Equal(ExchangeDuty.Keep, _exchange.Due);
    }

    [Fact]
    public void Content_that_waits_goes_out_when_patience_ends()
    {
        Assert.True(_exchange.TryBegin(_head, withholds: true));
        _exchange.PatienceEnded();
        Assert.Equal((ExchangeDuty.Send, ExchangeRule.PatienceEnded), (_exchange.Due, _exchange.Rule));
        _exchange.RequestSent();
        _exchange.PatienceEnded();
        Read(Empty);
        Assert.Equal(ExchangeDuty.Keep, _exchange.Due);
    }

    [Theory]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", ExchangeRule.AnsweredInstead, RetryRule.Never)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ExchangeRule.AnsweredInstead, RetryRule.Never)]
    [InlineData("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n", ExchangeRule.ExpectationFailed, RetryRule.WithoutExpectation)]
    public void Content_that_waits_is_never_sent_after_an_answer(string wire, ExchangeRule rule, RetryRule retry)
    {
        Assert.True(_exchange.TryBegin(_head, withholds: true));
        var consumed = Until(wire, MessageEventKind.Head);
        Assert.Equal((rule, RequestState.CutOff), (_exchange.Rule, _exchange.Request));
        Read(wire[consumed..]);
        Assert.Equal((ExchangeDuty.Close, retry, KeepReason.RequestUnfinished), (_exchange.Due, _exchange.Retry, _exchange.KeepReason));
    }

    [Theory]
    [InlineData(413, ExchangeDuty.Read, RequestState.CutOff)]
    [InlineData(200, ExchangeDuty.Send, RequestState.Sending)]
    public void An_early_answer_goes_on_and_an_early_refusal_stops_the_request(int status, ExchangeDuty due, RequestState request)
    {
        Assert.True(_exchange.TryBegin(_head));
        var wire = $"HTTP/1.1 {status} x\r\nContent-Length: 2\r\n\r\nok";
        var consumed = Until(wire, MessageEventKind.Head);
        Assert.Equal((due, request), (_exchange.Due, _exchange.Request));
        if (due == ExchangeDuty.Send) { _exchange.RequestSent(); }
        Read(wire[consumed..]);
        Assert.Equal(due == ExchangeDuty.Send ? ExchangeDuty.Keep : ExchangeDuty.Close, _exchange.Due);
    }

    [Fact]
    public void A_response_that_is_complete_before_its_request_ends_the_connection()
    {
        Assert.True(_exchange.TryBegin(_head));
        Read(Empty);
        Assert.Equal((ExchangeDuty.Close, KeepReason.RequestUnfinished), (_exchange.Due, _exchange.KeepReason));
        _exchange.RequestSent();
        Assert.Equal(ExchangeDuty.Close, _exchange.Due);
        Assert.False(_exchange.TryBegin(_head));
    }

    [Fact]
    public void An_answer_counts_though_the_connection_took_no_more_of_the_request()
    {
        Assert.True(_exchange.TryBegin(_head));
        _exchange.SendFailed();
        Assert.Equal(ExchangeDuty.Read, _exchange.Due);
        Read(Empty);
        Assert.Equal((200, ExchangeDuty.Close, RetryRule.Never), (_head.Status, _exchange.Due, _exchange.Retry));
    }

    [Theory]
    [InlineData("", false, RetryRule.IfIdempotent)]
    [InlineData("H", false, RetryRule.Never)]
    [InlineData("", true, RetryRule.Always)]
    public void What_may_be_sent_again_is_what_had_no_answer(string came, bool withholds, RetryRule retry)
    {
        Assert.True(_exchange.TryBegin(_head, withholds: withholds));
        if (!withholds) { _exchange.RequestSent(); }
        Read(came, ended: true);
        Assert.Equal((ExchangeDuty.Close, retry, KeepReason.Failed), (_exchange.Due, _exchange.Retry, _exchange.KeepReason));
    }

    [Fact]
    public void What_the_caller_gave_up_is_not_sent_again()
    {
        Assert.True(_exchange.TryBegin(_head));
        _exchange.GiveUp();
        _exchange.ReceiveFailed();
        Assert.Equal((ExchangeDuty.Close, RetryRule.Never), (_exchange.Due, _exchange.Retry));
    }

    [Fact]
    public void A_switch_hands_the_connection_over_and_one_in_the_middle_of_a_request_does_not()
    {
        const string Switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n";
        Assert.True(_exchange.TryBegin(_head, RequestKind.Upgrade));
        _exchange.RequestSent();
        Read(Switching);
        Assert.Equal((ExchangeDuty.HandOver, KeepReason.Tunnel), (_exchange.Due, _exchange.KeepReason));
        Assert.False(_exchange.TryBegin(_head));
        var early = new HttpExchange();
        Assert.True(early.TryBegin(_head, RequestKind.Upgrade));
        Read(Switching, exchange: early);
        Assert.Equal((ExchangeDuty.Close, ExchangeRule.SwitchedTooEarly), (early.Due, early.Rule));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n", false)]
    [InlineData("", true)]
    public void What_comes_between_exchanges_ends_the_connection(string came, bool ended)
    {
        Read(came, ended);
        Assert.Equal((ExchangeDuty.Close, ExchangeRule.Unsolicited), (_exchange.Due, _exchange.Rule));
        Assert.False(_exchange.TryBegin(_head));
    }

    [Fact]
    public void An_exchange_allocates_nothing()
    {
        var wire = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nServer: x\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello");
        for (var i = 0; i < 100; i++) { ExchangeOnce(wire); }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) { ExchangeOnce(wire); }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void ExchangeOnce(byte[] wire)
    {
        if (!_exchange.TryBegin(_head, withholds: true)) { throw new InvalidOperationException("the connection is not kept"); }
        _exchange.PatienceEnded();
        _exchange.RequestSent();
        var rest = wire.AsSpan();
        while (_exchange.Read(rest, false, out var consumed).Kind != MessageEventKind.Complete) { rest = rest[consumed..]; }
    }

    // What a server may say, whole and well, repaired, and broken.
    private static readonly string[] s_said =
    [
        Empty, "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n", "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno",
        "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
        "HTTP/1.1 200 OK\nContent-Length: 1\n\nx", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\nx", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nx", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\nsmuggled", "HTTP/1.1 200 OK\r\n\r\nuntil the end", "\r\n", "SSH-2.0-x\r\n", "x",
    ];

    /// <summary>
    /// Whatever order a driver, a server and the connection fall into: nothing throws, and an exchange begins only where the one before was sent whole,
    /// was answered whole and without a repair, and nothing came beyond it.
    /// </summary>
    [Fact]
    public void Random_interleavings_never_throw_and_never_reuse_what_is_in_doubt()
    {
        var begun = 0;
        Gen.Select(Gen.Int[0, 15], Gen.Int[0, 2 * s_said.Length], Gen.Int[0, 200]).Array[1, 40].Sample(
            moves =>
            {
                var (exchange, head, waiting) = (new HttpExchange(), new ResponseHead(), new List<byte>());
                var (sent, whole, repaired, ended, isFirst) = (true, true, false, false, true);
                foreach (var (move, said, cut) in moves)
                {
                    switch (move)
                    {
                        case < 5:
                            var kind = (RequestKind)(said % 4);
                            var due = exchange.Due;
                            if (!exchange.TryBegin(head, kind, ownClose: cut == 7, withholds: move == 0)) { break; }
                            Assert.Equal(ExchangeDuty.Keep, due);
                            Assert.True(sent && whole && !repaired, $"re-used: sent {sent}, whole {whole}, repaired {repaired}");
                            if (!isFirst) { Interlocked.Increment(ref begun); }
                            (sent, whole, repaired, isFirst) = (false, false, false, false);
                            break;
                        case < 9:
                            // Only what is going out can have gone out.
                            if (exchange.Request == RequestState.Sending) { sent = true; }
                            exchange.RequestSent();
                            break;
                        case 9: exchange.PatienceEnded(); break;
                        case 10 when cut < 10: exchange.SendFailed(); break;
                        case 10 when cut < 20: exchange.ReceiveFailed(); break;
                        case 10 when cut < 30: exchange.GiveUp(); break;
                        case 10 when cut < 40: ended = true; break;
                        default:
                            // Mostly a good answer to what was asked, else one that may be neither.
                            if (cut >= 40 && exchange.Request != RequestState.Sent) { break; }
                            waiting.AddRange(Encoding.Latin1.GetBytes(cut < 40 ? s_said[said % s_said.Length] : Empty));
                            break;
                    }
                    if (isFirst && waiting.Count == 0) { continue; }
                    for (var events = 0; events < 100; events++)
                    {
                        var shown = waiting.Take(Math.Max(1, cut)).ToArray();
                        var next = exchange.Read(shown, ended && shown.Length == waiting.Count, out var consumed);
                        Assert.InRange(consumed, 0, shown.Length);
                        waiting.RemoveRange(0, consumed);
                        repaired |= exchange.Flaws.SpoilsConnection;
                        if (next.Kind == MessageEventKind.Complete) { whole = true; }
                        if (next.Kind is MessageEventKind.Complete or MessageEventKind.Failed or MessageEventKind.NeedMore) { break; }
                    }
                }
            },
            iter: 60_000);
        // The test is about something only if connections were re-used at all.
        Assert.True(begun > 1000, $"re-used {begun} times");
    }

    [Fact]
    public void No_input_in_any_state_opens_a_connection_again()
    {
        foreach (var request in Enum.GetValues<RequestState>())
        {
            foreach (var response in Enum.GetValues<ResponseState>())
            {
                foreach (var input in Enum.GetValues<ExchangeInput>())
                {
                    var next = ExchangeTable.Next(request, response, input);
                    if (ExchangeTable.Due(next.Request, next.Response) != ExchangeDuty.Keep || (request, response) == (RequestState.Idle, ResponseState.Idle)) { continue; }
                    Assert.Equal((RequestState.Sent, ResponseState.Content, ExchangeInput.CompleteKept), (request, response, input));
                }
            }
        }
    }

    private int Until(string wire, MessageEventKind kind)
    {
        var bytes = Encoding.Latin1.GetBytes(wire);
        for (var at = 0; ;)
        {
            var next = _exchange.Read(bytes.AsSpan(at), false, out var consumed);
            at += consumed;
            if (next.Kind == kind) { return at; }
            Assert.False(next.Kind is MessageEventKind.NeedMore or MessageEventKind.Failed or MessageEventKind.Complete, $"{next.Kind}");
        }
    }

    private void Read(string wire, bool ended = false, HttpExchange? exchange = null)
    {
        var bytes = Encoding.Latin1.GetBytes(wire);
        for (var at = 0; ;)
        {
            var next = (exchange ?? _exchange).Read(bytes.AsSpan(at), ended, out var consumed);
            at += consumed;
            if (next.Kind is MessageEventKind.NeedMore or MessageEventKind.Failed or MessageEventKind.Complete) { return; }
        }
    }
}
