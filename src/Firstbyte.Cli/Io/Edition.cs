using System.Reflection;

namespace Firstbyte.Cli.Io;

/// <summary>Which firstbyte this is.</summary>
internal static class Edition
{
    /// <summary>The version, as the assembly carries it.</summary>
    public static string Version =>
        typeof(Edition).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>What it calls itself toward servers.</summary>
    public static string UserAgent => "firstbyte/" + Version;
}
