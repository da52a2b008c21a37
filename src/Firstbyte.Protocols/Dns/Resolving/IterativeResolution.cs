using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Resolving;

/// <summary>Resolves one question by following referrals from the deepest known zone cut (RFC 1034 5.3.3).</summary>
/// <remarks>
/// Theory of operation. A resolution stands at a name (the question's, later that of an alias) and at a cut (a zone and the servers its parent
/// names for it).
/// <code>
///                 ┌──────────────── alias: at most 11 ────────────────┐
///   begin ─► look into the cache ─► deepest known cut ─► choose a server ─► ask ─► reply
///                 │ answer, denial        ▲                   │ none with an address     │
///                 ▼                       │                   ▼                          ├─ answer, denial ─► complete
///              complete                   └─ referral ◄───────┼──────────────────────────┤
///                                            strictly down    │                          └─ lame, silent ─► next server
///                                                             └─ find a server's address: a sub-question
/// </code>
/// When all servers of a cut that was known before fail, the cut is forgotten and its parent asked once more: the zone may have moved.
/// An answer without AA is accepted at a low rank, unless its sender offers recursion: then it serves only when nobody else answers.
/// </remarks>
public sealed class IterativeResolution : Resolution
{
    private readonly ResolverMemory _memory;
    private readonly bool _useCache;
    private readonly List<DnsRecord> _chain = [];
    private readonly List<Instant> _chainTakenAt = [];
    private readonly List<DnsName> _names = [];
    private readonly List<ServerEvidence> _evidence = [];
    private DnsName _name;
    private CutServers? _servers;
    private LastResort? _lastResort;
    private int _referrals;
    private int _emptyReplies;
    private bool _askedParentAgain;

    /// <summary>
    /// A resolution that draws on a budget; with <paramref name="useCache"/> false it learns anew what it is asked for, but keeps what it
    /// learns.
    /// </summary>
    public IterativeResolution(Question question, ResolutionBudget budget, int depth, ResolverMemory memory, bool useCache = true, bool mixCase = true)
        : base(question, budget, depth, (memory ?? throw new ArgumentNullException(nameof(memory))).Infrastructure, mixCase)
    {
        _memory = memory;
        _useCache = useCache;
        _name = question.Name;
    }

    private protected override void OnBegin()
    {
        if (IsListening) { Tell(new ResolutionStarted(Question.Name.ToHostString(), Question.Type.ToString(), ResolutionMode.Iterative, null)); }
        // Types that only make sense between a client and one server have no place in a resolver (RFC 6895 3.1); ANY is a question for every type.
        if (Question.Type.IsMeta && Question.Type != RecordType.Any || Question.Class != RecordClass.IN)
        {
            Fail(ResolutionFailureReason.TypeNotResolvable, FaultParty.User);
            return;
        }
        GoOn();
    }

    /// <summary>Takes up the current name: from the cache as far as it goes, then from the deepest known cut.</summary>
    private void GoOn()
    {
        while (_useCache && Probe() is { } hit)
        {
            switch (hit.Outcome)
            {
                case CacheOutcome.Alias:
                    if (!TakeAlias(hit.RecordsNow()[0])) { return; }
                    continue;
                case CacheOutcome.Answer:
                    Answer(ResponseCode.NoError, hit.RecordsNow(), null, SourceOf(hit));
                    return;
                case CacheOutcome.NoData or CacheOutcome.NameError:
                    Answer(hit.Outcome == CacheOutcome.NoData ? ResponseCode.NoError : ResponseCode.NameError, [], hit.RecordsNow()[0], SourceOf(hit));
                    return;
                default:
                    var failure = hit.Entry.Failure!;
                    Complete(failure with { Question = Question });
                    return;
            }
        }
        (_referrals, _emptyReplies, _lastResort) = (0, 0, null);
        var start = Question.Type == RecordType.DS ? _name.Parent : _name;
        Enter(_memory.Delegations.FindDeepest(start, Now) ?? _memory.Hints, fromCache: true);
    }

