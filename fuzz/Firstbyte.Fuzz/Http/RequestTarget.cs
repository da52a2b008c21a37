using Firstbyte.Fuzz.Running;
using Firstbyte.Http;

namespace Firstbyte.Fuzz.Http;

/// <summary>The reader of HTTP/1.x requests.</summary>
internal sealed class RequestTarget() : MessageTarget(
    "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n",
    "POST /x?y HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
    "POST /x HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
    "\r\n\r\nGET / HTTP/1.0\nConnection: keep-alive\n\n")
{
    public override string Name => "http-request";

    protected override Func<byte[], Func<int>?, MessageVerdict> Reader(FuzzRandom choices) => static (wire, piece) =>
    {
        var reader = new RequestReader();
        reader.Begin(new RequestHead());
        var (end, body) = MessageDriver.Drive(wire, piece, reader.Read);
        return new MessageVerdict(end, body, 0, reader.Head.Fields.Count, reader.Head.Trailers.Count, reader.Head.Framing, reader.Failure);
    };
}
