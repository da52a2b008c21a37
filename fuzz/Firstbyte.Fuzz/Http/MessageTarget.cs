using Firstbyte.Fuzz.Running;

namespace Firstbyte.Fuzz.Http;

/// <summary>A reader of HTTP/1.x messages: one direction is one class below.</summary>
internal abstract class MessageTarget(params string[] messages) : FuzzTarget
{
    public override string Holds => "no exception, an end for every input, and the same verdict at once, byte by byte and in any pieces";

    public override IReadOnlyList<byte[]> Tokens => MessageDriver.Tokens;

    public override IEnumerable<byte[]> Seeds() => MessageDriver.Seeds(messages);

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var rest);
        var wire = rest.ToArray();
        var read = Reader(choices);
        var (whole, single, pieces) = (read(wire, null), read(wire, static () => 1), read(wire, () => 1 + choices.Below(choices.Below(4) == 0 ? 4096 : 16)));
        Require(whole == single, $"whole: {whole}\nbyte by byte: {single}");
        Require(whole == pieces, $"whole: {whole}\nin pieces: {pieces}");
    }

    /// <summary>Reads a message from its first byte on, each time anew.</summary>
    /// <param name="choices">What is drawn once for all readings of the input.</param>
    protected abstract Func<byte[], Func<int>?, MessageVerdict> Reader(FuzzRandom choices);
}
