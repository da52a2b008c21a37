using System.Text;
using Firstbyte.Urls.Buffers;

namespace Firstbyte.Urls.Idna;

/// <summary>Unicode Normalization Form C of code points (UAX #15), from the generated tables: the platform's own needs ICU, and without it lies.</summary>
internal static class Nfc
{
    // UAX #15 and the core specification, section 3.12: Hangul syllables are composed and decomposed by arithmetic.
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TailCount = 28, SyllableCount = LeadCount * VowelCount * TailCount;

    /// <summary>True when the quick check alone says that the text is normalized; false means that it must be normalized to know.</summary>
    public static bool IsCertain(ReadOnlySpan<int> text)
    {
        byte last = 0;
        foreach (var codePoint in text)
        {
            if (codePoint < 0x300) { last = 0; continue; }
            var properties = IdnaTables.PropertiesOf(codePoint);
            if (!properties.IsNfcCertain) { return false; }
            var current = properties.CombiningClass;
            if (current != 0 && last > current) { return false; }
            last = current;
        }
        return true;
    }

    /// <summary>True when the text is in Normalization Form C.</summary>
    public static bool IsNormalized(ReadOnlySpan<int> text)
    {
        if (IsCertain(text)) { return true; }
        var normalized = new SpanBuilder<int>(stackalloc int[128]);
        Append(text, ref normalized);
        var same = text.SequenceEqual(normalized.Written);
        normalized.Dispose();
        return same;
    }

    /// <summary>The normalized text; what is no text, a surrogate alone, stays what it is.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Ascii.IsValid(text)) { return text; }
        var points = new SpanBuilder<int>(stackalloc int[128]);
        var normalized = new SpanBuilder<int>(stackalloc int[128]);
        try
        {
            for (var i = 0; i < text.Length; i++)
            {
                var isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
                points.Append(isPair ? char.ConvertToUtf32(text[i], text[++i]) : text[i]);
            }
            if (IsCertain(points.Written)) { return text; }
            Append(points.Written, ref normalized);
            var result = new StringBuilder(text.Length);
            foreach (var point in normalized.Written)
            {
                if (point is >= 0xD800 and <= 0xDFFF) { result.Append((char)point); }
                else { result.Append(new Rune(point)); }
            }
            return result.ToString();
        }
        finally
        {
            points.Dispose();
            normalized.Dispose();
        }
    }

    /// <summary>Appends the normalized text to an empty builder.</summary>
    public static void Append(scoped ReadOnlySpan<int> text, ref SpanBuilder<int> result)
    {
        foreach (var codePoint in text) { Decompose(codePoint, ref result); }
        Order(ref result);
        Compose(ref result);
    }

    private static void Decompose(int codePoint, ref SpanBuilder<int> result)
    {
        var syllable = codePoint - SyllableBase;
        if ((uint)syllable < SyllableCount)
        {
            result.Append(LeadBase + syllable / (VowelCount * TailCount));
            result.Append(VowelBase + syllable % (VowelCount * TailCount) / TailCount);
            if (syllable % TailCount != 0) { result.Append(TailBase + syllable % TailCount); }
            return;
        }
        var decomposition = codePoint < 0xC0 ? default : IdnaTables.DecompositionOf(codePoint);
        if (decomposition.IsEmpty) { result.Append(codePoint); }
        foreach (var part in decomposition) { result.Append((int)part); }
    }

    /// <summary>The canonical ordering algorithm: marks between two starters in the order of their combining classes, equal ones in place.</summary>
    private static void Order(ref SpanBuilder<int> text)
    {
        // Sorted with their place as the second key, so that a long row of marks costs n log n and stays stable.
        var keys = new SpanBuilder<ulong>(stackalloc ulong[32]);
        for (var i = 0; i < text.Length;)
        {
            if (IdnaTables.PropertiesOf(text[i]).CombiningClass == 0) { i++; continue; }
            keys.Truncate(0);
            var start = i;
            var sorted = true;
            ulong previous = 0;
            for (; i < text.Length; i++)
            {
                var combining = IdnaTables.PropertiesOf(text[i]).CombiningClass;
                if (combining == 0) { break; }
                var key = (ulong)combining << 56 | (ulong)(uint)(i - start) << 24 | (uint)text[i];
                sorted &= key > previous;
                previous = key;
                keys.Append(key);
            }
            if (sorted) { continue; }
            var room = keys.Written;
            System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(room), room.Length).Sort();
            for (var k = 0; k < room.Length; k++) { text[start + k] = (int)(room[k] & 0xFFFFFF); }
        }
        keys.Dispose();
    }

    /// <summary>The canonical composition algorithm, in place.</summary>
    private static void Compose(ref SpanBuilder<int> text)
    {
        var (starter, written, last) = (-1, 0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var codePoint = text[i];
            int combining = IdnaTables.PropertiesOf(codePoint).CombiningClass;
            // A mark is blocked from the starter by one of its own class or a higher one between them; a starter by anything between them.
            if (starter >= 0 && (starter == written - 1 || (last < combining && last != 0)))
            {
                var composite = Pair(text[starter], codePoint);
                if (composite != 0) { text[starter] = composite; continue; }
            }
            if (combining == 0) { starter = written; }
            last = combining;
            text[written++] = codePoint;
        }
        text.Truncate(written);
    }

    private static int Pair(int first, int second)
    {
        if ((uint)(first - LeadBase) < LeadCount && (uint)(second - VowelBase) < VowelCount)
        {
            return SyllableBase + ((first - LeadBase) * VowelCount + second - VowelBase) * TailCount;
        }
        if ((uint)(first - SyllableBase) < SyllableCount && (first - SyllableBase) % TailCount == 0 && second > TailBase && second < TailBase + TailCount)
        {
            return first + second - TailBase;
        }
        return IdnaTables.CompositionOf(first, second);
    }
}
