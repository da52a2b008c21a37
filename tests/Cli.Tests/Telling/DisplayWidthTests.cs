using Firstbyte.Cli.Drawing;

namespace Firstbyte.Tests.Telling;

/// <summary>Columns of a terminal: UAX #11 for the width of characters, and what only changes the character before it.</summary>
public class DisplayWidthTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("Name", 4)]
    [InlineData("域名", 4)]
    [InlineData("套接字 socket()", 15)]
    [InlineData("ＨＴＴＰ", 8)] // fullwidth letters
    [InlineData("ﾊﾝｶｸ", 4)] // halfwidth kana
    [InlineData("한국어", 6)]
    [InlineData("\u1112\u1161\u11ab", 2)] // the same syllable's parts: a leading consonant with its vowel and final
    [InlineData("e\u0301", 1)] // a combining acute accent
    [InlineData("か\u3099", 2)] // a combining voiced sound mark
    [InlineData("├─ │ └─ ╰─ █ → · …", 18)] // ambiguous characters take one column
    [InlineData("😀", 2)]
    [InlineData("👍🏽", 2)] // a skin tone
    [InlineData("👨‍👩‍👧", 2)] // a family, joined
    [InlineData("❤", 1)]
    [InlineData("❤\ufe0f", 2)] // the picture is asked for
    [InlineData("🇨🇳", 2)]
    [InlineData("𠮷野家", 6)] // an ideograph beyond the first plane
    [InlineData("（默认）", 8)]
    public void A_text_takes_so_many_columns(string text, int columns) => Assert.Equal(columns, DisplayWidth.Of(text));

    [Theory]
    [InlineData("域名解析", 8, "域名解析")]
    [InlineData("域名解析", 7, "域名解…")]
    [InlineData("域名解析", 6, "域名…")]
    [InlineData("cafe\u0301 au lait", 5, "cafe\u0301…")]
    [InlineData("abcdef", 4, "abc…")]
    public void A_text_is_cut_between_characters(string text, int columns, string cut)
    {
        Assert.Equal(cut, DisplayWidth.Cut(text, columns));
        Assert.True(DisplayWidth.Of(DisplayWidth.Cut(text, columns)) <= columns);
    }

    [Fact]
    public void Padding_counts_columns() => Assert.Equal(["域名  |", "Name  |", "套接字|"], ((string[])["域名", "Name", "套接字"]).Select(text => DisplayWidth.Pad(text, 6) + "|"));

    [Theory]
    [InlineData("one two three", 7, "one two", "three")]
    [InlineData("路由经由下一跳，还剩三跳", 14, "路由经由下一", "跳，还剩三跳")] // closing punctuation never begins a line
    [InlineData("abcdefghij", 4, "abcd", "efgh", "ij")]
    [InlineData("到 www.lab.glasscom.com 的连接", 22, "到", "www.lab.glasscom.com", "的连接")]
    public void Lines_are_broken_at_spaces_and_between_ideographs(string text, int columns, params string[] lines) => Assert.Equal(lines, Wrapping.Lines(text, columns));

    /// <summary>Whatever is wrapped, no line is wider than the page and nothing but spaces is lost.</summary>
    [Fact]
    public void Wrapping_loses_nothing()
    {
        const string letters = "a域名。 ，b😀e\u0301";
        var random = new Random(1);
        for (var round = 0; round < 2000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => letters.EnumerateRunes().ElementAt(random.Next(letters.EnumerateRunes().Count())).ToString()));
            var lines = Wrapping.Lines(text, 10).ToArray();
            Assert.All(lines, line => Assert.True(DisplayWidth.Of(line) <= 10, $"'{line}' of '{text}'"));
            Assert.Equal(text.Replace(" ", "", StringComparison.Ordinal), string.Concat(lines).Replace(" ", "", StringComparison.Ordinal));
        }
    }
}
