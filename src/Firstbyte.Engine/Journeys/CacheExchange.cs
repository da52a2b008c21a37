using System.Buffers;
using System.Text;
using Firstbyte.Http;
using Firstbyte.Http.Caching;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;
using Firstbyte.Urls;

namespace Firstbyte.Journeys;

/// <summary>Answers from what is kept, asks whether that is still so, and keeps what comes (RFC 9111).</summary>
/// <remarks>
/// Theory of operation. All rules are <see cref="ResponseCache"/>'s. What is kept has its content codings, which are taken off around this exchange as if it
/// had come. While a server is asked about what is kept, its 304 is no content of the user's, nor is an error in the place of which something stale may stand:
/// both are read here, and what is kept is handed on. What the user gets is a head that the same reader has read as those of a connection, with its age.
/// </remarks>
internal sealed class CacheExchange(ClientContext context, IExchange inner) : IExchange
{
    private const int Piece = 64 * 1024;

    /// <inheritdoc/>
    public ValueTask<ExchangeEnd> RunAsync(Journey journey, CancellationToken cancellationToken) =>
        // What is gone on with (Range) is the server's alone.
        context.Options.Cache is { } cache && journey.Resume is null
            ? RunAsync(journey, cache, cancellationToken) : inner.RunAsync(journey, cancellationToken);

    private async ValueTask<ExchangeEnd> RunAsync(Journey journey, ResponseCache cache, CancellationToken cancellationToken)
    {
        var call = new Call(cache, RequestOf(journey));
        if (cache.Look(call.Request, Now) is not var (kept, verdict))
        {
            if (call.Request.Control.OnlyIfCached) { return await AnswerNothingAsync(journey, cancellationToken); }
            return await AskAsync(journey, call, null, cancellationToken);
        }
        if (verdict.Use != CacheUse.Validate)
        {
            return await AnswerAsync(journey, kept, verdict.Use == CacheUse.Fresh ? CacheAnswer.Fresh : CacheAnswer.Stale, cancellationToken);
        }
        if (call.Request.Control.OnlyIfCached) { return await AnswerNothingAsync(journey, cancellationToken); }
        journey.Conditions = call.Request.Method == "GET" ? CacheValidation.Of(kept) : [];
        if (journey.Span.IsListening)
        {
            journey.Span.Tell(new CacheDoubted(
                verdict.Doubt, verdict.Age.ToNanoseconds(), verdict.FreshFor.ToNanoseconds(), journey.Conditions));
        }
        return await AskAsync(journey, call, kept, cancellationToken);
    }

    private Instant Now => Instant.FromDateTimeOffset(context.Network.Time.GetUtcNow());

    private CacheRequest RequestOf(Journey journey) =>
        new(journey.Request.MethodOnTheWire, RequestComposer.AbsoluteTargetOf(journey.Url), RequestComposer.Compose(
            journey.Url, journey.Request, context.Options.UserAgent, journey.Cookies, journey.Authorization).Fields);

    /// <summary>Asks the server, with conditions where something is kept.</summary>
    private async ValueTask<ExchangeEnd> AskAsync(Journey journey, Call call, CachedResponse? kept, CancellationToken cancellationToken)
    {
        var wanted = journey.Sink;
        for (; ; )
        {
            var requestedAt = Now;
            journey.Resume = null;
            var sink = new KeepingSink(wanted, journey, call, kept, this);
            journey.Sink = sink;
            ExchangeEnd end;
            try { end = await inner.RunAsync(journey, cancellationToken); }
            finally { journey.Sink = wanted; }
            if (kept is not null && sink.IsHeld)
            {
                if (end.Failure is not null && !sink.MayStandIn) { return end; }
                var head = journey.Response!.Head;
                if (end.Failure is null && head.Status == 304)
                {
                    if (Freshen(journey, call, kept, head, requestedAt, sink.ReceivedAt) is { } freshened)
                    {
                        return await AnswerAsync(journey, freshened, CacheAnswer.Validated, cancellationToken);
                    }
                    // It was about another state, and nobody has that one: all of it is asked for.
                    (kept, journey.Conditions) = (null, []);
                    continue;
                }
                return await AnswerAsync(journey, kept, CacheAnswer.InsteadOfError, cancellationToken);
            }
            // Nobody has answered, and nothing was handed on.
            if (end.Failure is not null && kept is not null && !sink.HasBegun && MayPass(end.Failure) && CacheReuse.MayStandIn(kept, call.Request, Now))
            {
                return await AnswerAsync(journey, kept, CacheAnswer.InsteadOfError, cancellationToken);
            }
            if (end.Failure is null && journey.Response is { Head.Status: > 0 } response) { Finish(journey, call, response.Head, sink, requestedAt); }
            return end;
        }
    }

