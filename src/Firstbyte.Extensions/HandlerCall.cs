using System.IO.Pipelines;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Extensions;

/// <summary>One request of HttpClient on its way: the journey on one side, the response on the other, and a pipe between.</summary>
internal sealed class HandlerCall : IBodySink
{
    private readonly HttpRequestMessage _request;
    private readonly FirstbyteHandlerOptions _options;
    private readonly INetwork _network;
    private readonly CancellationTokenSource _over;
    private readonly CancellationToken _asked;
    private readonly StageTelemetry _telemetry;
    private readonly TaskCompletionSource<HttpResponseMessage> _head = new();
    private readonly Pipe _pipe;
    private HttpResponseMessage? _response;

    /// <param name="request">What is asked.</param>
    /// <param name="options">How.</param>
    /// <param name="network">The clock.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <param name="holdsAll">Whether all content is taken before anybody reads it.</param>
    public HandlerCall(
        HttpRequestMessage request, FirstbyteHandlerOptions options, INetwork network, CancellationToken cancellationToken, bool holdsAll = false)
    {
        (_request, _options, _network, _asked) = (request, options, network, cancellationToken);
        _over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _telemetry = new StageTelemetry(request);
        _pipe = new Pipe(new PipeOptions(pauseWriterThreshold: holdsAll ? 0 : 256 * 1024, resumeWriterThreshold: holdsAll ? 0 : 128 * 1024));
    }

    /// <summary>Makes the journey to its end.</summary>
    public async Task<JourneyResult> RunAsync(JourneyClient client)
    {
        JourneyResult? result = null;
        try
        {
            result = await client.RunAsync(
                HandlerMessages.ToJourney(_request, _options.AcceptsCodings, _telemetry.Activity), this, new Tracer(_telemetry), _over.Token);
            return result;
        }
        finally
        {
            _telemetry.End(result);
            if (_response is { } response) { HandlerMessages.AddTrailers(response, _telemetry.Trailers); }
            await _pipe.Writer.CompleteAsync(
                result is null ? new OperationCanceledException("the request was given up")
                : result.Failure is { } failure ? HandlerMessages.ToException(failure, _request) : null);
        }
    }

    /// <summary>The response as soon as its head is there, or why there is none.</summary>
    public async Task<HttpResponseMessage> AnswerAsync(Task<JourneyResult> journey)
    {
        var first = await Task.WhenAny(_head.Task, journey);
        if (first == _head.Task) { return await _head.Task; }
        JourneyResult result;
        try { result = await journey; }
        catch (OperationCanceledException e) when (_asked.IsCancellationRequested)
        {
            throw new TaskCanceledException("the request was cancelled, or its time was over", e, _asked);
        }
        if (result.Failure is { } failure && !_head.Task.IsCompleted) { throw HandlerMessages.ToException(failure, _request); }
        return await _head.Task;
    }

    /// <summary>The response to a journey that has ended, or why there is none.</summary>
    public HttpResponseMessage Answer(JourneyResult result) =>
        result.Failure is { } failure ? throw HandlerMessages.ToException(failure, _request)
        : _response ?? throw new InvalidOperationException("a journey succeeded without a response");

    /// <inheritdoc/>
    public void Begin(ContentDescription content)
    {
        var head = _telemetry.Head ?? throw new InvalidOperationException("content came before a head was told");
        _response = HandlerMessages.ToResponse(_request, head, _telemetry.Url, content, new HandlerContent(_pipe.Reader, content.Length, _over));
        _head.TrySetResult(_response);
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        var flushed = await _pipe.Writer.WriteAsync(piece, cancellationToken);
        if (flushed.IsCompleted) { throw new IOException("nobody reads the content any more"); }
    }

    /// <inheritdoc/>
    public void End(bool isWhole) { }
}
