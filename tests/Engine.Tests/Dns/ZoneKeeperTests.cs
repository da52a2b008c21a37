using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Keeping;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Errors;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

/// <summary>A primary and a secondary on one subnet, in virtual time: days pass in a moment.</summary>
public class ZoneKeeperTests
{
    private static readonly DnsName s_origin = DnsName.Parse("zone.test.");
    private static readonly Endpoint s_primary = new(IpAddress.Parse("10.0.0.53"), 53), s_secondary = new(IpAddress.Parse("10.0.0.54"), 53);
    private static readonly TsigKey s_key = new(DnsName.Parse("k."), TsigAlgorithm.HmacSha256, "secret"u8), s_other = new(s_key.Name, s_key.Algorithm, "another"u8);

    private readonly Kernel _kernel = new(1);
    private readonly List<TraceEvent> _events = [];
    private readonly SimulatedHost _primaryHost, _secondaryHost;
    private readonly MemoryStore _store;
    private Action _stopPrimary = () => { };

    public ZoneKeeperTests()
    {
        var internet = new Internet(_kernel);
        var lan = internet.AddSubnet("lan", IpPrefix.Parse("10.0.0.0/24"));
        _primaryHost = internet.AddHost("primary");
        _primaryHost.Attach(lan, [s_primary.Address], new WireSettings(TimeSpan.FromMilliseconds(1)));
        _secondaryHost = internet.AddHost("secondary");
        _secondaryHost.Attach(lan, [s_secondary.Address], default);
        _store = new MemoryStore(_secondaryHost);
    }

    [Fact]
    public void A_secondary_copies_follows_and_says_so()
    {
        var primary = StartPrimary(Load(1, "a A 192.0.2.1"), s_key, notifies: true);
        var secondary = StartSecondary(s_key);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(1u, SerialOf(secondary));
        Do(() => primary.Keeper.Reload(Load(2, "a A 192.0.2.1", "b A 192.0.2.2")));
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal((2u, 2u), (SerialOf(secondary), _store.Kept!.Soa.Serial));
        var taken = _events.OfType<ZoneTaken>().ToArray();
        Assert.Equal([(false, 1u), (true, 2u)], taken.Select(static told => (told.IsIncremental, told.Serial)));
        Assert.Equal(2u, Assert.Single(_events.OfType<NotifyReceived>(), static told => told.Serial == 2).Serial);
        Assert.Contains(_events.OfType<NotifySent>(), static told => told is { Serial: 2, Code: "NOERROR" });
    }

    /// <summary>A secondary that is away is told of the newest version when it is its turn again, not of every one: who sends changes decides no memory of ours.</summary>
    [Fact]
    public void Of_many_versions_a_secondary_that_is_away_hears_of_the_newest()
    {
        var primary = StartPrimary(Load(1), null, notifies: true);
        for (var serial = 2u; serial <= 200; serial++)
        {
            var next = serial;
            Do(() => primary.Keeper.Reload(Load(next)));
        }
        Pass(TimeSpan.FromMinutes(5));
        var sent = _events.OfType<NotifySent>().ToArray();
        Assert.InRange(sent.Length, 2, 3);
        Assert.Equal((200u, ""), (sent[^1].Serial, sent[^1].Code));
    }

    [Fact]
    public void Without_being_told_a_secondary_asks_when_the_zone_says()
    {
        var primary = StartPrimary(Load(1), null, notifies: false);
        var secondary = StartSecondary(null);
        Pass(TimeSpan.FromSeconds(10));
        Do(() => primary.Keeper.Reload(Load(2)));
        Pass(TimeSpan.FromSeconds(989));
        Assert.Equal(1u, SerialOf(secondary));
        Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(2u, SerialOf(secondary));
    }

