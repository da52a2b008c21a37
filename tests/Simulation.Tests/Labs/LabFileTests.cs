using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Labs;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Tls;
using Firstbyte.Telling;

namespace Firstbyte.Tests.Simulation.Labs;

public class LabFileTests
{
    private static readonly string s_faults =
        string.Join(", ", FaultRegistry.Standard.All.SkipLast(1).Select(static kind => kind.Word)) + $" or {FaultRegistry.Standard.All[^1].Word}";

    private const string Network = "lab \"two subnets\" seed 42\nsubnet lan 10.1.0.0/24 fd00:1::/64 hub\nsubnet wan 203.0.113.0/24\n";

    private const string TwoHomes = "subnet a 192.168.0.0/24\nsubnet b 192.168.0.0/24\nhost me on a .2\nrouter ra on a .1, wan .2 nat wan\nrouter rb on b .4, wan .3 nat wan\n";

    private const string Named = "host a on lan .2 serves dns zone \"t\" {\n@ 60 IN SOA ns h 1 2 3 4 5\n@ 60 IN NS ns\nns 60 IN A 10.1.0.2\na 60 IN A 10.1.0.2\n}\n";

    [Fact]
    public void A_lab_is_read_into_values()
    {
        var lab = LabFile.Parse("""
            # Two subnets and a router.
            lab "two subnets" seed 42 client alice
            subnet lan  10.1.0.0/24 fd00:1::/64   hub
            subnet wan  203.0.113.0/24            switch
            host   alice  on lan .2 fd00:1::2     gateway r1  nameserver 203.0.113.53
              file /etc/motd "welcome"
            router r1     on lan .1, wan .1  rip advertise nat wan route 10.9.0.0/16 via r2
            router r2     on wan .2
            hub    upstairs in lan
            switch attic    in upstairs
            host   carol  on attic .9  route 0.0.0.0/0 via 10.1.0.1

            host   www    on wan .80 198.41.0.4   # announced
              serves http "hello"
              serves https port 8443 for www.example.test, example.test certificate expired {
                /        "front"
                /moved   redirect "/there" 308
                /for/ever endless
              }
            host   dns    on lan .53 serves resolver
            host   ns     on wan .53
              serves dns zone "example.test" {
                @ 60 IN SOA ns h 1 2 3 4 5   ; a '}' in a comment
                @ 60 IN NS ns
                ns 60 IN A 203.0.113.53
                txt 60 IN TXT "a } in a string"
              }
            link   alice-lan  latency 1ms jitter 200us loss 0.1%
            link   r1-wan up  latency 1.5s
            link   r1-wan up  rate 10Mbit queue 64kB duplicate 1% reorder 2% by 5ms corrupt 0.5% mtu 1280
            link   r1-wan down loss 2%
            at 5s  partition { alice } { www, ns } for 3s
            at 0s  silence ns 53
            at 0s  silence www
            at 1ms refuse www 80 for 2min
            at 0s  break www 80 after 100 by reset
            at 0s  lose 30% from alice
            at 7us down www
            within 0s..10s down www for 500ms
            at 1s  cut alice-lan up for 2s
            at 1s  clog r1-wan
            at 1s  impair alice-lan loss 50% for 3s
            at 1s  skew www by -5min drift 100ppm
            at 1s  down r1 for 1s
            at 1s  throttle r1-wan down to 64kbit queue 4kB
            at 9s  set example.test www 60 A 203.0.113.81   # a comment
            at 9s  set "example.test" note 60 TXT "a # is no comment here" \"either
            at 10s unset example.test note TXT
            """, "two.lab");
        Assert.Equal(("two subnets", 42UL, "alice"), (lab.Title, lab.Seed, lab.Client));
        Assert.Equal([SubnetKind.Hub, SubnetKind.Switch], lab.Subnets.Select(subnet => subnet.Kind));
        Assert.Equal(IpPrefix.Parse("fd00:1::/64"), lab.Subnets[0].Prefixes[1]);
        var (alice, www, ns) = (lab.Hosts[0], lab.Hosts.Single(host => host.Name == "www"), lab.Hosts.Single(host => host.Name == "ns"));
        Assert.Equal([IpAddress.Parse("10.1.0.2"), IpAddress.Parse("fd00:1::2")], alice.Interfaces[0].Addresses);
        Assert.Equal([IpAddress.Parse("10.1.0.1")], alice.Gateways);
        Assert.Equal([IpAddress.Parse("203.0.113.53")], alice.Nameservers);
        Assert.Equal("welcome\n", Encoding.UTF8.GetString(Assert.Single(alice.Files).Content));
        Assert.Equal(IpAddress.Parse("198.41.0.4"), www.Interfaces[0].Addresses[1]);
        Assert.Equal(["lan", "wan"], lab.Routers[0].Interfaces.Select(plug => plug.Subnet));
        Assert.Equal(new RouterSettings { Rip = true, Advertises = true, NatOutside = "wan" }, lab.Routers[0].Settings);
        Assert.Equal(new StaticRoute(IpPrefix.Parse("10.9.0.0/16"), IpAddress.Parse("203.0.113.2")), Assert.Single(lab.Routers[0].Routes));
        Assert.Equal([new BoxDefinition("upstairs", SubnetKind.Hub, "lan"), new BoxDefinition("attic", SubnetKind.Switch, "upstairs")], lab.Subnets[0].Boxes);
        var carol = lab.Hosts.Single(host => host.Name == "carol");
        Assert.Equal(("lan", "attic"), (carol.Interfaces[0].Subnet, carol.Interfaces[0].Box));
        Assert.Equal(new StaticRoute(IpPrefix.Parse("0.0.0.0/0"), IpAddress.Parse("10.1.0.1")), Assert.Single(carol.Routes));
        var plain = Assert.IsType<WebService>(www.Services[0]);
        Assert.Equal((false, (ushort)80), (plain.Secure, plain.Port));
        Assert.Equal("/index.html", Assert.Single(plain.Pages).Path);
        var secure = Assert.IsType<WebService>(www.Services[1]);
        Assert.Equal((true, (ushort)8443, CertificateFlaw.Expired), (secure.Secure, secure.Port, secure.Flaw));
        Assert.Equal(["www.example.test", "example.test"], secure.Names);
        Assert.Equal([new RedirectPage("/moved", "/there", 308), new EndlessPage("/for/ever")], secure.Pages.Skip(1));
        Assert.IsType<ResolverService>(Assert.Single(lab.Hosts.Single(host => host.Name == "dns").Services));
        Assert.Equal("example.test.", Assert.IsType<ZoneService>(ns.Services[0]).Zone.Origin.ToString());
        var (first, second) = (lab.Links[0], lab.Links[1]);
        Assert.Equal(("alice-lan", new WireSettings { Latency = TimeSpan.FromMilliseconds(1), Jitter = TimeSpan.FromMicroseconds(200), LossMillionths = 1000 }), (first.Name, first.Up));
        Assert.Equal(first.Up, first.Down);
        Assert.Equal(("r1-wan", TimeSpan.FromSeconds(1.5), LabWorld.DefaultLink with { LossMillionths = 20_000 }), (second.Name, second.Up.Latency, second.Down));
        Assert.Equal((10_000_000L, 64_000L, 10_000, 20_000, TimeSpan.FromMilliseconds(5), 5_000, 1280), (second.Up.BitsPerSecond, second.Up.QueueBytes, second.Up.DuplicateMillionths, second.Up.ReorderMillionths, second.Up.ReorderDelay, second.Up.CorruptMillionths, second.Up.Mtu));
        Assert.Equal((5_000_000_000L, 3_000_000_000L), (lab.Happenings[0].AtNanoseconds, lab.Happenings[0].ForNanoseconds));
        Assert.Equal(["www", "ns"], Assert.IsType<Partition>(lab.Happenings[0].Fault).Right);
        Assert.Equal(new Happening(0, null, new Silence("ns", 53)), lab.Happenings[1]);
        Assert.Equal(new Happening(0, null, new Silence("www", null)), lab.Happenings[2]);
        Assert.Equal(new Happening(1_000_000, 120_000_000_000, new Refusal("www", 80)), lab.Happenings[3]);
        Assert.Equal(new Happening(0, null, new Breakage("www", 80, 100, true)), lab.Happenings[4]);
        Assert.Equal(new Happening(0, null, new PacketLoss(300_000, "alice", null)), lab.Happenings[5]);
        Assert.Equal(new Happening(7_000, null, new Outage("www")), lab.Happenings[6]);
        Assert.Equal(new Happening(0, 500_000_000, new Outage("www")) { LatestNanoseconds = 10_000_000_000 }, lab.Happenings[7]);
        const long oneSecond = 1_000_000_000;
        Assert.Equal(new Happening(oneSecond, 2 * oneSecond, new Cut("alice-lan", LinkDirection.Up)), lab.Happenings[8]);
        Assert.Equal(new Happening(oneSecond, null, new Clog("r1-wan", LinkDirection.Both)), lab.Happenings[9]);
        Assert.Equal(new Happening(oneSecond, 3 * oneSecond, new Impairment("alice-lan", LinkDirection.Both, first.Up with { LossMillionths = 500_000 })), lab.Happenings[10]);
        Assert.Equal(new Happening(oneSecond, null, new ClockSkew("www", -300 * oneSecond, 100)), lab.Happenings[11]);
        Assert.Equal(new Happening(oneSecond, oneSecond, new Outage("r1")), lab.Happenings[12]);
        Assert.Equal(new Happening(oneSecond, null, new Throttle("r1-wan", LinkDirection.Down, 64_000, 4_000)), lab.Happenings[13]);
        Assert.Equal(
            ["9 set www.example.test. 60 IN A 203.0.113.81", """9 set note.example.test. 60 IN TXT "a # is no comment here" "\"either" """.TrimEnd(), "10 unset note.example.test. TXT"],
            lab.NameChanges.Select(static change => $"{change.AtNanoseconds / oneSecond} {change}"));
    }

