using System.Diagnostics;

namespace Firstbyte.Tests;

/// <summary>Runs the command as a process of its own, the way a user does.</summary>
internal static class Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static CommandRun Run(params string[] arguments) => RunWith(null, null, arguments);

    /// <summary>Runs in a folder of its own, for commands that write files.</summary>
    public static CommandRun RunIn(string folder, params string[] arguments) => Run(StartInfo(arguments), folder, null);

    /// <summary>The same with extra environment variables.</summary>
    public static CommandRun RunIn(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments) => Run(StartInfo(arguments, environment), folder, null);

    /// <summary>Runs with text on standard input and extra environment variables.</summary>
    public static CommandRun RunWith(string? input, IReadOnlyDictionary<string, string>? environment, params string[] arguments) =>
        Run(StartInfo(arguments, environment), "", input);

    private static CommandRun Run(ProcessStartInfo start, string folder, string? input)
    {
        start.WorkingDirectory = folder;
        using var process = new Process { StartInfo = start };
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null) { process.StandardInput.Write(input); }
        process.StandardInput.Close();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"firstbyte {string.Join(' ', start.ArgumentList.Skip(1))} did not end within {Patience.TotalSeconds} s");
        }
        process.WaitForExit();
        return new CommandRun(process.ExitCode, output.Result, errors.Result);
    }

    public static ProcessStartInfo StartInfo(string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "firstbyte.dll"));
        foreach (var argument in arguments) { start.ArgumentList.Add(argument); }
        // What the caller's environment says about colours, widths and proxies must not decide a test.
        foreach (var name in (string[])["NO_COLOR", "COLUMNS", "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy"]) { start.Environment.Remove(name); }
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) { start.Environment[name] = value; }
        return start;
    }
}

/// <summary>What a run of the command left.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Errors);
