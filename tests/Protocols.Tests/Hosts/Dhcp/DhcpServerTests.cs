using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Hosts.Dhcp;
using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Hosts.Dhcp;

/// <summary>The server's machine: what RFC 2131 section 4.3 says about each message, in its order.</summary>
public class DhcpServerTests
{
    private static readonly IpAddress Own = IpAddress.Parse("192.0.2.1");
    private Instant _now = Instant.SimulationEpoch;

    [Fact]
    public void A_client_gets_the_lowest_address_and_the_next_the_next()
    {
        var server = NewServer();
        Assert.Equal("Offer 192.0.2.10 3600 Hardware", Say(server, Discover(1)));
        Assert.Equal("Offer 192.0.2.11 3600 Hardware", Say(server, Discover(2)));
        // Asked again before the REQUEST: the same offer.
        Assert.Equal("Offer 192.0.2.10 3600 Hardware", Say(server, Discover(1)));
        Assert.Equal("Ack 192.0.2.10 3600 Hardware", Say(server, Select(1, "192.0.2.10")));
        Assert.Equal("192.0.2.10 Leased, 192.0.2.11 Offered", Table(server));
    }

    [Fact]
    public void A_wish_is_granted_when_the_address_is_free()
    {
        var server = NewServer();
        Assert.Equal("Offer 192.0.2.12 3600 Hardware", Say(server, Discover(1) with { Requested = IpAddress.Parse("192.0.2.12") }));
        Assert.Equal("Offer 192.0.2.10 3600 Hardware", Say(server, Discover(2) with { Requested = IpAddress.Parse("192.0.2.12") }));
        Assert.Equal("Offer 192.0.2.11 3600 Hardware", Say(server, Discover(3) with { Requested = IpAddress.Parse("198.51.100.1") }));
    }

    [Fact]
    public void The_server_s_own_address_is_never_lent()
    {
        var server = new DhcpServer(Settings("192.0.2.1", "192.0.2.2"), Own);
        Assert.Equal("Offer 192.0.2.2 3600 Hardware", Say(server, Discover(1) with { Requested = Own }));
        Assert.Equal("silence", Say(server, Discover(2)));
    }

    [Fact]
    public void Another_server_s_offer_was_chosen_and_the_address_is_free_again()
    {
        var server = NewServer();
        Say(server, Discover(1));
        Assert.Equal("silence", Say(server, Select(1, "192.0.2.10") with { Server = IpAddress.Parse("192.0.2.200") }));
        Assert.Equal("192.0.2.10 Free", Table(server));
    }

    [Theory]
    [InlineData("192.0.2.11", "Nak 0.0.0.0 0 Broadcast")]
    [InlineData("192.0.2.10", "Ack 192.0.2.10 3600 Hardware")]
    public void Only_what_was_offered_can_be_selected(string requested, string reply)
    {
        var server = NewServer();
        Say(server, Discover(1));
        Assert.Equal(reply, Say(server, Select(1, requested)));
    }

    [Fact]
    public void A_client_that_comes_back_is_told_whether_its_address_is_still_good()
    {
        var server = NewServer();
        Lease(server, 1, "192.0.2.10");
        Assert.Equal("Ack 192.0.2.10 3600 Hardware", Say(server, Reboot(1, "192.0.2.10")));
        Assert.Equal("Nak 0.0.0.0 0 Broadcast", Say(server, Reboot(1, "192.0.2.11")));
        // On the wrong network, known or not.
        Assert.Equal("Nak 0.0.0.0 0 Broadcast", Say(server, Reboot(9, "10.0.0.9")));
        // Of whom nothing is known, nothing is said (section 4.3.2), unless the address is certainly somebody else's.
        Assert.Equal("silence", Say(server, Reboot(9, "192.0.2.12")));
        Assert.Equal("Nak 0.0.0.0 0 Broadcast", Say(server, Reboot(9, "192.0.2.10")));
    }