    /// <summary>RFC 3021: of two addresses neither is the network's, nor the broadcast address.</summary>
    [Fact]
    public void Both_ends_of_a_link_of_two_addresses_have_a_number()
    {
        var lab = LabFile.Parse("lab \"two\" seed 1 client a\nsubnet wire 10.0.0.0/31\nhost a on wire .0\nhost b on wire .1 serves http \"hello\"\n", "lab", static _ => null);
        Assert.Equal(["10.0.0.0", "10.0.0.1"], lab.Hosts.Select(static host => host.Interfaces[0].Addresses[0].ToString()!.Split('/')[0]));
        Assert.Throws<LabFileException>(() => LabFile.Parse("lab \"two\" seed 1 client a\nsubnet wire 10.0.0.0/31\nhost a on wire .2\n", "lab", static _ => null));
    }

    [Theory]
    [InlineData("host a on lan .2\nhots b on lan .3", 5, 1, "lab, subnet, hub, switch, router, host, link, at or within", "'hots'")]
    [InlineData("host a on lan", 4, 14, "an address", "the end of the file")]
    [InlineData("host a on moon .2", 4, 11, "a subnet, hub or switch that stands above", "'moon'")]
    [InlineData("host a on lan .256", 4, 15, "a host number of 10.1.0.0/24", "'.256'")]
    [InlineData("host a on lan .255", 4, 15, "a host number of 10.1.0.0/24", "'.255'")]
    [InlineData("host a on lan .2\nhost b on lan .2", 5, 15, "an address that nobody else has", "10.1.0.2")]
    [InlineData("host a on lan .2\nhost a on lan .3", 5, 6, "a name that no other host or router has", "'a'")]
    [InlineData("host a on lan .2 gateway r9", 4, 26, "a router on lan", "'r9'")]
    [InlineData("host a on lan .2 gateway 10.2.0.1", 4, 26, "a router's name, or an address in 10.1.0.0/24", "'10.2.0.1'")]
    [InlineData("host a on lan .2 serves gopher \"x\"", 4, 25, "resolver, dns, http, https, ftp, mail, news, proxy or socks", "'gopher'")]
    [InlineData("host a on lan .2 serves https \"x\"", 4, 25, "'for' and the names of the certificate", "https without a name")]
    [InlineData("host a on lan .2 serves http certified-clients \"x\"", 4, 30, "'serves https' or 'serves http, https'", "'certified-clients' of http alone")]
    [InlineData("host a on lan .2 serves https for a.test certificates-clients \"x\"", 4, 42, "\"text\", from \"FILE\"", "'certificates-clients'")]
    [InlineData("host a on lan .2 serves http { /a.pem identity nina }", 4, 48, "a name in quotes, of 1 to 64 characters", "'nina'")]
    [InlineData("host a on lan .2 serves http { /a.pem identity \"\" }", 4, 48, "a name in quotes, of 1 to 64 characters", "\"\"")]
    [InlineData("host a on lan .2 serves http { /a.pem identity \"a\\nb\" }", 4, 48, "a name in quotes, of 1 to 64 characters", "\"a")]
    [InlineData("host a on lan .2 serves http { /a.pem identity \"nina\" wrong-name }", 4, 55, "expired, not-yet-valid, unknown-issuer", "'wrong-name'")]
    [InlineData("host a on lan .2 serves http { index \"x\" }", 4, 32, "a path, which begins with '/'", "'index'")]
    [InlineData("host a on lan .2 serves http from \"gone.html\"", 4, 35, "a regular file that is there", "\"gone.html\"")]
    [InlineData("host a on lan .2 serves http \"x", 4, 30, "a '\"' that closes this text on its line", "the end of the line")]
    [InlineData("host a on lan .2 serves dns zone \"t\" {\n @ 1 IN SOA a b 1 2 3 4 5\n @ 1 IN NS a\n a 1 IN A 1.2.3\n}", 7, 11, "IPv4", "1.2.3")]
    [InlineData("host a on lan .2 serves dns zone \"t\" {\n @ 1 IN NS a", 4, 38, "a '}' that closes this '{'", "the end of the file")]
    [InlineData("host a on lan .2\nlink a-wan latency 1ms", 5, 6, "a subnet that a is plugged into", "'a-wan'")]
    [InlineData("host a on lan .2\nlink a-lan latency 1", 5, 20, "a time in ns, us, ms, s or min", "'1'")]
    [InlineData("host a on lan .2\nlink a-lan loss 101%", 5, 17, "a share from 0% to 100%", "'101%'")]
    [InlineData("host a on lan .2\nlink a-lan speed 1", 5, 12, "latency, jitter, rate, queue, loss, duplicate, reorder, corrupt or mtu", "'speed'")]
    [InlineData(Named + "at 1s set t www 60 AAA 10.1.0.2", 10, 20, "a record type", "'AAA'")]
    [InlineData(Named + "at 1s set t www 60 A 10.1.0", 10, 22, "IPv4", "10.1.0")]
    [InlineData(Named + "at 1s set u www 60 A 10.1.0.2", 10, 11, "a zone that a host of this lab serves", "u.")]
    [InlineData(Named + "at 1s set t www.u. 60 A 10.1.0.2", 10, 7, "a name at or below t.", "www.u. 60 IN A 10.1.0.2")]
    [InlineData(Named + "at 1s set t", 10, 12, "NAME TTL TYPE DATA", "the end of the statement")]
    [InlineData(Named + "at 1s unset t a B", 10, 17, "a type of record", "'B'")]
    [InlineData(Named + "at 1s unset t a..b A", 10, 15, "a domain name", "'a..b'")]
    [InlineData(Named + "at 1s unset t @ SOA", 10, 7, "an SOA record at t.", "nothing")]
    [InlineData(Named + "at 2s set t b 60 CNAME a\nat 1s set t b 60 A 10.1.0.3", 10, 7, "CNAME", "b.t.")]
    [InlineData(Named + "at 1s set t b 60 CNAME a\nat 1s set t b 60 A 10.1.0.3", 11, 7, "CNAME", "b.t.")]
    [InlineData("host a on lan .2\nat 1s refuse b 80", 5, 14, "a host of this lab", "'b'")]
    [InlineData("host a on lan .2\nat 1s refuse a 65536", 5, 16, "a port, 0 to 65535", "'65536'")]
    [InlineData("host a on lan .2\nat 1s explode a", 5, 7, "set, unset, {every fault}", "'explode'")]
    [InlineData("subnet x 10.1.0.1/24", 4, 10, "a prefix without host bits, 10.1.0.0/24", "'10.1.0.1/24'")]
    [InlineData("subnet x 224.0.0.0/24", 4, 10, "a prefix of addresses that hosts can have", "'224.0.0.0/24'")]
    [InlineData("subnet x 127.0.0.0/8", 4, 10, "a prefix of addresses that hosts can have", "'127.0.0.0/8'")]
    [InlineData("subnet x 240.0.0.0/24", 4, 10, "a prefix of addresses that hosts can have", "'240.0.0.0/24'")]
    [InlineData("subnet x ff02::/64", 4, 10, "a prefix of addresses that hosts can have", "'ff02::/64'")]
    [InlineData("subnet x 10.1.0.128/25\nhost a on lan .2", 4, 10, "a prefix that does not overlap 10.1.0.0/24 of lan", "'10.1.0.128/25'")]
    [InlineData("subnet x 10.0.0.0/8\nhost a on lan .2", 4, 10, "a prefix that does not overlap 10.1.0.0/24 of lan", "'10.0.0.0/8'")]
    [InlineData("subnet x 10.9.0.0/24 10.9.0.0/30\nhost a on lan .2", 4, 22, "a prefix that does not overlap 10.9.0.0/24 of x", "'10.9.0.0/30'")]
    [InlineData("subnet x fd00::/16\nhost a on lan .2", 4, 10, "a prefix that does not overlap fd00:1::/64 of lan", "'fd00::/16'")]
    [InlineData(TwoHomes + "router r on a .3, b .5, wan .9 nat wan", 5, 10, "a prefix that does not overlap 192.168.0.0/24 of a", "'192.168.0.0/24'")]
    [InlineData(TwoHomes + "router r on b .3, wan .9", 5, 10, "a prefix that does not overlap 192.168.0.0/24 of a", "'192.168.0.0/24'")]
    [InlineData("subnet lan 10.9.0.0/24", 4, 8, "a name that no other subnet, hub or switch has", "'lan'")]
    [InlineData("lab \"again\"", 4, 1, "one lab statement in a file", "a second one")]
    [InlineData("host a on lan .2 serves resolver serves dns zone \"t\" { @ 1 IN SOA a b 1 2 3 4 5\n @ 1 IN NS a.example. }", 4, 25, "zones or a resolver on one host, not both", "both")]
    [InlineData("host a on lan .2, lan .3", 4, 19, "a link that no other is called: a-lan", "'lan'")]
    [InlineData("host a on lan .2\nlink a-lan latency 50ns", 5, 20, "a whole number of 100 ns", "'50ns'")]
    [InlineData("host a on lan .2\nwithin 5s..1s down a", 5, 8, "the earlier one first", "'5s..1s'")]
    [InlineData("host a on lan .2\nat 1s partition { a } { a }", 5, 25, "a host or router that is not in the first set", "'a'")]
    [InlineData("host a on lan .2\nat 1s partition { } { a }", 5, 19, "a host's or router's name", "'}'")]
    [InlineData("host a on lan .2\nat 1s down a for 0s", 5, 18, "a time in ns, us, ms, s or min, such as 20ms, at least 1ns", "'0s'")]
    [InlineData("host a on lan .2\nat 2x down a", 5, 4, "a time in ns, us, ms, s or min", "'2x'")]
    [InlineData("host a on lan .2\nwithin 5s down a", 5, 8, "a range of times such as 0s..10s", "'5s'")]
    [InlineData("host a on lan .2 serves http { / size 1 }", 4, 39, "a size in B, kB, MB or GB", "'1'")]
    [InlineData("host a on lan .2 serves http { / redirect \"/\" 200 }", 4, 47, "301, 302, 303, 307 or 308", "'200'")]
    [InlineData("host a on lan .2 serves http \"a\\q\"", 4, 32, "'n', 'r' or 't' after", "'q'")]
    [InlineData("host a on lan .2 serves http base64 \"%\"", 4, 37, "base64", "\"%\"")]
    [InlineData("host a on lan .2 serves https certificate odd", 4, 43, "bad-usage or not-an-authority", "'odd'")]
    [InlineData("hub up in moon", 4, 11, "a subnet, hub or switch that stands above", "'moon'")]
    [InlineData("hub lan in wan", 4, 5, "a name that no other subnet, hub or switch has", "'lan'")]
    [InlineData("host a on lan .2\nat 1s cut b-lan", 5, 11, "NODE-SUBNET", "'b-lan'")]
    [InlineData("host a on lan .2\nat 1s impair a-lan for 1s", 5, 20, "latency, jitter, rate", "'for'")]
    [InlineData("host a on lan .2\nlink a-lan up loss 1%\nat 1s impair a-lan loss 5%", 6, 20, "up or down, since", "'loss'")]
    [InlineData("host a on lan .2\nat 1s skew a by 1s drift 9%", 5, 26, "-100ppm, -100000ppm to 100000ppm", "'9%'")]
    [InlineData("host a on lan .2 ports 9..8", 4, 24, "ports such as 49152..65535", "'9..8'")]
    [InlineData("host a on lan .2 serves resolver trusts . DS 1 8 2 00", 4, 41, "a DS or DNSKEY record in quotes, with its owner", "'.'")]
    [InlineData("host a on lan .2 serves resolver trusts \". A 1.2.3.4\"", 4, 41, "a DS or DNSKEY record in quotes, with its owner", "\". A 1.2.3.4\"")]
    [InlineData("host a on lan .2 serves resolver trusts \". DS 1\"", 4, 41, "a DS or DNSKEY record in quotes, with its owner", "\". DS 1\"")]
    [InlineData("host a on lan .2 serves resolver trusts \"\"", 4, 41, "a DS or DNSKEY record in quotes, with its owner", "\"\"")]
    [InlineData("host a on lan .2 forges \"x.test\" as 9.9.9.9 to 8.8.8.8 by magic", 4, 59, "listening or guessing", "'magic'")]
    [InlineData("host a on lan .2 forges \"x.test\" as ::1", 4, 37, "an IPv4 address", "'::1'")]
    [InlineData("router r on lan .1 nat wan", 4, 24, "a subnet that it is plugged into: lan", "'wan'")]
    [InlineData("router r on lan fd00:1::1 nat lan", 4, 31, "a subnet where it has an IPv4 address", "'lan'")]
    [InlineData("router r on lan .1 fly", 4, 20, "',', rip, nat, advertise, dhcp or route", "'fly'")]
    [InlineData("router r on lan .1 dhcp wan .5..9", 4, 25, "a subnet that it is plugged into: lan", "'wan'")]
    [InlineData("router r on lan fd00:1::1 dhcp lan .5..9", 4, 32, "a subnet where it has an IPv4 address", "'lan'")]
    [InlineData("router r on lan .1 dhcp lan .9..5", 4, 29, "the first address before the last", "'.9..5'")]
    [InlineData("router r on lan .1 dhcp lan .5..256", 4, 29, "a host number of 10.1.0.0/24", "'.5..256'")]
    [InlineData("router r on lan .1 dhcp lan .5..9 lease 5s", 4, 29, "a lease of 60 s at least", "'.5..9'")]
    [InlineData("router r on lan .1 dhcp lan .5..9\nhost a on lan .7", 4, 29, "somebody has 10.1.0.7", "'.5..9'")]
    [InlineData("router r on lan dhcp", 4, 17, "an address, in full or as .N", "'dhcp'")]
    [InlineData("host a on lan dhcp serves resolver", 4, 27, "an address that stays", "an address that is lent")]
    [InlineData("router r on lan .1 route 10.0.0.0 via r", 4, 26, "a prefix such as 10.1.0.0/24", "'10.0.0.0'")]
    [InlineData("router r on lan .1 route 10.0.0.0/8 via 9.9.9.9", 4, 41, "an address on a subnet that it is plugged into", "'9.9.9.9'")]
    [InlineData("host a on lan .2 route 10.0.0.0/8 via r7", 4, 39, "a router on lan", "'r7'")]
    [InlineData("host a on lan .2\nlink a-lan rate 0bit", 5, 17, "a rate in bit, kbit, Mbit or Gbit", "'0bit'")]
    [InlineData("host a on lan .2\nlink a-lan mtu 20", 5, 16, "an MTU in bytes, 68 to 65535", "'20'")]
    [InlineData("host a on lan .2\nlink a-lan mtu 70000", 5, 16, "an MTU in bytes, 68 to 65535", "'70000'")]
    [InlineData("host a on lan .2\nat 1s filter icmp at b", 5, 22, "a host or router of this lab", "'b'")]
    [InlineData("host a on lan .2\nlink alan latency 1ms", 5, 6, "NODE-SUBNET", "'alan'")]
    [InlineData("", 4, 1, "at least one host", "the end of the file")]
    public void An_error_says_where_what_was_expected_and_what_stands_there(string rest, int line, int column, string expected, string found)
    {
        var error = Assert.Throws<LabFileException>(() => LabFile.Parse(Network + rest, "two.lab"));
        Assert.Equal(("two.lab", line, column), (error.Place.File, error.Place.Line, error.Place.Column));
        var told = Languages.English.Sources.LabFault(error).ToString();
        Assert.StartsWith($"two.lab:{line}:{column}: expected ", told, StringComparison.Ordinal);
        Assert.Contains(expected.Replace("{every fault}", s_faults, StringComparison.Ordinal), told, StringComparison.Ordinal);
        Assert.Contains(found, told[told.LastIndexOf(", found ", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    /// <summary>A way out may be named by its address too; also one that nobody has, which is how a wrong one looks.</summary>
    [Fact]
    public void A_gateway_may_be_an_address()
    {
        var lab = LabFile.Parse(Network + "router r on lan .1, wan .1\nhost a on lan .2 gateway r\nhost b on lan .3 gateway 10.1.0.1\nhost c on lan .4 gateway 10.1.0.9\n", "way.lab");
        Assert.Equal(["a 10.1.0.1", "b 10.1.0.1", "c 10.1.0.9"], lab.Hosts.Select(static host => $"{host.Name} {string.Join(' ', host.Gateways)}"));
        var again = LabFile.Parse(LabFile.Write(lab), "again.lab");
        Assert.Equal(lab.Hosts.Select(static host => host.Gateways), again.Hosts.Select(static host => host.Gateways));
    }

    [Fact]
    public void Any_cut_of_a_lab_is_read_or_gives_an_error_with_a_place()
    {
        var text = Network + "router r on lan .1, wan .1\nhost a on lan .2 gateway r serves http { / \"x\" /y redirect \"/\" 301 }\n  serves dns zone \"t\" { @ 1 IN SOA a b 1 2 3 4 5\n @ 1 IN NS a.example. }\nlink a-lan up latency 1ms\nat 1s partition { a } { r } for 2s\n";
        LabFile.Parse(text, "whole.lab");
        for (var length = 0; length < text.Length; length++)
        {
            try { LabFile.Parse(text[..length], "cut.lab"); }
            catch (LabFileException error) { Assert.InRange(error.Place.Line, 1, 12); }
        }
    }

    [Fact]
    public void A_file_that_asks_for_too_much_is_an_error_and_not_a_wait()
    {
        var many = Network + string.Concat(Enumerable.Range(0, LabLimits.Nodes + 1).Select(number => $"router r{number} on lan fd00:1::{number + 1:x}\n"));
        var error = Assert.Throws<LabFileException>(() => LabFile.Parse(many, "many.lab"));
        Assert.Equal((LabTerm.MostNodes, $"{LabLimits.Nodes}"), (error.Expected.Term, error.Expected.Words[0]));
        Assert.Equal(LabLimits.Nodes + 4, error.Place.Line);
        Assert.Equal(LabTerm.LabFileLength, Assert.Throws<LabFileException>(() => LabFile.Parse(new string(' ', LabLimits.FileLength + 1), "long.lab")).Expected.Term);
        Assert.Equal(LabTerm.FileSize, Assert.Throws<LabFileException>(() => LabFile.Parse(Network + "host a on lan .2 serves http from \"x\"", "big.lab", _ => new byte[LabLimits.ContentLength + 1])).Expected.Term);
    }

    [Fact]
    public void Two_homes_behind_address_translation_may_have_the_same_prefix() => LabWorld.Build(LabFile.Parse(Network + TwoHomes, "homes.lab"));

    [Fact]
    public void A_file_of_comments_is_read_in_the_time_that_its_length_takes()
    {
        var comments = string.Concat(Enumerable.Repeat(" #\n#\n\n", LabLimits.FileLength / 6 - 100));
        Assert.Single(LabFile.Parse(Network + "host a on lan .2\n" + comments + "# the end", "long.lab").Hosts);
    }

    [Fact]
    public void An_error_shows_no_control_characters_and_no_endless_words()
    {
        var error = Assert.Throws<LabFileException>(() => LabFile.Parse("\u001b[2J" + new string('x', 5000), "wild.lab"));
        Assert.DoesNotContain('\u001b', error.Message);
        Assert.InRange(error.Message.Length, 10, 200);
    }

    [Fact]
    public void A_title_may_be_said_in_several_languages()
    {
        var lab = LabFile.Parse("lab \"two subnets\" title zh-Hans \"两个子网\" seed 3\n  title de \"Zwei Subnetze\"\nsubnet lan 10.1.0.0/24\nhost a on lan .2\n", "two.lab");
        Assert.Equal(("两个子网", "Zwei Subnetze", 3UL), (lab.TitleIn("zh"), lab.TitleIn("de"), lab.Seed));
        // In a language that the file does not speak, and in one whose tag only begins alike, it is as the file has it.
        Assert.Equal(("two subnets", "two subnets"), (lab.TitleIn("en"), lab.TitleIn("z")));
        Assert.Equal(LabFile.Write(lab), LabFile.Write(LabFile.Parse(LabFile.Write(lab), "again.lab")));
    }

    [Theory]
    [InlineData("title 1 \"x\"", LabTerm.TitleLanguage)]
    [InlineData("title zh-toolonganame \"x\"", LabTerm.TitleLanguage)]
    [InlineData("title zh", LabTerm.Title)]
    [InlineData("title zh \"x\" title ZH \"y\"", LabTerm.UniqueTitleLanguage)]
    public void A_title_without_a_language_of_its_own_is_an_error(string part, LabTerm expected) =>
        Assert.Equal(expected, Assert.Throws<LabFileException>(() => LabFile.Parse($"lab \"x\" {part}\n" + Network[(Network.IndexOf('\n') + 1)..] + "host a on lan .2\n", "title.lab")).Expected.Term);

    [Fact]
    public void Every_lab_that_comes_with_the_program_can_be_read_and_built()
    {
        Assert.Contains(LabCatalog.Default, LabCatalog.Names);
        foreach (var (name, lab) in LabCatalog.List())
        {
            var world = LabWorld.Build(lab);
            Assert.Equal(lab.Client, world.Client.Name);
            Assert.True(lab.Title.Length > 10, name);
            Assert.True(lab.TitleIn("zh").Any(static c => c >= '\u4e00'), $"{name} has no Chinese title");
        }
        Assert.Null(LabCatalog.Load("atlantis"));
    }
}
