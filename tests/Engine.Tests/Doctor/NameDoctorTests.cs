using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Validating;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Doctor;
using Firstbyte.Simulation.Elements;
using Firstbyte.Sockets;
using Firstbyte.Tests.Dns;
using Firstbyte.Tests.Dns.Signing;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Doctor;

/// <summary>A name whose zones are well but for one thing, which the doctor must find, and nothing else; in virtual time.</summary>
public sealed class NameDoctorTests
{
    /// <summary>What is planted here, and not in a site or a zone file.</summary>
    internal static IReadOnlyList<Type> Planted { get; } =
    [
        typeof(NameServerSilent), typeof(NameServerLame), typeof(NameServerSlow), typeof(NameServerDeaf), typeof(NameSerialsDiffer), typeof(NameServersDiffer), typeof(NameTtlsDiffer),
        typeof(NameGlueMissing), typeof(NameGlueDiffers), typeof(NameServerUnknown), typeof(NameAnswersDiffer), typeof(NameBogus),
    ];

    private const string Referral = "test 3600 NS ns1.test.\ntest 3600 NS ns2.test.\nns1.test. 3600 A 10.1.0.1\nns2.test. 3600 A 10.2.0.1\n";
    private const string Apex = "@ 3600 SOA ns1 mail 7 7200 900 1209600 300\n@ 3600 NS ns1\n@ 3600 NS ns2\nns1 3600 A 10.1.0.1\nns2 3600 A 10.2.0.1\nwww 3600 A 192.0.2.80\n";

    public static TheoryData<string> Plants => [.. s_plants.Keys];

    private static readonly Dictionary<string, (Action<World> Plant, string[] Found)> s_plants = new()
    {
        ["nothing"] = (static _ => { }, []),
        ["an alias"] = (static world => world.Zones = text => text.Replace("www 3600 A 192.0.2.80", "www 3600 CNAME web.elsewhere.", StringComparison.Ordinal), []),
        ["no such name"] = (static world => world.Zones = text => text.Replace("www 3600", "web 3600", StringComparison.Ordinal), []),
        ["a dead server"] = (static world => world.Second = Way.Dead, ["NameServerSilent test. ns2.test. 10.2.0.1 Warning"]),
        ["dead servers"] = (static world => (world.First, world.Second) = (Way.Dead, Way.Dead),
            ["NameServerSilent test. ns1.test. 10.1.0.1 Error", "NameServerSilent test. ns2.test. 10.2.0.1 Error"]),
        ["a server of other zones"] = (static world => world.Second = Way.Lame, ["NameServerLame test. ns2.test. 10.2.0.1 Error"]),
        ["a slow server"] = (static world => world.Second = Way.Slow, ["NameServerSlow test. ns2.test. 10.2.0.1 Note"]),
        ["no EDNS"] = (static world => world.Second = Way.WithoutEdns, ["NameServerDeaf test. ns2.test. 10.2.0.1 Edns Warning"]),
        ["EDNS unanswered"] = (static world => world.Second = Way.SilentToEdns, ["NameServerDeaf test. ns2.test. 10.2.0.1 Edns Warning"]),
        ["no TCP"] = (static world => world.Second = Way.WithoutTcp, ["NameServerDeaf test. ns2.test. 10.2.0.1 Tcp Warning"]),
        ["an old copy"] = (static world => world.SecondZones = text => text.Replace("mail 7 ", "mail 6 ", StringComparison.Ordinal), ["NameSerialsDiffer test. Warning"]),
        ["another answer"] = (static world => world.SecondZones = text => text.Replace("192.0.2.80", "192.0.2.81", StringComparison.Ordinal), ["NameAnswersDiffer www.test. A Warning"]),
        ["another server in the zone"] = (static world => world.Zones = text => text.Replace("@ 3600 NS ns2", "@ 3600 NS ns3", StringComparison.Ordinal), ["NameServersDiffer test. Warning"]),
        ["another time"] = (static world => world.Parent = text => text.Replace("test 3600 NS", "test 7200 NS", StringComparison.Ordinal), []),
        ["another server for another time"] = (static world =>
        {
            world.Parent = static text => text.Replace("test 3600 NS", "test 7200 NS", StringComparison.Ordinal);
            world.Zones = static text => text.Replace("@ 3600 NS ns2", "@ 3600 NS ns3", StringComparison.Ordinal);
        }, ["NameServersDiffer test. Warning", "NameTtlsDiffer test. Note"]),
        ["no address"] = (static world => world.Parent = text => text.Replace("ns2.test. 3600 A 10.2.0.1\n", "", StringComparison.Ordinal), ["NameGlueMissing test. ns2.test. Error"]),
        ["another address"] = (static world => world.Zones = text => text.Replace("ns2 3600 A 10.2.0.1", "ns2 3600 A 10.2.0.9", StringComparison.Ordinal), ["NameGlueDiffers test. ns2.test. Warning"]),
        ["a server that is not there"] = (static world =>
        {
            world.Parent = static text => text.Replace("ns2.test.\n", "ns.nowhere.\n", StringComparison.Ordinal);
            world.Zones = static text => text.Replace("@ 3600 NS ns2\n", "@ 3600 NS ns.nowhere.\n", StringComparison.Ordinal);
        }, ["NameServerUnknown test. ns.nowhere. Error"]),
    };

