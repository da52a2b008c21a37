using Firstbyte.Cli.Commands;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Prompting;

namespace Firstbyte.Tests.Prompting;

/// <summary>What is typed in a lab: lengths of time, and names with a letter wrong.</summary>
public class TypedWordsTests
{
    [Theory]
    [InlineData("  a  b\tc ", "a|b|c", null)]
    [InlineData("fetch -H 'X-A: b \"c\"' \"d e\"f", "fetch|-H|X-A: b \"c\"|d ef", null)]
    [InlineData("a '' \"\"", "a||", null)]
    [InlineData("say 'no end", "say|no end", '\'')]
    [InlineData("", "", null)]
    public void Quotes_of_both_kinds_hold_words_together(string line, string words, char? open)
    {
        Assert.Equal(words, string.Join('|', TypedWords.Split(line, out var quote)));
        Assert.Equal(open, quote);
    }

    [Theory]
    [InlineData("5s", 5_000)]
    [InlineData("5", 5_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("200ms", 200)]
    [InlineData("30us", 0.03)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("0", 0)]
    public void Lengths_of_time_have_units(string text, double milliseconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("5 s")]
    [InlineData("5d")]
    [InlineData("1..5s")]
    [InlineData("25h")]
    [InlineData("99999999999999999999s")]
    public void Anything_else_is_none(string text) => Assert.False(Durations.TryParse(text, out _));

    [Theory]
    [InlineData("wwv", "www")]
    [InlineData("WWW", "www")]
    [InlineData("clinet", "client")]
    [InlineData("ns1", "ns1.glasscom")]
    [InlineData("core-glascom", "core-glasscom")]
    [InlineData("zebra", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void The_nearest_name_is_the_one_that_differs_least(string typed, string? nearest) =>
        Assert.Equal(nearest, Nearest.To(typed, ["client", "core-glasscom", "www", "ns1.glasscom", "ns1.lab.glasscom"]));
}
