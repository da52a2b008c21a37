using System.Buffers;
using Firstbyte.Transfers;

namespace Firstbyte.Codings;

/// <summary>Takes the content codings off what comes, while it comes, and hands the content on.</summary>
/// <remarks>
/// Codings lie one over the other in the order of the field, the last one outermost (RFC 9110 8.4): each is a layer, which hands what it decodes to the next. A
/// layer holds one piece of decoded bytes, never a body. What ends the decoding ends the transfer: <see cref="Fault"/> says why.
/// </remarks>
internal sealed class DecodingSink(IBodySink wanted) : IBodySink
{
    // Decoded bytes that are handed on at a time, as many as a socket brings at once.
    private const int Room = 64 * 1024;

    private Layer[] _layers = [];

    /// <summary>Why the content cannot be decoded; <see cref="CodingFault.None"/> while it can.</summary>
    public CodingFault Fault { get; private set; }

    /// <summary>The codings that were taken off, as the field names them; empty where there was none.</summary>
    public string[] Codings { get; private set; } = [];

    /// <summary>Bytes that came.</summary>
    public long CodedBytes { get; private set; }

    /// <summary>Bytes of content that came out.</summary>
    public long DecodedBytes { get; private set; }

    /// <inheritdoc/>
    public void Begin(ContentDescription content)
    {
        Dispose();
        (Fault, CodedBytes, DecodedBytes) = (CodingFault.None, 0, 0);
        Codings = Split(content.Coding);
        if (Codings.Length > CodingLimits.Layers) { Fault = CodingFault.TooManyLayers; }
        else if (Codings.Any(static name => ContentCodings.Find(name) is null)) { Fault = CodingFault.Unknown; }
        else { _layers = [.. Codings.Reverse().Select(static name => new Layer(ContentCodings.Find(name)!.Decode()))]; }
        wanted.Begin(_layers.Length == 0 ? content : new ContentDescription(null, content.Type)
        {
            Status = content.Status,
            Head = content.Head,
            IsDecoded = true,
        });
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        CodedBytes += piece.Length;
        if (Fault != CodingFault.None) { throw new UndecodableException(); }
        await PassAsync(0, piece, cancellationToken);
    }

    /// <summary>All of the body is here: whether the codings end where it does.</summary>
    public CodingFault Finish()
    {
        if (Fault == CodingFault.None && CodedBytes > 0 && _layers.Any(static layer => !layer.Decoder.IsWhole())) { Fault = CodingFault.EndsAmiss; }
        Dispose();
        return Fault;
    }

    /// <inheritdoc/>
    public void End(bool isWhole)
    {
        Dispose();
        wanted.End(isWhole);
    }

    // Content-Encoding = #content-coding. "identity" says that there is none; it has no place in the field, and harms nobody there (RFC 9110 8.4.1).
    private static string[] Split(string? field) =>
        [.. (field ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(static name => !name.Equals("identity", StringComparison.OrdinalIgnoreCase))];

    private async ValueTask PassAsync(int at, ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        if (at == _layers.Length)
        {
            DecodedBytes += piece.Length;
            await wanted.WriteAsync(piece, cancellationToken);
            return;
        }
        var layer = _layers[at];
        int written;
        do
        {
            if (!layer.Decoder.TryDecode(piece, layer.Decoded, out var consumed, out written)) { throw Refuse(CodingFault.Malformed); }
            layer.Written += written;
            // Each layer for itself, as a bomb may lie in any of them; and all together, as two ratios multiply.
            layer.Consumed += consumed;
            if (IsBomb(layer.Written, layer.Consumed) || IsBomb(layer.Written, CodedBytes)) { throw Refuse(CodingFault.Bomb); }
            piece = piece[consumed..];
            if (written > 0) { await PassAsync(at + 1, layer.Decoded.AsMemory(0, written), cancellationToken); }
        }
        // What came short of the room may be all of a member, with the next one read ahead already: only nothing is the end.
        while (piece.Length > 0 || written > 0);
    }

    private static bool IsBomb(long decoded, long coded) => decoded > CodingLimits.HarmlessBytes && decoded / CodingLimits.Ratio >= Math.Max(1, coded);

    private UndecodableException Refuse(CodingFault fault)
    {
        Fault = fault;
        return new UndecodableException();
    }

    private void Dispose()
    {
        foreach (var layer in _layers) { layer.Dispose(); }
        _layers = [];
    }

    private sealed class Layer(IContentDecoder decoder) : IDisposable
    {
        private readonly byte[] _rented = ArrayPool<byte>.Shared.Rent(Room);

        public IContentDecoder Decoder { get; } = decoder;

        public ArraySegment<byte> Decoded => new(_rented, 0, Room);

        public long Consumed { get; set; }

        public long Written { get; set; }

        public void Dispose()
        {
            Decoder.Dispose();
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }

    /// <summary>Ends the transfer; why, the sink says.</summary>
    private sealed class UndecodableException() : IOException("the content cannot be decoded");
}
