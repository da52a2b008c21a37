using System.Text;
using System.Text.Json;
using Firstbyte.Urls;

namespace Firstbyte.Tests.Urls;

public class UrlTests
{
    [Theory]
    [InlineData("http://www.lab.glasscom.com/dir1/file1.html", "http://www.lab.glasscom.com/dir1/file1.html")]
    [InlineData("HTTP://User:Pa%20ss@EXAMPLE.com:080/a/./b/../c?q#f", "http://User:Pa%20ss@example.com/a/c?q#f")]
    [InlineData("https://example.com", "https://example.com/")]
    [InlineData("https://example.com?a b", "https://example.com/?a%20b")]
    [InlineData("https:\\\\example.com\\a\\..\\b", "https://example.com/b")]
    [InlineData("https:example.com", "https://example.com/")]
    [InlineData("  https://exam\tple.com/\n", "https://example.com/")]
    [InlineData("https://0x7f.1/", "https://127.0.0.1/")]
    [InlineData("https://017700000001/", "https://127.0.0.1/")]
    [InlineData("https://[2001:DB8:0:0:1:0:0:1]:443/", "https://[2001:db8::1:0:0:1]/")]
    [InlineData("https://[::ffff:192.0.2.1]/", "https://[::ffff:c000:201]/")]
    [InlineData("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC")]
    [InlineData("https://faß.example/", "https://xn--fa-hia.example/")]
    [InlineData("https://b%C3%BCcher.example/", "https://xn--bcher-kva.example/")]
    [InlineData("file:///C|/a/../..", "file:///C:/")]
    [InlineData("file://localhost/etc", "file:///etc")]
    [InlineData("mailto:someone@example.com", "mailto:someone@example.com")]
    [InlineData("news:comp.protocols.dns.bind", "news:comp.protocols.dns.bind")]
    [InlineData("data:text/plain,a  ?b", "data:text/plain,a %20?b")]
    [InlineData("web+demo:/.//not-a-host", "web+demo:/.//not-a-host")]
    [InlineData("git://EXAMPLE/é", "git://EXAMPLE/%C3%A9")]
    [InlineData("https://user@@example.com/", "https://user%40@example.com/")]
    [InlineData("https://:@example.com/", "https://example.com/")]
    [InlineData("https://:secret@example.com/", "https://:secret@example.com/")]
    [InlineData("https://example.com/%2e%2E/a^b", "https://example.com/a%5Eb")]
    public void Absolute_urls_are_normalized(string input, string href)
    {
        var url = Url.Parse(input);
        Assert.Equal(href, url.Href);
        Assert.Equal(url, Url.Parse(Encoding.UTF8.GetBytes(input)));
        Assert.True(Url.CanParse(input));
    }

    [Theory]
    [InlineData("g", "http://a/b/c/g")]
    [InlineData("./g/", "http://a/b/c/g/")]
    [InlineData("/g", "http://a/g")]
    [InlineData("//g", "http://g/")]
    [InlineData("?y", "http://a/b/c/d;p?y")]
    [InlineData("#s", "http://a/b/c/d;p?q#s")]
    [InlineData("", "http://a/b/c/d;p?q")]
    [InlineData("../../../g", "http://a/g")]
    [InlineData("http:g", "http://a/b/c/g")]
    [InlineData("ftp:g", "ftp://g/")]
    public void Relative_urls_are_resolved_as_rfc_3986_section_5_4_has_them(string input, string href) =>
        Assert.Equal(href, Url.Parse(input, Url.Parse("http://a/b/c/d;p?q")).Href);

    [Theory]
    [InlineData("", UrlValidationError.MissingSchemeNonRelativeUrl, 0)]
    [InlineData("/a", UrlValidationError.MissingSchemeNonRelativeUrl, 0)]
    [InlineData("https://", UrlValidationError.HostMissing, 8)]
    [InlineData("https://user@/", UrlValidationError.HostMissing, 13)]
    [InlineData("https://exa mple.com/", UrlValidationError.DomainInvalidCodePoint, 11)]
    [InlineData("http://%41^/", UrlValidationError.DomainInvalidCodePoint, 10)]
    [InlineData("http://%C3%A9%5E/", UrlValidationError.DomainInvalidCodePoint, 13)]
    [InlineData(" \thttps://ex\ta[mple.com/", UrlValidationError.DomainInvalidCodePoint, 14)]
    [InlineData("git://exa^mple/", UrlValidationError.HostInvalidCodePoint, 9)]
    [InlineData("https://example.com:65536/", UrlValidationError.PortOutOfRange, 20)]
    [InlineData("https://example.com:8o/", UrlValidationError.PortInvalid, 21)]
    [InlineData("https://1.2.3.4.5/", UrlValidationError.Ipv4TooManyParts, 16)]
    [InlineData("https://a.2.3.4/", UrlValidationError.Ipv4NonNumericPart, 8)]
    [InlineData("https://256.2.3.4/", UrlValidationError.Ipv4OutOfRangePart, 12)]
    [InlineData("https://[::1", UrlValidationError.Ipv6Unclosed, 12)]
    [InlineData("https://[:1]/", UrlValidationError.Ipv6InvalidCompression, 9)]
    [InlineData("https://[1:2:3:4:5:6:7:8:9]/", UrlValidationError.Ipv6TooManyPieces, 25)]
    [InlineData("https://[1::2::3]/", UrlValidationError.Ipv6MultipleCompression, 14)]
    [InlineData("https://[1:g]/", UrlValidationError.Ipv6InvalidCodePoint, 11)]
    [InlineData("https://[1:2]/", UrlValidationError.Ipv6TooFewPieces, 12)]
    [InlineData("https://[1:2:3:4:5:6:7:1.2.3.4]/", UrlValidationError.Ipv4InIpv6TooManyPieces, 24)]
    [InlineData("https://[::1.02.3.4]/", UrlValidationError.Ipv4InIpv6InvalidCodePoint, 14)]
    [InlineData("https://[::1.256.3.4]/", UrlValidationError.Ipv4InIpv6OutOfRangePart, 15)]
    [InlineData("https://[::1.2.3]/", UrlValidationError.Ipv4InIpv6TooFewParts, 16)]
    [InlineData("https://\u00AD/", UrlValidationError.DomainToAscii, 8)]
    public void A_failure_carries_its_reason_and_its_place(string input, UrlValidationError reason, int position)
    {
        Assert.False(Url.TryParse(input, null, out var url, out var error));
        Assert.Null(url);
        Assert.Equal(new UrlError(input, reason, position), error);
        Assert.False(Url.CanParse(input));
        Assert.True(reason.IsFatal());
        Assert.Equal(error, Assert.Throws<UrlFormatException>(() => Url.Parse(input)).Error);
    }

