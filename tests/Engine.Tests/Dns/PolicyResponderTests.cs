using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Policies;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

/// <summary>A resolver whose answers are held to policy zones, in virtual time: from the network, and again from the cache.</summary>
public sealed class PolicyResponderTests : IDisposable
{
    private readonly ResolverWorld _world = new();
    private readonly RecursiveResolver _resolver;
    private readonly PolicyInForce _policy = new();
    private readonly RecursiveResponder _responder;

    public PolicyResponderTests()
    {
        _world.AddServer("root", "10.0.0.1", (".", "test NS ns.test.\nns.test. A 10.1.0.1\n"));
        _world.AddServer("test", "10.1.0.1", ("test.", "www A 192.0.2.80\nmail A 192.0.3.25\nlong 6000 A 192.0.2.81\nalias CNAME www\nfar CNAME alias\ngarden A 192.0.2.99\n*.garden A 192.0.2.98\n"
            + "@ NS other.nowhere.\nto-apart CNAME www.apart\napart NS ns.apart\nns.apart A 10.1.7.1\n"));
        _world.AddServer("apart", "10.1.7.1", ("apart.test.", "www A 192.0.2.70\n"));
        _resolver = new RecursiveResolver(_world.Client, new RecursiveResolverOptions
        {
            Hints = new Delegation(DnsName.Root, [new NameServer(DnsName.Parse("ns"), [IpAddress.Parse("10.0.0.1")])], Instant.Never),
        });
        var cached = new CachedAnswers(_resolver.Memory.Cache, new CachedAnswerRules(Checks: false, AnswersSpecialNames: false, MakesAddresses: false) { Policy = _policy });
        _responder = new RecursiveResponder(_resolver, null, cached, _world.Client) { Policy = _policy, Parents = _resolver };
    }

    public void Dispose() => _resolver.Dispose();

