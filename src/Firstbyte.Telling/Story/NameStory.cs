using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Telling.Story;

/// <summary>Tells how a name was resolved: one block a question, one row a server that was asked.</summary>
/// <remarks>
/// A block is printed when its question is settled, so that its columns can be aligned and the questions for A and AAAA, which run at
/// the same time, do not mix. Questions that a resolver asks for itself (a name server's address) hang below the row that needed them.
/// What the own DNS server does for us in the lab belongs to the question that we asked it, though it has no span in common with it.
/// </remarks>
internal sealed class NameStory(IRowSink rows, Language language, int verbosity)
{
    private readonly INameSentences _words = language.Names;
    private readonly Dictionary<long, Block> _blocks = [];
    private readonly List<Block> _open = [];
    private readonly Dictionary<long, ValidationStarted> _validations = [];
    private HostsFileMatched? _hosts;

    /// <summary>Why the own DNS server could not answer, as far as its relay was seen: it tells us only that it failed.</summary>
    public ResolutionFailed? RelayFailure { get; private set; }

    /// <summary>Takes an event of a resolution; false when it is none.</summary>
    public bool Tell(TraceEvent traceEvent)
    {
        if (traceEvent is ResolutionStarted started)
        {
            Start(started);
            return true;
        }
        if (traceEvent is ValidationStarted validation)
        {
            _validations[validation.Span] = validation;
            return true;
        }
        if (traceEvent is ValidationCompleted { Status: SecurityStatus.Bogus } forged) { Doubt(forged); }
        if (!_blocks.TryGetValue(traceEvent.Span, out var block)) { return TellOwnKnowledge(traceEvent) || IsNameEvent(traceEvent); }
        switch (traceEvent)
        {
            case CacheProbed probe: Probe(block, probe); break;
            case QuerySent sent when sent.Transport == DnsTransport.Tcp && verbosity > 0:
                block.Add(At(block, sent.Zone, sent.Server, sent.ServerName), _words.AskedOverTcp);
                break;
            case QuerySent { Transport: DnsTransport.Tls or DnsTransport.Https } sent when verbosity > 0:
                block.Add(At(block, sent.Zone, sent.Server, sent.ServerName), _words.AskedSecured(sent.Transport));
                break;
            case ResponseReceived response: Respond(block, response); break;
            case ReferralFollowed referral:
                Settle(block, _words.Referral(Zone(referral.ToZone), referral.Servers.Length, referral.GlueCount > 0), Role.Words);
                break;
            case AliasFollowed alias: Settle(block, _words.Alias(alias.To), Role.Words); break;
            case ServerLame or QueryTimedOut when block is { Mode: ResolutionMode.Stub, RelayShown: true }: break;
            case ServerLame lame:
                var asked = block.Mode == ResolutionMode.Stub ? _words.NotResolved(lame.Kind, lame.Code) : _words.Lame(lame.Kind, Zone(lame.Zone), lame.Code);
                Settle(block, asked, Role.Warning);
                break;
            case QueryTimedOut timeout: Wait(block, timeout); break;
            case QueryFailed failed:
                block.Add(At(block, failed.Zone, failed.Server, failed.ServerName), _words.WhyNot(failed), Role.Warning);
                break;
            case ResponseRejected rejected:
                block.Add(new Asked(Phrase.Empty, rejected.Server.Address.ToString(), ""), _words.Rejected(rejected.Reason), Role.Warning);
                break;
            case ServerAddressDenied denied:
                block.Add(new Asked(Phrase.Of(Zone(denied.Zone), Role.Name), denied.Address.ToString(), denied.ServerName), _words.AddressDenied, Role.Warning);
                break;
            case ServerAddressNeeded needed:
                block.Add(new Asked(Phrase.Of(Zone(needed.Zone), Role.Name), "", needed.ServerName), _words.AddressNeeded(needed.Type));
                break;
            case ResolutionJoined: block.Add(Asked.Nobody, _words.Joined); break;
            case ResolutionCycleFound cycle: block.Add(Asked.Nobody, _words.Circle(cycle.Path), Role.Warning); break;
            case ResolutionCompleted completed: Complete(block, completed); break;
            case ResolutionFailed failure: Fail(block, failure); break;
            default: return false;
        }
        return true;
    }

