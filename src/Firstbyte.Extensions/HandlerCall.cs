using System.Diagnostics.CodeAnalysis;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Extensions;

/// <summary>One request of HttpClient on its way: the journey on one side, the response on the other.</summary>
/// <remarks>
/// Theory of operation. The request is translated where its program sends it, and its journey made in the turns of the handler. Content that has come by the
/// end of the turn in which the head did, as that of short responses does, is held and handed over whole; longer content is read from the connection as
/// the program reads it (<see cref="HandlerBody"/>). Events are made only where an activity or a meter is listened to.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The content is whoever reads it's, and ends with the journey.")]
internal sealed class HandlerCall : ILendingSink
{
    // What is held of content at most, in a piece of memory that is no large object's (own choice: as much as a connection receives at once).
    private const int MostHeld = 64 * 1024;

    private readonly HandlerClient _client;
    private readonly HttpRequestMessage _request;
    private readonly HandlerTurns _turns;
    private readonly bool _holdsAll;
    private readonly CancellationToken _asked;
    private readonly StageTelemetry? _telemetry;
    private readonly JourneyRequest _journey;
    private readonly TaskCompletionSource<HttpResponseMessage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HandlerRoom? _room;
    private ContentDescription _content;
    private ResponseHead? _head;
    private HttpResponseMessage? _response;
    private byte[] _held = [];
    private int _count;
    private HandlerBody? _body;
    private bool _isPosted;
    private bool _isOver;

    /// <param name="client">Whose request it is.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <param name="holdsAll">Whether all content is taken before anybody reads it.</param>
    public HandlerCall(HandlerClient client, HttpRequestMessage request, CancellationToken cancellationToken, bool holdsAll = false)
    {
        (_client, _request, _turns, _asked, _holdsAll) = (client, request, client.Turns, cancellationToken, holdsAll);
        _telemetry = StageTelemetry.IsWanted ? new StageTelemetry(request) : null;
        _journey = HandlerMessages.ToJourney(request, client.Options.AcceptsCodings, _telemetry?.Activity, _turns);
    }

    /// <summary>The response as soon as its head is there, or why there is none.</summary>
    public Task<HttpResponseMessage> Answer => _answer.Task;

    /// <summary>Makes the journey to its end, in a turn.</summary>
    public async Task RunAsync()
    {
        var room = _room = _client.Enter();
        var given = _asked.UnsafeRegister(static call => ((HandlerCall)call!).GiveUp(), this);
        JourneyResult? result = null;
        Exception? broken = null;
        try
        {
            result = await _client.Journeys.RunAsync(
                _journey, this, _telemetry is null ? _client.Silent : new Tracer(_telemetry), room.Messages, room.Over.Token);
        }
        catch (OperationCanceledException e) { broken = new TaskCanceledException("the request was cancelled, or its time was over", e, _asked); }
        // Whatever else it is (content of the program that threw, for instance), it is for whoever has asked.
#pragma warning disable CA1031
        catch (Exception e) { broken = e; }
#pragma warning restore CA1031
        await given.DisposeAsync();
        await _turns.ReturnAsync();
        Finish(result, broken);
        _room = null;
        _client.Leave(room);
    }

    /// <inheritdoc/>
    public void Begin(ContentDescription content)
    {
        (_content, _head, _count) = (content, content.Head, 0);
        if (_holdsAll) { return; }
        if (content.Length > MostHeld) { GoOnWithBody(); }
        // Where more of it is still to come, who lends memory is asked for some.
        else if (content.Length is null) { GoOnNextTurn(); }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        if (_body is null && (_holdsAll || _count + piece.Length <= MostHeld))
        {
            Hold(piece.Span);
            return ValueTask.CompletedTask;
        }
        GoOnWithBody();
        return _body is null ? throw new IOException("nobody reads the content any more") : _body.HandOverAsync(piece, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Memory<byte>> LendAsync(CancellationToken cancellationToken)
    {
        if (_body is { } body) { return body.LendAsync(cancellationToken); }
        if (!_holdsAll) { GoOnNextTurn(); }
        return default;
    }

    /// <inheritdoc/>
    public void Fill(int count) => _body!.Fill(count);

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
        if (!_isOver) { _room?.Over.Cancel(); }
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

    private void GoOnNextTurn()
    {
        if (_isPosted) { return; }
        _isPosted = true;
        _turns.Post(static call => ((HandlerCall)call!).GoOnWithBody(), this);
    }

    // The rest of the content is still to come: whoever has asked gets the head, and the content while it comes.
    private void GoOnWithBody()
    {
        if (_isOver || _body is not null) { return; }
        _body = new HandlerBody(this, _turns, _content.Length, _held.AsMemory(0, _count));
        Respond(new HandlerContent(_body, _content.Length));
    }

    private void Finish(JourneyResult? result, Exception? broken)
    {
        Volatile.Write(ref _isOver, true);
        _telemetry?.End(result);
        broken ??= result!.Failure is { } failure ? HandlerMessages.ToException(failure, _request) : null;
        if (broken is null && _body is null) { Respond(new HandlerContent(_held, _count)); }
        if (_response is { } response && _head is { } head) { HandlerMessages.AddTrailers(response, head.Trailers); }
        _body?.End(broken is TaskCanceledException ? new OperationCanceledException("the request was given up", broken) : broken);
        if (broken is null) { _answer.TrySetResult(_response!); }
        else { _answer.TrySetException(broken); }
    }

    private void Respond(HandlerContent content)
    {
        _response = HandlerMessages.ToResponse(_request, _head ?? throw new InvalidOperationException("content came without a head"), _content, content);
        // With content that is whole it is answered when its trailers are there.
        if (_body is not null) { _answer.TrySetResult(_response); }
    }
}
