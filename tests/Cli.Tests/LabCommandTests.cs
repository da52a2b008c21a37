using System.Text.Json;
using Firstbyte.Dns.Records;

namespace Firstbyte.Tests;

/// <summary>The commands of a lab from the shell, as a user types them.</summary>
public class LabCommandTests
{
    /// <summary>What a server of ours says of a request that is none has the words of people.</summary>
    [Theory]
    [InlineData("Host: a b")]
    [InlineData("Content-Length: x")]
    [InlineData("Transfer-Encoding: foo")]
    public void A_server_refuses_in_words(string field)
    {
        var run = Command.Run("curl", "-q", "--lab", "-s", "-H", field, "http://www.lab.glasscom.com/");
        Assert.Matches("^[A-Za-z ]+: the request cannot be read from its byte [0-9]+ on[.]\n$", run.Output);
    }

    [Fact]
    public void Ping_answers_as_ping_does()
    {
        var run = Command.Run("lab", "ping", "glasscom", "www", "-c", "2");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            PING www (192.0.2.226) from 10.11.12.13: 56 data bytes
            64 bytes from www (192.0.2.226): icmp_seq=1 ttl=60 time=16.000 ms
            64 bytes from www (192.0.2.226): icmp_seq=2 ttl=60 time=8.000 ms

            --- www ping statistics ---
            2 packets transmitted, 2 received, 0% packet loss, time 1008 ms
            rtt min/avg/max/mdev = 8.000/12.000/16.000/4.000 ms

            """, run.Output, ignoreLineEndingDifferences: true);
    }

    /// <summary>What tells a lab to programs is no lab's file, and the refusal says so.</summary>
    [Fact]
    public void The_JSON_of_a_lab_is_not_read_back()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "lab.json"), Command.Run("lab", "show", "glasscom", "--json").Output);
        var run = Command.RunIn(folder.Path, "lab", "hosts", "lab.json");
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("firstbyte: 'lab.json' holds JSON, in which a lab is told to programs and never read", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>What has no end is not waited for: a device as a page, and as the lab itself.</summary>
    [Fact]
    public void A_device_is_no_page_and_no_lab()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("needs Linux's /dev/zero"); }
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "x.lab"), "lab \"x\" seed 1 client a\nsubnet lan 10.0.0.0/24\nhost a on lan .2 serves http { / from \"/dev/zero\" }\n");
        var run = Command.RunIn(folder.Path, "lab", "hosts", "x.lab");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("a regular file that is there", run.Errors, StringComparison.Ordinal);
        Assert.Equal((26, "firstbyte: '/dev/zero' cannot be read: it is larger than is read at once\n"), ExitOf(Command.Run("lab", "hosts", "/dev/zero")));

        static (int, string) ExitOf(CommandRun one) => (one.ExitCode, one.Errors);
    }

    [Fact]
    public void A_name_is_resolved_by_the_labs_own_dns_and_needs_no_host_of_that_name()
    {
        var run = Command.Run("lab", "ping", "glasscom", "www.lab.glasscom.com", "-c", "1", "-s", "8");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("PING www.lab.glasscom.com (192.0.2.226)", run.Output);
        Assert.Contains("16 bytes from www (192.0.2.226): icmp_seq=1", run.Output);
    }

    [Fact]
    public void Nobody_there_is_said_by_the_router_and_the_exit_code()
    {
        var run = Command.Run("lab", "ping", "glasscom", "192.0.2.99", "-c", "1");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("From core (198.51.100.1) icmp_seq=1 host unreachable", run.Output);
        Assert.Contains("0 received", run.Output);
    }

    [Theory]
    [InlineData("-q", "1")]
    [InlineData("-I", "-q", "1")]
    public void Traceroute_shows_the_routers_by_name(params string[] options)
    {
        var run = Command.Run(["lab", "traceroute", "glasscom", "www", .. options]);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal([" 1  home (10.11.12.1)  0.400 ms", " 2  edge (198.51.100.129)  4.400 ms", " 3  city (198.51.100.66)  5.700 ms", " 4  core (198.51.100.1)  8.200 ms", " 5  www (192.0.2.226)  9.900 ms"], Lines(run.Output)[1..]);
    }

    [Fact]
    public void Tables_are_shown_as_they_are_after_what_was_done()
    {
        var before = Command.Run("lab", "arp", "glasscom", "client");
        Assert.Equal(0, before.ExitCode);
        Assert.Contains("client has learned no neighbours yet", before.Output);
        var after = Command.Run("lab", "arp", "glasscom", "client", "--after", "ping www -c 1");
        Assert.Equal(0, after.ExitCode);
        Assert.Matches(@"(?m)^10\.11\.12\.1 +eth0 +02:00:00:00:00:01 +REACHABLE +home$", after.Output);
        Assert.DoesNotContain("PING", after.Output);
        var json = Command.Run("lab", "arp", "glasscom", "client", "--after", "ping www -c 1", "--json");
        Assert.Equal("10.11.12.1", JsonDocument.Parse(json.Output).RootElement.GetProperty("address").GetString());
    }

    [Fact]
    public void Routes_sockets_and_the_resolvers_cache_are_shown()
    {
        var routes = Command.Run("lab", "routes", "glasscom", "client");
        Assert.Matches(@"(?m)^0\.0\.0\.0/0 \(default\) +via 10\.11\.12\.1 +eth0 +by hand$", routes.Output);
        Assert.Matches(@"(?m)^10\.11\.12\.0/24 +on the link +eth0 +own subnet$", routes.Output);
        var sockets = Command.Run("lab", "sockets", "glasscom", "www");
        Assert.Matches(@"(?m)^tcp +LISTEN +0 +0 +0\.0\.0\.0:80 +\* +3$", sockets.Output);
        var cache = Command.Run("lab", "cache", "glasscom", "dns", "--after", "resolve www.lab.glasscom.com", "--until", "100s");
        Assert.Matches(@"(?m)^www\.lab\.glasscom\.com\. +A +192\.0\.2\.226 +200 s +answer, aa$", cache.Output);
        Assert.Matches(@"(?m)^com\. +NS +a\.gtld-servers\.net\. +\d+ s +referral$", cache.Output);
        var none = Command.Run("lab", "cache", "glasscom", "www");
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("no DNS resolver runs on www; one runs on dns", none.Errors);
    }

    [Fact]
    public void A_cache_is_shown_in_the_canonical_order_of_names_and_then_by_type()
    {
        var rows = Command.Run("lab", "cache", "glasscom", "dns", "--after", "resolve www.lab.glasscom.com").Output.TrimEnd().Split('\n').Skip(1)
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(static cells => (Name: DnsName.Parse(cells[0]), Type: cells[1])).ToArray();
        Assert.True(rows.Length > 20);
        Assert.Equal(rows.OrderBy(static row => row.Name).ThenBy(static row => row.Type, StringComparer.Ordinal), rows);
        Assert.Contains("by name", Command.Run("lab", "cache", "--help").Output);
    }

    [Fact]
    public void A_translators_table_is_shown()
    {
        var run = Command.Run("lab", "nat", "asymmetric-route", "exit", "--after", "ping client -c 1 --from broken");
        Assert.Matches(@"(?m)^icmp +", run.Output);
        var none = Command.Run("lab", "nat", "glasscom", "core");
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("core translates no addresses", none.Errors);
    }

    [Fact]
    public void A_broken_cable_is_felt_by_what_is_run_then()
    {
        var run = Command.Run("lab", "cut", "glasscom", "core-glasscom", "--then", "ping www -c 1");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("core-glasscom is pulled", run.Output);
        Assert.Contains("From core (198.51.100.1) icmp_seq=1 network unreachable", run.Output);
        Assert.Matches(@"(?m)^core-glasscom .*CUT", Command.Run("lab", "cut", "glasscom", "core-glasscom").Output);
    }

    [Theory]
    [InlineData("there is no host or router 'wwv' in this lab; did you mean 'www'? ('firstbyte lab hosts glasscom' lists them)", "lab", "ping", "glasscom", "wwv")]
    [InlineData("there is no lab and no file 'glascom'; did you mean 'glasscom'? Labs:", "lab", "ping", "glascom", "www")]
    [InlineData("'soon' is not a length of time: 5s, 200ms", "lab", "arp", "glasscom", "--until", "soon")]
    public void Mistakes_are_named_with_what_may_be_meant(string words, params string[] arguments)
    {
        var run = Command.Run(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(words, run.Errors);
    }

    [Fact]
    public void Events_of_a_run_are_one_json_object_a_line()
    {
        var run = Command.Run("lab", "ping", "glasscom", "www", "-c", "1", "--json");
        Assert.Equal(["trace.opened", "ping.started", "ping.echo-answered", "ping.completed", "trace.closed"], Lines(run.Output).Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString()));
    }

    [Fact]
    public void Shells_complete_commands_labs_and_hosts()
    {
        Assert.Contains("traceroute", Command.Run("[suggest:16]", "firstbyte lab tr").Output);
        Assert.Contains("glasscom", Command.Run("[suggest:19]", "firstbyte lab ping ").Output);
        Assert.Contains("ns1.glasscom", Command.Run("[suggest:28]", "firstbyte lab ping glasscom ").Output);
    }

    [Fact]
    public void A_journey_in_a_lab_shows_its_way_and_at_vv_every_frame()
    {
        var run = Command.Run("--lab", "-vv", "http://www.lab.glasscom.com/dir1/file1.html");
        Assert.Equal(0, run.ExitCode);
        var at = 0;
        foreach (var words in (string[])
        [
            "client       sends ARP who has 10.11.12.2? asks 10.11.12.13", "office       ARP who has 10.11.12.2? asks 10.11.12.13 · hub: out of all 3 other ports",
            "dns          gets DNS query A www.lab.glasscom.com. 10.11.12.13 → 10.11.12.2", "route 198.41.0.4/32 via 198.51.100.1 dev eth1",
            "client       has a packet for 192.0.2.226", "route 0.0.0.0/0 via 10.11.12.1 dev eth0, asks for its hardware address", "client       sends TCP SYN seq", "learns that 192.0.2.226 is at", "www          gets TCP SYN seq", "SYN-SENT → ESTABLISHED", "by client → home → edge → city → core → www",
        ])
        {
            var found = run.Output.IndexOf(words, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{words}' is missing, or not in its place");
            at = found;
        }
        Assert.All(run.Output.Split('\n'), line => Assert.True(line.Length <= 120, line));
        // A saved run is told again with its hops.
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "run.jsonl");
        File.WriteAllText(file, Command.Run("--lab", "--json=all", "http://www.lab.glasscom.com/dir1/file1.html").Output);
        Assert.Contains("by client → home → edge → city → core → www", Command.Run("story", file).Output);
        Assert.Equal(run.Output.Split('\n').Where(IsHop), Command.Run("story", "-vv", file).Output.Split('\n').Where(IsHop));
    }

    private static bool IsHop(string line) => line.StartsWith("  0.", StringComparison.Ordinal);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
