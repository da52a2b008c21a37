using System.Text;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Http.Caching;
using Firstbyte.Http.Cookies;
using Firstbyte.Tracing;
using Firstbyte.Urls;

namespace Firstbyte.Tests.Http;

/// <summary>The specifications' own examples, as they stand there; those of one parser alone are with that parser's tests.</summary>
public sealed class SpecificationExampleTests
{
    private static readonly Instant s_now = Instant.FromDateTimeOffset(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>RFC 6265bis 4.1.3.1 and 4.1.3.2: which cookies a user agent rejects and which it takes when they come from a secure origin.</summary>
    [Theory]
    [InlineData("https://site.example/", "__Secure-SID=12345; Domain=site.example", CookieRefusal.SecurePrefix)]
    [InlineData("https://site.example/", "__Secure-SID=12345; Domain=site.example; Secure", CookieRefusal.None)]
    [InlineData("https://site.example/", "__Host-SID=12345", CookieRefusal.HostPrefix)]
    [InlineData("https://site.example/", "__Host-SID=12345; Secure", CookieRefusal.HostPrefix)]
    [InlineData("https://site.example/", "__Host-SID=12345; Domain=site.example", CookieRefusal.HostPrefix)]
    [InlineData("https://site.example/", "__Host-SID=12345; Domain=site.example; Path=/", CookieRefusal.HostPrefix)]
    [InlineData("https://site.example/", "__Host-SID=12345; Secure; Domain=site.example; Path=/", CookieRefusal.HostPrefix)]
    [InlineData("https://site.example/", "__Host-SID=12345; Secure; Path=/", CookieRefusal.None)]
    [InlineData("http://site.example/", "__Host-SID=12345; Secure; Path=/", CookieRefusal.SecureFromInsecure)]
    public void Prefixes_of_cookies(string url, string field, CookieRefusal refusal) =>
        Assert.Equal(refusal, new CookieJar().Take(field, Url.Parse(url), s_now).Refusal);

    /// <summary>RFC 5861 section 4: fresh for 600 seconds, usable instead of an error for 1,200 more, and never after that.</summary>
    [Theory]
    [InlineData(599, CacheUse.Fresh, true)]
    [InlineData(900, CacheUse.Validate, true)]
    [InlineData(1800, CacheUse.Validate, true)]
    [InlineData(1801, CacheUse.Validate, false)]
    public void A_stale_response_instead_of_an_error(int age, CacheUse use, bool standsIn)
    {
        var kept = Kept("Cache-Control: max-age=600, stale-if-error=1200", "Content-Type: text/plain");
        var now = s_now + TimeSpan.FromSeconds(age);
        Assert.Equal(use, CacheReuse.Decide(kept, Get(), now).Use);
        Assert.Equal(standsIn, use == CacheUse.Fresh || CacheReuse.MayStandIn(kept, Get(), now));
        Assert.Equal(age, CacheFreshness.AgeOf(kept, now).TotalSeconds);
    }

    /// <summary>RFC 5861 section 3: a cache that does not serve while it asks (which it may) takes the response as fresh for its 600 seconds.</summary>
    [Theory]
    [InlineData(599, CacheUse.Fresh)]
    [InlineData(600, CacheUse.Validate)]
    public void A_stale_response_while_one_asks(int age, CacheUse use) =>
        Assert.Equal(use, CacheReuse.Decide(Kept("Cache-Control: max-age=600, stale-while-revalidate=30"), Get(), s_now + TimeSpan.FromSeconds(age)).Use);

    /// <summary>RFC 8246 section 2.</summary>
    [Fact]
    public void A_response_that_never_changes_is_not_asked_about_when_a_page_is_loaded_anew()
    {
        var kept = Kept("Cache-Control: max-age=31536000, immutable");
        Assert.Equal(CacheUse.Fresh, CacheReuse.Decide(kept, Get("Cache-Control: max-age=0"), s_now + TimeSpan.FromDays(300)).Use);
        Assert.Equal(CacheUse.Validate, CacheReuse.Decide(kept, Get("Cache-Control: max-age=0"), s_now + TimeSpan.FromDays(365)).Use);
    }

    /// <summary>RFC 9111 5.2.1.2 and 5.2.1.3, 5.2.3, 5.3 and 5.4.</summary>
    [Fact]
    public void Directives_of_requests_and_responses()
    {
        var asked = CacheControl.OfRequest([new HttpField("Cache-Control", "max-stale=10")]);
        Assert.Equal(10, asked.MaxStale);
        Assert.Equal(20, CacheControl.OfRequest([new HttpField("Cache-Control", "min-fresh=20")]).MinFresh);
        // Who does not know "community" obeys "private".
        var extended = CacheControl.Read("private, community=\"UCI\"");
        Assert.True(extended is { Private: true, NoStore: false, NoCache: false, MaxAge: null });
        // A day that is over is a response that is stale.
        Assert.Equal(TimeSpan.Zero, CacheFreshness.Of(Kept("Expires: Thu, 01 Dec 1994 16:00:00 GMT", "Date: Thu, 01 Jan 2026 12:00:00 GMT")).Lifetime);
        Assert.True(CacheControl.OfRequest([new HttpField("Pragma", "no-cache")]).NoCache);
    }

    /// <summary>RFC 9111 4.1: a stored response with Vary answers who asked alike, however the fields were written.</summary>
    [Fact]
    public void Fields_that_were_named_by_vary()
    {
        var cache = new ResponseCache();
        cache.Keep(Get("Accept-Encoding: gzip", "Accept-Language: en"), 200, "OK", Fields("Cache-Control: max-age=60", "Vary: accept-encoding, accept-language"), "x"u8.ToArray(), s_now, s_now);
        Assert.NotNull(cache.Look(Get("accept-language:  en", "ACCEPT-ENCODING: gzip "), s_now));
        Assert.Null(cache.Look(Get("Accept-Encoding: gzip", "Accept-Language: de"), s_now));
        Assert.Null(cache.Look(Get("Accept-Encoding: gzip"), s_now));
    }

    /// <summary>RFC 7616 3.9.1, both challenges as the server sends them: the first that is understood is answered.</summary>
    [Theory]
    [InlineData("SHA-256", "MD5", DigestHash.Sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    [InlineData("MD5", "SHA-256", DigestHash.Md5, "8ca523f5e9506fed4657c9700eebdbec")]
    public void A_server_that_offers_two_hashes(string first, string second, DigestHash hash, string response)
    {
        const string Rest = "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
        var offered = new List<Challenge>();
        foreach (var algorithm in (string[])[first, second])
        {
            Assert.True(ChallengeReader.TryRead($"Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, {Rest}", offered));
        }
        var choice = ChallengeChoice.Of(offered, AuthenticationSchemes.Digest);
        Assert.Equal(hash, choice.Digest!.Hash);
        var subject = new DigestSubject(new Credentials("Mufasa", "Circle of Life"), "GET", "/dir/index.html", 1, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
        Assert.Equal(response, DigestAnswer.Response(choice.Digest, subject));
    }

    /// <summary>RFC 7616 3.9.2 wants SHA-512-256, which nobody here speaks: said as that, and nothing is answered.</summary>
    [Fact]
    public void A_hash_that_is_not_spoken_here()
    {
        var offered = new List<Challenge>();
        Assert.True(ChallengeReader.TryRead(
            "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", "
            + "opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8, userhash=true", offered));
        Assert.Null(DigestChallenge.Of(offered[0]));
        Assert.Equal((AuthenticationSchemes.None, "api@example.org", false),
            (ChallengeChoice.Of(offered, AuthenticationSchemes.AnyWithPassword).Scheme, ChallengeChoice.Of(offered, AuthenticationSchemes.AnyWithPassword).Realm, ChallengeChoice.Of(offered, AuthenticationSchemes.AnyWithPassword).IsOtherwise));
    }

    /// <summary>RFC 9110 11.4 and RFC 7617 2: a challenge with a charset is one of UTF-8.</summary>
    [Fact]
    public void A_challenge_that_names_its_charset()
    {
        var offered = new List<Challenge>();
        Assert.True(ChallengeReader.TryRead("Basic realm=\"foo\", charset=\"UTF-8\"", offered));
        Assert.Equal(("Basic", "foo", true), (offered[0].Scheme, offered[0].Find("realm"), offered[0].IsUtf8));
    }

    private static CacheRequest Get(params string[] fields) => new("GET", "http://example.com/a", Fields(fields));

    private static CachedResponse Kept(params string[] fields) => new()
    {
        Uri = "http://example.com/a",
        Status = 200,
        Reason = "OK",
        Fields = Fields(fields),
        RequestedAt = s_now,
        ReceivedAt = s_now,
        Content = Encoding.ASCII.GetBytes("success"),
    };

    private static HttpField[] Fields(params string[] fields) =>
        [.. fields.Select(static line => line.Split(':', 2)).Select(static pair => new HttpField(pair[0], pair[1].Trim()))];
}
