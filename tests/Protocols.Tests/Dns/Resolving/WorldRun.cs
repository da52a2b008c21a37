using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Validating;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns.Resolving;

/// <summary>The world of a seed, run from its first question to its last: the resolver under test, its servers, what gets lost, and what must hold.</summary>
internal sealed class WorldRun
{
    private static readonly IpAddress s_forged = IpAddress.Parse("203.0.113.66");

    private readonly ulong _seed;
    private readonly WorldPlan _plan;
    private readonly WorldTruth _truth;
    private readonly WorldRandom _random;
    private readonly ResolverMemory _memory;
    private readonly ResolutionMesh _mesh;
    private readonly PriorityQueue<Action, (long At, long Order)> _queue = new();
    private readonly Dictionary<int, Instant> _timers = [];
    private readonly HashSet<(int Resolution, int Exchange)> _open = [];
    private readonly Dictionary<int, (Question Question, ResolutionBudget Budget, bool IsHealing)> _asked = [];
    private readonly Dictionary<IpAddress, WorldHost> _hosts;
    private readonly Dictionary<(DnsName Owner, RecordType Type), List<Instant>> _heard = [];
    private readonly long _cacheBytes;
    private long _order;
    private WorldBreach? _breach;

    private readonly Action<string>? _log;

    private WorldRun(ulong seed, Action<string>? log)
    {
        (_seed, _log) = (seed, log);
        _plan = new WorldPlan(seed);
        _truth = new WorldTruth(_plan);
        _random = new WorldRandom(seed ^ 0x5DEECE66D);
        _hosts = _plan.Hosts.ToDictionary(static host => host.Address);
        var hints = new Delegation(
            DnsName.Root, [.. _plan.Root.Hosts.Select(static (host, i) => new NameServer(DnsName.Parse($"ns{i}.root-servers"), [host.Address]))], Instant.Never);
        var anchors = _plan.IsChecked && _plan.Root.IsSigned
            ? TrustAnchors.From([new DnsRecord(DnsName.Root, Ttl.Zero, _plan.Root.Key.ToDelegationSigner())])
            : TrustAnchors.None;
        _cacheBytes = _random.OneIn(4) ? 20_000 : DnsCache.DefaultBytes;
        _memory = new ResolverMemory(hints, new UpstreamPolicy { UseV6 = false }, new DnsCache(maxBytes: _cacheBytes))
        { Anchors = anchors, Minimisation = (MinimisationMode)_random.Below(3) };
        _mesh = new ResolutionMesh(
            (asked, budget, depth) => asked.IsChecked
                ? new ValidatedResolution(asked.Question, budget, depth, _memory)
                : new IterativeResolution(asked.Question, budget, depth, _memory), _random.Next)
        { IsListening = log is not null };
    }

    public WorldCoverage Coverage { get; } = new();

    private Instant Now { get; set; } = Instant.SimulationEpoch;

    private static Instant Moment(int milliseconds) => Instant.SimulationEpoch + TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>Runs the world of a seed; what does not hold in it, or null.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="coverage">Takes in what happened how often.</param>
    /// <param name="log">Hears all of it, line by line.</param>
    public static WorldBreach? Execute(ulong seed, WorldCoverage? coverage = null, Action<string>? log = null)
    {
        var run = new WorldRun(seed, log);
        run.Run();
        coverage?.Add(run.Coverage);
        return run._breach;
    }

