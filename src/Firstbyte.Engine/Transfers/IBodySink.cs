using System.Buffers;

namespace Firstbyte.Transfers;

/// <summary>Takes what a journey brings, in pieces, as they come. No body is held anywhere else.</summary>
/// <remarks>
/// One sink serves one journey, of whatever scheme: begun when the content is about to come (and again, should the request have to be sent twice before any
/// of it came), and told the end once, by whoever began the journey.
/// </remarks>
public interface IBodySink
{
    /// <summary>The server has agreed to send; the pieces follow. Not called for content that was never promised.</summary>
    /// <param name="content">What is known of it in advance.</param>
    void Begin(ContentDescription content);

    /// <summary>Takes one piece; its memory is the connection's and is used again after the call.</summary>
    /// <exception cref="IOException">The piece could not be kept: the transfer ends, with the exception's errno (<see cref="Sockets.IoErrors"/>).</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);

    /// <summary>Nothing more will come. Told also when nothing was begun.</summary>
    /// <param name="isWhole">Whether all that was promised came.</param>
    void End(bool isWhole);
}

/// <summary>A sink for a body that nobody wants.</summary>
public sealed class DiscardingSink : IBodySink
{
    /// <summary>The one instance: it holds nothing.</summary>
    public static readonly DiscardingSink Instance = new();

    private DiscardingSink() { }

    /// <inheritdoc/>
    public void Begin(ContentDescription content) { }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public void End(bool isWhole) { }
}

/// <summary>A sink that keeps the body in memory, for bodies that are known to be small (give the connection a limit).</summary>
public sealed class MemorySink : IBodySink
{
    private readonly ArrayBufferWriter<byte> _body = new();

    /// <summary>What has come so far.</summary>
    public ReadOnlyMemory<byte> Body => _body.WrittenMemory;

    /// <inheritdoc/>
    public void Begin(ContentDescription content) => _body.ResetWrittenCount();

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        _body.Write(piece.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void End(bool isWhole) { }
}
