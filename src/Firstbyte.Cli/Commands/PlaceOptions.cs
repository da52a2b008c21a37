using System.CommandLine;
using System.CommandLine.Parsing;
using Firstbyte.Captures;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Upstreams;
using Firstbyte.Exports;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>Where a command works and how it tells of it: the options that all commands on a network share.</summary>
internal sealed class PlaceOptions(Language language)
{
    public Option<string?> Lab { get; } = new("--lab")
    {
        Description = language.Help.Lab,
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "NAME|FILE",
    };

    public Option<ulong?> Seed { get; } = new("--seed") { Description = language.Help.Seed, HelpName = "N" };

    public Option<string?> Pcap { get; } = new("--pcap") { Description = language.Help.Pcap, HelpName = "FILE" };

    public Option<string> PcapSecrets { get; } = CaptureSecretsOption.Create(language);

    public Option<string?> Tun { get; } = CreateTun(language);

    /// <summary>The chain of trust begins at the root: who wants to see it asks from there.</summary>
    public const string Explain = "--explain";

    public Option<bool> Iterative { get; } = new("--iterative") { Description = language.Help.Iterative };

    public Option<string?> Server { get; } = CreateServer(language);

    public Option<bool> NoCache { get; } = new("--no-cache") { Description = language.Help.NoCache };

    public Option<string?> Json { get; } = JsonOption.Create(language);

    public Option<string?> Calls { get; } = new("--calls")
    {
        Description = language.Help.Calls,
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "HOST",
    };

    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = language.Help.Verbose };

    public Option<bool> ShowSecrets { get; } = new("--show-secrets") { Description = language.Help.ShowSecrets };

    public Option<string> Colour { get; } = ColourOption.Create(language);

    public Option<double?> MaximumTime { get; } = TimeLimits.CreateOption(language, language.Help.MaximumTime, "--max-time", "-m");

    private static Option<string?> CreateTun(Language language)
    {
        var option = new Option<string?>("--tun") { Description = language.Help.Tun, HelpName = "NAME[,KEY=VALUE]" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !TunSettings.TryParse(language.Places, text, out _, out var complaint))
            {
                result.AddError(language.Places.InTun(complaint).ToString());
            }
        });
        return option;
    }

    private static Option<string?> CreateServer(Language language)
    {
        var option = new Option<string?>("--server") { Description = language.Help.Server, HelpName = "SERVER" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !TryParseServer(text, out _))
            {
                result.AddError(language.Usage.NoServer(SecretText.MaskUrl(text)).ToString());
            }
        });
        return option;
    }

    /// <summary>
    /// Gives a command these options: one that probes has limits of its own (-c, -w, -m), one whose words are not ours only what names the place.
    /// </summary>
    public void AddTo(Command command, PlaceCommand one)
    {
        Option[] ours = [Iterative, Server, NoCache, Verbose, MaximumTime];
        foreach (var option in (Option[])[
            Lab, Iterative, Server, NoCache, Seed, Tun, Pcap, PcapSecrets, Json, Calls, Verbose, MaximumTime, ShowSecrets, Colour])
        {
            if (one.Use == PlaceUse.Probes && (option == MaximumTime || option == NoCache || option == Calls)) { continue; }
            if (one.HasOwnGrammar && ours.Contains(option) || option == Json && !one.HasJson) { continue; }
            command.Options.Add(option);
        }
    }

    public PlaceSettings Read(ParseResult parsed) => new()
    {
        Lab = parsed.GetResult(Lab) is null ? null : parsed.GetValue(Lab) is { Length: > 0 } name ? name : LabFiles.Default,
        Seed = parsed.GetValue(Seed),
        Pcap = parsed.GetValue(Pcap),
        PcapSecrets = CaptureSecretsOption.Read(language, parsed, PcapSecrets, Pcap),
        Tun = parsed.GetValue(Tun) is { } tun && TunSettings.TryParse(language.Places, tun, out var device, out _) ? device : null,
        Iterative = parsed.GetValue(Iterative) || WantsTrust(parsed),
        Server = parsed.GetValue(Server) is { } server && TryParseServer(server, out var named) ? named : null,
        NoCache = parsed.GetValue(NoCache),
        Events = JsonOption.Read(parsed, Json),
        Calls = parsed.GetResult(Calls) is null ? null : parsed.GetValue(Calls) is { } host && host != PlaceSettings.OwnHost ? host : "",
        Verbosity = parsed.GetResult(Verbose)?.IdentifierTokenCount ?? 0,
        ShowSecrets = parsed.GetValue(ShowSecrets),
        Colour = ColourOption.Read(parsed, Colour),
        MaximumTime = TimeLimits.Read(parsed, MaximumTime),
    };

    private static bool WantsTrust(ParseResult parsed) => parsed.CommandResult is { Command.Name: "resolve" } command
        && command.Children.OfType<OptionResult>().Any(static one => one.Option.Name == Explain && !one.Implicit);

    private static bool TryParseServer(string text, out UpstreamServer server) => UpstreamTransports.TryParse(text, StubResolver.Port, out server);
}

/// <summary><c>--pcap-secrets keep|mask</c>.</summary>
internal static class CaptureSecretsOption
{
    public static Option<string> Create(Language language)
    {
        var option = new Option<string>(
            "--pcap-secrets")
        { Description = language.Help.PcapSecrets, DefaultValueFactory = static _ => "keep", HelpName = "keep|mask" };
        option.AcceptOnlyFromAmong("keep", "mask");
        return option;
    }

    /// <exception cref="UsageException">There is no capture that it could be about.</exception>
    public static CaptureSecrets Read(Language language, ParseResult parsed, Option<string> option, Option<string?> capture)
    {
        if (parsed.GetResult(option) is { Implicit: false } && parsed.GetValue(capture) is null)
        {
            throw new UsageException(language.Places.NoCaptureFor(option.Name));
        }
        return parsed.GetValue(option) == "mask" ? CaptureSecrets.Mask : CaptureSecrets.Keep;
    }
}

/// <summary><c>--color WHEN</c>.</summary>
internal static class ColourOption
{
    public static Option<string> Create(Language language)
    {
        var option = new Option<string>("--color") { Description = language.Help.Colour, DefaultValueFactory = static _ => "auto", HelpName = "WHEN" };
        option.AcceptOnlyFromAmong("auto", "always", "never");
        return option;
    }

    public static ColourChoice Read(ParseResult parsed, Option<string> option) =>
        parsed.GetValue(option) switch { "always" => ColourChoice.Always, "never" => ColourChoice.Never, _ => ColourChoice.Auto };
}
