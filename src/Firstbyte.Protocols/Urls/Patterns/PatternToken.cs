namespace Firstbyte.Urls.Patterns;

/// <summary>The kinds of tokens of a pattern string (URL Pattern section 2.1.1).</summary>
internal enum PatternTokenKind : byte { Open, Close, RegExp, Name, Char, EscapedChar, OtherModifier, Asterisk, End, InvalidChar }

/// <summary>A token: its place in the pattern string and the place of its value, both in UTF-16 code units.</summary>
internal readonly record struct PatternToken(PatternTokenKind Kind, int Index, int ValueStart, int ValueLength)
{
    /// <summary>The value within the pattern string that the token came from: the name without ":", the regular expression without parentheses.</summary>
    public ReadOnlySpan<char> ValueIn(string pattern) => pattern.AsSpan(ValueStart, ValueLength);
}
