using Firstbyte.Addressing;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Tests.Telling;

public class PhraseTests
{
    [Fact]
    public void Holes_get_their_role_from_their_type_or_their_format()
    {
        var address = IpAddress.Parse("192.0.2.226");
        var (name, number, text) = ("www", 1234, "200 OK");
        Phrase phrase = $"{name:name} is at {address}, {number:#,0} bytes: {text}";
        Assert.Equal(
            [
                new PhraseSpan("www", Role.Name), new PhraseSpan(" is at ", Role.Words), new PhraseSpan("192.0.2.226", Role.Address), new PhraseSpan(", ", Role.Words),
                new PhraseSpan("1,234", Role.Number), new PhraseSpan(" bytes: ", Role.Words), new PhraseSpan("200 OK", Role.Text),
            ],
            phrase.Spans);
        Assert.Equal("www is at 192.0.2.226, 1,234 bytes: 200 OK", phrase.ToString());
    }

    /// <summary>Nobody has to remember to make text of the network safe: there is no way into a phrase without it.</summary>
    [Theory]
    [InlineData("a\x1b[31mb", @"a\x1b[31mb")]
    [InlineData("a\u202eb", @"a\u202eb")]
    [InlineData("a\u0085b", @"a\x85b")]
    [InlineData("a\r\nb", @"a\x0d\x0ab")]
    [InlineData("a\U000e0041b", @"a\U000e0041b")] // a tag character, which no terminal shows
    [InlineData("域名 bücher 😀", "域名 bücher 😀")]
    public void Every_way_into_a_phrase_makes_text_safe(string text, string safe)
    {
        Phrase hole = $"{text}", named = $"{text:name}", converted = text;
        Assert.All([hole, named, converted, Phrase.Of(text, Role.Text), Phrase.Join(", ", [text])], phrase => Assert.Equal(safe, phrase.ToString()));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_shown_as_an_escape() => Assert.Equal(@"a\ud800b", Phrase.Of("a\ud800b", Role.Text).ToString());

    [Fact]
    public void Phrases_are_joined_in_order()
    {
        Phrase left = "a", number = $"{1}";
        Assert.Equal("a1", (left + number).ToString());
        Assert.Equal("a · 1", Phrase.Join(" · ", [left, number]).ToString());
        Assert.True((Phrase.Empty + Phrase.Empty).IsEmpty);
        Assert.Equal("a", left.ToString());
    }

    [Fact]
    public void An_arm_that_is_said_keeps_the_roles_of_all_arms()
    {
        var addresses = new[] { IpAddress.Parse("192.0.2.1"), IpAddress.Parse("192.0.2.2") };
        foreach (var (address, isFirst) in addresses.Select((address, i) => (address, i == 0)))
        {
            Phrase phrase = isFirst ? Phrase.Say($"at {address}") : $"behind {address}";
            Assert.Contains(phrase.Spans, span => span.Role == Role.Address);
        }
    }
}
