using Firstbyte.Addressing;
using Firstbyte.Dns.Policies;
using Firstbyte.Dns.Records;

namespace Firstbyte.Tests.Dns.Policies;

/// <summary>Response policy zones as they are written, and which of their rules counts.</summary>
public sealed class PolicyZoneTests
{
    private const string Head = "$TTL 60\n@ SOA ns mail 1 60 60 60 60\n@ NS ns\n";
    private static readonly IpAddress s_client = IpAddress.Parse("198.51.100.7");

    [Theory]
    [InlineData("bad CNAME .", "bad", PolicyAction.NameError)]
    [InlineData("bad CNAME .", "x.bad", null)]
    [InlineData("bad CNAME .", "BAD", PolicyAction.NameError)]
    [InlineData("*.bad CNAME *.", "bad", null)]
    [InlineData("*.bad CNAME *.", "x.y.bad", PolicyAction.NoData)]
    [InlineData("*.bad CNAME .\ngood.bad CNAME rpz-passthru.", "good.bad", PolicyAction.PassThrough)]
    [InlineData("*.bad CNAME .\ngood.bad CNAME rpz-passthru.", "x.good.bad", PolicyAction.NameError)]
    [InlineData("*.bad CNAME .\n*.good.bad CNAME rpz-passthru.", "x.y.good.bad", PolicyAction.PassThrough)]
    [InlineData("* CNAME rpz-drop.", "anything.at.all", PolicyAction.Drop)]
    [InlineData("bad CNAME RPZ-TCP-ONLY.", "bad", PolicyAction.TcpOnly)]
    [InlineData("bad CNAME bad.", "bad", PolicyAction.PassThrough)]
    [InlineData("bad CNAME garden.example.", "bad", PolicyAction.LocalData)]
    [InlineData("bad A 192.0.2.1\nbad AAAA 2001:db8::1\nbad TXT seen", "bad", PolicyAction.LocalData)]
    public void A_name_has_the_closest_rule(string rules, string name, PolicyAction? action) =>
        Assert.Equal(action, Read(rules).Find(DnsName.Parse(name).Wire)?.Action);

    [Theory]
    [InlineData("24.0.2.0.192.rpz-ip", "192.0.2.77", true)]
    [InlineData("24.0.2.0.192.rpz-ip", "192.0.3.77", false)]
    [InlineData("32.7.2.0.192.rpz-ip", "192.0.2.7", true)]
    [InlineData("48.zz.2.db8.2001.rpz-ip", "2001:db8:2::9", true)]
    [InlineData("48.zz.2.db8.2001.rpz-ip", "2001:db8:3::9", false)]
    [InlineData("128.1.zz.2.db8.2001.rpz-ip", "2001:db8:2::1", true)]
    [InlineData("128.8.7.6.5.4.3.db8.2001.rpz-ip", "2001:db8:3:4:5:6:7:8", true)]
    [InlineData("8.0.0.0.10.rpz-ip CNAME .\n16.0.0.1.10.rpz-ip", "10.1.2.3", true)]
    public void An_address_has_the_rule_of_the_longest_network(string trigger, string address, bool isMet) =>
        Assert.Equal(isMet ? PolicyAction.NoData : null, Read(trigger + " CNAME *.").FindAddress(IpAddress.Parse(address))?.Action);