    [Theory]
    [InlineData("www.test CNAME .", "www.test", "NXDOMAIN 15:")]
    [InlineData("www.test CNAME *.", "www.test", "NOERROR 15:")]
    [InlineData("www.test CNAME rpz-drop.", "www.test", "silence")]
    [InlineData("www.test CNAME rpz-passthru.", "www.test", "NOERROR 0: A 192.0.2.80")]
    [InlineData("www.test A 192.0.2.1\nwww.test TXT seen", "www.test", "NOERROR 4: A 192.0.2.1")]
    [InlineData("www.test TXT seen", "www.test", "NOERROR 4:")]
    [InlineData("www.test CNAME garden.test.", "www.test", "NOERROR 4: CNAME garden.test. A 192.0.2.99")]
    [InlineData("*.test CNAME *.garden.test.", "www.test", "NOERROR 4: CNAME www.test.garden.test. A 192.0.2.98")]
    [InlineData("www.test CNAME nowhere.test.", "www.test", "NXDOMAIN 4: CNAME nowhere.test.")]
    [InlineData("www.test CNAME .", "far.test", "NXDOMAIN 15: CNAME alias.test. CNAME www.test.")]
    [InlineData("alias.test A 192.0.2.1", "far.test", "NOERROR 4: CNAME alias.test. A 192.0.2.1")]
    [InlineData("24.0.2.0.192.rpz-ip CNAME .", "far.test", "NXDOMAIN 15: CNAME alias.test. CNAME www.test.")]
    [InlineData("24.0.2.0.192.rpz-ip CNAME .", "mail.test", "NOERROR 0: A 192.0.3.25")]
    [InlineData("24.0.2.0.192.rpz-ip A 192.0.2.7", "www.test", "NOERROR 4: A 192.0.2.7")]
    [InlineData("24.0.0.0.10.rpz-client-ip CNAME .", "mail.test", "NXDOMAIN 17:")]
    [InlineData("24.0.1.0.10.rpz-client-ip CNAME .", "mail.test", "NOERROR 0: A 192.0.3.25")]
    [InlineData("*.test CNAME .\nmail.test CNAME rpz-passthru.", "mail.test", "NOERROR 0: A 192.0.3.25")]
    [InlineData("nowhere.test A 192.0.2.1", "nowhere.test", "NOERROR 4: A 192.0.2.1")]
    [InlineData("bad.elsewhere A 192.0.2.1", "bad.elsewhere", "NOERROR 4: A 192.0.2.1")]
    [InlineData("ns.test.rpz-nsdname CNAME .", "www.test", "NXDOMAIN 15:")]
    [InlineData("other.nowhere.rpz-nsdname CNAME .", "www.test", "NXDOMAIN 15:")]
    [InlineData("ns.rpz-nsdname CNAME *.", "www.test", "NOERROR 15:")]
    [InlineData("*.nowhere.rpz-nsdname A 192.0.2.1", "far.test", "NOERROR 4: A 192.0.2.1")]
    [InlineData("ns.test.rpz-nsdname CNAME .\nwww.test CNAME rpz-passthru.", "www.test", "NOERROR 0: A 192.0.2.80")]
    [InlineData("ns.other.rpz-nsdname CNAME .", "www.test", "NOERROR 0: A 192.0.2.80")]
    [InlineData("ns.test.rpz-nsdname CNAME .", "none.test", "NXDOMAIN 0:")]
    [InlineData("32.1.0.1.10.rpz-nsip CNAME .", "www.test", "NXDOMAIN 15:")]
    [InlineData("32.1.0.0.10.rpz-nsip CNAME .", "www.test", "NXDOMAIN 15:")]
    [InlineData("32.2.0.1.10.rpz-nsip CNAME .", "www.test", "NOERROR 0: A 192.0.2.80")]
    [InlineData("ns.apart.test.rpz-nsdname CNAME .", "to-apart.test", "NXDOMAIN 15: CNAME www.apart.test.")]
    [InlineData("ns.apart.test.rpz-nsdname CNAME .", "www.test", "NOERROR 0: A 192.0.2.80")]
    [InlineData("24.0.7.1.10.rpz-nsip CNAME .", "www.apart.test", "NXDOMAIN 15:")]
    public void A_rule_counts_from_the_network_and_from_the_cache(string rules, string name, string answer)
    {
        _policy.Current = Set(rules);
        Assert.Equal(answer, Ask(name));
        // Now everything that is needed is known, with and without rules.
        _policy.Current = PolicySet.Empty;
        Ask(name);
        _policy.Current = Set(rules);
        Assert.Equal(answer, Ask(name));
    }

    [Theory]
    [InlineData("www.test CNAME .", "Name www.test. NameError")]
    [InlineData("*.test CNAME rpz-passthru.", "Name www.test. PassThrough")]
    [InlineData("24.0.2.0.192.rpz-ip CNAME rpz-drop.", "Address 192.0.2.80 Drop")]
    [InlineData("24.0.0.0.10.rpz-client-ip A 192.0.2.1", "Client 10.0.0.9 LocalData")]
    [InlineData("ns.test.rpz-nsdname CNAME *.", "ServerName ns.test. NoData")]
    [InlineData("24.0.0.1.10.rpz-nsip CNAME .", "ServerAddress 10.1.0.1 NameError")]
    public void A_rule_that_counts_is_told(string rules, string told)
    {
        _policy.Current = Set(rules);
        Ask("www.test");
        var applied = Assert.Single(_world.Told<PolicyApplied>());
        Assert.Equal(("rpz.local.", "www.test", "A", told), (applied.Zone, applied.Name, applied.Type, $"{applied.Trigger} {applied.Met} {applied.Action}"));
    }