    private void Run()
    {
        Coverage.Count(_memory.Checks ? "worlds that check signatures" : "worlds that take answers as they come");
        Coverage.Measure("size: zones", _plan.Zones.Count);
        Coverage.Measure("size: zones that are signed", _plan.Zones.Count(static zone => zone.IsSigned));
        Coverage.Measure("size: servers", _plan.Hosts.Count);
        Coverage.Measure("size: servers that are sick or lie", _plan.Hosts.Count(static host => host.IsSick || host.Lies));
        Coverage.Measure("size: changes of zones", _plan.Changes.Count);
        foreach (var (zone, at) in _plan.Changes.OrderBy(static change => change.AtMs)) { At(Moment(at), () => Change(zone)); }
        var questions = 20 + _random.Below(40);
        for (var i = 0; i < questions; i++)
        {
            var at = Moment(_random.Below(WorldPlan.LastMs));
            At(at, () => Ask(_random.Of(_plan.Zones), _random.Of(WorldPlan.Names), false));
        }
        if (_random.OneIn(8))
        {
            var (at, zone, name, clients) = (Moment(_random.Below(WorldPlan.LastMs)), _random.Of(_plan.Zones), _random.Of(WorldPlan.Names), 100 + _random.Below(300));
            At(at, () => Ask(zone, name, false, clients));
        }
        At(Moment(WorldPlan.HealMs), () => { foreach (var host in _plan.Hosts) { host.Heal(); } });
        // Longer than a dead server rests and a failure is remembered; one question is the probe that wakes it.
        for (var i = 0; i < 3; i++) { At(Moment(WorldPlan.HealMs + 79_000 + i * 300), () => Ask(_random.Of(_plan.Zones), "broken", true)); }
        for (var i = 0; i < 30; i++)
        {
            At(Moment(WorldPlan.HealMs + 80_000 + i * 300), () => Ask(_random.Of(_plan.Zones), _random.Of(WorldPlan.Names), true));
        }
        // Last of all: what the liar says of his own name, and what his parent says of it.
        At(Moment(WorldPlan.HealMs + 95_000), () => Ask(_plan.Evil, "", true, wanted: RecordType.A));
        At(Moment(WorldPlan.HealMs + 96_000), () => Ask(_plan.Evil, "", true, wanted: RecordType.DS));
        for (var steps = 0; _breach is null && _queue.TryDequeue(out var action, out var key); steps++)
        {
            if (steps > 200_000)
            {
                Break(WorldRule.Ends, "the world does not come to rest");
                return;
            }
            Now = new Instant(Math.Max(Now.Nanoseconds, key.At));
            action();
        }
        foreach (var (question, _, _) in _asked.Values) { Break(WorldRule.Ends, $"{question} has no end"); }
    }

    private void Break(WorldRule rule, string detail) =>
        _breach ??= new WorldBreach(_seed, rule, (Now.Nanoseconds - Instant.SimulationEpoch.Nanoseconds) / 1e9, detail);

    private void Log(string what) => _log?.Invoke($"{(Now.Nanoseconds - Instant.SimulationEpoch.Nanoseconds) / 1e9,9:0.000} {what}");

    private void At(Instant when, Action action) => _queue.Enqueue(action, (when.Nanoseconds, _order++));

    private void Change(WorldZone zone)
    {
        Coverage.Count("zones changed");
        foreach (var (host, version, delay) in _plan.Change(zone, Now)) { At(Now + TimeSpan.FromMilliseconds(delay), () => host.Serve(zone, version)); }
    }

    private void Ask(WorldZone zone, string name, bool isHealing, int clients = 1, RecordType? wanted = null)
    {
        RecordType[] types = [RecordType.A, RecordType.A, RecordType.A, RecordType.AAAA, RecordType.TXT, RecordType.NS, RecordType.CNAME, RecordType.DS, RecordType.SOA];
        var type = name switch { "text" or "long" => RecordType.TXT, _ => wanted ?? types[_random.Below(types.Length)] };
        var full = _random.OneIn(8) ? DnsName.Parse($"x{_random.Below(20)}.stolen") : DnsName.Parse(name.Length == 0 ? zone.Origin.ToString() : zone.Origin.IsRoot ? $"{name}." : $"{name}.{zone.Origin}");
        var question = new Question(full, type);
        var effects = new List<MeshEffect>();
        if (clients > 1) { Coverage.Count("crowds that ask for one name"); }
        for (var i = 0; i < clients; i++)
        {
            var budget = new ResolutionBudget(Now + ResolutionLimits.ClientQueryTime);
            Coverage.Count("questions");
            Log($"asked: {question}");
            var ticket = _mesh.Ask(question, budget, Now, effects, _memory.Checks);
            _asked.Add(ticket, (question, budget, isHealing));
        }
        Apply(effects);
    }

    private void Feed(int resolution, ResolutionInput input)
    {
        var effects = new List<MeshEffect>();
        _mesh.Handle(resolution, input, Now, effects);
        Apply(effects);
    }

