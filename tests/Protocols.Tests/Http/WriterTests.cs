using System.Text;
using Firstbyte.Http;

namespace Firstbyte.Tests.Http;

public class WriterTests
{
    private static string Write(HttpRequest request)
    {
        var buffer = new byte[RequestWriter.MeasureHead(request)];
        var result = RequestWriter.WriteHead(request, buffer);
        Assert.Equal(WriteFault.None, result.Fault);
        return Encoding.UTF8.GetString(buffer, 0, result.Length);
    }

    private static string Write(HttpResponse response, ResponsePlan plan, DateTimeOffset? date = null)
    {
        var buffer = new byte[ResponseWriter.MeasureHead(response)];
        var result = ResponseWriter.WriteHead(response, plan, date, buffer);
        Assert.Equal(WriteFault.None, result.Fault);
        return Encoding.UTF8.GetString(buffer, 0, result.Length);
    }

    [Fact]
    public void Host_comes_first_then_the_fields_in_their_order_and_case()
    {
        var request = new HttpRequest("GET", "/dir1/file1.html?q", "www.example.com:8080") { Fields = [new("user-AGENT", "x"), new("Accept", "*/*"), new("X-Empty", "")] };
        Assert.Equal("GET /dir1/file1.html?q HTTP/1.1\r\nHost: www.example.com:8080\r\nuser-AGENT: x\r\nAccept: */*\r\nX-Empty: \r\n\r\n", Write(request));
    }

    [Fact]
    public void A_host_among_the_fields_takes_the_place_of_the_own_one()
    {
        var request = new HttpRequest("GET", "/", "a") { Fields = [new("Accept", "*/*"), new("hOST", "b")], Version = HttpVersion.Http10 };
        Assert.Equal("GET / HTTP/1.0\r\nhOST: b\r\nAccept: */*\r\n\r\n", Write(request));
        Assert.Equal([new("hOST", "b"), new("Accept", "*/*")], RequestWriter.FieldsOnTheWire(request));
    }

    [Theory]
    [InlineData("GET", 0, "")]
    [InlineData("GET", 3, "Content-Length: 3\r\n")]
    [InlineData("POST", 0, "Content-Length: 0\r\n")]
    [InlineData("PUT", 5, "Content-Length: 5\r\n")]
    public void Content_is_announced_with_its_length(string method, int length, string line) =>
        Assert.Equal($"{method} / HTTP/1.1\r\nHost: a\r\n{line}\r\n", Write(new HttpRequest(method, "/", "a") { Body = new byte[length] }));

    [Fact]
    public void The_other_forms_of_a_target_are_written_as_they_stand()
    {
        Assert.StartsWith("OPTIONS * HTTP/1.1\r\n", Write(new HttpRequest("OPTIONS", "*", "a")));
        Assert.StartsWith("CONNECT a:443 HTTP/1.1\r\n", Write(new HttpRequest("CONNECT", "a:443", "a:443")));
        Assert.StartsWith("GET http://a/b HTTP/1.1\r\n", Write(new HttpRequest("GET", "http://a/b", "a")));
    }

    [Fact]
    public void Values_beyond_ascii_go_out_as_utf_8() =>
        Assert.Equal("GET / HTTP/1.1\r\nHost: a\r\nX: é€😀\r\n\r\n", Write(new HttpRequest("GET", "/", "a") { Fields = [new("X", "é€😀")] }));

