using System.Globalization;

namespace Firstbyte.Http;

/// <summary>Which bytes of a representation a 206 response carries (RFC 9110 14.4).</summary>
/// <param name="First">The place of the first byte.</param>
/// <param name="Last">The place of the last byte.</param>
/// <param name="Complete">The length of the whole; null where the server does not know it ("*").</param>
public readonly record struct ContentRange(long First, long Last, long? Complete)
{
    /// <summary>Reads the value of a Content-Range field; false for anything but one range of bytes that is possible.</summary>
    /// <remarks><c>Content-Range = "bytes" SP first-pos "-" last-pos "/" ( complete-length / "*" )</c></remarks>
    public static bool TryRead(ReadOnlySpan<char> value, out ContentRange range)
    {
        range = default;
        if (!value.StartsWith("bytes ", StringComparison.OrdinalIgnoreCase)) { return false; }
        var rest = value[6..].Trim(" \t");
        var (hyphen, slash) = (rest.IndexOf('-'), rest.IndexOf('/'));
        if (hyphen < 0 || slash < hyphen) { return false; }
        if (!IsNumber(rest[..hyphen], out var first) || !IsNumber(rest[(hyphen + 1)..slash], out var last) || last < first) { return false; }
        long? complete = null;
        if (rest[(slash + 1)..] is not "*")
        {
            if (!IsNumber(rest[(slash + 1)..], out var length) || length <= last) { return false; }
            complete = length;
        }
        range = new ContentRange(first, last, complete);
        return true;
    }

    /// <summary>How long the whole is, by the Content-Range of a 416 response; null where it does not say so.</summary>
    /// <remarks><c>unsatisfied-range = "*/" complete-length</c></remarks>
    public static long? CompleteLength(ReadOnlySpan<char> value) =>
        value.StartsWith("bytes ", StringComparison.OrdinalIgnoreCase) && value[6..].Trim(" \t") is ['*', '/', .. var length]
            && IsNumber(length, out var complete)
            ? complete : null;

    /// <summary>As it stands in the field.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"bytes {First}-{Last}/{(Complete is { } length ? length.ToString(CultureInfo.InvariantCulture) : "*")}");

    private static bool IsNumber(ReadOnlySpan<char> text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
