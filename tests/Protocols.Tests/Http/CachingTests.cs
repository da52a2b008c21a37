using System.Text;
using Firstbyte.Http;
using Firstbyte.Http.Caching;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Http;

/// <summary>RFC 9111, with RFC 5861 and RFC 8246.</summary>
public sealed class CachingTests
{
    private const string Uri = "http://example.com/a";
    private static readonly Instant s_now = Instant.FromDateTimeOffset(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    private static HttpField[] Fields(string text) =>
        [.. text.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(':', 2)).Select(static pair => new HttpField(pair[0].Trim(), pair[1].Trim()))];

    private static CacheRequest Request(string fields = "", string method = "GET", string uri = Uri) => new(method, uri, Fields(fields));

    private static CachedResponse Response(string fields, string content = "content", string selected = "") => new()
    {
        Uri = Uri,
        Status = 200,
        Reason = "OK",
        Fields = Fields(fields),
        Selected = Fields(selected),
        RequestedAt = s_now,
        ReceivedAt = s_now,
        Content = Encoding.ASCII.GetBytes(content),
    };

    /// <summary>5.2; where two things are said, the stricter one holds (4.2.1).</summary>
    [Theory]
    [InlineData("max-age=60", 60L)]
    [InlineData("public, MAX-AGE = \"60\" ,", 60L)]
    [InlineData("max-age=60, max-age=5", 5L)]
    [InlineData("max-age=x", 0L)]
    [InlineData("max-age", 0L)]
    [InlineData("max-age=-1", 0L)]
    [InlineData("max-age=99999999999999999999", CacheControl.MaximumSeconds)]
    [InlineData("ext=\"max-age=1, \\\"\", max-age=7", 7L)]
    [InlineData("ext=\"max-age=1", null)]
    [InlineData("s-maxage=9", null)]
    public void A_time_is_read(string value, long? seconds) => Assert.Equal(seconds, CacheControl.Read(value).MaxAge);

    [Fact]
    public void Directives_are_read()
    {
        var control = CacheControl.Read("no-store,no-cache=\"set-cookie\", must-revalidate,private,immutable,must-understand,only-if-cached,max-stale,min-fresh=3,stale-if-error=4,what=ever");
        Assert.True(control is { NoStore: true, NoCache: true, MustRevalidate: true, Private: true, Immutable: true, MustUnderstand: true, OnlyIfCached: true });
        Assert.Equal((long.MaxValue, 3L, 4L), (control.MaxStale, control.MinFresh, control.StaleIfError));
        Assert.Equal(5, CacheControl.Read("max-stale, max-stale=5").MaxStale);
        // What stands behind more directives than anybody means may forbid what those before allow.
        Assert.True(CacheControl.Read(string.Join(',', Enumerable.Repeat("x", 200))) is { NoStore: true, NoCache: true, MustRevalidate: true });
        Assert.True(CacheControl.Read("max-age=9" + new string(',', 200) + "no-cache") is { MaxAge: 9, NoCache: true, NoStore: false });
        Assert.True(CacheControl.OfRequest(Fields("Pragma: no-cache")).NoCache);
        Assert.False(CacheControl.OfRequest(Fields("Pragma: no-cache|Cache-Control: max-age=3")).NoCache);
    }

    [Theory]
    [InlineData("Cache-Control: max-age=60", 60, false)]
    [InlineData("Cache-Control: max-age=60, s-maxage=5|Expires: Thu, 01 Jan 2026 13:00:00 GMT", 60, false)]
    [InlineData("Date: Thu, 01 Jan 2026 12:00:00 GMT|Expires: Thu, 01 Jan 2026 13:00:00 GMT", 3600, false)]
    [InlineData("Expires: Thursday, 01-Jan-26 12:01:00 GMT", 60, false)]
    [InlineData("Expires: 0", 0, false)]
    [InlineData("Last-Modified: Thu, 01 Jan 2026 10:20:00 GMT", 600, true)]
    [InlineData("Last-Modified: Thu, 01 Jan 2004 10:20:00 GMT", 86_400, true)]
    [InlineData("Last-Modified: Thu, 01 Jan 2026 13:00:00 GMT", 0, false)]
    [InlineData("Expires: 0|Last-Modified: Thu, 01 Jan 2026 10:20:00 GMT", 0, false)]
    [InlineData("", 0, false)]
    public void How_long_a_response_is_fresh(string fields, int seconds, bool isGuessed) =>
        Assert.Equal(new Freshness(TimeSpan.FromSeconds(seconds), isGuessed), CacheFreshness.Of(Response(fields)));

