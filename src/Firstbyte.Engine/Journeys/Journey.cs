using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Urls;

namespace Firstbyte.Journeys;

/// <summary>One URL on its way: what was found out so far, and how long each step took.</summary>
internal sealed class Journey(TraceSpan span, INetwork network, JourneyRequest request)
{
    private readonly long _began = network.Time.GetTimestamp();

    public TraceSpan Span { get; } = span;

    public JourneyRequest Request { get; } = request;

    public Url Url { get; set; } = null!;

    /// <summary>The name or literal address, without the brackets of an IPv6 address.</summary>
    public string Host { get; set; } = "";

    public int Port { get; set; }

    /// <summary>Whom the journey leads to, as connections to it are shared.</summary>
    public HttpOrigin Origin => new(Url.Scheme, Url.Hostname, Port);

    public long NameNanoseconds { get; set; }

    public long ConnectNanoseconds { get; set; }

    public long TlsNanoseconds { get; set; }

    public JourneyStep Step { get; set; }

    public long Elapsed => Since(_began);

    public long Timestamp() => network.Time.GetTimestamp();

    public long Since(long timestamp) => NetworkClock.NanosecondsSince(network.Time, timestamp);

    /// <summary>Ends the journey in an error.</summary>
    public JourneyResult Fail(JourneyFailure failure, HttpExchangeResult? exchange = null)
    {
        if (Span.IsListening) { Span.Tell(new JourneyFailed(failure)); }
        Complete(exchange, succeeded: false);
        return new JourneyResult(failure, exchange?.Head.Status ?? 0);
    }

    /// <summary>Ends the journey with a complete response.</summary>
    public JourneyResult Succeed(HttpExchangeResult exchange)
    {
        Complete(exchange, succeeded: true);
        return new JourneyResult(null, exchange.Head.Status);
    }

    private void Complete(HttpExchangeResult? exchange, bool succeeded)
    {
        if (!Span.IsListening) { return; }
        var wait = exchange is { FirstByteNanoseconds: >= 0, SentNanoseconds: >= 0 } ? Math.Max(0, exchange.FirstByteNanoseconds - exchange.SentNanoseconds) : 0;
        var read = exchange is { FirstByteNanoseconds: >= 0 } ? exchange.TotalNanoseconds - exchange.FirstByteNanoseconds : 0;
        Span.Tell(new JourneyCompleted(
            Url?.Href ?? "", succeeded, exchange?.Head.Status ?? 0, exchange is { Head.Status: > 0 } ? exchange.Head.ReasonText : "", exchange?.BodyBytes ?? 0,
            NameNanoseconds, ConnectNanoseconds, TlsNanoseconds, wait, read, Elapsed));
    }
}

/// <summary>What came of a journey.</summary>
/// <param name="Failure">Why it failed; null when it did not.</param>
/// <param name="Status">The response's status code; 0 without one.</param>
public sealed record JourneyResult(JourneyFailure? Failure, int Status)
{
    /// <summary>curl's exit code for it; 0 for a complete response, whatever its status.</summary>
    public int ExitCode => Failure is null ? ExitCodes.Success : FailureTable.Of(Failure).ExitCode;
}

/// <summary>A connector's failure, carried to the journey that wanted the connection.</summary>
internal sealed class ConnectException(JourneyFailure failure) : IOException(failure.GetType().Name)
{
    public JourneyFailure Failure { get; } = failure;
}
