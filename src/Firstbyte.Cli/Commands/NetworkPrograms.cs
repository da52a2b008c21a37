using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Doctor;
using Firstbyte.Errors;
using Firstbyte.Journeys;
using Firstbyte.Measuring;
using Firstbyte.Probing;
using Firstbyte.Sockets;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;
using Firstbyte.Transfers;
using Firstbyte.Urls;

namespace Firstbyte.Cli.Commands;

/// <summary>
/// The programs that commands run at a place: each is written once, for this machine, for a lab, for its prompt and for a TUN device. In a
/// lab's replay it is started again, so it keeps nothing outside.
/// </summary>
internal static class NetworkPrograms
{
    /// <summary>ping's own exit codes.</summary>
    public const int NoReply = 1, ProbeError = 2;

    public static async Task<int> PingAsync(
        IPlaceSentences words, PlaceHost host, string target, IpVersion version, PingOptions options, CancellationToken stop)
    {
        var network = Probes(words, host);
        var address = await TargetAddress.FindAsync(words, host, target, version, stop);
        try
        {
            return (await Ping.RunAsync(
                network, options with { Target = address, Name = target }, host.NameOf, host.Tracer.Root(network), stop)).Received > 0
                    ? ExitCodes.Success
                    : NoReply;
        }
        catch (NetworkException e) when (e.Call == "socket") { throw Refused(words, e, address.Version); }
    }

    public static async Task<int> TracerouteAsync(
        IPlaceSentences words, PlaceHost host, string target, IpVersion version, TracerouteOptions options, CancellationToken stop)
    {
        var network = Probes(words, host);
        var address = await TargetAddress.FindAsync(words, host, target, version, stop);
        try
        {
            return await Traceroute.RunAsync(
                network, options with { Target = address, Name = target }, host.NameOf, host.Tracer.Root(network), stop)
                    ? ExitCodes.Success
                    : NoReply;
        }
        catch (NetworkException e) when (e.Call == "socket") { throw Refused(words, e, address.Version); }
    }

    /// <summary>Resolves one question, and tells what came of it.</summary>
    public static async Task<int> ResolveAsync(PlaceHost host, DnsName name, RecordType type, ResolutionOptions options, Func<ResolvedAnswer, bool> isExplained,
        CancellationToken stop)
    {
        var span = host.Root();
        var outcome = host.Calls is { } calls && span.IsListening
            ? await ToldLookups.QueryAsync(
                span, calls.Host, name.ToHostString(), type.ToString(), () => host.Resolver!.ResolveAsync(name, type, options, span, stop))
            : await host.Resolver!.ResolveAsync(name, type, options, span, stop);
        if (outcome is ResolutionFailure failed
            && host.Network.IsUnpluggedFrom([.. failed.Evidence.Select(static one => one.Server?.Address).OfType<IpAddress>()]))
        {
            span.Tell(new HostUnplugged());
        }
        if (span.IsListening)
        {
            span.Tell(outcome is ResolvedAnswer answer ? QuestionAnswered.Of(answer, isExplained(answer))
                : QuestionFailed.Of((ResolutionFailure)outcome) with { Lab = host.Standpoint.Lab });
        }
        return outcome is ResolvedAnswer { IsDenial: false } ? ExitCodes.Success
            : outcome is ResolutionFailure { Reason: ResolutionFailureReason.OutOfTime } ? ExitCodes.TimedOut
            : ExitCodes.NameNotResolved;
    }

    /// <summary>The journeys one after the other, with one cache and one set of connections; the last failure's code is the exit code, as curl's.</summary>
    public static async Task<int> FetchAsync(
        PlaceHost host, IEnumerable<JourneyRequest> requests, JourneyOptions options, FetchOutlet outlet, CancellationToken stop)
    {
        var exitCode = ExitCodes.Success;
        using var client = new JourneyClient(host.Network, host.Resolver!, host.Tls!, OptionsAt(host, options));
        foreach (var request in requests)
        {
            using var body = outlet.OpenBody();
            var result = await client.RunAsync(request, body, outlet.Listen(request.Input, host.Tracer), stop);
            exitCode = outlet.Close(body, result) is not ExitCodes.Success and var code ? code : exitCode;
        }
        return exitCode;
    }

    /// <summary>The same journey again and again, measured; the last failure's code is the exit code.</summary>
    public static async Task<int> RepeatAsync(
        PlaceHost host, JourneyRequest request, JourneyOptions options, RepetitionSettings settings, CancellationToken stop)
    {
        var exitCode = ExitCodes.Success;
        using var client = new JourneyClient(host.Network, host.Resolver!, host.Tls!, OptionsAt(host, options));
        var repetition = new Repetition(host.Root(), host.Tracer, request.Input, settings.Count, settings.KeepsConnection);
        while (repetition.Count < settings.Count)
        {
            var result = await repetition.MeasureAsync(tracer => client.RunAsync(request, DiscardingSink.Instance, tracer, stop));
            exitCode = result.ExitCode is not ExitCodes.Success and var code ? code : exitCode;
            settings.Progress?.Invoke(repetition.Count, repetition.MedianSoFar);
        }
        repetition.End();
        return exitCode;
    }

    /// <summary>Examines a site, once or again and again; the last examination says the exit code.</summary>
    public static async Task<int> DoctorAsync(
        PlaceHost host, Url url, JourneyOptions options, DoctorRounds rounds, ITraceSink? progress, CancellationToken stop)
    {
        var doctor = new SiteDoctor(host.Network, host.Resolver!, host.Tls!, OptionsAt(host, options));
        var tracer = progress is null ? host.Tracer : host.Tracer.Into(progress);
        for (var round = 1; ; round++)
        {
            var completed = await doctor.ExamineAsync(url, tracer, stop);
            if (round >= rounds.Count) { return completed.ExitCode; }
            await Task.Delay(rounds.Interval, host.Network.Time, stop);
        }
    }

    // From where a journey is made, for whoever tells it.
    private static JourneyOptions OptionsAt(PlaceHost host, JourneyOptions options) => options with
    {
        Place = host.Place,
        Seed = host.Seed,
        IsWithoutRoots = host.Standpoint.IsWithoutRoots,
        Calls = host.Calls,
        Host = host.Name,
        CallsOf = host.CallsOf ?? host.Calls?.Host,
    };

    private static IProbeNetwork Probes(IPlaceSentences words, PlaceHost host) => host.Probes ?? throw new UsageException(words.NoProbes, ProbeError);

    private static UsageException Refused(IPlaceSentences words, NetworkException e, IpVersion version) => e.Error is Errno.EACCES or Errno.EPERM
        ? new UsageException(words.ProbesForbidden, ProbeError)
        : new UsageException(words.NoProbeSocket(version, e.Error), ProbeError);
}

/// <summary>How a journey is made again and again.</summary>
/// <param name="Count">How often.</param>
/// <param name="KeepsConnection">Over one connection, as far as it is kept.</param>
/// <param name="Progress">Told after each how many were made, and their median so far; null for nobody.</param>
internal sealed record RepetitionSettings(int Count, bool KeepsConnection, Action<int, long?>? Progress);
