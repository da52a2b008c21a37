using System.CommandLine;
using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Probing;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary><c>ping TARGET</c>: is it there, and how far away.</summary>
internal sealed class PingCommand(Language language) : PlaceCommand("ping", language.Help.Ping)
{
    private readonly Option<int> _count = new("-c", "--count") { Description = language.Help.PingCount, HelpName = "N", DefaultValueFactory = static _ => 4 };
    private readonly Option<int> _size = new("-s", "--size") { Description = language.Help.PingSize, HelpName = "BYTES", DefaultValueFactory = static _ => 56 };
    private readonly Option<byte> _hops = new("-t", "--ttl") { Description = language.Help.PingHops, HelpName = "HOPS" };
    private readonly Option<string?> _interval = new("-i", "--interval") { Description = language.Help.PingInterval, HelpName = "T" };
    private readonly Argument<string> _target = ProbeTarget.Create(language);
    private readonly VersionOptions _version = new(language);

    public override PlaceUse Use => PlaceUse.Probes;

    public override Argument Target => _target;

    public override IReadOnlyList<(string Line, string Text)> Examples =>
        [("firstbyte ping --lab www.lab.glasscom.com", language.Help.ExamplePing)];

    public override void AddTo(Command command, bool isRecorded)
    {
        LabVerbs.Limit(language, "-c", _count, 1, 10_000);
        LabVerbs.Limit(language, "-t", _hops, 1, 255);
        LabVerbs.Limit(language, "-s", _size, 0, PingOptions.MaxDataBytes);
        command.Arguments.Add(_target);
        foreach (var option in (Option[])[_count, _size, _hops, _interval]) { command.Options.Add(option); }
        _version.AddTo(command);
    }

    public override int Run(ParseResult parsed, CommandSite site)
    {
        var (target, version) = (HostArgument.Check(language, parsed.GetValue(_target)!), _version.Read(parsed));
        var options = new PingOptions(default, "")
        {
            Count = parsed.GetValue(_count),
            DataBytes = parsed.GetValue(_size),
            HopLimit = parsed.GetValue(_hops),
            Interval = parsed.GetValue(_interval) is { } text ? Durations.Parse(language, text) : TimeSpan.FromSeconds(1),
        };
        using var station = site.Open(Use);
        var exitCode = station.Run(Name, (host, stop) => NetworkPrograms.PingAsync(language.Places, host, target, version, options, stop));
        // Ctrl-C is how one ends a ping, and its replies are the result; who terminates it wants to hear that he did.
        return site.Io.Signals is { HasStopped: true, ExitCode: not Signals.Interrupted and var ended } ? ended : exitCode;
    }
}

/// <summary><c>traceroute TARGET</c>: the routers on the way.</summary>
internal sealed class TracerouteCommand(Language language) : PlaceCommand("traceroute", language.Help.Traceroute)
{
    private readonly Option<bool> _echo = new("-I", "--icmp") { Description = language.Help.TraceEcho };
    private readonly Option<int> _probes = new(
        "-q", "--queries")
    { Description = language.Help.TraceProbes, HelpName = "N", DefaultValueFactory = static _ => 3 };
    private readonly Option<int> _hops = new(
        "-m", "--max-hops")
    { Description = language.Help.TraceHops, HelpName = "HOPS", DefaultValueFactory = static _ => 30 };
    private readonly Option<string?> _wait = new("-w", "--wait") { Description = language.Help.TraceWait, HelpName = "T" };
    private readonly Argument<string> _target = ProbeTarget.Create(language);
    private readonly VersionOptions _version = new(language);

    public override PlaceUse Use => PlaceUse.Probes;

    public override Argument Target => _target;

    public override IReadOnlyList<(string Line, string Text)> Examples =>
        [("firstbyte traceroute --lab www.lab.glasscom.com", language.Help.ExampleTraceroute)];

    public override void AddTo(Command command, bool isRecorded)
    {
        LabVerbs.Limit(language, "-q", _probes, 1, 10);
        LabVerbs.Limit(language, "-m", _hops, 1, 255);
        command.Arguments.Add(_target);
        foreach (var option in (Option[])[_echo, _probes, _hops, _wait]) { command.Options.Add(option); }
        _version.AddTo(command);
    }

    public override int Run(ParseResult parsed, CommandSite site)
    {
        var (target, version) = (HostArgument.Check(language, parsed.GetValue(_target)!), _version.Read(parsed));
        var options = new TracerouteOptions(default, "")
        {
            Kind = parsed.GetValue(_echo) ? ProbeKind.Echo : ProbeKind.Datagram,
            Probes = parsed.GetValue(_probes),
            MaximumHops = parsed.GetValue(_hops),
            Wait = parsed.GetValue(_wait) is { } text ? Durations.Parse(language, text) : TimeSpan.FromSeconds(5),
        };
        using var station = site.Open(Use);
        return station.Run(Name, (host, stop) => NetworkPrograms.TracerouteAsync(language.Places, host, target, version, options, stop));
    }
}

/// <summary>-4 and -6.</summary>
internal sealed class VersionOptions(Language language)
{
    private readonly Option<bool> _only4 = new("-4") { Description = language.Help.OnlyV4 };
    private readonly Option<bool> _only6 = new("-6") { Description = language.Help.OnlyV6 };

    public void AddTo(Command command)
    {
        command.Options.Add(_only4);
        command.Options.Add(_only6);
    }

    public IpVersion Read(ParseResult parsed) => parsed.GetValue(_only4) ? IpVersion.V4 : parsed.GetValue(_only6) ? IpVersion.V6 : IpVersion.None;
}

/// <summary>Whom a probe asks.</summary>
internal static class ProbeTarget
{
    public static Argument<string> Create(Language language) => new("target") { Description = language.Help.ProbeTarget, HelpName = "ADDRESS|NAME" };
}
