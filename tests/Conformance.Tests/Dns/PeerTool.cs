using System.Diagnostics;

namespace Firstbyte.Tests.Conformance;

/// <summary>The programs of BIND and ldns that do one thing and end.</summary>
internal static class PeerTool
{
    /// <summary>Runs one; its exit code and what it complained of.</summary>
    public static (int Code, string Errors) Run(string program, string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        // What nobody reads may not fill its pipe.
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }

    /// <summary>Runs one that has to succeed.</summary>
    public static void Demand(string program, string folder, params string[] arguments)
    {
        var (code, errors) = Run(program, folder, arguments);
        Assert.True(code == 0, errors);
    }
}
