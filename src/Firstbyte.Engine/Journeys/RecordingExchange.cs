using System.Buffers;
using System.Runtime.ExceptionServices;
using Firstbyte.Codings;
using Firstbyte.Http;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Journeys;

/// <summary>Writes down what is asked and answered, for whoever wants to have it whole (<see cref="JourneyOptions.Recorder"/>).</summary>
/// <remarks>
/// It stands inside the decoding and around the cache: each hop of a redirect and each challenge passes here with its content, as it came, and so does what a
/// cache answers. The codings of the copy are taken off here, whether the user wanted it or not: who reads a record wants the content.
/// </remarks>
internal sealed class RecordingExchange(ClientContext context, IExchange inner) : IExchange
{
    /// <inheritdoc/>
    public ValueTask<ExchangeEnd> RunAsync(Journey journey, CancellationToken cancellationToken) =>
        context.Options.Recorder is { } record ? RecordAsync(journey, record, cancellationToken) : inner.RunAsync(journey, cancellationToken);

    private async ValueTask<ExchangeEnd> RecordAsync(Journey journey, Action<RecordedExchange> record, CancellationToken cancellationToken)
    {
        var startedAt = NetworkClock.Now(context.Network);
        long[] before = [.. s_steps.Select(journey.TimeOf)];
        (journey.Sent, journey.Response, journey.IsFromCache) = (null, null, false);
        var wanted = journey.Sink;
        var sink = new CopyingSink(wanted);
        journey.Sink = sink;
        ExchangeEnd? end = null;
        ExceptionDispatchInfo? given = null;
        try { end = await inner.RunAsync(journey, cancellationToken); }
        // Of what is given up in the middle, by a limit or by the user, what had come is written down.
        catch (OperationCanceledException e) { given = ExceptionDispatchInfo.Capture(e); }
        finally { journey.Sink = wanted; }
        var (content, isCoded) = await sink.DecodeAsync();
        var took = s_steps.Select((step, i) => journey.TimeOf(step) - before[i]).Select(static time => time > 0 ? time : (long?)null).ToArray();
        var composed = RequestComposer.Compose(journey.Url, journey.Request, context.Options.UserAgent, journey.Cookies, journey.Authorization);
        var (response, head) = (journey.Response, journey.Response?.Head is { Status: > 0 } one ? one : null);
        var body = journey.Request.Body;
        record(new RecordedExchange
        {
            StartedAt = startedAt,
            Url = RequestComposer.AbsoluteTargetOf(journey.Url),
            Method = composed.Method,
            RequestVersion = HttpVersionText.Of(composed.Version),
            RequestFields = journey.Sent?.FieldsOnTheWire ?? [.. composed.Fields.Select(static field => field with { Value = OctetText.Shown(field.Value) })],
            RequestHeadBytes = journey.Sent?.Head.Length ?? -1,
            RequestContent = (body as BytesBody)?.Bytes,
            RequestContentBytes = body is null ? 0 : body.Length,
            Status = head?.Status ?? 0,
            Reason = head?.ReasonText ?? "",
            ResponseVersion = head is null ? "" : $"HTTP/1.{head.MinorVersion}",
            ResponseFields = head?.Fields.ToFields() ?? [],
            ResponseHeadBytes = head is null || journey.IsFromCache ? -1 : head.WireBytes,
            BodyBytes = sink.Bytes,
            Content = content,
            IsCoded = isCoded,
            IsFromCache = journey.IsFromCache,
            RemoteAddress = response?.RemoteAddress,
            NameNanoseconds = took[0],
            ConnectNanoseconds = took[1],
            TlsNanoseconds = took[2],
            SendNanoseconds = Math.Max(0, response?.SentNanoseconds ?? 0),
            WaitNanoseconds = response is { FirstByteNanoseconds: >= 0 }
                ? Math.Max(0, response.FirstByteNanoseconds - Math.Max(0, response.SentNanoseconds)) : 0,
            ReceiveNanoseconds = response is { FirstByteNanoseconds: >= 0 } ? Math.Max(0, response.TotalNanoseconds - response.FirstByteNanoseconds) : 0,
            Failure = end?.Failure,
        });
        given?.Throw();
        return end!.Value;
    }

    private static readonly JourneyStep[] s_steps = [JourneyStep.Name, JourneyStep.Connect, JourneyStep.Tls];

    /// <summary>Passes content on and holds a copy of it, as long as it is not too long.</summary>
    private sealed class CopyingSink(IBodySink wanted) : IBodySink
    {
        private ArrayBufferWriter<byte>? _copy = new();
        private ContentDescription _content;

        public long Bytes { get; private set; }

        public void Begin(ContentDescription content)
        {
            (_content, Bytes) = (content, 0);
            _copy = content.Length > RecordedExchange.MaximumContent ? null : new ArrayBufferWriter<byte>();
            wanted.Begin(content);
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
        {
            Bytes += piece.Length;
            if (Bytes > RecordedExchange.MaximumContent) { _copy = null; }
            _copy?.Write(piece.Span);
            await wanted.WriteAsync(piece, cancellationToken);
        }

        public void End(bool isWhole) => wanted.End(isWhole);

        public async ValueTask<(ReadOnlyMemory<byte>? Content, bool IsCoded)> DecodeAsync()
        {
            if (_copy is not { } copy) { return (null, _content.Coding is not null); }
            if (_content.Coding is null) { return (copy.WrittenMemory, false); }
            var decoded = new MemorySink();
            var decoding = new DecodingSink(decoded);
            decoding.Begin(_content);
            try { await decoding.WriteAsync(copy.WrittenMemory, CancellationToken.None); }
            // Why it cannot be decoded, the decoding itself says; here it stays as it came.
            catch (IOException) { return (copy.WrittenMemory, true); }
            return decoding.Finish() == CodingFault.None ? (decoded.Body, false) : (copy.WrittenMemory, true);
        }
    }
}
