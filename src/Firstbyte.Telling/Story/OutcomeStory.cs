using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Telling.Story;

/// <summary>Tells what a resolution came to: the records, or why there are none.</summary>
public static class OutcomeStory
{
    public static void Tell(IRowSink rows, Language language, ResolutionOutcome outcome)
    {
        var words = language.Names;
        rows.Gap();
        switch (outcome)
        {
            case ResolvedAnswer answer:
                foreach (var record in answer.Records) { rows.ResultLine(Phrase.Of(record.ToString(), Role.Text)); }
                if (answer.IsDenial) { rows.Line(answer.Code == ResponseCode.NameError ? words.OutcomeNameError : words.OutcomeNoData, Role.Warning); }
                rows.Line(words.Source(answer.Source), Role.Note);
                break;
            case ResolutionFailure failure:
                rows.Line(words.OutcomeFailed(failure.Reason, failure.AtFault), Role.Bad);
                foreach (var evidence in failure.Evidence) { rows.Indented(words.Evidence(evidence)); }
                break;
        }
        rows.Flush();
    }
}
