using System.CommandLine;
using System.CommandLine.Help;
using System.Reflection;
using System.Text;
using Firstbyte.Cli.Commands;
using Firstbyte.Telling;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli;

/// <summary>The command as a whole: its grammar, its version, how it starts and how it ends.</summary>
internal static class Application
{
    /// <summary>Exit code of a command line that cannot be understood (curl's 2).</summary>
    public const int UsageError = 2;

    /// <summary>Exit code after Ctrl-C, as shells count it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>The version, as the assembly carries it.</summary>
    public static string Version =>
        typeof(Application).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static int PrintVersion()
    {
        Console.Out.WriteLine($"firstbyte {Version}");
        return 0;
    }

    public static int Run(string[] arguments)
    {
        // Output is bytes and lines of our own making: no platform line ends, no byte order mark.
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 16 * 1024) { AutoFlush = false, NewLine = "\n" };
        Console.SetOut(output);
        try
        {
            var language = CommandLineText.LanguageOf(arguments, Environment.GetEnvironmentVariable);
            var parsed = Grammar(language, SpeaksOfLabs(arguments)).Parse(CommandLineText.WithDefaults(arguments), new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Errors.Count > 0)
            {
                foreach (var error in parsed.Errors) { Console.Error.WriteLine($"firstbyte: {error.Message}"); }
                Console.Error.WriteLine("Try: firstbyte --help");
                return UsageError;
            }
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        finally
        {
            FlushQuietly(output);
        }
    }

    // The commands of a lab are a third of the grammar, and of no use to whoever names none: a short run would pay for making them.
    private static bool SpeaksOfLabs(string[] arguments) => Array.Exists(arguments, static argument => argument == "lab" || argument.StartsWith("[suggest", StringComparison.Ordinal));

    /// <summary>The whole grammar.</summary>
    /// <param name="language">In which it explains itself, and commands tell what they do.</param>
    /// <param name="withLabs">Whether the commands below <c>lab</c> are there too.</param>
    internal static RootCommand Grammar(Language language, bool withLabs = true)
    {
        var root = FetchCommand.Create(language);
        root.Subcommands.Add(ResolveCommand.Create(language));
        root.Subcommands.Add(ServeCommand.Create(language));
        root.Subcommands.Add(StoryCommand.Create(language));
        root.Subcommands.Add(UrlCommand.Create(language));
        root.Subcommands.Add(withLabs ? LabCommand.Create(language) : LabCommand.CreateEmpty());
        root.Subcommands.Add(IpCommand.Create(language));
        root.Subcommands.Add(SimCommand.Create(language));
        root.Subcommands.Add(CompletionCommand.Create());
        root.Options.Add(LanguageOption());
        foreach (var option in root.Options)
        {
            if (option is HelpOption help) { help.Action = new HelpWithExamples((HelpAction)help.Action!); }
        }
        return root;
    }

    // Read before there is a grammar, which is made in that language; here it is only known and checked.
    private static Option<string?> LanguageOption()
    {
        var option = new Option<string?>(CommandLineText.LanguageOption) { Description = "Language of what is printed: en or zh (by default what LC_ALL, LC_MESSAGES or LANG say)", HelpName = "LANGUAGE", Recursive = true };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && Languages.Of(result.Tokens[^1].Value) is null)
            {
                result.AddError($"{CommandLineText.LanguageOption} '{Printable.Text(result.Tokens[^1].Value)}': expected one of {string.Join(", ", Languages.All.Select(static one => one.Tag))}");
            }
        });
        return option;
    }

    /// <summary>A reader that went away (head, less) is no error of ours.</summary>
    private static void FlushQuietly(TextWriter output)
    {
        try { output.Flush(); }
        catch (IOException) when (Console.IsOutputRedirected) { Console.SetOut(TextWriter.Null); }
    }
}
