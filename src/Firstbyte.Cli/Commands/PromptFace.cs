using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Faults;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Story;
using Firstbyte.Tracing;

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
        foreach (var command in LabVerbs.Create(this)) { _grammar.Subcommands.Add(command); }
        foreach (var command in (Command[])[Fetch(), Resolve(), Break(), Mend(), Fault(), Run(), Step(), Back(), GoTo(), Log(), Seed(), Help(), Quit()])
        {
            _grammar.Subcommands.Add(command);
        }
    }

    /// <summary>Whether somebody has said quit.</summary>
    public bool HasEnded { get; private set; }

    public override Language Language => _console.Language;

    public override void Extend(Command command) { }

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
        var words = CommandLineParser.SplitCommandLine(line).ToArray();
        if (words.Length == 0 || words[0].StartsWith('#')) { return 0; }
        var verbs = _grammar.Subcommands.SelectMany(static command => command.Aliases.Prepend(command.Name)).ToArray();
        if (!words[0].StartsWith('-') && !verbs.Contains(words[0], StringComparer.Ordinal))
        {
            throw new UsageException(_console.Language.Prompt.NoCommand(words[0], Nearest.To(words[0], verbs)));
        }
        // A fault is written in the words of lab files, in which "-5min" is a time.
        if (words is ["fault", .. var described] && !described.Contains("--help", StringComparer.Ordinal)) { words = ["fault", "--", .. described]; }
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
        var words = CommandLineParser.SplitCommandLine(typed).ToArray();
        var start = words.Length == 0 || typed.EndsWith(' ') ? "" : words[^1];
        var items = _grammar.Parse(typed, new ParserConfiguration { ResponseFileTokenReplacer = null }).GetCompletions(cursor)
            .Select(static item => item.InsertText ?? item.Label);
        return [.. items.Where(
            item => item.StartsWith(start, StringComparison.OrdinalIgnoreCase) && (start.StartsWith('-') || !item.StartsWith('-'))
            && !item.StartsWith('/')).Distinct().Order(StringComparer.Ordinal)];
    }

    private Command Fetch()
    {
        var url = new Argument<string>("url") { Description = _console.Language.Help.PromptUrl, HelpName = "URL" };
        var head = new Option<bool>("--head", "-I") { Description = _console.Language.Help.PromptHead };
        var http10 = new Option<bool>("--http1.0", "-0") { Description = _console.Language.Help.PromptHttp10 };
        var insecure = new Option<bool>("--insecure", "-k") { Description = _console.Language.Help.PromptInsecure };
        var from = LabVerbs.From(this, LabNames.Hosts);
        url.CompletionSources.Add(
            _ => LabNameList.Of(_console.Definition, LabNames.Targets).Where(static name => name.Contains('.', StringComparison.Ordinal))
            .Select(static name => new CompletionItem($"http://{name}/")));
        var calls = Calls();
        var command = new Command("fetch", _console.Language.Help.PromptFetch) { url, head, http10, insecure, from, calls };
        command.SetAction(parsed =>
        {
            var request = new JourneyRequest(parsed.GetValue(url)!)
            {
                Method = parsed.GetValue(head) ? "HEAD" : null,
                Version = parsed.GetValue(http10) ? HttpVersion.Http10 : HttpVersion.Http11,
            };
            var options = new JourneyOptions
            {
                UserAgent = Edition.UserAgent,
                AllowCertificateFaults = parsed.GetValue(insecure),
                TellBytes = _console.Verbosity > 0,
                KeepConnections = false
            };
            return new ConsolePlace(_console, parsed.GetValue(from), LabScene.Everything, parsed.GetValue(calls))
                .Run("fetch " + request.Input, (host, stop) => NetworkPrograms.FetchAsync(host, [request], options, new ConsoleOutlet(_console), stop));
        });
        return command;
    }

    private Command Resolve()
    {
        var name = new Argument<string>("name") { Description = _console.Language.Help.PromptName, HelpName = "NAME" };
        var type = new Argument<string?>("type") { Description = _console.Language.Help.PromptType, Arity = ArgumentArity.ZeroOrOne };
        var from = LabVerbs.From(this, LabNames.Hosts);
        name.CompletionSources.Add(
            _ => LabNameList.Of(_console.Definition, LabNames.Targets).Where(static one => one.Contains('.', StringComparison.Ordinal))
            .Select(static one => new CompletionItem(one)));
        var calls = Calls();
        var command = new Command("resolve", _console.Language.Help.Resolve) { name, type, from, calls };
        command.SetAction(parsed =>
        {
            var (question, kind, isAbsolute) = Question.Read(_console.Language, parsed.GetValue(name)!, parsed.GetValue(type));
            ResolutionOutcome? outcome = null;
            var exitCode = new ConsolePlace(_console, parsed.GetValue(from), LabScene.Everything, parsed.GetValue(calls)).Run(
                $"resolve {question}", (host, stop) =>
                    NetworkPrograms.ResolveAsync(
                        host, question, kind, new ResolutionOptions { IsAbsolute = isAbsolute }, came => outcome = came, stop));
            if (outcome is not null && _console.IsHeard && !_console.IsJson) { OutcomeStory.Tell(_console.Page, _console.Language, outcome); }
            return exitCode;
        });
        return command;
    }

    private Option<bool> Calls() => new("--calls") { Description = _console.Language.Help.PromptCalls };

    private Command Break() => Cables("break", _console.Language.Help.PromptBreak, isUp: false);

    private Command Mend() => Cables("mend", _console.Language.Help.PromptMend, isUp: true);

    private Command Cables(string verb, string description, bool isUp)
    {
        var links = new Argument<string[]>("link") { Description = _console.Language.Help.PromptLink, HelpName = "LINK…", Arity = ArgumentArity.OneOrMore };
        links.CompletionSources.Add(context => Names(context, LabNames.Links).Select(static name => new CompletionItem(name)));
        var command = new Command(verb, description) { links };
        command.SetAction(parsed =>
        {
            LabCables.Set(_console, parsed.GetValue(links)!, isUp);
            return 0;
        });
        return command;
    }

    private Command Fault()
    {
        var kinds = FaultRegistry.Standard;
        var fault = new Argument<string[]>(
            "fault")
        { Description = _console.Language.Help.PromptFaultWords, HelpName = "FAULT", Arity = ArgumentArity.OneOrMore };
        fault.CompletionSources.Add(context => context.ParseResult.GetResult(fault) is { Tokens.Count: > 1 }
            ? LabNameList.Of(_console.Definition, LabNames.Links).Concat(LabNameList.Of(_console.Definition, LabNames.Machines))
                .Select(static name => new CompletionItem(name))
            : kinds.All.Select(static kind => new CompletionItem(kind.Word)));
        var command = new Command("fault", _console.Language.Help.PromptFault + string.Join(", ", kinds.All.Select(static kind => kind.Word))) { fault };
        command.SetAction(parsed =>
        {
            LabFaults.Add(_console, string.Join(' ', parsed.GetValue(fault)!));
            return 0;
        });
        return command;
    }

    private Command Run()
    {
        var time = new Argument<string?>("time") { Description = _console.Language.Help.PromptRunTime, Arity = ArgumentArity.ZeroOrOne };
        var quiet = new Option<bool>("--quiet", "-q") { Description = _console.Language.Help.PromptQuiet };
        var command = new Command("run", _console.Language.Help.PromptRun) { time, quiet };
        command.SetAction(parsed => _console.Telling(LabScene.Everything, !parsed.GetValue(quiet), () =>
        {
            var timeline = _console.Timeline;
            if (timeline.IsInThePast) { _console.Say(_console.Language.Prompt.Forgotten(timeline.Position), Role.Note); }
            if (parsed.GetValue(time) is { } text) { timeline.RunUntil(timeline.Now + Durations.Parse(_console.Language, text)); }
            else if (timeline.HasRunningPrograms) { timeline.RunPrograms(); }
            else { throw new UsageException(_console.Language.Prompt.NothingRuns); }
            return 0;
        }));
        return command;
    }

    private Command Step()
    {
        var count = Count();
        var command = new Command("step", _console.Language.Help.PromptStep) { count };
        command.SetAction(parsed => _console.Telling(LabScene.Everything, showsFrames: true, () =>
        {
            for (var left = parsed.GetValue(count); left > 0; left--)
            {
                if (_console.Timeline.Step()) { continue; }
                _console.Say(_console.Language.Prompt.NothingLeft, Role.Note);
                break;
            }
            return 0;
        }));
        return command;
    }

    private Command Back()
    {
        var count = Count();
        var command = new Command("back", _console.Language.Help.PromptBack) { count };
        command.SetAction(parsed => Go(Math.Max(0, _console.Timeline.Position - parsed.GetValue(count))));
        return command;
    }

    private Command GoTo()
    {
        var number = new Argument<string>("event") { Description = _console.Language.Help.PromptEvent };
        var command = new Command("goto", _console.Language.Help.PromptGoTo) { number };
        command.SetAction(parsed =>
        {
            var (text, last) = (parsed.GetValue(number)!.TrimStart('#'), _console.Timeline.Events.Count);
            if (text == "end") { return Go(last); }
            return int.TryParse(
                text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var wanted)
                && wanted <= last
                ? Go(wanted)
                : throw new UsageException(_console.Language.Prompt.NoEvent(text, last));
        });
        return command;
    }

    private int Go(int number)
    {
        _console.Timeline.GoTo(number);
        if (number > 0) { _console.Retell(_console.Timeline.Events.Skip(number - 1).Take(1)); }
        _console.Say(Where(), Role.Note);
        return 0;
    }

    private Phrase Where()
    {
        var timeline = _console.Timeline;
        return _console.Language.Prompt.Where(Amounts.Clock(timeline.Now), timeline.Position, timeline.Events.Count, timeline.IsInThePast);
    }

    private Command Log()
    {
        var count = new Argument<int>("count") { Description = _console.Language.Help.PromptLogCount, DefaultValueFactory = static _ => 20 };
        var command = new Command("log", _console.Language.Help.PromptLog) { count };
        command.SetAction(parsed =>
        {
            var timeline = _console.Timeline;
            var shown = Math.Clamp(parsed.GetValue(count), 0, timeline.Position);
            if (timeline.Position == 0) { _console.Say(_console.Language.Prompt.NothingYet, Role.Note); }
            _console.Retell(timeline.Events.Skip(timeline.Position - shown).Take(shown));
            return 0;
        });
        return command;
    }

    private Command Seed()
    {
        var seed = new Argument<ulong?>("seed") { Description = _console.Language.Help.PromptNewSeed, Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("seed", _console.Language.Help.PromptSeed) { seed };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(seed) is { } wanted) { _console.Restart(wanted); }
            _console.Say(
                _console.Language.Prompt.Seed(
                    _console.Timeline.Seed, Amounts.Clock(_console.Timeline.Now), _console.Elements.World.Kernel.Trace.Value));
            return 0;
        });
        return command;
    }

    private Command Help()
    {
        var verb = new Argument<string?>(
            "command")
        { Description = _console.Language.Help.PromptHelpCommand, HelpName = "COMMAND", Arity = ArgumentArity.ZeroOrOne };
        verb.CompletionSources.Add(_ => _grammar.Subcommands.Select(static command => new CompletionItem(command.Name)));
        var command = new Command("help", _console.Language.Help.PromptHelp) { verb };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(verb) is { } one)
            {
                var found = _grammar.Subcommands.FirstOrDefault(candidate => candidate.Name == one || candidate.Aliases.Contains(one))
                    ?? throw new UsageException(
                        _console.Language.Prompt.NoCommand(
                            one, Nearest.To(one, _grammar.Subcommands.Select(static candidate => candidate.Name))));
                Explain(found);
                return 0;
            }
            foreach (var candidate in _grammar.Subcommands)
            {
                var words = candidate.Arguments.Select(
                    static argument =>
                        argument.Arity.MinimumNumberOfValues == 0 || argument.HasDefaultValue ? $"[{Word(argument)}]" : Word(argument));
                const int column = 25;
                var start = string.Join(' ', words.Prepend(candidate.Name)).PadRight(column);
                foreach (var line in Wrapping.Lines(candidate.Description ?? "", _console.Page.Width - column))
                {
                    _console.Say($"{start:words}{line:words}");
                    start = new string(' ', column);
                }
            }
            _console.Say(_console.Language.Help.PromptKeys, Role.Note);
            return 0;
        });
        return command;
    }

    private void Explain(Command command)
    {
        foreach (var line in new HelpPage(_console.Language, _console.Page.Width, command.Name).Of(command)) { _console.Say(line); }
    }

    private Command Quit()
    {
        var command = new Command("quit", _console.Language.Help.PromptQuit);
        command.Aliases.Add("exit");
        command.SetAction(_ =>
        {
            HasEnded = true;
            return 0;
        });
        return command;
    }

    private static string Word(Argument argument) => (argument.HelpName ?? argument.Name).ToUpperInvariant();

    private Argument<int> Count()
    {
        var count = new Argument<int>("count") { Description = _console.Language.Help.PromptEvents, DefaultValueFactory = static _ => 1 };
        LabVerbs.Limit(_console.Language, "count", count, 1, 1_000_000);
        return count;
    }
}

