using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Tracing;

namespace Firstbyte.Labs;

/// <summary>Turns what a lab's file says will go wrong into faults of its internet.</summary>
internal static class HappeningSchedule
{
    public static void Apply(LabDefinition definition, Internet internet)
    {
        if (definition.Happenings.Count == 0) { return; }
        var chance = internet.Kernel.Setup(() => internet.Kernel.Stream("happenings"));
        foreach (var happening in definition.Happenings)
        {
            var late = happening.LatestNanoseconds is { } latest ? internet.Kernel.Setup(() => chance.NextBelow(latest - happening.AtNanoseconds + 1)) : 0;
            var from = Instant.SimulationEpoch.PlusNanoseconds(happening.AtNanoseconds + late);
            var until = happening.ForNanoseconds is { } length ? from.PlusNanoseconds(length) : Instant.Never;
            internet.Faults.Add(FaultOf(happening, internet) with { From = from, Until = until });
        }
    }

    private static NetworkFault FaultOf(Happening happening, Internet internet) => happening switch
    {
        Silence silence => new SilentFault(internet.FindHost(silence.Host)!, silence.Port),
        Refusal refusal => new RefuseFault(internet.FindHost(refusal.Host)!, refusal.Port),
        Breakage breakage => new BreakFault(internet.FindHost(breakage.Host)!, breakage.Port, breakage.AfterBytes, breakage.ByReset),
        PacketLoss loss => new LossFault(loss.Source is null ? null : internet.FindHost(loss.Source), loss.Target is null ? null : internet.FindHost(loss.Target), loss.Millionths),
        IcmpFilter filter => new IcmpFilterFault(internet.FindNode(filter.Node)!),
        Partition partition => new PartitionFault(Nodes(internet, partition.Left), Nodes(internet, partition.Right)),
        Cut cut => new LinkDownFault(internet.FindWire(cut.Link)!, Sender(internet, cut.Link, cut.Direction)),
        Clog clog => new ClogFault(internet.FindWire(clog.Link)!, Sender(internet, clog.Link, clog.Direction)),
        Impairment impairment => new ImpairmentFault(internet.FindWire(impairment.Link)!, impairment.Settings, Sender(internet, impairment.Link, impairment.Direction)),
        ClockSkew skew => new SkewFault(internet.FindNode(skew.Node)!, TimeSpan.FromTicks(skew.OffsetNanoseconds / TimeSpan.NanosecondsPerTick), skew.DriftPartsPerMillion),
        Outage outage => new CrashFault(internet.FindNode(outage.Node)!),
        _ => throw new ArgumentOutOfRangeException(nameof(happening), happening, "no fault of this kind"),
    };

    private static WireEnd? Sender(Internet internet, string link, LinkDirection direction) => direction switch
    {
        LinkDirection.Up => internet.FindWire(link)!.A,
        LinkDirection.Down => internet.FindWire(link)!.B,
        _ => null,
    };

    private static NetworkNode[] Nodes(Internet internet, IReadOnlyList<string> names) => [.. names.Select(name => internet.FindNode(name)!)];
}
