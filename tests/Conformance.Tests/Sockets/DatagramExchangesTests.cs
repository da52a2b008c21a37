using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Tests.Conformance;

/// <summary>Questions by datagram on the real stack, where a socket is used for one after the other: each has a port of its own and hears of itself alone.</summary>
public class DatagramExchangesTests
{
    private static IDatagramExchanges Open() =>
        (OperatingSystem.IsLinux() ? new OsNetwork().OpenExchanges() : null) ?? throw new InvalidOperationException("Linux has exchanges");

    private static Socket Serve(bool isV4 = true)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the exchanges are Linux's");
        var server = new Socket(isV4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        server.Bind(new IPEndPoint(isV4 ? IPAddress.Loopback : IPAddress.IPv6Loopback, 0));
        return server;
    }

    private static Endpoint EndpointOf(Socket server) => new(
        server.AddressFamily == AddressFamily.InterNetwork ? IpAddress.LoopbackV4 : IpAddress.LoopbackV6, (ushort)((IPEndPoint)server.LocalEndPoint!).Port);

    /// <summary>Answers the next question and says from which port it came.</summary>
    private static int Answer(Socket server, params byte[][] replies)
    {
        var buffer = new byte[512];
        EndPoint client = new IPEndPoint(server.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        server.ReceiveFrom(buffer, ref client);
        foreach (var reply in replies) { server.SendTo(reply, client); }
        return ((IPEndPoint)client).Port;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_question_leaves_from_a_port_of_its_own_though_few_sockets_are_opened(bool isV4)
    {
        using var server = Serve(isV4);
        using var exchanges = Open();
        var ports = new HashSet<int>();
        var descriptors = new HashSet<int>();
        for (byte i = 0; i < 200; i++)
        {
            var listener = new Listener();
            using (exchanges.Ask(EndpointOf(server), [i], listener))
            {
                ports.Add(Answer(server, [i]));
                Assert.Equal([i], listener.Next());
            }
            descriptors.Add(Directory.GetFiles("/proc/self/fd").Length);
        }
        // Of some 28,000 ports 200 are chosen at random: a few may come twice, a pool of the same ones may not.
        Assert.InRange(ports.Count, 190, 200);
        // Others in this process open and close theirs; 200 sockets that stay open would show.
        Assert.InRange(descriptors.Max() - descriptors.Min(), 0, 100);
    }

    [Fact]
    public void What_comes_late_for_one_question_is_not_heard_by_the_next()
    {
        using var server = Serve();
        using var exchanges = Open();
        for (byte i = 0; i < 100; i++)
        {
            // The thread that hears is kept busy with the first one: the others lie there when the question is over.
            using var busy = new ManualResetEventSlim();
            var listener = new Listener(busy);
            using (exchanges.Ask(EndpointOf(server), [i], listener))
            {
                Answer(server, [i], [i], [i]);
                Assert.Equal([i], listener.Next());
            }
            busy.Set();
        }
    }

    [Fact]
    public void Nothing_reaches_a_port_whose_question_is_over()
    {
        using var server = Serve();
        using var exchanges = Open();
        var listener = new Listener();
        int port;
        using (exchanges.Ask(EndpointOf(server), [1], listener)) { port = Answer(server, [1]); }
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        other.Connect(IPAddress.Loopback, port);
        other.Send([2]);
        // The stack says that nobody is there (RFC 1122 section 3.2.2.1).
        Assert.Equal(SocketError.ConnectionRefused, Assert.Throws<SocketException>(() => other.Receive(new byte[1])).SocketErrorCode);
    }

    [Fact]
    public void The_failure_of_one_question_is_not_that_of_the_next()
    {
        using var server = Serve();
        using var gone = Serve();
        var nobody = EndpointOf(gone);
        gone.Close();
        using var exchanges = Open();
        for (byte i = 0; i < 50; i++)
        {
            var failing = new Listener();
            using (exchanges.Ask(nobody, [i], failing)) { Assert.Equal(Errno.ECONNREFUSED, failing.NextError()); }
            var listener = new Listener();
            using (exchanges.Ask(EndpointOf(server), [i], listener))
            {
                Answer(server, [i]);
                Assert.Equal([i], listener.Next());
            }
            Assert.Empty(listener.Errors);
        }
    }

    [Fact]
    public void Questions_at_once_hear_their_own_replies_and_end_with_what_asks_them()
    {
        using var server = Serve();
        var exchanges = Open();
        var asked = Enumerable.Range(0, 200).Select(i =>
        {
            var listener = new Listener();
            return (Listener: listener, Exchange: exchanges.Ask(EndpointOf(server), [(byte)i], listener));
        }).ToArray();
        var ports = new HashSet<int>();
        for (var i = 0; i < asked.Length; i++)
        {
            var buffer = new byte[1];
            EndPoint client = new IPEndPoint(IPAddress.Any, 0);
            server.ReceiveFrom(buffer, ref client);
            ports.Add(((IPEndPoint)client).Port);
            server.SendTo(buffer, client);
        }
        Assert.Equal(200, ports.Count);
        for (var i = 0; i < asked.Length; i++) { Assert.Equal([(byte)i], asked[i].Listener.Next()); }
        exchanges.Dispose();
        // Whichever comes first: its sockets are closed once, and a question comes too late.
        foreach (var (_, exchange) in asked) { exchange.Dispose(); }
        var late = new Listener();
        exchanges.Ask(EndpointOf(server), [0], late).Dispose();
    }

    private sealed class Listener(ManualResetEventSlim? busy = null) : IExchangeListener
    {
        private readonly BlockingCollection<byte[]> _heard = [];
        private readonly BlockingCollection<Errno> _errors = [];

        public IEnumerable<Errno> Errors => _errors;

        public void Received(ReadOnlySpan<byte> datagram)
        {
            _heard.Add(datagram.ToArray());
            busy?.Wait();
        }

        public void Failed(Errno error) => _errors.Add(error);

        public byte[] Next() => _heard.TryTake(out var datagram, 10_000) ? datagram : throw new TimeoutException("no reply");

        public Errno NextError() => _errors.TryTake(out var error, 10_000) ? error : throw new TimeoutException("no failure");
    }
}
