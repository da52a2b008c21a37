using System.Buffers;

namespace Firstbyte.Urls;

/// <summary>
/// The input without what the basic URL parser drops first: C0 controls and spaces at the ends, tabs and newlines anywhere (WHATWG URL
/// section 4.4, steps 1 to 3).
/// </summary>
internal readonly ref struct CleanedInput
{
    private static readonly SearchValues<char> TabOrNewline = SearchValues.Create("\t\n\r");

    private readonly ReadOnlySpan<char> _raw;
    private readonly char[]? _rented;

    /// <summary>Cleans; <paramref name="trim"/> is false for a setter's value, whose ends are kept.</summary>
    public CleanedInput(ReadOnlySpan<char> raw, bool trim = true)
    {
        _raw = raw;
        var (start, end) = (0, raw.Length);
        if (trim)
        {
            while (start < end && raw[start] <= ' ') { start++; }
            while (end > start && raw[end - 1] <= ' ') { end--; }
        }
        Start = start;
        Text = raw[start..end];
        if (!Text.ContainsAny(TabOrNewline)) { return; }
        _rented = ArrayPool<char>.Shared.Rent(Text.Length);
        var length = 0;
        for (var i = 0; i < Text.Length; i++)
        {
            var c = Text[i];
            if (c is '\t' or '\n' or '\r') { continue; }
            if (char.IsLowSurrogate(c) && length > 0 && char.IsHighSurrogate(_rented[length - 1]) && i > 0 && Text[i - 1] != _rented[length - 1])
            {
                // Two lone surrogates were U+FFFD before anything was dropped between them; they must not become a pair.
                c = _rented[length - 1] = '\uFFFD';
            }
            _rented[length++] = c;
        }
        Text = _rented.AsSpan(0, length);
    }

    /// <summary>What the states read.</summary>
    public ReadOnlySpan<char> Text { get; }

    /// <summary>How many characters were dropped at the start.</summary>
    public int Start { get; }

    /// <summary>True when tabs or newlines were dropped inside.</summary>
    public bool HasGaps => _rented is not null;

    /// <summary>Where a position of <see cref="Text"/> stands in the input as it was given.</summary>
    public int PlaceOf(int position)
    {
        if (_rented is null) { return Start + position; }
        var place = Start;
        for (; ; place++)
        {
            if (place >= _raw.Length) { return _raw.Length; }
            if (_raw[place] is '\t' or '\n' or '\r') { continue; }
            if (position-- == 0) { return place; }
        }
    }

    /// <summary>The same for every position, the end included.</summary>
    public int[] Places()
    {
        var places = new int[Text.Length + 1];
        var place = Start;
        for (var i = 0; i < Text.Length; i++)
        {
            while (_raw[place] is '\t' or '\n' or '\r') { place++; }
            places[i] = place++;
        }
        places[^1] = Text.Length == 0 ? Start : places[^2] + 1;
        return places;
    }

    public void Dispose()
    {
        if (_rented is not null) { ArrayPool<char>.Shared.Return(_rented); }
    }
}
