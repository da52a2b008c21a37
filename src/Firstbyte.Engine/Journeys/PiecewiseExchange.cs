using System.Buffers;
using System.Runtime.ExceptionServices;
using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Transfers;

namespace Firstbyte.Journeys;

/// <summary>Fetches one content over several connections, piece by piece (RFC 9110 14).</summary>
/// <remarks>
/// Theory of operation. The first piece is asked for as a range. 206 with the length of the whole and a strong entity tag shows that others can be: they are
/// asked for on further connections, each under the condition that it is still the same content (If-Range, RFC 9110 13.1.5), and each has to be the piece that
/// was asked for. What comes is handed on in order, so that whoever takes it notices nothing, and what has come of a transfer that breaks off can be gone on
/// with. Pieces that came early wait here: two for each connection, and no more. Where the server knows no ranges it sends the whole, which is taken as it
/// comes; where nothing would show that two pieces are of the same content, the whole is asked for.
/// <code>
///   connection 1   │ piece 1 │ piece 5 │ …
///   connection 2     │ piece 2  │ piece 6 …          ─► sink: 1 2 3 …
///   connection 3     │ piece 3 │ …
/// </code>
/// </remarks>
internal sealed class PiecewiseExchange(ClientContext context, IExchange inner) : IExchange
{
    // A piece takes long enough for the round trip before it not to matter much, and a window of them is small beside what a machine has (own choice).
    internal const int PieceLength = 4 * 1024 * 1024;

    /// <summary>Connections at once, at most: what one client takes from a server, others do not get (own choice; browsers open 6).</summary>
    internal const int MostConnections = 32;

    private const int PiecesAConnection = 2;

    /// <inheritdoc/>
    public ValueTask<ExchangeEnd> RunAsync(Journey journey, CancellationToken cancellationToken) =>
        context.Options.Connections > 1 && MayComeInPieces(journey.Request)
            ? FetchAsync(journey, cancellationToken) : inner.RunAsync(journey, cancellationToken);

    private static bool MayComeInPieces(JourneyRequest request) =>
        request is { MethodOnTheWire: "GET", Body: null, Range: null, AcceptsCodings: false }
        && !request.Fields.Any(static field => field.Name.Equals("Range", StringComparison.OrdinalIgnoreCase));

    private async ValueTask<ExchangeEnd> FetchAsync(Journey journey, CancellationToken cancellationToken)
    {
        var wanted = journey.Sink;
        var from = journey.Resume?.Position ?? 0;
        var length = context.Options.PieceLength;
        using var others = new Pieces(this, journey, length, cancellationToken);
        var first = new FirstSink(wanted, journey, from, others);
        (journey.Sink, journey.Piece) = (first, new ContentPiece(from, from + length - 1, journey.Resume?.Validator));
        ExchangeEnd end;
        try
        {
            end = await inner.RunAsync(journey, cancellationToken);
            if (end.Failure is null && others.HasBegun)
            {
                end = end with { Failure = await others.DeliverAsync(wanted) };
                journey.Response!.BodyBytes += others.Delivered;
            }
        }
        finally
        {
            (journey.Sink, journey.Piece) = (wanted, null);
            await others.StopAsync();
        }
        return first.IsUnusable ? await inner.RunAsync(journey, cancellationToken) : end;
    }

    /// <summary>One piece, on whatever connection there is.</summary>
    private async ValueTask<JourneyFailure?> FetchPieceAsync(Journey whole, ContentPiece piece, PieceSink sink, CancellationToken cancellationToken)
    {
        var journey = new Journey(default, context.Network, whole.Request, sink)
        {
            Resume = null,
            Piece = piece,
            RedirectedFrom = whole.RedirectedFrom,
            Proxy = whole.Proxy,
            TargetAddress = whole.TargetAddress,
            Authorization = whole.Authorization,
            ProxyAuthorization = whole.ProxyAuthorization,
            Cookies = whole.Cookies,
        };
        journey.LeadTo(whole.Url);
        sink.Of(journey);
        var end = await inner.RunAsync(journey, cancellationToken);
        return sink.Refusal ?? end.Failure ?? (sink.IsWhole ? null : sink.Refuse());
    }

