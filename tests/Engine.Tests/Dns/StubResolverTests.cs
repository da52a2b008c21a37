using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Tests.Dns;

public sealed class StubResolverTests
{
    [Fact]
    public void The_configured_server_is_asked_and_its_answer_kept()
    {
        var world = World("nameserver 10.11.13.2\n");
        world.Run(async () =>
        {
            var resolver = StubResolver.FromSystem(world.Client);
            var first = await Ask(world, resolver, "www.example.test");
            Assert.Equal([IpAddress.Parse("192.0.2.1")], first.Addresses);
            // The world's server answers for its own zone and resolves for nobody.
            Assert.Equal((AnswerSourceKind.ResponsibleServer, "10.11.13.2:53"), (first.Source.Kind, first.Source.Server.ToString()!));
            var again = await Ask(world, resolver, "www.example.test");
            Assert.Equal(AnswerSourceKind.Cache, again.Source.Kind);
            return 0;
        });
        Assert.Single(world.Told<QuerySent>());
        Assert.Equal(ResolutionMode.Stub, world.Told<ResolutionStarted>().First().Mode);
    }

    [Fact]
    public void Without_a_file_the_server_on_the_own_host_is_asked()
    {
        var world = World(null);
        var outcome = world.Run(() => StubResolver.FromSystem(world.Client).ResolveAsync(DnsName.Parse("www.example.test"), RecordType.A).AsTask());
        Assert.Equal("127.0.0.1:53", Assert.Single(Assert.IsType<ResolutionFailure>(outcome).Evidence).Server.ToString());
    }

    [Fact]
    public void The_second_server_is_asked_when_the_first_is_silent()
    {
        var world = World("nameserver 10.11.14.2\nnameserver 10.11.13.2\noptions timeout:2\n");
        Silent(world, "10.11.14.2");
        var answer = world.Run(() => Ask(world, StubResolver.FromSystem(world.Client), "www.example.test"));
        Assert.Equal([IpAddress.Parse("192.0.2.1")], answer.Addresses);
        Assert.Equal(2_000_000_000, Assert.Single(world.Told<QueryTimedOut>()).WaitedNanoseconds);
    }

    [Fact]
    public void When_every_server_is_silent_each_is_asked_as_often_as_attempts_say()
    {
        var world = World("nameserver 10.11.14.2\nnameserver 10.11.15.2\noptions timeout:1 attempts:3\n");
        Silent(world, "10.11.14.2");
        Silent(world, "10.11.15.2");
        var failure = (ResolutionFailure)world.Run(() => StubResolver.FromSystem(world.Client)
            .ResolveAsync(DnsName.Parse("www.example.test"), RecordType.A, span: world.Tracer.Root(world.Client)).AsTask());
        Assert.Equal((ResolutionFailureReason.NoServerAnswers, FaultParty.RecursiveServer), (failure.Reason, failure.AtFault));
        Assert.Equal([3, 3], failure.Evidence.Select(one => one.Tries));
        Assert.Equal(
            ["10.11.14.2:53", "10.11.15.2:53", "10.11.14.2:53", "10.11.15.2:53", "10.11.14.2:53", "10.11.15.2:53"],
            world.Told<QuerySent>().Select(told => told.Server.ToString()));
        Assert.Equal(TimeSpan.FromSeconds(6), world.Kernel.Now - Tracing.Instant.SimulationEpoch);
    }

    [Fact]
    public void A_server_that_refuses_is_passed_over()
    {
        var world = World("nameserver 10.11.14.2\nnameserver 10.11.13.2\n");
        world.AddServer("other", "10.11.14.2", ("elsewhere.", ""));
        Assert.Equal([IpAddress.Parse("192.0.2.1")], world.Run(() => Ask(world, StubResolver.FromSystem(world.Client), "www.example.test")).Addresses);
        Assert.Equal(LamenessKind.RecursionRefused, Assert.Single(world.Told<ServerLame>()).Kind);
    }

    [Fact]
    public void A_long_answer_is_asked_for_over_tcp_and_use_vc_begins_there()
    {
        var world = World("nameserver 10.11.13.2\n");
        var answer = world.Run(async () => (ResolvedAnswer)await StubResolver.FromSystem(world.Client)
            .ResolveAsync(DnsName.Parse("big.example.test"), RecordType.TXT, span: world.Tracer.Root(world.Client)));
        Assert.Equal(20, answer.Records.Length);
        Assert.Equal([DnsTransport.Udp, DnsTransport.Tcp], world.Told<QuerySent>().Select(told => told.Transport));

        world = World("nameserver 10.11.13.2\noptions use-vc\n");
        world.Run(() => Ask(world, StubResolver.FromSystem(world.Client), "www.example.test"));
        Assert.Equal(DnsTransport.Tcp, Assert.Single(world.Told<QuerySent>()).Transport);
    }

