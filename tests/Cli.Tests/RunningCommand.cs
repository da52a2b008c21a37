using System.Diagnostics;
using System.Text;

namespace Firstbyte.Tests;

/// <summary>A command that runs.</summary>
internal sealed class RunningCommand : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Thread[] _collectors;

    private RunningCommand(ProcessStartInfo start)
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("signals are Unix's"); }
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _collectors = [Collect(_process.StandardOutput, _output), Collect(_process.StandardError, _errors)];
    }

    public int ExitCode
    {
        get
        {
            Assert.True(_process.WaitForExit(Patience), "the command did not end on the signal");
            _process.WaitForExit();
            return _process.ExitCode;
        }
    }

    public string Errors
    {
        get
        {
            AwaitLastWords();
            lock (_errors) { return _errors.ToString(); }
        }
    }

    public static RunningCommand Start(params string[] arguments) => new(Command.StartInfo(arguments));

    public static RunningCommand StartIn(string script, params string[] arguments)
    {
        var command = Command.StartInfo(arguments);
        var start = new ProcessStartInfo("sh", ["-c", script, "sh", command.FileName, .. command.ArgumentList]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        return new RunningCommand(start);
    }

    public string WaitForOutput(string words) => Wait(_output, words);

    public string WaitForErrors(string words) => Wait(_errors, words);

    /// <summary>What it has printed so far.</summary>
    public string Output
    {
        get
        {
            AwaitLastWords();
            lock (_output) { return _output.ToString(); }
        }
    }

    /// <summary>Whether it runs no more.</summary>
    public bool HasEnded => _process.HasExited;

    public void Signal(string signal) => SignalSender.Send(_process, signal);

    public void Dispose()
    {
        if (!_process.HasExited) { _process.Kill(); }
        _process.Dispose();
    }

    // What has ended has said all that it will, and whoever collects it may be a moment behind; a child of its own may hold the pipes open.
    private void AwaitLastWords()
    {
        if (!_process.HasExited) { return; }
        foreach (var collector in _collectors) { collector.Join(TimeSpan.FromSeconds(1)); }
    }

    private static Thread Collect(StreamReader reader, StringBuilder into)
    {
        var thread = new Thread(() =>
        {
            while (reader.ReadLine() is { } line)
            {
                lock (into) { into.Append(line).Append('\n'); }
            }
        })
        { IsBackground = true };
        thread.Start();
        return thread;
    }

    // The line that has the words.
    private string Wait(StringBuilder heard, string words)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Patience)
        {
            lock (heard)
            {
                var text = heard.ToString();
                if (text.Split('\n').FirstOrDefault(line => line.Contains(words, StringComparison.Ordinal)) is { } line) { return line; }
            }
            Thread.Sleep(10);
        }
        Assert.Fail($"no '{words}' in: {heard} {_errors}");
        return "";
    }
}
