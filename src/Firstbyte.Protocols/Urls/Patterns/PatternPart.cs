namespace Firstbyte.Urls.Patterns;

/// <summary>What a part matches (URL Pattern section 2.1.3).</summary>
internal enum PatternPartKind : byte
{
    FixedText,
    RegExp,

    /// <summary>As few characters as possible, at least one, up to the delimiter of the component.</summary>
    SegmentWildcard,

    /// <summary>As many characters as possible.</summary>
    FullWildcard,
}

/// <summary>How often a part may occur: once, "?", "*", "+".</summary>
internal enum PatternModifier : byte { None, Optional, ZeroOrMore, OneOrMore }

/// <summary>One piece of a pattern string: a fixed text, or a group with the fixed texts around it that share its modifier.</summary>
/// <param name="Kind">What it matches.</param>
/// <param name="Value">The fixed text, canonical; or the regular expression.</param>
/// <param name="Modifier">How often it may occur.</param>
/// <param name="Name">The group's name; "" for a fixed text.</param>
/// <param name="Prefix">Fixed text before the group, canonical.</param>
/// <param name="Suffix">Fixed text behind the group, canonical.</param>
/// <param name="Position">Where the regular expression stands in the pattern string, for faults found later.</param>
internal sealed record PatternPart(
    PatternPartKind Kind, string Value, PatternModifier Modifier, string Name = "", string Prefix = "", string Suffix = "",
    int Position = 0)
{
    /// <summary>True for a group that occurs any number of times.</summary>
    public bool Repeats => Modifier is PatternModifier.ZeroOrMore or PatternModifier.OneOrMore;

    /// <summary>The modifier as it is written.</summary>
    public string ModifierText => Modifier switch
    {
        PatternModifier.Optional => "?",
        PatternModifier.ZeroOrMore => "*",
        PatternModifier.OneOrMore => "+",
        _ => "",
    };
}

/// <summary>How the patterns of a component behave (URL Pattern section 2.1.4); '\0' stands for "none".</summary>
internal readonly record struct PatternRules(char Delimiter, char Prefix, bool IgnoreCase)
{
    public static readonly PatternRules Default = new('\0', '\0', false);
    public static readonly PatternRules Hostname = new('.', '\0', false);
    public static readonly PatternRules Pathname = new('/', '/', false);

    /// <summary>The regular expression that a group without one of its own stands for; a group that spells it out is the same.</summary>
    public string SegmentWildcard => Delimiter == '\0' ? "[^]+?" : $@"[^\{Delimiter}]+?";

    /// <summary>The regular expression that "*" stands for.</summary>
    public const string FullWildcard = ".*";

    /// <summary>True when the text is the prefix character and nothing else.</summary>
    public bool IsPrefix(ReadOnlySpan<char> text) => Prefix == '\0' ? text.IsEmpty : text.Length == 1 && text[0] == Prefix;
}
