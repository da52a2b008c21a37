using Firstbyte.Captures;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Dns.Caching;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Places;

/// <summary>Where a command works and how it tells of it, as the options said.</summary>
internal sealed record PlaceSettings
{
    public string? Lab { get; init; }

    public ulong? Seed { get; init; }

    /// <summary>The file for the capture.</summary>
    public string? Pcap { get; init; }

    /// <summary>What the capture does about secrets.</summary>
    public CaptureSecrets PcapSecrets { get; init; }

    /// <summary>The device whose other end we are.</summary>
    public TunSettings? Tun { get; init; }

    /// <summary>Whether a signal may end the process as the system does, for as long as most transfers take: what handles them costs a thread.</summary>
    public bool HearsSignalsLate { get; init; }

    public bool Iterative { get; init; }

    public UpstreamServer? Server { get; init; }

    public bool NoCache { get; init; }

    /// <summary>Which events are printed as JSON; null when the story is told instead.</summary>
    public EventLevel? Events { get; init; }

    /// <summary>Whether programs read instead of people.</summary>
    public bool Json => Events is not null;

    /// <summary>Whether every frame at every element is told.</summary>
    public bool WatchesFrames => Events is { } level ? level > EventLevel.Journey : Verbosity > 1 || Calls is not null;

    /// <summary>What the host is called at which the command works, where another may be named.</summary>
    public const string OwnHost = ".";

    /// <summary>The host whose calls are shown; empty for the one at which the command works, null when none are.</summary>
    public string? Calls { get; init; }

    /// <summary>How much of the stack of that host can be seen.</summary>
    public StackSight Sight => Lab is not null ? StackSight.Whole : Tun is not null ? StackSight.Device : StackSight.Closed;

    public int Verbosity { get; init; }

    public bool ShowSecrets { get; init; }

    public ColourChoice Colour { get; init; }

    public TimeSpan? MaximumTime { get; init; }

    /// <summary>Refuses what cannot go together: two places at once, a capture where the frames are not ours.</summary>
    /// <exception cref="UsageException">Such a thing was asked for.</exception>
    public void Check(IPlaceSentences words)
    {
        if (Pcap == CommandIo.StandardStream && Json) { throw new UsageException(words.OneOnOutput("--pcap -", "--json")); }
        if (Lab is not null && Tun is not null) { throw new UsageException(words.TwoPlaces); }
        if (Calls is { Length: > 0 } && Lab is null) { throw new UsageException(words.CallsOfOtherHost(Calls)); }
        if (Seed is not null && Lab is null) { throw new UsageException(words.SeedWantsWorld); }
        if (Pcap is not null && Lab is null && Tun is null)
        {
            throw new UsageException(words.CaptureWantsFrames);
        }
    }
}
