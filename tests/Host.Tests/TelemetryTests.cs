using System.Diagnostics;
using System.Text;

namespace Firstbyte.Tests.Host;

/// <summary>Spans and counts go to the collector that is named, and nowhere when none is.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task A_collector_is_told_of_journeys_without_their_secrets()
    {
        var told = new List<(string Head, string Body)>();
        using var collector = new RawServer(connection =>
        {
            var head = connection.ReadHead();
            var length = int.Parse(head.Split("Content-Length: ", StringSplitOptions.None)[1].Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture);
            var body = connection.Read(length);
            lock (told) { told.Add((head, body)); }
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        });
        using var target = RawServer.Of("", "x"u8.ToArray());
        var folder = Directory.CreateTempSubdirectory("firstbyte-host-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "index.html"), "page");
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "firstbyte-host.dll"), "--lang", "en", "--listen", "127.0.0.1:0", "--root", folder])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                Environment = { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["http_proxy"] = "", ["all_proxy"] = "" },
            };
            using var process = Process.Start(start)!;
            try
            {
                var line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
                var opening = line!.Split(' ').First(static word => word.StartsWith("http", StringComparison.Ordinal)).TrimEnd(';');
                var (page, token) = (opening[..opening.IndexOf('#', StringComparison.Ordinal)], opening[(opening.IndexOf('=', StringComparison.Ordinal) + 1)..]);
                using var client = RunningHost.NewClient();
                using var ask = new HttpRequestMessage(HttpMethod.Post, page + "journeys")
                {
                    Content = new StringContent($$"""{"url":"{{target.Url.Replace("http://", "http://me:hidden@", StringComparison.Ordinal)}}"}""", Encoding.UTF8, "application/json"),
                    Headers = { { "Origin", page.TrimEnd('/') }, { "Authorization", $"Bearer {token}" } },
                };
                await (await client.SendAsync(ask, TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                // What is left goes out at the end.
                using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])!;
                await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
                Assert.Equal(143, process.ExitCode);
            }
            finally
            {
                if (!process.HasExited) { process.Kill(); }
            }
            lock (told)
            {
                var traces = told.Where(static one => one.Head.StartsWith("POST /v1/traces ", StringComparison.Ordinal)).Select(static one => one.Body).ToList();
                Assert.Contains(traces, static body => body.Contains("journey", StringComparison.Ordinal) && body.Contains("firstbyte-host", StringComparison.Ordinal));
                Assert.All(traces, static body => Assert.DoesNotContain("hidden", body, StringComparison.Ordinal));
                Assert.Contains(told, static one => one.Head.StartsWith("POST /v1/metrics ", StringComparison.Ordinal) && one.Body.Contains("firstbyte.journey.duration", StringComparison.Ordinal));
            }
        }
        finally { Directory.Delete(folder, recursive: true); }
    }
}
