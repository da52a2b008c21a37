using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;

namespace Firstbyte.Dns.Resolving;

/// <summary>How a stub resolver asks: what resolv.conf(5) configures.</summary>
/// <param name="Servers">The recursive servers, in the order they are asked.</param>
public sealed record StubOptions(UpstreamServer[] Servers)
{
    /// <summary>Servers that are asked in clear, over UDP, or over TCP alone (options use-vc).</summary>
    public StubOptions(Endpoint[] servers, bool overTcp = false)
        : this(Array.ConvertAll(servers, server => new UpstreamServer(server, overTcp ? DnsTransport.Tcp : DnsTransport.Udp)))
    {
    }

    /// <summary>How long one server is waited for. resolv.conf(5): 5 s, at most 30.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the list of servers is gone through. resolv.conf(5): 2, at most 5.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>Whether questions begin at another server each time (options rotate).</summary>
    public bool Rotate { get; init; }

    /// <summary>Whether queries carry EDNS (options edns0).</summary>
    public bool Edns { get; init; }

    /// <summary>Whether the servers were named for this run, in place of those that the host is configured for.</summary>
    public bool AreNamed { get; init; }

    /// <summary>Whether nobody has configured any: then it is the own host that is asked (resolv.conf(5)), where often no server is.</summary>
    public bool AreAssumed { get; init; }
}

/// <summary>Resolves one question by asking recursive servers (RFC 1034 5.3.1), one after the other.</summary>
/// <remarks>
/// The order is that of resolv.conf(5): every server once, then all again, as often as attempts say. A server that answers SERVFAIL,
/// REFUSED or NOTIMP has not answered: the next is asked. The answer section is read from the question's name along its aliases; what
/// does not belong to that chain is dropped. What the servers found out is kept under the rank of an answer without AA.
/// </remarks>
public sealed class StubResolution : Resolution, IConversationHolder
{
    private readonly StubOptions _options;
    private readonly ServerConversation _conversation;
    private readonly DnsCache _cache;
    private readonly bool _useCache;
    private readonly List<AskedServer> _servers = [];
    private int _turn;

    /// <summary>A resolution that draws on a budget; with <paramref name="useCache"/> false it asks anew, but keeps what it learns.</summary>
    public StubResolution(
        Question question, ResolutionBudget budget, StubOptions options, DnsCache cache, InfrastructureCache infrastructure,
        bool useCache = true)
        : base(question, budget, 0)
    {
        _conversation = new ServerConversation(this, this, infrastructure, mixCase: false);
        _options = options ?? throw new ArgumentNullException(nameof(options));
        (_cache, _useCache) = (cache, useCache);
        foreach (var server in options.Servers)
        {
            _servers.Add(new AskedServer(server.Endpoint, null, DnsName.Root) { Named = server });
        }
    }

    HeaderFlags IConversationHolder.QueryFlags => HeaderFlags.RecursionDesired;

    bool IConversationHolder.UsesEdns => _options.Edns;

    bool IConversationHolder.WantsSignatures => false;

    TimeSpan IConversationHolder.UdpTimeout(AskedServer server) => _options.Timeout;

    private protected override void Take(ResolutionInput input) => _conversation.Take(input);

    private protected override void OnCompleting() => _conversation.EndExchange();

    private protected override void OnBegin()
    {
        if (IsListening)
        {
            Tell(new ResolutionStarted(
                Question.Name.ToHostString(), Question.Type.ToString(), ResolutionMode.Stub,
                _servers.Count > 0 ? _servers[0].Endpoint : null)
            { IsNamed = _options.AreNamed });
        }
        if (_useCache && AnswerFromCache()) { return; }
        if (_servers.Count == 0)
        {
            Complete(new ResolutionFailure(Question, ResolutionFailureReason.NoServerConfigured, FaultParty.Host, DnsName.Root, []));
            return;
        }
        if (_options.Rotate) { _turn = Choice % _servers.Count; }
        AskNext();
    }

    void IConversationHolder.OnServerFailed(AskedServer server) => AskNext();

    void IConversationHolder.OnOutOfTime() => Fail(ResolutionFailureReason.OutOfTime);

    void IConversationHolder.OnBudgetSpent() => Fail(ResolutionFailureReason.BudgetSpent);

