using System.Text;
using CsCheck;
using Firstbyte.Urls;
using Firstbyte.Urls.Buffers;

namespace Firstbyte.Tests.Urls;

/// <summary>Encoding by blocks of sixteen characters against encoding by the standard's words, one character after the other.</summary>
public class PercentEncodingTests
{
    private static readonly string[] Sets =
        [" \"<>`", " \"#<>", " \"#<>'", " \"#<>?^`{}", " \"#<>?^`{}/:;=@[\\]|", ""];

    private static readonly CharacterClass[] Classes =
    [
        PercentEncoding.Fragment, PercentEncoding.Query, PercentEncoding.SpecialQuery, PercentEncoding.Path, PercentEncoding.Userinfo, PercentEncoding.C0Control,
    ];

    private static readonly Gen<string> Pieces = Gen.OneOf(
        Gen.Char[' ', '~'].Array[0, 40].Select(static c => new string(c)),
        Gen.Char['\0', '\u0900'].Array[0, 5].Select(static c => new string(c)),
        Gen.Char['\ud7f0', '\ue00f'].Array[0, 4].Select(static c => new string(c)),
        Gen.Const("\ud83d\ude00"), Gen.Const("\uffff"), Gen.Const("a"));

    [Fact]
    public void A_text_of_any_length_is_encoded_as_character_by_character() => Gen.Select(Pieces.Array[0, 12], Gen.Int[0, 5]).Sample((pieces, set) =>
    {
        var text = string.Concat(pieces);
        var output = new SpanBuilder<char>(stackalloc char[16]);
        PercentEncoding.Append(text, Classes[set], ref output);
        var encoded = output.Written.ToString();
        output.Dispose();
        Assert.Equal(CharacterByCharacter(text, Sets[set]), encoded);
    }, iter: Depth.Of(20_000));

    [Theory]
    [InlineData(0), InlineData(1), InlineData(14), InlineData(15), InlineData(16), InlineData(17), InlineData(31), InlineData(47)]
    public void A_pair_of_surrogates_may_lie_across_blocks(int before)
    {
        var text = new string('a', before) + "\ud83d\ude00" + new string('b', 40);
        var output = new SpanBuilder<char>(stackalloc char[16]);
        PercentEncoding.Append(text, PercentEncoding.Path, ref output);
        Assert.Equal(text.Replace("\ud83d\ude00", "%F0%9F%98%80", StringComparison.Ordinal), output.Written.ToString());
        output.Dispose();
    }

    private static string CharacterByCharacter(string text, string set)
    {
        var result = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is >= ' ' and <= '~' && !set.Contains((char)rune.Value)) { result.Append((char)rune.Value); continue; }
            foreach (var value in Encoding.UTF8.GetBytes(rune.ToString())) { result.Append('%').Append(value.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)); }
        }
        return result.ToString();
    }
}
