using Firstbyte.Http;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Journeys;

/// <summary>Tries again what failed for a while, as often as the user allows, and goes on where a transfer broke off.</summary>
/// <remarks>
/// Theory of operation. What passes is told by the status (408, 429, 500, 502, 503, 504, as curl's --retry has it) or by the failure (no answer in time, a name
/// server that does not answer, a connection that broke). The wait is the server's Retry-After, else a second that doubles. A request that is not idempotent
/// goes again only where the server says that it has not done it (429, 503) or was never reached (RFC 9110 9.2.2). Content that has come is not asked for
/// again: where the server named it by a strong validator, the rest is asked for under the condition that it is still the same (Range with If-Range, RFC
/// 9110 13.1.5); where it is another by now, the transfer ends, as two halves of different things make no whole. What was sent and can be had only once
/// is not sent again, and what would be sent only when the user's time is over is not waited for: then the answer stands.
/// </remarks>
internal sealed class RetryExchange(ClientContext context, IExchange inner) : IExchange
{
    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(1);

    // curl: RETRY_SLEEP_MAX.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public ValueTask<ExchangeEnd> RunAsync(Journey journey, CancellationToken cancellationToken) =>
        context.Options.Retries is > 0 and var most ? RetryAsync(journey, most, cancellationToken) : inner.RunAsync(journey, cancellationToken);

    private async ValueTask<ExchangeEnd> RetryAsync(Journey journey, int most, CancellationToken cancellationToken)
    {
        var wait = s_firstWait;
        var start = journey.Resume;
        var began = context.Network.Time.GetTimestamp();
        TimeSpan? Left() => context.Options.MaximumTime - context.Network.Time.GetElapsedTime(began);
        var sink = new ResumingSink(journey.Sink, journey, start, head => Left() is not { } left || left > (WaitAskedFor(head) ?? wait));
        for (var retry = 1; ; retry++)
        {
            sink.Expect(isLast: retry > most);
            journey.Sink = sink;
            var end = await inner.RunAsync(journey, cancellationToken);
            sink.CountInto(journey);
            if (sink.HasChanged) { return end with { Failure = sink.Broken }; }
            if (retry > most || !MayGoAgain(journey, end.Failure, sink))
            {
                if (retry <= most && HasBrokenOff(end.Failure, sink) && sink.Resume is null && journey.Span.IsListening)
                {
                    journey.Span.Tell(new ResumeImpossible(sink.Delivered));
                }
                return end;
            }
            if (journey.Request.Body is { IsSpent: true } body)
            {
                if (journey.Span.IsListening) { journey.Span.Tell(new RetryImpossible(body.Origin.Kind, body.Origin.Name)); }
                return end;
            }
            var asked = end.Failure is null ? WaitAskedFor(journey.Response!.Head) : null;
            // Of an answer it was judged when its content began, which has been passed on by now or has not.
            if (end.Failure is null ? sink.IsLate : Left() <= wait)
            {
                if (journey.Span.IsListening)
                {
                    journey.Span.Tell(new RetryTooLate(
                        (asked ?? wait).Ticks * TimeSpan.NanosecondsPerTick, asked is not null,
                        (long)Math.Max(0, Left().GetValueOrDefault().TotalMilliseconds) * 1_000_000));
                }
                return end;
            }
            sink.Broken = end.Failure;
            journey.Resume = sink.Resume ?? start;
            if (journey.Span.IsListening)
            {
                journey.Span.Tell(new RetryPlanned(
                    retry, most, end.Failure is null ? journey.Response!.Head.Status : 0, end.Failure,
                    (asked ?? wait).Ticks * TimeSpan.NanosecondsPerTick, asked is not null, sink.Resume?.Position));
            }
            await Task.Delay(asked ?? wait, context.Network.Time, cancellationToken);
            wait = wait * 2 < s_longestWait ? wait * 2 : s_longestWait;
        }
    }

    private static bool MayGoAgain(Journey journey, JourneyFailure? failure, ResumingSink sink)
    {
        // What passes of a server passes of a proxy.
        if (failure is ProxyFailed { Cause: var cause }) { failure = cause; }
        var isIdempotent = HttpRequest.IsIdempotentMethod(journey.Request.MethodOnTheWire);
        // What has come cannot be taken back: it is gone on with, or nothing is.
        if (sink.Delivered > 0 && failure is not null) { return sink.Resume is not null && HasBrokenOff(failure, sink); }
        return failure switch
        {
            null => sink.MayPass,
            NameUnresolved or OutOfTime { Step: JourneyStep.Name or JourneyStep.Connect } => true,
            NotConnected connecting => FailureTable.Of(connecting).ExitCode == ExitCodes.TimedOut,
            ResponseUnreceived or RequestUnsent or ResponseUnreadable
            {
                Fault: MessageFault.EndedBeforeFirstByte or MessageFault.EndedInHead or MessageFault.EndedInBody
            } => isIdempotent,
            _ => false,
        };
    }

