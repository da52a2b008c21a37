using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Recording;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>Each lab teaches something: here it is held to it.</summary>
public class LessonTests
{
    [Fact]
    public void Two_subnets_a_neighbour_is_reached_without_the_router_and_everybody_else_by_it()
    {
        var near = LabVisit.To("http://10.1.0.3/", "two-subnets");
        Assert.Equal(200, near.Result.Status);
        Assert.DoesNotContain(near.Of<FrameForwarded>(), forwarded => forwarded.Host == "r1");
        Assert.Contains(near.Of<FrameSent>(), sent => sent.Host == "alice" && sent.Row == "10.1.0.0/24" && sent.Gateway == default);

        var far = LabVisit.To("http://203.0.113.80/", "two-subnets");
        Assert.Equal(200, far.Result.Status);
        var there = far.Of<FrameForwarded>().First(forwarded => forwarded.Host == "r1");
        Assert.Equal(("203.0.113.0/24", (byte)63), (there.Row, there.HopsLeft));
        Assert.Contains(far.Of<FrameSent>(), sent => sent.Host == "alice" && sent.Row == "0.0.0.0/0" && sent.Gateway == IpAddress.Parse("10.1.0.1"));
        // The hub repeats everything: bob's card hears what is not for him.
        Assert.Contains(far.Of<FrameDropped>(), dropped => dropped.Host == "bob" && dropped.Reason == FrameDropReason.NotForThisStation);
        Assert.Equal(200, LabVisit.To("http://www6.test/", "two-subnets").Result.Status);
    }

    [Theory]
    [InlineData("www.whole.test", 200, 0, 50)]
    [InlineData("www.half.test", 200, 0, 2_000)]
    [InlineData("www.lame.test", 0, 6, 30_000)]
    [InlineData("www.east.test", 0, 6, 30_000)]
    public void Broken_delegation_one_good_server_is_enough_and_none_is_told_with_whose_fault_it_is(string name, int status, int exitCode, int milliseconds)
    {
        var visit = LabVisit.To($"http://{name}/", "broken-delegation");
        Assert.Equal((status, exitCode), (visit.Result.Status, visit.Result.ExitCode));
        Assert.InRange(visit.Time.TotalMilliseconds, 0, milliseconds);
        if (status == 0) { Assert.Equal(JourneyStep.Name, FailureTable.Of(visit.Result.Failure!).Step); }
        if (name.StartsWith("www.lame", StringComparison.Ordinal)) { Assert.NotEmpty(visit.Of<ServerLame>()); }
        if (name.StartsWith("www.east", StringComparison.Ordinal)) { Assert.NotEmpty(visit.Of<ResolutionCycleFound>()); }
    }

    [Fact]
    public void Broken_delegation_a_dead_server_costs_time_only_for_those_who_ask_it_first()
    {
        var times = Enumerable.Range(1, 12).Select(seed => LabVisit.To("http://www.half.test/", "broken-delegation", (ulong)seed).Time.TotalMilliseconds).ToArray();
        Assert.Contains(times, static time => time < 20);
        Assert.Contains(times, static time => time > 300);
    }