    [Theory]
    [MemberData(nameof(Plants))]
    public void What_is_planted_is_found_and_nothing_else(string what)
    {
        var world = new World();
        var (plant, expected) = s_plants[what];
        plant(world);
        var (completed, findings) = world.Examine("www.test", TrustAnchors.None);
        Assert.Equal(expected, findings.Select(static one => $"{one.GetType().Name} {one.Subject} {FindingTable.Of(one).Severity}").Order(StringComparer.Ordinal));
        Assert.Equal(findings.Select(static one => (int)FindingTable.Of(one).Severity).DefaultIfEmpty().Max(), completed.ExitCode);
    }

    /// <summary>One machine with both zones refers to nobody: the cut is found all the same.</summary>
    [Fact]
    public void A_zone_on_the_servers_of_its_parent_is_examined_too()
    {
        var world = new World { IsTogether = true, Second = Way.Lame };
        Assert.Equal(["NameServerLame test. ns2.test. 10.2.0.1"], world.Examine("www.test", TrustAnchors.None).Findings.Select(static one => $"{one.GetType().Name} {one.Subject}"));
    }

    [Theory]
    [InlineData(30, false)]
    [InlineData(3, false)]
    [InlineData(30, true)]
    public void Signatures_are_checked_to_the_root(int days, bool isForged)
    {
        var world = new World { SigningDays = days, IsForged = isForged };
        var (_, findings) = world.Examine("www.test", world.Anchors);
        if (isForged) { Assert.Equal(("www.test.", ValidationFlaw.SignatureWrong), (Assert.IsType<NameBogus>(Assert.Single(findings)).Name, ((NameBogus)findings[0]).Flaw)); }
        else if (days == 3) { Assert.All(findings, static one => Assert.Equal(3, Assert.IsType<ZoneSignaturesExpiring>(one).Days)); }
        else { Assert.Empty(findings); }
        Assert.Equal(days == 3, findings.Length == 2);
    }

    private enum Way { Well, Dead, Lame, Slow, WithoutEdns, SilentToEdns, WithoutTcp }

    /// <summary>A root with one server, and "test" with two.</summary>
    private sealed class World
    {
        private readonly ResolverWorld _world = new();
        private readonly ZoneKey _rootKey, _key;

        public World()
        {
            var random = new CountingRandom();
            _rootKey = ZoneKey.Generate(DnsName.Root, true, SigningAlgorithm.EcdsaP256Sha256, random);
            _key = ZoneKey.Generate(DnsName.Parse("test"), true, SigningAlgorithm.EcdsaP256Sha256, random);
        }

        public Way First { get; set; }
        public Way Second { get; set; }
        public bool IsTogether { get; init; }
        public int SigningDays { get; init; }
        public bool IsForged { get; init; }
        public Func<string, string> Zones { get; set; } = static text => text;
        public Func<string, string> SecondZones { get; set; } = static text => text;
        public Func<string, string> Parent { get; set; } = static text => text;

