using System.Globalization;
using System.Text;
using Firstbyte.Urls.Buffers;
using Firstbyte.Urls.Idna;

namespace Firstbyte.Mail;

/// <summary>
/// A name or password in the one form in which both sides hash it (RFC 8265 4.2, the profile OpaqueString, which has taken SASLprep's place).
/// </summary>
/// <remarks>
/// Spaces beyond ASCII become SP, and the text is in Normalization Form C: what is typed as one accented letter and as a letter with an accent is the same.
/// What SASLprep (RFC 4013) did beyond that, NFKC and the removal of characters that are not seen, its successor gave up: it made passwords weaker.
/// </remarks>
public static class OpaqueString
{
    /// <summary>
    /// The prepared text; text that may not be prepared (RFC 8264 4.3: controls, what is not assigned or not seen) stays as it is, for the other side to
    /// judge.
    /// </summary>
    public static string Prepare(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Ascii.IsValid(text)) { return text; }
        var points = new int[text.Length];
        var count = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            // A lone surrogate is read as this.
            if (rune == Rune.ReplacementChar || !IsAllowed(rune.Value, category)) { return text; }
            points[count++] = category == UnicodeCategory.SpaceSeparator ? ' ' : rune.Value;
        }
        var normalized = new SpanBuilder<int>(stackalloc int[128]);
        Nfc.Append(points.AsSpan(0, count), ref normalized);
        var prepared = new StringBuilder(text.Length);
        foreach (var point in normalized.Written) { prepared.Append(new Rune(point)); }
        normalized.Dispose();
        return prepared.ToString();
    }

    // RFC 8264 4.3 and 9: FreeformClass without its letters of context, which need their neighbours to be judged.
    private static bool IsAllowed(int point, UnicodeCategory category) =>
        category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse
            or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        // OldHangulJamo
        && point is not ((>= 0x1100 and <= 0x11FF) or (>= 0xA960 and <= 0xA97C) or (>= 0xD7B0 and <= 0xD7FB));
}
