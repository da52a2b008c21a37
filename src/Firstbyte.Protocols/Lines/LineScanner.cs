namespace Firstbyte.Lines;

/// <summary>What was found of the next line.</summary>
public enum LineStatus : byte
{
    /// <summary>Its end has not come yet.</summary>
    NeedMore,

    /// <summary>The whole line.</summary>
    Line,

    /// <summary>More bytes than a line may have.</summary>
    TooLong,
}

/// <summary>Finds the next line's end in bytes that grow from call to call, and looks at no byte twice. For every protocol that speaks in lines.</summary>
/// <remarks>A line ends in CRLF, or in LF alone: whether that is taken is for the protocol to say, and the two lengths tell one from the other.</remarks>
public struct LineScanner
{
    private int _scanned;

    /// <summary>Finds a line of at most <paramref name="limit"/> bytes, its terminator not counted.</summary>
    /// <param name="received">The bytes not consumed yet; the same ones as in the last call, and more.</param>
    /// <param name="limit">The longest line that is taken.</param>
    /// <param name="length">Bytes of the line without CRLF or LF.</param>
    /// <param name="wireLength">Bytes of the line with its terminator.</param>
    public LineStatus Next(ReadOnlySpan<byte> received, int limit, out int length, out int wireLength)
    {
        (length, wireLength) = (0, 0);
        var start = _scanned <= received.Length ? _scanned : 0;
        var found = received[start..].IndexOf((byte)'\n');
        if (found < 0)
        {
            _scanned = received.Length;
            // The last byte may be the CR of the terminator.
            return received.Length > limit + 1 || (received.Length > limit && received[^1] != '\r') ? LineStatus.TooLong : LineStatus.NeedMore;
        }
        _scanned = 0;
        var end = start + found;
        wireLength = end + 1;
        length = end > 0 && received[end - 1] == '\r' ? end - 1 : end;
        return length > limit ? LineStatus.TooLong : LineStatus.Line;
    }

    /// <summary>Forgets what has been looked at: other bytes come.</summary>
    public void Reset() => _scanned = 0;
}
