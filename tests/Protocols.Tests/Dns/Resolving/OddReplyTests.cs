using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Tests.Dns.Resolving;

/// <summary>One reply that is odd, about one name: what it may not do to others.</summary>
public sealed class OddReplyTests
{
    private static readonly IpAddress s_good = IpAddress.Parse("192.0.2.99");

    private static TestInternet World(TestServer server) => new TestInternet()
        .Serve("198.41.0.4", new TestZone(".", "test. 600 NS ns.test.", "ns.test. 600 A 192.0.2.50", "bank. 600 NS ns.bank.", "ns.bank. 600 A 192.0.2.60"))
        .Serve("192.0.2.50", server);

    private static string NameOf(DnsMessage query) => query.Questions[0].Name.ToLower().ToString();

    [Fact]
    public void A_servers_own_alias_beside_a_dname_is_worked_out_anew_also_when_it_is_asked_for()
    {
        var net = World((query, _) => [TestZone.Reply(query, ResponseCode.NoError, answer:
        [
            "old.test. 600 DNAME new.test.", "www.old.test. 600 CNAME forged.test.",
        ])]);
        var answer = net.Answer("www.old.test", "CNAME");
        Assert.Equal("www.new.test.", Assert.IsType<NameData>(answer.Records[^1].Data).Target.ToString());
        Assert.False(net.Memory.Cache.TryGet(DnsName.Parse("www.old.test"), RecordType.CNAME, net.Now, out _));
    }

    [Fact]
    public void A_server_in_its_own_zone_without_glue_is_found_by_asking_the_parent_for_it()
    {
        var zone = new TestZone("test.", "test. 600 NS ns.test.", "ns.test. 600 A 192.0.2.50", "www.test. 600 A 192.0.2.99");
        var net = new TestInternet().Serve("192.0.2.50", zone).Serve("198.41.0.4", (query, _) => [TestZone.Reply(
            query, ResponseCode.NoError, HeaderFlags.None, authority: ["test. 600 NS ns.test."],
            // Only who asks for the address gets it.
            additional: NameOf(query) == "ns.test." ? ["ns.test. 600 A 192.0.2.50"] : [])]);
        Assert.Equal([s_good], net.Answer("www.test").Addresses);
    }

    [Fact]
    public void Glue_that_a_parent_further_up_has_given_is_found_when_the_servers_own_zone_is_dead()
    {
        var net = new TestInternet()
            .Serve("198.41.0.4", new TestZone(
                ".", "test. 600 NS ns.deep.other.", "other. 600 NS ns.deep.other.", "ns.deep.other. 600 A 192.0.2.50",
                "first. 600 NS ns.deep.other."))
            // Below "other" lies "deep.other" without a server that answers.
            .Serve("192.0.2.50", (query, _) => NameOf(query) switch
            {
                "www.test." => [TestZone.Reply(query, ResponseCode.NoError, answer: ["www.test. 600 A 192.0.2.99"])],
                "x.first." => [TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.None, authority: ["x.first. 600 NS ns.deep.other."])],
                "a.deep.other." or "ns.deep.other." => [TestZone.Reply(
                    query, ResponseCode.NoError, HeaderFlags.None, authority: ["deep.other. 600 NS dead.deep.other."], additional: ["dead.deep.other. 600 A 192.0.2.70"])],
                _ => [],
            })
            .Serve("192.0.2.70", (_, _) => []);
        net.Failure("a.deep.other");
        // The nearest cut of the server's name is deep.other, which knows nothing; other's parent has given the address.
        Assert.Equal([s_good], net.Answer("www.test").Addresses);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public void Records_beside_a_code_that_denies_them_are_no_answer(int code)
    {
        var net = World((query, _) => [TestZone.Reply(query, new ResponseCode((ushort)code), answer: ["www.test. 600 A 192.0.2.66"])]);
        Assert.Equal(ResolutionFailureReason.AllServersLame, net.Failure("www.test").Reason);
    }

