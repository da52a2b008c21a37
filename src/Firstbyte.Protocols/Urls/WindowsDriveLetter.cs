namespace Firstbyte.Urls;

/// <summary>Windows drive letters in file URLs (WHATWG URL section 4.1).</summary>
internal static class WindowsDriveLetter
{
    /// <summary>Two code points: an ASCII letter, then ":" or "|".</summary>
    public static bool Is(ReadOnlySpan<char> text) => text.Length == 2 && char.IsAsciiLetter(text[0]) && (text[1] is ':' or '|');

    /// <summary>A Windows drive letter whose second code point is ":".</summary>
    public static bool IsNormalized(ReadOnlySpan<char> text) => text.Length == 2 && char.IsAsciiLetter(text[0]) && text[1] == ':';

    /// <summary>The text starts with a Windows drive letter that ends there or is followed by "/", "\", "?" or "#".</summary>
    public static bool Starts(ReadOnlySpan<char> text) => text.Length >= 2 && Is(text[..2]) && (text.Length == 2 || text[2] is '/' or '\\' or '?' or '#');
}
