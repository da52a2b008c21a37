namespace Firstbyte.Http;

/// <summary>Finds the next line's end in bytes that grow from call to call, and looks at no byte twice.</summary>
internal struct LineScanner
{
    private int _scanned;

    internal enum Found : byte
    {
        NeedMore,
        Line,
        TooLong,
    }

    /// <summary>Finds a line of at most <paramref name="limit"/> bytes, its terminator not counted.</summary>
    /// <param name="received">The bytes not consumed yet; the same ones as in the last call, and more.</param>
    /// <param name="limit">The longest line that is taken.</param>
    /// <param name="length">Bytes of the line without CRLF or LF.</param>
    /// <param name="wireLength">Bytes of the line with its terminator.</param>
    public Found Next(ReadOnlySpan<byte> received, int limit, out int length, out int wireLength)
    {
        (length, wireLength) = (0, 0);
        var start = _scanned <= received.Length ? _scanned : 0;
        var found = received[start..].IndexOf((byte)'\n');
        if (found < 0)
        {
            _scanned = received.Length;
            // The last byte may be the CR of the terminator.
            return received.Length > limit + 1 || (received.Length > limit && received[^1] != '\r') ? Found.TooLong : Found.NeedMore;
        }
        _scanned = 0;
        var end = start + found;
        wireLength = end + 1;
        length = end > 0 && received[end - 1] == '\r' ? end - 1 : end;
        return length > limit ? Found.TooLong : Found.Line;
    }

    public void Reset() => _scanned = 0;
}
