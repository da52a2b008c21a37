using System.Globalization;
using System.Text;

namespace Firstbyte.Urls.Patterns;

/// <summary>Cuts a pattern string into tokens (URL Pattern section 2.1.2).</summary>
/// <remarks>
/// Lenient, as the constructor string parser wants it, what cannot be read becomes an invalid character that stands for itself: the ":"
/// before a port looks like a name without letters. Strict, it ends the reading.
/// </remarks>
internal sealed class PatternTokenizer
{
    private readonly string _input;
    private readonly bool _lenient;
    private readonly List<PatternToken> _tokens;
    private int _index;
    private PatternFault? _fault;

    private PatternTokenizer(string input, bool lenient)
    {
        _input = input;
        _lenient = lenient;
        _tokens = new List<PatternToken>(input.Length + 1);
    }

    /// <summary>The tokens, the last of which is the end; null with a fault when the policy is strict and the pattern is wrong.</summary>
    public static List<PatternToken>? Tokenize(string input, bool lenient, out PatternFault? fault)
    {
        var tokenizer = new PatternTokenizer(input, lenient);
        tokenizer.Run();
        fault = tokenizer._fault;
        return fault is null ? tokenizer._tokens : null;
    }

    private void Run()
    {
        while (_index < _input.Length && _fault is null)
        {
            switch (_input[_index])
            {
                case '*': AddSingle(PatternTokenKind.Asterisk); break;
                case '+' or '?': AddSingle(PatternTokenKind.OtherModifier); break;
                case '{': AddSingle(PatternTokenKind.Open); break;
                case '}': AddSingle(PatternTokenKind.Close); break;
                case '\\': Escape(); break;
                case ':': Name(); break;
                case '(': RegExp(); break;
                default: AddSingle(PatternTokenKind.Char); break;
            }
        }
        _tokens.Add(new PatternToken(PatternTokenKind.End, _index, _index, 0));
    }

    private void Add(PatternTokenKind kind, int next, int valueStart, int valueEnd)
    {
        _tokens.Add(new PatternToken(kind, _index, valueStart, valueEnd - valueStart));
        _index = next;
    }

    private void AddSingle(PatternTokenKind kind)
    {
        var next = _index + RuneAt(_index).Utf16SequenceLength;
        Add(kind, next, _index, next);
    }

    private void Fault(UrlPatternFault reason, int position)
    {
        if (_lenient) { Add(PatternTokenKind.InvalidChar, _index + 1, _index, _index + 1); }
        else { _fault = new PatternFault(reason, position); }
    }

    // A lone surrogate counts as one character; nothing but an encoding callback, which reads it as U+FFFD, ever looks at it.
    private Rune RuneAt(int index)
    {
        Rune.DecodeFromUtf16(_input.AsSpan(index), out var rune, out _);
        return rune;
    }

    private void Escape()
    {
        var escaped = _index + 1;
        if (escaped == _input.Length) { Fault(UrlPatternFault.EscapeUnfinished, _index); return; }
        var next = escaped + RuneAt(escaped).Utf16SequenceLength;
        Add(PatternTokenKind.EscapedChar, next, escaped, next);
    }

    private void Name()
    {
        var start = _index + 1;
        var end = start;
        while (end < _input.Length)
        {
            var rune = RuneAt(end);
            if (!IsNameRune(rune, isFirst: end == start)) { break; }
            end += rune.Utf16SequenceLength;
        }
        if (end == start) { Fault(UrlPatternFault.NameMissing, _index); }
        else { Add(PatternTokenKind.Name, end, start, end); }
    }

    private void RegExp()
    {
        var start = _index + 1;
        if (ScanRegExp(start, out var end) is { } reason) { Fault(reason, end < _input.Length ? end : _index); }
        else { Add(PatternTokenKind.RegExp, end + 1, start, end); }
    }

    // To the ")" that closes the one before "start". It fails on a "(" without "?" and where "?" comes first, so that reading again behind
    // every "(" of a lenient input stays linear in total.
    private UrlPatternFault? ScanRegExp(int start, out int at)
    {
        var depth = 1;
        for (at = start; at < _input.Length; at++)
        {
            var c = _input[at];
            if (!char.IsAscii(c)) { return UrlPatternFault.RegExpNotAscii; }
            if (at == start && c == '?') { return UrlPatternFault.RegExpBeginsWithQuestionMark; }
            switch (c)
            {
                case '\\':
                    if (++at == _input.Length) { return UrlPatternFault.RegExpUnclosed; }
                    if (!char.IsAscii(_input[at])) { return UrlPatternFault.RegExpNotAscii; }
                    break;
                case ')' when --depth == 0: return at == start ? UrlPatternFault.RegExpEmpty : null;
                case '(':
                    depth++;
                    if (at + 1 == _input.Length) { return UrlPatternFault.RegExpUnclosed; }
                    if (_input[at + 1] != '?') { return UrlPatternFault.RegExpCaptures; }
                    break;
            }
        }
        return UrlPatternFault.RegExpUnclosed;
    }

    /// <summary>True for a code point of ECMAScript's IdentifierStart, or IdentifierPart behind the first (ECMA-262 section 12.7; UAX #31).</summary>
    public static bool IsNameRune(Rune rune, bool isFirst)
    {
        if (rune.IsAscii) { return char.IsAsciiLetter((char)rune.Value) || rune.Value is '$' or '_' || (!isFirst && char.IsAsciiDigit((char)rune.Value)); }
        switch (Rune.GetUnicodeCategory(rune))
        {
            // U+2E2F is a letter that Pattern_Syntax takes out.
            case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber:
                return rune.Value != 0x2E2F;
            case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.ConnectorPunctuation:
                // The first two are Other_ID_Start.
                return rune.Value is 0x1885 or 0x1886 || !isFirst;
            default:
                // Other_ID_Start, then Other_ID_Continue with the joiners that ECMAScript adds.
                return rune.Value is 0x2118 or 0x212E or 0x309B or 0x309C
                    || (!isFirst && rune.Value is 0x00B7 or 0x0387 or (>= 0x1369 and <= 0x1371) or 0x19DA or 0x200C or 0x200D or 0x30FB or 0xFF65);
        }
    }
}