    [Fact]
    public void A_lease_is_kept_by_renewing_and_ends_without()
    {
        var server = NewServer();
        Lease(server, 1, "192.0.2.10");
        Pass(1_800);
        Assert.Equal("Ack 192.0.2.10 3600 Address", Say(server, Renew(1, "192.0.2.10")));
        Pass(3_599);
        server.Expire(_now);
        Assert.Equal("192.0.2.10 Leased", Table(server));
        Pass(1);
        server.Expire(_now);
        Assert.Equal("192.0.2.10 Free", Table(server));
        Assert.Equal(Instant.Never, server.NextDeadline);
        // It is still the first choice for whoever had it.
        Say(server, Discover(2));
        Assert.Equal("Offer 192.0.2.10 3600 Hardware", Say(server, Discover(1)));
    }

    [Fact]
    public void An_offer_is_kept_for_a_minute()
    {
        var server = NewServer("192.0.2.10");
        Say(server, Discover(1));
        Assert.Equal("silence", Say(server, Discover(2)));
        Assert.Equal(_now + TimeSpan.FromMinutes(1), server.NextDeadline);
        Pass(60);
        Assert.Equal("Offer 192.0.2.10 3600 Hardware", Say(server, Discover(2)));
        Assert.Equal("Nak 0.0.0.0 0 Broadcast", Say(server, Select(1, "192.0.2.10")));
    }

    [Fact]
    public void An_address_that_was_given_back_goes_to_others_after_those_that_nobody_had()
    {
        var server = NewServer("192.0.2.12");
        Lease(server, 1, "192.0.2.10");
        Say(server, Release(1, "192.0.2.10"));
        Assert.Equal("192.0.2.10 Free", Table(server));
        Assert.Equal("Offer 192.0.2.11 3600 Hardware", Say(server, Discover(2)));
        Assert.Equal("Offer 192.0.2.12 3600 Hardware", Say(server, Discover(3)));
        Assert.Equal("Offer 192.0.2.10 3600 Hardware", Say(server, Discover(4)));
        // The first has lost it for good.
        Assert.Equal("silence", Say(server, Discover(1)));
    }

    [Fact]
    public void Nobody_gives_back_or_declines_what_is_not_his()
    {
        var server = NewServer();
        Lease(server, 1, "192.0.2.10");
        Say(server, Release(2, "192.0.2.10"));
        Say(server, Release(1, "192.0.2.10") with { Server = IpAddress.Parse("192.0.2.200") });
        Say(server, Decline(2, "192.0.2.10"));
        Say(server, Decline(2, "192.0.2.11"));
        Assert.Equal("192.0.2.10 Leased", Table(server));
    }

    [Fact]
    public void A_declined_address_rests_for_a_day_and_its_finder_gets_another()
    {
        var server = NewServer("192.0.2.11");
        Lease(server, 1, "192.0.2.10");
        Say(server, Decline(1, "192.0.2.10"));
        Lease(server, 1, "192.0.2.11");
        Assert.Equal("silence", Say(server, Discover(2)));
        Assert.Equal("192.0.2.10 Declined, 192.0.2.11 Leased", Table(server));
        for (var hour = 0; hour < 24; hour++)
        {
            Pass(3_600 - 1);
            Assert.StartsWith("Ack 192.0.2.11", Say(server, Renew(1, "192.0.2.11")));
        }
        Pass(30);
        // Free again, and the finder's own lease is untouched by it.
        Assert.Equal("Offer 192.0.2.10 3600 Hardware", Say(server, Discover(2)));
        Assert.StartsWith("Ack 192.0.2.11", Say(server, Renew(1, "192.0.2.11")));
    }

    [Fact]
    public void Who_informs_is_told_and_lent_nothing()
    {
        var server = NewServer();
        Assert.Equal("Ack 0.0.0.0 0 Address", Say(server, From(1, DhcpMessageType.Inform) with { ClientAddress = IpAddress.Parse("192.0.2.77") }));
        Assert.Equal("silence", Say(server, From(1, DhcpMessageType.Inform)));
        Assert.Equal("silence", Say(server, From(1, DhcpMessageType.Inform) with { ClientAddress = IpAddress.Parse("203.0.113.5") }));
        Assert.Equal("", Table(server));
    }

