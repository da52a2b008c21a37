using System.Diagnostics;

namespace Firstbyte.Tests.Web;

/// <summary>The command that is built beside the tests.</summary>
internal static class CommandLine
{
    /// <summary>Runs it in a lab and returns what it printed.</summary>
    public static string Run(params string[] arguments)
    {
        Assert.Contains(arguments, static argument => argument.StartsWith("--lab", StringComparison.Ordinal));
        var start = StartInfo(arguments);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(60_000));
        Assert.True(output.Length > 0, errors.GetAwaiter().GetResult());
        return output;
    }

    /// <summary>How it is started.</summary>
    public static ProcessStartInfo StartInfo(params string[] arguments) => new("dotnet", [Path.Combine(AppContext.BaseDirectory, "firstbyte.dll"), .. arguments])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    /// <summary>The lines of a run in a lab, all that is told.</summary>
    public static string[] Events(params string[] arguments) =>
        Run([.. arguments, "--calls", "--json=all"]).Split('\n');
}
