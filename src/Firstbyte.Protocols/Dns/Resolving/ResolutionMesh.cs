using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Resolving;

/// <summary>Owns all resolutions of a resolver: joins questions that are the same, finds questions that wait for themselves, and charges budgets.</summary>
/// <remarks>
/// Theory of operation. Resolutions are the nodes of a graph, "waits for" its edges; clients are waiters without a node. A question that is
/// under way already gets one more waiter instead of a second resolution, so that an attacker cannot make a resolver ask the same
/// question a hundred times at once and answer one of them (CVE-2025-5994). Before an edge is added, the graph is searched for a way back:
/// an edge that would close a ring is answered with a failure at once (zones whose servers' names lie in each other: tsuNAME). A resolution
/// draws on the budget of the one who started it; who joins is charged one message. When the starter's budget ends, the first waiter
/// with a budget of its own takes the question over with that.
/// The mesh is pure as its resolutions are: it is told inputs and fills a list of effects. It is not safe for concurrent use.
/// </remarks>
public sealed class ResolutionMesh
{
    private readonly Func<MeshQuestion, ResolutionBudget, int, Resolution> _create;
    private readonly Func<ulong> _random;
    private readonly Dictionary<MeshQuestion, Node> _byQuestion = [];
    private readonly Dictionary<int, Node> _byNumber = [];
    private readonly Dictionary<int, Node> _byTicket = [];
    private readonly Queue<(Node Node, Resolution Machine, ResolutionInput Input)> _pending = new();
    private readonly ResolutionEffects _effects = new();
    private int _lastNumber;
    private int _lastTicket;

    /// <summary>
    /// A mesh whose resolutions are made by <paramref name="create"/> (question, budget, depth) and draw their random numbers from
    /// <paramref name="random"/>.
    /// </summary>
    public ResolutionMesh(Func<MeshQuestion, ResolutionBudget, int, Resolution> create, Func<ulong> random)
    {
        _create = create;
        _random = random;
    }

    /// <summary>Resolutions under way.</summary>
    public int Count => _byNumber.Count;

    /// <summary>Whether somebody listens to events.</summary>
    public bool IsListening { get => _effects.IsListening; set => _effects.IsListening = value; }

