using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Tls;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>Servers that think, servers that trickle, and faults whose instant the seed chooses.</summary>
public class SlowServerTests
{
    private const string Network = "lab \"slow\"\nsubnet lan 10.1.0.0/24\nhost me on lan .2\n";

    [Theory]
    [InlineData("delay 2s { / size 1kB }", 1_000, 2_000)]
    [InlineData("pace 1kB { / size 2kB }", 2_000, 2_000)]
    [InlineData("delay 1s pace 500B { / \"0123456789\" }", 11, 1_022)]
    [InlineData("{ / size 123456B }", 123_456, 0)]
    public void A_web_server_is_as_slow_as_its_lab_says(string service, int bytes, int milliseconds)
    {
        var world = LabWorld.Build(LabFile.Parse(Network + $"host www on lan .80 serves http {service}", "slow.lab"));
        var body = new MemorySink();
        var result = world.Run("fetch", async () =>
        {
            using var client = new JourneyClient(world.Client, StubResolver.FromSystem(world.Client), new BouncyCastleTlsProvider(world.Client), new JourneyOptions { KeepConnections = false });
            return await client.RunAsync(new JourneyRequest("http://10.1.0.80/"), body, world.Tracer);
        });
        Assert.Equal((200, bytes), (result.Status, body.Body.Length));
        Assert.InRange(world.Kernel.Time.GetTimestamp() / 1_000_000, milliseconds, milliseconds + 150);
    }

    [Theory]
    [InlineData("dns delay 300ms zone \"t\" { @ 1 IN SOA a b 1 2 3 4 5\n @ 1 IN NS ns\n ns 1 IN A 10.1.0.53 }", 300)]
    [InlineData("dns zone \"t\" { @ 1 IN SOA a b 1 2 3 4 5\n @ 1 IN NS ns\n ns 1 IN A 10.1.0.53 }", 0)]
    public void A_DNS_server_is_as_slow_as_its_lab_says(string service, int milliseconds)
    {
        var world = LabWorld.Build(LabFile.Parse(Network + $"  nameserver 10.1.0.53\nhost dns on lan .53 serves {service}", "slow.lab"));
        var outcome = world.Run("resolve", async () => await StubResolver.FromSystem(world.Client).ResolveAsync(DnsName.Parse("ns.t"), RecordType.A));
        Assert.Equal(IpAddress.Parse("10.1.0.53").ToString(), Assert.IsType<ResolvedAnswer>(outcome).Records[0].Data.ToString());
        Assert.InRange(world.Kernel.Time.GetTimestamp() / 1_000_000, milliseconds, milliseconds + 20);
    }

    [Fact]
    public void Within_means_an_instant_that_the_seed_chooses_and_always_the_same_one()
    {
        var lab = LabFile.Parse(Network + "host www on lan .80 serves http \"x\"\nwithin 1s..9s down www for 1s", "luck.lab");
        long WentDown(ulong seed)
        {
            var world = LabWorld.Build(lab, seed);
            var www = world.Internet.FindHost("www")!;
            for (long at = 0; at < 12_000; at += 10)
            {
                world.Kernel.RunUntil(Firstbyte.Tracing.Instant.SimulationEpoch.PlusNanoseconds(at * 1_000_000));
                if (!www.IsUp) { return at; }
            }
            return -1;
        }

        var instants = Enumerable.Range(1, 8).Select(seed => WentDown((ulong)seed)).ToArray();
        Assert.All(instants, at => Assert.InRange(at, 1_000, 9_010));
        Assert.True(instants.Distinct().Count() > 5, string.Join(' ', instants));
        Assert.Equal(instants[2], WentDown(3));
    }
}
