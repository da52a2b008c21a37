using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;

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
/// When all servers of a cut that was known before fail, its parent is asked once more: the zone may have moved.
/// An answer without AA is accepted at a low rank, unless its sender offers recursion: then it serves only when nobody else answers.
/// </remarks>
public sealed class IterativeResolution : Resolution, IConversationHolder
{
    private readonly ResolverMemory _memory;
    private readonly bool _useCache;
    private readonly ServerConversation _conversation;
    private readonly AliasChain _aliases = new();
    private readonly List<SignedSet> _proof = [];
    private readonly NameMinimisation _minimisation;
    private readonly GatheredEvidence _evidence = new();
    private readonly Dictionary<(Endpoint Server, DnsName Zone), LamenessKind> _dismissed = [];
    private DnsName _name;
    private CutServers? _servers;
    private GlueSearch? _glue;

    // What is under way is the glue search's question: a server of the cut may wake up while the search is not over.
    private bool _asksForGlue;
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

    // A server that is fast as a rule may have to work for one name: the last try of all has no reason to be short, as nothing else is left to do.
    TimeSpan IConversationHolder.UdpTimeout(AskedServer server) => _servers?.IsLastTry(server) == true
        ? ResolutionLimits.MaxTimeout : _memory.Infrastructure.Timeout(server.Endpoint.Address, server.Zone);

    private protected override void Take(ResolutionInput input)
    {
        if (input is ResolutionInput.SubQuestionAnswered answered) { OnSubQuestionAnswered(answered.Question, answered.Outcome); }
        else { _conversation.Take(input); }
    }

    private protected override void OnCompleting() => _conversation.EndExchange();

