namespace Firstbyte.Urls.Patterns;

/// <summary>Matches the text of one component; immutable.</summary>
internal abstract class ComponentMatcher
{
    /// <summary>Matches the whole text.</summary>
    /// <param name="input">The component of a URL, canonical and so ASCII.</param>
    /// <param name="slots">Two places a group, start and end, -1 where the group took no part; empty when nobody wants to know.</param>
    public abstract UrlPatternOutcome Match(ReadOnlySpan<char> input, Span<int> slots);
}
