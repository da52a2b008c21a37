using Firstbyte.Fuzz.Running;
using Firstbyte.Http;

namespace Firstbyte.Fuzz.Http;

/// <summary>The reader of HTTP/1.x responses.</summary>
internal sealed class ResponseTarget : FuzzTarget
{
    public override string Name => "http-response";

    public override string Holds => "no exception, an end for every input, and the same verdict at once, byte by byte and in any pieces";

    public override IReadOnlyList<byte[]> Tokens => MessageDriver.Tokens;

    public override IEnumerable<byte[]> Seeds() => MessageDriver.Seeds(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nhello world",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;ext=1\r\nWiki\r\n6 \r\npedia \r\n0\r\nX-T: 1\r\n\r\n",
        "HTTP/1.0 200 OK\nServer : x\nX-Fold: a\n  b\n\nuntil the end",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 304\r\nETag: \"x\"\r\n\r\n");

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var wire);
        var kind = (RequestKind)choices.Below(4);
        var (whole, single, pieces) = (ReadAll(wire, kind, null), ReadAll(wire, kind, static () => 1), ReadAll(wire, kind, () => 1 + choices.Below(choices.Below(4) == 0 ? 4096 : 16)));
        Require(whole == single, $"whole: {whole}\nbyte by byte: {single}");
        Require(whole == pieces, $"whole: {whole}\nin pieces: {pieces}");
    }

    // Whether bytes follow the message can be known only when they have come: that flaw, and what hangs on it, may differ.
    private static MessageVerdict ReadAll(ReadOnlySpan<byte> wire, RequestKind kind, Func<int>? piece)
    {
        var reader = new ResponseReader();
        reader.Begin(new ResponseHead(), kind);
        var (end, body) = MessageDriver.Drive(wire, piece, reader.Read);
        return new MessageVerdict(end, body, reader.Head.Status, reader.Head.Fields.Count, reader.Head.Trailers.Count, reader.Head.Framing, reader.Failure);
    }
}
