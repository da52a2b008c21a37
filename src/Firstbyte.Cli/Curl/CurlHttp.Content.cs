using System.Globalization;
using System.Text;
using Firstbyte.Codings;
using Firstbyte.Http;

namespace Firstbyte.Cli.Curl;

/// <content>Content, both ways.</content>
internal sealed partial class CurlHttp
{
    private bool _ignores;
    private readonly List<(IContentDecoder Decoder, byte[] Room)> _decoders = [];
    private bool _hasDecoded;

    private void OpenDecoders()
    {
        List<string> codings = [];
        if (_task.Compressed && !_task.Raw) { codings.AddRange(_codings); }
        if (_task.TransferEncoding && !_task.Raw) { codings.AddRange(_transferCodings.Where(static one => !Is(one, "chunked"))); }
        codings.RemoveAll(static one => Is(one, "identity") || Is(one, "none"));
        if (_ignores || codings.Count == 0) { return; }
        if (codings.Count > CodingLimits.Layers) { throw new CurlStop(CurlCode.BadContentEncoding, "Reject response due to more than 5 content encodings"); }
        for (var i = codings.Count - 1; i >= 0; i--)
        {
            if (ContentCodings.Find(codings[i]) is not { } coding)
            {
                _wire.Closes = true;
                throw new CurlStop(CurlCode.BadContentEncoding,
                    $"Unrecognized content encoding type. libcurl understands {ContentCodings.Accepted} content encodings.");
            }
            _decoders.Add((coding.Decode(), new byte[Piece]));
        }
    }

    private void CloseDecoders()
    {
        foreach (var (decoder, _) in _decoders)
        {
            var isWhole = !_hasDecoded || decoder.IsWhole();
            decoder.Dispose();
            if (!isWhole) { throw new CurlStop(CurlCode.BadContentEncoding, "Error while processing content unencoding: incomplete data"); }
        }
        _decoders.Clear();
    }

    private void Deliver(ReadOnlyMemory<byte> piece)
    {
        _trace?.DataIn(piece.Span);
        if (_ignores) { return; }
        _info.Downloaded += piece.Length;
        if (_decoders.Count == 0)
        {
            Hand(piece);
            return;
        }
        _hasDecoded |= piece.Length > 0;
        Decode(0, piece);
    }

    private void Decode(int at, ReadOnlyMemory<byte> piece)
    {
        if (at == _decoders.Count)
        {
            Hand(piece);
            return;
        }
        var (decoder, room) = _decoders[at];
        int written;
        do
        {
            if (!decoder.TryDecode(piece, room, out var consumed, out written))
            {
                throw new CurlStop(CurlCode.BadContentEncoding, "Error while processing content unencoding: invalid data");
            }
            piece = piece[consumed..];
            if (written > 0) { Decode(at + 1, room.AsMemory(0, written)); }
        }
        while (piece.Length > 0 || written > 0);
    }

    private void Hand(ReadOnlyMemory<byte> piece)
    {
        if (piece.Length == 0) { return; }
        _info.Delivered += piece.Length;
        transfer.Order.Sink.Body(piece);
        if (_task.MaxFileSize is { } most && _info.Delivered > most)
        {
            throw new CurlStop(CurlCode.FilesizeExceeded, "Exceeded the maximum allowed file size");
        }
    }

    private async ValueTask LengthAsync(long left)
    {
        while (left > 0)
        {
            if (_wire.Count == 0 && !await FillAsync())
            {
                throw _sourceFault ?? new CurlStop(CurlCode.PartialFile,
                    string.Create(CultureInfo.InvariantCulture, $"end of response with {left} bytes missing"));
            }
            var count = (int)Math.Min(left, _wire.Count);
            Deliver(_wire.Pending[..count]);
            _wire.Consume(count);
            left -= count;
        }
        if (_wire.Count > 0) { _wire.Closes = true; }
    }

    private async ValueTask<bool> FillAsync()
    {
        if (_pendingFill is { } pending)
        {
            _pendingFill = null;
            return await pending;
        }
        return await _wire.FillAsync(transfer.Stop);
    }

    private async ValueTask UntilCloseAsync()
    {
        while (_wire.Count > 0 || await FillAsync())
        {
            Deliver(_wire.Pending);
            _wire.Consume(_wire.Count);
        }
    }

