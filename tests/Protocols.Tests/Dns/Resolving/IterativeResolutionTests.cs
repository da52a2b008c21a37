using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Errors;

namespace Firstbyte.Tests.Dns.Resolving;

public sealed class IterativeResolutionTests
{
    [Fact]
    public void The_chapters_name_is_found_by_four_servers_from_the_root_down()
    {
        var net = Chapter();
        var answer = net.Answer("www.lab.glasscom.com");
        Assert.Equal([IpAddress.Parse("192.0.2.226")], answer.Addresses);
        Assert.Equal(AnswerSourceKind.ResponsibleServer, answer.Source.Kind);
        Assert.True(answer.Source.Authoritative);
        Assert.Equal(new Endpoint(IpAddress.Parse("192.0.2.20"), 53), answer.Source.Server);
        Assert.Equal("ns1.lab.glasscom.com", answer.Source.ServerName);
        Assert.Equal(["198.41.0.4:53", "192.5.6.30:53", "192.0.2.10:53", "192.0.2.20:53"], net.Sent.Select(sent => sent.Server.ToString()));
        Assert.Equal([".>com", "com>glasscom.com", "glasscom.com>lab.glasscom.com"], net.Told<ReferralFollowed>().Select(told => $"{told.FromZone}>{told.ToZone}"));
        Assert.Equal(TimeSpan.FromMilliseconds(80), net.Now - Tracing.Instant.SimulationEpoch);
        var completed = Assert.Single(net.Told<ResolutionCompleted>());
        Assert.Equal(["192.0.2.226"], completed.Answers);
        Assert.Equal("NOERROR", completed.Code);
        Assert.Equal(300, completed.TtlSeconds);
    }

    [Fact]
    public void A_second_question_is_answered_from_the_cache_with_its_age_and_the_time_left()
    {
        var net = Chapter();
        net.Answer("www.lab.glasscom.com");
        net.Pass(TimeSpan.FromSeconds(100));
        var again = net.Answer("WWW.lab.glasscom.COM");
        Assert.Equal(4, net.Sent.Count);
        Assert.Equal(AnswerSourceKind.Cache, again.Source.Kind);
        Assert.False(again.Source.Authoritative);
        Assert.Equal(100, again.Source.AgeSeconds);
        Assert.Equal(200u, again.Records[0].Ttl.Seconds);
        Assert.Equal("ns1.lab.glasscom.com", again.Source.ServerName);
    }

    [Fact]
    public void A_cached_set_is_not_used_after_its_time_and_the_question_starts_at_the_deepest_known_cut()
    {
        var net = Chapter();
        net.Answer("www.lab.glasscom.com");
        net.Pass(TimeSpan.FromSeconds(301));
        var again = net.Answer("www.lab.glasscom.com");
        Assert.Equal(AnswerSourceKind.ResponsibleServer, again.Source.Kind);
        Assert.Equal("192.0.2.20:53", net.Sent[^1].Server.ToString());
        Assert.Equal(5, net.Sent.Count);
    }

    [Fact]
    public void A_name_that_does_not_exist_is_denied_by_the_right_server_and_then_by_the_cache_until_its_time_has_passed()
    {
        var net = Chapter();
        var first = net.Answer("nosuch.lab.glasscom.com");
        Assert.Equal(ResponseCode.NameError, first.Code);
        Assert.True(first.IsDenial);
        Assert.Equal("ns1.lab.glasscom.com", first.Source.ServerName);
        Assert.Equal(60, first.Source.TtlSeconds);
        var sent = net.Sent.Count;

        net.Pass(TimeSpan.FromSeconds(59));
        var second = net.Answer("nosuch.lab.glasscom.com", "AAAA");
        Assert.Equal(ResponseCode.NameError, second.Code);
        Assert.Equal(AnswerSourceKind.Cache, second.Source.Kind);
        Assert.Equal(sent, net.Sent.Count);

        net.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(AnswerSourceKind.ResponsibleServer, net.Answer("nosuch.lab.glasscom.com").Source.Kind);
        Assert.Equal(sent + 1, net.Sent.Count);
    }