    [Theory]
    [InlineData("www.secure.test", SecurityStatus.Secure, ValidationFlaw.None)]
    [InlineData("no.secure.test", SecurityStatus.Secure, ValidationFlaw.None)]
    [InlineData("www.plain.test", SecurityStatus.Insecure, ValidationFlaw.DelegationUnsigned)]
    [InlineData("www.changed.test", SecurityStatus.Bogus, ValidationFlaw.SignatureWrong)]
    [InlineData("www.expired.test", SecurityStatus.Bogus, ValidationFlaw.SignatureExpired)]
    public void Signed_zones_what_the_key_of_the_root_leads_to_is_believed_and_nothing_else(string name, SecurityStatus status, ValidationFlaw flaw)
    {
        var world = LabWorld.Build(LabCatalog.Load("signed-zones")!);
        var asked = DnsName.Parse(name);
        var outcome = world.Run("resolve", async () => await world.FindResolver(IpAddress.Parse("10.11.12.2"))!.ResolveAsync(asked, RecordType.A));
        Assert.Equal((status, flaw), outcome switch
        {
            ResolvedAnswer answer => (answer.Status, answer.Flaw),
            ResolutionFailure { Reason: ResolutionFailureReason.Bogus } failure => (SecurityStatus.Bogus, failure.Flaw),
            _ => default,
        });
        // Whoever does not ask for the proof has at least no address that somebody else has put there.
        var page = LabVisit.To($"http://{name}/", "signed-zones");
        Assert.Equal(name is "www.secure.test" or "www.plain.test", page.Result.Status == 200);
        // Without the root's key all of it is believed.
        var text = LabFile.Write(LabCatalog.Load("signed-zones")!).Split('\n')
            .Select(static line => line.Contains(" trusts ", StringComparison.Ordinal) ? "  serves resolver" : line);
        var credulous = LabVisit.To($"http://{name}/", LabFile.Parse(string.Join('\n', text), "credulous.lab"));
        Assert.Equal(name != "no.secure.test", credulous.Result.Status == 200);
        if (name == "www.changed.test") { Assert.Contains("not where you wanted", Encoding.UTF8.GetString(credulous.Body), StringComparison.Ordinal); }
    }

    [Fact]
    public void A_black_holed_MTU_lets_small_pages_pass_and_makes_large_ones_wait_until_the_sender_doubts_the_path()
    {
        var small = LabVisit.To("http://dark.test/", "black-holed-mtu");
        Assert.Equal(200, small.Result.Status);
        Assert.InRange(small.Time.TotalMilliseconds, 1, 500);

        var large = LabVisit.To("http://dark.test/large", "black-holed-mtu");
        Assert.Equal((200, 50_000), (large.Result.Status, large.Body.Length));
        // The third repetition is not answered either: then segments are halved (RFC 8899 section 4.3).
        Assert.InRange(large.Time.TotalSeconds, 1, 5);
        Assert.Contains(large.Of<FrameDropped>(), dropped => dropped.Host == "mute" && dropped.Reason == FrameDropReason.TooBig);
        Assert.Contains(large.Of<FrameLost>(), lost => lost.Reason == FrameDropReason.Filtered);
    }

    [Fact]
    public void Whoever_does_not_wait_for_the_doubt_gets_nothing_of_the_large_page()
    {
        var large = LabVisit.To("http://dark.test/large", "black-holed-mtu", seconds: 1);
        Assert.Equal(28, large.Result.ExitCode);
        Assert.Empty(large.Body);
    }

    [Fact]
    public void The_same_large_page_passes_where_the_router_may_say_that_a_packet_is_too_big()
    {
        var large = LabVisit.To("http://open.test/large", "black-holed-mtu");
        Assert.Equal((200, 50_000), (large.Result.Status, large.Body.Length));
        Assert.Contains(large.Of<FrameDropped>(), dropped => dropped.Host == "far" && dropped.Reason == FrameDropReason.TooBig);
        Assert.InRange(large.Time.TotalMilliseconds, 1, 1_000);
    }

    [Fact]
    public void A_lossy_link_costs_time_but_no_byte()
    {
        var (clean, lossy) = (LabVisit.To("http://clean.test/", "lossy-link"), LabVisit.To("http://lossy.test/", "lossy-link"));
        Assert.Equal((200, 200), (clean.Result.Status, lossy.Result.Status));
        Assert.Equal(clean.Body, lossy.Body);
        Assert.Equal(300_000, lossy.Body.Length);
        Assert.True(lossy.Time > clean.Time * 1.3, $"{lossy.Time} for {clean.Time}");
        Assert.Contains(lossy.Of<FrameLost>(), lost => lost.Link == "lossy-internet" && lost.Reason == FrameDropReason.Chance);
        // What was damaged on the wire was thrown away by a checksum.
        Assert.Contains(lossy.Of<FrameDropped>(), dropped => dropped.Reason == FrameDropReason.Malformed);
        Assert.DoesNotContain(clean.Of<FrameLost>(), lost => lost.Link != "lossy-internet");
    }

