using Firstbyte.Http.Cookies;
using Firstbyte.Tracing;
using Firstbyte.Urls;

namespace Firstbyte.Tests.Http.Cookies;

public class CookieJarTests
{
    private static readonly Instant s_now = Instant.SimulationEpoch;
    private readonly CookieJar _jar = new();

    private CookieRefusal Take(string url, string field) => _jar.Take(field, Url.Parse(url), s_now).Refusal;

    private string? Sent(string url, bool isCrossSite = false, string method = "GET", int daysLater = 0) =>
        CookieJar.Field(_jar.Choose(Url.Parse(url), s_now + TimeSpan.FromDays(daysLater), isCrossSite, method));

    /// <summary>RFC 6265 3.1, one after the other.</summary>
    [Fact]
    public void The_examples_of_the_specification()
    {
        Assert.Equal(CookieRefusal.None, Take("https://www.example.com/", "SID=31d4d96e407aad42"));
        Assert.Equal("SID=31d4d96e407aad42", Sent("https://www.example.com/"));
        Assert.Null(Sent("https://example.com/"));
        Take("https://www.example.com/", "SID=31d4d96e407aad42; Path=/; Domain=example.com");
        Assert.Equal("SID=31d4d96e407aad42", Sent("https://example.com/"));
        _jar.EndSession();
        Take("https://www.example.com/", "SID=31d4d96e407aad42; Path=/; Secure; HttpOnly");
        Take("https://www.example.com/", "lang=en-US; Path=/; Domain=example.com");
        Assert.Equal("SID=31d4d96e407aad42; lang=en-US", Sent("https://www.example.com/"));
        Assert.Equal("lang=en-US", Sent("http://www.example.com/"));
        Take("https://www.example.com/", "lang=en-US; Expires=Wed, 09 Jun 2026 10:18:14 GMT; Domain=example.com; Path=/");
        Assert.Equal("SID=31d4d96e407aad42; lang=en-US", Sent("https://www.example.com/", daysLater: 100));
        Assert.True(_jar.Take("lang=; Expires=Sun, 06 Nov 1994 08:49:37 GMT; Domain=example.com; Path=/", Url.Parse("https://www.example.com/"), s_now).Removed);
        Assert.Equal("SID=31d4d96e407aad42", Sent("https://www.example.com/"));
    }

    [Theory]
    [InlineData("https://a.example.com/", "x=y; Domain=com", CookieRefusal.PublicSuffix)]
    [InlineData("https://a.example.co.uk/", "x=y; Domain=co.uk", CookieRefusal.PublicSuffix)]
    [InlineData("https://a.example.co.uk/", "x=y; Domain=example.co.uk", CookieRefusal.None)]
    [InlineData("https://me.github.io/", "x=y; Domain=github.io", CookieRefusal.PublicSuffix)]
    [InlineData("https://github.io/", "x=y; Domain=github.io", CookieRefusal.None)]
    [InlineData("https://a.b.ck/", "x=y; Domain=b.ck", CookieRefusal.PublicSuffix)]
    [InlineData("https://a.www.ck/", "x=y; Domain=www.ck", CookieRefusal.None)]
    [InlineData("https://a.xn--85x722f.com.cn/", "x=y; Domain=xn--85x722f.com.cn", CookieRefusal.None)]
    [InlineData("https://a.xn--55qx5d.cn/", "x=y; Domain=xn--55qx5d.cn", CookieRefusal.PublicSuffix)]
    [InlineData("https://www.example.com/", "x=y; Domain=example.org", CookieRefusal.ForeignDomain)]
    [InlineData("https://www.example.com/", "x=y; Domain=a.www.example.com", CookieRefusal.ForeignDomain)]
    [InlineData("http://10.1.2.3/", "x=y; Domain=1.2.3", CookieRefusal.ForeignDomain)]
    [InlineData("http://10.1.2.3/", "x=y; Domain=10.1.2.3", CookieRefusal.None)]
    [InlineData("http://www.example.com/", "x=y; Secure", CookieRefusal.SecureFromInsecure)]
    [InlineData("https://www.example.com/", "x=y; SameSite=None", CookieRefusal.NoneWithoutSecure)]
    [InlineData("https://www.example.com/", "x=y; SameSite=None; Secure", CookieRefusal.None)]
    [InlineData("https://www.example.com/", "__Secure-x=y", CookieRefusal.SecurePrefix)]
    [InlineData("https://www.example.com/", "__secure-x=y; Secure", CookieRefusal.None)]
    [InlineData("https://www.example.com/", "=__Secure-x; Secure", CookieRefusal.SecurePrefix)]
    [InlineData("https://www.example.com/", "__Host-x=y; Secure; Path=/", CookieRefusal.None)]
    [InlineData("https://www.example.com/", "__Host-x=y; Secure", CookieRefusal.HostPrefix)]
    [InlineData("https://www.example.com/", "__HOST-x=y; Secure; Path=/; Domain=www.example.com", CookieRefusal.HostPrefix)]
    [InlineData("https://www.example.com/", "__Host-x=y; Path=/", CookieRefusal.HostPrefix)]
    [InlineData("https://www.example.com/", "x=a\u0001b", CookieRefusal.ControlCharacter)]
    [InlineData("https://www.example.com/", " = ; Path=/", CookieRefusal.Empty)]
    public void What_is_kept_and_what_is_refused(string url, string field, CookieRefusal refusal)
    {
        Assert.Equal(refusal, Take(url, field));
        Assert.Equal(refusal == CookieRefusal.None ? 1 : 0, _jar.Cookies.Count);
    }

