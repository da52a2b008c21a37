using System.CommandLine;
using Firstbyte.Addressing;
using Firstbyte.Cli.Places;
using Firstbyte.Cli.Drawing;

namespace Firstbyte.Cli.Commands;

/// <summary>Where a command works and how it tells of it: the options that all commands on a network share.</summary>
internal sealed class PlaceOptions
{
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

    public PlaceOptions()
    {
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

    /// <summary>Gives a command these options.</summary>
    /// <param name="command">The command.</param>
    /// <param name="forProbes">Whether it probes: then it has limits of its own (-c, -w, -m).</param>
    public void AddTo(Command command, bool forProbes = false)
    {
        foreach (var option in (Option[])[Lab, Iterative, Server, NoCache, Seed, Tun, Pcap, Json, Verbose, MaximumTime, ShowSecrets, Colour])
        {
            if (!forProbes || (option != MaximumTime && option != NoCache)) { command.Options.Add(option); }
        }
    }

    public PlaceSettings Read(ParseResult parsed) => new()
    {
        Lab = parsed.GetResult(Lab) is null ? null : parsed.GetValue(Lab) is { Length: > 0 } name ? name : LabFiles.Default,
        Seed = parsed.GetValue(Seed),
        Pcap = parsed.GetValue(Pcap),
        Tun = parsed.GetValue(Tun) is { } tun && TunSettings.TryParse(tun, out var device, out _) ? device : null,
        Iterative = parsed.GetValue(Iterative),
        Server = parsed.GetValue(Server) is { } server && TryParseServer(server, out var endpoint) ? endpoint : null,
        NoCache = parsed.GetValue(NoCache),
        Events = JsonOption.Read(parsed, Json),
        Verbosity = parsed.GetResult(Verbose)?.IdentifierTokenCount ?? 0,
        ShowSecrets = parsed.GetValue(ShowSecrets),
        Colour = parsed.GetValue(Colour) switch { "always" => ColourChoice.Always, "never" => ColourChoice.Never, _ => ColourChoice.Auto },
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
