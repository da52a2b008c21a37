using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Digging;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Zones;
using Firstbyte.Sockets.Os;
using Firstbyte.Tests.Dns.Records;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Conformance;

/// <summary>Our dig beside Debian's: what both print of the same question, asked of our server and of NSD on a loopback port, line by line.</summary>
public sealed partial class DigTests : IAsyncLifetime
{
    private const string Dig = "/usr/bin/dig";

    private const string ZoneText =
        """
        $TTL 300
        @          SOA   ns1 hostmaster 2026010101 7200 900 1209600 60
        @          NS    ns1
        @          MX    10 mail
        @ 3600     DNSKEY 257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==
        ns1        A     127.0.0.1
        mail       A     192.0.2.25
        mail       AAAA  2001:db8::25
        www        CNAME mail
        txt        TXT   "two words" "and \"quotes\""
        odd        TYPE65280 \# 3 010203
        sub        NS    ns.sub
        sub        DS    60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118
        ns.sub     A     192.0.2.99
        tls        TLSA  0 0 1 d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971
        a-very-long-name-indeed-that-goes-beyond.the-column A 192.0.2.1
        """;

    private readonly DnsServer _server;
    private readonly Endpoint _endpoint;
    private Task _serving = Task.CompletedTask;

    public DigTests()
    {
        var text = ZoneText + string.Concat(Enumerable.Range(0, 10).Select(i => $"\nlong TXT \"{new string((char)('a' + i), 200)}\""));
        text += string.Concat(RecordVector.All.Index().Where(static one => IsServed(one.Item))
            .Select(static one => $"\nn{one.Index} {one.Item.Type} \\# {one.Item.Hex.Length / 2} {one.Item.Hex}"));
        Assert.True(Zone.TryLoad(text, "example.zone", DnsName.Parse("example."), out var zone, out var problems), string.Join('\n', problems));
        var options = new AuthoritativeServerOptions { TransferRules = [AccessRule.TryParse("127.0.0.1", out var rule) ? rule : throw new InvalidOperationException()] };
        _server = new DnsServer(new OsNetwork(), new AuthoritativeResponder(new AuthoritativeServer(new ZoneSet(zone), options)));
        _endpoint = _server.Bind(new Endpoint(IpAddress.LoopbackV4, 0));
    }

    public static TheoryData<string> Lines =>
    [
        "mail.example", "example. SOA example. DNSKEY sub.example DS", "+multiline example. SOA example. DNSKEY sub.example DS", "+short example. NS mail.example aaaa www.example",
        "example AXFR", "example AXFR +short", "example AXFR +onesoa +noall +answer", "example AXFR +multiline", "example IXFR=1", "other.test AXFR",
        "+nsid +subnet=192.0.2.0/24 nx.example +norecurse +dnssec", "txt.example ANY +ttlunits +nocomments", "-x 192.0.2.1 +qr", "-x 2001:db8::1 -x 1.2",
        "version.bind CH TXT +nocmd", "+noall +answer mail.example", "+noall +answer +stats mail.example mail.example AAAA +noall", "+nocomments mail.example",
        "+nostats +noquestion +nocmd +multiline example. SOA", "+noall +answer +multiline tls.example TLSA", "+noall +answer +nottlid +noclass example MX",
        "+noall +answer +nottlid example MX", "+noall +answer +noclass example MX", "+noall +answer +rrcomments example DNSKEY", "+noall +answer +nosplit example DNSKEY",
        "+noall +answer +split=20 example DNSKEY", "+noall +answer +nocrypto example DNSKEY sub.example DS +noall +answer +nocrypto",
        "+noall +answer +unknownformat example MX", "+noall +answer +expandaaaa mail.example AAAA", "+short +identify mail.example", "+identify +nostats mail.example",
        "+header-only mail.example", "+noedns mail.example", "+edns=1 mail.example", "+edns=1 +noednsneg mail.example", "+opcode=notify example SOA", "+opcode=7 example SOA",
        "", "+trace mail.example", "-t MX -c IN -q example +cookie=0102030405060708 +qr +noad +cd +zflag +ednsopt=100:6162 +ednsflags=0x40 +keepalive +expire +nsid",
        "+subnet=2001:db8::/56 +qr mail.example", "MX +noall +answer example www.example", "+tcp mail.example", "+vc +bufsize=512 mail.example -4", "+all mail.example -u",
        "mail.example +noauthority +noadditional +noquestion", "+aaonly +noadflag +nordflag +cdflag +raflag +tcflag +qr mail.example", "+nocookie +qr mail.example",
        "-q A -t A", "TYPE65280 odd.example", "-b 127.0.0.1 mail.example", "a-very-long-name-indeed-that-goes-beyond.the-column.example", "long.example TXT",
        "long.example TXT +ignore +bufsize=512", "+tries=1 mail.example +time=2", "mail.example A IN", "deep.sub.example +dnssec",
    ];

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

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task It_prints_of_our_server_what_dig_prints(string line) => await CompareAsync(_endpoint.Port, line);

