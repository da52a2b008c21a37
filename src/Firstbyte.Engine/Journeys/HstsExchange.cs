using Firstbyte.Http;
using Firstbyte.Tracing;

namespace Firstbyte.Journeys;

/// <summary>Hears the hosts that want to be asked over TLS alone (RFC 6797). Their wish is heeded before a journey chooses
/// its way (<see cref="ClientContext"/>).</summary>
/// <remarks>It is heard in responses that came over TLS without a fault (8.1), of every hop of a chain of redirects, and of its first line alone.</remarks>
internal sealed class HstsExchange(ClientContext context, IExchange inner) : IExchange
{
    /// <inheritdoc/>
    public ValueTask<ExchangeEnd> RunAsync(Journey journey, CancellationToken cancellationToken) =>
        // Where faults of certificates are allowed nobody knows whose wish it is.
        context.Options is { Hsts: { } store, AllowCertificateFaults: false } && journey.Url.Scheme == "https"
            ? HearAsync(journey, store, cancellationToken) : inner.RunAsync(journey, cancellationToken);

    private async ValueTask<ExchangeEnd> HearAsync(Journey journey, HstsStore store, CancellationToken cancellationToken)
    {
        var end = await inner.RunAsync(journey, cancellationToken);
        if (journey.Response?.Head is not { Status: > 0 } head || head.Fields.Find("Strict-Transport-Security"u8) is not { } value) { return end; }
        var now = Instant.FromDateTimeOffset(context.Network.Time.GetUtcNow());
        if (store.Note(journey.Host, value, now) && journey.Span.IsListening && StrictTransportSecurity.TryRead(value, out var wish))
        {
            journey.Span.Tell(new HstsNoted(journey.Host, (long)wish.MaximumAge.TotalSeconds, wish.CoversSubdomains));
        }
        return end;
    }
}
