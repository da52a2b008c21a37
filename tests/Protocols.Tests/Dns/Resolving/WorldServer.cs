using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Tests.Dns.Resolving;

/// <summary>What a server of a world says: what its zones say, bent by what ails it.</summary>
internal static class WorldServer
{
    private static readonly Endpoint s_resolver = new(IpAddress.Parse("10.9.9.9"), 4711);
    private static readonly IpAddress s_forged = IpAddress.Parse("203.0.113.66");

    /// <summary>The reply, or null for silence.</summary>
    public static byte[]? Answer(WorldHost host, DnsMessage query, byte[] message, DnsTransport transport, WorldPlan plan, WorldCoverage coverage)
    {
        var question = query.Questions[0];
        var isOwn = host.Zones.Keys.Any(zone => question.Name.IsSubdomainOf(zone.Origin));
        if (!isOwn)
        {
            coverage.Count(host.IsSilentAboutOthers ? "silent about a zone of others" : "refused a zone of others");
            return host.IsSilentAboutOthers ? null : Say(query, ResponseCode.Refused);
        }
        if (host.Lameness is { } lameness) { return Lame(lameness, query, plan, coverage); }
        if (question.Name.LabelCount > 0 && question.Name.Labels.GetEnumerator() is var labels && labels.MoveNext() && labels.Current.SequenceEqual("odd"u8))
        {
            string[] kinds = ["refused", "servfail", "empty", "upward"];
            return Lame(kinds[question.Name.LabelCount % kinds.Length], query, plan, coverage);
        }
        if (host.RejectsEdns && query.Edns is not null)
        {
            coverage.Count("EDNS rejected");
            return Say(DnsMessage.Query(query.Id, question, HeaderFlags.None), ResponseCode.FormatError);
        }
        if (host.Truncates && transport == DnsTransport.Udp)
        {
            coverage.Count("replies cut");
            return Say(query, ResponseCode.NoError, HeaderFlags.Truncated | HeaderFlags.AuthoritativeAnswer);
        }
        var buffer = new byte[transport == DnsTransport.Udp ? 4_096 : 65_535];
        var length = host.Server.Answer(message, new QuerySource(s_resolver, transport), buffer);
        var reply = buffer.AsSpan(0, length).ToArray();
        if (host.Lies && DnsMessage.TryParse(reply, out var honest, out _)) { return Poison(honest, plan, coverage); }
        if (!host.FoldsCase) { return reply; }
        coverage.Count("questions come back in lower case");
        for (var at = 12; at < reply.Length && reply[at] != 0;)
        {
            var end = at + 1 + reply[at++];
            for (; at < end; at++) { reply[at] = WireName.Fold(reply[at]); }
        }
        return reply;
    }

    private static byte[] Lame(string kind, DnsMessage query, WorldPlan plan, WorldCoverage coverage)
    {
        coverage.Count($"lame: {kind}");
        return kind switch
        {
            "refused" => Say(query, ResponseCode.Refused),
            "servfail" => Say(query, ResponseCode.ServerFailure),
            "formerr" => Say(query, ResponseCode.FormatError),
            "empty" => Say(query, ResponseCode.NoError),
            _ => Say(query, ResponseCode.NoError, authorities:
                [new DnsRecord(DnsName.Root, new Ttl(86_400), new NameData(RecordType.NS, DnsName.Parse("ns0.root-servers")))], additionals:
                [new DnsRecord(DnsName.Parse("ns0.root-servers"), new Ttl(86_400), new AddressData(plan.Root.Hosts[0].Address))]),
        };
    }

    /// <summary>Its own answer, and beside it what it would like to be believed about others.</summary>
    private static byte[] Poison(DnsMessage honest, WorldPlan plan, WorldCoverage coverage)
    {
        coverage.Count("replies with records of others");
        var day = new Ttl(86_400);
        var victim = plan.Zones[honest.Id % plan.Zones.Count];
        var www = DnsName.Parse(victim.Origin.IsRoot ? "www." : $"www.{victim.Origin}");
        var server = DnsName.Parse("ns.evil");
        var forged = new AddressData(s_forged);
        return new DnsMessage
        {
            Id = honest.Id,
            Flags = honest.Flags,
            ResponseCode = honest.ResponseCode,
            Questions = honest.Questions,
            Edns = honest.Edns,
            Answers = [.. honest.Answers, new DnsRecord(www, day, forged), new DnsRecord(honest.Questions[0].Name, day, new NameData(RecordType.CNAME, www))],
            Authorities = [.. honest.Authorities, new DnsRecord(victim.Origin, day, new NameData(RecordType.NS, server)), new DnsRecord(DnsName.Root, day, new NameData(RecordType.NS, server))],
            Additionals = [.. honest.Additionals, new DnsRecord(server, day, forged), new DnsRecord(DnsName.Parse("ns0.root-servers"), day, forged), new DnsRecord(www, day, forged)],
        }.ToArray();
    }

    private static byte[] Say(
        DnsMessage query, ResponseCode code, HeaderFlags flags = HeaderFlags.None, DnsRecord[]? authorities = null, DnsRecord[]? additionals = null) => new DnsMessage
        {
            Id = query.Id,
            Flags = HeaderFlags.Response | flags,
            ResponseCode = code,
            Questions = query.Questions,
            Edns = query.Edns,
            Authorities = authorities ?? [],
            Additionals = additionals ?? [],
        }.ToArray();
}
