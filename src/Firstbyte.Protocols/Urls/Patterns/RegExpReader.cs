using System.Globalization;

namespace Firstbyte.Urls.Patterns;

/// <summary>Reads one regular expression by ECMAScript's grammar with the "v" flag (ECMA-262 section 22.2.1) and writes it for .NET.</summary>
/// <remarks>Each method reads one production and returns the size of what it read, or <see cref="Failed"/> after a fault.</remarks>
internal sealed partial class RegExpReader(string source, int position, bool ignoreCase, RegExpTranslation output)
{
    private const int Failed = -1;

    // Where a size stops to count: far above the limit, far below an overflow of the product of two of them.
    private const long SizeCap = 1 << 30;

    private readonly List<(string Name, int Position)> _nameReferences = [];
    private bool _ignoreCase = ignoreCase;
    private int _at;
    private int _depth;
    private int _lookBehinds;
    private PatternFault? _fault;

    /// <summary>Reads the whole expression; the fault, or null.</summary>
    public PatternFault? Read()
    {
        var size = Disjunction();
        if (size >= 0 && _at < source.Length) { size = Fail(UrlPatternFault.RegExpInvalid); }
        if (size < 0) { return _fault; }
        foreach (var (name, place) in _nameReferences)
        {
            if (!output.Names.ContainsKey(name)) { return new PatternFault(UrlPatternFault.RegExpInvalid, position + place); }
        }
        output.Size += size;
        return null;
    }

    private long Fail(UrlPatternFault reason = UrlPatternFault.RegExpInvalid)
    {
        _fault ??= new PatternFault(reason, position + Math.Min(_at, source.Length));
        return Failed;
    }

    private bool AtEnd => _at >= source.Length;

    private char Current => _at < source.Length ? source[_at] : '\0';

    private bool TryTake(char c)
    {
        if (AtEnd || source[_at] != c) { return false; }
        _at++;
        return true;
    }

    private bool TryTake(string text)
    {
        if (string.CompareOrdinal(source, _at, text, 0, text.Length) != 0) { return false; }
        _at += text.Length;
        return true;
    }

    // Disjunction :: Alternative | Alternative "|" Disjunction
    private long Disjunction()
    {
        if (++_depth > UrlPatternLimits.RegExpDepth) { return Fail(UrlPatternFault.RegExpTooLarge); }
        var size = 0L;
        while (true)
        {
            while (!AtEnd && Current is not ('|' or ')'))
            {
                var term = Term();
                if (term < 0) { return Failed; }
                size = Math.Min(size + term, SizeCap);
            }
            if (!TryTake('|')) { break; }
            output.Append("|");
            output.Choices++;
        }
        _depth--;
        return size;
    }

    // Term :: Assertion | Atom | Atom Quantifier
    private long Term()
    {
        var size = Assertion();
        if (size != 0) { return size < 0 ? Failed : size; }
        size = Atom();
        return size < 0 ? Failed : Quantifier(size);
    }

    // 0 when there is none here. With the "v" flag an assertion takes no quantifier.
    private long Assertion()
    {
        if (TryTake('^')) { output.Append(@"\A"); }
        else if (TryTake('$')) { output.Append(@"\z"); }
        else if (TryTake(@"\b")) { output.Append(@"\b"); }
        else if (TryTake(@"\B")) { output.Append(@"\B"); }
        else if (Current == '(')
        {
            foreach (var open in (ReadOnlySpan<string>)["(?=", "(?!", "(?<=", "(?<!"])
            {
                if (!TryTake(open)) { continue; }
                output.NeedsBacktracking = true;
                output.Append(open);
                var isBehind = open.Contains('<');
                if (isBehind) { _lookBehinds++; }
                var size = EndGroup(Disjunction());
                if (isBehind) { _lookBehinds--; }
                return size;
            }
            return 0;
        }
        else { return 0; }
        return 1;
    }

    private long EndGroup(long size)
    {
        if (size < 0) { return Failed; }
        if (!TryTake(')')) { return Fail(); }
        output.Append(")");
        return size + 1;
    }

    private long Atom()
    {
        switch (Current)
        {
            case '.':
                _at++;
                return Character(AsciiSet.NoLineEnd, fold: false);
            case '\\':
                return AtomEscape();
            case '[':
                _at++;
                return ClassContents(out var set) ? Character(set, fold: false) : Failed;
            case '(':
                return Group();
            case '*' or '+' or '?' or '{' or '}' or ']':
                return Fail();
            default:
                return Character(AsciiSet.Of(source[_at++]), _ignoreCase);
        }
    }

