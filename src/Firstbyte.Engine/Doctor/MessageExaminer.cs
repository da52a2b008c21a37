using Firstbyte.Http;

namespace Firstbyte.Doctor;

/// <summary>The response as a message: its status, its framing, what it says of itself.</summary>
internal sealed class MessageExaminer : Examiner
{
    protected override void Examine(Examination site)
    {
        foreach (var flaw in site.Hops.SelectMany(static hop => hop.Flaws)) { site.Find(new MessageFlawed(flaw.Flaw, flaw.Action)); }
        if (site.Page is not { Head: { } head } page) { return; }
        if (head.Status >= 400) { site.Find(new ErrorAnswered(head.Status)); }
        if (head.Version == "HTTP/1.0") { site.Find(new VersionOld(head.Version)); }
        else if (head.Framing == BodyFraming.UntilClose) { site.Find(new EndByClose()); }
        else if (page.Body?.KeepReason == KeepReason.PeerCloses) { site.Find(new ConnectionNotKept()); }
        ExamineDate(site, page);
        if (head.Framing == BodyFraming.None || page.Body is { BodyBytes: 0 }) { return; }
        if (page.Field("Content-Type") is not { } value || !MediaType.TryParse(value, out var type)) { site.Find(new TypeMissing()); }
        else if (type.Charset is null && type.Essence is "text/html" or "text/plain" or "text/css" or "text/csv")
        {
            site.Find(new CharsetMissing(type.Essence));
        }
    }

    private static void ExamineDate(Examination site, Hop page)
    {
        // Required of 2xx, 3xx and 4xx of whoever has a clock.
        if (page.Field("Date") is not { } text)
        {
            if (page.Head!.Status < 500) { site.Find(new DateMissing()); }
            return;
        }
        // What comes out of a cache was made before.
        if (!HttpDate.TryRead(text, out var date) || page.Field("Age") is not null) { return; }
        var ahead = date - page.Head!.At;
        if (ahead.Duration() > DoctorLimits.ClockSkew) { site.Find(new DateWrong((long)Math.Round(ahead.TotalSeconds))); }
    }
}
