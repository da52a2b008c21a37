using Firstbyte.Http.Caching;

namespace Firstbyte.Doctor;

/// <summary>Whether caches know what to do with the page, and whether the server says when it is still the same.</summary>
internal sealed class CachingExaminer : Examiner
{
    protected override void Examine(Examination site)
    {
        if (site.Page is not { Head: { Status: 200 } head } page) { return; }
        var control = CacheControl.OfResponse(head.Fields);
        var said = page.Field("Cache-Control");
        if (said is null && page.Field("Expires") is null && page.Field("Pragma") is null) { site.Find(new CacheSilent()); }
        if (said is not null
            && (control.NoStore && control.MaxAge > 0 || control is { Public: true, Private: true } || control is { NoStore: true, Public: true }))
        {
            site.Find(new CacheContradictory(said));
        }
        if (page.Field("Set-Cookie") is not null && !control.NoStore && !control.Private && (control.Public || control.HasSharedAge || control.MaxAge > 0))
        {
            site.Find(new CookieCached(said ?? ""));
        }
        if (!control.NoStore && page.Field("ETag") is null && page.Field("Last-Modified") is null) { site.Find(new ValidatorMissing()); }
        if (site.ValidationStatus == 200) { site.Find(new ValidatorIgnored(site.Validator)); }
    }
}