    [Fact]
    public void A_status_that_may_not_be_guessed_about_is_not()
    {
        var response = Response("Last-Modified: Thu, 01 Jan 2026 10:20:00 GMT") with { Status = 302 };
        Assert.Equal(TimeSpan.Zero, CacheFreshness.Of(response).Lifetime);
        Assert.Equal(600, CacheFreshness.Of(response with { Fields = [.. response.Fields, new HttpField("Cache-Control", "public")] }).Lifetime.TotalSeconds);
    }

    /// <summary>4.2.3: by its date, or by what it says with the time that it took to come.</summary>
    [Theory]
    [InlineData("", 2 + 10)]
    [InlineData("Age: 40", 40 + 2 + 10)]
    [InlineData("Age: x", 2 + 10)]
    [InlineData("Date: Thu, 01 Jan 2026 11:59:00 GMT|Age: 40", 60 + 10)]
    [InlineData("Date: Thu, 01 Jan 2026 12:59:00 GMT", 2 + 10)]
    public void How_old_a_response_is(string fields, int seconds)
    {
        var response = Response(fields) with { RequestedAt = s_now - TimeSpan.FromSeconds(2) };
        Assert.Equal(seconds, CacheFreshness.AgeOf(response, s_now + TimeSpan.FromSeconds(10)).TotalSeconds);
    }

    [Theory]
    [InlineData("GET", "", 200, "", CacheRefusal.None)]
    [InlineData("POST", "", 200, "Cache-Control: max-age=60", CacheRefusal.Method)]
    [InlineData("HEAD", "", 200, "Cache-Control: max-age=60", CacheRefusal.Method)]
    [InlineData("GET", "Range: bytes=0-1", 206, "Cache-Control: max-age=60", CacheRefusal.Partial)]
    [InlineData("GET", "Range: bytes=0-1", 200, "Cache-Control: max-age=60", CacheRefusal.Partial)]
    [InlineData("GET", "If-None-Match: \"a\"", 200, "Cache-Control: max-age=60", CacheRefusal.Partial)]
    [InlineData("GET", "", 206, "Cache-Control: max-age=60", CacheRefusal.Partial)]
    [InlineData("GET", "", 304, "Cache-Control: max-age=60", CacheRefusal.Status)]
    [InlineData("GET", "", 401, "Cache-Control: max-age=60", CacheRefusal.Status)]
    [InlineData("GET", "", 500, "", CacheRefusal.Status)]
    [InlineData("GET", "", 302, "", CacheRefusal.Status)]
    [InlineData("GET", "", 302, "Cache-Control: max-age=60", CacheRefusal.None)]
    [InlineData("GET", "", 404, "", CacheRefusal.None)]
    [InlineData("GET", "Cache-Control: no-store", 200, "Cache-Control: max-age=60", CacheRefusal.RequestForbids)]
    [InlineData("GET", "", 200, "Cache-Control: max-age=60, no-store", CacheRefusal.ResponseForbids)]
    [InlineData("GET", "", 200, "Cache-Control: must-understand, no-store, max-age=60", CacheRefusal.None)]
    [InlineData("GET", "", 299, "Cache-Control: must-understand, no-store, max-age=60", CacheRefusal.ResponseForbids)]
    [InlineData("GET", "", 200, "Cache-Control: private, max-age=60", CacheRefusal.None)]
    [InlineData("GET", "Authorization: Basic x", 200, "Cache-Control: max-age=60", CacheRefusal.Authorization)]
    [InlineData("GET", "Authorization: Basic x", 200, "Cache-Control: public", CacheRefusal.None)]
    [InlineData("GET", "Authorization: Basic x", 200, "Cache-Control: must-revalidate", CacheRefusal.None)]
    [InlineData("GET", "Authorization: Basic x", 200, "Cache-Control: s-maxage=9", CacheRefusal.None)]
    [InlineData("GET", "", 200, "Set-Cookie: a=b", CacheRefusal.Cookies)]
    [InlineData("GET", "", 200, "Set-Cookie: a=b|Cache-Control: max-age=60", CacheRefusal.None)]
    [InlineData("GET", "", 200, "Vary: *|Cache-Control: max-age=60", CacheRefusal.Vary)]
    [InlineData("GET", "", 200, "Vary: a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q|Cache-Control: max-age=60", CacheRefusal.Vary)]
    public void What_is_kept(string method, string asked, int status, string answered, CacheRefusal refusal) =>
        Assert.Equal(refusal, CacheStoring.Judge(Request(asked, method), status, Fields(answered)));

