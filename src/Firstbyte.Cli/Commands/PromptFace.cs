using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Prompting;
using Firstbyte.Simulation.Faults;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>The prompt's face: the lab's commands without its name, and those that move in its time.</summary>
internal sealed class PromptFace : LabFace
{
    private readonly LabConsole _console;
    private readonly RootCommand _grammar;

    public PromptFace(LabConsole console)
    {
        _console = console;
        _grammar = new RootCommand(_console.Language.Help.Prompt);
        foreach (var option in _grammar.Options.ToArray())
        {
            if (option is HelpOption help) { (help.Action, help.Description) = (new ShowHelp(result => Explain(result.Command)), console.Language.Help.Help); }
            else { _grammar.Options.Remove(option); }
        }
        foreach (var command in console.Commands.AtPrompt(this, console)) { _grammar.Subcommands.Add(command); }
    }

    /// <summary>Whether somebody has said quit.</summary>
    public bool HasEnded { get; set; }

    /// <summary>What can be typed.</summary>
    public IEnumerable<Command> Commands => _grammar.Subcommands;

    public override Language Language => _console.Language;

    public override void Extend(Command command, bool hasOwnGrammar = false, bool hasJson = true) { }

    public override int Run(ParseResult parsed, Func<LabConsole, int> act) => act(_console);

    public override IEnumerable<string> Names(CompletionContext context, LabNames names) => names switch
    {
        LabNames.Links => _console.Elements.Wires.Select(static wire => wire.Name),
        _ => LabNameList.Of(_console.Definition, names),
    };

    /// <summary>Runs one line; an empty one and one that begins with # do nothing.</summary>
    /// <returns>The command's exit code.</returns>
    /// <exception cref="UsageException">The line is no command; the message says what may be meant.</exception>
    public int RunLine(string line)
    {
        var words = TypedWords.Split(line, out var openQuote);
        if (words.Length == 0 || words[0].StartsWith('#')) { return 0; }
        var verbs = _grammar.Subcommands.SelectMany(static command => command.Aliases.Prepend(command.Name)).ToArray();
        if (!words[0].StartsWith('-') && !verbs.Contains(words[0], StringComparer.Ordinal))
        {
            throw NoCommand(_console.Language, words[0], verbs);
        }
        // A record is written in the words of zone files, whose quotes are its own.
        if (words is ["set" or "unset", _, ..] && !words.Contains("--help", StringComparer.Ordinal))
        {
            words = [words[0], "--", line.TrimStart()[words[0].Length..].Trim()];
        }
        else if (openQuote is { } quote) { throw new UsageException(_console.Language.Prompt.QuoteIsOpen(quote)); }
        words = OwnGrammar.Arrange(words, _grammar);
        var parsed = _grammar.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is not ShowHelp && new Misuse(parsed, words, _console.Language).Complaints is { Count: > 0 } complaints)
        {
            throw new UsageException(_console.Language.Prompt.Misused(Phrase.Join("; ", complaints), words[0]));
        }
        return parsed.Invoke(
            new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = TextWriter.Null,
                Error = TextWriter.Null
            });
    }

    /// <summary>What may stand where the cursor is.</summary>
    public IReadOnlyList<string> Complete(string line, int cursor)
    {
        var typed = line[..cursor];
        var words = TypedWords.Split(typed, out _);
        var start = words.Length == 0 || typed.EndsWith(' ') ? "" : words[^1];
        var items = _grammar.Parse(typed, new ParserConfiguration { ResponseFileTokenReplacer = null }).GetCompletions(cursor)
            .Select(static item => item.InsertText ?? item.Label);
        return [.. items.Where(
            item => item.StartsWith(start, StringComparison.OrdinalIgnoreCase) && (start.StartsWith('-') || !item.StartsWith('-'))
            && !item.StartsWith('/')).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Says that there is no such command, and which is meant.</summary>
    public static UsageException NoCommand(Language language, string word, IEnumerable<string> verbs) =>
        new(word == "break" ? language.Prompt.BreakIsTwoThings
            : language.Prompt.NoCommand(word, FaultRegistry.Standard.All.Any(kind => kind.Word == word) ? $"fault {word}" : Nearest.To(word, verbs)));

    /// <summary>Prints the help of a command.</summary>
    public void Explain(Command command)
    {
        foreach (var line in new HelpPage(_console.Language, _console.Page.Width, command.Name).Of(command)) { _console.Say(line); }
    }
}
