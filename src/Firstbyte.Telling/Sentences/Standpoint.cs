namespace Firstbyte.Telling.Sentences;

/// <summary>Where somebody stands who is advised: a command is named as it works there, and none that does not.</summary>
/// <param name="Lab">The lab in which it happened, by its name or file; null on this machine's network.</param>
/// <param name="IsPrompt">Whether it is typed at the prompt of the lab.</param>
/// <param name="IsWithoutRoots">Whether the lab has no root name servers.</param>
/// <param name="IsPage">Whether it happened in a page, which has no command line.</param>
/// <param name="IsUnnamed">Whether the lab was written in the page, so that no command finds it by its name.</param>
public sealed record Standpoint(string? Lab = null, bool IsPrompt = false, bool IsWithoutRoots = false, bool IsPage = false, bool IsUnnamed = false)
{
    /// <summary>The shell, on this machine's network.</summary>
    public static Standpoint Here { get; } = new();

    /// <summary>Whether advice is for another place than this: a command, where there is none to type.</summary>
    public bool IsElsewhere(string advice) =>
        IsPage && (NamesCommand(advice) || HasOption(advice));

    /// <summary>Whether advice names a command.</summary>
    public static bool NamesCommand(string advice) => advice.Contains("firstbyte ", StringComparison.Ordinal);

    // "-k", "--cacert", at the beginning of a word.
    private static bool HasOption(string advice)
    {
        for (var at = advice.IndexOf('-'); at >= 0 && at + 1 < advice.Length; at = advice.IndexOf('-', at + 1))
        {
            var isInWord = at > 0 && (char.IsAsciiLetterOrDigit(advice[at - 1]) || advice[at - 1] == '-');
            if (!isInWord && (char.IsAsciiLetter(advice[at + 1]) || advice[at + 1] == '-')) { return true; }
        }
        return false;
    }

    /// <summary>A command that the prompt has too.</summary>
    public string Command(string verb, string rest) => IsPrompt ? $"{verb} {rest}" : Shell(verb, rest);

    /// <summary>A command of the shell alone.</summary>
    public string Shell(string verb, string rest) => Lab is null ? $"firstbyte {verb} {rest}" : $"firstbyte {verb} --lab={Lab} {rest}";
}