    void IConversationHolder.OnReply(Reply reply, AskedServer server, DnsTransport transport)
    {
        var lame = reply.Code == ResponseCode.ServerFailure ? LamenessKind.ServerFailure
            : reply.Code == ResponseCode.Refused ? (reply.IsRecursionAvailable ? LamenessKind.Refused : LamenessKind.RecursionRefused)
            : reply.Code != ResponseCode.NoError && reply.Code != ResponseCode.NameError && reply.Code != ResponseCode.NameExists ? LamenessKind.OtherError
            : (LamenessKind?)null;
        if (lame is null && reply is { AnswerCount: 0, IsRecursionAvailable: false, IsAuthoritative: false } && reply.Code == ResponseCode.NoError)
        {
            // A referral or nothing, from a server that does not recurse: it is no resolver.
            lame = LamenessKind.NotAuthoritative;
        }
        if (lame is { } kind)
        {
            (server.IsFinished, server.Outcome, server.Lameness, server.Code, server.Said) = (true, ServerOutcome.Lame, kind, reply.Code, reply.Said);
            if (IsListening) { Tell(new ServerLame(server.Endpoint, server.Name, server.Zone.ToHostString(), kind) { Code = server.CodeOfError }); }
            AskNext();
            return;
        }
        // The whole tree of names is the business of a recursive server: only the chain from the question's name on is read.
        var read = ScrubbedReply.Read(reply, new Delegation(DnsName.Root, [], Now), Question.Name, Question.Type, Now);
        Keep(read, server);
        if (read.IsCircle)
        {
            Complete(new ResolutionFailure(Question, ResolutionFailureReason.AliasLoop, FaultParty.ZoneOperator, read.LastName, [])
            {
                Aliases = [.. read.Chain.SelectMany(static set => set.Records)],
            });
            return;
        }
        Complete(AnswerOf(reply, read, server));
    }

    private void AskNext()
    {
        for (var tried = 0; tried < _servers.Count; tried++)
        {
            if (_servers.TrueForAll(server => server.Tries >= _options.Attempts || server.IsFinished)) { break; }
            var server = _servers[_turn++ % _servers.Count];
            if (server.IsFinished || server.Tries >= _options.Attempts) { continue; }
            _conversation.Ask(server, Question);
            return;
        }
        var lame = _servers.Count(server => server.Outcome == ServerOutcome.Lame);
        var unreachable = _servers.Count(server => server is
        {
            Outcome: ServerOutcome.Unreachable, Fault: UpstreamFault.None, Error: not (Errno.ECONNREFUSED or Errno.ECONNRESET),
        });
        Fail(lame == _servers.Count ? ResolutionFailureReason.AllServersLame
            : lame > 0 ? ResolutionFailureReason.NoServerUsable
            : unreachable == _servers.Count ? ResolutionFailureReason.NetworkUnreachable
            : ResolutionFailureReason.NoServerAnswers);
    }

    private bool AnswerFromCache()
    {
        var (name, chain) = (Question.Name, new List<DnsRecord>());
        for (var aliases = 0; aliases <= ResolutionLimits.AliasRestarts; aliases++)
        {
            var found = _cache.TryGet(name, Question.Type, Now, out var hit);
            if (IsListening)
            {
                Tell(new CacheProbed(name.ToHostString(), Question.Type.ToString(), found ? hit.Outcome : CacheOutcome.Miss,
                    found ? hit.AgeSeconds : 0, found ? hit.TtlSeconds : 0, found ? hit.Entry.Rank : TrustRank.None));
            }
            if (!found) { return false; }
            var origin = hit.Entry.Origin;
            var source = new AnswerSource(
                AnswerSourceKind.Cache, origin.Server, origin.ServerName, origin.Zone, Authoritative: false, hit.AgeSeconds,
                hit.TtlSeconds);
            switch (hit.Outcome)
            {
                case CacheOutcome.Alias:
                    chain.Add(hit.RecordsNow()[0]);
                    name = ((NameData)chain[^1].Data).Target;
                    continue;
                case CacheOutcome.Answer: Complete(new ResolvedAnswer(Question, ResponseCode.NoError, [.. chain, .. hit.RecordsNow()], null, source)); break;
                case CacheOutcome.NoData: Complete(new ResolvedAnswer(Question, ResponseCode.NoError, [.. chain], hit.RecordsNow()[0], source)); break;
                case CacheOutcome.NameError: Complete(new ResolvedAnswer(Question, ResponseCode.NameError, [.. chain], hit.RecordsNow()[0], source)); break;
                default: Complete(hit.Entry.Failure! with { Question = Question }); break;
            }
            return true;
        }
        return false;
    }

