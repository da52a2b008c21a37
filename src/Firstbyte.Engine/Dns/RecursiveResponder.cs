using System.Buffers.Binary;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Policies;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Answers clients by resolving for them: the recursive server of RFC 1034 4.3.1, over any resolver.</summary>
/// <remarks>
/// RA is set and AA is clear: what is given was learned from others. Questions without RD are answered from the cache or refused: who asks so
/// wants to know what lies here, and that is the business of the operator's friends only. A failure is SERVFAIL, with its reason as an
/// extended error (RFC 8914) for clients that speak EDNS; aliases that form a loop are shown (RFC 1034 3.6.2). Responses are minimal: the
/// answer, or the denial with its SOA record; with DO also their signatures and the proof of what is denied (RFC 4035 3.2.1). AD says that all of
/// it is secure, to those who understand it (RFC 6840 5.7 and 5.8); with CD nothing is checked for them.
/// </remarks>
/// <param name="resolver">Finds the answers.</param>
/// <param name="access">Who may ask; null for everybody. Others are refused (RFC 5358 section 4).</param>
/// <param name="cached">Answers what the resolver's cache knows; null to ask the resolver always.</param>
/// <param name="network">Whose clock the cache goes by, where there is one.</param>
/// <param name="prefetching">Asks anew for what the cache gives out for the last time; null for nobody.</param>
public sealed class RecursiveResponder(
    INameResolver resolver, ClientAccess? access = null, CachedAnswers? cached = null, INetwork? network = null, PrefetchingResolver? prefetching = null)
    : IDnsResponder
{
    private readonly WaitingClients _waiting = new(WaitingClients.DefaultLimit);

    /// <summary>RFC 1035 4.2.1: what every client takes over UDP.</summary>
    private const int ClassicDatagram = 512;

    /// <summary>RFC 8914 4.5: the answer is the operator's.</summary>
    private const ushort ForgedAnswer = 4;

    /// <summary>RFC 8914 4.16: the operator does not want the name to be found.</summary>
    private const ushort Blocked = 15;

    /// <summary>RFC 8914 4.18: this client is not to find it.</summary>
    private const ushort Filtered = 17;

    /// <summary>RFC 8914 4.19: this client may not ask.</summary>
    private const ushort Prohibited = 18;

    /// <summary>RFC 8914 4.4: the answer has expired.</summary>
    private const ushort StaleAnswer = 3;

    /// <summary>RFC 8914 4.20: and it is that the name does not exist.</summary>
    private const ushort StaleNameError = 19;

    /// <summary>RFC 8914 4.23: no server of the zone was reached.</summary>
    private const ushort NoReachableAuthority = 22;

    /// <summary>RFC 8914 4.24: the network would not carry the question.</summary>
    private const ushort NetworkError = 23;

    /// <summary>RFC 8914 4.1: what has no number of its own stands in the text.</summary>
    private const ushort OtherError = 0;

    /// <inheritdoc/>
    public ValueTask<int> AnswerAsync(
        ReadOnlyMemory<byte> query, Endpoint client, DnsTransport transport, Memory<byte> response, TraceSpan span, CancellationToken cancellationToken)
    {
        // Who listens wants to hear of the resolution, and of the look into the cache in it.
        if (CanAnswerAtOnce && !span.IsListening
            && AnswerAtOnce(query.Span, client.Address, transport, NetworkClock.Monotonic(network!), response.Span) is var length and >= 0)
        {
            Counters?.CountCacheHit();
            return new(length);
        }
        // A response is not answered: two servers would go on for ever.
        if (!MessageHeader.TryRead(query.Span, out var header) || header.IsResponse) { return new(0); }
        if (!ClientQuery.TryRead(query.Span, header, transport, out var asked, out var refusal))
        {
            return new(Write(asked, refusal, [], [], null, response.Span));
        }
        if (access is not null && !access.Allows(client.Address)) { return new(Write(asked, ResponseCode.Refused, [], [], null, response.Span, Prohibited)); }
        if (asked.Question.Type == RecordType.Any)
        {
            // RFC 8482 4.2: a small answer in place of everything there is.
            var hint = new DnsRecord(asked.Question.Name, new Ttl(3600), Rfc8482);
            return new(Write(asked, ResponseCode.NoError, [hint], [], null, response.Span));
        }
        return ResolveAsync(asked with { Client = client.Address, Transport = transport }, response, span, cancellationToken);
    }

    /// <summary>Where answers from the cache are counted that no resolution is made for; null for nowhere.</summary>
    public ResolverCounters? Counters { get; init; }

    /// <summary>The policy that answers are held to; null for none.</summary>
    public PolicyInForce? Policy { get; init; }

    /// <summary>Knows whom parents name as servers of zones, for rules about those; null where only the zones' own word counts.</summary>
    internal RecursiveResolver? Parents { get; init; }

    /// <summary>Whether there is a cache to answer from.</summary>
    internal bool CanAnswerAtOnce => cached is not null && network is not null;

    /// <summary>
    /// Answers from the cache, on any thread, and returns the response's length; <see cref="CachedAnswers.NotHere"/> where <see cref="AnswerAsync"/> has to be
    /// asked.
    /// </summary>
    internal int AnswerAtOnce(ReadOnlySpan<byte> query, IpAddress client, DnsTransport transport, Instant now, Span<byte> response) =>
        cached is null || access is not null && !access.Allows(client) || Policy is { } policy && policy.Current.ConcernsClient(client) ? CachedAnswers.NotHere
            : prefetching is null ? cached.Answer(query, transport, now, response)
            : AnswerAndRefresh(cached, prefetching, query, transport, now, response);

    private static int AnswerAndRefresh(
        CachedAnswers cached, PrefetchingResolver prefetching, ReadOnlySpan<byte> query, DnsTransport transport, Instant now, Span<byte> response)
    {
        var length = cached.Answer(query, transport, now, response, out var isDue);
        if (isDue && MessageView.TryRead(query, out var view, out _) && view.TryGetQuestion(out var question)) { prefetching.Refresh(question.ToQuestion()); }
        return length;
    }

    private static RecordData Rfc8482 { get; } = RecordData.TryRead(RecordType.HINFO, [7, .. "RFC8482"u8, 0], out var data)
        ? data
        : throw new InvalidOperationException("HINFO has two strings");

    private async ValueTask<int> ResolveAsync(ClientQuery asked, Memory<byte> response, TraceSpan span, CancellationToken cancellationToken)
    {
        var place = new WaitingClients.Place(asked.Client, cancellationToken);
        var answering = AnswerWithinPolicyAsync(asked, response, span, place.Ending.Token);
        if (answering.IsCompleted)
        {
            place.Ending.Dispose();
            return await answering;
        }
        _waiting.Enter(place);
        try { return await answering; }
        // Whoever asks for more than there is room for gets no answer to the oldest: it will ask again, or has long gone.
        catch (OperationCanceledException) when (place.IsDropped) { return 0; }
        finally { _waiting.Leave(place); }
    }

    private async ValueTask<int> AnswerWithinPolicyAsync(ClientQuery asked, Memory<byte> response, TraceSpan span, CancellationToken cancellationToken)
    {
        var policy = Policy?.Current;
        if (policy is { IsEmpty: false }
            && policy.BeforeAnswer(asked.Client, asked.Question.Name) is { Rule.Action: not (PolicyAction.PassThrough or PolicyAction.TcpOnly) } sure)
        {
            return await ObeyAsync(asked, sure, [], response, span, cancellationToken);
        }
        var outcome = await FindAsync(asked, asked.Question.Name, span, cancellationToken);
        if (policy is { IsEmpty: false })
        {
            var (aliases, names) = ChainOf(asked.Question.Name, outcome);
            var servers = policy.HasServers ? await FindServersAsync(asked, policy, outcome, aliases, names, span, cancellationToken) : [];
            if (policy.OfAnswer(asked.Client, names, outcome is ResolvedAnswer found ? found.Addresses : [], servers) is { } verdict)
            {
                if (verdict.Rule.Action is not (PolicyAction.PassThrough or PolicyAction.TcpOnly))
                {
                    return await ObeyAsync(asked, verdict, aliases[..verdict.Position], response, span, cancellationToken);
                }
                Note(asked, verdict, span);
                if (verdict.Rule.Action == PolicyAction.TcpOnly && asked.Transport == DnsTransport.Udp) { return WriteTruncated(asked, response.Span); }
            }
        }
        return Write(asked, outcome, response);
    }

    /// <summary>Answers as a rule says, behind the aliases that led to the name which has met it.</summary>
    private async ValueTask<int> ObeyAsync(
        ClientQuery asked, PolicyVerdict verdict, DnsRecord[] aliases, Memory<byte> response, TraceSpan span, CancellationToken cancellationToken)
    {
        Note(asked, verdict, span);
        var error = verdict.Rule.Action == PolicyAction.LocalData ? ForgedAnswer : verdict.Trigger == PolicyTrigger.Client ? Filtered : Blocked;
        var name = aliases is [.., { Data: NameData last }] ? last.Target : asked.Question.Name;
        switch (verdict.Rule.Action)
        {
            case PolicyAction.Drop: return 0;
            case PolicyAction.NameError: return Write(asked, ResponseCode.NameError, aliases, [], null, response.Span, error);
            case PolicyAction.NoData: return Write(asked, ResponseCode.NoError, aliases, [], null, response.Span, error);
        }
        var target = verdict.Rule.TargetOf(name, out var isTooLong);
        if (isTooLong) { return Write(asked, ResponseCode.NameExists, aliases, [], null, response.Span, error); }
        if (target is not { } other || asked.Question.Type == RecordType.CNAME)
        {
            var own = verdict.Rule.Records.Where(record => record.Type == asked.Question.Type).Select(record => record.WithOwner(name));
            if (target is { } alias) { own = [new DnsRecord(name, verdict.Rule.Records[0].Ttl, new NameData(RecordType.CNAME, alias))]; }
            return Write(asked, ResponseCode.NoError, aliases.Concat(own), [], null, response.Span, error);
        }
        // Where a rule leads is not held to the policy again: it would lead in a ring.
        DnsRecord[] chain = [.. aliases, new DnsRecord(name, verdict.Rule.Records[0].Ttl, new NameData(RecordType.CNAME, other))];
        return await FindAsync(asked, other, span, cancellationToken) switch
        {
            ResolvedAnswer answer => Write(
                asked, answer.Code, chain.Concat(answer.Records), answer is { IsDenial: true, Soa: { } soa } ? [soa] : [], null, response.Span, error),
            ResolutionFailure failure => Write(asked, ResponseCode.ServerFailure, chain.Concat(failure.Aliases), [], failure, response.Span),
            var outcome => throw new InvalidOperationException($"an outcome is an answer or a failure, not {outcome}"),
        };
    }

    private void Note(ClientQuery asked, PolicyVerdict verdict, TraceSpan span)
    {
        Policy!.Count(verdict.Zone);
        if (!span.IsListening) { return; }
        span.Tell(new PolicyApplied(
            $"{verdict.Zone.Name}", asked.Question.Name.ToHostString(), $"{asked.Question.Type}", verdict.Trigger, verdict.Met, verdict.Rule.Action));
    }

    /// <summary>The servers on the way to each name that owns a record of the answer: of a denial to each alias alone.</summary>
    private async ValueTask<PolicyServers[]> FindServersAsync(
        ClientQuery asked, PolicySet policy, ResolutionOutcome outcome, DnsRecord[] aliases, DnsName[] names, TraceSpan span,
        CancellationToken cancellationToken)
    {
        var search = new PolicyServerSearch(resolver, Parents);
        var servers = new PolicyServers[outcome is ResolvedAnswer { IsDenial: false } ? names.Length : aliases.Length];
        for (var i = 0; i < servers.Length; i++)
        {
            servers[i] = await search.FindAsync(names[i], policy.HasServerAddresses, !asked.RecursionDesired, span, cancellationToken);
        }
        return servers;
    }

    /// <summary>The aliases of an outcome, and the names of its chain: the one that was asked for, and behind it where each of them leads.</summary>
    private static (DnsRecord[] Aliases, DnsName[] Names) ChainOf(DnsName name, ResolutionOutcome outcome)
    {
        var records = outcome is ResolvedAnswer answer ? answer.Records : ((ResolutionFailure)outcome).Aliases;
        // Asked for as such, an alias leads nowhere.
        DnsRecord[] aliases = outcome.Question.Type == RecordType.CNAME ? []
            : Array.FindAll(records, static record => record.Type == RecordType.CNAME && record.Data is NameData);
        return (aliases, [name, .. aliases.Select(static record => ((NameData)record.Data).Target)]);
    }

    /// <summary>RFC 1035 4.2.1: nothing but that there is more to be had over TCP.</summary>
    private static int WriteTruncated(ClientQuery asked, Span<byte> response)
    {
        var writer = new MessageWriter(response);
        writer.TryWriteQuestion(asked.Question);
        writer.MarkTruncated();
        if (asked.HasEdns) { writer.TryWriteEdns(Edns.DefaultPayloadSize, ResponseCode.NoError, asked.DnssecOk, []); }
        return writer.Finish(asked.Id, asked.ResponseFlags, asked.OpCode, ResponseCode.NoError);
    }

    private ValueTask<ResolutionOutcome> FindAsync(ClientQuery asked, DnsName name, TraceSpan span, CancellationToken cancellationToken)
    {
        var options = new ResolutionOptions
        {
            CacheOnly = !asked.RecursionDesired,
            IsAbsolute = true,
            Unchecked = (asked.Flags & HeaderFlags.CheckingDisabled) != HeaderFlags.None,
        };
        return resolver.ResolveAsync(name, asked.Question.Type, options, span, cancellationToken);
    }

    private static int Write(ClientQuery asked, ResolutionOutcome outcome, Memory<byte> response)
    {
        return outcome switch
        {
            ResolvedAnswer answer when asked.DnssecOk && answer.Sets.Length + answer.Proof.Length > 0 => Write(
                asked with { IsSecure = answer.Status == SecurityStatus.Secure }, answer.Code, answer.Sets.SelectMany(static set => set.All),
                ProofOf(answer), null, response.Span, ErrorOf(answer)),
            ResolvedAnswer answer => Write(
                asked with { IsSecure = answer.Status == SecurityStatus.Secure }, answer.Code, answer.Records,
                answer is { IsDenial: true, Soa: { } soa } ? [soa] : [], null, response.Span, ErrorOf(answer)),
            ResolutionFailure { Reason: not ResolutionFailureReason.KeySentinel } when !asked.RecursionDesired =>
                Write(asked, ResponseCode.Refused, [], [], null, response.Span),
            ResolutionFailure failure => Write(asked, ResponseCode.ServerFailure, failure.Aliases, [], failure, response.Span),
            _ => throw new InvalidOperationException($"an outcome is an answer or a failure, not {outcome}"),
        };
    }

    private static ushort? ErrorOf(ResolvedAnswer answer) => !answer.IsStale ? null : answer.Code == ResponseCode.NameError ? StaleNameError : StaleAnswer;

    /// <summary>What proves a denial, its SOA record first, even where that came without a signature.</summary>
    private static IEnumerable<DnsRecord> ProofOf(ResolvedAnswer answer)
    {
        if (answer is { IsDenial: true, Soa: { } soa } && !Array.Exists(answer.Proof, static set => set.Type == RecordType.SOA)) { yield return soa; }
        var told = new HashSet<(DnsName Owner, RecordType Type)>();
        foreach (var set in answer.Proof)
        {
            if (!told.Add((set.Owner, set.Type)) || set.Type == RecordType.SOA && !answer.IsDenial) { continue; }
            foreach (var record in set.All) { yield return record; }
        }
    }

    private static int Write(
        ClientQuery asked, ResponseCode responseCode, IEnumerable<DnsRecord> records, IEnumerable<DnsRecord> authority, ResolutionFailure? failure,
        Span<byte> response, ushort? error = null)
    {
        Span<byte> options = stackalloc byte[MaxErrorText + 6 + ResponsePadding.MaxLength];
        var optionsLength = !asked.HasEdns ? 0
            : failure is not null ? WriteExtendedError(failure, options)
            : error is { } code ? WriteExtendedError(code, "", options)
            : 0;
        var writer = new MessageWriter(response);
        writer.Limit(asked.Limit);
        if (asked.HasEdns) { writer.TryReserveEdns(optionsLength); }
        if (asked.HasQuestion) { writer.TryWriteQuestion(asked.Question); }
        var questionEnd = writer.Length;
        if (!TryWriteRecords(ref writer, records, authority))
        {
            // RFC 2181 9: a client that sees TC asks again over TCP and uses nothing of this.
            writer.DropRecords(questionEnd);
            writer.MarkTruncated();
        }
        if (asked.HasEdns)
        {
            if (asked.IsPadded)
            {
                optionsLength += ResponsePadding.Write(options[optionsLength..], writer.Length + MessageWriter.EdnsLength + optionsLength, asked.Limit);
            }
            writer.TryWriteEdns(Edns.DefaultPayloadSize, responseCode, asked.DnssecOk, options[..optionsLength]);
        }
        return writer.Finish(asked.Id, asked.ResponseFlags, asked.OpCode, responseCode);
    }

    private static bool TryWriteRecords(ref MessageWriter writer, IEnumerable<DnsRecord> records, IEnumerable<DnsRecord> authority)
    {
        foreach (var record in records) { if (!writer.TryWriteRecord(MessageSection.Answer, record)) { return false; } }
        foreach (var record in authority)
        {
            var bounded = record.WithTtl(new Ttl(Math.Min(record.Ttl.Seconds, ResolutionLimits.MaxNegativeTtl)));
            if (!writer.TryWriteRecord(MessageSection.Authority, bounded)) { return false; }
        }
        return true;
    }

    /// <summary>The text is for people: the reason in words, and the zone; a zone's name has at most 1,016 characters, so it is cut.</summary>
    private const int MaxErrorText = 120;

    private static int WriteExtendedError(ResolutionFailure failure, Span<byte> destination)
    {
        var code = failure.Reason switch
        {
            ResolutionFailureReason.NoServerAnswers or ResolutionFailureReason.AllServersLame or ResolutionFailureReason.NoServerUsable
                or ResolutionFailureReason.NoServerAddress or ResolutionFailureReason.CyclicDelegation
                    or ResolutionFailureReason.OutOfTime => NoReachableAuthority,
            ResolutionFailureReason.NetworkUnreachable => NetworkError,
            ResolutionFailureReason.Bogus => CodeOf(failure.Flaw),
            _ => OtherError,
        };
        var text = $"{Words(failure.Flaw != ValidationFlaw.None ? $"{failure.Flaw}" : $"{failure.Reason}")} at {failure.Zone}";
        return WriteExtendedError(code, text, destination);
    }

    // "SignatureExpired" as "signature expired".
    private static string Words(string name) => string.Concat(name.Select(static (letter, at) =>
        char.IsAsciiLetterUpper(letter) ? $"{(at > 0 ? " " : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));

    private static int WriteExtendedError(ushort code, string text, Span<byte> destination)
    {
        var length = Encoding.UTF8.GetBytes(text.AsSpan(0, Math.Min(text.Length, MaxErrorText)), destination[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination, EdnsOptionCode.ExtendedError.Value);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)(2 + length));
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], code);
        return 6 + length;
    }

    /// <summary>The number that RFC 8914 section 4 has for what is wrong with a chain of trust; DNSSEC Bogus where it has none of its own.</summary>
    private static ushort CodeOf(ValidationFlaw flaw) => flaw switch
    {
        ValidationFlaw.AlgorithmUnsupported => 1,
        ValidationFlaw.DigestUnsupported => 2,
        ValidationFlaw.BudgetSpent => 5,
        ValidationFlaw.SignatureExpired => 7,
        ValidationFlaw.SignatureNotYetValid => 8,
        ValidationFlaw.KeyMissing or ValidationFlaw.KeysUnavailable or ValidationFlaw.DigestWrong => 9,
        ValidationFlaw.SignatureMissing => 10,
        ValidationFlaw.KeyNotOfZone => 11,
        ValidationFlaw.DenialUnproven or ValidationFlaw.WildcardUnproven => 12,
        ValidationFlaw.SignatureTimesReversed => 25,
        ValidationFlaw.IterationsTooMany => 27,
        _ => 6,
    };

    /// <summary>What of a client's query matters for the response.</summary>
    private sealed record ClientQuery(ushort Id, OpCode OpCode, HeaderFlags Flags, Question Question, bool HasQuestion, bool HasEdns, bool DnssecOk, int Limit)
    {
        public bool RecursionDesired => Flags.HasFlag(HeaderFlags.RecursionDesired);

        public HeaderFlags ResponseFlags =>
            HeaderFlags.Response | HeaderFlags.RecursionAvailable | Flags & (HeaderFlags.RecursionDesired | HeaderFlags.CheckingDisabled)
                | (IsSecure && (DnssecOk || Flags.HasFlag(HeaderFlags.AuthenticData)) ? HeaderFlags.AuthenticData : HeaderFlags.None);

        /// <summary>Who asks.</summary>
        public IpAddress Client { get; init; }

        /// <summary>How.</summary>
        public DnsTransport Transport { get; init; }

        /// <summary>Whether the answer's length is to tell little: see <see cref="ResponsePadding"/>.</summary>
        public bool IsPadded { get; init; }

        /// <summary>Whether the answer is secure.</summary>
        public bool IsSecure { get; init; }

        public static bool TryRead(ReadOnlySpan<byte> bytes, MessageHeader header, DnsTransport transport, out ClientQuery query, out ResponseCode refusal)
        {
            var limit = transport != DnsTransport.Udp ? MessageView.MaxLength : ClassicDatagram;
            query = new ClientQuery(header.Id, header.OpCode, header.Flags, default, false, false, false, limit);
            refusal = header.OpCode != OpCode.Query ? ResponseCode.NotImplemented : ResponseCode.FormatError;
            if (header.OpCode != OpCode.Query || !MessageView.TryRead(bytes, out var view, out _)) { return false; }
            var edns = view.HasEdns ? view.Edns : default;
            if (view.HasEdns)
            {
                query = query with
                {
                    HasEdns = true,
                    DnssecOk = edns.DnssecOk,
                    Limit = transport != DnsTransport.Udp ? limit : edns.PayloadSize,
                    IsPadded = ResponsePadding.IsWanted(transport, edns.Options),
                };
            }
            // RFC 9619: a query has exactly one question.
            if (!view.TryGetQuestion(out var question)) { return false; }
            query = query with { Question = question.ToQuestion(), HasQuestion = true };
            refusal = view.HasEdns && edns.Version != 0 ? ResponseCode.BadVersion
                : query.Question.Class != RecordClass.IN ? ResponseCode.Refused
                : query.Question.Type.IsMeta && query.Question.Type != RecordType.Any ? ResponseCode.Refused
                : ResponseCode.NoError;
            return refusal == ResponseCode.NoError;
        }
    }
}
