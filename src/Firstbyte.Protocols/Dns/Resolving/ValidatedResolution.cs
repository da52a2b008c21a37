using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Validating;
using Firstbyte.Errors;

namespace Firstbyte.Dns.Resolving;

/// <summary>Finds the answer to one question and checks its signatures: it asks the mesh for the answer as it comes, and for what checking needs.</summary>
/// <remarks>
/// Theory of operation. The iteration below knows nothing of keys; the validation knows nothing of servers. This machine stands between: it asks
/// its own question unchecked, then runs <see cref="AnswerValidation"/> and carries its needs: answers are sub-questions of the mesh, which
/// joins them with those of others, and verdicts on signatures are effects. All of it draws on the one budget of the client. An
/// answer that does not hold is asked of other servers before it is given up: one server of several may be stale, or a liar.
/// </remarks>
public sealed class ValidatedResolution : Resolution
{
    private readonly ResolverMemory _memory;
    private readonly ValidationWork _work;
    private IEnumerator<ValidationNeed>? _steps;
    private AnswerValidation? _validation;
    private ResolvedAnswer? _answer;
    private int _lastJob;

    /// <summary>A checked resolution that draws on a budget.</summary>
    public ValidatedResolution(Question question, ResolutionBudget budget, int depth, ResolverMemory memory) : base(question, budget, depth)
    {
        ArgumentNullException.ThrowIfNull(budget);
        _memory = memory ?? throw new ArgumentNullException(nameof(memory));
        _work = new ValidationWork(memory.Anchors, memory.Trusts, memory.Denials, memory.Cache, budget.Validation, budget.Distrust)
        {
            Renews = budget.WantsFresh,
        };
    }

    private protected override bool TellsOutcome => false;

    private protected override void OnBegin()
    {
        if (IsListening) { Tell(new ValidationStarted(Question.Name.ToHostString(), Question.Type.ToString())); }
        AskFirst(Question, isOwn: true);
    }

    private protected override void Take(ResolutionInput input)
    {
        switch (input)
        {
            case ResolutionInput.SubQuestionAnswered answered when _steps is null: TakeAnswer(answered.Outcome); break;
            case ResolutionInput.SubQuestionAnswered answered when _steps.Current is AnswerNeed need && need.Question == answered.Question:
                need.Outcome = answered.Outcome;
                GoOn();
                break;
            case ResolutionInput.SignatureVerified verified when verified.Job == _lastJob && _steps?.Current is VerificationNeed need:
                need.IsValid = verified.IsValid;
                GoOn();
                break;
            case ResolutionInput.TimedOut:
                Complete(new ResolutionFailure(Question, ResolutionFailureReason.OutOfTime, FaultParty.Unknown, Question.Name, []));
                break;
        }
    }

    private void TakeAnswer(ResolutionOutcome outcome)
    {
        // There are no signatures of signatures (RFC 4035 section 2.2), and everything there is has none as a whole.
        if (outcome is not ResolvedAnswer answer || Question.Type == RecordType.Any || Question.Type == RecordType.RRSIG)
        {
            Complete(outcome);
            return;
        }
        (_answer, _validation) = (answer, new AnswerValidation(answer, _work));
        _work.Links.Clear();
        _steps = _validation.Run().GetEnumerator();
        GoOn();
    }

    private void GoOn()
    {
        _work.Now = Now;
        _work.Seconds = (uint)((Now.Nanoseconds + _memory.CalendarOffset.Ticks * 100) / 1_000_000_000);
        if (!_steps!.MoveNext())
        {
            Finish();
            return;
        }
        switch (_steps.Current)
        {
            case AnswerNeed need:
                AskFirst(need.Question);
                break;
            case VerificationNeed need:
                Add(new ResolutionEffect.VerifySignature(++_lastJob, need.Set, need.Signature, need.Key));
                break;
        }
    }

    private void Finish()
    {
        var (answer, validation) = (_answer!, _validation!);
        _steps = null;
        if (validation is { Status: SecurityStatus.Bogus, IsRemembered: false, Flaw: not ValidationFlaw.BudgetSpent } && _work.AskOthers(Question, answer))
        {
            AskFirst(Question, isOwn: true);
            return;
        }
        TrustLink[] links = [.. _work.Links];
        if (IsListening)
        {
            Tell(new ValidationCompleted(Question.Name.ToHostString(), Question.Type.ToString(), validation.Status, validation.Flaw, links)
            {
                Zone = validation.Zone.ToHostString(),
            });
        }
        if (validation.Status == SecurityStatus.Bogus)
        {
            Complete(new ResolutionFailure(Question, ResolutionFailureReason.Bogus, FaultParty.ZoneOperator, validation.Zone, [])
            {
                Flaw = validation.Flaw,
                Trust = links,
            });
            return;
        }
        Complete(Bounded(answer, validation.TtlSeconds) with { Status = validation.Status, Flaw = validation.Flaw, Trust = links });
    }

    /// <summary>No record is given out for longer than it was signed for.</summary>
    private static ResolvedAnswer Bounded(ResolvedAnswer answer, uint ttl)
    {
        SignedSet Cut(SignedSet set) => set.TtlSeconds <= ttl ? set : set.WithTtl(new Ttl(ttl));
        var sets = Array.ConvertAll(answer.Sets, Cut);
        return answer with { Sets = sets, Proof = Array.ConvertAll(answer.Proof, Cut), Records = [.. sets.SelectMany(static set => set.Records)] };
    }
}