    /// <summary>
    /// A client asks, for an answer whose signatures are checked or not. Returns the ticket under which it will be answered.
    /// </summary>
    public int Ask(Question question, ResolutionBudget budget, Instant now, List<MeshEffect> effects, bool isChecked = false)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(effects);
        var ticket = ++_lastTicket;
        var wanted = new MeshQuestion(question, isChecked) { IsFresh = budget.WantsFresh };
        if (!_byQuestion.TryGetValue(wanted, out var node))
        {
            node = Open(wanted, budget, depth: 0, parent: null, ticket, effects);
        }
        else if (node.Waiters.Count >= ResolutionLimits.ClientsPerResolution)
        {
            effects.Add(new MeshEffect.Answered(ticket, Refuse(question, ResolutionFailureReason.TooManyWaiters, FaultParty.User)));
            return ticket;
        }
        else
        {
            budget.TryChargeSend();
            if (IsListening)
            {
                effects.Add(new MeshEffect.TellTicket(
                    ticket, new ResolutionJoined(question.Name.ToHostString(), question.Type.ToString(), node.Waiters.Count)));
            }
        }
        node.Waiters.Add(new Waiter(null, ticket, budget));
        _byTicket.Add(ticket, node);
        Run(now, effects);
        return ticket;
    }

    /// <summary>Something happened to a resolution. Numbers of resolutions that have ended are ignored.</summary>
    public void Handle(int resolution, ResolutionInput input, Instant now, List<MeshEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        if (!_byNumber.TryGetValue(resolution, out var node)) { return; }
        _pending.Enqueue((node, node.Machine, input));
        Run(now, effects);
    }

    /// <summary>A client no longer waits. What nobody waits for ends.</summary>
    public void Cancel(int ticket, List<MeshEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        if (!_byTicket.Remove(ticket, out var node)) { return; }
        node.Waiters.RemoveAll(waiter => waiter.Ticket == ticket);
        if (node.Waiters.Count == 0) { Close(node, effects); }
    }

    private void Run(Instant now, List<MeshEffect> effects)
    {
        while (_pending.TryDequeue(out var step))
        {
            // The node may have ended, or been taken over, since the input was queued.
            if (!_byNumber.ContainsKey(step.Node.Number) || step.Node.Machine != step.Machine) { continue; }
            _effects.Clear();
            step.Machine.Handle(step.Input, now, _random(), _effects);
            foreach (var effect in _effects.Items)
            {
                switch (effect)
                {
                    case ResolutionEffect.AskSubQuestion ask: AskFor(step.Node, ask, effects); break;
                    case ResolutionEffect.Complete complete: Complete(step.Node, complete.Outcome, now, effects); break;
                    default: effects.Add(new MeshEffect.Forward(step.Node.Number, effect)); break;
                }
            }
        }
    }

    private void AskFor(Node asker, ResolutionEffect.AskSubQuestion ask, List<MeshEffect> effects)
    {
        var question = ask.Question;
        var wanted = new MeshQuestion(question, IsChecked: false) { IsFresh = ask.IsOwn && asker.Wanted.IsFresh };
        if (_byQuestion.TryGetValue(wanted, out var node))
        {
            var path = new List<Node>();
            if (FindPath(node, asker, path))
            {
                if (IsListening)
                {
                    effects.Add(new MeshEffect.Forward(asker.Number, new ResolutionEffect.Tell(new ResolutionCycleFound(
                        question.Name.ToHostString(), question.Type.ToString(),
                            [.. path.Select(step => $"{step.Question.Name.ToHostString()} {step.Question.Type}")]))));
                }
                Answer(asker, question, Refuse(question, ResolutionFailureReason.CyclicDelegation, FaultParty.ZoneOperator));
                return;
            }
            if (node.Waiters.Count >= ResolutionLimits.WaitersPerResolution)
            {
                Answer(asker, question, Refuse(question, ResolutionFailureReason.TooManyWaiters, FaultParty.Unknown));
                return;
            }
            asker.Machine.Budget.TryChargeSend();
            if (IsListening)
            {
                effects.Add(new MeshEffect.Forward(asker.Number, new ResolutionEffect.Tell(
                    new ResolutionJoined(question.Name.ToHostString(), question.Type.ToString(), node.Waiters.Count))));
            }
        }
        else if (asker.Machine.Depth >= ResolutionLimits.Depth && !ask.IsOwn)
        {
            Answer(asker, question, Refuse(question, ResolutionFailureReason.TooDeep, FaultParty.ZoneOperator));
            return;
        }
        else
        {
            node = Open(wanted, asker.Machine.Budget, asker.Machine.Depth + (ask.IsOwn ? 0 : 1), asker, ticket: 0, effects);
        }
        node.Waiters.Add(new Waiter(asker, 0, asker.Machine.Budget));
        asker.WaitsFor.Add(node);
    }

    private void Complete(Node node, ResolutionOutcome outcome, Instant now, List<MeshEffect> effects)
    {
        if (outcome is ResolutionFailure { Reason: ResolutionFailureReason.BudgetSpent or ResolutionFailureReason.OutOfTime }
            && TakeOver(node, outcome, now, effects))
        {
            return;
        }
        var waiters = node.Waiters.ToArray();
        node.Waiters.Clear();
        Close(node, effects);
        foreach (var waiter in waiters) { Release(waiter, node, outcome, effects); }
    }

    /// <summary>Gives a question whose budget has ended to the first waiter that has a budget of its own; those of the ended budget get the failure.</summary>
    private bool TakeOver(Node node, ResolutionOutcome outcome, Instant now, List<MeshEffect> effects)
    {
        var spent = node.Machine.Budget;
        var next = node.Waiters.FindIndex(waiter => waiter.Budget != spent && !waiter.Budget.IsSpent(now));
        if (next < 0) { return false; }
        var heir = node.Waiters[next];
        var released = node.Waiters.FindAll(waiter => waiter.Budget == spent);
        node.Waiters.RemoveAll(waiter => waiter.Budget == spent);
        LeaveAll(node, effects);
        node.Machine = _create(node.Wanted, heir.Budget, node.Machine.Depth);
        _pending.Enqueue((node, node.Machine, ResolutionInput.Begin.Instance));
        foreach (var waiter in released) { Release(waiter, node, outcome, effects); }
        return true;
    }

    private void Release(Waiter waiter, Node node, ResolutionOutcome outcome, List<MeshEffect> effects)
    {
        if (waiter.Node is { } asker)
        {
            asker.WaitsFor.Remove(node);
            Answer(asker, node.Question, outcome);
            return;
        }
        _byTicket.Remove(waiter.Ticket);
        effects.Add(new MeshEffect.Answered(waiter.Ticket, outcome));
    }

    private Node Open(MeshQuestion question, ResolutionBudget budget, int depth, Node? parent, int ticket, List<MeshEffect> effects)
    {
        var node = new Node(++_lastNumber, question, _create(question, budget, depth));
        _byQuestion.Add(question, node);
        _byNumber.Add(node.Number, node);
        effects.Add(new MeshEffect.Opened(node.Number, parent?.Number ?? 0, ticket));
        _pending.Enqueue((node, node.Machine, ResolutionInput.Begin.Instance));
        return node;
    }

    private void Close(Node node, List<MeshEffect> effects)
    {
        if (!_byNumber.Remove(node.Number)) { return; }
        _byQuestion.Remove(node.Wanted);
        effects.Add(new MeshEffect.Closed(node.Number));
        LeaveAll(node, effects);
    }

    /// <summary>A node waits for nothing any more; questions that only it waited for end too.</summary>
    private void LeaveAll(Node node, List<MeshEffect> effects)
    {
        foreach (var awaited in node.WaitsFor.ToArray())
        {
            awaited.Waiters.RemoveAll(waiter => waiter.Node == node);
            if (awaited.Waiters.Count == 0) { Close(awaited, effects); }
        }
        node.WaitsFor.Clear();
    }

    private void Answer(Node asker, Question question, ResolutionOutcome outcome) =>
        _pending.Enqueue((asker, asker.Machine, new ResolutionInput.SubQuestionAnswered(question, outcome)));

    /// <summary>Whether <paramref name="from"/> waits for <paramref name="to"/>, over any number of steps. The graph has no rings, so this ends.</summary>
    private static bool FindPath(Node from, Node to, List<Node> path)
    {
        path.Add(from);
        if (from == to) { return true; }
        foreach (var next in from.WaitsFor) { if (FindPath(next, to, path)) { return true; } }
        path.RemoveAt(path.Count - 1);
        return false;
    }

    private static ResolutionFailure Refuse(Question question, ResolutionFailureReason reason, FaultParty atFault) =>
        new(question, reason, atFault, question.Name, []);

    private sealed class Node(int number, MeshQuestion wanted, Resolution machine)
    {
        public int Number { get; } = number;
        public MeshQuestion Wanted { get; } = wanted;
        public Question Question => Wanted.Question;
        public Resolution Machine { get; set; } = machine;
        public List<Waiter> Waiters { get; } = [];
        public List<Node> WaitsFor { get; } = [];
    }

    private readonly record struct Waiter(Node? Node, int Ticket, ResolutionBudget Budget);
}

