using System.Buffers;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Commands;

/// <summary>How bytes of content become others, each for itself.</summary>
/// <param name="source">The bytes.</param>
/// <param name="destination">Where the others go; it holds as many times more as the mapping may make of them.</param>
/// <returns>How many they are.</returns>
internal delegate int ByteMapping(ReadOnlySpan<byte> source, Span<byte> destination);

/// <summary>Content whose bytes are changed while they are read; that of a file is read once before, to know how long it will be.</summary>
internal sealed class MappedSource : IBodySource
{
    // What a mapping may make of one byte: "%0A".
    private const int Growth = 3;

    private const int PieceLength = 64 * 1024;

    private static readonly SearchValues<byte> s_unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);

    private readonly IBodySource _inner;
    private readonly ByteMapping _mapping;

    private MappedSource(IBodySource inner, ByteMapping mapping)
    {
        (_inner, _mapping) = (inner, mapping);
        if (inner is Io.FileSource file) { Length = Measure(file); }
    }

    /// <inheritdoc/>
    public BodyOrigin Origin => _inner.Origin;

    /// <inheritdoc/>
    public string? Type => _inner.Type;

    /// <inheritdoc/>
    public long? Length { get; }

    /// <inheritdoc/>
    public bool CanRewind => _inner.CanRewind;

    /// <inheritdoc/>
    public bool IsSpent => _inner.IsSpent;

    /// <summary>The content with its bytes changed.</summary>
    public static IBodySource Of(IBodySource source, ByteMapping mapping)
    {
        if (source is not BytesBody { Bytes: var bytes }) { return new MappedSource(source, mapping); }
        var mapped = new byte[bytes.Length * Growth];
        return new BytesBody(mapped.AsMemory(0, mapping(bytes.Span, mapped)));
    }

    /// <summary>What curl's -d makes of a file: no line ends.</summary>
    public static int WithoutLineEnds(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var length = 0;
        while (true)
        {
            // A run at a time: most files have few.
            var end = source.IndexOfAny((byte)'\r', (byte)'\n');
            var run = end < 0 ? source : source[..end];
            run.CopyTo(destination[length..]);
            length += run.Length;
            if (end < 0) { return length; }
            source = source[(end + 1)..];
        }
    }

    /// <summary>What a form makes of a value (WHATWG URL, application/x-www-form-urlencoded; "~" stays as it is, as curl has it).</summary>
    public static int UrlEncoded(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var length = 0;
        foreach (var one in source)
        {
            if (one == ' ') { destination[length++] = (byte)'+'; }
            else if (s_unreserved.Contains(one)) { destination[length++] = one; }
            else
            {
                destination[length++] = (byte)'%';
                destination[length++] = Digit(one >> 4);
                destination[length++] = Digit(one & 0xF);
            }
        }
        return length;
    }

    private static byte Digit(int value) => (byte)"0123456789ABCDEF"[value];

    /// <inheritdoc/>
    public IBodyReader Open() => new Reader(_inner.Open(), _mapping);

    private long Measure(Io.FileSource file)
    {
        using var reader = file.OpenReader();
        var (piece, mapped, length) = (new byte[PieceLength], new byte[PieceLength * Growth], 0L);
        while (reader.Read(piece) is > 0 and var count) { length += _mapping(piece.AsSpan(0, count), mapped); }
        return length;
    }

    private sealed class Reader(IBodyReader inner, ByteMapping mapping) : IBodyReader
    {
        private readonly byte[] _piece = new byte[PieceLength];

        // What a destination too short for three bytes could not take.
        private readonly byte[] _kept = new byte[Growth];
        private int _keptFrom;
        private int _keptTo;

        public bool HasGrown => inner.HasGrown;

        public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
        {
            if (_keptFrom < _keptTo) { return GiveKept(destination.Span); }
            var most = Math.Min(PieceLength, Math.Max(1, destination.Length / Growth));
            while (await inner.ReadAsync(_piece.AsMemory(0, most), cancellationToken) is > 0 and var count)
            {
                if (destination.Length < Growth)
                {
                    (_keptFrom, _keptTo) = (0, mapping(_piece.AsSpan(0, count), _kept));
                    if (_keptTo > 0) { return GiveKept(destination.Span); }
                }
                else if (mapping(_piece.AsSpan(0, count), destination.Span) is > 0 and var length) { return length; }
            }
            return 0;
        }

        public void Close() => inner.Close();

        private int GiveKept(Span<byte> destination)
        {
            var count = Math.Min(destination.Length, _keptTo - _keptFrom);
            _kept.AsSpan(_keptFrom, count).CopyTo(destination);
            _keptFrom += count;
            return count;
        }
    }
}
