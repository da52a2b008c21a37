using System.CommandLine;
using System.CommandLine.Help;
using Firstbyte.Cli.Commands;
using Firstbyte.Cli.Io;
using Firstbyte.Errors;
using Firstbyte.Journeys;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Telling;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli;

/// <summary>The command as a whole: its grammar, how it starts and how it ends.</summary>
internal static class Application
{
    /// <summary>Runs a command line to its end; nothing of the process is used but what <paramref name="io"/> gives.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, CommandIo io) => Run(arguments, io, CommandRegistry.Standard);

    /// <summary>The same, with other commands.</summary>
    internal static int Run(string[] arguments, CommandIo io, CommandRegistry commands)
    {
        io.Language = CommandLineText.LanguageOf(arguments, io.Variables);
        int exitCode;
        try { exitCode = arguments is ["--version"] or ["-V"] ? PrintVersion(io) : Invoke(arguments, io, commands); }
        // How the process ends then is decided by what was lost.
        catch (OutputLostException) { exitCode = ExitCodes.WriteFailed; }
        catch (InterruptionToldException) { exitCode = io.Signals.ExitCode; }
        catch (OperationCanceledException) { exitCode = Complain(io, io.Language.Usage.Interrupted, io.Signals.ExitCode); }
        catch (Exception e) when (io.Output.IsLost)
        {
            // A consequence of the loss, in whatever the writer stood in the middle of.
            _ = e;
            exitCode = ExitCodes.WriteFailed;
        }
        catch (UsageException e) { exitCode = Complain(io, e.Complaint, e.ExitCode); }
        // It was a signal that ended the wait for the other end of a pipe.
        catch (FileException e) when (e.Error == Errno.ETIMEDOUT && io.Signals.HasStopped) { exitCode = io.Signals.ExitCode; }
        catch (FileException e) { exitCode = Complain(io, io.Language.Files.Unusable(e.Path, e.IsWriting, e.Error), Exit.Of(e)); }
        catch (SimulationException e)
        {
            exitCode = Complain(io, io.Language.Usage.SimulationStopped(io.Language.Labs.SimulationFailure(e)), Exit.SimulationFailed);
        }
#pragma warning disable CA1031 // Not silent: it is told as what it is, a mistake of ours, in one sentence and with an exit code of its own.
        catch (Exception e)
        {
            exitCode = Complain(io, io.Language.Usage.InternalFault(e.GetType().Name, Edition.Version), Exit.InternalFault);
        }
#pragma warning restore CA1031
        io.Flush();
        return io.Output.Loss switch
        {
            Errno.None => exitCode,
            Errno.EPIPE => Exit.ReaderGone,
            Errno.ETIMEDOUT when io.Signals.HasStopped => io.Signals.ExitCode,
            Errno.ETIMEDOUT => Complain(io, io.Language.Files.OutputLost(Errno.ETIMEDOUT), ExitCodes.TimedOut),
            var loss => Complain(io, io.Language.Files.OutputLost(loss), ExitCodes.WriteFailed),
        };
    }

    /// <summary>The whole grammar.</summary>
    internal static RootCommand Grammar(CommandIo io) => Whole(io, CommandRegistry.Standard);

    private static RootCommand Whole(CommandIo io, CommandRegistry commands)
    {
        var root = new RootCommand(io.Language.Help.Root);
        commands.AddTo(root, io, static _ => true);
        root.Options.Add(LanguageOption(io.Language));
        foreach (var option in root.Options)
        {
            switch (option)
            {
                case HelpOption help:
                    // A path of that name is a URL's, or a file's.
                    help.Aliases.Remove("/?");
                    help.Aliases.Remove("/h");
                    (help.Action, help.Description) = (new ShowHelp(result => ShowHelp.Print(io, result)), io.Language.Help.Help);
                    break;
                case VersionOption version: version.Description = io.Language.Help.Version; break;
            }
        }
        return root;
    }

