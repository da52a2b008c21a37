using System.Runtime.CompilerServices;
using Firstbyte.Dns;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Tls;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Simulation.Labs;

public class WorldLifetimeTests
{
    [Fact]
    public void A_world_that_nobody_needs_any_more_is_collected()
    {
        var world = Visit();
        for (var i = 0; i < 10 && world.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(world.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Visit()
    {
        var world = LabWorld.Build(LabCatalog.Load(LabCatalog.Default)!);
        var result = world.Run("journey", async () =>
        {
            using var client = new JourneyClient(world.Client, StubResolver.FromSystem(world.Client), new BouncyCastleTlsProvider(world.Client), new JourneyOptions());
            return await client.RunAsync(new JourneyRequest("http://www.lab.glasscom.com/dir1/file1.html"), new MemorySink(), world.Tracer);
        });
        Assert.Equal(200, result.Status);
        return new WeakReference(world);
    }
}