    private void Apply(List<MeshEffect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case MeshEffect.Answered answered: Take(answered.Ticket, answered.Outcome); break;
                case MeshEffect.Forward { Effect: ResolutionEffect.Tell told } forward: Log($"{forward.Resolution}: {told.Event}"); break;
                case MeshEffect.Closed closed: _timers.Remove(closed.Resolution); break;
                case MeshEffect.Forward { Effect: ResolutionEffect.EndExchange end } forward: _open.Remove((forward.Resolution, end.Exchange)); break;
                case MeshEffect.Forward { Effect: ResolutionEffect.SendQuery send } forward: Send(forward.Resolution, send); break;
                case MeshEffect.Forward { Effect: ResolutionEffect.VerifySignature job } forward:
                    var isValid = HashKey.IsValid(job.Set, job.Signature, job.Key);
                    Coverage.Count("signatures verified");
                    At(Now, () => Feed(forward.Resolution, new ResolutionInput.SignatureVerified(job.Job, isValid)));
                    break;
                case MeshEffect.Forward { Effect: ResolutionEffect.SetTimer timer } forward:
                    var resolution = forward.Resolution;
                    _timers[resolution] = timer.Due;
                    At(timer.Due, () => { if (_timers.TryGetValue(resolution, out var due) && due == timer.Due) { Feed(resolution, new ResolutionInput.TimedOut(due)); } });
                    break;
            }
        }
    }

    private void Take(int ticket, ResolutionOutcome outcome)
    {
        if (!_asked.Remove(ticket, out var asked))
        {
            Break(WorldRule.Ends, $"{outcome.Question} has two ends");
            return;
        }
        if (Now > asked.Budget.Deadline) { Break(WorldRule.Ends, $"{asked.Question} ends after its time"); }
        if (asked.Budget.SendsSpent > ResolutionLimits.SendsPerClientQuery) { Break(WorldRule.Thrift, $"{asked.Question} has cost {asked.Budget.SendsSpent} messages"); }
        if (_memory.Cache.Bytes > _cacheBytes) { Break(WorldRule.Thrift, $"the cache takes {_memory.Cache.Bytes} bytes of {_cacheBytes}"); }
        var isHealthy = asked.IsHealing || _truth.IsHealthy(asked.Question);
        Coverage.Count(isHealthy ? "questions about what is healthy" : "questions about what ails");
        switch (outcome)
        {
            case ResolvedAnswer answer:
                Coverage.Count($"answers: {(answer.IsDenial ? "denials" : "records")}, {answer.Status}");
                if (answer.Source.Kind == AnswerSourceKind.Cache) { Coverage.Count("answers from the cache"); }
                foreach (var type in answer.Records.Select(static record => record.Type).Distinct()) { Coverage.Count($"records: {type}"); }
                if (_truth.Judge(answer, asked.Question, Now, _memory.Checks) is var (rule, detail)) { Break(rule, detail); }
                JudgeAge(answer, asked.Question);
                TellStub(asked.Question, answer.Code, answer.Records);
                break;
            case ResolutionFailure failure:
                Coverage.Count($"failures: {failure.Reason}");
                if (failure.Reason == ResolutionFailureReason.AliasLoop && _truth.Loops(asked.Question))
                {
                    TellStub(asked.Question, ResponseCode.NoError, failure.Aliases);
                    break;
                }
                // Keys that cannot be had are no forgery, and an answer that cannot be checked is none.
                if (failure is { Reason: ResolutionFailureReason.Bogus, Flaw: not ValidationFlaw.KeysUnavailable } && !_truth.Doubtful(asked.Question))
                {
                    Break(WorldRule.Security, $"{asked.Question} is bogus: {failure.Flaw} at {failure.Zone}");
                }
                if (isHealthy && !_truth.Doubtful(asked.Question))
                {
                    Break(asked.IsHealing ? WorldRule.Healing : WorldRule.Independence,
                        $"{asked.Question} fails: {failure.Reason} at {failure.Zone}: {string.Join("; ", failure.Evidence.AsEnumerable())}");
                }
                break;
        }
    }

    /// <summary>Of a time no more is gone than the whole seconds since the record came.</summary>
    private void JudgeAge(ResolvedAnswer answer, Question question)
    {
        // What a wildcard gives may be made of what it gave for another name (RFC 8198 section 5.3).
        if (answer.Records is not [var record] || $"{question.Name}".Contains(".wild.", StringComparison.OrdinalIgnoreCase) || record.Owner != question.Name || record.Type != question.Type || _truth.Doubtful(question)
            || !_heard.TryGetValue((record.Owner, record.Type), out var heard)) { return; }
        Coverage.Count("ages compared");
        var times = _truth.TimesOf(record).ToArray();
        if (!heard.Exists(at => times.Any(whole => whole <= record.Ttl.Seconds + (Now.Nanoseconds - at.Nanoseconds) / 1_000_000_000)))
        {
            Break(WorldRule.Time, $"{question} has {record.Ttl.Seconds} s of {string.Join(" or ", times)} left, and came "
                + string.Join(", ", heard.Select(at => $"{(Now.Nanoseconds - at.Nanoseconds) / 1e9:0.000} s ago")));
        }
    }

    /// <summary>A stub resolver that is given this as an answer takes it for the same.</summary>
    private void TellStub(Question question, ResponseCode code, DnsRecord[] records)
    {
        if (records.Length == 0 || _truth.Doubtful(question) && !_truth.Loops(question)) { return; }
        var server = new Endpoint(IpAddress.LoopbackV4, 53);
        var stub = new StubResolution(
            question, new ResolutionBudget(Now + ResolutionLimits.ClientQueryTime), new StubOptions([server]), new DnsCache(), new InfrastructureCache());
        var effects = new ResolutionEffects();
        stub.Handle(ResolutionInput.Begin.Instance, Now, 0, effects);
        var sent = effects.Items.OfType<ResolutionEffect.SendQuery>().Single();
        var reply = new DnsMessage
        {
            Flags = HeaderFlags.Response | HeaderFlags.RecursionDesired | HeaderFlags.RecursionAvailable,
            ResponseCode = code,
            Questions = [question],
            Answers = records,
        };
        effects.Clear();
        stub.Handle(new ResolutionInput.ResponseArrived(sent.Exchange, server, reply.ToArray()), Now, 0, effects);
        Coverage.Count("answers that a stub reads");
        var outcome = effects.Items.OfType<ResolutionEffect.Complete>().SingleOrDefault()?.Outcome;
        var isSame = _truth.Loops(question)
            ? outcome is ResolutionFailure { Reason: ResolutionFailureReason.AliasLoop }
            : outcome is ResolvedAnswer answer && answer.Code == code && answer.Records.Length == records.Length;
        if (!isSame) { Break(WorldRule.Truth, $"{question}: a stub makes of {records.Length} records {outcome}"); }
    }

    private void Send(int resolution, ResolutionEffect.SendQuery send)
    {
        _open.Add((resolution, send.Exchange));
        Coverage.Count(send.Transport == DnsTransport.Udp ? "messages over UDP" : "messages over TCP");
        if (!_hosts.TryGetValue(send.Server.Address, out var host))
        {
            // Only who believed a forged address asks there.
            At(Now, () => Feed(resolution, new ResolutionInput.NetworkFailed(send.Exchange, Errno.ENETUNREACH, WasSent: false)));
            if (send.Server.Address == s_forged) { Break(WorldRule.Truth, "a forged address is asked"); }
            return;
        }
        if (!DnsMessage.TryParse(send.Message, out var query, out _))
        {
            Break(WorldRule.Ends, "a query that cannot be read");
            return;
        }
        if (send.Transport == DnsTransport.Udp && _random.Below(1000) < _plan.Strangers) { Forge(resolution, send, query, host); }
        if (host.IsDead || send.Transport == DnsTransport.Udp && Drops(host))
        {
            Coverage.Count("messages lost");
            return;
        }
        if (WorldServer.Answer(host, query, send.Message, send.Transport, _plan, Coverage) is not { } reply) { return; }
        if (send.Transport == DnsTransport.Udp && Drops(host))
        {
            Coverage.Count("messages lost");
            return;
        }
        Deliver(resolution, send, reply, host.LatencyMs + (host.JitterMs > 0 ? _random.Below(host.JitterMs) : 0));
        if (send.Transport == DnsTransport.Udp && _random.Below(1000) < host.Duplicates)
        {
            Coverage.Count("replies doubled");
            Deliver(resolution, send, reply, host.LatencyMs + _random.Below(400));
        }
    }

    private bool Drops(WorldHost host) => host.Loss > 0 && _random.Below(1000) < host.Loss;

    private void Deliver(int resolution, ResolutionEffect.SendQuery send, byte[] reply, int milliseconds) => At(Now + TimeSpan.FromMilliseconds(milliseconds), () =>
    {
        // Late ones meet whatever the resolution asks by then: its sockets are closed, its number may be another's.
        if (_open.Contains((resolution, send.Exchange)))
        {
            if (DnsMessage.TryParse(reply, out var said, out _))
            {
                foreach (var record in said.Answers)
                {
                    if (!_heard.TryGetValue((record.Owner, record.Type), out var heard)) { _heard[(record.Owner, record.Type)] = heard = []; }
                    heard.Add(Now);
                }
            }
            Feed(resolution, new ResolutionInput.ResponseArrived(send.Exchange, send.Server, reply));
        }
        else { Coverage.Count("replies that come late"); }
    });

    /// <summary>A stranger who does not see the question, and one who sees part of it: an id that is wrong, or another name than was asked for.</summary>
    private void Forge(int resolution, ResolutionEffect.SendQuery send, DnsMessage query, WorldHost host)
    {
        Coverage.Count("replies forged");
        var question = query.Questions[0];
        var isGuess = _random.OneIn(2);
        var forged = new DnsMessage
        {
            Id = isGuess ? (ushort)(query.Id + 1 + _random.Below(65_535)) : query.Id,
            Flags = HeaderFlags.Response | HeaderFlags.AuthoritativeAnswer,
            Questions = isGuess ? query.Questions : [question with { Name = DnsName.Parse("www.evil") }],
            Answers = [new DnsRecord(question.Name, new Ttl(86_400), new AddressData(s_forged))],
        };
        Deliver(resolution, send, forged.ToArray(), Math.Max(0, host.LatencyMs - 1 - _random.Below(10)));
    }
}
