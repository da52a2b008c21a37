using System.Diagnostics;
using System.Globalization;
using System.Text;
using Firstbyte.Cli.Commands;
using Firstbyte.Cli.Io;

namespace Firstbyte.Tests;

/// <summary>
/// <c>firstbyte serve dns</c> on a loopback port, stopped by Ctrl-C as a user stops it; it must then end by itself. It runs in this process with signals of its own, or, for what
/// happens to processes only, as one.
/// </summary>
internal sealed class ServingCommand : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly StringBuilder _said = new();
    private readonly Process? _process;
    private readonly CommandThread? _thread;
    private readonly SentSignals? _signals;
    private readonly CommandIo? _io;
    private bool _isKilled;

    private ServingCommand(string[] words, IReadOnlyDictionary<string, string> environment, string folder)
    {
        _signals = new SentSignals();
        _io = new CommandIo(new MemoryStream(), new HeardStream(Hear), new HeardStream(Hear), _signals) { Folder = folder, Variables = environment.GetValueOrDefault };
        _thread = new CommandThread(words, _io, CommandRegistry.Standard);
    }

    private ServingCommand(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        // What nobody reads would stop it once the pipe is full.
        _process.OutputDataReceived += (_, e) => Hear(e.Data + "\n");
        _process.ErrorDataReceived += (_, e) => Hear(e.Data + "\n");
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>The port it listens on.</summary>
    public int Port { get; private set; }

    /// <summary>The number of its process.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>What it has said on standard error so far.</summary>
    public string Said
    {
        get { lock (_said) { return _said.ToString(); } }
    }

    private bool HasEnded => _thread?.HasEnded ?? _process!.HasExited;

    public static ServingCommand Start(string folder, params string[] arguments) => StartWith(folder, new Dictionary<string, string>(), arguments);

    /// <summary>The same with variables of its own.</summary>
    public static ServingCommand StartWith(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        StartOf(["serve", "dns", .. Complete(arguments)], environment, folder, Command.Published is not null);

    /// <summary>The same as a process, which can be killed and be short of descriptors.</summary>
    public static ServingCommand StartProcess(string folder, params string[] arguments) =>
        StartOf(["serve", "dns", .. Complete(arguments)], new Dictionary<string, string>(), folder, true);

    /// <summary>The same of a process that comes to it in another way.</summary>
    public static ServingCommand Start(string folder, ProcessStartInfo start)
    {
        start.WorkingDirectory = folder;
        return Listening(new ServingCommand(start));
    }

    /// <summary>Any serving command, by all its words.</summary>
    public static ServingCommand StartWords(params string[] words) => StartOf(words, new Dictionary<string, string>(), "", Command.Published is not null);

    /// <summary>The same as a process.</summary>
    public static ServingCommand StartProcessWords(params string[] words) => StartOf(words, new Dictionary<string, string>(), "", true);

    /// <summary>Waits until it has said something; gives all it has said.</summary>
    public string WaitFor(string words)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < s_patience; Thread.Sleep(5))
        {
            if (Said.Contains(words, StringComparison.Ordinal)) { return Said; }
            if (HasEnded) { break; }
        }
        // The last words come after the end.
        if (Said.Contains(words, StringComparison.Ordinal)) { return Said; }
        throw new InvalidOperationException($"the server did not say '{words}' but: {Said}");
    }

    /// <summary>Sends a signal by its name.</summary>
    public void Signal(string name)
    {
        if (_signals is not null) { _signals.Send(name); }
        else { SignalSender.Send(_process!, name); }
    }

    /// <summary>Ends it at once, wherever it is.</summary>
    public void Kill()
    {
        lock (_said)
        {
            if (_isKilled) { return; }
            _isKilled = true;
        }
        _process!.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (_thread is not null)
        {
            _signals!.Send("INT");
            _thread.Join(TimeSpan.FromSeconds(20), "the server did not end on Ctrl-C");
            _io!.Dispose();
            _signals.Dispose();
            return;
        }
        if (!_isKilled && !_process!.HasExited) { SignalSender.Send(_process, "INT"); }
        var ended = _process!.WaitForExit(TimeSpan.FromSeconds(20));
        if (!ended) { _process.Kill(); }
        _process.Dispose();
        Assert.True(ended, "the server did not end on Ctrl-C");
    }

    private static string[] Complete(string[] arguments) =>
        arguments.Contains("--listen") || arguments.Contains("--config") ? arguments : ["--listen", "127.0.0.1:0", .. arguments];

    private static ServingCommand StartOf(string[] words, IReadOnlyDictionary<string, string> environment, string folder, bool isProcess) =>
        isProcess ? Start(folder, Command.StartInfo(words, environment)) : Listening(new ServingCommand(words, environment, folder));

    private static ServingCommand Listening(ServingCommand serving)
    {
        try
        {
            var line = serving.WaitFor("listening on ").Split('\n').First(static line => line.StartsWith("listening on ", StringComparison.Ordinal));
            var address = line.Split(' ')[2].TrimEnd(',');
            serving.Port = int.Parse(address[(address.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
            return serving;
        }
        catch
        {
            serving.Dispose();
            throw;
        }
    }

    private void Hear(string text)
    {
        lock (_said) { _said.Append(text); }
    }
}
