using Firstbyte.Codings;

namespace Firstbyte.Journeys;

/// <summary>Takes content codings off where they were asked for (RFC 9110 8.4).</summary>
internal sealed class DecodingExchange(IExchange inner) : IExchange
{
    /// <inheritdoc/>
    public ValueTask<ExchangeEnd> RunAsync(Journey journey, CancellationToken cancellationToken) =>
        // A body that nobody asked to be coded is given as it came.
        journey.Request.AcceptsCodings ? DecodeAsync(journey, cancellationToken) : inner.RunAsync(journey, cancellationToken);

    private async ValueTask<ExchangeEnd> DecodeAsync(Journey journey, CancellationToken cancellationToken)
    {
        var sink = new DecodingSink(journey.Sink);
        journey.Sink = sink;
        var end = await inner.RunAsync(journey, cancellationToken);
        var fault = end.Failure is null ? sink.Finish() : sink.Fault;
        if (fault != CodingFault.None)
        {
            return end with { Failure = new ContentUndecodable(journey.Origin, string.Join(", ", sink.Codings), fault, sink.CodedBytes, sink.DecodedBytes) };
        }
        if (sink.Codings.Length > 0 && journey.Span.IsListening)
        {
            journey.Span.Tell(new ContentDecoded(sink.Codings, sink.CodedBytes, sink.DecodedBytes));
        }
        return end;
    }
}