    [Theory]
    [InlineData("24.1.2.0.192.rpz-nsip CNAME .", PolicyFlaw.BadNetwork, 4)]
    [InlineData("ns.bad.rpz-nsdname CNAME .\nns.bad.rpz-nsdname CNAME *.", PolicyFlaw.MixedRule, 5)]
    [InlineData("24.1.2.0.192.rpz-ip CNAME .", PolicyFlaw.BadNetwork, 4)]
    [InlineData("33.1.2.0.192.rpz-ip CNAME .", PolicyFlaw.BadNetwork, 4)]
    [InlineData("0.0.0.0.0.rpz-ip CNAME .", PolicyFlaw.BadNetwork, 4)]
    [InlineData("1.2.0.192.rpz-client-ip CNAME .", PolicyFlaw.BadNetwork, 4)]
    [InlineData("rpz-ip CNAME .", PolicyFlaw.BadNetwork, 4)]
    [InlineData("64.zz.1.zz.2001.rpz-ip CNAME .", PolicyFlaw.BadNetwork, 4)]
    [InlineData("bad CNAME rpz-explode.", PolicyFlaw.UnknownAction, 4)]
    [InlineData("bad CNAME x.rpz-drop.", PolicyFlaw.UnknownAction, 4)]
    [InlineData("bad CNAME .\nbad A 192.0.2.1", PolicyFlaw.MixedRule, 5)]
    [InlineData("bad CNAME garden.\nbad A 192.0.2.1", PolicyFlaw.MixedRule, 5)]
    [InlineData("24.0.2.0.192.rpz-ip CNAME .\n24.0.2.0.192.rpz-ip CNAME *.", PolicyFlaw.MixedRule, 5)]
    [InlineData("other.example. CNAME .", PolicyFlaw.OutOfZone, 4)]
    [InlineData("bad A nonsense", PolicyFlaw.BadRecord, 4)]
    public void A_faulty_rule_is_told_with_its_place(string rules, PolicyFlaw flaw, int line)
    {
        Assert.Null(PolicyZone.Read(Head + rules + "\n", "list", DnsName.Parse("rpz.local"), null, out var problems));
        Assert.Equal((flaw, line, "list"), (problems[0].Flaw, problems[0].Place.Line, problems[0].Place.File));
    }

    [Fact]
    public void Without_a_name_the_zone_is_that_of_its_soa_record()
    {
        var zone = PolicyZone.Read("$ORIGIN rpz.test.\n" + Head + "bad.example CNAME .\nrpz.test. A 192.0.2.1\n", "list", null, null, out _)!;
        Assert.Equal((DnsName.Parse("rpz.test"), 1), (zone.Name, zone.TriggerCount));
        Assert.NotNull(zone.Find(DnsName.Parse("bad.example").Wire));
    }