    private CacheHit? Probe()
    {
        var found = _memory.Cache.TryGet(_name, Question.Type, Now, out var hit);
        if (IsListening)
        {
            Tell(new CacheProbed(_name.ToHostString(), Question.Type.ToString(), found ? hit.Outcome : CacheOutcome.Miss,
                found ? hit.AgeSeconds : 0, found ? hit.TtlSeconds : 0, found ? hit.Entry.Rank : TrustRank.None));
        }
        return found ? hit : null;
    }

    private void Enter(Delegation cut, bool fromCache)
    {
        _servers = new CutServers(cut, fromCache, _memory, Now);
        AskNext();
    }

    private void AskNext()
    {
        var servers = _servers!;
        TellDenied(servers);
        if (Budget.IsSpent(Now))
        {
            OnBudgetSpent();
            return;
        }
        if (servers.Choose(Now, Choice) is { } server)
        {
            Ask(server, _name, DnsTransport.Udp);
            return;
        }
        if (servers.NextLookup(Budget) is { } lookup)
        {
            if (IsListening) { Tell(new ServerAddressNeeded(lookup.Name.ToHostString(), lookup.Type.ToString(), servers.Cut.Zone.ToHostString())); }
            AskFirst(lookup);
            return;
        }
        if (servers.AddParentSideAddresses(Now) && servers.Choose(Now, Choice) is { } lastServer)
        {
            Ask(lastServer, _name, DnsTransport.Udp);
            return;
        }
        if (_lastResort is { } resort)
        {
            TakeFinal(resort.Reply, resort.Server, TrustRank.AnswerNonAuthoritative, keep: false);
            return;
        }
        LeaveCut(servers);
    }

    private void LeaveCut(CutServers servers)
    {
        AddEvidence(servers);
        if (servers is { IsFromCache: true, Cut.IsHint: false } && !_askedParentAgain)
        {
            _askedParentAgain = true;
            _memory.Delegations.Remove(servers.Cut.Zone);
            Enter(_memory.Delegations.FindDeepest(servers.Cut.Zone.Parent, Now) ?? _memory.Hints, fromCache: true);
            return;
        }
        if (Budget.AddressLookupsLeft <= 0 || Budget.FailedAddressLookupsLeft <= 0)
        {
            FailSpent(ResolutionFailureReason.BudgetSpent);
            return;
        }
        var reason = ReasonOf([.. _evidence.Where(one => one.Zone == servers.Cut.Zone.ToHostString())]);
        var nobodyOutside = servers.Cut.IsHint && reason is ResolutionFailureReason.NoServerAnswers or ResolutionFailureReason.NetworkUnreachable;
        Fail(reason, nobodyOutside || reason == ResolutionFailureReason.NetworkUnreachable ? FaultParty.Network : FaultParty.ZoneOperator);
    }

    /// <summary>Adds what came of a cut's servers. A server met again at the same cut stands once: with what came of asking it, if it was asked.</summary>
    private void AddEvidence(CutServers servers)
    {
        foreach (var one in servers.Evidence(Now))
        {
            var before = _evidence.FindIndex(other => other.ServerName == one.ServerName && other.Server == one.Server && other.Zone == one.Zone);
            if (before < 0) { _evidence.Add(one); }
            else if (one.Tries > 0) { _evidence[before] = one with { Tries = one.Tries + _evidence[before].Tries }; }
        }
    }

