using System.Buffers;
using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Wire;
using Firstbyte.Host.Serving;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Endpoint = Firstbyte.Addressing.Endpoint;

namespace Firstbyte.Host.Dns;

/// <summary>DNS over HTTPS (RFC 8484), HTTP/2 and HTTP/1.1, from whatever its responder knows.</summary>
/// <remarks>
/// A resource of its own, without the page's token and without the page: whoever may ask a DNS server at this address may ask here. HTTP's status says
/// whether there was a message to answer; what the answer is stands in the message, also where it is a failure (section 4.2.1).
/// </remarks>
internal sealed class DohApplication(DohService service, INetwork network)
{
    /// <summary>Where messages are taken: the path of the specification's examples, which clients assume.</summary>
    public const string Path = "/dns-query";

    /// <summary>Where Prometheus looks unless it is told otherwise.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>Connections at once (own choice): BIND's http-listener-clients is 300.</summary>
    private const int MaxConnections = 300;

    /// <summary>Queries at once on a connection: BIND's http-streams-per-connection is 100.</summary>
    private const int MaxStreams = 100;

    private const int MaxScrapers = 16;

    // "?dns=" and the base64 of a whole message, with the rest of a request line.
    private const int MaxRequestLine = 88 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Puts the server together; it is not started yet.</summary>
    public static WebApplication Build(Endpoint at, DohService service, INetwork network, Action<Exception> failed)
    {
        var builder = PlainServer.Create(failed);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(server =>
        {
            PlainServer.Listen(server, at, listening =>
            {
                listening.Protocols = HttpProtocols.Http1AndHttp2;
                if (service.HasTls) { listening.UseHttps(Secure(service)); }
            });
            var limits = server.Limits;
            limits.MaxConcurrentConnections = MaxConnections;
            limits.Http2.MaxStreamsPerConnection = MaxStreams;
            // A little more than a message may have: what is refused is read off, so that the refusal arrives.
            limits.MaxRequestBodySize = 2 * MessageView.MaxLength;
            limits.MaxRequestLineSize = MaxRequestLine;
            limits.MaxRequestBufferSize = 2 * MaxRequestLine;
            limits.Http2.MaxRequestHeaderFieldSize = MaxRequestLine;
            limits.MaxRequestHeadersTotalSize = 2 * MaxRequestLine;
            limits.RequestHeadersTimeout = s_patience;
            limits.KeepAliveTimeout = s_patience;
        });
        var application = builder.Build();
        application.Run(new DohApplication(service, network).HandleAsync);
        return application;
    }

    /// <summary>A server of what was counted.</summary>
    public static WebApplication BuildMetrics(Endpoint at, DohService service, Action<Exception> failed)
    {
        var builder = PlainServer.Create(failed);
        builder.WebHost.ConfigureKestrel(server =>
        {
            PlainServer.Listen(server, at);
            server.Limits.MaxConcurrentConnections = MaxScrapers;
        });
        var application = builder.Build();
        application.Run(async context =>
        {
            if (context.Request.Path != MetricsPath || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            context.Response.ContentType = DnsMetricsText.ContentType;
            await context.Response.WriteAsync(service.Metrics, context.RequestAborted);
        });
        return application;
    }

    private static Action<HttpsConnectionAdapterOptions> Secure(DohService service) => options =>
    {
        options.HandshakeTimeout = s_patience;
        options.ServerCertificateSelector = (_, _) => service.Certificate;
        options.ServerCertificateChain = service.ReadChain();
    };

    private async Task HandleAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (request.Path != Path)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var query = await DohQuery.ReadAsync(request);
        if (query.Status != StatusCodes.Status200OK)
        {
            response.StatusCode = query.Status;
            if (query.Status == StatusCodes.Status405MethodNotAllowed) { response.Headers.Allow = "GET, HEAD, POST"; }
            return;
        }
        var room = ArrayPool<byte>.Shared.Rent(MessageView.MaxLength);
        try
        {
            var (client, asked) = (ClientOf(context), service.Tap?.Now() ?? default);
            var length = await service.Responder.AnswerAsync(
                query.Message, client, DnsTransport.Https, room.AsMemory(0, MessageView.MaxLength), Tracer.Silent.Root(network), context.RequestAborted);
            service.Counters.Count(DnsTransport.Https, query.Message.Length, room.AsSpan(0, length));
            service.Tap?.TellClient(DnsTransport.Https, client, ServerOf(context), asked, query.Message.Span, room.AsSpan(0, length));
            if (length == 0)
            {
                // Nobody asks anything in it: a response, or what no header can be read of.
                response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            }
            response.ContentType = DohQuery.MediaType;
            response.ContentLength = length;
            response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"max-age={DohFreshness.Of(room.AsSpan(0, length))}");
            if (!HttpMethods.IsHead(request.Method)) { await response.Body.WriteAsync(room.AsMemory(0, length), context.RequestAborted); }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested) { /* Who has left needs no answer. */ }
        finally { ArrayPool<byte>.Shared.Return(room); }
    }

    private static Endpoint ServerOf(HttpContext context) => context.Connection.LocalIpAddress is { } address
        ? new Endpoint(IpAddress.FromIPAddress(address), (ushort)context.Connection.LocalPort)
        : default;

    private static Endpoint ClientOf(HttpContext context) => context.Connection.RemoteIpAddress is { } address
        ? new Endpoint(IpAddress.FromIPAddress(address), (ushort)context.Connection.RemotePort)
        : default;
}
