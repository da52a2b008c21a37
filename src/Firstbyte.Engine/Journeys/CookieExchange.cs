using Firstbyte.Http;
using Firstbyte.Http.Cookies;
using Firstbyte.Tracing;
using Firstbyte.Urls;

namespace Firstbyte.Journeys;

/// <summary>Sends the cookies that are for a request, and keeps those that its response sets (RFC 6265bis).</summary>
internal sealed class CookieExchange(ClientContext context, IExchange inner) : IExchange
{
    /// <inheritdoc/>
    public ValueTask<ExchangeEnd> RunAsync(Journey journey, CancellationToken cancellationToken)
    {
        if (context.Options.Cookies is { } jar) { return RunAsync(journey, jar, cancellationToken); }
        journey.Cookies = journey.Request.Cookies;
        return inner.RunAsync(journey, cancellationToken);
    }

    private async ValueTask<ExchangeEnd> RunAsync(Journey journey, CookieJar jar, CancellationToken cancellationToken)
    {
        var chosen = jar.Choose(journey.Url, Now, IsFromOtherSite(journey), journey.Request.MethodOnTheWire);
        // What the user gives for this one request goes behind what is kept, as curl's -b does.
        var kept = CookieJar.Field(chosen);
        journey.Cookies = (kept, journey.Request.Cookies) switch
        {
            (null, var given) => given,
            (_, null) => kept,
            (_, var given) => $"{kept}; {given}",
        };
        if (chosen.Count > 0 && journey.Span.IsListening)
        {
            journey.Span.Tell(new CookiesChosen(
                [.. chosen.Where(static choice => choice.Withheld == CookieWithheld.None).Select(static choice => NameOf(choice.Cookie))],
                [.. chosen.Where(static choice => choice.Withheld != CookieWithheld.None)
                    .Select(static choice => new CookieLeftOut(NameOf(choice.Cookie), choice.Withheld))]));
        }
        var end = await inner.RunAsync(journey, cancellationToken);
        // Of a head that is refused nothing is believed.
        if (end.Journey.Response is { Head.Status: > 0, Failure: null or { Step: not (ExchangeStep.Wait or ExchangeStep.Head) } } response)
        {
            Keep(jar, end.Journey, response.Head.Fields);
        }
        return end;
    }

    private Instant Now => Instant.FromDateTimeOffset(context.Network.Time.GetUtcNow());

    private static CookieName NameOf(Cookie cookie) => new(OctetText.Shown(cookie.Name), cookie.Domain, cookie.IsHostOnly, OctetText.Shown(cookie.Path));

    // Whoever redirects from another site sends the user there, who did not ask for it (RFC 6265bis 5.2).
    private static bool IsFromOtherSite(Journey journey) => journey.RedirectedFrom is { } from && SiteOf(from) != SiteOf(journey.Url);

    private static (string, string) SiteOf(Url url) =>
        (url.Scheme, url.HostKind == UrlHostKind.Domain ? PublicSuffixes.SiteOf(url.Hostname) : url.Hostname);

    private void Keep(CookieJar jar, Journey journey, FieldTable fields)
    {
        var count = 0;
        for (var at = fields.IndexOf("Set-Cookie"u8); at >= 0; at = fields.IndexOf("Set-Cookie"u8, at + 1))
        {
            var verdict = ++count > CookieLimits.PerResponse
                ? new CookieVerdict(null, CookieRefusal.TooMany)
                : jar.Take(OctetText.Of(fields.ValueAt(at)), journey.Url, Now);
            if (journey.Span.IsListening)
            {
                journey.Span.Tell(
                    verdict.Refusal != CookieRefusal.None ? new CookieRefused(OctetText.Shown(verdict.Cookie?.Name ?? ""), verdict.Refusal)
                    : new CookieKept(NameOf(verdict.Cookie!), verdict.Removed, verdict.Cookie!.Expires?.ToDateTimeOffset()));
            }
            if (count > CookieLimits.PerResponse) { return; }
        }
    }
}
