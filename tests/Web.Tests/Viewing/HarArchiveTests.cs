using System.Text;
using Firstbyte.Exports;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Telling;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;
using Firstbyte.Web.Viewing;

namespace Firstbyte.Tests.Web.Viewing;

/// <summary>HTTP archives of whoever wrote them.</summary>
public sealed class HarArchiveTests
{
    [Fact]
    public void What_our_writer_writes_is_read_again()
    {
        using var output = new MemoryStream();
        using (var writer = new HarWriter(output, "test", "1"))
        {
            for (var i = 0; i < 2; i++)
            {
                writer.Write(new RecordedExchange
                {
                    StartedAt = Instant.SimulationEpoch.PlusNanoseconds(i * 50_000_000),
                    Url = $"http://www.test/{i}",
                    Method = "GET",
                    RequestVersion = "HTTP/1.1",
                    RequestFields = [],
                    RequestHeadBytes = 10,
                    Status = 200,
                    Reason = "OK",
                    ResponseVersion = "HTTP/1.1",
                    ResponseFields = [new HttpField("Content-Type", i == 0 ? "text/plain" : "image/png")],
                    BodyBytes = 3,
                    Content = i == 0 ? "abc"u8.ToArray() : new byte[] { 0xFF, 0, 1 },
                    NameNanoseconds = i == 0 ? 1_000_000 : null,
                    ConnectNanoseconds = i == 0 ? 2_000_000 : null,
                    TlsNanoseconds = i == 0 ? 3_000_000 : null,
                    SendNanoseconds = 500_000,
                    WaitNanoseconds = 4_000_000,
                    ReceiveNanoseconds = 250_000,
                });
            }
        }
        var archive = HarArchive.Read(output.ToArray())!;
        Assert.Equal(2, archive.Count);
        Assert.Equal("abc"u8.ToArray(), archive.Exchanges[0].Content);
        Assert.Equal(new byte[] { 0xFF, 0, 1 }, archive.Exchanges[1].Content);
        var rows = archive.ToWaterfall().Rows;
        Assert.Equal(
            [(ExchangePart.Name, 0, 1_000_000), (ExchangePart.Connect, 1_000_000, 2_000_000), (ExchangePart.Tls, 3_000_000, 3_000_000), (ExchangePart.Send, 6_000_000, 500_000), (ExchangePart.Wait, 6_500_000, 4_000_000), (ExchangePart.Receive, 10_500_000, 250_000)],
            rows[0].Bars.Select(static bar => (bar.Part, bar.Start, bar.Length)));
        Assert.Equal(50_000_000, rows[1].Start);
        var live = new LiveSession(Languages.English, Decoders.Of);
        live.Open(archive, "test.har");
        Assert.Equal("HTTP/1.1 200 OK\nContent-Type: text/plain\n", live.Response!.Head);
        live.Choose(1);
        Assert.Null(live.Body.Text);
        live.Choose(7);
        Assert.Equal(1, live.Chosen);
        live.Language = Languages.Chinese;
        Assert.Equal(2, live.Waterfall.Rows.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"log\":[]}")]
    [InlineData("{\"log\":{\"entries\":{}}}")]
    [InlineData("{\"log\":{\"entries\":[{\"request\":{\"url\":\"\\ud800\"}}]}}")]
    public void What_is_no_archive_is_refused(string text) => Assert.Null(HarArchive.Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("{\"log\":{\"entries\":[{}]}}")]
    [InlineData("{\"log\":{\"entries\":[7,null,[],\"x\"]}}")]
    [InlineData("{\"log\":{\"entries\":[{\"startedDateTime\":7,\"request\":[],\"response\":{\"status\":1e300,\"headers\":{},\"content\":{\"text\":\"!\",\"encoding\":\"base64\",\"size\":1e99}},\"timings\":{\"dns\":1e300,\"wait\":\"x\",\"connect\":-5,\"ssl\":9}}]}}")]
    [InlineData("\uFEFF{\"log\":{\"entries\":[{\"startedDateTime\":\"2026-01-01\"},{\"startedDateTime\":\"1926-01-01\"}],}}")]
    public void What_lacks_something_is_shown_without_it(string text)
    {
        var archive = HarArchive.Read(Encoding.UTF8.GetBytes(text))!;
        Assert.True(archive.Count > 0);
        Assert.All(archive.ToWaterfall().Rows, static row => Assert.True(row.Start >= 0 && row.End >= row.Start));
        var live = new LiveSession(Languages.English, Decoders.Of);
        live.Open(archive, "odd.har");
        Assert.Null(live.Response is { Status: 0 } ? "" : null);
    }

    /// <summary>Whoever wrote the archive may have left them there.</summary>
    [Fact]
    public void Secrets_are_covered()
    {
        const string text = """
            {"log":{"entries":[{"request":{"method":"GET","url":"http://me:hidden@a.test/?password=hidden"},"response":{"status":302,"headers":[
            {"name":"Set-Cookie","value":"id=hidden"},{"name":"Location","value":"http://me:hidden@a.test/"},{"name":"Content-Type","value":"text/plain; charset=latin1"}],
            "content":{"text":"\u4f60"}}}]}}
            """;
        var archive = HarArchive.Read(Encoding.UTF8.GetBytes(text))!;
        var live = new LiveSession(Languages.English, Decoders.Of);
        live.Open(archive, "secret.har");
        Assert.Equal("http://me:********@a.test/?password=********", live.Waterfall.Rows.Single().Url);
        Assert.Contains("Set-Cookie: ********", live.Response!.Head, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", live.Response.Head, StringComparison.Ordinal);
        // Its text is text already.
        Assert.Equal("你", live.Body.Text);
    }

    [Fact]
    public void Long_ones_are_cut()
    {
        var text = "{\"log\":{\"entries\":[" + string.Join(',', Enumerable.Repeat("{}", 1_000)) + "]}}";
        var archive = HarArchive.Read(Encoding.UTF8.GetBytes(text))!;
        Assert.Equal((1_000, HarArchive.MaxExchanges), (archive.Count, archive.Exchanges.Count));
    }
}
