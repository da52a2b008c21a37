using Firstbyte.Fuzz.Running;
using Firstbyte.Http;

namespace Firstbyte.Fuzz.Http;

/// <summary>The reader of HTTP/1.x requests.</summary>
internal sealed class RequestTarget : FuzzTarget
{
    public override string Name => "http-request";

    public override string Holds => "no exception, an end for every input, and the same verdict at once, byte by byte and in any pieces";

    public override IReadOnlyList<byte[]> Tokens => MessageDriver.Tokens;

    public override IEnumerable<byte[]> Seeds() => MessageDriver.Seeds(
        "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n",
        "POST /x?y HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
        "POST /x HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
        "\r\n\r\nGET / HTTP/1.0\nConnection: keep-alive\n\n");

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var wire);
        var (whole, single, pieces) = (ReadAll(wire, null), ReadAll(wire, static () => 1), ReadAll(wire, () => 1 + choices.Below(choices.Below(4) == 0 ? 4096 : 16)));
        Require(whole == single, $"whole: {whole}\nbyte by byte: {single}");
        Require(whole == pieces, $"whole: {whole}\nin pieces: {pieces}");
    }

    private static MessageVerdict ReadAll(ReadOnlySpan<byte> wire, Func<int>? piece)
    {
        var reader = new RequestReader();
        reader.Begin(new RequestHead());
        var (end, body) = MessageDriver.Drive(wire, piece, reader.Read);
        return new MessageVerdict(end, body, 0, reader.Head.Fields.Count, reader.Head.Trailers.Count, reader.Head.Framing, reader.Failure);
    }
}