    [Theory]
    [InlineData("Cache-Control: max-age=60", "", 59, CacheUse.Fresh, CacheDoubt.None)]
    [InlineData("Cache-Control: max-age=60", "", 60, CacheUse.Validate, CacheDoubt.Stale)]
    [InlineData("Cache-Control: max-age=60, no-cache", "", 1, CacheUse.Validate, CacheDoubt.ResponseWants)]
    [InlineData("Cache-Control: max-age=60", "Cache-Control: no-cache", 1, CacheUse.Validate, CacheDoubt.UserWants)]
    [InlineData("Cache-Control: max-age=60", "Pragma: no-cache", 1, CacheUse.Validate, CacheDoubt.UserWants)]
    [InlineData("Cache-Control: max-age=60", "Cache-Control: max-age=10", 10, CacheUse.Fresh, CacheDoubt.None)]
    [InlineData("Cache-Control: max-age=60", "Cache-Control: max-age=10", 11, CacheUse.Validate, CacheDoubt.UserWants)]
    [InlineData("Cache-Control: max-age=60", "Cache-Control: max-age=0", 0, CacheUse.Validate, CacheDoubt.UserWants)]
    [InlineData("Cache-Control: max-age=60, immutable", "Cache-Control: max-age=0", 5, CacheUse.Fresh, CacheDoubt.None)]
    [InlineData("Cache-Control: max-age=60, immutable", "Cache-Control: no-cache", 5, CacheUse.Validate, CacheDoubt.UserWants)]
    [InlineData("Cache-Control: max-age=60, immutable", "Cache-Control: max-age=0", 60, CacheUse.Validate, CacheDoubt.UserWants)]
    [InlineData("Cache-Control: max-age=60", "Cache-Control: min-fresh=20", 40, CacheUse.Fresh, CacheDoubt.None)]
    [InlineData("Cache-Control: max-age=60", "Cache-Control: min-fresh=20", 41, CacheUse.Validate, CacheDoubt.UserWants)]
    [InlineData("Cache-Control: max-age=60", "Cache-Control: max-stale", 6000, CacheUse.Stale, CacheDoubt.Stale)]
    [InlineData("Cache-Control: max-age=60", "Cache-Control: max-stale=10", 70, CacheUse.Stale, CacheDoubt.Stale)]
    [InlineData("Cache-Control: max-age=60", "Cache-Control: max-stale=10", 71, CacheUse.Validate, CacheDoubt.Stale)]
    [InlineData("Cache-Control: max-age=60, must-revalidate", "Cache-Control: max-stale", 61, CacheUse.Validate, CacheDoubt.Stale)]
    [InlineData("Cache-Control: max-age=60", "Cache-Control: max-stale, min-fresh=5", 61, CacheUse.Validate, CacheDoubt.UserWants)]
    [InlineData("Cache-Control: max-age=60", "", -1, CacheUse.Validate, CacheDoubt.ClockSetBack)]
    public void What_is_used(string kept, string asked, int later, CacheUse use, CacheDoubt doubt)
    {
        var verdict = CacheReuse.Decide(Response(kept), Request(asked), s_now + TimeSpan.FromSeconds(later));
        Assert.Equal((use, doubt), (verdict.Use, verdict.Doubt));
    }

    [Theory]
    [InlineData("Cache-Control: max-age=60, stale-if-error=30", "", 90, true)]
    [InlineData("Cache-Control: max-age=60, stale-if-error=30", "", 91, false)]
    [InlineData("Cache-Control: max-age=60", "", 61, false)]
    [InlineData("Cache-Control: max-age=60", "Cache-Control: stale-if-error=30", 90, true)]
    [InlineData("Cache-Control: max-age=60, stale-if-error=30, must-revalidate", "", 61, false)]
    [InlineData("Cache-Control: max-age=60, stale-if-error=30", "Cache-Control: no-cache", 61, false)]
    public void What_stands_in_for_a_server_that_cannot_answer(string kept, string asked, int later, bool may) =>
        Assert.Equal(may, CacheReuse.MayStandIn(Response(kept), Request(asked), s_now + TimeSpan.FromSeconds(later)));