    [Fact]
    public void Names_and_values_have_a_limit_together()
    {
        Assert.Equal(CookieRefusal.None, Take("http://a.test/", "n=" + new string('x', 4095)));
        Assert.Equal(CookieRefusal.TooLong, Take("http://a.test/", "n=" + new string('x', 4096)));
        Assert.Equal(CookieRefusal.TooLong, Take("http://a.test/", "n=" + new string('é', 2048)));
    }

    [Fact]
    public void A_secure_cookie_is_left_alone_by_connections_that_are_not()
    {
        Take("https://www.example.com/a/", "x=1; Secure; Path=/a");
        Assert.Equal(CookieRefusal.HidesSecure, Take("http://www.example.com/", "x=2; Domain=example.com; Path=/a/b"));
        Assert.Equal(CookieRefusal.None, Take("http://www.example.com/", "x=2; Path=/"));
        Assert.Equal(CookieRefusal.None, Take("https://www.example.com/", "x=3; Path=/a"));
    }

    [Theory]
    [InlineData("Strict", false, "GET", true)]
    [InlineData("Strict", true, "GET", false)]
    [InlineData("Lax", true, "GET", true)]
    [InlineData("Lax", true, "POST", false)]
    [InlineData("Other", true, "POST", false)]
    [InlineData("None", true, "POST", true)]
    public void A_cookie_goes_along_from_other_sites_as_it_says(string sameSite, bool isCrossSite, string method, bool isSent)
    {
        Take("https://www.example.com/", $"x=y; Secure; SameSite={sameSite}");
        Assert.Equal(isSent ? "x=y" : null, Sent("https://www.example.com/", isCrossSite, method));
    }

    [Theory]
    [InlineData("Max-Age=-1", null, 0)]
    [InlineData("Max-Age=0", null, 0)]
    [InlineData("Max-Age=86401", "x=y", 1)]
    [InlineData("Max-Age=99999999999999999999", "x=y", 399)]
    [InlineData("Max-Age=99999999999999999999", null, 400)]
    [InlineData("Expires=Fri, 31 Dec 9999 23:59:59 GMT", null, 400)]
    [InlineData("Max-Age=1d; Expires=Fri, 02-Jan-26 00:00:01 GMT", "x=y", 1)]
    [InlineData("Max-Age=1000; Expires=Fri, 02-Jan-27 00:00:01 GMT", null, 1)]
    [InlineData("Expires=32 Jan 2027 10:00:00", "x=y", 1000)]
    [InlineData("Expires=10:00:00 Jan 2027 1", "x=y", 360)]
    public void A_cookie_lives_as_long_as_it_says_and_no_longer_than_400_days(string attribute, string? sent, int daysLater)
    {
        Take("https://www.example.com/", "x=y; " + attribute);
        Assert.Equal(sent, Sent("https://www.example.com/", daysLater: daysLater));
    }

