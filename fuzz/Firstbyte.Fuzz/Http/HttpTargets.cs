using System.Text;
using Firstbyte.Http;

namespace Firstbyte.Fuzz.Http;

/// <summary>The readers of HTTP/1.x messages: no exception, an end for every input, and the same verdict however the bytes are split.</summary>
internal static class HttpTargets
{
    private static readonly byte[][] s_tokens =
    [
        .. new[] { "\r\n", "\n", "\r", "\0", ":", " ", "\t", ",", ";", "0", "ffffffffffffffff", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "HTTP/1.1 ", "chunked", "Host: a\r\n", "X: y\r\n" }
            .Select(Encoding.Latin1.GetBytes),
    ];

    public static FuzzTarget Response { get; } = new(CheckResponse, Corpus(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nhello world",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;ext=1\r\nWiki\r\n6 \r\npedia \r\n0\r\nX-T: 1\r\n\r\n",
        "HTTP/1.0 200 OK\nServer : x\nX-Fold: a\n  b\n\nuntil the end",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 304\r\nETag: \"x\"\r\n\r\n"), s_tokens);

    public static FuzzTarget Request { get; } = new(CheckRequest, Corpus(
        "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n",
        "POST /x?y HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
        "POST /x HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
        "\r\n\r\nGET / HTTP/1.0\nConnection: keep-alive\n\n"), s_tokens);

    private static byte[][] Corpus(params string[] messages) => [.. messages.Select(Encoding.Latin1.GetBytes)];

    private static void CheckResponse(byte[] wire, FuzzRandom random)
    {
        var kind = (RequestKind)random.Below(4);
        var (whole, split) = (ReadResponse(wire, kind, null), ReadResponse(wire, kind, random));
        if (whole != split) { throw new InvalidOperationException($"whole: {whole}\nsplit: {split}"); }
    }

    private static void CheckRequest(byte[] wire, FuzzRandom random)
    {
        var (whole, split) = (ReadRequest(wire, null), ReadRequest(wire, random));
        if (whole != split) { throw new InvalidOperationException($"whole: {whole}\nsplit: {split}"); }
    }

    private static Verdict ReadResponse(byte[] wire, RequestKind kind, FuzzRandom? random)
    {
        var reader = new ResponseReader();
        reader.Begin(new ResponseHead(), kind);
        var (end, body) = Drive(wire, random, reader.Read);
        // Whether bytes follow the message can be known only when they have come: that flaw, and what hangs on it, may differ.
        return new Verdict(end, body, reader.Head.Status, reader.Head.Fields.Count, reader.Head.Trailers.Count, reader.Head.Framing, reader.Failure);
    }

    private static Verdict ReadRequest(byte[] wire, FuzzRandom? random)
    {
        var reader = new RequestReader();
        reader.Begin(new RequestHead());
        var (end, body) = Drive(wire, random, reader.Read);
        return new Verdict(end, body, 0, reader.Head.Fields.Count, reader.Head.Trailers.Count, reader.Head.Framing, reader.Failure);
    }

    private delegate MessageEvent Read(ReadOnlySpan<byte> received, bool ended, out int consumed);

    private static (MessageEventKind End, long Body) Drive(byte[] wire, FuzzRandom? random, Read read)
    {
        var (shown, available, body) = (0, random is null ? wire.Length : 0, 14695981039346656037UL);
        while (true)
        {
            var next = read(wire.AsSpan(shown, available - shown), available == wire.Length, out var consumed);
            if (consumed < 0 || consumed > available - shown) { throw new InvalidOperationException($"consumed {consumed} of {available - shown}"); }
            if (next.Kind == MessageEventKind.Body)
            {
                if (next.BodyLength <= 0 || next.BodyStart < 0 || next.BodyStart + next.BodyLength > consumed) { throw new InvalidOperationException($"a run outside what was consumed: {next}"); }
                foreach (var value in wire.AsSpan(shown + next.BodyStart, next.BodyLength)) { body = (body ^ value) * 1099511628211; }
            }
            shown += consumed;
            if (next.Kind is MessageEventKind.Complete or MessageEventKind.Failed) { return (next.Kind, (long)body); }
            if (next.Kind != MessageEventKind.NeedMore) { continue; }
            if (available == wire.Length) { throw new InvalidOperationException("needs more after the end"); }
            available = Math.Min(wire.Length, available + 1 + random!.Below(random.Below(4) == 0 ? 4096 : 16));
        }
    }

    private readonly record struct Verdict(MessageEventKind End, long Body, int Status, int Fields, int Trailers, BodyFraming Framing, MessageFailure Failure);
}
