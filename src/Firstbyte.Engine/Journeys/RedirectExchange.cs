using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Firstbyte.Connecting;
using Firstbyte.Http;
using Firstbyte.Transfers;
using Firstbyte.Urls;

namespace Firstbyte.Journeys;

/// <summary>Follows redirects, or says that there is one: each makes a journey of its own, with its steps and times (RFC 9110 15.4).</summary>
internal sealed class RedirectExchange(ClientContext context, IExchange inner) : IExchange
{
    /// <inheritdoc/>
    public async ValueTask<ExchangeEnd> RunAsync(Journey journey, CancellationToken cancellationToken)
    {
        var content = journey.Sink;
        HashSet<(string Method, string Url)>? been = null;
        for (var followed = 0; ; followed++)
        {
            var hop = new Hop(journey, followed, context.Options, been);
            journey.Sink = new HopSink(content, journey, hop);
            var end = await inner.RunAsync(journey, cancellationToken);
            if (end.Failure is not null || !hop.IsRedirect) { return end; }
            if (hop.Refusal is { } refusal) { return end with { Failure = refusal }; }
            (been ??= []).Add((journey.Request.MethodOnTheWire, Bare(journey.Url)));
            end.End();
            journey = context.Follow(journey, hop.Next!, hop.Request!);
        }
    }

    private static string Bare(Url url) => url.HasFragment ? url.Href[..url.Href.IndexOf('#', StringComparison.Ordinal)] : url.Href;

    /// <summary>What becomes of a journey when its response's head has come.</summary>
    private sealed class Hop(Journey journey, int followed, JourneyOptions options, HashSet<(string Method, string Url)>? been)
    {
        [MemberNotNullWhen(true, nameof(_location))]
        public bool IsRedirect => _location is not null;

        public JourneyFailure? Refusal { get; private set; }

        public Url? Next { get; private set; }

        public JourneyRequest? Request { get; private set; }

        private string? _location;

        /// <summary>Decides by the head, and tells what was decided. True when the content is not what was asked for.</summary>
        public bool Decide(ResponseHead head)
        {
            // A field without a value names no place to go to.
            _location = Redirection.IsFollowed(head.Status) && head.Fields.Find("Location"u8) is { Length: > 0 } place ? Escaped(place) : null;
            if (!IsRedirect) { return false; }
            if (!options.FollowRedirects)
            {
                if (journey.Span.IsListening) { journey.Span.Tell(new RedirectNotFollowed(head.Status, _location)); }
                _location = null;
                return false;
            }
            if (!Url.TryParse(_location, journey.Url, out var next))
            {
                Refusal = Refuse(RedirectFault.NotAUrl);
                return true;
            }
            // RFC 9110 10.2.2: where the target has no fragment of its own, the one that was asked for still says what is meant.
            if (!next.HasFragment && journey.Url.HasFragment
                && Url.TryParse(next.Href + journey.Url.Href[Bare(journey.Url).Length..], out var whole))
            {
                next = whole;
            }
            var (before, method) = (journey.Request.MethodOnTheWire, Redirection.NextMethod(head.Status, journey.Request.MethodOnTheWire));
            var dropsContent = method != before && journey.Request.Body is not null;
            Refusal = next.Scheme is not ("http" or "https") ? Refuse(RedirectFault.OtherScheme)
                // With another cookie it is another request: that is how a server sees whether cookies come back.
                : HasBeenAt(method, Bare(next)) && !(options.Cookies is not null && head.Fields.Find("Set-Cookie"u8) is not null)
                    ? Refuse(RedirectFault.Loop)
                : followed >= options.MaximumRedirects ? Refuse(RedirectFault.Limit)
                : !dropsContent && journey.Request.Body is { IsSpent: true } body
                    ? new BodyNotRepeatable(OriginOf(next), body.Origin, RepeatCause.Redirect, head.Status)
                : null;
            if (Refusal is null) { Follow(head.Status, next, method, dropsContent); }
            return true;
        }

        // Octets that are no ASCII, which no URI has, but which servers send: they are meant as they are, and mostly UTF-8.
        private static string Escaped(string place) => Ascii.IsValid(place) ? place
            : string.Concat(place.Select(static one => one < 0x80 ? one.ToString() : string.Create(CultureInfo.InvariantCulture, $"%{(int)one:X2}")));

        private void Follow(int status, Url next, string method, bool dropsContent)
        {
            var crosses = (next.Scheme, next.Host, next.EffectivePort) != (journey.Url.Scheme, journey.Url.Host, journey.Url.EffectivePort);
            HttpField[] leftOut = [.. Redirection.LeftOut(journey.Request.Fields, crosses, dropsContent)];
            var isLeftBehind = crosses && journey.Authorization is not null;
            Next = next;
            Request = journey.Request with
            {
                Input = next.Href,
                Method = method,
                // What was given for one host is not for another.
                Cookies = crosses ? null : journey.Request.Cookies,
                BearerToken = crosses ? null : journey.Request.BearerToken,
                Credentials = crosses ? null : journey.Request.Credentials ?? (next.HasCredentials ? null : ClientContext.CredentialsIn(journey.Url)),
                Fields = [.. journey.Request.Fields.Where(field => !leftOut.Contains(field))],
                Body = dropsContent ? null : journey.Request.Body,
            };
            if (journey.Span.IsListening)
            {
                journey.Span.Tell(
                    new RedirectFollowed(
                        status, next.Href, method,
                        [
                            .. leftOut.Select(static field => field.Name).Concat(isLeftBehind ? ["Authorization"] : [])
                                .Distinct(StringComparer.OrdinalIgnoreCase),
                        ]));
            }
        }

        private bool HasBeenAt(string method, string url) =>
            (method == journey.Request.MethodOnTheWire && url == Bare(journey.Url)) || been?.Contains((method, url)) == true;

        private static Origin OriginOf(Url url) => new(url.Scheme, url.Hostname, url.EffectivePort);

        private RedirectRefused Refuse(RedirectFault fault) => new(journey.Origin, _location!, fault, options.MaximumRedirects);
    }

    /// <summary>Keeps the content of a redirect, which nobody asked for, from the content that is wanted.</summary>
    private sealed class HopSink(IBodySink wanted, Journey journey, Hop hop) : ILendingSink
    {
        private readonly ILendingSink? _lender = wanted as ILendingSink;
        private bool _isPassedOver;

        public void Begin(ContentDescription content)
        {
            _isPassedOver = hop.Decide(journey.Response!.Head);
            if (!_isPassedOver) { wanted.Begin(journey.IsElsewhere ? content with { FoundAt = journey.Url.Href } : content); }
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) =>
            _isPassedOver ? ValueTask.CompletedTask : wanted.WriteAsync(piece, cancellationToken);

        public ValueTask<Memory<byte>> LendAsync(CancellationToken cancellationToken) =>
            _lender is null || _isPassedOver ? default : _lender.LendAsync(cancellationToken);

        public void Fill(int count) => _lender!.Fill(count);

        // The whole of a redirect is not the end of what is wanted; its failure is.
        public void End(bool isWhole)
        {
            if (!_isPassedOver || !isWhole) { wanted.End(isWhole); }
        }
    }
}
