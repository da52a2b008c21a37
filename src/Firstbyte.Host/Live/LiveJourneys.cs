using System.Text.Json;
using Firstbyte.Dns;
using Firstbyte.Dns.Validating;
using Firstbyte.Exports;
using Firstbyte.Host.Settings;
using Firstbyte.Host.Telemetry;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tls;
using Firstbyte.Tracing;
using Microsoft.AspNetCore.Http;

namespace Firstbyte.Host.Live;

/// <summary>Makes journeys for the page over this machine's network, by Firstbyte's own client, and tells them while they go on.</summary>
/// <remarks>
/// Theory of operation. The page posts a URL and reads the response as it grows: one event a line, in the form of <c>--json</c>. Nothing of the browser's own
/// request goes along (no field, no cookie), no proxy is used, and what comes back is never the server's own answer: it is told as events, and its content
/// is handed out as bytes that no browser takes for a document. So the server is no proxy. Whoever leaves ends the journey.
/// </remarks>
internal sealed class LiveJourneys(HostSettings settings, INetwork network, HostTelemetry? telemetry)
{
    /// <summary>The media type of the events.</summary>
    public const string LinesType = "application/jsonl; charset=utf-8";

    /// <summary>The field that names the journey, by which the page asks for what it has left.</summary>
    public const string JourneyField = "Firstbyte-Journey";

    /// <summary>How a request says the token (RFC 6750 2.1).</summary>
    public const string TokenScheme = "Bearer";

    /// <summary>The field that says how much content there was.</summary>
    public const string LengthField = "Firstbyte-Content-Length";

    private readonly TargetRules _rules = TargetRules.Of(settings, network.GetAddresses);
    private readonly JourneyShelf _shelf = new(network.Random);
    private int _underWay;

    /// <summary>What the page is told of the server.</summary>
    public LiveDescription Description => new(LiveDescription.Current, !_rules.IsOpen, settings.Limits.Time.TotalSeconds, settings.Limits.Bytes);

    /// <summary>Makes the journey that is asked for.</summary>
    public async Task RunAsync(HttpContext context)
    {
        var (request, refusal) = await ReadAsync(context.Request);
        refusal ??= Judge(request!);
        if (refusal is { } reason)
        {
            await RefuseAsync(context, reason);
            return;
        }
        if (Interlocked.Increment(ref _underWay) > settings.Limits.Journeys)
        {
            Interlocked.Decrement(ref _underWay);
            await RefuseAsync(context, HostRefusal.Busy);
            return;
        }
        try { await TellAsync(context, request!); }
        finally { Interlocked.Decrement(ref _underWay); }
    }