    [Theory]
    [InlineData("fast.test", "")]
    [InlineData("far.test", "connect")]
    [InlineData("thinks.test", "wait")]
    [InlineData("trickles.test", "read")]
    [InlineData("www.late.test", "name")]
    public void Slow_servers_show_in_the_part_of_the_journey_that_takes_the_time(string name, string part)
    {
        var visit = LabVisit.To($"http://{name}/", "slow-server");
        Assert.Equal((200, 20_000), (visit.Result.Status, visit.Body.Length));
        var timing = Assert.Single(visit.Of<JourneyCompleted>());
        (string Name, long Nanoseconds)[] parts = [("name", timing.NameNanoseconds), ("connect", timing.ConnectNanoseconds), ("wait", timing.WaitNanoseconds), ("read", timing.ReadNanoseconds)];
        var slow = parts.Where(static one => one.Nanoseconds > 150_000_000).Select(static one => one.Name).ToArray();
        if (part == "") { Assert.Empty(slow); }
        else { Assert.Contains(part, slow); }
        if (part is "wait" or "read" or "name") { Assert.Equal([part], slow); }
    }

    [Fact]
    public void An_asymmetric_route_goes_there_by_the_east_and_comes_back_by_the_west_and_TCP_does_not_mind()
    {
        var visit = LabVisit.To("http://203.0.113.80/", "asymmetric-route");
        Assert.Equal(200, visit.Result.Status);
        var (client, www) = (IpAddress.Parse("10.1.0.2"), IpAddress.Parse("203.0.113.80"));
        string[] Way(IpAddress from, IpAddress to) => [.. visit.Of<FrameForwarded>().Where(forwarded => forwarded.Source == from && forwarded.Destination == to).Select(static forwarded => forwarded.Host).Distinct()];
        Assert.Equal(["east1", "east2"], Way(client, www));
        Assert.Equal(["west2", "west1"], Way(www, client));
    }

    [Fact]
    public void An_address_translator_on_the_way_back_alone_makes_the_answer_come_from_a_stranger()
    {
        var visit = LabVisit.To("http://203.0.113.81/", "asymmetric-route", seconds: 10);
        Assert.Equal(28, visit.Result.ExitCode);
        Assert.Equal(JourneyStep.Connect, FailureTable.Of(visit.Result.Failure!).Step);
        var client = IpAddress.Parse("10.1.0.2");
        Assert.Contains(visit.Of<FrameForwarded>(), forwarded => forwarded.Host == "exit" && forwarded.Destination == client && forwarded.Translation is not null);
        // The client's host answers the stranger with a reset.
        Assert.Contains(visit.Of<FrameForwarded>(), forwarded => forwarded.Host == "west1" && forwarded.Source == IpAddress.Parse("10.3.0.8") && forwarded.Destination == client);
        Assert.Contains(visit.Of<FrameSent>(), sent => sent.Host == "client" && sent.Destination == IpAddress.Parse("10.3.0.8"));
    }

