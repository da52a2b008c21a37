using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;

namespace Firstbyte.Tests.Dns.Resolving;

public sealed class HostileServerTests
{
    private static readonly TestServer Silence = (_, _) => [];

    [Fact]
    public void Servers_that_never_answer_end_in_bounded_time_with_each_of_them_as_evidence()
    {
        var net = World().Serve("192.0.2.50", Silence).Serve("192.0.2.51", Silence);
        var failure = net.Failure("www.test");
        Assert.Equal(ResolutionFailureReason.NoServerAnswers, failure.Reason);
        Assert.Equal(FaultParty.ZoneOperator, failure.AtFault);
        Assert.Equal("test.", failure.Zone.ToString());
        Assert.Equal(["192.0.2.50:53", "192.0.2.51:53"], failure.Evidence.Select(one => one.Server!.Value.ToString()).Order());
        Assert.All(failure.Evidence, one => Assert.Equal((ServerOutcome.Silent, 3), (one.Outcome, one.Tries)));
        Assert.True(net.Now - Tracing.Instant.SimulationEpoch < ResolutionLimits.ClientQueryTime);
        Assert.Equal(6, net.Told<QueryTimedOut>().Count());
    }

    [Fact]
    public void A_silent_and_a_refusing_server_are_told_apart()
    {
        var net = World().Serve("192.0.2.50", Silence).Serve("192.0.2.51", Always(ResponseCode.Refused));
        var failure = net.Failure("www.test");
        Assert.Equal(ResolutionFailureReason.NoServerUsable, failure.Reason);
        Assert.Equal(ServerOutcome.Silent, failure.Evidence.Single(one => one.ServerName == "ns1.test").Outcome);
        Assert.Equal((ServerOutcome.Lame, LamenessKind.Refused), failure.Evidence.Where(one => one.ServerName == "ns2.test").Select(one => (one.Outcome, one.Lameness!.Value)).Single());
    }