    private static ResolutionFailureReason ReasonOf(ServerEvidence[] evidence)
    {
        var silent = evidence.Count(one => one.Outcome is ServerOutcome.Silent or ServerOutcome.Resting);
        var lame = evidence.Count(one => one.Outcome == ServerOutcome.Lame);
        var unreachable = evidence.Count(one => one.Outcome == ServerOutcome.Unreachable);
        if (lame > 0) { return silent + unreachable > 0 ? ResolutionFailureReason.NoServerUsable : ResolutionFailureReason.AllServersLame; }
        if (silent > 0) { return ResolutionFailureReason.NoServerAnswers; }
        if (unreachable > 0)
        {
            // A refused connection comes from a host that was reached.
            return evidence.Any(one => one is { Outcome: ServerOutcome.Unreachable, Error: Errno.ECONNREFUSED or Errno.ECONNRESET })
                ? ResolutionFailureReason.NoServerAnswers
                : ResolutionFailureReason.NetworkUnreachable;
        }
        return evidence.Any(one => one.Outcome == ServerOutcome.Cyclic) ? ResolutionFailureReason.CyclicDelegation : ResolutionFailureReason.NoServerAddress;
    }

    private protected override void OnSubQuestionAnswered(Question question, ResolutionOutcome outcome)
    {
        _servers!.TakeLookup(question, outcome, Budget);
        AskNext();
    }

    private protected override void OnServerFailed(AskedServer server) => AskNext();

    private protected override void OnReply(Reply reply, AskedServer server, DnsTransport transport)
    {
        var cut = _servers!.Cut;
        server.Code = reply.Code;
        var read = ScrubbedReply.Read(reply, cut, _name, Question.Type, Now);
        switch (read.Kind)
        {
            case ReplyKind.Referral:
                Follow(read, server);
                break;
            case ReplyKind.Lame when read.Lameness == LamenessKind.EmptyWithoutSoa:
                TakeEmpty(read, server);
                break;
            case ReplyKind.Lame:
                Dismiss(server, read.Lameness);
                break;
            default:
                if (!reply.IsAuthoritative && reply.IsRecursionAvailable)
                {
                    _lastResort ??= new LastResort(read, server);
                    Dismiss(server, LamenessKind.RecursionOnly);
                    break;
                }
                TakeFinal(read, server, reply.IsAuthoritative ? TrustRank.AnswerAuthoritative : TrustRank.AnswerNonAuthoritative, keep: true);
                break;
        }
    }

    private void Dismiss(AskedServer server, LamenessKind kind)
    {
        (server.IsFinished, server.Outcome, server.Lameness) = (true, ServerOutcome.Lame, kind);
        _memory.Infrastructure.NoteLame(server.Endpoint.Address, server.Zone, kind, Now);
        if (IsListening) { Tell(new ServerLame(server.Endpoint, server.Name, server.Zone.ToHostString(), kind) { Code = server.CodeOfError }); }
        AskNext();
    }

    /// <summary>A reply with nothing in it: others are asked before it is believed.</summary>
    private void TakeEmpty(ScrubbedReply read, AskedServer server)
    {
        _lastResort ??= new LastResort(new ScrubbedReply { Kind = ReplyKind.NoData, LastName = read.LastName }, server);
        if (++_emptyReplies > ResolutionLimits.EmptyReplyRetries)
        {
            TakeFinal(_lastResort.Reply, server, TrustRank.AnswerNonAuthoritative, keep: false);
            return;
        }
        (server.IsFinished, server.Outcome, server.Lameness) = (true, ServerOutcome.Lame, LamenessKind.EmptyWithoutSoa);
        if (IsListening) { Tell(new ServerLame(server.Endpoint, server.Name, server.Zone.ToHostString(), LamenessKind.EmptyWithoutSoa)); }
        AskNext();
    }

    private void Follow(ScrubbedReply read, AskedServer server)
    {
        var from = _servers!.Cut;
        if (++_referrals > ResolutionLimits.ReferralsPerChain)
        {
            AddEvidence(_servers);
            Fail(ResolutionFailureReason.TooManyReferrals, FaultParty.ZoneOperator);
            return;
        }
        var cut = _memory.Delegations.Store(read.Delegation!, from);
        if (IsListening)
        {
            Tell(new ReferralFollowed(
                server.Zone.ToHostString(), cut.Zone.ToHostString(), [.. cut.Servers.Select(one => one.Name.ToHostString())],
                read.GlueCount));
        }
        (_lastResort, _emptyReplies) = (null, 0);
        Enter(cut, fromCache: false);
    }

