using System.Globalization;
using System.Text;
using System.Text.Json;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Serving;
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
    /// <param name="zones">The zones that it serves.</param>
    /// <param name="requests">Where zones are copied and change: how many requests of each kind were granted and refused.</param>
    public static string Of(
        DnsServerCounters counters, IReadOnlyList<DnsTransport> transports, IReadOnlyCollection<Zone> zones,
        IReadOnlyList<(RequestKind Kind, long Granted, long Refused)>? requests = null)
    {
        ArgumentNullException.ThrowIfNull(counters);
        ArgumentNullException.ThrowIfNull(zones);
        var text = new StringBuilder();
        Append(text, counters, counters.Read(), transports);
        if (requests is not null)
        {
            Family(text, "requests_granted_total", "counter", "Copies of zones given whole, NOTIFY heard, UPDATE made.",
                requests.Where(static one => one.Kind != RequestKind.Signature).Select(static one => (Of(one.Kind), one.Granted)));
            Family(text, "requests_refused_total", "counter", "Those that were refused, and any whose signature does not hold.",
                requests.Select(static one => (Of(one.Kind), one.Refused)));
        }
        Family(text, "zone_serial", "gauge", "The version of each zone.", zones.Select(static zone => (Of(zone.Origin), (long)zone.Soa.Serial)));
        Family(text, "zone_names", "gauge", "The names of each zone.", zones.Select(static zone => (Of(zone.Origin), (long)zone.NameCount)));
        Family(text, "zone_expired", "gauge", "1 for a copy that is too old to be served.",
            zones.Select(static zone => (Of(zone.Origin), zone.IsExpired ? 1L : 0)));
        return text.ToString();
    }

    /// <summary>The text of a resolver: the same, and what it has asked and found out.</summary>
    /// <param name="counters">What was counted of its clients.</param>
    /// <param name="transports">The ways in which it can be asked.</param>
    /// <param name="resolver">The resolver.</param>
    public static string Of(DnsServerCounters counters, IReadOnlyList<DnsTransport> transports, RecursiveService resolver)
    {
        ArgumentNullException.ThrowIfNull(counters);
        ArgumentNullException.ThrowIfNull(resolver);
        var (text, counts, own) = (new StringBuilder(), counters.Read(), resolver.Counters);
        Append(text, counters, counts, transports);
        Family(text, "questions_total", "counter", "Questions that were answered, by type.",
            from type in Enumerable.Range(0, DnsCounts.OtherTypes + 1)
            let count = counts.Types(type)
            where count > 0
            select ($"type=\"{(type == DnsCounts.OtherTypes ? "other" : $"{new RecordType((ushort)type)}")}\"", count));
        Family(text, "cache_hits_total", "counter", "Answers for which nobody was asked.", [("", counts.CacheHits + own.CacheHits)]);
        Family(text, "cache_bytes", "gauge", "Bytes that are kept, as they are counted.", [("", resolver.Cache.Bytes)]);
        Family(text, "cache_bytes_limit", "gauge", "Bytes that may be kept.", [("", resolver.Cache.MaxBytes)]);
        Family(text, "cache_entries", "gauge", "Sets of records and denials that are kept.", [("", resolver.Cache.Count)]);
        Family(text, "stale_answers_total", "counter", "Answers whose time was over.", [("", resolver.Stale?.Given ?? 0)]);
        Family(text, "prefetches_total", "counter", "Answers that were asked for anew before their time was over.", [("", resolver.Prefetching?.Begun ?? 0)]);
        Family(text, "prefetches_failed_total", "counter", "Those of which nothing came.", [("", resolver.Prefetching?.Failed ?? 0)]);
        if (resolver.SharedCache is { Counters: var shared } asked)
        {
            Family(text, "shared_cache_lookups_total", "counter", "Looks into the store that is shared with other resolvers, by what came of them.",
                Enum.GetValues<SecondTierLook>().Select(look => ($"result=\"{Word(look)}\"", shared.Looks(look))));
            Family(text, "shared_cache_refused_total", "counter", "Answers that lay there and were not believed, by the reason.",
                Enum.GetValues<SharedAnswerFlaw>().Where(static flaw => flaw != SharedAnswerFlaw.None)
                    .Select(flaw => ($"reason=\"{Word(flaw)}\"", shared.Refused(flaw))));
            Family(text, "shared_cache_stores_total", "counter", "Answers that were put there, could not be, or were left out because it does not keep up.",
                [("result=\"kept\"", shared.Kept), ("result=\"failed\"", shared.KeptFailed), ("result=\"skipped\"", shared.KeptSkipped)]);
            Family(text, "shared_cache_resting", "gauge", "1 while it is left alone after a failure.", [("", asked.IsResting ? 1 : 0)]);
        }
        if (resolver.Policy is { } policy)
        {
            Family(text, "policy_answers_total", "counter", "Answers that a policy zone had a rule for.",
                policy.Hits.Select(static hit => (Of(hit.Zone), hit.Count)));
            Family(text, "policy_triggers", "gauge", "Triggers of each policy zone.",
                policy.Current.Zones.Select(static zone => (Of(zone.Name), (long)zone.TriggerCount)));
        }
        DnsTransport[] all = [.. Enum.GetValues<DnsTransport>()];
        Family(text, "upstream_queries_total", "counter", "Messages to servers.", all.Select(one => (Of(one), own.Sent(one))));
        Family(text, "upstream_responses_total", "counter", "Messages from servers.", all.Select(one => (Of(one), own.Received(one))));
        Family(text, "upstream_timeouts_total", "counter", "Messages to servers to which nothing came in time.",
            all.Select(one => (Of(one), own.TimedOut(one))));
        Family(text, "upstream_failures_total", "counter", "Messages to servers that the network did not carry.",
            all.Select(one => (Of(one), own.Failed(one))));
        Family(text, "resolutions_total", "counter", "Answers that were resolved, by what their signatures say.",
            Enum.GetValues<SecurityStatus>().Where(static status => status != SecurityStatus.Bogus)
                .Select(status => ($"status=\"{Word(status)}\"", own.Answers(status))));
        Family(text, "resolution_failures_total", "counter", "Questions without an answer, by the reason; bogus where signatures do not hold.",
            Enum.GetValues<ResolutionFailureReason>()
                .Where(reason => own.Failures(reason) > 0 || reason == ResolutionFailureReason.Bogus)
                .Select(reason => ($"reason=\"{Word(reason)}\"", own.Failures(reason))));
        Family(text, "background_failures_total", "counter", "What broke beside the questions: nobody waited for it.",
            Enum.GetValues<BackgroundTask>().Select(task => ($"task=\"{Word(task)}\"", own.Broken(task))));
        return text.ToString();
    }

    private static void Append(StringBuilder text, DnsServerCounters counters, DnsCounts counts, IReadOnlyList<DnsTransport> transports)
    {
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
    }

    /// <summary>A value of an enumeration as labels are written: words in small letters.</summary>
    private static string Word(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static string Of(RequestKind kind) => $"kind=\"{Word(kind)}\"";

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
