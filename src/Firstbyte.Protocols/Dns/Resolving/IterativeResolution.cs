using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
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
public sealed class IterativeResolution : Resolution, IConversationHolder
{
    private readonly ResolverMemory _memory;
    private readonly bool _useCache;
    private readonly ServerConversation _conversation;
    private readonly List<SignedSet> _chain = [];
    private readonly List<Instant> _chainTakenAt = [];
    private readonly List<SignedSet> _proof = [];
    private readonly NameMinimisation _minimisation;
    private readonly List<DnsName> _names = [];
    private readonly List<ServerEvidence> _evidence = [];
    private readonly Dictionary<(Endpoint Server, DnsName Zone), LamenessKind> _dismissed = [];
    private DnsName _name;
    private CutServers? _servers;
    private GlueSearch? _glue;
    private LastResort? _lastResort;
    private int _referrals;
    private int _emptyReplies;
    private bool _askedParentAgain;

    /// <summary>
    /// A resolution that draws on a budget; with <paramref name="useCache"/> false it learns anew what it is asked for, but keeps what it
    /// learns.
    /// </summary>
    public IterativeResolution(Question question, ResolutionBudget budget, int depth, ResolverMemory memory, bool useCache = true, bool mixCase = true)
        : base(question, budget, depth)
    {
        _memory = memory ?? throw new ArgumentNullException(nameof(memory));
        _useCache = useCache && !(budget?.Distrusts(question) ?? false);
        _name = question.Name;
        _conversation = new ServerConversation(this, this, memory.Infrastructure, mixCase);
        _minimisation = new NameMinimisation(memory.Minimisation);
    }

    /// <summary>A recursive server that questions are handed on to is asked to recurse, and to leave the checking to this resolver.</summary>
    HeaderFlags IConversationHolder.QueryFlags => _servers is not { Cut.IsForward: true } ? HeaderFlags.None
        : _memory.WantsSignatures ? HeaderFlags.RecursionDesired | HeaderFlags.CheckingDisabled : HeaderFlags.RecursionDesired;

    bool IConversationHolder.UsesEdns => true;

    bool IConversationHolder.WantsSignatures => _memory.WantsSignatures;

    TimeSpan IConversationHolder.UdpTimeout(AskedServer server) => _memory.Infrastructure.Timeout(server.Endpoint.Address, server.Zone);

    private protected override void Take(ResolutionInput input)
    {
        if (input is ResolutionInput.SubQuestionAnswered answered) { OnSubQuestionAnswered(answered.Question, answered.Outcome); }
        else { _conversation.Take(input); }
    }

    private protected override void OnCompleting() => _conversation.EndExchange();

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
        while (_useCache && (Probe() ?? Conclude()) is { } hit)
        {
            switch (hit.Outcome)
            {
                case CacheOutcome.Alias:
                    if (!TakeAlias(hit)) { return; }
                    continue;
                case CacheOutcome.Answer:
                    if (hit.Entry.Substitution is { } made) { TakeIntoChain(made.WithTtl(new Ttl((uint)hit.TtlSeconds))); }
                    _proof.AddRange(hit.ProofNow());
                    Answer(ResponseCode.NoError, hit.SetNow(), null, SourceOf(hit));
                    return;
                case CacheOutcome.NoData or CacheOutcome.NameError:
                    _proof.AddRange(hit.ProofNow());
                    Answer(
                        hit.Outcome == CacheOutcome.NoData ? ResponseCode.NoError : ResponseCode.NameError, null, hit.RecordsNow().FirstOrDefault(),
                        SourceOf(hit));
                    return;
                default:
                    var failure = hit.Entry.Failure!;
                    Complete(failure with { Question = Question });
                    return;
            }
        }
        (_referrals, _emptyReplies, _lastResort) = (0, 0, null);
        _minimisation.Restart();
        _dismissed.Clear();
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

    /// <summary>What follows from signed records that lie here without being asked for: a DNAME above the name, the links of a zone's chain.</summary>
    private CacheHit? Conclude()
    {
        if (!_memory.WantsSignatures) { return null; }
        for (var above = _name; !above.IsRoot;)
        {
            above = above.Parent;
            if (!_memory.Cache.TryPeek(above, RecordType.DNAME, Now, out var found)
                || found is not { Outcome: CacheOutcome.Answer, Entry.Status: SecurityStatus.Secure }) { continue; }
            var substitution = found.SetNow();
            if (ScrubbedReply.Substitute(_name, substitution.Records[0]) is not { } target) { continue; }
            var alias = new DnsRecord(_name, substitution.Records[0].Ttl, new NameData(RecordType.CNAME, target));
            _memory.Cache.StoreAnswer(new SignedSet([alias], []), [], substitution, found.Entry.Rank, found.Entry.Origin, Now, SecurityStatus.Secure);
            return Probe();
        }
        return _memory.Denials.TrySynthesize(_name, Question.Type, _memory.Cache, Budget.Validation, Now) ? Probe() : null;
    }

