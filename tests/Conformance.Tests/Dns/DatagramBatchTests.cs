using System.Net;
using System.Net.Sockets;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Tests.Tcp;

namespace Firstbyte.Tests.Conformance;

/// <summary>A server that receives and sends datagrams many at a call, each thread from a socket of its own.</summary>
public class DatagramBatchTests
{
    private static DnsServer Serve(int threads)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "recvmmsg() is Linux's");
        Assert.True(Zone.TryLoad("$TTL 60\n@ SOA a. b. 1 2 3 4 5\n@ NS a.\nx A 192.0.2.1\n", "zone", DnsName.Parse("example."), out var zone, out _));
        return new DnsServer(new OsNetwork(), new AuthoritativeResponder(new ZoneSet(zone)), new DnsServerOptions { DatagramThreads = threads });
    }

    private static Socket Connect(Endpoint server)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5_000, ReceiveBufferSize = 1 << 20 };
        client.Connect(IPAddress.Loopback, server.Port);
        return client;
    }

    private static byte[] Query(ushort id) => DnsMessage.Query(id, new Question(DnsName.Parse("x.example."), RecordType.A), edns: Edns.Default).ToArray();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Every_client_gets_its_own_answers(int threads)
    {
        using var server = Serve(threads);
        var bound = server.Bind(new Endpoint(IpAddress.LoopbackV4, 0));
        var serving = server.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(bound, server.LocalEndpoint);
        foreach (var client in Enumerable.Range(0, 20).Select(_ => Connect(bound)).ToArray())
        {
            using (client)
            {
                for (ushort id = 0; id < 100; id++) { client.Send(Query(id)); }
                var ids = new HashSet<int>();
                var buffer = new byte[1232];
                for (var i = 0; i < 100; i++)
                {
                    Assert.True(DnsMessage.TryParse(buffer.AsSpan(0, client.Receive(buffer)), out var answer, out _));
                    Assert.Equal("192.0.2.1", answer.Answers[0].Data.ToString());
                    ids.Add(answer.Id);
                }
                Assert.Equal(100, ids.Count);
            }
        }
        server.Stop();
        await serving;
    }

    /// <summary>
    /// Questions of several clients that came together, with answers of many lengths: each client has its own, each answer as long as it should be. A client that
    /// takes many datagrams at a call (UDP_GRO of udp(7)) sees that they were sent together.
    /// </summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("::1")]
    public async Task Answers_that_go_out_together_are_those_that_would_have_gone_alone(string address)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "recvmmsg() is Linux's");
        Assert.True(IpAddress.TryParse(address, out var local));
        using var batch = Assert.Single(new OsNetwork().BindBatches(new Endpoint(local, 0), 1)!);
        var loopback = local.IsV4 ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        var clients = Enumerable.Range(0, 5).Select(_ => new Socket(loopback.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 }).ToArray();
        var gathering = new Socket(loopback.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        gathering.SetRawSocketOption(17, 104, BitConverter.GetBytes(1));
        foreach (var client in (Socket[])[.. clients, gathering]) { client.Connect(loopback, batch.LocalEndpoint.Port); }
        // As many as a socket's usual buffer holds before anybody takes them.
        const int rounds = 40;
        for (ushort id = 0; id < rounds; id++)
        {
            foreach (var client in clients) { client.Send(Sized(id, id % 7 * 50)); }
            gathering.Send(Sized(id, 100));
        }
        var serving = batch.ServeAsync(new SizedAnswerer());
        var buffer = new byte[65_536];
        foreach (var client in clients)
        {
            var ids = new HashSet<int>();
            for (var i = 0; i < rounds; i++)
            {
                var answer = buffer.AsSpan(0, client.Receive(buffer));
                var id = answer[0] << 8 | answer[1];
                Assert.Equal(SizedAnswerer.Expected(Sized((ushort)id, id % 7 * 50)), answer.ToArray());
                Assert.True(ids.Add(id));
            }
        }
        var together = 0;
        for (var received = 0; received < rounds;)
        {
            var count = gathering.Receive(buffer) / (100 + 5);
            together = Math.Max(together, count);
            received += count;
        }
        Assert.True(together > 1, "no two answers went out together");
        batch.Close();
        await serving;
        foreach (var client in (Socket[])[.. clients, gathering]) { client.Dispose(); }
    }

    /// <summary>Where the way is too narrow for an answer as a whole a group of such is not taken by the system: each goes alone, in fragments.</summary>
    [Fact]
    public void On_a_narrow_way_answers_go_alone()
    {
        if (NetworkNamespace.Obstacle() is { } obstacle) { Assert.Skip(obstacle); }
        NetworkNamespace.Run(() =>
        {
            NetworkNamespace.Ip("link set lo mtu 800 up");
            using var batch = Assert.Single(new OsNetwork().BindBatches(new Endpoint(IpAddress.LoopbackV4, 0), 1)!);
            using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
            client.Connect(IPAddress.Loopback, batch.LocalEndpoint.Port);
            for (ushort id = 0; id < 60; id++) { client.Send(Sized(id, id % 2 == 0 ? 1000 : 100)); }
            var serving = batch.ServeAsync(new SizedAnswerer());
            var (ids, buffer) = (new HashSet<int>(), new byte[2000]);
            for (var i = 0; i < 60; i++)
            {
                var answer = buffer.AsSpan(0, client.Receive(buffer));
                var id = answer[0] << 8 | answer[1];
                Assert.Equal(SizedAnswerer.Expected(Sized((ushort)id, id % 2 == 0 ? 1000 : 100)), answer.ToArray());
                ids.Add(id);
            }
            Assert.Equal(60, ids.Count);
            batch.Close();
            Assert.True(SpinWait.SpinUntil(() => serving.IsCompletedSuccessfully, 10_000));
        });
    }

    private static byte[] Sized(ushort id, int length) => [(byte)(id >> 8), (byte)id, (byte)(length >> 8), (byte)length];

    /// <summary>Answers with so many octets as it is asked for, and five in front that say to what.</summary>
    private sealed class SizedAnswerer : IDatagramAnswerer
    {
        public int MaxLength => 1232;

        public static byte[] Expected(byte[] query)
        {
            var answer = new byte[1232];
            return answer[..Write(query, answer)];
        }

        public void BeginBatch(IDatagramBatch batch) { }

        public int Answer(ReadOnlySpan<byte> datagram, Endpoint remote, Span<byte> answer) => Write(datagram, answer);

        private static int Write(ReadOnlySpan<byte> query, Span<byte> answer)
        {
            var length = query[2] << 8 | query[3];
            query.CopyTo(answer);
            answer[4] = 0xAA;
            for (var i = 0; i < length; i++) { answer[5 + i] = (byte)(query[1] * 31 + i); }
            return 5 + length;
        }
    }

    [Fact]
    public async Task Others_are_answered_during_a_flood_of_anything()
    {
        using var server = Serve(2);
        var bound = server.Bind(new Endpoint(IpAddress.LoopbackV4, 0));
        var serving = server.RunAsync(TestContext.Current.CancellationToken);
        using var ending = new CancellationTokenSource();
        var flood = new Thread(() =>
        {
            using var client = Connect(bound);
            var random = new Random(1);
            var datagram = new byte[600];
            while (!ending.IsCancellationRequested)
            {
                random.NextBytes(datagram);
                client.Send(datagram.AsSpan(0, random.Next(600)));
            }
        });
        flood.Start();
        using var probe = Connect(bound);
        var buffer = new byte[1232];
        for (ushort id = 0; id < 50; id++)
        {
            probe.Send(Query(id));
            Assert.Equal(id, buffer.AsSpan(0, probe.Receive(buffer)) is { Length: > 12 } answer ? answer[0] << 8 | answer[1] : -1);
        }
        await ending.CancelAsync();
        flood.Join();
        server.Stop();
        await serving;
    }

    [Fact]
    public void An_address_that_is_taken_is_told_and_nothing_stays_open()
    {
        using var first = Serve(2);
        var bound = first.Bind(new Endpoint(IpAddress.LoopbackV4, 0));
        using var second = Serve(2);
        Assert.Equal(Errno.EADDRINUSE, Assert.Throws<NetworkException>(() => second.Bind(bound)).Error);
        first.Dispose();
        Assert.Equal(bound, second.Bind(bound));
    }

    [Fact]
    public async Task An_answer_takes_no_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "recvmmsg() is Linux's");
        Assert.True(Zone.TryLoad("$TTL 60\n@ SOA a. b. 1 2 3 4 5\n@ NS a.\nx A 192.0.2.1\n", "zone", DnsName.Parse("example."), out var zone, out _));
        using var batch = Assert.Single(new OsNetwork().BindBatches(new Endpoint(IpAddress.LoopbackV4, 0), 1)!);
        var counting = new CountingAnswerer(new BatchAnswerer(new AuthoritativeServer(new ZoneSet(zone)), TimeProvider.System, 1232));
        var serving = batch.ServeAsync(counting);
        using var client = Connect(batch.LocalEndpoint);
        var (query, buffer) = (Query(7), new byte[1232]);
        for (var i = 0; i < 1_000; i++) { client.Send(query); client.Receive(buffer); }
        batch.Close();
        await serving;
        // The first batches find what the runtime has not needed before; from then on the thread takes nothing, receiving and sending included.
        Assert.Equal(counting.AfterTen, counting.Last);
    }

    /// <summary>Notes what the thread has allocated when a batch begins.</summary>
    private sealed class CountingAnswerer(BatchAnswerer inner) : IDatagramAnswerer
    {
        private int _batches;

        public long AfterTen { get; private set; }

        public long Last { get; private set; }

        public int MaxLength => inner.MaxLength;

        public void BeginBatch(IDatagramBatch batch)
        {
            inner.BeginBatch(batch);
            Last = GC.GetAllocatedBytesForCurrentThread();
            if (++_batches == 10) { AfterTen = Last; }
        }

        public int Answer(ReadOnlySpan<byte> datagram, Endpoint remote, Span<byte> answer) => inner.Answer(datagram, remote, answer);
    }

    /// <summary>A server at every address of the host answers from the one that was asked: whoever has connected its socket takes no other answer.</summary>
    [Theory]
    [InlineData("0.0.0.0", "127.0.0.2", "127.0.0.3")]
    [InlineData("::", "::1", "::1")]
    public async Task Answers_leave_from_the_address_that_was_asked(string any, params string[] asked)
    {
        using var server = Serve(2);
        Assert.True(IpAddress.TryParse(any, out var all));
        var bound = server.Bind(new Endpoint(all, 0));
        var serving = server.RunAsync(TestContext.Current.CancellationToken);
        foreach (var address in asked.Select(IPAddress.Parse))
        {
            using var client = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5_000 };
            client.Connect(address, bound.Port);
            var buffer = new byte[1232];
            for (ushort id = 0; id < 50; id++)
            {
                client.Send(Query(id));
                Assert.True(DnsMessage.TryParse(buffer.AsSpan(0, client.Receive(buffer)), out var answer, out _));
                Assert.Equal(id, answer.Id);
            }
        }
        server.Stop();
        await serving;
    }
}
