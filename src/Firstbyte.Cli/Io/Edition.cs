namespace Firstbyte.Cli.Io;

/// <summary>Which firstbyte this is.</summary>
internal static class Edition
{
    /// <summary>The version, as the assembly carries it: written down when it is built, as looking into an assembly starts reflection.</summary>
    public const string Version = BuiltVersion.Text;

    /// <summary>What it calls itself toward servers.</summary>
    public static string UserAgent => "firstbyte/" + Version;
}
