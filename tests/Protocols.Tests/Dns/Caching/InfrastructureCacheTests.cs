using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns.Caching;

public sealed class InfrastructureCacheTests
{
    [Fact]
    public void A_near_server_that_falls_silent_is_waited_for_twice_as_long_each_time()
    {
        var server = IpAddress.Parse("192.0.2.1");
        var cache = new InfrastructureCache();
        for (var i = 0; i < 20; i++) { cache.NoteAnswered(server, DnsName.Root, TimeSpan.FromMilliseconds(1)); }
        var waits = new List<double>();
        for (var i = 0; i < 4; i++)
        {
            waits.Add(cache.Timeout(server, DnsName.Root).TotalMilliseconds);
            cache.NoteSilent(server, new(DnsName.Root, RecordType.A), DnsName.Root, Instant.SimulationEpoch);
        }
        Assert.Equal([50, 100, 200, 400], waits);
    }

    [Fact]
    public void A_server_that_is_being_probed_may_be_asked_until_the_probes_time_is_over()
    {
        var server = IpAddress.Parse("192.0.2.1");
        var cache = new InfrastructureCache();
        var now = Instant.SimulationEpoch;
        for (var i = 0; i < ResolutionLimits.SilencesUntilDead; i++) { cache.NoteSilent(server, new(DnsName.Root, RecordType.A), DnsName.Root, now); }
        Assert.True(cache.IsResting(server, DnsName.Root, now));
        now += ResolutionLimits.DeadTime;
        Assert.False(cache.IsResting(server, DnsName.Root, now));
        cache.NoteSent(server, DnsName.Root, now);
        // The question for the other kind of address comes at the same instant.
        Assert.False(cache.IsResting(server, DnsName.Root, now));
        Assert.True(cache.IsResting(server, DnsName.Root, now + ResolutionLimits.MaxTimeout));
        cache.NoteAnswered(server, DnsName.Root, TimeSpan.FromMilliseconds(1));
        Assert.False(cache.IsResting(server, DnsName.Root, now + ResolutionLimits.MaxTimeout));
    }
}
