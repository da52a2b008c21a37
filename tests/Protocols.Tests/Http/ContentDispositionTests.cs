using Firstbyte.Http;

namespace Firstbyte.Tests.Http;

/// <summary>The name that a server gives its content (RFC 6266), and what is left of one that a hostile server gives.</summary>
public class ContentDispositionTests
{
    [Theory]
    // RFC 6266 section 5.
    [InlineData("Attachment; filename=example.html", "example.html")]
    [InlineData("INLINE; FILENAME= \"an example.html\"", "an example.html")]
    [InlineData("attachment; filename*= UTF-8''%e2%82%ac%20rates", "€ rates")]
    [InlineData("attachment; filename=\"EURO rates\"; filename*=utf-8''%e2%82%ac%20rates", "€ rates")]
    [InlineData("attachment; filename*=iso-8859-1'en'%A3%20rates", "£ rates")]
    [InlineData("attachment; filename*=koi8-r''x; filename=plain", "plain")]
    [InlineData("attachment; filename*=UTF-8''%zz; filename=plain", "plain")]
    [InlineData("filename=without-a-type", "without-a-type")]
    [InlineData("attachment; x=\"filename=no; filename=no\"; filename=yes", "yes")]
    [InlineData("attachment; filename=\"a \\\"quoted\\\" one\"", "a \"quoted\" one")]
    [InlineData("attachment; filename=first; filename=second", "first")]
    // UTF-8 without saying so.
    [InlineData("attachment; filename=\"\u00e5\u00ae\u009e\u00e9\u00aa\u008c\"", "实验")]
    public void It_is_read_as_the_field_says(string value, string name) => Assert.Equal(name, ContentDisposition.FileNameOf(value));

    [Theory]
    [InlineData("attachment; filename=\"../../etc/passwd\"", "passwd")]
    [InlineData("attachment; filename=\"..\\\\..\\\\boot.ini\"", "boot.ini")]
    [InlineData("attachment; filename=\"/etc/cron.d/x\"", "x")]
    [InlineData("attachment; filename*=UTF-8''..%2F..%2Fx", "x")]
    [InlineData("attachment; filename*=UTF-8''C%3A%5CWindows%5Cx", "x")]
    [InlineData("attachment; filename=.bashrc", "_bashrc")]
    [InlineData("attachment; filename=...x", "_x")]
    [InlineData("attachment; filename=\"a\u0007\u001b[2Jb\"", "a__[2Jb")]
    [InlineData("attachment; filename*=UTF-8''txt%E2%80%AEexe.x", "txt_exe.x")]
    [InlineData("attachment; filename*=UTF-8''a%00b%0d%0a", "a_b__")]
    [InlineData("attachment; filename=\"x:stream\"", "x_stream")]
    public void Nothing_of_it_leads_elsewhere(string value, string name) => Assert.Equal(name, ContentDisposition.FileNameOf(value));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("attachment")]
    [InlineData("attachment; filename=")]
    [InlineData("attachment; filename=\"\"")]
    [InlineData("attachment; filename=..")]
    [InlineData("attachment; filename=\"dir/\"")]
    [InlineData("attachment; filename=\" \"")]
    [InlineData("attachment; filename*=UTF-8''%2e%2e")]
    [InlineData(";;;=;\"")]
    public void Where_no_name_is_left_there_is_none(string? value) => Assert.Null(ContentDisposition.FileNameOf(value));

    [Fact]
    public void A_name_that_no_file_system_takes_is_none()
    {
        Assert.Equal(255, ContentDisposition.FileNameOf("attachment; filename=" + new string('a', 255))!.Length);
        Assert.Null(ContentDisposition.FileNameOf("attachment; filename=" + new string('a', 256)));
    }
}
