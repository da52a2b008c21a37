using Firstbyte.Labs;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishFaults : IFaultSentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase What(FaultDefinition fault) => fault switch
    {
        Silence { Port: { } port } e => Say($"{e.Host:name} port {port} never answers"),
        Silence e => $"{e.Host:name} never answers",
        Refusal e => $"{e.Host:name} port {e.Port} refuses connections",
        Breakage e => $"{e.Host:name} port {e.Port} {(e.ByReset ? "resets" : "ends"):words} connections after {_amounts.Bytes(e.AfterBytes)}",
        PacketLoss e => $"{Amounts.Percent(e.Millionths):words} of the packets from {e.Source ?? "anybody":name} to {e.Target ?? "anybody":name} are lost",
        IcmpFilter e => $"{e.Node:name} lets no ICMP message through",
        Partition e => $"{string.Join(", ", e.Left):name} and {string.Join(", ", e.Right):name} do not hear each other",
        Outage e => $"{e.Node:name} has no power",
        Cut e => $"the link {e.Link:name} is cut{Way(e.Direction):words}",
        Clog e => $"the link {e.Link:name} is clogged{Way(e.Direction):words}",
        Impairment e => $"the link {e.Link:name} is impaired{Way(e.Direction):words} ({Phrase.Join(", ", Settings(e.Settings))})",
        ClockSkew e => Skew(e),
        Throttle e => $"the link {e.Link:name} sends no more than {Amounts.BitRate(e.BitsPerSecond):words}{Way(e.Direction):words}",
        // A fault that somebody else has added: its own words, or the lab file's.
        _ => Phrase.Of(fault.SaidIn("en") ?? LabFile.Write(fault), Role.Name),
    };

    public Phrase Meaning(FaultDescription kind) => kind.Word switch
    {
        "silence" => "what is sent to it is lost, and nothing answers",
        "refuse" => "connections are reset, datagrams answered with port unreachable",
        "break" => "each connection breaks after N bytes",
        "lose" => "a share of the packets is lost",
        "partition" => "the two sets of hosts and routers do not hear each other",
        "filter" => "it lets no ICMP message in or out: neither echoes nor \"packet too big\"",
        "cut" => "the cable is pulled: everything on it is lost",
        "clog" => "the cable holds everything back, and lets go of it when it is over",
        "throttle" =>
            "the cable sends no faster than that, whatever else befalls it, and drops what comes behind a full queue (32,768 bytes if it is not said)",
        "impair" => "the cable treats frames in another way",
        "skew" => "its calendar is ahead by T (-5min: behind), and its clock runs too fast by N millionths",
        "down" => "it loses its power, with its connections and what it had learned, and starts again when it is over",
        _ => kind.MeaningIn("en") ?? "",
    };

    // The words of the lab's file are the words.
    public string Kind(string name) => name;

    // Where nothing is said of its calendar or of its pace, that is right.
    private Phrase Skew(ClockSkew e)
    {
        var drift = Say($"runs {Math.Abs((long)e.DriftPartsPerMillion)} ppm too {(e.DriftPartsPerMillion < 0 ? "slow" : "fast"):words}");
        if (e.OffsetNanoseconds == 0 && e.DriftPartsPerMillion != 0) { return $"the clock of {e.Node:name} {drift}"; }
        var drifts = e.DriftPartsPerMillion == 0 ? Phrase.Empty : Say($" and {drift}");
        return $"the clock of {e.Node:name} is {_amounts.Duration(Math.Abs(e.OffsetNanoseconds))} {(e.OffsetNanoseconds < 0 ? "slow" : "fast"):words}{drifts}";
    }

    // All that makes it other than a perfect cable, in the order of the lab's file.
    private IEnumerable<Phrase> Settings(WireSettings settings)
    {
        if (settings.Latency > TimeSpan.Zero || settings == new WireSettings()) { yield return Say($"latency {_amounts.Duration(Nanoseconds(settings.Latency))}"); }
        if (settings.Jitter > TimeSpan.Zero) { yield return Say($"jitter {_amounts.Duration(Nanoseconds(settings.Jitter))}"); }
        if (settings.BitsPerSecond > 0) { yield return Say($"{Amounts.BitRate(settings.BitsPerSecond):words}"); }
        if (settings.QueueBytes > 0) { yield return Say($"a queue of {_amounts.Bytes(settings.QueueBytes)}"); }
        if (settings.LossMillionths > 0) { yield return Say($"{Amounts.Percent(settings.LossMillionths):words} lost"); }
        if (settings.DuplicateMillionths > 0) { yield return Say($"{Amounts.Percent(settings.DuplicateMillionths):words} doubled"); }
        if (settings.ReorderMillionths > 0)
        {
            var by = settings.ReorderDelay == TimeSpan.Zero ? Phrase.Empty : Say($" by {_amounts.Duration(Nanoseconds(settings.ReorderDelay))}");
            yield return Say($"{Amounts.Percent(settings.ReorderMillionths):words} held back{by}");
        }
        if (settings.CorruptMillionths > 0) { yield return Say($"{Amounts.Percent(settings.CorruptMillionths):words} damaged"); }
        if (settings.Mtu != WireSettings.DefaultMtu) { yield return Say($"MTU {settings.Mtu}"); }
    }

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;

    private static string Way(LinkDirection direction) => direction switch
    {
        LinkDirection.Both => "",
        LinkDirection.Up => ", up only",
        LinkDirection.Down => ", down only",
    };
}
