using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Cli.Commands;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Bench.Dns;

/// <summary>
/// Names of an internet of a million domains, each asked for once, from a resolver with an empty cache in virtual time: resolutions a second of the wall and of
/// the CPU, and what each costs in questions, events and memory. Nobody listens.
/// </summary>
internal static class InternetSuite
{
    private const int Passes = 3;

    /// <summary>Clients that wait at once.</summary>
    private const int Clients = 1_000;

    /// <summary><c>internet [NAMES]</c></summary>
    public static int Run(string[] arguments)
    {
        var names = arguments is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 100_000;
        Console.WriteLine(
            $"| {names:N0} of a million domains | a wall second | a CPU second | questions a name | lost | events a name | B a name | virtual time |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        for (var pass = 1; pass <= Passes; pass++) { Measure(pass, names); }
        return 0;
    }

    private static void Measure(int pass, int names)
    {
        var kernel = new Kernel((ulong)pass) { OwnsProcess = true };
        var network = kernel.Setup(() => new MillionDomains(kernel));
        using var resolver = kernel.Setup(() => new RecursiveResolver(network, new RecursiveResolverOptions { Hints = MillionDomains.Hints }));
        var (before, wall, cpu) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp(), ThreadClock.Now());
        var resolved = kernel.Run("resolver", "clients", async () =>
        {
            var (next, good) = (0, 0);
            async Task AskAsync()
            {
                while (next < names)
                {
                    var outcome = await resolver.ResolveAsync(MillionDomains.NameOf(next++), RecordType.A);
                    if (outcome is ResolvedAnswer { Addresses.Length: 1 }) { good++; }
                }
            }
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => AskAsync()));
            return good;
        });
        var (wallSeconds, cpuSeconds) = (Stopwatch.GetElapsedTime(wall).TotalSeconds, (ThreadClock.Now() - cpu) / 1e9);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        if (resolved != names) { throw new InvalidOperationException($"{resolved} of {names} names were resolved"); }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| pass {pass} | {names / wallSeconds:N0} | {names / cpuSeconds:N0} | {(double)network.Asked / names:F3} | {network.Lost:N0} "
            + $"| {(double)kernel.EventsFired / names:F1} | {bytes / names:N0} | {kernel.Time.GetTimestamp() / 1e9:F0} s |"));
    }
}

/// <summary>
/// An internet of a root, twenty zones below it and a million domains below these, on five thousand machines. Its servers hold nothing: what they say
/// follows from the question by a rule. Between them and the resolver are links with a delay of their own that lose one datagram in a thousand.
/// </summary>
internal sealed class MillionDomains(Kernel kernel) : IExchangeNetwork, IDatagramExchanges, IHostFiles
{
    private const int Domains = 1_000_000;
    private const int TopLevels = 20;
    private const int Machines = 5_000;
    private const int LossMillionths = 1_000;

    /// <summary>The networks of the servers of the zones below the root, and of the machines: in each the low bits say which.</summary>
    private const uint TopLevelNetwork = 0x14000000, MachineNetwork = 0x1E000000;

    private static readonly DnsName s_rootServer = DnsName.Parse("a.root-servers.net.");
    private static readonly IpAddress s_root = IpAddress.Parse("198.41.0.4");
    private readonly RandomStream _links = kernel.Stream("links");

    public static Delegation Hints { get; } = new(DnsName.Root, [new NameServer(s_rootServer, [s_root])], Instant.Never);

    /// <summary>Questions sent.</summary>
    public long Asked { get; private set; }

    /// <summary>Of these the ones that, or whose replies, were lost.</summary>
    public long Lost { get; private set; }

    public TimeProvider Time => kernel.Time;

    public IRandomSource Random { get; } = kernel.Stream("resolver");

    public IHostFiles Files => this;

    /// <summary>The name asked for at a turn: each domain once, in an order that has none.</summary>
    public static DnsName NameOf(int turn)
    {
        // 611,953 is prime to a million.
        var domain = (int)((long)turn * 611_953 % Domains);
        return DnsName.Parse($"www.d{domain}.t{domain % TopLevels}.");
    }

    public IReadOnlyList<IpAddress> GetAddresses() => [];

    public byte[]? Read(string path) => null;

    public IDatagramExchanges OpenExchanges() => this;

    public ISocket CreateSocket(IpVersion version, SocketKind kind) =>
        version == IpVersion.V4 && kind == SocketKind.Datagram ? new RouteProbe() : throw new NetworkException(Errno.EAFNOSUPPORT, "socket");

    public IDisposable Ask(Endpoint server, ReadOnlySpan<byte> message, IExchangeListener listener)
    {
        Asked++;
        if (_links.Chance(LossMillionths))
        {
            Lost++;
            return RouteProbe.Nothing;
        }
        Span<byte> reply = stackalloc byte[Edns.DefaultPayloadSize];
        var link = new Link(listener, reply[..Answer((uint)server.Address.Bits, message, reply)].ToArray());
        // 4 to 84 ms for a machine, always the same, and up to a millisecond of its own for each datagram.
        var delay = 4_000_000L + Mix((uint)server.Address.Bits) % 80_000_000 + _links.NextBelow(1_000_000);
        kernel.Schedule(kernel.Now.PlusNanoseconds(delay), link.Deliver);
        return link;
    }

