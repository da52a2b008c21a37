using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Firstbyte.Urls.Patterns;

/// <summary>The regular expression of one component: that of the standard (URL Pattern section 2.2), written for .NET.</summary>
/// <remarks>
/// Theory of operation. The regular expressions of a pattern are ECMAScript's with the "v" flag. <see cref="RegExpReader"/> reads each by that
/// grammar and writes it down again for .NET. Every character class is computed, set operations and all, and written as a plain class of
/// ASCII characters; both cases stand in it where case is ignored. Groups carry the numbers that ECMAScript gives them. What is left are
/// alternatives, repetitions and anchors, which mean the same to both. See <see cref="RegExpMatcher"/> for which engine does what.
/// </remarks>
internal sealed class RegExpTranslation
{
    private readonly StringBuilder _output = new(@"\A");
    private readonly PatternRules _rules;
    private readonly HashSet<int> _absentWhenEmpty = [];

    private RegExpTranslation(PatternRules rules) => _rules = rules;

    /// <summary>Groups so far, in the order of their opening parentheses.</summary>
    public int Groups { get; set; }

    /// <summary>Groups whose closing parenthesis was read.</summary>
    public HashSet<int> Closed { get; } = [];

    /// <summary>Names that regular expressions gave their own groups.</summary>
    public Dictionary<string, int> Names { get; } = [];

    /// <summary>The highest number of a back-reference, and where it stands.</summary>
    public (int Number, int Position) HighestReference { get; set; }

    public bool NeedsBacktracking { get; set; }

    public bool HasReferences { get; set; }

    /// <summary>The states of what was written, with counted repetitions multiplied out.</summary>
    public long Size { get; set; }

    /// <summary>Where a match has more than one way on: alternatives, wildcards, modifiers, and every state that is repeated.</summary>
    public long Choices { get; set; }

    /// <summary>The matcher of these parts, or null with a fault.</summary>
    public static RegExpMatcher? Compile(List<PatternPart> parts, PatternRules rules, out PatternFault? fault)
    {
        var translation = new RegExpTranslation(rules);
        var groups = 0;
        foreach (var part in parts)
        {
            if (part.Kind == PatternPartKind.FixedText) { translation.AppendFixed(part); fault = null; }
            else { fault = translation.AppendGroup(part); groups++; }
            if (fault is null && translation.Size > UrlPatternLimits.RegExpSize) { fault = new PatternFault(UrlPatternFault.RegExpTooLarge, part.Position); }
            if (fault is not null) { return null; }
        }
        fault = translation.HighestReference.Number > translation.Groups
            ? new PatternFault(UrlPatternFault.RegExpInvalid, translation.HighestReference.Position)
            : null;
        return fault is null ? translation.ToMatcher(groups, parts.Find(part => part.Kind == PatternPartKind.RegExp)?.Position ?? 0, out fault) : null;
    }

    private RegExpMatcher? ToMatcher(int groups, int position, out PatternFault? fault)
    {
        fault = null;
        _output.Append(@"\z");
        // ECMAScript's meaning of a reference to a group that took no part is "nothing", which .NET has under the flag of that name only.
        var options = !HasReferences
            ? RegexOptions.CultureInvariant
            : RegexOptions.ECMAScript | (_rules.IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            var text = _output.ToString();
            var linear = NeedsBacktracking ? null : new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return new RegExpMatcher(linear, new Regex(text, options, UrlPatternLimits.RegExpTime), Choices, groups, _absentWhenEmpty);
        }
        catch (Exception refusal) when (refusal is ArgumentException or NotSupportedException)
        {
            // The grammar was checked, so it is the engine that has a limit of its own.
            fault = new PatternFault(UrlPatternFault.RegExpUnsupported, position);
            return null;
        }
    }

    private void AppendFixed(PatternPart part)
    {
        if (part.Modifier == PatternModifier.None) { AppendText(part.Value); return; }
        Choices += part.Value.Length;
        _output.Append("(?:");
        AppendText(part.Value);
        _output.Append(')').Append(part.ModifierText);
    }

    private void AppendText(string text)
    {
        foreach (var c in text) { AppendSet(AsciiSet.Of(c), _rules.IgnoreCase); }
        Size += text.Length;
    }

    /// <summary>Writes one character of a set.</summary>
    public void AppendSet(AsciiSet set, bool ignoreCase)
    {
        if (ignoreCase) { set = set.FoldCase(); }
        if (UInt128.PopCount(set.Bits) == 1) { AsciiSet.AppendCharacter((int)UInt128.TrailingZeroCount(set.Bits), _output); }
        else { set.AppendTo(_output); }
    }

    public void Append(string text) => _output.Append(text);

    public void Append(ReadOnlySpan<char> text) => _output.Append(text);

    /// <summary>Opens a capturing group with the number that is its turn.</summary>
    public int OpenGroup()
    {
        _output.Append(CultureInfo.InvariantCulture, $"(?<{++Groups}>");
        return Groups;
    }

    // https://urlpattern.spec.whatwg.org/#generate-a-regular-expression-and-name-list
    private PatternFault? AppendGroup(PatternPart part)
    {
        var isBare = part.Prefix.Length + part.Suffix.Length == 0;
        PatternFault? fault;
        if (!part.Repeats)
        {
            _output.Append("(?:");
            AppendText(part.Prefix);
            var number = OpenGroup();
            if (isBare && part.Modifier == PatternModifier.Optional) { _absentWhenEmpty.Add(number); }
            fault = AppendValue(part);
            Closed.Add(number);
            _output.Append(')');
            AppendText(part.Suffix);
            _output.Append(')').Append(part.ModifierText);
            return fault;
        }
        if (isBare)
        {
            var number = OpenGroup();
            _output.Append("(?:");
            fault = AppendValue(part);
            Closed.Add(number);
            _output.Append(')').Append(part.ModifierText).Append(')');
            return fault;
        }
        _output.Append("(?:");
        AppendText(part.Prefix);
        var repeated = OpenGroup();
        _output.Append("(?:");
        fault = AppendValue(part);
        _output.Append(")(?:");
        AppendText(part.Suffix);
        AppendText(part.Prefix);
        _output.Append("(?:");
        // The standard writes the expression twice, so that a name within it is a duplicate.
        fault ??= AppendValue(part);
        Closed.Add(repeated);
        _output.Append("))*)");
        AppendText(part.Suffix);
        _output.Append(part.Modifier == PatternModifier.ZeroOrMore ? ")?" : ")");
        return fault;
    }

    private PatternFault? AppendValue(PatternPart part)
    {
        Size += 1;
        Choices += part.Modifier == PatternModifier.None ? 0 : 1;
        switch (part.Kind)
        {
            case PatternPartKind.SegmentWildcard:
                AppendSet(_rules.Delimiter == '\0' ? AsciiSet.All : ~AsciiSet.Of(_rules.Delimiter), ignoreCase: false);
                _output.Append("+?");
                Choices++;
                return null;
            case PatternPartKind.FullWildcard:
                AppendSet(AsciiSet.NoLineEnd, ignoreCase: false);
                _output.Append('*');
                Choices++;
                return null;
            default:
                return new RegExpReader(part.Value, part.Position, _rules.IgnoreCase, this).Read();
        }
    }
}
