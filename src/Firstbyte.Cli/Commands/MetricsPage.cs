using System.Text;
using Firstbyte.Dns;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Http;

namespace Firstbyte.Cli.Commands;

/// <summary>What a server has done, for Prometheus to fetch.</summary>
internal sealed class MetricsPage(DnsServerCounters counters, AuthoritativeServer server) : IHttpHandler
{
    /// <summary>Where Prometheus looks unless it is told otherwise.</summary>
    public const string Path = "/metrics";

    private static readonly DnsTransport[] s_transports = [DnsTransport.Udp, DnsTransport.Tcp, DnsTransport.Tls];

    public ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        var target = Encoding.Latin1.GetString(request.Head.Target).Split('?')[0];
        var response = request.Head.MethodText is not ("GET" or "HEAD") ? new HttpResponse(405) { Fields = [new HttpField("Allow", "GET, HEAD")] }
            : target != Path ? new HttpResponse(404)
            : new HttpResponse(200) { Fields = [new HttpField("Content-Type", DnsMetricsText.ContentType)], Body = Encoding.UTF8.GetBytes(Text()) };
        return new ValueTask<ServerResponse>(response);
    }

    /// <summary>The page.</summary>
    public string Text() => DnsMetricsText.Of(counters, s_transports, [.. server.Zones.Zones]);
}
