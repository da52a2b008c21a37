using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Errors;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

/// <summary>A client and a server on one subnet, 1 ms each way.</summary>
public class DnsServerTests
{
    private const long Millisecond = 1_000_000;
    private static readonly Endpoint Listen = new(IpAddress.Parse("10.0.0.53"), 53);

    private readonly Kernel _kernel = new(1);
    private readonly List<TraceEvent> _events = [];
    private readonly SimulatedHost _client;
    private readonly SimulatedHost _host;
    private Action _stop = () => { };

    public DnsServerTests()
    {
        var internet = new Internet(_kernel);
        var lan = internet.AddSubnet("lan", IpPrefix.Parse("10.0.0.0/24"));
        _client = internet.AddHost("client");
        _client.Attach(lan, [IpAddress.Parse("10.0.0.2")], new WireSettings(TimeSpan.FromMilliseconds(1)));
        _host = internet.AddHost("server");
        _host.Attach(lan, [Listen.Address], default);
    }

    [Fact]
    public void Over_udp_a_query_has_its_answer_and_both_are_told_in_one_step()
    {
        Serve(Authoritative());
        var answer = Run(() => AskOverUdp("www.example."));
        Assert.Equal("www.example. 60 IN A 192.0.2.80", Assert.Single(answer.Answers).ToString());
        var started = Assert.IsType<DnsServerStarted>(_events[0]);
        Assert.Equal(Listen, started.Listen);
        var received = Assert.IsType<QueryReceived>(_events[1]);
        var sent = Assert.IsType<ResponseSent>(_events[2]);
        Assert.Equal(("www.example.", "A", 1, MessageFault.None), (received.Name, received.Type, received.Id, received.Flaw));
        Assert.Equal(("NOERROR", true, false, 1), (sent.Code, sent.Authoritative, sent.Truncated, sent.AnswerCount));
        Assert.Equal((received.Span, started.Span), (sent.Span, sent.Parent));
    }

    [Fact]
    public void What_is_cut_over_udp_is_whole_over_tcp()
    {
        Serve(Authoritative());
        Assert.True(Run(() => AskOverUdp("big.example.")).IsTruncated);
        var answers = Run(() => AskOverTcp(Query("big.example."), Query("www.example.")));
        Assert.Equal((60, 1), (answers[0].Answers.Count, answers[1].Answers.Count));
    }

    [Fact]
    public void Bytes_that_are_no_query_do_not_disturb_the_server()
    {
        Serve(Authoritative());
        Run(async () =>
        {
            using var socket = _client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            await socket.ConnectAsync(Listen);
            await socket.SendAsync(new byte[5]);
            await socket.SendAsync(new byte[20]);
            var buffer = new byte[512];
            var length = await socket.ReceiveAsync(buffer);
            Assert.Equal(ResponseCode.FormatError, Parse(buffer.AsSpan(0, length)).ResponseCode);
            return 0;
        });
        Assert.Single(Run(() => AskOverUdp("www.example.")).Answers);
        Assert.Equal([MessageFault.HeaderCut, MessageFault.None, MessageFault.None], _events.OfType<QueryReceived>().Select(told => told.Flaw));
    }

    [Fact]
    public void Queries_over_udp_do_not_wait_for_each_other()
    {
        Serve(new SlowResponder(_host));
        var order = Run(() => AskManyOverUdp(50, 10, 30));
        Assert.Equal([10, 30, 50], order);
    }

    [Fact]
    public void Beyond_the_limit_queries_wait_in_the_socket()
    {
        Serve(new SlowResponder(_host), new DnsServerOptions { MaxDatagramsInFlight = 2 });
        // The third is read only when the second has its answer, at 20 ms.
        Assert.Equal([20, 50, 40], Run(() => AskManyOverUdp(50, 20, 40)));
    }

    [Fact]
    public void Queries_over_one_connection_are_answered_as_they_get_ready()
    {
        Serve(new SlowResponder(_host));
        var answers = Run(() => AskOverTcp(Query("delay50.", id: 50), Query("delay10.", id: 10), Query("delay30.", id: 30)));
        Assert.Equal([10, 30, 50], answers.Select(answer => (int)answer.Id));
    }

    [Fact]
    public void A_query_may_come_byte_by_byte()
    {
        Serve(Authoritative());
        var answers = Run(async () =>
        {
            using var socket = await ConnectAsync();
            foreach (var value in Frame(Query("www.example."))) { await socket.SendAsync(new[] { value }); }
            return await ReadAsync(socket, 1);
        });
        Assert.Single(answers[0].Answers);
    }

