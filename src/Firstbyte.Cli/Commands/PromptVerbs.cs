using System.CommandLine;
using System.CommandLine.Completions;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Simulation.Faults;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>The commands of the prompt alone: those that change a world which goes on, and those that move in its time.</summary>
internal sealed class PromptVerbs(PromptFace face, LabConsole console)
{
    public IEnumerable<Command> Create() => [Cut(), Mend(), Fault(), Heal(), .. Names(), Run(), Step(), Back(), GoTo(), Log(), Seed(), Help(), Quit()];

    private Command Cut() => Cables("cut", console.Language.Help.PromptCut, LabCables.Cut);

    private Command Mend() => Cables("mend", console.Language.Help.PromptMend, LabCables.Mend);

    private Command Cables(string verb, string description, Action<LabConsole, IReadOnlyList<string>> set)
    {
        var links = new Argument<string[]>("link") { Description = console.Language.Help.PromptLink, HelpName = "LINK…", Arity = ArgumentArity.OneOrMore };
        links.CompletionSources.Add(context => face.Names(context, LabNames.Links).Select(static name => new CompletionItem(name)));
        var command = new Command(verb, description) { links };
        command.SetAction(parsed =>
        {
            set(console, parsed.GetValue(links)!);
            return 0;
        });
        return command;
    }

