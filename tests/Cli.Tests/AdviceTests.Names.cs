using System.Runtime.Versioning;
using Firstbyte.Tests.Tcp;

namespace Firstbyte.Tests;

// Names that nobody has, that have no address, or of which nobody tells.
public sealed partial class AdviceTests
{
    [Fact]
    public void A_reserved_name()
    {
        Advice(nameof(A_reserved_name), Run("http://www.invalid/"));
        Cured("http://www.test/");
    }

    [Fact]
    public void A_name_that_does_not_exist()
    {
        Advice(nameof(A_name_that_does_not_exist), Run("http://wwww.test/"));
        Assert.DoesNotContain("--iterative", Run("--iterative", "http://wwww.test/").Output, StringComparison.Ordinal);
        Cured("http://www.test/");
        Change("nameserver 10.1.0.3", "nameserver 10.1.0.9");
        Advice(nameof(A_name_that_does_not_exist), Run("http://www.test/"));
        Cured("--iterative", "http://www.test/");
        Change("nameserver 10.1.0.9", "nameserver 10.1.0.3");
        Advice(nameof(A_name_that_does_not_exist), Prompt("fetch http://wwww.test/"));
        Assert.Equal(0, Prompt("fetch http://www.test/").ExitCode);
    }

    /// <summary>Where nobody serves the root, nobody can ask from there down.</summary>
    [Fact]
    public void A_name_in_a_lab_without_roots()
    {
        var refused = Command.Run("--lab=proxies", "http://www.test/");
        Assert.Contains("Try: firstbyte lab show proxies shows which server knows which names", refused.Output, StringComparison.Ordinal);
        var lab = Command.Run("lab", "show", "proxies").Output;
        Assert.Contains("office", lab, StringComparison.Ordinal);
        Assert.Contains("socks", lab, StringComparison.Ordinal);
        var unknown = Command.Run("--lab=proxies", "http://nobody.office/");
        Assert.Contains("Try: check the spelling; firstbyte lab show proxies shows which names there are", unknown.Output, StringComparison.Ordinal);
    }