    private void Keep(ScrubbedReply read, AskedServer server)
    {
        var origin = new AnswerOrigin(server.Endpoint, server.Name, "");
        foreach (var set in read.Chain)
        {
            if (Question.Type != RecordType.Any) { _cache.StoreAnswer(set.Records, TrustRank.AnswerNonAuthoritative, origin, Now); }
        }
        if (read.Soa is null) { return; }
        if (read.Kind == ReplyKind.NameError) { _cache.StoreNameError(read.LastName, read.Soa, TrustRank.AnswerNonAuthoritative, origin, Now); }
        if (read.Kind == ReplyKind.NoData) { _cache.StoreNoData(read.LastName, Question.Type, read.Soa, TrustRank.AnswerNonAuthoritative, origin, Now); }
    }

    private ResolvedAnswer AnswerOf(Reply reply, ScrubbedReply read, AskedServer server)
    {
        var records = read.Chain.SelectMany(static set => set.Records).ToArray();
        var ttl = records.Length > 0 ? records.Min(record => record.Ttl.Seconds) : read.Soa is null ? 0 : DnsCache.NegativeTtl(read.Soa);
        // A server that does not resolve for others, and answers for the data, was asked directly.
        var kind = reply is { IsAuthoritative: true, IsRecursionAvailable: false } ? AnswerSourceKind.ResponsibleServer : AnswerSourceKind.RecursiveServer;
        var source = new AnswerSource(kind, server.Endpoint, server.Name, "", reply.IsAuthoritative, 0, ttl);
        return new ResolvedAnswer(Question, reply.Code, records, read.Soa, source);
    }

    private void Fail(ResolutionFailureReason reason)
    {
        var evidence = _servers.FindAll(server => server.Outcome is not null).ConvertAll(server => server.ToEvidence()).ToArray();
        if (_options.AreAssumed && _servers.TrueForAll(static server => server.Error == Errno.ECONNREFUSED))
        {
            reason = ResolutionFailureReason.NoServerConfigured;
        }
        var atFault = reason switch
        {
            ResolutionFailureReason.NoServerConfigured => FaultParty.Host,
            ResolutionFailureReason.NetworkUnreachable => FaultParty.Network,
            _ => FaultParty.RecursiveServer,
        };
        // Resolvers that agree on what is wrong are no fault themselves.
        if (reason == ResolutionFailureReason.AllServersLame && evidence.Select(static one => SaidBy(one.Said)).Distinct().ToArray() is [{ } said])
        {
            Complete(new ResolutionFailure(Question, said.Reason, FaultParty.ZoneOperator, Question.Name, evidence) { Flaw = said.Flaw });
            return;
        }
        Complete(new ResolutionFailure(Question, reason, atFault, DnsName.Root, evidence));
    }

    /// <summary>What a resolver says of the zone's own servers and signatures (RFC 8914 section 4); null where it says nothing of them.</summary>
    private static (ResolutionFailureReason Reason, ValidationFlaw Flaw)? SaidBy(ExtendedErrorOption? error) => error?.Code switch
    {
        6 => (ResolutionFailureReason.Bogus, ValidationFlaw.None),
        7 => (ResolutionFailureReason.Bogus, ValidationFlaw.SignatureExpired),
        8 => (ResolutionFailureReason.Bogus, ValidationFlaw.SignatureNotYetValid),
        9 => (ResolutionFailureReason.Bogus, ValidationFlaw.KeyMissing),
        10 => (ResolutionFailureReason.Bogus, ValidationFlaw.SignatureMissing),
        11 => (ResolutionFailureReason.Bogus, ValidationFlaw.KeyNotOfZone),
        12 => (ResolutionFailureReason.Bogus, ValidationFlaw.DenialUnproven),
        25 => (ResolutionFailureReason.Bogus, ValidationFlaw.SignatureTimesReversed),
        22 or 23 => (ResolutionFailureReason.NoServerAnswers, ValidationFlaw.None),
        _ => null,
    };
}
