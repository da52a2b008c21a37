using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Answers what this host knows itself (its hosts file, localhost) and hands on the rest.</summary>
/// <remarks>
/// The hosts file is read for each question that may need it: it is small, and a change counts at once. A name in the file with addresses of
/// one version only has none of the other: the servers are not asked for it.
/// </remarks>
public sealed class LocalNameResolver(INetwork network, INameResolver next) : INameResolver
{
    private static readonly DnsName Localhost = DnsName.Parse("localhost");
    private static readonly DnsName Invalid = DnsName.Parse("invalid");
    private static readonly DnsName Onion = DnsName.Parse("onion");

    /// <inheritdoc/>
    public ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
    {
        var question = new Question(name, type);
        if (type == RecordType.A || type == RecordType.AAAA)
        {
            var file = network.Files.Read(HostsFile.Path);
            if (file is not null && HostsFile.Parse(file).TryFind(name, out var addresses, out var line))
            {
                var step = span.Begin();
                if (step.IsListening) { step.Tell(new HostsFileMatched(name.ToHostString(), HostsFile.Path, line, addresses)); }
                return new(Answer(step, question, addresses, AnswerSourceKind.HostsFile));
            }
        }
        if (type == RecordType.PTR && network.Files.Read(HostsFile.Path) is { } lines && HostsFile.Parse(lines).NamesOf(name) is { Length: > 0 } names)
        {
            DnsRecord[] pointers = [.. names.Select(one => new DnsRecord(name, Ttl.Zero, new NameData(RecordType.PTR, one)))];
            return new(Answer(span.Begin(), question, pointers, ResponseCode.NoError, AnswerSourceKind.HostsFile));
        }
        // RFC 6761 6.3: names of localhost are the loopback addresses, and are never asked of servers.
        if (name.IsSubdomainOf(Localhost))
        {
            return new(Answer(span.Begin(), question, [IpAddress.LoopbackV4, IpAddress.LoopbackV6], AnswerSourceKind.SpecialUseName));
        }
        // RFC 6761 6.4 and RFC 7686 2: these names do not exist in the DNS; asking would only tell others about them.
        if (name.IsSubdomainOf(Invalid) || name.IsSubdomainOf(Onion)) { return new(Answer(span.Begin(), question, null, AnswerSourceKind.SpecialUseName)); }
        return next.ResolveAsync(name, type, options, span, cancellationToken);
    }

    private static ResolvedAnswer Answer(TraceSpan step, Question question, IpAddress[]? addresses, AnswerSourceKind kind)
    {
        var version = question.Type == RecordType.A ? IpVersion.V4 : question.Type == RecordType.AAAA ? IpVersion.V6 : IpVersion.None;
        var records = (addresses ?? []).Where(address => address.Version == version)
            .Select(address => new DnsRecord(question.Name, Ttl.Zero, new AddressData(address))).ToArray();
        return Answer(step, question, records, addresses is null ? ResponseCode.NameError : ResponseCode.NoError, kind);
    }

    private static ResolvedAnswer Answer(TraceSpan step, Question question, DnsRecord[] records, ResponseCode code, AnswerSourceKind kind)
    {
        if (step.IsListening)
        {
            step.Tell(new ResolutionCompleted(
                question.Name.ToHostString(), question.Type.ToString(), [.. records.Select(record => record.Data.ToString())], kind,
                Authoritative: false, 0, 0, code.ToString(), 0));
        }
        return new ResolvedAnswer(question, code, records, null, new AnswerSource(kind, null, "", "", Authoritative: false, 0, 0));
    }
}
