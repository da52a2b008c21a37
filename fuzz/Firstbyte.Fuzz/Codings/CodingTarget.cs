using System.Security.Cryptography;
using System.Text;
using Firstbyte.Codings;
using Firstbyte.Fuzz.Running;
using Firstbyte.Http;
using Firstbyte.Transfers;

namespace Firstbyte.Fuzz.Codings;

/// <summary>Content codings: the input is a body, coded, or one that is coded and decoded again.</summary>
internal sealed class CodingTarget : FuzzTarget
{
    public override string Name => "content-coding";

    public override string Holds => "what was coded comes out again; pieces make no difference to what comes out of a whole body; no body grows past its limit";

    public override IReadOnlyList<byte[]> Tokens => [[0x1F, 0x8B, 8], [0x78, 0x9C], [0x28, 0xB5, 0x2F, 0xFD], [0, 0, 0xFF, 0xFF], [3, 0]];

    public override IEnumerable<byte[]> Seeds() => ContentCodings.All.SelectMany(static (row, at) => new byte[][]
    {
        FuzzChoices.Before([(byte)at, .. row.Encoded("a body, a body, a body"u8)]),
        FuzzChoices.Before([(byte)at, .. row.Encoded([]), .. row.Encoded(new byte[300])]),
    });

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var rest);
        if (rest.Length == 0) { return; }
        var row = ContentCodings.All[rest[0] % ContentCodings.All.Count];
        var body = rest[1..].ToArray();
        var (decoded, fault) = Decode(row.Name, body, null);
        var (inPieces, _) = Decode(row.Name, body, () => 1 + choices.Below(9));
        if (fault == CodingFault.None) { Require(decoded == inPieces, "pieces make a difference"); }
        // A sink is handed pieces of 64 KB at most, the one that breaks the limit not among them.
        Require(decoded.Length <= CodingLimits.HarmlessBytes || decoded.Length <= (long)CodingLimits.Ratio * (body.Length + 1), "a bomb went off");
        var (again, none) = Decode(row.Name, row.Encoded(body), () => 1 + choices.Below(40));
        Require(none == CodingFault.None && again == Content.Of(body), "what was coded does not come out again");
    }

    private static (Content Decoded, CodingFault Fault) Decode(string coding, byte[] body, Func<int>? piece)
    {
        var content = new DigestSink();
        var sink = new DecodingSink(content);
        sink.Begin(Described(coding));
        try
        {
            for (int at = 0, length; at < body.Length; at += length)
            {
                length = Math.Min(piece?.Invoke() ?? body.Length, body.Length - at);
                // Nothing here waits: both sinks are done when the call returns.
                sink.WriteAsync(body.AsMemory(at, length), CancellationToken.None).AsTask().GetAwaiter().GetResult();
            }
        }
        catch (IOException) when (sink.Fault != CodingFault.None) { /* The verdict is the sink's. */ }
        var fault = sink.Finish();
        return (content.Finish(), fault);
    }

    private static ContentDescription Described(string coding)
    {
        var (reader, head) = (new ResponseReader(), new ResponseHead());
        reader.Begin(head);
        var wire = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n");
        while (reader.Read(wire, false, out var consumed).Kind != MessageEventKind.Head) { wire = wire[consumed..]; }
        return new ContentDescription(head);
    }

    // A harmless body may have ten megabytes: what came out is told apart by its digest, so that the limit of memory is that of the decoders.
    private readonly record struct Content(long Length, string Digest)
    {
        public static Content Of(byte[] body) => new(body.Length, Convert.ToHexString(SHA256.HashData(body)));
    }

    private sealed class DigestSink : IBodySink
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long _length;

        public void Begin(ContentDescription content) { /* The content is all that counts. */ }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
        {
            _length += piece.Length;
            _hash.AppendData(piece.Span);
            return default;
        }

        public void End(bool isWhole) { /* The verdict is the other sink's. */ }

        public Content Finish()
        {
            using (_hash) { return new Content(_length, Convert.ToHexString(_hash.GetHashAndReset())); }
        }
    }
}
