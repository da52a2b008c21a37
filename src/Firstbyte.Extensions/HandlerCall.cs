using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Extensions;

/// <summary>One request of HttpClient on its way: the journey on one side, the response on the other.</summary>
/// <remarks>
/// Theory of operation. The request is translated where its program sends it, and its journey made in the turns of the handler. Content that has come by the
/// end of the turn in which the head did, as that of short responses does, is held and handed over whole; longer content goes through a pipe, so that a slow
/// reader slows the server and not the memory. Events are made only where an activity or a meter is listened to.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The source of cancellation is freed when the journey is over, which every journey is.")]
internal sealed class HandlerCall : IBodySink
{
    // What is held of content at most, in a piece of memory that is no large object's (own choice: as much as a connection receives at once).
    private const int MostHeld = 64 * 1024;

    private readonly HttpRequestMessage _request;
    private readonly HandlerTurns _turns;
    private readonly bool _holdsAll;
    private readonly CancellationToken _asked;
    private readonly StageTelemetry? _telemetry;
    private readonly JourneyRequest _journey;
    private readonly TaskCompletionSource<HttpResponseMessage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _over = new();
    private ContentDescription _content;
    private ResponseHead? _head;
    private HttpResponseMessage? _response;
    private byte[] _held = [];
    private int _count;
    private Pipe? _pipe;
    private bool _isOver;

    /// <param name="request">What is asked.</param>
    /// <param name="options">How.</param>
    /// <param name="turns">Where the journey goes on.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <param name="holdsAll">Whether all content is taken before anybody reads it.</param>
    public HandlerCall(
        HttpRequestMessage request, FirstbyteHandlerOptions options, HandlerTurns turns, CancellationToken cancellationToken, bool holdsAll = false)
    {
        (_request, _turns, _asked, _holdsAll) = (request, turns, cancellationToken, holdsAll);
        _telemetry = StageTelemetry.IsWanted ? new StageTelemetry(request) : null;
        _journey = HandlerMessages.ToJourney(request, options.AcceptsCodings, _telemetry?.Activity, turns);
    }

    /// <summary>The response as soon as its head is there, or why there is none.</summary>
    public Task<HttpResponseMessage> Answer => _answer.Task;

    /// <summary>Makes the journey to its end, in a turn.</summary>
    /// <param name="client">Whose journeys it belongs to.</param>
    /// <param name="silent">A tracer for journeys of which nobody is told.</param>
    public async Task RunAsync(JourneyClient client, Tracer silent)
    {
        var given = _asked.UnsafeRegister(static call => ((HandlerCall)call!).GiveUp(), this);
        JourneyResult? result = null;
        Exception? broken = null;
        try { result = await client.RunAsync(_journey, this, _telemetry is null ? silent : new Tracer(_telemetry), _over.Token); }
        catch (OperationCanceledException e) { broken = new TaskCanceledException("the request was cancelled, or its time was over", e, _asked); }
        // Whatever else it is (content of the program that threw, for instance), it is for whoever has asked.
#pragma warning disable CA1031
        catch (Exception e) { broken = e; }
#pragma warning restore CA1031
        await given.DisposeAsync();
        await _turns.ReturnAsync();
        Finish(result, broken);
    }

    /// <inheritdoc/>
    public void Begin(ContentDescription content)
    {
        (_content, _head, _count) = (content, content.Head, 0);
        if (!_holdsAll) { _turns.Post(static call => ((HandlerCall)call!).GoOnWithPipe(), this); }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        if (_pipe is null && (_holdsAll || _count + piece.Length <= MostHeld))
        {
            Hold(piece.Span);
            return ValueTask.CompletedTask;
        }
        GoOnWithPipe();
        return WriteToPipeAsync(piece, cancellationToken);
    }

    /// <inheritdoc/>
    public void End(bool isWhole) { }

    /// <summary>The reader of the content wants no more of it.</summary>
    public void Leave()
    {
        if (!Volatile.Read(ref _isOver)) { GiveUp(); }
    }

    // From any thread.
    private void GiveUp() => _turns.Post(static call => ((HandlerCall)call!).Cancel(), this);

    private void Cancel()
    {
        if (!_isOver) { _over.Cancel(); }
    }

    private void Hold(ReadOnlySpan<byte> piece)
    {
        if (_count + piece.Length > _held.Length)
        {
            var known = _content.Length is { } length && length <= MostHeld ? (int)length : 0;
            Array.Resize(ref _held, Math.Max(known, Math.Max(_count + piece.Length, Math.Min(2 * _count, Array.MaxLength))));
        }
        piece.CopyTo(_held.AsSpan(_count));
        _count += piece.Length;
    }

    // The rest of the content is still to come: whoever has asked gets the head, and the content while it comes.
    private void GoOnWithPipe()
    {
        if (_isOver || _pipe is not null) { return; }
        _pipe = new Pipe(new PipeOptions(
            pauseWriterThreshold: 256 * 1024, resumeWriterThreshold: 128 * 1024, writerScheduler: new TurnScheduler(_turns), useSynchronizationContext: false));
        _pipe.Writer.Write(_held.AsSpan(0, _count));
        var flushing = _pipe.Writer.FlushAsync(CancellationToken.None);
        // Less than what makes a writer wait.
        if (flushing.IsCompleted) { flushing.GetAwaiter().GetResult(); }
        _held = [];
        Respond(new HandlerContent(_pipe.Reader, _content.Length, this));
    }

    private async ValueTask WriteToPipeAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        var flushed = await _pipe!.Writer.WriteAsync(piece, cancellationToken);
        if (flushed.IsCompleted) { throw new IOException("nobody reads the content any more"); }
    }

    private void Finish(JourneyResult? result, Exception? broken)
    {
        Volatile.Write(ref _isOver, true);
        _over.Dispose();
        _telemetry?.End(result);
        broken ??= result!.Failure is { } failure ? HandlerMessages.ToException(failure, _request) : null;
        if (broken is null && _pipe is null) { Respond(new HandlerContent(_held, _count)); }
        if (_response is { } response && _head is { } head) { HandlerMessages.AddTrailers(response, head.Trailers); }
        _pipe?.Writer.Complete(broken is TaskCanceledException ? new OperationCanceledException("the request was given up", broken) : broken);
        if (broken is null) { _answer.TrySetResult(_response!); }
        else { _answer.TrySetException(broken); }
    }

    private void Respond(HandlerContent body)
    {
        _response = HandlerMessages.ToResponse(_request, _head ?? throw new InvalidOperationException("content came without a head"), _content, body);
        // With content that is whole it is answered when its trailers are there.
        if (_pipe is not null) { _answer.TrySetResult(_response); }
    }
}
