using System.Buffers;
using System.Globalization;
using System.Text;
using Firstbyte.Fuzz.Running;
using Firstbyte.Http;

namespace Firstbyte.Fuzz.Http;

/// <summary>The chunked transfer coding: the input is the body of a response, coded.</summary>
internal sealed class ChunkedTarget : FuzzTarget
{
    private static readonly byte[] s_head = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");

    private static readonly SearchValues<byte> s_digits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    public override string Name => "http-chunked";

    public override string Holds => "a strict body that is accepted is the one that a plain reading of RFC 9112 section 7.1 gives; pieces make no difference";

    public override IReadOnlyList<byte[]> Tokens => [.. new[] { "\r\n", "0\r\n", "\r\n\r\n", ";a=\"b\"", "0", "ffffffff", "8000000000000000", " ", "X: y\r\n" }.Select(Encoding.Latin1.GetBytes)];

    public override IEnumerable<byte[]> Seeds() => new[] { "5\r\nhello\r\n0\r\n\r\n", "a;x=1;y=\"\\\"\"\r\n0123456789\r\n00\r\nT: 1\r\n\r\n", "1\r\na\r\n1\r\nb\r\n000\r\n\r\nrest" }
        .Select(static text => FuzzChoices.Before(Encoding.Latin1.GetBytes(text)));

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var coded);
        byte[] wire = [.. s_head, .. coded];
        var whole = Decode(wire, isStrict: false, null);
        var pieces = Decode(wire, isStrict: false, () => 1 + choices.Below(5));
        Require(whole.End == pieces.End && whole.Body.AsSpan().SequenceEqual(pieces.Body), "pieces make a difference");
        // Bytes behind the message, which a strict reader refuses, are seen only when they have come: so there are no pieces here.
        whole = Decode(wire, isStrict: true, null);
        if (whole.End == MessageEventKind.Complete) { Require(Plain(coded) is { } plain && plain.AsSpan().SequenceEqual(whole.Body), "a plain reading gives another body"); }
    }

    private static (MessageEventKind End, byte[] Body) Decode(byte[] wire, bool isStrict, Func<int>? piece)
    {
        var reader = new ResponseReader { IsStrict = isStrict };
        reader.Begin(new ResponseHead());
        var body = new List<byte>();
        var (end, _) = MessageDriver.Drive(wire, piece, (ReadOnlySpan<byte> received, bool ended, out int consumed) =>
        {
            var next = reader.Read(received, ended, out consumed);
            if (next.Kind == MessageEventKind.Body) { body.AddRange(received.Slice(next.BodyStart, next.BodyLength)); }
            return next;
        });
        return (end, [.. body]);
    }

    // Sizes and data only: what else a strict reader asks for, it may refuse.
    private static byte[]? Plain(ReadOnlySpan<byte> coded)
    {
        var body = new List<byte>();
        while (true)
        {
            var end = coded.IndexOf("\r\n"u8);
            if (end < 0) { return null; }
            var digits = coded[..end].IndexOfAnyExcept(s_digits) is var stop && stop < 0 ? coded[..end] : coded[..stop];
            if (!long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size)) { return null; }
            coded = coded[(end + 2)..];
            if (size == 0) { return [.. body]; }
            if (size < 0 || coded.Length < size + 2 || !coded.Slice((int)size, 2).SequenceEqual("\r\n"u8)) { return null; }
            body.AddRange(coded[..(int)size]);
            coded = coded[((int)size + 2)..];
        }
    }
}