    /// <summary>4.1.</summary>
    [Theory]
    [InlineData("Vary: Accept-Encoding", "Accept-Encoding: gzip", "accept-encoding:  gzip", true)]
    [InlineData("Vary: Accept-Encoding", "Accept-Encoding: gzip", "Accept-Encoding: br", false)]
    [InlineData("Vary: Accept-Encoding", "Accept-Encoding: gzip", "", false)]
    [InlineData("Vary: Accept-Encoding", "", "Accept-Encoding: gzip", false)]
    [InlineData("Vary: Accept-Encoding|Vary: Accept-Language", "Accept-Encoding: gzip", "Accept-Encoding: gzip|Accept-Language: de", false)]
    [InlineData("Vary: Accept-Encoding", "Accept-Encoding: gzip, br", "Accept-Encoding: gzip|Accept-Encoding: br", true)]
    [InlineData("", "", "Accept-Encoding: gzip", true)]
    public void Who_is_answered(string kept, string asked, string asks, bool isAnswered)
    {
        var cache = new ResponseCache();
        cache.Keep(Request(asked), 200, "OK", Fields("Cache-Control: max-age=60|" + kept), "x"u8.ToArray(), s_now, s_now);
        Assert.Equal(isAnswered, cache.Look(Request(asks), s_now) is not null);
        Assert.Null(cache.Look(Request(asks, uri: Uri + "?"), s_now));
    }

    /// <summary>3.5, as one person may have two passwords.</summary>
    [Fact]
    public void What_was_given_for_a_password_is_for_that_password()
    {
        var cache = new ResponseCache();
        cache.Keep(Request("Authorization: Basic a"), 200, "OK", Fields("Cache-Control: private, max-age=60"), default, s_now, s_now);
        Assert.NotNull(cache.Look(Request("Authorization: Basic a"), s_now));
        Assert.Null(cache.Look(Request("Authorization: Basic b"), s_now));
        Assert.Null(cache.Look(Request(), s_now));
        cache.Keep(Request("Authorization: Basic a"), 200, "OK", Fields("Cache-Control: public, max-age=60"), default, s_now, s_now);
        Assert.NotNull(cache.Look(Request(), s_now));
    }

    [Fact]
    public void Nothing_of_one_connection_or_one_user_is_kept()
    {
        var kept = CacheStoring.Kept(Fields("Connection: X-Hop|X-Hop: 1|Transfer-Encoding: chunked|Set-Cookie: a=b|Content-Length: 3|Keep-Alive: timeout=5|Content-Type: text/plain|ETag: \"a\""));
        Assert.Equal(["Content-Type", "ETag"], kept.Select(static field => field.Name));
    }

    [Fact]
    public void What_nobody_could_ask_about_is_not_kept_and_ends_what_was()
    {
        var cache = new ResponseCache();
        Assert.Equal(CacheRefusal.None, cache.Keep(Request(), 200, "OK", Fields("Cache-Control: max-age=60"), default, s_now, s_now).Refusal);
        Assert.Equal(CacheRefusal.NeverUsable, cache.Keep(Request(), 200, "OK", [], default, s_now, s_now).Refusal);
        Assert.Null(cache.Look(Request(), s_now));
    }

    /// <summary>4.3.4, 3.2.</summary>
    [Fact]
    public void A_304_freshens()
    {
        var kept = Response("ETag: \"a\"|Cache-Control: max-age=1|Content-Type: text/plain|X: old|Age: 50");
        Assert.Equal(Fields("If-None-Match: \"a\""), CacheValidation.Of(kept));
        var later = s_now + TimeSpan.FromSeconds(100);
        var freshened = CacheValidation.Freshen(kept, Fields("ETag: \"a\"|Cache-Control: max-age=9|X: new|Content-Type: text/html|Content-Length: 0"), later, later)!;
        Assert.Equal(Fields("Content-Type: text/plain|ETag: \"a\"|Cache-Control: max-age=9|X: new"), freshened.Fields);
        Assert.Equal(TimeSpan.Zero, CacheFreshness.AgeOf(freshened, later));
        Assert.Null(CacheValidation.Freshen(kept, Fields("ETag: \"b\""), later, later));
        Assert.NotNull(CacheValidation.Freshen(kept, Fields("ETag: W/\"a\""), later, later));
        Assert.Equal(
            Fields("If-None-Match: W/\"a\"|If-Modified-Since: Thu, 01 Jan 2026 10:20:00 GMT"),
            CacheValidation.Of(Response("ETag: W/\"a\"|Last-Modified: Thu, 01 Jan 2026 10:20:00 GMT")));
        Assert.Empty(CacheValidation.Of(Response("ETag: a|Last-Modified: yesterday")));
    }

