using System.Diagnostics;
using System.Text.RegularExpressions;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Tests.Conformance;

/// <summary>What others' tools read in our server's answers, on a loopback port: dig (BIND), kdig (Knot DNS), drill (ldns).</summary>
public sealed partial class DnsToolsTests : IAsyncLifetime
{
    private const string ZoneText =
        """
        $TTL 300
        @          SOA   ns1 hostmaster 2026010101 7200 900 1209600 60
        @          NS    ns1
        @          MX    10 mail
        ns1        A     127.0.0.1
        mail       A     192.0.2.25
        mail       AAAA  2001:db8::25
        www        CNAME mail
        txt        TXT   "two words" "and \"quotes\""
        _http._tcp SRV   1 2 80 mail
        host       HINFO "RISC-V" "Plan 9"
        tree       DNAME example.net.
        ptr        PTR   www
        odd        TYPE65280 \# 3 010203
        *.wild     A     192.0.2.7
        sub        NS    ns.sub
        ns.sub     A     192.0.2.99
        """;

    private readonly DnsServer _server;
    private readonly Endpoint _endpoint;
    private Task _serving = Task.CompletedTask;

    public DnsToolsTests()
    {
        var text = ZoneText + string.Concat(Enumerable.Range(0, 10).Select(i => $"\nlong TXT \"{new string((char)('a' + i), 200)}\""));
        Assert.True(Zone.TryLoad(text, "example.zone", DnsName.Parse("example."), out var zone, out var problems), string.Join('\n', problems));
        _server = new DnsServer(new OsNetwork(), new AuthoritativeResponder(new ZoneSet(zone)));
        _endpoint = _server.Bind(new Endpoint(IpAddress.LoopbackV4, 0));
    }

    public ValueTask InitializeAsync()
    {
        _serving = _server.RunAsync();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        await _serving;
    }

