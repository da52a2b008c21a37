using System.CommandLine;
using System.Text;
using Firstbyte.Cli.Curl;
using Firstbyte.Cli.Io;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary><c>curl</c>: curl's tool, with its command line, its bytes, its output and its exit codes; and the story of the same transfers.</summary>
internal sealed class CurlCommand(Language language) : PlaceCommand("curl", language.Help.Curl)
{
    private readonly Argument<string[]> _words = new("words")
    {
        Description = language.Help.CurlWords,
        HelpName = "WORD",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _explain = new("--explain") { Description = language.Help.CurlExplain };

    public override bool HasOwnGrammar => true;

    public override bool HasJson => false;

    public override Argument Target => _words;

    public override IReadOnlyList<(string Line, string Text)> Examples =>
    [
        ("firstbyte curl --lab -i http://www.lab.glasscom.com/", language.Help.ExampleCurlLab),
        ("firstbyte curl -sS -o page.html -w '%{http_code}\\n' --lab http://www.lab.glasscom.com/", language.Help.ExampleCurlFile),
        ("firstbyte curl --explain --lab -L http://www.lab.glasscom.com/", language.Help.ExampleCurlExplain),
    ];

    public override void AddTo(Command command, bool isRecorded)
    {
        command.Arguments.Add(_words);
        command.Options.Add(_explain);
    }

    public override IEnumerable<string> Suggest(IEnumerable<string> names) =>
    [
        .. names.Where(static name => name.Contains('.', StringComparison.Ordinal)).Select(static name => $"http://{name}/"),
        .. CurlOptions.All.Where(static one => one.IsDone).Select(static one => "--" + one.Name),
    ];

    public override int Run(ParseResult parsed, CommandSite site)
    {
        var io = site.Io;
        var around = new Surroundings(io);
        var line = new CurlLine(around);
        var words = parsed.GetValue(_words) ?? [];
        try
        {
            // curl: unless -q stands before everything else. What a user has set for the outer network is nothing for a lab.
            var isOff = words.Length > 0 && (words[0].StartsWith("-q", StringComparison.Ordinal) || words[0] == "--disable");
            if (!isOff && site.Settings.Lab is null) { line.ReadOwnConfig(); }
            line.Read(words);
        }
        catch (CurlStop stop)
        {
            return Refuse(io, stop);
        }
        if (line.Settings.WantsHelp || line.Settings.WantsManual)
        {
            ShowHelp.Print(io, parsed.CommandResult);
            return ExitCodes.Success;
        }
        if (line.Settings.WantsVersion)
        {
            io.Text.Write(Version);
            return ExitCodes.Success;
        }
        if (line.Tasks.Count == 1 && line.Tasks[0].Nodes.Count == 0)
        {
            if (words.Length > 0) { io.Errors.Put("curl: (2) no URL specified\n"); }
            io.Errors.Put(TryHelp);
            return ExitCodes.Usage;
        }
        // What a config file turns off is not said any more.
        around.Tell(line.Settings.IsSilent);
        var isStory = parsed.GetValue(_explain);
        using var errors = line.Settings.ErrorFile is { } file && file != CommandIo.StandardStream ? new PlainFiles(io).Create(file) : null;
        if (line.Settings.ErrorFile is { } unwritten and not CommandIo.StandardStream && errors is null)
        {
            io.Errors.Put($"Warning: Failed to open {unwritten}\n");
        }
        Action<string> say = line.Settings.ErrorFile switch
        {
            null => io.Errors.Put,
            CommandIo.StandardStream => text => io.Output.Write(OctetText.Octets(text)),
            _ when errors is null => io.Errors.Put,
            _ => text => CurlFiles.Put(errors, OctetText.Octets(text)),
        };
        Action<string> draw = line.Settings.ErrorFile is null || say == io.Errors.Put ? io.Errors.Redraw : say;
        using var story = isStory && !site.IsRecorded ? new StringWriter() : null;
        try { return site.IsRecorded ? RunRecorded(site, line, isStory) : RunHere(site, line, say, draw, story); }
        catch (CurlStop stop) { return Refuse(io, stop); }
        finally
        {
            // What happened is told when curl's own output is over.
            foreach (var row in (story?.ToString() ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)) { io.Errors.Put(row + "\n"); }
        }
    }

    private int RunHere(CommandSite site, CurlLine line, Action<string> say, Action<string> draw, StringWriter? story)
    {
        // curl handles none either.
        using var station = site.Open(Use, isSilent: story is null, story, hearsSignalsLate: true);
        return station.Run(Name, async (host, stop) =>
        {
            using var run = new CurlRun(site.Io, line, host, say, isRecorded: false, stop) { Draw = draw };
            return await run.RunAsync();
        });
    }

    /// <summary>In a lab whose time goes back as well: what is run again is shown once, when it has come to its end, and no file is left outside.</summary>
    private int RunRecorded(CommandSite site, CurlLine line, bool isStory)
    {
        using var station = site.Open(Use, isSilent: !isStory);
        var (shown, said) = (new MemoryStream(), new StringBuilder());
        var exitCode = station.Run(Name, async (host, stop) =>
        {
            shown.SetLength(0);
            said.Clear();
            var io = new CommandIo(new MemoryStream(), shown, new MemoryStream(), site.Io.Signals) { Language = site.Io.Language, Variables = host.Variables };
            using var run = new CurlRun(io, line, host, text => said.Append(text), isRecorded: true, stop);
            var code = await run.RunAsync();
            io.Output.Flush();
            return code;
        });
        site.Io.Text.Flush();
        site.Io.Output.Write(shown.ToArray());
        if (said.Length > 0) { site.Io.Errors.Put(said.ToString()); }
        return exitCode;
    }

    private int Refuse(CommandIo io, CurlStop stop)
    {
        // What could not be written beside the transfers is no mistake of the command line.
        if (stop.Code == CurlCode.WriteError)
        {
            io.Errors.Put($"curl: ({CurlCode.WriteError}) {stop.Message}\n");
            return stop.Code;
        }
        if (stop.NotDone is { } option) { io.Errors.Put($"curl: {language.Usage.OptionNotYet(option, "curl")}\n"); }
        else { io.Errors.Put(stop.Message + "\n"); }
        io.Errors.Put(TryHelp);
        return stop.Code;
    }

    private const string TryHelp = "curl: try 'firstbyte curl --help' for more information\n";

    // What is claimed is what there is.
    private static string Version => new StringBuilder()
        .Append($"curl {CurlEdition.Version} (firstbyte) {CurlRun.Libraries}\n")
        .Append("Release-Date: 2025-11-05\n")
        .Append($"Protocols: {string.Join(' ', CurlNumbers.AllProtocols.Order(StringComparer.Ordinal))}\n")
        .Append("Features: brotli HTTPS-proxy IDN IPv6 Largefile libz SSL threadsafe UnixSockets zstd\n")
        .ToString();

    /// <summary>Files, variables and warnings of a command line that is being read.</summary>
    private sealed class Surroundings(CommandIo io) : ICurlSurroundings
    {
        private readonly List<string> _warnings = [];

        public byte[]? ReadFile(string name)
        {
            // What has no name cannot be read either.
            if (name.Length == 0) { return null; }
            try { return io.ReadBytes(name); }
            catch (FileException) { return null; }
        }

        public long? LastWritten(string name) => io.Exists(name) ? io.LastWritten(name).ToUnixTimeSeconds() : null;

        public string? Variable(string name) => io.Variables(name);

        public void Warn(string text) => _warnings.Add(text);

        public void Tell(bool isSilent)
        {
            if (isSilent) { return; }
            foreach (var text in _warnings) { io.Errors.Put($"Warning: {text}\n"); }
        }
    }
}