    [Fact]
    public void Too_many_cookies_of_one_domain_push_out_its_oldest()
    {
        Take("http://b.test/", "kept=1");
        for (var i = 0; i < CookieLimits.PerDomain + 10; i++) { Take("http://a.test/", $"n{i}=x"); }
        Assert.Equal(CookieLimits.PerDomain + 1, _jar.Cookies.Count);
        Assert.DoesNotContain(_jar.Cookies, cookie => cookie.Name == "n9");
        Assert.Contains(_jar.Cookies, cookie => cookie.Name == "n10");
        Assert.Equal("kept=1", Sent("http://b.test/"));
    }

    [Fact]
    public void What_is_left_out_is_known_with_its_reason()
    {
        Take("https://www.example.com/", "path=1; Path=/other");
        Take("https://www.example.com/", "secure=1; Secure");
        var choices = _jar.Choose(Url.Parse("http://www.example.com/"), s_now, false, "GET");
        Assert.Equal(
            [("path", CookieWithheld.OtherPath), ("secure", CookieWithheld.NeedsSecure)],
            choices.Select(choice => (choice.Cookie.Name, choice.Withheld)).Order());
    }

    [Fact]
    public void A_jar_goes_through_a_file_of_netscapes_and_back()
    {
        Take("https://www.example.com/a/b", "sid=1; Secure; HttpOnly; Domain=example.com; Path=/");
        Take("https://www.example.com/a/b", "lang=en; Max-Age=1000");
        Take("https://www.example.com/a/b", "only a value; Max-Age=1000");
        var text = NetscapeCookieFile.Write(_jar);
        Assert.Equal("""
            # Netscape HTTP Cookie File
            # Written by firstbyte; a line a cookie.

            #HttpOnly_.example.com	TRUE	/	TRUE	0	sid	1
            www.example.com	FALSE	/a	FALSE	1767226600	lang	en
            www.example.com	FALSE	/a	FALSE	1767226600		only a value

            """.ReplaceLineEndings("\n"), text);
        var read = new CookieJar();
        Assert.Empty(NetscapeCookieFile.Read(text, read, s_now));
        Assert.Equal(text, NetscapeCookieFile.Write(read));
    }

    [Theory]
    [InlineData("one two three")]
    [InlineData("a.test\tTRUE\t/\tFALSE\tnever\tn\tv")]
    [InlineData("a.test\tYES\t/\tFALSE\t0\tn\tv")]
    [InlineData("a.test\tTRUE\tpath\tFALSE\t0\tn\tv")]
    [InlineData("\tTRUE\t/\tFALSE\t0\tn\tv")]
    [InlineData("a.test\tTRUE\t/\tFALSE\t0\tn\tv\tmore")]
    [InlineData("a.test\tTRUE\t/\tFALSE\t0\tn\ta\u0001b")]
    public void Lines_that_are_no_cookies_are_passed_over_and_counted(string line)
    {
        Assert.Equal([2], NetscapeCookieFile.Read($"# a comment\n{line}\n\na.test\tFALSE\t/\tFALSE\t0\tgood\tx\r\n", _jar, s_now));
        Assert.Equal("good", Assert.Single(_jar.Cookies).Name);
    }

    [Theory]
    [InlineData("www.example.com", "com", "example.com")]
    [InlineData("a.b.example.co.uk", "co.uk", "example.co.uk")]
    [InlineData("localhost", "localhost", "localhost")]
    [InlineData("a.unlisted", "unlisted", "a.unlisted")]
    [InlineData("city.kawasaki.jp", "kawasaki.jp", "city.kawasaki.jp")]
    [InlineData("a.b.kawasaki.jp", "b.kawasaki.jp", "a.b.kawasaki.jp")]
    public void Names_have_their_public_suffix_and_their_site(string host, string suffix, string site)
    {
        Assert.Equal(suffix, PublicSuffixes.Of(host));
        Assert.Equal(site, PublicSuffixes.SiteOf(host));
    }
}