/// <summary>A question, and whether the signatures of its answer are to be checked: the two are found by different machines.</summary>
/// <param name="Question">The question.</param>
/// <param name="IsChecked">Whether the answer's signatures are to be checked.</param>
public readonly record struct MeshQuestion(Question Question, bool IsChecked)
{
    /// <summary>Whether servers have to be asked: who takes what the cache knows does not wait for one who does not.</summary>
    public bool IsFresh { get; init; }
}

/// <summary>What a mesh wants done. Resolutions are told apart by numbers, clients by tickets, both from 1 on.</summary>
public abstract record MeshEffect
{
    private protected MeshEffect() { }

    /// <summary>
    /// A resolution begins, for another (<paramref name="Parent"/>) or for a client (<paramref name="Ticket"/>); the one that it is not
    /// for is 0.
    /// </summary>
    public sealed record Opened(int Resolution, int Parent, int Ticket) : MeshEffect;

    /// <summary>A resolution wants something done: send, end an exchange, set its timer, tell.</summary>
    public sealed record Forward(int Resolution, ResolutionEffect Effect) : MeshEffect;

    /// <summary>A resolution is over: its sockets and its timer are to be closed.</summary>
    public sealed record Closed(int Resolution) : MeshEffect;

    /// <summary>A client has its outcome.</summary>
    public sealed record Answered(int Ticket, ResolutionOutcome Outcome) : MeshEffect;

    /// <summary>Something to tell a client about its question.</summary>
    public sealed record TellTicket(int Ticket, TraceEvent Event) : MeshEffect;
}
