using Firstbyte.Urls;
using Firstbyte.Urls.Patterns;

namespace Firstbyte.Tests.Urls.Patterns;

/// <summary>What is no pattern, why, and where.</summary>
public class UrlPatternErrorTests
{
    [Theory]
    [InlineData("", UrlPatternFault.BaseUrlMissing, null, 0)]
    [InlineData("/foo", UrlPatternFault.BaseUrlMissing, null, 0)]
    [InlineData("example.com/foo", UrlPatternFault.BaseUrlMissing, null, 0)]
    [InlineData("data:foobar", UrlPatternFault.BaseUrlMissing, null, 0)]
    [InlineData("https://example.com/\\", UrlPatternFault.EscapeUnfinished, UrlPart.Path, 20)]
    [InlineData("https://example.com/a/: ", UrlPatternFault.NameMissing, UrlPart.Path, 22)]
    [InlineData("https://example.com/:a/:a", UrlPatternFault.NameDuplicate, UrlPart.Path, 23)]
    [InlineData("https://example.com/a{b", UrlPatternFault.GroupUnclosed, UrlPart.Path, 23)]
    [InlineData("https://example.com/a}b", UrlPatternFault.TokenUnexpected, UrlPart.Path, 21)]
    [InlineData("https://example.com/a{b{c}}", UrlPatternFault.TokenUnexpected, UrlPart.Path, 23)]
    [InlineData("https://example.com/a{:b:c}", UrlPatternFault.TokenUnexpected, UrlPart.Path, 24)]
    [InlineData("https://example.com/a+", UrlPatternFault.TokenUnexpected, UrlPart.Path, 21)]
    [InlineData("https://example.com/:a**?+", UrlPatternFault.TokenUnexpected, UrlPart.Path, 25)]
    [InlineData("https://example.com/(a", UrlPatternFault.RegExpUnclosed, UrlPart.Path, 20)]
    [InlineData("https://example.com/(a\\", UrlPatternFault.RegExpUnclosed, UrlPart.Path, 20)]
    [InlineData("https://example.com/(a(", UrlPatternFault.RegExpUnclosed, UrlPart.Path, 22)]
    [InlineData("https://example.com/()", UrlPatternFault.RegExpEmpty, UrlPart.Path, 21)]
    [InlineData("https://example.com/(?:a)", UrlPatternFault.RegExpUnclosed, UrlPart.Path, 20)]
    [InlineData("https://example.com/(a(b))", UrlPatternFault.RegExpCaptures, UrlPart.Path, 22)]
    [InlineData("https://example.com/(café)", UrlPatternFault.RegExpNotAscii, UrlPart.Path, 24)]
    [InlineData("https://example.com/(a\\é)", UrlPatternFault.RegExpNotAscii, UrlPart.Path, 23)]
    [InlineData("https://example.com/(\\m)", UrlPatternFault.RegExpInvalid, UrlPart.Path, 22)]
    [InlineData("https://example.com/(a**)", UrlPatternFault.RegExpInvalid, UrlPart.Path, 23)]
    [InlineData("https://example.com/(*)", UrlPatternFault.RegExpInvalid, UrlPart.Path, 21)]
    [InlineData("https://example.com/(a{2,1})", UrlPatternFault.RegExpInvalid, UrlPart.Path, 27)]
    [InlineData("https://example.com/(a{)", UrlPatternFault.RegExpInvalid, UrlPart.Path, 23)]
    [InlineData("https://example.com/(a])", UrlPatternFault.RegExpInvalid, UrlPart.Path, 22)]
    [InlineData("https://example.com/([a)", UrlPatternFault.RegExpInvalid, UrlPart.Path, 23)]
    [InlineData("https://example.com/([z-a])", UrlPatternFault.RegExpInvalid, UrlPart.Path, 25)]
    [InlineData("https://example.com/([a-\\d])", UrlPatternFault.RegExpInvalid, UrlPart.Path, 26)]
    [InlineData("https://example.com/([a--])", UrlPatternFault.RegExpInvalid, UrlPart.Path, 25)]
    [InlineData("https://example.com/([a&&b--c])", UrlPatternFault.RegExpInvalid, UrlPart.Path, 26)]
    [InlineData("https://example.com/([!!])", UrlPatternFault.RegExpInvalid, UrlPart.Path, 22)]
    [InlineData("https://example.com/(\\2)", UrlPatternFault.RegExpInvalid, UrlPart.Path, 21)]
    [InlineData("https://example.com/(\\k<a>)", UrlPatternFault.RegExpInvalid, UrlPart.Path, 21)]
    [InlineData("https://example.com/(\\u{110000})", UrlPatternFault.RegExpInvalid, UrlPart.Path, 30)]
    [InlineData("https://example.com/(x(?<a>b)(?<a>c))", UrlPatternFault.RegExpInvalid, UrlPart.Path, 34)]
    [InlineData("https://example.com/(x(?=a)*)", UrlPatternFault.RegExpInvalid, UrlPart.Path, 27)]
    [InlineData("https://example.com/(x(?a))", UrlPatternFault.RegExpInvalid, UrlPart.Path, 24)]
    [InlineData("https://example.com/(\\p{Greek})", UrlPatternFault.RegExpUnsupported, UrlPart.Path, 23)]
    [InlineData("https://example.com/([\\q{ab}])", UrlPatternFault.RegExpUnsupported, UrlPart.Path, 23)]
    [InlineData("https://example.com/(a{100000})", UrlPatternFault.RegExpTooLarge, UrlPart.Path, 30)]
    [InlineData("https://example.com/(x(?:(?:a{100}){100}){100})", UrlPatternFault.RegExpTooLarge, UrlPart.Path, 40)]
    [InlineData("https://exa mple.com/", UrlPatternFault.HostnameInvalid, UrlPart.Host, 8)]
    [InlineData("https://*.exa<mple.com/", UrlPatternFault.HostnameInvalid, UrlPart.Host, 9)]
    [InlineData("https://[\\:\\:x]/", UrlPatternFault.HostnameInvalid, UrlPart.Host, 8)]
    [InlineData("https://example.com/(a)b/../..", UrlPatternFault.PathnameInvalid, UrlPart.Path, 23)]
    [InlineData("https://example.com:{x}?/", UrlPatternFault.PortInvalid, UrlPart.Port, 20)]
    [InlineData("https://example.com:{65536}/", UrlPatternFault.PortInvalid, UrlPart.Port, 20)]
    [InlineData("h@ttp\\:x", UrlPatternFault.ProtocolInvalid, UrlPart.Scheme, 0)]
    [InlineData("(x\\:y", UrlPatternFault.RegExpUnclosed, UrlPart.Scheme, 0)]
    public void A_fault_carries_its_reason_and_its_place(string pattern, UrlPatternFault reason, UrlPart? part, int position)
    {
        var parsed = UrlPattern.TryParse(pattern, null, UrlPatternOptions.None, out var result, out var error);
        Assert.False(parsed);
        Assert.Null(result);
        Assert.Equal(new UrlPatternError(pattern, reason, part, position), error);
        Assert.Equal(error, Assert.Throws<UrlPatternFormatException>(() => UrlPattern.Parse(pattern)).Error);
    }
}
