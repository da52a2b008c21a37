using Firstbyte.Fuzz.Running;
using Firstbyte.Http;

namespace Firstbyte.Fuzz.Http;

/// <summary>The reader of HTTP/1.x responses.</summary>
internal sealed class ResponseTarget() : MessageTarget(
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nhello world",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;ext=1\r\nWiki\r\n6 \r\npedia \r\n0\r\nX-T: 1\r\n\r\n",
    "HTTP/1.0 200 OK\nServer : x\nX-Fold: a\n  b\n\nuntil the end",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 304\r\nETag: \"x\"\r\n\r\n")
{
    public override string Name => "http-response";

    // Whether bytes follow the message can be known only when they have come: that flaw, and what hangs on it, may differ.
    protected override Func<byte[], Func<int>?, MessageVerdict> Reader(FuzzRandom choices)
    {
        var kind = (RequestKind)choices.Below(4);
        return (wire, piece) =>
        {
            var reader = new ResponseReader();
            reader.Begin(new ResponseHead(), kind);
            var (end, body) = MessageDriver.Drive(wire, piece, reader.Read);
            return new MessageVerdict(end, body, reader.Head.Status, reader.Head.Fields.Count, reader.Head.Trailers.Count, reader.Head.Framing, reader.Failure);
        };
    }
}
