using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Dns.Resolving;
using Firstbyte.Errors;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Sockets;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>A host with addresses of both versions is reached by whichever way carries something (RFC 6724, RFC 8305).</summary>
public sealed class DualStackTests
{
    [Fact]
    public void The_preferred_version_is_taken_where_it_works()
    {
        var visit = LabVisit.To("http://www.test/", Lab("2001:db8:2::80"));
        Assert.Equal(200, visit.Result.Status);
        Assert.Equal([IpAddress.Parse("2001:db8:2::80"), IpAddress.Parse("203.0.113.80")], Assert.Single(visit.Of<ConnectionWanted>()).Addresses);
        Assert.Equal(IpAddress.Parse("2001:db8:2::80"), Assert.Single(visit.Of<ConnectCompleted>(), OfTheVisit(visit)).Remote.Address);
        Assert.Empty(visit.Of<ConnectAbandoned>());
    }

    [Fact]
    public void A_black_holed_IPv6_address_costs_a_moment()
    {
        // Nobody has this address: the router looks for it in vain and says nothing for three seconds.
        var visit = LabVisit.To("http://www.test/", Lab("2001:db8:2::dead"));
        Assert.Equal(200, visit.Result.Status);
        var abandoned = Assert.Single(visit.Of<ConnectAbandoned>());
        Assert.Equal(IpAddress.Parse("2001:db8:2::dead"), abandoned.Remote.Address);
        Assert.InRange(visit.Of<JourneyCompleted>().Single().ConnectNanoseconds, 250_000_000, 300_000_000);
        Assert.True(visit.Time < TimeSpan.FromMilliseconds(400), $"{visit.Time}");
        Assert.Contains(visit.Of<SocketClosed>(), e => e.Span == abandoned.Span && e.Descriptor == abandoned.Descriptor);
    }

    [Fact]
    public void Of_two_black_holes_each_is_tried_and_told()
    {
        var visit = LabVisit.To("http://www.test/", Lab("2001:db8:2::dead", "203.0.113.99"), seconds: 600);
        var failure = Assert.IsType<NotConnected>(visit.Result.Failure);
        Assert.Equal(2, failure.Attempts.Length);
        Assert.All(failure.Attempts, attempt => Assert.Equal(Errno.EHOSTUNREACH, attempt.Error));
        // Both run at the same time: together they take as long as one, and the delay between them.
        Assert.InRange(visit.Time.TotalSeconds - (failure.Attempts.Max(attempt => attempt.ElapsedNanoseconds) / 1e9), 0.250, 0.300);
    }

    [Fact]
    public void A_limit_of_time_ends_both_attempts()
    {
        var visit = LabVisit.To("http://www.test/", Lab("2001:db8:2::dead", "203.0.113.99"), seconds: 1);
        Assert.Equal(JourneyStep.Connect, Assert.IsType<OutOfTime>(visit.Result.Failure).Step);
        Assert.InRange(visit.Time.TotalMilliseconds, 999, 1001);
        Assert.Equal(visit.Of<SocketCreated>().Count(e => e.Kind == SocketKind.Stream), visit.Of<SocketClosed>().Count());
        Assert.Empty(visit.Of<ConnectAbandoned>());
    }

    /// <summary>RFC 3493 section 6.1, AI_ADDRCONFIG: where no gateway leads out, the host's own addresses say which versions are of use.</summary>
    [Theory]
    [InlineData(".2", "10.1.0.53", "A")]
    [InlineData("fd00:1::2", "fd00:1::53", "AAAA")]
    [InlineData(".2 fd00:1::2", "10.1.0.53", "A AAAA")]
    public void A_host_without_a_way_out_asks_for_the_versions_that_it_has_addresses_of(string own, string nameserver, string types)
    {
        var visit = LabVisit.To("http://www.test/", LabFile.Parse($$"""
            lab "a network of its own" client me
            subnet lan 10.1.0.0/24 fd00:1::/64
            host me  on lan {{own}} nameserver {{nameserver}}
            host www on lan .80 fd00:1::80 serves http "Next door."
            host ns  on lan .53 fd00:1::53
              serves dns zone "test" {
                @    300 IN SOA  ns hostmaster 1 7200 900 1209600 60
                @    300 IN NS   ns
                ns   300 IN A    10.1.0.53
                www  300 IN A    10.1.0.80
                www  300 IN AAAA fd00:1::80
              }
            """, "lan.lab"));
        Assert.Equal(200, visit.Result.Status);
        Assert.Equal(types, string.Join(' ', visit.Of<ResolutionStarted>().Select(static e => e.Type).Order()));
    }

    private static Predicate<ConnectCompleted> OfTheVisit(LabVisit visit) => e => e.Span == visit.Of<ConnectionWanted>().Single().Span;

    private static LabDefinition Lab(string six, string four = "203.0.113.80") => LabFile.Parse($$"""
        lab "both versions" client me
        subnet lan 10.1.0.0/24    2001:db8:1::/64
        subnet wan 203.0.113.0/24 2001:db8:2::/64
        router gate on lan .1 2001:db8:1::1, wan .1 2001:db8:2::1
        host me  on lan .2 2001:db8:1::2    gateway gate  nameserver 203.0.113.53
        host www on wan .80 2001:db8:2::80  gateway gate  serves http "Either way."
        host ns  on wan .53                 gateway gate
          serves dns zone "test" {
            @    300 IN SOA  ns hostmaster 1 7200 900 1209600 60
            @    300 IN NS   ns
            ns   300 IN A    203.0.113.53
            www  300 IN A    {{four}}
            www  300 IN AAAA {{six}}
          }
        """, "both.lab");
}
