using System.CommandLine;
using Firstbyte.Cli.Io;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Doctor;
using Firstbyte.Journeys;
using Firstbyte.Telling.Sentences;
using Firstbyte.Urls;

namespace Firstbyte.Cli.Commands;

/// <summary>
/// <c>doctor URL</c>: what is wrong with a site, by a journey to it and extra looks; <c>doctor --name NAME</c>: with the servers of a name; <c>doctor --zone
/// FILE</c>: with a zone.
/// </summary>
internal sealed class DoctorCommand(Language language) : PlaceCommand("doctor", language.Help.Doctor)
{
    // In virtual time nobody waits for the end.
    private const int RoundsInLab = 10;

    private const string Zone = "--zone", Named = "--name";

    private readonly Argument<string?> _url = new("url") { Description = language.Help.DoctorUrl, Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _zone = new(Zone) { Description = language.Help.DoctorZone, HelpName = "[ORIGIN=]FILE" };
    private readonly Option<string?> _name = new(Named) { Description = language.Help.DoctorName, HelpName = "NAME" };
    private readonly Option<bool> _watch = new("--watch") { Description = language.Help.DoctorWatch };
    private readonly Option<string?> _interval = new("--interval") { Description = language.Help.DoctorInterval, HelpName = "T" };
    private readonly Option<int?> _count = new("--count") { Description = language.Help.DoctorCount, HelpName = "N" };
    private readonly TlsSettings _tls = new(language);

    public override Argument Target => _url;

    public override IReadOnlyList<(string Line, string Text)> Examples =>
    [
        ("firstbyte doctor --lab https://www.lab.glasscom.com/", language.Help.ExampleDoctorLab),
        ("firstbyte doctor https://example.com/", language.Help.ExampleDoctorHere),
        ("firstbyte doctor --watch --interval 5m https://example.com/", language.Help.ExampleDoctorWatch),
        ("firstbyte doctor --json https://example.com/ | grep finding-found", language.Help.ExampleDoctorJson),
        ("firstbyte doctor --name www.example.com", language.Help.ExampleDoctorName),
        ("firstbyte doctor --zone example.com=example.com.zone", language.Help.ExampleDoctorZone),
    ];

    public override void AddTo(Command command, bool isRecorded)
    {
        LabVerbs.Limit(language, "--count", _count, 1, 1_000_000);
        command.Arguments.Add(_url);
        if (isRecorded) { _url.Arity = ArgumentArity.ExactlyOne; }
        else
        {
            command.Options.Add(_zone);
            command.Options.Add(_name);
            Needs.OneOf(command, $"Required argument missing for command: '{Name}'.", _url, _zone, _name);
        }
        foreach (var option in (IEnumerable<Option>)[_watch, _interval, _count, .. _tls.All])
        {
            if (!isRecorded || !_tls.IsFile(option)) { command.Options.Add(option); }
        }
    }

    public override IEnumerable<string> Suggest(IEnumerable<string> names) =>
        names.Where(static name => name.Contains('.', StringComparison.Ordinal)).Select(static name => $"https://{name}/");

    public override int Run(ParseResult parsed, CommandSite site)
    {
        var isWatching = parsed.GetValue(_watch) || parsed.GetValue(_count) is not null;
        var interval = parsed.GetValue(_interval) is { } text ? Durations.Parse(language, text) : TimeSpan.FromMinutes(1);
        if (parsed.GetResult(_interval) is not null && !isWatching) { throw new UsageException(language.Usage.WithoutOption("--interval", "--watch")); }
        var count = !isWatching ? 1 : parsed.GetValue(_count) ?? (site.Settings.Lab is null ? int.MaxValue : RoundsInLab);
        var rounds = new DoctorRounds(count, interval);
        if (!site.IsRecorded && parsed.GetValue(_zone) is { } zone) { return RunOnZone(zone, parsed.GetValue(_url), rounds, site); }
        if (!site.IsRecorded && parsed.GetValue(_name) is { } name) { return RunOnName(name, parsed.GetValue(_url), rounds, site); }
        var url = Read(parsed.GetValue(_url)!);
        var secured = _tls.Read(parsed, site.Io, site.Settings.MaximumTime);
        using var station = site.Open(Use);
        var showsProgress = site is { IsRecorded: false, Io.IsErrorTerminal: true, Settings: { Lab: null, Verbosity: 0, Json: false } };
        return station.Run("doctor " + url.Href, (host, stop) =>
        {
            var options = secured(new JourneyOptions
            {
                Rest = host.Rest,
                UserAgent = Edition.UserAgent,
                MaximumTime = site.Settings.MaximumTime,
                FreshNames = site.Settings.NoCache,
                TellBytes = site.Settings.Verbosity > 0,
            });
            var progress = showsProgress ? new DoctorProgress(site.Io, host.Tracer.Sink) : null;
            return NetworkPrograms.DoctorAsync(host, url, options, rounds, progress, stop);
        });
    }

    /// <summary>The file is read again each time; where it has become one that cannot be read, that is what the round says.</summary>
    private int RunOnZone(string argument, string? url, DoctorRounds rounds, CommandSite site)
    {
        if (url is not null) { throw new UsageException(language.Usage.NoUseFor($"{Name} {Zone}", url)); }
        var (origin, file) = ZoneSource.ParseOrFind(site.Io, argument);
        argument = $"{origin.ToHostString()}={file}";
        using var station = site.Open(Use);
        return station.Run($"{Name} {argument}", async (host, stop) =>
        {
            var doctor = new ZoneDoctor(host.Network);
            for (var round = 1; ; round++)
            {
                var now = (uint)host.Network.Time.GetUtcNow().ToUnixTimeSeconds();
                var source = new ZoneSource(site.Io, argument);
                var isZone = source.TryLoadNewest(isStrict: false, out var zone, out var problems, new SignatureInspection(now, SignatureVerifier.IsSigned));
                var completed = doctor.Examine(argument, isZone ? zone : null, problems, host.Tracer);
                if (round >= rounds.Count) { return completed.ExitCode; }
                await Task.Delay(rounds.Interval, host.Network.Time, stop);
            }
        });
    }

    private int RunOnName(string text, string? url, DoctorRounds rounds, CommandSite site)
    {
        if (url is not null) { throw new UsageException(language.Usage.NoUseFor($"{Name} {Named}", url)); }
        // It asks from the root servers down, and the servers of the zones themselves.
        if (site.Settings.Server is not null) { throw new UsageException(language.Usage.NoUseFor($"{Name} {Named}", "--server")); }
        if (!DnsName.TryParse(text, out var name)) { throw new UsageException(language.Usage.NoDomainName(text)); }
        using var station = site.Open(Use);
        return station.Run($"{Name} {name.ToHostString()}", async (host, stop) =>
        {
            var doctor = new NameDoctor(host.Network, host.Resolver!, host.Anchors);
            for (var round = 1; ; round++)
            {
                var completed = await doctor.ExamineAsync(name, host.Tracer, site.Settings.MaximumTime, stop);
                if (round >= rounds.Count) { return completed.ExitCode; }
                await Task.Delay(rounds.Interval, host.Network.Time, stop);
            }
        });
    }

    private Url Read(string text)
    {
        if (!UrlInput.TryRead(text, out var url, out var error, out _))
        {
            throw new UsageException(
                language.Failures.What(new UrlUnreadable(error!.Reason, UrlInput.CharactersBefore(text, error.Position))));
        }
        return SiteDoctor.CanExamine(url!) ? url! : throw new UsageException(language.Usage.NoSiteToExamine(url!.Scheme));
    }
}

/// <summary>How often a site is examined, and how long is waited between.</summary>
internal readonly record struct DoctorRounds(int Count, TimeSpan Interval);
