using System.CommandLine;

namespace Firstbyte.Cli.Commands;

/// <summary>
/// A command whose words it reads by itself: those of a fault are a lab file's ("-5min" is a time there), those of another program's
/// double are that program's.
/// </summary>
/// <remarks>
/// Ours are then only the options that it was given here, by their long names, wherever they stand: what names the place, <c>--help</c>, <c>--lang</c>.
/// <see cref="Arrange"/> puts them before a <c>--</c> and everything else behind it, so that our parser hands the rest over as it was typed:
/// <code>
///   dig @192.0.2.20 --lab www.example.com +short -4    →    dig --lab -- @192.0.2.20 www.example.com +short -4
/// </code>
/// </remarks>
internal sealed class OwnGrammar(string name, string description) : Command(name, description)
{
    /// <summary>The words of a line in the order in which our parser wants them; as they are where the command has no grammar of its own.</summary>
    public static string[] Arrange(string[] words, Command root)
    {
        var (command, depth) = (root, 0);
        while (depth < words.Length && command.Subcommands.FirstOrDefault(one => one.Name == words[depth] || one.Aliases.Contains(words[depth])) is { } below)
        {
            (command, depth) = (below, depth + 1);
        }
        if (command is not OwnGrammar) { return words; }
        var ours = command.Options.Concat(root.Options.Where(static option => option.Recursive))
            .Where(static option => option.Name.StartsWith("--", StringComparison.Ordinal)).ToArray();
        List<string> before = [.. words[..depth]], behind = [];
        for (var i = depth; i < words.Length; i++)
        {
            var word = words[i];
            if (word == "--")
            {
                behind.AddRange(words[i..]);
                break;
            }
            if (Array.Find(ours, option => option.Name == word.Split('=')[0]) is not { } option)
            {
                behind.Add(word);
                continue;
            }
            before.Add(word);
            if (option.Arity.MinimumNumberOfValues > 0 && !word.Contains('=', StringComparison.Ordinal) && i + 1 < words.Length) { before.Add(words[++i]); }
        }
        // Alone it cannot be an option of the other program's.
        return behind is ["-h"] ? [.. before, "--help"] : [.. before, "--", .. behind];
    }
}
