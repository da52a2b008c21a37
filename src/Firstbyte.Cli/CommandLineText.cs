using Firstbyte.Cli.Places;
using Firstbyte.Telling;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli;

/// <summary>What is done to the words of a command line before its grammar sees them.</summary>
internal static class CommandLineText
{
    /// <summary>The option that chooses the language.</summary>
    public const string LanguageOption = "--lang";

    /// <summary>
    /// The language that a command line and its environment ask for; what the environment asks for where the line names one that is not
    /// spoken here.
    /// </summary>
    public static Language LanguageOf(string[] arguments, Func<string, string?> variable)
    {
        for (var i = 0; i < arguments.Length && arguments[i] != "--"; i++)
        {
            var value = arguments[i] == LanguageOption && i + 1 < arguments.Length ? arguments[i + 1]
                : arguments[i].StartsWith(LanguageOption + "=", StringComparison.Ordinal) ? arguments[i][(LanguageOption.Length + 1)..]
                : null;
            if (value is not null) { return Languages.Of(value) ?? Languages.FromEnvironment(variable); }
        }
        return Languages.FromEnvironment(variable);
    }

    /// <summary>
    /// Writes a bare <c>--lab</c> as <c>--lab=glasscom</c>, a bare <c>--calls</c> as <c>--calls=.</c>, and a bare <c>--json</c> of a
    /// command that prints events as
    /// <c>--json=journey</c>: their values are optional and only ever follow an equals sign, so that in <c>--lab URL</c> the URL stays a URL.
    /// </summary>
    public static string[] WithDefaults(string[] arguments)
    {
        string[]? rewritten = null;
        for (var i = 0; i < arguments.Length && arguments[i] != "--"; i++)
        {
            var whole = arguments[i] switch
            {
                "--lab" => "--lab=" + LabFiles.Default,
                "--calls" when arguments is not ["lab", ..] => "--calls=" + PlaceSettings.OwnHost,
                "--json" when PrintsEvents(arguments) => "--json=journey",
                _ => null,
            };
            if (whole is null) { continue; }
            rewritten ??= (string[])arguments.Clone();
            rewritten[i] = whole;
        }
        return rewritten ?? arguments;
    }

    // What these print as JSON are results of their own form, or all that a server does.
    private static bool PrintsEvents(string[] arguments) => arguments is not (["ip" or "url" or "sim" or "serve", ..] or ["lab", "show", ..]);
}
