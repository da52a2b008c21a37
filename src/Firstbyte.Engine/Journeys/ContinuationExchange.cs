using Firstbyte.Http;
using Firstbyte.Transfers;

namespace Firstbyte.Journeys;

/// <summary>Goes on with content of which a part is here already, and takes nothing for the rest that is not.</summary>
/// <remarks>
/// Theory of operation. The rest is asked for by Range; where it is known of what the part is (a strong entity tag), under the condition that this is what the
/// server still has (If-Range, RFC 9110 13.1.5). 206 from the wanted place on is the rest; 200 under the condition says that there is another by now, and
/// brings all of it; 416 of a whole as long as the part says that nothing is missing. Whatever else comes, an error's page above all, ends the journey before a
/// byte of it is mixed with what is here. It stands around all other exchanges: what is the final answer is known only there.
/// </remarks>
internal sealed class ContinuationExchange(IExchange inner) : IExchange
{
    /// <inheritdoc/>
    public ValueTask<ExchangeEnd> RunAsync(Journey journey, CancellationToken cancellationToken) =>
        journey.Request.ResumeAt == 0 ? inner.RunAsync(journey, cancellationToken) : GoOnAsync(journey, cancellationToken);

    private async ValueTask<ExchangeEnd> GoOnAsync(Journey journey, CancellationToken cancellationToken)
    {
        var request = journey.Request;
        // A part of a representation is not stored over HTTP (RFC 9110 14.5: only by agreement, which nobody has made).
        if (request.Body is not null)
        {
            return new ExchangeEnd(journey, new ContinuationRefused(journey.Origin, Math.Max(0, request.ResumeAt), 0, ContinuationFault.Upload));
        }
        if (journey.Resume is not { } resume) { return await inner.RunAsync(journey, cancellationToken); }
        var sink = new ContinuedSink(journey.Sink, journey, resume);
        journey.Sink = sink;
        var end = await inner.RunAsync(journey, cancellationToken);
        return sink.Refusal is { } refusal && end.Failure is null or BodyUnsaved ? end with { Failure = refusal } : end;
    }

    /// <summary>Passes on what is the rest, and nothing else.</summary>
    private sealed class ContinuedSink(IBodySink wanted, Journey first, ResumePoint resume) : IBodySink
    {
        private bool _isNone;

        public ContinuationRefused? Refusal { get; private set; }

        public void Begin(ContentDescription content)
        {
            var journey = first;
            while (journey.Next is { } next) { journey = next; }
            var head = journey.Response!.Head;
            (Refusal, _isNone) = (null, false);
            var outcome = Judge(head, out var fault);
            if (outcome is not { } told)
            {
                Refusal = new ContinuationRefused(journey.Origin, resume.Position, head.Status, fault);
                return;
            }
            if (journey.Span.IsListening) { journey.Span.Tell(new ContinuationAnswered(resume.Position, told)); }
            _isNone = told == ContinuationOutcome.Complete;
            wanted.Begin(_isNone ? new ContentDescription(0, null) { From = resume.Position }
                : told == ContinuationOutcome.Anew ? content : content with { From = resume.Position });
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
        {
            if (Refusal is not null) { throw new IOException("this is not the rest of what is here"); }
            return _isNone ? ValueTask.CompletedTask : wanted.WriteAsync(piece, cancellationToken);
        }

        public void End(bool isWhole) => wanted.End(isWhole);

        private ContinuationOutcome? Judge(ResponseHead head, out ContinuationFault fault)
        {
            fault = ContinuationFault.OtherStatus;
            switch (head.Status)
            {
                case 206 when ContentRange.TryRead(head.Fields.Find("Content-Range"u8) ?? "", out var range) && range.First == resume.Position:
                    return resume.Validator is null ? ContinuationOutcome.Unverified : ContinuationOutcome.Verified;
                case 206:
                    fault = ContinuationFault.OtherPart;
                    return null;
                case 200 when resume.Validator is not null: return ContinuationOutcome.Anew;
                case 200:
                    fault = ContinuationFault.NoParts;
                    return null;
                case 416 when ContentRange.CompleteLength(head.Fields.Find("Content-Range"u8) ?? "") == resume.Position: return ContinuationOutcome.Complete;
                case 416:
                    fault = ContinuationFault.BeyondEnd;
                    return null;
                default: return null;
            }
        }
    }
}
