using System.Security.Cryptography;
using Firstbyte.Exports;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Tracing;
using Microsoft.Playwright;

namespace Firstbyte.Tests.Web.Browser;

/// <summary>What --har writes, Playwright plays to a Chromium that has nobody else to ask: each response in the bytes in which it was fetched.</summary>
public sealed class HarReplayTests
{
    private const string Site = "http://www.lab.glasscom.com/";

    private const string Fetch = "async url => { const r = await fetch(url); const b = new Uint8Array(await r.arrayBuffer()); "
        + "return r.status + ' ' + btoa(Array.from(b, c => String.fromCharCode(c)).join('')); }";

    /// <summary>Whatever the bytes are: text of any script, none at all, a mark of byte order, what is no UTF-8.</summary>
    [Fact]
    public async Task Odd_contents_are_played_in_their_bytes()
    {
        if (!File.Exists(PageFixture.Chromium)) { Assert.Skip($"{PageFixture.Chromium} is missing (Debian's package chromium)"); }
        var file = Path.GetTempFileName();
        try
        {
            (string Type, byte[] Content)[] bodies =
            [
                ("text/html", "<p>\"</script>\u2028\0\uFEFF"u8.ToArray()), ("text/plain", [.. "\uFEFFmarked"u8]), ("text/plain; charset=iso-8859-1", [0x6E, 0xEF, 0x76]),
                ("application/octet-stream", [.. Enumerable.Range(0, 256).Select(static one => (byte)one)]), ("application/json", "{}"u8.ToArray()), ("text/plain", []),
            ];
            using (var output = File.Create(file))
            using (var writer = new HarWriter(output, "test", "1"))
            {
                for (var i = 0; i < bodies.Length; i++)
                {
                    writer.Write(new RecordedExchange
                    {
                        StartedAt = Instant.SimulationEpoch,
                        Url = $"http://odd.test/{i}",
                        Method = "GET",
                        RequestVersion = "HTTP/1.1",
                        RequestFields = [],
                        RequestHeadBytes = -1,
                        Status = 200,
                        Reason = "OK",
                        ResponseVersion = "HTTP/1.1",
                        ResponseFields = [new HttpField("Content-Type", bodies[i].Type)],
                        BodyBytes = bodies[i].Content.Length,
                        Content = bodies[i].Content,
                    });
                }
            }
            using var playwright = await Playwright.CreateAsync();
            await using var browser = await LaunchAsync(playwright);
            var context = await browser.NewContextAsync();
            await context.RouteFromHARAsync(file, new BrowserContextRouteFromHAROptions { NotFound = HarNotFound.Abort });
            var page = await context.NewPageAsync();
            await page.GotoAsync("http://odd.test/4");
            for (var i = 0; i < bodies.Length; i++)
            {
                var played = (await page.EvaluateAsync<string>(Fetch, $"http://odd.test/{i}")).Split(' ');
                Assert.Equal(bodies[i].Content, Convert.FromBase64String(played[1]));
            }
        }
        finally { File.Delete(file); }
    }

    private static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = PageFixture.Chromium,
        Args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });

    [Fact]
    public async Task Every_response_is_played_in_its_bytes()
    {
        if (!File.Exists(PageFixture.Chromium)) { Assert.Skip($"{PageFixture.Chromium} is missing (Debian's package chromium)"); }
        var folder = Directory.CreateTempSubdirectory("firstbyte-har-").FullName;
        try
        {
            var har = Path.Combine(folder, "run.har");
            string[] urls = [Site, Site + "dir1/file1.html", Site + "dir1/", Site + "nothing-there", Site + "dir1/picture.svg"];
            CommandLine.Run(["--lab", "--har", har, .. urls]);
            using var playwright = await Playwright.CreateAsync();
            await using var browser = await LaunchAsync(playwright);
            var context = await browser.NewContextAsync();
            await context.RouteFromHARAsync(har, new BrowserContextRouteFromHAROptions { NotFound = HarNotFound.Abort });
            var page = await context.NewPageAsync();
            await page.GotoAsync(Site);
            Assert.Equal("The laboratory of glasscom", await page.TitleAsync());
            foreach (var url in urls)
            {
                var body = Path.Combine(folder, "body");
                File.Delete(body);
                var told = CommandLine.Run("--lab", "-o", body, url);
                var played = (await page.EvaluateAsync<string>(Fetch, url)).Split(' ');
                Assert.Contains($"\n{played[0]} ", told, StringComparison.Ordinal);
                var bytes = File.Exists(body) ? await File.ReadAllBytesAsync(body) : [];
                Assert.Equal(Convert.ToHexString(SHA256.HashData(bytes)), Convert.ToHexString(SHA256.HashData(Convert.FromBase64String(played[1]))));
            }
            // What is not in the file nobody answers.
            await Assert.ThrowsAnyAsync<PlaywrightException>(() => page.EvaluateAsync<string>(Fetch, Site + "not-recorded"));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }
}