    private void Enter(Delegation cut, bool fromCache)
    {
        _servers = new CutServers(cut, fromCache, _memory, Now, Budget.DistrustedServers, _dismissed);
        _glue = null;
        _minimisation.Enter(cut);
        AskNext();
    }

    private void AskServer(AskedServer server) => _conversation.Ask(server, _minimisation.Next(new Question(_name, Question.Type)), DnsTransport.Udp);

    private void AskNext()
    {
        var servers = _servers!;
        TellDenied(servers);
        if (Budget.IsSpent(Now))
        {
            SpendBudget();
            return;
        }
        if (servers.Choose(Now, Choice) is { } server)
        {
            AskServer(server);
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
            AskServer(lastServer);
            return;
        }
        if (AskParentForGlue(servers)) { return; }
        if (servers.ChooseAnyway(Now, Choice) is { } anyServer)
        {
            AskServer(anyServer);
            return;
        }
        if (_lastResort is { } resort)
        {
            if (resort.Reply is { Kind: ReplyKind.NoData, Soa: null }) { KeepEmpty(resort.Server); }
            TakeFinal(resort.Reply, resort.Server, TrustRank.AnswerNonAuthoritative, keep: false);
            return;
        }
        LeaveCut(servers);
    }

    /// <summary>
    /// Only these servers know the address of a name in their own zone; where the referral came without it, the parent's servers are asked by
    /// name: some give it then (RFC 1034 4.2.1), and without it there is no way in.
    /// </summary>
    private bool AskParentForGlue(CutServers servers)
    {
        if (servers.Cut.Zone.IsRoot || _glue is { IsOver: true }) { return false; }
        var glue = _glue ??= new GlueSearch(
            servers.TargetsInZone(),
            new CutServers(_memory.Delegations.FindDeepest(servers.Cut.Zone.Parent, Now) ?? _memory.Hints, true, _memory, Now, [], _dismissed));
        while (glue.Current is { } question)
        {
            if (!glue.IsCharged && !Budget.TryChargeAddressLookup()) { break; }
            glue.IsCharged = true;
            if (glue.Parent.Choose(Now, Choice) is { } parent)
            {
                if (IsListening) { Tell(new ServerAddressNeeded(question.Name.ToHostString(), question.Type.ToString(), servers.Cut.Zone.ToHostString())); }
                _conversation.Ask(parent, question, DnsTransport.Udp);
                return true;
            }
            glue.Skip();
        }
        glue.End();
        return false;
    }

