using System.Text.Json;
using Firstbyte.Host.Live;
using Firstbyte.Host.Serving;
using Firstbyte.Host.Settings;
using Firstbyte.Host.Telemetry;
using Firstbyte.Sockets;
using Firstbyte.Telling;
using Firstbyte.Telling.Sentences;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Firstbyte.Host.Pages;

/// <summary>The page, and behind its token what it asks for.</summary>
internal sealed class PageApplication
{
    /// <summary>Connections at once (own choice): a browser has six.</summary>
    private const int MaxConnections = 100;

    private const string LivePath = "/live.json", JourneysPath = "/journeys", BodyName = "body", ArchiveName = "har";

    private readonly PageFiles _files;
    private readonly AccessToken _token;
    private readonly RequestGuard _guard;
    private readonly LiveJourneys _journeys;

    private PageApplication(HostSettings settings, PageFiles files, AccessToken token, INetwork network, HostTelemetry? telemetry)
    {
        (_files, _token, _guard) = (files, token, new RequestGuard(settings.Names, token));
        _journeys = new LiveJourneys(settings, network, telemetry);
    }

    /// <summary>Puts it together; it is not started yet.</summary>
    public static WebApplication Build(
        HostSettings settings, PageFiles files, AccessToken token, INetwork network, HostTelemetry? telemetry, Action<Exception> failed)
    {
        var builder = PlainServer.Create(failed);
        builder.WebHost.ConfigureKestrel(server =>
        {
            PlainServer.Listen(server, settings.Listen, static at => at.Protocols = HttpProtocols.Http1);
            server.Limits.MaxConcurrentConnections = MaxConnections;
            server.Limits.MaxRequestBodySize = LiveLimits.MaxRequest;
        });
        var application = builder.Build();
        application.Run(new PageApplication(settings, files, token, network, telemetry).HandleAsync);
        return application;
    }

    private async Task HandleAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers["Referrer-Policy"] = "no-referrer";
        var isLive = request.Path == LivePath || request.Path.StartsWithSegments(JourneysPath, StringComparison.Ordinal);
        if (_guard.Judge(request, isForAll: !isLive) is { } refusal)
        {
            if (isLive) { await LiveJourneys.RefuseAsync(context, refusal); }
            else { await SayAsync(context, refusal); }
            return;
        }
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (request.Path == JourneysPath)
        {
            if (HttpMethods.IsPost(request.Method)) { await _journeys.RunAsync(context); }
            else { NotAllowed(response, "POST"); }
        }
        else if (request.Path.StartsWithSegments(JourneysPath, StringComparison.Ordinal, out var named) && named.Value?.Split('/') is ["", { Length: > 0 } name])
        {
            if (HttpMethods.IsDelete(request.Method)) { await _journeys.StopAsync(context, name); }
            else { NotAllowed(response, "DELETE"); }
        }
        else if (!reads) { NotAllowed(response, "GET, HEAD"); }
        else if (request.Path == LivePath)
        {
            response.Headers.CacheControl = "no-store";
            response.ContentType = "application/json";
            await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(_journeys.Description, LiveJson.Default.LiveDescription), context.RequestAborted);
        }
        else if (request.Path.StartsWithSegments(JourneysPath, StringComparison.Ordinal, out var rest) && rest.Value?.Split('/') is ["", var id, var what])
        {
            if (what == BodyName) { await _journeys.SendBodyAsync(context, id); }
            else if (what == ArchiveName) { await _journeys.SendArchiveAsync(context, id); }
            else { response.StatusCode = StatusCodes.Status404NotFound; }
        }
        else { await _files.SendAsync(context); }
    }

    // There is no page yet that could choose a language: it is said in each.
    private static async Task SayAsync(HttpContext context, HostRefusal refusal)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(string.Concat(Languages.All.Select(language => language.Host.Refusal(refusal) + "\n")), context.RequestAborted);
    }

    private static void NotAllowed(HttpResponse response, string methods)
    {
        response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        response.Headers.Allow = methods;
    }
}
