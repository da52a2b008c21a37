using System.Globalization;
using System.Text;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Http;

namespace Firstbyte.Cli.Commands;

/// <summary>What a server has done, for Prometheus to fetch: its text format, version 0.0.4.</summary>
internal sealed class MetricsPage(DnsServerCounters counters, AuthoritativeServer server) : IHttpHandler
{
    /// <summary>Where Prometheus looks unless it is told otherwise.</summary>
    public const string Path = "/metrics";

    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly DnsTransport[] s_transports = [DnsTransport.Udp, DnsTransport.Tcp, DnsTransport.Tls];

    public ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        var target = Encoding.Latin1.GetString(request.Head.Target).Split('?')[0];
        var response = request.Head.MethodText is not ("GET" or "HEAD") ? new HttpResponse(405) { Fields = [new HttpField("Allow", "GET, HEAD")] }
            : target != Path ? new HttpResponse(404)
            : new HttpResponse(200) { Fields = [new HttpField("Content-Type", ContentType)], Body = Encoding.UTF8.GetBytes(Text()) };
        return new ValueTask<ServerResponse>(response);
    }

    /// <summary>The page.</summary>
    public string Text()
    {
        var (text, counts) = (new StringBuilder(), counters.Read());
        Family(text, "queries_total", "counter", "Messages that came.", s_transports.Select(one => (Of(one), counts.Queries(one))));
        Family(text, "query_bytes_total", "counter", "Their bytes.", s_transports.Select(one => (Of(one), counts.QueryBytes(one))));
        Family(text, "responses_total", "counter", "Responses by the code of their header.",
            from one in s_transports
            from code in Enumerable.Range(0, DnsCounts.Codes)
            let count = counts.Responses(one, code)
            where count > 0 || code == 0
            select ($"{Of(one)},rcode=\"{new ResponseCode((ushort)code)}\"", count));
        Family(text, "response_bytes_total", "counter", "Their bytes.", s_transports.Select(one => (Of(one), counts.ResponseBytes(one))));
        Family(text, "truncated_total", "counter", "Responses that did not fit.", s_transports.Select(one => (Of(one), counts.Truncated(one))));
        Family(text, "silent_total", "counter", "Messages to which nothing was said: no queries, or too many of the same.",
            s_transports.Select(one => (Of(one), counts.Silent(one))));
        Family(text, "connections_accepted_total", "counter", "Connections that were accepted.", [("", counters.AcceptedConnections)]);
        Family(text, "connections_refused_total", "counter", "Connections for which there was no room.", [("", counters.RefusedConnections)]);
        Family(text, "connections_open", "gauge", "Connections at the moment.", [("", counters.OpenConnections)]);
        var zones = server.Zones.Zones.ToArray();
        Family(text, "zone_serial", "gauge", "The version of each zone.", zones.Select(static zone => (Of(zone.Origin), (long)zone.Soa.Serial)));
        Family(text, "zone_names", "gauge", "The names of each zone.", zones.Select(static zone => (Of(zone.Origin), (long)zone.NameCount)));
        Family(text, "zone_expired", "gauge", "1 for a copy that is too old to be served.",
            zones.Select(static zone => (Of(zone.Origin), zone.IsExpired ? 1L : 0)));
        return text.ToString();
    }

    private static string Of(DnsTransport transport) => $"transport=\"{transport.ToString().ToLowerInvariant()}\"";

    // In a value a backslash, a quotation mark and a line end are escaped; a name's text has no line end.
    private static string Of(DnsName zone)
    {
        var value = zone.ToString().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"zone=\"{value}\"";
    }

    private static void Family(StringBuilder text, string name, string kind, string help, IEnumerable<(string Labels, long Value)> samples)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP firstbyte_dns_{name} {help}\n# TYPE firstbyte_dns_{name} {kind}\n");
        foreach (var (labels, value) in samples)
        {
            text.Append(CultureInfo.InvariantCulture, $"firstbyte_dns_{name}{(labels.Length == 0 ? "" : $"{{{labels}}}")} {value}\n");
        }
    }
}
