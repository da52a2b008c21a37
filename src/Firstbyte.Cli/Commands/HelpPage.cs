using System.CommandLine;
using Firstbyte.Cli.Drawing;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>The page of <c>--help</c>: what a command is for, how it is typed, what may stand there, examples that work as they stand.</summary>
/// <remarks>
/// Of our own, because the parser's counts characters where a terminal counts columns, speaks one language, and names arguments of the
/// commands above that are not accepted below them.
/// </remarks>
/// <param name="language">In which it is written.</param>
/// <param name="width">Columns of the page.</param>
/// <param name="path">The words by which the command is called.</param>
internal sealed class HelpPage(Language language, int width, string path)
{
    // Names that are wider than this have their text on the next line (own choice: a third of 80 columns, and a little).
    private const int MaxNameWidth = 32;

    /// <summary>Columns of what is not beside an option, however wide the page is (own choice: what fits beside something else on most screens).</summary>
    public const int TextWidth = 100;

    private readonly IHelp _words = language.Help;

    public IEnumerable<string> Of(Command command)
    {
        foreach (var line in Wrapping.Lines(command.Description ?? "", width)) { yield return line; }
        yield return "";
        yield return _words.UsageHead;
        foreach (var usage in Usages(command)) { yield return "  " + usage; }
        var options = Options(command).Select(option => (Name(option), Text(option))).ToArray();
        foreach (var (head, rows) in ((string, (string, string)[])[])
        [
            (_words.ArgumentsHead, [.. command.Arguments.Select(argument => (Name(argument), argument.Description ?? ""))]),
            (_words.OptionsHead, options),
            (_words.CommandsHead,
                [.. command.Subcommands.Select(
                    static one =>
                        (string.Join(", ", one.Aliases.Order(StringComparer.Ordinal).Prepend(one.Name)), one.Description ?? ""))]),
        ])
        {
            if (rows.Length == 0) { continue; }
            yield return "";
            yield return head;
            foreach (var line in Columns(rows)) { yield return line; }
        }
        if (HelpExamples.Of(path, language) is not { Count: > 0 } examples) { yield break; }
        yield return "";
        yield return _words.ExamplesHead;
        foreach (var line in Examples(examples)) { yield return line; }
    }

    // What an example shows stands behind it where there is room for all of them, and below it otherwise: a line that is to be copied is never broken.
    private IEnumerable<string> Examples(IReadOnlyList<(string Line, string Text)> examples)
    {
        const int indent = 2, gap = 3, below = 6;
        var room = Math.Min(width, TextWidth);
        var column = examples.Max(static example => example.Text.Length == 0 ? 0 : example.Line.Length);
        var fits = examples.All(example => example.Text.Length == 0 || indent + column + gap + DisplayWidth.Of(example.Text) <= room);
        foreach (var (line, text) in examples)
        {
            yield return fits ? (new string(' ', indent) + line.PadRight(column) + new string(' ', gap) + text).TrimEnd() : new string(' ', indent) + line;
            if (fits || text.Length == 0) { continue; }
            foreach (var part in Wrapping.Lines(text, room - below)) { yield return new string(' ', below) + part; }
        }
    }

    // What stands below a command is used instead of its own arguments.
    private IEnumerable<string> Usages(Command command)
    {
        if (command.Subcommands.Count == 0 || command.Arguments.Count > 0) { yield return Usage(command); }
        if (command.Subcommands.Count > 0) { yield return $"{path} {_words.CommandWord} …"; }
    }

    private string Usage(Command command)
    {
        var words = new List<string> { path };
        foreach (var argument in command.Arguments)
        {
            var name = Name(argument);
            if (argument.Arity.MaximumNumberOfValues > 1 && !name.EndsWith('…')) { name += "…"; }
            words.Add(argument.Arity.MinimumNumberOfValues == 0 || argument.HasDefaultValue ? $"[{name}]" : name);
        }
        words.AddRange(command.Options.Where(static option => option.Required).Select(Name));
        words.Add(_words.OptionsWord);
        return string.Join(' ', words);
    }

    private static IEnumerable<Option> Options(Command command)
    {
        foreach (var option in command.Options.Where(static option => !option.Hidden)) { yield return option; }
        for (var above = command.Parents.OfType<Command>().FirstOrDefault(); above is not null; above = above.Parents.OfType<Command>().FirstOrDefault())
        {
            foreach (var option in above.Options.Where(static option => option.Recursive && !option.Hidden)) { yield return option; }
        }
    }

    private static string Name(Argument argument) => argument.HelpName ?? argument.Name.ToUpperInvariant();

    // Short ones first, as everybody writes them; "-?" and "/?" of the parser's own are accepted and not shown.
    private static string Name(Option option)
    {
        var names = string.Join(
            ", ", option.Aliases.Prepend(option.Name).Where(static name => name.StartsWith('-') && name != "-?")
            .OrderBy(static name => name.Length > 2 ? 1 : 0));
        return option.ValueType == typeof(bool) || option.HelpName is not { } value
            ? names
            : option.Arity.MinimumNumberOfValues == 0 ? $"{names}[={value}]" : $"{names} {value}";
    }

    private string Text(Option option)
    {
        var text = option.Description ?? "";
        if (option.Required) { return $"{text} {_words.Required}"; }
        return option.HasDefaultValue && option.ValueType != typeof(bool) && option.GetDefaultValue() is { } value
            && Value(value) is { Length: > 0 } shown ? $"{text} {_words.Default(shown)}" : text;
    }

    private static string Value(object value) => value switch
    {
        string text => text,
        string[] texts => string.Join(", ", texts),
        (ulong first, ulong last) => $"{first}..{last}",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => "",
    };

    private IEnumerable<string> Columns(IReadOnlyList<(string Name, string Text)> rows)
    {
        var column = 2 + 2 + Math.Min(MaxNameWidth, rows.Max(static row => DisplayWidth.Of(row.Name)));
        foreach (var (name, text) in rows)
        {
            var start = DisplayWidth.Pad("  " + name, column);
            if (DisplayWidth.Of(start) > column)
            {
                yield return start.TrimEnd();
                start = new string(' ', column);
            }
            foreach (var line in Wrapping.Lines(text, width - column))
            {
                yield return (start + line).TrimEnd();
                start = new string(' ', column);
            }
            if (text.Length == 0) { yield return start.TrimEnd(); }
        }
    }
}
