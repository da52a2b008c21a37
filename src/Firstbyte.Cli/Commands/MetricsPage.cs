using System.Text;
using Firstbyte.Dns;
using Firstbyte.Dns.Wire;
using Firstbyte.Http;

namespace Firstbyte.Cli.Commands;

/// <summary>What a server has done, for Prometheus to fetch.</summary>
/// <param name="read">Makes the text.</param>
internal sealed class MetricsPage(Func<string> read) : IHttpHandler
{
    /// <summary>Where Prometheus looks unless it is told otherwise.</summary>
    public const string Path = "/metrics";

    /// <summary>The ways in which servers of this command can be asked.</summary>
    public static DnsTransport[] Transports { get; } = [DnsTransport.Udp, DnsTransport.Tcp, DnsTransport.Tls];

    public ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        var target = Encoding.Latin1.GetString(request.Head.Target).Split('?')[0];
        var response = request.Head.MethodText is not ("GET" or "HEAD") ? new HttpResponse(405) { Fields = [new HttpField("Allow", "GET, HEAD")] }
            : target != Path ? new HttpResponse(404)
            : new HttpResponse(200) { Fields = [new HttpField("Content-Type", DnsMetricsText.ContentType)], Body = Encoding.UTF8.GetBytes(read()) };
        return new ValueTask<ServerResponse>(response);
    }
}