    public void Dispose() { }

    /// <summary>What the server at an address says.</summary>
    private static int Answer(uint address, ReadOnlySpan<byte> query, Span<byte> reply)
    {
        if (!MessageView.TryRead(query, out var view, out _) || !view.TryGetQuestion(out var question))
        {
            throw new InvalidOperationException("a broken question");
        }
        var asked = question.ToQuestion();
        var writer = new MessageWriter(reply);
        writer.TryReserveEdns(0);
        writer.TryWriteQuestion(asked);
        var flags = HeaderFlags.Response;
        if (address == (uint)s_root.Bits)
        {
            var zone = asked.Name.Suffix(1);
            Refer(ref writer, zone, TopLevelNetwork, Number(zone) * 2, Number(zone) * 2 + 1);
        }
        else if (address >> 24 == TopLevelNetwork >> 24)
        {
            var zone = asked.Name.Suffix(2);
            Refer(ref writer, zone, MachineNetwork, Machine(Number(zone), 0), Machine(Number(zone), 1));
        }
        else
        {
            flags |= HeaderFlags.AuthoritativeAnswer;
            Span<byte> data = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(data, 0xC0000200);
            writer.TryWriteRecord(MessageSection.Answer, asked.Name.Wire, RecordType.A, RecordClass.IN, new Ttl(3600), data);
        }
        writer.TryWriteEdns(Edns.DefaultPayloadSize, ResponseCode.NoError, dnssecOk: false, []);
        return writer.Finish(view.Header.Id, flags, OpCode.Query, ResponseCode.NoError);
    }

    /// <summary>Two servers within the zone, with their addresses.</summary>
    private static void Refer(ref MessageWriter writer, DnsName zone, uint network, params ReadOnlySpan<uint> servers)
    {
        Span<byte> data = stackalloc byte[4];
        for (var pass = 0; pass < 2; pass++)
        {
            for (var i = 0; i < servers.Length; i++)
            {
                if (!zone.TryPrepend(i == 0 ? "ns1"u8 : "ns2"u8, out var server)) { throw new InvalidOperationException("a name that is too long"); }
                if (pass == 0) { writer.TryWriteRecord(MessageSection.Authority, zone.Wire, RecordType.NS, RecordClass.IN, new Ttl(86_400), server.Wire); }
                else
                {
                    BinaryPrimitives.WriteUInt32BigEndian(data, network | servers[i]);
                    writer.TryWriteRecord(MessageSection.Additional, server.Wire, RecordType.A, RecordClass.IN, new Ttl(86_400), data);
                }
            }
        }
    }

    private static uint Machine(uint domain, uint which) => Mix(domain * 2 + which) % Machines;

    /// <summary>The number behind the letter of the first label.</summary>
    private static uint Number(DnsName name)
    {
        uint number = 0;
        foreach (var digit in name.Wire.Slice(2, name.Wire[0] - 1)) { number = number * 10 + digit - '0'; }
        return number;
    }

    private static uint Mix(uint value)
    {
        value = (value ^ value >> 16) * 0x7FEB352D;
        value = (value ^ value >> 15) * 0x846CA68B;
        return value ^ value >> 16;
    }

    /// <summary>A reply on its way.</summary>
    private sealed class Link(IExchangeListener listener, byte[] reply) : IDisposable
    {
        private bool _isOver;

        public void Deliver()
        {
            if (!_isOver) { listener.Received(reply); }
        }

        public void Dispose() => _isOver = true;
    }

    /// <summary>What a resolver looks for a route with. It sends nothing.</summary>
    private sealed class RouteProbe : ISocket
    {
        public static RouteProbe Nothing { get; } = new();
        public int Descriptor => 3;
        public IpVersion Version => IpVersion.V4;
        public SocketKind Kind => SocketKind.Datagram;
        public Endpoint? LocalEndpoint => null;
        public Endpoint? RemoteEndpoint => null;
        public void Bind(Endpoint local) => throw new NotSupportedException();
        public void Listen(int backlog) => throw new NotSupportedException();
        public ValueTask<ISocket> AcceptAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();
        public ValueTask ConnectAsync(Endpoint remote, CancellationToken cancellationToken = default) => default;
        public ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => throw new NotSupportedException();
        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new NotSupportedException();
        public ValueTask<int> SendToAsync(ReadOnlyMemory<byte> data, Endpoint remote, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
        public ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
        public void Shutdown(SocketDirections directions) { }
        public void SetOption(SocketOption option, int value) { }
        public int GetOption(SocketOption option) => 0;
        public void Close() { }
        public void Dispose() { }
    }
}
