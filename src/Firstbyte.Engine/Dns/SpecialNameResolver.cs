using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
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
    /// <summary>RFC 6303 section 3 wants a SOA record for each: this one's times are those of its example.</summary>
    private static SoaData Soa(DnsName zone) => new(zone, DnsName.Parse("nobody.invalid"), 1, 3600, 1200, 604800, 10800);

    /// <inheritdoc/>
    public ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
    {
        if (SpecialNames.FindZone(name.Wire) is not { } zone) { return inner.ResolveAsync(name, type, options, span, cancellationToken); }
        return new(SpecialNames.IsLocalhost(zone) ? Localhost(new Question(name, type), zone) : Deny(new Question(name, type), zone));
    }

    /// <summary>RFC 6761 section 6.3: the loopback addresses, and nothing else.</summary>
    private static ResolvedAnswer Localhost(Question question, DnsName zone)
    {
        IpAddress? address = question.Type == RecordType.A ? IpAddress.LoopbackV4 : question.Type == RecordType.AAAA ? IpAddress.LoopbackV6 : null;
        return address is { } own
            ? new ResolvedAnswer(question, ResponseCode.NoError, [new DnsRecord(question.Name, new Ttl(3600), new AddressData(own))], null, Source)
            : new ResolvedAnswer(question, ResponseCode.NoError, [], new DnsRecord(zone, new Ttl(3600), Soa(zone)), Source);
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
