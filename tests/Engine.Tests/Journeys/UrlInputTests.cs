using Firstbyte.Journeys;

namespace Firstbyte.Tests.Journeys;

public class UrlInputTests
{
    [Theory]
    [InlineData("www.lab.glasscom.com/dir1/file1.html", "http://www.lab.glasscom.com/dir1/file1.html")]
    [InlineData("localhost:8080", "http://localhost:8080/")]
    [InlineData("localhost:8080/x?y#z", "http://localhost:8080/x?y#z")]
    [InlineData("www.glasscom.com:80", "http://www.glasscom.com/")]
    [InlineData("user:password@www.glasscom.com", "http://user:password@www.glasscom.com/")]
    [InlineData("127.0.0.1", "http://127.0.0.1/")]
    [InlineData("[::1]:8080/", "http://[::1]:8080/")]
    public void Without_a_scheme_http_is_assumed(string input, string href)
    {
        Assert.True(UrlInput.TryRead(input, out var url, out _, out var assumed));
        Assert.True(assumed);
        Assert.Equal(href, url!.Href);
    }

    [Theory]
    [InlineData("HTTP://www.lab.glasscom.com", "http://www.lab.glasscom.com/")]
    [InlineData("ftp://user:password@ftp.glasscom.com:21/dir/file1.htm", "ftp://user:password@ftp.glasscom.com/dir/file1.htm")]
    [InlineData("file://localhost/c:/path/file1.zip", "file:///c:/path/file1.zip")]
    [InlineData("mailto:tone@glasscom.com", "mailto:tone@glasscom.com")]
    [InlineData("MailTo:tone@glasscom.com", "mailto:tone@glasscom.com")]
    [InlineData("news:comp.protocols.tcp-ip", "news:comp.protocols.tcp-ip")]
    public void The_chapters_urls_keep_their_schemes(string input, string href)
    {
        Assert.True(UrlInput.TryRead(input, out var url, out _, out var assumed));
        Assert.False(assumed);
        Assert.Equal(href, url!.Href);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://")]
    [InlineData("http://a b/")]
    [InlineData("www.glasscom.com:99999")]
    public void What_is_no_url_has_a_reason_and_a_place(string input)
    {
        Assert.False(UrlInput.TryRead(input, out _, out var error, out _));
        Assert.NotNull(error);
    }
}
