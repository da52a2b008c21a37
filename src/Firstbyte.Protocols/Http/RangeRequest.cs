using System.Globalization;

namespace Firstbyte.Http;

/// <summary>What a Range field asks for, of a representation of a known length.</summary>
public enum RangeOutcome
{
    /// <summary>Nothing that a server has to heed: another unit, more than one range, or no range at all. The whole is the answer.</summary>
    Whole,

    /// <summary>One range of bytes.</summary>
    Part,

    /// <summary>A range that begins behind the end: 416.</summary>
    Unsatisfiable,
}

/// <summary>Which bytes a client wants (RFC 9110 14.2).</summary>
public static class RangeRequest
{
    /// <summary>Reads the value of a Range field against a representation.</summary>
    /// <remarks>
    /// <c>bytes=first-[last]</c> or <c>bytes=-suffix-length</c>. A last position behind the end means the end; a server may answer several ranges with the
    /// whole, and here does, which also leaves those alone who ask for many that overlap (RFC 9110 17.15).
    /// </remarks>
    /// <param name="value">The field's value.</param>
    /// <param name="length">How long the representation is.</param>
    /// <param name="part">Which part it is.</param>
    public static RangeOutcome Read(ReadOnlySpan<char> value, long length, out ContentRange part)
    {
        part = default;
        value = value.Trim(" \t");
        if (!value.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase)) { return RangeOutcome.Whole; }
        var range = value[6..].Trim(" \t");
        var hyphen = range.IndexOf('-');
        if (hyphen < 0 || range.Contains(',')) { return RangeOutcome.Whole; }
        var before = range[..hyphen];
        var behind = range[(hyphen + 1)..];
        if (before.Length == 0)
        {
            if (!IsNumber(behind, out var suffix)) { return RangeOutcome.Whole; }
            if (suffix == 0 || length == 0) { return RangeOutcome.Unsatisfiable; }
            part = new ContentRange(Math.Max(0, length - suffix), length - 1, length);
            return RangeOutcome.Part;
        }
        if (!IsNumber(before, out var first)) { return RangeOutcome.Whole; }
        var last = long.MaxValue;
        if (behind.Length > 0 && (!IsNumber(behind, out last) || last < first)) { return RangeOutcome.Whole; }
        if (first >= length) { return RangeOutcome.Unsatisfiable; }
        part = new ContentRange(first, Math.Min(last, length - 1), length);
        return RangeOutcome.Part;
    }

    // A number of more digits than fit is larger than every representation.
    private static bool IsNumber(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        if (text.Length == 0 || text.IndexOfAnyExceptInRange('0', '9') >= 0) { return false; }
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)) { number = long.MaxValue; }
        return true;
    }
}