    private long Character(AsciiSet set, bool fold)
    {
        output.AppendSet(set, fold);
        return 1;
    }

    private long Group()
    {
        if (TryTake("(?:"))
        {
            output.Append("(?:");
            return EndGroup(Disjunction());
        }
        if (TryTake("(?<"))
        {
            var name = GroupName();
            if (name is null) { return Failed; }
            if (!output.Names.TryAdd(name, output.Groups + 1)) { return Fail(); }
            var number = output.OpenGroup();
            var size = EndGroup(Disjunction());
            output.Closed.Add(number);
            return size;
        }
        if (!TryTake("(?")) { return Fail(); }
        return Modifiers();
    }

    // "(?i-s:…)": of i, m and s only i matters, because what is matched has no line ends.
    private long Modifiers()
    {
        var (start, outer, seen, isOff) = (_at, _ignoreCase, "", false);
        while (!TryTake(':'))
        {
            var c = Current;
            if (c == '-' && !isOff) { isOff = true; }
            else if (c is 'i' or 'm' or 's' && !seen.Contains(c))
            {
                seen += c;
                if (c == 'i') { _ignoreCase = !isOff; }
            }
            else { return Fail(); }
            _at++;
        }
        if (seen.Length == 0 && _at > start) { return Fail(); }
        output.Append("(?:");
        var size = EndGroup(Disjunction());
        _ignoreCase = outer;
        return size;
    }

    private string? GroupName()
    {
        var start = _at;
        while (!AtEnd && (char.IsAsciiLetter(Current) || Current is '$' or '_' || (_at > start && char.IsAsciiDigit(Current)))) { _at++; }
        if (_at > start && Current == '>') { return source[start.._at++]; }
        // A name may also be written with escapes, which nobody does in ASCII.
        Fail(Current == '\\' ? UrlPatternFault.RegExpUnsupported : UrlPatternFault.RegExpInvalid);
        return null;
    }

    // Quantifier :: one of * + ? {n} {n,} {n,m}, each with an optional "?"
    private long Quantifier(long size)
    {
        var start = _at;
        var count = 1L;
        switch (Current)
        {
            case '*' or '+' or '?':
                _at++;
                break;
            case '{':
                _at++;
                if (!TryNumber(out var least)) { return Fail(); }
                var most = least;
                var hasComma = TryTake(',');
                if (hasComma && Current != '}' && !TryNumber(out most)) { return Fail(); }
                if (!TryTake('}') || most < least) { return Fail(); }
                count = Math.Max(1, most);
                break;
            default:
                return size;
        }
        TryTake('?');
        output.Append(source.AsSpan(start, _at - start));
        size = Math.Min(size * count, SizeCap);
        output.Choices += size;
        return size > UrlPatternLimits.RegExpSize ? Fail(UrlPatternFault.RegExpTooLarge) : size;
    }

    private bool TryNumber(out long number)
    {
        number = 0;
        var start = _at;
        while (char.IsAsciiDigit(Current)) { number = Math.Min(number * 10 + (source[_at++] - '0'), SizeCap); }
        return _at > start;
    }

    // AtomEscape :: DecimalEscape | CharacterClassEscape | CharacterEscape | k GroupName
    private long AtomEscape()
    {
        var start = _at++;
        if (Current is >= '1' and <= '9')
        {
            TryNumber(out var number);
            if (number > output.HighestReference.Number) { output.HighestReference = ((int)number, position + start); }
            return Reference((int)number);
        }
        if (Current == 'k')
        {
            _at++;
            if (!TryTake('<')) { return Fail(); }
            var name = GroupName();
            if (name is null) { return Failed; }
            _nameReferences.Add((name, start));
            return Reference(output.Names.GetValueOrDefault(name));
        }
        if (ClassEscape() is { } set) { return Character(set, fold: false); }
        if (_fault is not null) { return Failed; }
        var character = CharacterEscape(inClass: false);
        return character < 0 ? Failed : Character(SetOf(character), fold: false);
    }

    private long Reference(int group)
    {
        if (!output.Closed.Contains(group) && _lookBehinds == 0)
        {
            // A group that is not closed yet has taken no part, and a repetition around both forgets it: the reference means "nothing".
            // Look-behind is read from its end.
            output.Append("(?:)");
            return 1;
        }
        if (group == 0) { return Fail(UrlPatternFault.RegExpUnsupported); }
        output.NeedsBacktracking = output.HasReferences = true;
        output.Append(string.Create(CultureInfo.InvariantCulture, $@"\k<{group}>"));
        return 1;
    }
}
