using System.Globalization;
using System.Text;

namespace Firstbyte.Urls.Patterns;

/// <summary>Puts a piece of fixed text into the form that the URL parser gives it; null when it cannot.</summary>
internal delegate string? PatternEncoding(string text);

/// <summary>Reads a pattern string into its parts (URL Pattern section 2.1.5).</summary>
/// <remarks>
/// Fixed text is collected as far as it goes, across escapes and "{…}" without a modifier, and canonicalized as one piece: a percent-encoded
/// character or a domain label must not be cut. A group ends it.
/// <code>
///   /books{-:kind(fiction|fact)s}?/:id
///   |     | |    |             || |+ segment wildcard "id"; "/" is its prefix, because it is the prefix character of pathnames
///   |     | |    |             || + prefix
///   |     | |    |             |+ modifier
///   |     | |    |             + suffix
///   |     | |    + regular expression
///   |     | + name
///   |     + prefix
///   + fixed text
/// </code>
/// </remarks>
internal sealed class PatternParser
{
    private readonly string _pattern;
    private readonly PatternRules _rules;
    private readonly PatternEncoding _encoding;
    private readonly UrlPatternFault _encodingFault;
    private readonly List<PatternToken> _tokens;
    private readonly List<PatternPart> _parts = [];
    private readonly HashSet<string> _names = [];
    private readonly StringBuilder _pending = new();
    private int _pendingStart;
    private int _index;
    private int _nextNumericName;
    private PatternFault? _fault;

    private PatternParser(string pattern, List<PatternToken> tokens, PatternRules rules, PatternEncoding encoding, UrlPatternFault encodingFault)
    {
        _pattern = pattern;
        _tokens = tokens;
        _rules = rules;
        _encoding = encoding;
        _encodingFault = encodingFault;
    }

    /// <summary>The parts of a pattern string, or null with a fault.</summary>
    /// <param name="pattern">The pattern string of one component.</param>
    /// <param name="rules">The component's rules.</param>
    /// <param name="encoding">How fixed text is canonicalized.</param>
    /// <param name="encodingFault">What it means when that fails.</param>
    /// <param name="fault">Why there are no parts.</param>
    public static List<PatternPart>? Parse(string pattern, PatternRules rules, PatternEncoding encoding, UrlPatternFault encodingFault, out PatternFault? fault)
    {
        if (pattern.Length > UrlPatternLimits.PatternLength)
        {
            fault = new PatternFault(UrlPatternFault.PatternTooLong, UrlPatternLimits.PatternLength);
            return null;
        }
        var tokens = PatternTokenizer.Tokenize(pattern, lenient: false, out fault);
        if (tokens is null) { return null; }
        var parser = new PatternParser(pattern, tokens, rules, encoding, encodingFault);
        while (parser._fault is null && parser._index < tokens.Count) { parser.ReadPart(); }
        fault = parser._fault;
        return fault is null ? parser._parts : null;
    }

    private void ReadPart()
    {
        var first = _tokens[_index];
        var character = TryTake(PatternTokenKind.Char);
        var name = TryTake(PatternTokenKind.Name);
        var matcher = TryTakeRegExpOrWildcard(name);
        if (name is not null || matcher is not null)
        {
            var prefix = character is { } c ? c.ValueIn(_pattern) : default;
            if (!prefix.IsEmpty && !_rules.IsPrefix(prefix))
            {
                AppendPending(prefix, first.Index);
                prefix = default;
            }
            FlushPending();
            AddPart(first, prefix.ToString(), name, matcher, "", TryTakeModifier());
            return;
        }
        var text = character ?? TryTake(PatternTokenKind.EscapedChar);
        if (text is { } token)
        {
            AppendPending(token.ValueIn(_pattern), token.Index);
            return;
        }
        if (TryTake(PatternTokenKind.Open) is { } open)
        {
            ReadGroup(open);
            return;
        }
        FlushPending();
        Require(PatternTokenKind.End, UrlPatternFault.TokenUnexpected);
    }

    private void ReadGroup(PatternToken open)
    {
        var prefix = ReadText();
        var name = TryTake(PatternTokenKind.Name);
        var matcher = TryTakeRegExpOrWildcard(name);
        var suffix = ReadText();
        if (!Require(PatternTokenKind.Close, UrlPatternFault.GroupUnclosed)) { return; }
        AddPart(open, prefix, name, matcher, suffix, TryTakeModifier());
    }