    public static TheoryData<string, string, string, string, string[]> Questions
    {
        get
        {
            var data = new TheoryData<string, string, string, string, string[]>();
            foreach (var tool in new[] { "dig", "kdig", "drill" })
            {
                void Row(string name, string type, string code, params string[] records) => data.Add(tool, name, type, code, records);
                const string Soa = "example. 60 IN SOA ns1.example. hostmaster.example. 2026010101 7200 900 1209600 60";
                Row("mail.example", "A", "NOERROR", "mail.example. 300 IN A 192.0.2.25");
                Row("mail.example", "AAAA", "NOERROR", "mail.example. 300 IN AAAA 2001:db8::25");
                Row("www.example", "CNAME", "NOERROR", "www.example. 300 IN CNAME mail.example.");
                Row("www.example", "A", "NOERROR", "www.example. 300 IN CNAME mail.example.", "mail.example. 300 IN A 192.0.2.25");
                Row("example", "SOA", "NOERROR", "example. 300 IN SOA ns1.example. hostmaster.example. 2026010101 7200 900 1209600 60");
                Row("example", "NS", "NOERROR", "example. 300 IN NS ns1.example.", "ns1.example. 300 IN A 127.0.0.1");
                Row("example", "MX", "NOERROR", "example. 300 IN MX 10 mail.example.", "mail.example. 300 IN A 192.0.2.25", "mail.example. 300 IN AAAA 2001:db8::25");
                Row("txt.example", "TXT", "NOERROR", "txt.example. 300 IN TXT \"two words\" \"and \\\"quotes\\\"\"");
                Row("_http._tcp.example", "SRV", "NOERROR", "_http._tcp.example. 300 IN SRV 1 2 80 mail.example.", "mail.example. 300 IN A 192.0.2.25", "mail.example. 300 IN AAAA 2001:db8::25");
                Row("host.example", "HINFO", "NOERROR", "host.example. 300 IN HINFO \"RISC-V\" \"Plan 9\"");
                Row("tree.example", "DNAME", "NOERROR", "tree.example. 300 IN DNAME example.net.");
                Row("a.tree.example", "A", "NOERROR", "tree.example. 300 IN DNAME example.net.", "a.tree.example. 300 IN CNAME a.example.net.");
                Row("ptr.example", "PTR", "NOERROR", "ptr.example. 300 IN PTR www.example.");
                Row("odd.example", "TYPE65280", "NOERROR", "odd.example. 300 IN TYPE65280 \\# 3 010203");
                Row("x.wild.example", "A", "NOERROR", "x.wild.example. 300 IN A 192.0.2.7");
                Row("none.example", "A", "NXDOMAIN", Soa);
                Row("mail.example", "MX", "NOERROR", Soa);
                Row("deep.sub.example", "A", "NOERROR", "sub.example. 300 IN NS ns.sub.example.", "ns.sub.example. 300 IN A 192.0.2.99");
                Row("elsewhere.test", "A", "REFUSED");
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Tools_read_every_answer_without_complaint(string tool, string name, string type, string code, string[] records)
    {
        var output = await AskAsync(tool, name, type);
        Assert.DoesNotMatch(Complaint(), output);
        Assert.Equal(code, Code(output));
        Assert.Equal(records.Order(), Records(output).Order());
    }

    [Theory]
    [InlineData("dig")]
    [InlineData("kdig")]
    [InlineData("drill")]
    public async Task Tools_go_on_over_tcp_when_an_answer_is_truncated(string tool)
    {
        // kdig says so with a warning of its own, and says nothing else.
        var output = tool == "drill" ? await AskAsync(tool, "long.example", "TXT", "-a") : await AskAsync(tool, "long.example", "TXT");
        Assert.DoesNotMatch(Complaint(), output.Replace($";; WARNING: truncated reply from 127.0.0.1@{_endpoint.Port}(UDP), retrying over TCP", ""));
        Assert.Equal(10, Records(output).Count(record => record.StartsWith("long.example. 300 IN TXT", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("dig", "+tcp")]
    [InlineData("kdig", "+tcp")]
    [InlineData("drill", "-t")]
    public async Task Tools_are_answered_over_tcp(string tool, string option)
    {
        var output = await AskAsync(tool, "mail.example", "A", option);
        Assert.DoesNotMatch(Complaint(), output);
        Assert.Equal(["mail.example. 300 IN A 192.0.2.25"], Records(output));
    }

    [Fact]
    public async Task Dig_keeps_a_connection_for_several_questions()
    {
        var output = await RunAsync("dig", "@127.0.0.1", "-p", $"{_endpoint.Port}", "+norecurse", "+tcp", "+keepopen", "mail.example", "A", "mail.example", "AAAA", "+keepopen");
        Assert.DoesNotMatch(Complaint(), output);
        Assert.Equal(["mail.example. 300 IN A 192.0.2.25", "mail.example. 300 IN AAAA 2001:db8::25"], Records(output));
    }

    [Fact]
    public async Task Dig_without_edns_and_with_an_unknown_edns_version_is_answered()
    {
        var plain = await AskAsync("dig", "mail.example", "A", "+noedns");
        Assert.DoesNotContain("OPT PSEUDOSECTION", plain);
        Assert.Equal(["mail.example. 300 IN A 192.0.2.25"], Records(plain));
        var unknown = await AskAsync("dig", "mail.example", "A", "+edns=7", "+noednsnegotiation");
        Assert.Equal("BADVERS", Code(unknown));
    }

    [GeneratedRegex(@"warning|malformed|mismatch|\berror\b|unexpected|trailing|garbage|bad |extra|not available|timed out|failed", RegexOptions.IgnoreCase)]
    private static partial Regex Complaint();

    private static string Code(string output) => Regex.Match(output, @"(?:status|rcode): (\w+)").Groups[1].Value;

    /// <summary>The records of all sections, one blank between the fields.</summary>
    private static IEnumerable<string> Records(string output) => output.Split('\n')
        .Where(line => line.Length > 0 && !line.StartsWith(';'))
        .Select(line => Regex.Replace(line.Trim(), @"[ \t]+", " "));

    private Task<string> AskAsync(string tool, string name, string type, params string[] options) => tool == "drill"
        ? RunAsync(tool, ["-p", $"{_endpoint.Port}", "-o", "rd", .. options, name, "@127.0.0.1", type])
        : RunAsync(tool, ["@127.0.0.1", "-p", $"{_endpoint.Port}", "+norecurse", .. options, name, type]);

    private static async Task<string> RunAsync(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        Process process;
        try { process = Process.Start(start)!; }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{tool} is not installed");
            throw;
        }
        using (process)
        {
            process.StandardInput.Close();
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return await output + await errors;
        }
    }
}
