using System.CommandLine;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Dns;
using Firstbyte.Dns.Digging;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transactions;
using Firstbyte.Journeys;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary><c>dig</c>: BIND's tool, with its words, its output and its exit codes; and the story of the same questions.</summary>
internal sealed class DigCommand(Language language) : PlaceCommand("dig", language.Help.Dig)
{
    /// <summary>dig's own exit codes (dig(1), "RETURN CODES").</summary>
    private const int Usage = 1, NoBatchFile = 8, Fatal = 10;

    /// <summary>Lines of a batch, and questions in all (own choice): a file of names, not a flood.</summary>
    private const int MaxLines = 1_000_000;

    /// <summary>dig(1), "FILES".</summary>
    private const string HabitsFile = ".digrc";

    private readonly Argument<string[]> _words = new("words")
    {
        Description = language.Help.DigWords,
        HelpName = "WORD",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _explain = new("--explain") { Description = language.Help.DigExplain };

    public override bool HasOwnGrammar => true;

    public override bool HasJson => true;

    public override Argument Target => _words;

    public override IReadOnlyList<(string Line, string Text)> Examples =>
    [
        ("firstbyte dig --lab @dns www.lab.glasscom.com +short", language.Help.ExampleDigLab),
        ("firstbyte dig @127.0.0.1 -p 5300 example.com SOA +dnssec +multiline", language.Help.ExampleDigOwn),
        ("firstbyte dig --explain --lab +trace www.lab.glasscom.com", language.Help.ExampleDigTrace),
    ];

    public override void AddTo(Command command, bool isRecorded)
    {
        command.Arguments.Add(_words);
        command.Options.Add(_explain);
    }

    public override IEnumerable<string> Suggest(IEnumerable<string> names) =>
        [.. names.Where(static name => name.Contains('.', StringComparison.Ordinal)), .. DigLine.OptionNames(isNegated: false)];

    public override int Run(ParseResult parsed, CommandSite site)
    {
        var words = parsed.GetValue(_words) ?? [];
        var line = Read(words, new DigQuery());
        if (!line.IsWithoutHabits && ReadHabits(site.Io) is { } habits) { line = Read(words, habits); }
        if (line.IsHelp)
        {
            ShowHelp.Print(site.Io, parsed.CommandResult);
            return ExitCodes.Success;
        }
        if (line.IsVersion)
        {
            site.Io.Errors.Say($"DiG {Version}");
            return ExitCodes.Success;
        }
        foreach (var warning in line.Warnings) { site.Io.Errors.Say(warning); }
        var key = line.KeyFile is { } file ? ReadKey(site.Io, file) : null;
        List<(string Shown, IReadOnlyList<DigQuery> Queries)> lines = line.Queries.Count > 0 ? [(DigLine.Shown(words), line.Queries)] : [];
        if (line.BatchFile is { } batch) { lines.AddRange(ReadBatch(site.Io, batch, line.Common)); }
        var isStory = parsed.GetValue(_explain);
        using var station = site.Open(Use, isSilent: !isStory);
        var shown = new StringBuilder();
        var page = isStory || station.Outlet.IsJson ? null : station.Outlet.Page;
        var exitCode = station.Run(Name, async (host, stop) =>
        {
            shown.Clear();
            // What is run again on a way back is shown once, when it has come to its end.
            Action<string> print = page is null ? static _ => { } : site.IsRecorded ? text => shown.Append(text) : site.Io.Text.Write;
            return await RunAsync(host, lines, key, print, stop);
        });
        if (page is not null && shown.Length > 0) { site.Io.Text.Write(shown.ToString()); }
        return exitCode;
    }

    private static string Version => $"firstbyte-{Edition.Version}";

    private async Task<int> RunAsync(
        PlaceHost host, IReadOnlyList<(string Shown, IReadOnlyList<DigQuery> Queries)> lines, TsigKey? key, Action<string> print, CancellationToken stop)
    {
        var around = new DigSurroundings(host.Network, host.Tls, (name, query, token) => FindAsync(host, name, query.Version, token), print);
        var (exitCode, isFirst) = (ExitCodes.Success, true);
        foreach (var (shown, queries) in lines)
        {
            DigRunner? runner = null;
            foreach (var one in queries)
            {
                var query = key is null ? one : one with { Key = key };
                var servers = await ServersAsync(host, query, stop);
                if (servers.Count == 0)
                {
                    throw new UsageException(language.Usage.NoServerAddress(query.Server ?? ResolvConf.Path), Usage);
                }
                runner ??= new DigRunner(
                    around, host.Tracer,
                    query.Display.IsShort ? "" : DigPage.Greeting(Version, shown, query.Server is null ? null : servers.Count, query, isFirst));
                if (await runner.RunAsync(query, servers, stop) is not ExitCodes.Success and var code) { exitCode = code; }
                isFirst = false;
            }
        }
        return exitCode;
    }

    private static async ValueTask<IReadOnlyList<DigServer>> ServersAsync(PlaceHost host, DigQuery query, CancellationToken stop)
    {
        if (query.Server is { } name)
        {
            return [.. (await FindAsync(host, name, query.Version, stop)).Select(address => new DigServer(address, name))];
        }
        var file = host.Network.Files.Read(ResolvConf.Path);
        var configured = (file is null ? ResolvConf.Default : ResolvConf.Parse(file)).Nameservers;
        return
        [
            .. configured.Where(address => query.Version == IpVersion.None || address.Version == query.Version)
                .Select(static address => new DigServer(address, address.ToString())),
        ];
    }

    /// <summary>An address, a machine of the place by its name there, or what the host resolves.</summary>
    private static async ValueTask<IReadOnlyList<IpAddress>> FindAsync(PlaceHost host, string name, IpVersion version, CancellationToken stop)
    {
        var found = IpAddress.TryParse(name, out var address) ? [address] : host.FindMachine(name);
        if (found is null && host.Resolver is { } resolver && DnsName.TryParse(name, out var parsed))
        {
            var options = new ResolutionOptions { IsAbsolute = name.EndsWith('.') };
            var lookup = await resolver.ResolveAddressesAsync(
                parsed, version != IpVersion.V6, version != IpVersion.V4, options, cancellationToken: stop);
            found = lookup.Addresses;
        }
        return [.. (found ?? []).Where(one => version == IpVersion.None || one.Version == version)];
    }

    /// <remarks>dig asks without the key then; nobody who gives one wants that.</remarks>
    private TsigKey? ReadKey(CommandIo io, string file)
    {
        try { return TransactionKeys.Read(io, [file], allowsMd5: true).First; }
        catch (FileException e) { throw new UsageException(language.Files.Unusable(e.Path, isWriting: false, e.Error), Usage); }
        catch (UsageException e) { throw new UsageException(e.Complaint, Usage); }
    }

    /// <summary>The lines of a file, each of which is a line of dig's; empty ones, and those that begin with "#" or ";", are none.</summary>
    private List<(string Shown, IReadOnlyList<DigQuery> Queries)> ReadBatch(CommandIo io, string file, DigQuery common)
    {
        var lines = new List<(string, IReadOnlyList<DigQuery>)>();
        string text;
        try { text = io.ReadText(file); }
        catch (FileException e) { throw new UsageException(language.Files.Unusable(e.Path, isWriting: false, e.Error), NoBatchFile); }
        foreach (var one in text.Split('\n').Take(MaxLines))
        {
            var words = one.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0][0] is '#' or ';') { continue; }
            var line = Read(words, common);
            foreach (var warning in line.Warnings) { io.Errors.Say(warning); }
            lines.Add((DigLine.Shown(words), line.Queries));
        }
        return lines;
    }

    /// <summary>What a user has laid down for all his questions, a line of dig's after the other; null where there is no such file.</summary>
    private DigQuery? ReadHabits(CommandIo io)
    {
        if (io.Variables("HOME") is not { Length: > 0 } home) { return null; }
        var file = Path.Combine(home, HabitsFile);
        if (!io.Exists(file) || !FileKinds.IsRegular(file)) { return null; }
        var habits = new DigQuery();
        foreach (var one in io.ReadText(file).Split('\n').Take(MaxLines))
        {
            var words = one.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0][0] is '#' or ';') { continue; }
            if (DigLine.TryReadHabits(words, habits, out habits, out var fault)) { continue; }
            var complaint = Complaint(fault);
            throw new UsageException(language.Usage.InFile(file, complaint.Complaint), complaint.ExitCode);
        }
        return habits;
    }

    private DigLine Read(IReadOnlyList<string> words, DigQuery defaults) =>
        DigLine.TryRead(words, defaults, out var line, out var fault) ? line : throw Complaint(fault);

    private UsageException Complaint(DigFault fault)
    {
        return fault.Kind switch
        {
            DigFaultKind.UnknownOption => new UsageException(language.Usage.NoOption(fault.Word, Near(fault.Word)), Usage),
            DigFaultKind.NotDone => new UsageException(language.Usage.OptionNotDone(fault.Word, "dig"), Usage),
            DigFaultKind.WantsValue => new UsageException(language.Usage.Wants(fault.Word, fault.Value), Usage),
            DigFaultKind.NoName => new UsageException(language.Usage.NoDomainName(fault.Word), Fatal),
            _ => new UsageException(
                language.Usage.NoSuchValue(fault.Word, fault.Value),
                fault.Word.StartsWith('-') || fault.Word is "+subnet" or "+cookie" or "+ednsopt" ? Usage : Fatal),
        };
    }

    private static string? Near(string word) => word.StartsWith('+')
        ? Nearest.To(word, DigLine.OptionNames(word.StartsWith("+no", StringComparison.Ordinal)))
        : word.Length > 2 && !word.StartsWith("--", StringComparison.Ordinal) ? Nearest.To("+" + word[1..], DigLine.OptionNames(isNegated: false)) : null;
}
