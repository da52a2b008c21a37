using System.Globalization;
using System.Text;

namespace Firstbyte.Cli.Drawing;

/// <summary>How many columns of a terminal a text takes.</summary>
/// <remarks>
/// Theory of operation. A terminal is a grid. A character takes one column, or two when it is wide (UAX #11: ideographs, kana, Hangul, fullwidth
/// forms, emoji), or none when it only changes the one before it: combining marks, the vowels and finals of a Hangul syllable that was begun,
/// a skin tone behind an emoji, and everything that a zero-width joiner hangs on. U+FE0F behind a symbol asks for its picture, which is wide.
/// Ambiguous characters (box drawing, arrows, "·") take one column, as they do on every terminal that is not told otherwise.
/// </remarks>
internal static class DisplayWidth
{
    private const int ZeroWidthJoiner = 0x200D, EmojiPresentation = 0xFE0F;

    /// <summary>The columns of the text.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        // Most of a story is ASCII and box drawing: one column each.
        var i = text.IndexOfAnyExceptInRange(' ', '~');
        if (i < 0) { return text.Length; }
        var columns = i;
        var state = new State();
        foreach (var rune in text[i..].EnumerateRunes()) { columns += state.Add(rune); }
        return columns;
    }

    /// <summary>The length of the longest beginning of the text that takes no more than so many columns; a character is never parted from its marks.</summary>
    public static int Fit(ReadOnlySpan<char> text, int columns)
    {
        var (taken, length) = (0, 0);
        var state = new State();
        foreach (var rune in text.EnumerateRunes())
        {
            taken += state.Add(rune);
            if (taken > columns) { return length; }
            length += rune.Utf16SequenceLength;
        }
        return text.Length;
    }

    /// <summary>The text with spaces behind it up to so many columns.</summary>
    public static string Pad(string text, int columns) => Of(text) is var width && width < columns ? text + new string(' ', columns - width) : text;

    /// <summary>The text cut to so many columns, with "…" in the last one where something is cut.</summary>
    public static string Cut(string text, int columns) => Of(text) <= columns ? text : string.Concat(text.AsSpan(0, Fit(text, columns - 1)), "…");

    /// <summary>What of the character before decides about the next one.</summary>
    private struct State
    {
        private int _last;
        private bool _isJoined;

        /// <summary>The columns that a character adds.</summary>
        public int Add(Rune rune)
        {
            if (rune.Value == ZeroWidthJoiner)
            {
                _isJoined = true;
                return 0;
            }
            if (rune.Value == EmojiPresentation)
            {
                var widens = _last == 1;
                _last = 2;
                return widens ? 1 : 0;
            }
            if (IsZero(rune) || (_last == 2 && IsSkinTone(rune))) { return 0; }
            if (_isJoined)
            {
                _isJoined = false;
                return 0;
            }
            var width = WideCharacters.Contains(rune.Value) ? 2 : 1;
            // Letters have no picture to be asked for.
            _last = width == 1 && Rune.IsLetter(rune) ? 0 : width;
            return width;
        }

        private static bool IsZero(Rune rune) =>
            rune.Value is (>= 0x1160 and <= 0x11FF) or (>= 0xD7B0 and <= 0xD7FF)
            || (rune.Value >= 0x300
                && Rune.GetUnicodeCategory(
                    rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format);

        private static bool IsSkinTone(Rune rune) => rune.Value is >= 0x1F3FB and <= 0x1F3FF;
    }
}