    private void TakeGlue(GlueSearch glue, Reply reply, AskedServer server)
    {
        var question = glue.Current!.Value;
        server.Tries--;
        var addresses = ScrubbedReply.FindGlueOf(reply, question.Name);
        glue.Skip();
        if (addresses.Length > 0)
        {
            _servers!.AddGlue(question.Name, addresses);
            glue.End();
        }
        AskNext();
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

    private void OnSubQuestionAnswered(Question question, ResolutionOutcome outcome)
    {
        _servers!.TakeLookup(question, outcome, Budget);
        AskNext();
    }

    void IConversationHolder.OnServerFailed(AskedServer server)
    {
        if (_glue is not { IsOver: false }) { _minimisation.NoteSilence(); }
        AskNext();
    }

    void IConversationHolder.OnReply(Reply reply, AskedServer server, DnsTransport transport)
    {
        if (_glue is { IsOver: false } glue)
        {
            TakeGlue(glue, reply, server);
            return;
        }
        var cut = _servers!.Cut;
        server.Code = reply.Code;
        if (_minimisation.Asked is { } part)
        {
            TakeMinimised(ScrubbedReply.Read(reply, cut, part.Name, part.Type, Now), server);
            return;
        }
        var read = ScrubbedReply.Read(reply, cut, _name, Question.Type, Now);
        if (cut.IsForward)
        {
            TakeForwarded(read, reply, server);
            return;
        }
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

    /// <summary>A reply about a part of the name: a way down, or that there is none before the next label.</summary>
    private void TakeMinimised(ScrubbedReply read, AskedServer server)
    {
        switch (read.Kind)
        {
            case ReplyKind.Referral:
                Follow(read, server);
                return;
            case ReplyKind.Answer or ReplyKind.Alias or ReplyKind.NoData:
            case ReplyKind.Lame when read.Lameness is LamenessKind.EmptyWithoutSoa or LamenessKind.NotAuthoritative:
                _minimisation.GoOn();
                break;
            default:
                // RFC 9156 section 2.3, step 6: many servers know nothing of names between their zones, so the whole name decides.
                _minimisation.Stop();
                break;
        }
        server.Tries--;
        AskServer(server);
    }

    /// <summary>What a recursive server found out: the whole chain is its to tell, and it refers to nobody.</summary>
    private void TakeForwarded(ScrubbedReply read, Reply reply, AskedServer server)
    {
        if (read.Kind is ReplyKind.Referral) { Dismiss(server, LamenessKind.NotAuthoritative); }
        else if (read.Kind == ReplyKind.Lame && (read.Lameness != LamenessKind.RecursionOnly || reply.Code != ResponseCode.NoError))
        {
            if (read.Lameness == LamenessKind.EmptyWithoutSoa) { TakeEmpty(read, server); }
            else { Dismiss(server, read.Lameness); }
        }
        else if (read.Kind == ReplyKind.Lame) { TakeEmpty(read, server); }
        else { TakeFinal(read, server, TrustRank.AnswerNonAuthoritative, keep: true); }
    }

    private void Dismiss(AskedServer server, LamenessKind kind)
    {
        (server.IsFinished, server.Outcome, server.Lameness) = (true, ServerOutcome.Lame, kind);
        _dismissed[(server.Endpoint, server.Zone)] = kind;
        _memory.Infrastructure.NoteLame(server.Endpoint.Address, server.Zone, kind, Now);
        if (IsListening) { Tell(new ServerLame(server.Endpoint, server.Name, server.Zone.ToHostString(), kind) { Code = server.CodeOfError }); }
        AskNext();
    }

    /// <summary>A denial that says nothing of its time is kept as long as a failure, so that it is not asked for again and again.</summary>
    private void KeepEmpty(AskedServer server) => _memory.Cache.StoreDenial(
        _name, Question.Type, null, [], TrustRank.AnswerNonAuthoritative, new AnswerOrigin(server.Endpoint, server.Name, server.Zone.ToHostString()), Now);

    /// <summary>A reply with nothing in it: others are asked before it is believed.</summary>
    private void TakeEmpty(ScrubbedReply read, AskedServer server)
    {
        _lastResort ??= new LastResort(new ScrubbedReply { Kind = ReplyKind.NoData, LastName = read.LastName }, server);
        if (++_emptyReplies > ResolutionLimits.EmptyReplyRetries)
        {
            KeepEmpty(server);
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
        if (_memory.WantsSignatures) { KeepSigner(read, cut.Zone, new AnswerOrigin(server.Endpoint, server.Name, server.Zone.ToHostString())); }
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
                foreach (var set in read.Chain) { if (IsExpanded(set)) { _proof.AddRange(read.Proof); break; } }
                for (var i = 0; i < aliases; i++) { if (!TakeAlias(Capped(read.Chain[i]))) { return; } }
                if (read.Kind == ReplyKind.Alias)
                {
                    GoOn();
                    return;
                }
                var last = read.Kind == ReplyKind.Answer ? Capped(read.Chain[^1]) : null;
                Answer(last is not null ? ResponseCode.NoError : ResponseCode.NameExists, last, null, Source(last?.TtlSeconds ?? 0));
                break;
            case ReplyKind.NameError or ReplyKind.NoData:
                _proof.AddRange(read.Proof);
                Answer(read.Kind == ReplyKind.NameError ? ResponseCode.NameError : ResponseCode.NoError, null, read.Soa,
                    Source(read.Soa is null ? 0 : DnsCache.NegativeTtl(read.Soa)));
                break;
        }
    }

    /// <summary>The set with a time to live within the bounds of this resolver.</summary>
    private SignedSet Capped(SignedSet set)
    {
        var ttl = set.TtlSeconds;
        var bounded = Math.Clamp(ttl, _memory.Cache.MinTtl, _memory.Cache.MaxTtl);
        return ttl == bounded ? set : set.WithTtl(new Ttl(bounded));
    }

    private static bool IsExpanded(SignedSet set)
    {
        foreach (var signature in set.Signatures)
        {
            if (new SignatureFields(signature.Data).IsExpansionOf(set.Owner)) { return true; }
        }
        return false;
    }

    /// <summary>A parent speaks for its DS records, and shows them, or that there are none, beside its referral (RFC 4035 section 3.1.4).</summary>
    private void KeepSigner(ScrubbedReply read, DnsName zone, AnswerOrigin origin)
    {
        if (read.DelegationSigner is { } signers) { _memory.Cache.StoreAnswer(signers, [], null, TrustRank.AuthorityNonAuthoritative, origin, Now); }
        else if (read.Proof.Length > 0)
        {
            _memory.Cache.StoreDenial(zone, RecordType.DS, null, read.Proof, TrustRank.AuthorityNonAuthoritative, origin, Now);
        }
    }

    private void Keep(ScrubbedReply read, TrustRank rank, AnswerOrigin origin)
    {
        SignedSet? substitution = null;
        var isHead = true;
        foreach (var set in read.Chain)
        {
            if (Question.Type == RecordType.Any) { break; }
            // A DNAME speaks for every name below it: more than one unsigned datagram should settle (CVE-2025-40778). Its CNAME speaks for one.
            if (set.Type == RecordType.DNAME && Question.Type != RecordType.DNAME)
            {
                substitution = set;
                continue;
            }
            // AA speaks for the first owner name only (RFC 1035 4.1.1): what follows an alias ranks as if AA were clear (RFC 2181 5.4.1).
            if (set.IsContradicted) { break; }
            _memory.Cache.StoreAnswer(
                set, IsExpanded(set) ? read.Proof : [], substitution, isHead ? rank : TrustRank.AnswerNonAuthoritative, origin, Now);
            (isHead, substitution) = (false, null);
        }
        if (read.Soa is null && (read.Kind != ReplyKind.NoData || read.Proof.Length == 0)) { return; }
        if (read.Kind == ReplyKind.NameError) { _memory.Cache.StoreDenial(_name, new RecordType(0), read.Soa, read.Proof, rank, origin, Now); }
        if (read.Kind == ReplyKind.NoData) { _memory.Cache.StoreDenial(_name, Question.Type, read.Soa, read.Proof, rank, origin, Now); }
    }

    private bool TakeAlias(CacheHit hit)
    {
        if (hit.Entry.Substitution is { } made) { TakeIntoChain(made.WithTtl(new Ttl((uint)hit.TtlSeconds))); }
        _proof.AddRange(hit.ProofNow());
        return TakeAlias(hit.SetNow());
    }

    private void TakeIntoChain(SignedSet set)
    {
        _chain.Add(set);
        _chainTakenAt.Add(Now);
    }

    /// <summary>Takes one alias (or the DNAME record before it) into the chain; false when that ends the resolution.</summary>
    private bool TakeAlias(SignedSet alias)
    {
        TakeIntoChain(alias);
        if (alias.Type == RecordType.DNAME) { return true; }
        var target = ((NameData)alias.Records[0].Data).Target;
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
        var failure = new ResolutionFailure(Question, reason, FaultParty.ZoneOperator, _servers?.Cut.Zone ?? _name, [.. _evidence])
        {
            Aliases = [.. _chain.SelectMany(static set => set.Records)],
        };
        _memory.Cache.StoreFailure(failure, Now);
        Complete(failure);
    }

    private void Answer(ResponseCode code, SignedSet? last, DnsRecord? soa, AnswerSource source)
    {
        SignedSet[] sets = last is null ? [.. AgedChain()] : [.. AgedChain(), last];
        Complete(new ResolvedAnswer(Question, code, [.. sets.SelectMany(static set => set.Records)], soa, source) { Sets = sets, Proof = [.. _proof] });
    }

    /// <summary>
    /// The aliases with the time to live that is left to them now: they may have been taken seconds ago, while the question went on below
    /// them.
    /// </summary>
    private IEnumerable<SignedSet> AgedChain()
    {
        for (var i = 0; i < _chain.Count; i++)
        {
            var age = (Now.Nanoseconds - _chainTakenAt[i].Nanoseconds) / 1_000_000_000;
            yield return age <= 0 ? _chain[i] : _chain[i].WithTtl(new Ttl((uint)Math.Max(0, _chain[i].TtlSeconds - age)));
        }
    }

    private static AnswerSource SourceOf(CacheHit hit) => new(
        AnswerSourceKind.Cache, hit.Entry.Origin.Server, hit.Entry.Origin.ServerName, hit.Entry.Origin.Zone, Authoritative: false,
            hit.AgeSeconds, hit.TtlSeconds);

    void IConversationHolder.OnOutOfTime() => FailSpent(ResolutionFailureReason.OutOfTime);

    void IConversationHolder.OnBudgetSpent() => SpendBudget();

    private void SpendBudget() =>
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

    /// <summary>The search for addresses of a zone's own servers at its parent: name after name, IPv4 before IPv6.</summary>
    private sealed class GlueSearch(DnsName[] names, CutServers parent)
    {
        private int _next;

        public CutServers Parent { get; } = parent;
        public bool IsOver { get; private set; }
        public bool IsCharged { get; set; }

        public Question? Current => IsOver || _next >= 2 * names.Length
            ? null
            : new Question(names[_next / 2], _next % 2 == 0 ? RecordType.A : RecordType.AAAA);

        public void Skip() => (_next, IsCharged) = (_next + 1, false);

        public void End() => IsOver = true;
    }
}