    // What a line needs that asks for no overview. The parser takes a first word for the program's own whose last part, as of a path, is the root's name:
    // that name is one that no part of a path has, or http://www.lab.glasscom.com/firstbyte would be no URL.
    private static Command Needed(CommandIo io, CommandRegistry commands, string[] arguments)
    {
        var root = new Command("firstbyte/");
        // Behind a command's word the shell's own options have no place.
        var isNamed = arguments.Length > 0 && commands.Has(arguments[0]);
        commands.AddTo(root, io, name => name == CommandRegistry.Unnamed ? !isNamed : arguments.Contains(name));
        root.Options.Add(LanguageOption(io.Language));
        return root;
    }

    // Read before there is a grammar, which is made in that language; here it is only known and checked.
    private static Option<string?> LanguageOption(Language language)
    {
        var tags = Languages.All.Select(static one => one.Tag).ToArray();
        var option = new Option<string?>(
            CommandLineText.LanguageOption)
        { Description = language.Help.LanguageOption(tags), HelpName = "LANGUAGE", Recursive = true };
        option.CompletionSources.Add(tags);
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && Languages.Of(result.Tokens[^1].Value) is null)
            {
                result.AddError(language.Usage.NoLanguage(result.Tokens[^1].Value, tags).ToString());
            }
        });
        return option;
    }

    private static int PrintVersion(CommandIo io)
    {
        io.Text.WriteLine($"firstbyte {Edition.Version}");
        return ExitCodes.Success;
    }

    private static int Invoke(string[] arguments, CommandIo io, CommandRegistry commands)
    {
        if (arguments is ["help", "help"]) { arguments = ["--help"]; }
        if (arguments is ["help", ..]) { arguments = [.. arguments[1..], "--help"]; }
        var isOverview = Array.Exists(arguments, SpeaksOfAll);
        var grammar = isOverview ? Whole(io, commands) : Needed(io, commands, arguments);
        // "firstbyte resolve help" asks for help, not for a host of that name.
        if (arguments is [var command, "help"] && commands.Has(command))
        {
            (isOverview, arguments, grammar) = (true, [command, "--help"], Whole(io, commands));
        }
        var (parsed, complaints) = Parse(arguments, grammar, io.Language);
        if (complaints.Count > 0 && !isOverview) { (parsed, complaints) = Parse(arguments, Whole(io, commands), io.Language); }
        if (complaints.Count > 0)
        {
            foreach (var complaint in complaints) { io.Errors.Complain(complaint); }
            io.Errors.Say(
                io.Language.Usage.HelpIsAt(
                    parsed.CommandResult.Parent is null ? "firstbyte" : "firstbyte " + Misuse.PathOf(parsed.CommandResult)));
            return ExitCodes.Usage;
        }
        return parsed.Invoke(
            new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = io.Text,
                Error = TextWriter.Null
            });
    }

    private static (ParseResult Parsed, IReadOnlyList<Phrase> Complaints) Parse(string[] arguments, Command grammar, Language language)
    {
        var words = CommandLineText.WithDefaults(OwnGrammar.Arrange(arguments, grammar));
        var parsed = grammar.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var misuse = new Misuse(parsed, words, language);
        // Who asks for help has not finished the command line; who asks for suggestions is in the middle of it.
        return (parsed, parsed.Action is ShowHelp ? misuse.HelpForNothing is { } nothing ? [nothing] : []
            : Array.Exists(words, IsSuggestion) ? []
            : misuse.Complaints);
    }

    // Help and suggestions show every command.
    private static bool SpeaksOfAll(string argument) => argument is "--help" or "-h" or "-?" || IsSuggestion(argument);

    private static bool IsSuggestion(string argument) => argument.StartsWith("[suggest", StringComparison.Ordinal);

    private static int Complain(CommandIo io, Phrase message, int exitCode)
    {
        // What was printed before it was said comes before it.
        io.Flush();
        if (!io.Output.IsLost || exitCode is ExitCodes.WriteFailed or ExitCodes.TimedOut) { io.Errors.Complain(message); }
        return exitCode;
    }
}
