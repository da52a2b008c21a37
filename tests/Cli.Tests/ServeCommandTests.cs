using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Firstbyte.Tests.Http;

namespace Firstbyte.Tests;

/// <summary>The DNS servers of the command on loopback, asked by Debian's tools.</summary>
public class ServeCommandTests
{
    private const string ExampleZone = """
        $ORIGIN example.
        $TTL 300
        @     SOA ns1 host 1 7200 3600 1209600 60
        @     NS  ns1
        ns1   A   127.0.0.1
        www   A   192.0.2.226
        www   AAAA 2001:db8::226
        @     MX  10 mail
        mail  A   192.0.2.227
        alias CNAME www
        text  TXT "one" "two words"
        _http._tcp SRV 0 5 80 www
        odd   TYPE65280 \# 4 0a000001
        *.any A   192.0.2.7
        """;

    private const string RootZone = """
        $ORIGIN .
        $TTL 300
        .        SOA ns1.example. host.example. 1 7200 3600 1209600 60
        .        NS  ns1.example.
        example. NS  ns1.example.
        ns1.example. A 127.0.0.1
        """;

    [Theory]
    [InlineData("dig", "+noall", "+answer")]
    [InlineData("kdig", "+noall", "+answer")]
    [InlineData("drill")]
    public async Task Debians_tools_read_every_answer_without_complaint(string tool, params string[] options)
    {
        var path = Programs.Require(tool);
        using var zones = new Zones();
        using var server = ServingCommand.StartWords("serve", "dns", "--zone", "example=" + zones.Example, "--listen", "127.0.0.1:0");
        foreach (var (name, type, expected) in ((string, string, string)[])
        [
            ("www.example", "A", "192.0.2.226"), ("www.example", "AAAA", "2001:db8::226"), ("example", "MX", "10 mail.example."), ("example", "SOA", "ns1.example. host.example."),
            ("example", "NS", "ns1.example."), ("alias.example", "A", "192.0.2.226"), ("text.example", "TXT", "\"one\" \"two words\""), ("_http._tcp.example", "SRV", "0 5 80 www.example."),
            ("odd.example", "TYPE65280", "0A000001"), ("x.any.example", "A", "192.0.2.7"),
        ])
        {
            string[] arguments = tool == "drill" ? ["-p", $"{server.Port}", "@127.0.0.1", name, type] : ["@127.0.0.1", "-p", $"{server.Port}", .. options, name, type];
            var (exitCode, output) = await Programs.RunAsync(path, arguments);
            var text = Encoding.UTF8.GetString(output);
            Assert.Equal(0, exitCode);
            Assert.Contains(expected, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("warning", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("malformed", text, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>A resolver without a root to begin from could answer nothing: that is said before it listens.</summary>
    [Theory]
    [InlineData("\n")]
    [InlineData(". 3600 IN NS a.root.test.\n")]
    public void Hints_without_a_server_are_refused(string hints)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "hints"), hints);
        var run = Command.RunIn(folder.Path, "serve", "resolver", "--root-hints", "hints", "--listen", "127.0.0.1:0");
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("firstbyte: 'hints' names no server of the root", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resolver_with_hints_of_its_own_walks_down_from_them()
    {
        var dig = Programs.Require("dig");
        using var zones = new Zones();
        using var authority = ServingCommand.StartWords("serve", "dns", "--zone", ".=" + zones.Root, "--zone", "example=" + zones.Example, "--listen", "127.0.0.1:0");
        using var resolver = ServingCommand.StartWords("serve", "resolver", "--listen", "127.0.0.1:0", "--root-hints", zones.Hints, "--port-upstream", $"{authority.Port}");
        for (var i = 0; i < 2; i++)
        {
            var (exitCode, output) = await Programs.RunAsync(dig, "@127.0.0.1", "-p", $"{resolver.Port}", "www.example", "A");
            var text = Encoding.UTF8.GetString(output);
            Assert.Equal(0, exitCode);
            Assert.Contains("status: NOERROR", text);
            Assert.Contains("192.0.2.226", text);
            Assert.Contains(" ra", text);
        }
        var asked = Command.Run("resolve", "--server", $"127.0.0.1:{resolver.Port}", "nowhere.example");
        Assert.Equal(6, asked.ExitCode);
        Assert.Contains("NXDOMAIN", asked.Output);
    }

    [Fact]
    public async Task Prometheus_finds_what_a_resolver_has_done()
    {
        using var zones = new Zones();
        using var authority = ServingCommand.StartWords("serve", "dns", "--zone", ".=" + zones.Root, "--zone", "example=" + zones.Example, "--listen", "127.0.0.1:0");
        using var resolver = ServingCommand.StartWords(
            "serve", "resolver", "--listen", "127.0.0.1:0", "--root-hints", zones.Hints, "--port-upstream", $"{authority.Port}", "--metrics", "127.0.0.1:0", "--cache-size", "3");
        var url = resolver.WaitFor("/metrics").Split('\n').First(static line => line.Contains("/metrics", StringComparison.Ordinal)).Split(' ')[^1];
        foreach (var line in (string[])["www.example", "www.example", "+tcp www.example", "www.example TYPE65280", "nowhere.example AAAA"])
        {
            Command.Run(["dig", "@127.0.0.1", "-p", $"{resolver.Port}", .. line.Split(' ')]);
        }
        using var client = new HttpClient();
        var page = await client.GetStringAsync(url, TestContext.Current.CancellationToken);
        foreach (var line in (string[])
        [
            "queries_total{transport=\"udp\"} 4", "queries_total{transport=\"tcp\"} 1", "responses_total{transport=\"udp\",rcode=\"NXDOMAIN\"} 1",
            "questions_total{type=\"A\"} 3", "questions_total{type=\"AAAA\"} 1", "questions_total{type=\"other\"} 1", "cache_hits_total 2",
            "upstream_timeouts_total{transport=\"udp\"} 0", "upstream_failures_total{transport=\"udp\"} 0",
            "resolutions_total{status=\"unchecked\"} 3", "resolution_failures_total{reason=\"bogus\"} 0", "stale_answers_total 0", "prefetches_total 0",
            "cache_bytes_limit 3145728",
        ])
        {
            Assert.Contains($"firstbyte_dns_{line}\n", page, StringComparison.Ordinal);
        }
        // Each of the three questions that were not known cost one message at least, and each had its answer.
        var sent = Regex.Match(page, "firstbyte_dns_upstream_queries_total\\{transport=\"udp\"\\} ([0-9]+)\n").Groups[1].Value;
        Assert.InRange(int.Parse(sent, CultureInfo.InvariantCulture), 3, 12);
        Assert.Contains($"firstbyte_dns_upstream_responses_total{{transport=\"udp\"}} {sent}\n", page, StringComparison.Ordinal);
        Assert.Matches("firstbyte_dns_cache_bytes [1-9][0-9]{2,}\n", page);
        Assert.Matches("firstbyte_dns_cache_entries [1-9]", page);
        // The text format: a name, labels, a number, and nothing else on a line that is no comment.
        Assert.All(page.TrimEnd('\n').Split('\n').Where(static line => line[0] != '#'), static line => Assert.Matches("^[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*\\})? \\d+$", line));
    }

    /// <summary>The root is signed by our own command, its key is the anchor; then the same zone is served with another address in it.</summary>
    [Fact]
    public async Task A_resolver_with_an_anchor_of_its_own_says_what_is_secure_and_refuses_what_is_forged()
    {
        var dig = Programs.Require("dig");
        using var folder = new TemporaryFolder();
        string In(string name) => Path.Combine(folder.Path, name);
        File.WriteAllText(In("root"), "$TTL 300\n. SOA ns.root. mail.root. 1 60 60 60 60\n. NS ns.root.\nns.root. A 127.0.0.1\nwww.example. A 192.0.2.226\n");
        File.WriteAllText(In("hints"), ". 300 NS ns.root.\nns.root. 300 A 127.0.0.1\n");
        Assert.Equal(0, Command.Run("zone", "key", ".", "--ksk", "-d", folder.Path).ExitCode);
        var key = Assert.Single(Directory.GetFiles(folder.Path, "*.key"));
        Assert.Equal(0, Command.Run("zone", "sign", ".=" + In("root"), "-o", In("signed"), "--key", key).ExitCode);
        File.WriteAllText(In("forged"), File.ReadAllText(In("signed")).Replace("192.0.2.226", "192.0.2.66", StringComparison.Ordinal));
        foreach (var (zone, status, flag) in ((string, string, string)[])[("signed", "NOERROR", " ad;"), ("forged", "SERVFAIL", "EDE: 6")])
        {
            using var authority = ServingCommand.StartWords("serve", "dns", "--zone", ".=" + In(zone), "--listen", "127.0.0.1:0");
            using var resolver = ServingCommand.StartWords(
                "serve", "resolver", "--listen", "127.0.0.1:0", "--root-hints", In("hints"), "--trust-anchor", key, "--port-upstream", $"{authority.Port}",
                "--qname-minimisation", "ns");
            var (_, output) = await Programs.RunAsync(dig, "@127.0.0.1", "-p", $"{resolver.Port}", "+dnssec", "www.example", "A");
            Assert.Contains("status: " + status, Encoding.UTF8.GetString(output));
            Assert.Contains(flag, Encoding.UTF8.GetString(output));
        }
    }

    [Fact]
    public async Task A_resolver_serves_those_who_may_ask()
    {
        var dig = Programs.Require("dig");
        using var resolver = ServingCommand.StartProcessWords("serve", "resolver", "--listen", "127.0.0.1:0", "--allow", "192.0.2.0/24");
        var (_, output) = await Programs.RunAsync(dig, "@127.0.0.1", "-p", $"{resolver.Port}", "localhost", "A");
        Assert.Contains("status: REFUSED", Encoding.UTF8.GetString(output));
        using var open = ServingCommand.StartWords("serve", "resolver", "--listen", "127.0.0.1:0");
        (_, output) = await Programs.RunAsync(dig, "@127.0.0.1", "-p", $"{open.Port}", "x.localhost", "A");
        Assert.Contains("127.0.0.1", Encoding.UTF8.GetString(output));
        (_, output) = await Programs.RunAsync(dig, "@127.0.0.1", "-p", $"{open.Port}", "-x", "10.1.2.3");
        Assert.Contains("status: NXDOMAIN", Encoding.UTF8.GetString(output));
    }

    [Theory]
    [InlineData("--forward", "dns.example", "expected a server such as")]
    [InlineData("--allow", "everybody", "expected a network")]
    [InlineData("--dns64", "64:ff9b", "expected the prefix of a translator")]
    [InlineData("--dns64", "64:ff9b::/95", "expected the prefix of a translator")]
    [InlineData("--dns64", "1.2.3.0/24", "expected the prefix of a translator")]
    public void A_switch_of_the_resolver_that_makes_no_sense_is_told(string option, string value, string complaint)
    {
        var run = Command.Run("serve", "resolver", option, value);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(complaint, run.Errors);
    }

    [Fact]
    public void A_faulty_zone_is_refused_with_file_line_and_column()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "bad.zone");
        File.WriteAllText(file, "$TTL 300\n@ SOA ns1 host 1 2 3 4 5\n@ NS ns1\nns1 A 192.0.2.999\n");
        var run = Command.Run("serve", "dns", "--zone", "example=" + file, "--listen", "127.0.0.1:0");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(file + ":4:", run.Errors);
    }

    [Fact]
    public void A_port_in_use_says_what_to_do()
    {
        using var zones = new Zones();
        using var first = ServingCommand.StartWords("serve", "dns", "--zone", "example=" + zones.Example, "--listen", "127.0.0.1:0");
        var second = Command.Run("serve", "dns", "--zone", "example=" + zones.Example, "--listen", $"127.0.0.1:{first.Port}");
        Assert.Equal(7, second.ExitCode);
        Assert.Contains("EADDRINUSE", second.Errors);
    }

    private sealed class Zones : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Zones()
        {
            File.WriteAllText(Example, ExampleZone);
            File.WriteAllText(Root, RootZone);
            File.WriteAllText(Hints, ". 3600000 NS ns1.example.\nns1.example. 3600000 A 127.0.0.1\n");
        }

        public string Example => Path.Combine(_folder.Path, "example.zone");

        public string Root => Path.Combine(_folder.Path, "root.zone");

        public string Hints => Path.Combine(_folder.Path, "root.hints");

        public void Dispose() => _folder.Dispose();
    }
}