    [Fact]
    public void A_zone_whose_primary_is_gone_expires_and_comes_back()
    {
        StartPrimary(Load(1, "a A 192.0.2.1"), null, notifies: false);
        var secondary = StartSecondary(null);
        Pass(TimeSpan.FromSeconds(10));
        Do(_stopPrimary);
        Pass(TimeSpan.FromSeconds(4980));
        Assert.Equal(ResponseCode.NoError, Ask(secondary).ResponseCode);
        // REFRESH 1000, RETRY 100, EXPIRE 5000 after the last time that the primary was heard.
        Assert.Equal(Enumerable.Repeat(Errno.ECONNREFUSED, 40), _events.OfType<ZoneRefreshFailed>().Select(static told => told.Error));
        Pass(TimeSpan.FromSeconds(30));
        Assert.Equal("zone.test.", Assert.Single(_events.OfType<ZoneExpired>()).Zone);
        Assert.Equal(ResponseCode.ServerFailure, Ask(secondary).ResponseCode);
        StartPrimary(Load(1, "a A 192.0.2.1"), null, notifies: false);
        Pass(TimeSpan.FromSeconds(200));
        Assert.Equal(ResponseCode.NoError, Ask(secondary).ResponseCode);
    }

    [Fact]
    public void What_was_kept_is_served_until_the_primary_answers()
    {
        _store.Save(Load(7, "a A 192.0.2.1"));
        var secondary = StartSecondary(null);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal((ResponseCode.NoError, 7u), (Ask(secondary).ResponseCode, SerialOf(secondary)));
    }

    [Fact]
    public void Other_keys_and_other_senders_are_refused_by_both()
    {
        StartPrimary(Load(1), s_key, notifies: true);
        var secondary = StartSecondary(s_other);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(ResponseCode.ServerFailure, Ask(secondary).ResponseCode);
        var failed = _events.OfType<ZoneRefreshFailed>().First();
        Assert.Equal((RefreshFault.Signature, TsigFault.RefusedByPeer, "BADVERS"), (failed.Fault, failed.Signature, failed.Code));
        Assert.Contains(_events.OfType<RequestRefused>(), static told => told is { Kind: RequestKind.Signature, Code: "BADSIG", Zone: "zone.test." });
        Assert.Equal(ResponseCode.NotAuthoritative, secondary.Keeper.TakeNotify(DnsName.Parse("other.test."), 1, new QuerySource(s_primary, DnsTransport.Udp)));
        Assert.Equal(ResponseCode.Refused, secondary.Keeper.TakeNotify(s_origin, 1, new QuerySource(s_primary, DnsTransport.Udp)));
        Assert.Equal(2, secondary.Keeper.Refusals(RequestKind.Notify));
    }

    [Fact]
    public void A_primary_that_says_nothing_costs_a_minute()
    {
        _primaryHost.StartService("silent", async () =>
        {
            using var socket = _primaryHost.CreateSocket(IpVersion.V4, SocketKind.Stream);
            socket.Bind(s_primary);
            socket.Listen(1);
            using var accepted = await socket.AcceptAsync();
            await Task.Delay(TimeSpan.FromMinutes(5), _primaryHost.Time);
        });
        StartSecondary(null);
        Pass(TimeSpan.FromSeconds(59));
        Assert.Empty(_events.OfType<ZoneRefreshFailed>());
        Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(RefreshFault.Late, Assert.Single(_events.OfType<ZoneRefreshFailed>()).Fault);
    }