    /// <summary>Keeps what a reply says and goes on with its alias, or ends.</summary>
    private void TakeFinal(ScrubbedReply read, AskedServer server, TrustRank rank, bool keep)
    {
        var origin = new AnswerOrigin(server.Endpoint, server.Name, server.Zone.ToHostString());
        if (keep) { Keep(read, rank, origin); }
        var authoritative = rank.IsAuthoritative();
        AnswerSource Source(long ttl) => new(AnswerSourceKind.ResponsibleServer, server.Endpoint, server.Name, origin.Zone, authoritative, 0, ttl);
        switch (read.Kind)
        {
            case ReplyKind.Alias or ReplyKind.Answer or ReplyKind.NameTooLong:
                var aliases = read.Kind == ReplyKind.Answer ? read.Chain.Count - 1 : read.Chain.Count;
                for (var i = 0; i < aliases; i++) { if (!TakeAlias(Capped(read.Chain[i][0]))) { return; } }
                if (read.Kind == ReplyKind.Alias)
                {
                    GoOn();
                    return;
                }
                var records = read.Kind == ReplyKind.Answer ? Array.ConvertAll(read.Chain[^1], Capped) : [];
                Answer(read.Kind == ReplyKind.Answer ? ResponseCode.NoError : ResponseCode.NameExists, records, null,
                    Source(records.Length == 0 ? 0 : records.Min(record => record.Ttl.Seconds)));
                break;
            case ReplyKind.NameError or ReplyKind.NoData:
                Answer(read.Kind == ReplyKind.NameError ? ResponseCode.NameError : ResponseCode.NoError, [], read.Soa,
                    Source(read.Soa is null ? 0 : DnsCache.NegativeTtl(read.Soa)));
                break;
        }
    }

    private static DnsRecord Capped(DnsRecord record) =>
        record.Ttl.Seconds <= ResolutionLimits.MaxTtl ? record : record.WithTtl(new Ttl(ResolutionLimits.MaxTtl));

    private void Keep(ScrubbedReply read, TrustRank rank, AnswerOrigin origin)
    {
        var head = true;
        foreach (var set in read.Chain)
        {
            // A DNAME speaks for every name below it: more than one unsigned datagram should settle (CVE-2025-40778). Its CNAME speaks for one.
            if (set[0].Type == RecordType.DNAME && Question.Type != RecordType.DNAME || Question.Type == RecordType.Any) { continue; }
            // AA speaks for the first owner name only (RFC 1035 4.1.1): what follows an alias ranks as if AA were clear (RFC 2181 5.4.1).
            _memory.Cache.StoreAnswer(set, head ? rank : TrustRank.AnswerNonAuthoritative, origin, Now);
            head = false;
        }
        if (read.Soa is null) { return; }
        if (read.Kind == ReplyKind.NameError) { _memory.Cache.StoreNameError(_name, read.Soa, rank, origin, Now); }
        if (read.Kind == ReplyKind.NoData) { _memory.Cache.StoreNoData(_name, Question.Type, read.Soa, rank, origin, Now); }
    }

    /// <summary>Takes one alias (or the DNAME record before it) into the chain; false when that ends the resolution.</summary>
    private bool TakeAlias(DnsRecord alias)
    {
        _chain.Add(alias);
        _chainTakenAt.Add(Now);
        if (alias.Type == RecordType.DNAME) { return true; }
        var target = ((NameData)alias.Data).Target;
        var substituted = _chain.Count > 1 && _chain[^2].Type == RecordType.DNAME;
        if (IsListening) { Tell(new AliasFollowed(_name.ToHostString(), target.ToHostString(), substituted)); }
        _names.Add(_name);
        _name = target;
        if (_names.Contains(target))
        {
            FailAlias(ResolutionFailureReason.AliasLoop);
            return false;
        }
        if (_names.Count > ResolutionLimits.AliasRestarts)
        {
            FailAlias(ResolutionFailureReason.AliasChainTooLong);
            return false;
        }
        return true;
    }

