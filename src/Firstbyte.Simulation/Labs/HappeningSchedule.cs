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
            internet.Faults.Add(happening.Fault.Bind(internet) with { From = from, Until = until, Said = FaultText.Of(happening.Fault, internet) });
        }
    }
}
