using Firstbyte.Measuring;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Telling.Story;

/// <summary>Tells what the times of many journeys come to, and how two journeys differ.</summary>
/// <param name="rows">Where it is told.</param>
/// <param name="language">In which language.</param>
/// <param name="tellsJourneys">Whether each of the journeys is told too.</param>
public sealed class MeasureStory(IRowSink rows, Language language, bool tellsJourneys)
{
    private readonly IMeasureSentences _words = language.Measures;
    private bool _isUnderWay;

    /// <summary>Takes an event; false when it is nothing of a repetition, nor happens inside one that is told alone.</summary>
    public bool Tell(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case RepetitionStarted e:
                _isUnderWay = true;
                rows.Step(language.Labels.Url, Phrase.Of(e.Input, Role.Text), role: Role.Strong);
                rows.Detail(_words.Repeating(e));
                return true;
            case JourneysMeasured e:
                _isUnderWay = false;
                Tell(e);
                return true;
            default: return _isUnderWay && !tellsJourneys;
        }
    }

    /// <summary>Tells two journeys side by side: the times of their steps, and what else differs.</summary>
    public void Compare((string File, RecordedJourney Journey) left, (string File, RecordedJourney Journey) right)
    {
        rows.Result("A", _words.Compared(left.File, left.Journey.Href), Role.Strong);
        rows.Result("B", _words.Compared(right.File, right.Journey.Href), Role.Strong);
        rows.Gap();
        var steps = Enum.GetValues<MeasuredStep>().Where(step => left.Journey.TimeOf(step) > 0 || right.Journey.TimeOf(step) > 0);
        rows.Show(new Table(_words.DifferenceHeads, [.. steps.Select(step =>
            Row(step, left.Journey.TimeOf(step), right.Journey.TimeOf(step)))])
        { IsNumeric = true });
        rows.Gap();
        var differences = JourneyDifference.Between(left.Journey, right.Journey);
        foreach (var difference in differences)
        {
            rows.ResultLine(_words.Difference(difference), difference.IsVolatile ? Role.Note : Role.Words);
        }
        if (differences.All(static one => one.IsVolatile)) { rows.ResultLine(_words.NoDifference, Role.Good); }
    }

    private Phrase[] Row(MeasuredStep step, long left, long right)
    {
        var difference = right - left;
        return [_words.Step(step), Amounts.Microseconds(left), Amounts.Microseconds(right), (difference > 0 ? "+" : "") + Amounts.Microseconds(difference)];
    }

    private void Tell(JourneysMeasured e)
    {
        rows.Gap();
        if (e.Steps.Length > 0)
        {
            rows.Show(new Table(_words.TimeHeads, [.. e.Steps.Select(Row)]) { IsNumeric = true });
            rows.Gap();
        }
        var isWell = e.Failed == 0 && e.Statuses.All(static one => one.Status < 400);
        rows.Paragraph(_words.Answered(e), isWell ? Role.Good : Role.Warning);
        if (e.Failure is { } failure) { rows.Indented(language.Failures.What(failure)); }
    }

    private Phrase[] Row(StepTimes one) =>
    [
        _words.Step(one.Step), Amounts.Microseconds(one.Median), Amounts.Microseconds(one.P95), Amounts.Microseconds(one.Minimum),
        Amounts.Microseconds(one.Maximum),
    ];
}
