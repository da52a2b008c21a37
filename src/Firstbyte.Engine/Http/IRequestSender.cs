using Firstbyte.Connecting;
using Firstbyte.Proxies;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Http;

/// <summary>Takes one request to its origin, and its response back.</summary>
internal interface IRequestSender
{
    /// <summary>Sends the request; whatever goes wrong is in the result.</summary>
    ValueTask<HttpExchangeResult> SendAsync(RequestCall call, CancellationToken cancellationToken);
}

/// <summary>One request on its way to an origin.</summary>
/// <param name="Origin">Who is asked.</param>
/// <param name="Connector">Who connects where no idle connection is there.</param>
/// <param name="Prepared">What is asked.</param>
/// <param name="Source">Its content where that is streamed; null where it is at hand, or there is none.</param>
/// <param name="Sink">Where the content of the response goes.</param>
/// <param name="Span">The step that the events belong to.</param>
/// <param name="Into">The result that is filled; null makes a new one.</param>
/// <param name="Proxy">By way of whom; null for nobody.</param>
/// <param name="NeedsNewConnection">No idle connection is taken.</param>
internal sealed record RequestCall(
    Origin Origin, IHttpConnector Connector, PreparedRequest Prepared, IBodySource? Source, IBodySink Sink, TraceSpan Span, HttpExchangeResult? Into,
    ProxyAddress? Proxy = null, bool NeedsNewConnection = false)
{
    /// <summary>Which connections it may use.</summary>
    public Route Route => new(Origin, Proxy);
}