    [Fact]
    public void Behind_an_address_translator_one_reaches_everybody_and_is_reached_by_nobody()
    {
        const string network = """
            subnet house 10.1.0.0/24
            subnet city  203.0.113.0/24
            router home on house .1, city .1 nat city
            host inside  on house .2 gateway home serves http "in"
            host outside on city .80 gateway home serves http "out"
            """;
        var visit = LabVisit.To("http://203.0.113.80/", LabFile.Parse($"lab \"home\" client inside\n{network}\n", "nat.lab"));
        Assert.Equal(200, visit.Result.Status);
        Assert.Contains(visit.Of<FrameDelivered>(), delivered => delivered.Host == "outside" && delivered.Source == IpAddress.Parse("203.0.113.1"));
        Assert.NotEqual(200, LabVisit.To("http://10.1.0.2/", LabFile.Parse($"lab \"home\" client outside\n{network}\n", "nat.lab"), seconds: 10).Result.Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_attacker_who_guesses_is_rejected_twice_and_then_the_question_goes_where_guessing_does_not_help(ulong seed)
    {
        var visit = LabVisit.To("http://www.bank.test/", "poisoning-attacker", seed);
        Assert.Equal("This is the real site.\n", Encoding.UTF8.GetString(visit.Body));
        Assert.Equal(2, visit.Of<ResponseRejected>().Count(static rejected => rejected.Reason is RejectionReason.OtherId or RejectionReason.OtherCase));
        Assert.Contains(visit.Of<QuerySent>(), static sent => sent.Transport == DnsTransport.Tcp && sent.Server.Address == IpAddress.Parse("192.0.2.54"));
        // Most of the forged answers do not even find the port.
        Assert.True(visit.Of<FrameDropped>().Count(static dropped => dropped.Host == "dns" && dropped.Reason == FrameDropReason.NoListener) > 100);
    }

    [Fact]
    public void An_attacker_who_listens_on_the_hub_wins_and_only_a_certificate_stops_him()
    {
        var visit = LabVisit.To("http://www.shop.test/", "poisoning-attacker");
        Assert.StartsWith("This is mallory's site.", Encoding.UTF8.GetString(visit.Body), StringComparison.Ordinal);
        // The lie stays in the cache.
        visit.Go("http://www.shop.test/");
        Assert.StartsWith("This is mallory's site.", Encoding.UTF8.GetString(visit.Body), StringComparison.Ordinal);
        visit.Go("https://www.shop.test/");
        Assert.Equal(60, visit.Result.ExitCode);
    }

    [Fact]
    public void On_a_switch_there_is_nothing_to_listen_to()
    {
        var lab = LabCatalog.Load("poisoning-attacker")!;
        lab = lab with { Subnets = [.. lab.Subnets.Select(static subnet => subnet with { Kind = SubnetKind.Switch })] };
        Assert.Equal("This is the real site.\n", Encoding.UTF8.GetString(LabVisit.To("http://www.shop.test/", lab).Body));
    }

    /// <summary>Each fault of a cable or machine costs the journey what it must, and no more than the time until it is over and the next try.</summary>
    [Theory]
    [InlineData("", 0, 20)]
    [InlineData("at 0s cut b-lan for 1500ms", 1_500, 4_000)]
    [InlineData("at 0s cut b-lan up for 1500ms", 1_500, 4_000)]
    [InlineData("at 0s clog b-lan for 700ms", 700, 1_100)]
    [InlineData("at 0s impair b-lan latency 200ms", 1_000, 3_000)]
    [InlineData("at 0s impair b-lan latency 200ms for 1ns", 0, 20)]
    [InlineData("at 0s down b for 1500ms", 1_500, 4_000)]
    [InlineData("at 0s skew b by 5min", 0, 20)]
    public void A_fault_of_a_cable_or_a_machine_costs_time(string fault, int least, int most)
    {
        var lab = LabFile.Parse($"lab \"fault\"\nsubnet lan 10.1.0.0/24\nhost a on lan .2\nhost b on lan .3 serves http \"hello\"\n{fault}\n", "fault.lab");
        var visit = LabVisit.To("http://10.1.0.3/", lab);
        Assert.Equal(200, visit.Result.Status);
        Assert.InRange(visit.Time.TotalMilliseconds, least, most);
    }

    [Fact]
    public void An_internet_of_IPv6_alone_asks_for_no_A_record_and_needs_no_IPv4()
    {
        var visit = LabVisit.After(TimeSpan.Zero, LabCatalog.Load("ipv6-only")!);
        var tap = new TypeTap();
        foreach (var plug in visit.World.Internet.Hosts.SelectMany(static host => host.Plugs)) { plug.Wire.Tap = tap; }
        visit.Go("http://www.test/");
        Assert.Equal("No IPv4 was needed.\n", Encoding.UTF8.GetString(visit.Body));
        Assert.Equal(["AAAA"], visit.Of<ResolutionStarted>().Where(static e => e.Mode == ResolutionMode.Stub).Select(static e => e.Type.ToString()));
        Assert.All(visit.Of<ConnectStarted>(), static e => Assert.True(e.Remote.Address.IsV6));
        Assert.Equal([EtherType.Ipv6], tap.Types);
        var failure = Assert.IsType<NameWithoutAddress>(LabVisit.To("http://old.test/", "ipv6-only").Result.Failure);
        Assert.Equal((IpVersion.V6, FaultParty.Host), (failure.Only, FailureTable.Of(failure).AtFault));
        Assert.Null(LabVisit.To("http://[2001:db8:2::80]/", "ipv6-only").Result.Failure);
        Assert.Null(LabVisit.To("https://www.test/", "ipv6-only").Result.Failure);
    }

    [Fact]
    public void At_home_everybody_asks_for_his_address_and_gets_it_back_when_the_cable_is_back()
    {
        var visit = LabVisit.To("http://www.test/", "dhcp");
        Assert.Equal("You came with a lent address.\n", Encoding.UTF8.GetString(visit.Body));
        var hosts = new[] { "laptop", "phone", "guest" }.Select(name => visit.World.Internet.FindHost(name)!).ToArray();
        IEnumerable<string> Addresses() => hosts.SelectMany(static host => LabElements.AddressesOf(host, IpVersion.V4)).Select(static address => address.ToString());
        var lent = Addresses().ToArray();
        Assert.Equal(["192.168.7.100", "192.168.7.101", "192.168.7.102"], lent.Order(StringComparer.Ordinal));
        Assert.Equal("nameserver 203.0.113.53\nsearch home.test\n", Encoding.UTF8.GetString(hosts[0].Files.Read("/etc/resolv.conf")!));
        visit.World.Kernel.RunUntil(Instant.SimulationEpoch + TimeSpan.FromSeconds(305));
        Assert.Equal(lent[1..], Addresses());
        Assert.IsType<NameUnresolved>(visit.Visit("http://www.test/").Failure);
        visit.World.Kernel.RunUntil(Instant.SimulationEpoch + TimeSpan.FromSeconds(320));
        Assert.Equal(lent, Addresses());
        Assert.Null(visit.Visit("http://www.test/").Failure);
    }

    /// <summary>What frames carry.</summary>
    private sealed class TypeTap : IFrameTap
    {
        public HashSet<EtherType> Types { get; } = [];

        public void OnSent(WireEnd from, Frame frame)
        {
            if (EthernetView.TryParse(frame.Span, out var ethernet, out _)) { Types.Add(ethernet.Type); }
        }

        public void OnReceived(WireEnd at, Frame frame) { }

        public void OnLost(WireEnd from, Frame frame, FrameDropReason reason) { }
    }

    [Fact]
    public void A_skewed_clock_shows_in_the_date_that_a_server_writes()
    {
        static string Date(string fault)
        {
            var visit = LabVisit.To("http://10.1.0.3/", LabFile.Parse($"lab \"skew\"\nsubnet lan 10.1.0.0/24\nhost a on lan .2\nhost b on lan .3 serves http \"hello\"\n{fault}\n", "skew.lab"));
            return visit.Of<ResponseHeadReceived>().Single().Fields.Single(static field => field.Name == "Date").Value;
        }

        Assert.Equal("Thu, 01 Jan 2026 00:00:00 GMT", Date(""));
        Assert.Equal("Wed, 31 Dec 2025 23:55:00 GMT", Date("at 0s skew b by -5min"));
    }

    [Fact]
    public void Routers_that_speak_RIP_learn_their_tables_and_find_another_way_when_one_is_gone()
    {
        var lab = LabFile.Parse("""
            lab "three routers" client a
            subnet near  10.1.0.0/24
            subnet east  10.2.0.0/24
            subnet north 10.3.0.0/24
            subnet south 10.4.0.0/24
            subnet far   10.5.0.0/24
            router r1 on near .1, east .1, north .1 rip
            router r2 on north .2, south .2 rip
            router r3 on east .3, south .3, far .3 rip
            host a on near .2 gateway r1
            host b on far .5  gateway r3 serves http "hello"
            at 100s cut r1-east
            """, "rip.lab");
        var visit = LabVisit.After(TimeSpan.FromSeconds(60), lab);
        visit.Go("http://10.5.0.5/");
        Assert.Equal(200, visit.Result.Status);
        Assert.DoesNotContain(visit.Of<FrameForwarded>(), static forwarded => forwarded.Host == "r2");
        Assert.Contains(visit.Of<FrameForwarded>(), static forwarded => forwarded.Host == "r1" && forwarded.Row == "10.5.0.0/24" && forwarded.Origin == RouteOrigin.Rip);
        // What is not heard of for 180 seconds is gone (RFC 2453 section 3.8).
        visit.World.Kernel.RunUntil(visit.World.Kernel.Now + TimeSpan.FromSeconds(400));
        visit.Go("http://10.5.0.5/");
        Assert.Equal(200, visit.Result.Status);
        Assert.Contains(visit.Of<FrameForwarded>(), static forwarded => forwarded.Host == "r2" && forwarded.Destination == IpAddress.Parse("10.5.0.5"));
    }

    [Fact]
    public void Hubs_that_chain_are_one_subnet_and_everybody_in_it_hears_everything()
    {
        var visit = LabVisit.To("http://10.1.0.3/", LabFile.Parse("""
            lab "hubs in a chain" client alice
            subnet house 10.1.0.0/24 hub
            hub upstairs in house
            hub attic in upstairs
            host alice on attic .2
            host bob   on house .3 serves http "hello"
            host carol on upstairs .4
            link attic-upstairs latency 100ms
            """, "hubs.lab"));
        Assert.Equal(200, visit.Result.Status);
        Assert.Contains(visit.Of<FrameDropped>(), dropped => dropped.Host == "carol" && dropped.Reason == FrameDropReason.NotForThisStation);
        // ARP, the handshake and the page: three round trips over the slow cable between the hubs.
        Assert.InRange(visit.Time.TotalMilliseconds, 600, 660);
    }

    [Fact]
    public void A_cable_is_as_fast_as_its_lab_says_each_way()
    {
        static double Milliseconds(string setting)
        {
            var visit = LabVisit.To("http://10.1.0.3/", LabFile.Parse($"lab \"rate\"\nsubnet lan 10.1.0.0/24\nhost a on lan .2\nhost b on lan .3 serves http {{ / size 100kB }}\nlink b-lan {setting}\n", "rate.lab"));
            Assert.Equal(100_000, visit.Body.Length);
            return visit.Time.TotalMilliseconds;
        }

        // 100 kB and their headers at 1 Mbit/s: 800 ms and a little more.
        Assert.InRange(Milliseconds("up rate 1Mbit"), 800, 900);
        Assert.InRange(Milliseconds("down rate 1Mbit"), 1, 200);
        Assert.InRange(Milliseconds("latency 100ms"), 600, 2_500);
    }

    [Fact]
    public void A_route_by_hand_stands_before_the_others()
    {
        const string lab = "lab \"by hand\" client a\nsubnet one 10.1.0.0/24\nsubnet two 10.2.0.0/24\nrouter r on one .1, two .1\nrouter s on one .9, two .9\nhost a on one .2 gateway r";
        string First(string extra) => LabVisit.To("http://10.2.0.3/", LabFile.Parse($"{lab} {extra}\nhost b on two .3 gateway r serves http \"x\"\n", "routes.lab"))
            .Of<FrameForwarded>().First(forwarded => forwarded.Destination == IpAddress.Parse("10.2.0.3")).Host;
        Assert.Equal("r", First(""));
        Assert.Equal("s", First("route 10.2.0.0/24 via s"));
    }

    [Fact]
    public void Two_sets_of_machines_that_are_parted_find_each_other_again_when_it_is_over()
    {
        var lab = LabFile.Parse(Encoding.UTF8.GetString("""
            lab "parted" client a
            subnet one 10.1.0.0/24
            subnet two 10.2.0.0/24
            router r on one .1, two .1
            host a on one .2 gateway r
            host b on two .3 gateway r serves http "x"
            at 0s partition { a } { r } for 1500ms
            """u8), "parted.lab");
        var visit = LabVisit.To("http://10.2.0.3/", lab);
        Assert.Equal(200, visit.Result.Status);
        Assert.InRange(visit.Time.TotalSeconds, 1.5, 8);
        Assert.Contains(visit.Of<FrameLost>(), lost => lost.Reason == FrameDropReason.Partitioned);
    }
}
