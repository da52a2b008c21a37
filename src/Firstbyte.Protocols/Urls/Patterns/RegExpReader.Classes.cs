namespace Firstbyte.Urls.Patterns;

/// <summary>Character classes and escapes: everything that stands for one character.</summary>
internal sealed partial class RegExpReader
{
    private const string SyntaxCharacters = "^$\\.*+?()[]{}|/";
    private const string ClassSyntaxCharacters = "()[]{}/-\\|";
    private const string ClassReservedPunctuators = "&-!#%,:;<=>@`~";
    private const string ClassReservedDoubles = "&!#$%*+,.:;<=>?@^`~";

    // The ASCII characters that a code point matches. Two others fold to ASCII letters: U+017F and the Kelvin sign.
    private AsciiSet SetOf(int character)
    {
        if (!_ignoreCase) { return AsciiSet.Of(character); }
        return AsciiSet.Of(character switch { 0x17F => 's', 0x212A => 'k', _ => character }).FoldCase();
    }

    private AsciiSet Fold(AsciiSet set) => _ignoreCase ? set.FoldCase() : set;

    // CharacterClassEscape :: d D s S w W p{…} P{…}; null when something else stands here, or after a fault.
    private AsciiSet? ClassEscape()
    {
        AsciiSet set;
        switch (Current)
        {
            case 'd' or 'D': set = AsciiSet.Digits; break;
            case 's' or 'S': set = AsciiSet.Space; break;
            case 'w' or 'W': set = AsciiSet.Word; break;
            case 'p' or 'P': return PropertyEscape();
            default: return null;
        }
        return char.IsAsciiLetterUpper(source[_at++]) ? ~set : set;
    }

    private AsciiSet? PropertyEscape()
    {
        var isNegated = source[_at++] == 'P';
        var end = source.IndexOf('}', _at);
        if (Current != '{' || end < 0) { Fail(); return null; }
        var text = source[(_at + 1)..end];
        var equals = text.IndexOf('=');
        var set = equals < 0 ? AsciiSet.OfProperty(text, null) : AsciiSet.OfProperty(text[..equals], text[(equals + 1)..]);
        // Scripts and binary properties that have no table here: they may well exist.
        if (set is not { } known) { Fail(UrlPatternFault.RegExpUnsupported); return null; }
        _at = end + 1;
        known = Fold(known);
        return isNegated ? ~known : known;
    }

    // CharacterEscape, behind its "\": the code point, or Failed.
    private int CharacterEscape(bool inClass)
    {
        var c = Current;
        if (!AtEnd && (SyntaxCharacters.Contains(c) || (inClass && ClassReservedPunctuators.Contains(c)))) { _at++; return c; }
        _at++;
        switch (c)
        {
            case 't': return '\t';
            case 'n': return '\n';
            case 'v': return '\v';
            case 'f': return '\f';
            case 'r': return '\r';
            case 'b' when inClass: return '\b';
            case '0' when !char.IsAsciiDigit(Current): return 0;
            case 'c' when char.IsAsciiLetter(Current): return source[_at++] & 31;
            case 'x': return Hex(2);
            case 'u': return UnicodeEscape();
            default:
                _at--;
                return (int)Fail();
        }
    }

    private int UnicodeEscape()
    {
        if (!TryTake('{'))
        {
            // Two escapes of surrogates are one code point; none of them is ASCII, so that it does not matter which.
            return Hex(4);
        }
        var value = 0;
        var start = _at;
        while (char.IsAsciiHexDigit(Current)) { value = Math.Min((value << 4) | Convert.ToInt32(source[_at++].ToString(), 16), 0x110000); }
        return _at > start && value <= 0x10FFFF && TryTake('}') ? value : (int)Fail();
    }

    private int Hex(int digits)
    {
        var value = 0;
        for (var i = 0; i < digits; i++)
        {
            if (!char.IsAsciiHexDigit(Current)) { return (int)Fail(); }
            value = (value << 4) | Convert.ToInt32(source[_at++].ToString(), 16);
        }
        return value;
    }

    // ClassContents of the "v" flag, behind its "[": a union, an intersection "&&" or a subtraction "--". False after a fault.
    private bool ClassContents(out AsciiSet set)
    {
        set = AsciiSet.Empty;
        if (++_depth > UrlPatternLimits.RegExpDepth) { Fail(UrlPatternFault.RegExpTooLarge); return false; }
        var isNegated = TryTake('^');
        if (!TryTake(']'))
        {
            if (!Operand(out set, out var character)) { return false; }
            var good = Current switch
            {
                '&' when TryTake("&&") => SetOperation("&&", ref set),
                '-' when TryTake("--") => SetOperation("--", ref set),
                _ => Union(ref set, character),
            };
            if (!good) { return false; }
        }
        _depth--;
        if (isNegated) { set = ~set; }
        return true;
    }

    private bool SetOperation(string operation, ref AsciiSet set)
    {
        do
        {
            // "&&&" would leave a lone "&" behind.
            if (operation == "&&" && Current == '&') { Fail(); return false; }
            if (!Operand(out var right, out _)) { return false; }
            set = operation == "&&" ? set & right : set - right;
        }
        while (TryTake(operation));
        return TryTake(']') || Fail() >= 0;
    }

    private bool Union(ref AsciiSet set, int character)
    {
        while (true)
        {
            if (character >= 0 && Current == '-')
            {
                _at++;
                if (!Operand(out _, out var last)) { return false; }
                if (last < character) { Fail(); return false; }
                set |= Fold(AsciiSet.Range(character, last));
                if (_ignoreCase) { set |= FoldedBeyondAscii(character, last); }
            }
            if (TryTake(']')) { return true; }
            if (!Operand(out var next, out character)) { return false; }
            set |= next;
        }
    }

    private AsciiSet FoldedBeyondAscii(int first, int last)
    {
        var set = AsciiSet.Empty;
        foreach (var c in (ReadOnlySpan<int>)[0x17F, 0x212A])
        {
            if (c >= first && c <= last) { set |= SetOf(c); }
        }
        return set;
    }

    // One nested class, class escape or character; the character's code point, or -1 when it is a set, which no range can begin or end with.
    private bool Operand(out AsciiSet set, out int character)
    {
        (set, character) = (AsciiSet.Empty, -1);
        if (TryTake('[')) { return ClassContents(out set); }
        if (AtEnd) { Fail(); return false; }
        if (TryTake('\\'))
        {
            if (ClassEscape() is { } escape) { set = escape; return true; }
            if (_fault is not null) { return false; }
            if (Current == 'q') { Fail(UrlPatternFault.RegExpUnsupported); return false; }
            character = CharacterEscape(inClass: true);
        }
        else
        {
            var c = Current;
            var isDouble = ClassReservedDoubles.Contains(c) && _at + 1 < source.Length && source[_at + 1] == c;
            if (ClassSyntaxCharacters.Contains(c) || isDouble) { Fail(); return false; }
            character = c;
            _at++;
        }
        if (character < 0) { return false; }
        set = SetOf(character);
        return true;
    }
}
