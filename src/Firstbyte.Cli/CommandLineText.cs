namespace Firstbyte.Cli;

/// <summary>What is done to the words of a command line before its grammar sees them.</summary>
internal static class CommandLineText
{
    /// <summary>The lab that a bare --lab means.</summary>
    public const string DefaultLab = "glasscom";

    /// <summary>
    /// Writes a bare <c>--lab</c> as <c>--lab=glasscom</c>: its value is optional and only ever follows an equals sign, so that in
    /// <c>--lab URL</c> the URL stays a URL.
    /// </summary>
    public static string[] WithDefaults(string[] arguments)
    {
        string[]? rewritten = null;
        for (var i = 0; i < arguments.Length && arguments[i] != "--"; i++)
        {
            if (arguments[i] != "--lab") { continue; }
            rewritten ??= (string[])arguments.Clone();
            rewritten[i] = "--lab=" + DefaultLab;
        }
        return rewritten ?? arguments;
    }
}
