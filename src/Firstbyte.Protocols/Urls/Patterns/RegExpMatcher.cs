using System.Text.RegularExpressions;

namespace Firstbyte.Urls.Patterns;

/// <summary>Matches a component whose pattern has regular expressions, by .NET's engines.</summary>
/// <remarks>
/// Whether it matches says the engine that does not backtrack, in linear time. What the groups hold it does not always say as ECMAScript
/// would: of (a|ab)(.*) on "abc" it may tell the second alternative. So the groups come from the backtracking engine, which tries in
/// ECMAScript's order and runs only on what is known to match, under <see cref="UrlPatternLimits.RegExpTime"/>. Look-around and
/// back-references only the backtracking engine can do; <paramref name="linear"/> is null then.
/// The linear engine keeps a state for each set of places in the pattern that the input has led to, at once as large as all the
/// <paramref name="choices"/>: a hundred nested repetitions cost 300 MB on 275 characters. Beyond
/// <see cref="UrlPatternLimits.RegExpMemory"/> the engine that backtracks decides alone, which keeps nothing, under its time limit.
/// </remarks>
internal sealed class RegExpMatcher(Regex? linear, Regex exact, long choices, int groups, HashSet<int> absentWhenEmpty) : ComponentMatcher
{
    // Divided rather than multiplied: a pattern of many nested repetitions and a long input have a product that no number holds.
    private readonly long _longest = choices == 0 ? long.MaxValue : UrlPatternLimits.RegExpMemory / choices / choices;

    /// <summary>True when only the backtracking engine can tell whether there is a match.</summary>
    public bool Backtracks => linear is null;

    /// <inheritdoc/>
    public override UrlPatternOutcome Match(ReadOnlySpan<char> input, Span<int> slots)
    {
        try
        {
            var engine = input.Length <= _longest ? linear ?? exact : exact;
            if (!engine.IsMatch(input)) { return UrlPatternOutcome.NoMatch; }
            if (!slots.IsEmpty) { ReadGroups(exact.Match(input.ToString()), slots); }
            return UrlPatternOutcome.Match;
        }
        catch (RegexMatchTimeoutException)
        {
            return UrlPatternOutcome.GivenUp;
        }
    }

    // The standard pairs its names with the captures by their order, also where an expression captures on its own.
    private void ReadGroups(Match match, Span<int> slots)
    {
        for (var i = 0; i < groups; i++)
        {
            var group = match.Groups[i + 1];
            var takesPart = group.Success && (group.Length > 0 || !absentWhenEmpty.Contains(i + 1));
            (slots[2 * i], slots[2 * i + 1]) = takesPart ? (group.Index, group.Index + group.Length) : (-1, -1);
        }
    }
}