    /// <summary>What the zone says of itself is known no more, and neither is what its parent says: both are asked for again.</summary>
    [Fact]
    public void Whom_a_rule_is_about_does_not_hang_on_what_is_known()
    {
        _policy.Current = Set("ns.test.rpz-nsdname CNAME .");
        Ask("long.test");
        _world.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(700), _world.Client.Time);
            return true;
        });
        Assert.Empty(_resolver.Memory.Delegations.RowsAt(NetworkClock.Monotonic(_world.Client)));
        Assert.Equal("NXDOMAIN 15:", Ask("long.test"));
    }

    [Fact]
    public void Who_comes_by_tcp_has_what_is_kept_from_datagrams()
    {
        _policy.Current = Set("www.test CNAME rpz-tcp-only.");
        Assert.Equal("NOERROR tc 0:", Ask("www.test"));
        Assert.Equal("NOERROR 0: A 192.0.2.80", Ask("www.test", DnsTransport.Tcp));
    }

    [Fact]
    public void A_name_that_is_blocked_is_not_asked_for()
    {
        _policy.Current = Set("www.test CNAME .");
        Ask("www.test");
        Assert.Empty(_world.Received);
    }

    [Fact]
    public void An_earlier_zone_lets_through_what_a_later_one_would_block_and_each_counts_its_own()
    {
        var (allow, block) = (Read("24.0.2.0.192.rpz-ip CNAME rpz-passthru.", "allow.local"), Read("*.test CNAME .", "block.local"));
        _policy.Current = new PolicySet([allow, block]);
        Assert.Equal("NOERROR 0: A 192.0.2.80", Ask("www.test"));
        Assert.Equal("NXDOMAIN 15:", Ask("mail.test"));
        Assert.Equal("NXDOMAIN 15:", Ask("mail.test"));
        Assert.Equal([("allow.local.", 1L), ("block.local.", 2L)], _policy.Hits.Select(static hit => ($"{hit.Zone}", hit.Count)).Order());
    }

    [Fact]
    public void What_no_rule_is_about_comes_from_the_cache_at_once()
    {
        _policy.Current = Set("*.bad CNAME .\n24.0.2.0.192.rpz-ip CNAME .\n24.0.9.0.10.rpz-client-ip CNAME .");
        Ask("mail.test");
        var cached = new CachedAnswers(_resolver.Memory.Cache, new CachedAnswerRules(false, false, false) { Policy = _policy });
        var response = new byte[512];
        int Answer(string name) => cached.Answer(
            DnsMessage.Query(7, new Question(DnsName.Parse(name), RecordType.A), HeaderFlags.RecursionDesired, Edns.Default).ToArray(), DnsTransport.Udp,
            NetworkClock.Monotonic(_world.Client), response);
        Assert.True(Answer("mail.test") > 0);
        _policy.Current = Set("24.0.3.0.192.rpz-ip CNAME .");
        Assert.Equal(CachedAnswers.NotHere, Answer("mail.test"));
    }

    private string Ask(string name, DnsTransport transport = DnsTransport.Udp) => _world.Run(async () =>
    {
        var query = DnsMessage.Query(7, new Question(DnsName.Parse(name), RecordType.A), HeaderFlags.RecursionDesired, Edns.Default).ToArray();
        var response = new byte[4096];
        var length = await _responder.AnswerAsync(query, new Endpoint(IpAddress.Parse("10.0.0.9"), 5353), transport, response, _world.Tracer.Root(_world.Client), default);
        if (length == 0) { return "silence"; }
        Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out _));
        var error = answer.Edns!.Options.Count > 0 ? answer.Edns.Options[0].Data[1] : 0;
        var records = string.Concat(answer.Answers.Select(static record => $" {record.Type} {record.Data}"));
        return $"{answer.ResponseCode}{(answer.Flags.HasFlag(HeaderFlags.Truncated) ? " tc" : "")} {error}:{records}";
    });

    private static PolicySet Set(string rules) => new([Read(rules, "rpz.local")]);

    private static PolicyZone Read(string rules, string name)
    {
        var zone = PolicyZone.Read($"$TTL 60\n@ SOA ns mail 1 60 60 60 60\n{rules}\n", "list", DnsName.Parse(name), null, out var problems);
        Assert.True(zone is not null, string.Join('\n', problems));
        return zone;
    }
}
