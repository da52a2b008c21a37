using System.CommandLine;
using System.CommandLine.Parsing;
using Firstbyte.Cli.Drawing;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>What is wrong with a command line, in our own words: the parser's speak of types and tokens.</summary>
internal sealed class Misuse(ParseResult parsed, IReadOnlyList<string> arguments, Language language)
{
    private readonly IUsageSentences _words = language.Usage;

    /// <summary>The complaints, the telling ones first; none when the line is as it should be.</summary>
    public IReadOnlyList<Phrase> Complaints => IsPlain() ? [] : Once(Find());

    // No command's word was among the arguments: what stands there is the shell's own, or the prompt's.
    private bool IsShell => parsed.CommandResult.Parent is null;

    /// <summary>Help was asked for about a word that is no command; null when it is one, or a URL beside which the option stands.</summary>
    public Phrase? HelpForNothing
    {
        get
        {
            if (parsed.CommandResult.Command is { Subcommands: [_, ..] } && !IsShell && parsed.UnmatchedTokens is [var word, ..] && IsBareWord(word))
            {
                return UnmatchedWord(word);
            }
            if (!IsShell || arguments.Count < 2 || !IsBareWord(arguments[0])) { return null; }
            var commands = parsed.CommandResult.Command.Subcommands.Select(static command => command.Name).ToArray();
            return _words.NoSubcommand("", arguments[0], Nearest.To(arguments[0], commands), commands);
        }
    }