    // What the host knows itself (its hosts file, names of special use) is asked of nobody: there is no question to open a block for.
    private bool TellOwnKnowledge(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case HostsFileMatched hosts:
                _hosts = hosts;
                return true;
            case ResolutionCompleted { Source: AnswerSourceKind.HostsFile or AnswerSourceKind.SpecialUseName } known:
                var what = known.Code == "NXDOMAIN" ? _words.DoesNotExist(0)
                    : known.Answers.Length == 0 ? _words.HasNoRecords(known.Type, 0)
                    : Phrase.Of(string.Join(", ", known.Answers), Role.Address);
                var where = known.Source == AnswerSourceKind.HostsFile && _hosts is { } file ? _words.HostsFileLine(file.Line, file.Path)
                    : _words.Source(new AnswerSource(known.Source, null, "", "", Authoritative: false, 0, 0));
                rows.Step(language.Labels.Name, $"{_words.Question(known.Name.TrimEnd('.'), known.Type)}  {what}  {where}");
                return true;
            default: return false;
        }
    }

    /// <summary>Prints what is still open: the journey is over before its questions are.</summary>
    public void Close() => Close(_words.NotWaitedFor);

    /// <summary>Prints what is still open: what is told ends here.</summary>
    public void Cut() => Close(_words.ToldNoFurther);

    private void Close(Phrase outcome)
    {
        foreach (var block in _open.ToArray())
        {
            block.Outcome ??= outcome;
            Print(block, null);
        }
        _blocks.Clear();
    }

    private static bool IsNameEvent(TraceEvent traceEvent) =>
        traceEvent is CacheProbed or QuerySent or ResponseReceived or ReferralFollowed or AliasFollowed or QueryTimedOut
        or QueryFailed or ResponseRejected or ServerLame or ServerAddressDenied or ServerAddressNeeded or ResolutionJoined
            or ResolutionCycleFound or ResolutionCompleted or ValidationCompleted
        or ResolutionFailed or HostsFileMatched;

    private void Start(ResolutionStarted started)
    {
        if (_blocks.TryGetValue(started.Parent, out var above) && !above.Settled)
        {
            _blocks[started.Span] = new Block(above, started);
            return;
        }
        // What only checking asks for (keys, DS records) is told to those who want to see all of it.
        if (_validations.TryGetValue(started.Parent, out var validation) && verbosity == 0
            && (validation.Type != started.Type || !SameName(validation.Name, started.Name)))
        {
            _blocks[started.Span] = new Block(null, started) { IsQuiet = true };
            return;
        }
        // The own DNS server works for whoever of us waits for this very question.
        var asker = _open.Find(
            b => b.Mode == ResolutionMode.Stub && started.Mode == ResolutionMode.Iterative && SameName(b.Name, started.Name)
            && b.Type == started.Type);
        if (asker is not null)
        {
            asker.RelayShown = true;
            _blocks[started.Span] = new Block(asker, started, sameDepth: true);
            return;
        }
        RelayFailure = null;
        var block = new Block(null, started);
        _blocks[started.Span] = block;
        _open.Add(block);
    }

    private static bool SameName(string left, string right) => string.Equals(left.TrimEnd('.'), right.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);

    private void Probe(Block block, CacheProbed probe)
    {
        if (probe.Outcome == CacheOutcome.Miss) { return; }
        var cached = _words.FromCache(probe.AgeSeconds, probe.TtlSeconds);
        if (block.Top == block) { block.Cached = cached; }
        // What the own DNS server finds in its cache for our question.
        else if (block.Depth == block.Top.Depth) { block.Top.Source = cached; }
    }

    private void Respond(Block block, ResponseReceived response)
    {
        // The own server's reply only closes the relay that was shown in full above it; one from its cache is all that there is.
        if (block.Mode == ResolutionMode.Stub && block.RelayShown && block.Rows.Count > 0) { return; }
        if (block.Depth == block.Top.Depth && response.Authoritative) { block.Top.Source = _words.FromResponsibleServer; }
        block.Add(At(block, response.Zone, response.Server, response.ServerName), What(response), nanoseconds: response.ElapsedNanoseconds);
        block.Rows[^1] = block.Rows[^1] with { IsAnswer = response.AnswerCount > 0, IsAuthoritative = response.Authoritative };
    }

    private Phrase What(ResponseReceived response)
    {
        if (response.Truncated) { return _words.TruncatedAsksAgain; }
        var what = response.Code != "NOERROR" ? response.Code : response.AnswerCount > 0 ? _words.Answer(response.Answers) : _words.NoSuchRecords;
        if (response.TtlSeconds is { } ttl) { what += _words.Ttl(ttl); }
        return response.Authoritative ? what + _words.Authoritative : what;
    }

    private static void Settle(Block block, Phrase text, Role role)
    {
        if (block.Rows.Count > 0 && block.Rows[^1].Depth == block.Depth && block.Rows[^1].Asked.Address.Length > 0)
        {
            block.Rows[^1] = block.Rows[^1] with { Text = text, Role = role };
            return;
        }
        block.Add(Asked.Nobody, text, role);
    }

    private void Wait(Block block, QueryTimedOut timeout)
    {
        var address = timeout.Server.Address.ToString();
        var index = block.Rows.FindIndex(r => r.Depth == block.Depth && r.Silences > 0 && r.Asked.Address == address);
        if (index < 0)
        {
            block.Add(At(block, timeout.Zone, timeout.Server, timeout.ServerName), _words.NoAnswer(1), Role.Warning, timeout.WaitedNanoseconds);
            block.Rows[^1] = block.Rows[^1] with { Silences = 1 };
            return;
        }
        var row = block.Rows[index];
        block.Rows[index] = row with
        {
            Silences = row.Silences + 1,
            Text = _words.NoAnswer(row.Silences + 1),
            Nanoseconds = row.Nanoseconds + timeout.WaitedNanoseconds
        };
    }

    private void Complete(Block block, ResolutionCompleted completed)
    {
        block.Settled = true;
        if (block.Top != block) { return; }
        block.Outcome = completed.Code == "NXDOMAIN" ? _words.DoesNotExist(completed.TtlSeconds)
            : completed.Answers.Length == 0 ? _words.HasNoRecords(completed.Type, completed.TtlSeconds)
            : null;
        block.Answers = completed.Answers;
        // The server's own row says it, with what is known besides: once is enough.
        if (block.Outcome is { } denial && block.Rows.Count > 0 && block.Rows[^1] is { } last && last.Depth == block.Depth && last.Role == Role.Words)
        {
            Settle(block, last.IsAuthoritative ? denial + _words.Authoritative : denial, Role.Warning);
            block.Outcome = null;
        }
        Print(block, completed.ElapsedNanoseconds);
    }

    // The own DNS server has an answer and withholds it: of this, too, it tells us only that it failed.
    private void Doubt(ValidationCompleted forged)
    {
        if (_open.Find(one => one.Mode == ResolutionMode.Stub && SameName(one.Name, forged.Name) && one.Type == forged.Type) is not { } asker) { return; }
        asker.Add(Asked.Nobody, _words.Security(SecurityStatus.Bogus, forged.Flaw), Role.Warning);
        RelayFailure = new ResolutionFailed(forged.Name, forged.Type, ResolutionFailureReason.Bogus, FaultParty.ZoneOperator, forged.Zone, [], 0);
    }

    private void Fail(Block block, ResolutionFailed failure)
    {
        block.Settled = true;
        if (block.Top != block)
        {
            if (block.Parent is { Mode: ResolutionMode.Stub } && block.Mode == ResolutionMode.Iterative) { RelayFailure = failure; }
            if (block.Parent is { } above && block.Depth > above.Depth)
            {
                block.Add(Asked.Nobody, _words.SubQuestionFailed(failure.Name, failure.Type, failure.Reason), Role.Warning);
            }
            return;
        }
        block.Failed = true;
        Print(block, failure.ElapsedNanoseconds);
    }

    private void Print(Block block, long? elapsed)
    {
        _open.Remove(block);
        block.Settled = true;
        if (block.IsQuiet) { return; }
        var question = _words.Question(Zone(block.Name), block.Type);
        if (block.Cached is { } cached && block.Rows.Count == 0)
        {
            rows.Step(language.Labels.Name, $"{question}  {block.Outcome ?? Phrase.Of(string.Join(", ", block.Answers), Role.Address)}  {cached}", elapsed);
            return;
        }
        var asked = block.Server is { } server
            ? (block.ServerIsNamed ? _words.AskedNamedServer(server) : _words.AskedOwnServer(server))
            : block.Mode == ResolutionMode.Iterative ? _words.AskedFromTheRoot : Phrase.Empty;
        if (block.Source is { } source && !block.Failed) { asked = asked.IsEmpty ? source : _words.AskedAndFrom(asked, source); }
        rows.Show(new Row(RowKind.Step)
        {
            Label = language.Labels.Name,
            Text = asked.IsEmpty ? question : $"{question}  {asked}",
            Nanoseconds = elapsed,
            Children = [.. block.Rows.Select(static row => row.ToRow())],
            IsBroken = block.Failed,
        });
        if (block.Outcome is { } outcome) { rows.Detail(outcome, role: Role.Warning); }
    }

    // Who resolves for us is responsible for no zone: it is told by what it is to us.
    private Asked At(Block block, string zone, Endpoint server, string name) => new(
        block.Mode != ResolutionMode.Stub ? Phrase.Of(Zone(zone), Role.Name) : block.ServerIsNamed ? _words.NamedServer : _words.OwnServer,
        server.Address.ToString(), name);

    private static string Zone(string zone) => zone is "" or "." ? "." : zone.TrimEnd('.');

    /// <summary>Of whom something was asked: the zone, or what the server is to us; its address and its name, as far as they matter.</summary>
    private sealed record Asked(Phrase Zone, string Address, string Server)
    {
        public static Asked Nobody { get; } = new(Phrase.Empty, "", "");
    }

    private sealed record NameRow(int Depth, Asked Asked, Phrase Text, Role Role, long? Nanoseconds, int Silences)
    {
        /// <summary>Whether the row holds records that were asked for.</summary>
        public bool IsAnswer { get; init; }

        /// <summary>Whether the server answered for its own data.</summary>
        public bool IsAuthoritative { get; init; }

        public Row ToRow() => new(RowKind.Detail)
        {
            Depth = Depth,
            Text = Text,
            Role = Role,
            Nanoseconds = Nanoseconds,
            IsResult = IsAnswer,
            Cells = ReferenceEquals(Asked, Asked.Nobody) ? [] : [Asked.Zone, Phrase.Of(Asked.Address, Role.Address), Phrase.Of(Asked.Server, Role.Name)],
        };
    }

    private sealed class Block
    {
        public Block(Block? parent, ResolutionStarted started, bool sameDepth = false)
        {
            Parent = parent;
            Top = parent?.Top ?? this;
            Depth = parent is null ? 0 : sameDepth ? parent.Depth : parent.Depth + 1;
            Rows = parent?.Rows ?? [];
            (Name, Type, Mode, Server, ServerIsNamed) = (started.Name, started.Type, started.Mode, started.Server, started.IsNamed);
        }

        public Block? Parent { get; }

        public Block Top { get; }

        public int Depth { get; }

        public List<NameRow> Rows { get; }

        public string Name { get; }

        public string Type { get; }

        public ResolutionMode Mode { get; }

        public Endpoint? Server { get; }

        public bool ServerIsNamed { get; }

        public bool Settled { get; set; }

        /// <summary>Whether it is not shown.</summary>
        public bool IsQuiet { get; init; }

        public bool Failed { get; set; }

        public bool RelayShown { get; set; }

        public Phrase? Cached { get; set; }

        /// <summary>Where the answer comes from, as far as it was heard.</summary>
        public Phrase? Source { get; set; }

        public Phrase? Outcome { get; set; }

        public string[] Answers { get; set; } = [];

        public void Add(Asked asked, Phrase text, Role role = Role.Words, long? nanoseconds = null) =>
            Rows.Add(new NameRow(Depth, asked, text, role, nanoseconds, 0));
    }
}
