using System.Buffers;
using Firstbyte.Urls.Buffers;

namespace Firstbyte.Urls.Patterns;

/// <summary>Matches parts without regular expressions, in time linear in the input.</summary>
/// <remarks>
/// Theory of operation. A fork of the program has a branch to try first and one to come back to; what to come back to is a stack of (step,
/// place). A fork that was passed at a place once is never passed there again: what failed from there fails again, since the groups matched
/// before do not matter for what follows. So the work is at most forks × places, and a bit for each of these is all the memory that grows.
/// </remarks>
internal sealed class PartMatcher : ComponentMatcher
{
    // Enough for 8 forks on 255 characters; longer components take pooled memory.
    private const int StackWords = 32;
    private const int WordBits = 64;
    private const int StackRetries = 64;

    private readonly record struct Retry(int Step, int Place);

    private readonly PartStep[] _steps;
    private readonly int _forks;
    private readonly char _delimiter;
    private readonly StringComparison _comparison;

    public PartMatcher(List<PatternPart> parts, PatternRules rules)
    {
        var program = new PartProgram(parts, rules);
        _steps = program.ToSteps();
        _forks = program.Forks;
        _delimiter = rules.Delimiter;
        _comparison = rules.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
    }

    /// <inheritdoc/>
    public override UrlPatternOutcome Match(ReadOnlySpan<char> input, Span<int> slots)
    {
        slots.Fill(-1);
        var visits = (long)_forks * (input.Length + 1);
        if (visits > UrlPatternLimits.MatchVisits) { return UrlPatternOutcome.GivenUp; }
        var words = (int)((visits + WordBits - 1) / WordBits);
        var rented = words > StackWords ? ArrayPool<ulong>.Shared.Rent(words) : null;
        var visited = rented is null ? stackalloc ulong[StackWords] : rented;
        visited = visited[..words];
        visited.Clear();
        var retries = new SpanBuilder<Retry>(stackalloc Retry[StackRetries]);
        var isMatch = Run(input, slots, visited, ref retries);
        retries.Dispose();
        if (rented is not null) { ArrayPool<ulong>.Shared.Return(rented); }
        return isMatch ? UrlPatternOutcome.Match : UrlPatternOutcome.NoMatch;
    }

    private bool Run(ReadOnlySpan<char> input, Span<int> slots, Span<ulong> visited, scoped ref SpanBuilder<Retry> retries)
    {
        var (step, place) = (0, 0);
        while (true)
        {
            ref readonly var current = ref _steps[step];
            var next = -1;
            switch (current.Op)
            {
                case PartOp.Text:
                    if (input[place..].StartsWith(current.Text, _comparison)) { (next, place) = (step + 1, place + current.Text.Length); }
                    break;
                case PartOp.SegmentOne:
                    if (place < input.Length && input[place] != _delimiter) { (next, place) = (step + 1, place + 1); }
                    break;
                case PartOp.AnyOne:
                    if (place < input.Length) { (next, place) = (step + 1, place + 1); }
                    break;
                case PartOp.Segment:
                    var length = input[place..].IndexOf(_delimiter);
                    var end = length < 0 ? input.Length : place + length;
                    if (end - place >= current.First) { (next, place) = (step + 1, end); }
                    break;
                case PartOp.Rest:
                    if (input.Length - place >= current.First) { (next, place) = (step + 1, input.Length); }
                    break;
                case PartOp.Fork:
                    var visit = (current.Number * (input.Length + 1)) + place;
                    ref var word = ref visited[visit / WordBits];
                    var bit = 1UL << (visit % WordBits);
                    if ((word & bit) != 0) { break; }
                    word |= bit;
                    retries.Append(new Retry(current.Second, place));
                    next = current.First;
                    break;
                case PartOp.Jump:
                    next = current.First;
                    break;
                case PartOp.Save:
                    next = step + 1;
                    if (slots.IsEmpty) { break; }
                    // Going back behind this place brings the old value back.
                    retries.Append(new Retry(~current.First, slots[current.First]));
                    slots[current.First] = place;
                    break;
                default:
                    if (place == input.Length) { return true; }
                    break;
            }
            if (next < 0 && !GoBack(ref retries, slots, out next, ref place)) { return false; }
            step = next;
        }
    }

    private static bool GoBack(scoped ref SpanBuilder<Retry> retries, Span<int> slots, out int step, ref int place)
    {
        while (retries.Length > 0)
        {
            var retry = retries[retries.Length - 1];
            retries.Truncate(retries.Length - 1);
            if (retry.Step >= 0)
            {
                (step, place) = (retry.Step, retry.Place);
                return true;
            }
            slots[~retry.Step] = retry.Place;
        }
        step = 0;
        return false;
    }
}