/// <summary>Lets something go wrong in a lab, as one of its file's statements would.</summary>
internal static class LabFaults
{
    public static void Add(LabConsole console, string text)
    {
        Happening happening;
        try { happening = LabFile.ParseFault(text, "fault", console.Definition); }
        catch (LabFileException e) { throw new UsageException(console.Language.Sources.LabFault(e)); }
        console.Timeline.Do(elements =>
        {
            var from = elements.World.Kernel.Now;
            var until = happening.ForNanoseconds is { } length ? from.PlusNanoseconds(length) : Instant.Never;
            elements.World.Internet.Faults.Add(happening.Fault.Bind(elements.World.Internet) with { From = from, Until = until });
        });
        console.Say(console.Language.Labs.Happening(happening));
    }
}

/// <summary>Pulls a lab's cables and plugs them in again.</summary>
internal static class LabCables
{
    public static void Set(LabConsole console, IReadOnlyList<string> names, bool isUp)
    {
        var links = names.Select(name => console.Link(name).Name).ToArray();
        console.Telling(LabScene.Everything, showsFrames: false, () =>
        {
            console.Timeline.Do(elements =>
            {
                foreach (var link in links)
                {
                    elements.FindWire(link)!.IsUp = isUp;
                    elements.World.Tracer.Root(elements.World.Client).Tell(new Frames.LinkChanged(link, isUp));
                }
            });
            return 0;
        });
    }
}
