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
        if (question.Name.Wire is [4, (byte)'o' or (byte)'O', (byte)'d' or (byte)'D', (byte)'d' or (byte)'D', >= (byte)'0' and <= (byte)'5' and var kind, ..])
        {
            string[] kinds = ["refused", "servfail", "empty", "upward", "denied", "renamed"];
            return Lame(kinds[kind - '0'], query, plan, coverage);
        }
        if (question.Type == RecordType.A && StartsWith(question.Name, "broken"u8)) { return Broken(query, coverage); }
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
        if ((host.BendsAliases || host.WithholdsGlue || host.SaysWholeSoaTime) && DnsMessage.TryParse(reply, out var said, out _))
        {
            reply = Bend(host, said, coverage) ?? reply;
        }
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
            "denied" => Say(query, ResponseCode.NameError, HeaderFlags.AuthoritativeAnswer, answers: [Forged(query)]),
            "renamed" => Say(query, ResponseCode.NameExists, HeaderFlags.AuthoritativeAnswer, answers: [Forged(query)]),
            _ => Say(query, ResponseCode.NoError, authorities:
                [new DnsRecord(DnsName.Root, new Ttl(86_400), new NameData(RecordType.NS, DnsName.Parse("ns0.root-servers")))], additionals:
                [new DnsRecord(DnsName.Parse("ns0.root-servers"), new Ttl(86_400), new AddressData(plan.Root.Hosts[0].Address))]),
        };
    }

    private static bool StartsWith(DnsName name, ReadOnlySpan<byte> label) =>
        name.Wire.Length > label.Length + 1 && name.Wire[0] == label.Length && WireName.Equals(name.Wire[..(label.Length + 1)], [(byte)label.Length, .. label]);

    private static DnsRecord Forged(DnsMessage query) => new(query.Questions[0].Name, new Ttl(86_400), new AddressData(s_forged));

    /// <summary>An address of five bytes.</summary>
    private static byte[] Broken(DnsMessage query, WorldCoverage coverage)
    {
        coverage.Count("replies that cannot be read");
        var whole = new DnsMessage
        {
            Id = query.Id,
            Flags = HeaderFlags.Response | HeaderFlags.AuthoritativeAnswer,
            Questions = query.Questions,
            Answers = [Forged(query)],
        }.ToArray();
        return [.. whole[..^6], 0, 5, .. whole[^4..], 1];
    }

    /// <summary>What a server makes of its own zone's data that does not keep to the letter; null where it has nothing to bend.</summary>
    private static byte[]? Bend(WorldHost host, DnsMessage said, WorldCoverage coverage)
    {
        var (answers, authorities, additionals, isBent) = (said.Answers, said.Authorities, said.Additionals, false);
        if (host.BendsAliases && answers.FirstOrDefault(static record => record.Type == RecordType.DNAME) is { } substitution)
        {
            coverage.Count("aliases that leave their DNAME");
            answers = [.. answers.Select(record => record.Type == RecordType.CNAME && record.Owner.IsBelow(substitution.Owner)
                ? new DnsRecord(record.Owner, record.Ttl, new NameData(RecordType.CNAME, DnsName.Parse("www.evil")))
                : record)];
            isBent = true;
        }
        if (host.WithholdsGlue && answers.Count == 0 && authorities.Any(static record => record.Type == RecordType.NS)
            && additionals.Any(record => record.Data is AddressData && record.Owner != said.Questions[0].Name))
        {
            coverage.Count("referrals without addresses");
            additionals = [.. additionals.Where(record => record.Data is not AddressData || record.Owner == said.Questions[0].Name)];
            isBent = true;
        }
        if (host.SaysWholeSoaTime && authorities.FirstOrDefault(static record => record.Type == RecordType.SOA) is { } soa
            && host.Zones.Values.FirstOrDefault(zone => zone.Origin == soa.Owner) is { } zone)
        {
            coverage.Count("denials with the time of their SOA");
            authorities = [.. authorities.Select(record => ReferenceEquals(record, soa) ? zone.SoaRecord : record)];
            isBent = true;
        }
        return !isBent ? null : new DnsMessage
        {
            Id = said.Id,
            Flags = said.Flags,
            ResponseCode = said.ResponseCode,
            Questions = said.Questions,
            Edns = said.Edns,
            Answers = answers,
            Authorities = authorities,
            Additionals = additionals,
        }.ToArray();
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
        DnsMessage query, ResponseCode code, HeaderFlags flags = HeaderFlags.None, DnsRecord[]? authorities = null, DnsRecord[]? additionals = null,
        DnsRecord[]? answers = null) => new DnsMessage
        {
            Id = query.Id,
            Flags = HeaderFlags.Response | flags,
            ResponseCode = code,
            Questions = query.Questions,
            Edns = query.Edns,
            Answers = answers ?? [],
            Authorities = authorities ?? [],
            Additionals = additionals ?? [],
        }.ToArray();
}
