using System.Net;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;
using Firstbyte.Errors;
using Firstbyte.Host.Live;
using Firstbyte.Host.Settings;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Endpoint = Firstbyte.Addressing.Endpoint;

namespace Firstbyte.Tests.Host;

/// <summary>Where a journey may go where others can ask for it: judged at each connect(), whatever led there.</summary>
public sealed class TargetTests
{
    private static readonly HostSettings s_open = new() { Listen = new Endpoint(IpAddress.AnyV4, 8080) };

    [Theory]
    [InlineData("93.184.215.14", true)]
    [InlineData("2606:2800:21f:cb07:6820:80da:af6b:8b2c", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("0.1.2.3", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.0.0.192", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("240.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:93.184.215.14", true)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("64:ff9b::169.254.169.254", false)]
    [InlineData("64:ff9b::93.184.215.14", true)]
    [InlineData("64:ff9b:1::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("4000::1", false)]
    public void An_address_is_public_or_refused(string address, bool isAllowed)
    {
        var rules = TargetRules.Of(s_open, static () => []);
        Assert.Equal(isAllowed, rules.Allows(new Endpoint(IpAddress.Parse(address), 80)));
        // Where nobody else can ask, whoever asks reaches all of it anyway, but for what clouds tell their machines.
        var isMetadata = address.Contains("169.254.", StringComparison.Ordinal) || address is "168.63.129.16" or "fd00:ec2::254" or "100.100.100.200";
        Assert.Equal(!isMetadata, TargetRules.Of(new HostSettings(), static () => []).Allows(new Endpoint(IpAddress.Parse(address), 80)));
        Assert.True(TargetRules.Of(new HostSettings { AllowedTargets = [new IpPrefix(IpAddress.AnyV4, 0), new IpPrefix(IpAddress.AnyV6, 0)] }, static () => [])
            .Allows(new Endpoint(IpAddress.Parse(address), 80)));
        Assert.Equal(isAllowed, TargetRules.Of(new HostSettings { PublicOnly = true }, static () => []).Allows(new Endpoint(IpAddress.Parse(address), 80)));
    }

    [Fact]
    public void The_machines_own_addresses_are_refused_as_they_are_now()
    {
        var own = new List<IpAddress>();
        var rules = TargetRules.Of(s_open, () => own);
        var target = new Endpoint(IpAddress.Parse("93.184.215.14"), 80);
        Assert.True(rules.Allows(target));
        own.Add(target.Address);
        Assert.False(rules.Allows(target));
        Assert.False(rules.Allows(target with { Address = IpAddress.Parse("::ffff:93.184.215.14") }));
    }

    [Theory]
    [InlineData(80, true)]
    [InlineData(443, true)]
    [InlineData(8080, true)]
    [InlineData(22, false)]
    [InlineData(25, false)]
    [InlineData(53, false)]
    [InlineData(6667, false)]
    public void Ports_where_text_is_taken_for_commands_are_refused(ushort port, bool isAllowed) =>
        Assert.Equal(isAllowed, TargetRules.Of(s_open, static () => []).Allows(new Endpoint(IpAddress.Parse("93.184.215.14"), port)));

    [Fact]
    public void What_the_owner_allows_is_allowed()
    {
        var rules = TargetRules.Of(s_open with { AllowedTargets = [IpPrefix.Parse("10.1.0.0/16")] }, static () => []);
        Assert.True(rules.Allows(new Endpoint(IpAddress.Parse("10.1.2.3"), 80)));
        Assert.True(rules.Allows(new Endpoint(IpAddress.Parse("::ffff:10.1.2.3"), 80)));
        Assert.False(rules.Allows(new Endpoint(IpAddress.Parse("10.2.2.3"), 80)));
        Assert.False(rules.Allows(new Endpoint(IpAddress.Parse("10.1.2.3"), 25)));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{port}/")]
    [InlineData("http://2130706433:{port}/")]
    [InlineData("http://0x7f.1:{port}/")]
    [InlineData("http://127.1:{port}/")]
    [InlineData("http://localhost:{port}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{port}/")]
    [InlineData("http://0.0.0.0:{port}/")]
    public async Task However_it_is_written_the_own_machine_is_not_reached(string url)
    {
        var heads = new List<string>();
        using var target = RawServer.Answering(new Queue<string>(["HTTP/1.1 204 No Content\r\n\r\n"]), heads);
        await using var host = await RunningHost.StartAsync("--public-only");
        using var client = await host.OpenAsync();
        var events = await host.JourneyAsync(client, url.Replace("{port}", $"{target.Port}", StringComparison.Ordinal));
        Assert.Contains(events, static one => one is ConnectFailed { Error: Errno.EACCES } or JourneyFailed);
        Assert.DoesNotContain(events, static one => one is ConnectCompleted);
        Assert.Empty(heads);
    }

    [Fact]
    public async Task A_name_is_judged_by_what_it_means_when_it_is_connected_to()
    {
        var heads = new List<string>();
        using var target = RawServer.Answering(new Queue<string>(["HTTP/1.1 204 No Content\r\n\r\n"]), heads);
        await using var names = await TestNames.StartAsync("inside 60 IN A 127.0.0.1\nboth 60 IN A 127.0.0.1\nboth 60 IN A 127.0.0.2\n");
        await using var host = await RunningHost.StartAsync("--public-only", "--allow-target", "127.0.0.2/32", "--server", $"{names.Endpoint}");
        using var client = await host.OpenAsync();
        var events = await host.JourneyAsync(client, $"http://inside.test:{target.Port}/");
        Assert.Contains(events, static one => one is ConnectFailed { Error: Errno.EACCES });
        Assert.DoesNotContain(events, static one => one is ConnectCompleted);
        // Of two addresses the one that may be connected to is, whichever comes first.
        events = await host.JourneyAsync(client, $"http://both.test:{target.Port}/");
        Assert.DoesNotContain(events, static one => one is ConnectCompleted e && e.Remote.Address == IpAddress.LoopbackV4);
        Assert.Empty(heads);
    }

    [Fact]
    public async Task A_redirect_leads_nowhere_else_than_a_url_does()
    {
        var heads = new List<string>();
        using var inside = RawServer.Answering(new Queue<string>(["HTTP/1.1 204 No Content\r\n\r\n"]), heads);
        using var outside = new RawServer(
            connection =>
            {
                connection.ReadHead();
                connection.Send($"HTTP/1.1 302 Found\r\nLocation: {inside.Url}\r\nContent-Length: 0\r\n\r\n");
            }, IPAddress.Parse("127.0.0.2"));
        await using var host = await RunningHost.StartAsync("--public-only", "--allow-target", "127.0.0.2/32");
        using var client = await host.OpenAsync();
        var events = await host.JourneyAsync(client, outside.Url, redirects: true);
        Assert.Contains(events, static one => one is RedirectFollowed);
        Assert.Contains(events, static one => one is ConnectFailed { Error: Errno.EACCES });
        Assert.Empty(heads);
    }

    [Fact]
    public async Task Where_others_can_ask_it_is_so_without_being_told()
    {
        await using var host = await RunningHost.StartAsync("--listen", "0.0.0.0:0");
        Assert.Contains(host.Lines, static line => line.StartsWith("others than this machine can reach the page", StringComparison.Ordinal));
        using var client = RunningHost.NewClient();
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {host.Token}");
        var port = new Uri(host.Page).Port;
        Assert.Contains("\"publicOnly\":true", await client.GetStringAsync($"http://127.0.0.1:{port}/live.json", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guarded_network_sends_no_datagram_listens_nowhere_and_has_no_files()
    {
        var network = new GuardedNetwork(new OsNetwork(), TargetRules.Of(s_open, static () => []));
        using var datagrams = network.CreateSocket(IpVersion.V4, SocketKind.Datagram);
        var anywhere = new Endpoint(IpAddress.LoopbackV4, 9);
        await datagrams.ConnectAsync(anywhere, TestContext.Current.CancellationToken);
        Assert.Equal(Errno.EACCES, (await Assert.ThrowsAsync<NetworkException>(async () => await datagrams.SendAsync(new byte[1]))).Error);
        Assert.Equal(Errno.EACCES, (await Assert.ThrowsAsync<NetworkException>(async () => await datagrams.SendToAsync(new byte[1], anywhere))).Error);
        using var stream = network.CreateSocket(IpVersion.V4, SocketKind.Stream);
        Assert.Equal(Errno.EACCES, Assert.Throws<NetworkException>(() => stream.Bind(anywhere)).Error);
        Assert.Equal(Errno.EACCES, Assert.Throws<NetworkException>(() => stream.Listen(1)).Error);
        Assert.Null(network.Files.Read("/etc/hostname"));
    }
}

/// <summary>A DNS server on loopback with the zone "test".</summary>
internal sealed class TestNames : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly DnsServer _server;
    private readonly Task _running;

    private TestNames(DnsServer server)
    {
        _server = server;
        Endpoint = server.Bind(new Endpoint(IpAddress.LoopbackV4, 0));
        _running = server.RunAsync(_stopping.Token);
    }

    public Endpoint Endpoint { get; }

    public static Task<TestNames> StartAsync(string records)
    {
        const string beginning = "$ORIGIN test.\n@ 300 IN SOA ns hostmaster 1 7200 900 1209600 60\n@ 300 IN NS ns\nns 300 IN A 127.0.0.1\n";
        Assert.True(Zone.TryLoad(beginning + records, "test", DnsName.Parse("test"), out var zone, out var problems), string.Join(' ', problems));
        return Task.FromResult(new TestNames(new DnsServer(new OsNetwork(), new AuthoritativeResponder(new ZoneSet(zone)))));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _server.Dispose();
        _stopping.Dispose();
    }
}