    [Theory]
    [InlineData(600u, 600u)]
    [InlineData(1u, 60u)]
    [InlineData(0u, 3_600u)]
    [InlineData(uint.MaxValue, 3_600u)]
    public void A_client_may_ask_for_less_time(uint wanted, uint granted) =>
        Assert.Equal($"Offer 192.0.2.10 {granted} Hardware", Say(NewServer(), Discover(1) with { Seconds = wanted }));

    [Fact]
    public void A_lease_for_ever_has_no_end()
    {
        var server = new DhcpServer(Settings() with { LeaseTime = TimeSpan.MaxValue }, Own);
        Assert.Equal($"Offer 192.0.2.10 {uint.MaxValue} Broadcast", Say(server, Discover(1) with { IsBroadcast = true }));
        Assert.Equal($"Ack 192.0.2.10 {uint.MaxValue} Hardware", Say(server, Select(1, "192.0.2.10")));
        Pass(1_000_000_000);
        server.Expire(_now);
        Assert.Equal("192.0.2.10 Leased", Table(server));
    }

    [Fact]
    public void What_was_lent_is_known_after_a_restart_and_what_was_offered_is_not()
    {
        var server = NewServer();
        Lease(server, 1, "192.0.2.10");
        Say(server, Discover(2));
        var again = new DhcpServer(Settings(), Own, server.Bindings);
        Assert.Equal("192.0.2.10 Leased, 192.0.2.11 Free", Table(again));
        Assert.Equal("Ack 192.0.2.10 3600 Address", Say(again, Renew(1, "192.0.2.10")));
        Assert.Equal("Nak 0.0.0.0 0 Broadcast", Say(again, Select(2, "192.0.2.11")));
    }

    [Theory]
    [InlineData("192.0.2.0", "192.0.2.20")]
    [InlineData("192.0.2.10", "192.0.2.255")]
    [InlineData("192.0.2.20", "192.0.2.10")]
    [InlineData("192.0.1.10", "192.0.2.20")]
    public void Settings_that_contradict_themselves_are_refused(string first, string last)
    {
        Assert.NotEqual(DhcpServerFlaw.None, Settings(first, last).Flaw);
        Assert.Throws<ArgumentException>(() => new DhcpServer(Settings(first, last), Own));
    }

    [Fact]
    public void A_pool_has_a_limit()
    {
        var wide = new DhcpServerSettings(IpPrefix.Parse("10.0.0.0/8"), IpAddress.Parse("10.0.0.1"), IpAddress.Parse("10.1.0.1"));
        Assert.Equal(DhcpServerFlaw.PoolTooLarge, wide.Flaw);
        Assert.Equal(DhcpServerFlaw.None, (wide with { Last = IpAddress.Parse("10.1.0.0") }).Flaw);
    }

    [Fact]
    public void Whoever_floods_fills_the_pool_and_nothing_else()
    {
        var server = NewServer("192.0.2.30");
        for (uint i = 0; i < 20_000; i++)
        {
            Say(server, Discover(i % 100));
            Say(server, Select(i % 100, "192.0.2.10") with { Server = IpAddress.Parse("192.0.2.200") });
            if (i % 1_000 == 0) { Pass(7); }
        }
        Assert.InRange(server.Bindings.Count(), 1, 21);
        // A row for each address, and what waits for its end is no more than that.
        var deadlines = 0;
        while (server.NextDeadline != Instant.Never && deadlines < 1_000)
        {
            _now = server.NextDeadline;
            server.Expire(_now);
            deadlines++;
        }
        Assert.InRange(deadlines, 0, 60);
        Assert.DoesNotContain(server.Bindings, static binding => binding.State != DhcpBindingState.Free);
    }

