using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;
using Firstbyte.Labs;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Simulation.Tls;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>A lab written as a file is read as the same lab, and its JSON is what the schema says.</summary>
public class LabExportTests
{
    public static TheoryData<string> Labs => [.. LabCatalog.Names];

    private static JsonSchemaJudge Schema { get; } =
        new(JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Require(), "docs", "labs", "lab.schema.json"))).RootElement);

    [Theory]
    [MemberData(nameof(Labs))]
    public void A_lab_that_comes_with_the_program_survives_being_written_and_read(string name) => RequireRoundTrip(LabCatalog.Load(name)!);

    [Theory]
    [MemberData(nameof(Labs))]
    public void A_lab_that_comes_with_the_program_is_valid_in_the_schema(string name) => RequireValid(LabCatalog.Load(name)!);

    [Fact]
    public void Any_lab_survives_being_written_and_read_and_is_valid_in_the_schema() =>
        Gen.ULong.Sample(seed =>
        {
            var lab = new LabMaker(seed).Make();
            RequireRoundTrip(lab);
            RequireValid(lab);
        }, iter: 200, threads: 1);

    [Theory]
    [InlineData("$.seed", "-1")]
    [InlineData("$.hosts[0].name", "\"two words\"")]
    [InlineData("$.hosts[0].interfaces[0].addresses[0]", "\"here\"")]
    [InlineData("$.subnets[0].kind", "\"Cloud\"")]
    [InlineData("$.subnets[0].colour", "\"red\"")]
    [InlineData("$.links[0].up.latencyNanoseconds", "\"1ms\"")]
    public void The_schema_refuses_what_no_lab_says(string place, string value)
    {
        var lab = JsonNode.Parse(LabFile.ToJson(LabCatalog.Load(LabCatalog.Default)!))!;
        var at = place.LastIndexOf('.');
        var target = place[2..Math.Max(at, 2)].Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate(lab, static (node, step) =>
            step.Split('[', ']') is [var name, var index, _] ? node[name]![int.Parse(index)]! : node[step]!);
        var member = place[(at + 1)..].Split('[', ']');
        if (member.Length > 1) { target[member[0]]![int.Parse(member[1])] = JsonNode.Parse(value); }
        else { target[member[0]] = JsonNode.Parse(value); }
        Assert.NotEmpty(Schema.Judge(JsonDocument.Parse(lab.ToJsonString()).RootElement));
    }

    private static void RequireRoundTrip(LabDefinition lab)
    {
        var text = LabFile.Write(lab);
        var again = LabFile.Parse(text, "written.lab");
        Assert.Equal(LabFile.ToJson(lab), LabFile.ToJson(again));
        Assert.Equal(text, LabFile.Write(again));
    }

    private static void RequireValid(LabDefinition lab) => Assert.Empty(Schema.Judge(JsonDocument.Parse(LabFile.ToJson(lab)).RootElement));

    /// <summary>Makes labs of everything that the format can say.</summary>
    private sealed class LabMaker(ulong seed)
    {
        private readonly RandomStream _random = new(seed, "labs");
        private int _address;

        public LabDefinition Make()
        {
            var subnets = Many(1, 3, number => new SubnetDefinition($"net{number}", [IpPrefix.Parse($"10.{number}.0.0/16"), IpPrefix.Parse($"fd00:{number}::/32")], Pick(SubnetKind.Hub, SubnetKind.Switch), Boxes(number)));
            var routers = Many(0, 2, number => Router(number, subnets));
            var hosts = Many(1, 4, number => Host(number, subnets, routers));
            var links = hosts.SelectMany(host => host.Interfaces.Select(plug => $"{host.Name}-{plug.Box ?? plug.Subnet}")).Where(_ => Chance()).Select(name => new LinkDefinition(name, Wire(), Wire())).ToArray();
            return new LabDefinition(Text(), _random.NextUInt64() >> 1, hosts[^1].Name, subnets, routers, hosts, links, Many(0, 8, _ => Fault(hosts)), NameChanges(hosts), Many(0, 3, number => new LabTitle(number == 0 ? "zh" : number == 1 ? "zh-Hant-TW" : "de", Text())));
        }

        private static DnsRecord[] Trusted() =>
            [.. ZoneFileReader.Read(". 0 IN DS 7 13 2 00AB\ntest. 0 IN DS 8 13 2 00CD\n", "trusted", DnsName.Root, null).Records];

        private BoxDefinition[] Boxes(int subnet) =>
            Many(0, 2, number => new BoxDefinition($"box{subnet}.{number}", Pick(SubnetKind.Hub, SubnetKind.Switch), number > 0 && Chance() ? $"box{subnet}.0" : $"net{subnet}"));

        private RouterDefinition Router(int number, SubnetDefinition[] subnets)
        {
            var plugs = subnets.Select(Plug).ToArray();
            var outside = plugs.FirstOrDefault(static plug => plug.Addresses.Any(static address => address.IsV4))?.Subnet;
            return new RouterDefinition($"r{number}", plugs, new RouterSettings { Rip = Chance(), Advertises = Chance(), NatOutside = Chance() ? outside : null, Pools = Pools(plugs) }, Routes());
        }

        private AddressPool[]? Pools(InterfaceDefinition[] plugs)
        {
            var plug = plugs.FirstOrDefault(static plug => plug.Addresses.Any(address => address.IsV4 && address.ToString().StartsWith($"10.{plug.Subnet[3..]}.", StringComparison.Ordinal)));
            if (plug is null || Chance()) { return null; }
            var pool = new AddressPool(plug.Subnet, IpAddress.Parse($"10.{plug.Subnet[3..]}.200.1"), IpAddress.Parse($"10.{plug.Subnet[3..]}.200.9")) { LeaseTime = Chance() ? TimeSpan.FromMinutes(2) : null, DomainName = Chance() ? "home.test" : null };
            return [Chance() ? pool with { NameServers = [IpAddress.Parse("10.0.0.1"), IpAddress.Parse("10.0.0.2")] } : pool];
        }

        private StaticRoute[] Routes() => Many(0, 2, number => Chance()
            ? new StaticRoute(IpPrefix.Parse($"192.168.{number}.0/24"), IpAddress.Parse("10.0.0.9"))
            : new StaticRoute(IpPrefix.Parse("::/0"), IpAddress.Parse("fd00:0::9")));

        private HostDefinition Host(int number, SubnetDefinition[] subnets, RouterDefinition[] routers)
        {
            var plugs = subnets.Where((_, at) => at == 0 || Chance()).Select(Plug).Select((plug, at) => at > 0 && Chance() ? plug with { UsesDhcp = true, Addresses = Chance() ? [] : plug.Addresses } : plug).ToArray();
            var gateways = routers.Where(_ => Chance()).SelectMany(router => router.Interfaces.Where(plug => plugs.Any(own => own.Subnet == plug.Subnet)).SelectMany(plug => plug.Addresses));
            var services = Many(0, 3, _ => Web()).Cast<ServiceDefinition>().ToList();
            if (Chance()) { services.Add(new ResolverService(default, Time()) { Trusted = Chance() ? Trusted() : [] }); }
            else if (Chance()) { services.Add(new ZoneService(default, Zone(), Time())); }
            if (Chance()) { services.Add(new ForgerService(default, DnsName.Parse("a.example"), IpAddress.Parse("10.0.0.8"), IpAddress.Parse("10.0.0.9"), Chance() ? new GuessedSender(IpAddress.Parse("10.0.0.7"), 5) : null)); }
            return new HostDefinition($"h{number}.x", plugs, [.. gateways], Routes(), Many(0, 2, _ => Address()), services, Many(0, 2, at => new FileDefinition($"/etc/{at}", Content())), Chance() ? new PortRange(1, 65_535) : null);
        }

        private InterfaceDefinition Plug(SubnetDefinition subnet) => new(subnet.Name, Many(1, 2, _ => Address()), subnet.Boxes.Count > 0 && Chance() ? subnet.Boxes[0].Name : null);

        private IpAddress Address() => IpAddress.Parse(Chance() ? $"10.{_random.NextBelow(200)}.1.{++_address}" : $"fd00::{++_address:x}");

        private WebService Web() => Web(Chance());

        private WebService Web(bool isSecure) => new(
            default, isSecure, (ushort)_random.NextBelow(65_536), ["a.example", "b.example"], Pick(CertificateFlaw.None, CertificateFlaw.Expired), Many(0, 4, Page), Time(), _random.NextBelow(3) * 1_500)
        { Flaw = CertificateFlaw.None, CertifiedClients = isSecure && Chance() };

        private PageDefinition Page(int number) => Content(number) with { Account = Chance() ? new AccountDefinition("a \" b", Text()) : null };

        private PageDefinition Content(int number) => _random.NextBelow(7) switch
        {
            6 => new IdentityPage($"/{number}", "Nína, of \"x\"", Pick(CertificateFlaw.None, CertificateFlaw.Expired, CertificateFlaw.BadUsage)),
            0 => new ContentPage($"/{number}", Content()),
            3 => new FormPage($"/{number}"),
            4 => new WritablePage($"/{number}/"),
            1 => new SizedPage($"/{number}", _random.NextBelow(5_000_000)),
            2 => new RedirectPage($"/{number}", Text(), Pick(301, 302, 303, 307, 308)),
            _ => new EndlessPage($"/{number}"),
        };

        private Zone Zone()
        {
            var text = "@ 60 IN SOA ns h 1 2 3 4 5\n@ 60 IN NS ns\nns 60 IN A 10.0.0.1\nt 60 IN TXT \"a \\\" } { ; \\\\ b\" \"c\"\n*.w 5 IN MX 10 a\\.b\nsub IN 7 NS ns.sub\nns.sub 7 IN AAAA ::1\n";
            Assert.True(Firstbyte.Dns.Zones.Zone.TryLoad(text, "z", DnsName.Parse("example.test"), out var zone, out var problems), string.Join(", ", problems));
            return zone;
        }

        private WireSettings Wire() => new()
        {
            Latency = TimeSpan.FromTicks(_random.NextBelow(100_000_000)),
            Jitter = TimeSpan.FromTicks(_random.NextBelow(2) * 333),
            LossMillionths = (int)_random.NextBelow(1_000_001),
            BitsPerSecond = _random.NextBelow(2) * 1_500_000,
            QueueBytes = _random.NextBelow(2) * 64_000,
            DuplicateMillionths = (int)_random.NextBelow(2) * 7,
            CorruptMillionths = (int)_random.NextBelow(2) * 500_000,
            ReorderMillionths = (int)_random.NextBelow(2) * 20_000,
            ReorderDelay = TimeSpan.FromMilliseconds(_random.NextBelow(3)),
            Mtu = Pick(68, 1_280, 1_500, 9_000),
        };

        private Happening Fault(HostDefinition[] hosts)
        {
            var (at, host) = (Time(), hosts[_random.NextBelow(hosts.Length)].Name);
            long? lasts = Chance() && Time() is > 0 and var length ? length : null;
            FaultDefinition fault = _random.NextBelow(12) switch
            {
                7 => new Cut(Cable(hosts), Pick(LinkDirection.Both, LinkDirection.Up, LinkDirection.Down)),
                8 => new Clog(Cable(hosts), Pick(LinkDirection.Both, LinkDirection.Up, LinkDirection.Down)),
                9 => new Impairment(Cable(hosts), Pick(LinkDirection.Up, LinkDirection.Down), Wire() with { BitsPerSecond = 64_000, QueueBytes = 1 }),
                10 => new ClockSkew(host, Pick(-1, 1) * at / 100 * 100, (int)_random.NextBelow(200_001) - 100_000),
                11 => new Throttle(Cable(hosts), Pick(LinkDirection.Both, LinkDirection.Up, LinkDirection.Down), Pick(64_000, 1_500_000), Pick(1, 64_000)),
                6 => new IcmpFilter(host),
                0 => new Silence(host, Chance() ? (ushort)53 : null),
                1 => new Refusal(host, 80),
                2 => new Breakage(host, 80, _random.NextBelow(10_000), Chance()),
                3 => new PacketLoss((int)_random.NextBelow(1_000_001), Chance() ? host : null, Chance() ? host : null),
                4 when hosts.Length > 1 => new Partition([host], [.. hosts.Select(static one => one.Name).Where(name => name != host)]),
                _ => new Outage(host),
            };
            var happening = new Happening(at, lasts, fault);
            return Chance() ? happening with { LatestNanoseconds = at + Time() } : happening;
        }

        private NameChange[] NameChanges(HostDefinition[] hosts)
        {
            var origin = DnsName.Parse("example.test");
            if (!hosts.Any(static host => host.Services.Any(static service => service is ZoneService))) { return []; }
            return Many<NameChange>(0, 4, _ => Chance()
                ? new NameSetting(default, Time(), origin, new DnsRecord(DnsName.Parse(Pick("w.example.test", "t.example.test")), Ttl.FromWire(5), new TxtData(Encoding.UTF8.GetBytes(Pick("a \" b", "; # } {", "\\")))))
                : new NameRemoval(default, Time(), origin, DnsName.Parse("t.example.test"), RecordType.TXT));
        }

        private string Cable(HostDefinition[] hosts)
        {
            var host = hosts[_random.NextBelow(hosts.Length)];
            return $"{host.Name}-{host.Interfaces[0].Box ?? host.Interfaces[0].Subnet}";
        }

        private byte[] Content() => _random.NextBelow(3) switch
        {
            0 => Encoding.UTF8.GetBytes(Text() + "\n"),
            1 => Encoding.UTF8.GetBytes("no line end"),
            _ => [0xFF, 0, 10, 0xC0],
        };

        private string Text() => string.Concat(Enumerable.Range(0, (int)_random.NextBelow(12)).Select(_ => Pick("a", "\"", "\\", "\n", "\t", "{", "#", " ", "\u00fc", "\r")));

        private long Time() => Pick(0, 1, 1_000, 1_500_000, 3_000_000_000, 90_000_000_000);

        private bool Chance() => _random.NextBelow(2) == 0;

        private T Pick<T>(params T[] choices) => choices[_random.NextBelow(choices.Length)];

        private T[] Many<T>(int least, int most, Func<int, T> make) => [.. Enumerable.Range(0, least + (int)_random.NextBelow(most - least + 1)).Select(make)];
    }
}