    [Theory]
    [InlineData("", "/", "X", "y", WriteFault.MethodNotToken)]
    [InlineData("GE T", "/", "X", "y", WriteFault.MethodNotToken)]
    [InlineData("GET\r\n", "/", "X", "y", WriteFault.MethodNotToken)]
    [InlineData("GET", "", "X", "y", WriteFault.TargetEmpty)]
    [InlineData("GET", "/ HTTP/1.1\r\nX: y", "X", "y", WriteFault.TargetHasWhitespaceOrControl)]
    [InlineData("GET", "/a b", "X", "y", WriteFault.TargetHasWhitespaceOrControl)]
    [InlineData("GET", "/a\0", "X", "y", WriteFault.TargetHasWhitespaceOrControl)]
    [InlineData("GET", "/é", "X", "y", WriteFault.TargetNotAscii)]
    [InlineData("GET", "/", "", "y", WriteFault.FieldNameNotToken)]
    [InlineData("GET", "/", "X Y", "y", WriteFault.FieldNameNotToken)]
    [InlineData("GET", "/", "X:", "y", WriteFault.FieldNameNotToken)]
    [InlineData("GET", "/", "X\r\nY", "y", WriteFault.FieldNameNotToken)]
    [InlineData("GET", "/", "Xé", "y", WriteFault.FieldNameNotToken)]
    [InlineData("GET", "/", "X", "y\r\nZ: z", WriteFault.FieldValueHasLineBreakOrNul)]
    [InlineData("GET", "/", "X", "y\n", WriteFault.FieldValueHasLineBreakOrNul)]
    [InlineData("GET", "/", "X", "y\0", WriteFault.FieldValueHasLineBreakOrNul)]
    [InlineData("GET", "/", "Content-Length", "5", WriteFault.ContentLengthWrong)]
    [InlineData("GET", "/", "Transfer-Encoding", "gzip", WriteFault.TransferCodingUnknown)]
    public void Whatever_could_break_out_of_its_place_is_refused(string method, string target, string name, string value, WriteFault fault)
    {
        var buffer = new byte[1000];
        var result = RequestWriter.WriteHead(new HttpRequest(method, target, "a") { Fields = [new(name, value)] }, buffer);
        Assert.Equal(fault, result.Fault);
        Assert.Equal(0, result.Length);
        Assert.All(buffer, value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_host_with_a_line_break_and_a_second_host_are_refused()
    {
        Assert.Equal(WriteFault.FieldValueHasLineBreakOrNul, RequestWriter.Check(new HttpRequest("GET", "/", "a\r\nX: y")).Fault);
        Assert.Equal(new WriteResult(WriteFault.HostRepeated, 0, 1), RequestWriter.Check(new HttpRequest("GET", "/", "a") { Fields = [new("Host", "a"), new("host", "b")] }));
    }

    [Fact]
    public void Every_destination_that_is_too_short_is_said_to_be()
    {
        var request = new HttpRequest("POST", "/x", "a") { Fields = [new("X", "é")], Body = new byte[3] };
        var length = RequestWriter.WriteHead(request, new byte[RequestWriter.MeasureHead(request)]).Length;
        for (var i = 0; i < length; i++) { Assert.Equal(WriteFault.DestinationTooShort, RequestWriter.WriteHead(request, new byte[i]).Fault); }
        Assert.Equal(WriteFault.None, RequestWriter.WriteHead(request, new byte[length]).Fault);
    }

    [Fact]
    public void A_response_says_its_date_framing_and_end()
    {
        var date = new DateTimeOffset(1994, 11, 6, 8, 49, 37, TimeSpan.Zero);
        var response = HttpResponse.Text(404, "gone", "text/html");
        Assert.Equal("HTTP/1.1 404 Not Found\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n",
            Write(response, ResponsePlan.For(404, false, HttpVersion.Http11, 4, close: false), date));
        Assert.EndsWith("Content-Length: 4\r\nConnection: close\r\n\r\n", Write(response, ResponsePlan.For(404, true, HttpVersion.Http11, 4, close: true)));
        Assert.EndsWith("Content-Length: 4\r\nConnection: keep-alive\r\n\r\n", Write(response, ResponsePlan.For(404, false, HttpVersion.Http10, 4, close: false)));
    }

    [Theory]
    [InlineData(200, false, HttpVersion.Http11, 5, BodyFraming.ContentLength, 5, false)]
    [InlineData(200, true, HttpVersion.Http11, 5, BodyFraming.None, 5, false)]
    [InlineData(200, false, HttpVersion.Http11, -1, BodyFraming.Chunked, -1, false)]
    [InlineData(200, false, HttpVersion.Http10, -1, BodyFraming.UntilClose, -1, true)]
    [InlineData(204, false, HttpVersion.Http11, 0, BodyFraming.None, -1, false)]
    [InlineData(304, false, HttpVersion.Http11, 0, BodyFraming.None, -1, false)]
    public void The_framing_of_a_response_follows_its_status_and_the_request(int status, bool isHead, HttpVersion version, long length, BodyFraming framing, long announced, bool close) =>
        Assert.Equal(new ResponsePlan(framing, announced, close, version), ResponsePlan.For(status, isHead, version, length, close: false));

    [Theory]
    [InlineData("X", "a\r\nb", "OK", 200, WriteFault.FieldValueHasLineBreakOrNul)]
    [InlineData("X\n", "a", "OK", 200, WriteFault.FieldNameNotToken)]
    [InlineData("Content-Length", "5", "OK", 200, WriteFault.ContentLengthWrong)]
    [InlineData("Transfer-Encoding", "chunked", "OK", 200, WriteFault.TransferCodingUnknown)]
    [InlineData("X", "a", "O\r\nK", 200, WriteFault.ReasonHasControl)]
    [InlineData("X", "a", "OK", 99, WriteFault.StatusOutOfRange)]
    public void A_response_that_would_break_its_framing_is_refused(string name, string value, string reason, int status, WriteFault fault) =>
        Assert.Equal(fault, ResponseWriter.WriteHead(new HttpResponse(status) { Reason = reason, Fields = [new(name, value)] }, default, null, new byte[1000]).Fault);

    [Fact]
    public void Secrets_are_known_by_name_in_any_case()
    {
        Assert.All(["authorization", "Proxy-Authorization", "COOKIE", "Set-Cookie", "X-Api-Key", "x-auth-token", "X-Amz-Security-Token", "PRIVATE-TOKEN"], name => Assert.True(SecretFields.IsSecret(name)));
        Assert.All(["Accept", "Sec-WebSocket-Key", "Host"], name => Assert.False(SecretFields.IsSecret(name)));
    }
}
