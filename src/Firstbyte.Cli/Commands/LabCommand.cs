using System.CommandLine;
using System.CommandLine.Completions;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Labs;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Story;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte lab …</c>: the built-in internets, listed, shown, run and tried out.</summary>
internal static class LabCommand
{
    /// <summary>The command and those below it.</summary>
    public static Command Create(CommandIo io, CommandRegistry commands)
    {
        var command = new Command("lab", io.Language.Help.LabCommand);
        var list = new Command("list", io.Language.Help.LabList);
        list.SetAction(_ =>
        {
            var labs = LabCatalog.List().ToArray();
            var width = labs.Max(static one => one.Name.Length) + 2;
            var page = io.OpenPage();
            // In a pipe a lab is a line.
            var room = io.IsOutputTerminal ? Math.Max(Page.LeastRoom, page.Width - width) : int.MaxValue;
            foreach (var (name, lab) in labs)
            {
                var start = name.PadRight(width);
                foreach (var line in Wrapping.Lines(lab.TitleIn(io.Language.Tag), room))
                {
                    page.Raw(start + line);
                    start = new string(' ', width);
                }
            }
            page.Flush();
        });
        var which = OneShotFace.LabArgument(io.Language);
        var json = new Option<bool>("--json") { Description = io.Language.Help.LabShowJson };
        var secrets = new Option<bool>("--show-secrets") { Description = io.Language.Help.ShowSecrets };
        var show = new Command("show", io.Language.Help.LabShow) { which, json, secrets };
        show.SetAction(parsed =>
        {
            var lab = LabFiles.Load(io, parsed.GetValue(which)!);
            if (parsed.GetValue(json)) { io.Text.WriteLine(parsed.GetValue(secrets) ? LabFile.ToJson(lab) : JsonSecrets.Mask(LabFile.ToJson(lab))); }
            else { Show(io, lab, parsed.GetValue(secrets), parsed.GetValue(which)!); }
            return 0;
        });
        command.Subcommands.Add(list);
        command.Subcommands.Add(show);
        command.Subcommands.Add(LabRunCommand.Create(io, commands));
        foreach (var verb in commands.InLab(new OneShotFace(io, commands))) { command.Subcommands.Add(verb); }
        command.Subcommands.Add(Cut(io, commands));
        return command;
    }

    private static Command Cut(CommandIo io, CommandRegistry commands)
    {
        var face = new OneShotFace(io, commands);
        var command = new Command("cut", io.Language.Help.LabCut);
        face.Extend(command);
        var links = new Argument<string[]>("link") { HelpName = "LINK…", Description = io.Language.Help.LabLink, Arity = ArgumentArity.OneOrMore };
        links.CompletionSources.Add(context => face.Names(context, LabNames.Links).Select(static name => new CompletionItem(name)));
        var then = new Option<string[]>(
            "--then")
        {
            Description = io.Language.Help.LabThen,
            HelpName = "COMMAND",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false
        };
        command.Arguments.Add(links);
        command.Options.Add(then);
        command.SetAction(parsed => face.Run(parsed, console =>
        {
            LabCables.Cut(console, parsed.GetValue(links)!);
            var prompt = new PromptFace(console);
            return (parsed.GetValue(then) is { Length: > 0 } commands ? commands : ["links"]).Select(prompt.RunLine).Aggregate(0, static (_, last) => last);
        }));
        return command;
    }

    // What the page of the labs says in a piece's place stands in comments.
    private static string? WithoutComments(string? page)
    {
        for (var at = 0; page is not null && (at = page.IndexOf("<!--", at, StringComparison.Ordinal)) >= 0;)
        {
            var (begin, end) = (page.LastIndexOf('\n', at) + 1, page.IndexOf("-->", at, StringComparison.Ordinal));
            page = page.Remove(begin, end < 0 ? page.Length - begin : Math.Min(page.Length, end + "-->\n".Length) - begin);
            at = begin;
        }
        return page;
    }

    private static void Show(CommandIo io, LabDefinition lab, bool showsPasswords, string name)
    {
        var page = io.OpenPage();
        LabStory.Tell(page, io.Language, lab, showsPasswords || LabCatalog.Names.Contains(name));
        var text = WithoutComments(LabCatalog.ReadPage(name, io.Language.Tag));
        if (text is not null)
        {
            page.Gap();
            // A program that reads it gets what was written; on a screen it is drawn.
            if (io.IsOutputTerminal) { new MarkdownPage(page).Draw(text); }
            else { page.Raw(text.TrimEnd()); }
        }
        page.Flush();
    }
}
