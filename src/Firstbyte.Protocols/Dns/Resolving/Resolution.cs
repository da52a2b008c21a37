using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Resolving;

/// <summary>Finds the answer to one question: a pure machine that is told what happened and says what should be done.</summary>
/// <remarks>
/// Theory of operation. A resolver is put together from machines: <see cref="IterativeResolution"/> and <see cref="StubResolution"/> each hold
/// a conversation with one server at a time, <see cref="ValidatedResolution"/> asks an iteration and checks what it brings. Here is what all of
/// them are to the mesh that runs them: one input a step, effects in a list, one timer, and an end after which every input is ignored.
/// </remarks>
public abstract class Resolution
{
    /// <summary>How many records an event shows: enough for a reader, little for a listener.</summary>
    internal const int MaxSummaries = 20;

    private ResolutionEffects _effects = new();
    private Instant _timer;
    private bool _completed;

    private protected Resolution(Question question, ResolutionBudget budget, int depth) => (Question, Budget, Depth) = (question, budget, depth);

    /// <summary>What was asked.</summary>
    public Question Question { get; }

    /// <summary>What it may cost; shared with every question that hangs together with it.</summary>
    public ResolutionBudget Budget { get; }

    /// <summary>How many questions wait for this one in a row; 0 for a client's own.</summary>
    public int Depth { get; }

    internal Instant Now { get; private set; }

    /// <summary>The random number of this step.</summary>
    internal ulong Random { get; private set; }

    internal bool IsListening => _effects.IsListening;

    private protected Instant StartedAt { get; private set; }

    /// <summary>16 random bits for choosing a server; new ones with each input.</summary>
    private protected ushort Choice => (ushort)(Random >> 16);

    /// <summary>Takes one input and adds what is to be done to the effects. After <see cref="ResolutionEffect.Complete"/> every input is ignored.</summary>
    public void Handle(ResolutionInput input, Instant now, ulong random, ResolutionEffects effects)
    {
        if (_completed) { return; }
        (Now, Random, _effects) = (now, random, effects);
        switch (input)
        {
            case ResolutionInput.Begin:
                StartedAt = now;
                OnBegin();
                break;
            case ResolutionInput.TimedOut timeout when timeout.Due != _timer:
                break;
            default:
                Take(input);
                break;
        }
    }

    private protected abstract void OnBegin();

    /// <summary>Everything but the beginning, and timers that have been set anew.</summary>
    private protected abstract void Take(ResolutionInput input);

    /// <summary>Whether the outcome is told of as that of a question; a machine that passes on another one's is silent.</summary>
    private protected virtual bool TellsOutcome => true;

    private protected virtual void OnCompleting() { }

    private protected void AskFirst(Question question, bool isOwn = false)
    {
        Add(new ResolutionEffect.AskSubQuestion(question) { IsOwn = isOwn });
        SetTimer(Budget.Deadline);
    }

    internal void Tell(TraceEvent traceEvent) => Add(new ResolutionEffect.Tell(traceEvent));

    internal void Add(ResolutionEffect effect) => _effects.Add(effect);

    internal void SetTimer(Instant due)
    {
        _timer = due > Budget.Deadline ? Budget.Deadline : due;
        Add(new ResolutionEffect.SetTimer(_timer));
    }

    private protected void Complete(ResolutionOutcome outcome)
    {
        OnCompleting();
        _completed = true;
        if (IsListening && TellsOutcome) { TellOutcome(outcome); }
        Add(new ResolutionEffect.Complete(outcome));
    }

    private void TellOutcome(ResolutionOutcome outcome)
    {
        var (name, type, elapsed) = (Question.Name.ToHostString(), Question.Type.ToString(), Now.Nanoseconds - StartedAt.Nanoseconds);
        switch (outcome)
        {
            case ResolvedAnswer answer:
                var answers = answer.Records.Take(MaxSummaries).Select(record => record.Data.ToString()).ToArray();
                Tell(new ResolutionCompleted(
                    name, type, answers, answer.Source.Kind, answer.Source.Authoritative, answer.Source.AgeSeconds,
                    answer.Source.TtlSeconds,
                    answer.Code.ToString(), elapsed));
                break;
            case ResolutionFailure failure:
                Tell(new ResolutionFailed(
                    name, type, failure.Reason, failure.AtFault,
                    failure.AtFault == FaultParty.ZoneOperator ? failure.Zone.ToHostString() : null,
                    failure.Evidence, elapsed));
                break;
        }
    }
}
