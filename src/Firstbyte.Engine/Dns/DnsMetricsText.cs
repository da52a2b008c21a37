using System.Globalization;
using System.Text;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns;

/// <summary>What a server has done, in Prometheus' text format, version 0.0.4.</summary>
public static class DnsMetricsText
{
    /// <summary>The media type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The text.</summary>
    /// <param name="counters">What was counted.</param>
    /// <param name="transports">The ways in which the server can be asked.</param>
    /// <param name="zones">The zones that it serves; none for a resolver.</param>
    public static string Of(DnsServerCounters counters, IReadOnlyList<DnsTransport> transports, IReadOnlyCollection<Zone> zones)
    {
        ArgumentNullException.ThrowIfNull(counters);
        ArgumentNullException.ThrowIfNull(zones);
        var (text, counts) = (new StringBuilder(), counters.Read());
        Family(text, "queries_total", "counter", "Messages that came.", transports.Select(one => (Of(one), counts.Queries(one))));
        Family(text, "query_bytes_total", "counter", "Their bytes.", transports.Select(one => (Of(one), counts.QueryBytes(one))));
        Family(text, "responses_total", "counter", "Responses by the code of their header.",
            from one in transports
            from code in Enumerable.Range(0, DnsCounts.Codes)
            let count = counts.Responses(one, code)
            where count > 0 || code == 0
            select ($"{Of(one)},rcode=\"{new ResponseCode((ushort)code)}\"", count));
        Family(text, "response_bytes_total", "counter", "Their bytes.", transports.Select(one => (Of(one), counts.ResponseBytes(one))));
        Family(text, "truncated_total", "counter", "Responses that did not fit.", transports.Select(one => (Of(one), counts.Truncated(one))));
        Family(text, "silent_total", "counter", "Messages to which nothing was said: no queries, or too many of the same.",
            transports.Select(one => (Of(one), counts.Silent(one))));
        Family(text, "connections_accepted_total", "counter", "Connections that were accepted.", [("", counters.AcceptedConnections)]);
        Family(text, "connections_refused_total", "counter", "Connections for which there was no room.", [("", counters.RefusedConnections)]);
        Family(text, "connections_open", "gauge", "Connections at the moment.", [("", counters.OpenConnections)]);
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