    [Fact]
    public void A_304_that_forbids_keeping_ends_what_is_kept()
    {
        var cache = new ResponseCache();
        var (kept, _) = cache.Keep(Request(), 200, "OK", Fields("ETag: \"a\""), "x"u8.ToArray(), s_now, s_now);
        Assert.NotNull(cache.Freshen(kept!, Request(), Fields("Cache-Control: no-store"), s_now, s_now));
        Assert.Null(cache.Look(Request(), s_now));
    }

    [Fact]
    public void A_file_is_read_as_it_was_written_and_no_other_is()
    {
        var response = Response("ETag: \"a\"|Vary: Accept-Encoding, Accept-Language|X-Text: na\u00EFve", "the\r\n\r\ncontent", "accept-encoding: gzip");
        var file = CachedResponseFile.Write(response)!;
        var read = CachedResponseFile.TryRead(file)!;
        Assert.Equal((response.Uri, response.Status, response.Reason, response.ReceivedAt), (read.Uri, read.Status, read.Reason, read.ReceivedAt));
        Assert.Equal(response.Fields, read.Fields);
        Assert.Equal(response.Selected, read.Selected);
        Assert.Equal(response.Content.ToArray(), read.Content.ToArray());
        for (var i = 0; i < file.Length; i++)
        {
            Assert.Null(CachedResponseFile.TryRead(file.AsMemory(0, i)));
            file[i] ^= 1;
            Assert.Null(CachedResponseFile.TryRead(file));
            file[i] ^= 1;
        }
    }

    /// <summary>What belongs to whoever asked outlives no run.</summary>
    [Theory]
    [InlineData("Cache-Control: private", "", true)]
    [InlineData("Vary: Cookie", "", false)]
    [InlineData("Vary: Authorization", "", false)]
    [InlineData("X-Auth-Token: abc", "", false)]
    [InlineData("Cache-Control: private", "Basic x", false)]
    public void What_is_personal_is_written_to_no_file(string fields, string onlyFor, bool isWritten) =>
        Assert.Equal(isWritten, CachedResponseFile.Write(Response("ETag: \"a\"|" + fields) with { OnlyFor = onlyFor.Length > 0 ? onlyFor : null }) is not null);

    [Fact]
    public void Memory_holds_no_more_than_its_budget_and_no_more_variants_than_anybody_has()
    {
        var store = new MemoryResponseStore(10_000);
        CachedResponse Of(int i) => Response("ETag: \"a\"", new string('x', 3000)) with { Uri = Uri + i };
        for (var i = 0; i < 3; i++) { store.Keep(Of(i)); }
        store.Find(Uri + 0);
        store.Keep(Of(3));
        Assert.Equal([1, 0, 1, 1], Enumerable.Range(0, 4).Select(i => store.Find(Uri + i).Count));
        Assert.True(store.Size <= 10_000);
        store.Keep(Of(0) with { Content = new byte[20_000] });
        Assert.Empty(store.Find(Uri + 0));
        for (var i = 0; i < 40; i++) { store.Keep(Response("ETag: \"a\"|Vary: X", "", $"X: {i}")); }
        Assert.Equal(MemoryResponseStore.MaximumVariants, store.Find(Uri).Count);
        Assert.Equal("39", store.Find(Uri)[^1].Selected[0].Value);
    }

    /// <summary>4.4.</summary>
    [Theory]
    [InlineData("POST", 200, true)]
    [InlineData("DELETE", 204, true)]
    [InlineData("PUT", 303, true)]
    [InlineData("PUT", 404, false)]
    [InlineData("GET", 200, false)]
    [InlineData("OPTIONS", 200, false)]
    [InlineData("WHATEVER", 200, true)]
    public void What_changes_a_resource(string method, int status, bool changes) => Assert.Equal(changes, ResponseCache.Changes(method, status));
}
