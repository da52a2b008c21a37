using Firstbyte.Doctor;
using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Telling.Story;

/// <summary>Tells the examination of a site or a zone: the looks as they are taken, then what was found, the worst first.</summary>
/// <param name="rows">Where it is told.</param>
/// <param name="language">In which language.</param>
/// <param name="tellsJourneys">Whether the journeys by which it is looked are told too.</param>
/// <param name="isPrompt">Whether who reads it sits at the prompt of a lab.</param>
internal sealed class DoctorStory(IRowSink rows, Language language, bool tellsJourneys, bool isPrompt)
{
    private readonly IDoctorSentences _words = language.Doctor;
    private readonly List<FindingFound> _findings = [];
    private ExaminationCompared? _compared;
    private Standpoint _at = Standpoint.Here;
    private bool _isUnderWay;
    private int _round;

    /// <summary>Takes an event; false when it is nothing of an examination, nor happens inside one that is told alone.</summary>
    public bool Tell(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case ExaminationStarted e:
                (_isUnderWay, _round, _compared) = (true, e.Round, null);
                _findings.Clear();
                if (_round == 1) { rows.Step(language.Labels.Doctor, Phrase.Of(e.Href, Role.Text), role: Role.Strong); }
                break;
            case SiteFound e: if (_round == 1) { rows.Step(language.Labels.Name, _words.Site(e)); } break;
            case LookStarted: break;
            case LookTaken e:
                if (_round == 1) { rows.Step(language.Labels.Look, _words.Look(e), e.ElapsedNanoseconds, e.Failure is null ? Role.Words : Role.Warning); }
                break;
            case FindingFound e: _findings.Add(e); break;
            case ExaminationCompared e: _compared = e; break;
            case ExaminationCompleted e:
                _isUnderWay = false;
                if (_compared is { } compared) { Tell(e, compared); }
                else { Tell(e); }
                break;
            default:
                if (_isUnderWay && traceEvent is JourneyStarted started)
                {
                    _at = new Standpoint(started.Seed is null ? null : started.Place, isPrompt, started.IsWithoutRoots ?? false);
                }
                return _isUnderWay && !tellsJourneys;
        }
        return true;
    }

    private void Tell(ExaminationCompleted e)
    {
        foreach (var found in _findings.OrderByDescending(static one => one.Severity))
        {
            rows.Gap();
            rows.Result(Label(found.Severity), _words.What(found.Finding), RoleOf(found.Severity));
            if (_words.Cure(found.Finding, _at) is { } cure) { rows.ResultDetail(cure); }
            if (found.Finding is ZoneDelegation delegation)
            {
                foreach (var record in delegation.Records) { rows.ResultDetail(Phrase.Of(record, Role.Name)); }
            }
            if (found.Because is { } clause) { rows.ResultDetail(Phrase.Of(clause.ToString(), Role.Note), Role.Note); }
        }
        rows.Gap();
        rows.Paragraph(_words.Summary(e), e.Errors > 0 ? Role.Bad : e.Warnings > 0 ? Role.Warning : Role.Good);
    }

    private void Tell(ExaminationCompleted e, ExaminationCompared compared)
    {
        if (compared is { Come.Length: 0, Gone.Length: 0 })
        {
            rows.Paragraph(_words.Unchanged(e), Role.Note);
            return;
        }
        rows.Gap();
        rows.Paragraph(_words.Changed(e), Role.Strong);
        foreach (var finding in compared.Come)
        {
            rows.Indented(_words.Change(hasCome: true, _words.What(finding)), RoleOf(FindingTable.Of(finding).Severity));
            if (_words.Cure(finding, _at) is { } cure) { rows.Indented(cure); }
        }
        foreach (var finding in compared.Gone) { rows.Indented(_words.Change(hasCome: false, _words.What(finding)), Role.Good); }
    }

    private string Label(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => language.Labels.Error,
        FindingSeverity.Warning => language.Labels.Warning,
        FindingSeverity.Note => language.Labels.Note,
    };

    private static Role RoleOf(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => Role.Bad,
        FindingSeverity.Warning => Role.Warning,
        FindingSeverity.Note => Role.Words,
    };
}
