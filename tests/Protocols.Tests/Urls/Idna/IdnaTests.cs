using CsCheck;
using Firstbyte.Urls;
using Firstbyte.Urls.Buffers;
using Firstbyte.Urls.Idna;

namespace Firstbyte.Tests.Urls.Idna;

public class IdnaTests
{
    [Theory]
    // RFC 3492 section 7.1, without the cases that hold upper case (which IDNA maps before).
    [InlineData("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn")]
    [InlineData("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye")]
    [InlineData("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l")]
    [InlineData("なぜみんな日本語を話してくれないのか", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa")]
    [InlineData("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b")]
    [InlineData("-> $1.00 <-", "-> $1.00 <--")]
    public void Punycode_is_that_of_rfc_3492(string text, string encoded)
    {
        Assert.Equal(encoded, Encode(text));
        Assert.Equal(text, Decode(encoded));
    }

    [Theory]
    [InlineData("é")]
    [InlineData("99999999")]
    [InlineData("a-\u00e9")]
    public void What_is_no_punycode_is_refused(string encoded) => Assert.Null(Decode(encoded));

    [Fact]
    public void Long_labels_survive_a_round_trip() => Gen.Int[0x20, 0x2FFF].Where(c => c is not '.').Array[90, 400].Sample(text =>
    {
        var encoded = new SpanBuilder<char>(stackalloc char[64]);
        Assert.True(Punycode.TryEncode(text, ref encoded));
        var codePoints = new int[encoded.Length];
        for (var i = 0; i < codePoints.Length; i++) { codePoints[i] = encoded[i]; }
        var decoded = new SpanBuilder<int>(stackalloc int[64]);
        Assert.True(Punycode.TryDecode(codePoints, ref decoded));
        Assert.Equal(text, decoded.Written.ToArray());
        encoded.Dispose();
        decoded.Dispose();
    }, iter: 300);

    [Fact]
    public void The_short_and_the_long_way_to_encode_agree() => Gen.Int[0x61, 0x400].Array[1, 60].Sample(text =>
    {
        // Ninety-six more of the smallest letter do not change how the rest is ordered, but take the way of long labels.
        var (plain, padded) = (EncodeAll(text), EncodeAll([.. Enumerable.Repeat((int)'a', 100), .. text]));
        Assert.NotEqual(plain, padded);
        Assert.Equal([.. Enumerable.Repeat((int)'a', 100), .. text], DecodeAll(padded)!);
        Assert.Equal(text, DecodeAll(plain)!);
    }, iter: 1_000);

    [Theory]
    [InlineData("a\u0301", "\u00e1")]
    [InlineData("\u1112\u1161\u11ab", "\ud55c")]
    [InlineData("\uac00\u11a8", "\uac01")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u212b", "\u00e5")]
    [InlineData("\u0958", "\u0915\u093c")]
    [InlineData("\u1e9b\u0323", "\u1e69")]
    public void Text_is_mapped_and_normalized(string text, string expected) => Assert.Equal(expected, Decode(HostParser.DomainToAscii(text)![4..]));

    [Theory]
    [InlineData("a\u200d")]
    [InlineData("\u0301a")]
    [InlineData("אa")]
    [InlineData("א.1")]
    [InlineData("\u0378")]
    [InlineData("xn--\u00fc")]
    [InlineData("ü.xn--a")]
    [InlineData("ü.xn--")]
    [InlineData("ü.xn--abc-")]
    public void A_domain_that_breaks_a_rule_is_refused(string domain) => Assert.Null(HostParser.DomainToAscii(domain));

    [Fact]
    public void The_tables_name_their_version_of_unicode() => Assert.Equal("17.0.0", IdnaTables.UnicodeVersion);

    private static string Encode(string text) => EncodeAll([.. text.EnumerateRunes().Select(rune => rune.Value)]);

    private static string EncodeAll(int[] text)
    {
        var output = new SpanBuilder<char>(stackalloc char[64]);
        Assert.True(Punycode.TryEncode(text, ref output));
        var encoded = output.Written.ToString();
        output.Dispose();
        return encoded;
    }

    private static string? Decode(string encoded) =>
        DecodeAll(encoded) is { } codePoints ? string.Concat(codePoints.Select(char.ConvertFromUtf32)) : null;

    private static int[]? DecodeAll(string encoded)
    {
        var output = new SpanBuilder<int>(stackalloc int[64]);
        var decoded = Punycode.TryDecode(encoded.Select(c => (int)c).ToArray(), ref output) ? output.Written.ToArray() : null;
        output.Dispose();
        return decoded;
    }
}