    /// <summary>Takes the first piece, and sees by its head whether there can be others.</summary>
    private sealed class FirstSink(IBodySink wanted, Journey journey, long from, Pieces others) : IBodySink
    {
        /// <summary>The whole has to be asked for: this is none of it, or could not be put together with anything.</summary>
        public bool IsUnusable { get; private set; }

        public void Begin(ContentDescription content)
        {
            var head = journey.Response!.Head;
            var (outcome, complete) = Judge(head);
            IsUnusable = outcome is PiecesOutcome.NoValidator or PiecesOutcome.NoLength or PiecesOutcome.Less || (outcome == PiecesOutcome.Empty && from == 0);
            if (outcome is { } told && journey.Span.IsListening)
            {
                journey.Span.Tell(new PiecesJudged(told, others.Connections, others.Length, complete));
            }
            if (IsUnusable) { return; }
            if (outcome == PiecesOutcome.Pieces)
            {
                others.Begin(from, complete!.Value, Tag(head)!);
                wanted.Begin(content with { Whole = complete.Value - from });
            }
            else { wanted.Begin(content); }
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) =>
            IsUnusable ? ValueTask.CompletedTask : wanted.WriteAsync(piece, cancellationToken);

        public void End(bool isWhole) => wanted.End(isWhole);

        private (PiecesOutcome? Outcome, long? Complete) Judge(ResponseHead head)
        {
            switch (head.Status)
            {
                case 200: return (PiecesOutcome.NoRanges, null);
                case 416: return (PiecesOutcome.Empty, null);
                case 206 when ContentRange.TryRead(head.Fields.Find("Content-Range"u8) ?? "", out var range) && range.First == from:
                    if (range.Complete is not { } complete) { return (PiecesOutcome.NoLength, null); }
                    if (range.Last + 1 == complete) { return (PiecesOutcome.One, complete); }
                    if (Tag(head) is null) { return (PiecesOutcome.NoValidator, complete); }
                    return (range.Last == from + others.Length - 1 ? PiecesOutcome.Pieces : PiecesOutcome.Less, complete);
                default: return (null, null);
            }
        }
    }

    private static string? Tag(ResponseHead head) =>
        head.Fields.Find("ETag"u8) is { } text && EntityTag.TryRead(text, out var tag) && !tag.IsWeak ? tag.ToString() : null;

    /// <summary>The pieces behind the first one: which come, which are here, and which were handed on.</summary>
    private sealed class Pieces(PiecewiseExchange exchange, Journey journey, int length, CancellationToken cancellationToken) : IDisposable
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        private readonly List<Task> _connections = [];
        private readonly Dictionary<long, byte[]> _here = [];
        private TaskCompletionSource _news = new();
        private JourneyFailure? _failure;
        private ExceptionDispatchInfo? _broken;
        private string _validator = "";
        private long _next;
        private long _wanted;
        private long _end;

        public int Connections => exchange.Connections;

        public int Length => length;

        public bool HasBegun => _connections.Count > 0;

        /// <summary>Bytes that were handed on.</summary>
        public long Delivered { get; private set; }

        /// <summary>Asks for the pieces behind the first, on all connections but the one that brings it.</summary>
        public void Begin(long from, long complete, string validator)
        {
            (_next, _wanted, _end, _validator) = (from + length, from + length, complete, validator);
            for (var i = 1; i < Connections; i++) { _connections.Add(FetchAsync()); }
        }

        /// <summary>Hands on what follows the first piece, in order, to its end; what has kept it from that, otherwise.</summary>
        public async ValueTask<JourneyFailure?> DeliverAsync(IBodySink sink)
        {
            // The first piece's connection is free by now.
            _connections.Add(FetchAsync());
            while (_wanted < _end)
            {
                byte[]? piece;
                while (!_here.Remove(_wanted, out piece))
                {
                    _broken?.Throw();
                    if (_failure is not null) { return _failure; }
                    await _news.Task;
                    cancellationToken.ThrowIfCancellationRequested();
                }
                var count = (int)Math.Min(length, _end - _wanted);
                try { await sink.WriteAsync(piece.AsMemory(0, count), cancellationToken); }
                catch (IOException e) { return new BodyUnsaved(IoErrors.ToErrno(e), Delivered); }
                finally { ArrayPool<byte>.Shared.Return(piece); }
                (_wanted, Delivered) = (_wanted + count, Delivered + count);
                Tell();
            }
            return null;
        }

