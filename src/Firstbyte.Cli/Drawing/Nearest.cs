namespace Firstbyte.Cli.Drawing;

/// <summary>What somebody may have meant who mistyped a name.</summary>
internal static class Nearest
{
    // More than a third of a word wrong is another word.
    private const int LettersForOneError = 3;

    /// <summary>The candidate that differs least; null when none is near.</summary>
    public static string? To(string typed, IEnumerable<string> candidates)
    {
        string? best = null;
        var least = Math.Max(1, typed.Length / LettersForOneError) + 1;
        foreach (var candidate in candidates)
        {
            // A name without its last part, or the first letters of one, is near whatever its length.
            var distance = typed.Length >= 2 && candidate.StartsWith(typed, StringComparison.OrdinalIgnoreCase)
                ? 1
                : Distance(typed.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < least) { (best, least) = (candidate, distance); }
        }
        return best;
    }

    /// <summary>"; did you mean 'www'?", or nothing.</summary>
    public static string Question(string typed, IEnumerable<string> candidates) => To(typed, candidates) is { } near ? $"; did you mean '{near}'?" : "";

    /// <summary>Letters to put in, take out, replace or swap with their neighbour (optimal string alignment).</summary>
    private static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++) { rows[i, 0] = i; }
        for (var j = 0; j <= right.Length; j++) { rows[0, j] = j; }
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) { rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1); }
            }
        }
        return rows[left.Length, right.Length];
    }
}
