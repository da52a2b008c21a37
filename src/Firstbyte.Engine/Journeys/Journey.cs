using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Tls;
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

    public string Party => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    public long NameNanoseconds { get; set; }

    public long ConnectNanoseconds { get; set; }

    public long TlsNanoseconds { get; set; }

    public JourneyStep Step { get; set; }

    public long Elapsed => Since(_began);

    public long Timestamp() => network.Time.GetTimestamp();

    public long Since(long timestamp) => (long)((network.Time.GetTimestamp() - timestamp) * (1e9 / network.Time.TimestampFrequency));

    /// <summary>Ends the journey in an error.</summary>
    public JourneyResult Fail(JourneyStep step, string reason, Fault fault, int exitCode, string party = "", string detail = "", HttpExchangeResult? exchange = null)
    {
        var failed = new JourneyFailed(step, reason, fault, party, detail, exitCode);
        Span.Tell(failed);
        Complete(exchange, succeeded: false);
        return new JourneyResult(exitCode, failed, exchange?.Head.Status ?? 0);
    }

    /// <summary>Ends the journey with a complete response.</summary>
    public JourneyResult Succeed(HttpExchangeResult exchange)
    {
        Complete(exchange, succeeded: true);
        return new JourneyResult(ExitCodes.Success, null, exchange.Head.Status);
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
/// <param name="ExitCode">curl's exit code for it; 0 for a complete response, whatever its status.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
/// <param name="Status">The response's status code; 0 without one.</param>
public sealed record JourneyResult(int ExitCode, JourneyFailed? Failure, int Status);

/// <summary>A connector's failure, carried through the connection pool to the journey that wanted the connection.</summary>
internal sealed class ConnectException(JourneyStep step, string reason, Fault fault, int exitCode, string detail = "") : IOException($"{step}: {reason}")
{
    public JourneyStep Step { get; } = step;

    public string Reason { get; } = reason;

    public Fault Fault { get; } = fault;

    public int ExitCode { get; } = exitCode;

    public string Detail { get; } = detail;

    public static ConnectException Of(TlsFailure failure) => failure.Reason == TlsFailureReason.CertificateRejected
        ? new ConnectException(JourneyStep.Tls, failure.Faults.Count > 0 ? failure.Faults[0].Kind.ToString() : failure.Reason.ToString(), Fault.Server, ExitCodes.CertificateRefused)
        : new ConnectException(JourneyStep.Tls, failure.Reason.ToString(), failure.Reason == TlsFailureReason.TransportFailed ? Fault.Network : Fault.Server, ExitCodes.TlsFailed, failure.Alert?.ToString() ?? failure.Error?.ToString() ?? "");
}
