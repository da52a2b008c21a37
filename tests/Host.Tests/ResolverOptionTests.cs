using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Tapping;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Tests.Host;

/// <summary>The options that the resolver of DNS over HTTPS has in common with <c>firstbyte serve resolver</c>.</summary>
public sealed partial class ResolverOptionTests : IDisposable
{
    private const string Signer = "test. 3600 IN DS 1 13 2 0000000000000000000000000000000000000000000000000000000000000000\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("firstbyte-options-").FullName;

    public ResolverOptionTests()
    {
        // The server of "test" stands for the root: it refuses what it does not know, and delegates nothing.
        File.WriteAllText(In("hints"), ". 3600 IN NS ns.test.\nns.test. 3600 IN A 127.0.0.1\n");
        File.WriteAllText(In("list"), "$TTL 60\n@ SOA ns mail 1 60 60 60 60\nwww.test CNAME .\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The command's page of help is the list: an option that is added there is one here too, or has its reason in this test.</summary>
    [Fact]
    public async Task Every_option_of_the_command_is_one_here()
    {
        // Where it listens is --doh; every query is in no story here.
        string[] others = ["--listen", "--json", "--verbose", "--help"];
        var help = File.ReadAllText(Path.Combine(RepositoryRoot.Require(), "tests", "Cli.Tests", "Transcripts", "en", "help-serve-resolver.txt"));
        var options = Options().Matches(help).Select(static match => match.Groups["name"].Value).Except(others).ToArray();
        Assert.True(options.Length > 20, string.Join(' ', options));
        using var output = new StringWriter();
        Firstbyte.Host.Settings.HostArguments.WriteHelp(output, Telling.Languages.Of("en")!);
        Assert.Empty(options.Except(Options().Matches(output.ToString()).Select(static match => match.Groups["name"].Value)));
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("", "www.test", "NOERROR 77 192.0.2.81")]
    [InlineData("--min-ttl 500", "www.test", "NOERROR 500 192.0.2.81")]
    [InlineData("--max-ttl 5", "www.test", "NOERROR 5 192.0.2.81")]
    [InlineData("--private-address 192.0.2.0/24", "www.test", "NOERROR 0")]
    [InlineData("--private-address 192.0.2.0/24 --private-domain test", "www.test", "NOERROR 77 192.0.2.81")]
    [InlineData("--dns64 64:ff9b::/96", "www.test AAAA", "NOERROR 60 64:ff9b::c000:251")]
    [InlineData("--special-names on", "localhost", "NOERROR 0 127.0.0.1")]
    [InlineData("--special-names off", "localhost", "SERVFAIL 0")]
    [InlineData("--rpz LIST=rpz.local", "www.test", "NXDOMAIN 0")]
    [InlineData("--prefer-family 4 --qname-minimisation ns --harden-glue --priming off --key-sentinel off --serve-stale on --prefetch on --cache-size 1", "www.test", "NOERROR 77 192.0.2.81")]
    public async Task An_option_does_what_the_commands_does(string options, string question, string answer)
    {
        await using var names = await TestNames.StartAsync("www 77 IN A 192.0.2.81\n");
        await using var host = await StartAsync(names, options);
        var got = await AskAsync(host, question);
        Assert.Equal(answer, question == "localhost" ? TimeOf().Replace(got, " 0") : got);
    }

    [Fact]
    public async Task A_list_is_read_again_and_one_that_is_faulty_changes_nothing()
    {
        await using var names = await TestNames.StartAsync("www 77 IN A 192.0.2.81\n");
        await using var host = await StartAsync(names, "--rpz LIST=rpz.local");
        Assert.Equal("NXDOMAIN 0", await AskAsync(host, "www.test"));
        File.WriteAllText(In("list"), "$TTL 60\nwww.test CNAME rpz-nothing.\n");
        host.Reloading.Raise();
        Assert.Equal("NXDOMAIN 0", await AskAsync(host, "www.test"));
        Assert.Contains(host.Lines, static line => line.Contains("stay as they were", StringComparison.Ordinal));
        File.WriteAllText(In("list"), "$TTL 60\nother.test CNAME .\n");
        host.Reloading.Raise();
        Assert.Equal("NOERROR 77 192.0.2.81", await AskAsync(host, "www.test"));
    }

    [Fact]
    public async Task Messages_to_and_from_clients_and_servers_are_written_down()
    {
        await using var names = await TestNames.StartAsync("www 77 IN A 192.0.2.81\n");
        await using (var host = await StartAsync(names, "--dnstap TAP"))
        {
            Assert.Equal("NOERROR 77 192.0.2.81", await AskAsync(host, "www.test"));
        }
        var tapped = await File.ReadAllBytesAsync(In("tap"), TestContext.Current.CancellationToken);
        Assert.StartsWith(Convert.ToHexString(DnstapFrame.Start), Convert.ToHexString(tapped), StringComparison.Ordinal);
        Assert.EndsWith(Convert.ToHexString(DnstapFrame.Stop), Convert.ToHexString(tapped), StringComparison.Ordinal);
        // The name stands in the client's question and its answer, and at least once each way between resolver and server.
        var name = "\u0003www\u0004test"u8;
        var count = 0;
        for (var at = 0; at <= tapped.Length - name.Length; at++)
        {
            if (System.Text.Encoding.Latin1.GetString(tapped, at, name.Length).Equals("\u0003www\u0004test", StringComparison.OrdinalIgnoreCase)) { count++; }
        }
        Assert.True(count >= 4, $"{count} times");
    }

    [Fact]
    public async Task Keys_are_followed_in_a_file()
    {
        File.WriteAllText(In("anchor"), Signer);
        await using var names = await TestNames.StartAsync("www 77 IN A 192.0.2.81\n");
        await using (var host = await StartAsync(names, "--trust-anchor ANCHOR --trust-anchor-file KEYS"))
        {
            Assert.Contains(";;id: test. 1", await File.ReadAllTextAsync(In("keys"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
            // Nobody signs "test": what is believed by the anchor does not hold.
            Assert.Equal("SERVFAIL 0", await AskAsync(host, "www.test"));
            for (var i = 0; i < 100 && !host.Lines.Any(static line => line.Contains("nobody says which keys", StringComparison.Ordinal)); i++) { await Task.Delay(50, TestContext.Current.CancellationToken); }
            Assert.Contains(host.Lines, static line => line.Contains("nobody says which keys", StringComparison.Ordinal));
        }
        // There is a file now, and what it was begun with may be said again: it is so at each start of a service.
        await using var again = await StartAsync(names, "--trust-anchor ANCHOR --trust-anchor-file KEYS");
        Assert.Contains(";;id: test. 1", await File.ReadAllTextAsync(In("keys"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--forward nowhere", "'nowhere' is no value for --forward")]
    [InlineData("--qname-minimisation full", "'full' is no value for --qname-minimisation")]
    [InlineData("--serve-stale yes", "'yes' is no value for --serve-stale")]
    [InlineData("--prefer-family 5", "'5' is no value for --prefer-family")]
    [InlineData("--min-ttl -1", "'-1' is no value for --min-ttl")]
    [InlineData("--cache-size 0", "'0' is no value for --cache-size")]
    [InlineData("--forward-ca HINTS", "--forward-ca wants --forward SERVER as well")]
    [InlineData("--trust-anchor-file KEYS", "KEYS")]
    [InlineData("--rpz HINTS=rpz", "is not in the policy zone")]
    [InlineData("--dnstap /nowhere/at/all", "'/nowhere/at/all' cannot be written")]
    public async Task What_cannot_be_is_named(string options, string words)
    {
        await using var names = await TestNames.StartAsync("www 77 IN A 192.0.2.81\n");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(names, options));
        Assert.Contains(words.Replace("KEYS", In("keys"), StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
    }

    private string In(string file) => Path.Combine(_folder, file);

    private Task<RunningHost> StartAsync(TestNames names, string options)
    {
        string[] files = ["HINTS", "LIST", "TAP", "KEYS", "ANCHOR"];
        foreach (var file in files) { options = options.Replace(file, In(file.ToLowerInvariant()), StringComparison.Ordinal); }
        return RunningHost.StartAsync(
            ["--no-page", "--doh", "127.0.0.1:0", "--resolver", "--root-hints", In("hints"), "--port-upstream", $"{names.Endpoint.Port}",
                .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
    }

    /// <summary>The code, for how long the answer may be kept, and its addresses.</summary>
    private static async Task<string> AskAsync(RunningHost host, string question)
    {
        var words = question.Split(' ');
        var type = words.Length > 1 ? RecordType.AAAA : RecordType.A;
        using var client = RunningHost.NewClient();
        var query = DnsMessage.Query(0, new Question(DnsName.Parse(words[0]), type), HeaderFlags.RecursionDesired, Edns.Default).ToArray();
        using var content = new ByteArrayContent(query) { Headers = { ContentType = new MediaTypeHeaderValue("application/dns-message") } };
        using var response = await client.PostAsync(host.Doh, content, TestContext.Current.CancellationToken);
        Assert.True(DnsMessage.TryParse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), out var answer, out _));
        var time = answer.Answers.Select(static record => record.Ttl.Seconds).DefaultIfEmpty().Min();
        return $"{answer.ResponseCode} {time}{string.Concat(answer.Answers.Select(static record => $" {record.Data}"))}";
    }

    [GeneratedRegex(@"^  (?<name>--[a-z0-9-]+)", RegexOptions.Multiline)]
    private static partial Regex Options();

    [GeneratedRegex(@" \d+(?= |$)")]
    private static partial Regex TimeOf();
}
