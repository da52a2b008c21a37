using System.Text;
using CsCheck;
using Firstbyte.Lines;

namespace Firstbyte.Tests.Lines;

public class LineScannerTests
{
    [Theory]
    [InlineData("220 ready\r\n", "220 ready", 11)]
    [InlineData("220 ready\n", "220 ready", 10)]
    [InlineData("\r\n", "", 2)]
    [InlineData("\n", "", 1)]
    [InlineData("a\rb\r\n", "a\rb", 5)]
    [InlineData("a\r\r\n", "a\r", 4)]
    public void A_line_is_found_without_its_end(string received, string line, int wireLength)
    {
        var scanner = new LineScanner();
        Assert.Equal(LineStatus.Line, scanner.Next(Encoding.Latin1.GetBytes(received), 100, out var length, out var taken));
        Assert.Equal((line, wireLength), (received[..length], taken));
    }

    [Theory]
    [InlineData("12345", LineStatus.NeedMore)]
    [InlineData("12345\r", LineStatus.NeedMore)]
    [InlineData("12345\r\n", LineStatus.Line)]
    [InlineData("12345\n", LineStatus.Line)]
    [InlineData("123456", LineStatus.TooLong)]
    [InlineData("12345\r6", LineStatus.TooLong)]
    [InlineData("123456\r\n", LineStatus.TooLong)]
    public void The_limit_counts_the_line_and_not_its_end(string received, LineStatus expected) =>
        Assert.Equal(expected, new LineScanner().Next(Encoding.Latin1.GetBytes(received), 5, out _, out _));

    [Fact]
    public void However_the_bytes_come_the_same_lines_are_found() =>
        Gen.Select(Gen.Char["ab\r\n"].Array[0, 60], Gen.Int[1, 7]).Sample((characters, step) =>
        {
            var wire = Encoding.Latin1.GetBytes(characters);
            return Lines(wire, wire.Length + 1).SequenceEqual(Lines(wire, step));
        });

    private static List<(int Start, int Length, int Wire)> Lines(byte[] wire, int step)
    {
        var lines = new List<(int, int, int)>();
        var scanner = new LineScanner();
        var (start, end) = (0, 0);
        while (true)
        {
            if (scanner.Next(wire.AsSpan(start, end - start), 1_000, out var length, out var wireLength) == LineStatus.Line)
            {
                lines.Add((start, length, wireLength));
                start += wireLength;
            }
            else if (end == wire.Length) { return lines; }
            else { end = Math.Min(end + step, wire.Length); }
        }
    }
}
