using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Labs;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>The world of names changes while a lab runs: servers say the new at once, caches the old until its time is over.</summary>
public class NameChangeTests
{
    private static readonly LabDefinition Lab = LabFile.Parse("""
        lab "a site moves" client me
        subnet lan 10.1.0.0/24
        host me    on lan .2   nameserver 10.1.0.9
        host cache on lan .9   serves resolver
        host root  on lan .4 198.41.0.4 170.247.170.2 192.33.4.12 199.7.91.13 192.203.230.10 192.5.5.241 192.112.36.4 198.97.190.53 192.36.148.17 192.58.128.30 193.0.14.129 199.7.83.42 202.12.27.33
          serves dns zone "." {
            @    300 IN SOA ns.test. h.test. 1 2 3 4 5
            @    300 IN NS  ns.test.
            test 300 IN NS  ns.test.
            ns.test. 300 IN A 10.1.0.53
          }
        host ns    on lan .53
          serves dns zone "test" {
            @    300 IN SOA ns h 4294967295 2 3 4 5
            @    300 IN NS  ns
            ns   300 IN A   10.1.0.53
            www  60  IN A   10.1.0.80
            www  60  IN A   10.1.0.79
            note 60  IN TXT "old"
          }
        at 10s set   test www 60 A 10.1.0.81
        at 10s unset test note TXT
        at 20s set   test www 60 A 10.1.0.82
        """, "moves.lab");

    [Fact]
    public void Servers_say_the_new_at_once_and_caches_the_old_until_its_time_is_over()
    {
        var told = new List<TraceEvent>();
        var world = LabWorld.Build(Lab, null, new CallSink(told.Add));
        Assert.Equal("10.1.0.79 10.1.0.80", Ask(world, "10.1.0.9"));
        Until(world, 11);
        Assert.Equal("10.1.0.81", Ask(world, "10.1.0.53"));
        Assert.Equal("10.1.0.79 10.1.0.80", Ask(world, "10.1.0.9"));
        Until(world, 59);
        Assert.Equal("10.1.0.82", Ask(world, "10.1.0.53"));
        Assert.Equal("10.1.0.79 10.1.0.80", Ask(world, "10.1.0.9"));
        Until(world, 62);
        Assert.Equal("10.1.0.82", Ask(world, "10.1.0.9"));
        Assert.Equal("", Ask(world, "10.1.0.53", "note.test", RecordType.TXT));
        // The serial number is a circle (RFC 1982).
        Assert.Equal(
            ["10 test. set www.test. 60 IN A 10.1.0.81 0", "10 test. unset note.test. TXT 1", "20 test. set www.test. 60 IN A 10.1.0.82 2"],
            told.OfType<ZoneChanged>().Select(static e => $"{(e.At - Instant.SimulationEpoch).TotalSeconds} {e.Zone} {e.Change} {e.Serial}"));
        Assert.Equal("ns.test. h.test. 2 2 3 4 5", Ask(world, "10.1.0.53", "test", RecordType.SOA));
    }

    [Fact]
    public void The_definition_stays_as_it_was_read()
    {
        var before = LabFile.Write(Lab);
        var world = LabWorld.Build(Lab);
        Until(world, 30);
        Assert.Equal(before, LabFile.Write(Lab));
        Assert.Equal("10.1.0.79 10.1.0.80", Ask(LabWorld.Build(Lab), "10.1.0.53"));
    }

    private static void Until(LabWorld world, int seconds) => world.Kernel.RunUntil(Instant.SimulationEpoch + TimeSpan.FromSeconds(seconds));

    private static string Ask(LabWorld world, string server, string name = "www.test", RecordType? type = null) => world.Run("ask", async () =>
    {
        // A program that was just started: it has no cache of its own.
        var stub = new StubResolver(world.Client, new StubOptions([new Endpoint(IpAddress.Parse(server), 53)]));
        var outcome = Assert.IsType<ResolvedAnswer>(await stub.ResolveAsync(DnsName.Parse(name), type ?? RecordType.A));
        return string.Join(' ', outcome.Records.Select(static record => record.Data.ToString()).Order(StringComparer.Ordinal));
    });

    private sealed class CallSink(Action<TraceEvent> tell) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => tell(traceEvent);
    }
}