    // What RFC 5861 4 calls an error besides 5xx: that nobody is reached, or nobody answers.
    private static bool MayPass(JourneyFailure failure) => failure is ProxyFailed { Cause: var cause } ? MayPass(cause)
        : failure is NameUnresolved or NotConnected or RequestUnsent or ResponseUnreceived or OutOfTime
            or ResponseUnreadable { Fault: MessageFault.EndedBeforeFirstByte or MessageFault.EndedInHead };

    private static CachedResponse? Freshen(
        Journey journey, Call call, CachedResponse kept, ResponseHead head, Instant requestedAt, Instant receivedAt)
    {
        try { return call.Cache.Freshen(kept, call.Request, head.Fields.ToFields(), requestedAt, receivedAt); }
        catch (Exception e) when (IoErrors.IsOne(e))
        {
            TellUnwritten(journey, e);
            return CacheValidation.Freshen(kept, head.Fields.ToFields(), requestedAt, receivedAt);
        }
    }

    /// <summary>A whole response has come and was handed on: it is kept, or makes what is kept worthless.</summary>
    private static void Finish(Journey journey, Call call, ResponseHead head, KeepingSink sink, Instant requestedAt)
    {
        var span = journey.Span;
        var fields = sink.Fields ?? head.Fields.ToFields();
        if (ResponseCache.Changes(call.Request.Method, head.Status))
        {
            foreach (var uri in Changed(journey, call.Request.Uri, fields))
            {
                if (call.Cache.Forget(uri) && span.IsListening) { span.Tell(new CacheForgot(uri)); }
            }
            return;
        }
        if (!ResponseCache.MayAnswer(call.Request) || call.Request.Method != "GET") { return; }
        try
        {
            var refusal = sink.Refusal;
            CachedResponse? kept = null;
            if (refusal == CacheRefusal.None)
            {
                (kept, refusal) = call.Cache.Keep(
                    call.Request, sink.Status, sink.Reason, fields, sink.Take(), requestedAt, sink.ReceivedAt);
            }
            // A server that fails now has not said that what was is no more.
            else if (sink.Status < 500) { call.Cache.ForgetAnswersTo(call.Request); }
            if (!span.IsListening) { return; }
            if (kept is null)
            {
                span.Tell(new CacheNotKept(refusal));
                return;
            }
            var freshness = CacheFreshness.Of(kept);
            var left = kept.Control.NoCache ? TimeSpan.Zero : freshness.Lifetime - CacheFreshness.AgeOf(kept, kept.ReceivedAt);
            span.Tell(new CacheKept(kept.Content.Length, Math.Max(0, left.ToNanoseconds()), freshness.IsGuessed, kept.IsPersonal));
        }
        catch (Exception e) when (IoErrors.IsOne(e)) { TellUnwritten(journey, e); }
    }

    private static void TellUnwritten(Journey journey, Exception e)
    {
        if (journey.Span.IsListening) { journey.Span.Tell(new CacheUnwritten(IoErrors.ToErrno(e))); }
    }