    private async ValueTask ChunksAsync()
    {
        var raw = _task.Raw;
        while (true)
        {
            var line = await ChunkLineAsync(raw);
            var digits = 0;
            while (digits < line.Length && char.IsAsciiHexDigit((char)line[digits])) { digits++; }
            if (digits == 0) { throw Broken("invalid chunk size: a hexadecimal digit is missing"); }
            if (digits > 16 || !long.TryParse(Encoding.ASCII.GetString(line, 0, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var size) || size < 0)
            {
                throw Broken("chunk hex-length longer than 16");
            }
            if (size == 0) { break; }
            while (size > 0)
            {
                if (_wire.Count == 0 && !await FillAsync()) { throw Cut(); }
                var count = (int)Math.Min(size, _wire.Count);
                Deliver(_wire.Pending[..count]);
                _wire.Consume(count);
                size -= count;
            }
            var end = await ChunkLineAsync(raw);
            if (end is not ([(byte)'\n'] or [(byte)'\r', (byte)'\n'])) { throw Broken("trailing CRLF missing"); }
        }
        await TrailersAsync(raw);
        if (_wire.Count > 0) { _wire.Closes = true; }
    }

    private async ValueTask<byte[]> ChunkLineAsync(bool raw)
    {
        var line = await LineAsync() ?? throw Cut();
        if (line[^1] != '\n') { throw Cut(); }
        // A line end without its CR is repaired, and nothing else is believed of the connection.
        if (line.Length < 2 || line[^2] != '\r') { _wire.Closes = true; }
        if (raw) { Deliver(line); }
        return line;
    }

    private async ValueTask TrailersAsync(bool raw)
    {
        for (var lines = 0; ; lines++)
        {
            if (lines > MaxLines) { throw new CurlStop(CurlCode.TooLarge, "Too many response headers, 5000 is max"); }
            var line = await LineAsync() ?? throw Cut();
            if (line[^1] != '\n') { throw Cut(); }
            if (raw) { Deliver(line); }
            if (line is [(byte)'\n'] or [(byte)'\r', (byte)'\n']) { return; }
            if (line.Length < 2 || line[^2] != '\r') { _wire.Closes = true; }
            // Written as lines of the head are, with both characters of their end.
            byte[] whole = line.Length < 2 || line[^2] != '\r' ? [.. line[..^1], (byte)'\r', (byte)'\n'] : line;
            _trace?.HeaderIn(whole);
            _info.HeaderBytes += whole.Length;
            var text = OctetText.Of(whole).TrimEnd('\r', '\n');
            if (text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon) { _info.Headers.Add((text[..colon], text[(colon + 1)..].Trim(' ', '\t'))); }
            if (!raw) { transfer.Order.Sink.Header(whole, CurlHeader.Trailer); }
        }
    }

    private CurlStop Cut() => _sourceFault ?? new CurlStop(CurlCode.PartialFile, "transfer closed with outstanding read data remaining");

    private static CurlStop Broken(string why) => new(CurlCode.RecvError, $"chunked encoding: {why}");

    /// <summary>Reads content away that nobody wants.</summary>
    public static async ValueTask SkipAsync(CurlWire wire, long? length, CancellationToken stop)
    {
        if (length is { } left)
        {
            while (left > 0 && (wire.Count > 0 || await wire.FillAsync(stop)))
            {
                var count = (int)Math.Min(left, wire.Count);
                wire.Consume(count);
                left -= count;
            }
            return;
        }
        while (await wire.ReadLineAsync(MaxLine, stop) is { } line)
        {
            var digits = line.AsSpan().IndexOfAnyExcept(s_hex);
            if (!long.TryParse(Encoding.ASCII.GetString(line, 0, Math.Max(0, digits)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var size) || size < 0)
            {
                return;
            }
            if (size > 0) { await SkipAsync(wire, size, stop); }
            await wire.ReadLineAsync(MaxLine, stop);
            if (size == 0) { return; }
        }
    }
}

/// <summary>Line ends.</summary>
internal static class CurlLines
{
    /// <summary>A CR before every LF that has none.</summary>
    public static byte[] ToCrlf(ReadOnlySpan<byte> text)
    {
        using var lines = new MemoryStream(text.Length + 64);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) { lines.WriteByte((byte)'\r'); }
            lines.WriteByte(text[i]);
        }
        return lines.ToArray();
    }
}

/// <summary>What this double says that it is.</summary>
internal static class CurlEdition
{
    /// <summary>The curl whose command line, bytes and exit codes are spoken here.</summary>
    public const string Version = "8.17.0";
}
