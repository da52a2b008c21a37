using System.Buffers;

namespace Firstbyte.Http;

/// <summary>Takes a response's body in pieces, as they come. No body is held anywhere else.</summary>
public interface IBodySink
{
    /// <summary>The head of the final response is complete; the pieces follow. Not called for a response that never came.</summary>
    void Begin(ResponseHead head);

    /// <summary>Takes one piece; its memory is the connection's and is used again after the call.</summary>
    /// <exception cref="IOException">The piece could not be kept: the exchange ends with <see cref="ExchangeFailureReason.SinkFailed"/> and the exception's errno (<see cref="Sockets.IoErrors"/>).</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);
}

/// <summary>A sink for a body that nobody wants.</summary>
public sealed class DiscardingSink : IBodySink
{
    /// <summary>The one instance: it holds nothing.</summary>
    public static readonly DiscardingSink Instance = new();

    private DiscardingSink() { }

    /// <inheritdoc/>
    public void Begin(ResponseHead head) { }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>A sink that keeps the body in memory, for bodies that are known to be small (give the connection a limit).</summary>
public sealed class MemorySink : IBodySink
{
    private readonly ArrayBufferWriter<byte> _body = new();

    /// <summary>What has come so far.</summary>
    public ReadOnlyMemory<byte> Body => _body.WrittenMemory;

    /// <inheritdoc/>
    public void Begin(ResponseHead head) => _body.ResetWrittenCount();

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        _body.Write(piece.Span);
        return ValueTask.CompletedTask;
    }
}
