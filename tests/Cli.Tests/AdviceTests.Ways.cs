namespace Firstbyte.Tests;

// Hosts and ports to which no way leads, that are silent, or that vanish.
public sealed partial class AdviceTests
{
    [Fact]
    public void No_way_to_a_server()
    {
        Change("host client on lan .2 gateway gate", "host client on lan .2");
        Advice(nameof(No_way_to_a_server), Run("http://192.0.2.80/"));
        Advice(nameof(No_way_to_a_server), Run("--server", "192.0.2.53", "http://www.test/"));
        Assert.DoesNotContain("default", Command.RunIn(_folder.Path, "lab", "routes", "advice.lab").Output, StringComparison.Ordinal);
        var prompt = Prompt("fetch http://192.0.2.80/");
        Advice(nameof(No_way_to_a_server), prompt);
        Assert.Contains("At fault: this host", prompt.Output, StringComparison.Ordinal);
        Change("host client on lan .2", "host client on lan .2 gateway gate");
        Cured("http://192.0.2.80/");
        Cured("--server", "192.0.2.53", "http://www.test/");
        Assert.Contains("default", Prompt("routes").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_no_network_has()
    {
        var run = Run("http://198.18.0.1/");
        var shown = Follow(Advice(nameof(An_address_that_no_network_has), run));
        Assert.Contains("At fault: the address", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^ 2  gate \(10\.1\.0\.1\) .*!N", shown.Output);
        shown = FollowAtPrompt(Advice(nameof(An_address_that_no_network_has), Prompt("fetch http://198.18.0.1/")));
        Assert.Matches(@"(?m)^ 2  gate \(10\.1\.0\.1\) .*!N", shown.Output);
        // What the Internet may have a lab need not have: it knows its world.
        Assert.Contains("At fault: the address", Run("http://1.1.1.1/").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_behind_a_cable_that_is_out()
    {
        var run = Prompt("cut gate-wan", "fetch http://192.0.2.80/");
        Assert.Contains("At fault: gate, which has no way there now: on the cable gate-wan acts 'cut gate-wan'", run.Output, StringComparison.Ordinal);
        Assert.Contains("Broken in this world: cut gate-wan (from event 1 on)", run.Output, StringComparison.Ordinal);
        Advice(nameof(An_address_behind_a_cable_that_is_out), run);
        var shown = Prompt("cut gate-wan", "links", "faults", "traceroute 192.0.2.80").Output;
        Assert.Matches("(?m)^gate-wan .*CUT", shown);
        Assert.Matches("(?m)^1 +cut +gate-wan +acts", shown);
        Assert.Matches(@"(?m)gate \(10\.1\.0\.1\) .*!N", shown);
        Assert.Equal(0, Prompt("cut gate-wan", "mend gate-wan", "fetch http://192.0.2.80/").ExitCode);
        // An address that a machine of the world has, or could have, is not to blame in any language.
        Add("at 0s cut gate-wan");
        Assert.DoesNotContain("At fault: the address", Run("http://192.0.2.80/").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("At fault: the address", Run("http://192.0.2.199/").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_nobody_lends_an_address()
    {
        const string Given = "host client on lan .2 gateway gate nameserver 10.1.0.3";
        Change(Given, "host client on lan dhcp");
        var run = Run("http://192.0.2.80:8080/");
        Assert.Contains("this host has no IPv4 address: none was set, and nobody has lent it one (DHCP)", run.Output, StringComparison.Ordinal);
        Assert.Contains("At fault: this host\n", run.Output, StringComparison.Ordinal);
        Advice(nameof(A_host_that_nobody_lends_an_address), run);
        run = Prompt("routes", "ping 192.0.2.80 -c 1", "fetch http://10.1.0.80/");
        Advice(nameof(A_host_that_nobody_lends_an_address), run);
        Assert.Contains("client knows no routes", run.Output, StringComparison.Ordinal);
        Assert.Contains("no address of its own (ENETUNREACH)", run.Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^client +host *$", Prompt("hosts").Output);
        // Either cure.
        Change("router gate on lan .1, wan .1", "router gate on lan .1, wan .1\n  dhcp lan .100..199");
        Assert.Matches(@"(?m)^10\.1\.0\.0/24 +on the link", Prompt("run 20s -q", "routes").Output);
        Cured("http://192.0.2.80:8080/");
        Change("host client on lan dhcp", Given);
        Cured("http://192.0.2.80:8080/");
    }

    [Fact]
    public void A_host_that_loses_its_power_on_the_way()
    {
        Add("link www-wan latency 50ms");
        Add("at 20ms down client for 1s");
        var run = Prompt("fetch http://192.0.2.80:8080/");
        Assert.Contains("this host's network is down", run.Output, StringComparison.Ordinal);
        Assert.Contains("At fault: this host\n", run.Output, StringComparison.Ordinal);
        Advice(nameof(A_host_that_loses_its_power_on_the_way), run);
        Assert.Matches("(?m)^1 +down +client +acts", Prompt("run 30ms -q", "faults").Output);
        Assert.Equal(0, Prompt("run 30ms -q", "heal down", "fetch http://192.0.2.80:8080/").ExitCode);
    }

    [Fact]
    public void A_host_whose_cable_is_out()
    {
        var run = Prompt("cut client-lan", "fetch http://192.0.2.80/", "fetch http://www.test/");
        Advice(nameof(A_host_whose_cable_is_out), run);
        Assert.Equal(2, run.Output.Split("At fault: this host, whose network cable is out").Length - 1);
        run = Prompt("cut client-lan", "links", "mend client-lan", "fetch http://www.test/");
        Assert.Matches("(?m)^client-lan .*CUT", run.Output);
        Assert.Equal(0, run.ExitCode);
        // Another host's cable is not this host's.
        Assert.DoesNotContain("whose network cable is out", Prompt("cut www-wan", "fetch http://192.0.2.80/").Output, StringComparison.Ordinal);
        Add("at 0s cut client-lan");
        Assert.Contains("client-lan is cut", Follow(Advice(nameof(A_host_whose_cable_is_out), Run("http://192.0.2.80/"))).Output, StringComparison.Ordinal);
        // Probes tell it as well, and so does a name that is resolved alone.
        Assert.Contains("no network card of this host hears its link", Command.RunIn(_folder.Path, "ping", "--lab=advice.lab", "192.0.2.80", "-c", "1").Output, StringComparison.Ordinal);
        Assert.Contains("no network card of this host hears its link", Command.RunIn(_folder.Path, "traceroute", "--lab=advice.lab", "192.0.2.80").Output, StringComparison.Ordinal);
        Assert.Contains("no network card of this host hears its link", Command.RunIn(_folder.Path, "resolve", "--lab=advice.lab", "www.test").Output, StringComparison.Ordinal);
        Change("at 0s cut client-lan", "");
        Cured("http://192.0.2.80/");
    }

    [Fact]
    public void A_port_that_nobody_serves()
    {
        var closed = new RawServer(static _ => { });
        closed.Dispose();
        Assert.Contains("8080", Advice(nameof(A_port_that_nobody_serves), Command.Run(closed.Url)), StringComparison.Ordinal);
        Assert.Matches(@"host www .*serves http", Follow(Advice(nameof(A_port_that_nobody_serves), Run("http://www.test:81/"))).Output);
        Advice(nameof(A_port_that_nobody_serves), Prompt("fetch http://www.test:81/"));
        Assert.Matches(@"(?m)^tcp +LISTEN .*192\.0\.2\.80:8080|^tcp +LISTEN .*:8080", Prompt("sockets www").Output);
        Cured("http://www.test:8080/");
        Change("serves http port 8080", "serves http port 81");
        Cured("http://www.test:81/");
    }

    [Fact]
    public void A_connection_that_takes_longer_than_its_limit()
    {
        Add("link www-wan latency 1500ms");
        Advice(nameof(A_connection_that_takes_longer_than_its_limit), Run("--connect-timeout", "2", "http://192.0.2.80/"));
        Cured("--connect-timeout", "20", "http://192.0.2.80/");
    }

    [Fact]
    public void A_host_that_falls_silent()
    {
        var run = Prompt("fault silence www", "fetch http://192.0.2.80/");
        Advice(nameof(A_host_that_falls_silent), run);
        Assert.Matches(@"(?m)^1 +silence +www +acts", Prompt("fault silence www", "faults").Output);
        Assert.Equal(0, Prompt("fault silence www", "heal 1", "fetch http://192.0.2.80/").ExitCode);
    }

    [Fact]
    public void An_address_that_nobody_answers_for()
    {
        // In the host's own subnet, and in one behind the router.
        Assert.Contains("nobody in this host's own network answers for the address 10.1.0.77", Run("http://10.1.0.77/").Output, StringComparison.Ordinal);
        var advice = Advice(nameof(An_address_that_nobody_answers_for), Run("http://192.0.2.77/"));
        var words = advice[..advice.IndexOf(" shows", StringComparison.Ordinal)].Split(' ');
        Assert.Contains("gate (10.1.0.1)  3000.200 ms !H", Command.RunIn(_folder.Path, words[1..]).Output, StringComparison.Ordinal);
        Advice(nameof(An_address_that_nobody_answers_for), Prompt("fetch http://192.0.2.77/"));
        Assert.Contains("!H", Prompt("traceroute 192.0.2.77").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_of_many()
    {
        var run = Run("http://192.0.2.255/");
        Advice(nameof(An_address_of_many), Run("http://10.1.0.255/"));
        Advice(nameof(An_address_of_many), Prompt("fetch http://10.1.0.255/"));
        Advice(nameof(An_address_of_many), Run("http://224.0.0.9/"));
        Advice(nameof(An_address_of_many), Command.Run("http://127.255.255.255/"));
        Cured("http://192.0.2.80/");
        // That of another subnet is nobody's here: the router is asked, and says no.
        Assert.DoesNotContain("many at once", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_that_vanishes()
    {
        Change("{ /guestbook form }", "{ /guestbook form /large size 3MB }");
        Add("link www-wan latency 5ms");
        Add("at 40ms cut www-wan");
        Advice(nameof(A_peer_that_vanishes), Run("http://192.0.2.80:8082/large"));
        Advice(nameof(A_peer_that_vanishes), Prompt("fetch http://192.0.2.80:8082/large"));
        Assert.Contains("out", Prompt("fetch http://192.0.2.80:8082/large\nlinks").Output, StringComparison.Ordinal);
        Assert.Contains("within 2 s", Run("-m", "2", "http://192.0.2.80:8082/large").Output, StringComparison.Ordinal);
    }
}