    [Fact]
    public async Task It_prints_of_nsd_what_dig_prints()
    {
        using var peer = PeerServer.Start("nsd", "example.", ZoneText);
        if (peer is null) { Assert.Skip("NSD is not installed (Debian: nsd)"); }
        foreach (var line in Lines) { await CompareAsync(peer.Port, line.Data); }
    }

    /// <summary>Every type that there is, in every form; what dig 9.18 does not know yet, or writes though it is long gone, aside.</summary>
    [Fact]
    public async Task Every_type_looks_as_in_dig()
    {
        var served = RecordVector.All.Index().Where(static one => IsServed(one.Item)).ToList();
        Assert.True(served.Count > 90);
        foreach (var (i, vector) in served)
        {
            var question = $"n{i}.example {vector.Type}";
            await CompareAsync(_endpoint.Port, $"+noall +answer {question} {question} +multiline +noall +answer {question} +multiline +norrcomments {question} +nocrypto +rrcomments {question} +unknownformat +noall +answer +multi");
        }
    }

    [Theory]
    [InlineData("x +time=1")]
    [InlineData("x y +tries=1")]
    [InlineData("+short x +tries=1")]
    [InlineData("-x 1.2 +qr +tries=1")]
    [InlineData("x +tcp")]
    [InlineData("x AXFR")]
    public async Task Where_nobody_listens_it_says_what_dig_says(string line)
    {
        // Bound, and closed to whoever sends: the port is ours as long as the test lasts, and no server's.
        using var holder = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        holder.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        await CompareAsync(((System.Net.IPEndPoint)holder.LocalEndPoint!).Port, line);
    }

    // What stands elsewhere in the zone or in messages alone, what is long gone, and what dig 9.18 does not know yet.
    private static bool IsServed(RecordVector vector) =>
        vector.Type is not ("SOA" or "OPT" or "TSIG" or "TKEY" or "CNAME" or "DNAME" or "NS" or "NSEC3" or "NXT" or "SINK")
        && !vector.Text.Contains("dohpath", StringComparison.Ordinal) && !vector.UnknownTo.Contains("bind");

    private static async Task CompareAsync(int port, string line)
    {
        if (!File.Exists(Dig)) { Assert.Skip($"{Dig} is not installed (Debian: bind9-dnsutils)"); }
        string[] words = ["@127.0.0.1", "-p", $"{port}", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var (theirs, ours) = (await RunDigAsync(words), await RunOurDigAsync(words));
        Assert.True(Normal(theirs.Text) == Normal(ours.Text), $"dig {string.Join(' ', words)}\n{theirs.Text}\n---- and ours\n{ours.Text}");
        Assert.Equal(theirs.ExitCode, ours.ExitCode);
    }

    private static async Task<(int ExitCode, string Text)> RunDigAsync(string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(Dig, words) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, Environment = { ["TZ"] = "UTC" } })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(errors, process.WaitForExitAsync(TestContext.Current.CancellationToken));
        return (process.ExitCode, text);
    }

    private static async Task<(int ExitCode, string Text)> RunOurDigAsync(string[] words)
    {
        Assert.True(DigLine.TryRead(words, new DigQuery(), out var line, out var fault), $"{fault}");
        var (text, network) = (new StringBuilder(), new OsNetwork());
        var around = new DigSurroundings(network, new SslStreamTlsProvider(network), static (_, _, _) => new([]), printed => text.Append(printed));
        DigRunner? runner = null;
        var exitCode = 0;
        foreach (var query in line.Queries)
        {
            runner ??= new DigRunner(
                around, new Tracer(SilentSink.Instance), query.Display.IsShort ? "" : DigPage.Greeting("V", DigLine.Shown(words), 1, query, isFirst: true));
            var code = await runner.RunAsync(query, [new DigServer(IpAddress.LoopbackV4, "127.0.0.1")], TestContext.Current.CancellationToken);
            if (code != 0) { exitCode = code; }
        }
        return (exitCode, text.ToString());
    }

    // Times and numbers are each program's own.
    private static string Normal(string text) => Times().Replace(Versions().Replace(text, "DiG V <<>>"), "N");

    [GeneratedRegex(@"DiG \S+ <<>>")]
    private static partial Regex Versions();

    [GeneratedRegex(@"(?<=id: )\d+|(?<=Query time: )\d+ \w+|(?<=WHEN: ).*|(?<=in )\d+ [mu]s|(?<=COOKIE: )[0-9a-f]+")]
    private static partial Regex Times();
}