    // In the middle of content, as a transfer does that could be gone on with.
    private static bool HasBrokenOff(JourneyFailure? failure, ResumingSink sink) =>
        sink.Delivered > 0 && failure is ResponseUnreceived or ResponseUnreadable { Fault: MessageFault.EndedInBody };

    private TimeSpan? WaitAskedFor(ResponseHead head) =>
        head.Fields.Find("Retry-After"u8) is { } value ? RetryAfter.Read(value, Instant.FromDateTimeOffset(context.Network.Time.GetUtcNow())) : null;

    /// <summary>Passes content on once, over as many responses as it takes, and keeps from it what is no content of the user's.</summary>
    private sealed class ResumingSink(IBodySink wanted, Journey journey, ResumePoint? start, Func<ResponseHead, bool> hasTime) : IBodySink
    {
        private bool _isLast;
        private long _from;
        private string? _validator;

        /// <summary>Bytes that have been passed on.</summary>
        public long Delivered { get; private set; }

        /// <summary>The response is one that passes, and its content is passed over.</summary>
        public bool IsPassing { get; private set; }

        /// <summary>What was to be gone on with is not what the server has now.</summary>
        public bool HasChanged { get; private set; }

        /// <summary>Why the try before failed.</summary>
        public JourneyFailure? Broken { get; set; }

        /// <summary>From where the rest can be asked for; null where nothing has come, or nobody could tell whether it is the rest of the same.</summary>
        public ResumePoint? Resume => Delivered > 0 && _validator is not null ? new ResumePoint(_from + Delivered, _validator) : null;

        /// <summary>The status is one that passes, and the request may go out again because of it.</summary>
        public bool MayPass { get; private set; }

        /// <summary>The response is one that passes, but not in the time that the user gives.</summary>
        public bool IsLate { get; private set; }

        public void Expect(bool isLast) => (_isLast, IsPassing, MayPass, IsLate) = (isLast, false, false, false);

        /// <summary>Content that came before counts as content of the journey.</summary>
        public void CountInto(Journey one)
        {
            if (one is { Resume: { } resume, Response: { Head.Status: 206 } response } && !HasChanged)
            { response.BodyBytes += Math.Max(0, resume.Position - _from); }
        }

        public void Begin(ContentDescription content)
        {
            var head = journey.Response!.Head;
            if (Delivered > 0)
            {
                HasChanged = head.Status != 206
                    || !ContentRange.TryRead(head.Fields.Find("Content-Range"u8) ?? "", out var range) || range.First != _from + Delivered;
                if (HasChanged && journey.Span.IsListening) { journey.Span.Tell(new ResumeRefused(head.Status, Delivered)); }
                return;
            }
            MayPass = head.Status is 429 or 503
                || (head.Status is 408 or 500 or 502 or 504 && HttpRequest.IsIdempotentMethod(journey.Request.MethodOnTheWire));
            // What cannot be asked again is the answer.
            IsPassing = !_isLast && MayPass && journey.Request.Body is not { IsSpent: true };
            IsLate = IsPassing && !hasTime(head);
            IsPassing &= !IsLate;
            if (IsPassing) { return; }
            // A weak validator says that two are alike, not that their bytes are the same; and what is a part already is not resumed.
            _from = head.Status == 206 ? start?.Position ?? 0 : 0;
            var isKnown = head.Status == 200
                || ((start is not null || journey.Piece is not null)
                    && ContentRange.TryRead(head.Fields.Find("Content-Range"u8) ?? "", out var part) && part.First == _from);
            _validator = isKnown && journey.Request.MethodOnTheWire == "GET" && head.Fields.Find("ETag"u8) is ['"', .., '"'] tag ? tag : null;
            wanted.Begin(content);
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
        {
            if (IsPassing || HasChanged) { return; }
            await wanted.WriteAsync(piece, cancellationToken);
            Delivered += piece.Length;
        }

        public void End(bool isWhole) => wanted.End(isWhole);
    }
}

/// <summary>Where a transfer goes on.</summary>
/// <param name="Position">How many bytes are here.</param>
/// <param name="Validator">The strong entity tag that says of what they are; null where nobody knows.</param>
internal sealed record ResumePoint(long Position, string? Validator);
