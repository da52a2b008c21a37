using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Firstbyte.Host.Dns;
using Endpoint = Firstbyte.Addressing.Endpoint;
using IpAddress = Firstbyte.Addressing.IpAddress;

namespace Firstbyte.Tests.Host;

/// <summary>A store that resolvers share over the Redis protocol: a real server, and servers that are none to be trusted.</summary>
public sealed class SharedCacheTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("firstbyte-shared-").FullName;

    public SharedCacheTests()
    {
        // The server of "test" stands for the root: it refuses what it does not know, and delegates nothing.
        File.WriteAllText(Hints, ". 3600 IN NS ns.test.\nns.test. 3600 IN A 127.0.0.1\n");
        File.WriteAllText(Secret, "the secret of the fleet, which has 32 bytes and more\n");
        File.WriteAllText(Other, "the secret of somebody else, which is as long as that\n");
        File.WriteAllText(Password, "open sesame\n");
    }

    private string Hints => Path.Combine(_folder, "hints");

    private string Secret => Path.Combine(_folder, "secret");

    private string Other => Path.Combine(_folder, "other");

    private string Password => Path.Combine(_folder, "password");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_hosts_share_what_one_has_asked_for_by_a_real_server(bool hasPassword)
    {
        await using var store = await RealStore.StartAsync(_folder, hasPassword ? "open sesame" : null);
        string[] password = hasPassword ? ["--shared-cache-password", Password] : [];
        await using var names = await TestNames.StartAsync("www 77 IN A 192.0.2.81\n");
        await using var first = await StartAsync(names, store.Server, Secret, password);
        await using var second = await StartAsync(names, store.Server, Secret, password);
        await using var stranger = await StartAsync(names, store.Server, Other, password);
        Assert.Equal("192.0.2.81", await AddressAsync(first));
        Assert.True(await CountsAsync(first, "shared_cache_stores_total{result=\"kept\"} 1"));
        Assert.Equal("192.0.2.81", await AddressAsync(second));
        Assert.True(await CountsAsync(second, "shared_cache_lookups_total{result=\"found\"} 1"));
        Assert.True(await CountsAsync(second, "upstream_queries_total{transport=\"udp\"} 0"));
        // It ends there with its time.
        Assert.InRange(await store.LifeAsync(), 1, 77);
        // Whoever has another secret does not even know under which name it lies.
        Assert.Equal("192.0.2.81", await AddressAsync(stranger));
        Assert.True(await CountsAsync(stranger, "shared_cache_lookups_total{result=\"missing\"} 1"));
        // When the server goes, answers come all the same.
        store.Kill();
        Assert.Equal("0 records", await AddressAsync(first, "ns.test", 16));
        Assert.True(await CountsAsync(first, "shared_cache_lookups_total{result=\"failed\"} 1"));
        Assert.True(await CountsAsync(first, "shared_cache_resting 1"));
    }

    [Theory]
    [InlineData("silent")]
    [InlineData("garbage")]
    [InlineData("endless")]
    [InlineData("huge")]
    [InlineData("error")]
    [InlineData("closes")]
    [InlineData("number")]
    [InlineData("list")]
    [InlineData("foreign")]
    [InlineData("long")]
    [InlineData("nobody")]
    public async Task Whatever_the_server_does_the_answer_is_the_same_and_comes_in_time(string kind)
    {
        await using var store = OddStore.Start(kind);
        await using var names = await TestNames.StartAsync("www 77 IN A 192.0.2.81\n");
        await using var host = await StartAsync(names, store.Server, Secret);
        var before = Stopwatch.GetTimestamp();
        for (var i = 0; i < 5; i++) { Assert.Equal(i == 0 ? "192.0.2.81" : "0 records", await AddressAsync(host, "www.test", i == 0 ? (ushort)1 : (ushort)(16 + i))); }
        Assert.InRange(Stopwatch.GetElapsedTime(before), TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.True(await CountsAsync(host, "shared_cache_lookups_total{result=\"found\"} 0"));
        var reason = kind switch { "foreign" => "wrong_seal", "long" => "too_long", "number" => "other_form", _ => "" };
        if (reason.Length > 0) { Assert.True(await CountsAsync(host, $"shared_cache_refused_total{{reason=\"{reason}\"}} 5")); }
        else { Assert.False(await CountsAsync(host, "shared_cache_lookups_total{result=\"failed\"} 0", isPatient: false)); }
        // More than it was asked for is not read.
        Assert.InRange(store.MostTaken, 0, BoundedReplies.Most + 8 * 1024 * 1024);
    }

    [Fact]
    public async Task A_server_that_comes_later_is_found()
    {
        using var later = new TcpListener(IPAddress.Loopback, 0);
        later.Start();
        var server = new Endpoint(IpAddress.LoopbackV4, (ushort)((IPEndPoint)later.LocalEndpoint).Port);
        later.Stop();
        await using var names = await TestNames.StartAsync("www 77 IN A 192.0.2.81\n");
        await using var host = await StartAsync(names, server, Secret);
        Assert.Equal("192.0.2.81", await AddressAsync(host));
        await using var store = await RealStore.StartAsync(_folder, null, server);
        for (var i = 0; i < 100 && !await CountsAsync(host, "shared_cache_stores_total{result=\"kept\"} 1", isPatient: false); i++)
        {
            await Task.Delay(200, TestContext.Current.CancellationToken);
            await AddressAsync(host, $"n{i}.test");
        }
        Assert.False(await CountsAsync(host, "shared_cache_stores_total{result=\"kept\"} 0", isPatient: false));
    }

    [Theory]
    [InlineData("--shared-cache wants --shared-cache-key FILE as well", "--shared-cache", "127.0.0.1")]
    [InlineData("--shared-cache-key wants --shared-cache ADDR as well", "--shared-cache-key", "SHORT")]
    [InlineData("--shared-cache-password wants --shared-cache ADDR as well", "--shared-cache-password", "SHORT")]
    [InlineData("has less than 32 bytes", "--shared-cache", "127.0.0.1", "--shared-cache-key", "SHORT")]
    [InlineData("'cache.example' is no value for --shared-cache", "--shared-cache", "cache.example")]
    public async Task What_does_not_fit_together_is_said(string complaint, params string[] arguments)
    {
        File.WriteAllText(Path.Combine(_folder, "short"), "short\n");
        arguments = [.. arguments.Select(one => one.Replace("SHORT", Path.Combine(_folder, "short"), StringComparison.Ordinal))];
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => RunningHost.StartAsync(["--no-page", "--doh", "127.0.0.1:0", "--resolver", .. arguments]));
        Assert.Contains(complaint, failure.Message, StringComparison.Ordinal);
    }

    private Task<RunningHost> StartAsync(TestNames names, Endpoint store, string secret, params string[] more) => RunningHost.StartAsync(
    [
        "--no-page", "--doh", "127.0.0.1:0", "--resolver", "--root-hints", Hints, "--port-upstream", $"{names.Endpoint.Port}", "--metrics", "127.0.0.1:0",
        "--shared-cache", $"{store}", "--shared-cache-key", secret, .. more,
    ]);

    private static async Task<string> AddressAsync(RunningHost host, string name = "www.test", ushort type = 1)
    {
        using var client = RunningHost.NewClient();
        return await DohClient.AskAsync(client, host.Doh, name, type);
    }

    private static async Task<bool> CountsAsync(RunningHost host, string line, bool isPatient = true)
    {
        using var client = RunningHost.NewClient();
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            if ((await client.GetStringAsync(host.Metrics)).Contains($"firstbyte_dns_{line}\n", StringComparison.Ordinal)) { return true; }
            if (!isPatient || Stopwatch.GetElapsedTime(began) > s_patience) { return false; }
            await Task.Delay(20);
        }
    }
}
