using System.Text.RegularExpressions;

namespace Firstbyte.Urls;

/// <summary>Matches a component whose pattern has regular expressions, by one of .NET's engines.</summary>
internal sealed class RegExpMatcher(Regex regex, int groups, HashSet<int> absentWhenEmpty) : ComponentMatcher
{
    /// <summary>True when the engine is the one that backtracks.</summary>
    public bool Backtracks => !regex.Options.HasFlag(RegexOptions.NonBacktracking);

    /// <inheritdoc/>
    public override UrlPatternOutcome Match(ReadOnlySpan<char> input, Span<int> slots)
    {
        try
        {
            if (slots.IsEmpty) { return regex.IsMatch(input) ? UrlPatternOutcome.Match : UrlPatternOutcome.NoMatch; }
            var match = regex.Match(input.ToString());
            if (!match.Success) { return UrlPatternOutcome.NoMatch; }
            // The standard pairs its names with the captures by their order, also where an expression captures on its own.
            for (var i = 0; i < groups; i++)
            {
                var group = match.Groups[i + 1];
                var takesPart = group.Success && (group.Length > 0 || !absentWhenEmpty.Contains(i + 1));
                (slots[2 * i], slots[2 * i + 1]) = takesPart ? (group.Index, group.Index + group.Length) : (-1, -1);
            }
            return UrlPatternOutcome.Match;
        }
        catch (RegexMatchTimeoutException)
        {
            return UrlPatternOutcome.GivenUp;
        }
    }
}