    // Most lines are options that there are and a URL, or words of another program's double: nothing of it needs to be looked into.
    private bool IsPlain()
    {
        if (parsed.Errors.Count > 0 || parsed.UnmatchedTokens.Count > 0) { return false; }
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (word == "--" && parsed.CommandResult.Command is OwnGrammar) { return true; }
            var isMeant = word.StartsWith('-') ? IsOptionOfOurs(word)
                : word.Contains("://", StringComparison.Ordinal) || (i == 0 && word == parsed.CommandResult.Command.Name);
            if (!isMeant) { return false; }
        }
        return true;
    }

    private bool IsOptionOfOurs(string word)
    {
        foreach (var token in parsed.Tokens)
        {
            if (token.Type == TokenType.Option && token.Value == word) { return true; }
        }
        return false;
    }

    // Everything else that is wrong follows from a word that was taken for something it is not.
    private IEnumerable<Phrase> Find()
    {
        var unknown = UnknownOptions().ToArray();
        var before = BeforeTheCommand().ToArray();
        var empty = EmptyFileNames().ToArray();
        var flags = FlagsWithValues().Concat(UnknownLetters()).ToArray();
        return before.Length > 0 ? before
            : unknown.Length > 0 ? unknown
            : flags.Length > 0 ? flags
            : MistypedCommand() is { } mistyped ? [mistyped]
            : parsed.UnmatchedTokens.Count > 0 ? UnmatchedWords()
            : empty.Length > 0 ? empty
            // What is given and wrong comes before what is not there at all.
            : parsed.Errors.OrderBy(static error => error.SymbolResult is CommandResult).Select(Of);
    }

    private static Phrase[] Once(IEnumerable<Phrase> complaints) => [.. complaints.DistinctBy(static complaint => complaint.ToString())];

    private Phrase Of(ParseError error)
    {
        var (symbol, tokens) = Symbol(error.SymbolResult);
        var name = NameOf(symbol, error.SymbolResult);
        var message = error.Message;
        // The parser tells its kinds of errors apart by their texts alone; what is none of these was said by a check of ours.
        if (message.StartsWith("Required command", StringComparison.Ordinal))
        {
            return _words.SayWhich(PathOf(parsed.CommandResult), parsed.CommandResult.Command.Subcommands.Select(static command => command.Name));
        }
        if (message.StartsWith("Required argument", StringComparison.Ordinal)) { return _words.Wants(name, ValueOf(symbol)); }
        if (message.EndsWith(" is required.", StringComparison.Ordinal))
        {
            return _words.Wants(PathOf(parsed.CommandResult), Described(message.Split('\'')[1]));
        }
        if (message.Contains("expects a single argument but", StringComparison.Ordinal)) { return _words.GivenTooOften(name, tokens.Count); }
        if (message.Contains("cannot be combined with other arguments", StringComparison.Ordinal))
        {
            return _words.NoUseFor(name, arguments.First(argument => argument != name).Split('=')[0]);
        }
        if (message.StartsWith("Cannot parse argument", StringComparison.Ordinal))
        {
            return _words.WantsKind(name, tokens[^1].Value, KindOf(symbol, tokens[^1].Value));
        }
        if (message.Contains("Must be one of:", StringComparison.Ordinal))
        {
            var choices = message[message.IndexOf("Must be one of:", StringComparison.Ordinal)..].Split('\'').Where(static (_, i) => i % 2 == 1);
            return _words.WantsOneOf(name, tokens[^1].Value, choices);
        }
        return message;
    }

    /// <summary>An option that is or is not takes no value: what stands behind its '=' would be taken for a word of its own, to fetch.</summary>
    private IEnumerable<Phrase> FlagsWithValues()
    {
        foreach (var word in Options().Where(static word => word.Contains('=', StringComparison.Ordinal)))
        {
            var (name, value) = (word.Split('=')[0], word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            // It may also be the value of the option before it, and then it is no word of its own.
            if (Find(name)?.ValueType == typeof(bool) && !bool.TryParse(value, out _)
                && parsed.Tokens.Any(token => token.Type == TokenType.Option && token.Value == name))
            {
                yield return _words.NoValue(name);
            }
        }
    }

    // What looks like an option, before the mark behind which nothing is one.
    private IEnumerable<string> Options() => arguments.TakeWhile(static word => word != "--").Where(static word => word.StartsWith('-'));

    private Option? Find(string name) => OptionsOf(parsed.CommandResult).FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));

    /// <summary>
    /// Of letters behind one hyphen each is an option, up to one that takes the rest as its value: one that is none would become a word to fetch.
    /// </summary>
    private IEnumerable<Phrase> UnknownLetters()
    {
        foreach (var word in Options().Where(static word => word is ['-', not '-', _, ..]))
        {
            // As a word of its own it is a value, or has been judged; with one letter before '=' as well.
            if (parsed.Tokens.Any(token => token.Value == word) || word[2..].StartsWith('=')) { continue; }
            // One hyphen too few: not a bundle, whatever its letters mean.
            if ("-" + word.Split('=')[0] is var whole && (whole is "--help" or "--version" || Find(whole) is not null))
            {
                yield return _words.NoOption(word, whole);
                continue;
            }
            foreach (var letter in word.Skip(1))
            {
                if (letter == '=')
                {
                    yield return _words.NoValue($"-{word[word.IndexOf('=', StringComparison.Ordinal) - 1]}");
                    break;
                }
                var name = $"-{letter}";
                var option = Find(name);
                if (option is null)
                {
                    var habit = IsShell ? CurlHabits.Find(name, _words) : null;
                    yield return habit ?? _words.NoOption(name, null);
                }
                if (option is null || option.ValueType != typeof(bool)) { break; }
            }
        }
    }

    /// <summary>An empty name of a file is a variable that a script has not set; of curl's two that mean something by it, nothing is said.</summary>
    private IEnumerable<Phrase> EmptyFileNames() => parsed.CommandResult.Children.OfType<OptionResult>()
        .Where(static option => option.Option is { HelpName: "FILE", Name: not ("--hsts" or "--cookie") })
        .Where(static option => option.Tokens.Any(static token => token.Value.Length == 0))
        .Select(option => _words.EmptyFileName(option.IdentifierToken?.Value ?? option.Option.Name));

    /// <summary>What stands before a command's name is not the command's: a lab that was named there would be left without a word.</summary>
    private IEnumerable<Phrase> BeforeTheCommand()
    {
        var path = PathOf(parsed.CommandResult);
        for (var above = parsed.CommandResult.Parent as CommandResult; above is not null; above = above.Parent as CommandResult)
        {
            foreach (var one in above.Children)
            {
                var word = one switch
                {
                    OptionResult { Implicit: false, Option.Recursive: false } option => option.IdentifierToken?.Value ?? option.Option.Name,
                    ArgumentResult { Tokens: [var first, ..] } => first.Value,
                    _ => null,
                };
                if (word is not null) { yield return _words.BeforeCommand(word, path); }
            }
        }
    }

    /// <summary>A word that begins with a hyphen and is no option is a mistake, not something to fetch; behind "--" it is what it says.</summary>
    private IEnumerable<Phrase> UnknownOptions()
    {
        var separator = arguments.ToList().IndexOf("--");
        var literal = separator < 0 ? 0 : arguments.Count - separator - 1;
        var words = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(static argument => argument.Tokens).Select(static token => token.Value)
            .Concat(parsed.UnmatchedTokens).ToArray();
        foreach (var word in words.Take(words.Length - Math.Min(literal, words.Length)).Where(IsOption))
        {
            var name = word.Split('=')[0];
            var known = OptionsOf(parsed.CommandResult).SelectMany(static option => option.Aliases.Prepend(option.Name)).ToArray();
            if (CurlHabits.Find(name, _words) is { } habit && IsShell) { yield return habit; }
            else
            {
                yield return _words.NoOption(
                    // Of one letter any other is near.
                    name, name.Length < 3 ? null : Nearest.To(
                        name, known.Where(
                            one => one.StartsWith("--", StringComparison.Ordinal) == name.StartsWith("--", StringComparison.Ordinal))));
            }
        }
    }

    // "-1" is a number where one is wanted, and is judged as one.
    // A lone "-" is standard input or output where a file is named, and no URL.
    private bool IsOption(string word) => (word.Length > 1 || IsShell) && word.StartsWith('-')
        && !(!IsShell && word.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0);

    /// <summary>One bare word that is nearly a command is a mistyped command, not a host.</summary>
    private Phrase? MistypedCommand()
    {
        if (!IsShell || arguments.Contains("--")) { return null; }
        var word = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(static argument => argument.Tokens).FirstOrDefault()?.Value ?? "";
        if (!IsBareWord(word)) { return null; }
        if (s_otherPrograms.TryGetValue(word, out var ours)) { return _words.MistypedCommand(word, ours); }
        if (s_labWords.Contains(word)) { return _words.MistypedCommand(word, $"lab {word}"); }
        var known = parsed.CommandResult.Command.Subcommands.Select(static command => command.Name).Append("help").Concat(s_otherPrograms.Keys);
        return Nearest.To(word.ToLowerInvariant(), known) is { } near
            ? _words.MistypedCommand(word, s_otherPrograms.GetValueOrDefault(near, near))
            : null;
    }

    // What does the same elsewhere, under another name.
    private static readonly Dictionary<string, string> s_otherPrograms = new(StringComparer.Ordinal)
    {
        ["tracert"] = "traceroute",
        ["tracepath"] = "traceroute",
        ["mtr"] = "traceroute",
        ["nslookup"] = "resolve",
        ["drill"] = "dig",
        ["kdig"] = "dig",
        ["delv"] = "dig",
        ["wget"] = "curl",
        ["version"] = "--version",
    };

    // The commands of a lab, whose grammar is not made where nobody speaks of labs; ping, resolve and the like are commands by themselves.
    private static readonly string[] s_labWords =
        ["list", "show", "run", "fetch", "hosts", "links", "routes", "arp", "sockets", "cache", "nat", "cut", "faults"];

    /// <summary>The words that are commands behind "lab" alone.</summary>
    internal static IReadOnlyList<string> LabWords => s_labWords;

    // A host's name has a dot, a URL a colon or a slash; 'localhost' has neither and is meant.
    private static bool IsBareWord(string word) =>
        word.Length >= 2 && word.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') && word[0] != '-' && word != "localhost";

    // Behind a word that is no command the others are its, whatever it was meant to be.
    private IEnumerable<Phrase> UnmatchedWords() =>
        parsed.UnmatchedTokens.Take(parsed.CommandResult.Command.Subcommands.Count > 0 ? 1 : int.MaxValue).Select(UnmatchedWord);

    private Phrase UnmatchedWord(string word)
    {
        var (path, subcommands) = (PathOf(parsed.CommandResult), parsed.CommandResult.Command.Subcommands.Select(static command => command.Name).ToArray());
        return subcommands.Length > 0
            ? _words.NoSubcommand(path, word, Renamed(path, word) ?? Nearest.To(word, subcommands), subcommands)
            : _words.NoUseFor(path, word);
    }

    // A break is what the fault of that name does to connections.
    private static string? Renamed(string path, string word) => (path, word) is ("lab", "break") ? "cut" : null;

    private static IEnumerable<Option> OptionsOf(CommandResult result)
    {
        foreach (var option in result.Command.Options) { yield return option; }
        for (var above = result.Parent as CommandResult; above is not null; above = above.Parent as CommandResult)
        {
            foreach (var option in above.Command.Options.Where(static option => option.Recursive)) { yield return option; }
        }
    }

    private static (Symbol? Symbol, IReadOnlyList<Token> Tokens) Symbol(SymbolResult? result) => result switch
    {
        ArgumentResult { Parent: OptionResult option } => (option.Option, option.Tokens),
        ArgumentResult argument => (argument.Argument, argument.Tokens),
        OptionResult option => (option.Option, option.Tokens),
        // What a command says of itself is about the words that it wants.
        CommandResult command => (command.Command.Arguments.FirstOrDefault(), []),
        _ => (null, []),
    };

    private static string NameOf(Symbol? symbol, SymbolResult? result)
    {
        var option = result as OptionResult ?? result?.Parent as OptionResult;
        if (option is not null) { return option.IdentifierToken?.Value ?? option.Option.Name; }
        return (result as CommandResult ?? result?.Parent as CommandResult) is { } command ? PathOf(command) : symbol?.Name ?? "";
    }

    /// <summary>The words by which a command is called.</summary>
    public static string PathOf(CommandResult result) =>
        result.Parent is CommandResult { Parent: not null } above
            ? $"{PathOf(above)} {result.Command.Name}"
            : result.Parent is null ? "firstbyte" : result.Command.Name;

    private static string ValueOf(Symbol? symbol) => symbol switch
    {
        Option option => option.HelpName ?? "VALUE",
        Argument argument => argument.HelpName ?? argument.Name.ToUpperInvariant(),
        _ => "VALUE",
    };

    private string Described(string name) =>
        OptionsOf(parsed.CommandResult).FirstOrDefault(option => option.Name == name) is { } found ? $"{name} {found.HelpName}".TrimEnd() : name;

    private static ValueKind KindOf(Symbol? symbol, string text)
    {
        var type = symbol switch { Option option => option.ValueType, Argument argument => argument.ValueType, _ => typeof(string) };
        return (Nullable.GetUnderlyingType(type) ?? type) switch
        {
            var one when one == typeof(bool) => ValueKind.Truth,
            var one when one == typeof(double) => ValueKind.Number,
            var one when one == typeof(byte) => ValueKind.Byte,
            var one when one == typeof(ushort) => ValueKind.Port,
            var one when one == typeof(ulong) => ValueKind.Seed,
            var one when one == typeof(int) && text.All(char.IsAsciiDigit) => ValueKind.SmallerNumber,
            _ => ValueKind.WholeNumber,
        };
    }
}
