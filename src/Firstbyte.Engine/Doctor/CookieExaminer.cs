using Firstbyte.Http.Cookies;

namespace Firstbyte.Doctor;

/// <summary>What the cookies of the journey lack, and which of them no browser keeps.</summary>
internal sealed class CookieExaminer : Examiner
{
    protected override void Examine(Examination site)
    {
        foreach (var refused in site.Hops.SelectMany(static hop => hop.RefusedCookies).Take(DoctorLimits.Cookies))
        {
            site.Find(new CookieNotKept(refused.Name, refused.Why));
        }
        foreach (var cookie in site.Cookies.Cookies.Take(DoctorLimits.Cookies))
        {
            if (!cookie.IsSecure) { site.Find(new CookieOpen(cookie.Name, CookieGap.Secure)); }
            if (!cookie.IsHttpOnly) { site.Find(new CookieOpen(cookie.Name, CookieGap.HttpOnly)); }
            if (cookie.SameSite == SameSite.Unsaid) { site.Find(new CookieOpen(cookie.Name, CookieGap.SameSite)); }
        }
    }
}