    // RFC 9111 4.4: the target, and what the response names beside it, where that is of the same origin.
    private static IEnumerable<string> Changed(Journey journey, string uri, HttpField[] fields)
    {
        yield return uri;
        foreach (var name in (string[])["Location", "Content-Location"])
        {
            var field = Array.Find(fields, one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (field.Value is { } value && Url.TryParse(value, journey.Url, out var other)
                && (other.Scheme, other.Host, other.EffectivePort) == (journey.Url.Scheme, journey.Url.Host, journey.Url.EffectivePort)
                && RequestComposer.AbsoluteTargetOf(other) is var named && named != uri)
            {
                yield return named;
            }
        }
    }

    /// <summary>Hands on what is kept as the answer.</summary>
    private async ValueTask<ExchangeEnd> AnswerAsync(Journey journey, CachedResponse kept, CacheAnswer how, CancellationToken cancellationToken)
    {
        var now = Now;
        var (freshness, age) = (CacheFreshness.Of(kept), CacheFreshness.AgeOf(kept, now));
        var head = Encoding.Latin1.GetBytes(CachedResponseFile.HeadOf(kept, age));
        var answer = new CacheAnswered(
            how, kept.Status, kept.Reason, [], journey.Request.MethodOnTheWire == "HEAD" ? 0 : kept.Content.Length, age.ToNanoseconds(),
            (freshness.Lifetime - age).ToNanoseconds(), freshness.IsGuessed);
        return await HandOnAsync(journey, head, kept.Content, answer, cancellationToken);
    }

    // RFC 9111 5.2.1.7.
    private static ValueTask<ExchangeEnd> AnswerNothingAsync(Journey journey, CancellationToken cancellationToken) =>
        HandOnAsync(
            journey, "HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), default,
            new CacheAnswered(CacheAnswer.Nothing, 504, "Gateway Timeout", [], 0, 0, 0, false), cancellationToken);

    private static async ValueTask<ExchangeEnd> HandOnAsync(
        Journey journey, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> content, CacheAnswered answer, CancellationToken cancellationToken)
    {
        var isHead = journey.Request.MethodOnTheWire == "HEAD";
        var response = journey.Response = new HttpExchangeResult();
        response.Clear();
        var reader = new ResponseReader();
        reader.Begin(response.Head, isHead ? RequestKind.Head : RequestKind.Other);
        // Each turn takes a line of a head that this cache has written.
        while (reader.Read(head.Span, ended: false, out var consumed).Kind == MessageEventKind.NeedMore && consumed > 0) { head = head[consumed..]; }
        journey.IsFromCache = true;
        if (journey.Span.IsListening) { journey.Span.Tell(answer with { Fields = response.Head.Fields.ToFields() }); }
        journey.Sink.Begin(new ContentDescription(response.Head));
        if (isHead) { return new ExchangeEnd(journey, null); }
        try
        {
            for (var at = 0; at < content.Length; at += Piece)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await journey.Sink.WriteAsync(content.Slice(at, Math.Min(Piece, content.Length - at)), cancellationToken);
                response.BodyBytes = Math.Min(content.Length, at + Piece);
            }
        }
        catch (Exception e) when (IoErrors.IsOne(e)) { return new ExchangeEnd(journey, new BodyUnsaved(IoErrors.ToErrno(e), response.BodyBytes)); }
        return new ExchangeEnd(journey, null);
    }

    private sealed record Call(ResponseCache Cache, CacheRequest Request);

    /// <summary>Passes on what comes and copies what may be kept, or holds back what only says what becomes of that which is kept.</summary>
    private sealed class KeepingSink(IBodySink wanted, Journey journey, Call call, CachedResponse? kept, CacheExchange exchange) : IBodySink
    {
        private ArrayBufferWriter<byte>? _copy;

        /// <summary>The head is one of a 304, or of an error in the place of which something kept stands: nothing of it was handed on.</summary>
        public bool IsHeld { get; private set; }

        /// <summary>What is kept stands in for the server.</summary>
        public bool MayStandIn { get; private set; }

        /// <summary>Something was handed on.</summary>
        public bool HasBegun { get; private set; }

        public CacheRefusal Refusal { get; private set; }

        public int Status { get; private set; }

        public string Reason { get; private set; } = "";

        public HttpField[]? Fields { get; private set; }

        public Instant ReceivedAt { get; private set; }

        public ReadOnlyMemory<byte> Take() => _copy?.WrittenMemory ?? default;

        public void Begin(ContentDescription content)
        {
            var head = journey.Response!.Head;
            (Status, Reason, Fields, ReceivedAt) = (head.Status, head.ReasonText, head.Fields.ToFields(), exchange.Now);
            MayStandIn = kept is not null && Status is 500 or 502 or 503 or 504 && CacheReuse.MayStandIn(kept!, call.Request, ReceivedAt);
            IsHeld = MayStandIn || (kept is not null && Status == 304 && journey.Conditions.Length > 0);
            if (IsHeld) { return; }
            Refusal = ResponseCache.Judge(call.Request, Status, Fields, content.Length);
            _copy = Refusal == CacheRefusal.None ? new ArrayBufferWriter<byte>((int)(content.Length ?? 0) + 1) : null;
            HasBegun = true;
            wanted.Begin(content);
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
        {
            if (IsHeld) { return; }
            await wanted.WriteAsync(piece, cancellationToken);
            if (_copy is not { } copy) { return; }
            if (copy.WrittenCount + (long)piece.Length > CacheStoring.MaximumContent) { (_copy, Refusal) = (null, CacheRefusal.TooLarge); }
            else { copy.Write(piece.Span); }
        }

        public void End(bool isWhole) => wanted.End(isWhole);
    }
}
