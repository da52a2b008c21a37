using System.CommandLine;
using Firstbyte.Addressing;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary>Where a command works and how it tells of it: the options that fetch and resolve share.</summary>
internal sealed class PlaceOptions
{
    private readonly Language _language;

    public Option<string?> Lab { get; } = new("--lab")
    {
        Description = "Work inside the built-in internet; --lab=NAME or --lab=FILE inside another",
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "NAME|FILE (after '=')",
    };

    public Option<ulong?> Seed { get; } = new("--seed") { Description = "Seed of the simulated world (the lab's own by default): the same seed gives the same bytes", HelpName = "N" };

    public Option<string?> Pcap { get; } = new("--pcap") { Description = "Write every frame of the run to a capture that Wireshark reads (with --lab or --tun)", HelpName = "FILE" };

    public Option<string?> Tun { get; } = new("--tun")
    {
        Description = "Work on our own TCP/IP at the other end of a Linux TUN or TAP device, as root. More after commas: address=ADDR/LENGTH, gateway=ADDR, loss=1%, duplicate=1%, reorder=5%, seed=N",
        HelpName = "NAME[,KEY=VALUE]",
    };

    public Option<bool> Iterative { get; } = new("--iterative") { Description = "Resolve names from the root servers down, by ourselves" };

    public Option<string?> Server { get; } = new("--server") { Description = "Ask the resolver at this address (ADDR or ADDR:PORT)", HelpName = "ADDR" };

    public Option<bool> NoCache { get; } = new("--no-cache") { Description = "Forget what the cache holds before each journey" };

    public Option<string?> Json { get; } = JsonOption.Create();

    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Say more: bytes on the wire as hex and text, clauses of the specifications; -vv in a lab: every frame at every element" };

    public Option<bool> ShowSecrets { get; } = new("--show-secrets") { Description = "Print passwords, cookies and credentials instead of stars" };

    public Option<string> Colour { get; } = new("--color")
    {
        Description = "Colours: auto, always or never",
        DefaultValueFactory = _ => "auto",
        HelpName = "WHEN",
    };

    public Option<double?> MaximumTime { get; } = new("--max-time", "-m") { Description = "Give up after so many seconds", HelpName = "SECONDS" };

    public PlaceOptions(Language language)
    {
        _language = language;
        Colour.AcceptOnlyFromAmong("auto", "always", "never");
        MaximumTime.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not > 0) { result.AddError("--max-time wants a number of seconds above 0"); }
        });
        Tun.Validators.Add(CheckTun);
        Server.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string?>();
            if (text is not null && !TryParseServer(text, out _)) { result.AddError($"--server '{text}': expected an address such as 9.9.9.9, 127.0.0.1:5300 or [::1]:5300 (a name would need resolving first)"); }
        });
    }

    /// <summary>What keeps an option's value from being one; added to the parser's errors.</summary>
    private static void CheckTun(System.CommandLine.Parsing.OptionResult result)
    {
        if (result.GetValueOrDefault<string?>() is { } text && !TunSettings.TryParse(text, out _, out var complaint)) { result.AddError($"--tun: {complaint}"); }
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Lab, Iterative, Server, NoCache, Seed, Tun, Pcap, Json, Verbose, MaximumTime, ShowSecrets, Colour]) { command.Options.Add(option); }
    }

    public PlaceSettings Read(ParseResult parsed) => new()
    {
        Language = _language,
        Lab = parsed.GetResult(Lab) is null ? null : parsed.GetValue(Lab) is { Length: > 0 } name ? name : CommandLineText.DefaultLab,
        Seed = parsed.GetValue(Seed),
        Pcap = parsed.GetValue(Pcap),
        Tun = parsed.GetValue(Tun) is { } tun && TunSettings.TryParse(tun, out var device, out _) ? device : null,
        Iterative = parsed.GetValue(Iterative),
        Server = parsed.GetValue(Server) is { } server && TryParseServer(server, out var endpoint) ? endpoint : null,
        NoCache = parsed.GetValue(NoCache),
        Events = JsonOption.Read(parsed, Json),
        Verbosity = parsed.GetResult(Verbose)?.IdentifierTokenCount ?? 0,
        ShowSecrets = parsed.GetValue(ShowSecrets),
        Colour = parsed.GetValue(Colour) switch { "always" => Drawing.ColourChoice.Always, "never" => Drawing.ColourChoice.Never, _ => Drawing.ColourChoice.Auto },
        MaximumTime = parsed.GetValue(MaximumTime) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };

    internal static bool TryParseServer(string text, out Endpoint server)
    {
        const ushort DnsPort = 53; // RFC 1035 4.2
        if (Endpoint.TryParse(text, out server)) { return true; }
        var bare = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        if (!IpAddress.TryParse(bare, out var address)) { return false; }
        server = new Endpoint(address, DnsPort);
        return true;
    }
}

/// <summary>What the options said.</summary>
internal sealed record PlaceSettings
{
    /// <summary>In which the run is told.</summary>
    public required Language Language { get; init; }

    public string? Lab { get; init; }

    public ulong? Seed { get; init; }

    /// <summary>The file for the capture.</summary>
    public string? Pcap { get; init; }

    /// <summary>The device whose other end we are.</summary>
    public TunSettings? Tun { get; init; }

    public bool Iterative { get; init; }

    public Endpoint? Server { get; init; }

    public bool NoCache { get; init; }

    /// <summary>Which events are printed as JSON; null when the story is told instead.</summary>
    public EventLevel? Events { get; init; }

    public bool Json => Events is not null;

    /// <summary>Whether every frame at every element is told.</summary>
    public bool WatchesFrames => Events is { } level ? level > EventLevel.Journey : Verbosity > 1;

    public int Verbosity { get; init; }

    public bool ShowSecrets { get; init; }

    public Drawing.ColourChoice Colour { get; init; }

    public TimeSpan? MaximumTime { get; init; }

    /// <summary>Refuses what cannot go together: two places at once, a capture where the frames are not ours.</summary>
    /// <exception cref="UsageException">Such a thing was asked for.</exception>
    public void Check()
    {
        if (Lab is not null && Tun is not null) { throw new UsageException("--lab and --tun are two places: choose one"); }
        if (Pcap is not null && Lab is null && Tun is null)
        {
            throw new UsageException("--pcap works with --lab and --tun, where the frames are ours; those of this machine's own network are the kernel's: try tcpdump -w FILE");
        }
    }
}
