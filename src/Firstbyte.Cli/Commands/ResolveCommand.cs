using System.CommandLine;
using Firstbyte.Cli.Drawing;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Exports;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Story;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte resolve NAME [TYPE]</c>: the name step alone, for any type of record.</summary>
internal static class ResolveCommand
{
    public static Command Create(Language language)
    {
        var name = new Argument<string>("name") { Description = "The domain name, or an address to look up backwards (PTR)" };
        var type = new Argument<string?>("type") { Description = "The type of record: A (default), AAAA, MX, NS, TXT, SOA, CNAME, PTR, SRV, TYPE123", Arity = ArgumentArity.ZeroOrOne };
        var place = new PlaceOptions(language);
        var command = new Command("resolve", "Resolves a name and shows who said what") { name, type };
        place.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = place.Read(parsed);
            var text = parsed.GetValue(name)!;
            var typeText = parsed.GetValue(type);
            if (Addressing.IpAddress.TryParse(text, out var address))
            {
                text = Addressing.ReverseName.Of(address);
                typeText ??= "PTR";
            }
            if (!DnsName.TryParse(text, out var domain))
            {
                await Console.Error.WriteLineAsync($"firstbyte: '{Printable.Text(text)}' is not a domain name: labels have 1 to 63 bytes, a whole name at most 255");
                return Application.UsageError;
            }
            if (!RecordType.TryParse(typeText ?? "A", out var recordType))
            {
                await Console.Error.WriteLineAsync($"firstbyte: '{Printable.Text(typeText!)}' is not a type of record: A, AAAA, CNAME, MX, NS, PTR, SOA, SRV, TXT, or TYPE with a number");
                return Application.UsageError;
            }
            using var outlet = new ResolveOutlet(settings);
            try
            {
                settings.Check();
                return settings.Lab is not null ? LabRun.Resolve(settings, domain, recordType, text.EndsWith('.'), outlet, cancellation)
                    : settings.Tun is not null ? TunRun.Resolve(settings, domain, recordType, text.EndsWith('.'), outlet, cancellation)
                    : RunHere(settings, domain, recordType, text.EndsWith('.'), outlet, cancellation);
            }
            catch (UsageException e)
            {
                await Console.Error.WriteLineAsync("firstbyte: " + e.Message);
                return e.ExitCode;
            }
        });
        return command;
    }

    private static int RunHere(PlaceSettings settings, DnsName name, RecordType type, bool isAbsolute, ResolveOutlet outlet, CancellationToken cancellation)
    {
        var exitCode = 0;
        OsNetwork.Run(async network => exitCode = await RunAsync(settings, name, type, isAbsolute, network, outlet, cancellation));
        return exitCode;
    }

    public static async Task<int> RunAsync(PlaceSettings settings, DnsName name, RecordType type, bool isAbsolute, INetwork network, ResolveOutlet outlet, CancellationToken cancellation)
    {
        var resolver = Fetch.Resolver(settings, network);
        var options = new ResolutionOptions { Fresh = settings.NoCache, IsAbsolute = isAbsolute, Time = settings.MaximumTime };
        var outcome = await resolver.ResolveAsync(name, type, options, outlet.Tracer.Root(network), cancellation);
        outlet.Show(outcome);
        return outcome is ResolvedAnswer { IsDenial: false } ? ExitCodes.Success : ExitCodes.NameNotResolved;
    }
}

/// <summary>Where a resolution is told: the story and the records, or JSON lines.</summary>
internal sealed class ResolveOutlet : IDisposable
{
    private readonly Stream? _json;
    private readonly JsonLines? _lines;
    private readonly Page? _page;
    private readonly Storyteller? _story;
    private readonly Language _language;

    public ResolveOutlet(PlaceSettings settings)
    {
        _language = settings.Language;
        ITraceSink sink;
        if (settings.Events is { } level)
        {
            _json = new BufferedStream(Console.OpenStandardOutput(), 64 * 1024);
            sink = _lines = new JsonLines(_json, level);
        }
        else
        {
            _page = Page.On(Console.Out, Console.IsOutputRedirected, settings.Colour);
            sink = _story = new Storyteller(_page, settings.Language, settings.Verbosity) { HidesServers = settings.Lab is not null };
        }
        Sink = settings.ShowSecrets ? sink : new MaskingSink(sink);
        Tracer = new Tracer(Sink);
    }

    /// <summary>Where events go in the end.</summary>
    public ITraceSink Sink { get; }

    /// <summary>Numbers the steps; a lab's world brings one of its own.</summary>
    public Tracer Tracer { get; set; }

    public void Show(ResolutionOutcome outcome)
    {
        if (_page is null) { return; }
        _story!.Flush();
        OutcomeStory.Tell(_page, _language, outcome);
    }

    public void Dispose()
    {
        if (_json is null) { return; }
        try
        {
            _lines!.Close();
            _json.Flush();
        }
        // The reader of the pipe went away: what is left has nobody to go to.
        catch (IOException) { return; }
        _json.Dispose();
    }
}
