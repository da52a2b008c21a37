using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Tests.Dns;

public sealed class RecursiveResponderTests
{
    private static readonly Endpoint Client = new(IpAddress.Parse("10.11.12.13"), 5353);

    [Fact]
    public void A_client_gets_the_answer_with_ra_and_without_aa_and_its_own_question_back()
    {
        var answer = Ask(Query("WWW.example.test", RecordType.A));
        Assert.Equal(HeaderFlags.Response | HeaderFlags.RecursionDesired | HeaderFlags.RecursionAvailable, answer.Flags);
        Assert.Equal((ushort)4711, answer.Id);
        Assert.True(answer.Questions[0].Name.EqualsExactly(DnsName.Parse("WWW.example.test")));
        Assert.Equal("192.0.2.1", Assert.Single(answer.Answers).Data.ToString());
        Assert.Null(answer.Edns);
    }

    [Fact]
    public void A_denial_carries_its_soa_record()
    {
        var answer = Ask(Query("nosuch.example.test", RecordType.A));
        Assert.Equal(ResponseCode.NameError, answer.ResponseCode);
        Assert.Equal(RecordType.SOA, Assert.Single(answer.Authorities).Type);
    }

    [Fact]
    public void Without_rd_only_the_cache_answers()
    {
        var world = World();
        var responder = new RecursiveResponder(Resolver(world));
        var query = Query("www.example.test", RecordType.A, HeaderFlags.None);
        Assert.Equal(ResponseCode.Refused, Ask(query, world, responder).ResponseCode);
        Ask(Query("www.example.test", RecordType.A), world, responder);
        Assert.Single(Ask(query, world, responder).Answers);
    }

    [Fact]
    public void A_failure_is_servfail_and_says_why_to_clients_that_speak_edns()
    {
        var answer = Ask(Query("www.broken.test", RecordType.A, edns: Edns.Default));
        Assert.Equal(ResponseCode.ServerFailure, answer.ResponseCode);
        var option = Assert.Single(answer.Edns!.Options);
        Assert.Equal(EdnsOptionCode.ExtendedError, option.Code);
        Assert.Equal((0, 22), (option.Data[0], option.Data[1]));
        Assert.Contains("all servers lame at broken.test.", System.Text.Encoding.UTF8.GetString(option.Data, 2, option.Data.Length - 2));
        Assert.Null(Ask(Query("www.broken.test", RecordType.A)).Edns);
    }

    [Fact]
    public void What_does_not_fit_is_marked_truncated_and_left_out()
    {
        var cut = Ask(Query("big.example.test", RecordType.TXT, edns: Edns.Default));
        Assert.True(cut.IsTruncated);
        Assert.Empty(cut.Answers);
        Assert.NotNull(cut.Edns);
        var whole = Ask(Query("big.example.test", RecordType.TXT), transport: DnsTransport.Tcp);
        Assert.False(whole.IsTruncated);
        Assert.Equal(20, whole.Answers.Count);
    }

    [Fact]
    public void Any_gets_a_small_answer_and_transfers_none()
    {
        Assert.Equal(RecordType.HINFO, Assert.Single(Ask(Query("www.example.test", RecordType.Any)).Answers).Type);
        Assert.Equal(ResponseCode.Refused, Ask(Query("example.test", RecordType.AXFR)).ResponseCode);
        Assert.Equal(ResponseCode.Refused, Ask(new DnsMessage { Id = 4711, Flags = HeaderFlags.RecursionDesired, Questions = [new Question(DnsName.Parse("version.bind"), RecordType.TXT, RecordClass.CH)] }).ResponseCode);
    }

    [Fact]
    public void Messages_that_are_no_query_for_one_question_are_told_so_or_dropped()
    {
        var query = Query("www.example.test", RecordType.A);
        Assert.Equal(ResponseCode.FormatError, Ask(new DnsMessage { Id = 4711, Questions = [query.Questions[0], query.Questions[0]] }).ResponseCode);
        Assert.Equal(ResponseCode.NotImplemented, Ask(new DnsMessage { Id = 4711, OpCode = OpCode.Notify, Questions = query.Questions }).ResponseCode);
        Assert.Equal(ResponseCode.BadVersion, Ask(Query("www.example.test", RecordType.A, edns: new Edns(1232, 1, false, []))).ResponseCode);
        Assert.Equal(0, AnswerLength(new DnsMessage { Id = 4711, Flags = HeaderFlags.Response, Questions = query.Questions }.ToArray()));
        Assert.Equal(0, AnswerLength([1, 2, 3]));
        // A header that counts a question, and nothing behind it.
        Assert.Equal(12, AnswerLength([0x12, 0x67, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
    }

    private static DnsMessage Query(string name, RecordType type, HeaderFlags flags = HeaderFlags.RecursionDesired, Edns? edns = null) =>
        DnsMessage.Query(4711, new Question(DnsName.Parse(name), type), flags, edns);

    private static int AnswerLength(byte[] query)
    {
        var world = World();
        return world.Run(async () => await new RecursiveResponder(Resolver(world)).AnswerAsync(query, Client, DnsTransport.Udp, new byte[65_535], default, default));
    }

    private static DnsMessage Ask(DnsMessage query, ResolverWorld? world = null, RecursiveResponder? responder = null, DnsTransport transport = DnsTransport.Udp)
    {
        world ??= World();
        responder ??= new RecursiveResponder(Resolver(world));
        var response = new byte[65_535];
        var length = world.Run(async () => await responder.AnswerAsync(query.ToArray(), Client, transport, response, world.Tracer.Root(world.Client), default));
        Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out var error), error.ToString());
        Assert.Equal((query.Id, true), (answer.Id, answer.IsResponse));
        return answer;
    }

    private static RecursiveResolver Resolver(ResolverWorld world) => new(world.Client, new RecursiveResolverOptions
    {
        Hints = new Delegation(DnsName.Root, [.. Delegation.Root.Servers.Take(1)], Tracing.Instant.Never),
        Policy = new UpstreamPolicy { UseV6 = false },
    });

    private static ResolverWorld World()
    {
        var world = new ResolverWorld();
        world.AddServer("a.root-servers.net", "198.41.0.4", (".", "example.test. NS ns.example.test.\nns.example.test. A 192.0.2.53\nbroken.test. NS ns.example.test.\n"));
        world.AddServer("ns.example.test", "192.0.2.53", ("example.test.",
            "www A 192.0.2.1\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"big TXT \"{i:d3} {new string('x', 100)}\"\n"))));
        return world;
    }
}
