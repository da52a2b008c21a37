using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Firstbyte.Cli.Commands;
using Firstbyte.Cli.Io;

namespace Firstbyte.Tests;

/// <summary>Runs the command: in this process, with streams, folder, variables and signals of its own, or (Start) as a process, the way a user does.</summary>
/// <remarks>The command touches nothing of its process but what <see cref="CommandIo"/> gives, so runs in one process do not see each other; starting a process costs a third of a second.</remarks>
internal static class Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The command as it is published, where FIRSTBYTE_PUBLISHED names it: then that is what is started, and what the transcripts are taken from.</summary>
    public static string? Published { get; } = Environment.GetEnvironmentVariable("FIRSTBYTE_PUBLISHED") is { Length: > 0 } path ? path : null;

    public static CommandRun Run(params string[] arguments) => RunWith(null, null, arguments);

    /// <summary>The same, with other commands than this program's and text on standard input.</summary>
    public static CommandRun RunOf(CommandRegistry commands, string? input, params string[] arguments) =>
        RunOn(new MemoryStream(Encoding.UTF8.GetBytes(input ?? "")), new MemoryStream(), null, "", arguments, commands: commands);

    /// <summary>Runs in a folder of its own, for commands that write files.</summary>
    public static CommandRun RunIn(string folder, params string[] arguments) => RunOn(new MemoryStream(), new MemoryStream(), null, folder, arguments);

    /// <summary>The same with something on standard input.</summary>
    public static CommandRun RunIn(string folder, Stream input, params string[] arguments) => RunOn(input, new MemoryStream(), null, folder, arguments);

    /// <summary>Runs in a folder with bytes on standard input and variables; what it printed comes back as bytes.</summary>
    public static (int ExitCode, byte[] Output, byte[] Errors) RunBytes(string folder, byte[] input, IReadOnlyDictionary<string, string>? environment, string[] arguments)
    {
        var output = new MemoryStream();
        var run = RunOn(new MemoryStream(input), output, environment, folder, arguments);
        return (run.ExitCode, output.ToArray(), Encoding.UTF8.GetBytes(run.Errors));
    }

    /// <summary>Runs with text on standard input and extra environment variables.</summary>
    public static CommandRun RunWith(string? input, IReadOnlyDictionary<string, string>? environment, params string[] arguments) =>
        RunOn(new MemoryStream(Encoding.UTF8.GetBytes(input ?? "")), new MemoryStream(), environment, "", arguments);

    /// <summary>Runs with a standard output that is not what a program hopes for; what is written there is not in the result.</summary>
    public static CommandRun RunOnto(Stream output, string? input, params string[] arguments) => RunOn(new MemoryStream(Encoding.UTF8.GetBytes(input ?? "")), output, null, "", arguments);

    /// <summary>Runs in a folder with standard output on a terminal.</summary>
    public static CommandRun RunOnTerminal(string folder, params string[] arguments) => RunOn(new MemoryStream(), new MemoryStream(), null, folder, arguments, isTerminal: true);

    /// <summary>Runs in a folder with standard error on a terminal, and standard output in a pipe.</summary>
    public static CommandRun RunWithErrorsOnTerminal(string folder, params string[] arguments) => RunOn(new MemoryStream(), new MemoryStream(), null, folder, arguments, areErrorsOnTerminal: true);

    /// <summary>Runs as a process of its own, with text on standard input and extra environment variables.</summary>
    public static CommandRun Start(string? input, IReadOnlyDictionary<string, string>? environment, params string[] arguments) => Start("", input, environment, arguments);

    /// <summary>The same in a folder.</summary>
    public static CommandRun Start(string folder, string? input, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = StartInfo(arguments, environment);
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
            Assert.Fail($"firstbyte {string.Join(' ', arguments)} did not end within {Patience.TotalSeconds} s");
        }
        process.WaitForExit();
        return new CommandRun(process.ExitCode, output.Result, errors.Result);
    }

    public static ProcessStartInfo StartInfo(string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Published ?? "dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (Published is null) { start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "firstbyte.dll")); }
        foreach (var argument in arguments) { start.ArgumentList.Add(argument); }
        // What the caller's environment says about colours, widths and proxies must not decide a test.
        foreach (var name in (string[])["NO_COLOR", "COLUMNS", "LC_ALL", "LC_MESSAGES", "LANG", "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy"]) { start.Environment.Remove(name); }
        // Pages that are written or run but never both keep an attacker out and cost each start of a just-in-time process a fifth of its time: a test has no attacker.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) { start.Environment[name] = value; }
        return start;
    }

    private static CommandRun RunOn(Stream input, Stream output, IReadOnlyDictionary<string, string>? environment, string folder, string[] arguments, bool isTerminal = false, bool areErrorsOnTerminal = false, CommandRegistry? commands = null)
    {
        var errors = new MemoryStream();
        using var signals = new SilentSignals();
        using var io = new CommandIo(input, output, errors, signals) { Folder = folder, Variables = name => environment?.GetValueOrDefault(name), IsOutputTerminal = isTerminal, IsErrorTerminal = areErrorsOnTerminal };
        var exitCode = new CommandThread(arguments, io, commands ?? CommandRegistry.Standard)
            .Join(Patience, $"firstbyte {string.Join(' ', arguments)} did not end within {Patience.TotalSeconds} s");
        return new CommandRun(exitCode, output is MemoryStream text ? Encoding.UTF8.GetString(text.ToArray()) : "", Encoding.UTF8.GetString(errors.ToArray()));
    }

    /// <summary>Nobody sends a signal.</summary>
    private sealed class SilentSignals : Signals
    {
        public override IDisposable Handle(PosixSignal signal, Func<bool> handler) => new MemoryStream();
    }
}

/// <summary>What a run of the command left.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Errors);