        /// <summary>Ends what is under way, and waits until it has ended.</summary>
        public async ValueTask StopAsync()
        {
            if (_connections.Count == 0) { return; }
            _next = _end;
            GiveUp();
            try { await Task.WhenAll(_connections); }
            catch (OperationCanceledException) { /* They were told to end. */ }
            foreach (var piece in _here.Values) { ArrayPool<byte>.Shared.Return(piece); }
            _here.Clear();
        }

        public void Dispose() => _stop.Dispose();

        /// <summary>One connection's work: a piece after the other, as long as there is room for it.</summary>
        private async Task FetchAsync()
        {
            while (true)
            {
                while (_next < _end && _failure is null && _next - _wanted >= (long)PiecesAConnection * Connections * length) { await _news.Task; }
                if (_next >= _end || _failure is not null || _stop.IsCancellationRequested) { return; }
                var at = _next;
                var count = (int)Math.Min(length, _end - at);
                _next += count;
                var piece = ArrayPool<byte>.Shared.Rent(count);
                try
                {
                    // A connection that breaks off is made again once.
                    var failure = await FetchAsync(at, count, piece);
                    if (failure is ResponseUnreceived or RequestUnsent or ResponseUnreadable { Fault: MessageFault.EndedInBody })
                    {
                        failure = await FetchAsync(at, count, piece);
                    }
                    if (failure is null) { _here.Add(at, piece); }
                    else
                    {
                        ArrayPool<byte>.Shared.Return(piece);
                        _failure ??= failure;
                    }
                }
                catch (Exception e)
                {
                    ArrayPool<byte>.Shared.Return(piece);
                    // Its piece will not come: whoever waits for it is not left waiting.
                    _broken ??= ExceptionDispatchInfo.Capture(e);
                    Tell();
                    throw;
                }
                Tell();
            }
        }

        private ValueTask<JourneyFailure?> FetchAsync(long at, int count, byte[] piece) =>
            exchange.FetchPieceAsync(
                journey, new ContentPiece(at, at + count - 1, _validator), new PieceSink(piece.AsMemory(0, count), at, _end, _validator), _stop.Token);

        // Here and now, as everything that is a journey's.
        private void GiveUp()
        {
            if (_wanted < _end) { _stop.Cancel(); }
            Tell();
        }

        private void Tell()
        {
            var told = _news;
            _news = new TaskCompletionSource();
            told.TrySetResult();
        }
    }

    private int Connections => Math.Min(context.Options.Connections, MostConnections);

    /// <summary>Takes one piece, and nothing that is not it.</summary>
    private sealed class PieceSink(Memory<byte> room, long at, long complete, string validator) : IBodySink
    {
        private Journey? _journey;
        private int _count;

        /// <summary>What came instead.</summary>
        public ContinuationRefused? Refusal { get; private set; }

        public bool IsWhole => _count == room.Length;

        public void Of(Journey journey) => _journey = journey;

        public ContinuationRefused Refuse() => new(_journey!.Origin, at, _journey.Response?.Head.Status ?? 0, ContinuationFault.OtherPart);

        public void Begin(ContentDescription content)
        {
            var head = _journey!.Response!.Head;
            _count = 0;
            var isIt = head.Status == 206 && Tag(head) == validator
                && ContentRange.TryRead(head.Fields.Find("Content-Range"u8) ?? "", out var range)
                && range == new ContentRange(at, at + room.Length - 1, complete);
            Refusal = isIt ? null
                : new ContinuationRefused(_journey.Origin, at, head.Status, head.Status == 206 ? ContinuationFault.OtherPart : ContinuationFault.OtherStatus);
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
        {
            if (Refusal is not null || piece.Length > room.Length - _count) { throw new IOException("this is not the piece that was asked for"); }
            piece.CopyTo(room[_count..]);
            _count += piece.Length;
            return ValueTask.CompletedTask;
        }

        public void End(bool isWhole) { }
    }
}

/// <summary>Which bytes of content are asked for, and of which content they have to be.</summary>
/// <param name="First">The place of the first.</param>
/// <param name="Last">The place of the last.</param>
/// <param name="Validator">The strong entity tag; null for the first piece of all.</param>
internal sealed record ContentPiece(long First, long Last, string? Validator);