    /// <summary>Ends a journey: its connections are closed, and whoever reads its events is told so.</summary>
    public async Task StopAsync(HttpContext context, string id)
    {
        if (_shelf.Find(id) is not { } journey)
        {
            await RefuseAsync(context, HostRefusal.Forgotten);
            return;
        }
        await journey.Stop.CancelAsync();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>The content of a journey, as bytes that are no document.</summary>
    public async Task SendBodyAsync(HttpContext context, string id)
    {
        if (_shelf.Find(id) is not { } journey)
        {
            await RefuseAsync(context, HostRefusal.Forgotten);
            return;
        }
        context.Response.Headers[LengthField] = journey.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await SendAsync(context, "application/octet-stream", journey.Body.Beginning, null);
    }

    /// <summary>The archive of a journey.</summary>
    public async Task SendArchiveAsync(HttpContext context, string id)
    {
        if (_shelf.Find(id) is not { } journey)
        {
            await RefuseAsync(context, HostRefusal.Forgotten);
            return;
        }
        await SendAsync(context, "application/json", journey.Archive(), "firstbyte.har");
    }

    /// <summary>Refuses, in a form that the page understands.</summary>
    public static async Task RefuseAsync(HttpContext context, HostRefusal refusal)
    {
        context.Response.StatusCode = refusal switch
        {
            HostRefusal.NoToken => StatusCodes.Status401Unauthorized,
            HostRefusal.WrongHost or HostRefusal.WrongOrigin => StatusCodes.Status403Forbidden,
            HostRefusal.Busy => StatusCodes.Status429TooManyRequests,
            HostRefusal.Forgotten => StatusCodes.Status404NotFound,
            HostRefusal.TooLong => StatusCodes.Status413PayloadTooLarge,
            HostRefusal.Unreadable or HostRefusal.Scheme or HostRefusal.Method => StatusCodes.Status400BadRequest,
            _ => throw new ArgumentOutOfRangeException(nameof(refusal)),
        };
        // What would do instead (RFC 9110 11.6.1); no browser asks its user for it.
        if (refusal == HostRefusal.NoToken) { context.Response.Headers.WWWAuthenticate = TokenScheme; }
        if (refusal == HostRefusal.Busy) { context.Response.Headers.RetryAfter = "1"; }
        await SendAsync(context, "application/json", JsonSerializer.SerializeToUtf8Bytes(new LiveRefusal(refusal), LiveJson.Default.LiveRefusal), null);
    }

    private static async Task<(LiveRequest? Request, HostRefusal? Refusal)> ReadAsync(HttpRequest request)
    {
        // A form of another page cannot send this type without asking first (Fetch, "CORS-safelisted request-header").
        var type = request.ContentType?.Split(';')[0].Trim();
        if (!"application/json".Equals(type, StringComparison.OrdinalIgnoreCase)) { return (null, HostRefusal.Unreadable); }
        try
        {
            var read = await JsonSerializer.DeserializeAsync(request.Body, LiveJson.Default.LiveRequest, request.HttpContext.RequestAborted);
            return (read, read is null ? HostRefusal.Unreadable : null);
        }
        catch (JsonException) { return (null, HostRefusal.Unreadable); }
        catch (BadHttpRequestException e)
        {
            return (null, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? HostRefusal.TooLong : HostRefusal.Unreadable);
        }
    }

    private static HostRefusal? Judge(LiveRequest request)
    {
        if (request.Url is null) { return HostRefusal.Unreadable; }
        if (request.Url.Length > LiveLimits.MaxUrl) { return HostRefusal.TooLong; }
        if (request.Method is not ("GET" or "HEAD")) { return HostRefusal.Method; }
        // What is no URL at all goes nowhere, and the story says where it is wrong.
        return UrlInput.TryRead(request.Url, out var url, out _, out _) && url!.Scheme is not ("http" or "https") ? HostRefusal.Scheme : null;
    }

    private async Task TellAsync(HttpContext context, LiveRequest request)
    {
        var journey = _shelf.Add();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var lines = new EventLines(LiveLimits.MaxEvents, ending.Cancel);
        var response = context.Response;
        response.ContentType = LinesType;
        response.Headers.CacheControl = "no-store";
        response.Headers[JourneyField] = journey.Id;
        await response.StartAsync(ending.Token);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, journey.Stop.Token);
        var running = MakeAsync(request, journey, lines, stopping.Token);
        try
        {
            await foreach (var line in lines.Lines.ReadAllAsync(ending.Token))
            {
                await response.Body.WriteAsync(line, ending.Token);
                // What is there goes out together.
                if (!lines.Lines.TryPeek(out _)) { await response.Body.FlushAsync(ending.Token); }
            }
        }
        catch (OperationCanceledException) { /* The page has left, or its limit is reached: the journey ends with it. */ }
        catch (IOException) { ending.Cancel(); }
        finally { await running; }
    }

    private async Task MakeAsync(LiveRequest request, LiveJourney journey, EventLines lines, CancellationToken stop)
    {
        var guarded = new GuardedNetwork(network, _rules);
        using var recursive = settings.Iterative ? new RecursiveResolver(network, new RecursiveResolverOptions { Anchors = TrustAnchors.Root }) : null;
        // The resolver asks whom the machine asks, which is mostly a private address; what it finds is the guard's to judge.
        INameResolver resolver = recursive is not null ? new LocalNameResolver(network, recursive)
            : settings.Server is { } server ? StubResolver.FromServer(network, server) : StubResolver.FromSystem(network);
        var measured = telemetry?.Measure(lines);
        var tracer = new Tracer(new MaskingSink(measured ?? (ITraceSink)lines));
        try
        {
            using var client = new JourneyClient(guarded, resolver, new SslStreamTlsProvider(guarded), new JourneyOptions
            {
                UserAgent = "firstbyte/" + HostArguments.Version,
                Place = "",
                MaximumTime = settings.Limits.Time,
                MaximumBytes = settings.Limits.Bytes,
                FollowRedirects = request.Redirects,
                MaximumRedirects = LiveLimits.MaxRedirects,
                KeepConnections = request.Redirects,
                Recorder = journey.Record,
            });
            await client.RunAsync(new JourneyRequest(request.Url!) { Method = request.Method, AcceptsCodings = true }, journey.Body, tracer, stop);
        }
        catch (OperationCanceledException) { /* Nobody reads on. */ }
        finally
        {
            measured?.End();
            lines.End();
        }
    }

    private static async Task SendAsync(HttpContext context, string type, ReadOnlyMemory<byte> content, string? file)
    {
        var headers = context.Response.Headers;
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Length;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.ContentDisposition = file is null ? "attachment" : $"attachment; filename=\"{file}\"";
        if (!HttpMethods.IsHead(context.Request.Method)) { await context.Response.Body.WriteAsync(content, context.RequestAborted); }
    }
}
