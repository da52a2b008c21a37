namespace Firstbyte.Http;

/// <summary>Judges what stands behind a chunk size: chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] ) (RFC 9112 7.1.1).</summary>
/// <remarks>
/// Nothing here uses an extension. They are read because readers differ about where a malformed one ends, which is a way to smuggle
/// messages.
/// </remarks>
internal static class ChunkExtensions
{
    internal enum Verdict : byte
    {
        WellFormed,
        Malformed,
        QuoteOpen,
    }

    /// <summary>The verdict, and where the text leaves the grammar.</summary>
    public static Verdict Check(ReadOnlySpan<byte> text, out int offset)
    {
        var verdict = Verdict.WellFormed;
        offset = 0;
        while (verdict == Verdict.WellFormed && offset < text.Length) { verdict = CheckOne(text, ref offset); }
        // Whatever is wrong before it, a quote that is left open is what readers differ about most.
        return verdict == Verdict.Malformed && text[offset..].Count((byte)'"') % 2 == 1 ? Verdict.QuoteOpen : verdict;
    }

    private static Verdict CheckOne(ReadOnlySpan<byte> text, ref int at)
    {
        SkipWhitespace(text, ref at);
        if (at == text.Length || text[at] != ';') { return Verdict.Malformed; }
        at++;
        SkipWhitespace(text, ref at);
        if (!SkipToken(text, ref at)) { return Verdict.Malformed; }
        var behind = at;
        SkipWhitespace(text, ref behind);
        if (behind == text.Length || text[behind] != '=') { return Verdict.WellFormed; }
        at = behind + 1;
        SkipWhitespace(text, ref at);
        if (at == text.Length || text[at] != '"') { return SkipToken(text, ref at) ? Verdict.WellFormed : Verdict.Malformed; }
        return SkipQuoted(text, ref at) ? Verdict.WellFormed : Verdict.QuoteOpen;
    }

    private static void SkipWhitespace(ReadOnlySpan<byte> text, ref int at)
    {
        while (at < text.Length && HttpGrammar.IsWhitespace(text[at])) { at++; }
    }

    private static bool SkipToken(ReadOnlySpan<byte> text, ref int at)
    {
        var start = at;
        while (at < text.Length && HttpGrammar.IsToken(text.Slice(at, 1))) { at++; }
        return at > start;
    }

    // quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE (RFC 9110 5.6.4).
    private static bool SkipQuoted(ReadOnlySpan<byte> text, ref int at)
    {
        for (var next = at + 1; next < text.Length; next++)
        {
            if (text[next] == '\\') { next++; }
            else if (text[next] == '"')
            {
                at = next + 1;
                return true;
            }
        }
        return false;
    }
}
