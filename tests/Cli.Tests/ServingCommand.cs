using System.Diagnostics;
using System.Text;

namespace Firstbyte.Tests;

/// <summary><c>firstbyte serve dns</c> on a loopback port, stopped by Ctrl-C as a user stops it; it must then end by itself.</summary>
internal sealed class ServingCommand : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private bool _isKilled;

    private ServingCommand(Process process) => _process = process;

    /// <summary>The port it listens on.</summary>
    public int Port { get; private set; }

    /// <summary>The number of its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>What it has said on standard error so far.</summary>
    public string Said
    {
        get { lock (_said) { return _said.ToString(); } }
    }

    public static ServingCommand Start(string folder, params string[] arguments) => StartWith(folder, new Dictionary<string, string>(), arguments);

    /// <summary>The same with variables of its own.</summary>
    public static ServingCommand StartWith(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        string[] words = ["serve", "dns", .. arguments.Contains("--listen") || arguments.Contains("--config") ? (string[])[] : ["--listen", "127.0.0.1:0"], .. arguments];
        return Start(folder, Command.StartInfo(words, environment));
    }

    /// <summary>The same of a process that comes to it in another way.</summary>
    public static ServingCommand Start(string folder, ProcessStartInfo start)
    {
        start.WorkingDirectory = folder;
        var serving = new ServingCommand(Process.Start(start)!);
        serving._process.StandardInput.Close();
        // What nobody reads would stop it once the pipe is full.
        serving._process.OutputDataReceived += (_, e) => serving.Hear(e.Data);
        serving._process.ErrorDataReceived += (_, e) => serving.Hear(e.Data);
        serving._process.BeginErrorReadLine();
        serving._process.BeginOutputReadLine();
        var line = serving.WaitFor("listening on ").Split('\n').First(static line => line.StartsWith("listening on ", StringComparison.Ordinal));
        var address = line.Split(' ')[2].TrimEnd(',');
        serving.Port = int.Parse(address[(address.LastIndexOf(':') + 1)..]);
        return serving;
    }

    /// <summary>Waits until it has said something; gives all it has said.</summary>
    public string WaitFor(string words)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < s_patience; Thread.Sleep(20))
        {
            if (Said.Contains(words, StringComparison.Ordinal)) { return Said; }
            if (_process.HasExited) { break; }
        }
        throw new InvalidOperationException($"the server did not say '{words}' but: {Said}");
    }

    /// <summary>Sends a signal by its name.</summary>
    public void Signal(string name) => SignalSender.Send(_process, name);

    /// <summary>Ends it at once, wherever it is.</summary>
    public void Kill()
    {
        lock (_said)
        {
            if (_isKilled) { return; }
            _isKilled = true;
        }
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_isKilled && !_process.HasExited) { SignalSender.Send(_process, "INT"); }
        var ended = _process.WaitForExit(TimeSpan.FromSeconds(20));
        if (!ended) { _process.Kill(); }
        _process.Dispose();
        Assert.True(ended, "the server did not end on Ctrl-C");
    }

    private void Hear(string? line)
    {
        if (line is null) { return; }
        lock (_said) { _said.Append(line).Append('\n'); }
    }
}
