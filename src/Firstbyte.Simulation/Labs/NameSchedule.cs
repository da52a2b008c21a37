using Firstbyte.Dns;
using Firstbyte.Dns.Zones;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tracing;

namespace Firstbyte.Labs;

/// <summary>Lets the world of names change when the lab says so: the servers get new zones, the lab's own values stay.</summary>
internal static class NameSchedule
{
    public static void Apply(LabWorld world)
    {
        world.Kernel.Setup(() =>
        {
            // In their order, which counts where two of one instant are about one name.
            foreach (var change in world.Definition.NameChanges)
            {
                world.Kernel.Schedule(Instant.SimulationEpoch.PlusNanoseconds(change.AtNanoseconds), () => Apply(world, change));
            }
            return world;
        });
    }

    public static void Apply(LabWorld world, NameChange change)
    {
        foreach (var responder in world.ResponsibleServers)
        {
            var zones = responder.Zones.Zones.ToArray();
            var at = Array.FindIndex(zones, zone => zone.Origin == change.Origin);
            if (at < 0) { continue; }
            // The reader has tried every change; a definition that was made by hand may not fit.
            if (!change.TryApply(zones[at], out zones[at], out var problems))
            {
                throw new ZoneLostException(change, problems.First(static problem => problem.IsError));
            }
            responder.Zones = new ZoneSet(zones);
            world.Internet.Sink?.Tell(new ZoneChanged(change.Origin.ToString(), change.ToString(), zones[at].Soa.Serial) { At = world.Kernel.Now });
        }
    }
}

/// <summary>A change in the world of names would leave no zone that a server could serve.</summary>
public sealed class ZoneLostException : SimulationException
{
    internal ZoneLostException(NameChange change, ZoneProblem problem)
        : base($"'{change}' leaves no zone {change.Origin}: {problem}")
    {
        Change = change;
        Problem = problem;
    }

    /// <summary>The change.</summary>
    public NameChange Change { get; }

    /// <summary>What would be wrong with the zone.</summary>
    public ZoneProblem Problem { get; }
}