    [Fact]
    public void A_name_without_records_of_the_type_is_no_data_and_only_this_type_is_cached_so()
    {
        var net = Chapter();
        var answer = net.Answer("www.lab.glasscom.com", "AAAA");
        Assert.True(answer.IsDenial);
        Assert.Equal(ResponseCode.NoError, answer.Code);
        Assert.NotNull(answer.Soa);
        Assert.Equal(AnswerSourceKind.Cache, net.Answer("www.lab.glasscom.com", "AAAA").Source.Kind);
        Assert.Equal(AnswerSourceKind.ResponsibleServer, net.Answer("www.lab.glasscom.com").Source.Kind);
    }

    [Fact]
    public void An_alias_into_another_zone_restarts_from_the_deepest_cut_known()
    {
        var net = Chapter();
        var answer = net.Answer("alias.glasscom.com");
        Assert.Equal([IpAddress.Parse("192.0.2.226")], answer.Addresses);
        Assert.Equal(DnsName.Parse("www.lab.glasscom.com"), answer.CanonicalName);
        Assert.Equal(2, answer.Records.Length);
        Assert.Equal(("alias.glasscom.com", "www.lab.glasscom.com"), Assert.Single(net.Told<AliasFollowed>().Select(told => (told.From, told.To))));
    }

    [Fact]
    public void An_alias_that_stands_for_itself_by_way_of_others_is_a_loop_and_says_so()
    {
        var net = Chapter();
        var failure = net.Failure("loop1.glasscom.com");
        Assert.Equal(ResolutionFailureReason.AliasLoop, failure.Reason);
        Assert.Equal(FaultParty.ZoneOperator, failure.AtFault);
        Assert.True(net.Sent.Count < 10);
    }

    [Fact]
    public void A_chain_of_aliases_ends_at_the_limit()
    {
        var lines = Enumerable.Range(0, 40).Select(i => $"a{i}.chain. 60 CNAME a{i + 1}.chain.").Append("a40.chain. 60 A 192.0.2.1").ToArray();
        var net = new TestInternet().Serve("198.41.0.4", new TestZone(".", "chain. 60 NS ns.chain.", "ns.chain. 60 A 192.0.2.50")).Serve("192.0.2.50", new TestZone("chain.", lines));
        Assert.Equal(ResolutionFailureReason.AliasChainTooLong, net.Failure("a0.chain").Reason);
        Assert.Equal([IpAddress.Parse("192.0.2.1")], net.Answer("a29.chain").Addresses);
    }

    [Fact]
    public void A_dname_is_worked_out_here_and_followed()
    {
        var net = new TestInternet()
            .Serve("198.41.0.4", new TestZone(".", "old. 60 NS ns.old.", "ns.old. 60 A 192.0.2.50", "new. 60 NS ns.new.", "ns.new. 60 A 192.0.2.51"))
            .Serve("192.0.2.50", new TestZone("old.", "tree.old. 60 DNAME tree.new."))
            .Serve("192.0.2.51", new TestZone("new.", "www.tree.new. 60 A 192.0.2.9"));
        var answer = net.Answer("www.tree.old");
        Assert.Equal([IpAddress.Parse("192.0.2.9")], answer.Addresses);
        Assert.Equal(DnsName.Parse("www.tree.new"), answer.CanonicalName);
        Assert.True(Assert.Single(net.Told<AliasFollowed>()).Substituted);
    }

    [Fact]
    public void A_server_name_without_glue_is_looked_up_first()
    {
        var net = Chapter();
        Assert.Equal([IpAddress.Parse("192.0.2.77")], net.Answer("www.hosted.com").Addresses);
        Assert.Equal("ns1.lab.glasscom.com", Assert.Single(net.Told<ServerAddressNeeded>()).ServerName);
    }

    [Fact]
    public void Types_between_one_client_and_one_server_are_not_resolved()
    {
        Assert.Equal(ResolutionFailureReason.TypeNotResolvable, Chapter().Failure("glasscom.com", "AXFR").Reason);
    }