    // Not a theory's case: an attribute cannot hold lone surrogates.
    [Fact]
    public void A_dropped_tab_makes_no_surrogate_pair() =>
        Assert.Equal("https://example.com/%EF%BF%BD%EF%BF%BD%F0%9F%98%80", Url.Parse("https://example.com/\ud83d\t\ude00\ud83d\ude00").Href);

    [Fact]
    public void The_position_in_utf8_input_counts_bytes()
    {
        Assert.False(Url.TryParse("https://é.example:x/"u8, null, out _, out var error));
        Assert.Equal((UrlValidationError.PortInvalid, 19), (error.Reason, error.Position));
    }

    [Fact]
    public void The_parts_are_what_the_standard_names()
    {
        var url = Url.Parse("https://user:pass@sub.example.com:8080/p/a/t/h?query=string#hash");
        Assert.Equal("https:", url.Protocol);
        Assert.Equal("https", url.Scheme);
        Assert.Equal("user", url.Username);
        Assert.Equal("pass", url.Password);
        Assert.Equal("sub.example.com:8080", url.Host);
        Assert.Equal("sub.example.com", url.Hostname);
        Assert.Equal("8080", url.Port);
        Assert.Equal(8080, url.PortNumber);
        Assert.Equal("/p/a/t/h", url.Pathname);
        Assert.Equal("?query=string", url.Search);
        Assert.Equal("#hash", url.Hash);
        Assert.Equal("https://sub.example.com:8080", url.Origin);
        Assert.Equal("/p/a/t/h?query=string", url.PathAndQuerySpan);
        Assert.Equal(443, Url.Parse("https://example.com:443/").EffectivePort);
        Assert.Equal(UrlHostKind.Ipv4, Url.Parse("ftp://192.0.2.1/").HostKind);
        Assert.Equal("bücher.example", Url.Parse("https://bücher.example/").UnicodeHostname);
    }

    [Fact]
    public void A_normal_input_is_its_own_buffer()
    {
        var input = "https://example.com/a?b#c".ToString();
        Assert.Same(input, Url.Parse(input).Href);
    }

    [Fact]
    public void A_url_is_a_json_string()
    {
        var urls = JsonSerializer.Deserialize<Url?[]>("""["https://EXAMPLE.com",null]""")!;
        Assert.Equal("https://example.com/", urls[0]!.Href);
        Assert.Equal("""["https://example.com/",null]""", JsonSerializer.Serialize(urls));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Url>("\"nothing\""));
    }

    [Fact]
    public void Urls_are_equal_when_they_serialize_alike()
    {
        Assert.Equal(Url.Parse("HTTPS://example.com:443/#a"), Url.Parse("https://EXAMPLE.com/#a"));
        Assert.True(Url.Parse("https://example.com/#a") != Url.Parse("https://example.com/#b"));
        Assert.True(Url.Parse("https://example.com/#a").Equals(Url.Parse("https://example.com/#b"), excludeFragments: true));
    }

    [Theory]
    [InlineData("file://server-7/home/x", "file://server-7/home/x", "server-7")]
    [InlineData("file://localhost/home/x", "file:///home/x", "")]
    [InlineData("file://LOCALHOST/home/x", "file:///home/x", "")]
    [InlineData("file://local.host/c|/x", "file://local.host/c:/x", "local.host")]
    [InlineData("file://server/a/../b", "file://server/b", "server")]
    [InlineData("file://1.2/x", "file://1.0.0.2/x", "1.0.0.2")]
    [InlineData("file://c|/x", "file:///c:/x", "")]
    [InlineData("file://server", "file://server/", "server")]
    public void A_file_url_may_name_a_host(string input, string href, string host)
    {
        var url = Url.Parse(input);
        Assert.Equal((href, host), (url.Href, url.Hostname));
        Assert.Equal(Url.ParseFully(input, null, null, default)!.Offsets, url.Offsets);
    }
}
