using System.Net;
using Firstbyte.Extensions;
using Firstbyte.Journeys;
using Firstbyte.Testing;

namespace Firstbyte.Tests.Extensions;

/// <summary>A program's own HttpClient in a lab.</summary>
public sealed class TestLabTests
{
    // What a test of somebody's program looks like: five lines.
    [Fact]
    public async Task The_page_comes_over_a_lossy_link()
    {
        using var client = TestLab.Named("lossy-link", seed: 7).CreateClient();
        var page = await client.GetByteArrayAsync("http://lossy.test/", TestContext.Current.CancellationToken);
        Assert.Equal(300_000, page.Length);
    }

    [Fact]
    public async Task The_same_seed_is_the_same_run()
    {
        static async Task<(long Ticks, int Length)> RunAsync(ulong seed)
        {
            var lab = TestLab.Named("lossy-link", seed);
            using var client = lab.CreateClient();
            var page = await client.GetByteArrayAsync("http://lossy.test/");
            return (lab.Now.Ticks, page.Length);
        }
        Assert.Equal(await RunAsync(5), await RunAsync(5));
        Assert.NotEqual((await RunAsync(5)).Ticks, (await RunAsync(6)).Ticks);
    }

    [Fact]
    public async Task A_slow_name_server_takes_time_in_the_lab_and_none_outside()
    {
        var lab = TestLab.Named("slow-server");
        using var client = lab.CreateClient();
        var before = lab.Now;
        await client.GetStringAsync("http://www.late.test/", TestContext.Current.CancellationToken);
        Assert.True(lab.Now - before > TimeSpan.FromSeconds(1.5));
        // The name is known now, and the connection is open.
        before = lab.Now;
        await client.GetStringAsync("http://www.late.test/", TestContext.Current.CancellationToken);
        Assert.True(lab.Now - before < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task The_labs_own_time_limit_ends_what_takes_too_long()
    {
        using var client = TestLab.Named("slow-server", timeout: TimeSpan.FromSeconds(1)).CreateClient();
        var failed = await Assert.ThrowsAsync<FirstbyteRequestException>(() => client.GetStringAsync("http://thinks.test/"));
        Assert.IsType<OutOfTime>(failed.Failure);
    }

    [Fact]
    public async Task Names_and_statuses_and_content_are_HttpClients()
    {
        using var client = TestLab.Named("glasscom").CreateClient();
        var failed = await Assert.ThrowsAsync<FirstbyteRequestException>(() => client.GetStringAsync("http://nobody.lab.glasscom.com/"));
        Assert.Equal(HttpRequestError.NameResolutionError, failed.HttpRequestError);
        using var missing = await client.GetAsync("http://www.lab.glasscom.com/nothing-there", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using var sync = client.Send(new HttpRequestMessage(HttpMethod.Head, "http://www.lab.glasscom.com/"), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, 343L), (sync.StatusCode, sync.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task Something_goes_wrong_when_the_test_says_so()
    {
        var lab = TestLab.Named("glasscom");
        using var client = lab.CreateClient();
        // Only new connections are refused: the one to port 443 goes on.
        await client.GetStringAsync("https://www.lab.glasscom.com/", TestContext.Current.CancellationToken);
        lab.Fault("refuse www 80");
        await client.GetStringAsync("https://www.lab.glasscom.com/", TestContext.Current.CancellationToken);
        var failed = await Assert.ThrowsAsync<FirstbyteRequestException>(() => client.GetStringAsync("http://www.lab.glasscom.com/"));
        Assert.IsType<NotConnected>(failed.Failure);
        Assert.Throws<Firstbyte.Labs.LabFileException>(() => lab.Fault("nonsense www"));
        Assert.Throws<ArgumentException>(() => TestLab.Named("no-such-lab"));
    }

    [Fact]
    public void Requests_of_a_program_in_the_lab_are_under_way_at_once()
    {
        static (double Seconds, string Order) Run(ulong seed)
        {
            var lab = TestLab.Named("lossy-link", seed);
            using var client = lab.CreateClient();
            var began = lab.Now;
            var order = "";
            lab.Run(async () =>
            {
                async Task GetAsync(string name, string path)
                {
                    Assert.Equal(path == "" ? 300_000 : 0, (await client.GetByteArrayAsync("http://lossy.test/" + path)).Length);
                    order += name;
                }
                await Task.WhenAll(GetAsync("a", ""), GetAsync("b", ""), GetAsync("c", ""));
                Assert.Equal(3, order.Length);
                await GetAsync("d", "");
            });
            return ((lab.Now - began).TotalSeconds, order);
        }
        var (together, order) = Run(3);
        Assert.Equal((together, order), Run(3));
        Assert.EndsWith("d", order, StringComparison.Ordinal);
        var apart = TestLab.Named("lossy-link", seed: 3);
        using var one = apart.CreateClient();
        var start = apart.Now;
        for (var i = 0; i < 4; i++)
        {
            using var page = one.Send(new HttpRequestMessage(HttpMethod.Get, "http://lossy.test/"), TestContext.Current.CancellationToken);
        }
        Assert.True(together < (apart.Now - start).TotalSeconds, $"{together} s together, {(apart.Now - start).TotalSeconds} s one after the other");
    }

    [Fact]
    public void Waits_of_a_program_in_the_lab_overlap()
    {
        var lab = TestLab.Named("slow-server");
        using var client = lab.CreateClient();
        var before = lab.Now;
        lab.Run(() => Task.WhenAll(client.GetStringAsync("http://www.late.test/"), client.GetStringAsync("http://www.late.test/")));
        Assert.InRange((lab.Now - before).TotalSeconds, 1.5, 2.9);
    }

    [Fact]
    public void A_program_in_the_lab_may_give_up_fail_and_wait_outside()
    {
        var lab = TestLab.Named("slow-server");
        using var client = lab.CreateClient();
        lab.Run(async () =>
        {
            using var stop = new CancellationTokenSource();
            // The name is known then, and the connection open: the second one is fast, and the first is still under way when it is over.
            await client.GetStringAsync("http://www.late.test/");
            var given = client.GetStringAsync("http://thinks.test/", stop.Token);
            await client.GetStringAsync("http://www.late.test/");
            // Here and now: on another thread it would race with the world.
            GiveUp();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
            // A delay outside takes no time in the lab.
            var now = lab.Now;
            await Task.Delay(20);
            Assert.Equal(now, lab.Now);
            Assert.Throws<InvalidOperationException>(() => lab.Run(() => Task.CompletedTask));

            void GiveUp() => stop.Cancel();
        });
        var thrown = Assert.Throws<InvalidDataException>(() => lab.Run(() => throw new InvalidDataException("the program's own")));
        Assert.Equal("the program's own", thrown.Message);
        Assert.Throws<InvalidDataException>(() => lab.Run(async () =>
        {
            await client.GetStringAsync("http://www.late.test/");
            throw new InvalidDataException();
        }));
    }
}