    private void FailAlias(ResolutionFailureReason reason)
    {
        if (_servers is not null) { AddEvidence(_servers); }
        var failure = new ResolutionFailure(Question, reason, FaultParty.ZoneOperator, _servers?.Cut.Zone ?? _name, [.. _evidence]) { Aliases = [.. _chain] };
        _memory.Cache.StoreFailure(failure, Now);
        Complete(failure);
    }

    private void Answer(ResponseCode code, DnsRecord[] records, DnsRecord? soa, AnswerSource source) =>
        Complete(new ResolvedAnswer(Question, code, [.. AgedChain(), .. records], soa, source));

    /// <summary>
    /// The aliases with the time to live that is left to them now: they may have been taken seconds ago, while the question went on below
    /// them.
    /// </summary>
    private IEnumerable<DnsRecord> AgedChain()
    {
        for (var i = 0; i < _chain.Count; i++)
        {
            var age = (Now.Nanoseconds - _chainTakenAt[i].Nanoseconds) / 1_000_000_000;
            yield return age <= 0 ? _chain[i] : _chain[i].WithTtl(new Ttl((uint)Math.Max(0, _chain[i].Ttl.Seconds - age)));
        }
    }

    private static AnswerSource SourceOf(CacheHit hit) => new(
        AnswerSourceKind.Cache, hit.Entry.Origin.Server, hit.Entry.Origin.ServerName, hit.Entry.Origin.Zone, Authoritative: false,
            hit.AgeSeconds, hit.TtlSeconds);

    private protected override void OnOutOfTime() => FailSpent(ResolutionFailureReason.OutOfTime);

    private protected override void OnBudgetSpent() =>
        FailSpent(Now >= Budget.Deadline ? ResolutionFailureReason.OutOfTime : ResolutionFailureReason.BudgetSpent);

    private void FailSpent(ResolutionFailureReason reason)
    {
        if (_servers is not null) { AddEvidence(_servers); }
        var silentRoot = _servers is { Cut.IsHint: true }
            && _evidence.TrueForAll(one => one.Outcome is ServerOutcome.Silent or ServerOutcome.Unreachable or ServerOutcome.Resting);
        Complete(new ResolutionFailure(Question, reason,
            silentRoot && _evidence.Count > 0 ? FaultParty.Network : _evidence.Count > 0 ? FaultParty.ZoneOperator : FaultParty.Unknown,
            _servers?.Cut.Zone ?? _name, [.. _evidence]));
    }

    private void Fail(ResolutionFailureReason reason, FaultParty atFault)
    {
        var failure = new ResolutionFailure(Question, reason, atFault, _servers?.Cut.Zone ?? _name, [.. _evidence]);
        // RFC 9520 3.2 asks to remember failures of the servers. What may be this resolver's own trouble, or comes of the question that
        // this one was asked for (a ring, a limit), is not held against the name.
        var ofContext = Depth > 0 && reason is ResolutionFailureReason.CyclicDelegation or ResolutionFailureReason.NoServerAddress;
        if (atFault == FaultParty.ZoneOperator && !ofContext) { _memory.Cache.StoreFailure(failure, Now); }
        Complete(failure);
    }

    private void TellDenied(CutServers servers)
    {
        if (IsListening)
        {
            foreach (var (address, name) in servers.Denied) { Tell(new ServerAddressDenied(address, name.ToHostString(), servers.Cut.Zone.ToHostString())); }
        }
        servers.Denied.Clear();
    }

    private sealed record LastResort(ScrubbedReply Reply, AskedServer Server);
}