    private OwnGrammar Fault()
    {
        var kinds = FaultRegistry.Standard;
        var fault = new Argument<string[]>(
            "fault")
        { Description = console.Language.Help.PromptFaultWords, HelpName = "FAULT", Arity = ArgumentArity.ZeroOrMore };
        fault.CompletionSources.Add(context => context.ParseResult.GetResult(fault) is { Tokens.Count: > 1 }
            ? LabNameList.Of(console.Definition, LabNames.Links).Concat(LabNameList.Of(console.Definition, LabNames.Machines))
                .Select(static name => new CompletionItem(name))
            : kinds.All.Select(static kind => new CompletionItem(kind.Word)));
        var command = new OwnGrammar("fault", console.Language.Help.PromptFault + string.Join(", ", kinds.All.Select(static kind => kind.Word))) { fault };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(fault) is { Length: > 0 } words) { LabFaults.Add(console, string.Join(' ', words)); }
            else
            {
                foreach (var kind in kinds.All)
                {
                    console.Say($"{kind.Word:name} {kind.Syntax:words}");
                    foreach (var line in Wrapping.Lines(console.Language.Faults.Meaning(kind).ToString(), console.Page.Width - 4))
                    {
                        console.Say($"    {line:words}");
                    }
                }
            }
            return 0;
        });
        return command;
    }

    private Command Heal()
    {
        var which = new Argument<string[]>("which") { Description = console.Language.Help.PromptHealed, HelpName = "WHICH…", Arity = ArgumentArity.OneOrMore };
        which.CompletionSources.Add(_ => console.Elements.World.Internet.Faults.All.Select(static fault => fault.Word).Append("all").Distinct()
            .Select(static word => new CompletionItem(word)));
        var command = new Command("heal", console.Language.Help.PromptHeal) { which };
        command.SetAction(parsed =>
        {
            LabFaults.Heal(console, parsed.GetValue(which)!);
            return 0;
        });
        return command;
    }

    private IEnumerable<Command> Names()
    {
        foreach (var (verb, description) in ((string, string)[])[
            ("set", console.Language.Help.PromptSet), ("unset", console.Language.Help.PromptUnset)])
        {
            var words = new Argument<string>("words")
            {
                Description = console.Language.Help.PromptNameWords,
                HelpName = verb == "set" ? "ZONE NAME TTL TYPE DATA" : "ZONE NAME TYPE",
            };
            var command = new Command(verb, description) { words };
            command.SetAction(parsed =>
            {
                LabZones.Change(console, $"{verb} {parsed.GetValue(words)}");
                return 0;
            });
            yield return command;
        }
    }

    private Command Run()
    {
        var time = new Argument<string?>("time") { Description = console.Language.Help.PromptRunTime, Arity = ArgumentArity.ZeroOrOne };
        var quiet = new Option<bool>("--quiet", "-q") { Description = console.Language.Help.PromptQuiet };
        var command = new Command("run", console.Language.Help.PromptRun) { time, quiet };
        command.SetAction(parsed => console.Telling(LabScene.Everything, !parsed.GetValue(quiet), () =>
        {
            var timeline = console.Timeline;
            if (timeline.IsInThePast) { console.Say(console.Language.Prompt.Forgotten(timeline.Position), Role.Note); }
            if (parsed.GetValue(time) is { } text) { timeline.RunUntil(timeline.Now + Durations.Parse(console.Language, text)); }
            else if (timeline.HasRunningPrograms) { timeline.RunPrograms(); }
            else { throw new UsageException(console.Language.Prompt.NothingRuns); }
            return 0;
        }));
        return command;
    }

    private Command Step()
    {
        var count = Count();
        var command = new Command("step", console.Language.Help.PromptStep) { count };
        command.SetAction(parsed => console.Telling(LabScene.Everything, showsFrames: true, () =>
        {
            for (var left = parsed.GetValue(count); left > 0; left--)
            {
                if (console.Timeline.Step()) { continue; }
                console.Say(console.Language.Prompt.NothingLeft, Role.Note);
                break;
            }
            return 0;
        }));
        return command;
    }

    private Command Back()
    {
        var count = Count();
        var command = new Command("back", console.Language.Help.PromptBack) { count };
        command.SetAction(parsed => Go(Math.Max(0, console.Timeline.Position - parsed.GetValue(count))));
        return command;
    }

    private Command GoTo()
    {
        var number = new Argument<string>("event") { Description = console.Language.Help.PromptEvent };
        var command = new Command("goto", console.Language.Help.PromptGoTo) { number };
        command.SetAction(parsed =>
        {
            var (text, last) = (parsed.GetValue(number)!.TrimStart('#'), console.Timeline.Events.Count);
            if (text == "end") { return Go(last); }
            return int.TryParse(
                text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var wanted)
                && wanted <= last
                ? Go(wanted)
                : throw new UsageException(console.Language.Prompt.NoEvent(text, last));
        });
        return command;
    }

    private int Go(int number)
    {
        console.Timeline.GoTo(number);
        if (number > 0) { console.Retell(console.Timeline.Events.Skip(number - 1).Take(1)); }
        console.Say(Where(), Role.Note);
        return 0;
    }

    private Phrase Where()
    {
        var timeline = console.Timeline;
        return console.Language.Prompt.Where(Amounts.Clock(timeline.Now), timeline.Position, timeline.Events.Count, timeline.IsInThePast);
    }

    private Command Log()
    {
        var count = new Argument<int>("count") { Description = console.Language.Help.PromptLogCount, DefaultValueFactory = static _ => 20 };
        LabVerbs.Limit(console.Language, "count", count, 0, 1_000_000);
        var command = new Command("log", console.Language.Help.PromptLog) { count };
        command.SetAction(parsed =>
        {
            var timeline = console.Timeline;
            var shown = Math.Clamp(parsed.GetValue(count), 0, timeline.Position);
            if (timeline.Position == 0) { console.Say(console.Language.Prompt.NothingYet, Role.Note); }
            console.Retell(timeline.Events.Skip(timeline.Position - shown).Take(shown));
            return 0;
        });
        return command;
    }

    private Command Seed()
    {
        var seed = new Argument<ulong?>("seed") { Description = console.Language.Help.PromptNewSeed, Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("seed", console.Language.Help.PromptSeed) { seed };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(seed) is { } wanted) { console.Restart(wanted); }
            console.Say(
                console.Language.Prompt.Seed(
                    console.Timeline.Seed, Amounts.Clock(console.Timeline.Now), console.Elements.World.Kernel.Trace.Value));
            return 0;
        });
        return command;
    }

    private Command Help()
    {
        var verb = new Argument<string?>(
            "command")
        { Description = console.Language.Help.PromptHelpCommand, HelpName = "COMMAND", Arity = ArgumentArity.ZeroOrOne };
        verb.CompletionSources.Add(_ => face.Commands.Select(static command => new CompletionItem(command.Name)));
        var command = new Command("help", console.Language.Help.PromptHelp) { verb };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(verb) is { } one)
            {
                var found = face.Commands.FirstOrDefault(candidate => candidate.Name == one || candidate.Aliases.Contains(one))
                    ?? throw PromptFace.NoCommand(console.Language, one, face.Commands.Select(static candidate => candidate.Name));
                face.Explain(found);
                return 0;
            }
            foreach (var candidate in face.Commands)
            {
                var words = candidate.Arguments.Select(
                    static argument =>
                        argument.Arity.MinimumNumberOfValues == 0 || argument.HasDefaultValue ? $"[{Word(argument)}]" : Word(argument));
                const int column = 29;
                var start = string.Join(' ', words.Prepend(candidate.Name)).PadRight(column);
                foreach (var line in Wrapping.Lines(candidate.Description ?? "", console.Page.Width - column))
                {
                    console.Say($"{start:words}{line:words}");
                    start = new string(' ', column);
                }
            }
            console.Say(console.Language.Help.PromptKeys, Role.Note);
            return 0;
        });
        return command;
    }

    private Command Quit()
    {
        var command = new Command("quit", console.Language.Help.PromptQuit);
        command.Aliases.Add("exit");
        command.SetAction(_ =>
        {
            face.HasEnded = true;
            return 0;
        });
        return command;
    }

    private static string Word(Argument argument) => (argument.HelpName ?? argument.Name).ToUpperInvariant();

    private Argument<int> Count()
    {
        var count = new Argument<int>("count") { Description = console.Language.Help.PromptEvents, DefaultValueFactory = static _ => 1 };
        LabVerbs.Limit(console.Language, "count", count, 1, 1_000_000);
        return count;
    }
}
