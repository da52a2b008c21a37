using Firstbyte.Mail;

namespace Firstbyte.Tests.Mail;

/// <summary>Names and passwords in the form in which both sides hash them.</summary>
public sealed class OpaqueStringTests
{
    [Theory]
    // RFC 8265 4.3, table 4.
    [InlineData("correct horse battery staple", "correct horse battery staple")]
    [InlineData("Correct Horse Battery Staple", "Correct Horse Battery Staple")]
    [InlineData("πßå", "πßå")]
    [InlineData("Jack of ♦s", "Jack of ♦s")]
    [InlineData("foo\u1680bar", "foo bar")]
    // One accented letter, and a letter with an accent.
    [InlineData("A\u030A", "\u00C5")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("e\u0301t\u00E9", "\u00E9t\u00E9")]
    [InlineData("\u1112\u1161", "\u1112\u1161")]
    // NFKC would take them apart.
    [InlineData("\uFB01", "\uFB01")]
    [InlineData("\u2168", "\u2168")]
    [InlineData("a\u00A0b\u3000c", "a b c")]
    // What may not be prepared stays: controls, what is not seen, private use, a lone surrogate.
    [InlineData("\u00E9\u0007 e\u0301", "\u00E9\u0007 e\u0301")]
    [InlineData("I\u00ADX e\u0301", "I\u00ADX e\u0301")]
    [InlineData("\uE000e\u0301", "\uE000e\u0301")]
    [InlineData("", "")]
    public void Text_is_prepared(string text, string prepared) => Assert.Equal(prepared, OpaqueString.Prepare(text));

    [Fact]
    public void A_lone_surrogate_stays() => Assert.Equal("\uD800e\u0301", OpaqueString.Prepare("\uD800e\u0301"));

    [Fact]
    public void Scram_hashes_a_password_as_it_is_prepared()
    {
        static string? Proof(string password)
        {
            var client = new ScramClient("u\u0308ser", password, "nonce");
            Assert.Equal("n,,n=\u00FCser,r=nonce", client.First);
            return client.Answer("r=nonceserver,s=c2FsdA==,i=4096");
        }
        Assert.NotNull(Proof("pa\u00DF\u00E9"));
        Assert.Equal(Proof("pa\u00DF\u00E9"), Proof("pa\u00DFe\u0301"));
        Assert.NotEqual(Proof("pa\u00DF\u00E9"), Proof("pa\u00DFe"));
    }
}
