using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Tests.Dns.Resolving;

/// <summary>What an operator can choose: which version is asked first, which glue counts, which addresses stay inside.</summary>
public sealed class ResolverSwitchTests
{
    [Theory]
    [InlineData(IpVersion.V4)]
    [InlineData(IpVersion.V6)]
    public void The_preferred_version_is_asked_first_and_the_other_when_it_is_silent(IpVersion preferred)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var net = Both(preferred, seed, silent: IpVersion.None);
            net.Answer("www.test");
            Assert.All(net.Sent, sent => Assert.Equal(preferred, sent.Server.Address.Version));
        }
        var half = Both(preferred, 1, silent: preferred);
        half.Answer("www.test");
        Assert.Contains(half.Sent, sent => sent.Server.Address.Version == preferred);
        Assert.NotEqual(preferred, half.Sent[^1].Server.Address.Version);
    }

    [Fact]
    public void Without_a_preference_both_versions_are_asked()
    {
        var asked = Enumerable.Range(1, 20).Select(static seed =>
        {
            var net = Both(IpVersion.None, (ulong)seed, silent: IpVersion.None);
            net.Answer("www.test");
            return net.Sent[0].Server.Address.Version;
        });
        Assert.Equal(2, asked.Distinct().Count());
    }

    [Theory]
    [InlineData(IpVersion.V4, "A")]
    [InlineData(IpVersion.V6, "AAAA")]
    public void A_servers_address_is_looked_up_in_the_preferred_version_first(IpVersion preferred, string type)
    {
        var net = new TestInternet(new UpstreamPolicy { Preferred = preferred })
            .Serve("198.41.0.4", new TestZone(".", "test. 600 NS ns.other.", "other. 600 NS ns2.other.", "ns2.other. 600 A 192.0.2.60"))
            .Serve("192.0.2.60", new TestZone("other.", "ns.other. 600 A 192.0.2.50", "ns.other. 600 AAAA 2001:db8::50"))
            .Serve("192.0.2.50", Test).Serve("2001:db8::50", Test);
        net.Answer("www.test");
        Assert.Equal([type], net.Sent.Where(static sent => sent.Server.Address == IpAddress.Parse("192.0.2.60")).Select(static sent => sent.Query.Questions[0].Type.ToString()));
        Assert.Equal(preferred, net.Sent[^1].Server.Address.Version);
    }

    [Theory]
    [InlineData(false, "192.0.2.66")]
    [InlineData(true, "192.0.2.50")]
    public void Glue_outside_the_zone_that_a_referral_leads_to_counts_only_where_it_is_not_hardened(bool isHardened, string asked)
    {
        // The root's glue for test's server is stale; other's own data is not.
        var net = new TestInternet(new UpstreamPolicy { HardensGlue = isHardened })
            .Serve("198.41.0.4", (query, _) => [query.Questions[0].Name.ToLower().ToString() == "www.test."
                ? TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.None, authority: ["test. 600 NS ns.other."], additional: ["ns.other. 600 A 192.0.2.66"])
                : TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.None, authority: ["other. 600 NS ns2.other."], additional: ["ns2.other. 600 A 192.0.2.60"])])
            .Serve("192.0.2.60", new TestZone("other.", "ns.other. 600 A 192.0.2.50"))
            .Serve("192.0.2.50", Test).Serve("192.0.2.66", Test);
        net.Answer("www.test");
        Assert.Equal(IpAddress.Parse(asked), net.Sent[^1].Server.Address);
    }

    [Theory]
    [InlineData("inside.test", "A", null)]
    [InlineData("mapped.test", "AAAA", null)]
    [InlineData("mixed.test", "A", "192.0.2.80")]
    [InlineData("alias.test", "A", null)]
    [InlineData("outside.test", "A", "192.0.2.80")]
    [InlineData("inside.home.test", "A", "10.0.0.8")]
    [InlineData("home.test", "A", "10.0.0.9")]
    [InlineData("nothome.test", "A", null)]
    public void Addresses_of_ones_own_network_are_removed_from_answers_about_names_of_others(string name, string type, string? address)
    {
        var net = Private(new PrivateAddresses([IpPrefix.Parse("10.0.0.0/8")], [DnsName.Parse("home.test")]));
        // From the server, and from the cache: without asking anybody again.
        var sent = 0;
        for (var i = 0; i < 2; i++)
        {
            var answer = net.Answer(name, type);
            Assert.Equal((ResponseCode.NoError, address), (answer.Code, answer.Addresses.SingleOrDefault() is { Version: not IpVersion.None } one ? one.ToString() : null));
            sent = sent == 0 ? net.Sent.Count : sent;
        }
        Assert.Equal(sent, net.Sent.Count);
        Assert.True(sent <= 3, $"{sent} messages");
    }

    [Fact]
    public void Where_none_is_named_none_is_removed() =>
        Assert.Equal("10.0.0.8", Assert.Single(Private(PrivateAddresses.None).Answer("inside.test").Addresses).ToString());

    private static TestInternet Private(PrivateAddresses addresses) => new TestInternet(privateAddresses: addresses)
        .Serve("198.41.0.4", new TestZone(".", "test. 600 NS ns.test.", "ns.test. 600 A 192.0.2.50"))
        .Serve("192.0.2.50", new TestZone("test.", "inside.test. 600 A 10.0.0.8", "mapped.test. 600 AAAA ::ffff:10.0.0.8", "mixed.test. 600 A 10.0.0.8", "mixed.test. 600 A 192.0.2.80",
            "alias.test. 600 CNAME inside.test.", "outside.test. 600 A 192.0.2.80", "inside.home.test. 600 A 10.0.0.8", "home.test. 600 A 10.0.0.9", "nothome.test. 600 A 10.0.0.9"));

    private static IEnumerable<byte[]> Test(DnsMessage query, DnsTransport transport) => TestZone.Server(new TestZone("test.", "www.test. 600 A 192.0.2.99"))(query, transport);

    private static TestInternet Both(IpVersion preferred, ulong seed, IpVersion silent)
    {
        var net = new TestInternet(new UpstreamPolicy { Preferred = preferred }, seed: seed, hints: TestInternet.Hints("a.root-servers.net. 198.41.0.4 2001:db8::4"));
        foreach (var address in (string[])["198.41.0.4", "2001:db8::4"])
        {
            net.Serve(address, IpAddress.Parse(address).Version == silent ? static (_, _) => [] : Root);
        }
        foreach (var address in (string[])["192.0.2.50", "2001:db8::50"])
        {
            net.Serve(address, IpAddress.Parse(address).Version == silent ? static (_, _) => [] : Test);
        }
        return net;
    }

    private static IEnumerable<byte[]> Root(DnsMessage query, DnsTransport transport) =>
        TestZone.Server(new TestZone(".", "test. 600 NS ns.test.", "ns.test. 600 A 192.0.2.50", "ns.test. 600 AAAA 2001:db8::50"))(query, transport);
}