    private protected override void OnBegin()
    {
        if (IsListening) { Tell(new ResolutionStarted(Question.Name.ToHostString(), Question.Type.ToString(), ResolutionMode.Iterative, null)); }
        // Types that only make sense between a client and one server have no place in a resolver, and 0 is none (RFC 6895 3.1); ANY is a question for
        // every type.
        if (Question.Type.IsMeta && Question.Type != RecordType.Any || Question.Type.Value == 0 || Question.Class != RecordClass.IN)
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
                    if (hit.SubstitutionNow() is { } made) { _aliases.Take(made, Now); }
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
        Enter(_memory.Delegations.FindDeepest(start, Now) ?? _memory.RootAt(Now), fromCache: true);
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

    private void AskServer(AskedServer server)
    {
        _asksForGlue = false;
        _conversation.Ask(server, _minimisation.Next(new Question(_name, Question.Type)));
    }

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
        if (servers.ChooseAnyway(Question, Now, Choice) is { } anyServer)
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
            new CutServers(_memory.Delegations.FindDeepest(servers.Cut.Zone.Parent, Now) ?? _memory.RootAt(Now), true, _memory, Now, [], _dismissed));
        while (glue.Current is { } question)
        {
            if (!glue.IsCharged && !Budget.TryChargeAddressLookup()) { break; }
            glue.IsCharged = true;
            // One odd reply about another name is no reason to ask nobody here either.
            if ((glue.Parent.Choose(Now, Choice) ?? glue.Parent.ChooseAnyway(Question, Now, Choice)) is { } parent)
            {
                if (IsListening) { Tell(new ServerAddressNeeded(question.Name.ToHostString(), question.Type.ToString(), servers.Cut.Zone.ToHostString())); }
                _asksForGlue = true;
                _conversation.Ask(parent, question);
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
        var addresses = ScrubbedReply.FindGlueOf(reply, question.Name, out var ttl);
        glue.Skip();
        if (addresses.Length > 0)
        {
            _servers!.AddGlue(question.Name, addresses);
            // The cut keeps it as if it had come along with the referral: what lies further down has to ask these servers for its own.
            _memory.Delegations.AddGlue(_servers.Cut, question.Name, addresses, Now.PlusNanoseconds(ttl * 1_000_000_000L));
            glue.End();
        }
        AskNext();
    }

    private void LeaveCut(CutServers servers)
    {
        _evidence.Add(servers.Evidence(Now));
        if (servers is { IsFromCache: true, Cut.IsHint: false } && !_askedParentAgain)
        {
            _askedParentAgain = true;
            // The cut stays until the parent gives another: of no use for this name, it may be all that there is for others.
            Enter(_memory.Delegations.FindDeepest(servers.Cut.Zone.Parent, Now) ?? _memory.RootAt(Now), fromCache: true);
            return;
        }
        if (_memory.Priming.FallBack(servers.Cut, Now) is { } hints)
        {
            Enter(hints, fromCache: false);
            return;
        }
        if (Budget.AddressLookupsLeft <= 0 || Budget.FailedAddressLookupsLeft <= 0)
        {
            FailSpent(ResolutionFailureReason.BudgetSpent);
            return;
        }
        var reason = _evidence.ReasonAt(servers.Cut.Zone.ToHostString());
        var nobodyOutside = servers.Cut.IsHint && reason is ResolutionFailureReason.NoServerAnswers or ResolutionFailureReason.NetworkUnreachable;
        Fail(reason, nobodyOutside || reason == ResolutionFailureReason.NetworkUnreachable ? FaultParty.Network : FaultParty.ZoneOperator);
    }

    private void OnSubQuestionAnswered(Question question, ResolutionOutcome outcome)
    {
        _servers!.TakeLookup(question, outcome, Budget);
        AskNext();
    }

    void IConversationHolder.OnServerFailed(AskedServer server)
    {
        if (!_asksForGlue) { _minimisation.NoteSilence(); }
        AskNext();
    }

    void IConversationHolder.OnReply(Reply reply, AskedServer server, DnsTransport transport)
    {
        var isWithheld = _memory.PrivateAddresses.Withhold(reply);
        if (_asksForGlue)
        {
            TakeGlue(_glue!, reply, server);
            return;
        }
        var cut = _servers!.Cut;
        server.Code = reply.Code;
        if (_minimisation.Asked is { } part)
        {
            TakeMinimised(ScrubbedReply.Read(reply, cut, part.Name, part.Type, Now, _memory.Policy.HardensGlue), server);
            return;
        }
        var read = ScrubbedReply.Read(reply, cut, _name, Question.Type, Now, _memory.Policy.HardensGlue);
        if (isWithheld && read.Kind == ReplyKind.Lame && reply.Code == ResponseCode.NoError)
        {
            // There was an answer, of which nothing is left: for this resolver's clients the name has no such record.
            KeepEmpty(server);
            var nothing = new ScrubbedReply { Kind = ReplyKind.NoData, LastName = read.LastName };
            TakeFinal(nothing, server, TrustRank.AnswerNonAuthoritative, keep: false);
            return;
        }
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
                if (_memory.Primes && cut.IsHint && _name.IsRoot && Question.Type == RecordType.NS && read.Kind == ReplyKind.Answer && reply.IsAuthoritative)
                {
                    _memory.Priming.Take(reply, _memory.Policy, Now);
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

    private void KeepEmpty(AskedServer server) => ReplyKeeper.KeepEmpty(_memory.Cache, _name, Question.Type, OriginOf(server), Now);

    private static AnswerOrigin OriginOf(AskedServer server) => new(server.Endpoint, server.Name, server.Zone.ToHostString());

    private void Dismiss(AskedServer server, LamenessKind kind)
    {
        (server.IsFinished, server.Outcome, server.Lameness) = (true, ServerOutcome.Lame, kind);
        _dismissed[(server.Endpoint, server.Zone)] = kind;
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
            _evidence.Add(_servers.Evidence(Now));
            Fail(ResolutionFailureReason.TooManyReferrals, FaultParty.ZoneOperator);
            return;
        }
        var cut = _memory.Delegations.Store(read.Delegation!, from);
        if (_memory.WantsSignatures) { ReplyKeeper.KeepSigner(_memory.Cache, cut.Zone, read, OriginOf(server), Now); }
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
        var origin = OriginOf(server);
        if (keep) { ReplyKeeper.Keep(_memory.Cache, _name, Question.Type, read, rank, origin, Now); }
        var authoritative = rank.IsAuthoritative();
        AnswerSource Source(long ttl) => new(AnswerSourceKind.ResponsibleServer, server.Endpoint, server.Name, origin.Zone, authoritative, 0, ttl);
        switch (read.Kind)
        {
            case ReplyKind.Alias or ReplyKind.Answer or ReplyKind.NameTooLong:
                var aliases = read.Kind == ReplyKind.Answer ? read.Chain.Count - 1 : read.Chain.Count;
                if (read.Proof.Length > 0 && read.Chain.Any(ReplyKeeper.IsExpanded)) { _proof.AddRange(read.Proof); }
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

    private bool TakeAlias(CacheHit hit)
    {
        if (hit.SubstitutionNow() is { } made) { _aliases.Take(made, Now); }
        _proof.AddRange(hit.ProofNow());
        return TakeAlias(hit.SetNow());
    }

    /// <summary>Takes one alias (or the DNAME record before it) into the chain; false when that ends the resolution.</summary>
    private bool TakeAlias(SignedSet alias)
    {
        _aliases.Take(alias, Now);
        if (alias.Type == RecordType.DNAME) { return true; }
        var target = ((NameData)alias.Records[0].Data).Target;
        if (IsListening) { Tell(new AliasFollowed(_name.ToHostString(), target.ToHostString(), _aliases.IsLastSubstituted)); }
        var flaw = _aliases.Follow(_name, target);
        _name = target;
        if (flaw is { } reason) { FailAlias(reason); }
        return flaw is null;
    }

    private void FailAlias(ResolutionFailureReason reason)
    {
        if (_servers is not null) { _evidence.Add(_servers.Evidence(Now)); }
        var failure = new ResolutionFailure(Question, reason, FaultParty.ZoneOperator, _servers?.Cut.Zone ?? _name, _evidence.All)
        {
            Aliases = _aliases.Records,
        };
        if (!IsOfFreshness) { _memory.Cache.StoreFailure(failure, Now); }
        Complete(failure);
    }

    /// <summary>Whether the cache, which was not looked at, may know better than a failure.</summary>
    private bool IsOfFreshness => Depth == 0 && Budget.WantsFresh;

    private void Answer(ResponseCode code, SignedSet? last, DnsRecord? soa, AnswerSource source)
    {
        SignedSet[] sets = _aliases.IsEmpty ? last is null ? [] : [last]
            : last is null ? [.. _aliases.At(Now)]
            : [.. _aliases.At(Now), last];
        DnsRecord[] records = sets is [var only] ? only.Records : [.. sets.SelectMany(static set => set.Records)];
        Complete(new ResolvedAnswer(Question, code, records, soa, source) { Sets = sets, Proof = [.. _proof] });
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
        if (_servers is not null) { _evidence.Add(_servers.Evidence(Now)); }
        var isRootSilent = _servers is { Cut.IsHint: true } && _evidence.IsSilence;
        Complete(new ResolutionFailure(Question, reason,
            _evidence.IsEmpty ? FaultParty.Unknown : isRootSilent ? FaultParty.Network : FaultParty.ZoneOperator,
            _servers?.Cut.Zone ?? _name, _evidence.All));
    }

    private void Fail(ResolutionFailureReason reason, FaultParty atFault)
    {
        var failure = new ResolutionFailure(Question, reason, atFault, _servers?.Cut.Zone ?? _name, _evidence.All);
        // RFC 9520 3.2 asks to remember failures of the servers. What may be this resolver's own trouble, or comes of the question that
        // this one was asked for (a ring, a limit), is not held against the name.
        var ofContext = Depth > 0 && reason is ResolutionFailureReason.CyclicDelegation or ResolutionFailureReason.NoServerAddress;
        if (atFault == FaultParty.ZoneOperator && !ofContext && !IsOfFreshness) { _memory.Cache.StoreFailure(failure, Now); }
        Complete(failure);
    }

    private void TellDenied(CutServers servers)
    {
        var denied = servers.TakeDenied();
        if (IsListening)
        {
            foreach (var (address, name) in denied) { Tell(new ServerAddressDenied(address, name.ToHostString(), servers.Cut.Zone.ToHostString())); }
        }
    }

    private sealed record LastResort(ScrubbedReply Reply, AskedServer Server);
}
