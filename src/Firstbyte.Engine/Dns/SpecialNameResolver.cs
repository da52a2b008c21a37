using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Answers for names that the public tree does not have, so that nobody is asked for them, and hands on the rest.</summary>
/// <remarks>
/// What a host calls itself, what only a private network knows, and what other systems than the DNS look up would otherwise be told to the root's
/// servers, which can only say that there is no such name. A resolver that starts at roots of its own asks these: there such names may exist.
/// </remarks>
/// <param name="inner">Finds everything else.</param>
public sealed class SpecialNameResolver(INameResolver inner) : INameResolver
{
    private static readonly DnsName s_localhost = DnsName.Parse("localhost");

    // Below it lie all the zones that are many: a name of another kind is not compared with each of them.
    private static readonly DnsName s_arpa = DnsName.Parse("arpa");

    /// <summary>RFC 6761 sections 6.2 and 6.4, RFC 7686, RFC 9476: these never exist in the DNS.</summary>
    private static readonly DnsName[] s_nowhere = [DnsName.Parse("test"), DnsName.Parse("invalid"), DnsName.Parse("onion"), DnsName.Parse("alt")];

    /// <summary>The reverse zones that RFC 6303 section 4 lists, of RFC 6761 section 6.1 among them; and home.arpa (RFC 8375).</summary>
    private static readonly DnsName[] s_local =
    [
        .. ((string[])
        [
            "10.in-addr.arpa", .. Enumerable.Range(16, 16).Select(static second => $"{second}.172.in-addr.arpa"), "168.192.in-addr.arpa",
            "0.in-addr.arpa", "127.in-addr.arpa", "254.169.in-addr.arpa", "2.0.192.in-addr.arpa", "100.51.198.in-addr.arpa", "113.0.203.in-addr.arpa",
            "255.255.255.255.in-addr.arpa",
            $"{string.Concat(Enumerable.Repeat("0.", 32))}ip6.arpa", $"1.{string.Concat(Enumerable.Repeat("0.", 31))}ip6.arpa",
            "d.f.ip6.arpa", "8.e.f.ip6.arpa", "9.e.f.ip6.arpa", "a.e.f.ip6.arpa", "b.e.f.ip6.arpa", "8.b.d.0.1.0.0.2.ip6.arpa", "home.arpa",
        ]).Select(static name => DnsName.Parse(name)),
    ];

    /// <summary>RFC 6303 section 3 wants a SOA record for each: this one's times are those of its example.</summary>
    private static SoaData Soa(DnsName zone) => new(zone, DnsName.Parse("nobody.invalid"), 1, 3600, 1200, 604800, 10800);

    /// <inheritdoc/>
    public ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
    {
        if (name.IsSubdomainOf(s_localhost)) { return new(Localhost(new Question(name, type))); }
        foreach (var zone in s_nowhere) { if (name.IsSubdomainOf(zone)) { return new(Deny(new Question(name, type), zone)); } }
        if (!name.IsSubdomainOf(s_arpa)) { return inner.ResolveAsync(name, type, options, span, cancellationToken); }
        foreach (var zone in s_local) { if (name.IsSubdomainOf(zone)) { return new(Deny(new Question(name, type), zone)); } }
        return inner.ResolveAsync(name, type, options, span, cancellationToken);
    }

    /// <summary>RFC 6761 section 6.3: the loopback addresses, and nothing else.</summary>
    private static ResolvedAnswer Localhost(Question question)
    {
        IpAddress? address = question.Type == RecordType.A ? IpAddress.LoopbackV4 : question.Type == RecordType.AAAA ? IpAddress.LoopbackV6 : null;
        return address is { } own
            ? new ResolvedAnswer(question, ResponseCode.NoError, [new DnsRecord(question.Name, new Ttl(3600), new AddressData(own))], null, Source)
            : new ResolvedAnswer(question, ResponseCode.NoError, [], new DnsRecord(s_localhost, new Ttl(3600), Soa(s_localhost)), Source);
    }

    private static ResolvedAnswer Deny(Question question, DnsName zone)
    {
        var soa = new DnsRecord(zone, new Ttl(3600), Soa(zone));
        if (question.Name != zone) { return new ResolvedAnswer(question, ResponseCode.NameError, [], soa, Source); }
        return question.Type == RecordType.SOA
            ? new ResolvedAnswer(question, ResponseCode.NoError, [soa], null, Source)
            : new ResolvedAnswer(question, ResponseCode.NoError, [], soa, Source);
    }

    private static AnswerSource Source { get; } = new(AnswerSourceKind.SpecialUseName, null, "", "", Authoritative: false, 0, 3600);
}