    [Theory]
    [InlineData("refused", LamenessKind.Refused)]
    [InlineData("servfail", LamenessKind.ServerFailure)]
    [InlineData("notauth", LamenessKind.OtherError)]
    [InlineData("upward", LamenessKind.UpwardReferral)]
    [InlineData("sideways", LamenessKind.UpwardReferral)]
    [InlineData("self", LamenessKind.UpwardReferral)]
    [InlineData("nothing", LamenessKind.NotAuthoritative)]
    [InlineData("recursive nothing", LamenessKind.RecursionOnly)]
    public void Each_kind_of_lame_server_is_named_and_the_next_one_asked(string behaviour, LamenessKind kind)
    {
        TestServer lame = (query, _) => [behaviour switch
        {
            "refused" => TestZone.Reply(query, ResponseCode.Refused),
            "servfail" => TestZone.Reply(query, ResponseCode.ServerFailure),
            "notauth" => TestZone.Reply(query, ResponseCode.NotAuthoritative),
            "upward" => TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.None, authority: [". 600 NS a.root-servers.net."]),
            "sideways" => TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.None, authority: ["other. 600 NS ns.other."]),
            "self" => TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.None, authority: ["test. 600 NS ns1.test."]),
            "nothing" => TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.None),
            _ => TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.RecursionAvailable),
        }];
        var both = World().Serve("192.0.2.50", lame).Serve("192.0.2.51", lame).Failure("www.test");
        Assert.Equal(ResolutionFailureReason.AllServersLame, both.Reason);
        Assert.All(both.Evidence, one => Assert.Equal(kind, one.Lameness));

        var net = World().Serve("192.0.2.50", lame).Serve("192.0.2.51", Good);
        Assert.Equal([IpAddress.Parse("192.0.2.99")], net.Answer("www.test").Addresses);
        Assert.All(net.Told<ServerLame>(), told => Assert.Equal(kind, told.Kind));
    }

    [Fact]
    public void Lameness_is_remembered_for_the_zone_and_is_no_reason_to_ask_nobody()
    {
        var net = World().Serve("192.0.2.50", Always(ResponseCode.Refused)).Serve("192.0.2.51", Always(ResponseCode.Refused));
        net.Failure("www.test");
        var sent = net.Sent.Count;
        net.Pass(TimeSpan.FromSeconds(6));
        Assert.Equal(ResolutionFailureReason.AllServersLame, net.Failure("other.test").Reason);
        // The cut is known and its servers too; they may know another name. The parent is asked once more, whether it names others by now.
        Assert.Equal(
            ["192.0.2.50:53", "192.0.2.51:53", "198.41.0.4:53"],
            net.Sent.Skip(sent).Select(one => one.Server.ToString()).OrderBy(server => server == "198.41.0.4:53").ThenBy(server => server));
        // Who knows one name of two is asked for it first from then on, not last.
        net.Serve("192.0.2.51", Good);
        net.Pass(TimeSpan.FromSeconds(6));
        Assert.Equal([IpAddress.Parse("192.0.2.99")], net.Answer("www.test").Addresses);
    }

    [Fact]
    public void An_empty_reply_without_soa_is_believed_only_after_others_were_asked()
    {
        TestServer empty = (query, _) => [TestZone.Reply(query, ResponseCode.NoError)];
        var net = World().Serve("192.0.2.50", empty).Serve("192.0.2.51", Good);
        Assert.Equal([IpAddress.Parse("192.0.2.99")], net.Answer("www.test").Addresses);

        net = World().Serve("192.0.2.50", empty).Serve("192.0.2.51", empty);
        var answer = net.Answer("www.test");
        Assert.True(answer.IsDenial);
        Assert.Null(answer.Soa);
        // It says nothing of its time: it is kept as long as a failure.
        Assert.True(net.Memory.Cache.TryGet(DnsName.Parse("www.test"), RecordType.A, net.Now + TimeSpan.FromSeconds(4), out _));
        Assert.False(net.Memory.Cache.TryGet(DnsName.Parse("www.test"), RecordType.A, net.Now + TimeSpan.FromSeconds(6), out _));
    }

    [Fact]
    public void An_answer_without_aa_is_accepted_at_the_lowest_rank()
    {
        TestServer noAa = (query, _) => [TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.None, answer: ["www.test. 600 A 192.0.2.99"])];
        var net = World().Serve("192.0.2.50", noAa).Serve("192.0.2.51", noAa);
        var answer = net.Answer("www.test");
        Assert.False(answer.Source.Authoritative);
        Assert.True(net.Memory.Cache.TryGet(DnsName.Parse("www.test"), RecordType.A, net.Now, out var hit));
        Assert.Equal(TrustRank.AnswerNonAuthoritative, hit.Entry.Rank);
    }

    [Fact]
    public void A_resolver_that_poses_as_a_server_is_believed_only_when_nobody_else_answers()
    {
        TestServer resolver = (query, _) => [TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.RecursionAvailable, answer: ["www.test. 600 A 192.0.2.66"])];
        Assert.Equal([IpAddress.Parse("192.0.2.99")], World().Serve("192.0.2.50", resolver).Serve("192.0.2.51", Good).Answer("www.test").Addresses);
        var net = World().Serve("192.0.2.50", resolver).Serve("192.0.2.51", resolver);
        Assert.Equal([IpAddress.Parse("192.0.2.66")], net.Answer("www.test").Addresses);
        Assert.False(net.Memory.Cache.TryGet(DnsName.Parse("www.test"), RecordType.A, net.Now, out _));
    }

    [Fact]
    public void Messages_with_another_id_are_rejected_and_the_second_one_sends_the_question_over_tcp()
    {
        TestServer forger = (query, transport) => transport == DnsTransport.Tcp
            ? Good(query, transport)
            : [.. Enumerable.Range(1, 50).Select(i => Patched(TestZone.Reply(query, ResponseCode.NoError, answer: ["www.test. 600 A 192.0.2.66"]), message => message[1] += (byte)i))];
        var net = World().Serve("192.0.2.50", forger).Serve("192.0.2.51", forger);
        Assert.Equal([IpAddress.Parse("192.0.2.99")], net.Answer("www.test").Addresses);
        Assert.Equal([RejectionReason.OtherId, RejectionReason.OtherId], net.Told<ResponseRejected>().Select(told => told.Reason));
        Assert.Equal(DnsTransport.Tcp, net.Sent[^1].Transport);
    }

    [Fact]
    public void A_reply_in_other_case_sends_the_question_over_tcp_where_case_does_not_matter()
    {
        TestServer folding = (query, _) => [TestZone.Reply(
            new DnsMessage { Id = query.Id, Edns = query.Edns, Questions = [new Question(query.Questions[0].Name.ToLower(), query.Questions[0].Type)] },
            ResponseCode.NoError, answer: ["www.test. 600 A 192.0.2.99"])];
        var net = World().Serve("192.0.2.50", folding).Serve("192.0.2.51", folding);
        Assert.Equal([IpAddress.Parse("192.0.2.99")], net.Answer("www.test").Addresses);
        Assert.Equal(RejectionReason.OtherCase, Assert.Single(net.Told<ResponseRejected>()).Reason);
    }

    [Theory]
    [InlineData("question")]
    [InlineData("query")]
    [InlineData("opcode")]
    [InlineData("no question")]
    public void A_message_that_is_not_the_answer_to_the_question_is_never_taken(string lie)
    {
        TestServer liar = (query, transport) => [lie switch
        {
            "question" => TestZone.Reply(new DnsMessage { Id = query.Id, Questions = [new Question(DnsName.Parse("bank.test"), RecordType.A)] }, ResponseCode.NoError, answer: ["www.test. 600 A 192.0.2.66"]),
            "query" => Patched(TestZone.Reply(query, ResponseCode.NoError, answer: ["www.test. 600 A 192.0.2.66"]), message => message[2] &= 0x7F),
            "opcode" => Patched(TestZone.Reply(query, ResponseCode.NoError, answer: ["www.test. 600 A 192.0.2.66"]), message => message[2] |= 0x10),
            _ => TestZone.Reply(new DnsMessage { Id = query.Id }, ResponseCode.NoError, answer: ["www.test. 600 A 192.0.2.66"]),
        }];
        var net = World().Serve("192.0.2.50", liar).Serve("192.0.2.51", liar);
        Assert.Equal(ServerOutcome.Silent, net.Failure("www.test").Evidence[0].Outcome);
        Assert.False(net.Memory.Cache.TryGet(DnsName.Parse("www.test"), RecordType.A, net.Now, out var hit) && hit.Outcome == CacheOutcome.Answer);
    }

    [Fact]
    public void A_truncated_reply_is_asked_for_again_over_tcp()
    {
        TestServer cutting = (query, transport) => transport == DnsTransport.Tcp ? Good(query, transport) : [TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.Truncated)];
        var net = World().Serve("192.0.2.50", cutting).Serve("192.0.2.51", cutting);
        Assert.Equal([IpAddress.Parse("192.0.2.99")], net.Answer("www.test").Addresses);
        Assert.Contains(net.Told<ResponseReceived>(), told => told.Truncated);
    }

    [Fact]
    public void A_truncated_reply_may_end_in_the_middle_of_a_record()
    {
        TestServer cutting = (query, transport) => transport == DnsTransport.Tcp
            ? Good(query, transport)
            : [TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.Truncated, answer: ["www.test. 600 A 192.0.2.66"])[..^13]];
        Assert.Equal([IpAddress.Parse("192.0.2.99")], World().Serve("192.0.2.50", cutting).Serve("192.0.2.51", cutting).Answer("www.test").Addresses);
    }

    [Fact]
    public void A_reply_that_says_truncated_over_tcp_too_is_useless()
    {
        TestServer cutting = (query, _) => [TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.Truncated)];
        Assert.Equal(ResolutionFailureReason.AllServersLame, World().Serve("192.0.2.50", cutting).Serve("192.0.2.51", cutting).Failure("www.test").Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_server_that_cannot_read_edns_is_asked_without(int code)
    {
        TestServer old = (query, transport) => query.Edns is null ? Good(query, transport) : [TestZone.Reply(new DnsMessage { Id = query.Id, Questions = query.Questions }, new ResponseCode((ushort)code))];
        var net = World().Serve("192.0.2.50", old).Serve("192.0.2.51", old);
        Assert.Equal([IpAddress.Parse("192.0.2.99")], net.Answer("www.test").Addresses);
        Assert.Equal([true, true, false], net.Told<QuerySent>().Select(told => told.Edns));
        net.Answer("mail.test", "TXT");
        Assert.Equal(2, net.Told<QuerySent>().Skip(3).Count(told => told.Zone == "test"));
    }

    [Fact]
    public void Something_that_swallows_edns_is_passed_by_the_third_try()
    {
        TestServer swallowing = (query, transport) => query.Edns is null ? Good(query, transport) : [];
        var net = World().Serve("192.0.2.50", swallowing).Serve("192.0.2.51", swallowing);
        Assert.Equal([IpAddress.Parse("192.0.2.99")], net.Answer("www.test").Addresses);
        Assert.True(net.Now - Tracing.Instant.SimulationEpoch < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Records_about_other_zones_are_dropped_before_anything_is_kept()
    {
        TestServer poisoner = (query, _) => [TestZone.Reply(query, ResponseCode.NoError,
            answer: ["www.test. 600 A 192.0.2.99", "www.bank. 600 A 192.0.2.66"],
            authority: ["bank. 600 NS ns.evil.test.", "test. 600 NS ns.evil.test."],
            additional: ["ns.bank. 600 A 192.0.2.66", "a.root-servers.net. 600 A 192.0.2.66", "other.test. 600 A 192.0.2.66", "ns.evil.test. 600 A 192.0.2.66"])];
        var net = World().Serve("192.0.2.50", poisoner).Serve("192.0.2.51", poisoner).Serve("192.0.2.52", new TestZone("bank.", "www.bank. 600 A 192.0.2.88"));
        net.Answer("www.test");
        foreach (var name in (string[])["www.bank", "ns.bank", "a.root-servers.net", "other.test", "ns.evil.test"])
        {
            Assert.False(net.Memory.Cache.TryGet(DnsName.Parse(name), RecordType.A, net.Now, out _), name);
        }
        Assert.Equal([IpAddress.Parse("192.0.2.88")], net.Answer("www.bank").Addresses);
    }

    [Fact]
    public void An_alias_out_of_the_zone_does_not_bring_the_targets_records_with_it()
    {
        TestServer poisoner = (query, _) => [TestZone.Reply(query, ResponseCode.NoError, answer: ["www.test. 600 CNAME www.bank.", "www.bank. 600 A 192.0.2.66"])];
        var net = World().Serve("192.0.2.50", poisoner).Serve("192.0.2.51", poisoner).Serve("192.0.2.52", new TestZone("bank.", "www.bank. 600 A 192.0.2.88"));
        Assert.Equal([IpAddress.Parse("192.0.2.88")], net.Answer("www.test").Addresses);
    }

    [Fact]
    public void Glue_outside_the_zone_of_the_one_who_gives_it_is_not_used()
    {
        var evil = 0;
        TestServer poisoner = (query, _) => [TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.None,
            authority: ["sub.test. 600 NS ns.bank."], additional: ["ns.bank. 600 A 192.0.2.66"])];
        var net = World().Serve("192.0.2.50", poisoner).Serve("192.0.2.51", poisoner)
            .Serve("192.0.2.52", new TestZone("bank.", "ns.bank. 600 A 192.0.2.53"))
            .Serve("192.0.2.53", new TestZone("sub.test.", "www.sub.test. 600 A 192.0.2.88"))
            .Serve("192.0.2.66", (_, _) => { evil++; return []; });
        Assert.Equal([IpAddress.Parse("192.0.2.88")], net.Answer("www.sub.test").Addresses);
        Assert.Equal(0, evil);
    }

    [Fact]
    public void Glue_never_answers_a_client()
    {
        var net = World().Serve("192.0.2.50", Good).Serve("192.0.2.51", Good);
        net.Answer("www.test");
        Assert.False(net.Memory.Cache.TryGet(DnsName.Parse("ns1.test"), RecordType.A, net.Now, out _));
        // The zone itself says that there is no such record, and that is what the client hears.
        Assert.Equal(ResponseCode.NameError, net.Answer("ns1.test").Code);
    }

    [Fact]
    public void Addresses_that_nobody_should_be_sent_to_are_denied_with_the_server_that_named_them()
    {
        var net = new TestInternet().Serve("198.41.0.4", new TestZone(".",
            "test. 600 NS ns1.test.", "ns1.test. 600 A 127.0.0.1", "ns1.test. 600 A 0.0.0.0", "ns1.test. 600 A 224.0.0.1", "ns1.test. 600 AAAA ::1", "ns1.test. 600 AAAA ::ffff:127.0.0.1"));
        var failure = net.Failure("www.test");
        Assert.Equal(ResolutionFailureReason.NoServerAddress, failure.Reason);
        Assert.Equal(5, failure.Evidence.Count(one => one.Outcome == ServerOutcome.Denied));
        Assert.Single(net.Sent);
        Assert.Equal(5, net.Told<ServerAddressDenied>().Count());
    }

    [Fact]
    public void A_referral_to_a_hundred_servers_without_addresses_asks_for_few_of_them()
    {
        var asked = 0;
        TestServer attacker = (query, _) => [TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.None,
            authority: [.. Enumerable.Range(0, 100).Select(i => $"sub.test. 600 NS ns{i}.victim.bank.")])];
        TestServer victim = (query, transport) => { asked++; return TestZone.Server(new TestZone("bank."))(query, transport); };
        var net = World().Serve("192.0.2.50", attacker).Serve("192.0.2.51", attacker).Serve("192.0.2.52", victim);
        var failure = net.Failure("www.sub.test");
        Assert.Equal(ResolutionFailureReason.NoServerAddress, failure.Reason);
        Assert.InRange(asked, 1, ResolutionLimits.FailedAddressLookupsPerDelegation * 2);
    }

    [Fact]
    public void Delegations_that_multiply_stay_within_the_budget_of_the_one_who_asked()
    {
        // Every name of the attacker's zone is delegated to servers whose names lie in ever new zones of the attacker.
        var next = 0;
        TestServer attacker = (query, _) =>
        {
            var labels = query.Questions[0].Name.LabelCount;
            var zone = query.Questions[0].Name.Suffix(Math.Min(labels, 2));
            return [TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.None, authority: [.. Enumerable.Range(0, 13).Select(_ => $"{zone} 600 NS ns.z{next++}.test.")])];
        };
        var net = World().Serve("192.0.2.50", attacker).Serve("192.0.2.51", attacker);
        net.Failure("www.sub.test");
        Assert.InRange(net.Sent.Count, 1, ResolutionLimits.SendsPerClientQuery);
        Assert.Equal(0, net.Mesh.Count);
    }

    [Fact]
    public void Zones_whose_servers_names_lie_in_each_other_are_found_to_be_a_ring()
    {
        var net = new TestInternet().Serve("198.41.0.4", new TestZone(".", "one. 600 NS ns.two.", "two. 600 NS ns.one."));
        var failure = net.Failure("www.one");
        Assert.Equal(ResolutionFailureReason.CyclicDelegation, failure.Reason);
        Assert.Equal(ServerOutcome.Cyclic, Assert.Single(failure.Evidence).Outcome);
        Assert.NotEmpty(net.Told<ResolutionCycleFound>());
        Assert.InRange(net.Sent.Count, 1, 4);
        Assert.Equal(0, net.Mesh.Count);
    }

    [Fact]
    public void A_zone_whose_only_server_lies_in_itself_without_glue_has_no_way_in()
    {
        var net = new TestInternet().Serve("198.41.0.4", new TestZone(".", "test. 600 NS ns.test."));
        Assert.Equal(ResolutionFailureReason.CyclicDelegation, net.Failure("www.test").Reason);
        // Its parent is asked by name for what it has left out, and no more.
        Assert.Equal(["www.test. A", "ns.test. A", "ns.test. AAAA"], net.Sent.Select(one => $"{one.Query.Questions[0].Name.ToLower()} {one.Query.Questions[0].Type}"));
    }

    [Fact]
    public void Names_of_servers_that_need_names_of_servers_end_at_the_depth_allowed()
    {
        var lines = Enumerable.Range(0, 12).Select(i => $"z{i}. 600 NS ns.z{i + 1}.").Append("z12. 600 NS ns.z12.").Append("ns.z12. 600 A 192.0.2.50").ToArray();
        var net = new TestInternet().Serve("198.41.0.4", new TestZone(".", lines));
        var failure = net.Failure("www.z0");
        Assert.Equal(ResolutionFailureReason.NoServerAddress, failure.Reason);
        Assert.Equal(ResolutionLimits.Depth + 1, net.Sent.Count);
    }

    [Fact]
    public void More_referrals_than_allowed_end_the_resolution()
    {
        TestServer deeper = (query, _) =>
        {
            var name = query.Questions[0].Name;
            var zone = Enumerable.Range(1, name.LabelCount).Select(name.Suffix).First(zone => !Seen.Contains(zone));
            Seen.Add(zone);
            return [TestZone.Reply(query, ResponseCode.NoError, HeaderFlags.None, authority: [$"{zone} 600 NS ns.{zone}"], additional: [$"ns.{zone} 600 A 198.41.0.4"])];
        };
        Seen.Clear();
        var net = new TestInternet().Serve("198.41.0.4", deeper);
        var failure = net.Failure(string.Join('.', Enumerable.Range(0, 40).Select(i => $"l{i}")));
        Assert.Equal(ResolutionFailureReason.TooManyReferrals, failure.Reason);
        Assert.Equal(ResolutionLimits.ReferralsPerChain + 1, net.Sent.Count);
    }

    private static readonly HashSet<DnsName> Seen = [];

    [Fact]
    public void A_zone_taken_out_by_its_parent_does_not_live_on_by_its_own_word()
    {
        var root = new TestZone(".", "ghost. 600 NS ns.ghost.", "ns.ghost. 600 A 192.0.2.50");
        // The child's own NS records say a day, and name servers below itself too.
        var child = new TestZone("ghost.", "ghost. 86400 NS ns.ghost.", "ns.ghost. 86400 A 192.0.2.50", "a.ghost. 1 A 192.0.2.66");
        var net = new TestInternet().Serve("198.41.0.4", root).Serve("192.0.2.50", child);
        Assert.Equal([IpAddress.Parse("192.0.2.66")], net.Answer("a.ghost").Addresses);
        root.Remove("ghost");
        root.Remove("ns.ghost");
        for (var i = 0; i < 11; i++)
        {
            net.Pass(TimeSpan.FromSeconds(50));
            net.Answer("ghost", "NS");
            net.Answer("a.ghost");
        }
        net.Pass(TimeSpan.FromSeconds(60));
        Assert.Equal(ResponseCode.NameError, net.Answer("a.ghost").Code);
        Assert.Equal("198.41.0.4:53", net.Sent[^1].Server.ToString());
    }

    [Fact]
    public void A_cut_below_another_never_outlives_it()
    {
        var net = new TestInternet()
            .Serve("198.41.0.4", new TestZone(".", "ghost. 600 NS ns.ghost.", "ns.ghost. 600 A 192.0.2.50"))
            .Serve("192.0.2.50", new TestZone("ghost.", "sub.ghost. 86400 NS ns.sub.ghost.", "ns.sub.ghost. 86400 A 192.0.2.51"))
            .Serve("192.0.2.51", new TestZone("sub.ghost.", "www.sub.ghost. 1 A 192.0.2.66"));
        net.Answer("www.sub.ghost");
        var cut = net.Memory.Delegations.FindDeepest(DnsName.Parse("www.sub.ghost"), net.Now)!;
        Assert.Equal("sub.ghost.", cut.Zone.ToString());
        Assert.True(cut.ExpiresAt <= Tracing.Instant.SimulationEpoch + TimeSpan.FromSeconds(601));
        Assert.Null(net.Memory.Delegations.FindDeepest(DnsName.Parse("www.sub.ghost"), net.Now + TimeSpan.FromSeconds(600)));
    }

    [Fact]
    public void A_zone_that_has_moved_is_found_by_asking_its_parent_again()
    {
        var root = new TestZone(".", "test. 600 NS ns1.test.", "ns1.test. 600 A 192.0.2.50");
        var net = new TestInternet().Serve("198.41.0.4", root).Serve("192.0.2.50", Good);
        net.Answer("www.test");
        root.Remove("ns1.test");
        root.Add("ns1.test. 600 A 192.0.2.51");
        net.Serve("192.0.2.50", Always(ResponseCode.Refused)).Serve("192.0.2.51", new TestZone("test.", "new.test. 600 A 192.0.2.98"));
        Assert.Equal([IpAddress.Parse("192.0.2.98")], net.Answer("new.test").Addresses);
    }

    [Fact]
    public void A_dead_server_rests_and_is_then_probed_by_a_single_question()
    {
        var net = new TestInternet().Serve("198.41.0.4", new TestZone(".", "test. 6000 NS ns1.test.", "ns1.test. 6000 A 192.0.2.50")).Serve("192.0.2.50", Silence);
        net.Failure("a.test");
        net.Failure("b.test");
        var sent = net.Sent.Count(one => one.Server.Address == IpAddress.Parse("192.0.2.50"));
        Assert.Equal(ResolutionLimits.SilencesUntilDead, sent);
        Assert.Equal(ServerOutcome.Resting, Assert.Single(net.Failure("c.test").Evidence).Outcome);
        net.Pass(ResolutionLimits.DeadTime);
        net.Serve("192.0.2.50", Good);
        Assert.Equal([IpAddress.Parse("192.0.2.99")], net.Answer("www.test").Addresses);
    }

    [Fact]
    public void A_failure_is_remembered_for_five_seconds()
    {
        var net = World().Serve("192.0.2.50", Always(ResponseCode.Refused)).Serve("192.0.2.51", Always(ResponseCode.Refused));
        net.Failure("www.test");
        var sent = net.Sent.Count;
        Assert.Equal(ResolutionFailureReason.AllServersLame, net.Failure("www.test").Reason);
        Assert.Equal(sent, net.Sent.Count);
        Assert.Contains(net.Told<CacheProbed>(), told => told.Outcome == CacheOutcome.Failure);
    }

    [Fact]
    public void When_no_root_server_answers_the_own_network_is_at_fault()
    {
        var net = new TestInternet().Serve("198.41.0.4", Silence);
        Assert.Equal((ResolutionFailureReason.NoServerAnswers, FaultParty.Network), Verdict(net.Failure("www.test")));
        net = new TestInternet();
        Assert.Equal((ResolutionFailureReason.NetworkUnreachable, FaultParty.Network), Verdict(net.Failure("www.test")));
        static (ResolutionFailureReason, FaultParty) Verdict(ResolutionFailure failure) => (failure.Reason, failure.AtFault);
    }

    [Fact]
    public void After_an_outage_of_the_own_network_the_root_servers_are_asked_at_once()
    {
        var net = new TestInternet().Serve("198.41.0.4", Silence);
        net.Failure("a.test");
        net.Failure("b.test");
        net.Serve("198.41.0.4", new TestZone(".", "c.test. 60 A 192.0.2.1"));
        Assert.Equal([IpAddress.Parse("192.0.2.1")], net.Answer("c.test").Addresses);
    }

    [Fact]
    public void The_data_of_ds_is_asked_of_the_parent()
    {
        var net = World().Serve("192.0.2.50", Good).Serve("192.0.2.51", Good);
        net.Answer("www.test");
        var answer = net.Answer("test", "DS");
        Assert.True(answer.IsDenial);
        Assert.Equal("198.41.0.4:53", net.Sent[^1].Server.ToString());
    }

    [Fact]
    public void No_sequence_of_broken_replies_throws_or_runs_on() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 60], Gen.Byte.Array[0, 60]).Sample((seed, at, noise) =>
        {
            TestServer broken = (query, transport) => [.. Good(query, transport).Select(reply => Patched(reply, message =>
            {
                // The id stays right, so that the bytes are read.
                for (var i = 0; i < noise.Length && 2 + at + i < message.Length; i++) { message[2 + at + i] ^= noise[i]; }
            }))];
            var net = new TestInternet(seed: seed).Serve("198.41.0.4", new TestZone(".", "test. 600 NS ns1.test.", "ns1.test. 600 A 192.0.2.50")).Serve("192.0.2.50", broken);
            net.Resolve("www.test");
            Assert.InRange(net.Sent.Count, 1, ResolutionLimits.SendsPerClientQuery);
            Assert.True(net.Now - Tracing.Instant.SimulationEpoch <= ResolutionLimits.ClientQueryTime);
        }, iter: Depth.Of(2_000), threads: 1);

    private static TestInternet World() => new TestInternet().Serve("198.41.0.4", new TestZone(".",
        "test. 600 NS ns1.test.", "ns1.test. 600 A 192.0.2.50", "test. 600 NS ns2.test.", "ns2.test. 600 A 192.0.2.51",
        "bank. 600 NS ns.bank.", "ns.bank. 600 A 192.0.2.52"));

    private static TestServer Good => TestZone.Server(new TestZone("test.", "www.test. 600 A 192.0.2.99", "mail.test. 600 TXT hello"));

    private static TestServer Always(ResponseCode code) => (query, _) => [TestZone.Reply(query, code)];

    private static byte[] Patched(byte[] message, Action<byte[]> patch)
    {
        patch(message);
        return message;
    }
}