    [Fact]
    public void Short_names_are_tried_in_the_search_list_first_and_long_ones_last()
    {
        var world = World("nameserver 10.11.13.2\nsearch nowhere.test example.test\n");
        var answer = world.Run(() => Ask(world, StubResolver.FromSystem(world.Client), "www"));
        Assert.Equal([IpAddress.Parse("192.0.2.1")], answer.Addresses);
        Assert.Equal(["www.nowhere.test", "www.example.test"], world.Told<QuerySent>().Select(told => told.Name));

        world = World("nameserver 10.11.13.2\nsearch example.test\n");
        answer = world.Run(() => Ask(world, StubResolver.FromSystem(world.Client), "a.b"));
        Assert.Equal([IpAddress.Parse("192.0.2.2")], answer.Addresses);
        Assert.Equal(["a.b", "a.b.example.test"], world.Told<QuerySent>().Select(told => told.Name));
    }

    [Fact]
    public void The_hosts_file_comes_first_and_says_its_line()
    {
        var world = World("nameserver 10.11.13.2\n");
        world.Client.Disk.Write(HostsFile.Path, "# comment\n10.0.0.1 www.example.test other # alias\n10.0.0.2 WWW.example.test\n");
        var resolver = StubResolver.FromSystem(world.Client);
        var answer = world.Run(() => Ask(world, resolver, "www.example.test"));
        Assert.Equal([IpAddress.Parse("10.0.0.1"), IpAddress.Parse("10.0.0.2")], answer.Addresses);
        Assert.Equal(AnswerSourceKind.HostsFile, answer.Source.Kind);
        Assert.Equal(2, Assert.Single(world.Told<HostsFileMatched>()).Line);
        Assert.Empty(world.Told<QuerySent>());
    }

    [Theory]
    [InlineData("localhost", "A", "127.0.0.1")]
    [InlineData("db.localhost", "AAAA", "::1")]
    [InlineData("nothing.invalid", "A", null)]
    public void Special_names_are_answered_here(string name, string type, string? address)
    {
        var world = World("nameserver 10.11.13.2\n");
        Assert.True(RecordType.TryParse(type, out var recordType));
        var answer = (ResolvedAnswer)world.Run(() => StubResolver.FromSystem(world.Client).ResolveAsync(DnsName.Parse(name), recordType, span: world.Tracer.Root(world.Client)).AsTask());
        Assert.Equal(address is null ? [] : [IpAddress.Parse(address)], answer.Addresses);
        Assert.Equal(address is null ? ResponseCode.NameError : ResponseCode.NoError, answer.Code);
        Assert.Equal(AnswerSourceKind.SpecialUseName, answer.Source.Kind);
        Assert.Empty(world.Told<QuerySent>());
    }

    [Fact]
    public void A_given_server_takes_the_place_of_the_configured_ones()
    {
        var world = World("nameserver 10.11.14.2\n");
        var resolver = StubResolver.FromServer(world.Client, new Endpoint(IpAddress.Parse("10.11.13.2"), 53));
        Assert.Equal([IpAddress.Parse("192.0.2.1")], world.Run(() => Ask(world, resolver, "www.example.test")).Addresses);
        Assert.True(Assert.Single(world.Told<QuerySent>()).Edns);
    }

    [Fact]
    public void The_configuration_is_read_as_the_manual_says()
    {
        var conf = ResolvConf.Parse("""
            ; comment
            # comment
            domain old.test
            nameserver 192.0.2.1
            nameserver fe80::1%eth0
            nameserver nonsense
            nameserver 192.0.2.3
            nameserver 192.0.2.4
            search a.test b.test a.test -bad..name
            options ndots:3 timeout:99 attempts:9 rotate edns0 unknown use-vc
            sortlist 1.2.3.4
            """u8);
        Assert.Equal(["192.0.2.1", "fe80::1%eth0", "192.0.2.3"], conf.Nameservers.Select(address => address.ToString()));
        Assert.Equal(["a.test.", "b.test."], conf.Search.Select(name => name.ToString()));
        Assert.Equal((3, TimeSpan.FromSeconds(30), 5, true, true, true), (conf.Dots, conf.Timeout, conf.Attempts, conf.Rotate, conf.Edns, conf.UseTcp));
        Assert.Equal([IpAddress.LoopbackV4], ResolvConf.Parse("options rotate"u8).Nameservers);
    }

    private static async Task<ResolvedAnswer> Ask(ResolverWorld world, INameResolver resolver, string name)
    {
        var outcome = await resolver.ResolveAsync(DnsName.Parse(name), RecordType.A, span: world.Tracer.Root(world.Client));
        return outcome as ResolvedAnswer ?? throw new InvalidOperationException(outcome.ToString());
    }

