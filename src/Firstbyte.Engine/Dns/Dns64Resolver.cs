using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Gives hosts that speak IPv6 alone addresses for servers that speak IPv4 alone: AAAA records made from A records (RFC 6147).</summary>
/// <remarks>
/// Only what has no AAAA record is made up, and not for who checks signatures himself (section 5.5): a made record has none. The addresses lie in a
/// prefix that a translator on the way (NAT64) knows.
/// </remarks>
/// <param name="inner">Finds the records.</param>
/// <param name="prefix">The translator's prefix, of 96 bits (RFC 6052 section 2.2).</param>
public sealed class Dns64Resolver(INameResolver inner, IpPrefix prefix) : INameResolver
{
    /// <summary>The prefix that everybody may use (RFC 6052 section 2.1).</summary>
    public static IpPrefix WellKnownPrefix { get; } = IpPrefix.Parse("64:ff9b::/96");

    /// <summary>Whether addresses can be made in a prefix: one of IPv6, of 96 bits; the shorter ones of RFC 6052 2.2 are not made here.</summary>
    public static bool Takes(IpPrefix prefix) => prefix is { Network.IsV6: true, Length: 96 };

    /// <inheritdoc/>
    public async ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
    {
        var outcome = await inner.ResolveAsync(name, type, options, span, cancellationToken);
        // A name that does not exist has no A record either (section 5.1.2).
        if (type != RecordType.AAAA || options is { Unchecked: true } || outcome is not ResolvedAnswer { IsDenial: true } denial
            || denial.Code != ResponseCode.NoError) { return outcome; }
        if (await inner.ResolveAsync(name, RecordType.A, options, span, cancellationToken) is not ResolvedAnswer { IsDenial: false } found) { return outcome; }
        // Section 5.1.7: no longer than the A record, and than the denial that there is an AAAA record.
        var longest = denial.Soa is { } soa ? Math.Min(soa.Ttl.Seconds, 600) : 600;
        DnsRecord[] records = [.. found.Records.Select(record => record.Data is AddressData { Address: var address }
            ? new DnsRecord(record.Owner, new Ttl(Math.Min(record.Ttl.Seconds, longest)), new AddressData(Translate(address)))
            : record)];
        return found with
        {
            Question = new Question(name, type),
            Records = records,
            Sets = [],
            Proof = [],
            // What was made up has no signature to be secure by.
            Status = found.Status == SecurityStatus.Secure ? SecurityStatus.Insecure : found.Status,
        };
    }

    private IpAddress Translate(IpAddress v4) => IpAddress.FromV6(prefix.Network.Bits | v4.Bits);
}
