using Firstbyte.Errors;

namespace Firstbyte.Http;

/// <summary>Sends a request again where HTTP lets a client do so by itself, and says where it does not (<see cref="RequestRepeating"/>).</summary>
internal sealed class RepeatingSender(IRequestSender inner) : IRequestSender
{
    /// <inheritdoc/>
    public async ValueTask<HttpExchangeResult> SendAsync(RequestCall call, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await inner.SendAsync(call, cancellationToken);
            // Whoever gives up wants no second try either.
            if (result.Failure is { Reason: ExchangeFailureReason.Cancelled }) { return result; }
            var (request, span) = (call.Prepared.Request, call.Span);
            var verdict = RequestRepeating.Decide(result.Retry, result.ReusedConnection, request.IsIdempotent);
            if (verdict is RepeatVerdict.OnNewConnection or RepeatVerdict.WithoutExpectation && call.Source is { IsSpent: true })
            {
                result.Failure = new ExchangeFailure(
                    ExchangeStep.Send, ExchangeFailureReason.SourceSpent, FaultSide.Own, 0, Error: result.Failure?.Error ?? Errno.None);
                return result;
            }
            switch (verdict)
            {
                case RepeatVerdict.OnNewConnection:
                    if (span.IsListening) { span.Tell(new RequestRetried(request.Method, result.Failure!.Reason)); }
                    call = call with { NeedsNewConnection = true };
                    break;
                case RepeatVerdict.WithoutExpectation:
                    if (span.IsListening) { span.Tell(new ExpectationRefused(result.Head.Status)); }
                    call = call with { Prepared = new PreparedRequest(request.WithoutExpectation()) };
                    break;
                case RepeatVerdict.Forbidden:
                    if (span.IsListening) { span.Tell(new RequestNotRetried(request.Method, result.Failure!.Reason)); }
                    return result;
                default: return result;
            }
        }
    }
}
