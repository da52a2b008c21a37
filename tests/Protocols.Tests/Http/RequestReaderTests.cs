using Firstbyte.Http;

namespace Firstbyte.Tests.Http;

public class RequestReaderTests
{
    [Fact]
    public void A_request_is_read_with_its_fields_as_they_came()
    {
        var log = ReadMessages.Request("GET /hello.txt HTTP/1.1\r\nUser-Agent: curl/7.64.1\r\nHOST: www.example.com\r\nAccept-Language: en, mi\r\n\r\n", ends: false);
        Assert.Equal(["head GET /hello.txt Http11 [User-Agent: curl/7.64.1] [HOST: www.example.com] [Accept-Language: en, mi] None", "complete PersistentByDefault"], log.Events);
    }

    [Theory]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "head OPTIONS * ")]
    [InlineData("GET http://www.example.org/pub/ HTTP/1.1\r\nHost: a\r\n\r\n", "head GET http://www.example.org/pub/ ")]
    [InlineData("CONNECT www.example.com:80 HTTP/1.1\r\nHost: a\r\n\r\n", "head CONNECT www.example.com:80 ")]
    [InlineData("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "head GET / ")]
    [InlineData("GET / HTTP/1.0\r\n\r\n", "head GET / Http10 None")]
    [InlineData("get / HTTP/1.3\r\nHost:\r\n\r\n", "head get / Http11 [Host: ] None")]
    public void Request_lines_that_are_taken(string wire, string head) => Assert.StartsWith(head, ReadMessages.Request(wire, ends: false).Events[0]);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "HostMissingOrRepeated (400)")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "HostMissingOrRepeated (400)")]
    [InlineData("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "HostMissingOrRepeated (400)")]
    [InlineData("GET / HTTP/1.1\r\nHost: user@a\r\n\r\n", "HostMissingOrRepeated (400)")]
    [InlineData("GET /\r\n\r\n", "RequestLineMalformed (400)")]
    [InlineData("GET  / HTTP/1.1\r\n\r\n", "RequestLineMalformed (400)")]
    [InlineData("GET / a HTTP/1.1\r\n\r\n", "RequestLineMalformed (400)")]
    [InlineData("GET / HTTP/1.1 \r\n\r\n", "RequestLineMalformed (400)")]
    [InlineData("G@T / HTTP/1.1\r\n\r\n", "RequestLineMalformed (400)")]
    [InlineData("GET / http/1.1\r\n\r\n", "RequestLineMalformed (400)")]
    [InlineData("GET / HTTP/2.0\r\n\r\n", "VersionUnsupported (505)")]
    [InlineData("PRI * HTTP/2.0\r\n\r\n", "VersionUnsupported (505)")]
    [InlineData("GET /\0 HTTP/1.1\r\n\r\n", "ControlInStartLine (400)")]
    [InlineData("GET / HTTP/1.1\rHost: a\r\n\r\n", "BareCarriageReturn (400)")]
    [InlineData("GET / HTTP/1.1\r\nHost : a\r\n\r\n", "FieldLineMalformed (400)")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nnocolon\r\n\r\n", "FieldLineMalformed (400)")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", "FoldRefused (400)")]
    [InlineData("GET / HTTP/1.1\r\n Host: a\r\n\r\n", "FoldBeforeFirstField (400)")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", "ContentLengthInvalid (400)")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "ContentLengthsDiffer (400)")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "RequestFramingAmbiguous (400)")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", "RequestFramingAmbiguous (400)")]
    [InlineData("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "RequestFramingAmbiguous (400)")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "TransferCodingUnknown (501)")]
    [InlineData("\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "RequestLineMalformed (400)")]
    public void Requests_that_could_be_read_in_two_ways_are_refused_with_their_status(string wire, string failure) =>
        Assert.Equal($"failed {failure}", ReadMessages.Request(wire).Last);

    [Fact]
    public void Long_targets_and_heads_have_statuses_of_their_own()
    {
        Assert.Equal("failed RequestLineTooLong (414)", ReadMessages.Request($"GET /{new string('a', HttpLimits.RequestLine)} HTTP/1.1\r\nHost: a\r\n\r\n").Last);
        Assert.Equal("failed RequestLineTooLong (414)", ReadMessages.Request($"GET /{new string('a', 4 * HttpLimits.RequestLine)}").Last);
        Assert.Equal("failed HeadTooLong (431)", ReadMessages.Request($"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('a', HttpLimits.RequestHead)}\r\n\r\n").Last);
        Assert.Equal("failed TooManyFields (431)", ReadMessages.Request($"GET / HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", HttpLimits.RequestFieldCount))}\r\n").Last);
    }

    [Fact]
    public void A_chunked_body_and_what_follows_it_are_told_apart()
    {
        var log = ReadMessages.Request("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\n");
        Assert.Equal("hello", log.Text);
        Assert.Equal("complete PersistentByDefault", log.Last);
        Assert.Equal(16, log.Rest);
    }

    [Fact]
    public void Who_waits_for_100_says_so()
    {
        Assert.EndsWith("expects 100", ReadMessages.Request("PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\nhello").Events[0]);
        Assert.DoesNotContain("expects", ReadMessages.Request("PUT /x HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello").Events[0]);
        Assert.DoesNotContain("expects", ReadMessages.Request("GET /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n").Events[0]);
    }

    [Theory]
    [InlineData("GET / HTTP/1.0\r\n\r\n", KeepReason.Http10)]
    [InlineData("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", KeepReason.KeepAliveAsked)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", KeepReason.PeerCloses)]
    [InlineData("GET / HTTP/1.1\nHost: a\n\n", KeepReason.FramingInDoubt)]
    public void Who_keeps_the_connection_is_decided_by_the_request(string wire, KeepReason reason) => Assert.Equal($"complete {reason}", ReadMessages.Request(wire).Last);
}