    [Fact]
    public void Many_names_are_found_and_no_others()
    {
        var zone = Read(string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"n{i}.example CNAME .\n*.n{i}.example CNAME *.\n")));
        Assert.Equal(40_000, zone.TriggerCount);
        for (var i = 0; i < 20_000; i += 37)
        {
            Assert.Equal(PolicyAction.NameError, zone.Find(DnsName.Parse($"N{i}.example").Wire)!.Action);
            Assert.Equal(PolicyAction.NoData, zone.Find(DnsName.Parse($"a.b.n{i}.example").Wire)!.Action);
            Assert.Null(zone.Find(DnsName.Parse($"x{i}.example").Wire));
        }
    }

    [Fact]
    public void The_first_zone_that_has_a_rule_counts_and_an_earlier_alias_before_it()
    {
        var (first, second) = (Read("target CNAME .\n24.0.2.0.192.rpz-ip CNAME *."), Read("start CNAME rpz-drop.\ntarget A 192.0.2.9\n32.7.100.51.198.rpz-client-ip CNAME rpz-tcp-only."));
        var (start, target, address) = (DnsName.Parse("start"), DnsName.Parse("target"), IpAddress.Parse("192.0.2.1"));
        var set = new PolicySet([first, second]);
        Assert.Equal((second, PolicyAction.TcpOnly, PolicyTrigger.Client, 0), Of(set.OfAnswer(s_client, [start, target], [address])));
        Assert.Equal((second, PolicyAction.Drop, PolicyTrigger.Name, 0), Of(set.OfAnswer(IpAddress.LoopbackV4, [start, target], [address])));
        Assert.Equal((first, PolicyAction.NameError, PolicyTrigger.Name, 1), Of(set.OfAnswer(IpAddress.LoopbackV4, [DnsName.Parse("x"), target], [address])));
        Assert.Equal((first, PolicyAction.NoData, PolicyTrigger.Address, 0), Of(set.OfAnswer(IpAddress.LoopbackV4, [start], [address])));
        Assert.Null(set.OfAnswer(IpAddress.LoopbackV4, [DnsName.Parse("x")], [IpAddress.LoopbackV6]));
        // The first zone's addresses may have a say before the second zone's names.
        Assert.Null(set.BeforeAnswer(IpAddress.LoopbackV4, start));
        Assert.Equal(PolicyAction.NameError, set.BeforeAnswer(s_client, target)!.Value.Rule.Action);
        Assert.Equal(PolicyAction.Drop, new PolicySet([second, first]).BeforeAnswer(IpAddress.LoopbackV4, start)!.Value.Rule.Action);
    }

    [Theory]
    [InlineData("ns.bad.rpz-nsdname CNAME .", "ServerName ns.bad. NameError 1")]
    [InlineData("*.bad.rpz-nsdname CNAME .", "ServerName ns.bad. NameError 1")]
    [InlineData("*.bad.rpz-nsdname CNAME .\nns.bad.rpz-nsdname CNAME rpz-passthru.", "ServerName ns.bad. PassThrough 1")]
    [InlineData("24.0.2.0.192.rpz-nsip CNAME .\n32.5.2.0.192.rpz-nsip CNAME *.", "ServerAddress 192.0.2.5 NoData 1")]
    [InlineData("24.0.2.0.192.rpz-nsip CNAME .", "ServerAddress 192.0.2.4 NameError 1")]
    [InlineData("24.0.2.0.192.rpz-nsip CNAME .\nns.bad.rpz-nsdname CNAME rpz-drop.", "ServerName ns.bad. Drop 1")]
    [InlineData("24.0.2.0.192.rpz-nsip CNAME .\n32.1.51.100.203.rpz-ip CNAME rpz-drop.", "Address 203.100.51.1 Drop 1")]
    [InlineData("ns.bad.rpz-nsdname CNAME .\ntarget CNAME rpz-drop.", "Name target. Drop 1")]
    [InlineData("ns.bad.rpz-nsdname CNAME .\nroot.rpz-nsdname CNAME rpz-drop.", "ServerName root. Drop 0")]
    [InlineData("ns.rpz-nsdname CNAME .\n24.0.9.0.192.rpz-nsip CNAME .", "")]
    // Rules about what is asked for are not those about servers.
    [InlineData("ns.bad CNAME .\n24.0.2.0.192.rpz-ip CNAME .\n24.0.2.0.192.rpz-client-ip CNAME .", "")]
    public void Servers_on_the_way_count_after_everything_else_of_their_name(string rules, string verdict)
    {
        DnsName[] Names(params string[] names) => [.. names.Select(DnsName.Parse)];
        IpAddress[] addresses = [IpAddress.Parse("192.0.2.5"), IpAddress.Parse("192.0.2.4")];
        var set = new PolicySet([Read(rules)]);
        var found = set.OfAnswer(
            s_client, Names("start", "target"), [IpAddress.Parse("203.100.51.1")],
            [new PolicyServers(Names("root"), []), new PolicyServers(Names("root", "ns.bad", "a.ns.bad"), addresses)]);
        Assert.Equal(verdict, found is { } one ? $"{one.Trigger} {one.Met} {one.Rule.Action} {one.Position}" : "");
        Assert.Equal(rules.Contains("rpz-ns", StringComparison.Ordinal), set.HasServers);
    }

    [Theory]
    [InlineData("garden.example.", "www.bad", "garden.example")]
    [InlineData("*.garden.example.", "www.bad", "www.bad.garden.example")]
    [InlineData("*.garden.example.", "long", null)]
    public void A_rule_leads_elsewhere(string target, string name, string? led)
    {
        var met = name == "long" ? DnsName.Parse(string.Join('.', Enumerable.Repeat(new string('a', 60), 4))) : DnsName.Parse(name);
        var rule = Read($"*.bad CNAME {target}").Find(DnsName.Parse("www.bad").Wire)!;
        Assert.Equal(led, rule.TargetOf(met, out var isTooLong)?.ToHostString());
        Assert.Equal(led is null, isTooLong);
    }

    private static (PolicyZone, PolicyAction, PolicyTrigger, int) Of(PolicyVerdict? verdict) =>
        (verdict!.Value.Zone, verdict.Value.Rule.Action, verdict.Value.Trigger, verdict.Value.Position);

    private static PolicyZone Read(string rules)
    {
        var zone = PolicyZone.Read(Head + rules + "\n", "list", DnsName.Parse("rpz.local"), null, out var problems);
        Assert.True(zone is not null, string.Join('\n', problems));
        return zone;
    }
}
