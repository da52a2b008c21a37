using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Urls;

namespace Firstbyte.Doctor;

/// <summary>Whether visitors end up on TLS and stay there: redirects to https:, and HSTS.</summary>
internal sealed class SecurityExaminer : Examiner
{
    protected override void Examine(Examination site)
    {
        var secure = site.Looks.Where(static look => look.IsSecure).ToArray();
        var plain = site.Looks.Where(static look => !look.IsSecure).ToArray();
        var isSecured = secure.Any(static look => look.Seen.Last?.Tls is not null);
        if (secure.Length > 0 && site.Url.Scheme == "http" && secure.All(static look => !look.IsConnected && look.Seen.Failure is NotConnected))
        {
            site.Find(new TlsAbsent(secure[0].Port));
        }
        foreach (var look in plain) { ExaminePlain(site, look.Seen.Last, isSecured); }
        ExamineRedirects(site);
        if (isSecured && site.IsNamed) { ExamineWish(site, secure.First(static look => look.Seen.Last?.Tls is not null).Seen.Last!); }
    }

    private static void ExaminePlain(Examination site, Hop? hop, bool isSecured)
    {
        if (hop?.Head is not { Status: var status }) { return; }
        if (hop.Field("Strict-Transport-Security") is not null) { site.Find(new HstsOnPlain()); }
        if (!isSecured) { return; }
        if (status is >= 200 and < 300) { site.Find(new PlainServed(status)); }
        if (status is 302 or 303 or 307 && Url.TryParse(hop.Field("Location"), hop.Url, out var target) && target.Scheme == "https")
        {
            site.Find(new RedirectTemporary(status, target.Href));
        }
    }

    private static void ExamineRedirects(Examination site)
    {
        var redirects = 0;
        foreach (var hop in site.Journey?.Hops ?? [])
        {
            if (hop.Redirect is not { } redirect || hop.Url is not { } from) { continue; }
            redirects++;
            if (hop.IsSecure && Url.TryParse(redirect.Href, out var to) && to.Scheme == "http") { site.Find(new RedirectToPlain(from.Href, redirect.Href)); }
        }
        if (redirects > DoctorLimits.RedirectsAsUsual) { site.Find(new RedirectsMany(redirects)); }
    }

    // RFC 6797 8.1.1: a host that is an address cannot wish it.
    private static void ExamineWish(Examination site, Hop hop)
    {
        if (hop.Head is null) { return; }
        // The first of several holds (RFC 6797 8.1).
        var value = Array.Find(
            hop.Head.Fields, static field => field.Name.Equals("Strict-Transport-Security", StringComparison.OrdinalIgnoreCase)).Value;
        if (value is null) { site.Find(new HstsMissing()); }
        else if (!StrictTransportSecurity.TryRead(value, out var wish)) { site.Find(new HstsMalformed(value)); }
        else if (wish.MaximumAge < DoctorLimits.HstsAge) { site.Find(new HstsShort((long)wish.MaximumAge.TotalSeconds)); }
    }
}
