using Firstbyte.Http;

namespace Firstbyte.Doctor;

/// <summary>Which newer versions of HTTP are offered: by ALPN, by Alt-Svc, by the HTTPS records of the name.</summary>
internal sealed class OfferExaminer : Examiner
{
    private const string Http2 = "h2", Http3 = "h3";

    protected override void Examine(Examination site)
    {
        if (site.Offers is not { } offers) { return; }
        if (offers.Alpn != Http2)
        {
            site.Find(new Http2NotOffered(offers.Alpn));
            if (site.RecordOffers?.Contains(Http2) ?? false) { site.Find(new OfferNotKept(Http2, offers.Alpn)); }
        }
        var isOffered = site.RecordOffers?.Contains(Http3) ?? false;
        foreach (var hop in site.Hops)
        {
            if (hop is not { IsSecure: true } || hop.Field("Alt-Svc") is not { } value) { continue; }
            if (!AlternativeService.TryRead(value, DoctorLimits.Offers, out var services)) { site.Find(new AltSvcMalformed(value)); }
            // A host or port of its own is no matter: it is HTTP/3 all the same.
            isOffered |= services.Exists(static service => service.Protocol == Http3);
        }
        if (!isOffered) { site.Find(new Http3NotOffered()); }
    }
}