    [Fact]
    public void Whatever_clients_say_an_address_is_lent_to_one_of_them_and_a_client_has_one() =>
        Gen.Select(Gen.UInt[0, 5], Gen.Int[1, 8], Gen.Int[8, 14], Gen.Int[0, 3], Gen.Int[0, 40]).Array[1, 200].Sample(steps =>
        {
            var now = Instant.SimulationEpoch;
            var server = NewServer("192.0.2.12");
            var lent = new Dictionary<IpAddress, (uint Client, Instant Until)>();
            foreach (var (client, type, address, kind, wait) in steps)
            {
                var named = IpAddress.Parse($"192.0.2.{address}");
                var request = From(client, (DhcpMessageType)type) with
                {
                    Requested = kind == 0 ? default : named,
                    ClientAddress = kind == 1 ? named : IpAddress.AnyV4,
                    Server = kind == 2 ? Own : default,
                };
                var reply = server.Handle(request, now);
                if (reply is { Type: DhcpMessageType.Ack, Seconds: > 0 })
                {
                    // Nobody else has it now, for as long as he was told.
                    if (lent.TryGetValue(reply.Address, out var other) && other.Client != client) { Assert.True(other.Until <= now); }
                    lent[reply.Address] = (client, now + TimeSpan.FromSeconds(reply.Seconds));
                    Assert.InRange((uint)reply.Address.Bits, 0xC000020Au, 0xC000020Cu);
                }
                if ((DhcpMessageType)type is DhcpMessageType.Release or DhcpMessageType.Decline)
                {
                    foreach (var gone in lent.Where(row => row.Value.Client == client).Select(static row => row.Key).ToArray()) { lent.Remove(gone); }
                }
                var leased = server.Bindings.Where(static binding => binding.State == DhcpBindingState.Leased).ToArray();
                Assert.Equal(leased.Length, leased.Select(static binding => binding.Client).Distinct().Count());
                Assert.True(server.NextDeadline > now);
                now += TimeSpan.FromSeconds(wait * 60);
            }
        }, iter: 500);

    private static DhcpServerSettings Settings(string first = "192.0.2.10", string last = "192.0.2.20") =>
        new(IpPrefix.Parse("192.0.2.0/24"), IpAddress.Parse(first), IpAddress.Parse(last)) { LeaseTime = TimeSpan.FromHours(1) };

    private static DhcpServer NewServer(string last = "192.0.2.20") => new(Settings(last: last), Own);

    private static DhcpRequest From(uint client, DhcpMessageType type) =>
        new(type, 7, new MacAddress(0x020000000000UL + client), DhcpRequest.NameOf(new MacAddress(0x020000000000UL + client)));

    private static DhcpRequest Discover(uint client) => From(client, DhcpMessageType.Discover);

    private static DhcpRequest Select(uint client, string address) => From(client, DhcpMessageType.Request) with { Requested = IpAddress.Parse(address), Server = Own };

    private static DhcpRequest Reboot(uint client, string address) => From(client, DhcpMessageType.Request) with { Requested = IpAddress.Parse(address) };

    private static DhcpRequest Renew(uint client, string address) => From(client, DhcpMessageType.Request) with { ClientAddress = IpAddress.Parse(address) };

    private static DhcpRequest Release(uint client, string address) => From(client, DhcpMessageType.Release) with { ClientAddress = IpAddress.Parse(address), Server = Own };

    private static DhcpRequest Decline(uint client, string address) => From(client, DhcpMessageType.Decline) with { Requested = IpAddress.Parse(address), Server = Own };

    private void Lease(DhcpServer server, uint client, string address)
    {
        Assert.StartsWith($"Offer {address}", Say(server, Discover(client)));
        Assert.StartsWith($"Ack {address}", Say(server, Select(client, address)));
    }

    private void Pass(int seconds) => _now += TimeSpan.FromSeconds(seconds);

    private string Say(DhcpServer server, DhcpRequest request) =>
        server.Handle(request, _now) is { } reply ? $"{reply.Type} {reply.Address} {reply.Seconds} {reply.Route}" : "silence";

    private static string Table(DhcpServer server) => string.Join(", ", server.Bindings.Select(static binding => $"{binding.Address} {binding.State}"));
}