    /// <summary>The root's servers know no more of it than who was asked.</summary>
    [Fact]
    public void A_name_that_nobody_can_register()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "root"), "@ 300 SOA ns. host. 1 7200 3600 1209600 60\n@ 300 NS ns.\nns 300 A 127.0.0.1\n");
        using var serving = ServingCommand.Start(folder.Path, "--zone", ".=root");
        string At(string name) => Command.Run("--server", $"127.0.0.1:{serving.Port}", $"http://{name}/").Output;
        Assert.Contains("Try: another name: those under .local are looked up by multicast DNS (RFC 6762)", At("printer.local"), StringComparison.Ordinal);
        Assert.Contains("Try: another name: this one is reserved, and nobody can register it", At("www.test"), StringComparison.Ordinal);
        Assert.Contains("Try: check the spelling", At("www.glasscom.nosuch"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_without_an_address()
    {
        var shown = Follow(Advice(nameof(A_name_without_an_address), Run("http://mail.test/")));
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("mail.test. 300 IN MX 10 www.test.", shown.Output, StringComparison.Ordinal);
        shown = FollowAtPrompt(Advice(nameof(A_name_without_an_address), Prompt("fetch http://mail.test/")));
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("mail.test. 300 IN MX 10 www.test.", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_has_no_address_of_this_hosts_version()
    {
        var run = Command.Run("--lab=ipv6-only", "http://old.test/");
        Advice(nameof(A_name_that_has_no_address_of_this_hosts_version), run);
        Assert.Contains("At fault: this host, which has no way to IPv4", run.Output, StringComparison.Ordinal);
        Assert.Contains("192.0.2.80", Follow(Advice(nameof(A_name_that_has_no_address_of_this_hosts_version), run)).Output, StringComparison.Ordinal);
        var prompt = Command.RunWith("fetch http://old.test/\nresolve old.test A\n", null, "lab", "run", "ipv6-only");
        Advice(nameof(A_name_that_has_no_address_of_this_hosts_version), prompt with { ExitCode = 6 });
        Assert.Contains("192.0.2.80", prompt.Output, StringComparison.Ordinal);
        // With an address and a way of that version it is reached.
        File.WriteAllText(Path.Combine(_folder.Path, "both.lab"), """
            lab "both versions" client client
            subnet lan 10.1.0.0/24 2001:db8:1::/64
            subnet net 192.0.2.0/24
            router gate on lan .1 2001:db8:1::1, net .1
            host client on lan .2 2001:db8:1::2 gateway gate nameserver 2001:db8:1::53
            host ns on lan .53 2001:db8:1::53
              serves dns zone "test" {
                @    300 IN SOA  ns hostmaster 1 7200 900 1209600 60
                @    300 IN NS   ns
                ns   300 IN AAAA 2001:db8:1::53
                old  300 IN A    192.0.2.80
              }
            host www on net .80 gateway gate serves http "By IPv4."
            """);
        Assert.Equal(0, Command.RunIn(_folder.Path, "--lab=both.lab", "http://old.test/").ExitCode);
    }

    /// <summary>What a host asks itself goes over no cable: where none is in, that is not what failed.</summary>
    [Fact]
    [SupportedOSPlatform("linux")]
    public void A_server_of_this_host_is_reached_without_a_cable()
    {
        if (NetworkNamespace.Obstacle() is { } obstacle) { Assert.Skip(obstacle); }
        NetworkNamespace.Run(static () =>
        {
            NetworkNamespace.Ip("link set lo up");
            var run = Command.Run("resolve", "--server", "127.0.0.1:1", "www.test");
            Assert.Equal(6, run.ExitCode);
            Assert.DoesNotContain("cable", run.Output + run.Errors, StringComparison.Ordinal);
            var fetch = Command.Run("--server", "127.0.0.1:1", "http://www.test/");
            Assert.DoesNotContain("cable", fetch.Output + fetch.Errors, StringComparison.Ordinal);
            Assert.Contains("cable", Command.Run("resolve", "--server", "192.0.2.1", "www.test").Output, StringComparison.Ordinal);
        });
    }

    /// <summary>A question that has used up the time that it was given ends as everything else does.</summary>
    [Fact]
    public void A_question_that_runs_out_of_time_ends_with_28()
    {
        using var silent = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var run = Command.Run("resolve", "-m", "0.3", "--server", $"{silent.Client.LocalEndPoint}", "silent.test");
        Assert.Equal(28, run.ExitCode);
    }

    [Fact]
    public void No_resolver()
    {
        Change(" nameserver 10.1.0.3", "");
        // The own host is asked then (resolv.conf(5)), where no server is.
        Advice(nameof(No_resolver), Run("http://www.test/"));
        Cured("--server", "10.1.0.3", "http://www.test/");
        Change("host client on lan .2 gateway gate", "host client on lan .2 gateway gate nameserver 10.1.0.3");
        Cured("http://www.test/");
    }

    [Fact]
    public void A_zone_whose_servers_fail()
    {
        Advice(nameof(A_zone_whose_servers_fail), Run("http://www.bad.test/"));
        var shown = Follow(Advice(nameof(A_zone_whose_servers_fail), Run("http://www.bad.test/")));
        Assert.Contains("192.0.2.80", shown.Output, StringComparison.Ordinal);
        Assert.Contains("ns.bad.test", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resolver_that_refuses()
    {
        Change("nameserver 10.1.0.3", "nameserver 10.1.0.9");
        Advice(nameof(A_resolver_that_refuses), Run("http://www.example/"));
        // The old server refuses every name that is not in its zone; the others find the one that is in the real one.
        Change("zone \"test\" {\n  @ 300 IN SOA ns hostmaster 1 7200 900 1209600 60\n  @ 300 IN NS ns\n  ns 300 IN A 192.0.2.53\n}", "zone \"elsewhere\" {\n  @ 300 IN SOA ns.test. hostmaster 1 7200 900 1209600 60\n  @ 300 IN NS ns.test.\n}");
        Advice(nameof(A_resolver_that_refuses), Run("http://www.test/"));
        Cured("--iterative", "http://www.test/");
        Cured("--server", "10.1.0.3", "http://www.test/");
        Assert.Contains("192.0.2.80", Follow(Advice(nameof(A_resolver_that_refuses), Prompt("fetch http://www.test/"))).Output, StringComparison.Ordinal);
    }
}