    [Fact]
    public void A_record_shows_its_whole_time_in_the_second_it_came_in()
    {
        var net = World((query, _) => [TestZone.Reply(query, ResponseCode.NoError, answer: ["www.test. 600 A 192.0.2.99"])]);
        net.Answer("www.test");
        net.Pass(TimeSpan.FromMilliseconds(3));
        Assert.Equal(600u, net.Answer("www.test").Records[0].Ttl.Seconds);
        net.Pass(TimeSpan.FromMilliseconds(998));
        Assert.Equal(599u, net.Answer("www.test").Records[0].Ttl.Seconds);
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("empty")]
    [InlineData("upward")]
    public void An_odd_reply_to_one_name_leaves_the_others_of_its_zone_alone(string behaviour)
    {
        var net = World((query, _) => [NameOf(query) == "www.test."
            ? TestZone.Reply(query, ResponseCode.NoError, answer: ["www.test. 600 A 192.0.2.99"])
            : behaviour switch
            {
                "refused" => TestZone.Reply(query, ResponseCode.Refused, HeaderFlags.None),
                "empty" => TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.None),
                _ => TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.None, authority: [". 600 NS a.root-servers.net."]),
            }]);
        net.Failure("odd.test");
        Assert.Equal([s_good], net.Answer("www.test").Addresses);
    }

    [Fact]
    public void A_strangers_delegation_to_a_banks_server_does_not_make_the_banks_zone_rest()
    {
        var net = World((query, _) => [TestZone.Reply(
                query, ResponseCode.NoError, HeaderFlags.None, authority: [$"{NameOf(query)} 600 NS ns.{NameOf(query)}"], additional: [$"ns.{NameOf(query)} 600 A 192.0.2.60"])])
            // The bank's server is silent about what is not its own.
            .Serve("192.0.2.60", (query, _) => NameOf(query) == "www.bank." ? [TestZone.Reply(query, ResponseCode.NoError, answer: ["www.bank. 1 A 192.0.2.99"])] : []);
        Assert.Equal([s_good], net.Answer("www.bank").Addresses);
        for (var i = 0; i < 2 * ResolutionLimits.SilencesUntilDead; i++) { net.Failure($"x{i}.test"); }
        net.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal([s_good], net.Answer("www.bank").Addresses);
    }

    /// <summary>There are servers, and what stands before them, that drop types that they do not know.</summary>
    [Fact]
    public void A_type_that_a_server_drops_does_not_make_its_zone_rest()
    {
        var net = World((query, _) => query.Questions[0].Type == RecordType.A
            ? [TestZone.Reply(query, ResponseCode.NoError, answer: [$"{NameOf(query)} 600 A 192.0.2.99"])] : []);
        for (var i = 0; i < 3; i++)
        {
            net.Failure($"x{i}.test", "HTTPS");
            net.Pass(ResolutionLimits.FailureTime + TimeSpan.FromSeconds(1));
            net.Failure($"x{i}.test", "HTTPS");
            Assert.Equal([s_good], net.Answer($"x{i}.test").Addresses);
            Assert.Equal([s_good], net.Answer($"y{i}.test").Addresses);
        }
    }

    /// <summary>A server next door may have to work for one name.</summary>
    [Fact]
    public void A_name_that_takes_a_fast_server_a_second_is_waited_for()
    {
        var net = World((query, _) => [TestZone.Reply(query, ResponseCode.NoError, answer: [$"{NameOf(query)} 600 A 192.0.2.99"])]);
        net.RoundTrip = TimeSpan.FromMilliseconds(1);
        for (var i = 0; i < 5; i++) { net.Answer($"x{i}.test"); }
        net.RoundTrip = TimeSpan.FromSeconds(1);
        Assert.Equal([s_good], net.Answer("slow.test").Addresses);
    }

    /// <summary>A set that is cut says what its zone does not.</summary>
    [Fact]
    public void A_set_is_taken_whole_however_large()
    {
        var net = World((query, _) =>
            [TestZone.Reply(query, ResponseCode.NoError, answer: [.. Enumerable.Range(0, 2000).Select(i => $"www.test. 600 A 10.0.{i / 250}.{i % 250}")])]);
        Assert.Equal(2000, net.Answer("www.test").Records.Length);
    }

    [Fact]
    public void When_all_servers_of_a_zone_rest_one_is_probed_all_the_same()
    {
        var isAwake = false;
        var net = World((query, _) => isAwake ? [TestZone.Reply(query, ResponseCode.NoError, answer: ["www.test. 600 A 192.0.2.99"])] : []);
        net.Failure("a.test");
        net.Failure("b.test");
        isAwake = true;
        net.Pass(TimeSpan.FromSeconds(6));
        Assert.Equal([s_good], net.Answer("www.test").Addresses);
    }

    [Fact]
    public void What_cannot_be_read_does_not_become_a_statement()
    {
        TestServer broken = (query, _) =>
        {
            var reply = TestZone.Reply(query, ResponseCode.NoError, answer: ["www.test. 600 A 192.0.2.99"]);
            // An address of five bytes.
            return [[.. reply[..^(4 + 2 + 11)], 0, 5, 192, 0, 2, 99, 1, .. reply[^11..]]];
        };
        Assert.Equal(ResolutionFailureReason.AllServersLame, World(broken).Failure("www.test").Reason);

        TestServer brokenSoa = (query, _) =>
        {
            var reply = TestZone.Reply(query, ResponseCode.NoError, authority: ["test. 600 TXT x"]);
            // A SOA record of two bytes: the type stands right before class, time to live and length.
            reply[^(11 + 2 + 2 + 4 + 2 + 1)] = 6;
            return [reply];
        };
        Assert.Equal(ResolutionFailureReason.AllServersLame, World(brokenSoa).Failure("www.test").Reason);
    }
}
