using CsCheck;
using Firstbyte.Http;

namespace Firstbyte.Tests.Http;

public class MessageProperties
{
    private static readonly (string Wire, RequestKind Kind)[] s_responses =
    [
        ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nhello world", RequestKind.Other),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;ext=1\r\nWiki\r\n6 \r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nX-T: 1\r\nHost: x\r\n\r\n", RequestKind.Other),
        ("HTTP/1.0 200 OK\nServer : x\nX-Fold: a\n  b\n\nuntil the end", RequestKind.Other),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", RequestKind.Other),
        ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", RequestKind.Head),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\nContent-Length: 5\r\n\r\nhello", RequestKind.Other),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked, chunked\r\n\r\nhello", RequestKind.Other),
        ("HTTP/1.1 304\r\nETag: \"x\"\r\n\r\n", RequestKind.Other),
        ("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\ncut", RequestKind.Other),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n", RequestKind.Other),
        ("HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n", RequestKind.Other),
        ("HTTP/1.1 777 What\r\nContent-Length: 5 5\r\n\r\n", RequestKind.Other),
        ("SSH-2.0-x\r\n", RequestKind.Other),
    ];

    private static readonly string[] s_requests =
    [
        "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n",
        "POST /x?y HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
        "POST /x HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
        "\r\n\r\nGET / HTTP/1.0\nConnection: keep-alive\n\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET  / HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\ncut",
    ];

    [Fact]
    public void Every_split_into_two_gives_the_same_events()
    {
        foreach (var (text, kind) in s_responses)
        {
            var wire = ReadMessages.Bytes(text);
            var whole = ReadMessages.Response(wire, kind, cuts: [wire.Length]).Summary;
            for (var cut = 0; cut < wire.Length; cut++)
            {
                Assert.Equal(whole, ReadMessages.Response(wire, kind, cuts: [cut, wire.Length]).Summary);
            }
        }
    }

    [Fact]
    public void Byte_by_byte_gives_the_same_events()
    {
        foreach (var (text, kind) in s_responses)
        {
            var wire = ReadMessages.Bytes(text);
            Assert.Equal(ReadMessages.Response(wire, kind).Summary, ReadMessages.Response(wire, kind, cuts: [.. Enumerable.Range(0, wire.Length + 1)]).Summary);
        }
        foreach (var text in s_requests)
        {
            var wire = ReadMessages.Bytes(text);
            Assert.Equal(ReadMessages.Request(wire).Summary, ReadMessages.Request(wire, true, [.. Enumerable.Range(0, wire.Length + 1)]).Summary);
        }
    }

    [Fact]
    public void Every_split_of_a_request_gives_the_same_events()
    {
        foreach (var text in s_requests)
        {
            var wire = ReadMessages.Bytes(text);
            var whole = ReadMessages.Request(wire).Summary;
            for (var cut = 0; cut < wire.Length; cut++) { Assert.Equal(whole, ReadMessages.Request(wire, true, cut, wire.Length).Summary); }
        }
    }

    [Fact]
    public void Mutated_responses_end_without_exception() =>
        Mutations(s_responses.Select(response => response.Wire)).Sample((wire, kind) =>
        {
            var log = ReadMessages.Response(wire, (RequestKind)kind);
            Assert.Matches("^(complete|failed)", log.Last);
            Assert.True(log.Reader.Position <= wire.Length);
        }, iter: Depth.Of(20_000));

    [Fact]
    public void Mutated_requests_end_without_exception() =>
        Mutations(s_requests).Sample((wire, _) => Assert.Matches("^(complete|failed)", ReadMessages.Request(wire).Last), iter: Depth.Of(20_000));

    [Fact]
    public void Any_body_survives_any_chunking_and_any_split() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[1, 40].Array[0, 12], Gen.Int[0, 600].Array[0, 8]).Sample((body, sizes, cuts) =>
        {
            var wire = new List<byte>(ReadMessages.Bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
            Span<byte> line = stackalloc byte[ChunkWriter.MaximumSizeLine];
            var (at, next) = (0, 0);
            while (at < body.Length)
            {
                var size = Math.Min(next < sizes.Length ? sizes[next++] : body.Length, body.Length - at);
                wire.AddRange(line[..ChunkWriter.WriteSize(size, line)]);
                wire.AddRange(body.AsSpan(at, size));
                wire.AddRange(ChunkWriter.DataEnd);
                at += size;
            }
            wire.AddRange(ChunkWriter.LastChunk);
            Array.Sort(cuts);
            var log = ReadMessages.Response([.. wire], ends: false, cuts: [.. cuts]);
            Assert.Equal("complete PersistentByDefault", log.Last);
            Assert.Equal(body, log.Body);
        }, iter: Depth.Of(2_000));

    private const string Favoured = "\r\n:\0 9,;";

    // Flips, cuts, inserts and joins of well-formed messages: the neighbourhood where parsers break.
    private static Gen<(byte[] Wire, int Kind)> Mutations(IEnumerable<string> messages)
    {
        var corpus = messages.Select(ReadMessages.Bytes).ToArray();
        var edit = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 400], Gen.OneOf(Gen.Byte, Gen.Int[0, Favoured.Length - 1].Select(which => (byte)Favoured[which])));
        return Gen.Select(Gen.Int[0, corpus.Length - 1], edit.Array[0, 6], Gen.Int[0, 3]).Select((which, edits, kind) =>
        {
            var wire = new List<byte>(corpus[which]);
            foreach (var (operation, place, value) in edits)
            {
                if (wire.Count == 0) { break; }
                var at = place % wire.Count;
                switch (operation)
                {
                    case 0: wire[at] = value; break;
                    case 1: wire.Insert(at, value); break;
                    case 2: wire.RemoveAt(at); break;
                    default: wire.RemoveRange(at, Math.Min(value % 20, wire.Count - at)); break;
                }
            }
            return (wire.ToArray(), kind);
        });
    }
}
