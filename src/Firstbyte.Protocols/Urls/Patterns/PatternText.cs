using System.Buffers;
using System.Text;

namespace Firstbyte.Urls.Patterns;

/// <summary>Writes parts as a pattern string again (URL Pattern section 2.3): the normal form that a component shows.</summary>
internal static class PatternText
{
    private static readonly SearchValues<char> Special = SearchValues.Create("+*?:{}()\\");

    /// <summary>The text with a "\" before whatever a pattern string would read otherwise.</summary>
    public static string Escape(string text)
    {
        if (!text.AsSpan().ContainsAny(Special)) { return text; }
        var output = new StringBuilder(text.Length + 8);
        AppendEscaped(text, output);
        return output.ToString();
    }

    /// <summary>The pattern string of these parts.</summary>
    public static string Of(List<PatternPart> parts, PatternRules rules)
    {
        var output = new StringBuilder();
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            if (part.Kind != PatternPartKind.FixedText)
            {
                AppendGroup(part, i > 0 ? parts[i - 1] : null, i + 1 < parts.Count ? parts[i + 1] : null, rules, output);
            }
            else if (part.Modifier == PatternModifier.None) { AppendEscaped(part.Value, output); }
            else
            {
                output.Append('{');
                AppendEscaped(part.Value, output);
                output.Append('}').Append(part.ModifierText);
            }
        }
        return output.ToString();
    }

    private static void AppendEscaped(string text, StringBuilder output)
    {
        foreach (var c in text)
        {
            if (Special.Contains(c)) { output.Append('\\'); }
            output.Append(c);
        }
    }

    private static void AppendGroup(PatternPart part, PatternPart? previous, PatternPart? next, PatternRules rules, StringBuilder output)
    {
        var hasName = !char.IsAsciiDigit(part.Name[0]);
        var needsBraces = NeedsBraces(part, previous, next, hasName, rules);
        if (needsBraces) { output.Append('{'); }
        AppendEscaped(part.Prefix, output);
        if (hasName) { output.Append(':').Append(part.Name); }
        switch (part.Kind)
        {
            case PatternPartKind.RegExp:
                output.Append('(').Append(part.Value).Append(')');
                break;
            case PatternPartKind.SegmentWildcard when !hasName:
                output.Append('(').Append(rules.SegmentWildcard).Append(')');
                break;
            case PatternPartKind.FullWildcard:
                // Behind another group "*" would be that group's modifier.
                var standsAlone = previous is null || previous.Kind == PatternPartKind.FixedText
                    || previous.Modifier != PatternModifier.None || needsBraces || part.Prefix.Length > 0;
                output.Append(!hasName && standsAlone ? "*" : $"({PatternRules.FullWildcard})");
                break;
        }
        // The suffix must not be read as more of the name.
        if (part.Kind == PatternPartKind.SegmentWildcard && hasName && BeginsLikeName(part.Suffix)) { output.Append('\\'); }
        AppendEscaped(part.Suffix, output);
        if (needsBraces) { output.Append('}'); }
        output.Append(part.ModifierText);
    }

    private static bool NeedsBraces(PatternPart part, PatternPart? previous, PatternPart? next, bool hasName, PatternRules rules)
    {
        if (part.Suffix.Length > 0 || (part.Prefix.Length > 0 && !rules.IsPrefix(part.Prefix))) { return true; }
        if (hasName && part.Kind == PatternPartKind.SegmentWildcard && part.Modifier == PatternModifier.None && next is not null
            && next.Prefix.Length == 0 && next.Suffix.Length == 0)
        {
            // What follows must not be read as more of the name, or as its regular expression.
            if (next.Kind == PatternPartKind.FixedText ? BeginsLikeName(next.Value) : char.IsAsciiDigit(next.Name[0])) { return true; }
        }
        // A "/" that ends the text before must not become the group's prefix.
        return part.Prefix.Length == 0 && previous is { Kind: PatternPartKind.FixedText, Value.Length: > 0 }
            && previous.Value[^1] == rules.Prefix && rules.Prefix != '\0';
    }

    private static bool BeginsLikeName(string text) =>
        text.Length > 0 && Rune.DecodeFromUtf16(text, out var rune, out _) == OperationStatus.Done && PatternTokenizer.IsNameRune(rune, isFirst: false);
}