    [Fact]
    public void A_client_that_ends_its_direction_still_gets_its_answers()
    {
        Serve(new SlowResponder(_host));
        var answers = Run(async () =>
        {
            using var socket = await ConnectAsync();
            await socket.SendAsync((byte[])[.. Frame(Query("delay20.", id: 20)), .. Frame(Query("delay10.", id: 10))]);
            socket.Shutdown(SocketDirections.Send);
            var read = await ReadAsync(socket, 2);
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1]));
            return read;
        });
        Assert.Equal(2, answers.Count);
        Assert.Equal((DnsConnectionEnd.ByClient, 2), Closed());
    }

    [Fact]
    public void A_connection_without_whole_queries_is_closed_after_its_time_even_when_bytes_drip_in()
    {
        Serve(Authoritative());
        var elapsed = Run(async () =>
        {
            using var socket = await ConnectAsync();
            var start = _kernel.Time.GetTimestamp();
            var reading = socket.ReceiveAsync(new byte[1]).AsTask();
            foreach (var value in new byte[] { 0, 30, 1, 2, 3 })
            {
                await socket.SendAsync(new[] { value });
                await Task.Delay(TimeSpan.FromSeconds(3), _kernel.Time);
                if (reading.IsCompleted) { break; }
            }
            Assert.Equal(0, await reading);
            return _kernel.Time.GetElapsedTime(start);
        });
        Assert.InRange(elapsed.TotalSeconds, 10, 12.1);
        Assert.Equal((DnsConnectionEnd.Idle, 0), Closed());
    }

    [Fact]
    public void The_servers_own_delay_is_not_counted_as_the_clients()
    {
        Serve(new SlowResponder(_host));
        Assert.Single(Run(() => AskOverTcp(Query("delay15000."))));
    }

    [Fact]
    public void A_connection_that_ends_inside_a_message_is_told_so()
    {
        Serve(Authoritative());
        Run(async () =>
        {
            using var socket = await ConnectAsync();
            await socket.SendAsync(new byte[] { 0, 30, 1 });
            socket.Shutdown(SocketDirections.Send);
            return await socket.ReceiveAsync(new byte[1]);
        });
        Assert.Equal((DnsConnectionEnd.Cut, 0), Closed());
    }

    [Fact]
    public void Under_pressure_the_connection_idle_longest_makes_room_and_a_busy_one_stays()
    {
        Serve(new SlowResponder(_host), new DnsServerOptions { MaxConnections = 2 });
        Run(async () =>
        {
            using var busy = await ConnectAsync();
            await busy.SendAsync(Frame(Query("delay500.")));
            using var idle = await ConnectAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(50), _kernel.Time);
            using var third = await ConnectAsync();
            Assert.Equal(0, await idle.ReceiveAsync(new byte[1]));
            await third.SendAsync(Frame(Query("delay500.")));
            await Task.Delay(TimeSpan.FromMilliseconds(50), _kernel.Time);
            // Both are busy now: nobody makes room.
            using var fourth = await ConnectAsync();
            Assert.Equal(0, await fourth.ReceiveAsync(new byte[1]));
            Assert.Single(await ReadAsync(busy, 1));
            Assert.Single(await ReadAsync(third, 1));
            return 0;
        });
        Assert.Equal([DnsConnectionEnd.Evicted, DnsConnectionEnd.Refused], _events.OfType<DnsConnectionClosed>().Take(2).Select(told => told.End));
    }

    [Fact]
    public void A_responder_that_fails_makes_servfail_and_the_server_goes_on()
    {
        Serve(new FailingResponder());
        var answer = Run(() => AskOverUdp("www.example."));
        Assert.Equal((ResponseCode.ServerFailure, 1), (answer.ResponseCode, answer.Questions.Count));
        Assert.Equal(ResponseCode.ServerFailure, Run(() => AskOverUdp("again.example.")).ResponseCode);
        Assert.Equal(("InvalidDataException", "boom"), _events.OfType<ResponderFailed>().Select(told => (told.Exception, told.Message)).First());
    }

    [Fact]
    public void A_stopped_server_ends_with_its_connections_and_answers_under_way()
    {
        var serving = Serve(new SlowResponder(_host));
        Run(async () =>
        {
            using var socket = await ConnectAsync();
            await socket.SendAsync(Frame(Query("delay99999.")));
            await Task.Delay(TimeSpan.FromMilliseconds(50), _kernel.Time);
            _stop();
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1]));
            await Task.Delay(TimeSpan.FromMilliseconds(50), _kernel.Time);
            return 0;
        });
        Assert.True(serving());
        Assert.Equal(DnsConnectionEnd.ServerStopped, Closed().End);
    }

    [Fact]
    public void A_taken_port_is_an_error_that_leaves_nothing_open_and_port_0_gets_one_for_both()
    {
        Run(() =>
        {
            using var first = new DnsServer(_host, Authoritative());
            var chosen = first.Bind(new Endpoint(Listen.Address, 0));
            Assert.NotEqual(0, chosen.Port);
            using var second = new DnsServer(_host, Authoritative());
            Assert.Equal(Errno.EADDRINUSE, Assert.Throws<NetworkException>(() => second.Bind(chosen)).Error);
            Assert.Null(second.LocalEndpoint);
            return Task.FromResult(0);
        });
    }

    private static AuthoritativeResponder Authoritative()
    {
        var text = "$TTL 60\n@ SOA a. b. 1 2 3 4 5\n@ NS x.\nwww A 192.0.2.80\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"big A 192.0.2.{i}\n"));
        Assert.True(Zone.TryLoad(text, "db", DnsName.Parse("example."), out var zone, out var problems), string.Join('\n', problems));
        return new AuthoritativeResponder(new ZoneSet(zone));
    }

    /// <summary>Starts the server; the function says whether it has ended.</summary>
    private Func<bool> Serve(IDnsResponder responder, DnsServerOptions? options = null)
    {
        var ended = false;
        _host.StartService("dns", async () =>
        {
            using var server = new DnsServer(_host, responder, options, new Tracer(new ListSink(_events)).Root(_host));
            _stop = server.Stop;
            server.Bind(Listen);
            await server.RunAsync();
            ended = true;
        });
        return () => ended;
    }

    private T Run<T>(Func<Task<T>> journey) => _kernel.Run("client", "ask", journey);

    private (DnsConnectionEnd End, int Queries) Closed()
    {
        var told = Assert.Single(_events.OfType<DnsConnectionClosed>());
        return (told.End, told.Queries);
    }

    private static byte[] Query(string name, ushort id = 1) => DnsMessage.Query(id, new Question(DnsName.Parse(name), RecordType.A)).ToArray();

    private static byte[] Frame(byte[] message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

    private static DnsMessage Parse(ReadOnlySpan<byte> bytes)
    {
        Assert.True(DnsMessage.TryParse(bytes, out var message, out var error), error.ToString());
        return message;
    }

    private async Task<DnsMessage> AskOverUdp(string name)
    {
        using var socket = _client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        await socket.ConnectAsync(Listen);
        await socket.SendAsync(Query(name));
        var buffer = new byte[1500];
        return Parse(buffer.AsSpan(0, await socket.ReceiveAsync(buffer)));
    }

    private async Task<List<int>> AskManyOverUdp(params int[] delays)
    {
        using var socket = _client.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        await socket.ConnectAsync(Listen);
        foreach (var delay in delays) { await socket.SendAsync(Query($"delay{delay}.", (ushort)delay)); }
        var (order, buffer) = (new List<int>(), new byte[512]);
        while (order.Count < delays.Length) { order.Add(Parse(buffer.AsSpan(0, await socket.ReceiveAsync(buffer))).Id); }
        return order;
    }

    private async Task<ISocket> ConnectAsync()
    {
        var socket = _client.CreateSocket(IpVersion.V4, SocketKind.Stream);
        await socket.ConnectAsync(Listen);
        return socket;
    }

    private async Task<List<DnsMessage>> AskOverTcp(params byte[][] queries)
    {
        using var socket = await ConnectAsync();
        var all = queries.SelectMany(Frame).ToArray();
        for (var sent = 0; sent < all.Length;) { sent += await socket.SendAsync(all.AsMemory(sent)); }
        return await ReadAsync(socket, queries.Length);
    }

    private static async Task<List<DnsMessage>> ReadAsync(ISocket socket, int count)
    {
        var (messages, buffer, length) = (new List<DnsMessage>(), new byte[70_000], 0);
        while (messages.Count < count)
        {
            var next = DnsStreamReader.Read(buffer.AsSpan(0, length), ended: false, out var consumed);
            if (next.Kind == DnsStreamEventKind.Message)
            {
                messages.Add(Parse(buffer.AsSpan(next.Start, next.Length)));
                buffer.AsSpan(consumed, length - consumed).CopyTo(buffer);
                length -= consumed;
                continue;
            }
            var received = await socket.ReceiveAsync(buffer.AsMemory(length));
            Assert.NotEqual(0, received);
            length += received;
        }
        return messages;
    }

    /// <summary>Answers delayN. with nothing, N milliseconds later.</summary>
    private sealed class SlowResponder(INetwork network) : IDnsResponder
    {
        public async ValueTask<int> AnswerAsync(ReadOnlyMemory<byte> query, Endpoint client, DnsTransport transport, Memory<byte> response, TraceSpan span, CancellationToken cancellationToken)
        {
            var message = Parse(query.Span);
            var delay = int.Parse(message.Questions[0].Name.ToHostString()[5..]);
            await Task.Delay(TimeSpan.FromMilliseconds(delay), network.Time, cancellationToken);
            return new DnsMessage { Id = message.Id, Flags = HeaderFlags.Response, Questions = message.Questions }.Write(response.Span);
        }
    }

    private sealed class FailingResponder : IDnsResponder
    {
        public ValueTask<int> AnswerAsync(ReadOnlyMemory<byte> query, Endpoint client, DnsTransport transport, Memory<byte> response, TraceSpan span, CancellationToken cancellationToken) =>
            throw new InvalidDataException("boom");
    }

    private sealed class ListSink(List<TraceEvent> events) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => events.Add(traceEvent);
    }
}