        public TrustAnchors Anchors => TrustAnchors.From([new DnsRecord(DnsName.Root, Ttl.Zero, _rootKey.Public.ToDelegationSigner())]);

        public (ExaminationCompleted Completed, Finding[] Findings) Examine(string name, TrustAnchors anchors)
        {
            var root = "@ 3600 SOA ns.root. mail 1 7200 900 1209600 300\n@ 3600 NS ns.root.\nns.root. 3600 A 10.0.0.1\n" + Parent(Referral)
                + (SigningDays > 0 ? $"test 3600 DS {_key.Public.ToDelegationSigner()}\n" : "");
            Start("root", "10.0.0.1", Way.Well, [Load(".", root, _rootKey), .. IsTogether ? [Load("test.", Zones(Apex), _key)] : (Zone[])[]]);
            Start("one", "10.1.0.1", First, [Load("test.", Zones(Apex), _key)]);
            Start("two", "10.2.0.1", Second, Second == Way.Lame ? [] : [Load("test.", SecondZones(Zones(Apex)), _key)]);
            var hints = new Delegation(DnsName.Root, [new NameServer(DnsName.Parse("ns.root"), [IpAddress.Parse("10.0.0.1")])], Instant.Never);
            using var resolver = new RecursiveResolver(_world.Client, new RecursiveResolverOptions { Hints = hints });
            var doctor = new NameDoctor(_world.Client, resolver, anchors, hints);
            var completed = _world.Run(async () => await doctor.ExamineAsync(DnsName.Parse(name), _world.Tracer));
            return (completed, [.. _world.Told<FindingFound>().Select(static told => told.Finding)]);
        }

        private Zone Load(string origin, string text, ZoneKey key)
        {
            Assert.True(Zone.TryLoad(text, origin, DnsName.Parse(origin), out var zone, out var problems), $"{string.Join('\n', problems)}\n{text}");
            if (SigningDays == 0) { return zone; }
            var now = (uint)_world.Client.Time.GetUtcNow().ToUnixTimeSeconds();
            var signed = string.Join('\n', ZoneSigner.Sign(zone, [key], new SigningOptions(now - 3600, now + (uint)SigningDays * 86_400 + 60, false))) + "\n";
            if (IsForged) { signed = signed.Replace("192.0.2.80", "192.0.2.66", StringComparison.Ordinal); }
            Assert.True(Zone.TryLoad(signed, origin, DnsName.Parse(origin), out zone, out problems), string.Join('\n', problems));
            return zone;
        }

        private void Start(string name, string address, Way way, Zone[] zones)
        {
            var host = _world.AddHost(name, address);
            if (way == Way.Dead) { return; }
            var server = new AuthoritativeServer(new ZoneSet(zones));
            host.StartService("dns over udp", () => ServeUdpAsync(host, server, way));
            if (way != Way.WithoutTcp) { host.StartService("dns over tcp", () => ResolverWorld.ServeTcpAsync(host, server)); }
        }

        private static async Task ServeUdpAsync(SimulatedHost host, AuthoritativeServer server, Way way)
        {
            using var socket = host.CreateSocket(IpVersion.V4, SocketKind.Datagram);
            socket.Bind(new Endpoint(IpAddress.AnyV4, 53));
            var (query, response) = (new byte[4096], new byte[65_535]);
            while (true)
            {
                var received = await socket.ReceiveFromAsync(query);
                var hasEdns = MessageView.TryRead(query.AsSpan(0, received.Length), out var view, out _) && view.HasEdns;
                if (way == Way.SilentToEdns && hasEdns) { continue; }
                if (way == Way.Slow) { await Task.Delay(TimeSpan.FromMilliseconds(800), host.Time); }
                var length = server.Answer(query.AsSpan(0, received.Length), new QuerySource(received.Remote, DnsTransport.Udp), response);
                if (way == Way.WithoutEdns && hasEdns)
                {
                    // FORMERR and nothing but the header, as servers did that knew no OPT record.
                    length = 12;
                    (response[2], response[3]) = (0x80, 1);
                    response.AsSpan(4, 8).Clear();
                }
                if (length > 0) { await socket.SendToAsync(response.AsMemory(0, length), received.Remote); }
            }
        }
    }
}