    [Fact]
    public void The_same_seed_gives_the_same_messages()
    {
        byte[] Run()
        {
            var net = Chapter();
            net.Answer("www.lab.glasscom.com");
            return [.. net.Sent.SelectMany(sent => sent.Query.ToArray())];
        }

        Assert.Equal(Run(), Run());
    }

    [Fact]
    public void Records_come_back_in_the_case_of_the_question_and_not_in_the_random_case_that_was_sent()
    {
        var net = Chapter();
        var answer = net.Answer("www.lab.glasscom.com");
        Assert.Contains(net.Sent, sent => !sent.Query.Questions[0].Name.EqualsExactly(DnsName.Parse("www.lab.glasscom.com")));
        Assert.True(answer.Records[0].Owner.EqualsExactly(DnsName.Parse("www.lab.glasscom.com")));
    }

    [Fact]
    public void Without_the_cache_the_records_are_asked_for_again()
    {
        var net = Chapter(useCache: false);
        net.Answer("www.lab.glasscom.com");
        Assert.Equal(AnswerSourceKind.ResponsibleServer, net.Answer("www.lab.glasscom.com").Source.Kind);
        Assert.Empty(net.Told<CacheProbed>());
    }

    [Fact]
    public void An_alias_taken_from_the_cache_ages_while_the_question_goes_on_below_it()
    {
        var net = new TestInternet { RoundTrip = TimeSpan.FromMilliseconds(300) }
            .Serve("198.41.0.4", new TestZone(".",
                "x. 3600 NS ns.x.", "ns.x. 3600 A 192.0.2.1", "c. 3600 NS ns.c.", "ns.c. 3600 A 192.0.2.2"))
            .Serve("192.0.2.1", new TestZone("x.", "alias.x. 300 CNAME far.a.b.c."))
            .Serve("192.0.2.2", new TestZone("c.", "b.c. 3600 NS ns.b.c.", "ns.b.c. 3600 A 192.0.2.3"))
            .Serve("192.0.2.3", new TestZone("b.c.", "a.b.c. 3600 NS ns.a.b.c.", "ns.a.b.c. 3600 A 192.0.2.4"))
            .Serve("192.0.2.4", new TestZone("a.b.c.", "far.a.b.c. 300 A 192.0.2.5"));
        net.Answer("alias.x", "CNAME");
        // From here to the answer it is four servers, 1.2 s.
        var answer = net.Answer("alias.x");
        Assert.Equal([299u, 300u], answer.Records.Select(record => record.Ttl.Seconds));
    }

    internal static TestInternet Chapter(bool useCache = true) => new TestInternet(useCache: useCache)
        .Serve("198.41.0.4", new TestZone(".", "com. 172800 NS a.gtld-servers.net.", "a.gtld-servers.net. 172800 A 192.5.6.30"))
        .Serve("192.5.6.30", new TestZone("com.",
            "glasscom.com. 172800 NS ns1.glasscom.com.", "ns1.glasscom.com. 172800 A 192.0.2.10",
            "hosted.com. 172800 NS ns1.lab.glasscom.com."))
        .Serve("192.0.2.10", new TestZone("glasscom.com.",
            "lab.glasscom.com. 86400 NS ns1.lab.glasscom.com.", "ns1.lab.glasscom.com. 86400 A 192.0.2.20",
            "alias.glasscom.com. 300 CNAME www.lab.glasscom.com.",
            "loop1.glasscom.com. 300 CNAME loop2.glasscom.com.", "loop2.glasscom.com. 300 CNAME loop1.glasscom.com."))
        .Serve("192.0.2.20",
            new TestZone("lab.glasscom.com.", "www.lab.glasscom.com. 300 A 192.0.2.226", "ns1.lab.glasscom.com. 300 A 192.0.2.20"),
            new TestZone("hosted.com.", "www.hosted.com. 300 A 192.0.2.77"));
}
