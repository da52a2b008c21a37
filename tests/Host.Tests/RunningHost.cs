using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Firstbyte.Exports;
using Firstbyte.Host;
using Firstbyte.Host.Settings;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Host;

/// <summary>The program in this process, from its command line to its end.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private readonly LineWriter _errors = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("firstbyte-host-").FullName;
    private Task<int> _running = Task.FromResult(0);

    private RunningHost() { }

    /// <summary>Where the page is, without its token: "http://127.0.0.1:PORT/".</summary>
    public string Page { get; private set; } = "";

    /// <summary>The address with the token.</summary>
    public string Opening { get; private set; } = "";

    /// <summary>What stands in it behind the #, which the page keeps.</summary>
    public string Token => Opening[(Opening.IndexOf('=', StringComparison.Ordinal) + 1)..];

    /// <summary>Where DNS over HTTPS is.</summary>
    public string Doh { get; private set; } = "";

    /// <summary>Where the metrics are.</summary>
    public string Metrics { get; private set; } = "";

    /// <summary>Has files read again.</summary>
    public ReloadSignal Reloading { get; } = new();

    /// <summary>What it has said.</summary>
    public IReadOnlyList<string> Lines => _errors.Lines;

    /// <summary>A page of two files, and whatever else is asked for.</summary>
    public static async Task<RunningHost> StartAsync(params string[] arguments)
    {
        var host = new RunningHost();
        File.WriteAllText(Path.Combine(host._folder, "index.html"), "<!DOCTYPE html>\n<html lang=\"en\"><title>page</title></html>\n");
        File.WriteAllText(Path.Combine(host._folder, "page.css"), "p { color: red }\n");
        string[] page = arguments.Contains("--no-page") ? [] : ["--root", host._folder, .. arguments.Contains("--listen") ? (string[])[] : ["--listen", "127.0.0.1:0"]];
        host._running = HostProgram.RunAsync(["--lang", "en", .. page, .. arguments], static _ => null, TextWriter.Null, host._errors, host.Reloading, host._stopping.Token);
        await Task.WhenAny(host._errors.Ready(arguments.Contains("--no-page") ? "DNS over HTTPS is at" : "the page is at"), host._running).WaitAsync(s_patience);
        // It comes behind the others.
        if (arguments.Contains("--metrics")) { await Task.WhenAny(host._errors.Ready("metrics for"), host._running).WaitAsync(s_patience); }
        if (host._running.IsCompleted) { throw new InvalidOperationException(string.Join('\n', host.Lines)); }
        foreach (var line in host.Lines)
        {
            var address = line.Split(' ').FirstOrDefault(static word => word.StartsWith("http", StringComparison.Ordinal))?.TrimEnd(';') ?? "";
            if (line.StartsWith("the page is at", StringComparison.Ordinal)) { (host.Opening, host.Page) = (address, address[..address.IndexOf('#', StringComparison.Ordinal)]); }
            else if (line.StartsWith("DNS over HTTPS is at", StringComparison.Ordinal)) { host.Doh = address; }
            else if (line.Contains("/metrics", StringComparison.Ordinal)) { host.Metrics = address; }
        }
        return host;
    }

    /// <summary>A browser of its own that has opened the page; what it asks for from then on is asked as the page's script does.</summary>
    public async Task<HttpClient> OpenAsync()
    {
        var client = NewClient();
        using var opened = await client.GetAsync(Opening);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return client;
    }

    /// <summary>A browser that knows nothing yet.</summary>
    public static HttpClient NewClient(bool follows = true) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = follows, UseProxy = false, CookieContainer = new CookieContainer() }) { Timeout = s_patience };

    /// <summary>Asks for a journey as the page does.</summary>
    public HttpRequestMessage Ask(string url, string method = "GET", bool redirects = false) => new(HttpMethod.Post, Page + "journeys")
    {
        Content = new StringContent(JsonSerializer.Serialize(new { url, method, redirects }), Encoding.UTF8, "application/json"),
        Headers = { { "Origin", Page.TrimEnd('/') } },
    };

    /// <summary>Makes a journey and returns its events.</summary>
    public async Task<IReadOnlyList<TraceEvent>> JourneyAsync(HttpClient client, string url, bool redirects = false)
    {
        using var response = await client.SendAsync(Ask(url, redirects: redirects));
        Assert.Equal("application/jsonl", response.Content.Headers.ContentType?.MediaType);
        return Read(await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Events of JSON lines, whole from the first to the last.</summary>
    public static IReadOnlyList<TraceEvent> Read(byte[] lines)
    {
        using var reader = new EventFileReader(EventRegistry.Default, new MemoryStream(lines));
        var events = new List<TraceEvent>();
        while (reader.TryRead(out var one)) { events.Add(one); }
        Assert.Equal(default, reader.Fault);
        return events;
    }

    /// <summary>Ends it; its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await _stopping.CancelAsync();
        return await _running.WaitAsync(s_patience);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Reloading.Dispose();
        _stopping.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Keeps what is written, by lines, and tells when one has come.</summary>
internal sealed class LineWriter : StringWriter
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Beginning, TaskCompletionSource Done)> _waiting = [];

    public IReadOnlyList<string> Lines
    {
        get { lock (_gate) { return [.. _lines]; } }
    }

    public Task Ready(string beginning)
    {
        lock (_gate)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_lines.Exists(line => line.StartsWith(beginning, StringComparison.Ordinal))) { done.SetResult(); }
            else { _waiting.Add((beginning, done)); }
            return done.Task;
        }
    }

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    public override void WriteLine(string? value)
    {
        lock (_gate)
        {
            _lines.Add(value ?? "");
            foreach (var (beginning, done) in _waiting)
            {
                if (value!.StartsWith(beginning, StringComparison.Ordinal)) { done.TrySetResult(); }
            }
        }
    }
}
