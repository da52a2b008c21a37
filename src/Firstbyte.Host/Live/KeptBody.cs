using System.Buffers;
using Firstbyte.Host.Settings;
using Firstbyte.Transfers;

namespace Firstbyte.Host.Live;

/// <summary>The beginning of what a journey brought, and how much it was.</summary>
internal sealed class KeptBody : IBodySink
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Bytes that came.</summary>
    public long Length { get; private set; }

    /// <summary>The beginning.</summary>
    public ReadOnlyMemory<byte> Beginning => _bytes.WrittenMemory;

    /// <inheritdoc/>
    public void Begin(ContentDescription content)
    {
        _bytes.ResetWrittenCount();
        Length = 0;
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        Length += piece.Length;
        var room = LiveLimits.MaxShown - _bytes.WrittenCount;
        if (room > 0) { _bytes.Write(piece.Span[..Math.Min(room, piece.Length)]); }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void End(bool isWhole) { }
}