    private string ReadText()
    {
        var text = new StringBuilder();
        while ((TryTake(PatternTokenKind.Char) ?? TryTake(PatternTokenKind.EscapedChar)) is { } token) { text.Append(token.ValueIn(_pattern)); }
        return text.ToString();
    }

    private PatternToken? TryTake(PatternTokenKind kind) => _tokens[_index].Kind == kind ? _tokens[_index++] : null;

    private PatternToken? TryTakeModifier() => TryTake(PatternTokenKind.OtherModifier) ?? TryTake(PatternTokenKind.Asterisk);

    private PatternToken? TryTakeRegExpOrWildcard(PatternToken? name) =>
        TryTake(PatternTokenKind.RegExp) ?? (name is null ? TryTake(PatternTokenKind.Asterisk) : null);

    // "ifAtEnd" is what it means when the pattern ends instead; anything else in its place is just unexpected.
    private bool Require(PatternTokenKind kind, UrlPatternFault ifAtEnd)
    {
        if (TryTake(kind) is not null) { return true; }
        var found = _tokens[_index];
        _fault = new PatternFault(found.Kind == PatternTokenKind.End ? ifAtEnd : UrlPatternFault.TokenUnexpected, found.Index);
        return false;
    }

    private void AppendPending(ReadOnlySpan<char> text, int position)
    {
        if (_pending.Length == 0) { _pendingStart = position; }
        _pending.Append(text);
    }

    private void FlushPending()
    {
        if (_pending.Length == 0) { return; }
        var text = _pending.ToString();
        _pending.Clear();
        if (Encode(text, _pendingStart) is { } encoded)
        {
            Append(new PatternPart(PatternPartKind.FixedText, encoded, PatternModifier.None, Position: _pendingStart));
        }
    }

    private string? Encode(string text, int position)
    {
        var encoded = _encoding(text);
        if (encoded is null) { _fault ??= new PatternFault(_encodingFault, position); }
        return encoded;
    }

    private void Append(PatternPart part)
    {
        if (_parts.Count == UrlPatternLimits.Parts) { _fault ??= new PatternFault(UrlPatternFault.TooManyParts, part.Position); }
        else { _parts.Add(part); }
    }

    // https://urlpattern.spec.whatwg.org/#add-a-part
    private void AddPart(PatternToken first, string prefix, PatternToken? name, PatternToken? matcher, string suffix, PatternToken? modifierToken)
    {
        var modifier = ModifierOf(modifierToken);
        if (name is null && matcher is null && modifier == PatternModifier.None)
        {
            // "{text}" joins the text around it.
            AppendPending(prefix, first.Index);
            return;
        }
        FlushPending();
        if (name is null && matcher is null)
        {
            // "{text}?" cannot join any other text. There is no suffix without a group.
            if (prefix.Length > 0 && Encode(prefix, first.Index) is { } text)
            {
                Append(new PatternPart(PatternPartKind.FixedText, text, modifier, Position: first.Index));
            }
            return;
        }
        var (kind, value) = MatcherOf(matcher);
        var groupName = name is { } given ? given.ValueIn(_pattern).ToString() : _nextNumericName++.ToString(CultureInfo.InvariantCulture);
        if (!_names.Add(groupName))
        {
            _fault ??= new PatternFault(UrlPatternFault.NameDuplicate, (name ?? first).Index);
            return;
        }
        var position = matcher is { } token ? token.ValueStart : first.Index;
        if (Encode(prefix, first.Index) is { } encodedPrefix && Encode(suffix, first.Index) is { } encodedSuffix)
        {
            Append(new PatternPart(kind, value, modifier, groupName, encodedPrefix, encodedSuffix, position));
        }
    }

    private PatternModifier ModifierOf(PatternToken? token) => token is not { } modifier ? PatternModifier.None : _pattern[modifier.Index] switch
    {
        '?' => PatternModifier.Optional,
        '*' => PatternModifier.ZeroOrMore,
        _ => PatternModifier.OneOrMore,
    };

    // A regular expression that spells out a wildcard is that wildcard.
    private (PatternPartKind Kind, string Value) MatcherOf(PatternToken? matcher)
    {
        if (matcher is not { } token) { return (PatternPartKind.SegmentWildcard, ""); }
        if (token.Kind == PatternTokenKind.Asterisk) { return (PatternPartKind.FullWildcard, ""); }
        var value = token.ValueIn(_pattern).ToString();
        if (value == _rules.SegmentWildcard) { return (PatternPartKind.SegmentWildcard, ""); }
        return value == PatternRules.FullWildcard ? (PatternPartKind.FullWildcard, "") : (PatternPartKind.RegExp, value);
    }
}