    [Fact]
    public void A_change_that_cannot_be_kept_is_not_made()
    {
        var keeper = new ZoneKeeper(_primaryHost, [], new Tracer(new ListSink(_events)).Root(_primaryHost));
        var server = new AuthoritativeServer(new ZoneSet(), new AuthoritativeServerOptions { Keeper = keeper });
        var journal = new MemoryJournal { Error = Errno.ENOSPC };
        keeper.AddChanging(Load(1), [new AccessRule(null, null)], journal);
        keeper.Attach(server);
        var update = new DnsMessage
        {
            Id = 7,
            OpCode = OpCode.Update,
            Questions = [new Question(s_origin, RecordType.SOA)],
            Authorities = [new DnsRecord(DnsName.Parse("new.zone.test."), new Ttl(60), new AddressData(IpAddress.Parse("192.0.2.9")))],
        }.ToArray();
        Assert.Equal((ResponseCode.ServerFailure, 1u), (Send(), server.Zones.Zones.Single().Soa.Serial));
        Assert.Equal(Errno.ENOSPC, Assert.Single(_events.OfType<JournalNotWritten>()).Error);
        journal.Error = Errno.None;
        Assert.Equal((ResponseCode.NoError, 2u), (Send(), server.Zones.Zones.Single().Soa.Serial));
        Assert.Single(journal.Entries);
        // The same again changes nothing, and nothing is written.
        Assert.Equal((ResponseCode.NoError, 2u), (Send(), server.Zones.Zones.Single().Soa.Serial));
        Assert.Single(journal.Entries);

        ResponseCode Send()
        {
            var response = new byte[512];
            var length = server.Answer(update, new QuerySource(s_secondary, DnsTransport.Udp), response);
            Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out _));
            return answer.ResponseCode;
        }
    }

    private static Zone Load(uint serial, params string[] lines)
    {
        var text = $"$TTL 60\n@ SOA ns h {serial} 1000 100 5000 60\n@ NS ns\nns A 192.0.2.53\n" + string.Join('\n', lines);
        Assert.True(Zone.TryLoad(text, "db", s_origin, out var zone, out var problems), string.Join('\n', problems));
        return zone;
    }

    private static uint SerialOf(Running server) => server.Server.Zones.Zones.Single().Soa.Serial;

    private static DnsMessage Ask(Running server)
    {
        var response = new byte[1232];
        var query = DnsMessage.Query(1, new Question(s_origin, RecordType.SOA)).ToArray();
        var length = server.Server.Answer(query, new QuerySource(s_primary, DnsTransport.Udp), response);
        Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out _));
        return answer;
    }

    private void Do(Action action) => _kernel.Run("primary", "do", () =>
    {
        action();
        return Task.FromResult(0);
    });

    private void Pass(TimeSpan time) => _kernel.Run("secondary", "wait", async () =>
    {
        await Task.Delay(time, _secondaryHost.Time);
        return 0;
    });

    private Running StartPrimary(Zone zone, TsigKey? key, bool notifies)
    {
        var (running, stop) = Start(
            _primaryHost, s_primary, key, notifies ? [new ServerPeer(s_secondary, key)] : [], keeper => keeper.AddPrimary(zone));
        _stopPrimary = stop;
        return running;
    }

    private Running StartSecondary(TsigKey? key)
    {
        return Start(
            _secondaryHost, s_secondary, key, [], keeper => keeper.AddSecondary(new SecondaryOptions(s_origin, new ServerPeer(s_primary, key), _store))).Running;
    }

    private (Running Running, Action Stop) Start(SimulatedHost host, Endpoint at, TsigKey? key, ServerPeer[] notified, Action<ZoneKeeper> add)
    {
        var span = new Tracer(new ListSink(_events)).Root(host);
        var keeper = new ZoneKeeper(host, notified, span);
        var server = new AuthoritativeServer(new ZoneSet(), new AuthoritativeServerOptions
        {
            Keeper = keeper,
            Keys = key is null ? TsigKeyring.Empty : new TsigKeyring(key),
            TransferRules = [new AccessRule(null, key?.Name)],
        });
        keeper.Attach(server);
        var stopping = new CancellationTokenSource();
        host.StartService("dns", async () =>
        {
            add(keeper);
            using var listening = new DnsServer(host, new AuthoritativeResponder(server, host.Time), null, default);
            listening.Bind(at);
            await Task.WhenAll(listening.RunAsync(stopping.Token), keeper.RunAsync(stopping.Token));
        });
        return (new Running(keeper, server), stopping.Cancel);
    }

    private sealed record Running(ZoneKeeper Keeper, AuthoritativeServer Server);

    private sealed class MemoryStore(INetwork network) : ISecondaryStore
    {
        private Instant _refreshed;

        public Zone? Kept { get; private set; }

        public (Zone Zone, Instant Refreshed)? Load() => Kept is null ? null : (Kept, _refreshed);

        public Errno Save(Zone zone)
        {
            Kept = zone;
            Touch();
            return Errno.None;
        }

        public void Touch() => _refreshed = NetworkClock.Now(network);
    }

    private sealed class MemoryJournal : IJournalFile
    {
        public Errno Error { get; set; }

        public List<byte[]> Entries { get; } = [];

        public Errno Append(ReadOnlySpan<byte> entry)
        {
            if (Error == Errno.None) { Entries.Add(entry.ToArray()); }
            return Error;
        }
    }

    private sealed class ListSink(List<TraceEvent> events) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => events.Add(traceEvent);
    }
}