    /// <summary>Whose aliases lead back is told so, and they are told once; whose zone it is is at fault.</summary>
    [Theory]
    [InlineData("c1.example.test", "c1.example.test CNAME c2.example.test, c2.example.test CNAME c1.example.test")]
    [InlineData("self.example.test", "self.example.test CNAME self.example.test")]
    public void Aliases_in_a_circle_are_no_answer(string name, string aliases)
    {
        var world = World("nameserver 10.11.14.2\n");
        world.AddServer("circle", "10.11.14.2", (".", "c1.example.test. CNAME c2.example.test.\nc2.example.test. CNAME c1.example.test.\nself.example.test. CNAME self.example.test.\n"));
        var failure = (ResolutionFailure)world.Run(() => StubResolver.FromSystem(world.Client).ResolveAsync(DnsName.Parse(name), RecordType.A).AsTask());
        Assert.Equal((ResolutionFailureReason.AliasLoop, FaultParty.ZoneOperator), (failure.Reason, failure.AtFault));
        Assert.Equal(aliases, string.Join(", ", failure.Aliases.Select(static one => $"{one.Owner.ToHostString()} {one.Type} {((NameData)one.Data).Target.ToHostString()}")));
    }

    /// <summary>A code that no kind of failure stands for is told as what it is.</summary>
    [Theory]
    [InlineData(4, "NOTIMP")]
    [InlineData(15, "RCODE15")]
    public void The_code_of_an_error_is_named(ushort code, string word)
    {
        var world = World("nameserver 10.11.14.2\n");
        Answering(world, "10.11.14.2", query => (byte[])[.. query[..2], 0x81, (byte)(0x80 | code), .. query[4..]]);
        var failure = (ResolutionFailure)world.Run(() => StubResolver.FromSystem(world.Client)
            .ResolveAsync(DnsName.Parse("www.example.test"), RecordType.A, span: world.Tracer.Root(world.Client)).AsTask());
        Assert.Equal((LamenessKind.OtherError, word), (Assert.Single(failure.Evidence).Lameness, failure.Evidence[0].Code));
        Assert.Equal(word, world.Told<ServerLame>().First().Code);
    }

    /// <summary>Data that has not its type's shape does not show that there is none.</summary>
    [Theory]
    [InlineData(RecordTypeNumber.A, new byte[] { 0, 3, 192, 0, 2 })]
    [InlineData(RecordTypeNumber.Txt, new byte[] { 0, 2, 9, 65 })]
    public void An_answer_that_cannot_be_read_is_none(ushort type, byte[] data)
    {
        var world = World("nameserver 10.11.14.2\n");
        Answering(world, "10.11.14.2", query => (byte[])
            [.. query[..2], 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, .. query.AsSpan(12, QuestionLength(query)), 0xC0, 12, 0, (byte)type, 0, 1, 0, 0, 0, 60, .. data]);
        var failure = (ResolutionFailure)world.Run(() => StubResolver.FromSystem(world.Client)
            .ResolveAsync(DnsName.Parse("www.example.test"), new RecordType(type), span: world.Tracer.Root(world.Client)).AsTask());
        Assert.Equal((ResolutionFailureReason.AllServersLame, LamenessKind.Malformed), (failure.Reason, Assert.Single(failure.Evidence).Lameness));
    }

    private static class RecordTypeNumber
    {
        public const ushort A = 1, Txt = 16;
    }

    private static int QuestionLength(byte[] query) => Array.IndexOf(query, (byte)0, 12) + 5 - 12;

    private static void Answering(ResolverWorld world, string address, Func<byte[], byte[]> answer)
    {
        var host = world.AddHost($"answering {address}", address);
        host.StartService("answers", async () =>
        {
            using var socket = host.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            socket.Bind(new Endpoint(IpAddress.AnyV4, 53));
            var query = new byte[600];
            while (true)
            {
                var received = await socket.ReceiveFromAsync(query);
                await socket.SendToAsync(answer(query[..received.Length]), received.Remote);
            }
        });
    }

    private static void Silent(ResolverWorld world, string address)
    {
        var host = world.AddHost($"silent {address}", address);
        host.StartService("silence", async () =>
        {
            using var socket = host.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            socket.Bind(new Endpoint(IpAddress.AnyV4, 53));
            while (true) { await socket.ReceiveFromAsync(new byte[600]); }
        });
    }

    private static ResolverWorld World(string? resolvConf)
    {
        var world = new ResolverWorld();
        world.AddServer("resolver", "10.11.13.2", (".", "www.example.test. A 192.0.2.1\na.b.example.test. A 192.0.2.2\n"
            + string.Concat(Enumerable.Range(0, 20).Select(i => $"big.example.test. TXT \"{i:d3} {new string('x', 100)}\"\n"))));
        if (resolvConf is not null) { world.Client.Disk.Write(ResolvConf.Path, resolvConf); }
        return world;
    }
}
