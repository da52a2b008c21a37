using System.Text;
using Firstbyte.Fuzz.Running;
using Firstbyte.Http;

namespace Firstbyte.Fuzz.Http;

/// <summary>Ranges: the lines of the input are values of Content-Range, Range, and of conditions with entity tags.</summary>
internal sealed class RangeTarget : FuzzTarget
{
    private static readonly long[] s_lengths = [0, 1, 10, 1234, long.MaxValue];

    public override string Name => "range";

    public override string Holds => "what is read is written and read again the same; every part lies within the whole; a tag that was read is in its own list";

    public override IReadOnlyList<byte[]> Tokens =>
    [
        .. new[] { "bytes ", "bytes=", "-", "/", "*", "0", "9", "9223372036854775807", "9223372036854775808",
            ",", "W/", "\"", "\n", " " }.Select(Encoding.UTF8.GetBytes),
    ];

    public override IEnumerable<byte[]> Seeds() => new[]
    {
        "bytes 42-1233/1234\nbytes=0-0\n\"a\", W/\"b\"", "bytes 0-9/*\nbytes=-5\n*", "bytes */10\nbytes=5-\n\"\"", "bytes 0-0/1\nbytes=0-0,5-6\nW/\"x",
    }.Select(static text => FuzzChoices.Before(Encoding.UTF8.GetBytes(text)));

    public override void Check(byte[] input)
    {
        FuzzChoices.Take(input, out var rest);
        foreach (var line in Encoding.Latin1.GetString(rest).Split('\n').Take(50))
        {
            if (ContentRange.TryRead(line, out var range))
            {
                Require(range is { First: >= 0 } && range.Last >= range.First && !(range.Complete <= range.Last), "a range that is none");
                Require(ContentRange.TryRead(range.ToString(), out var again) && again == range, "what was read is read differently when it is written down");
            }
            Require(ContentRange.CompleteLength(line) is null or >= 0, "a length that is none");
            foreach (var length in s_lengths)
            {
                if (RangeRequest.Read(line, length, out var part) != RangeOutcome.Part) { continue; }
                Require(part.First >= 0 && part.Last >= part.First && part.Last < length && part.Complete == length, "a part reaches beyond the whole");
                Require(
                    RangeRequest.Read($"bytes={part.First}-{part.Last}", length, out var same) == RangeOutcome.Part && same == part,
                    "a part is asked for by its places and is another");
            }
            if (!EntityTag.TryRead(line, out var tag)) { continue; }
            Require(tag.ToString().AsSpan().IndexOfAny('\r', '\0') < 0, "a tag breaks out of its field");
            Require(EntityTag.TryRead(tag.ToString(), out var read) && read == tag, "a tag is read differently when it is written down");
            Require(tag.IsIn($"\"{tag.Opaque}x\" , {tag}", isStrong: false), "a tag is not in its own list");
            Require(tag.IsIn(tag.ToString(), isStrong: true) != tag.IsWeak, "a weak tag is compared as a strong one");
        }
    }
}
